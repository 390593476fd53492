"""A watch as a process: it goes on after a kill, is refused beside another, ends in order, survives a failed run."""

from __future__ import annotations

import contextlib
import signal
import socket
import sqlite3
import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING

from db.corpus.connection import is_held
from tests.support.command import clinicwatch, crawl, seeds_file, start
from tests.support.kills import judge, wait_for_requests
from tests.support.web import linked_site, serving

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator
    from pathlib import Path

FAST = ("-s", "DOWNLOAD_DELAY=0", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8")
SLOW = ("-s", "DOWNLOAD_DELAY=0.2")


def start_watch(folder: Path, web, every: str, *more: object) -> subprocess.Popen[str]:
    """Start a watch of the test site."""
    seeds = seeds_file(folder, "http://big.example/")
    return start("watch", "--every", every, "--seeds", seeds, "--db", folder / "c.db", *more, proxy=web.proxy)


def end(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """End a watch as a service manager does; gives its exit code and what it printed."""
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=30)
    return process.returncode, out, err


def until(true: Callable[[], object], process: subprocess.Popen[str]) -> None:
    """Wait until something is true while the process lives."""
    while not true():
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)


def crawls(folder: Path) -> list[tuple[str, bool]]:
    """Give the status of each crawl, and whether it has ended."""
    if not (folder / "c.db").exists():
        return []
    with closing(sqlite3.connect(folder / "c.db")) as db, contextlib.suppress(sqlite3.OperationalError):
        return db.execute("SELECT status, ended_at IS NOT NULL FROM crawls ORDER BY id").fetchall()
    return []


def finished(folder: Path) -> int:
    """Count the crawls that came to their end."""
    return sum(status == "finished" for status, _ in crawls(folder))


@contextlib.contextmanager
def silent_web() -> Iterator[str]:
    """Accept every connection and answer none; gives the address."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken: list[socket.socket] = []

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    taken.append(server.accept()[0])

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)


def test_a_watch_crawls_again_and_ends_in_order(tmp_path):
    """Two crawls ten seconds apart, each with its summary; SIGTERM in the pause ends it with exit code 0."""
    with serving(linked_site(5)) as web:
        watch = start_watch(tmp_path, web, "10s", *FAST)  # a crawl takes some seconds on a busy machine
        until(lambda: finished(tmp_path) >= 2, watch)
        code, out, err = end(watch)
    assert code == 0
    assert out.count("summary: ") == finished(tmp_path)
    assert "next crawl at" in err
    assert "the same command goes on with it" in err


def test_a_watch_that_was_killed_goes_on(tmp_path):
    """SIGKILL amid a crawl: the crawl ends with its watch, the next watch takes it up; no page is lost or doubled."""
    with serving(linked_site(60)) as web:
        first = start_watch(tmp_path, web, "1h", *SLOW)
        wait_for_requests(web, first, 20)
        first.kill()
        first.communicate()
        second = start_watch(tmp_path, web, "1h", *FAST)
        until(lambda: finished(tmp_path), second)
        code, out, _ = end(second)
        requested = sum(web.hits.values())
        third = start_watch(tmp_path, web, "1h", *FAST)
        assert third.stderr
        output = third.stderr.readline()
        end(third)
    assert code == 0
    assert "went on with one that was cut off" in out
    assert crawls(tmp_path) == [("finished", 1)]
    assert judge(tmp_path / "c.db", 60) == (0, 0)
    assert "next crawl at" in output, "the time of the next crawl is the corpus', not the process'"
    assert sum(web.hits.values()) == requested


def test_two_at_once_are_refused(tmp_path):
    """Beside a sleeping watch a second one exits 3, and a crawl may run; beside a running crawl a watch exits 3."""
    with serving(linked_site(40)) as web:
        first = start_watch(tmp_path, web, "1h", *FAST)
        until(lambda: finished(tmp_path), first)
        second = start_watch(tmp_path, web, "1h", *FAST)
        _, err = second.communicate(timeout=30)
        done = crawl(tmp_path / "c.db", tmp_path / "seeds.csv", web.proxy)
        end(first)
        running = start("crawl", "--all", "--db", tmp_path / "c.db", *SLOW, proxy=web.proxy)
        until(lambda: is_held(tmp_path / "c.db"), running)
        third = start_watch(tmp_path, web, "1h", *FAST)
        _, other = third.communicate(timeout=30)
        end(running)
    assert (second.returncode, third.returncode, done.returncode) == (3, 3, 0)
    assert "another watch is running" in err
    assert "another crawl is running" in other


def test_a_stop_amid_a_crawl_ends_it(tmp_path):
    """SIGTERM while a site does not answer ends the watch; the crawl stays open for the next one."""
    with silent_web() as address:
        watch = start("watch", "--seeds", seeds_file(tmp_path, "http://big.example/"), "--db", tmp_path / "c.db",
                      proxy=address)  # fmt: skip
        until(lambda: crawls(tmp_path), watch)
        code, _, err = end(watch)
    assert code == 0
    assert crawls(tmp_path)[0][1] == 0
    assert "the same command goes on with it" in err
    assert not is_held(tmp_path / "c.db")


def test_a_watch_survives_a_run_that_fails(tmp_path):
    """A seeds file that breaks between two crawls is reported, and the watch goes on trying."""
    with serving(linked_site(5)) as web:
        watch = start_watch(tmp_path, web, "2s", *FAST)
        until(lambda: finished(tmp_path), watch)
        (tmp_path / "seeds.csv").unlink()
        assert watch.stderr
        output = ""
        while "is tried again" not in output:
            output = watch.stderr.readline()
        assert watch.poll() is None
        seeds_file(tmp_path, "http://big.example/")
        before = finished(tmp_path)
        until(lambda: finished(tmp_path) > before, watch)
        assert end(watch)[0] == 0
    assert "exit code 2" in output


def test_a_watch_says_at_once_what_is_missing(tmp_path):
    """A broken seeds file, and a time that is none, end it before it starts."""
    seeds = tmp_path / "seeds.csv"
    seeds.write_text("name\nx\n")
    broken = clinicwatch("watch", "--seeds", seeds, "--db", tmp_path / "c.db")
    assert (broken.returncode, broken.stderr.count("\n")) == (2, 1)
    timeless = clinicwatch("watch", "--every", "often", "--db", tmp_path / "c.db")
    assert timeless.returncode == 2
    assert "such as 12h, 1d or 1w" in timeless.stderr
