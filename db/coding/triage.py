"""Marks of triage on changes: what people made of each, only ever added to, and what stands of it now.

Marks are beside the votes, by the name of the change (``edit``): a change that is worked out anew has the same name as
long as its crawl, site and lines are the same. A mark whose change is listed no more is kept, with what it was on.
"""

from __future__ import annotations

import json
import sqlite3  # noqa: TC003
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from db.coding.voting import VoteError
from db.corpus.connection import atomic
from pipelines.text.encode import sanitise

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "MAX_NOTE",
    "ChangeTriage",
    "Mark",
    "MarkFilter",
    "MarkedChange",
    "TriageStatus",
    "assignees",
    "store_mark",
    "triage_of",
    "undo_mark",
    "unlisted_changes",
]

MAX_NOTE = 2_000  # characters
MAX_NAME = 40
NOBODY = "-"  # in a filter: changes that nobody is assigned to
UNTRIAGED = "untriaged"  # in a filter: changes that nobody has marked


class TriageStatus(StrEnum):
    """What a person makes of a change."""

    SEEN = "seen"
    RELEVANT = "relevant"
    DISMISSED = "dismissed"
    FOLLOW_UP = "follow up"


#: what a status means to the person who sets it
STATUS_MEANINGS: dict[str, str] = {
    TriageStatus.SEEN: "I have read it; nothing is decided by that",
    TriageStatus.RELEVANT: "it matters to what we watch for",
    TriageStatus.DISMISSED: "it does not matter to what we watch for",
    TriageStatus.FOLLOW_UP: "something is to be done about it",
}
CHANGE = """
    SELECT changes.kind, changes.page, changes.crawl, pages.url, sites.host, changes.at, changes.summary
    FROM corpus.page_changes AS changes JOIN corpus.pages ON pages.id = changes.page
    JOIN corpus.sites ON sites.id = pages.site WHERE changes.edit = ? AND changes.lead = 1
"""
LAST_MARKED = """
    SELECT kind, page, crawl, url, host, seen_at, summary FROM triage_marks WHERE change = ? ORDER BY id DESC LIMIT 1
"""
MARKS = """
    SELECT id, change, coder, at, status, assignee, note FROM current_marks
    WHERE change IN (SELECT value FROM json_each(?)) ORDER BY id
"""
# the shared status is the last that decides something; that somebody has seen a change takes back nobody's decision
SHARED = """
    SELECT change, status FROM (
        SELECT change, status, row_number() OVER (PARTITION BY change ORDER BY status = 'seen', id DESC) AS place
        FROM current_marks WHERE status != ''
    ) WHERE place = 1
"""
ASSIGNED = """
    SELECT change, assignee FROM (
        SELECT change, assignee, row_number() OVER (PARTITION BY change ORDER BY id DESC) AS place
        FROM current_marks WHERE assignee IS NOT NULL
    ) WHERE place = 1 AND assignee != ''
"""
UNLISTED = """
    SELECT change, kind, page, crawl, url, host, seen_at, summary FROM triage_marks AS marks
    WHERE id IN (SELECT max(id) FROM current_marks GROUP BY change)
        AND NOT EXISTS (SELECT 1 FROM corpus.page_changes AS now WHERE now.edit = marks.change AND now.lead = 1)
    ORDER BY id DESC
"""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a person makes of a change; an empty status, an assignee of ``None`` and an empty note say nothing."""

    at: str
    coder: str
    change: str
    status: str = ""
    assignee: str | None = None
    note: str = ""


class StoredMark(NamedTuple):
    """A mark that holds."""

    id: int
    change: str
    coder: str
    at: str
    status: str
    assignee: str | None
    note: str


class ChangeTriage(NamedTuple):
    """What stands of the marks on a change: shared by all, and each person's own, the last mark first.

    ``status`` is the last one that decides something, else ``seen``; ``mine`` is the status that one person gave last.
    """

    status: str = ""
    by: str = ""
    at: str = ""
    assignee: str = ""
    mine: str = ""
    marks: tuple[StoredMark, ...] = ()

    @property
    def others(self) -> list[StoredMark]:
        """Give the last status of each person that differs from the shared one."""
        last = {mark.coder: mark for mark in reversed(self.marks) if mark.status}
        return [mark for mark in last.values() if mark.status not in {self.status, TriageStatus.SEEN}]

    @property
    def notes(self) -> list[StoredMark]:
        """Give the marks that have a note, the last first."""
        return [mark for mark in self.marks if mark.note]


class MarkedChange(NamedTuple):
    """What a change was when it was marked last."""

    change: str
    kind: str
    page: int | None
    crawl: int | None
    url: str
    host: str
    seen_at: str
    summary: str


class MarkFilter(NamedTuple):
    """Which changes are asked for by their marks; empty means any.

    ``status`` is a status or ``untriaged``, ``assignee`` a name or ``-`` for nobody; ``mine`` is ``mine`` (marked by
    ``coder`` or assigned to ``coder``) or ``unmarked`` (not marked by ``coder``).
    """

    status: str = ""
    assignee: str = ""
    mine: str = ""
    coder: str = ""


class ChosenChanges(NamedTuple):
    """Names of changes as JSON lists: only these, and all but these; empty for no such condition."""

    only: str = ""
    without: str = ""


def store_mark(db: sqlite3.Connection, mark: Mark, decision: str) -> int:
    """Store a mark; a decision that is known already gives its row and adds none.

    The corpus is attached as ``corpus``. Raises :class:`VoteError` for a mark that says nothing, a status that is
    none, a note without end, or a change that there is not and never was.
    """
    if mark.status and mark.status not in set(TriageStatus):
        raise VoteError(f"{mark.status!r} is no status; one of {', '.join(TriageStatus)}")
    if not mark.status and mark.assignee is None and not mark.note:
        raise VoteError("a mark needs a status, an assignee or a note")
    if len(mark.note) > MAX_NOTE or len(mark.assignee or "") > MAX_NAME:
        raise VoteError(f"a note has up to {MAX_NOTE} characters, an assignee up to {MAX_NAME}")
    with atomic(db):
        known = _decided(db, decision, mark.coder)
        if known is not None:
            return known
        facts = db.execute(CHANGE, (mark.change,)).fetchone() or db.execute(LAST_MARKED, (mark.change,)).fetchone()
        if facts is None:
            raise VoteError("there is no such change")
        return _insert(db, mark, tuple(facts), decision)


def undo_mark(db: sqlite3.Connection, coder: str, at: str, decision: str, change: str = "") -> str | None:
    """Take back the last mark of a person that holds, on one change where it is named; ever further at each call.

    Gives the name of the change that it was on, ``None`` where nothing is left to take back.
    """
    with atomic(db):
        known = _decided(db, decision, coder)
        if known is not None:
            return str(db.execute("SELECT change FROM triage_marks WHERE id = ?", (known,)).fetchone()[0])
        last = db.execute(
            "SELECT id, change FROM current_marks WHERE coder = :coder AND (change = :change OR :change = '')"
            " ORDER BY id DESC LIMIT 1",
            {"coder": coder, "change": change},
        ).fetchone()
        if last is None:
            return None
        facts = db.execute(LAST_MARKED, (last[1],)).fetchone()
        _insert(db, Mark(at, coder, last[1]), tuple(facts), decision, undoes=last[0])
        return str(last[1])


def _decided(db: sqlite3.Connection, decision: str, coder: str) -> int | None:
    row = db.execute("SELECT id, coder FROM triage_marks WHERE decision = ?", (decision,)).fetchone()
    if row and row[1] != coder:
        raise VoteError("this decision is another person's")
    return int(row[0]) if row else None


def _insert(
    db: sqlite3.Connection, mark: Mark, facts: tuple[object, ...], decision: str, undoes: int | None = None
) -> int:
    values = (mark.at, mark.coder, mark.change, mark.status, mark.assignee, mark.note, *facts, undoes, decision)
    added = db.execute(
        "INSERT INTO triage_marks (at, coder, change, status, assignee, note, kind, page, crawl, url, host, seen_at,"
        " summary, undoes, decision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [sanitise(value) if isinstance(value, str) else value for value in values],
    ).lastrowid
    return int(added or 0)


def triage_of(db: sqlite3.Connection, changes: Iterable[str] | None, coder: str = "") -> dict[str, ChangeTriage]:
    """Give what stands of the marks on changes, by name, or on all that have any.

    ``coder`` is the person whose own status is ``mine``.
    """
    if changes is None:
        changes = [change for (change,) in db.execute("SELECT DISTINCT change FROM current_marks")]
    marks: dict[str, list[StoredMark]] = {change: [] for change in changes}
    for row in db.execute(MARKS, (json.dumps(list(marks)),)):
        marks[row[1]].append(StoredMark(*row))
    return {change: _triage(found, coder) for change, found in marks.items()}


def _triage(marks: Sequence[StoredMark], coder: str) -> ChangeTriage:
    """Work out what stands of marks, which come in the order of their making.

    >>> one = StoredMark(1, "c", "anna", "2026-01-01", "dismissed", None, "")
    >>> two = StoredMark(2, "c", "ben", "2026-01-02", "seen", "anna", "")
    >>> _triage([one, two], "ben")[:5]
    ('dismissed', 'anna', '2026-01-01', 'anna', 'seen')
    """
    last_first = tuple(reversed(marks))
    stated = [mark for mark in last_first if mark.status]
    shared = next((mark for mark in stated if mark.status != TriageStatus.SEEN), stated[0] if stated else None)
    assignee = next((mark.assignee for mark in last_first if mark.assignee is not None), "")
    mine = next((mark.status for mark in stated if mark.coder == coder), "")
    if shared is None:
        return ChangeTriage(assignee=assignee, mine=mine, marks=last_first)
    return ChangeTriage(shared.status, shared.coder, shared.at, assignee, mine, last_first)


def chosen_changes(db: sqlite3.Connection, filters: MarkFilter) -> ChosenChanges:
    """Turn a filter on marks into names of changes, as the list of changes takes them."""
    wanted: list[set[str]] = []
    unwanted: set[str] = set()
    if filters.status == UNTRIAGED:
        unwanted |= {change for (change,) in db.execute("SELECT DISTINCT change FROM current_marks WHERE status != ''")}
    elif filters.status:
        wanted.append({change for change, status in db.execute(SHARED) if status == filters.status})
    assigned = dict(db.execute(ASSIGNED).fetchall()) if filters.assignee or filters.mine else {}
    if filters.assignee == NOBODY:
        unwanted |= set(assigned)
    elif filters.assignee:
        wanted.append({change for change, name in assigned.items() if name == filters.assignee})
    if filters.mine:
        sql = "SELECT DISTINCT change FROM current_marks WHERE coder = ?"
        marked = {change for (change,) in db.execute(sql, (filters.coder,))}
        if filters.mine == "mine":
            wanted.append(marked | {change for change, name in assigned.items() if name == filters.coder})
        else:
            unwanted |= marked
    only = json.dumps(sorted(set.intersection(*wanted))) if wanted else ""
    return ChosenChanges(only, json.dumps(sorted(unwanted)) if unwanted else "")


def assignees(db: sqlite3.Connection) -> list[str]:
    """Name everybody to whom a change is assigned now."""
    return sorted({name for _, name in db.execute(ASSIGNED)})


def unlisted_changes(db: sqlite3.Connection, change: str = "") -> list[MarkedChange]:
    """Give the changes that have marks and are listed no more, the last marked first; ``change`` asks for one."""
    found = [MarkedChange(*row) for row in db.execute(UNLISTED)]
    return [one for one in found if not change or one.change == change]
