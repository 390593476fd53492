"""The line that tells working from hanging."""

from __future__ import annotations

import os
import pty
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from crawler.engine.progress import CrawlProgress, progress_text, seconds_left
from db.corpus.crawls import Crawl
from db.corpus.queries import count_due
from tests.support.command import ROOT, clinicwatch, environment, seeds_file
from tests.support.made_corpus import ABOUT, corpus_of
from tests.support.web import linked_site, serving


@pytest.mark.parametrize(
    ("stands", "left"),
    [
        (CrawlProgress(0.0, 0), None),
        (CrawlProgress(5.0, 3, due=500), None),
        (CrawlProgress(10.0, 20, due=100), 50.0),
        (CrawlProgress(10.0, 200, due=100, longest=100.0), 100.0),
        (CrawlProgress(10.0, 20), 0.0),
    ],
    ids=["begun", "too early", "by its pace", "one slow site", "almost done"],
)
def test_the_end_is_estimated(stands, left):
    """By the pace of all sites, and never before the site that has most to do at its delay."""
    assert seconds_left(stands) == left


def test_what_holds_a_crawl_is_said():
    """Waiting for a delay and sites in backoff are named; an estimate only where there is one."""
    text = progress_text(CrawlProgress(3.0, 4, due=9, in_flight=1, waiting=6, in_backoff=2))
    assert (
        text
        == "3 s: 4 done, 9 due, 1.3 a second; 1 under way, 6 waiting their turn, 2 sites resting; Ctrl-C stops in order"
    )


def test_due_is_what_this_crawl_has_still_to_visit(tmp_path):
    """Pages that this crawl has visited are not due any more, and those of other sites never were."""
    with corpus_of(tmp_path / "c.db", {"/": ABOUT, "/b": f"{ABOUT} b"}) as db:
        assert count_due(db, Crawl(2, "2026-03-02T00:00:00", resumed=False, everything=True, sites=(1,))) == {1: 3}
        assert count_due(db, Crawl(2, "2026-03-02T00:00:00", resumed=False, everything=False, sites=(1,))) == {}
        assert count_due(db, Crawl(1, "2027-01-01T00:00:00", resumed=False, everything=True, sites=(1,))) == {}
        assert count_due(db, Crawl(2, "2027-01-01T00:00:00", resumed=False, everything=False, sites=(2,))) == {}


def test_a_terminal_sees_a_line_and_a_log_does_not(tmp_path):
    """On a terminal a crawl that takes a while says how it stands; into a file nothing of it is written."""
    seeds, db = seeds_file(tmp_path, "http://big.example/"), tmp_path / "c.db"
    command = [sys.executable, "-m", "crawler.commands.cli", "crawl", "--seeds", str(seeds), "--db", str(db)]
    ours, theirs = pty.openpty()
    with serving(linked_site(16)) as web:
        process = subprocess.Popen([*command, "-s", "DOWNLOAD_DELAY=0.5"], cwd=ROOT, env=environment(web.proxy),
                                   stdout=subprocess.DEVNULL, stderr=theirs)  # fmt: skip
        output = os.read(ours, 10_000).decode()
        process.wait(60)
        quiet = clinicwatch("crawl", "--all", "--db", db, "-s", "DOWNLOAD_DELAY=0", proxy=web.proxy)
    os.close(ours)
    os.close(theirs)
    assert " done, " in output
    assert "waiting their turn" in output
    assert quiet.stderr == ""
    with closing(sqlite3.connect(db)) as corpus:
        assert corpus.execute("SELECT count(*) FROM crawls WHERE status = 'finished'").fetchone() == (2,)
