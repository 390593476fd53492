"""The demo web as a corpus, without a crawl: every page that a perfect crawl reads, read by our reader and kept."""

from __future__ import annotations

import contextlib
import gzip
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.archive.warc import Archive
from crawler.engine.rule_files import load_rules
from crawler.engine.seeds import parse_seeds
from db.corpus import queries
from db.corpus.connection import atomic, evidence_folder, open_corpus
from db.corpus.crawls import add_seeds, begin_crawl, end_crawl
from db.corpus.store_visits import Run, keep_visits
from db.passes.registry import run_passes
from demo.report import seeds_csv
from demo.score import is_read
from pipelines.model.records import Fetch, Page, Visit
from pipelines.reading.read import READER, read

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path

    from demo.truth import PageTruth
    from demo.world import World


@contextlib.contextmanager
def demo_corpus(path: Path, world: World, tick: int = 0) -> Iterator[sqlite3.Connection]:
    """Open a corpus of a demo world as it is at a tick, with all passes run."""
    with contextlib.closing(open_corpus(path)) as db:
        keep_world(db, path, world, tick)
        run_passes(db, load_rules())
        yield db


def keep_world(db: sqlite3.Connection, path: Path, world: World, tick: int) -> None:
    """Keep what every page of a world says at a tick, in one crawl."""
    now = f"2026-03-{2 + tick:02}T09:00:00+00:00"
    sites = add_seeds(db, parse_seeds(seeds_csv(world)), now)
    crawl = begin_crawl(db, now, everything=True, sites=sites, facts={"settings": {"user_agent": "x"}, "tools": {}})
    site_of = dict(db.execute("SELECT host, site FROM hosts"))
    folder = evidence_folder(path)
    folder.mkdir(exist_ok=True)
    with contextlib.closing(Archive(folder, crawl.id, "clinicwatch/0")) as archive, atomic(db):
        run = Run(crawl.id, now, READER)
        for page in world.truth(tick).values():
            if is_read(page) and "?utm" not in page.url:
                site = site_of[urlsplit(page.url).netloc.removeprefix("www.")]
                keep_visits(db, run, [_visit(archive, world, page, _page(db, page, site, now), tick)])
    end_crawl(db, crawl.id, now, {}, queries.funnel(db, crawl.id, sites, now))


def _page(db: sqlite3.Connection, page: PageTruth, site: int, now: str) -> Page:
    """Queue a page as its site's sitemap or links would."""
    how = "link" if page.found_by == "link" else "sitemap"
    db.execute(
        "INSERT OR IGNORE INTO pages (url, site, how, found_at, due_at) VALUES (?, ?, ?, ?, ?)",
        (page.url, site, how, now, now),
    )
    number, version = db.execute("SELECT id, version FROM pages WHERE url = ?", (page.url,)).fetchone()
    return Page(number, page.url, site, urlsplit(page.url).netloc, version=version)


def _visit(archive: Archive, world: World, truth: PageTruth, page: Page, tick: int) -> Visit:
    answer = world.answer(truth.url, tick)
    headers = dict(answer.headers)
    fetch = Fetch(page.url, answer.status, answer.headers, answer.body)
    now = f"2026-03-{2 + tick:02}T09:00:00+00:00"
    (place,) = archive.append([(fetch, now)])
    body = gzip.decompress(answer.body) if headers.get("Content-Encoding") == "gzip" else answer.body
    return Visit(page, now, fetch, place, reading=read(body, page.url, headers.get("Content-Type")), robots="allowed")
