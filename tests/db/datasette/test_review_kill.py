"""A server that is killed in the middle of a day's work loses no decision and doubles none."""

from __future__ import annotations

import contextlib
import http.client
import http.cookiejar
import random
import re
import socket
import sqlite3
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING

from tests.support.changed import changed
from tests.support.command import start
from tests.support.desk import PASSWORD, many_pages, team_file

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path

VOTES = 250  # of each reader
MARKS = 60  # of each person who triages


class Server:
    """A server that is killed and started again at the same address."""

    def __init__(self, folder: Path) -> None:
        with contextlib.closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder = folder
        self.address = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[str] | None = None
        self.errors = ""

    def start(self) -> None:
        """Start the server and wait until it listens."""
        team = team_file(self.folder)
        self.process = start("serve", "--db", self.folder / "corpus.db", "--team", team, "--port", self.port)
        assert self.process.stdout
        assert "is open at" in self.process.stdout.readline()

    def kill(self) -> None:
        """Kill it as a power cut would."""
        assert self.process
        self.process.kill()
        self.errors += self.process.communicate(timeout=20)[1]


class Browser:
    """A reader's browser: signs in, decides, sends again what got no answer, as the script of review does."""

    def __init__(self, address: str, name: str, page: str = "/-/review/desk?task=topic&set=all") -> None:
        self.address = address
        handlers = (urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        self.opener = urllib.request.build_opener(*handlers)
        self.name = name
        self.stored: list[str] = []
        self.again = 0
        token = re.search(r'name="csrftoken" value="([^"]*)"', self.ask("/-/login"))
        assert token
        self.ask("/-/login", {"csrftoken": token[1], "username": name, "password": PASSWORD})
        self.page = self.ask(page)

    def ask(self, path: str, fields: dict[str, str] | None = None) -> str:
        """Send a request until there is an answer."""
        data = urllib.parse.urlencode(fields).encode() if fields else None
        while True:
            try:
                request = urllib.request.Request(self.address + path, data, {"X-Review": "1"})
                with self.opener.open(request, timeout=20) as answer:
                    return answer.read().decode()
            except urllib.error.HTTPError as error:
                raise AssertionError(f"{error.code} {error.read()[:300]!r}") from error
            except (OSError, http.client.HTTPException):
                self.again += 1
                time.sleep(0.05)

    def decide(self) -> None:
        """Give a value to what is on the screen."""
        form = re.search(r'class="choices-of">.*?</form>', self.page, re.DOTALL)
        assert form, "a document is on the screen"
        fields = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form[0]))
        self.page = self.ask("/-/review/vote", fields | {"value": "on topic"})
        self.stored.append(fields["decision"])

    def mark(self, number: int) -> None:
        """Mark a change of the list; the page is kept as it is, so a note tells one decision from another."""
        form = re.search(r'<details class="triage-note">.*?</form>', self.page, re.DOTALL)
        assert form, "a change is on the screen"
        fields = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form[0]))
        note = f"{self.name} {number}"
        assert note in self.ask("/-/changes/mark", fields | {"note": note, "status": "relevant"})
        self.stored.append(note)


@contextlib.contextmanager
def killed_now_and_then(
    server: Server, kills: int, workers: list[threading.Thread], readers: list[Browser], wanted: int = 2 * VOTES
) -> Iterator[None]:
    """Kill the server so many times while the workers store what is wanted of them, at any moment of it."""
    lot = random.Random(1)
    server.start()
    try:
        yield
        for kill in range(1, kills + 1):
            while sum(len(one.stored) for one in readers) < wanted * kill / (kills + 2) and any(
                one.is_alive() for one in workers
            ):
                time.sleep(0.02)
            time.sleep(lot.uniform(0, 0.05))
            assert any(worker.is_alive() for worker in workers), "killed in the middle of the work"
            server.kill()
            server.start()
        for worker in workers:
            worker.join(120)
    finally:
        server.kill()


def test_kills_lose_no_vote_and_double_none(tmp_path):
    """Two readers give 500 votes while the server is killed three times: each answered decision is there, once."""
    many_pages(tmp_path / "corpus.db", VOTES + 20)
    server, readers, failed = Server(tmp_path), [], []

    def work(name: str) -> None:
        try:
            browser = Browser(server.address, name)
            readers.append(browser)
            for _ in range(VOTES):
                browser.decide()
        except AssertionError as error:
            failed.append(error)

    workers = [threading.Thread(target=work, args=(name,)) for name in ("anna", "ben")]
    with killed_now_and_then(server, 3, workers, readers):
        for worker in workers:
            worker.start()
    assert failed == []
    assert sum(reader.again for reader in readers) > 0, "requests met a server that was away"
    assert "locked" not in server.errors
    with contextlib.closing(sqlite3.connect(tmp_path / "corpus.review.db")) as db:
        stored = [decision.split(" ")[1] for (decision,) in db.execute("SELECT decision FROM votes")]
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        doubled = db.execute("SELECT count(*) FROM votes GROUP BY coder, unit, code HAVING count(*) > 1").fetchall()
    assert sorted(stored) == sorted(decision for reader in readers for decision in reader.stored)
    assert len(stored) == 2 * VOTES
    assert doubled == []


def test_kills_lose_no_mark_and_double_none(tmp_path):
    """Two people mark the same change while the server is killed twice: each answered mark is there, once."""
    changed(tmp_path / "corpus.db")
    server, people, failed = Server(tmp_path), [], []

    def work(name: str) -> None:
        try:
            browser = Browser(server.address, name, "/-/changes?since=all")
            people.append(browser)
            for number in range(MARKS):
                browser.mark(number)
        except AssertionError as error:
            failed.append(error)

    workers = [threading.Thread(target=work, args=(name,)) for name in ("anna", "ben")]
    with killed_now_and_then(server, 2, workers, people, 2 * MARKS):
        for worker in workers:
            worker.start()
    assert failed == []
    assert sum(person.again for person in people) > 0, "requests met a server that was away"
    assert "locked" not in server.errors
    with contextlib.closing(sqlite3.connect(tmp_path / "corpus.review.db")) as db:
        stored = [note for (note,) in db.execute("SELECT note FROM current_marks WHERE status = 'relevant'")]
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert db.execute("SELECT count(DISTINCT change) FROM triage_marks").fetchone() == (1,)
    assert sorted(stored) == sorted(note for person in people for note in person.stored)
    assert len(stored) == 2 * MARKS
