"""The pages that we add to Datasette: home, search, a document, a version, a site, a crawl, archived bytes."""  # noqa: INP001

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from datasette.utils import sqlite3, sqlite_timelimit
from datasette.utils.asgi import NotFound, Response
from pluggy import HookimplMarker

from db.corpus.connection import evidence_folder
from db.datasette import documents, overview, runs, sites
from db.datasette.answers import corpus_asked, render, row_asked, show_row
from db.datasette.archive import NotArchivedError, read_source, read_whole
from db.datasette.search import FILTERS, MAX_PAGE, Query, Results, choices, search

if TYPE_CHECKING:
    from collections.abc import Callable

    from datasette.app import Datasette
    from datasette.utils.asgi import Request

hookimpl = HookimplMarker("datasette")  # what datasette.hookimpl is, with its type

SEARCH_LIMIT = 3000  # ms; a search that takes longer is given up with a word to the reader


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """Put our pages where Datasette has its row pages, so that every link to a row leads to them."""
    return [
        (r"^/$", home),
        (r"^/-/search$", search_page),
        (r"^/(?P<database>[^/]+)/documents/(?P<id>\d+)$", document),
        (r"^/(?P<database>[^/]+)/pages/(?P<id>\d+)$", page),
        (r"^/(?P<database>[^/]+)/versions/(?P<id>\d+)$", version),
        (r"^/(?P<database>[^/]+)/sites/(?P<id>\d+)$", site),
        (r"^/(?P<database>[^/]+)/crawls/(?P<id>\d+)$", crawl),
        (r"^/(?P<database>[^/]+)/captures/(?P<id>\d+)/source$", source),
        (r"^/(?P<database>[^/]+)/captures/(?P<id>\d+)/record$", record),
    ]


async def home(datasette: Datasette, request: Request) -> Response:
    """Say what the corpus is and how fresh."""
    name = await corpus_asked(datasette, request)
    facts = await datasette.get_database(name).execute_fn(overview.read_overview)
    return await render(datasette, request, "clinicwatch-home.html", facts | {"database": name})


async def search_page(datasette: Datasette, request: Request) -> Response:
    """Find documents, the best first."""
    name = await corpus_asked(datasette, request)
    query = asked(request.args)

    def read(db: sqlite3.Connection) -> tuple[Results | None, dict[str, list[str]]]:
        try:
            with sqlite_timelimit(db, SEARCH_LIMIT):
                return search(db, query), choices(db)
        except sqlite3.OperationalError:
            return None, choices(db)

    results, offered = await datasette.get_database(name).execute_fn(read)
    facts = {"database": name, "query": query, "results": results, "offered": offered, "link_to": link_to(query)}
    return await render(datasette, request, "clinicwatch-search.html", facts)


def asked(args: Any) -> Query:
    """Read a search out of a URL's arguments; what makes no sense there is passed over."""
    page = args.get("page") or "1"
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    filters = {name: args.get(name) for name in FILTERS if args.get(name)}
    return Query((args.get("q") or "").strip(), filters, min(max(number, 1), MAX_PAGE))


def link_to(query: Query) -> Callable[..., str]:
    """Make links to the same search with something else in it; ``None`` takes a filter out."""

    def link(**changes: Any) -> str:
        values: dict[str, Any] = {"q": query.typed} | query.filters | changes
        return "?" + urlencode({name: value for name, value in values.items() if value not in (None, "", 1)})

    return link


async def document(datasette: Datasette, request: Request) -> Response:
    """Show a current document; a page that is none any more is shown as the page that it is."""
    name, number = await row_asked(datasette, request)
    if not await datasette.get_database(name).execute_fn(lambda db: documents.is_document(db, number)):
        return Response.redirect(datasette.urls.row(name, "pages", str(number)))
    return await _reading(datasette, request, number)


async def page(datasette: Datasette, request: Request) -> Response:
    """Show a page, whatever became of it."""
    _, number = await row_asked(datasette, request)
    return await _reading(datasette, request, number)


async def version(datasette: Datasette, request: Request) -> Response:
    """Show a text that a page has or had."""
    name, number = await row_asked(datasette, request)
    of = await datasette.get_database(name).execute_fn(lambda db: documents.page_of_version(db, number))
    return await _reading(datasette, request, of or 0, number)


async def _reading(datasette: Datasette, request: Request, number: int, shown: int | None = None) -> Response:
    return await show_row(
        datasette, request, "clinicwatch-document.html", lambda db: documents.read_page(db, number, shown)
    )


async def site(datasette: Datasette, request: Request) -> Response:
    """Show a site."""
    _, number = await row_asked(datasette, request)
    return await show_row(datasette, request, "clinicwatch-site.html", lambda db: sites.read_site(db, number))


async def crawl(datasette: Datasette, request: Request) -> Response:
    """Show a crawl."""
    _, number = await row_asked(datasette, request)
    return await show_row(datasette, request, "clinicwatch-crawl.html", lambda db: runs.read_crawl(db, number))


async def source(datasette: Datasette, request: Request) -> Response:
    """Give an archived page as plain text, which no browser runs."""
    capture, folder = await _capture(datasette, request)
    found = await _archived(read_source, folder, capture)
    headers = {
        "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
        "Content-Disposition": f'inline; filename="capture-{capture["id"]}.txt"',
    }
    if found.cut:
        headers["X-Archive-Cut"] = f"shown up to {len(found.body)} bytes"
    return Response(found.body, headers=headers, content_type=f"text/plain; charset={found.charset}")


async def record(datasette: Datasette, request: Request) -> Response:
    """Give the WARC record of a capture as a file of its own, which any WARC tool reads."""
    capture, folder = await _capture(datasette, request)
    found = await _archived(read_whole, folder, capture)
    headers = {
        "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
        "Content-Disposition": f'attachment; filename="capture-{capture["id"]}.warc.gz"',
    }
    return Response(found, headers=headers, content_type="application/gzip")


async def _capture(datasette: Datasette, request: Request) -> tuple[dict[str, Any], Path]:
    name, number = await row_asked(datasette, request)
    database = datasette.get_database(name)
    row = (await database.execute("SELECT * FROM captures WHERE id = ?", [number])).first()
    if row is None:
        raise NotFound("There is no such capture")
    return dict(row), evidence_folder(Path(database.path))


async def _archived(read: Callable[[Path, dict[str, Any]], Any], folder: Path, capture: dict[str, Any]) -> Any:
    try:
        return await asyncio.to_thread(read, folder, capture)
    except NotArchivedError as error:
        raise NotFound(str(error)) from error
