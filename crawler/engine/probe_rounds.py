"""The probes at the end of a crawl: requested when all pages are visited, a few of each site, in rounds.

Which ones is read out of the corpus, so that a crawl that is cut off requests them when it goes on, and their order of
arrival decides nothing. What a round teaches spares probes of the next. A site gets one probe at a time, and none any
more in this crawl when its answer shows trouble: that it is requested too much, or is not well.
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


class ProbeRounds:
    """Gives out the probes of each round, a site's one after the other, and waits for all answers of the round."""

    def __init__(self, find: Callable[[], Awaitable[list[Probe]]], rounds: int = ROUNDS) -> None:
        self.find = find
        self.rounds = rounds
        self.waiting: dict[int, deque[Probe]] = {}  # by site
        self.in_flight: set[int] = set()  # sites
        self.stopped = False
        self.changed = asyncio.Event()

    async def probes(self) -> AsyncIterator[Probe]:
        """Yield probes; ends when nothing is left to request, or after so many rounds."""
        for _ in range(self.rounds):
            for probe in await self.find():
                self.waiting.setdefault(probe.site, deque()).append(probe)
            if not self.waiting:
                return
            while self.waiting or self.in_flight:
                if self.stopped:
                    return
                self.changed.clear()
                free = sorted(self.waiting.keys() - self.in_flight)
                next_probes = [self.waiting[site].popleft() for site in free]
                self.waiting = {site: probes for site, probes in self.waiting.items() if probes}
                self.in_flight.update(free)
                for probe in next_probes:
                    yield probe
                await self.changed.wait()

    def done(self, probe: Probe) -> None:
        """Take back a probe whose answer is stored; after one that shows trouble its site's others are dropped."""
        self.in_flight.discard(probe.site)
        if probe.outcome in TROUBLE:
            self.waiting.pop(probe.site, None)
        self.changed.set()

    def stop(self) -> None:
        """Give out no more probes, and wait for no answers: the crawl ends for a reason of its own."""
        self.stopped = True
        self.changed.set()
