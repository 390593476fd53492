"""What the passes that compare pages hold in memory hardly grows with the pages of a site."""

from __future__ import annotations

import random
import tracemalloc
from contextlib import closing

import pytest

from db.corpus.connection import atomic, open_corpus
from db.passes.driver import run_pass
from db.passes.families import FAMILIES
from db.passes.passages import SENTENCES_PASS
from db.passes.rules import Rules
from tests.support.family_corpus import Put, lay_sites, put, write

PAGES = 150
PASSES = {"families": FAMILIES, "sentences": SENTENCES_PASS}
RULES = Rules(topic="", places="Tustin\nIrvine")
# what is held at a time, so small that a few pages fill it
HELD = {
    "db.passes.family_search.AT_HAND": 20,
    "db.passes.family_search.CHUNK": 20,
    "pipelines.dedup.postings.MAX_ROWS": 1_000,
    "pipelines.dedup.postings.TEXTS_AT_A_TIME": 20,
    "db.passes.passages.KEPT": 20,
    "db.passes.passages.FEW": 5,
    "db.passes.passages.CHUNK": 20,
    "db.passes.passages.AT_ONCE": 5,
}


def site(count: int) -> list[Put]:
    """Write the pages of one clinic: each its own text among sentences that all of them take from one stock."""
    rng = random.Random(4)
    stock = write(rng, 60)
    return [Put("\n".join([*write(rng, 24), *rng.sample(stock, 12)])) for _ in range(count)]


def peak(path, name: str, count: int) -> int:
    """Run a pass over so many new pages; gives the most bytes that Python and numpy held at a time."""
    with closing(open_corpus(path)) as db:
        lay_sites(db)
        with atomic(db):
            for page, what in enumerate(site(count), 1):
                put(db, page, what)
        tracemalloc.start()
        try:
            run_pass(db, PASSES[name], RULES)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize("name", PASSES)
def test_a_page_more_takes_little_memory(name, tmp_path, monkeypatch):
    """Every page more of one clinic adds less than 1.5 KB to what a pass holds at a time: 30 MB for 20,000 pages."""
    for where, few in HELD.items():
        monkeypatch.setattr(where, few)
    peak(tmp_path / "first.db", name, 20)  # what is loaded once
    few, many = (peak(tmp_path / f"{count}.db", name, count) for count in (PAGES, 4 * PAGES))
    assert (many - few) / (3 * PAGES) < 1_500
