"""What an answer, or the lack of one, means: pure decisions on status, headers and errors."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)

from crawler.http.guard import UnsafeAddress
from crawler.http.robots import RobotsDisallowed, RobotsUnreachable
from pipelines.model.outcomes import CONFIRMED, OUTCOMES, REMEMBERED, Outcome
from pipelines.text import urls

if TYPE_CHECKING:
    from pipelines.model.records import Fetch, Page

REDIRECTS = frozenset({301, 302, 303, 307, 308})
READABLE = re.compile(r"\b(?:html|xhtml|xml|rss|atom|json|text/plain)\b|\+xml|\+json", re.IGNORECASE)
# how the shields of Cloudflare, Sucuri, DataDome and Imperva mark an answer that is theirs and not the site's
SHIELD_HEADERS = frozenset({"cf-mitigated", "x-datadome", "x-sucuri-block"})

UNREACHABLE = (CannotResolveHostError, DownloadConnectionRefusedError)

# answers that brought no text: a 304 to their ETag says that they would bring none again
STILL = REMEMBERED - CONFIRMED
BY_STATUS = {status: outcome for outcome, row in OUTCOMES.items() for status in row.statuses}

Decision = tuple[Outcome, str]


def of_answer(page: Page, fetch: Fetch) -> Decision | None:
    """Decide as :func:`of_fetch` does; where nothing was modified since an answer without a text, there is none now."""
    if fetch.status == 304 and page.answered in STILL:
        return Outcome(page.answered), "the site says that nothing changed since"
    if fetch.status == 304 and not (page.etag or page.last_modified):
        return Outcome.CLIENT_ERROR, "answered 304 to a request without conditions"
    return of_fetch(fetch, page.kind)


def of_fetch(fetch: Fetch, kind: str = "page") -> Decision | None:
    """Decide by status and headers alone; ``None`` where the body has to be read, as a page or as a sitemap."""
    status = fetch.status
    if any(name.lower() in SHIELD_HEADERS for name, _ in fetch.headers) and status != 200:
        return Outcome.BLOCKED, f"a shield answered {status} in the site's place"
    if status == 304:
        return Outcome.NOT_MODIFIED, "the site says that nothing changed"
    if status in REDIRECTS:
        return _of_redirect(fetch)
    if status >= 400:
        return _of_error(status)
    if status != 200:
        return Outcome.CLIENT_ERROR, f"answered {status}"
    return None if kind == "sitemap" else _of_body(fetch)


def _of_redirect(fetch: Fetch) -> Decision:
    target = redirect_target(fetch)
    if not target:
        return Outcome.CLIENT_ERROR, "redirects to nowhere"
    if target == urls.canonical(fetch.url):
        return Outcome.CLIENT_ERROR, "redirects to itself"
    return Outcome.REDIRECTED, f"moved to {target}"


def _of_error(status: int) -> Decision:
    fallback = Outcome.SERVER_ERROR if status >= 500 else Outcome.CLIENT_ERROR
    return BY_STATUS.get(status, fallback), f"answered {status}"


def _of_body(fetch: Fetch) -> Decision | None:
    content_type = fetch.header("content-type") or ""
    if content_type and not READABLE.search(content_type) and not _looks_like_html(fetch.body):
        return Outcome.NOT_A_PAGE, f"sent as {content_type.partition(';')[0].strip()}"
    return None if fetch.body else (Outcome.NO_TEXT, "an empty body")


def _looks_like_html(body: bytes) -> bool:
    return bool(
        re.match(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body)\b", body[:1000], re.IGNORECASE | re.DOTALL)
    )


def redirect_target(fetch: Fetch) -> str | None:
    """Give the canonical URL that a redirect leads to, or its text where it is no http URL, or ``None``."""
    location = utf8(fetch.header("location") or "")
    if not location:
        return None
    try:
        target = urljoin(fetch.url, location)
    except ValueError:
        return location
    return urls.canonical(target) or target


def other_spelling(page: Page, fetch: Fetch) -> str | None:
    """Give the target of a redirect that differs from the page's address only in what canonical addresses leave out.

    Such as a tracking parameter: it has to be asked for as the site spells it, for the page redirects there for ever.
    """
    location = utf8(fetch.header("location") or "") if fetch.status in REDIRECTS else ""
    if not location or redirect_target(fetch) != page.url:
        return None
    target = urljoin(fetch.url, location).partition("#")[0]
    return None if target == fetch.url else target


def utf8(header: str) -> str:
    r"""Read an address in a header as browsers do: UTF-8 where its bytes are that, else each odd byte escaped.

    >>> utf8("/caf\xc3\xa9"), utf8("/caf\xe9")
    ('/caf\xe9', '/caf%E9')
    """
    try:
        return header.encode("latin-1").decode()
    except UnicodeError:
        return re.sub(r"[\x80-\xff]", lambda byte: f"%{ord(byte[0]):02X}", header)


def of_error(error: object) -> Decision:
    """Name the outcome of a request that came to no answer."""
    known: tuple[tuple[type[BaseException], Outcome, str], ...] = (
        (RobotsDisallowed, Outcome.ROBOTS_DISALLOWED, ""),
        (RobotsUnreachable, Outcome.ROBOTS_UNREACHABLE, ""),
        (UnsafeAddress, Outcome.UNSAFE_ADDRESS, ""),
        (DownloadTimeoutError, Outcome.TIMED_OUT, "no answer in time"),
        (ResponseDataLossError, Outcome.TRUNCATED, "the answer ended early"),
        (DownloadCancelledError, Outcome.TOO_LARGE, "the answer is larger than the limit (DOWNLOAD_MAXSIZE)"),
        (CannotResolveHostError, Outcome.UNREACHABLE, "the host name has no address"),
        (DownloadConnectionRefusedError, Outcome.UNREACHABLE, "the connection was refused"),
    )
    if isinstance(error, RobotsUnreachable) and isinstance(error.__cause__, UNREACHABLE):
        error = error.__cause__  # robots.txt was asked for first, but it is the host that does not answer
    for kind, outcome, reason in known:
        if isinstance(error, kind):
            return outcome, reason or str(error)
    return Outcome.UNREACHABLE, f"the connection broke: {type(error).__name__}"
