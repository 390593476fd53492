"""A submitted form becomes votes: nothing of what it says about the text is believed, all of it is looked up again."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from db.coding.tally import (
    ADJUDICATED,
    ADJUDICATOR,
    CONFLICT,
    UnitQuestion,
    anonymous_votes,
    current_vote,
    is_lone_mark,
    status_of,
)
from db.coding.votes_file import claim_unit
from db.coding.voting import Vote, VoteError, cast_votes, decided, undo
from db.datasette.review.family import undecided_members
from db.datasette.review.questions import NONE, REJECT, TOPIC
from db.datasette.review.queue import QueueEntry
from db.datasette.review.view import ADVERTISER, read_candidates, read_region_candidates
from pipelines.coding.findings import READ_CODE, READ_VALUES
from pipelines.text.sentences import split_sentences

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from db.datasette.review.auth import Coder
    from db.datasette.review.questions import CodingQuestions

NOTE, FLAG = "_note", "_flag"
MAX_SECONDS = 86_400.0  # a page that stood open longer says nothing of the time it took
KNOWN_TEXT = """
    SELECT id FROM corpus.versions WHERE page = ? AND coalesce(content_sha256, text_sha256) = ? ORDER BY id DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class SubmittedForm:
    """What a form says: who sent it when, and its fields; ``values`` are the buttons or boxes that were chosen.

    ``answers`` are those of a form with many codes, by code; ``places`` those of the sentences that they rest on.
    """

    coder: Coder
    at: str
    fields: Mapping[str, str]
    values: tuple[str, ...] = ()
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)

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


def store_decision(db: sqlite3.Connection, questions: CodingQuestions, form: SubmittedForm) -> list[int]:
    """Cast the vote of a form; raises :class:`VoteError` where the form makes no sense."""
    vote = vote_of(db, questions, form)
    if form.coder.role == ADJUDICATOR and vote.code not in {NOTE, FLAG}:
        question = UnitQuestion(vote.round, vote.unit_type, vote.unit, vote.code)
        if status_of(db, question) not in {CONFLICT, ADJUDICATED} and not is_lone_mark(db, question):
            raise VoteError("an adjudicator decides only where two readers differ")
    return cast_votes(db, [vote], form.decision)


def vote_of(
    db: sqlite3.Connection, questions: CodingQuestions, form: SubmittedForm, *, may_be_none: bool = False
) -> Vote:
    """Read the vote of a form: on a text that the page has or had, for a code with one of its values, or a remark.

    ``may_be_none`` lets any code have the value ``none``.
    """
    unit, page, code = form.fields.get("text", ""), form.number("page"), form.fields.get("code", "")
    # the text is named by its digest: a crawl may have brought another version since the page was opened
    version = db.execute(KNOWN_TEXT, (page, unit)).fetchone()
    if version is None:
        raise VoteError("this page never had this text")
    coder = form.coder
    words = form.fields.get("value_text", "").strip()
    vote = Vote(
        at=form.at, coder=coder.name, unit_type="text", unit=unit, code=code, value="", role=coder.role,
        round=coder.round, text_sha256=unit, page=page, version=version["id"],
        seconds=seconds_in(form.fields.get("seconds", "")),
    )  # fmt: skip
    if code == NOTE:
        return replace(vote, value="note" if words else "none", value_text=words)
    if code == READ_CODE:
        if form.values != (READ_VALUES[0],):
            raise VoteError(f"a page that was read is {READ_VALUES[0]!r}")
        return replace(vote, value=READ_VALUES[0])
    if code == FLAG:
        return replace(vote, value="yes" if form.values == ("yes",) else "no")
    codebook = questions.codebook.hash if questions.codebook else ""
    vote = replace(vote, value_text=words, codebook=codebook, reference=questions.reference(code, form.at))
    if code == TOPIC.code and form.fields.get("whole_host"):
        advertiser = db.execute(ADVERTISER, (page,)).fetchone()["advertiser"]
        vote = replace(vote, unit_type="advertiser", unit=advertiser, text_sha256="")
    elif form.fields.get("sentence"):
        vote = on_sentence(db, vote, form.fields["sentence"])
    elif form.fields.get("unit_type") == "claim":
        vote = on_candidate(db, vote, form.fields.get("unit", ""))
    if may_be_none and form.values == (NONE,):
        return replace(vote, value=NONE)
    return replace(vote, value=value_in(db, questions, vote, form))


def on_sentence(db: sqlite3.Connection, vote: Vote, place: str) -> Vote:
    """Make a vote on a text one on a sentence that the coder marked: ``place`` is its start and end, as ``12-80``."""
    vote = resting_on(db, vote, place)
    return replace(vote, unit_type="claim", unit=claim_unit(vote.unit, vote.quote))


def resting_on(db: sqlite3.Connection, vote: Vote, place: str) -> Vote:
    """Give a vote on a text the sentence that it rests on, if one is named."""
    if not place:
        return vote
    text = db.execute("SELECT text FROM corpus.texts WHERE sha256 = ?", (vote.unit,)).fetchone()["text"]
    for number, one in enumerate(split_sentences(text)):
        if f"{one.start}-{one.end}" == place:
            return replace(vote, quote=one.text, start=one.start, end=one.end, sentence_no=number)
    raise VoteError("this text has no such sentence")


def store_page(
    db: sqlite3.Connection, questions: CodingQuestions, form: SubmittedForm, codes: Sequence[str]
) -> list[int]:
    """Cast the answers of the form of a page as one decision, each as a vote of its own.

    With the field ``rest`` every code that the coder has answered neither there nor before gets "nothing of this here".
    What was answered before is touched only by another answer, or another sentence that it rests on. Raises
    :class:`VoteError` where nothing is answered, and for a sentence without an answer.
    """
    if form.coder.role == ADJUDICATOR:
        raise VoteError("an adjudicator decides only where two readers differ")
    votes = []
    for code in codes:
        question = questions.questions[code]
        key = UnitQuestion(form.coder.round, "text", form.fields.get("text", ""), code)
        before = current_vote(db, key, form.coder.name)
        values, place = form.answers.get(code, ()), form.places.get(code, "")
        if place and not values and before is None:
            raise VoteError(f"choose an answer for {question.name!r}: a sentence was chosen that it is to rest on")
        if not values and before is None and form.fields.get("rest"):
            values = (REJECT if REJECT in {choice.value for choice in question.choices} else NONE,)
        value = "|".join(sorted(set(values))) or (before["value"] if before else "")
        rested = f"{before['start']}-{before['end']}" if before and before["quote"] else ""
        is_new = before is None or value != before["value"] or (code in form.places and place != rested)
        if value and is_new:
            one = SubmittedForm(
                form.coder, form.at, {**form.fields, "code": code, "value_text": ""}, tuple(value.split("|"))
            )
            votes.append(resting_on(db, vote_of(db, questions, one, may_be_none=True), place))
    if not votes and not decided(db, form.decision):
        raise VoteError("nothing on this form is new: every code that it answers has that answer of yours")
    return cast_votes(db, votes, form.decision)


def on_candidate(db: sqlite3.Connection, vote: Vote, unit: str) -> Vote:
    """Make a vote on a text one on a sentence of it; a sentence that is no candidate any more keeps its votes."""
    for one in read_candidates(db, vote.unit, (vote.code,)):
        if claim_unit(vote.unit, one.quote) == unit:
            vote = replace(vote, unit_type="claim", unit=unit, quote=one.quote)
            return replace(vote, start=one.start, end=one.end, sentence_no=one.sentence_no)
    entry = QueueEntry(0, vote.page or 0, vote.unit)
    for one in read_region_candidates(db, entry, (vote.code,)):  # beside the main text: its region is the text
        if claim_unit(one.text, one.quote) == unit:
            vote = replace(vote, unit_type="claim", unit=unit, quote=one.quote, text_sha256=one.text)
            return replace(vote, start=one.start, end=one.end, sentence_no=one.sentence_no)
    known = db.execute("SELECT * FROM votes WHERE unit = ? AND code = ? LIMIT 1", (unit, vote.code)).fetchone()
    if known is None:
        raise VoteError("this text has no such candidate")
    vote = replace(vote, unit_type="claim", unit=unit, quote=known["quote"])
    return replace(vote, start=known["start"], end=known["end"], sentence_no=known["sentence_no"])


def value_in(db: sqlite3.Connection, questions: CodingQuestions, vote: Vote, form: SubmittedForm) -> str:
    """Read the value of a form: one that the code has, or several where it takes them; an adjudicator's may be old."""
    question = questions.questions.get(vote.code)
    known = {choice.value for choice in question.choices} if question else set()
    if form.coder.role == ADJUDICATOR:
        known |= {
            one.value for one in anonymous_votes(db, UnitQuestion(vote.round, vote.unit_type, vote.unit, vote.code))
        }
    several = bool(question and question.several)
    known |= {NONE} if several else set()
    chosen = sorted(set(form.values)) or ([NONE] if several else [])
    if not chosen or (len(chosen) > 1 and not several) or not (set(chosen) <= known or "|".join(chosen) in known):
        raise VoteError(f"{'|'.join(chosen) or 'nothing'!r} is no value of {vote.code!r}")
    return "|".join(chosen)


def seconds_in(text: str) -> float | None:
    """Read how long a page was in sight; ``None`` for what is no such time.

    >>> seconds_in("2.504"), seconds_in("nan"), seconds_in("-1"), seconds_in("")
    (2.5, None, None, None)
    """
    try:
        seconds = float(text)
    except ValueError:
        return None
    return round(seconds, 2) if 0 <= seconds <= MAX_SECONDS else None


def undo_last(db: sqlite3.Connection, form: SubmittedForm) -> sqlite3.Row | None:
    """Undo the coder's last decision; gives its first row, ``None`` where nothing was left to undo."""
    coder = form.coder
    who = Vote(form.at, coder.name, "text", "", "", "", coder.role, coder.round)
    undone = undo(db, who, form.decision)
    if not undone:
        return None
    row: sqlite3.Row = db.execute("SELECT * FROM votes WHERE id = ?", (undone[0],)).fetchone()
    return row


def spread(db: sqlite3.Connection, form: SubmittedForm) -> list[int]:
    """Give a decision of this coder to the other members of the page's family that have none, as one decision."""
    vote = db.execute("SELECT * FROM votes WHERE id = ?", (form.number("vote"),)).fetchone()
    if vote is None or vote["coder"] != form.coder.name or vote["unit_type"] != "text" or vote["undoes"]:
        raise VoteError("only a decision of your own on a whole page can be spread")
    key = UnitQuestion(vote["round"], vote["unit_type"], vote["unit"], vote["code"])
    current = current_vote(db, key, form.coder.name)
    if current is None or current["id"] != vote["id"]:
        raise VoteError("this decision does not stand any more")
    copied = {name: vote[name] for name in ("code", "value", "value_text", "role", "round", "codebook", "reference")}
    votes = [
        Vote(
            at=form.at, coder=form.coder.name, unit_type="text", unit=one.unit, **copied, text_sha256=one.unit,
            page=one.page, version=one.version, spread_from=vote["id"],
        )
        for one in undecided_members(db, form.coder, vote["page"], vote["code"])
    ]  # fmt: skip
    return cast_votes(db, votes, form.decision)
