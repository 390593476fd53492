"""Who codes: decided from the server's own settings and the request, never from what a page sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from datasette.app import Datasette
from itsdangerous import BadSignature

from db.coding.tally import READER
from db.coding.team import is_loopback

if TYPE_CHECKING:
    from datasette.utils.asgi import Request

PLUGIN = ACTION = "clinicwatch-review"  # the name of our settings, and of the permission to code
IS_065 = not hasattr(Datasette, "allowed")  # 1.0 has another shape of permissions
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


class Coder(NamedTuple):
    """Who codes: a pseudonym, reader or adjudicator, and the round that is coded.

    ``turn`` of so many ``readers`` is this coder's share of a sample's documents that are coded once; ``team`` names
    all readers, in the order of their turns.
    """

    name: str
    role: str
    round: str
    single: bool = False
    readers: int = 1
    turn: int = 0
    team: tuple[str, ...] = ()

    @property
    def others(self) -> list[Coder]:
        """Give the other readers of the team."""
        places = enumerate(self.team)
        return [self._replace(name=one, role=READER, turn=place) for place, one in places if one != self.name]


def settings(datasette: Datasette) -> dict[str, Any]:
    """Give the settings of review that the server was started with: ``single``, ``roles``, ``round``."""
    return datasette.plugin_config(PLUGIN) or {}


async def permitted_coder(datasette: Datasette, request: Request) -> Coder | None:
    """Name the coder of a request, if Datasette's permissions do not forbid it."""
    coder = coder_of(datasette, request)
    if coder is None:
        return None
    actor = {"id": coder.name}
    if IS_065:
        allowed = await datasette.permission_allowed(actor, ACTION, default=False)
    else:
        allowed = await datasette.allowed(action=ACTION, actor=actor)
    return coder if allowed else None


def coder_of(datasette: Datasette, request: Request) -> Coder | None:
    """Name the coder of a request; ``None`` for somebody who may not code.

    A team is known by its signed cookie. Without a team the one person at this machine codes: the server listens on
    loopback, the request comes from there, names it as its host (a page elsewhere that bends DNS does not) and was
    forwarded by nobody.
    """
    # what a page sends is never asked who it is: a form could name anybody
    configured = settings(datasette)
    round_ = str(configured.get("round", "1"))
    roles = configured.get("roles") or {}
    if roles:
        name = str((request.actor or {}).get("id") or "")
        if name not in roles:
            return None
        readers = sorted(one for one, role in roles.items() if role == READER)
        turn = readers.index(name) if name in readers else 0
        return Coder(name, roles[name], round_, readers=max(len(readers), 1), turn=turn, team=tuple(readers))
    single = configured.get("single")
    return Coder(str(single), READER, round_, single=True) if single and is_local(request) else None


def is_coder(datasette: Datasette, actor: Any) -> bool:
    """Tell whether the server's settings name this actor as a coder."""
    configured = settings(datasette)
    name = (actor or {}).get("id")
    return bool(name) and (name in (configured.get("roles") or {}) or name == configured.get("single"))


def is_local(request: Request) -> bool:
    """Tell whether a request comes from this machine, names it as its host, and came directly."""
    client = request.scope.get("client")
    host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    return (
        client is not None
        and is_loopback(client[0])
        and is_loopback(host)
        and not any(name in request.headers for name in FORWARDED)
    )


def token_for(datasette: Datasette, coder: Coder) -> str:
    """Make the token that a page of this coder carries, and without which nothing is written."""
    return str(datasette.sign([coder.name, coder.role, coder.round], PLUGIN))


def is_same_origin(datasette: Datasette, request: Request, coder: Coder, token: str) -> bool:
    """Tell whether a request to write comes from one of our pages: the coder's token, sent by the same origin."""
    # browsers send at least one of the two; what sends neither is no browser, and needs the token all the same
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None and site != "same-origin":
        return False
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host", ""):
        return False
    try:
        return bool(datasette.unsign(token, PLUGIN) == [coder.name, coder.role, coder.round])
    except BadSignature:
        return False
