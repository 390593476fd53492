"""Item pipelines: a visit whose bytes are stored comes in, is read in a worker process, and is committed.

ReadPages | StoreVisits
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from pipelines.jobs import ReadJob, ReadResult
from pipelines.metadata.link_depth import assess_link
from pipelines.model.outcomes import Outcome
from pipelines.model.records import Found, Probe, Visit
from pipelines.text.volatile_text import day_of_response
from pipelines.workers import Workers, WorkersBrokenError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from scrapy.crawler import Crawler


class OpenCrawl(Protocol):
    """What the pipelines need of the open crawl that the spider carries."""

    hosts: Mapping[int, frozenset[str]]

    async def store_visit(self, visit: Visit) -> Outcome:
        """Commit a visit."""

    async def store_probe(self, probe: Probe) -> None:
        """Commit what was requested beside the visits."""

    async def finish(self) -> None:
        """Run the passes and close the crawl."""


def read_job(visit: Visit, hosts: frozenset[str]) -> ReadJob | None:
    """Make the reading job of a visit; ``None`` where there is nothing to read, or the same bytes as last time."""
    fetch = visit.fetch
    if fetch is None or visit.outcome is not None:
        return None
    return ReadJob(
        url=fetch.url,
        body=fetch.body,
        content_type=fetch.header("content-type"),
        content_encoding=fetch.header("content-encoding"),
        kind=visit.page.kind,
        hosts=hosts,
        known_hash=visit.page.visible_hash if visit.page.version else None,
        follow_feeds=visit.page.depth == 0,
        today=day_of_response(fetch.header("date"), visit.at),
        partial=fetch.partial,
    )


def probe_job(probe: Probe) -> ReadJob | None:
    """Make the reading job of a probe; ``None`` where its status says all."""
    fetch = probe.fetch
    if fetch is None or probe.outcome:
        return None
    content_type, encoding = fetch.header("content-type"), fetch.header("content-encoding")
    return ReadJob(fetch.url, fetch.body, content_type, encoding, today=day_of_response(fetch.header("date"), probe.at))


def with_result(visit: Visit, result: ReadResult, found: tuple[Found, ...]) -> Visit:
    """Put what a worker read into the visit."""
    return replace(
        visit,
        reading=result.reading,
        outcome=result.outcome,
        reason=result.reason,
        visible_hash=result.visible_hash,
        found=(*visit.found, *found),
        doubts=result.doubts,
    )


class ReadPages:
    """Reads pages in worker processes; the reactor never parses."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build from Scrapy's crawler."""
        return cls(crawler)

    def open_spider(self) -> None:
        """Start the worker processes."""
        self.session: OpenCrawl = self.crawler.spider.session  # type: ignore[union-attr]
        self.workers = Workers(self.crawler.settings.getint("WORKER_PROCESSES"))

    async def process_item(self, item: Visit | Probe) -> Visit | Probe:
        """Read what has to be read."""
        return await (self._read_probe(item) if isinstance(item, Probe) else self._read_page(item))

    async def _read_probe(self, probe: Probe) -> Probe:
        """Read the response to a probe; an error or block page has an outcome and no words."""
        job = probe_job(probe)
        if job is None:
            return probe
        result = await self._result(job)
        return replace(probe, reading=result.reading, outcome=result.outcome or "read", reason=result.reason)

    async def _read_page(self, visit: Visit) -> Visit:
        """Read a page that is new, and place the URLs that it leads to."""
        page = visit.page
        if visit.outcome is None and same_bytes(visit):
            return replace(visit, outcome=Outcome.UNCHANGED, reason="the same bytes")
        job = read_job(visit, self.session.hosts[page.site])
        if job is None:
            return visit
        result = await self._result(job)
        return with_result(visit, result, tuple(assess_link(page, found) for found in result.found))

    async def _result(self, job: ReadJob) -> ReadResult:
        try:
            return await self.workers.read(job)
        except WorkersBrokenError:  # no page's failure: the crawl ends, and the page stays queued
            raise
        except Exception as error:  # noqa: BLE001 - one page's failure is a row; the run goes on
            return ReadResult(outcome=Outcome.UNREADABLE, reason=f"reading failed: {type(error).__name__}: {error}")

    def close_spider(self) -> None:
        """End the worker processes."""
        self.workers.close()


def same_bytes(visit: Visit) -> bool:
    """Tell whether a page or a sitemap sent the very bytes of its last reading."""
    known, place = visit.page.body_sha256, visit.location
    return bool((visit.page.version or visit.page.kind == "sitemap") and known and place and known == place.sha256)


class StoreVisits:
    """Commits visits: capture, version, outcome and discovered links in one transaction."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build from Scrapy's crawler."""
        return cls(crawler)

    def open_spider(self) -> None:
        """Take the open crawl from the spider."""
        self.session: OpenCrawl = self.crawler.spider.session  # type: ignore[union-attr]

    async def process_item(self, item: Visit | Probe) -> Visit | Probe:
        """Commit a visit and count its outcome; a probe is counted by its kind."""
        if isinstance(item, Probe):
            await self.session.store_probe(item)
            self._count(f"probe/{item.kind}")
        else:
            outcome = await self.session.store_visit(item)
            self._count(f"outcome/{outcome}")
        return item

    async def close_spider(self) -> None:
        """Finish the crawl: the passes, then the funnel."""
        await self.session.finish()

    def _count(self, name: str) -> None:
        stats: Any = self.crawler.stats
        stats.inc_value(name)
