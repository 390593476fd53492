"""The questions at the end of a crawl: asked when all pages are visited, a few of each site, in rounds.

Which ones is read out of the corpus, so that a crawl that is cut off asks them when it goes on, and their order of
arrival decides nothing. What a round teaches spares questions of the next. A site is asked one question at a time, and
none any more in this crawl when its answer tells of trouble: that it is asked too much, or is not well.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from db.corpus.probes import TROUBLE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from pipelines.model.records import Probe

ROUNDS = 3


class Probing:
    """Gives out the questions of each round, a site's one after the other, and waits for all answers of the round."""

    def __init__(self, find: Callable[[], Awaitable[list[Probe]]], rounds: int = ROUNDS) -> None:
        self.find = find
        self.rounds = rounds
        self.waiting: dict[int, deque[Probe]] = {}
        self.asked: set[int] = set()
        self.stopped = False
        self.news = asyncio.Event()

    async def probes(self) -> AsyncIterator[Probe]:
        """Yield probes; ends when nothing is to be asked any more, or after so many rounds."""
        for _ in range(self.rounds):
            for probe in await self.find():
                self.waiting.setdefault(probe.site, deque()).append(probe)
            if not self.waiting:
                return
            while self.waiting or self.asked:
                if self.stopped:
                    return
                self.news.clear()
                for probe in self._next():
                    yield probe
                await self.news.wait()

    def _next(self) -> list[Probe]:
        free = self.waiting.keys() - self.asked
        found = [self.waiting[site].popleft() for site in sorted(free)]
        self.waiting = {site: probes for site, probes in self.waiting.items() if probes}
        self.asked |= free
        return found

    def done(self, probe: Probe) -> None:
        """Take back a probe whose answer is kept; after one that tells of trouble its site's others are dropped."""
        self.asked.discard(probe.site)
        if probe.outcome in TROUBLE:
            self.waiting.pop(probe.site, None)
        self.news.set()

    def stop(self) -> None:
        """Give out no more questions, and wait for no answers: the crawl ends for a reason of its own."""
        self.stopped = True
        self.news.set()
