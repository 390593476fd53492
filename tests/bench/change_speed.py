"""``make bench-changes``: CPU seconds of the passes that find changes, over a crawl in which few pages changed.

    python -m tests.bench.change_speed [--against REVISION] [--pages 5000]

Makes sites of 100 pages, crawls them twice (5 % of the pages have another text the second time, and each has counters),
and runs the passes of the second crawl alone. ``--against`` does the same with the code of another revision, taken
out of the repository with ``git archive``, and prints the ratio of both.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tarfile
import tempfile
import time
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.archive.warc import Archive
from crawler.engine.rule_files import load_rules
from db.corpus import queries
from db.corpus.connection import atomic, evidence_folder, open_corpus
from db.corpus.crawls import SeedRow, add_seeds, begin_crawl, end_crawl
from db.corpus.store_visits import Run, insert_found, keep_visits
from db.passes.driver import run_pass
from db.passes.registry import PASSES
from pipelines.jobs import ReadJob, run
from pipelines.model.records import Fetch, Found, Page, Seed, Visit

if TYPE_CHECKING:
    import sqlite3

MEASURED = ("noise", "confirmations", "page_states", "changes", "rotations")
PAGES_OF_SITE = 100
EDITED_EVERY = 20
DAYS = ("2026-03-01T09:00:00+00:00", "2026-03-08T09:00:00+00:00")
HTML = (("Content-Type", "text/html; charset=utf-8"),)
TEXT = """
ketamine infusion clinic patient depression nurse session relief dose doctor visit pain treatment room chair music
evening question answer letter insurance price plan risk bladder pressure blood sleep mood week month follow call
"""
WORDS = TEXT.split()


def page_html(site: int, page: int, crawl: int) -> bytes:
    """Make a page: a menu, links, pictures, some hundred words, and a counter; one in twenty is edited."""
    dice = random.Random(site * 1_000_003 + page)
    lines = [f"<p>{' '.join(dice.choices(WORDS, k=30)).capitalize()}.</p>" for _ in range(12)]
    if crawl and (page + 3 * site) % EDITED_EVERY == 0:
        lines[5] = f"<p>A session costs ${dice.randrange(200, 900)} since {' '.join(dice.choices(WORDS, k=9))}.</p>"
    links = "".join(f'<li><a href="/page-{n}">Page {n}</a></li>' for n in range(8))
    return (
        f"<html><head><title>Page {page} of clinic {site}</title></head><body><nav><ul>{links}</ul></nav>"
        f"<main><h1>Page {page}</h1>{''.join(lines)}<img src='/p{page}.jpg'><a href='/consent.pdf'>Consent</a></main>"
        f"<footer><a href='tel:+1555010{site:04}'>Call</a> {1000 + 7 * crawl} people booked today</footer>"
        "</body></html>"
    ).encode()


def crawl_site(db: sqlite3.Connection, path: Path, site: int, crawl: int) -> None:
    """Run one crawl of a site."""
    host, now = f"clinic-{site}.example", DAYS[crawl]
    sites = add_seeds(db, [SeedRow(Seed(f"http://{host}"), f"http://{host}/", host, host)], now)
    facts: dict[str, object] = {"settings": {"user_agent": "bench"}, "tools": {}}
    begun = begin_crawl(db, now, everything=True, sites=sites, facts=facts)
    writing = Run(begun.id, begun.started_at, "bench")
    with closing(Archive(evidence_folder(path), begun.id, "bench")) as archive, atomic(db):
        found = tuple(Found(f"http://{host}/page-{n}", how="sitemap") for n in range(PAGES_OF_SITE - 1))
        home = db.execute("SELECT id FROM pages WHERE url = ?", (f"http://{host}/",)).fetchone()[0]
        insert_found(db, writing, Visit(Page(home, f"http://{host}/", sites[0], host), now, found=found))
        db.execute("UPDATE pages SET due_at = ? WHERE site = ?", (now, sites[0]))
        due = queries.due_pages(db, site=sites[0], crawl=begun.id, until=now, everything=True, limit=100_000)
        for number, page in enumerate(sorted(due, key=lambda page: page.url)):
            fetch = Fetch(page.url, 200, HTML, page_html(site, number, crawl))
            (place,) = archive.append([(fetch, now)])
            job = ReadJob(page.url, fetch.body, HTML[0][1], hosts=frozenset({host}), today=date.fromisoformat(now[:10]))
            done = run(job)
            keep_visits(db, writing, [Visit(page, now, fetch, place, done.reading, done.outcome, due_at=now)])
    end_crawl(db, begun.id, now, {}, queries.funnel(db, begun.id, sites, begun.started_at))


def measure(pages: int) -> dict[str, float]:
    """Give the CPU seconds of each pass over the second crawl, and how many edits it found."""
    rules = load_rules()
    passes = [one for one in PASSES if one.name in MEASURED]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speed.db"
        evidence_folder(path).mkdir()
        with closing(open_corpus(path)) as db:
            spent = dict[str, float]()
            for crawl in range(2):
                for site in range(pages // PAGES_OF_SITE):
                    crawl_site(db, path, site, crawl)
                for one in passes:
                    began = time.process_time()
                    run_pass(db, one, rules, 1)
                    spent[one.name] = time.process_time() - began
            edits = db.execute("SELECT count(*) FROM page_changes WHERE kind = 'edited'").fetchone()[0]
    return spent | {"edits": edits}


def measure_revision(revision: str, pages: int) -> dict[str, float]:
    """Measure the code of another revision: this file, with the packages of that one."""
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "tree.tar"
        subprocess.run(["git", "archive", "--output", archive, revision], check=True)
        with tarfile.open(archive) as tree:
            tree.extractall(folder, filter="data")
        command = [sys.executable, __file__, "--pages", str(pages), "--json"]
        done = subprocess.run(
            command, check=True, capture_output=True, text=True, cwd=folder, env=os.environ | {"PYTHONPATH": folder}
        )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    """Measure, and print a line a pass."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--against", metavar="REVISION")
    options.add_argument("--pages", type=int, default=5_000)
    options.add_argument("--json", action="store_true")
    wanted = options.parse_args()
    ours = measure(wanted.pages)
    if wanted.json:
        print(json.dumps(ours))
        return
    total = sum(ours[name] for name in MEASURED if name in ours)
    print(f"{wanted.pages} pages, 5 % changed, {ours['edits']:.0f} edits: {total:.2f} s of CPU for the second crawl")
    print(", ".join(f"{name} {ours[name]:.2f}" for name in MEASURED if name in ours))
    if wanted.against:
        other = measure_revision(wanted.against, wanted.pages)
        before = sum(other[name] for name in MEASURED if name in other)
        print(f"{wanted.against}: {before:.2f} s, {other['edits']:.0f} edits; ratio {total / before:.2f}")
        print(", ".join(f"{name} {other[name]:.2f}" for name in MEASURED if name in other))


if __name__ == "__main__":
    main()
