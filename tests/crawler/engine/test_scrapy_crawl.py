"""``scrapy crawl sites`` works without our command line, for those who know Scrapy."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing

from tests.support.command import ROOT, environment, seeds_file
from tests.support.web import linked_site, serving


def scrapy(*arguments: object, proxy: str) -> subprocess.CompletedProcess[str]:
    """Run ``scrapy`` in the project's folder."""
    line = [sys.executable, "-m", "scrapy", *map(str, arguments)]
    return subprocess.run(
        line, cwd=ROOT, env=environment(proxy), text=True, capture_output=True, timeout=120, check=False
    )


def test_scrapy_crawl_fills_a_corpus(tmp_path):
    """It crawls, judges and closes as our own command does, and prints the funnel."""
    db = tmp_path / "c.db"
    with serving(linked_site(12)) as web:
        seeds = seeds_file(tmp_path, "http://one.example/")
        done = scrapy(
            "crawl", "sites", "-a", f"seeds={seeds}", "-a", f"db={db}", "-s", "DOWNLOAD_DELAY=0", proxy=web.proxy
        )
    assert "the funnel balances" in done.stdout, done.stderr
    with closing(sqlite3.connect(db)) as corpus:
        assert corpus.execute("SELECT status FROM crawls").fetchall() == [("finished",)]
        assert corpus.execute("SELECT count(*) FROM documents").fetchone() == (12,)


def test_a_misspelt_argument_crawls_nothing(tmp_path):
    """``-a seed=`` is refused: else it would crawl the default list of real clinics."""
    with serving(linked_site(3)) as web:
        done = scrapy("crawl", "sites", "-a", "seed=x.csv", "-a", f"db={tmp_path / 'c.db'}", proxy=web.proxy)
    assert "no such argument" in done.stderr
    assert not web.hits
    assert not (tmp_path / "c.db").exists()
