"""``clinicwatch watch``: crawl, wait, crawl again, in a process that holds nothing but its place in line.

lock | when is the next crawl (the corpus says) | wait | a crawl in a process of its own | once more
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
from typing import TYPE_CHECKING, Self

from crawler.engine.crawl import crawl_settings
from crawler.engine.plan import plan_from_settings
from crawler.engine.run import named_host
from crawler.notify.notify import check_addresses
from crawler.watch.next_run import LastCrawl, is_done, next_run, retry_after, wait_text
from crawler.watch.parent_death import LEASH
from db.corpus.connection import connect, evidence_folder, explain, is_held
from db.corpus.crawls import last_crawl_of
from db.corpus.queries import all_sites, site_of_host
from pipelines.model.errors import CorpusBusyError, CorpusError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

GRACE = 3.0  # seconds; a crawl whose watch was killed ends in much less
PATIENCE = 6.0  # seconds that a crawl gets to stop in order; then it is ended, which loses nothing
NAP = timedelta(seconds=60)  # a machine that slept or whose clock was set is noticed after so long


@dataclass(frozen=True, slots=True)
class Watched:
    """What is watched: the corpus, the seeds file and the site that were named, and the options of each crawl."""

    db: Path
    seeds: Path | None = None
    site: str | None = None
    hosts: tuple[str, ...] = ()
    options: tuple[str, ...] = ()

    @property
    def command(self) -> list[str]:
        """Give the arguments of one crawl."""
        named = {"--seeds": self.seeds, "--site": self.site}
        told = [text for name, value in named.items() if value for text in (name, str(value))]
        return ["crawl", "--db", str(self.db), *told, *self.options]


def check_watch(
    db: Path, seeds: Path | None, site: str | None, contact: str | None, settings: Sequence[str]
) -> Watched:
    """Check what a crawl will need before the first one: contact, seeds file, settings; name the sites watched.

    Raises :class:`pipelines.model.errors.UsageError`, as the crawl itself would.
    """
    check_addresses()
    plan = plan_from_settings(crawl_settings(settings, contact), {"db": db, "seeds": seeds, "site": site})
    named = tuple(row.host for row in plan.seeds) if seeds else ()
    hosts = (named_host(plan.site),) if plan.site else named
    options = (*(("--contact", contact) if contact else ()), *(text for one in settings for text in ("-s", one)))
    return Watched(db, seeds, site, hosts, options)


class Stop:
    """Set by SIGTERM and SIGINT; waiting for it is how a watch sleeps."""

    def __init__(self) -> None:
        self.asked = threading.Event()

    def __enter__(self) -> Self:
        """Listen to the signals that end a watch in order."""
        self.before = {name: signal.signal(name, self._ask) for name in (signal.SIGTERM, signal.SIGINT)}
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the signals as they were."""
        for name, handler in self.before.items():
            signal.signal(name, handler)

    def _ask(self, *_: object) -> None:
        self.asked.set()

    def sleep_until(self, moment: datetime) -> bool:
        """Sleep until a moment by the wall clock; gives whether it came, and not a signal."""
        while (left := moment - datetime.now(UTC)) > timedelta(0):
            if self.asked.wait(min(left, NAP).total_seconds()):
                return False
        return not self.asked.is_set()


def watch(what: Watched, every: timedelta, say: Callable[[str], None]) -> None:
    """Crawl again and again until a signal ends it; a run that failed is tried again, ever more seldom.

    Raises :class:`CorpusBusyError` where another watch or another crawl is at work on the corpus.
    """
    failures, retry_at = 0, None
    with watch_lock(what.db), Stop() as stop:
        refuse_other_crawl(what.db)
        while True:
            now = datetime.now(UTC)
            due = retry_at or next_run(last_crawl(what), every, now)
            if due > now:
                say(wait_text(due, now))
            if not stop.sleep_until(due):
                break
            began = datetime.now(UTC)
            code = run_once(what.command, stop)
            failures = 0 if is_done(last_crawl(what), began) else failures + 1
            retry_at = datetime.now(UTC) + retry_after(failures, every) if failures else None
            if failures and not stop.asked.is_set():
                say(f"this run ended with exit code {code} and is tried again")
    say("the watch has ended; the same command goes on with it")


def run_once(crawl: Sequence[str], stop: Stop) -> int:
    """Run one crawl to its end, in a process of its own that ends with this one; gives its exit code."""
    theirs, ours = os.pipe()
    try:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "crawler.commands.cli", *crawl],
            env=os.environ | {LEASH: str(theirs)},
            stdin=subprocess.DEVNULL,
            pass_fds=(theirs,),
            start_new_session=True,  # Ctrl-C is ours to pass on: two signals would cut the crawl short
        )
    finally:
        os.close(theirs)
    with contextlib.closing(os.fdopen(ours, "wb")):
        return wait_for(process, stop)


def wait_for(process: subprocess.Popen[bytes], stop: Stop) -> int:
    """Wait for a crawl; where the watch is to end, stop it in order, and after some seconds in any case."""
    while process.poll() is None:
        if stop.asked.wait(0.2):
            process.send_signal(signal.SIGTERM)
            try:
                return process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
    return process.wait()


def last_crawl(what: Watched) -> LastCrawl | None:
    """Read from the corpus when the sites that are watched were crawled last; ``None`` where they never were."""
    if not what.db.exists():
        return None
    try:
        with contextlib.closing(connect(what.db, read_only=True)) as corpus:
            known = [site_of_host(corpus, host) for host in what.hosts] or list(all_sites(corpus))
            found = None if None in known or not known else last_crawl_of(corpus, {site for site in known if site})
    except sqlite3.Error as error:
        raise CorpusError(explain(error, what.db)) from error
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
        handle = os.open(folder / "watch.lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise CorpusError(explain(error, db)) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CorpusBusyError(f"{db}: another watch is running on this corpus; nothing was started") from None
    else:
        yield
    finally:
        os.close(handle)


def refuse_other_crawl(db: Path) -> None:
    """Raise :class:`CorpusBusyError` where a crawl is running; one that a killed watch left ends in a moment."""
    end = time.monotonic() + GRACE
    while is_held(db):
        if time.monotonic() > end:
            raise CorpusBusyError(f"{db}: another crawl is running on this corpus; start the watch when it has ended")
        time.sleep(0.1)
