"""One question to the demo web, and its answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from demo.sites import Site

__all__ = ["Answer", "Request", "html", "plain", "redirect"]


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers and body, as they go over the wire."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Request:
    """A URL asked at a tick: the site that it belongs to, and its address taken apart."""

    site: Site
    host: str
    path: str
    query: str
    tick: int
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def base(self) -> str:
        """Give the address of the host without a last slash."""
        return f"http://{self.host}"


def split_url(url: str) -> tuple[str, str, str]:
    """Take a URL apart: host, path, query.

    >>> split_url("http://A.example?x=1")
    ('a.example', '/', 'x=1')
    """
    parts = urlsplit(url)
    return (parts.hostname or ""), parts.path or "/", parts.query


def html(text: str, status: int = 200, *more: tuple[str, str]) -> Answer:
    """Answer with a page."""
    return Answer(status, (("Content-Type", "text/html; charset=UTF-8"), *more), text.encode())


def plain(body: str | bytes, kind: str, status: int = 200) -> Answer:
    """Answer with something that is no page."""
    return Answer(status, (("Content-Type", kind),), body.encode() if isinstance(body, str) else body)


def redirect(url: str, status: int = 301) -> Answer:
    """Send the visitor on."""
    return Answer(status, (("Location", url), ("Content-Type", "text/html")), b"<html><body>Moved</body></html>")
