"""Item pipelines: a visit whose bytes are stored comes in, is read in a worker process, and is committed.

ReadPages | StoreVisits
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from pipelines.jobs import Answer, Job
from pipelines.metadata.link_depth import assess_link
from pipelines.model.records import Found, Outcome, Probe, Visit
from pipelines.text.volatile_text import day_of_answer
from pipelines.workers import Workers

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


def job_of(visit: Visit, hosts: frozenset[str]) -> Job | None:
    """Make the reading job of a visit; ``None`` where there is nothing to read, or the same bytes as last time."""
    fetch = visit.fetch
    if fetch is None or visit.outcome is not None:
        return None
    return Job(
        url=fetch.url,
        body=fetch.body,
        content_type=fetch.header("content-type"),
        content_encoding=fetch.header("content-encoding"),
        kind=visit.page.kind,
        hosts=hosts,
        known_digest=visit.page.dom_digest if visit.page.version else None,
        feeds=visit.page.depth == 0,
        today=day_of_answer(fetch.header("date"), visit.at),
    )


def job_of_probe(probe: Probe) -> Job | None:
    """Make the reading job of a probe; ``None`` where its status says all."""
    fetch = probe.fetch
    if fetch is None or probe.outcome:
        return None
    content_type, encoding = fetch.header("content-type"), fetch.header("content-encoding")
    return Job(fetch.url, fetch.body, content_type, encoding, today=day_of_answer(fetch.header("date"), probe.at))


def answered(visit: Visit, answer: Answer, found: tuple[Found, ...]) -> Visit:
    """Put what a worker read into the visit."""
    return replace(
        visit,
        reading=answer.reading,
        outcome=answer.outcome,
        reason=answer.reason,
        dom_digest=answer.digest,
        found=(*visit.found, *found),
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
        """Read what a probe was answered; a stand-in of a page is what it is told to be, and has no words."""
        job = job_of_probe(probe)
        if job is None:
            return probe
        answer = await self._answer(job)
        return replace(probe, reading=answer.reading, outcome=answer.outcome or "read", reason=answer.reason)

    async def _read_page(self, visit: Visit) -> Visit:
        """Read a page that is new, and place the URLs that it leads to."""
        page = visit.page
        if visit.outcome is None and same_bytes(visit):
            return replace(visit, outcome=Outcome.UNCHANGED, reason="the same bytes")
        job = job_of(visit, self.session.hosts[page.site])
        if job is None:
            return visit
        answer = await self._answer(job)
        return answered(visit, answer, tuple(assess_link(page, found) for found in answer.found))

    async def _answer(self, job: Job) -> Answer:
        try:
            return await self.workers.read(job)
        except Exception as error:  # noqa: BLE001 - one page's failure is a row; the run goes on
            return Answer(outcome=Outcome.UNREADABLE, reason=f"reading failed: {type(error).__name__}: {error}")

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
