"""What the votes on one question come to: which are current, what is settled, what agreement is computed on.

Pure functions above, the reads of the file of votes below.
"""

from __future__ import annotations

import sqlite3  # noqa: TC003
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

READER, ADJUDICATOR = "reader", "adjudicator"  # roles of coders, as votes and team files have them
ONE, AGREED, CONFLICT, ADJUDICATED = "one", "agreed", "conflict", "adjudicated"
MACHINE = "machine:"  # before the name of a coder that is a program
MAX_SLIP = timedelta(minutes=1)
CODERS_NEEDED = 2  # on a question, before anything of it is shown to anybody

# sentences that one coder alone took for a claim, of pages that this coder and another one read whole: the main text
# by its own "read whole", another region by that of its page
READ_BY = """
    EXISTS (SELECT 1 FROM standing AS r WHERE r.round = s.round AND r.code = '_read' AND r.unit_type = 'text'
        AND r.unit = substr(s.unit, 1, 64) AND {who})
    OR EXISTS (SELECT 1 FROM votes AS page_read JOIN standing AS r ON r.vote = page_read.id
        WHERE page_read.page = mark.page AND page_read.version = mark.version AND page_read.code = '_read'
        AND page_read.value = 'whole page' AND r.round = s.round AND {who})
"""
LONE_MARKS = f"""
    SELECT s.round AS round, s.unit_type AS unit_type, s.unit AS unit, s.code AS code, s.vote AS vote
    FROM units JOIN standing AS s USING (round, code, unit_type, unit) JOIN votes AS mark ON mark.id = s.vote
    WHERE units.round = :round AND units.code = coalesce(:code, units.code) AND units.status = '{ONE}'
        AND units.unit_type = 'claim' AND substr(units.code, 1, 1) <> '_' AND mark.value NOT IN ('none', 'no', '')
        AND ({READ_BY.format(who="r.coder = s.coder")}) AND ({READ_BY.format(who="r.coder <> s.coder")})
"""


class UnitQuestion(NamedTuple):
    """One question: which value a code has for a unit, in a round of coding."""

    round: str
    unit_type: str
    unit: str
    code: str


class CastVote(NamedTuple):
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

    ``current`` are the coders' votes that hold now, ``original`` those that agreement is computed on: what held before
    they could know each other's, each by the coder. ``status`` is ``None`` where no coder has a current vote. ``value``
    is what is settled, if it is.
    """

    status: str | None
    current: dict[str, int]
    original: dict[str, int]
    adjudicated: int | None = None
    value: str | None = None


def tally(rows: Sequence[CastVote]) -> Tally:
    """Count the votes on one question, given in the order of casting.

    >>> votes = [CastVote(1, "a", READER, "yes"), CastVote(2, "b", READER, "no")]
    >>> tally(votes).status
    'conflict'
    >>> tally([*votes, CastVote(3, "c", ADJUDICATOR, "no"), CastVote(4, "a", READER, "no", blinded=0)]).original
    {'a': 1, 'b': 2}
    """
    values = {row.id: row.value for row in rows}
    votes = effective(rows)
    current = _last_votes(votes)
    original = _last_votes(effective(row for row in rows if row.blinded))
    adjudicated = next((row.id for row in reversed(votes) if row.role == ADJUDICATOR), None)
    agreed = {values[vote] for vote in current.values()}
    if not current:
        status, value = None, None
    elif adjudicated:
        status, value = ADJUDICATED, values[adjudicated]
    elif len(current) < CODERS_NEEDED:
        status, value = ONE, None
    elif len(agreed) == 1:
        status, value = AGREED, agreed.pop()
    else:
        status, value = CONFLICT, None
    return Tally(status, current, original, adjudicated, value)


def is_machine(coder: str) -> bool:
    """Tell whether a coder is a program.

    >>> is_machine("machine:cues"), is_machine("anna")
    (True, False)
    """
    return coder.startswith(MACHINE)


def is_blind(rows: Sequence[CastVote], coder: str) -> bool:
    """Tell whether a coder votes without having been able to see another's vote on the question.

    A question opens to those who answered it when as many have voted as it needs, and to all when it is adjudicated.
    It stays open: an undo does not make anybody forget, unless it mends a slip of the finger at once.

    >>> votes = [CastVote(1, "a", READER, "yes"), CastVote(2, "b", READER, "no")]
    >>> votes += [CastVote(3, "b", READER, "", undoes=2)]
    >>> is_blind(votes, "b"), is_blind(votes, "c")
    (False, True)
    """
    if is_machine(coder):  # it is given sentences and codes, never votes
        return True
    meant = [row for row in without_slips(rows) if not is_machine(row.coder)]
    if len({row.coder for row in meant}) < CODERS_NEEDED:
        return True
    for count in range(1, len(meant) + 1):
        then = tally(meant[:count])
        if then.adjudicated or (coder in then.current and len(then.current) >= CODERS_NEEDED):
            return False
    return True


def without_slips(rows: Sequence[CastVote]) -> list[CastVote]:
    """Leave out votes that were taken back within a minute, and what took them back: nobody looks anything up so fast.

    >>> at = "2026-03-01T09:00:{}+00:00".format
    >>> vote, undo = CastVote(1, "a", READER, "no", at=at("00")), CastVote(2, "a", READER, "", undoes=1, at=at("04"))
    >>> without_slips([vote, undo])
    []
    """
    cast_at = {row.id: row.at for row in rows}
    slips: set[int] = set()
    for row in rows:
        cast = cast_at.get(row.undoes, "") if row.undoes else ""
        if row.undoes and cast and row.at:
            after = datetime.fromisoformat(row.at) - datetime.fromisoformat(cast)
            slips |= {row.id, row.undoes} if timedelta(0) <= after <= MAX_SLIP else set()
    return [row for row in rows if row.id not in slips]


def effective(rows: Iterable[CastVote]) -> list[CastVote]:
    """Leave out rows that were taken back, and those that took back."""
    rows = list(rows)
    undone = {row.undoes for row in rows if row.undoes}
    return [row for row in rows if not row.undoes and row.id not in undone]


def _last_votes(rows: Iterable[CastVote]) -> dict[str, int]:
    """Name the last vote of each coder who is no adjudicator, programs left out: they settle nothing."""
    return {row.coder: row.id for row in rows if row.role == READER and not is_machine(row.coder)}


def current_vote(db: sqlite3.Connection, question: UnitQuestion, coder: str) -> sqlite3.Row | None:
    """Give the current vote of a coder on a question."""
    row: sqlite3.Row | None = db.execute(
        "SELECT votes.* FROM standing JOIN votes ON votes.id = standing.vote WHERE standing.round = ?"
        " AND standing.unit_type = ? AND standing.unit = ? AND standing.code = ? AND standing.coder = ?",
        (*question, coder),
    ).fetchone()
    return row


def status_of(db: sqlite3.Connection, question: UnitQuestion) -> str | None:
    """Give the status of a question: one, agreed, conflict, adjudicated; ``None`` without a vote."""
    row = db.execute(
        "SELECT status FROM units WHERE round = ? AND unit_type = ? AND unit = ? AND code = ?", question
    ).fetchone()
    return row[0] if row else None


class QuestionCounts(NamedTuple):
    """How many questions of a code a coder voted on, how many have votes enough, and how many are of each status."""

    mine: int
    both: int
    one: int
    agreed: int
    conflict: int
    adjudicated: int


def count_questions(db: sqlite3.Connection, round_: str, code: str, coder: str) -> QuestionCounts:
    """Count the questions of a code in a round, as one coder sees them."""
    mine = db.execute(
        "SELECT count(*) FROM standing WHERE round = ? AND coder = ? AND code = ?", (round_, coder, code)
    ).fetchone()[0]
    found = dict(
        db.execute("SELECT status, count(*) FROM units WHERE round = ? AND code = ? GROUP BY 1", (round_, code))
    )
    both = db.execute(
        "SELECT count(*) FROM units WHERE round = ? AND code = ? AND readers >= ?", (round_, code, CODERS_NEEDED)
    ).fetchone()[0]
    return QuestionCounts(mine, both, *(found.get(status, 0) for status in (ONE, AGREED, CONFLICT, ADJUDICATED)))


def conflicts(
    db: sqlite3.Connection, round_: str, code: str | None = None, *, lone_marks: bool = True
) -> list[UnitQuestion]:
    """Name the questions that wait for an adjudicator, in the order of the units: on which coders differ.

    With them, unless ``lone_marks`` is off, the sentences that one coder marked and another, who read the same page
    whole, did not.
    """
    rows = db.execute(
        "SELECT round, unit_type, unit, code FROM units WHERE round = :round AND status = 'conflict'"
        " AND code = coalesce(:code, code)"
        + (f" UNION ALL SELECT round, unit_type, unit, code FROM ({LONE_MARKS})" if lone_marks else "")
        + " ORDER BY code, unit",
        {"round": round_, "code": code},
    )
    return [UnitQuestion(*row) for row in rows]


def is_lone_mark(db: sqlite3.Connection, question: UnitQuestion) -> bool:
    """Tell whether only one of those who read the page whole marked this sentence, and nobody has decided on it."""
    sql = f"SELECT 1 FROM ({LONE_MARKS}) WHERE unit_type = :unit_type AND unit = :unit"
    return db.execute(sql, question._asdict()).fetchone() is not None


class AnonymousVote(NamedTuple):
    """What somebody voted, without the name; ``start`` and ``end`` are of the words that it rests on, in the text."""

    value: str
    value_text: str
    quote: str
    start: int | None = None
    end: int | None = None


def anonymous_votes(db: sqlite3.Connection, question: UnitQuestion) -> list[AnonymousVote]:
    """Give the coders' current votes on a question without names, ordered by value so that the order tells no name.

    Empty until as many have voted as the question needs; of a mark that nobody else made, the one vote.
    """
    rows = db.execute(
        'SELECT votes.value, votes.value_text, votes.quote, votes."start", votes."end"'
        " FROM standing JOIN votes ON votes.id = standing.vote"
        " WHERE standing.round = ? AND standing.unit_type = ? AND standing.unit = ? AND standing.code = ?"
        " ORDER BY votes.value, votes.quote, votes.value_text",
        question,
    ).fetchall()
    enough = len(rows) >= CODERS_NEEDED or is_lone_mark(db, question)
    return [AnonymousVote(*row) for row in rows] if enough else []


def recent_decisions(db: sqlite3.Connection, round_: str, coder: str, limit: int = 10) -> list[sqlite3.Row]:
    """Give the last decisions of a coder that hold, newest first, one row each; ``spread`` counts its other rows."""
    return db.execute(
        "SELECT votes.*, (SELECT count(*) - 1 FROM votes AS every WHERE every.decision = votes.decision) AS spread"
        " FROM votes WHERE coder = ? AND round = ? AND place = 0 AND undoes IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM votes AS back WHERE back.undoes = votes.id) ORDER BY id DESC LIMIT ?",
        (coder, round_, limit),
    ).fetchall()


def original_votes(db: sqlite3.Connection, round_: str, code: str | None = None) -> Iterator[sqlite3.Row]:
    """Give the coders' votes that agreement is computed on, one row a coder and question, ordered by question.

    These are the last votes cast blind: what a coder changed after an adjudication does not count. Votes of programs
    are left out: :func:`machine_votes` has them.
    """
    yield from db.execute(
        "SELECT * FROM ("
        "  SELECT *, row_number() OVER (PARTITION BY code, unit_type, unit, coder ORDER BY id DESC) AS rank"
        "  FROM votes WHERE round = ? AND role = 'reader' AND blinded = 1 AND undoes IS NULL"
        f"  AND substr(coder, 1, {len(MACHINE)}) != '{MACHINE}'"
        "  AND code = coalesce(?, code) AND substr(code, 1, 1) != '_'"
        "  AND id NOT IN (SELECT undoes FROM votes WHERE undoes IS NOT NULL AND blinded = 1))"
        " WHERE rank = 1 ORDER BY code, unit_type, unit, coder",
        (round_, code),
    )


def machine_votes(db: sqlite3.Connection, round_: str) -> list[sqlite3.Row]:
    """Give the last vote of each program on each question that people settled, with their value as ``people``."""
    return db.execute(
        "SELECT votes.*, units.value AS people FROM votes JOIN units USING (round, code, unit_type, unit)"
        f" WHERE votes.round = ? AND substr(votes.coder, 1, {len(MACHINE)}) = '{MACHINE}' AND units.value IS NOT NULL"
        " AND votes.id = (SELECT max(same.id) FROM votes AS same WHERE same.round = votes.round"
        " AND same.code = votes.code AND same.unit_type = votes.unit_type AND same.unit = votes.unit"
        " AND same.coder = votes.coder) ORDER BY votes.coder, votes.code, votes.unit",
        (round_,),
    ).fetchall()
