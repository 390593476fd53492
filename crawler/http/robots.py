"""What a site's robots.txt lets us do, after RFC 9309: no answer is a no.

Scrapy's own middleware fetches pages when robots.txt answers 5xx or nothing, and ignores Crawl-delay.
``parse_robots`` decides, ``RobotsMiddleware`` requests each origin's file once a day and obeys.
"""

from __future__ import annotations

import asyncio
import re
import time
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from protego import Protego
from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.http.request import NO_CALLBACK
from w3lib.url import safe_url_string

from crawler.http.guard import UnsafeAddress
from crawler.http.politeness import PRODUCT, slot_delay
from pipelines.reading.inflate import InflateError, inflate

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response

__all__ = ["RobotsDisallowed", "RobotsFile", "RobotsMiddleware", "RobotsUnreachable", "parse_robots"]

_READ = 500 * 1024  # RFC 9309, 2.5: what a crawler must at least read
_HOPS = 5  # RFC 9309, 2.3.1.2
_FRESH = 24 * 3600.0  # RFC 9309, 2.4
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_GROUP = re.compile(r"^[^\S\n]*user[- ]?agent\s*:", re.IGNORECASE | re.MULTILINE)
_AGENT = re.compile(r"(\s*user[-\s]?agent\s*[:\s]\s*)([^#]*)", re.IGNORECASE)
_TOKEN = re.compile(r"[\s\"'*]*([a-z_-]+)", re.IGNORECASE)  # RFC 9309, 2.2.1; people add quotes and stars
_DELAY = re.compile(
    r"^([^\S\n]{0,20}crawl[- ]?delay)[^\S\n]{0,20}[:=][^\S\n]{0,20}(\d{1,6}(?:[.,]\d{1,6})?)"
    r"[^\S\n]{0,20}(ms|milliseconds?|s|secs?|seconds?|segundos?|sekunden?|m|mins?|minutes?|minutos?|h|hours?)?\.?"
    r"[^\S\n]{0,20}(?=#|$)",
    re.IGNORECASE | re.MULTILINE,
)
_MINUTE, _HOUR = 60.0, 3600.0  # seconds
_REASONS: dict[type[Exception], str] = {
    CannotResolveHostError: "the host name has no address",
    DownloadConnectionRefusedError: "the connection was refused",
    DownloadTimeoutError: "no answer in time",
    DownloadCancelledError: "it is too large",
    DownloadFailedError: "the connection broke off",
}


@dataclass(frozen=True, slots=True)
class RobotsFile:
    """The rules of one origin for us, and how we came to them.

    ``decision`` starts with ``allowed`` or ``unreachable``; ``rules`` is None where there are none. ``reached`` is
    False where the rules are unknown: then nothing may be fetched; ``cause`` is then the error, if there was
    one, and ``transient`` says whether another request may help.
    ``crawl_delay`` is in seconds, ``sitemaps`` are URLs as the file gives them.
    """

    decision: str
    reached: bool = True
    rules: Protego | None = None
    product: str = PRODUCT
    crawl_delay: float | None = None
    sitemaps: tuple[str, ...] = ()
    transient: bool = False
    cause: Exception | None = None

    def allows(self, url: str) -> bool:
        """Say whether we may fetch ``url``."""
        if urlsplit(url).path == "/robots.txt":  # Protego never forbids the file; as a page the rules hold for it, too
            url = url.replace("/robots.txt", "/robots%2Etxt")
        return self.reached and (self.rules is None or self.rules.can_fetch(url, self.product))


def parse_robots(status: int | None, body: bytes, user_agent: str = PRODUCT) -> RobotsFile:
    r"""Read an answer to a request for robots.txt; ``status`` is None where there was no answer.

    Rules are looked up by the product token alone (RFC 9309, 2.2.1), so that a contact address in the user agent
    cannot match the group of another crawler.

    >>> parse_robots(200, b"User-agent: *\nDisallow: /private").allows("http://clinic.example/private/1")
    False
    >>> parse_robots(404, b"").decision
    'allowed: no robots.txt (404)'
    >>> parse_robots(503, b"").decision
    'unreachable: robots.txt answered 503'
    """
    if status is None:
        return unreachable("robots.txt did not answer", transient=True)
    if 200 <= status < 300:
        return _parse(body, user_agent.partition("/")[0].strip())
    if 400 <= status < 500 and status != 429:
        return RobotsFile(f"allowed: no robots.txt ({status})")
    return unreachable(f"robots.txt answered {status}", transient=status >= 500)


def unreachable(reason: str, *, transient: bool = False) -> RobotsFile:
    """Give the file of an origin whose rules are unknown: nothing may be fetched."""
    return RobotsFile(f"unreachable: {reason}", reached=False, transient=transient)


def _parse(body: bytes, product: str) -> RobotsFile:
    text = _decode(_head(body))
    if text.lstrip().startswith("<") and not _GROUP.search(text):
        return RobotsFile("allowed: no robots.txt (a page was sent instead)")
    rules = Protego.parse(in_seconds(name_agents(text, product)))
    return RobotsFile(
        "allowed",
        rules=rules,
        product=product,
        crawl_delay=_delay_of(rules, product),
        sitemaps=tuple(dict.fromkeys(rules.sitemaps)),
    )


def name_agents(text: str, product: str) -> str:
    r"""Write each User-agent line of a robots.txt with its product token alone, for Protego looks for the whole value.

    The token is what a name begins with, up to its version, a blank or a digit, in any case; it is ours where it is all
    of ``product`` and not only its beginning. Another crawler's token gets a slash, which keeps Protego from finding
    ``clinic`` in ``clinicwatch``. Follows Google's matcher.

    >>> name_agents("User-agent: ClinicWatch/0.1.0 (+mailto:study@clinic.example)\nDisallow: /", "clinicwatch")
    'User-agent: clinicwatch\nDisallow: /'
    >>> name_agents("User-agent: clinicwatchdog/2.0\nUser-agent: *", "clinicwatch")
    'User-agent: clinicwatchdog/\nUser-agent: *'
    """
    lines = []
    for line in text.splitlines():  # where Protego ends its lines
        agent = _AGENT.match(line)
        token = _TOKEN.match(agent[2]) if agent else None
        if agent and agent[2].startswith("* "):  # a remark behind the star: still everybody
            lines.append(f"{agent[1]}*")
        elif agent and token:
            lines.append(agent[1] + (product if token[1].lower() == product.lower() else f"{token[1]}/"))
        else:
            lines.append(line)
    return "\n".join(lines)


def in_seconds(text: str) -> str:
    r"""Write the delays of a robots.txt as numbers of seconds: people add units, and commas as their language does.

    >>> in_seconds("Crawl-delay: 20s\nCrawl-delay: 2,5\ncrawl-delay = 1 min")
    'Crawl-delay: 20.0\nCrawl-delay: 2.5\ncrawl-delay: 60.0'
    """
    return _DELAY.sub(
        lambda match: f"{match[1]}: {float(match[2].replace(',', '.')) * _seconds_of((match[3] or 's').lower())}", text
    )


def _seconds_of(unit: str) -> float:
    if unit.startswith(("ms", "milli")):
        return 0.001
    return _MINUTE if unit.startswith("m") else _HOUR if unit.startswith("h") else 1.0


def _delay_of(rules: Protego, product: str) -> float | None:
    """Give the seconds between two requests that the group for us wants, as Crawl-delay or as Request-rate."""
    delay, rate = rules.crawl_delay(product), rules.request_rate(product)
    wanted = [delay] if delay is not None else []
    wanted += [rate.seconds / rate.requests] if rate and rate.requests else []
    return max(wanted, default=None)


def _head(body: bytes) -> bytes:
    """Cut at the limit and at a line's end: half of ``Disallow: /private`` would be ``Disallow: /``."""
    return body if len(body) <= _READ else body[:_READ].rpartition(b"\n")[0]


def _decode(body: bytes) -> str:
    if body.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return body.decode("utf-16", errors="replace")
    return body.removeprefix(b"\xef").removeprefix(b"\xbb").removeprefix(b"\xbf").decode("utf-8", errors="replace")


def failure(error: Exception) -> RobotsFile:
    """Give the file of an origin whose robots.txt could not be downloaded, with the cause in words."""
    reason = next((text for kind, text in _REASONS.items() if isinstance(error, kind)), None)
    if isinstance(
        error, IgnoreRequest | InflateError
    ):  # refused by the guard, too large, damaged: that will not change
        return replace(unreachable(f"robots.txt was not read: {error}"), cause=error)
    transient = not isinstance(error, CannotResolveHostError)
    file = unreachable(f"robots.txt was not read: {reason or type(error).__name__}", transient=transient)
    return replace(file, cause=error)


class RobotsDisallowed(IgnoreRequest):
    """Raised by RobotsMiddleware where robots.txt forbids a URL; its outcome is ``robots disallowed``."""


class RobotsUnreachable(IgnoreRequest):
    """Raised by RobotsMiddleware where robots.txt is unknown; the outcome of the page is ``robots unreachable``.

    Its ``__cause__`` is the error of the download, if there was one: where nobody answers for the host at all, the page
    may as well be called unreachable.
    """


class RobotsMiddleware:
    """Requests the robots.txt of each origin once a day, before its first page, and obeys it.

    Requests to the same origin wait for one fetch; it goes through the engine, so that proxy, guard, size limit and
    time limit hold for it. A Crawl-delay becomes the delay of the host's download slot. The decision and the file are
    left in ``request.meta["robots"]`` and ``["robots_file"]``; requests with ``robots_exempt`` in their meta pass.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        settings = crawler.settings
        self.user_agent: str = settings["USER_AGENT"]
        self.timeout = settings.getfloat("ROBOTS_TIMEOUT", 20.0)  # seconds
        self.limit = settings.getint("DOWNLOAD_MAXSIZE")  # bytes
        self.delay = settings.getfloat("DOWNLOAD_DELAY")
        self.longest_delay = settings.getfloat("CRAWL_DELAY_MAX", 60.0)
        self.fetches: dict[str, tuple[float, asyncio.Task[RobotsFile]]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build from Scrapy's crawler."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let a request pass, or raise RobotsDisallowed, RobotsUnreachable or UnsafeAddress with the reason."""
        if request.meta.get("robots_exempt"):
            return
        file = await self.file_of(request.url)
        request.meta.update(robots=file.decision, robots_file=file)
        if isinstance(file.cause, UnsafeAddress):  # the host's name resolves inward: its pages are refused as well
            raise UnsafeAddress(str(file.cause))
        if not file.reached:
            self._count("unreachable")
            raise RobotsUnreachable(file.decision.removeprefix("unreachable: ")) from file.cause
        if not file.allows(request.url):
            self._count("disallowed")
            request.meta["robots"] = "disallowed"
            raise RobotsDisallowed("robots.txt disallows this URL")

    async def file_of(self, url: str) -> RobotsFile:
        """Give the robots.txt that governs ``url``: from memory, from a fetch under way, or from a new one."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        fetched_at, fetch = self.fetches.get(origin, (0.0, None))
        if fetch is None or time.monotonic() - fetched_at > _FRESH:
            fetch = asyncio.ensure_future(self._fetch(f"{origin}/robots.txt"))
            self.fetches[origin] = (time.monotonic(), fetch)
        return await asyncio.shield(fetch)  # one request given up must not take the file from the others

    async def _fetch(self, url: str) -> RobotsFile:
        file = await self._request_once(url)
        if file.transient:
            file = await self._request_once(url)
        self._slow_down(url, file)
        return replace(file, sitemaps=tuple(urljoin(url, sitemap) for sitemap in file.sitemaps))

    async def _request_once(self, url: str) -> RobotsFile:
        """Request and follow redirects; whatever goes wrong is the same to us: the rules are unknown."""
        try:
            response = await self._download(url)
            encoding = (response.headers.get("Content-Encoding") or b"").decode("latin-1")
            return parse_robots(response.status, inflate(response.body, encoding, self.limit), self.user_agent)
        except Exception as error:  # noqa: BLE001 - recorded as the decision; Scrapy lets some Twisted errors through
            return failure(error)

    async def _download(self, url: str) -> Response:
        engine = self.crawler.engine
        assert engine is not None
        for hop in range(_HOPS + 1):
            self._count("requests")
            try:
                response = await engine.download_async(self._request(url))
            except UnsafeAddress as error:
                if hop:
                    raise IgnoreRequest(f"it redirects to {url}, and {error}") from error
                raise
            location = response.headers.get("Location")
            if response.status not in _REDIRECTS or not location:
                return response
            url = urljoin(url, safe_url_string(location))  # bytes beyond ASCII are UTF-8, or escaped as they are
        raise IgnoreRequest(f"redirected more than {_HOPS} times")

    def _request(self, url: str) -> Request:
        meta = {
            "robots_exempt": True,
            "dont_obey_robotstxt": True,
            "dont_redirect": True,
            "dont_retry": True,
            "raw": True,  # inflated here: Scrapy takes a truncated gzip body for a whole one, its last rules missing
            "download_timeout": self.timeout,
        }
        return Request(url, meta=meta, callback=NO_CALLBACK, dont_filter=True)

    def _slow_down(self, url: str, file: RobotsFile) -> None:
        """Slow the host's slot down; also in the slot settings, as Scrapy drops a slot that is idle for a minute."""
        engine = self.crawler.engine
        assert engine is not None
        downloader = engine.downloader
        key = downloader.get_slot_key(Request(url))
        slot_settings = downloader.per_slot_settings.setdefault(key, {})
        current = float(slot_settings.get("delay", self.delay))
        delay = slot_delay(current, file.crawl_delay, self.longest_delay)
        if delay <= current:
            return
        slot_settings.update(delay=delay, jitter=0.0)  # Scrapy's jitter would halve what the site wants
        if slot := downloader.slots.get(key):
            slot.delay, slot.jitter = delay, 0.0

    def _count(self, what: str) -> None:
        self.crawler.stats.inc_value(f"robots/{what}")
