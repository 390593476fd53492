"""Events: what the claims of advertisers were before and after each, its file, and the forms that enter and retract."""  # noqa: INP001

from __future__ import annotations

import csv
import io
import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from datasette.utils import sqlite3, sqlite_timelimit
from datasette.utils.asgi import Response
from pluggy import HookimplMarker

from db.coding.events import (
    Event,
    EventError,
    EventKind,
    add_events,
    advertiser_finder,
    check_event,
    list_events,
    public_events,
    retract,
)
from db.coding.votes_file import review_path
from db.coding.voting import VoteError
from db.datasette.change_marks import writer
from db.datasette.corrections import MAX_CLAIMS, CorrectionRow, EventClaims, claims_of_event, correction_rows
from db.datasette.pictures.charts import lines
from db.datasette.review.auth import token_for
from db.datasette.review.forms import post_only, submitted_form
from db.datasette.review.votes import votes_of
from db.datasette.routes import number_in, page_number, private, render, requested_corpus
from db.export.export import cell_writer
from pipelines.model.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Callable

    from datasette.app import Datasette
    from datasette.utils.asgi import Request

    from db.coding.events import StoredEvent
    from db.datasette.review.auth import Coder
    from db.datasette.review.decisions import SubmittedForm

hookimpl = HookimplMarker("datasette")  # what datasette.hookimpl is, with its type

PAGE_SIZE = 10  # events
MAX_PAGE = 1_000
CLOSED = "The file of events cannot be opened here: it is of a newer release, or may not be written"
TIME_LIMIT = 8_000  # ms for all events of a page or a file


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """Put the page beside the claims, its file and its forms beside it."""
    return [
        (r"^/-/events$", events),
        (r"^/-/events\.csv$", file),
        (r"^/-/events/add$", add),
        (r"^/-/events/retract$", retract_event),
    ]


class KnownEvents(NamedTuple):
    """The events that a visitor may know, and who the visitor is; nobody for a stranger.

    ``problem`` says why none can be read where there are some.
    """

    coder: Coder | None
    events: list[StoredEvent]
    problem: str = ""


async def known_events(datasette: Datasette, request: Request) -> KnownEvents:
    """Give the events that hold, one where ``event`` names it; strangers know of no enquiry, note or name."""
    coder = await writer(datasette, request)
    thread = await votes_of(datasette)
    if not review_path(thread.corpus).exists():  # nothing is made beside a corpus that is only read
        return KnownEvents(coder, [])
    try:
        found = await thread.run(list_events)
    except CorpusError:
        return KnownEvents(None, [], CLOSED)
    found = found if coder else public_events(found)
    wanted = number_in(request.args.get("event"))
    return KnownEvents(coder, [one for one in found if not wanted or one.id == wanted])


async def events(datasette: Datasette, request: Request) -> Response:
    """Show each event with the claims before and after it, the latest first."""
    return await show(datasette, request)


async def show(datasette: Datasette, request: Request, problem: str = "", form: Any = None) -> Response:
    """Show the page; ``problem`` says why the ``form`` that was sent was not stored."""
    name = await requested_corpus(datasette, request)
    coder, known, closed = await known_events(datasette, request)
    page = page_number(request, MAX_PAGE)
    shown = known[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    found = await datasette.get_database(name).execute_fn(lambda db: read_claims(db, shown))
    variables = {
        "database": name,
        "found": found,
        "shown": shown,
        "total": len(known),
        "page": page,
        "more": len(known) > page * PAGE_SIZE,
        "one": number_in(request.args.get("event")),
        "charts": {one.event.id: chart(one) for one in found or ()},
        "max_claims": MAX_CLAIMS,
        "coder": coder,
        "kinds": list(EventKind),
        "token": token_for(datasette, coder) if coder else "",
        "decision": secrets.token_urlsafe(16),
        "problem": problem,
        "closed": closed,
        "form": form or {},
    }
    answer = private if coder else render
    return await answer(datasette, request, "clinicwatch-events.html", variables, 400 if problem else 200)


def read_claims(db: sqlite3.Connection, shown: list[StoredEvent]) -> list[EventClaims] | None:
    """Read the claims of events; ``None`` where that takes too long for somebody who waits."""
    try:
        with sqlite_timelimit(db, TIME_LIMIT):
            return [claims_of_event(db, one) for one in shown]
    except sqlite3.OperationalError:
        return None


def chart(found: EventClaims) -> Any:
    """Draw pages and sentences with candidates over time, and the event across them."""
    title = f"Pages and sentences with claim candidates, before and after {found.event.day}"
    return lines(title, found.series, height=170, event=f"{found.event.day}T00:00:00+00:00")


async def file(datasette: Datasette, request: Request) -> Response:
    """Give what became of the claims of every event as CSV: a row a code, with ``by=sentence`` a row a sentence."""
    name = await requested_corpus(datasette, request)
    known = await known_events(datasette, request)
    if known.problem:
        return Response.text(known.problem, status=503)
    found = await datasette.get_database(name).execute_fn(lambda db: read_claims(db, known.events))
    if found is None:
        return Response.text("This takes too long: ask for one event with ?event=NUMBER", status=400)
    by_sentence = request.args.get("by") == "sentence"
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(CorrectionRow._fields)
    cell = cell_writer("string", escaped=True)
    for one in found:
        for row in correction_rows(one, one.sentences if by_sentence else one.claims):
            table.writerow([int(value) if isinstance(value, bool) else cell(value) for value in row])
    headers = {"Content-Disposition": 'attachment; filename="events.csv"', "Cache-Control": "no-store"}
    return Response(text.getvalue(), headers=headers, content_type="text/csv; charset=utf-8")


async def add(datasette: Datasette, request: Request) -> Response:
    """Enter the event of a form; what is wrong with it is said above the form, which keeps what was typed."""

    def store(db: sqlite3.Connection, form: SubmittedForm) -> None:
        names = ("date", "kind", "title", "advertiser", "url", "note")
        typed = Event(*(form.fields.get(name, "") for name in names))
        event = check_event(typed, advertiser_finder(db, "corpus."), datetime.now(UTC).date().isoformat())
        if not db.execute("SELECT 1 FROM events WHERE decision = ?", (form.decision,)).fetchone():
            add_events(db, [event], form.coder.name, form.at, form.decision)

    return await write(datasette, request, store)


async def retract_event(datasette: Datasette, request: Request) -> Response:
    """Retract the event that a form names; a form that is sent again finds it done."""

    def store(db: sqlite3.Connection, form: SubmittedForm) -> None:
        number = number_in(form.fields.get("event"))
        if not db.execute("SELECT 1 FROM event_retractions WHERE event = ?", (number,)).fetchone():
            retract(db, number, form.coder.name, form.at, form.fields.get("reason", ""))

    return await write(datasette, request, store)


async def write(
    datasette: Datasette, request: Request, store: Callable[[sqlite3.Connection, SubmittedForm], None]
) -> Response:
    """Store what a form says, then show the page."""
    form = await submitted_form(datasette, request)
    if form is None:
        return post_only()
    try:
        await (await votes_of(datasette)).run(lambda db: store(db, form))
    except (EventError, VoteError) as error:
        return await show(datasette, request, str(error), form.fields)
    return Response.redirect(datasette.urls.path("/-/events"))
