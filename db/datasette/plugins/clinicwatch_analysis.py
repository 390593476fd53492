"""What the passes found: the history of a page, families, shared sentences, who shares."""  # noqa: INP001

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import NotFound, Response
from pluggy import HookimplMarker

from db.datasette import families, sharing
from db.datasette.history import read_history
from db.datasette.routes import number_in, page_number, render, requested_corpus, requested_row, show_row
from pipelines.model.records import FamilyKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from datasette.app import Datasette
    from datasette.utils.asgi import Request

hookimpl = HookimplMarker("datasette")  # what datasette.hookimpl is, with its type

MAX_PAGE = 10_000


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """Put the lists beside the tables, and the page of a family where Datasette has its row page."""
    return [
        (r"^/(?P<database>[^/]+)/pages/(?P<id>\d+)/history$", history),
        (r"^/-/families$", family_list),
        (r"^/(?P<database>[^/]+)/families/(?P<id>\d+)$", family),
        (r"^/(?P<database>[^/]+)/families/(?P<id>\d+)/compare$", compare),
        (r"^/-/sharing$", sharing_page),
        (r"^/-/sentences$", sentences),
    ]


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
