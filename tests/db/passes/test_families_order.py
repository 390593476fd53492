"""Families do not depend on how a corpus came to be: its order, its steps, what was there before."""

from __future__ import annotations

import random
from contextlib import closing
from itertools import combinations

import pytest

from db.corpus.connection import atomic, open_corpus
from db.passes.families import index_path
from pipelines.dedup import candidates, fingerprint
from pipelines.dedup import similarity as families
from tests.support.by_hand import is_candidate
from tests.support.family_corpus import (
    Put,
    edit,
    forget_families,
    group,
    lay_sites,
    partition,
    put,
    rows,
    take_away,
    write,
)

PLACES = "Tustin\nCosta Mesa\nIrvine"


def texts(seed: int, originals: int) -> list[Put]:
    """Write texts, of many of them copies and copies of copies, on five sites; some are lists of other pages."""
    rng = random.Random(seed)
    told: list[list[str]] = [write(rng, rng.choice([1, 4, 15, 40])) for _ in range(originals)]
    told += [edit(rng, rng.choice(told)) for _ in range(originals)]
    told += [edit(rng, rng.choice(told)) for _ in range(originals)]
    town = ["in Tustin", "in Costa Mesa", "in Irvine CA"]
    return [
        Put(
            " ".join([*one, f"Ketamine {rng.choice(town)}."]),
            rng.randint(1, 5),
            rng.choice(["service"] * 9 + ["archive"]),
        )
        for one in told
    ]


@pytest.fixture
def db(tmp_path):
    """Open an empty corpus with five sites."""
    with closing(open_corpus(tmp_path / "c.db")) as corpus:
        lay_sites(corpus)
        yield corpus


def from_scratch(db) -> dict[str, list[tuple]]:
    """Throw the index and all rows away, and work them out again."""
    index_path(db).unlink()
    forget_families(db)
    group(db, PLACES)
    return rows(db)


def arrive(path, order: str, step: int) -> dict[str, list[tuple]]:
    """Let pages come in an order, so many at a time, the pass after each time; read the rows."""
    pages = list(enumerate(texts(1, 60), 1))
    if order == "shuffled":
        random.Random(5).shuffle(pages)
    with closing(open_corpus(path)) as corpus:
        lay_sites(corpus)
        for start in range(0, len(pages), step):
            with atomic(corpus):
                for page, what in pages[:: -1 if order == "reverse" else 1][start : start + step]:
                    put(corpus, page, what)
            group(corpus, PLACES)
        return rows(corpus)


@pytest.fixture(scope="module")
def at_once(tmp_path_factory):
    """Give the rows of pages that all came at once, in their order."""
    return arrive(tmp_path_factory.mktemp("at_once") / "c.db", "forward", 1000)


@pytest.mark.parametrize(("order", "step"), [("forward", 37), ("reverse", 1000), ("reverse", 37), ("shuffled", 23)])
def test_any_order_of_arrival_gives_the_same_rows(tmp_path, at_once, order, step):
    """Pages that come in any order, at once or a few at a time, make the same families with the same figures."""
    assert arrive(tmp_path / "c.db", order, step) == at_once
    assert len(at_once["families"]) > 20
    assert len(at_once["text_pairs"]) > 5


def test_a_thousand_random_changes_leave_what_a_fresh_start_gives(db):
    """After 1,000 insertions, changes and removals, a few at a time, the rows are those of a corpus made at once."""
    rng, pool = random.Random(3), texts(2, 150)
    live: set[int] = set()
    for step in range(1, 1001):
        page = rng.randint(1, 150)
        with atomic(db):
            if page in live and rng.random() < 0.4:
                take_away(db, page)
                live.discard(page)
            else:
                put(db, page, rng.choice(pool))
                live.add(page)
        if step % 25 == 0:
            group(db, PLACES)
        if step % 250 == 0:
            told = rows(db)
            assert from_scratch(db) == told
    assert len(told["families"]) > 10


def test_the_index_finds_what_comparing_all_pairs_finds(db):
    """No pair is lost by looking at rare hashes only: all pairs compared by hand make the same families."""
    pool = texts(4, 60)
    for page, what in enumerate(pool, 1):
        put(db, page, Put(what.text, 1))
    group(db)
    prints = {page: fingerprint.fingerprint(what.text) for page, what in enumerate(pool, 1)}
    sets = {page: candidates.shorten(one.raw) for page, one in prints.items()}
    groups = families.DisjointSets()
    for one, other in combinations(prints, 2):
        shared = families.overlap(sets[one], sets[other])
        met = is_candidate(candidates.sample(sets[one]), candidates.sample(sets[other]))
        if prints[one].exact == prints[other].exact or (met and families.is_near(shared)):
            groups.union(one, other)
    by_hand = {}
    for page in prints:
        by_hand.setdefault(groups.find(page), set()).add(page)
    assert partition(db) == {frozenset(pages) for pages in by_hand.values() if len(pages) > 1}
