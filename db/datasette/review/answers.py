"""How pages of review answer who may not see them: with the way to sign in, or with a page that says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datasette.utils.asgi import Response

from db.datasette.review.auth import settings
from db.datasette.routes import private
from db.datasette.sign_in import login_link

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request


async def closed(datasette: Datasette, request: Request) -> Response:
    """Lead to the login where a team codes, else say that nobody may code here."""
    if settings(datasette).get("roles") and not request.actor:
        return Response.redirect(login_link(datasette, request))
    return await private(datasette, request, "clinicwatch-review-closed.html", {}, status=403)
