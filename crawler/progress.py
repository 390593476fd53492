"""A quiet line while a crawl runs: so that a person can tell working from hanging."""

from __future__ import annotations

import logging
import sys
import time
from typing import TYPE_CHECKING, Any

import click
from scrapy import signals
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import AsyncioLoopingCall

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

SECONDS = 5.0
logger = logging.getLogger(__name__)


def progress_text(seconds: float, kept: int, flying: int, sites: int) -> str:
    """Say how a crawl stands.

    >>> progress_text(61.0, 122, 3, 2)
    '1 min 1 s: 122 visits kept (2.0 a second), 3 under way, 2 sites; Ctrl-C stops in order'
    """
    minutes, rest = divmod(round(seconds), 60)
    clock = f"{minutes} min {rest} s" if minutes else f"{rest} s"
    rate = kept / seconds if seconds else 0.0
    noun = "site" if sites == 1 else "sites"
    return (
        f"{clock}: {kept} visits kept ({rate:.1f} a second), {flying} under way, {sites} {noun}; Ctrl-C stops in order"
    )


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
        run: Any = self.crawler.spider.run  # type: ignore[union-attr]
        text = progress_text(time.monotonic() - self.began, run.kept, len(run.frontier.flying), len(run.crawl.sites))
        if self.terminal:
            click.echo(text, err=True)
        else:
            logger.info("%s", text)
