"""How a sample is used beside what was drawn: hidden, renamed, assigned to coders; each change is a row that stays.

What was drawn is frozen. A sample keeps the name that it was drawn under (queues, studies and exports use it), and is
shown under the last one that it was given. The last change can be taken back, then the one before it, without end.
"""

from __future__ import annotations

import json
import re
import sqlite3  # noqa: TC003
from typing import TYPE_CHECKING, Any, NamedTuple

from db.coding.team import NAME
from db.corpus.connection import atomic
from pipelines.model.errors import UsageError
from pipelines.text.encode import dump

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "AS_DRAWN",
    "SampleEvent",
    "SampleSettings",
    "assign",
    "hide",
    "read_settings",
    "rename",
    "sample_events",
    "undo_last",
]

HIDDEN, TITLE, CODERS = "hidden", "name", "coders"
SAMPLE_NAME = re.compile(r"[^\s/?#%][^/?#%\x00-\x1f]{0,79}")
EVENTS = """
    SELECT id, at, by, kind, value, undoes, EXISTS (
        SELECT 1 FROM sample_events AS back WHERE back.undoes = sample_events.id) AS is_undone
    FROM sample_events WHERE sample = ? ORDER BY id DESC
"""
TAKEN = """
    SELECT 1 FROM samples WHERE id <> :sample AND name = :name
    UNION ALL SELECT 1 FROM sample_events WHERE sample <> :sample AND kind = 'name' AND value = :value
"""


class SampleSettings(NamedTuple):
    """How a sample is used: whether it is offered, its present name ("" the one it was drawn under), whose it is.

    ``coders`` share it; where nobody is named, all coders of the team do.
    """

    hidden: bool = False
    name: str = ""
    coders: tuple[str, ...] = ()


AS_DRAWN = SampleSettings()


class SampleEvent(NamedTuple):
    """A change: who made it when, what it set to what (JSON); or (``undoes``) which change it took back."""

    id: int
    at: str
    by: str
    kind: str
    value: str
    undoes: int | None
    is_undone: bool

    @property
    def summary(self) -> str:
        """Say what was changed."""
        value = json.loads(self.value) if self.value else None
        if self.undoes:
            return "took the change before back"
        if self.kind == HIDDEN:
            return "hid it" if value else "showed it again"
        if self.kind == CODERS:
            return f"assigned it to {', '.join(value)}" if value else "assigned it to everybody"
        return f"named it {value}"


def hide(review: sqlite3.Connection, sample: int, by: str, at: str, *, hidden: bool = True) -> None:
    """Take a sample out of what coders are offered, or offer it again; its votes stay, and its address opens it."""
    with atomic(review):
        _store(review, sample, by, at, HIDDEN, hidden)


def rename(review: sqlite3.Connection, sample: int, by: str, at: str, name: str) -> None:
    """Show a sample under another name; raises :class:`UsageError` for a name that another one has or had."""
    name = " ".join(name.split())
    if not SAMPLE_NAME.fullmatch(name):
        raise UsageError(f"{name!r}: a sample's name has up to 80 characters, none of them / ? # or %")
    with atomic(review):
        if review.execute(TAKEN, {"sample": sample, "name": name, "value": dump(name)}).fetchone():
            raise UsageError(f"{name}: another sample has or had this name; choose one that is new")
        _store(review, sample, by, at, TITLE, name)


def assign(review: sqlite3.Connection, sample: int, by: str, at: str, coders: Sequence[str]) -> None:
    """Give a sample to some coders, who share it, or (none) to all of the team."""
    wrong = [name for name in coders if not NAME.fullmatch(name)]
    if wrong:
        raise UsageError(f"{wrong[0]!r}: no pseudonym of a coder (small letters, digits and hyphens)")
    with atomic(review):
        _store(review, sample, by, at, CODERS, sorted(set(coders)))


def undo_last(review: sqlite3.Connection, sample: int, by: str, at: str) -> SampleEvent | None:
    """Take back the last change of a sample that holds; gives it, nothing where none is left."""
    with atomic(review):
        last = next((one for one in sample_events(review, sample) if not one.undoes and not one.is_undone), None)
        if last:
            _insert(review, (sample, at, by, last.kind, "", last.id))
    return last


def sample_events(review: sqlite3.Connection, sample: int) -> list[SampleEvent]:
    """Give all changes of a sample, the newest first."""
    return [SampleEvent(*row) for row in review.execute(EVENTS, (sample,))]


def read_settings(review: sqlite3.Connection) -> dict[int, SampleSettings]:
    """Read how each sample that was ever changed is used now."""
    found: dict[int, SampleSettings] = {}
    for sample, kind, value in review.execute("SELECT sample, kind, value FROM sample_settings"):
        given = json.loads(value)
        set_to: dict[str, Any] = {kind: tuple(given) if kind == CODERS else given}
        found[sample] = found.get(sample, AS_DRAWN)._replace(**set_to)
    return found


def _store(review: sqlite3.Connection, sample: int, by: str, at: str, kind: str, value: object) -> None:
    """Add a change, where it is one."""
    before = getattr(read_settings(review).get(sample, AS_DRAWN), kind)
    if (list(before) if kind == CODERS else before) != value:
        _insert(review, (sample, at, by, kind, dump(value), None))


def _insert(review: sqlite3.Connection, row: tuple[int, str, str, str, str, int | None]) -> None:
    review.execute("INSERT INTO sample_events (sample, at, by, kind, value, undoes) VALUES (?, ?, ?, ?, ?, ?)", row)
