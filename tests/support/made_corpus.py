"""A corpus made through our own writes: real SQLite, real WARC files, texts of our choosing."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING

from crawler.archive.warc import Archive
from db.corpus import queries
from db.corpus.connection import atomic, evidence_folder, open_corpus
from db.corpus.crawls import SeedRow, add_seeds, begin_crawl, end_crawl
from db.corpus.store_visits import Run, insert_found, keep_visits
from db.passes.registry import run_passes
from db.passes.rules import Rules
from pipelines.model.outcomes import Outcome
from pipelines.model.records import Fetch, Found, Page, Reading, Seed, Visit

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping
    from pathlib import Path

NOW = "2026-03-01T09:00:00+00:00"
HOST = "cedar-ketamine.example"
ABOUT = (
    "Ketamine infusions for depression are given at our clinic by a nurse who stays with the patient for the whole "
    "session, and many patients with treatment-resistant depression feel relief within hours. A ketamine infusion "
    "takes forty minutes, the dose is chosen by weight, and we measure blood pressure before, during and after each "
    "infusion of ketamine. Ask our team whether ketamine therapy is right for you."
)
RULES = Rules(  # of its own, so that the tuning of the real topic moves nothing here
    topic='name = "test"\n[thresholds]\non_topic = 0.02\ndoubtful = 0.01\nmin_words = 1\ncontext = 0.1\n'
    "[subject]\nketamine = 1\n[context]\nclinic = 1\nnurse = 1\n"
)


@contextlib.contextmanager
def corpus_of(path: Path, texts: Mapping[str, str]) -> Iterator[sqlite3.Connection]:
    """Open a corpus whose site shows each text at the path named; the crawl is finished, the passes are run."""
    with contextlib.closing(open_corpus(path)) as db:
        crawl_texts(db, path, texts)
        yield db


def crawl_texts(
    db: sqlite3.Connection,
    path: Path,
    texts: Mapping[str, str | Reading],
    *,
    now: str = NOW,
    rules: Rules = RULES,
    missing: Outcome = Outcome.GONE,
) -> None:
    """Run one finished crawl in which the site shows these texts or readings; its other pages are missing so."""
    sites = add_seeds(db, [SeedRow(Seed("http://" + HOST, 'Cedar "K"'), f"http://{HOST}/", HOST, HOST)], now)
    facts: dict[str, object] = {"settings": {"user_agent": "clinicwatch/0 (+mailto:a@b.example)"}, "tools": {"x": "1"}}
    crawl = begin_crawl(db, now, everything=True, sites=sites, facts=facts)
    folder = evidence_folder(path)
    folder.mkdir(exist_ok=True)
    archive = Archive(folder, crawl.id, "clinicwatch/0")
    run = Run(crawl.id, crawl.started_at, "extractor 1")
    with contextlib.closing(archive), atomic(db):
        _discover(db, run, texts, now)
        for page in queries.due_pages(db, site=sites[0], crawl=crawl.id, until=now, everything=True, limit=10_000):
            text = texts.get(page.url.removeprefix(f"http://{HOST}"))
            keep_visits(db, run, [_visit(archive, page, text, now, missing)])
    run_passes(db, rules)
    end_crawl(db, crawl.id, now, {}, queries.funnel(db, crawl.id, sites, crawl.started_at))


def _discover(db: sqlite3.Connection, run: Run, texts: Mapping[str, str | Reading], now: str) -> None:
    """Queue the pages, a sitemap, a tracking address of the home page and a link that leads off the site."""
    home = Page(1, f"http://{HOST}/", 1, HOST)
    found = tuple(Found(f"http://{HOST}{path}", how="sitemap") for path in texts)
    found += (
        Found(f"http://{HOST}/sitemap.xml", how="sitemap", kind="sitemap"),
        Found(f"http://{HOST}/", raw=f"http://{HOST}/?utm_source=x"),
        Found(f"http://{HOST}/trap/", skip=Outcome.TRAP, reason="a calendar"),
    )
    insert_found(db, run, Visit(home, now, found=found))
    db.execute("UPDATE pages SET due_at = ? WHERE id = 1", (now,))


def _visit(archive: Archive, page: Page, shown: str | Reading | None, now: str, missing: Outcome) -> Visit:
    text = shown.text if isinstance(shown, Reading) else shown
    body = (text or "nothing").encode()
    headers = (("Content-Type", "text/html"), ("ETag", '"=1"'))
    fetch = Fetch(page.url, 200 if text else 404, headers, body)
    (place,) = archive.append([(fetch, now)])
    visit = Visit(page, now, fetch, place, robots="allowed", noarchive=True, due_at="2026-03-08T09:00:00+00:00")
    if page.kind == "sitemap":
        return visit
    if text is None:
        return replace(visit, outcome=missing, reason="answered 404")
    if isinstance(shown, Reading):
        return replace(visit, reading=shown)
    title = text.split("\n")[0][:200]
    reading = Reading(text, title, published="2025-04-01", published_source="meta", words=len(text.split()))
    return replace(visit, reading=reading)
