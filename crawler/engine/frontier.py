"""The frontier: which page next. It holds what is in flight and nothing else; the queue itself is the corpus."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

from db.corpus.queries import due_pages
from pipelines.model.outcomes import OUTCOMES, Outcome, Trouble
from pipelines.text.urls import next_run, trap_reason

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import AsyncIterator

    from db.corpus.crawls import Crawl
    from pipelines.model.records import Found, Page

WINDOW = 32  # pages between asked and committed: what a crash can cost in refetches
AHEAD = 16  # pages read from the corpus at a time, a site
LONG_WAIT = 300.0  # seconds; a host that asks for more is left for the next crawl
GIVE_UP = 3  # failures in a row before a host that never answered is left for the next crawl


def settle(page: Page, found: Found) -> Found:
    """Work out where a found URL stands, and whether it looks like one of an endless number."""
    if found.how in {"sitemap", "feed"}:
        return found._replace(depth=1)
    depth, run = page.depth + 1, next_run(page.url, page.run, found.url)
    reason = None if found.skip else trap_reason(found.url, depth)
    if reason:
        return found._replace(depth=depth, run=run, skip=Outcome.TRAP, reason=reason)
    return found._replace(depth=depth, run=run)


class Frontier:
    """Gives out the due pages of the sites of one crawl, fairly: sites in turn, few of one site at a time.

    Pages that are discovered while it runs are due too. It ends when nothing is due and nothing is in flight.
    """

    def __init__(self, reader: sqlite3.Connection, crawl: Crawl, delay: float = 0.0, window: int = WINDOW) -> None:
        self.reader = reader
        self.crawl = crawl
        self.window = window
        self.delay = delay  # seconds between two requests to a host; with one, a site needs few pages in flight
        self.flying: dict[int, int] = {}  # page -> site
        self.ahead: dict[int, deque[Page]] = {}
        self.turn: deque[int] = deque(crawl.sites)
        self.held: dict[int, float] = {}  # site -> monotonic time until which it rests
        self.failures: dict[int, int] = {}
        self.given_up: dict[int, str] = {}
        self.troubled: dict[int, Trouble] = {}  # sites given up in this crawl, and the class of their back-off
        self.stopped = False
        self.ended = False  # nothing is due any more, and nothing is in flight
        self.news = asyncio.Event()

    async def pages(self) -> AsyncIterator[Page]:
        """Yield pages as there is room for them."""
        while not self.stopped:
            self._end_rests()
            page = self._next()
            if page:
                self.flying[page.id] = page.site
                yield page
            elif not self.flying and not self.held:
                self.ended = True
                return
            else:
                await self._wait()

    def done(self, page: Page, outcome: Outcome) -> None:
        """Take back a page whose visit is committed: its site may have news."""
        self.flying.pop(page.id, None)
        self._judge(page.site, outcome)
        self._wake(page.site)

    def put_back(self, page: Page, seconds: float = 0.0) -> None:
        """Take back a page that stays queued, and let its site rest for some seconds or, when long, for this crawl."""
        self.flying.pop(page.id, None)
        if seconds > LONG_WAIT:
            self._leave(page.site, f"asks for a rest of {seconds:.0f} s", Trouble.SITE_BUSY)
        else:
            self.held[page.site] = max(self.held.get(page.site, 0.0), time.monotonic() + seconds)
        self.news.set()

    def stop(self) -> None:
        """Give out no more pages."""
        self.stopped = True
        self.news.set()

    def _judge(self, site: int, outcome: Outcome) -> None:
        trouble = OUTCOMES[outcome].trouble
        if trouble is not Trouble.SITE_SILENT:
            self.failures[site] = 0
            return
        self.failures[site] = self.failures.get(site, 0) + 1
        if self.failures[site] >= GIVE_UP:
            self._leave(site, f"{GIVE_UP} pages in a row were {outcome}", trouble)

    def _leave(self, site: int, reason: str, trouble: Trouble) -> None:
        self.given_up[site] = reason
        self.troubled[site] = trouble
        self.ahead.pop(site, None)
        self.held.pop(site, None)

    def _wake(self, site: int) -> None:
        if site not in self.turn and site not in self.given_up:
            self.turn.append(site)
        self.news.set()

    def _next(self) -> Page | None:
        if len(self.flying) >= self.window:
            return None
        for _ in range(len(self.turn)):
            site = self.turn.popleft()
            page = None if site in self.given_up else self._of_site(site)
            if page:
                self.turn.append(site)
                return page
        return None

    def _of_site(self, site: int) -> Page | None:
        flying = sum(1 for other in self.flying.values() if other == site)
        if self._rests(site) or flying >= self._share():
            return None  # it gets its turn again when a page of it comes home, or when its rest is over
        ahead = self.ahead.get(site)
        if not ahead:
            ahead = self.ahead[site] = deque(self._due(site, AHEAD + flying))
        return ahead.popleft() if ahead else None

    def _share(self) -> int:
        if self.delay:
            return 1 if self.delay >= 0.5 else 2
        return max(2, self.window // (len(self.turn) + 1))

    def _due(self, site: int, limit: int) -> list[Page]:
        crawl = self.crawl
        pages = due_pages(
            self.reader, site=site, crawl=crawl.id, until=crawl.started_at, everything=crawl.everything, limit=limit
        )
        return [page for page in pages if page.id not in self.flying]

    def _rests(self, site: int) -> bool:
        return self.held.get(site, 0.0) > time.monotonic()

    def _end_rests(self) -> None:
        for site in [site for site, until in self.held.items() if until <= time.monotonic()]:
            del self.held[site]
            self._wake(site)

    async def _wait(self) -> None:
        self.news.clear()
        soonest = min(self.held.values(), default=None)
        seconds = None if soonest is None else max(soonest - time.monotonic(), 0.0)
        with suppress(TimeoutError):
            await asyncio.wait_for(self.news.wait(), seconds)
