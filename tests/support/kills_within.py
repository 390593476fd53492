"""Kill a crawl between any two statements of its database, hundreds of times: in the crawl, its questions, its passes.

A child process is forked, runs the crawl that every other way of crawling runs (lock, archive, frontier, probes,
transactions, passes; only the download is replaced by answers made here), and kills itself with SIGKILL at the
statement that the seed names. The next child goes on with the same corpus. So a thousand kills take minutes, and each
can be repeated.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import traceback
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crawler.clock import utc_now
from crawler.engine.plan import Plan
from crawler.engine.session import CrawlSession
from db.corpus.connection import open_corpus
from db.corpus.crawls import SeedRow
from db.passes.registry import run_passes
from pipelines.metadata.link_depth import assess_link
from pipelines.model.outcomes import Outcome
from pipelines.model.records import Fetch, Found, Reading, Seed, Visit
from tests.support.kills import count_without_bytes
from tests.support.made_corpus import RULES
from tests.support.web import prose

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from pipelines.model.records import Page, Probe

HOME = "http://kill.example/"
SEED = SeedRow(Seed(HOME), HOME, "kill.example", "kill.example")
CONCURRENT = 6
# a killed process loses nothing that it wrote, synced or not: that is the matter of tests/support/power.py, and
# memory is quick
MEMORY = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112


@dataclass
class Toll:
    """What a series of kills cost."""

    crawls: int
    kills: Counter[str]
    lost: int = 0
    doubled: int = 0
    without_bytes: int = 0
    unfinished_passes: int = 0
    asked: int = 0  # repeat fetches that were kept, and those that a crawl came to its end without
    unasked: int = 0

    def line(self) -> str:
        """Say it in one line."""
        where = ", ".join(f"{count} in {name}" for name, count in sorted(self.kills.items()))
        return (
            f"{sum(self.kills.values())} SIGKILLs ({where}) over {self.crawls} crawls: {self.lost} lost, {self.doubled}"
            f" doubled, {self.without_bytes} without bytes, {self.unfinished_passes} rows that a pass had to mend,"
            f" {self.asked} repeat fetches, {self.unasked} missing"
        )


def text_of(number: int, turn: int) -> str:
    """Give what a page says in a crawl: a third of the pages say something new each time."""
    return "\n".join(prose(f"{number} {turn if (number + turn) % 3 == 0 else 'as ever'}", 8))


def number_of(url: str) -> int:
    """Give the number of a page by its address; home is 0."""
    return int(url.removeprefix(f"{HOME}p/") or 0) if url != HOME else 0


def kill_within(folder: Path, pages: int, kills: int, seed: int) -> Toll:
    """Crawl a site again and again, killing each child at a random statement, until so many were killed."""
    rng, toll = random.Random(seed), Toll(0, Counter())
    folder.mkdir(parents=True, exist_ok=True)
    while sum(toll.kills.values()) < kills:
        where = run_child(folder / "c.db", pages, toll.crawls, kill_at=rng.randrange(1, rng.choice((10, 40)) * pages))
        toll.kills.update([where] if where else [])
        toll.crawls += not where
    while run_child(folder / "c.db", pages, toll.crawls, kill_at=0):
        pass
    toll.crawls += 1
    return judge(folder, pages, toll)


def run_child(db: Path, pages: int, turn: int, kill_at: int) -> str:
    """Run one child; gives where it killed itself, or an empty string where its crawl came to the end."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            asyncio.run(_crawl(db, pages, turn, kill_at, write))
            code = 0
        except BaseException:  # noqa: BLE001 - the child must not go on as the parent
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(write)
    with os.fdopen(read) as pipe:
        where = pipe.read()
    _, status = os.waitpid(child, 0)
    assert where or status == 0, f"the crawl failed with status {status}"
    return where


async def _crawl(db: Path, pages: int, turn: int, kill_at: int, pipe: int) -> None:
    plan = Plan(db, (SEED,), everything=True, delay=0.0, rules=RULES)
    with CrawlSession(plan) as session:
        stage = ["the crawl"]
        _kill_at(session, kill_at, pipe, stage)
        flying: set[asyncio.Task[None]] = set()
        async for page in session.frontier.pages():
            flying.add(asyncio.ensure_future(_visit(session, page, pages, turn)))
            if len(flying) >= CONCURRENT:
                _, flying = await asyncio.wait(flying, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.gather(*flying)
        stage.append("the questions")
        async for probe in session.probes():
            await _look_again(session, probe, turn)
        stage.append("the passes")
        await session.finish()
        assert session.result, session.error


def _kill_at(session: CrawlSession, number: int, pipe: int, stage: list[str]) -> None:
    """Count the statements of the writing connection, and end at one of them."""
    done = 0

    def count(_sql: str) -> None:
        nonlocal done
        done += 1
        if done == number:
            os.write(pipe, stage[-1].encode())
            os.kill(os.getpid(), signal.SIGKILL)

    session.db.set_trace_callback(count)


async def _visit(session: CrawlSession, page: Page, pages: int, turn: int) -> None:
    number = number_of(page.url)
    text = text_of(number, turn)
    fetch, at = Fetch(page.url, 200, (("Content-Type", "text/html"),), text.encode()), utc_now()
    place = await session.writer.store_capture(fetch, at)
    targets = {(number * 7 + step) % pages for step in range(4)} | {(number + 1) % pages}
    links = [Found(f"{HOME}p/{target}" if target else HOME) for target in sorted(targets)]
    found = tuple(assess_link(page, link)._replace(run=0) for link in links)
    visit = Visit(page, at, fetch, place, Reading(text, f"Page {number}", words=len(text.split())), found=found)
    assert await session.store_visit(visit) in {Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED}


async def _look_again(session: CrawlSession, probe: Probe, turn: int) -> None:
    """Answer a question with the page of its visit and a line more, which is another each time: a lesson."""
    number = number_of(probe.url)
    text = f"{text_of(number, turn)}\nThe bell of house {number} has rung {turn} times."
    fetch, at = Fetch(probe.url, 200, (("Content-Type", "text/html"),), text.encode()), utc_now()
    place = await session.writer.store_capture(fetch, at)
    reading = Reading(text, f"Page {number}", words=len(text.split()))
    await session.store_probe(replace(probe, at=at, fetch=fetch, location=place, reading=reading, outcome="read"))


def judge(folder: Path, pages: int, toll: Toll) -> Toll:
    """Compare the corpus with what the site said in each crawl, and run the passes once more: they find nothing."""
    with closing(open_corpus(folder / "c.db")) as db:
        toll.unfinished_passes = sum(run_passes(db, RULES).values())
        kept = _versions(db)
        counts = db.execute("SELECT count(*), count(DISTINCT page || ' ' || crawl) FROM captures").fetchone()
        visits = db.execute("SELECT count(*) FROM visits").fetchone()[0]
        (toll.asked,) = db.execute("SELECT count(*) FROM probes WHERE kind = 'repeat fetch'").fetchone()
    for number in range(pages):
        wanted = _told(number, toll.crawls)
        got = kept.pop(f"{HOME}p/{number}" if number else HOME, [])
        toll.lost += sum((Counter(wanted) - Counter(got)).values())
        toll.doubled += sum((Counter(got) - Counter(wanted)).values())
    toll.lost += max(pages * toll.crawls - visits, 0)
    toll.doubled += counts[0] - counts[1] + sum(map(len, kept.values()))
    toll.without_bytes = count_without_bytes(folder)
    toll.unasked = looks_of(pages) * (toll.crawls - 1) - toll.asked
    return toll


def looks_of(pages: int) -> int:
    """Say how many pages a crawl looks at again (docs/watching.md): a third of them change each time."""
    return max(2, min(8, pages // 10))


def _versions(db: sqlite3.Connection) -> dict[str, list[str]]:
    kept: dict[str, list[str]] = {}
    rows = "SELECT url, text FROM versions JOIN pages ON pages.id = versions.page JOIN texts ON sha256 = text_sha256"
    for url, text in db.execute(f"{rows} ORDER BY versions.id"):
        kept.setdefault(url, []).append(text)
    return kept


def _told(number: int, crawls: int) -> list[str]:
    """List the texts of a page over all crawls, one for each change."""
    told: list[str] = []
    for turn in range(crawls):
        text = text_of(number, turn)
        if not told or told[-1] != text:
            told.append(text)
    return told
