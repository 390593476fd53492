"""Casting votes and taking them back: each decision is one transaction, and a decision that is sent twice is one."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from db.coding.tally import READER, CastVote, UnitQuestion, is_blind, tally
from db.corpus.connection import atomic
from pipelines.model.errors import ClinicwatchError
from pipelines.text.encode import sanitise

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

MAX_CHARACTERS = {"value": 2_000, "value_text": 10_000, "quote": 10_000}


class VoteError(ClinicwatchError):
    """Raised for a vote that cannot be cast or taken back; its text says why, and nothing was stored."""


@dataclass(frozen=True, slots=True)
class Vote:
    """One answer of one coder to one question: which code a unit has.

    ``unit`` is the SHA-256 of the page's content, :func:`db.coding.votes_file.claim_unit` or an advertiser.
    ``value`` is a value of the codebook (several of a set in alphabetical order, joined by ``|``), ``value_text`` free
    words. ``start`` and ``end`` count characters of the text, ``seconds`` is how long the coder looked. ``at`` is UTC.
    """

    at: str
    coder: str
    unit_type: str
    unit: str
    code: str
    value: str
    role: str = READER
    round: str = "1"
    value_text: str = ""
    quote: str = ""
    start: int | None = None
    end: int | None = None
    sentence_no: int | None = None
    text_sha256: str = ""
    page: int | None = None
    version: int | None = None
    codebook: str = ""
    reference: str = ""
    seconds: float | None = None
    spread_from: int | None = None


def cast_votes(db: sqlite3.Connection, votes: Sequence[Vote], decision: str) -> list[int]:
    """Store the votes of one decision, all or none; a decision that is known already gives its rows and adds none.

    Raises :class:`VoteError` where the decision is another coder's, or a value is empty or endless.
    """
    for vote in votes:
        if not vote.value and not vote.value_text:
            raise VoteError("a vote needs a value")
        for name, most in MAX_CHARACTERS.items():
            if len(getattr(vote, name)) > most:
                raise VoteError(f"{name} has more than {most} characters")
    with atomic(db):
        known = decided(db, decision)
        if known:
            _refuse_other_coder(db, known[0], votes[0].coder if votes else "")
            return known
        return [_insert(db, vote, decision, place) for place, vote in enumerate(votes)]


def decided(db: sqlite3.Connection, decision: str) -> list[int]:
    """Name the rows of a decision that is stored."""
    rows = db.execute("SELECT id FROM votes WHERE decision = ? ORDER BY place", (decision,))
    return [vote for (vote,) in rows]


def undo(db: sqlite3.Connection, who: Vote, decision: str) -> list[int]:
    """Take back the last decision of a coder in a round that holds, with all its rows; ever further at each call.

    ``who`` gives coder, role, round and time. Gives the rows that were taken back, none where nothing is left.
    """
    with atomic(db):
        known = decided(db, decision)
        if known:
            _refuse_other_coder(db, known[0], who.coder)
            return [db.execute("SELECT undoes FROM votes WHERE id = ?", (row,)).fetchone()[0] for row in known]
        last = db.execute(LAST_DECISION, (who.coder, who.round, who.role)).fetchone()
        taken_back = decided(db, last[0]) if last else []
        for place, row in enumerate(taken_back):
            question = db.execute("SELECT round, unit_type, unit, code FROM votes WHERE id = ?", (row,)).fetchone()
            vote = replace(who, **UnitQuestion(*question)._asdict(), value="")
            _insert(db, vote, decision, place, undoes=row)
        return taken_back


LAST_DECISION = """
    SELECT decision FROM votes WHERE coder = ? AND round = ? AND role = ? AND undoes IS NULL
        AND NOT EXISTS (SELECT 1 FROM votes AS back WHERE back.undoes = votes.id)
    ORDER BY id DESC LIMIT 1
"""


def _refuse_other_coder(db: sqlite3.Connection, vote: int, coder: str) -> None:
    if db.execute("SELECT coder FROM votes WHERE id = ?", (vote,)).fetchone()[0] != coder:
        raise VoteError("this decision is another coder's")


def _insert(db: sqlite3.Connection, vote: Vote, decision: str, place: int, undoes: int | None = None) -> int:
    question = UnitQuestion(vote.round, vote.unit_type, vote.unit, vote.code)
    rows = rows_of(db, question)
    # an undo is judged as a vote of its coder: whoever has seen another's vote does not forget it by taking back
    this = [CastVote(0, vote.coder, vote.role, vote.value, undoes, at=vote.at)] if undoes else []
    row: dict[str, Any] = asdict(vote) | {
        "blinded": int(is_blind([*rows, *this], vote.coder)),
        "undoes": undoes,
        "supersedes": None if undoes else tally(rows).current.get(vote.coder),
        "decision": decision,
        "place": place,
    }
    # by hand, for sheets bring votes by the ten thousand: 9 µs, with sqlite-utils (it reads the columns each time) 270
    names = ", ".join(f'"{name}"' for name in row)
    values = [sanitise(value) if isinstance(value, str) else value for value in row.values()]
    added = db.execute(f"INSERT INTO votes ({names}) VALUES ({', '.join('?' * len(row))})", values).lastrowid
    settle(db, question)
    return int(added or 0)


def rows_of(db: sqlite3.Connection, question: UnitQuestion) -> list[CastVote]:
    """Read every vote on one question, in the order of casting."""
    rows = db.execute(
        "SELECT id, coder, role, value, undoes, blinded, at FROM votes"
        " WHERE round = ? AND unit_type = ? AND unit = ? AND code = ? ORDER BY id",
        question,
    )
    return [CastVote(*row) for row in rows]


def settle(db: sqlite3.Connection, question: UnitQuestion) -> None:
    """Bring what is derived from the votes on one question up to date: the tables ``standing`` and ``units``."""
    result = tally(rows_of(db, question))
    where = "round = ? AND unit_type = ? AND unit = ? AND code = ?"
    db.execute(f"DELETE FROM standing WHERE {where}", question)
    db.execute(f"DELETE FROM units WHERE {where}", question)
    db.executemany(
        "INSERT INTO standing (round, unit_type, unit, code, coder, vote) VALUES (?, ?, ?, ?, ?, ?)",
        [(*question, coder, vote) for coder, vote in result.current.items()],
    )
    if result.status:
        db.execute(
            "INSERT INTO units (round, unit_type, unit, code, status, readers, value) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*question, result.status, len(result.current), result.value),
        )
