"""The list of claim candidates, with its file of exactly the same rows."""  # noqa: INP001

from __future__ import annotations

import asyncio
import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from datasette.utils import sqlite3, sqlite_timelimit
from datasette.utils.asgi import AsgiStream
from pluggy import HookimplMarker

from db.coding.claim_status import STATUSES
from db.coding.evidence import MAX_QUOTE
from db.corpus.connection import connect
from db.datasette.claim_marks import listed_marks
from db.datasette.claim_statuses import known_statuses
from db.datasette.claims import FILTERS, ClaimPage, ClaimQuery, ClaimRow, all_claims, file_row, read_claims
from db.datasette.routes import LONGEST, number_in, render, requested_corpus

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from datasette.app import Datasette
    from datasette.utils.asgi import Request, Response

    from db.datasette.claim_statuses import Statuses
    from db.datasette.claims import ListedClaim

hookimpl = HookimplMarker("datasette")  # what datasette.hookimpl is, with its type

TIME_LIMIT = 5_000  # ms; a page that takes longer is given up with a word to the visitor
MAX_PERCENT = 9_999


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """Put the list beside search, and its file beside it."""
    return [(r"^/-/claims$", claims), (r"^/-/claims\.csv$", file)]


def claim_query(args: Any) -> ClaimQuery:
    """Read what is asked for out of a URL's arguments; what makes no sense there is passed over."""
    filters = {name: value for name in FILTERS if (value := (args.get(name) or "").strip())}
    if "code" not in filters:
        filters.pop("value", None)
    before = args.get("before") or ""
    status = args.get("status") or ""
    return ClaimQuery(
        typed=(args.get("q") or "").strip(),
        filters=filters,
        clinic=(args.get("clinic") or args.get("advertiser") or "").strip(),
        percent=min(number_in(args.get("percent")), MAX_PERCENT),
        status=status if status in STATUSES else "",
        before=int(before) if before.isascii() and before.isdigit() and len(before) <= LONGEST else None,
    )


def query_string(query: ClaimQuery, **changed: Any) -> str:
    """Write what is asked for as arguments of a URL, with something else in them; ``None`` takes one out."""
    values: dict[str, Any] = {"q": query.typed, **query.filters, "clinic": query.clinic, "percent": query.percent}
    values |= {"status": query.status} | changed
    kept = {name: value for name, value in values.items() if value not in (None, "", 0)}
    return f"?{urlencode(kept)}" if kept else ""


async def claims(datasette: Datasette, request: Request) -> Response:
    """List claim candidates, the newest first."""
    name = await requested_corpus(datasette, request)
    query = claim_query(request.args)
    statuses = await known_statuses(datasette, request)

    def read(db: sqlite3.Connection) -> tuple[ClaimPage | None, list[ListedClaim]]:
        try:
            with sqlite_timelimit(db, TIME_LIMIT):
                return read_claims(db, query, statuses.rows), listed_marks(db, query, statuses.marks)
        except sqlite3.OperationalError:
            return None, []

    def link_to(**changed: Any) -> str:
        """Link to the same list with something else in it, from its first page on."""
        return str(datasette.urls.path("/-/claims")) + query_string(query, **changed)

    found, marks = await datasette.get_database(name).execute_fn(read)
    variables = {
        "database": name,
        "query": query,
        "found": found,
        "marks": marks,  # all of them, before the first page of candidates
        "statuses": STATUSES if statuses.codes else (),
        "link_to": link_to,
        "file": datasette.urls.path("/-/claims.csv") + query_string(query),
        "marked_place": lambda one: marked_place(datasette, name, one),
    }
    return await render(datasette, request, "clinicwatch-claims.html", variables)


def marked_place(datasette: Datasette, database: str, one: ListedClaim) -> str:
    """Link to the place on the page of a document where a row's sentence is marked."""
    row = one.row
    if not row["claim"]:  # that a coder marked: the version that was read, with its words marked
        version = datasette.urls.row(database, "versions", str(row["version"]))
        return f"{version}?quote={quote(row['quote'][:MAX_QUOTE], safe='')}#quote"
    shown = ("pages", row["page"]) if row["is_current"] else ("versions", row["version"])
    return f"{datasette.urls.row(database, shown[0], str(shown[1]))}#{row['claim']}"


async def file(datasette: Datasette, request: Request) -> AsgiStream:
    """Give all rows of the list as CSV, as they are read: of one state of the corpus, whatever its length."""
    name = await requested_corpus(datasette, request)
    query = claim_query(request.args)._replace(before=None)
    statuses = await known_statuses(datasette, request)
    path = Path(datasette.get_database(name).path)

    def link(one: ListedClaim) -> str:
        return str(datasette.absolute_url(request, marked_place(datasette, name, one)))

    async def stream(writer: Any) -> None:
        parts = csv_parts(path, query, statuses, link)
        try:
            while (part := await asyncio.to_thread(next, parts, None)) is not None:
                await writer.write(part)
        finally:
            parts.close()

    headers = {"Content-Disposition": 'attachment; filename="claims.csv"'}
    return AsgiStream(stream, headers=headers, content_type="text/csv; charset=utf-8")


def csv_parts(path: Path, query: ClaimQuery, statuses: Statuses, link: Callable[[ListedClaim], str]) -> Generator[str]:
    """Give the file part by part; all of it is one state of the corpus."""
    db = connect(path, read_only=True)
    try:
        db.row_factory = sqlite3.Row
        db.execute("BEGIN")
        yield _csv([ClaimRow._fields])
        yield _csv(file_row(one, link(one)) for one in listed_marks(db, query, statuses.marks))
        for batch in all_claims(db, query, statuses.rows):
            yield _csv(file_row(one, link(one)) for one in batch)
    finally:
        db.close()


def _csv(rows: Any) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
