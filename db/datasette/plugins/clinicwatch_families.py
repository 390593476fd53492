"""The pages of families: the list, one family, two of its pages side by side, who shares texts with whom."""  # noqa: INP001

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import NotFound, Response
from pluggy import HookimplMarker

from db.datasette import families, sentences, sharing
from db.datasette.answers import corpus_asked, render, row_asked
from pipelines.model.records import FamilyKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from datasette.app import Datasette
    from datasette.utils.asgi import Request

hookimpl = HookimplMarker("datasette")  # what datasette.hookimpl is, with its type
MOST_PAGES = 10_000


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """Put a family where Datasette has its row page, and the lists beside the tables."""
    return [
        (r"^/-/families$", listed),
        (r"^/-/sharing$", shared),
        (r"^/-/sentences$", said),
        (r"^/(?P<database>[^/]+)/families/(?P<id>\d+)$", family),
        (r"^/(?P<database>[^/]+)/families/(?P<id>\d+)/compare$", compare),
    ]


async def listed(datasette: Datasette, request: Request) -> Response:
    """List the families, those that span most advertisers first."""
    name = await corpus_asked(datasette, request)
    kind = request.args.get("kind") or ""
    kind = kind if kind in set(FamilyKind) else ""
    page = min(_number(request.args.get("page")) or 1, MOST_PAGES)
    facts = await datasette.get_database(name).execute_fn(lambda db: families.read_families(db, kind, page))
    return await render(datasette, request, "clinicwatch-families.html", facts | {"database": name})


async def shared(datasette: Datasette, request: Request) -> Response:
    """Show which advertisers share texts with which."""
    name = await corpus_asked(datasette, request)
    facts = await datasette.get_database(name).execute_fn(sharing.read_sharing)
    return await render(datasette, request, "clinicwatch-sharing.html", facts | {"database": name})


async def said(datasette: Datasette, request: Request) -> Response:
    """List the sentences that several advertisers say, and the texts that may be others in other words."""
    name = await corpus_asked(datasette, request)
    page = min(_number(request.args.get("page")) or 1, MOST_PAGES)
    facts = await datasette.get_database(name).execute_fn(lambda db: sentences.read_sentences(db, page))
    return await render(datasette, request, "clinicwatch-sentences.html", facts | {"database": name})


async def family(datasette: Datasette, request: Request) -> Response:
    """Show a family; one that is no more leads to the one that took it up."""
    name, number = await row_asked(datasette, request)
    database = datasette.get_database(name)
    facts = await database.execute_fn(lambda db: families.read_family(db, number))
    if facts is None:
        heir = await database.execute_fn(lambda db: families.heir_of(db, number))
        if heir is None:
            raise NotFound("There is no such family in the corpus")
        return Response.redirect(datasette.urls.row(name, "families", str(heir)))
    return await render(datasette, request, "clinicwatch-family.html", facts | {"database": name})


async def compare(datasette: Datasette, request: Request) -> Response:
    """Show two pages of a family side by side."""
    name, number = await row_asked(datasette, request)
    one, other = _number(request.args.get("a")), _number(request.args.get("b"))
    facts = await datasette.get_database(name).execute_fn(lambda db: families.read_pair(db, number, one, other))
    if facts is None:
        raise NotFound("These are no two pages of one family")
    return await render(datasette, request, "clinicwatch-compare.html", facts | {"database": name})


def _number(text: str | None) -> int:
    """Read a number out of a URL's arguments; what makes no sense there is 0."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else 0
