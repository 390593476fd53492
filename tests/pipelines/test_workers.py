"""Worker processes: pages are read beside the crawl, and a page that passes a limit fails alone."""

from __future__ import annotations

import asyncio

import pytest
from pebble import ProcessExpired

from pipelines.jobs import ReadJob
from pipelines.model.records import Outcome
from pipelines.workers import Workers, limit_reason
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
