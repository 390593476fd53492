"""A sent form becomes votes: nothing of what it says about the text is believed, all of it is looked up again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from db.coding.tally import ADJUDICATED, ADJUDICATOR, CONFLICT, UnitQuestion, anonymous_votes, current_vote, status_of
from db.coding.votes_file import claim_unit
from db.coding.voting import Vote, VoteError, cast_votes, undo
from db.datasette.desk.family import undecided_members
from db.datasette.desk.questions import NONE
from db.datasette.desk.view import read_claims
from pipelines.coding.references import edition

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from db.datasette.desk.coders import Coder
    from db.datasette.desk.questions import Question
    from pipelines.coding.references import ReferenceSet

NOTE, FLAG = "_note", "_flag"
LONGEST = 86_400.0  # seconds: a page that stood open longer says nothing of the time it took
KNOWN_TEXT = (
    "SELECT id FROM corpus.versions WHERE page = ? AND coalesce(content_sha256, text_sha256) = ?"
    " ORDER BY id DESC LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Codes:
    """What is coded by: the questions, and what says which codebook and reference sets they came from."""

    questions: Mapping[str, Question]
    codebook: str = ""
    references: tuple[ReferenceSet, ...] = ()

    def reference(self, code: str, day: str) -> str:
        """Name the version of the reference set that is a code's standard of truth on a day, if it has one."""
        question = self.questions.get(code)
        standing = edition(self.references, question.reference, day) if question and question.reference else None
        return standing.version if standing else ""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form says: who sent it when, and its fields; ``values`` are the buttons or boxes that were chosen."""

    coder: Coder
    at: str
    fields: Mapping[str, str]
    values: tuple[str, ...] = ()

    def number(self, name: str) -> int:
        """Read a field that is a number; raises :class:`VoteError`."""
        value = self.fields.get(name, "")
        if not value.isascii() or not value.isdigit() or len(value) > 18:
            raise VoteError(f"{name} is not a number")
        return int(value)

    @property
    def decision(self) -> str:
        """The browser's name for this decision, made the coder's own so that no two coders share one."""
        name = self.fields.get("decision", "")
        if not 8 <= len(name) <= 80:
            raise VoteError("the decision has no name")
        return f"{self.coder.name} {name}"


def decide(db: sqlite3.Connection, codes: Codes, sent: Sent) -> list[int]:
    """Cast the vote that a form asks for; raises :class:`VoteError` where the form makes no sense."""
    vote = _place(db, codes, sent)
    if sent.coder.role == ADJUDICATOR and vote.code not in {NOTE, FLAG}:
        _check_conflict(db, vote)
    return cast_votes(db, [vote], sent.decision)


def _place(db: sqlite3.Connection, codes: Codes, sent: Sent) -> Vote:
    unit, page, code = sent.fields.get("text", ""), sent.number("page"), sent.fields.get("code", "")
    version = db.execute(KNOWN_TEXT, (page, unit)).fetchone()
    if version is None:
        raise VoteError("this page never had this text")
    coder = sent.coder
    vote = Vote(sent.at, coder.name, "text", unit, code, "", coder.role, coder.round, text_sha256=unit, page=page)
    vote = replace(vote, version=version[0], seconds=_seconds(sent.fields.get("seconds", "")))
    if code in {NOTE, FLAG}:
        return _remark(vote, sent)
    vote = replace(vote, codebook=codes.codebook, reference=codes.reference(code, sent.at))
    if sent.fields.get("unit_type") == "claim":
        vote = _claim(db, vote, sent.fields.get("unit", ""))
    return replace(vote, value=_value(db, codes, vote, sent), value_text=sent.fields.get("value_text", "").strip())


def _remark(vote: Vote, sent: Sent) -> Vote:
    if vote.code == NOTE:
        text = sent.fields.get("value_text", "").strip()
        return replace(vote, value="note" if text else "none", value_text=text)
    return replace(vote, value="yes" if sent.values == ("yes",) else "no")


def _claim(db: sqlite3.Connection, vote: Vote, unit: str) -> Vote:
    for _, quote, start, end, number in read_claims(db, vote.unit, (vote.code,)):
        if claim_unit(vote.unit, quote) == unit:
            return replace(vote, unit_type="claim", unit=unit, quote=quote, start=start, end=end, sentence_no=number)
    known = db.execute("SELECT * FROM votes WHERE unit = ? AND code = ? LIMIT 1", (unit, vote.code)).fetchone()
    if known is None:
        raise VoteError("this text has no such candidate")
    place = {name: known[name] for name in ("quote", "start", "end", "sentence_no")}
    return replace(vote, unit_type="claim", unit=unit, **place)


def _value(db: sqlite3.Connection, codes: Codes, vote: Vote, sent: Sent) -> str:
    question = codes.questions.get(vote.code)
    known = {choice.value for choice in question.choices} if question else set()
    if sent.coder.role == ADJUDICATOR:
        known |= {
            one.value for one in anonymous_votes(db, UnitQuestion(vote.round, vote.unit_type, vote.unit, vote.code))
        }
    several = bool(question and question.several)
    known |= {NONE} if several else set()
    chosen = sorted(set(sent.values)) or ([NONE] if several else [])
    if not chosen or (len(chosen) > 1 and not several) or not (set(chosen) <= known or "|".join(chosen) in known):
        raise VoteError(f"{'|'.join(chosen) or 'nothing'!r} is no value of {vote.code!r}")
    return "|".join(chosen)


def _check_conflict(db: sqlite3.Connection, vote: Vote) -> None:
    status = status_of(db, UnitQuestion(vote.round, vote.unit_type, vote.unit, vote.code))
    if status not in {CONFLICT, ADJUDICATED}:
        raise VoteError("an adjudicator decides only where two readers differ")


def _seconds(text: str) -> float | None:
    try:
        seconds = float(text)
    except ValueError:
        return None
    return round(seconds, 2) if 0 <= seconds <= LONGEST else None


def take_back(db: sqlite3.Connection, sent: Sent) -> sqlite3.Row | None:
    """Undo the coder's last decision; gives its first row, ``None`` where nothing was left to undo."""
    coder = sent.coder
    gone = undo(db, Vote(sent.at, coder.name, "text", "", "", "", coder.role, coder.round), sent.decision)
    row: sqlite3.Row | None = db.execute("SELECT * FROM votes WHERE id = ?", (gone[0],)).fetchone() if gone else None
    return row


def spread(db: sqlite3.Connection, sent: Sent) -> list[int]:
    """Give a decision of this coder to the other members of the page's family that have none, as one decision."""
    vote = db.execute("SELECT * FROM votes WHERE id = ?", (sent.number("vote"),)).fetchone()
    if vote is None or vote["coder"] != sent.coder.name or vote["unit_type"] != "text" or vote["undoes"]:
        raise VoteError("only a decision of your own on a whole page can be spread")
    standing = current_vote(
        db, UnitQuestion(vote["round"], vote["unit_type"], vote["unit"], vote["code"]), sent.coder.name
    )
    if standing is None or standing["id"] != vote["id"]:
        raise VoteError("this decision does not stand any more")
    members = undecided_members(db, sent.coder, vote["page"], vote["code"])
    return cast_votes(db, [_spread_to(sent, vote, *member) for member in members], sent.decision)


def _spread_to(sent: Sent, vote: sqlite3.Row, page: int, version: int, unit: str) -> Vote:
    kept: dict[str, Any] = {name: vote[name] for name in ("code", "value", "value_text", "role", "round", "codebook")}
    return Vote(
        sent.at, sent.coder.name, "text", unit, **kept, text_sha256=unit, page=page, version=version,
        reference=vote["reference"], spread_from=vote["id"],
    )  # fmt: skip
