"""Kill a crawl at random, again and again, and count what was lost; the test runs a few kills, the benchmark fifty."""

from __future__ import annotations

import itertools
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.reading.sitemap import USUAL_PLACES
from tests.support.command import seeds_file, start
from tests.support.web import linked_site, serving

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Losses:
    """What a series of kills cost."""

    kills: int
    pages: int
    lost: int
    doubled: int
    refetched: int
    most_refetched: int
    without_bytes: int


def kill_again_and_again(folder: Path, pages: int, kills: int, seed: int) -> Losses:
    """Crawl a site of so many pages with so many kills; a corpus is begun anew where a crawl ends before its kill."""
    rng = random.Random(seed)
    done, lost, doubled, without, per_kill = 0, 0, 0, 0, []
    for turn in itertools.count():
        if done >= kills:
            break
        home = folder / f"round-{turn}"
        home.mkdir(parents=True)
        with serving(linked_site(pages)) as web:
            killed = kill_one_corpus(home, web, rng, kills - done)
            done += killed
            missing, double = judge(home / "c.db", pages)
            lost, doubled = lost + missing, doubled + double
            without += count_without_bytes(home)
            extra = sum(count - 1 for url, count in web.hits.items() if not url.endswith(("robots.txt", *USUAL_PLACES)))
            per_kill.append((extra, killed))
    refetched = sum(extra for extra, _ in per_kill)
    return Losses(done, pages, lost, doubled, refetched, max(extra // max(n, 1) for extra, n in per_kill), without)


def kill_one_corpus(home: Path, web, rng: random.Random, most: int) -> int:
    """Kill until the crawl gets to its end before the kill; give the number of kills."""
    seeds, killed = seeds_file(home, "http://big.example/"), 0
    while True:
        process = start(
            "crawl",
            "--seeds",
            seeds,
            "--db",
            home / "c.db",
            "-s",
            "DOWNLOAD_DELAY=0",
            "-s",
            "CONCURRENT_REQUESTS_PER_DOMAIN=8",
            proxy=web.proxy,
        )
        if killed < most:
            wait_for_requests(web, process, rng.randrange(1, 250))
        if killed >= most or process.poll() is not None:
            out, err = process.communicate(timeout=120)
            assert process.returncode == 0, out + err
            return killed
        process.send_signal(signal.SIGKILL)
        process.communicate()
        killed += 1


def wait_for_requests(web, process: subprocess.Popen[str], more: int) -> None:
    """Wait until the web was asked so many times more, or the crawl has ended."""
    goal = sum(web.hits.values()) + more
    while sum(web.hits.values()) < goal and process.poll() is None:
        time.sleep(0.002)


def judge(db: Path, pages: int) -> tuple[int, int]:
    """Count the pages without a version and the pages with more than one."""
    with closing(sqlite3.connect(db)) as corpus:
        rows = corpus.execute("SELECT count(*) FROM versions GROUP BY page").fetchall()
    return pages - len(rows), sum(count > 1 for (count,) in rows)


def count_without_bytes(home: Path) -> int:
    """Count what `warcio check` and the rows have against the archive."""
    from crawler.archive.warc import read_capture
    from pipelines.model.records import Location

    files = sorted(map(str, (home / "c.warc").glob("*.gz")))
    checked = subprocess.run([sys.executable, "-m", "warcio.cli", "check", *files], capture_output=True, check=False)
    bad = int(checked.returncode != 0)
    with closing(sqlite3.connect(home / "c.db")) as corpus:
        for file, offset, length, digest in corpus.execute(
            "SELECT warc_file, warc_offset, warc_length, body_sha256 FROM captures"
            " UNION ALL SELECT warc_file, warc_offset, warc_length, body_sha256 FROM probes WHERE warc_file IS NOT NULL"
        ):
            bad += read_capture(home / "c.warc", Location(file, offset, length)).body_sha256 != digest
    return bad
