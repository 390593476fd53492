"""``clinicwatch watch``: run a crawl, sleep until the next one is due, run it, until a signal ends it.

lock | when is the next crawl (the corpus says) | sleep | a crawl in a process of its own | once more
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from crawler.engine.crawl import crawl_settings
from crawler.engine.plan import plan_from_settings
from crawler.engine.session import named_host
from crawler.notify.notify import check_addresses
from crawler.watch.next_run import LastCrawl, is_done, next_run, retry_after, wait_text
from crawler.watch.parent_death import END_WITH_STDIN
from db.corpus.connection import connect, evidence_folder, explain, is_held
from db.corpus.crawls import last_crawl_of
from db.corpus.queries import all_sites, site_of_host
from pipelines.model.errors import CorpusBusyError, CorpusError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

GRACE = 3.0  # seconds; a crawl whose watch was killed ends in much less
STOP_TIMEOUT = 6.0  # seconds that a crawl gets to stop in order; then it is killed, which loses nothing
NAP = timedelta(seconds=60)  # a machine that slept or whose clock was set is noticed after so long


@dataclass(frozen=True, slots=True)
class Watched:
    """What is watched: the corpus, the hosts named (all where there are none), and the command line of a crawl."""

    db: Path
    hosts: tuple[str, ...]
    crawl: tuple[str, ...]


def check_watch(
    db: Path, seeds: Path | None, site: str | None, contact: str | None, settings: Sequence[str]
) -> Watched:
    """Check what a crawl will need before the first one: contact, seeds file, settings; name the sites watched.

    Raises :class:`pipelines.model.errors.UsageError`, as the crawl itself would.
    """
    check_addresses()
    plan = plan_from_settings(crawl_settings(settings, contact), {"db": db, "seeds": seeds, "site": site})
    options = {"--seeds": seeds, "--site": site, "--contact": contact}
    crawl = ["crawl", "--db", str(db)]
    crawl += [text for name, value in options.items() if value for text in (name, str(value))]
    crawl += [text for setting in settings for text in ("-s", setting)]
    if plan.site:
        hosts: tuple[str, ...] = (named_host(plan.site),)
    else:
        hosts = tuple(row.host for row in plan.seeds) if seeds else ()
    return Watched(db, hosts, tuple(crawl))


def watch(watched: Watched, every: timedelta, say: Callable[[str], None]) -> None:
    """Crawl again and again until a signal ends it; a run that failed is tried again, ever more seldom.

    Raises :class:`CorpusBusyError` where another watch or another crawl is at work on the corpus.
    """
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    failures, retry_at = 0, None
    with watch_lock(watched.db):
        refuse_other_crawl(watched.db)
        while True:
            now = datetime.now(UTC)
            due = retry_at or next_run(last_crawl(watched), every, now)
            if due > now:
                say(wait_text(due, now))
            sleep_until(due, stop)
            if stop.is_set():
                break
            began = datetime.now(UTC)
            code = run_once(watched.crawl, stop)
            failures = 0 if is_done(last_crawl(watched), began) else failures + 1
            retry_at = datetime.now(UTC) + retry_after(failures, every) if failures else None
            if failures and not stop.is_set():
                say(f"this run ended with exit code {code} and is tried again")
    say("the watch has ended; the same command goes on with it")


def sleep_until(moment: datetime, stop: threading.Event) -> None:
    """Sleep until a moment by the wall clock, or until ``stop`` is set."""
    while not stop.is_set() and (left := moment - datetime.now(UTC)) > timedelta(0):
        stop.wait(min(left, NAP).total_seconds())


def run_once(crawl: Sequence[str], stop: threading.Event) -> int:
    """Run one crawl to its end, in a process of its own that ends with this one; gives its exit code.

    Where the watch is to end, the crawl is stopped in order, and killed where that takes too long.
    """
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "crawler.commands.cli", *crawl],
        env=os.environ | {END_WITH_STDIN: "1"},
        stdin=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is ours to pass on: two signals would cut the crawl short
    )
    with process:
        while process.poll() is None:
            if stop.wait(0.2):
                process.terminate()
                try:
                    process.wait(STOP_TIMEOUT)
                except subprocess.TimeoutExpired:
                    process.kill()
                break
        return process.wait()


def last_crawl(watched: Watched) -> LastCrawl | None:
    """Read from the corpus when the sites that are watched were crawled last; ``None`` where they never were."""
    if not watched.db.exists():
        return None
    try:
        with contextlib.closing(connect(watched.db, read_only=True)) as corpus:
            sites = {site_of_host(corpus, host) for host in watched.hosts} or set(all_sites(corpus))
            known = {site for site in sites if site}
            found = last_crawl_of(corpus, known) if known and len(known) == len(sites) else None
    except sqlite3.Error as error:
        raise CorpusError(explain(error, watched.db)) from error
    if found is None:
        return None
    began, ended = found
    return LastCrawl(datetime.fromisoformat(began), datetime.fromisoformat(ended) if ended else None)


@contextlib.contextmanager
def watch_lock(db: Path) -> Iterator[None]:
    """Hold a corpus for one watch, also while it sleeps; a crawl that somebody starts meanwhile is not refused."""
    folder = evidence_folder(db)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / "watch.lock").open("a")
    except OSError as error:
        raise CorpusError(explain(error, db)) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CorpusBusyError(f"{db}: another watch is running on this corpus; nothing was started") from None
        yield


def refuse_other_crawl(db: Path) -> None:
    """Raise :class:`CorpusBusyError` where a crawl is running; one that a killed watch left ends in a moment."""
    end = time.monotonic() + GRACE
    while is_held(db):
        if time.monotonic() > end:
            raise CorpusBusyError(f"{db}: another crawl is running on this corpus; start the watch when it has ended")
        time.sleep(0.1)
