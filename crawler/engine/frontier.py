"""The frontier: which page next. It holds what is in flight and nothing else; the queue itself is the corpus."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

from db.corpus.queries import due_pages
from pipelines.model.outcomes import Outcome

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import AsyncIterator

    from db.corpus.crawls import Crawl
    from pipelines.model.records import Page

WINDOW = 32  # pages between requested and committed: what a crash can cost in refetches
AHEAD = 16  # pages read from the corpus at a time, a site
LONG_BACKOFF = 300.0  # seconds; a host that wants to be left alone for longer is left for the next crawl
MAX_FAILURES = 3  # in a row, before a host that never answered is left for the next crawl


class Frontier:
    """Gives out the due pages of the sites of one crawl, fairly: sites in turn, few of one site at a time.

    Pages that are discovered while it runs are due too. It ends when nothing is due and nothing is in flight.
    """

    def __init__(self, reader: sqlite3.Connection, crawl: Crawl, delay: float = 0.0, window: int = WINDOW) -> None:
        self.reader = reader
        self.crawl = crawl
        self.window = window
        self.delay = delay  # seconds between two requests to a host; with one, a site needs few pages in flight
        self.in_flight: dict[int, int] = {}  # page -> site
        self.ahead: dict[int, deque[Page]] = {}  # site -> its next pages, read already
        self.rotation: deque[int] = deque(crawl.sites)
        self.backoff_until: dict[int, float] = {}  # site -> monotonic time
        self.failures: dict[int, int] = {}  # site -> failures in a row
        self.given_up: dict[int, str] = {}  # site -> why it is left for the next crawl
        self.troubled: dict[int, Outcome] = {}  # sites given up in this crawl, and how they did not answer
        self.stopped = False
        self.ended = False  # nothing is due any more, and nothing is in flight
        self.changed = asyncio.Event()

    async def pages(self) -> AsyncIterator[Page]:
        """Yield pages as there is room for them."""
        while not self.stopped:
            now = time.monotonic()
            for site in [site for site, until in self.backoff_until.items() if until <= now]:
                del self.backoff_until[site]
                self._return_to_rotation(site)
            page = self._next_page()
            if page:
                self.in_flight[page.id] = page.site
                yield page
            elif not self.in_flight and not self.backoff_until:
                self.ended = True
                return
            else:
                self.changed.clear()
                soonest = min(self.backoff_until.values(), default=None)
                seconds = None if soonest is None else max(soonest - time.monotonic(), 0.0)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.changed.wait(), seconds)

    def done(self, page: Page, outcome: Outcome) -> None:
        """Take back a page whose visit is committed: its site may have new pages."""
        site = page.site
        self.in_flight.pop(page.id, None)
        failed = outcome in {Outcome.UNREACHABLE, Outcome.TIMED_OUT}
        self.failures[site] = self.failures.get(site, 0) + 1 if failed else 0
        if self.failures[site] >= MAX_FAILURES:
            self._give_up(site, f"{MAX_FAILURES} pages in a row were {outcome}", outcome)
        self._return_to_rotation(site)

    def requeue(self, page: Page, seconds: float = 0.0) -> None:
        """Take back a page that stays queued; its site is left alone for these seconds or, when many, in this crawl."""
        self.in_flight.pop(page.id, None)
        if seconds > LONG_BACKOFF:
            self._give_up(page.site, f"asks for a rest of {seconds:.0f} s", Outcome.RATE_LIMITED)
        else:
            until = time.monotonic() + seconds
            self.backoff_until[page.site] = max(self.backoff_until.get(page.site, 0.0), until)
        self.changed.set()

    def stop(self) -> None:
        """Give out no more pages."""
        self.stopped = True
        self.changed.set()

    def _give_up(self, site: int, reason: str, outcome: Outcome) -> None:
        self.given_up[site] = reason
        self.troubled[site] = outcome
        self.ahead.pop(site, None)
        self.backoff_until.pop(site, None)

    def _return_to_rotation(self, site: int) -> None:
        if site not in self.rotation and site not in self.given_up:
            self.rotation.append(site)
        self.changed.set()

    def _next_page(self) -> Page | None:
        """Give the next page of the next site that may have one in flight."""
        if len(self.in_flight) >= self.window:
            return None
        for _ in range(len(self.rotation)):
            site = self.rotation.popleft()
            page = None if site in self.given_up else self._next_of_site(site)
            if page:
                self.rotation.append(site)
                return page
        return None

    def _next_of_site(self, site: int) -> Page | None:
        """Give the next page of a site; one without gets its turn again when a page of it is done or its backoff is."""
        share = max(2, self.window // (len(self.rotation) + 1))
        if self.delay:
            share = 1 if self.delay >= 0.5 else 2
        in_flight = sum(1 for other in self.in_flight.values() if other == site)
        if in_flight >= share or self.backoff_until.get(site, 0.0) > time.monotonic():
            return None
        ahead = self.ahead.get(site)
        if not ahead:
            due = due_pages(
                self.reader,
                site=site,
                crawl=self.crawl.id,
                until=self.crawl.started_at,
                everything=self.crawl.everything,
                limit=AHEAD + in_flight,
            )
            ahead = self.ahead[site] = deque(page for page in due if page.id not in self.in_flight)
        return ahead.popleft() if ahead else None
