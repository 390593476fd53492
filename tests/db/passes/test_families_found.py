"""The pass in a corpus: who is a family, who is not, and what becomes of the index file."""

from __future__ import annotations

import random
from contextlib import closing

import pytest

from db.corpus.connection import atomic, open_corpus
from db.passes.families import index_path
from tests.support.command import ROOT
from tests.support.family_corpus import Put, forget_families, group, lay_sites, partition, put, rows, take_away, write

SEEDS = sorted((ROOT / ".." / "shared" / "seed-documents").glob("*.txt"))
RNG = random.Random(8)
LONG, OTHER = " ".join(write(RNG, 25)), " ".join(write(RNG, 25))
PAGES = {1: Put(LONG), 2: Put(LONG + " One more line for this clinic alone.", 2), 3: Put(OTHER)}


@pytest.fixture
def db(tmp_path):
    """Open a corpus of three pages, two of which are copies; the pass has run."""
    with closing(open_corpus(tmp_path / "c.db")) as corpus:
        lay_sites(corpus)
        grouped(corpus, PAGES)
        yield corpus


def grouped(db, pages: dict[int, Put]) -> set[frozenset[int]]:
    """Put pages in and run the pass."""
    with atomic(db):
        for page, what in pages.items():
            put(db, page, what)
    group(db)
    return partition(db)


def test_a_family_is_called_by_its_first_capture(db):
    """The two copies are a family with the lower capture's number, and the figures say how alike they are."""
    assert db.execute("SELECT id, size, sites, advertisers FROM families").fetchall() == [(1, 2, 2, 2)]
    assert {how for (how,) in db.execute("SELECT how FROM family_members")} == {"representative", "near"}


def test_nothing_new_changes_nothing(db):
    """A second run writes no row."""
    before = rows(db)
    assert group(db) == 0
    assert rows(db) == before


def test_a_family_that_ends_is_remembered(db):
    """Whoever named the family finds out what became of it; when it comes back, it is itself again."""
    take_away(db, 2)
    group(db)
    assert db.execute("SELECT old, new, why FROM family_aliases").fetchall() == [(1, None, "dissolved")]
    assert grouped(db, {2: PAGES[2]}) == {frozenset({1, 2})}
    assert db.execute("SELECT count(*) FROM family_aliases").fetchone() == (0,)


def test_families_that_become_one_are_remembered(db):
    """A page that is near two families joins them; the later family's number leads to the earlier."""
    grouped(db, {4: Put(OTHER + " Something else at the end of it.")})
    both = " ".join(write(random.Random(1), 2))
    assert partition(db) == {frozenset({1, 2}), frozenset({3, 4})}
    grouped(db, {3: Put(LONG + both), 4: Put(LONG + " " + both)})
    assert partition(db) == {frozenset({1, 2, 3, 4})}
    assert db.execute("SELECT old, new, why FROM family_aliases").fetchall() == [(3, 1, "merged")]


def test_a_text_inside_another_is_no_copy_of_it(db):
    """A page that repeats another one and says as much again is told of as a pair, and merges nothing."""
    grouped(db, {5: Put(OTHER + " " + " ".join(write(random.Random(2), 60)))})
    assert partition(db) == {frozenset({1, 2})}
    assert db.execute("SELECT page, other, relation FROM text_pairs").fetchall() == [(3, 5, "contained")]


def test_a_list_of_excerpts_joins_nothing(db):
    """An archive page near to a page is no member of its family, and is in no pair."""
    grouped(db, {6: Put(LONG + " Older posts.", 1, "archive")})
    assert partition(db) == {frozenset({1, 2})}
    assert db.execute("SELECT count(*) FROM text_pairs").fetchone() == (0,)


@pytest.mark.parametrize("spoil", [b"", b"not a database at all, but it was one before the disk was full", None])
def test_a_lost_or_damaged_index_is_made_anew(db, spoil):
    """The index is a help and no evidence: without it the same rows come out."""
    before, path = rows(db), index_path(db)
    path.unlink()
    if spoil is not None:
        path.write_bytes(spoil)
    forget_families(db)
    group(db)
    assert rows(db) == before


def test_another_gazetteer_makes_another_index(db):
    """What is masked is a rule of the index: with other rules it is worked out anew."""
    before = index_path(db).read_bytes()
    group(db, "Tustin")
    assert index_path(db).read_bytes() != before
    assert partition(db) == {frozenset({1, 2})}


def test_odd_texts_are_no_trouble(db):
    """Emoji, one word, numbers, right to left, Chinese, twice each: only the same words are a family."""
    odd = ["😀 🎉", "ketamine " * 900, "1 2 3 4 5 6", "علاج الاكتئاب بالكيتامين في العيادة", "氯胺酮治疗抑郁症" * 9]
    told = grouped(db, {10 + place: Put(text) for place, text in enumerate([*odd, *odd])})
    assert told == {frozenset({1, 2}), *(frozenset({10 + n, 15 + n}) for n in range(1, 5))}


def test_short_pages_that_begin_alike_are_not_copies(db):
    """Pages of a few words that share most of them are families only where they say the same."""
    told = grouped(db, {20 + n: Put(f"Thank you for writing to us {word} soon") for n, word in enumerate("abc")})
    assert told == {frozenset({1, 2})}


@pytest.mark.skipif(len(SEEDS) != 5, reason="../shared/seed-documents is not here")
def test_the_seed_documents_are_no_families(db):
    """Five texts on one subject by five hands: none is a copy or a part of another."""
    texts = [path.read_text(encoding="utf-8") for path in SEEDS]
    assert grouped(db, {30 + n: Put(text, n % 5 + 1) for n, text in enumerate(texts)}) == {frozenset({1, 2})}
    assert db.execute("SELECT count(*) FROM text_pairs").fetchone() == (0,)
