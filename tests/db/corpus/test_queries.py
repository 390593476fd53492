"""What is due, and where every address of a run stands."""

from __future__ import annotations

from contextlib import closing

import pytest

from db.corpus.connection import open_corpus
from db.corpus.crawls import begin_crawl
from db.corpus.queries import balances, box_of, due_pages, funnel
from pipelines.model.outcomes import FAILED, FETCHED, SKIPPED, Outcome
from tests.support.made_corpus import ABOUT, corpus_of

START = "2026-03-02T09:00:00+00:00"
PAGES = (  # url, due, crawl of the last visit
    ("late", "2026-03-01", 1),
    ("new", START, 0),
    ("just", "2026-03-02T08:59:59+00:00", 1),
    ("tomorrow", "2026-03-03", 1),
    ("done", "2026-03-01", 2),
    ("never", None, 1),
)


@pytest.fixture
def db(tmp_path):
    """Open a corpus of one site whose pages are due at different times, and of another site."""
    with closing(open_corpus(tmp_path / "c.db")) as connection:
        for site in ("a.example", "b.example"):
            connection.execute("INSERT INTO sites (host, advertiser, added_at) VALUES (?, '', '')", (site,))
        for row in PAGES:
            connection.execute(
                "INSERT INTO pages (url, site, how, found_at, due_at, crawl) VALUES (?, 1, '', '', ?, ?)", row
            )
        connection.execute("INSERT INTO pages (url, site, how, found_at, due_at) VALUES ('other', 2, '', '', '2026')")
        yield connection


def due(db, *, everything: bool = False, limit: int = 99) -> list[str]:
    """Name the pages that are due on the first site in the second crawl."""
    found = due_pages(db, site=1, crawl=2, until=START, everything=everything, limit=limit)
    return [page.url for page in found]


def test_what_is_due_longest_first(db):
    """Due at or before the start, not yet visited in this crawl, the longest due first."""
    assert due(db) == ["late", "just", "new"]
    assert due(db, limit=1) == ["late"]


def test_everything_is_what_this_crawl_has_not_visited(db):
    """A crawl of everything also takes what is due tomorrow, never what is settled for good."""
    assert sorted(due(db, everything=True)) == ["just", "late", "new", "tomorrow"]


@pytest.mark.parametrize("outcome", Outcome)
def test_each_outcome_has_its_box(outcome):
    """The funnel counts an outcome in the box that its list names."""
    assert outcome in {"fetched": FETCHED, "skipped": SKIPPED, "failed": FAILED}[box_of(outcome)]


def test_a_new_crawl_counts_every_page_of_its_sites_once(db):
    """Before the first visit a page is queued or resting; pages of other sites are not counted."""
    crawl = begin_crawl(db, START, everything=False, sites=(1,), facts={})
    boxes = funnel(db, crawl.id, crawl.sites, START)
    assert (boxes["discovered"], boxes["queued"], boxes["resting"]) == (6, 4, 2)
    assert balances(boxes)


def test_a_finished_crawl_balances(tmp_path):
    """Fetched, skipped and failed pages, a sitemap and an alias: each in one box."""
    with corpus_of(tmp_path / "c.db", {"/": ABOUT, "/copy": ABOUT, "/gone": None}) as db:
        boxes = funnel(db, 1, (1,), db.execute("SELECT started_at FROM crawls").fetchone()[0])
    assert balances(boxes)
    assert (boxes["fetched: new"], boxes["failed: gone"], boxes["skipped: alias"], boxes["skipped: trap"]) == (
        2,
        1,
        1,
        1,
    )


def test_a_crawl_of_no_site_is_empty(tmp_path):
    """A run that may visit nothing has discovered nothing."""
    with closing(open_corpus(tmp_path / "c.db")) as db:
        assert funnel(db, 1, (), START)["discovered"] == 0
