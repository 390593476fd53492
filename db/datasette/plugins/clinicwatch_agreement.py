"""What coding came to: the agreement of the readers, where they differ, and the table of advertisers."""  # noqa: INP001

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import NotFound
from pluggy import HookimplMarker

from db.coding.tally import ADJUDICATOR
from db.datasette.desk.agreeing import differing, matrix, read_agreement, read_table, without_order
from db.datasette.desk.auth import closed, coder_at, open_room, render
from db.datasette.desk.codes import load_book
from db.datasette.routes import corpus_name
from pipelines.model.page_types import PageType

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from datasette.app import Datasette
    from datasette.utils.asgi import Request, Response

hookimpl = HookimplMarker("datasette")  # what datasette.hookimpl is, with its type


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """Put the results beside the desk."""
    return [
        (r"^/-/review/agreement$", agreement),
        (r"^/-/review/agreement/(?P<code>\w{1,40})$", agreement_on),
        (r"^/-/review/table$", table),
    ]


async def agreement(datasette: Datasette, request: Request) -> Response:
    """Show how far readers agree, a line a code."""
    coder = await coder_at(datasette, request)
    if coder is None:
        return await closed(datasette, request)
    book = load_book()
    told = await (await open_room(datasette)).run(lambda db: read_agreement(db, coder, book))
    names = {code.id: code.name for code in book.codes} if book else {}
    facts = {"coder": coder, "told": told, "names": names}
    return await render(datasette, request, "clinicwatch-agreement.html", facts)


async def agreement_on(datasette: Datasette, request: Request) -> Response:
    """Show one code: its figures with intervals, who said what how often, and where readers differ."""
    coder = await coder_at(datasette, request)
    if coder is None:
        return await closed(datasette, request)
    book, code = load_book(), request.url_vars["code"]
    pair = request.args.get("one"), request.args.get("two")
    cell = (pair[0], pair[1]) if pair[0] and pair[1] else None

    def read(db: sqlite3.Connection) -> dict[str, Any]:
        told = read_agreement(db, coder, book, code)
        if not told:
            raise NotFound("Nothing that you may see was coded by two readers for this code yet")
        if coder.role != ADJUDICATOR:
            return {"told": told[0], "matrix": matrix(told[0]), "units": differing(db, told[0], cell)}
        one = without_order(told[0])
        return {
            "told": one,
            "matrix": matrix(one),
            "units": differing(db, one, (min(cell), max(cell)) if cell else None),
        }

    facts = await (await open_room(datasette)).run(read)
    shown = {
        "coder": coder,
        "code": book.code(code) if book else None,
        "cell": cell,
        "database": await corpus_name(datasette),
    }
    return await render(datasette, request, "clinicwatch-agreement-code.html", facts | shown)


async def table(datasette: Datasette, request: Request) -> Response:
    """Show what each advertiser says, by code, out of what is settled."""
    coder = await coder_at(datasette, request)
    if coder is None:
        return await closed(datasette, request)
    book = load_book()
    if book is None:
        raise NotFound("There is no codebook here")
    without = [kind for kind in request.args.getlist("without") if kind in set(PageType)]
    facts = await (await open_room(datasette)).run(lambda db: read_table(db, coder, book, without))
    return await render(
        datasette,
        request,
        "clinicwatch-advertisers.html",
        facts | {"coder": coder, "database": await corpus_name(datasette)},
    )
