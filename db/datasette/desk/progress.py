"""How far a coder is: the queues with what is left of them, and the last decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from db.coding.tally import conflicts, count_questions, recent_decisions
from db.datasette.desk.counting import queue_counts
from db.datasette.desk.family import undecided_members
from db.datasette.desk.questions import TOPIC, Question
from db.datasette.desk.queue import has_samples, has_table
from db.datasette.desk.tasks import CHANGED, CLAIMS, CONFLICTS, DOUBTFUL, ON, PAGE, SAMPLE, Task, codes_of, task_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping

    from db.datasette.desk.coders import Coder

REACH = 10  # decisions


class Queue(NamedTuple):
    """A task with a name for people and its counts: total, done, left."""

    name: str
    hint: str
    task: Task
    counts: Mapping[str, int]


def queues(db: sqlite3.Connection, coder: Coder, questions: Mapping[str, Question]) -> list[Queue]:
    """Give the queues that this coder can work through, without empty ones but the first."""
    found = [Queue(name, hint, task, queue_counts(db, coder, task)) for name, hint, task in _offered(db, questions)]
    return [queue for place, queue in enumerate(found) if place == 0 or queue.counts["total"]]


def _offered(db: sqlite3.Connection, questions: Mapping[str, Question]) -> Iterator[tuple[str, str, Task]]:
    yield "Topic of doubtful pages", "the program could not tell", _task(TOPIC.code, DOUBTFUL, questions)
    yield "Topic of pages taken for on topic", "check the program", _task(TOPIC.code, ON, questions)
    if has_table(db, "claims"):
        yield "Claim candidates", "accept or reject marked sentences", _task(CLAIMS, ON, questions)
    if codes_of(PAGE, questions):
        yield "Codes of whole pages", "every page-level code, one after the other", _task(PAGE, ON, questions)
    yield "Pages that changed after your decision", "with what changed", _task(TOPIC.code, CHANGED, questions)
    if codes_of(PAGE, questions):
        yield "Coded pages that changed", "with what changed", _task(PAGE, CHANGED, questions)
    if has_samples(db):
        for (name,) in db.execute("SELECT name FROM samples ORDER BY id DESC").fetchall():
            for kind, words in ((TOPIC.code, "topic"), (CLAIMS, "claims"), (PAGE, "page codes")):
                yield f"Sample {name}: {words}", "drawn and frozen", _task(kind, SAMPLE + name, questions)


def _task(kind: str, documents: str, questions: Mapping[str, Question]) -> Task:
    return task_of(kind, documents, questions)


def progress(db: sqlite3.Connection, coder: Coder, task: Task) -> dict[str, int]:
    """Count for the bar of a screen: done, left, total of the queue; mine, both and conflicts of its questions."""
    told = {"mine": 0, "both": 0, "conflict": 0}
    for code in task.codes:
        found = count_questions(db, coder.round, code, coder.name)
        told = {name: told[name] + getattr(found, name) for name in told}
    if task.kind == CONFLICTS:
        told["conflict"] = len(conflicts(db, coder.round))
    return told | queue_counts(db, coder, task)


def last_decisions(
    db: sqlite3.Connection, coder: Coder, questions: Mapping[str, Question], limit: int = REACH
) -> list[dict[str, Any]]:
    """Give the coder's last decisions that stand, newest first, in words, with the page that each was about."""
    told = []
    for row in recent_decisions(db, coder.round, coder.name, limit):
        page = db.execute("SELECT url, version FROM corpus.pages WHERE id = ?", (row["page"],)).fetchone()
        title = db.execute("SELECT title FROM corpus.versions WHERE id = ?", (row["version"],)).fetchone()
        question = questions.get(row["code"])
        told.append(
            dict(row)
            | {
                "title": (title[0] if title else None) or (page["url"] if page else row["unit"]),
                "label": question.label(row["value"]) if question else row["value"],
                "name": question.name if question else {"_note": "Note", "_flag": "Flag"}.get(row["code"], row["code"]),
            }
        )
    return told


def offer_to_spread(db: sqlite3.Connection, coder: Coder, decisions: list[dict[str, Any]]) -> int:
    """Count the family members that the last decision could be given to."""
    last = decisions[0] if decisions else None
    if last is None or last["unit_type"] != "text" or last["code"].startswith("_") or last["spread_from"]:
        return 0
    return len(undecided_members(db, coder, last["page"], last["code"])) if last["page"] else 0
