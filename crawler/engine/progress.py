"""A quiet line while a crawl runs: so that a person can tell working from hanging."""

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

from crawler.engine.summary import clock
from db.corpus.queries import count_due

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

SECONDS = 5.0
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a crawl stands: seconds since it began, visits kept, addresses still due, and what holds them.

    ``asked`` are requests under way, ``waiting`` those that wait for their host's delay, ``resting`` the sites that
    asked for a rest. ``longest`` is how many seconds the site with most to do needs for it at one request a delay.
    """

    seconds: float
    kept: int
    due: int = 0
    asked: int = 0
    waiting: int = 0
    resting: int = 0
    longest: float = 0.0


def progress_text(stands: Standing) -> str:
    """Say how a crawl stands.

    >>> progress_text(Standing(61.0, 122, due=6, asked=2, waiting=3))
    '1 min 1 s: 122 done, 6 due, 2.0 a second; 2 under way, 3 waiting their turn; some 3 s left; Ctrl-C stops in order'
    """
    rate = stands.kept / stands.seconds if stands.seconds else 0.0
    rest = f", {stands.resting} site{'' if stands.resting == 1 else 's'} resting" if stands.resting else ""
    left = seconds_left(stands)
    told = [
        f"{clock(stands.seconds)}: {stands.kept} done, {stands.due} due, {rate:.1f} a second",
        f"{stands.asked} under way, {stands.waiting} waiting their turn{rest}",
        *([] if left is None else [f"some {clock(left)} left"]),
        "Ctrl-C stops in order",
    ]
    return "; ".join(told)


def seconds_left(stands: Standing) -> float | None:
    """Estimate when a crawl ends: by its pace so far, and not before its slowest site; links may still be found.

    ``None`` for the first ten visits, from which nothing can be told.

    >>> seconds_left(Standing(10.0, 20, due=100, longest=5.0)), seconds_left(Standing(1.0, 9, due=100))
    (50.0, None)
    """
    if stands.kept < 10 or not stands.seconds:
        return None
    return max(stands.due * stands.seconds / stands.kept, stands.longest)


class Progress:
    """Writes a line to stderr every five seconds on a terminal, and logs it every minute elsewhere."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.began = time.monotonic()
        self.terminal = sys.stderr.isatty()
        self.loop = AsyncioLoopingCall(self.tell)

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
        """Begin to tell."""
        self.loop.start(SECONDS if self.terminal else 12 * SECONDS, now=False)

    def stop(self) -> None:
        """Stop telling."""
        if self.loop.running:
            self.loop.stop()

    def tell(self) -> None:
        """Tell once."""
        text = progress_text(self.standing())
        if self.terminal:
            click.echo(text, err=True)
        else:
            logger.info("%s", text)

    def standing(self) -> Standing:
        """See how the crawl stands."""
        run: Any = self.crawler.spider.run  # type: ignore[union-attr]
        engine: Any = self.crawler.engine
        slots = engine.downloader.slots
        due = count_due(run.reader, run.crawl)
        delays = {
            site: max((slots[host].delay for host in run.hosts[site] if host in slots), default=0) for site in due
        }
        return Standing(
            seconds=time.monotonic() - self.began,
            kept=run.kept,
            due=sum(due.values()),
            asked=sum(len(slot.transferring) for slot in slots.values()),
            waiting=sum(len(slot.queue) for slot in slots.values()),
            resting=len(run.frontier.held),
            longest=max((count * delays[site] for site, count in due.items()), default=0.0),
        )
