"""The spider: takes due pages from the frontier, keeps what comes back, and hands it to the item pipelines.

frontier | download | capture (WARC) | read (worker processes) | keep (one transaction) | frontier

When the frontier is empty, probes (:mod:`crawler.engine.probing`) go the same way.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import scrapy
from scrapy import Request, signals
from scrapy.exceptions import IgnoreRequest

from crawler.clock import utc_now
from crawler.engine.frontier import settle
from crawler.engine.plan import plan_from_settings
from crawler.engine.run import CrawlRun
from crawler.engine.summary import funnel_text
from crawler.http import outcomes
from crawler.http.guard import refusal
from crawler.http.politeness import opt_out, retry_after
from pipelines.model.errors import UsageError
from pipelines.model.outcomes import Outcome
from pipelines.model.records import Fetch, Found, Page, Probe, Visit
from pipelines.text.urls import advertiser_of, canonical, host_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from crawler.http.robots import RobotsFile

ARGUMENTS = frozenset({"seeds", "db", "site", "everything"})
RETRY_LATER = frozenset({429, 503})
REST = 60.0  # seconds that a host rests after a 429 or 503 that does not say how long
MAX_RESTS = 3  # times that a page may send us to rest in one crawl


class StoppedError(IgnoreRequest):
    """Raised in place of a request that had not left when the crawl was stopped; its page stays queued."""


class SitesSpider(scrapy.Spider):
    """Crawls the sites of a corpus; ``run`` is an open crawl, or else ``seeds`` and ``db`` are paths to open one.

    ``scrapy crawl sites -a seeds=FILE -a db=PATH [-a site=HOST] [-a everything=1]``
    """

    name = "sites"

    def __init__(self, run: CrawlRun, *, opened_here: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.run = run
        self.opened_here = opened_here
        self.rests: dict[int, int] = {}
        self.greeted: set[int] = set()
        self.allowed: frozenset[str] = frozenset()
        self.stopped = False

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Open the crawl where the caller did not."""
        if "run" not in kwargs:
            plan = plan_from_settings(crawler.settings, named_arguments(kwargs))
            kwargs = {"run": CrawlRun(plan).__enter__(), "opened_here": True}
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.allowed = frozenset(crawler.settings.getlist("GUARD_ALLOWED"))
        crawler.signals.connect(spider.give_up, signals.spider_error)
        crawler.signals.connect(spider.give_up, signals.item_error)
        crawler.signals.connect(spider.drop_late, signals.request_reached_downloader)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Ask for due pages as the frontier gives them out."""
        try:
            async for page in self.run.frontier.pages():
                yield self.request(page)
            async for probe in self.run.probes():
                yield self.question(probe)
        finally:
            self.drop_waiting()

    def request(self, page: Page) -> Request:
        """Build the request for a page, conditional where the page gave us something to compare."""
        meta = {"page": page, "raw": True, "handle_httpstatus_all": True}
        return Request(page.url, self.keep, headers=validators(page), errback=self.lose, dont_filter=True, meta=meta)

    def question(self, probe: Probe) -> Request:
        """Build the request for a probe: never conditional, for its body is what is asked for; asked once."""
        meta = {"probe": probe, "raw": True, "handle_httpstatus_all": True, "dont_retry": True}
        return Request(probe.url, self.keep_answer, errback=self.lose_answer, dont_filter=True, meta=meta)

    async def keep_answer(self, response: Response) -> AsyncIterator[Probe]:
        """Keep the bytes that a probe was answered with."""
        fetch, at = fetch_of(response), utc_now()
        place = await self.run.capture(fetch, at)
        outcome, reason = outcomes.of_fetch(fetch) or ("", "")
        asked: Probe = response.meta["probe"]
        robots = response.meta.get("robots") or ""
        yield replace(asked, at=at, fetch=fetch, location=place, outcome=str(outcome), reason=reason, robots=robots)

    async def lose_answer(self, failure: Failure) -> AsyncIterator[Probe]:
        """Record a probe that robots.txt forbade, or that nobody answered; one that was stopped is none."""
        meta = failure.request.meta  # type: ignore[attr-defined]
        if StoppedError in {type(failure.value), type(getattr(failure.value, "__cause__", None))}:
            return
        outcome, reason = outcomes.of_error(failure.value or failure)
        robots = meta.get("robots") or ""
        yield replace(meta["probe"], at=utc_now(), outcome=str(outcome), reason=reason, robots=robots)

    async def keep(self, response: Response) -> AsyncIterator[Visit | Request]:
        """Keep the bytes of an answer, and pass on what its status says of the page."""
        page: Page = response.meta["page"]
        fetch = fetch_of(response)
        aside = None if "aside" in response.meta else outcomes.other_spelling(page, fetch)
        if aside and response.request:
            yield response.request.replace(url=aside, meta={**response.meta, "aside": True})
            return
        rest = self.rest_for(page, fetch)
        if rest is not None:
            self.run.frontier.put_back(page, rest)
            return
        at = utc_now()
        place = await self.run.capture(fetch, at)
        outcome, reason = outcomes.of_answer(page, fetch) or (None, "")
        visit = Visit(page, at, fetch, place, outcome=outcome, reason=reason)
        wishes = opt_out(fetch.headers)
        visit = replace(
            visit,
            **robots_facts(response.meta),
            found=self.greet(page, response.meta),
            noindex=wishes.noindex,
            noarchive=wishes.noarchive,
            tdm_reserved=wishes.tdm_reserved,
        )
        yield self.move(visit) if outcome is Outcome.REDIRECTED else visit

    async def lose(self, failure: Failure) -> AsyncIterator[Visit]:
        """Record a request that came to no answer."""
        request = failure.request  # type: ignore[attr-defined]
        if StoppedError in {type(failure.value), type(getattr(failure.value, "__cause__", None))}:
            self.run.frontier.put_back(request.meta["page"])
            return
        outcome, reason = outcomes.of_error(failure.value or failure)
        yield Visit(request.meta["page"], utc_now(), outcome=outcome, reason=reason, **robots_facts(request.meta))

    def give_up(self, failure: Failure) -> None:
        """End the crawl at a mistake of ours that no page's outcome covers; its page stays queued."""
        self.run.fail(failure.value or RuntimeError("unknown"))

    def closed(self, reason: str) -> None:  # noqa: ARG002 - the signature is Scrapy's
        """Close a crawl that ``scrapy crawl`` opened, and print its funnel."""
        if self.opened_here:
            self.run.__exit__()
            print(funnel_text(self.run.funnel) if self.run.finished else "stopped; the same command goes on")  # noqa: T201

    def drop_waiting(self) -> None:
        """Give up the requests that only wait for their host's delay: a stop takes seconds, not their sum."""
        self.stopped = True
        engine = self.crawler.engine
        assert engine
        for slot in engine.downloader.slots.values():
            while slot.queue:
                _, waiting = slot.queue.popleft()
                waiting.errback(StoppedError("the crawl was stopped"))

    def drop_late(self) -> None:
        """Give up a request that reached its host's queue after the stop: it had waited for robots.txt."""
        if self.stopped:
            asyncio.get_running_loop().call_soon(self.drop_waiting)

    def rest_for(self, page: Page, fetch: Fetch) -> float | None:
        """Give the seconds that the host must rest before this page is asked for again, or ``None``."""
        if fetch.status not in RETRY_LATER or self.rests.get(page.id, 0) >= MAX_RESTS:
            return None
        asked = retry_after(fetch.header("retry-after"), datetime.now(UTC))
        if fetch.status == 503 and asked is None:
            return None
        self.rests[page.id] = self.rests.get(page.id, 0) + 1
        return REST if asked is None else asked

    def greet(self, page: Page, meta: dict[str, Any]) -> tuple[Found, ...]:
        """Queue a site's sitemaps at its first answer: those that robots.txt names, or else the usual place."""
        file: RobotsFile | None = meta.get("robots_file")
        if page.site in self.greeted or page.kind == "sitemap":
            return ()
        self.greeted.add(page.site)
        sitemaps = file.sitemaps if file and file.sitemaps else (urljoin(page.url, "/sitemap.xml"),)
        hosts = self.run.hosts[page.site]
        canonicals = [url for url in map(canonical, sitemaps) if url]
        return tuple(Found(url, how="sitemap", kind="sitemap") for url in canonicals if host_of(url) in hosts)

    def move(self, visit: Visit) -> Visit:
        """Add the target of a redirect to the frontier, where it lies on the site or beside its seed."""
        fetch, page = visit.fetch, visit.page
        assert fetch
        target = outcomes.redirect_target(fetch)
        assert target
        unsafe = refusal(target, self.allowed)
        if unsafe:
            return replace(visit, moved_to=target, outcome=Outcome.UNSAFE_ADDRESS, reason=f"redirects inward: {unsafe}")
        host = host_of(target)
        near = page.depth == 0 and bool(host) and advertiser_of(host) == advertiser_of(host_of(page.url))
        if host not in self.run.hosts[page.site] and not near:
            return replace(visit, moved_to=target, reason=f"moved to another site: {target}")
        found = settle(page, Found(target, how="redirect", kind=page.kind))
        return replace(visit, moved_to=target, found=(*visit.found, found))


def named_arguments(given: dict[str, Any]) -> dict[str, Any]:
    """Take what ``scrapy crawl sites -a NAME=VALUE`` gave; a misspelt name must not crawl something else."""
    unknown = sorted(given.keys() - ARGUMENTS)
    if unknown:
        raise UsageError(f"-a {unknown[0]}: no such argument; there are {', '.join(sorted(ARGUMENTS))}")
    return given


def validators(page: Page) -> dict[str, bytes]:
    """Give the headers of a conditional request (RFC 9110, 13.1): the page may answer 304 and send nothing."""
    told = {"If-None-Match": page.etag, "If-Modified-Since": page.last_modified}
    return {name: value.encode("latin-1", "replace") for name, value in told.items() if value}


def fetch_of(response: Response) -> Fetch:
    """Copy an answer out of Scrapy's types."""
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
    return Fetch(response.url, response.status, headers, response.body, response.protocol or "HTTP/1.1")


def robots_facts(meta: dict[str, Any]) -> dict[str, Any]:
    """Take the decision of robots.txt from a request, as columns of a visit."""
    file: RobotsFile | None = meta.get("robots_file")
    return {"robots": meta.get("robots") or "", "crawl_delay": file.crawl_delay if file else None}
