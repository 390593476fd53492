"""The page of a crawl: its funnel, what was new, changed or gone, what failed and why."""

from __future__ import annotations

import sqlite3  # noqa: TC003
from typing import Any, NamedTuple

from db.corpus.changes import Asked, alerts_since, count_changes
from db.datasette.formatting import lasted, parsed

BOXES = ("fetched", "skipped", "failed", "queued", "resting")
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


class OutcomeCount(NamedTuple):
    """How many URLs ended in an outcome."""

    outcome: str
    urls: int


class FunnelBox(NamedTuple):
    """A part of a funnel: how many URLs ended there, how many of 100 discovered ones, and in which outcomes."""

    name: str
    urls: int
    percent: float
    outcomes: list[OutcomeCount]


class CrawlPage(NamedTuple):
    """What the page of a crawl shows."""

    crawl: sqlite3.Row
    took: str
    funnel: dict[str, int]
    boxes: list[FunnelBox]
    lists: dict[str, list[sqlite3.Row]]  # the first pages of each outcome that is listed
    counts: dict[str, int]  # visits by outcome
    reasons: list[sqlite3.Row]
    alerts: list[tuple[int, str, str]]
    changes: int
    settings: dict[str, Any]
    tools: dict[str, Any]


def read_crawl(db: sqlite3.Connection, crawl: int) -> CrawlPage | None:
    """Read a crawl; ``None`` where there is no such crawl."""
    row = db.execute("SELECT * FROM crawls WHERE id = ?", (crawl,)).fetchone()
    if row is None:
        return None
    funnel = read_funnel(db, row)
    counts = db.execute("SELECT outcome, count(*) FROM visits WHERE crawl = ? GROUP BY outcome", (crawl,))
    return CrawlPage(
        crawl=row,
        took=lasted(row["started_at"], row["ended_at"]),
        funnel=funnel,
        boxes=funnel_boxes(funnel),
        lists={outcome: db.execute(PAGES, (crawl, outcome)).fetchall() for outcome in ("changed", "new", "gone")},
        counts=dict(counts.fetchall()),
        reasons=db.execute(REASONS, (crawl,)).fetchall(),
        alerts=[(number, host, alert) for number, host, alert in alerts_since(db, crawl) if number == crawl],
        changes=count_changes(db, Asked(crawl=crawl)),
        settings=parsed(row["settings"]) or {},
        tools=parsed(row["tools"]) or {},
    )


def read_funnel(db: sqlite3.Connection, crawl: sqlite3.Row) -> dict[str, int]:
    """Give a crawl's funnel; of one that has not ended, how many URLs it has dealt with so far."""
    stored = parsed(crawl["funnel"])
    if isinstance(stored, dict) and stored:
        return {str(name): int(count) for name, count in stored.items()}
    done = db.execute("SELECT count(*) FROM visits WHERE crawl = ?", (crawl["id"],)).fetchone()[0]
    return {"so far": done} if done else {}


def funnel_boxes(funnel: dict[str, int]) -> list[FunnelBox]:
    """Turn the counts of a funnel into its boxes; those with no URL are left out.

    >>> [box] = funnel_boxes({"discovered": 4, "fetched": 3, "fetched: new": 3})
    >>> box
    FunnelBox(name='fetched', urls=3, percent=75.0, outcomes=[OutcomeCount(outcome='new', urls=3)])
    """
    total = funnel.get("discovered", 0)
    boxes = []
    for name in BOXES:
        if total and funnel.get(name):
            prefix = f"{name}: "
            inside = [OutcomeCount(key.removeprefix(prefix), n) for key, n in funnel.items() if key.startswith(prefix)]
            inside.sort(key=lambda one: (-one.urls, one.outcome))
            boxes.append(FunnelBox(name, funnel[name], 100 * funnel[name] / total, inside))
    return boxes
