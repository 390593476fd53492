"""Where a person goes after signing in: only ever to a path of this server."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.utils.asgi import Request

MAX_PATH = 2_000  # characters; a longer one is a page with a search or a frame that is quickly made again
# one slash and then no other, no backslash (browsers read it as a slash), no space or control character (they drop it)
LOCAL = re.compile(r"/(?![/\\])[!-\[\]-~]*")
LOGIN, REVIEW = "/-/login", "/-/review"
LEFT = (LOGIN, "/-/logout")  # not worth going back to


def local_path(text: str) -> str:
    r"""Give a path of this server back; nothing for what could lead to another one, or back to the login.

    >>> local_path("/-/review/desk?task=topic&set=all"), local_path("/")
    ('/-/review/desk?task=topic&set=all', '/')
    >>> [local_path(one) for one in ("//x.example", "/\\x.example", "/\t/x.example", "https://x.example", "/-/login")]
    ['', '', '', '', '']
    """
    if len(text) > MAX_PATH or not LOCAL.fullmatch(text) or text.split("?", maxsplit=1)[0].rstrip("/") in LEFT:
        return ""
    return text


def return_path(request: Request) -> str:
    """Give the local path that a person on this page is led back to; of a form's URL, which takes no visit, review."""
    if request.path == LOGIN:
        return local_path(request.args.get("next") or "")
    if request.method != "GET":
        return REVIEW if request.path.startswith(REVIEW) else ""
    return local_path(request.full_path)


def login_link(datasette: Datasette, request: Request | None) -> str:
    """Write the link to the login that leads back to this page."""
    where = return_path(request) if request else ""
    return str(datasette.urls.path(LOGIN)) + (f"?next={quote(where, safe='')}" if where else "")
