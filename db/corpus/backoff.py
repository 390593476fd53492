"""Sites that rest because nobody answered there, and due times that only a wrong clock can have set."""

from __future__ import annotations

import sqlite3  # noqa: TC003
from typing import TYPE_CHECKING

from db.corpus.connection import atomic

if TYPE_CHECKING:
    from collections.abc import Mapping

# what lies further ahead than any schedule sets is spread over the next week, by the page's number
MEND = (
    "UPDATE pages SET due_at = strftime('%Y-%m-%dT%H:%M:%S+00:00', :now, '+' || (id * 7919 % 10080) || ' minutes')"
    " WHERE site IN (SELECT id FROM sites) AND due_at > :far"
)


def resting_sites(db: sqlite3.Connection, now: str) -> dict[int, str]:
    """Name the sites that rest at ``now``, each with the time until which it does."""
    return dict(db.execute("SELECT id, backoff_until FROM sites WHERE backoff_until > ?", (now,)).fetchall())


def site_failures(db: sqlite3.Connection, site: int) -> int:
    """Count the crawls in a row in which a site did not answer."""
    return int(db.execute("SELECT failures FROM sites WHERE id = ?", (site,)).fetchone()[0])


def settle_rests(db: sqlite3.Connection, crawl: int, until: Mapping[int, str]) -> None:
    """Let the sites named rest until the time named; those that answered in this crawl are awake again."""
    with atomic(db):
        for site, time in until.items():
            db.execute("UPDATE sites SET failures = failures + 1, backoff_until = ? WHERE id = ?", (time, site))
        awake = db.execute(
            "SELECT id FROM sites WHERE failures > 0 AND EXISTS (SELECT 1 FROM captures JOIN pages ON pages.id = page"
            " WHERE captures.crawl = ? AND pages.site = sites.id)",
            (crawl,),
        ).fetchall()
        rows = [site for site in awake if site[0] not in until]
        db.executemany("UPDATE sites SET failures = 0, backoff_until = NULL WHERE id = ?", rows)


def mend_due_times(db: sqlite3.Connection, now: str, far: str) -> int:
    """Bring back the pages that are due later than ``far``: a clock was years ahead when they were visited."""
    with atomic(db):
        return db.execute(MEND, {"now": now, "far": far}).rowcount
