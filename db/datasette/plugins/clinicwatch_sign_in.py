"""Signing in leads back to where the person was: links to the login carry the path, the login's answer goes there."""  # noqa: INP001

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from pluggy import HookimplMarker

from db.datasette.sign_in import LOGIN, REVIEW, local_path, login_link, return_path

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from datasette.app import Datasette
    from datasette.utils.asgi import Request

hookimpl = HookimplMarker("datasette")  # what datasette.hookimpl is, with its type


@hookimpl
def extra_template_vars(datasette: Datasette, request: Request | None) -> dict[str, Any]:
    """Give every template the link to the login that leads back to its page, and the login the page to lead back to."""
    return {"sign_in": login_link(datasette, request), "sign_in_next": return_path(request) if request else ""}


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[Any], Any]:
    """Send whoever has just signed in to the local path that the login's URL names, else to review."""
    login, start = str(datasette.urls.path(LOGIN)), str(datasette.urls.path(REVIEW))

    def wrap(app: Any) -> Any:
        async def wrapped(scope: Any, receive: Any, send: Callable[[Any], Awaitable[None]]) -> None:
            if scope["type"] != "http" or scope["path"] != login or scope["method"] != "POST":
                await app(scope, receive, send)
                return
            named = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("next", [""])[0]

            async def send_to_next(message: Any) -> None:
                if message["type"] == "http.response.start" and message["status"] == 302:  # the password was right
                    kept = [pair for pair in message["headers"] if bytes(pair[0]).lower() != b"location"]
                    target = (local_path(named) or start).encode("ascii")
                    message = message | {"headers": [*kept, (b"location", target)]}
                await send(message)

            await app(scope, receive, send_to_next)

        return wrapped

    return wrap
