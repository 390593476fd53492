"""What our routes share: which corpus a request is for, which row, and how an answer is made of a template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datasette.utils import tilde_decode
from datasette.utils.asgi import NotFound, Response

from db.datasette.access import check_may_read, corpus_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from datasette.app import Datasette
    from datasette.utils.asgi import Request


async def corpus_asked(datasette: Datasette, request: Request) -> str:
    """Name the corpus, where there is one and the reader may see it."""
    name = await corpus_name(datasette)
    if name is None:
        raise NotFound("No corpus is open here")
    await check_may_read(datasette, request.actor, name)
    return name


async def row_asked(datasette: Datasette, request: Request) -> tuple[str, int]:
    """Name the database and the row that a URL asks for."""
    name = tilde_decode(request.url_vars["database"])
    if name not in datasette.databases:
        raise NotFound("There is no such database")
    await check_may_read(datasette, request.actor, name)
    return name, int(request.url_vars["id"][:18])


async def show_row(datasette: Datasette, request: Request, template: str, read: Callable[..., Any]) -> Response:
    """Show what is read of a row; a row that is not there is a 404."""
    name = tilde_decode(request.url_vars["database"])
    facts = await datasette.get_database(name).execute_fn(read)
    if facts is None:
        raise NotFound("There is no such row in the corpus")
    return await render(datasette, request, template, facts | {"database": name})


async def render(datasette: Datasette, request: Request, template: str, facts: dict[str, Any]) -> Response:
    """Make a page of a template."""
    return Response.html(await datasette.render_template(template, facts, request=request, view_name="clinicwatch"))
