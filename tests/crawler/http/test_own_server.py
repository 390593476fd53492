"""A person may crawl a server on their own machine by naming it; it stays named for the crawls that follow."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from tests.support.command import clinicwatch, seeds_file
from tests.support.web import Answer, html, prose, serving


def answer(path: str) -> Answer | None:
    """Serve one page, requested directly and not through a proxy."""
    return Answer(html("Ketamine", prose(1))) if path == "/" else None


def test_a_named_server_is_crawled_again_without_its_seeds(tmp_path):
    """The second crawl, which takes its sites from the corpus, visits the same loopback server."""
    db = tmp_path / "c.db"
    with serving(answer) as web:
        seeds = seeds_file(tmp_path, f"{web.proxy}/")
        first = clinicwatch("crawl", "--seeds", seeds, "--db", db, "-s", "DOWNLOAD_DELAY=0")
        second = clinicwatch("crawl", "--all", "--db", db, "-s", "DOWNLOAD_DELAY=0")
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    with closing(sqlite3.connect(db)) as corpus:
        outcomes = corpus.execute(
            "SELECT visits.outcome FROM visits JOIN pages ON id = page WHERE how = 'seed' ORDER BY visits.crawl"
        )
        assert [outcome for (outcome,) in outcomes] == ["new", "unchanged"]
