"""What one screen of the desk shows: the text, what is asked about it, and what this coder said so far."""

from __future__ import annotations

import sqlite3  # noqa: TC003
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from db.coding.tally import AnonymousVote, UnitQuestion, anonymous_votes, current_vote
from db.coding.votes_file import claim_unit
from db.datasette.desk.family import Family, read_family
from db.datasette.desk.questions import Question, question_without_code
from db.datasette.desk.queue import Stop, has_table
from db.datasette.desk.tasks import CONFLICTS, Task
from db.datasette.formatting import parsed
from db.datasette.text_layout import MAX_MARKED, Mark, MarkedLine, marked_lines
from pipelines.changes.diff import Diff, diff_texts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from db.datasette.desk.coders import Coder

PAGE = """
    SELECT p.id AS page, p.url, p.state, d.id IS NOT NULL AS is_document, v.id AS version, v.title, v.headings,
        v.verdict, v.topic_score, v.verdict_reasons, v.page_type, v.published, v.first_seen,
        v.id = p.version AS is_current, t.text, t.words, s.id AS site, s.host, s.name, s.city, s.state AS place,
        s.advertiser
    FROM corpus.pages AS p JOIN corpus.sites AS s ON s.id = p.site
    JOIN corpus.versions AS v ON v.page = p.id JOIN corpus.texts AS t ON t.sha256 = :unit
    LEFT JOIN corpus.documents AS d ON d.id = p.id
    WHERE p.id = :page AND coalesce(v.content_sha256, v.text_sha256) = :unit ORDER BY v.id DESC LIMIT 1
"""
CLAIMS = (
    'SELECT code, quote, "start", "end", sentence_no FROM corpus.claims WHERE text_sha256 = ? ORDER BY "start", code'
)
EARLIER = """
    SELECT votes.* FROM votes JOIN standing AS s ON s.vote = votes.id
    WHERE votes.page = ? AND votes.coder = ? AND votes.round = ? AND votes.text_sha256 <> ?
        AND substr(votes.code, 1, 1) <> '_'
    ORDER BY votes.id DESC LIMIT 1
"""


HINT = -1  # the number of a place that nothing is asked about by itself


@dataclass(frozen=True, slots=True)
class Item:
    """A question about this text or a sentence of it, and what this coder answered; ``votes`` are without names."""

    number: int
    question: Question
    asked: UnitQuestion
    mine: str = ""
    quote: str = ""
    start: int = -1
    end: int = -1
    votes: tuple[AnonymousVote, ...] = ()


@dataclass(frozen=True, slots=True)
class Earlier:
    """What this coder decided on another text of the page, and how that text differs from the one shown."""

    code: str
    value: str
    at: str
    diff: Diff


@dataclass(frozen=True, slots=True)
class Screen:
    """Everything that a screen shows of one stop of a queue."""

    stop: Stop
    page: dict[str, Any]
    lines: list[MarkedLine]
    items: list[Item]
    active: int
    family: Family
    earlier: Earlier | None = None
    note: str = ""
    flagged: bool = False
    reasons: list[str] = field(default_factory=list)
    cut: bool = False

    @property
    def item(self) -> Item | None:
        """The question that a key answers now."""
        return self.items[self.active] if self.items else None

    @property
    def is_done(self) -> bool:
        """Tell whether every question was answered."""
        return all(item.mine for item in self.items)


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks at what, with which questions; ``chosen`` is the number of a question that was asked for."""

    coder: Coder
    task: Task
    questions: Mapping[str, Question]
    chosen: int | None = None


def read_screen(db: sqlite3.Connection, look: Look, stop: Stop) -> Screen | None:
    """Read a screen; ``None`` where the page has no such text any more."""
    row = db.execute(PAGE, {"page": stop.page, "unit": stop.unit}).fetchone()
    if row is None:
        return None
    page = dict(row)
    items = _items(db, look, stop)
    active = _active(items, look.chosen)
    reasons = parsed(page["verdict_reasons"])
    return Screen(
        stop,
        page,
        marked_lines(page["text"], (page["headings"] or "").split("\n"), _places(db, look, stop, items, active)),
        items,
        active,
        read_family(db, look.coder, stop),
        _earlier(db, look.coder, stop, page["text"]),
        _own(db, look.coder, stop, "_note", "value_text"),
        _own(db, look.coder, stop, "_flag", "value") == "yes",
        reasons if isinstance(reasons, list) else [],
        len(page["text"]) > MAX_MARKED,
    )


def _places(db: sqlite3.Connection, look: Look, stop: Stop, items: list[Item], active: int) -> list[Mark]:
    """Mark what is asked about; for a code of the whole page, the sentences that its cues propose to look at."""
    asked = [Mark(item.start, item.end, item.number) for item in items if item.start >= 0]
    if asked or not items or look.task.kind == CONFLICTS:
        return asked
    hints = read_claims(db, stop.unit, (items[active].asked.code,))
    return [Mark(start, end, HINT) for _, _, start, end, _ in hints]


def _items(db: sqlite3.Connection, look: Look, stop: Stop) -> list[Item]:
    if look.task.kind == CONFLICTS:
        return _conflict(db, look, stop)
    if look.task.is_claims:
        return _claims(db, look, stop)
    asked = [UnitQuestion(look.coder.round, "text", stop.unit, code) for code in look.task.codes]
    return [Item(number, look.questions[one.code], one, _mine(db, one, look.coder)) for number, one in enumerate(asked)]


def _claims(db: sqlite3.Connection, look: Look, stop: Stop) -> list[Item]:
    found = read_claims(db, stop.unit, look.task.codes)
    items = []
    for number, (code, quote, start, end, _) in enumerate(found):
        asked = UnitQuestion(look.coder.round, "claim", claim_unit(stop.unit, quote), code)
        items.append(Item(number, look.questions[code], asked, _mine(db, asked, look.coder), quote, start, end))
    return items


def read_claims(db: sqlite3.Connection, unit: str, codes: Sequence[str]) -> list[tuple[str, str, int, int, int]]:
    """Give the candidates of a text for these codes, one a sentence and code: code, quote, start, end, number."""
    if not has_table(db, "claims"):
        return []
    found: dict[tuple[str, str], tuple[str, str, int, int, int]] = {}
    for code, quote, start, end, number in db.execute(CLAIMS, (unit,)):
        if code in codes:
            found.setdefault((code, quote), (code, quote, start, end, number))
    return list(found.values())


def _conflict(db: sqlite3.Connection, look: Look, stop: Stop) -> list[Item]:
    """Ask the adjudicator the one question of this stop, beside the votes of the readers, which have no names."""
    row = db.execute("SELECT * FROM votes WHERE id = ?", (stop.key,)).fetchone()
    asked = UnitQuestion(row["round"], row["unit_type"], row["unit"], row["code"])
    votes = tuple(anonymous_votes(db, asked))
    question = look.questions.get(asked.code) or question_without_code(asked.code, [vote.value for vote in votes])
    start, end = (row["start"], row["end"]) if row["start"] is not None else (-1, -1)
    return [Item(0, question, asked, "", row["quote"], start, end, votes)]


def _mine(db: sqlite3.Connection, asked: UnitQuestion, coder: Coder) -> str:
    vote = current_vote(db, asked, coder.name)
    return str(vote["value"]) if vote else ""


def _own(db: sqlite3.Connection, coder: Coder, stop: Stop, code: str, column: str) -> str:
    vote = current_vote(db, UnitQuestion(coder.round, "text", stop.unit, code), coder.name)
    return str(vote[column]) if vote else ""


def _active(items: Sequence[Item], chosen: int | None) -> int:
    """Choose the question that a key answers: the one asked for, else the first without an answer."""
    if chosen is not None and 0 <= chosen < len(items):
        return chosen
    return next((item.number for item in items if not item.mine), 0)


def _earlier(db: sqlite3.Connection, coder: Coder, stop: Stop, text: str) -> Earlier | None:
    vote = db.execute(EARLIER, (stop.page, coder.name, coder.round, stop.unit)).fetchone()
    before = vote and db.execute("SELECT text FROM corpus.texts WHERE sha256 = ?", (vote["text_sha256"],)).fetchone()
    return Earlier(vote["code"], vote["value"], vote["at"], diff_texts(before[0], text)) if before else None
