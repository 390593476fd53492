"""What the passes found: changes and their feed, the history of a page, families, shared sentences, who shares."""  # noqa: INP001

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from datasette.utils.asgi import NotFound, Response
from pluggy import HookimplMarker

from db.corpus.changes import Asked
from db.datasette import changes, families, sharing
from db.datasette.formatting import clean_xml, region_name
from db.datasette.history import read_history
from db.datasette.routes import number_in, page_number, render, requested_corpus, requested_row, show_row
from pipelines.changes.region_diff import REGIONS
from pipelines.model.records import FamilyKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from datasette.app import Datasette
    from datasette.utils.asgi import Request

    from db.corpus.changes import Change

hookimpl = HookimplMarker("datasette")  # what datasette.hookimpl is, with its type

# The number of the newest change that a visitor has seen. It is nobody's secret and gives no right, so it is not
# signed: a signature would be void after each restart of a server without a fixed secret, and each marker with it.
SEEN = "clinicwatch_seen"
YEAR = 365 * 24 * 3600  # seconds
MAX_CHANGES_PAGE = 400
MAX_PAGE = 10_000
FILTERS = ("site", "advertiser", "kind", "place", "crawl")
SPANS = {"7": "a week", "30": "a month", "365": "a year"}
FEED_ENTRIES = 50
NEVER = "1970-01-01T00:00:00+00:00"  # a feed without an entry has to say when it was updated, too


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """Put the lists beside the tables, and the page of a change or a family where Datasette has its row page."""
    return [
        (r"^/-/changes$", change_list),
        (r"^/-/changes\.atom$", feed),
        (r"^/-/changes/seen$", mark_seen),
        (r"^/(?P<database>[^/]+)/changes/(?P<id>\d+)$", change),
        (r"^/(?P<database>[^/]+)/pages/(?P<id>\d+)/history$", history),
        (r"^/-/families$", family_list),
        (r"^/(?P<database>[^/]+)/families/(?P<id>\d+)$", family),
        (r"^/(?P<database>[^/]+)/families/(?P<id>\d+)/compare$", compare),
        (r"^/-/sharing$", sharing_page),
        (r"^/-/sentences$", sentences),
    ]


async def change_list(datasette: Datasette, request: Request) -> Response:
    """List what changed, what matters most first."""
    name = await requested_corpus(datasette, request)
    seen = seen_change(request.cookies)
    since, filters = change_filters(request.args, seen, datetime.now(UTC))
    page = page_number(request, MAX_CHANGES_PAGE)
    found = await datasette.get_database(name).execute_fn(lambda db: changes.read_changes(db, filters, page))

    def link_to(**changed: Any) -> str:
        """Link to the same list with something else in it, from its first page on."""
        return query_string(request.args, **({"page": None} | changed)) or "?"

    variables = found._asdict() | {
        "database": name,
        "filters": filters,
        "since": since,
        "seen": seen,
        "spans": SPANS,
        "regions": {region: region_name(region) for region in REGIONS},
        "page": page,
        "link_to": link_to,
        "feed": datasette.urls.path("/-/changes.atom") + query_string(request.args, since=None, page=None),
    }
    return await render(datasette, request, "clinicwatch-changes.html", variables)


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
    values = {name: args.get(name) for name in (*FILTERS, "since", "page")} | changed
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


async def feed(datasette: Datasette, request: Request) -> Response:
    """Give the newest changes as an Atom feed, with the same filters as the list."""
    name = await requested_corpus(datasette, request)
    filters = change_filters(request.args, None, datetime.now(UTC)).filters
    rows = await datasette.get_database(name).execute_fn(lambda db: changes.read_newest(db, filters, FEED_ENTRIES))
    here = datasette.urls.path("/-/changes.atom") + query_string(request.args, page=None)

    def link(change: Change) -> str:
        return str(datasette.absolute_url(request, datasette.urls.row(name, "changes", str(change.id))))

    variables = {
        "database": name,
        "here": datasette.absolute_url(request, here),
        "updated": max((row.change.at for row in rows), default=NEVER),
        "rows": rows,
        "entry_id": changes.entry_id,
        "link": link,
    }
    text = await datasette.render_template("clinicwatch-changes.atom", variables, request=request)
    # cleaned as a whole: a crawled text may hold characters that no XML may, however they are escaped
    return Response(clean_xml(text), content_type="application/atom+xml; charset=utf-8")


async def change(datasette: Datasette, request: Request) -> Response:
    """Show one change: what it is, why it matters, before and after."""
    whole = bool(request.args.get("whole"))
    return await show_row(
        datasette, request, "clinicwatch-change.html", lambda db, number: changes.read_change(db, number, whole=whole)
    )


async def history(datasette: Datasette, request: Request) -> Response:
    """Show what became of a page over time."""
    return await show_row(datasette, request, "clinicwatch-history.html", read_history)


async def family_list(datasette: Datasette, request: Request) -> Response:
    """List the families, those that span most advertisers first."""
    name = await requested_corpus(datasette, request)
    kind = request.args.get("kind") or ""
    kind = kind if kind in set(FamilyKind) else ""
    page = page_number(request, MAX_PAGE)
    found = await datasette.get_database(name).execute_fn(lambda db: families.read_families(db, kind, page))
    return await render(datasette, request, "clinicwatch-families.html", found._asdict() | {"database": name})


async def family(datasette: Datasette, request: Request) -> Response:
    """Show a family; one that is no more leads to the one that took it up."""
    row = await requested_row(datasette, request)
    database = datasette.get_database(row.database)
    found = await database.execute_fn(lambda db: families.read_family(db, row.id))
    if found is None:
        heir = await database.execute_fn(lambda db: families.heir_of(db, row.id))
        if heir is None:
            raise NotFound("There is no such family in the corpus")
        return Response.redirect(datasette.urls.row(row.database, "families", str(heir)))
    return await render(datasette, request, "clinicwatch-family.html", found._asdict() | {"database": row.database})


async def compare(datasette: Datasette, request: Request) -> Response:
    """Show two pages of a family side by side."""
    row = await requested_row(datasette, request)
    one, other = number_in(request.args.get("a")), number_in(request.args.get("b"))
    database = datasette.get_database(row.database)
    found = await database.execute_fn(lambda db: families.read_pair(db, row.id, one, other))
    if found is None:
        raise NotFound("These are no two pages of one family")
    return await render(datasette, request, "clinicwatch-compare.html", found._asdict() | {"database": row.database})


async def sharing_page(datasette: Datasette, request: Request) -> Response:
    """Show which advertisers share texts with which."""
    name = await requested_corpus(datasette, request)
    found = await datasette.get_database(name).execute_fn(sharing.read_sharing)
    return await render(datasette, request, "clinicwatch-sharing.html", found._asdict() | {"database": name})


async def sentences(datasette: Datasette, request: Request) -> Response:
    """List the sentences that several advertisers have, and pairs of pages that may be paraphrases."""
    name = await requested_corpus(datasette, request)
    page = page_number(request, MAX_PAGE)
    found = await datasette.get_database(name).execute_fn(lambda db: sharing.read_sentences(db, page))
    return await render(datasette, request, "clinicwatch-sentences.html", found._asdict() | {"database": name})
