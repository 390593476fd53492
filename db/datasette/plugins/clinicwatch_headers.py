"""Headers that make a browser distrust what a site wrote, on every answer."""  # noqa: INP001

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pluggy import HookimplMarker

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

hookimpl = HookimplMarker("datasette")  # what datasette.hookimpl is, with its type

POLICY = (
    "default-src 'none'; script-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "style-src 'self' 'unsafe-inline'; "  # Datasette's own pages colour headings with style attributes
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)


@hookimpl
def asgi_wrapper() -> Callable[[Any], Any]:
    """Add our headers to an answer where it does not carry stricter ones of its own."""

    def wrap(app: Any) -> Any:
        async def wrapped(scope: Any, receive: Any, send: Callable[[Any], Awaitable[None]]) -> None:
            async def send_guarded(message: Any) -> None:
                if message["type"] == "http.response.start":
                    message = message | {"headers": with_ours(message.get("headers") or [])}
                await send(message)

            await app(scope, receive, send_guarded)

        return wrapped

    return wrap


def with_ours(headers: Any) -> list[Any]:
    """Put our headers beside those of an answer; what it says itself stays."""
    said = {bytes(name).lower() for name, _ in headers}
    return [*headers, *((name, value) for name, value in HEADERS if name not in said)]
