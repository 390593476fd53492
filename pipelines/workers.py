"""Worker processes for reading: the reactor never parses, and no page can hold or fill the machine.

A page with 200,000 attributes held trafilatura for over four minutes, so each batch has a time limit; when a batch
passes it, its process is ended and its pages are tried one by one, so that only the guilty page fails.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import multiprocessing
import resource
import signal
from collections import deque
from concurrent.futures import TimeoutError as PoolTimeoutError
from typing import TYPE_CHECKING

from pebble import ProcessExpired, ProcessPool

from pipelines.jobs import ReadJob, ReadResult, run_batch
from pipelines.model.records import Outcome

if TYPE_CHECKING:
    from concurrent.futures import Future

BATCH = 8  # pages a trip: beyond 8 the trip no longer shows in the cost (prototype: 133-140 pages/s at 8)
SECONDS = 20.0  # a page; the slowest honest page measured took 1.3 s
MEMORY = 1_500_000_000  # bytes of address space a worker may grow by; a 10 MB page took 400 MB


def limit_worker(memory: int = MEMORY) -> None:
    """Prepare a worker process: bound its memory, leave Ctrl-C to the parent, keep the collector off loaded code."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.disable(logging.CRITICAL)
    with open("/proc/self/statm") as statm:  # noqa: PTH123
        used = int(statm.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + memory, resource.RLIM_INFINITY))
    gc.collect()
    gc.freeze()


class Workers:
    """A pool of processes that read pages in batches; used inside one asyncio loop.

    ``read`` never raises for a page: what passes a limit comes back as a result with the outcome ``unreadable``.
    """

    def __init__(self, processes: int = 2, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self.room = processes * 2
        self.waiting: deque[tuple[ReadJob, asyncio.Future[ReadResult]]] = deque()
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["pipelines.jobs"])
        self.pool = ProcessPool(max_workers=processes, initializer=limit_worker, context=context)

    async def read(self, job: ReadJob) -> ReadResult:
        """Read one page in the next batch that has room."""
        future: asyncio.Future[ReadResult] = asyncio.get_running_loop().create_future()
        self.waiting.append((job, future))
        self._fill()
        return await future

    def close(self) -> None:
        """End the workers; what they still held is lost and its visits stay open."""
        self.pool.stop()  # type: ignore[no-untyped-call]
        self.pool.join()

    def _fill(self) -> None:
        while self.waiting and self.room > 0:
            batch = [self.waiting.popleft() for _ in range(min(BATCH, len(self.waiting)))]
            self._send(batch)

    def _send(self, batch: list[tuple[ReadJob, asyncio.Future[ReadResult]]]) -> None:
        self.room -= 1
        loop = asyncio.get_running_loop()
        sent = self.pool.schedule(run_batch, args=([job for job, _ in batch],), timeout=self.seconds)
        sent.add_done_callback(lambda done: loop.call_soon_threadsafe(self._receive, batch, done))

    def _receive(self, batch: list[tuple[ReadJob, asyncio.Future[ReadResult]]], done: Future[list[ReadResult]]) -> None:
        self.room += 1
        error = done.exception()
        if error is None:
            _resolve(batch, done.result())
        elif len(batch) > 1:
            for one in batch:
                self._send([one])
        else:
            _resolve(batch, [ReadResult(outcome=Outcome.UNREADABLE, reason=limit_reason(error, self.seconds))])
        self._fill()


def _resolve(batch: list[tuple[ReadJob, asyncio.Future[ReadResult]]], results: list[ReadResult]) -> None:
    for (_, future), result in zip(batch, results, strict=True):
        if not future.done():
            future.set_result(result)


def limit_reason(error: BaseException, seconds: float) -> str:
    """Say which limit a page passed."""
    if isinstance(error, PoolTimeoutError):
        return f"reading took more than {seconds:g} s"
    if isinstance(error, (MemoryError, ProcessExpired)):
        return "reading took too much memory"
    return f"reading failed: {type(error).__name__}: {error}"
