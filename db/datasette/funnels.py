"""A crawl's funnel as its boxes: how every discovered address ended."""

from __future__ import annotations

import sqlite3  # noqa: TC003

from db.datasette.wording import parsed

BOXES = ("fetched", "skipped", "failed", "queued", "resting")


def funnel_of(db: sqlite3.Connection, crawl: sqlite3.Row) -> dict[str, int]:
    """Give a crawl's funnel; of one that has not ended, how many addresses it has dealt with so far."""
    stored = parsed(crawl["funnel"])
    if isinstance(stored, dict) and stored:
        return {str(name): int(count) for name, count in stored.items()}
    done = db.execute("SELECT count(*) FROM visits WHERE crawl = ?", (crawl["id"],)).fetchone()[0]
    return {"so far": done} if done else {}


def boxes_of(funnel: dict[str, int]) -> list[tuple[str, int, float, list[tuple[str, int]]]]:
    """Turn a funnel into its boxes: name, count, share of what was discovered in per cent, outcomes inside.

    >>> boxes_of({"discovered": 4, "fetched": 3, "fetched: new": 3, "failed": 1, "failed: gone": 1})
    [('fetched', 3, 75.0, [('new', 3)]), ('failed', 1, 25.0, [('gone', 1)])]
    """
    total = funnel.get("discovered", 0)
    return [
        (box, funnel[box], 100 * funnel[box] / total, _inside(funnel, box))
        for box in BOXES
        if funnel.get(box) and total
    ]


def _inside(funnel: dict[str, int], box: str) -> list[tuple[str, int]]:
    inside = [(name.removeprefix(f"{box}: "), n) for name, n in funnel.items() if name.startswith(f"{box}: ")]
    return sorted(inside, key=lambda one: (-one[1], one[0]))
