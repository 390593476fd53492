"""From one document to the next: what is shown for a URL, and what follows a decision."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from db.datasette.review.others import Finished, others_on
from db.datasette.review.progress import Decision, Progress, last_decisions, progress, spreadable
from db.datasette.review.queue import (
    CONFLICTS,
    DRAWN,
    QueueEntry,
    entry_at,
    next_entry,
    previous_entry,
    queue_parameters,
    queue_query,
)
from db.datasette.review.view import DocumentView, ReviewRequest, read_view

if TYPE_CHECKING:
    import sqlite3

# the key of a text in what was drawn
DRAWN_KEY = "SELECT q.key FROM ({queue}) AS q WHERE q.unit = :unit"


class ReviewPage(NamedTuple):
    """A document with what stands around it; ``document`` is ``None`` where the queue is done.

    ``url`` and ``back`` (to the document before) are arguments of a URL. ``spreadable`` counts the other texts of the
    family that the last decision could be given to. ``others`` says which other coders have finished this document.
    """

    request: ReviewRequest
    document: DocumentView | None
    url: str
    back: str
    progress: Progress
    decisions: list[Decision]
    spreadable: int
    others: list[Finished]


def page_of(db: sqlite3.Connection, request: ReviewRequest, entry: QueueEntry | None) -> ReviewPage:
    """Show a document of a queue, or the end of the queue."""
    coder, task = request.coder, request.task
    document = read_view(db, request, entry) if entry else None
    decisions = last_decisions(db, coder, request.questions)
    before = previous_entry(db, coder, task, document.entry.key) if document else None
    return ReviewPage(
        request=request,
        document=document,
        url=task.url(at=document.entry.key if document else None),
        back=task.url(at=before.key) if before else "",
        progress=progress(db, coder, task),
        decisions=decisions,
        spreadable=spreadable(db, coder, decisions),
        others=others_on(db, coder, task, entry) if entry and document else [],
    )


def open_page(db: sqlite3.Connection, request: ReviewRequest, at: int = 0, after: int = 0) -> ReviewPage:
    """Show what a URL names: an entry of the queue, the next one behind an entry, or the first."""
    coder, task = request.coder, request.task
    entry = entry_at(db, coder, task, at) if at else None
    return page_of(db, request, entry or next_entry(db, coder, task, at or after))


def page_after(db: sqlite3.Connection, request: ReviewRequest, at: int) -> ReviewPage:
    """Show what follows a decision: the next question of the same text, else the next document."""
    coder, task = request.coder, request.task
    entry = entry_at(db, coder, task, at)
    if entry and task.kind != CONFLICTS:
        document = read_view(db, request, entry)
        if document and not document.is_done:
            return page_of(db, request, entry)
    return page_of(db, request, next_entry(db, coder, task, at))


def page_read(db: sqlite3.Connection, request: ReviewRequest, at: int) -> ReviewPage:
    """Show the page on which a sentence was decided until this coder has read it whole, then the next one."""
    coder, task = request.coder, request.task
    entry = entry_at(db, coder, task, at)
    document = read_view(db, request, entry) if entry else None
    if document and not document.is_read:
        return page_of(db, request, entry)
    return page_of(db, request, next_entry(db, coder, task, at))


def page_undone(db: sqlite3.Connection, request: ReviewRequest, vote: sqlite3.Row) -> ReviewPage:
    """Show where a decision was made that has just been taken back, with its question asked again."""
    coder, task = request.coder, request.task
    entry = None
    if task.kind == CONFLICTS:
        pass  # the conflict that comes first now
    elif task.set.startswith(DRAWN):
        values = queue_parameters(coder, task) | {"unit": vote["text_sha256"]}
        key = db.execute(DRAWN_KEY.format(queue=queue_query(db, task)), values).fetchone()
        entry = entry_at(db, coder, task, key["key"]) if key else None
    else:
        entry = entry_at(db, coder, task, vote["page"] or 0)
    entry = entry or next_entry(db, coder, task)
    document = read_view(db, request, entry) if entry else None
    for one in document.questions if document else ():
        if (one.key.code, one.key.unit) == (vote["code"], vote["unit"]):
            return page_of(db, replace(request, chosen=one.number), entry)
    return page_of(db, replace(request, chosen=None), entry)
