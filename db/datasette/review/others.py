"""How far the other coders of a team are: which documents and queues they have finished, never how.

What is counted is whether everything that a queue asks of a text has an answer of theirs: it depends on no value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from db.datasette.review.progress import offered_queues, queue_counts
from db.datasette.review.queue import CHANGED, CONFLICTS, SAMPLE, is_possible, open_condition, queue_parameters
from db.datasette.review.queue import queue_query as documents_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from db.datasette.review.auth import Coder
    from db.datasette.review.questions import Question
    from db.datasette.review.queue import QueueEntry, Task

__all__ = ["CoderProgress", "Finished", "TeamQueue", "others_on", "progress_of", "team_queues"]


class Finished(NamedTuple):
    """Whether a coder has answered all that a queue asks of a document."""

    coder: str
    is_finished: bool


class CoderProgress(NamedTuple):
    """How many documents of a queue a coder has finished, of how many."""

    coder: str
    done: int
    total: int


class TeamQueue(NamedTuple):
    """A queue with how far each coder is."""

    name: str
    coders: list[CoderProgress]


def others_on(db: sqlite3.Connection, coder: Coder, task: Task, entry: QueueEntry) -> list[Finished]:
    """Say of each other coder whose queue has this document whether it is finished; an adjudicator need not know."""
    if task.kind == CONFLICTS or not is_possible(db, task):
        return []
    found = []
    for other in coder.others:
        parameters = queue_parameters(other, task, entry.key) | {"page": entry.page, "unit": entry.unit}
        if task.set.startswith(SAMPLE):
            theirs = f"SELECT 1 FROM ({documents_of(db, task)}) AS q WHERE q.key = :at AND q.unit = :unit"
            if db.execute(theirs, parameters).fetchone() is None:
                continue
        row = f"(SELECT :at AS key, :page AS page, :unit AS unit) AS q WHERE {open_condition(task)}"
        found.append(Finished(other.name, db.execute(f"SELECT 1 FROM {row}", parameters).fetchone() is None))
    return found


def progress_of(db: sqlite3.Connection, coders: Sequence[Coder], task: Task) -> list[CoderProgress]:
    """Say how far coders are with a queue; who has none of its documents is left out."""
    if task.kind == CONFLICTS or task.set == CHANGED:  # of these each coder has other documents, by own decisions
        return []
    counts = [(one.name, queue_counts(db, one, task)) for one in coders]
    return [CoderProgress(name, count.done, count.total) for name, count in counts if count.total]


def team_queues(db: sqlite3.Connection, coder: Coder, questions: Mapping[str, Question]) -> list[TeamQueue]:
    """Say of each queue how far each coder of the team is, for somebody who codes none of them."""
    found = [TeamQueue(one.name, progress_of(db, coder.others, one.task)) for one in offered_queues(db, questions)]
    return [one for one in found if one.coders]
