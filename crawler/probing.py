"""The questions at the end of a crawl: asked when all pages are visited, a few of each site, in rounds.

Which ones is read out of the corpus, so that a crawl that is cut off asks them when it goes on, and their order of
arrival decides nothing. What a round teaches spares questions of the next.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from db.records import Probe

ROUNDS = 3


class Probing:
    """Gives out the questions of each round, and waits until all of them are answered before the next."""

    def __init__(self, find: Callable[[], Awaitable[list[Probe]]], rounds: int = ROUNDS) -> None:
        self.find = find
        self.rounds = rounds
        self.open: set[str] = set()
        self.news = asyncio.Event()

    async def probes(self) -> AsyncIterator[Probe]:
        """Yield probes; ends when nothing is to be asked any more, or after so many rounds."""
        for _ in range(self.rounds):
            found = await self.find()
            self.open = {probe.url for probe in found}
            for probe in found:
                yield probe
            while self.open:
                self.news.clear()
                await self.news.wait()
            if not found:
                return

    def done(self, probe: Probe) -> None:
        """Take back a probe: its answer is kept, or there is none."""
        self.open.discard(probe.url)
        self.news.set()
