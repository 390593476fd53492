"""What the page of one document shows to a coder: its text, the questions on it, and the coder's own answers."""

from __future__ import annotations

import sqlite3  # noqa: TC003
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from db.coding.tally import AnonymousVote, UnitQuestion, anonymous_votes, current_vote, is_lone_mark
from db.coding.votes_file import claim_unit
from db.corpus.claims import version_claims
from db.datasette.formatting import parsed_list, region_name
from db.datasette.review.family import Family, read_family
from db.datasette.review.questions import TOPIC, Question, question_without_code
from db.datasette.review.queue import CONFLICTS, READ, QueueEntry, Task, has_table
from db.datasette.review.queue import PAGE as PAGE_TASK
from db.datasette.text_layout import MAX_MARKED, Mark, MarkedLine, marked_lines
from pipelines.changes.diff import Diff, diff_texts
from pipelines.changes.version_regions import MAIN
from pipelines.coding.findings import READ_CODE
from pipelines.text.sentences import Sentence, split_sentences

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from db.datasette.review.auth import Coder

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
# sentences of a text that this coder marked by hand
MARKED = """
    SELECT votes.code, votes.quote, votes."start", votes."end", votes.sentence_no FROM standing AS s
    JOIN votes ON votes.id = s.vote
    WHERE s.round = ? AND s.coder = ? AND s.unit_type = 'claim' AND votes.text_sha256 = ? ORDER BY votes."start", s.code
"""
REGIONS = """
    SELECT region, texts.text FROM corpus.version_regions AS shown JOIN corpus.texts AS texts
        ON texts.sha256 = shown.text_sha256
    WHERE shown.version = ? AND region != 'text' ORDER BY region, texts.sha256
"""
MAX_SENTENCES = 2_000  # of a text that can be chosen: a longer one is read on the page of its version
ADVERTISER = "SELECT advertiser FROM corpus.sites WHERE id = (SELECT site FROM corpus.pages WHERE id = ?)"
EARLIER = """
    SELECT votes.* FROM votes JOIN standing AS s ON s.vote = votes.id
    WHERE votes.page = ? AND votes.coder = ? AND votes.round = ? AND votes.text_sha256 <> ?
        AND substr(votes.code, 1, 1) <> '_'
    ORDER BY votes.id DESC LIMIT 1
"""
HINT = -1  # the number of a mark that no question is about: where to look for a code of the whole page


class Candidate(NamedTuple):
    """A sentence of a text that a cue proposes for a code; ``text`` and ``region`` of one beside the main text."""

    code: str
    quote: str
    start: int
    end: int
    sentence_no: int
    text: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """A question about a text or a sentence of it, and this coder's answer; ``votes`` of others are without names."""

    number: int
    question: Question
    key: UnitQuestion
    answer: str = ""
    quote: str = ""
    start: int = -1
    end: int = -1
    is_own_mark: bool = False  # the coder's: no cue proposed it
    region: str = ""  # of the page, where it stands beside the main text
    votes: Sequence[AnonymousVote] = ()
    is_lone: bool = False  # only one of the coders who read the page whole marked it
    sentence: str = ""  # of the text, that this coder's answer on the whole page rests on
    sentence_at: str = ""  # its place, as 12-80


@dataclass(frozen=True, slots=True)
class OtherRegion:
    """What a page shows beside its main text: the region's name for people, and its lines."""

    name: str
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class EarlierDecision:
    """What this coder decided on another text of the page, and how that text differs from the one shown."""

    code: str
    value: str
    at: str
    diff: Diff


@dataclass(frozen=True, slots=True)
class DocumentView:
    """Everything that is shown of one document of a queue; ``active`` is the number of the question that keys answer.

    ``is_cut`` where the text is longer than what is shown.
    """

    entry: QueueEntry
    page: sqlite3.Row
    lines: list[MarkedLine]
    questions: list[ShownQuestion]
    active: int
    family: Family
    earlier: EarlierDecision | None
    note: str
    is_flagged: bool
    reasons: list[str]
    is_cut: bool
    sentences: Sequence[Sentence] = ()  # that can be marked, where sentences are coded
    regions: Sequence[OtherRegion] = ()
    is_read: bool = False  # this coder has read the page whole

    @property
    def open_count(self) -> int:
        """Count the questions without an answer."""
        return sum(1 for one in self.questions if not one.answer)

    @property
    def question(self) -> ShownQuestion | None:
        """The question that a key answers now."""
        return self.questions[self.active] if self.questions else None

    @property
    def is_done(self) -> bool:
        """Tell whether every question was answered."""
        return all(one.answer for one in self.questions)


@dataclass(frozen=True, slots=True)
class ReviewRequest:
    """Who works on which task, with which questions; ``chosen`` is the number of a question that the URL names."""

    coder: Coder
    task: Task
    questions: Mapping[str, Question]
    chosen: int | None = None


def read_view(db: sqlite3.Connection, request: ReviewRequest, entry: QueueEntry) -> DocumentView | None:
    """Read what is shown of a document; ``None`` where the page has no such text any more."""
    page = db.execute(PAGE, {"page": entry.page, "unit": entry.unit}).fetchone()
    if page is None:
        return None
    questions = read_questions(db, request, entry)
    if request.chosen is not None and 0 <= request.chosen < len(questions):
        active = request.chosen
    else:
        active = next((one.number for one in questions if not one.answer), 0)
    marks = [Mark(one.start, one.end, one.number) for one in questions if one.start >= 0]
    if questions and not marks:
        marks = _page_marks(db, request, entry, questions, active)
    has_sentences = request.task.is_claims or request.task.kind == PAGE_TASK
    coder = request.coder
    note, flag = (_own_vote(db, coder, entry, code) for code in ("_note", "_flag"))
    return DocumentView(
        entry=entry,
        page=page,
        lines=marked_lines(page["text"], (page["headings"] or "").split("\n"), marks),
        questions=questions,
        active=active,
        family=read_family(db, entry.page),
        earlier=_read_earlier(db, coder, entry, page["text"]),
        note=note["value_text"] if note else "",
        is_flagged=bool(flag and flag["value"] == "yes"),
        reasons=parsed_list(page["verdict_reasons"]),
        is_cut=len(page["text"]) > MAX_MARKED,
        sentences=split_sentences(page["text"][:MAX_MARKED])[:MAX_SENTENCES] if has_sentences else (),
        regions=_read_regions(db, page["version"]) if request.task.kind in {READ, PAGE_TASK} else (),
        is_read=_own_vote(db, coder, entry, READ_CODE) is not None,
    )


def _page_marks(
    db: sqlite3.Connection, request: ReviewRequest, entry: QueueEntry, questions: Sequence[ShownQuestion], active: int
) -> list[Mark]:
    """Mark what answers on a whole page rest on; of a coder's active code, what its cues propose as well."""
    rest_on = [(vote.start, vote.end) for vote in questions[active].votes]
    marks = [Mark(start, end, HINT) for start, end in rest_on if start is not None and end is not None]
    if request.task.kind == CONFLICTS:
        return marks
    places = [(one.number, *map(int, one.sentence_at.split("-"))) for one in questions if one.sentence_at]
    marks += [Mark(start, end, number) for number, start, end in places]
    hints = read_candidates(db, entry.unit, (questions[active].key.code,))
    return [*marks, *(Mark(hint.start, hint.end, HINT) for hint in hints)]


def read_questions(db: sqlite3.Connection, request: ReviewRequest, entry: QueueEntry) -> list[ShownQuestion]:
    """Give the questions of a task on one document, each with this coder's answer."""
    coder, task = request.coder, request.task
    if task.kind == CONFLICTS:
        return [_conflict(db, request, entry)]
    if not task.is_claims:
        keys = [UnitQuestion(coder.round, "text", entry.unit, code) for code in task.codes]
        return [_on_text(db, request, entry, number, key) for number, key in enumerate(keys)]
    proposed = read_candidates(db, entry.unit, task.codes)
    known = {(one.code, one.quote) for one in proposed}
    marked = [
        one
        for one in (Candidate(*row) for row in db.execute(MARKED, (coder.round, coder.name, entry.unit)))
        if one.code in task.codes and (one.code, one.quote) not in known and one.start is not None
    ]
    questions = []
    beside = read_region_candidates(db, entry, task.codes) if task.kind == READ else []
    for number, one in enumerate([*sorted((*proposed, *marked), key=lambda one: (one.start, one.code)), *beside]):
        key = UnitQuestion(coder.round, "claim", claim_unit(one.text or entry.unit, one.quote), one.code)
        start, end = (-1, -1) if one.text else (one.start, one.end)
        questions.append(
            ShownQuestion(
                number,
                request.questions[one.code],
                key,
                _answer(db, key, coder),
                one.quote,
                start,
                end,
                is_own_mark=one in marked,
                region=region_name(one.region) if one.region else "",
            )
        )
    return questions


def _on_text(
    db: sqlite3.Connection, request: ReviewRequest, entry: QueueEntry, number: int, key: UnitQuestion
) -> ShownQuestion:
    """Ask about a whole page, with this coder's answer and the sentence that it rests on."""
    vote, question = current_vote(db, key, request.coder.name), request.questions[key.code]
    if vote is None:
        return ShownQuestion(number, question, key, _of_host(db, key, request.coder, entry))
    place = f"{vote['start']}-{vote['end']}" if vote["quote"] and vote["start"] is not None else ""
    return ShownQuestion(
        number, question, key, vote["value"], sentence=vote["quote"] if place else "", sentence_at=place
    )


def read_region_candidates(db: sqlite3.Connection, entry: QueueEntry, codes: Sequence[str]) -> list[Candidate]:
    """Give the candidates of a page beside its main text, one a sentence and code; a footer's once for the site."""
    page = db.execute(PAGE, {"page": entry.page, "unit": entry.unit}).fetchone()
    if page is None or not has_table(db, "version_regions"):
        return []
    found: dict[tuple[str, str], Candidate] = {}
    for one in version_claims(db, page["version"]):
        if one["region"] != MAIN and one["code"] in codes:
            place = (one["start"], one["end"], one["sentence_no"], one["text_sha256"], one["region"])
            found.setdefault((one["code"], one["quote"]), Candidate(one["code"], one["quote"], *place))
    return list(found.values())


def _read_regions(db: sqlite3.Connection, version: int) -> list[OtherRegion]:
    """Read what a page shows beside its main text; nothing of a corpus that knows no regions yet."""
    if not has_table(db, "version_regions"):
        return []
    rows = db.execute(REGIONS, (version,))
    return [OtherRegion(region_name(region), text.split("\n")) for region, text in rows]


def _conflict(db: sqlite3.Connection, request: ReviewRequest, entry: QueueEntry) -> ShownQuestion:
    """Ask the adjudicator the one question of this entry, beside the votes of the coders, which have no names."""
    row = db.execute("SELECT * FROM votes WHERE id = ?", (entry.key,)).fetchone()
    key = UnitQuestion(row["round"], row["unit_type"], row["unit"], row["code"])
    votes = anonymous_votes(db, key)
    question = request.questions.get(key.code) or question_without_code(key.code, [vote.value for vote in votes])
    is_sentence = row["unit_type"] == "claim"  # of other questions a quote is a coder's own, shown with that vote
    is_here = is_sentence and row["start"] is not None and row["text_sha256"] == entry.unit
    start, end = (row["start"], row["end"]) if is_here else (-1, -1)
    lone = is_lone_mark(db, key)
    return ShownQuestion(
        0, question, key, "", row["quote"] if is_sentence else "", start, end, votes=votes, is_lone=lone
    )


def read_candidates(db: sqlite3.Connection, unit: str, codes: Sequence[str]) -> list[Candidate]:
    """Give the candidates of a text for these codes, one a sentence and code."""
    if not has_table(db, "claims"):
        return []
    found: dict[tuple[str, str], Candidate] = {}
    for row in db.execute(CLAIMS, (unit,)):
        if row["code"] in codes:
            found.setdefault((row["code"], row["quote"]), Candidate(*row))
    return list(found.values())


def _answer(db: sqlite3.Connection, key: UnitQuestion, coder: Coder) -> str:
    vote = current_vote(db, key, coder.name)
    return str(vote["value"]) if vote else ""


def _of_host(db: sqlite3.Connection, key: UnitQuestion, coder: Coder, entry: QueueEntry) -> str:
    """Give what this coder answered on the topic for all pages of the advertiser."""
    if key.code != TOPIC.code:
        return ""
    row = db.execute(ADVERTISER, (entry.page,)).fetchone()
    return _answer(db, key._replace(unit_type="advertiser", unit=row["advertiser"]), coder) if row else ""


def _own_vote(db: sqlite3.Connection, coder: Coder, entry: QueueEntry, code: str) -> sqlite3.Row | None:
    return current_vote(db, UnitQuestion(coder.round, "text", entry.unit, code), coder.name)


def _read_earlier(db: sqlite3.Connection, coder: Coder, entry: QueueEntry, text: str) -> EarlierDecision | None:
    vote = db.execute(EARLIER, (entry.page, coder.name, coder.round, entry.unit)).fetchone()
    if vote is None:
        return None
    before = db.execute("SELECT text FROM corpus.texts WHERE sha256 = ?", (vote["text_sha256"],)).fetchone()
    if before is None:
        return None
    return EarlierDecision(vote["code"], vote["value"], vote["at"], diff_texts(before["text"], text))
