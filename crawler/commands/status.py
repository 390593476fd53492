"""What the corpus holds and how fresh it is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from crawler.clock import utc_now
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


def corpus_status(db: Path, now: str | None = None) -> dict[str, Any]:
    """Count what is there, name the last crawl, and count what is due at ``now`` (UTC, ISO 8601)."""
    with reading(db) as corpus:
        counts = {name: corpus.execute(sql).fetchone()[0] for name, sql in COUNTS.items()}
        due = corpus.execute("SELECT count(*) FROM pages WHERE due_at <= ?", (now or utc_now(),)).fetchone()[0]
        return {"corpus": str(db), **counts, "due now": due, "last crawl": last_crawl(corpus, running=is_held(db))}


def last_crawl(corpus: sqlite3.Connection, *, running: bool) -> dict[str, Any] | None:
    """Give the newest crawl with its funnel, or ``None``; one that nobody is running was cut off."""
    row = corpus.execute("SELECT id, started_at, ended_at, status, funnel FROM crawls ORDER BY id DESC").fetchone()
    if row is None:
        return None
    crawl, started, ended, status, funnel = row
    if status == "running" and not running:
        status = "cut off; `clinicwatch crawl` goes on with it"
    return {"id": crawl, "started": started, "ended": ended, "status": status, "funnel": json.loads(funnel)}


def status_text(told: dict[str, Any]) -> str:
    """Print a status for a person."""
    lines = [f"{name:<20}{value:>8}" for name, value in told.items() if isinstance(value, int)]
    crawl = told["last crawl"]
    if crawl is None:
        return "\n".join([told["corpus"], *lines, "never crawled"])
    ended = f"{crawl['status']} at {crawl['ended']}" if crawl["ended"] else crawl["status"]
    funnel = [funnel_text(crawl["funnel"])] if crawl["funnel"] else []
    return "\n".join([told["corpus"], *lines, f"crawl {crawl['id']}: begun {crawl['started']}, {ended}", *funnel])
