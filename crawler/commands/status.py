"""``clinicwatch status``: what the corpus holds, how fresh it is and what is due."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import click

from crawler.clock import utc_now
from crawler.commands.options import DB
from crawler.engine.summary import funnel_text
from db.corpus.connection import is_held, reading

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

COUNTS = {
    "sites": "SELECT count(*) FROM sites",
    "pages": "SELECT count(*) FROM all_pages",
    "live pages": "SELECT count(*) FROM all_pages WHERE state = 'live'",
    "documents on topic": "SELECT count(*) FROM corpus",
    "doubtful": "SELECT count(*) FROM documents WHERE verdict = 'doubtful' AND duplicate_of IS NULL",
    "copies": "SELECT count(*) FROM copies",
    "versions": "SELECT count(*) FROM versions",
    "captures": "SELECT count(*) FROM captures",
}


class CrawlStatus(NamedTuple):
    """The newest crawl: when it began and ended (ISO 8601, nothing while it is open), how, and its funnel."""

    id: int
    started: str
    ended: str | None
    status: str
    funnel: dict[str, int]


@dataclass(frozen=True, slots=True)
class CorpusStatus:
    """What a corpus holds, by name, what is due now among it, and its newest crawl, if there was one."""

    corpus: str
    counts: dict[str, int]
    crawl: CrawlStatus | None


@click.command
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@DB
def status(*, db: Path, as_json: bool) -> None:
    """Say what the corpus holds, how fresh it is and what is due."""
    found = corpus_status(db, utc_now())
    if as_json:
        crawl = found.crawl._asdict() if found.crawl else None
        click.echo(json.dumps({"corpus": found.corpus, **found.counts, "last crawl": crawl}))
    else:
        click.echo(status_text(found))


def corpus_status(db: Path, now: str) -> CorpusStatus:
    """Count what is there, name the last crawl, and count what is due at ``now`` (UTC, ISO 8601)."""
    with reading(db) as corpus:
        counts = {name: corpus.execute(sql).fetchone()[0] for name, sql in COUNTS.items()}
        due = corpus.execute("SELECT count(*) FROM pages WHERE due_at <= ?", (now,)).fetchone()[0]
        return CorpusStatus(str(db), counts | {"due now": due}, last_crawl(corpus, running=is_held(db)))


def last_crawl(corpus: sqlite3.Connection, *, running: bool) -> CrawlStatus | None:
    """Give the newest crawl with its funnel, or ``None``; one that nobody is running was cut off."""
    row = corpus.execute("SELECT id, started_at, ended_at, status, funnel FROM crawls ORDER BY id DESC").fetchone()
    if row is None:
        return None
    crawl = CrawlStatus(*row)._replace(funnel=json.loads(row[-1]))
    if crawl.status == "running" and not running:
        return crawl._replace(status="cut off; `clinicwatch crawl` goes on with it")
    return crawl


def status_text(found: CorpusStatus) -> str:
    """Print a status for a person."""
    lines = [found.corpus, *(f"{name:<20}{value:>8}" for name, value in found.counts.items())]
    crawl = found.crawl
    if crawl is None:
        return "\n".join([*lines, "never crawled"])
    ended = f"{crawl.status} at {crawl.ended}" if crawl.ended else crawl.status
    funnel = [funnel_text(crawl.funnel)] if crawl.funnel else []
    return "\n".join([*lines, f"crawl {crawl.id}: begun {crawl.started}, {ended}", *funnel])
