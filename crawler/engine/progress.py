"""A quiet line while a crawl runs: so that a person can see that it works."""

from __future__ import annotations

import logging
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click
from scrapy import signals
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import AsyncioLoopingCall

from crawler.engine.summary import duration_text
from db.corpus.queries import count_due

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

    from crawler.engine.session import CrawlSession

SECONDS = 5.0
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CrawlProgress:
    """How far a crawl is: seconds since it began, visits stored, URLs still due, and what holds them.

    ``in_flight`` are requests under way, ``waiting`` those that wait for their host's delay, ``in_backoff`` the sites
    that are left alone for now. ``longest`` is how many seconds the site with most to do needs for it at one request a
    delay.
    """

    seconds: float
    stored: int
    due: int = 0
    in_flight: int = 0
    waiting: int = 0
    in_backoff: int = 0
    longest: float = 0.0


def progress_text(progress: CrawlProgress) -> str:
    """Say how far a crawl is.

    >>> progress_text(CrawlProgress(61.0, 122, due=6, in_flight=2, waiting=3))
    '1 min 1 s: 122 done, 6 due, 2.0 a second; 2 under way, 3 waiting their turn; some 3 s left; Ctrl-C stops in order'
    """
    rate = progress.stored / progress.seconds if progress.seconds else 0.0
    sites = f", {progress.in_backoff} site{'' if progress.in_backoff == 1 else 's'} resting"
    left = seconds_left(progress)
    parts = [
        f"{duration_text(progress.seconds)}: {progress.stored} done, {progress.due} due, {rate:.1f} a second",
        f"{progress.in_flight} under way, {progress.waiting} waiting their turn{sites if progress.in_backoff else ''}",
        *([] if left is None else [f"some {duration_text(left)} left"]),
        "Ctrl-C stops in order",
    ]
    return "; ".join(parts)


def seconds_left(progress: CrawlProgress) -> float | None:
    """Estimate when a crawl ends: by its pace so far, and not before its slowest site; links may still be found.

    ``None`` for the first ten visits, from which nothing follows.

    >>> seconds_left(CrawlProgress(10.0, 20, due=100, longest=5.0)), seconds_left(CrawlProgress(1.0, 9, due=100))
    (50.0, None)
    """
    if progress.stored < 10 or not progress.seconds:
        return None
    return max(progress.due * progress.seconds / progress.stored, progress.longest)


class Progress:
    """Writes a line to stderr every five seconds on a terminal, and logs it every minute elsewhere."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.began = time.monotonic()
        self.terminal = sys.stderr.isatty()
        self.loop = AsyncioLoopingCall(self.report)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build from Scrapy's crawler; the setting PROGRESS_ENABLED turns it off."""
        if not crawler.settings.getbool("PROGRESS_ENABLED", True):
            raise NotConfigured
        progress = cls(crawler)
        crawler.signals.connect(progress.start, signals.spider_opened)
        crawler.signals.connect(progress.stop, signals.spider_closed)
        return progress

    def start(self) -> None:
        """Begin to report."""
        self.loop.start(SECONDS if self.terminal else 12 * SECONDS, now=False)

    def stop(self) -> None:
        """Report no more."""
        if self.loop.running:
            self.loop.stop()

    def report(self) -> None:
        """Write the line once."""
        text = progress_text(self.progress())
        if self.terminal:
            click.echo(text, err=True)
        else:
            logger.info("%s", text)

    def progress(self) -> CrawlProgress:
        """Look how far the crawl is."""
        session: CrawlSession = self.crawler.spider.session  # type: ignore[union-attr]
        engine: Any = self.crawler.engine
        slots = engine.downloader.slots
        due = count_due(session.reader, session.crawl)
        delays = {
            site: max((slots[host].delay for host in session.hosts[site] if host in slots), default=0) for site in due
        }
        return CrawlProgress(
            seconds=time.monotonic() - self.began,
            stored=session.writer.visits_stored,
            due=sum(due.values()),
            in_flight=sum(len(slot.transferring) for slot in slots.values()),
            waiting=sum(len(slot.queue) for slot in slots.values()),
            in_backoff=len(session.frontier.backoff_until),
            longest=max((count * delays[site] for site, count in due.items()), default=0.0),
        )
