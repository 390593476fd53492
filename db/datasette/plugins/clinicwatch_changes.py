"""Changes: the list with its marks of triage and its files, one change at its permanent address, the feed."""  # noqa: INP001

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from datasette.utils.asgi import AsgiStream, NotFound, Response
from pluggy import HookimplMarker

from db.coding.triage import NOBODY, UNTRIAGED, TriageStatus, triage_of
from db.coding.voting import VoteError
from db.corpus.changes import Asked, changes_of_page, find_edit
from db.datasette import changes
from db.datasette.change_files import csv_parts, json_parts
from db.datasette.change_marks import (
    MARK_FILTERS,
    MINE,
    choose,
    mark_change,
    mark_filter,
    triage_desk,
    undo_change,
    writer,
)
from db.datasette.formatting import clean_xml, region_name
from db.datasette.review.forms import post_only, submitted_form
from db.datasette.review.votes import votes_of
from db.datasette.routes import page_number, private, render, requested_corpus, requested_row
from pipelines.changes.region_diff import REGIONS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator, Mapping

    from datasette.app import Datasette
    from datasette.utils.asgi import Request

    from db.coding.triage import ChangeTriage, MarkFilter
    from db.corpus.changes import Change
    from db.datasette.change_marks import TriageDesk
    from db.datasette.review.auth import Coder
    from db.datasette.review.decisions import SubmittedForm

    Parts = Callable[[Path, Asked, Callable[[Change], str], Mapping[str, ChangeTriage] | None], Generator[str]]

hookimpl = HookimplMarker("datasette")  # what datasette.hookimpl is, with its type

# The number of the newest change that a visitor has seen. It is nobody's secret and gives no right, so it is not
# signed: a signature would be void after each restart of a server without a fixed secret, and each marker with it.
SEEN = "clinicwatch_seen"
YEAR = 365 * 24 * 3600  # seconds
MAX_CHANGES_PAGE = 400
MAX_UNLISTED = 20  # marked changes that are listed no more and that the list names
FILTERS = ("site", "advertiser", "kind", "place", "crawl")
SPANS = {"7": "a week", "30": "a month", "365": "a year"}
FEED_ENTRIES = 50
NEVER = "1970-01-01T00:00:00+00:00"  # a feed without an entry has to say when it was updated, too
PART = "x-review"  # the header of a request that wants the marks of one change only, not the page around them


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """Put the list beside the tables, and the page of a change where Datasette has its row page and at its own name."""
    return [
        (r"^/-/changes$", change_list),
        (r"^/-/changes\.atom$", feed),
        (r"^/-/changes\.csv$", csv_file),
        (r"^/-/changes\.json$", json_file),
        (r"^/-/changes/seen$", mark_seen),
        (r"^/-/changes/mark$", mark),
        (r"^/-/changes/undo$", undo),
        (r"^/-/changes/(?P<edit>[0-9a-f]{16})$", change_by_name),
        (r"^/(?P<database>[^/]+)/changes/(?P<id>\d+)$", change),
    ]


class RequestedChanges(NamedTuple):
    """What a URL asks for: changes, since when, by which marks, and for whom; no person for a stranger."""

    since: str
    filters: Asked
    marks: MarkFilter
    coder: Coder | None


async def requested_changes(datasette: Datasette, request: Request) -> RequestedChanges:
    """Read what the URL of the list, or of its file, asks for."""
    since, filters = change_filters(request.args, seen_change(request.cookies), datetime.now(UTC))
    coder = await writer(datasette, request)
    marks = mark_filter(request.args, coder)
    chosen = await choose(datasette, marks)
    if chosen:
        filters = replace(filters, only=chosen.only, without=chosen.without)
    return RequestedChanges(since, filters, marks, coder)


async def change_list(datasette: Datasette, request: Request) -> Response:
    """List what changed, what matters most first."""
    name = await requested_corpus(datasette, request)
    since, filters, marks, coder = await requested_changes(datasette, request)
    page = page_number(request, MAX_CHANGES_PAGE)
    found = await datasette.get_database(name).execute_fn(lambda db: changes.read_changes(db, filters, page))
    desk = await triage_desk(datasette, request, [row.change.edit for row in found.rows])

    def link_to(**changed: Any) -> str:
        """Link to the same list with something else in it, from its first page on."""
        return query_string(request.args, **({"page": None} | changed)) or "?"

    def file(kind: str, **more: Any) -> str:
        """Link to the list as a file."""
        return str(datasette.urls.path(f"/-/changes.{kind}")) + query_string(request.args, page=None, **more)

    variables = found._asdict() | {
        "database": name,
        "filters": filters,
        "marks": marks,
        "statuses": {UNTRIAGED: "not triaged"} | {status: str(status) for status in TriageStatus},
        "mine": MINE,
        "nobody": NOBODY,
        "desk": desk,
        "max_unlisted": MAX_UNLISTED,
        "since": since,
        "seen": seen_change(request.cookies),
        "spans": SPANS,
        "regions": {region: region_name(region) for region in REGIONS},
        "page": page,
        "link_to": link_to,
        "file": file,
        "back": str(datasette.urls.path("/-/changes")) + query_string(request.args),
        "feed": datasette.urls.path("/-/changes.atom")
        + query_string(request.args, since=None, page=None, **dict.fromkeys(MARK_FILTERS)),
    }
    return await (private if coder else render)(datasette, request, "clinicwatch-changes.html", variables)


def seen_change(cookies: Mapping[str, str]) -> int | None:
    """Read the number of the newest change that this visitor has seen; ``None`` where that is not known."""
    number = cookies.get(SEEN, "")
    return int(number) if re.fullmatch(r"[0-9]{1,18}", number) else None


class ChangeFilters(NamedTuple):
    """Since when changes are asked for, as a URL has it, and all that they are filtered by."""

    since: str
    filters: Asked


def change_filters(args: Any, seen: int | None, now: datetime) -> ChangeFilters:
    """Read what is asked for out of a URL's arguments; what makes no sense there is passed over.

    ``since`` is ``seen`` (what this visitor has not seen), a number of days, a date, or ``all``. Without it, it is what
    the visitor has not seen, or else the last 30 days.
    """
    since = args.get("since") or ("seen" if seen is not None else "30")
    site, advertiser, kind, region, crawl = ((args.get(name) or "").strip() for name in FILTERS)
    number = int(crawl) if re.fullmatch(r"[0-9]{1,9}", crawl) else 0
    filters = Asked(site=site, advertiser=advertiser, kind=kind, place=region, crawl=number)
    if since == "seen" and seen is not None:
        return ChangeFilters(since, replace(filters, after=seen))
    if re.fullmatch(r"[0-9]{1,4}", since):
        return ChangeFilters(since, replace(filters, since=(now - timedelta(days=int(since))).isoformat()))
    if re.fullmatch(r"\d{4}-\d\d-\d\d", since):
        return ChangeFilters(since, replace(filters, since=since))
    return ChangeFilters("all", filters)


def query_string(args: Any, **changed: Any) -> str:
    """Write the arguments of a list with something else in them; ``None`` takes one out."""
    values = {name: args.get(name) for name in (*FILTERS, *MARK_FILTERS, "since", "page")} | changed
    kept = {name: value for name, value in values.items() if value not in (None, "", 1, "1")}
    return f"?{urlencode(kept)}" if kept else ""


async def mark_seen(datasette: Datasette, request: Request) -> Response:
    """Remember in a cookie of this visitor that everything up to a change has been seen."""
    await requested_corpus(datasette, request)
    response = Response.redirect(datasette.urls.path("/-/changes"))
    if request.method == "POST":
        newest = (await request.post_vars()).get("newest", "")
        if re.fullmatch(r"[0-9]{1,18}", newest):
            response.set_cookie(SEEN, newest, max_age=YEAR, httponly=True, samesite="lax")
    return response


async def csv_file(datasette: Datasette, request: Request) -> AsgiStream:
    """Give all rows of the list as CSV."""
    return await file_of(datasette, request, "csv", csv_parts)


async def json_file(datasette: Datasette, request: Request) -> AsgiStream:
    """Give all rows of the list as JSON."""
    return await file_of(datasette, request, "json", json_parts)


async def file_of(datasette: Datasette, request: Request, kind: str, parts_of: Parts) -> AsgiStream:
    """Give all rows of the list as they are read; ``triage=1`` adds the marks, for who may see them."""
    name = await requested_corpus(datasette, request)
    requested = await requested_changes(datasette, request)
    marks: dict[str, ChangeTriage] | None = None
    if requested.coder and request.args.get("triage"):
        coder = requested.coder.name
        marks = await (await votes_of(datasette)).run(lambda db: triage_of(db, None, coder))
    path = Path(datasette.get_database(name).path)
    parts = parts_of(path, requested.filters, lambda one: permanent_address(datasette, request, one), marks)

    async def stream(writer: Any) -> None:
        try:
            while (part := await asyncio.to_thread(next, parts, None)) is not None:
                await writer.write(part)
        finally:
            parts.close()

    headers = {"Content-Disposition": f'attachment; filename="changes.{kind}"', "Cache-Control": "no-store"}
    types = {"csv": "text/csv; charset=utf-8", "json": "application/json; charset=utf-8"}
    return AsgiStream(stream, headers=headers, content_type=types[kind])


def permanent_address(datasette: Datasette, request: Request, one: Change) -> str:
    """Give the address of a change that stays when its number does not."""
    return str(datasette.absolute_url(request, datasette.urls.path(f"/-/changes/{one.edit}")))


async def feed(datasette: Datasette, request: Request) -> Response:
    """Give the newest changes as an Atom feed, with the same filters as the list."""
    name = await requested_corpus(datasette, request)
    filters = change_filters(request.args, None, datetime.now(UTC)).filters
    rows = await datasette.get_database(name).execute_fn(lambda db: changes.read_newest(db, filters, FEED_ENTRIES))
    here = datasette.urls.path("/-/changes.atom") + query_string(request.args, page=None)
    variables = {
        "database": name,
        "here": datasette.absolute_url(request, here),
        "updated": max((row.change.at for row in rows), default=NEVER),
        "rows": rows,
        "entry_id": changes.entry_id,
        "link": lambda one: permanent_address(datasette, request, one),
    }
    text = await datasette.render_template("clinicwatch-changes.atom", variables, request=request)
    # cleaned as a whole: a crawled text may hold characters that no XML may, however they are escaped
    return Response(clean_xml(text), content_type="application/atom+xml; charset=utf-8")


async def change(datasette: Datasette, request: Request) -> Response:
    """Show one change: what it is, why it matters, before and after."""
    row = await requested_row(datasette, request)
    return await show_change(datasette, request, row.database, row.id)


async def change_by_name(datasette: Datasette, request: Request) -> Response:
    """Show the change of a permanent address, whatever its number is today; one that is gone says so."""
    name, edit = await requested_corpus(datasette, request), request.url_vars["edit"]
    number = await datasette.get_database(name).execute_fn(lambda db: find_edit(db, edit))
    if number is not None:
        return await show_change(datasette, request, name, number)
    desk = await triage_desk(datasette, request, [edit], unlisted=edit)
    if desk is None or not desk.unlisted:
        raise NotFound("This change is not listed: there never was one of this name, or newer rules give another")
    was = desk.unlisted[0]

    def same_page(db: Any) -> list[Change]:
        """Give what is listed today of the same page in the same crawl."""
        return [one for one in changes_of_page(db, was.page or 0) if one.crawl == was.crawl]

    variables = {
        "desk": desk,
        "was": was,
        "edit": edit,
        "database": name,
        "now": await datasette.get_database(name).execute_fn(same_page),
        "back": str(datasette.urls.path(f"/-/changes/{edit}")),
    }
    return await private(datasette, request, "clinicwatch-change-unlisted.html", variables)


async def show_change(datasette: Datasette, request: Request, database: str, number: int) -> Response:
    """Show the change of a row, with its marks for who may see them."""
    whole = bool(request.args.get("whole"))
    facts = await datasette.get_database(database).execute_fn(lambda db: changes.read_change(db, number, whole=whole))
    if facts is None:
        raise NotFound("There is no such row in the corpus")
    desk = await triage_desk(datasette, request, [facts.change.edit])
    address = str(datasette.urls.path(f"/-/changes/{facts.change.edit}"))
    variables = facts._asdict() | {"database": database, "desk": desk, "address": address, "back": address}
    return await (private if desk else render)(datasette, request, "clinicwatch-change.html", variables)


async def mark(datasette: Datasette, request: Request) -> Response:
    """Store a mark on a change."""
    return await write(datasette, request, mark_change)


async def undo(datasette: Datasette, request: Request) -> Response:
    """Take back the last mark of the person, of one change where it is named."""
    return await write(datasette, request, undo_change)


async def write(
    datasette: Datasette, request: Request, work: Callable[[Datasette, SubmittedForm], Awaitable[str]]
) -> Response:
    """Do what a form asks for, then show the page that it stood on, or the marks of its change alone to a script."""
    form = await submitted_form(datasette, request)
    if form is None:
        return post_only()
    try:
        edit = await work(datasette, form)
    except VoteError as error:
        return Response.text(f"Not stored: {error}", status=400)
    home, back = str(datasette.urls.path("/-/changes")), form.fields.get("back", "")
    back = back if re.fullmatch(re.escape(home) + r"(/[0-9a-f]{16}|\?[^\s#]*)?", back) else home
    if PART not in request.headers:  # a browser without scripts
        return Response.redirect(back)
    desk: TriageDesk | None = await triage_desk(datasette, request, [edit])
    response = await private(datasette, request, "_clinicwatch-triage.html", {"desk": desk, "edit": edit, "back": back})
    response.headers["X-Change"] = edit
    response.headers["X-Decision"] = desk.decision if desk else ""  # for what the script leaves on the page
    return response
