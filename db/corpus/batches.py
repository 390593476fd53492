"""Group commit: what arrives while one batch is being written is the next batch."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")
R = TypeVar("R")
S = TypeVar("S")


class Batches(Generic[T, R]):
    """Hands values to ``write`` in a thread of its own, one batch at a time, in the order of arrival.

    ``write`` takes a list and gives as many results. Under load a batch grows by itself, so that one fsync serves
    many pages; without load a value waits for nobody. Where ``write`` raises, every value of the batch raises.
    """

    def __init__(self, write: Callable[[Sequence[T]], Sequence[R]], name: str) -> None:
        self.write = write
        self.thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self.waiting: list[tuple[T, asyncio.Future[R]]] = []
        self.task: asyncio.Task[None] | None = None

    async def put(self, value: T) -> R:
        """Wait until the value is written, and give its result."""
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self.waiting.append((value, future))
        if self.task is None or self.task.done():
            self.task = asyncio.get_running_loop().create_task(self._drain())
        return await future

    async def call(self, function: Callable[[], S]) -> S:
        """Run something else in the writing thread, behind what waits there."""
        return await asyncio.get_running_loop().run_in_executor(self.thread, function)

    def close(self) -> None:
        """Wait for the batch that is being written, and end the thread."""
        self.thread.shutdown(wait=True)

    async def _drain(self) -> None:
        while self.waiting:
            batch, self.waiting = self.waiting, []
            await self._write(batch)

    async def _write(self, batch: list[tuple[T, asyncio.Future[R]]]) -> None:
        values = [value for value, _ in batch]
        try:
            results = await asyncio.get_running_loop().run_in_executor(self.thread, self.write, values)
        except Exception as error:  # noqa: BLE001 - handed to everyone who waits for this batch
            for _, future in batch:
                if not future.cancelled():
                    future.set_exception(error)
            return
        for (_, future), result in zip(batch, results, strict=True):
            if not future.cancelled():
                future.set_result(result)
