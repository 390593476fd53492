"""What our routes share: which corpus and row a request is for, the numbers in it, and the page that answers it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from datasette import Forbidden
from datasette.utils import tilde_decode
from datasette.utils.asgi import NotFound, Response

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping

    from datasette.app import Datasette
    from datasette.utils.asgi import Request

LONGEST = 18  # digits: longer numbers do not fit an INTEGER of SQLite


class RowRequest(NamedTuple):
    """The database and the row that a URL names."""

    database: str
    id: int


class PageFacts(Protocol):
    """What a page shows, as a named tuple: its fields are the variables of the template."""

    def _asdict(self) -> dict[str, Any]: ...


async def corpus_name(datasette: Datasette) -> str | None:
    """Name the database that is the corpus, whatever its file is called; ``None`` where none is open."""
    for name, database in datasette.databases.items():
        if database.path and {"documents", "versions_fts"} <= set(await database.table_names()):
            return str(name)
    return None


async def requested_corpus(datasette: Datasette, request: Request) -> str:
    """Name the corpus, where one is open and the visitor may see it."""
    name = await corpus_name(datasette)
    if name is None:
        raise NotFound("No corpus is open here")
    await check_may_read(datasette, request.actor, name)
    return name


async def requested_row(datasette: Datasette, request: Request) -> RowRequest:
    """Name the database and the row that a URL asks for."""
    name = tilde_decode(request.url_vars["database"])
    if name not in datasette.databases:
        raise NotFound("There is no such database")
    await check_may_read(datasette, request.actor, name)
    return RowRequest(name, int(request.url_vars["id"][:LONGEST]))


async def check_may_read(datasette: Datasette, actor: Any, database: str) -> None:
    """Ask Datasette for the right to view a database, as its own pages do; open unless a permission says otherwise."""
    if hasattr(datasette, "ensure_permissions"):  # 0.65
        await datasette.ensure_permissions(actor, [("view-database", database), "view-instance"])
        return
    from datasette.resources import DatabaseResource  # noqa: PLC0415 - from 1.0a20 on

    allowed = await datasette.allowed(action="view-database", resource=DatabaseResource(database), actor=actor)
    if not allowed:
        raise Forbidden("view-database")


def number_in(text: str | None) -> int:
    """Read a number out of a URL or a form; what makes no sense there is 0.

    >>> number_in("12"), number_in("-1"), number_in("²"), number_in("9" * 30), number_in(None)
    (12, 0, 0, 0, 0)
    """
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= LONGEST else 0


def page_number(request: Request, most: int) -> int:
    """Read which page of a list a URL asks for: 1 to ``most``."""
    return min(max(number_in(request.args.get("page")), 1), most)


async def show_row(
    datasette: Datasette, request: Request, template: str, read: Callable[[sqlite3.Connection, int], PageFacts | None]
) -> Response:
    """Show what is read of the row that a URL names; a row that is not there is a 404."""
    row = await requested_row(datasette, request)
    facts = await datasette.get_database(row.database).execute_fn(lambda db: read(db, row.id))
    if facts is None:
        raise NotFound("There is no such row in the corpus")
    return await render(datasette, request, template, facts._asdict() | {"database": row.database})


async def render(
    datasette: Datasette, request: Request, template: str, variables: Mapping[str, Any], status: int = 200
) -> Response:
    """Make a page of a template."""
    page = await datasette.render_template(template, dict(variables), request=request, view_name="clinicwatch")
    return Response.html(page, status=status)


async def private(
    datasette: Datasette, request: Request, template: str, variables: Mapping[str, Any], status: int = 200
) -> Response:
    """Make a page of a template that no browser stores: it shows what one coder may see."""
    response = await render(datasette, request, template, variables, status)
    response.headers["Cache-Control"] = "no-store"
    return response
