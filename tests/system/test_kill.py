"""A crawl survives being killed: frontier and pages are one transaction, bytes come before rows."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.command import clinicwatch, seeds_file, start
from tests.support.kills import kill_again_and_again, wait_for_requests
from tests.support.kills_within import MEMORY, judge, kill_within
from tests.support.web import linked_site, serving


def test_kills_lose_nothing(tmp_path):
    """Six random SIGKILLs on a 200-page site: no page lost, none doubled, few asked for again, every byte there."""
    losses = kill_again_and_again(tmp_path, pages=200, kills=6, seed=1)
    assert losses.kills == 6
    assert (losses.lost, losses.doubled, losses.without_bytes) == (0, 0, 0)
    assert losses.most_refetched <= 40


def test_second_crawl_is_refused(tmp_path):
    """A second crawl on the same corpus exits 3 at once and writes nothing."""
    seeds, db = seeds_file(tmp_path, "http://big.example/"), tmp_path / "c.db"
    with serving(linked_site(300)) as web:
        first = start("crawl", "--seeds", seeds, "--db", db, "-s", "DOWNLOAD_DELAY=0.2", proxy=web.proxy)
        wait_for_requests(web, first, 4)
        second = clinicwatch("crawl", "--seeds", seeds, "--db", db, proxy=web.proxy)
        first.terminate()
        first.communicate(timeout=30)
    assert second.returncode == 3
    assert "another crawl is running" in second.stderr
    assert second.stderr.count("\n") == 1


@pytest.fixture(scope="module")
def killed():
    """Kill crawls of a site of 24 pages at 44 statements of their database; gives the folder and the toll."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        yield Path(folder), kill_within(Path(folder), pages=24, kills=44, seed=1)


def test_kills_within_crawls_and_passes(killed):
    """Crawls that are killed while they fetch, look again and judge: nothing lost or doubled, no question forgotten."""
    _, toll = killed
    assert toll.kills.keys() == {"the crawl", "the questions", "the passes"}
    assert toll.crawls > 2
    assert (toll.asked > 0, toll.unasked) == (True, 0), toll.line()
    assert (toll.lost, toll.doubled, toll.without_bytes, toll.unfinished_passes) == (0, 0, 0, 0), toll.line()


def test_what_is_lost_or_doubled_is_counted(killed):
    """The judge of the test before sees a version that is missing, and one that is there twice."""
    folder, toll = killed
    with closing(sqlite3.connect(folder / "c.db")) as db, db:
        db.execute("UPDATE versions SET page = 2 WHERE id = 1")
    toll = judge(folder, 24, toll)
    assert toll.lost >= 1
    assert toll.doubled >= 1
