"""Browsing a corpus: home, search, a document, a site, a crawl, archived bytes, pictures; how tables and cells look."""  # noqa: INP001

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

from datasette.database import QueryInterrupted
from datasette.utils import sqlite3, sqlite_timelimit
from datasette.utils.asgi import NotFound, Response
from datasette.views.base import DatasetteError
from pluggy import HookimplMarker

from db.corpus.connection import evidence_folder
from db.datasette import crawls, documents, sites
from db.datasette.archive import NotArchivedError, read_checked_record, read_source
from db.datasette.cells import HIDDEN, LEADING, cell
from db.datasette.formatting import FILTERS
from db.datasette.limits import limit_connection, limit_steps
from db.datasette.overview import COUNTS, DATASET_FILTER, read_overview
from db.datasette.pictures.charts import draw
from db.datasette.pictures.figures import Figures, read_figures
from db.datasette.routes import corpus_name, page_number, render, requested_corpus, requested_row, show_row
from db.datasette.search import FILTERS as SEARCH_FILTERS
from db.datasette.search import MAX_PAGE, Query, Results, filter_values, search

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator, Mapping

    from datasette.app import Datasette
    from datasette.utils.asgi import Request
    from jinja2 import Environment

hookimpl = HookimplMarker("datasette")  # what datasette.hookimpl is, with its type
Archived = TypeVar("Archived")

SEARCH_LIMIT = 3000  # ms; a search that takes longer is given up with a word to the visitor
PICTURES_LIMIT = 20_000  # ms; beyond it the page says that the corpus is too large to be drawn while somebody waits
PARTS = {
    "Changes": "/-/changes",
    "Claims": "/-/claims",
    "Documents": "documents",
    "Families": "/-/families",
    "Sites": "sites",
    "Copies": "copies",
    "Crawls": "crawls",
    "All pages": "all_pages",
    "Pictures": "/-/pictures",
}
# a browser is to distrust what a site wrote, on every answer
POLICY = (
    "default-src 'none'; script-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "style-src 'self' 'unsafe-inline'; "  # Datasette's own pages colour headings with style attributes
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SAFETY_HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
# archived bytes are what a site sent: nothing in them may run
SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"
TOO_MUCH = "This query takes too much memory: ask for fewer rows, fewer columns or shorter values."
TOO_LONG = "This query took more than {} seconds and was ended: ask for less of the corpus, or take it by export."


@hookimpl
def startup() -> None:
    """Set what holds for all queries."""
    limit_steps()


@hookimpl
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Set our limits on each connection that pages are read with."""
    limit_connection(conn)


@hookimpl(hookwrapper=True)
def handle_exception(datasette: Any, request: Any, exception: BaseException) -> Generator[None, Any, None]:
    """Answer for a query that met a bound; everything else is Datasette's to tell, with its traceback."""
    outcome = yield
    if isinstance(exception, (MemoryError, sqlite3.DataError)):
        outcome.force_result([_refusal(datasette, request, TOO_MUCH)])
    elif isinstance(exception, QueryInterrupted) or (
        isinstance(exception, DatasetteError) and exception.title == "SQL Interrupted"
    ):
        seconds = datasette.setting("sql_time_limit_ms") / 1000
        outcome.force_result([_refusal(datasette, request, TOO_LONG.format(seconds))])


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """Put our pages where Datasette has its row pages, so that every link to a row leads to them."""
    return [
        (r"^/$", home),
        (r"^/-/search$", search_page),
        (r"^/-/pictures$", pictures),
        (r"^/(?P<database>[^/]+)/documents/(?P<id>\d+)$", document),
        (r"^/(?P<database>[^/]+)/pages/(?P<id>\d+)$", page),
        (r"^/(?P<database>[^/]+)/versions/(?P<id>\d+)$", version),
        (r"^/(?P<database>[^/]+)/sites/(?P<id>\d+)$", site),
        (r"^/(?P<database>[^/]+)/crawls/(?P<id>\d+)$", crawl),
        (r"^/(?P<database>[^/]+)/captures/(?P<id>\d+)/source$", source),
        (r"^/(?P<database>[^/]+)/captures/(?P<id>\d+)/record$", record),
    ]


@hookimpl(trylast=True)
def menu_links(datasette: Datasette) -> Callable[[], Awaitable[list[dict[str, str]]]]:
    """Lead to the parts of the corpus, behind what a person has to do."""
    return lambda: parts_of_corpus(datasette)


@hookimpl
def prepare_jinja2_environment(env: Environment, datasette: Datasette) -> None:
    """Give our filters to the templates; Datasette leaves the menu out of error pages, and `parts` puts it there."""
    env.filters.update(FILTERS)
    env.globals["parts"] = lambda: parts_of_corpus(datasette)


@hookimpl
def extra_template_vars(datasette: Datasette, table: str | None) -> Callable[[], Awaitable[dict[str, Any]]]:
    """Name the corpus to every template, and to the list of documents how many of them the dataset has."""

    async def variables() -> dict[str, Any]:
        name = await corpus_name(datasette)
        ours = {"corpus": name, "hidden_columns": HIDDEN, "leading": LEADING, "dataset_filter": DATASET_FILTER}
        if name and table == "documents":
            counted = await datasette.get_database(name).execute(COUNTS["documents"])
            return ours | {"dataset_rows": counted.single_value()}
        return ours

    return variables


@hookimpl
def render_cell(
    row: Any, value: Any, column: str, table: str | None, database: str | None, datasette: Datasette
) -> Any:
    """Show a cell of the corpus; ``None`` leaves it to Datasette."""
    return cell(datasette, database, table, row, column, value)


@hookimpl
def asgi_wrapper() -> Callable[[Any], Any]:
    """Add our headers to an answer where it does not carry stricter ones of its own."""

    def wrap(app: Any) -> Any:
        async def wrapped(scope: Any, receive: Any, send: Callable[[Any], Awaitable[None]]) -> None:
            async def send_with_headers(message: Any) -> None:
                if message["type"] == "http.response.start":
                    headers = list(message.get("headers") or [])
                    names = {bytes(name).lower() for name, _ in headers}
                    added = [(name, value) for name, value in SAFETY_HEADERS if name not in names]
                    message = message | {"headers": headers + added}
                await send(message)

            await app(scope, receive, send_with_headers)

        return wrapped

    return wrap


async def parts_of_corpus(datasette: Datasette) -> list[dict[str, str]]:
    """Give the links of the menu; none where no corpus is open."""
    name = await corpus_name(datasette)
    if name is None:
        return []
    urls = datasette.urls
    return [
        {"href": urls.path(part) if part.startswith("/") else urls.table(name, part), "label": label}
        for label, part in PARTS.items()
    ]


async def home(datasette: Datasette, request: Request) -> Response:
    """Say what the corpus is and how fresh."""
    name = await requested_corpus(datasette, request)
    facts = await datasette.get_database(name).execute_fn(read_overview)
    return await render(datasette, request, "clinicwatch-home.html", facts._asdict() | {"database": name})


async def search_page(datasette: Datasette, request: Request) -> Response:
    """Find documents, the best first."""
    name = await requested_corpus(datasette, request)
    args = request.args
    filters = {name: args.get(name) for name in SEARCH_FILTERS if args.get(name)}
    query = Query((args.get("q") or "").strip(), filters, page_number(request, MAX_PAGE))

    def read(db: sqlite3.Connection) -> Results | None:
        try:
            with sqlite_timelimit(db, SEARCH_LIMIT):
                return search(db, query)
        except sqlite3.OperationalError:
            return None

    def link_to(**changes: Any) -> str:
        """Link to the same search with something else in it; ``None`` takes a filter out."""
        values: dict[str, Any] = {"q": query.typed} | query.filters | changes
        return "?" + urlencode({name: value for name, value in values.items() if value not in (None, "", 1)})

    database = datasette.get_database(name)
    variables = {
        "database": name,
        "query": query,
        "results": await database.execute_fn(read),
        "offered": await database.execute_fn(filter_values),
        "link_to": link_to,
    }
    return await render(datasette, request, "clinicwatch-search.html", variables)


async def document(datasette: Datasette, request: Request) -> Response:
    """Show a current document; a page that is none any more is shown as the page that it is."""
    row = await requested_row(datasette, request)
    # old links and lists lead here; the page itself says why it is none
    if not await datasette.get_database(row.database).execute_fn(lambda db: documents.is_document(db, row.id)):
        return Response.redirect(datasette.urls.row(row.database, "pages", str(row.id)))
    return await page(datasette, request)


async def page(datasette: Datasette, request: Request) -> Response:
    """Show a page, whatever became of it."""
    return await show_row(datasette, request, "clinicwatch-document.html", documents.read_document)


async def version(datasette: Datasette, request: Request) -> Response:
    """Show a text that a page has or had; ``?quote=`` marks these words on it."""
    quote = request.args.get("quote") or ""
    return await show_row(
        datasette, request, "clinicwatch-document.html", lambda db, row: documents.read_version(db, row, quote)
    )


async def site(datasette: Datasette, request: Request) -> Response:
    """Show a site."""
    return await show_row(datasette, request, "clinicwatch-site.html", sites.read_site)


async def crawl(datasette: Datasette, request: Request) -> Response:
    """Show a crawl."""
    return await show_row(datasette, request, "clinicwatch-crawl.html", crawls.read_crawl)


async def source(datasette: Datasette, request: Request) -> Response:
    """Give an archived page as plain text, which no browser runs."""
    found = await archived(datasette, request, read_source)
    headers = {
        "Content-Security-Policy": SANDBOX,
        "Content-Disposition": f'inline; filename="capture-{int(request.url_vars["id"])}.txt"',
    }
    if found.cut:
        headers["X-Archive-Cut"] = f"shown up to {len(found.body)} bytes"
    return Response(found.body, headers=headers, content_type=f"text/plain; charset={found.charset}")


async def record(datasette: Datasette, request: Request) -> Response:
    """Give the WARC record of a capture as a file of its own, which any WARC tool reads."""
    found = await archived(datasette, request, read_checked_record)
    headers = {
        "Content-Security-Policy": SANDBOX,
        "Content-Disposition": f'attachment; filename="capture-{int(request.url_vars["id"])}.warc.gz"',
    }
    return Response(found, headers=headers, content_type="application/gzip")


async def archived(
    datasette: Datasette, request: Request, read: Callable[[Path, Mapping[str, Any]], Archived]
) -> Archived:
    """Read the bytes of the capture that a URL names; a 404 says why they cannot be given."""
    row = await requested_row(datasette, request)
    database = datasette.get_database(row.database)
    capture = (await database.execute("SELECT * FROM captures WHERE id = ?", [row.id])).first()
    if capture is None:
        raise NotFound("There is no such capture")
    try:
        return await asyncio.to_thread(read, evidence_folder(Path(database.path)), dict(capture))
    except NotArchivedError as error:
        raise NotFound(str(error)) from error


async def pictures(datasette: Datasette, request: Request) -> Response:
    """Show growth, claims over time, codes by advertiser, coverage by state; a table beneath each."""
    name = await requested_corpus(datasette, request)

    def read(db: sqlite3.Connection) -> Figures | None:
        try:
            with sqlite_timelimit(db, PICTURES_LIMIT):
                return read_figures(db)
        except sqlite3.OperationalError:
            return None

    figures = await datasette.get_database(name).execute_fn(read)

    def claims_of(advertiser: str, code: str) -> str:
        """Lead to the candidates of a code, by its short name, that an advertiser, or anybody, shows now."""
        asked = {"clinic": advertiser, "code": figures.codes[code] if figures else code, "seen": "now"}
        query = urlencode({key: value for key, value in asked.items() if value})
        return str(datasette.urls.path(f"/-/claims?{query}"))

    drawn = draw(figures, claims_of) if figures else None
    variables = {"database": name, "figures": figures, "drawn": drawn, "claims_of": claims_of}
    return await render(datasette, request, "clinicwatch-pictures.html", variables)


async def _refusal(datasette: Any, request: Any, error: str) -> Response:
    told = {"ok": False, "error": error, "status": 400, "title": "Too much"}
    if request.path.endswith(".json"):
        return Response.json(told, status=400)
    return Response.html(await datasette.render_template("error.html", told, request=request), status=400)
