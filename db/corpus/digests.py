"""Which digests were sent, and how far they told."""

from __future__ import annotations

import sqlite3  # noqa: TC003
from dataclasses import dataclass

from db.corpus.changes import newest_change
from db.corpus.connection import atomic
from db.corpus.store_visits import insert


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a digest told: the last change, the last crawl, and when it was sent; zeros and nothing for none."""

    change: int = 0
    crawl: int = 0
    sent_at: str = ""


def last_mark(db: sqlite3.Connection) -> Mark:
    """Say how far the last digest told."""
    row = db.execute("SELECT last_change, last_crawl, sent_at FROM digests ORDER BY id DESC LIMIT 1").fetchone()
    return Mark(*row) if row else Mark()


def end_mark(db: sqlite3.Connection, now: str) -> Mark:
    """Say how far a digest tells that is made now."""
    crawl = db.execute("SELECT max(id) FROM crawls WHERE status = 'finished'").fetchone()[0]
    return Mark(newest_change(db)[0], crawl or 0, now)


def keep_mark(db: sqlite3.Connection, mark: Mark, changes: int, alerts: int) -> None:
    """Record that a digest was sent."""
    row = {"sent_at": mark.sent_at, "until": mark.sent_at, "last_change": mark.change, "last_crawl": mark.crawl}
    with atomic(db):
        insert(db, "digests", row | {"changes": changes, "alerts": alerts})
