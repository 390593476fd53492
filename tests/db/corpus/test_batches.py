"""Group commit: everyone gets the answer of the value that they put in, whatever happens to the others."""

from __future__ import annotations

import asyncio
import threading

import pytest

from db.corpus.batches import Batches


def run(coroutine_function, write):
    """Run a scenario with batches that ``write``, and close them."""

    async def scenario():
        batches = Batches(write, "test")
        try:
            return await asyncio.wait_for(coroutine_function(batches), 20)
        finally:
            batches.close()

    return asyncio.run(scenario())


def test_each_gets_its_own_result_in_order():
    """A hundred values, written in their order, each with its own result."""
    written: list[int] = []

    def write(batch):
        written.extend(batch)
        return [value * 2 for value in batch]

    async def scenario(batches):
        return await asyncio.gather(*(batches.put(value) for value in range(100)))

    assert run(scenario, write) == [value * 2 for value in range(100)]
    assert written == list(range(100))


def test_what_arrives_while_one_is_written_is_one_batch():
    """Ten values that arrive during a write are written together: one fsync for all."""
    sizes, begun, go = [], threading.Event(), threading.Event()

    def write(batch):
        sizes.append(len(batch))
        begun.set()
        assert go.wait(20)
        return batch

    async def scenario(batches):
        first = asyncio.create_task(batches.put(0))
        await asyncio.to_thread(begun.wait, 20)
        rest = [asyncio.create_task(batches.put(value)) for value in range(10)]
        await asyncio.sleep(0)
        go.set()
        await asyncio.gather(first, *rest)

    run(scenario, write)
    assert sizes == [1, 10]


def test_a_failed_write_reaches_everyone_who_waits():
    """Where a batch cannot be written each of its values raises, and the next batch is tried."""

    def write(batch):
        if "bad" in batch:
            raise ValueError("no")
        return batch

    async def scenario(batches):
        told = await asyncio.gather(batches.put("bad"), batches.put("x"), return_exceptions=True)
        return [type(one) for one in told], await batches.put("y")

    assert run(scenario, write) == ([ValueError, ValueError], "y")


@pytest.mark.parametrize("fails", [False, True])
def test_one_who_no_longer_waits_leaves_the_others_their_answer(fails):
    """A request that is given up while its batch is written does not take its neighbours' answers along."""

    def write(batch):
        if fails:
            raise ValueError("no")
        return batch

    async def scenario(batches):
        gone, stays = asyncio.create_task(batches.put(1)), asyncio.create_task(batches.put(2))
        await asyncio.sleep(0)
        gone.cancel()
        return (await asyncio.gather(stays, return_exceptions=True))[0]

    assert isinstance(run(scenario, write), ValueError if fails else int)


def test_a_call_comes_behind_what_waits():
    """What is called runs in the writing thread, after the values before it."""
    written = []

    async def scenario(batches):
        put = asyncio.create_task(batches.put(1))
        await asyncio.sleep(0)
        told = await batches.call(lambda: (list(written), threading.current_thread().name))
        await put
        return told

    def write(batch):
        written.extend(batch)
        return batch

    values, thread = run(scenario, write)
    assert values in ([], [1])
    assert thread.startswith("test")
