"""The spider: takes due pages from the frontier, stores what comes back, and hands it to the item pipelines.

frontier | download | capture (WARC) | read (worker processes) | store (one transaction) | frontier

When the frontier is empty, probes (:mod:`crawler.engine.probe_rounds`) go the same way.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urljoin

import scrapy
from scrapy import Request, signals
from scrapy.exceptions import IgnoreRequest

from crawler.clock import utc_now
from crawler.engine.plan import plan_from_settings
from crawler.engine.session import CrawlSession
from crawler.engine.summary import funnel_text
from crawler.http import outcomes
from crawler.http.guard import refusal
from crawler.http.politeness import opt_out, retry_after
from pipelines.metadata.link_depth import assess_link
from pipelines.metadata.page_metadata import refresh_target
from pipelines.model.errors import UsageError
from pipelines.model.outcomes import FAILED, Outcome
from pipelines.model.records import Fetch, Found, Page, Probe, Visit
from pipelines.reading.sitemap import USUAL_PLACES, next_place
from pipelines.text.urls import advertiser_of, canonical, host_of, join

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from crawler.http.robots import RobotsFile

ARGUMENTS = frozenset({"seeds", "db", "site", "everything"})
RETRY_LATER = frozenset({429, 503})
BACKOFF = 60.0  # seconds that a host is left alone after a 429 or 503 that does not say how long
MAX_HOPS = 20  # of redirects that are followed to find a circle
MAX_BACKOFFS = 3  # of one page in one crawl


class StoppedError(IgnoreRequest):
    """Raised in place of a request that had not left when the crawl was stopped; its page stays queued."""


class RobotsDecision(NamedTuple):
    """What robots.txt said to a request, and the Crawl-delay that it sets, in seconds."""

    decision: str
    crawl_delay: float | None


class SitesSpider(scrapy.Spider):
    """Crawls the sites of a corpus; ``session`` is an open crawl, or else ``seeds`` and ``db`` are paths to open one.

    ``scrapy crawl sites -a seeds=FILE -a db=PATH [-a site=HOST] [-a everything=1]``
    """

    name = "sites"

    def __init__(self, session: CrawlSession, *, opened_here: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.session = session
        self.opened_here = opened_here
        self.backoffs: dict[int, int] = {}  # page -> how often it sent us away
        self.moved: dict[str, str] = {}  # where the pages of this crawl redirected to
        self.with_sitemaps: set[int] = set()  # sites whose sitemaps are queued
        self.allowed: frozenset[str] = frozenset()
        self.stopped = False

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Open the crawl where the caller did not."""
        if "session" not in kwargs:
            unknown = sorted(kwargs.keys() - ARGUMENTS)
            if unknown:  # a misspelt name must not crawl something else
                raise UsageError(f"-a {unknown[0]}: no such argument; there are {', '.join(sorted(ARGUMENTS))}")
            session = CrawlSession(plan_from_settings(crawler.settings, kwargs))
            kwargs = {"session": session.__enter__(), "opened_here": True}
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.allowed = frozenset(crawler.settings.getlist("GUARD_ALLOWED"))
        crawler.signals.connect(spider.fail, signals.spider_error)
        crawler.signals.connect(spider.fail, signals.item_error)
        crawler.signals.connect(spider.drop_late, signals.request_reached_downloader)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Request due pages as the frontier gives them out, then probes."""
        try:
            async for page in self.session.frontier.pages():
                yield self.page_request(page)
            async for probe in self.session.probes():
                yield self.probe_request(probe)
        finally:
            self.drop_waiting()

    def page_request(self, page: Page) -> Request:
        """Build the request for a page, conditional where the page gave us something to compare."""
        meta = {"page": page, "raw": True, "handle_httpstatus_all": True}
        return Request(
            page.url,
            self.store_answer,
            headers=validators(page),
            errback=self.record_failure,
            dont_filter=True,
            meta=meta,
        )

    def probe_request(self, probe: Probe) -> Request:
        """Build the request for a probe: never conditional, for its body is what is wanted; never retried."""
        meta = {"probe": probe, "raw": True, "handle_httpstatus_all": True, "dont_retry": True}
        return Request(
            probe.url, self.store_probe_answer, errback=self.record_probe_failure, dont_filter=True, meta=meta
        )

    async def store_answer(self, response: Response) -> AsyncIterator[Visit | Request]:
        """Store the bytes of an answer, and pass on what its status says of the page."""
        page: Page = response.meta["page"]
        fetch = fetch_of(response)
        other = None if "other_spelling" in response.meta else outcomes.other_spelling(page, fetch)
        if other and response.request:
            yield response.request.replace(url=other, meta={**response.meta, "other_spelling": True})
            return
        backoff = self.backoff_for(page, fetch)
        if backoff is not None:
            self.session.frontier.requeue(page, backoff)
            return
        at = utc_now()
        location = await self.session.writer.store_capture(fetch, at)
        outcome, reason = outcomes.of_answer(page, fetch) or (None, "")
        robots, opted_out = robots_decision(response.meta), opt_out(fetch.headers)
        visit = Visit(
            page,
            at,
            fetch,
            location,
            outcome=outcome,
            reason=reason,
            found=(*self.discover_sitemaps(page, response.meta.get("robots_file")), *leads_on(page, fetch, outcome)),
            robots=robots.decision,
            crawl_delay=robots.crawl_delay,
            noindex=opted_out.noindex,
            noarchive=opted_out.noarchive,
            tdm_reserved=opted_out.tdm_reserved,
        )
        yield self.follow_redirect(visit) if outcome is Outcome.REDIRECTED else visit

    async def record_failure(self, failure: Failure) -> AsyncIterator[Visit]:
        """Record a request that came to no answer; a page whose request was stopped stays queued."""
        meta = failure.request.meta  # type: ignore[attr-defined]
        if was_stopped(failure):
            self.session.frontier.requeue(meta["page"])
            return
        outcome, reason = outcomes.of_error(failure.value or failure)
        robots = robots_decision(meta)
        yield Visit(
            meta["page"],
            utc_now(),
            outcome=outcome,
            reason=reason,
            robots=robots.decision,
            crawl_delay=robots.crawl_delay,
        )

    async def store_probe_answer(self, response: Response) -> AsyncIterator[Probe]:
        """Store the bytes that a probe was answered with."""
        fetch, at = fetch_of(response), utc_now()
        location = await self.session.writer.store_capture(fetch, at)
        outcome, reason = outcomes.of_fetch(fetch) or ("", "")
        robots = robots_decision(response.meta).decision
        probe: Probe = response.meta["probe"]
        yield replace(probe, at=at, fetch=fetch, location=location, outcome=str(outcome), reason=reason, robots=robots)

    async def record_probe_failure(self, failure: Failure) -> AsyncIterator[Probe]:
        """Record a probe that robots.txt forbade, or that nobody answered; one that was stopped is none."""
        if was_stopped(failure):
            return
        meta = failure.request.meta  # type: ignore[attr-defined]
        outcome, reason = outcomes.of_error(failure.value or failure)
        robots = robots_decision(meta).decision
        yield replace(meta["probe"], at=utc_now(), outcome=str(outcome), reason=reason, robots=robots)

    def fail(self, failure: Failure) -> None:
        """End the crawl at a mistake of ours that no page's outcome covers; its page stays queued."""
        self.session.fail(failure.value or RuntimeError("unknown"))

    def closed(self, reason: str) -> None:  # noqa: ARG002 - the signature is Scrapy's
        """Close a crawl that ``scrapy crawl`` opened, and print its funnel."""
        if self.opened_here:
            self.session.__exit__()
            result = self.session.result
            print(funnel_text(result.funnel) if result else "stopped; the same command goes on")  # noqa: T201

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

    def backoff_for(self, page: Page, fetch: Fetch) -> float | None:
        """Give the seconds that the host must be left alone before this page is requested again, or ``None``."""
        if fetch.status not in RETRY_LATER or self.backoffs.get(page.id, 0) >= MAX_BACKOFFS:
            return None
        seconds = retry_after(fetch.header("retry-after"), datetime.now(UTC))
        if fetch.status == 503 and seconds is None:
            return None
        self.backoffs[page.id] = self.backoffs.get(page.id, 0) + 1
        return BACKOFF if seconds is None else seconds

    def discover_sitemaps(self, page: Page, robots: RobotsFile | None) -> tuple[Found, ...]:
        """Queue a site's sitemaps at its first answer: those that robots.txt names, or else the usual place."""
        if page.site in self.with_sitemaps or page.kind == "sitemap":
            return ()
        self.with_sitemaps.add(page.site)
        sitemaps = robots.sitemaps if robots and robots.sitemaps else (urljoin(page.url, USUAL_PLACES[0]),)
        hosts = self.session.hosts[page.site]
        canonicals = [url for url in map(canonical, sitemaps) if url]
        return tuple(Found(url, how="sitemap", kind="sitemap") for url in canonicals if host_of(url) in hosts)

    def goes_in_a_circle(self, url: str) -> bool:
        """Say whether the redirects of this crawl lead from a page back to it."""
        target = self.moved.get(url)
        for _ in range(MAX_HOPS):
            if target is None or target == url:
                return target == url
            target = self.moved.get(target)
        return False

    def follow_redirect(self, visit: Visit) -> Visit:
        """Add the target of a redirect to the frontier, where it lies on the site or beside its seed."""
        fetch, page = visit.fetch, visit.page
        assert fetch
        target = outcomes.redirect_target(fetch)
        assert target
        self.moved[page.url] = target
        if self.goes_in_a_circle(page.url):
            return replace(visit, outcome=Outcome.CLIENT_ERROR, reason=f"redirects in a circle, by way of {target}")
        unsafe = refusal(target, self.allowed)
        if unsafe:
            return replace(visit, moved_to=target, outcome=Outcome.UNSAFE_ADDRESS, reason=f"redirects inward: {unsafe}")
        host = host_of(target)
        near = page.depth == 0 and bool(host) and advertiser_of(host) == advertiser_of(host_of(page.url))
        if host not in self.session.hosts[page.site] and not near:
            return replace(visit, moved_to=target, reason=f"moved to another site: {target}")
        found = assess_link(page, Found(target, how="redirect", kind=page.kind))
        return replace(visit, moved_to=target, found=(*visit.found, found))


def leads_on(page: Page, fetch: Fetch, outcome: Outcome | None) -> tuple[Found, ...]:
    """Give what headers lead to: a ``Refresh``, and the next usual place where there is no sitemap."""
    place = next_place(page.url) if page.kind == "sitemap" and outcome in FAILED else None
    if place:
        return (assess_link(page, Found(place, how="sitemap", kind="sitemap")),)
    target = join(fetch.url, refresh_target(fetch.header("refresh") or "") or "")
    url = canonical(target) if target else None
    return (assess_link(page, Found(url, how="redirect")),) if url and host_of(url) == host_of(page.url) else ()


def validators(page: Page) -> dict[str, bytes]:
    """Give the headers of a conditional request (RFC 9110, 13.1): the page may answer 304 and send nothing."""
    headers = {"If-None-Match": page.etag, "If-Modified-Since": page.last_modified}
    return {name: value.encode("latin-1", "replace") for name, value in headers.items() if value}


def fetch_of(response: Response) -> Fetch:
    """Copy an answer out of Scrapy's types."""
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
    partial = not {"partial", "dataloss"}.isdisjoint(response.flags)
    return Fetch(
        response.url, response.status, headers, response.body, response.protocol or "HTTP/1.1", partial=partial
    )


def was_stopped(failure: Failure) -> bool:
    """Say whether a request failed only because the crawl was stopped."""
    return StoppedError in {type(failure.value), type(getattr(failure.value, "__cause__", None))}


def robots_decision(meta: Mapping[str, Any]) -> RobotsDecision:
    """Take what robots.txt said from the meta of a request, where its middleware left it."""
    file: RobotsFile | None = meta.get("robots_file")
    return RobotsDecision(meta.get("robots") or "", file.crawl_delay if file else None)
