"""The history of a page: its versions, what happened to it, how often it was confirmed; as one list, newest first."""

from __future__ import annotations

import itertools
import sqlite3  # noqa: TC003
from dataclasses import dataclass
from typing import Any

from db.corpus.changes import Change, changes_of_page
from pipelines.model.outcomes import CONFIRMED, FAILED, Outcome

VISITS = 2_000  # of a page that are read: more than five years of daily ones
SAME_TEXT = CONFIRMED - {Outcome.NEW, Outcome.CHANGED}
FIRST = "SELECT id, first_seen, title, words, own_words FROM versions WHERE page = ? ORDER BY id LIMIT 1"
SEEN = f"SELECT crawl, at, outcome, reason FROM visits WHERE page = ? ORDER BY crawl DESC LIMIT {VISITS}"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a page: ``kind`` is change, first, confirmed, failed or found.

    ``at`` and ``since`` are the newest and the oldest time of it, ``count`` how many visits came to the same.
    """

    kind: str
    at: str
    since: str = ""
    count: int = 1
    outcome: str = ""
    reason: str = ""
    change: Change | None = None


def read_history(db: sqlite3.Connection, page: int) -> dict[str, Any] | None:
    """Read the history of a page; ``None`` where there is no such page."""
    row = db.execute("SELECT * FROM pages WHERE id = ?", (page,)).fetchone()
    if row is None:
        return None
    told = {change.crawl: change for change in reversed(changes_of_page(db, page))}
    visits = [tuple(visit) for visit in db.execute(SEEN, (page,))]
    first = db.execute(FIRST, (page,)).fetchone()
    return {
        "page": row,
        "site": db.execute("SELECT * FROM sites WHERE id = ?", (row["site"],)).fetchone(),
        "first": first,
        "versions": db.execute("SELECT count(*) FROM versions WHERE page = ?", (page,)).fetchone()[0],
        "events": [*events_of(visits, told), Event("found", row["found_at"], reason=row["how"])],
    }


def events_of(visits: list[tuple[Any, ...]], changes: dict[int, Change]) -> list[Event]:
    """Turn visits (crawl, time, outcome, reason; newest first) into events; those that came to the same are one.

    >>> day = [(n, f"2026-03-0{n}", Outcome.UNCHANGED, "") for n in (3, 2)] + [(1, "2026-03-01", Outcome.NEW, "")]
    >>> [(event.kind, event.count, event.since) for event in events_of(day, {})]
    [('confirmed', 2, '2026-03-02'), ('first', 1, '2026-03-01')]
    """
    told = (_event(visit, changes.get(visit[0])) for visit in visits)
    return [_one(list(run)) for _, run in itertools.groupby(told, key=_sameness)]


def _event(visit: tuple[Any, ...], change: Change | None) -> Event:
    _, at, outcome, reason = visit
    if change:
        return Event("change", at, at, outcome=outcome, reason=reason, change=change)
    kind = {Outcome.NEW: "first"}.get(outcome) or ("failed" if outcome in FAILED else "confirmed")
    kind = kind if kind != "confirmed" or outcome in SAME_TEXT else "seen"
    return Event(kind, at, at, outcome=outcome, reason=reason)


def _sameness(event: Event) -> tuple[object, ...]:
    if event.change or event.kind == "first":
        return (event.kind, event.at)
    return (event.kind, "" if event.kind == "confirmed" else event.outcome)


def _one(run: list[Event]) -> Event:
    newest, oldest = run[0], run[-1]
    return Event(newest.kind, newest.at, oldest.at, len(run), newest.outcome, newest.reason, newest.change)
