"""Server times of the pages on a corpus of 100,000 pages with 300,000 versions, made by direct inserts.

python -m tests.bench.desk [PAGES] [--keep FOLDER]

The corpus is synthetic: 250 pages a site, three versions a page over twelve weekly crawls, each a sentence apart from
the one before; two changes of five are the same edit on some twenty pages of a site. A page is asked for seven times.
Printed are the first answer, as a reader who comes first gets it, and the medians of the others: by the clock, and of
the processor alone, which other programs of the machine do not move.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from db.corpus.connection import atomic, open_corpus
from db.datasette.serve import datasette_of
from pipelines.text.encode import dump, sha256
from tests.support.rows_by_hand import judge_version, put_version
from tests.support.web import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

A_SITE = 250
CRAWLS = 12
VERSIONS = 3
VOCABULARY = 20_000
LIMIT = 100.0  # ms
TYPES = ("service", "faq", "price", "blog", "condition", "about", "other")
KINDS = ("edited",) * 8 + ("gone", "moved")
STATES = ("OR", "WA", "TX", "NY", "FL")
CUES = ("price", "approval", "benefit", "route", "place")


def at(crawl: int) -> str:
    """Give the day of a crawl, a week after the one before."""
    return f"2026-{1 + (crawl - 1) // 4:02}-{1 + 7 * ((crawl - 1) % 4):02}T03:00:00+00:00"


def sentence(rng: random.Random) -> str:
    """Write a sentence: words that every page has, and rarer ones, as rare as words are (Zipf)."""
    rare = (f"word{int(VOCABULARY ** rng.random())}" for _ in range(4))
    return " ".join([*(rng.choice(WORDS) for _ in range(10)), *rare]).capitalize() + "."


def build(path: Path, pages: int) -> None:
    """Make the corpus."""
    rng = random.Random(7)
    with closing(open_corpus(path)) as db:
        db.execute("PRAGMA synchronous = off")
        db.execute("PRAGMA foreign_keys = off")
        with atomic(db):
            _sites(db, max(pages // A_SITE, 1))
            _crawls(db)
            for start in range(0, pages, A_SITE):
                _pages(db, rng, range(start + 1, min(start + A_SITE, pages) + 1))
            db.execute("UPDATE pages SET version = (SELECT max(id) FROM versions WHERE page = pages.id)")
            _documents(db)
            _changes(db, rng)
        db.execute("INSERT INTO versions_fts(versions_fts) VALUES ('rebuild')")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _sites(db: sqlite3.Connection, count: int) -> None:
    hosts = [(number, f"clinic-{number}.example") for number in range(1, count + 1)]
    db.executemany(
        "INSERT INTO sites (id, host, advertiser, name, state, source_class, added_at)"
        " VALUES (?, ?, ?, ?, ?, 'clinic', ?)",
        [(number, host, host, f"Clinic {number}", STATES[number % 5], at(1)) for number, host in hosts],
    )
    db.executemany("INSERT INTO hosts (site, host) VALUES (?, ?)", hosts)


def _crawls(db: sqlite3.Connection) -> None:
    funnel = dump({"discovered": 10, "fetched": 10, "fetched: unchanged": 10})
    rows = [(n, at(n), at(n), "finished", "{}", "{}", "{}", funnel) for n in range(1, CRAWLS + 1)]
    db.executemany(
        "INSERT INTO crawls (id, started_at, ended_at, status, scope, settings, tools, funnel)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )


def _pages(db: sqlite3.Connection, rng: random.Random, numbers: range) -> None:
    """Insert the pages of one site with their texts, versions, captures and visits."""
    site = (numbers[0] - 1) // A_SITE + 1
    for number in numbers:
        url = f"http://clinic-{site}.example/page-{number}"
        db.execute(
            "INSERT INTO pages (id, url, site, how, found_at, state, outcome, crawl, last_fetched, last_confirmed,"
            " due_at) VALUES (?, ?, ?, 'link', ?, 'live', 'unchanged', ?, ?, ?, ?)",
            (number, url, site, at(1), CRAWLS, at(CRAWLS), at(CRAWLS), at(CRAWLS)),
        )
        text = [sentence(rng) for _ in range(rng.randrange(10, 24))]
        shown = sorted({1, *rng.sample(range(2, CRAWLS + 1), VERSIONS - 1)})
        for crawl in range(1, CRAWLS + 1):
            capture = _version(db, rng, (number, site, crawl, url), text) if crawl in shown else None
            outcome = ("new" if crawl == 1 else "changed") if capture else "unchanged"
            visit = (crawl, number, at(crawl), outcome, capture)
            db.execute("INSERT INTO captured_visits VALUES (?, ?, ?, ?, '', ?)", visit)


def _version(db: sqlite3.Connection, rng: random.Random, which: tuple[int, int, int, str], text: list[str]) -> int:
    page, _, crawl, url = which
    text[rng.randrange(len(text))] = sentence(rng)
    whole = "\n".join(text)
    digest = sha256(whole)
    db.execute("INSERT OR IGNORE INTO texts VALUES (?, ?, ?)", (digest, whole, len(text) * 14))
    capture = db.execute(
        "INSERT INTO captures (page, crawl, url, fetched_at, status, outcome, body_sha256, body_bytes, warc_file,"
        " warc_offset, warc_length) VALUES (?, ?, ?, ?, 200, 'changed', ?, 30000, 'crawl-00001-000.warc.gz', 0, 10)",
        (page, crawl, url, at(crawl), digest),
    ).lastrowid
    assert capture
    version = put_version(
        db, page, capture, at(crawl), digest, len(text) * 14,
        duplicate_key=digest, title=f"Page {page} on ketamine", page_type=TYPES[page % len(TYPES)],
    )  # fmt: skip
    judge_version(db, version, "on topic")
    return capture


def _documents(db: sqlite3.Connection) -> None:
    db.execute(
        "INSERT INTO documents (id, title, site, state, source_class, page_type, verdict, words, first_seen,"
        " last_confirmed, url, version) SELECT pages.id, versions.title, site, sites.state, 'clinic', page_type,"
        " verdict, content_words, ?, versions.last_confirmed, url, versions.id FROM pages"
        " JOIN versions ON versions.id = pages.version JOIN sites ON sites.id = pages.site",
        (at(1),),
    )


def _changes(db: sqlite3.Connection, rng: random.Random) -> None:
    """Insert a change for each version but the first of a page; two of five are the same edit on pages of a site."""
    pairs = db.execute(
        "SELECT id, page, first_seen, capture, lag(id) OVER (PARTITION BY page ORDER BY id) FROM versions ORDER BY id"
    ).fetchall()
    for after, page, seen, capture, before in pairs:
        if before:
            crawl = next(number for number in range(1, CRAWLS + 1) if at(number) == seen)
            db.execute(
                "INSERT INTO page_changes (page, crawl, kind, at, before, after, capture, regions, words_added,"
                " words_removed, score, reasons, cues, edit, summary)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, '[\"text\"]', 14, 14, ?, ?, ?, ?, ?)",
                (page, crawl, rng.choice(KINDS), seen, before, after, capture, round(rng.random(), 3),
                 dump(["a sentence was added", "a service page"]), dump(rng.sample(CUES, 2)), _edit(rng, page, after),
                 "a sentence became another"),
            )  # fmt: skip
    db.execute(
        "UPDATE page_changes SET edit_pages = (SELECT count(*) FROM page_changes AS same"
        " WHERE same.edit = page_changes.edit AND same.crawl = page_changes.crawl), lead = id ="
        " (SELECT min(id) FROM page_changes AS same"
        " WHERE same.edit = page_changes.edit AND same.crawl = page_changes.crawl)"
    )


def _edit(rng: random.Random, page: int, after: int) -> str:
    return f"site {(page - 1) // A_SITE}" if rng.random() < 0.4 else f"own {after}"


def paths(db: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Name the pages that are measured, and their addresses."""
    change, page = db.execute(
        "SELECT id, page FROM page_changes AS changes WHERE lead AND edit LIKE 'own%' ORDER BY id DESC"
    ).fetchone()
    newest = db.execute("SELECT max(id) FROM page_changes AS changes").fetchone()[0]
    host = db.execute("SELECT host FROM sites ORDER BY id DESC").fetchone()[0]
    yield "home", "/"
    yield "changes, from the beginning", "/-/changes?since=all"
    yield "changes, page 400", "/-/changes?since=all&page=400"
    yield "changes since the last crawl", f"/-/changes?since={at(CRAWLS)[:10]}"
    yield f"changes that a reader has not seen ({newest // 100})", "/-/changes?since=seen"
    yield "changes of a site", f"/-/changes?since=all&site={host}"
    yield "changes of a kind", "/-/changes?since=all&kind=moved"
    yield "changes of a place", "/-/changes?since=all&place=text"
    yield "changes of a place that none is of", "/-/changes?since=all&place=title"
    yield "the feed", "/-/changes.atom?since=all"
    yield "a change", f"/c/changes/{change}"
    yield "a change with the whole text", f"/c/changes/{change}?whole=1"
    yield "the history of a page", f"/c/pages/{page}/history"
    yield "the table of changes", "/c/changes"
    yield "documents", "/c/documents"
    yield "a document", f"/c/documents/{page}"
    yield "all pages", "/c/all_pages"
    yield "sites", "/c/sites"
    yield "a site", "/c/sites/1"
    yield "crawls", "/c/crawls"
    yield "a crawl", f"/c/crawls/{CRAWLS}"
    yield "search for two words", "/-/search?q=word700+blanket"
    yield "search for a word that every page has", "/-/search?q=ketamine"
    yield "search for how that word begins", "/-/search?q=ketam*"
    yield "search for that word, with filters", "/-/search?q=ketamine&state=OR&page_type=price"
    yield "the table of families", "/c/families"


def measure(path: Path) -> list[tuple[str, float, float, float]]:
    """Ask for each page; gives its name, the first time, and the medians by clock and processor, in milliseconds."""
    with closing(sqlite3.connect(path)) as db:
        asked = list(paths(db))
        seen = str(int(db.execute("SELECT max(id) FROM page_changes AS changes").fetchone()[0]) * 99 // 100)
    datasette = datasette_of(path)
    asyncio.run(datasette.client.get("/-/changes.atom"))  # templates and plugins are loaded once
    return [(name, *_times(datasette, url, seen)) for name, url in asked]


def _times(datasette, url: str, seen: str) -> tuple[float, float, float]:
    clock, work = [], []
    for _ in range(7):
        start, busy = time.perf_counter(), time.process_time()
        answer = asyncio.run(datasette.client.get(url, cookies={"clinicwatch_seen": seen}))
        clock.append(1000 * (time.perf_counter() - start))
        work.append(1000 * (time.process_time() - busy))
        assert answer.status_code == 200, (url, answer.status_code)
    return clock[0], median(clock[1:]), median(work[1:])


def main() -> None:
    """Build, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", type=int, nargs="?", default=100_000)
    parser.add_argument("--keep", type=Path, help="use the corpus in this folder, or make it there and keep it")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        path = (options.keep or Path(name)) / "c.db"
        if not path.exists():
            build(path, options.pages)
        rows = measure(path)
    if options.json:
        print(json.dumps(rows))
        return
    print(f"{'page':<44}{'first ms':>10}{'median ms':>11}{'processor ms':>14}")
    for name, first, usual, work in rows:
        print(f"{name:<44}{first:>10.0f}{usual:>11.0f}{work:>14.0f}" + ("  slow" if min(usual, work) > LIMIT else ""))


if __name__ == "__main__":
    main()
