"""What tests of the pages need: a corpus that means harm, its server, a real browser."""

from __future__ import annotations

import contextlib
import gzip
import os
import subprocess
import sys
import urllib.request
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.archive.warc import Archive
from db.corpus import queries
from db.corpus.connection import atomic, evidence_folder, open_corpus
from db.corpus.crawls import SeedRow, add_seeds, begin_crawl, end_crawl
from db.corpus.store_visits import Run, insert_found, keep_visits
from db.passes.registry import run_passes
from db.passes.rules import Rules
from pipelines.model.outcomes import Outcome
from pipelines.model.page_types import PageType
from pipelines.model.records import Fetch, Found, Page, Reading, Seed, Visit

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]
ROOT = Path(__file__).resolve().parents[2]
FIRST, SECOND = "2026-03-01T09:00:00+00:00", "2026-03-08T09:00:00+00:00"
SCRIPT = "<script>document.title='owned'</script>"
IMAGE = '"><img src=x onerror="document.title=1">'
JAVASCRIPT = "javascript:document.title='owned'"
CARE = (
    "Ketamine infusions for depression are given at our clinic by a nurse who stays with the patient for the session.\n"
    "What we ask before\n"
    "Heart disease\n"
    "Bladder trouble\n"
    "Past psychosis\n"
    "Many patients feel rapid relief, and a ketamine infusion takes forty minutes.\n"
    "| Infusion | $450 |"
)
RULES = Rules(
    topic='name = "test"\n[thresholds]\non_topic = 0.02\ndoubtful = 0.01\nmin_words = 1\ncontext = 0.1\n'
    "[subject]\nketamine = 1\n[context]\nclinic = 1\nnurse = 1\n"
)


@dataclass(frozen=True)
class Shown:
    """What a site shows at a path: the reading, and the bytes and headers that it would come from."""

    reading: Reading | None
    body: bytes = b"<!doctype html><title>x</title><p>as it was sent"
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=utf-8"),)


@dataclass
class Told:
    """Which numbers the rows of the made corpus have, by path."""

    pages: dict[str, int] = field(default_factory=dict)

    def __getitem__(self, path: str) -> int:
        """Give the number of the page at a path."""
        return self.pages[path]


def reading(text: str, title: str, **facts: Any) -> Reading:
    """Make a reading with its words counted."""
    return Reading(text, title, words=len(text.split()), headings=("What we ask before",), **facts)


HARMFUL = reading(
    f"{CARE}\n{SCRIPT}\n{IMAGE}",
    f"Harm {SCRIPT}",
    author=IMAGE,
    canonical_url=JAVASCRIPT,
    description=SCRIPT,
    other_text=IMAGE,
    structured=SCRIPT,
    language=IMAGE,
    page_type=PageType.BLOG,
    published="2025-04-01T23:30:00-05:00",
    published_source="json-ld",
)
SITE = {
    "/": Shown(reading(CARE, "Cedar Ketamine", page_type=PageType.HOME)),
    "/harm": Shown(
        HARMFUL,
        gzip.compress(f"<title>x</title>{SCRIPT}".encode()),
        (("Content-Type", "text/html"), ("Content-Encoding", "gzip")),
    ),
    "/faq": Shown(reading(CARE + "\nThe bladder is watched.", "Questions", page_type=PageType.FAQ)),
    "/faq/print": Shown(reading(CARE + "\nThe bladder is watched.", "Questions", page_type=PageType.FAQ)),
    "/parking": Shown(reading("Cars stand behind the house. The gate shuts at nine.", "Parking")),
    "/gone": Shown(None),
}
LATER = SITE | {"/faq": Shown(reading(CARE + "\nThe bladder is safe.", "Questions", page_type=PageType.FAQ))}


def made(path: Path, *, empty: bool = False) -> Told:
    """Make a corpus with one site that tries to harm those who read it, crawled twice; or one without a document."""
    told = Told()
    with open_site(path) as db:
        if not empty:
            crawl_shown(db, path, SITE, FIRST)
            crawl_shown(db, path, LATER, SECOND)
        told.pages = {
            url.removeprefix("http://cedar.example"): page for page, url in db.execute("SELECT id, url FROM pages")
        }
    return told


@contextlib.contextmanager
def open_site(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a new corpus that knows the site and has read none of it."""
    with contextlib.closing(open_corpus(path)) as db:
        seed = Seed("http://cedar.example", f"Cedar {SCRIPT}", "Portland", "OR", "clinic")
        add_seeds(db, [SeedRow(seed, "http://cedar.example/", "cedar.example", "cedar.example")], FIRST)
        yield db


def crawl_shown(db: sqlite3.Connection, path: Path, site: dict[str, Shown], now: str, *, judged: bool = True) -> None:
    """Run one finished crawl in which the site shows this; the passes are left out where it is not to be judged."""
    crawl = begin_crawl(db, now, everything=True, sites=(1,), facts={"settings": {"agent": IMAGE}, "tools": {"x": "1"}})
    folder = evidence_folder(path)
    folder.mkdir(exist_ok=True)
    archive = Archive(folder, crawl.id, "clinicwatch/0")
    run = Run(crawl.id, crawl.started_at, "extractor 1")
    with contextlib.closing(archive), atomic(db):
        for page in [Page(1, "http://cedar.example/", 1, "cedar.example"), *_others(db, run, site, now)]:
            shown = site.get(page.url.removeprefix("http://cedar.example"))
            if shown:
                keep_visits(db, run, [_visit(archive, replace(page, version=None), shown, now)])
    if judged:
        run_passes(db, RULES)
    end_crawl(db, crawl.id, now.replace("09:00", "09:07"), {}, queries.funnel(db, crawl.id, (1,), crawl.started_at))


def _others(db: sqlite3.Connection, run: Run, site: dict[str, Shown], now: str) -> list[Page]:
    """Find the other paths on the home page, and addresses that no browser should be sent to."""
    found = [Found(f"http://cedar.example{path}") for path in site if path != "/"]
    found += [
        Found(JAVASCRIPT, skip=Outcome.UNSAFE_ADDRESS, reason=SCRIPT),
        Found("http://cedar.example/faq", raw="http://cedar.example/faq?utm_source=x"),
    ]
    insert_found(db, run, Visit(Page(1, "", 1, ""), now, found=tuple(found)))
    rows = db.execute("SELECT id, url FROM pages WHERE id > 1 AND state != 'excluded'").fetchall()
    return [Page(page, url, 1, "cedar.example") for page, url in rows]


def _visit(archive: Archive, page: Page, shown: Shown, now: str) -> Visit:
    fetch = Fetch(page.url, 200 if shown.reading else 404, shown.headers, shown.body)
    (place,) = archive.append([(fetch, now)])
    visit = Visit(page, now, fetch, place, robots="allowed", due_at=SECOND)
    if shown.reading is None:
        return replace(visit, outcome=Outcome.GONE, reason="answered 404")
    return replace(visit, reading=shown.reading)


@contextlib.contextmanager
def served(path: Path) -> Iterator[str]:
    """Serve a corpus in a process of its own, as the command does; gives the address."""
    with server_of(path) as (address, _):
        yield address


@contextlib.contextmanager
def server_of(path: Path) -> Iterator[tuple[str, int]]:
    """Serve a corpus as :func:`served` does; gives the address and the number of the process."""
    code = f"from pathlib import Path; from db.datasette.serve import serve; serve(Path({str(path)!r}), '127.0.0.1', 0)"
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=ROOT, env=os.environ
    )
    try:
        assert process.stdout
        line = process.stdout.readline()
        address = next(word for word in line.split() if word.startswith("http")).rstrip("/")
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address, timeout=30).close()
        yield address, process.pid
    finally:
        process.terminate()
        process.wait(10)
