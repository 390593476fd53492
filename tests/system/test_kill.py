"""A crawl survives being killed: frontier and pages are one transaction, bytes come before rows."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.command import clinicwatch, seeds_file, start
from tests.support.kills import kill_again_and_again, wait_for_requests
from tests.support.kills_within import MEMORY, judge, kill_within
from tests.support.rows_by_hand import unlocked
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


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc to find the worker processes")
def test_a_crawl_whose_workers_are_killed_ends_and_goes_on(tmp_path):
    """As the kernel does when memory is short: one line, exit code 1, and the next run reads what is left."""
    seeds, db = seeds_file(tmp_path, "http://big.example/"), tmp_path / "c.db"
    arguments = ["crawl", "--seeds", seeds, "--db", db, "-s", "PROGRESS_ENABLED=False", "-s"]
    with serving(linked_site(40)) as web:
        crawl = start(*arguments, "DOWNLOAD_DELAY=0.4", proxy=web.proxy)
        wait_for_requests(web, crawl, 8)
        workers = [pid for server in children(crawl.pid) for pid in children(server)]
        time.sleep(0.2)  # half of the delay: the page that was asked for last has been read
        for pid in workers:  # between two pages: they wait for work
            os.kill(pid, signal.SIGKILL)
        _, err = crawl.communicate(timeout=60)
        read = rows(db, "SELECT url FROM pages WHERE version IS NOT NULL")
        judged = rows(db, "SELECT url FROM pages WHERE outcome = 'unreadable'")
        again = clinicwatch(*arguments, "DOWNLOAD_DELAY=0", proxy=web.proxy)
    assert len(workers) == 2
    assert crawl.returncode == 1
    assert err.startswith("clinicwatch: the worker processes that read pages broke (")
    assert err.count("\n") == 1, err
    assert (0 < len(read) < 40, judged) == (True, [])
    assert again.returncode == 0, again.stderr
    assert len(rows(db, "SELECT url FROM pages WHERE version IS NOT NULL")) == 40
    assert len(rows(db, "SELECT id FROM crawls")) == 1
    assert max(web.hits[url] for (url,) in read) == 1
    assert clinicwatch("verify", "--db", db).returncode == 0


def children(parent: int) -> list[int]:
    """Give the processes that a process started."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it ended meanwhile
            if int(path.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(path.parent.name))
    return found


def rows(db: Path, sql: str) -> list[tuple]:
    """Ask a corpus."""
    with closing(sqlite3.connect(f"file:{db}?mode=ro", uri=True)) as connection:
        return connection.execute(sql).fetchall()


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
    with closing(sqlite3.connect(folder / "c.db")) as db, db, unlocked(db):
        db.execute("UPDATE captured_versions SET page = 2 WHERE id = 1")
    toll = judge(folder, 24, toll)
    assert toll.lost >= 1
    assert toll.doubled >= 1
