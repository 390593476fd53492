"""What the home page says: what the corpus holds, how fresh it is, what is new in it."""

from __future__ import annotations

import sqlite3  # noqa: TC003
from typing import Any

from db.datasette.funnels import boxes_of, funnel_of

LISTED = 8
RECENT_CRAWLS = 5  # changes are looked for in so many runs, newest first
NEWEST = f"""
    SELECT documents.*, sites.host AS host FROM documents JOIN sites ON sites.id = documents.site
    WHERE documents.verdict = 'on topic' AND documents.copy_of IS NULL
    ORDER BY documents.first_seen DESC, documents.id LIMIT {LISTED}
"""
CHANGED = f"""
    SELECT visits.at AS at, visits.page AS id, pages.url AS url, versions.title AS title, sites.host AS host,
        (SELECT count(*) FROM versions AS every WHERE every.page = visits.page) AS versions
    FROM visits JOIN pages ON pages.id = visits.page JOIN sites ON sites.id = pages.site
    LEFT JOIN versions ON versions.id = pages.version
    WHERE visits.crawl = ? AND visits.outcome = 'changed' ORDER BY visits.at DESC, visits.page LIMIT {LISTED}
"""
COUNTS = {
    "documents": "SELECT count(*) FROM documents WHERE verdict = 'on topic'",
    "all_documents": "SELECT count(*) FROM documents",
    "copies": "SELECT count(*) FROM documents WHERE copy_of IS NOT NULL",
    "pages": "SELECT count(*) FROM pages",
    "captures": "SELECT count(*) FROM captures",
    "sites": "SELECT count(*) FROM sites",
    "advertisers": "SELECT count(DISTINCT advertiser) FROM sites",
    "states": "SELECT count(DISTINCT state) FROM sites WHERE state != ''",
}


def read_overview(db: sqlite3.Connection) -> dict[str, Any]:
    """Read what the home page shows; an empty corpus gives zeros and empty lists."""
    crawl = last_crawl(db)
    funnel = funnel_of(db, crawl) if crawl else {}
    return {
        "counts": {name: db.execute(sql).fetchone()[0] for name, sql in COUNTS.items()},
        "verdicts": db.execute("SELECT verdict, count(*) AS n FROM documents GROUP BY verdict ORDER BY n DESC").fetchall(),
        "types": db.execute("SELECT page_type, count(*) AS n FROM documents GROUP BY page_type ORDER BY n DESC").fetchall(),
        "newest": db.execute(NEWEST).fetchall(),
        "changed": _changed(db),
        "crawl": crawl,
        "funnel": funnel,
        "boxes": boxes_of(funnel),
    }


def last_crawl(db: sqlite3.Connection) -> sqlite3.Row | None:
    """Give the newest crawl, ended or not."""
    row: sqlite3.Row | None = db.execute("SELECT * FROM crawls ORDER BY id DESC LIMIT 1").fetchone()
    return row


def _changed(db: sqlite3.Connection) -> list[sqlite3.Row]:
    found: list[sqlite3.Row] = []
    for (crawl,) in db.execute(f"SELECT id FROM crawls ORDER BY id DESC LIMIT {RECENT_CRAWLS}").fetchall():
        found += db.execute(CHANGED, (crawl,)).fetchall()
        if len(found) >= LISTED:
            break
    return found[:LISTED]
