"""The marks of triage as a visitor may see them: all of them to who may code, nothing to anybody else."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Any, NamedTuple

from db.coding.triage import (
    NOBODY,
    STATUS_MEANINGS,
    UNTRIAGED,
    Mark,
    MarkedChange,
    MarkFilter,
    TriageStatus,
    assignees,
    chosen_changes,
    store_mark,
    triage_of,
    undo_mark,
    unlisted_changes,
)
from db.coding.votes_file import review_path
from db.coding.voting import VoteError
from db.datasette.review.auth import permitted_coder, settings, token_for
from db.datasette.review.votes import votes_of
from pipelines.model.errors import CorpusError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping

    from datasette.app import Datasette
    from datasette.utils.asgi import Request

    from db.coding.triage import ChangeTriage, ChosenChanges
    from db.datasette.review.auth import Coder
    from db.datasette.review.decisions import SubmittedForm

__all__ = ["MARK_FILTERS", "TriageDesk", "choose", "mark_change", "mark_filter", "triage_desk", "undo_change", "writer"]

MARK_FILTERS = ("status", "assignee", "mine")
STATUSES = (UNTRIAGED, *TriageStatus)
MINE = {"mine": "mine", "unmarked": "not marked by me"}
# a key of the list for each status, and the button that it presses
KEYS = {TriageStatus.SEEN: "s", TriageStatus.RELEVANT: "r", TriageStatus.DISMISSED: "d", TriageStatus.FOLLOW_UP: "f"}


class TriageDesk(NamedTuple):
    """What a person who may triage sees beside changes, and what forms of the page carry."""

    coder: Coder
    marks: dict[str, ChangeTriage]  # by the name of the change
    people: list[str]  # to whom a change may be assigned, and those to whom one is
    unlisted: list[MarkedChange]
    token: str
    decision: str  # the page's part of the name of each decision
    keys: Mapping[TriageStatus, str] = KEYS
    meanings: Mapping[str, str] = STATUS_MEANINGS


async def writer(datasette: Datasette, request: Request) -> Coder | None:
    """Name the person who may see and set marks; ``None`` for strangers, and where no mark can be stored."""
    coder = await permitted_coder(datasette, request)
    if coder is None:
        return None
    thread = await votes_of(datasette)
    if not review_path(thread.corpus).exists():
        return None
    try:
        await thread.run(lambda _: None)
    except CorpusError:  # of a newer release, or not to be written: the corpus is read all the same
        return None
    return coder


def mark_filter(args: Any, coder: Coder | None) -> MarkFilter:
    """Read what is asked of marks out of a URL's arguments; a stranger asks nothing of them."""
    if coder is None:
        return MarkFilter()
    status, assignee, mine = ((args.get(name) or "").strip() for name in MARK_FILTERS)
    return MarkFilter(
        status=status if status in STATUSES else "",
        assignee=assignee[:40],
        mine=mine if mine in MINE else "",
        coder=coder.name,
    )


async def choose(datasette: Datasette, filters: MarkFilter) -> ChosenChanges | None:
    """Name the changes that have such marks; ``None`` where nothing is asked of marks."""
    if not any((filters.status, filters.assignee, filters.mine)):
        return None
    return await (await votes_of(datasette)).run(lambda db: chosen_changes(db, filters))


async def triage_desk(
    datasette: Datasette, request: Request, changes: Iterable[str], *, unlisted: str | None = None
) -> TriageDesk | None:
    """Read the marks on changes for the visitor of a page; ``unlisted`` asks for one change that is listed no more.

    Without it all of those are given. ``None`` for who may not see marks.
    """
    coder = await writer(datasette, request)
    if coder is None:
        return None
    named = list(changes)

    def read(db: sqlite3.Connection) -> TriageDesk:
        return TriageDesk(
            coder=coder,
            marks=triage_of(db, named, coder.name),
            people=sorted({*people_of(datasette, coder), *assignees(db)}),
            unlisted=unlisted_changes(db, unlisted or ""),
            token=token_for(datasette, coder),
            decision=secrets.token_urlsafe(16),
        )

    return await (await votes_of(datasette)).run(read)


def people_of(datasette: Datasette, coder: Coder) -> set[str]:
    """Name everybody who may triage here."""
    return set(settings(datasette).get("roles") or {}) | {coder.name}


async def mark_change(datasette: Datasette, form: SubmittedForm) -> str:
    """Store the mark of a form; gives the name of the change. Raises :class:`VoteError`."""
    fields = form.fields
    change, status, note = (fields.get(name, "").strip() for name in ("change", "status", "note"))
    chosen = fields.get("assignee", "").strip()  # empty: as it is
    assignee = None if not chosen else "" if chosen == NOBODY else chosen
    if assignee and assignee not in people_of(datasette, form.coder):
        raise VoteError(f"{assignee!r} is nobody of this desk")
    mark = Mark(form.at, form.coder.name, change, status, assignee, note.replace("\r\n", "\n"))
    # a form that is sent again with something else in it is another decision
    content = hashlib.sha256(repr((change, status, chosen, note)).encode()).hexdigest()[:12]
    decision = f"{form.decision} {content}"
    await (await votes_of(datasette)).run(lambda db: store_mark(db, mark, decision))
    return change


async def undo_change(datasette: Datasette, form: SubmittedForm) -> str:
    """Take back the last mark of the person who sent a form, on one change where it is named; gives its change."""
    change = form.fields.get("change", "").strip()
    undone = await (await votes_of(datasette)).run(
        lambda db: undo_mark(db, form.coder.name, form.at, f"{form.decision} undo", change)
    )
    if undone is None:
        raise VoteError("there is no mark of yours left to take back")
    return undone
