"""The change desk: what changed, ranked, since a date or since this reader last looked; the history of a page."""  # noqa: INP001

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from datasette.utils.asgi import Response
from pluggy import HookimplMarker

from db.corpus.changes import PLACES, Asked
from db.datasette import changes
from db.datasette.answers import corpus_asked, render, row_asked, show_row
from db.datasette.feed import feed_of
from db.datasette.timeline import read_history

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from datasette.app import Datasette
    from datasette.utils.asgi import Request

hookimpl = HookimplMarker("datasette")  # what datasette.hookimpl is, with its type

# The number of the newest change that a reader has seen. It is nobody's secret and gives no right, so it is not signed:
# a signature would be void after each restart of a server without a fixed secret, and every reader's marker with it.
SEEN = "clinicwatch_seen"
YEAR = 365 * 24 * 3600  # seconds
MAX_PAGE = 400
FILTERS = ("site", "advertiser", "kind", "place", "crawl")
SPANS = {"7": "a week", "30": "a month", "365": "a year"}
FED = 50  # entries of the feed


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """Put the desk beside the tables, and the page of a change where Datasette has its row page."""
    return [
        (r"^/-/changes$", desk),
        (r"^/-/changes\.atom$", atom),
        (r"^/-/changes/seen$", mark_seen),
        (r"^/(?P<database>[^/]+)/changes/(?P<id>\d+)$", change),
        (r"^/(?P<database>[^/]+)/pages/(?P<id>\d+)/history$", history),
    ]


async def desk(datasette: Datasette, request: Request) -> Response:
    """List what changed, what matters most first."""
    name = await corpus_asked(datasette, request)
    seen = marker(request.cookies)
    since, asked = asked_of(request.args, seen, datetime.now(UTC))
    page = page_of(request.args)
    facts = await datasette.get_database(name).execute_fn(lambda db: changes.read_desk(db, asked, page))
    told = {
        "database": name,
        "asked": asked,
        "since": since,
        "seen": seen,
        "spans": SPANS,
        "places": {place: changes.name_of(place) for place in PLACES},
        "page": page,
        "link_to": link_to(request.args),
        "feed": datasette.urls.path("/-/changes.atom") + query_of(request.args, since=None, page=None),
    }
    return await render(datasette, request, "clinicwatch-changes.html", facts | told)


def marker(cookies: Mapping[str, str]) -> int | None:
    """Read how far this reader has seen; ``None`` where that is not known."""
    told = cookies.get(SEEN, "")
    return int(told) if re.fullmatch(r"[0-9]{1,18}", told) else None


def page_of(args: Any) -> int:
    """Read which page of a list is asked for."""
    told = args.get("page") or "1"
    return min(max(int(told), 1), MAX_PAGE) if re.fullmatch(r"[0-9]{1,6}", told) else 1


def asked_of(args: Any, seen: int | None, now: datetime) -> tuple[str, Asked]:
    """Read what is asked for out of a URL's arguments; what makes no sense there is passed over.

    ``since`` is ``seen`` (what this reader has not seen), a number of days, a date, or ``all``. Without it, it is what
    the reader has not seen, or else the last 30 days.
    """
    since = args.get("since") or ("seen" if seen is not None else "30")
    site, advertiser, kind, place, crawl = ((args.get(name) or "").strip() for name in FILTERS)
    number = int(crawl) if re.fullmatch(r"[0-9]{1,9}", crawl) else 0
    asked = Asked(site=site, advertiser=advertiser, kind=kind, place=place, crawl=number)
    if since == "seen" and seen is not None:
        return since, replace(asked, after=seen)
    if re.fullmatch(r"[0-9]{1,4}", since):
        return since, replace(asked, since=(now - timedelta(days=int(since))).isoformat())
    if re.fullmatch(r"\d{4}-\d\d-\d\d", since):
        return since, replace(asked, since=since)
    return "all", asked


def query_of(args: Any, **changed: Any) -> str:
    """Write the arguments of a list with something else in them; ``None`` takes one out."""
    values = {name: args.get(name) for name in (*FILTERS, "since", "page")} | changed
    kept = {name: value for name, value in values.items() if value not in (None, "", 1, "1")}
    return f"?{urlencode(kept)}" if kept else ""


def link_to(args: Any) -> Callable[..., str]:
    """Make links to the same list with something else in it, from its first page on."""
    return lambda **changed: query_of(args, **({"page": None} | changed)) or "?"


async def mark_seen(datasette: Datasette, request: Request) -> Response:
    """Remember in a cookie of this reader that everything up to a change has been seen."""
    await corpus_asked(datasette, request)
    response = Response.redirect(datasette.urls.path("/-/changes"))
    if request.method == "POST":
        told = (await request.post_vars()).get("newest", "")
        if re.fullmatch(r"[0-9]{1,18}", told):
            response.set_cookie(SEEN, told, max_age=YEAR, httponly=True, samesite="lax")
    return response


async def atom(datasette: Datasette, request: Request) -> Response:
    """Give the newest changes as a feed, with the same filters as the list."""
    name = await corpus_asked(datasette, request)
    _, asked = asked_of(request.args, None, datetime.now(UTC))
    rows = await datasette.get_database(name).execute_fn(lambda db: changes.read_newest(db, asked, FED))
    here = datasette.absolute_url(request, datasette.urls.path("/-/changes.atom") + query_of(request.args, page=None))

    def link(one: Any) -> str:
        return str(datasette.absolute_url(request, datasette.urls.row(name, "changes", str(one.id))))

    return Response(feed_of(rows, here, f"Changes in {name}", link), content_type="application/atom+xml; charset=utf-8")


async def change(datasette: Datasette, request: Request) -> Response:
    """Show one change: what it is, why it matters, before and after."""
    _, number = await row_asked(datasette, request)
    whole = bool(request.args.get("whole"))
    return await show_row(
        datasette, request, "clinicwatch-change.html", lambda db: changes.read_change(db, number, whole=whole)
    )


async def history(datasette: Datasette, request: Request) -> Response:
    """Show what became of a page over time."""
    _, number = await row_asked(datasette, request)
    return await show_row(datasette, request, "clinicwatch-history.html", lambda db: read_history(db, number))
