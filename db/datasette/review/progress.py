"""How far a coder is: the queues with what is left of them, and the last decisions.

Counting a queue of 100,000 documents takes longer than a coder should wait for the next one. So what was counted stays
in temporary tables of the votes' own connection: the total for as long as the corpus is not written to, and which texts
are done, of which only those are looked at again that the coder has voted on since.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from db.coding.samples import list_samples
from db.coding.tally import conflicts, count_questions, recent_decisions
from db.datasette.review.family import undecided_members
from db.datasette.review.questions import TOPIC, Question
from db.datasette.review.queue import (
    CHANGED,
    CLAIMS,
    CONFLICTS,
    DRAWN,
    HOST_DECIDED,
    IRRELEVANT,
    PAGE,
    RANKING,
    READ,
    RELEVANT,
    SAMPLE,
    UNCERTAIN,
    Task,
    codes_of,
    has_table,
    is_possible,
    open_condition,
    queue_of_text,
    queue_parameters,
    queue_query,
    task_of,
)
from pipelines.coding.findings import READ_CODE
from pipelines.text.encode import dump

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping, Sequence

    from db.datasette.review.auth import Coder

SAMPLE_TASKS = (
    (TOPIC.code, "topic"), (CLAIMS, "claims"), (READ, "whole pages, read for claims"), (PAGE, "page codes"),
)  # fmt: skip
REMARKS = {"_note": "Note", "_flag": "Flag", READ_CODE: "Read"}  # what is stored beside codes
DECISIONS = 10  # the last ones, that are shown
TABLES = (
    """CREATE TEMP TABLE IF NOT EXISTS counted
        (queue TEXT PRIMARY KEY, documents TEXT, corpus INTEGER NOT NULL, total INTEGER NOT NULL,
        upto INTEGER NOT NULL)""",
    "CREATE TEMP TABLE IF NOT EXISTS done (queue TEXT, unit TEXT, PRIMARY KEY (queue, unit)) WITHOUT ROWID",
)
TEXT_OF = "CASE unit_type WHEN 'claim' THEN substr(unit, 1, 64) ELSE unit END"
TOUCHED = f"SELECT DISTINCT {TEXT_OF} AS unit FROM votes WHERE coder = ? AND round = ? AND id > ?"
MARK_DONE = "INSERT OR IGNORE INTO done SELECT :queue, q.unit FROM ({queue}) AS q WHERE {texts} AND NOT {open}"


class QueueCounts(NamedTuple):
    """The texts of a queue: in all, those of which a coder has answered everything, and the others."""

    total: int
    done: int
    left: int


class Offer(NamedTuple):
    """A queue that a coder may choose: its name and hint, and the task."""

    name: str
    hint: str
    task: Task


class Queue(NamedTuple):
    """A task with a name for people and its counts."""

    name: str
    hint: str
    task: Task
    counts: QueueCounts


class Progress(NamedTuple):
    """How far a coder is with a task: its queue, and the votes on its questions.

    ``mine`` counts the coder's own, ``both`` the questions answered by as many as they need, ``conflicts`` where they
    differ.
    """

    queue: QueueCounts
    mine: int
    both: int
    conflicts: int


class Decision(NamedTuple):
    """A decision of a coder in words, with the page that it was about; ``spread`` counts its votes on other texts."""

    id: int  # of its vote
    page: int | None
    code: str
    unit_type: str
    at: str
    title: str
    name: str
    label: str
    spread: int
    spread_from: int | None


def queue_counts(db: sqlite3.Connection, coder: Coder, task: Task) -> QueueCounts:
    """Count the texts of a queue, and those of which this coder has answered everything."""
    if not is_possible(db, task):
        return QueueCounts(0, 0, 0)
    parameters = queue_parameters(coder, task)
    everything = queue_query(db, task)
    if task.kind == CONFLICTS:
        total = db.execute(f"SELECT count(*) FROM ({everything})", parameters).fetchone()[0]
        return QueueCounts(total, 0, total)
    for statement in TABLES:
        db.execute(statement)
    # a sample that was assigned anew has other documents for each coder, a ranking has more with each batch
    changes = "SELECT max(id) FROM " + ("sample_events" if task.set.startswith(SAMPLE) else "ranking_batches")
    changed = db.execute(changes).fetchone()[0] if task.set.startswith(DRAWN) else None
    documents = dump([task.kind, task.set, task.codes, changed])
    queue = dump([coder, documents])
    is_personal = task.set == CHANGED or task.set.startswith(SAMPLE)  # other documents for each coder
    # data_version changes when another connection, a crawl or a pass, has written to the corpus
    corpus = db.execute("PRAGMA corpus.data_version").fetchone()[0]
    newest = db.execute("SELECT coalesce(max(id), 0) FROM votes").fetchone()[0]
    known = db.execute("SELECT total, upto FROM counted WHERE queue = ? AND corpus = ?", (queue, corpus)).fetchone()
    of_hosts = "SELECT 1 FROM votes WHERE unit_type = 'advertiser' AND id > ?"
    if known and db.execute(of_hosts, (known["upto"],)).fetchone():
        known = None  # one decision on a host settles many pages
    # which pages changed after a decision depends on the decisions: that queue is short, and counted anew
    if known is None or task.set == CHANGED:
        same = "SELECT total FROM counted WHERE documents = ? AND corpus = ? LIMIT 1"
        counted = None if is_personal else db.execute(same, (documents, corpus)).fetchone()
        count = f"SELECT count(DISTINCT unit) AS total FROM ({everything})"
        total = (counted or db.execute(count, parameters).fetchone())["total"]
        db.execute("DELETE FROM done WHERE queue = ?", (queue,))
        voted = f"q.unit IN (SELECT {TEXT_OF} FROM standing WHERE round = :round AND coder = :coder)"
        voted = f"({voted} OR {HOST_DECIDED})" if task.kind == TOPIC.code else voted
        mark = MARK_DONE.format(queue=everything, texts=voted, open=open_condition(task))
        db.execute(mark, parameters | {"queue": queue})
        db.execute("INSERT OR REPLACE INTO counted VALUES (?, ?, ?, ?, ?)", (queue, documents, corpus, total, newest))
    else:
        total = known["total"]
        mark = MARK_DONE.format(queue=queue_of_text(db, task), texts="1", open=open_condition(task))
        for row in db.execute(TOUCHED, (coder.name, coder.round, known["upto"])).fetchall():
            values = parameters | {"queue": queue, "unit": row["unit"]}
            db.execute("DELETE FROM done WHERE queue = :queue AND unit = :unit", values)
            db.execute(mark, values)
        db.execute("UPDATE counted SET upto = ? WHERE queue = ?", (newest, queue))
    done = db.execute("SELECT count(*) FROM done WHERE queue = ?", (queue,)).fetchone()[0]
    return QueueCounts(total, done, total - done)


def queues(db: sqlite3.Connection, coder: Coder, questions: Mapping[str, Question]) -> list[Queue]:
    """Give the queues that this coder can work through, without empty ones but the first."""
    found: list[Queue] = []
    for offer in offered_queues(db, questions):
        queue = Queue(offer.name, offer.hint, offer.task, queue_counts(db, coder, offer.task))
        if not found or queue.counts.total:
            found.append(queue)
    return found


def offered_queues(db: sqlite3.Connection, questions: Mapping[str, Question]) -> Iterator[Offer]:
    """Give the queues of a codebook and of the samples that were drawn and are not hidden, empty ones too."""
    has_page_codes = bool(codes_of(PAGE, questions))

    def offer(name: str, hint: str, kind: str, documents: str) -> Offer:
        return Offer(name, hint, task_of(kind, documents, questions))

    yield offer("Topic of uncertain pages", "the program could not tell", TOPIC.code, UNCERTAIN)
    yield offer("Topic of pages taken for on topic", "check the program", TOPIC.code, RELEVANT)
    yield offer("Topic of pages taken for off topic", "spot check", TOPIC.code, IRRELEVANT)
    if has_table(db, "claims"):
        yield offer("Claim candidates", "accept or reject marked sentences", CLAIMS, RELEVANT)
        yield offer("Whole pages, read for claims", "find what no cue proposed", READ, RELEVANT)
    if has_page_codes:
        yield offer("Codes of whole pages", "every page-level code, one after the other", PAGE, RELEVANT)
    yield offer("Pages that changed after your decision", "with what changed", TOPIC.code, CHANGED)
    if has_page_codes:
        yield offer("Coded pages that changed", "with what changed", PAGE, CHANGED)
    for sample in list_samples(db):
        if not sample.settings.hidden:
            for kind, words in SAMPLE_TASKS:
                yield offer(f"Sample {sample.title}: {words}", "drawn and frozen", kind, SAMPLE + sample.name)
    for name, code in db.execute("SELECT name, code FROM rankings ORDER BY id DESC").fetchall():
        kind = READ if code in codes_of(READ, questions) else code
        yield offer(f"Ranking {name}: {questions[code].name}", "most probable first", kind, RANKING + name)


def progress(db: sqlite3.Connection, coder: Coder, task: Task) -> Progress:
    """Count how far a coder is with a task."""
    found = [count_questions(db, coder.round, code, coder.name) for code in task.codes]
    open_conflicts = sum(one.conflict for one in found)
    if task.kind == CONFLICTS:
        open_conflicts = len(conflicts(db, coder.round))
    mine, both = (sum(getattr(one, name) for one in found) for name in ("mine", "both"))
    return Progress(queue_counts(db, coder, task), mine, both, open_conflicts)


def last_decisions(
    db: sqlite3.Connection, coder: Coder, questions: Mapping[str, Question], limit: int = DECISIONS
) -> list[Decision]:
    """Give the coder's last decisions that stand, newest first, in words, with the page that each was about."""
    decisions = []
    for row in recent_decisions(db, coder.round, coder.name, limit):
        page = db.execute("SELECT url FROM corpus.pages WHERE id = ?", (row["page"],)).fetchone()
        version = db.execute("SELECT title FROM corpus.versions WHERE id = ?", (row["version"],)).fetchone()
        question = questions.get(row["code"])
        decisions.append(
            Decision(
                id=row["id"],
                page=row["page"],
                code=row["code"],
                unit_type=row["unit_type"],
                at=row["at"],
                title=(version["title"] if version else None) or (page["url"] if page else row["unit"]),
                name=question.name if question else REMARKS.get(row["code"], row["code"]),
                label=question.label(row["value"]) if question else row["value"],
                spread=row["spread"],
                spread_from=row["spread_from"],
            )
        )
    return decisions


def spreadable(db: sqlite3.Connection, coder: Coder, decisions: Sequence[Decision]) -> int:
    """Count the family members that the last decision could be given to."""
    last = decisions[0] if decisions else None
    if last is None or last.unit_type != "text" or last.code.startswith("_") or last.spread_from or not last.page:
        return 0
    return len(undecided_members(db, coder, last.page, last.code))
