"""What the votes on one question come to: who stands where, what is settled, what agreement is computed on.

Pure functions above, the reads of the file of votes below.
"""

from __future__ import annotations

import sqlite3  # noqa: TC003
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

READER, ADJUDICATOR = "reader", "adjudicator"
ONE, AGREED, CONFLICT, ADJUDICATED = "one", "agreed", "conflict", "adjudicated"
SLIP = timedelta(minutes=1)
FULL = 2  # readers that a question needs before anything of it is shown to anybody


class Asked(NamedTuple):
    """One question: which value a code has for a unit, in a round of coding."""

    round: str
    unit_type: str
    unit: str
    code: str


class Row(NamedTuple):
    """A vote on a question, as far as counting needs it; a row with ``undoes`` takes another one back."""

    id: int
    coder: str
    role: str
    value: str
    undoes: int | None = None
    blinded: int = 1
    at: str = ""


class Tally(NamedTuple):
    """What the votes on one question come to.

    ``standing`` are the readers' votes that stand now, ``original`` those that agreement is computed on: what stood
    before anybody adjudicated. ``status`` is ``None`` where no reader stands. ``value`` is what is settled, if it is.
    """

    status: str | None
    standing: dict[str, int]
    original: dict[str, int]
    adjudicated: int | None = None
    value: str | None = None


def tally(rows: Sequence[Row]) -> Tally:
    """Count the votes on one question, given in the order of casting.

    >>> votes = [Row(1, "a", READER, "yes"), Row(2, "b", READER, "no")]
    >>> tally(votes).status
    'conflict'
    >>> tally([*votes, Row(3, "c", ADJUDICATOR, "no"), Row(4, "a", READER, "no", blinded=0)]).original
    {'a': 1, 'b': 2}
    """
    values = {row.id: row.value for row in rows}
    standing = _last(effective(rows), READER)
    final = next(iter(_last(effective(rows), ADJUDICATOR, every=True).values()), None)
    agreed = {values[vote] for vote in standing.values()}
    status = _status(len(standing), len(agreed), final)
    settled = values[final] if final and status == ADJUDICATED else None
    if status == AGREED:
        settled = next(iter(agreed))
    return Tally(status, standing, _originals(rows), final, settled)


def is_blind(rows: Sequence[Row], coder: str) -> bool:
    """Tell whether a coder votes without having been able to see another's vote on the question.

    A question opens to those who answered it when as many have voted as it needs, and to all when it is adjudicated.
    It stays open: an undo does not make anybody forget, unless it mends a slip of the finger at once.

    >>> votes = [Row(1, "a", READER, "yes"), Row(2, "b", READER, "no"), Row(3, "b", READER, "", undoes=2)]
    >>> is_blind(votes, "b"), is_blind(votes, "c")
    (False, True)
    """
    kept = without_slips(rows)
    if len({row.coder for row in kept}) < FULL:
        return True
    for count in range(1, len(kept) + 1):
        told = tally(kept[:count])
        if told.adjudicated or (coder in told.standing and len(told.standing) >= FULL):
            return False
    return True


def without_slips(rows: Sequence[Row]) -> list[Row]:
    """Leave out votes that were taken back within a minute, and what took them back: nobody looks anything up so fast.

    >>> at = "2026-03-01T09:00:{}+00:00".format
    >>> without_slips([Row(1, "a", READER, "no", at=at("00")), Row(2, "a", READER, "", undoes=1, at=at("04"))])
    []
    """
    cast = {row.id: row.at for row in rows}
    backs = {row.id: row.undoes for row in rows if row.undoes and _is_slip(cast.get(row.undoes, ""), row.at)}
    gone = backs.keys() | set(backs.values())
    return [row for row in rows if row.id not in gone]


def _is_slip(cast: str, taken_back: str) -> bool:
    if not cast or not taken_back:
        return False
    return timedelta(0) <= datetime.fromisoformat(taken_back) - datetime.fromisoformat(cast) <= SLIP


def effective(rows: Iterable[Row]) -> list[Row]:
    """Leave out rows that were taken back, and those that took back."""
    rows = list(rows)
    undone = {row.undoes for row in rows if row.undoes}
    return [row for row in rows if not row.undoes and row.id not in undone]


def _last(rows: Iterable[Row], role: str, *, every: bool = False) -> dict[str, int]:
    """Name the last vote of each coder of a role, or the last one of them all under one name."""
    return {"" if every else row.coder: row.id for row in rows if row.role == role}


def _originals(rows: Sequence[Row]) -> dict[str, int]:
    """Name the votes that agreement is computed on: what stood before the readers could know each other's."""
    return _last(effective(row for row in rows if row.blinded), READER)


def _status(readers: int, values: int, final: int | None) -> str | None:
    if final and readers:
        return ADJUDICATED
    if readers < FULL:
        return ONE if readers else None
    return AGREED if values == 1 else CONFLICT


def standing_vote(db: sqlite3.Connection, asked: Asked, coder: str) -> sqlite3.Row | None:
    """Give the vote of a coder that stands on a question."""
    row: sqlite3.Row | None = db.execute(
        "SELECT votes.* FROM standing JOIN votes ON votes.id = standing.vote WHERE standing.round = ?"
        " AND standing.unit_type = ? AND standing.unit = ? AND standing.code = ? AND standing.coder = ?",
        (*asked, coder),
    ).fetchone()
    return row


def status_of(db: sqlite3.Connection, asked: Asked) -> str | None:
    """Say where a question stands: one, agreed, conflict, adjudicated; ``None`` without a vote."""
    row = db.execute(
        "SELECT status FROM units WHERE round = ? AND unit_type = ? AND unit = ? AND code = ?", asked
    ).fetchone()
    return row[0] if row else None


def counts(db: sqlite3.Connection, round_: str, code: str, coder: str) -> dict[str, int]:
    """Count the questions of a code: ``mine`` voted by this coder, ``both`` by as many as it needs, by status."""
    mine = db.execute(
        "SELECT count(*) FROM standing WHERE round = ? AND coder = ? AND code = ?", (round_, coder, code)
    ).fetchone()[0]
    found = dict(
        db.execute("SELECT status, count(*) FROM units WHERE round = ? AND code = ? GROUP BY 1", (round_, code))
    )
    both = db.execute(
        "SELECT count(*) FROM units WHERE round = ? AND code = ? AND readers >= ?", (round_, code, FULL)
    ).fetchone()[0]
    return {"mine": mine, "both": both} | {name: found.get(name, 0) for name in (ONE, AGREED, CONFLICT, ADJUDICATED)}


def conflicts(db: sqlite3.Connection, round_: str, code: str | None = None) -> list[Asked]:
    """Name the questions on which readers differ and nobody has decided, in the order of the units."""
    rows = db.execute(
        "SELECT round, unit_type, unit, code FROM units WHERE round = ? AND status = 'conflict'"
        " AND code = coalesce(?, code) ORDER BY code, unit",
        (round_, code),
    )
    return [Asked(*row) for row in rows]


def nameless(db: sqlite3.Connection, asked: Asked) -> list[dict[str, Any]]:
    """Give the readers' votes on a question without names, ordered by value so that the order tells no name.

    Empty until as many have voted as the question needs.
    """
    rows = db.execute(
        "SELECT votes.value, votes.value_text, votes.quote FROM standing JOIN votes ON votes.id = standing.vote"
        " WHERE standing.round = ? AND standing.unit_type = ? AND standing.unit = ? AND standing.code = ?"
        " ORDER BY votes.value, votes.quote, votes.value_text",
        asked,
    ).fetchall()
    names = ("value", "value_text", "quote")
    return [dict(zip(names, row, strict=True)) for row in rows] if len(rows) >= FULL else []


def recent(db: sqlite3.Connection, round_: str, coder: str, limit: int = 10) -> list[sqlite3.Row]:
    """Give the last decisions of a coder that stand, newest first, one row each; ``spread`` counts its other rows."""
    return db.execute(
        "SELECT votes.*, (SELECT count(*) - 1 FROM votes AS every WHERE every.decision = votes.decision) AS spread"
        " FROM votes WHERE coder = ? AND round = ? AND place = 0 AND undoes IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM votes AS back WHERE back.undoes = votes.id) ORDER BY id DESC LIMIT ?",
        (coder, round_, limit),
    ).fetchall()


def original_votes(db: sqlite3.Connection, round_: str, code: str | None = None) -> Iterator[sqlite3.Row]:
    """Give the readers' votes that agreement is computed on, one row a coder and question, ordered by question.

    These are the last votes cast blind: what a coder changed after an adjudication does not count.
    """
    yield from db.execute(
        "SELECT * FROM ("
        "  SELECT *, row_number() OVER (PARTITION BY code, unit_type, unit, coder ORDER BY id DESC) AS rank"
        "  FROM votes WHERE round = ? AND role = 'reader' AND blinded = 1 AND undoes IS NULL"
        "  AND code = coalesce(?, code) AND substr(code, 1, 1) != '_'"
        "  AND id NOT IN (SELECT undoes FROM votes WHERE undoes IS NOT NULL AND blinded = 1))"
        " WHERE rank = 1 ORDER BY code, unit_type, unit, coder",
        (round_, code),
    )


def settled(db: sqlite3.Connection, round_: str) -> list[tuple[str, str, str, str, str]]:
    """Give what is decided, by two who agree or by an adjudicator: unit type, unit, code, value, status."""
    return db.execute(
        "SELECT unit_type, unit, code, value, status FROM units WHERE round = ? AND value IS NOT NULL"
        " ORDER BY code, unit",
        (round_,),
    ).fetchall()
