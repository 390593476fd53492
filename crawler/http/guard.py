"""Which URLs the crawl must never fetch: a page of the web may name any address, our own network included.

``refusal`` judges a URL by its text, ``crawler.http.resolver`` judges what its host name resolves to. Both are
needed: a redirect to ``http://169.254.169.254/`` shows its aim, a public name that resolves to 127.0.0.1 does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from scrapy.exceptions import CannotResolveHostError, IgnoreRequest

from crawler.http import resolver
from crawler.http.addresses import host_refusal, plain_host

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

    from scrapy import Request
    from scrapy.crawler import Crawler

__all__ = ["GuardMiddleware", "UnsafeAddress", "named_netlocs", "refusal"]

_PORTS = {"http": 80, "https": 443}


def refusal(url: str, allowed: frozenset[str] = frozenset()) -> str | None:
    """Say in one sentence why ``url`` must not be fetched, or give None where it may be.

    ``allowed`` are the ``host:port`` netlocs that the operator named (see ``named_netlocs``): a person may crawl a
    server on their own machine, a page may not send us there.

    >>> refusal("http://127.0.0.1/admin")
    '127.0.0.1 is a loopback address'
    >>> refusal("http://127.0.0.1/admin", frozenset({"127.0.0.1:80"})) is None
    True
    """
    try:
        parts = urlsplit(url.strip())
        netloc = _netloc(parts)
    except ValueError as error:
        return f"the URL cannot be parsed: {error}"
    return _form_refusal(parts) or (None if netloc in allowed else host_refusal(plain_host(parts.hostname or "")))


def named_netlocs(urls: Iterable[str]) -> frozenset[str]:
    """Give the ``host:port`` of each URL that the operator typed: what ``refusal`` takes as ``allowed``.

    >>> sorted(named_netlocs(["http://127.0.0.1:8000/", "https://Clinic.example/faq"]))
    ['127.0.0.1:8000', 'clinic.example:443']
    """
    return frozenset(_netloc(urlsplit(url.strip())) for url in urls)


def _form_refusal(parts: SplitResult) -> str | None:
    if parts.scheme not in _PORTS:
        return f"only http and https are fetched, not {parts.scheme or 'a URL without a scheme'}"
    if "@" in parts.netloc:
        return "the URL carries user information before its host"
    return None if parts.hostname else "the URL has no host"


def _netloc(parts: SplitResult) -> str:
    host, port = plain_host(parts.hostname or ""), parts.port or _PORTS.get(parts.scheme, 0)
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


class UnsafeAddress(IgnoreRequest):
    """Raised by GuardMiddleware before a request leaves; the page ends with the outcome ``unsafe address``."""


class GuardMiddleware:
    """Refuses every request, robots.txt and sitemaps included, whose URL or resolved host is not on the public web.

    The netlocs that the operator named come from the setting ``GUARD_ALLOWED``.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.stats = crawler.stats
        self.allowed = frozenset(crawler.settings.getlist("GUARD_ALLOWED"))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build from Scrapy's crawler."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Refuse by the text of the URL."""
        if reason := refusal(request.url, self.allowed):
            self._refuse(reason)

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Give a host that the resolver refused its true reason; Scrapy only says that it has no address."""
        reason = resolver.refused.get(urlsplit(request.url).hostname or "")
        if reason and isinstance(exception, CannotResolveHostError):
            self._refuse(reason)

    def _refuse(self, reason: str) -> None:
        self.stats.inc_value("guard/refused")
        raise UnsafeAddress(reason)
