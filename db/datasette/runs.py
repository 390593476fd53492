"""Everything that is known of one crawl: its funnel, what was new, changed or gone, what failed and why."""

from __future__ import annotations

import sqlite3  # noqa: TC003
from typing import Any

from db.corpus.changes import Asked, alerts_since, count_changes
from db.datasette.funnels import boxes_of, funnel_of
from db.datasette.wording import lasted, parsed

LISTED = 15
PAGES = f"""
    SELECT visits.page AS id, visits.at AS at, visits.outcome AS outcome, visits.reason AS reason, pages.url AS url,
        versions.title AS title
    FROM visits JOIN pages ON pages.id = visits.page LEFT JOIN readings AS versions ON versions.version = pages.version
    WHERE visits.crawl = ? AND visits.outcome = ? AND pages.kind = 'page' ORDER BY visits.page LIMIT {LISTED}
"""
REASONS = f"""
    SELECT outcome, reason, count(*) AS n FROM visits WHERE crawl = ? AND reason != ''
    GROUP BY outcome, reason ORDER BY n DESC, outcome LIMIT {LISTED}
"""


def read_crawl(db: sqlite3.Connection, crawl: int) -> dict[str, Any] | None:
    """Read a crawl; ``None`` where there is no such crawl."""
    row = db.execute("SELECT * FROM crawls WHERE id = ?", (crawl,)).fetchone()
    if row is None:
        return None
    funnel = funnel_of(db, row)
    return {
        "crawl": row,
        "took": lasted(row["started_at"], row["ended_at"]),
        "funnel": funnel,
        "boxes": boxes_of(funnel),
        "lists": {outcome: db.execute(PAGES, (crawl, outcome)).fetchall() for outcome in ("changed", "new", "gone")},
        "counts": dict(
            db.execute("SELECT outcome, count(*) FROM visits WHERE crawl = ? GROUP BY outcome", (crawl,)).fetchall()
        ),
        "reasons": db.execute(REASONS, (crawl,)).fetchall(),
        "alerts": [alert for alert in alerts_since(db, crawl) if alert[0] == crawl],
        "changes": count_changes(db, Asked(crawl=crawl)),
        "settings": parsed(row["settings"]) or {},
        "tools": parsed(row["tools"]) or {},
    }
