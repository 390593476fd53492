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
from concurrent.futures.process import BrokenProcessPool
from itertools import count
from typing import TYPE_CHECKING

from pebble import ProcessExpired, ProcessPool

from pipelines.jobs import ReadJob, ReadResult, run_batch
from pipelines.model.errors import ClinicwatchError
from pipelines.model.outcomes import Outcome

if TYPE_CHECKING:
    from concurrent.futures import Future

BATCH = 8  # pages a trip: beyond 8 the trip no longer shows in the cost (prototype: 133-140 pages/s at 8)
SECONDS = 20.0  # a page; the slowest honest page measured took 1.3 s
TICK = 1.0  # seconds between two looks at the pool
PATIENCE = 180.0  # seconds; a batch ends after SECONDS, and starting the processes took 10 s on a busy machine
MEMORY = 1_500_000_000  # bytes of address space a worker may grow by; a 10 MB page took 400 MB


def limit_worker(memory: int = MEMORY) -> None:
    """Prepare a worker process: bound its memory, leave Ctrl-C to the parent, keep the collector off loaded code."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.disable(logging.CRITICAL)
    with open("/proc/self/statm") as statm:  # noqa: PTH123
        used = int(statm.read().split()[0]) * resource.getpagesize()
    most = resource.getrlimit(resource.RLIMIT_AS)[1]  # `ulimit -v` of whoever started us: not ours to raise
    limit = used + memory if most == resource.RLIM_INFINITY else min(used + memory, most)
    resource.setrlimit(resource.RLIMIT_AS, (limit, most))
    gc.collect()
    gc.freeze()


Batch = deque[tuple[ReadJob, asyncio.Future[ReadResult]]]


class WorkersBrokenError(ClinicwatchError):
    """Raised where the worker processes as a whole are gone: no page is to blame, and all of them stay queued."""


class Workers:
    """A pool of processes that read pages in batches; used inside one asyncio loop.

    ``read`` never raises for a page: what passes a limit comes back as an answer with the outcome ``unreadable``. It
    raises :class:`WorkersBrokenError` where the pool broke, for the pages that it held and for all that come later.
    ``seconds`` are granted to a batch, ``memory`` is in bytes. With batches outstanding and none coming back for
    ``patience`` seconds the pool counts as broken: a worker that is killed while it holds the pool's lock keeps all
    others from ever taking a batch, and the limit of time from ending them.
    """

    def __init__(
        self, processes: int = 2, seconds: float = SECONDS, memory: int = MEMORY, patience: float = PATIENCE
    ) -> None:
        self.seconds = seconds
        self.patience = patience
        self.room = processes * 2
        self.waiting: Batch = deque()
        self.sent: dict[int, Batch] = {}
        self.numbers = count()
        self.quiet = 0.0  # seconds, counted by our own ticks: a machine that was asleep lost no patience
        self.ticking: asyncio.TimerHandle | None = None
        self.broken = ""
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["pipelines.jobs"])
        self.pool = ProcessPool(max_workers=processes, initializer=limit_worker, initargs=(memory,), context=context)

    async def read(self, job: ReadJob) -> ReadResult:
        """Read one page in the next batch that has room."""
        if self.broken:
            raise WorkersBrokenError(self.broken)
        future: asyncio.Future[ReadResult] = asyncio.get_running_loop().create_future()
        self.waiting.append((job, future))
        self._fill()
        return await future

    def close(self) -> None:
        """End the workers; what they still held is lost and its visits stay open."""
        if self.ticking:
            self.ticking.cancel()
        self.pool.stop()  # type: ignore[no-untyped-call]
        self.pool.join()

    def _fill(self) -> None:
        while self.waiting and self.room > 0 and not self.broken:
            self._send(deque(self.waiting.popleft() for _ in range(min(BATCH, len(self.waiting)))))

    def _send(self, *batches: Batch) -> None:
        loop = asyncio.get_running_loop()
        numbered = {next(self.numbers): batch for batch in batches}
        self.room -= len(numbered)
        self.sent.update(numbered)  # all of them before the first can fail: _break answers whoever waits for them
        for number, batch in numbered.items():
            try:
                sent = self.pool.schedule(run_batch, args=([job for job, _ in batch],), timeout=self.seconds)
            except (RuntimeError, OSError) as error:  # how pebble refuses, and how a pool fails to start
                self._break(error)
                return

            def receive(done: Future[list[ReadResult]], number: int = number) -> None:
                loop.call_soon_threadsafe(self._receive, number, done)

            sent.add_done_callback(receive)
        if self.ticking is None:
            self.ticking = loop.call_later(TICK, self._tick)

    def _receive(self, number: int, done: Future[list[ReadResult]]) -> None:
        if self.broken:
            return
        error = done.exception()
        if isinstance(error, BrokenProcessPool):
            self._break(error)
            return
        batch = self.sent.pop(number)
        self.room += 1
        self.quiet = 0.0
        if error is None:
            _resolve(batch, done.result())
        elif len(batch) > 1:
            self._send(*(deque([one]) for one in batch))
        else:
            _resolve(batch, [ReadResult(outcome=Outcome.UNREADABLE, reason=limit_reason(error, self.seconds))])
        self._fill()

    def _tick(self) -> None:
        """Look after what was sent: a pool that broke does not say so of batches that it had not taken yet."""
        self.ticking = None
        if not self.sent:
            return
        self.quiet += TICK
        if not self.pool.active:
            self._break(RuntimeError("the pool of processes ended"))
        elif self.quiet > self.patience:
            self._break(RuntimeError(f"no page came back for {self.patience:g} s"))
        else:
            self.ticking = asyncio.get_running_loop().call_later(TICK, self._tick)

    def _break(self, error: Exception) -> None:
        """Give up for good: every page that is held or waits gets the error, so that nobody waits for it."""
        said = str(error.__cause__ or error) or type(error).__name__
        what = f"the worker processes that read pages broke ({said})"
        self.broken = f"{what}; what was read is stored, run the same command to go on"
        for batch in (*self.sent.values(), self.waiting):
            for _, future in batch:
                if not future.done():
                    future.set_exception(WorkersBrokenError(self.broken))
        self.sent.clear()
        self.waiting.clear()


def _resolve(batch: Batch, results: list[ReadResult]) -> None:
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
