"""The history of a page: its versions, what happened to it, how often it was confirmed; as one list, newest first."""

from __future__ import annotations

import itertools
import sqlite3  # noqa: TC003
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from db.corpus.changes import Change, changes_of_page
from pipelines.model.outcomes import FAILED, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MAX_VISITS = 2_000  # of a page that are read: more than five years of daily ones
CONFIRMED = frozenset({Outcome.UNCHANGED, Outcome.NOT_MODIFIED})
FIRST = "SELECT id, first_seen, title, words, content_words FROM versions WHERE page = ? ORDER BY id LIMIT 1"
VISITS = f"SELECT crawl, at, outcome, reason FROM visits WHERE page = ? ORDER BY crawl DESC LIMIT {MAX_VISITS}"


class PageVisit(NamedTuple):
    """How a visit to a page ended."""

    crawl: int
    at: str
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a page: ``kind`` is change, first, confirmed, seen, failed or found.

    ``at`` and ``since`` are the newest and the oldest time of it, ``count`` how many visits came to the same.
    """

    kind: str
    at: str
    since: str = ""
    count: int = 1
    outcome: str = ""
    reason: str = ""
    change: Change | None = None


class HistoryPage(NamedTuple):
    """What the page of a history shows."""

    page: sqlite3.Row
    site: sqlite3.Row
    first: sqlite3.Row | None  # version
    versions: int
    events: list[Event]


def read_history(db: sqlite3.Connection, page: int) -> HistoryPage | None:
    """Read the history of a page; ``None`` where there is no such page."""
    row = db.execute("SELECT * FROM pages WHERE id = ?", (page,)).fetchone()
    if row is None:
        return None
    changes = {change.crawl: change for change in reversed(changes_of_page(db, page))}
    visits = [PageVisit(*visit) for visit in db.execute(VISITS, (page,))]
    return HistoryPage(
        page=row,
        site=db.execute("SELECT * FROM sites WHERE id = ?", (row["site"],)).fetchone(),
        first=db.execute(FIRST, (page,)).fetchone(),
        versions=db.execute("SELECT count(*) FROM versions WHERE page = ?", (page,)).fetchone()[0],
        events=[*events_of(visits, changes), Event("found", row["found_at"], reason=row["how"])],
    )


def events_of(visits: Iterable[PageVisit], changes: Mapping[int, Change]) -> list[Event]:
    """Turn visits (newest first) into events; ``changes`` are by crawl. Those that came to the same are one.

    >>> days = [PageVisit(n, f"2026-03-0{n}", Outcome.UNCHANGED if n > 1 else Outcome.NEW, "") for n in (3, 2, 1)]
    >>> [(event.kind, event.count, event.since) for event in events_of(days, {})]
    [('confirmed', 2, '2026-03-02'), ('first', 1, '2026-03-01')]
    """
    events = (_event(visit, changes.get(visit.crawl)) for visit in visits)
    # a page that is visited daily has hundreds of equal lines; a change and the first reading stand alone
    merged = []
    for _, group in itertools.groupby(events, key=_sameness):
        run = list(group)
        merged.append(replace(run[0], since=run[-1].at, count=len(run)))
    return merged


def _event(visit: PageVisit, change: Change | None) -> Event:
    if change:
        kind = "change"
    elif visit.outcome == Outcome.NEW:
        kind = "first"
    elif visit.outcome in FAILED:
        kind = "failed"
    else:
        kind = "confirmed" if visit.outcome in CONFIRMED else "seen"
    return Event(kind, visit.at, visit.at, outcome=visit.outcome, reason=visit.reason, change=change)


def _sameness(event: Event) -> tuple[str, str]:
    """Give what two events that follow each other must have in common to be one."""
    if event.kind in {"change", "first"}:
        return event.kind, event.at
    return event.kind, "" if event.kind == "confirmed" else event.outcome
