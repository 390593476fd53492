"""How pages of review answer: with a page that no browser stores, or with the way to sign in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Response

from db.datasette.review.auth import settings
from db.datasette.routes import render
from db.datasette.sign_in import login_link

if TYPE_CHECKING:
    from collections.abc import Mapping

    from datasette.app import Datasette
    from datasette.utils.asgi import Request


async def closed(datasette: Datasette, request: Request) -> Response:
    """Lead to the login where a team codes, else say that nobody may code here."""
    if settings(datasette).get("roles") and not request.actor:
        return Response.redirect(login_link(datasette, request))
    return await private(datasette, request, "clinicwatch-review-closed.html", {}, status=403)


async def private(
    datasette: Datasette, request: Request, template: str, variables: Mapping[str, Any], status: int = 200
) -> Response:
    """Make a page of a template that no browser stores: it shows what one coder may see."""
    response = await render(datasette, request, template, variables, status)
    response.headers["Cache-Control"] = "no-store"
    return response
