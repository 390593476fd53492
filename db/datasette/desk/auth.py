"""Who comes in: the coder of a request, the room with the votes, and the page that says that it is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Response

from db.datasette.desk.coders import Coder, coder_of, settings
from db.datasette.desk.votes import room_of

if TYPE_CHECKING:
    from datasette.utils.asgi import Request

    from db.datasette.desk.votes import Room

ACTION = "clinicwatch-review"
IS_065 = not hasattr(Datasette, "allowed")  # 1.0 has another shape of permissions


async def coder_at(datasette: Datasette, request: Request) -> Coder | None:
    """Say who codes, if Datasette's permissions do not forbid it."""
    coder = coder_of(datasette, request)
    return coder if coder and await _is_allowed(datasette, {"id": coder.name}) else None


async def _is_allowed(datasette: Datasette, actor: dict[str, str]) -> bool:
    if IS_065:
        return bool(await datasette.permission_allowed(actor, ACTION, default=False))
    return bool(await datasette.allowed(action=ACTION, actor=actor))


def is_coder(datasette: Datasette, actor: Any) -> bool:
    """Tell whether the server's settings name this actor as a coder."""
    told = settings(datasette)
    name = (actor or {}).get("id")
    return bool(name) and (name in (told.get("roles") or {}) or name == told.get("single"))


async def open_room(datasette: Datasette) -> Room:
    """Give the room with the votes of the corpus that is open."""
    room = await room_of(datasette)
    if room is None:
        raise NotFound("No corpus is open here")
    return room


async def closed(datasette: Datasette, request: Request) -> Response:
    """Lead to the login where a team codes, else say that the desk is closed."""
    if settings(datasette).get("roles") and not request.actor:
        return Response.redirect(datasette.urls.path("/-/login"))
    return await render(datasette, request, "clinicwatch-review-closed.html", {}, status=403)


async def render(
    datasette: Datasette, request: Request, template: str, facts: dict[str, Any], status: int = 200
) -> Response:
    """Draw a page of the desk; none of them is kept by a browser."""
    text = await datasette.render_template(template, facts, request=request, view_name="clinicwatch")
    return Response.html(text, status=status, headers={"Cache-Control": "no-store"})
