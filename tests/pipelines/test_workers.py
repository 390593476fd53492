"""Worker processes: pages are read beside the crawl, and a page that passes a limit fails alone."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest
from pebble import ProcessExpired

from pipelines.jobs import ReadJob, ReadResult
from pipelines.model.outcomes import Outcome
from pipelines.workers import Workers, WorkersBrokenError, limit_reason
from tests.support.command import ROOT
from tests.support.web import html, prose

# 9.6 MB of links take 5 s where an ordinary page takes 10 ms
HEAVY = b"<html><body>" + b"".join(
    b"<p>ketamine %d clinic and <b>x</b> so <a href='/x%d'>y</a></p>" % (number, number) for number in range(140_000)
)
SECONDS = 1.0


def read(jobs: list[ReadJob], seconds: float = 20.0) -> tuple[list, int]:
    """Read pages with two workers; gives the answers and the room that is left afterwards."""

    async def scenario():
        workers = Workers(2, seconds)
        try:
            return await asyncio.gather(*(workers.read(job) for job in jobs)), workers.room
        finally:
            workers.close()

    return asyncio.run(asyncio.wait_for(scenario(), 120))


def job(number: int, body: bytes | None = None) -> ReadJob:
    """Make the job of a page."""
    return ReadJob(f"http://a.example/{number}", body or html(f"Title {number}", prose(number)), "text/html")


def test_every_page_gets_its_own_answer():
    """Thirty pages in batches over two processes: none is mixed up, and all the room is free again."""
    answers, room = read([job(number) for number in range(30)])
    assert [answer.reading.title for answer in answers] == [f"Title {number}" for number in range(30)]
    assert room == 4


def test_a_page_that_takes_too_long_fails_alone():
    """A page over the time limit ends as unreadable with the reason; the pages of its batch are read."""
    jobs = [job(number, HEAVY if number == 5 else None) for number in range(12)]  # the first four fill the room
    answers, room = read(jobs, SECONDS)
    assert answers[5].outcome is Outcome.UNREADABLE
    assert answers[5].reason == "reading took more than 1 s"
    titles = [answer.reading.title for answer in answers if answer.reading]
    assert titles == [f"Title {number}" for number in range(12) if number != 5]
    assert room == 4


def read_broken(spoil, **limits) -> tuple[list, object]:
    """Read 40 pages with two workers that ``spoil`` breaks once the first are sent; then one more."""

    async def scenario():
        workers = Workers(2, 1.0, **limits)
        try:
            reading = [asyncio.ensure_future(workers.read(job(number))) for number in range(40)]
            await asyncio.sleep(0)
            spoil(workers.pool)
            answers = await asyncio.gather(*reading, return_exceptions=True)
            late = await asyncio.gather(workers.read(job(40)), return_exceptions=True)
            return answers, late[0]
        finally:
            workers.close()

    return asyncio.run(asyncio.wait_for(scenario(), 60))


def start_badly(pool):
    """Do nothing: the pool breaks by itself, at its initializer."""


def close_channel(pool):
    """Take the pipe to the workers away, as a stray ``os.close`` would."""
    pool._pool_manager.worker_manager.pool_channel.close()  # noqa: SLF001 - a real pool has no door to break it by


def hold_lock(pool):
    """Hold the lock of the pool for good, as a worker does that is killed at the wrong moment."""
    mutex = pool._pool_manager.worker_manager.workers_channel.mutex  # noqa: SLF001
    assert mutex.reader_mutex.acquire(timeout=10)


def end_thread(pool):
    """End one of the pool's threads by an error that it does not expect."""
    pool._context.task_queue.put(object())  # noqa: SLF001


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize(
    ("spoil", "limits", "cause"),
    [
        (start_badly, {"memory": 2**70}, "broke (All workers expired)"),  # no such limit: the initializer fails
        (close_channel, {}, "broke ("),
        (hold_lock, {"patience": 4}, "broke (no page came back for 4 s)"),
        (end_thread, {}, "broke ("),
    ],
)
def test_a_broken_pool_is_no_page_s_failure_and_nobody_waits_for_it(spoil, limits, cause):
    """Pages that were read before keep their answer; each of the others, waiting ones and later ones too, raises."""
    answers, late = read_broken(spoil, **limits)
    errors = [answer for answer in answers if isinstance(answer, WorkersBrokenError)]
    assert errors
    assert isinstance(late, WorkersBrokenError)
    assert all(cause in str(error) and "run the same command to go on" in str(error) for error in errors)
    assert {type(answer) for answer in answers} <= {WorkersBrokenError, ReadResult}
    assert {answer.outcome for answer in answers if isinstance(answer, ReadResult)} <= {None}


def test_a_limit_of_whoever_started_us_is_kept():
    """Under `ulimit -v` a worker has less memory, and works."""
    code = (
        "import resource, pipelines.jobs; from pipelines.workers import limit_worker;"
        "resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30)); limit_worker(8 << 30);"
        "print(*resource.getrlimit(resource.RLIMIT_AS))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(6 << 30)] * 2


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (TimeoutError(), "took more than 5 s"),
        (MemoryError(), "too much memory"),
        (ProcessExpired("died", 1), "too much memory"),
        (ValueError("x"), "reading failed: ValueError: x"),
    ],
)
def test_the_limit_is_named(error, reason):
    """What a person reads of a page that could not be read."""
    assert reason in limit_reason(error, 5)
