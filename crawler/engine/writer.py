"""What a crawl stores while it runs: WARC bytes first, then rows, each batch of visits in one transaction."""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from db.corpus import crawls, probes
from db.corpus.batches import Batches
from db.corpus.connection import atomic
from db.corpus.store_visits import keep_visits
from db.passes.probes import learn_from
from pipelines.model.outcomes import Outcome
from pipelines.text.urls import host_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from crawler.archive.warc import Archive
    from db.corpus.store_visits import Run
    from pipelines.model.records import Fetch, Location, Probe, Visit

T = TypeVar("T")
# what ends a crawl: the disk or the database file, never one page
MACHINE_ERRORS = (sqlite3.OperationalError, sqlite3.NotSupportedError, OSError)
logger = logging.getLogger(__name__)


class CrawlWriter:
    """Stores captures, visits and probes; what it returned is on the disk.

    Captures are appended by one thread, rows are written by another, each with all that arrived meanwhile (group
    commit). ``hosts`` (of each site) gains the host that a seed redirects to. ``on_failure`` is called with an error
    that ends the crawl, before whoever waits for the write gets it.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        archive: Archive,
        run: Run,
        hosts: dict[int, frozenset[str]],
        on_failure: Callable[[BaseException], None],
    ) -> None:
        self.db = db
        self.run = run
        self.hosts = hosts
        self.on_failure = on_failure
        self.visits_stored = 0
        self.captures: Batches[tuple[Fetch, str], Location] = Batches(archive.append, "archive")
        self.visits: Batches[Visit, Outcome] = Batches(self._write_batch, "corpus")

    async def store_capture(self, fetch: Fetch, at: str) -> Location:
        """Put a response on the disk, and give where it lies."""
        return await self._guarded(self.captures.put((fetch, at)))

    async def store_visit(self, visit: Visit) -> Outcome:
        """Commit a visit with everything that it led to: its version, its outcome, the links that it found."""
        outcome = await self._guarded(self.visits.put(visit))
        self.visits_stored += 1
        return outcome

    async def store_probe(self, probe: Probe) -> None:
        """Commit a probe with what it teaches."""

        def write() -> None:
            with atomic(self.db):
                probes.insert_probe(self.db, self.run.crawl, probe)
                learn_from(self.db, self.run.crawl, probe)

        await self.call(write)

    async def call(self, function: Callable[[], T]) -> T:
        """Run something else with the writing connection, behind what waits to be written."""
        return await self._guarded(self.visits.call(function))

    def close(self) -> None:
        """Wait for what is being written, and end both threads."""
        self.captures.close()
        self.visits.close()

    async def _guarded(self, written: Awaitable[T]) -> T:
        try:
            return await written
        except Exception as error:
            self.on_failure(error)
            raise

    def _write_batch(self, batch: Sequence[Visit]) -> list[Outcome]:
        """Write visits in one transaction; where one of them cannot be stored, each in its own."""
        try:
            return self._write(batch)
        except MACHINE_ERRORS:
            raise
        except Exception:  # noqa: BLE001 - a visit that cannot be stored must not take its batch along
            return [self._write_alone(visit) for visit in batch]

    def _write_alone(self, visit: Visit) -> Outcome:
        """Write one visit; one that cannot be stored is stored without its reading, as unreadable."""
        try:
            return self._write([visit])[0]
        except MACHINE_ERRORS:
            raise
        except Exception as error:
            logger.exception("cannot store %s", visit.page.url)
            reason = f"could not be stored: {type(error).__name__}: {error}"
            bare = replace(visit, reading=None, found=(), outcome=Outcome.UNREADABLE, reason=reason)
            return self._write([bare])[0]

    def _write(self, batch: Sequence[Visit]) -> list[Outcome]:
        with atomic(self.db):
            return keep_visits(self.db, self.run, [self._with_adopted_host(visit) for visit in batch])

    def _with_adopted_host(self, visit: Visit) -> Visit:
        """Let a seed's redirect to a sister host of the same advertiser widen its site, where no other site has it."""
        target = visit.moved_to
        led = any(found.url == target for found in visit.found)
        if not target or not led or host_of(target) in self.hosts[visit.page.site]:
            return visit
        if crawls.adopt_host(self.db, visit.page.site, host_of(target)):
            self.hosts[visit.page.site] |= {host_of(target)}
            return visit
        return replace(visit, found=tuple(found for found in visit.found if found.url != target))
