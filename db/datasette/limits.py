"""What one question to the served corpus may take: SQL is open to every visitor, and SQLite lets one take gigabytes.

a connection of Datasette | SQLite's own limits, functions that refuse endless work, a bound on what an answer holds

A query is ended between two steps of SQLite's machine, never within one. So its time is looked at every few steps, no
value is large, and the functions whose single call takes the product of the sizes of its arguments refuse such calls.
"""

from __future__ import annotations

import gc
import re
import resource
import sqlite3
import threading
import time
import weakref
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datasette import database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["ANSWER", "LONGEST", "limit_connection", "limit_process", "limit_steps"]

# No body of more than 10 MB is read (pipelines.reading.read.MAX_BODY), and a text is the part of it that is seen, in
# UTF-8
LONGEST = 12_000_000  # bytes of a value, and of a row
ANSWER = 32_000_000  # bytes of all values of an answer, as JSON; 500 rows of `corpus` with their texts are 5 MB
HEAP = 64_000_000  # bytes that SQLite may hold in this process, with its caches
GROWTH = 512_000_000  # bytes by which the process may grow: the backstop behind all others
STEPS = 20  # of SQLite's machine between two looks at the clock: a tenth of a query's time at worst
LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: LONGEST,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 200_000,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 200,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 100,
    sqlite3.SQLITE_LIMIT_COLUMN: 200,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 100,  # each sign of it may be tried at each place of a text
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
LEFT_OVER = threading.Event()
TOO_LONG = bytes(LONGEST + 1)  # what a function gives to be told "string or blob too big"
HIGH = bytes(range(128, 256))  # of letters beyond ASCII
WIDTH = re.compile(r"%[-+ ,#!0]*(\d*)(?:\.(\d*))?")  # and precision, of a part of a format


def limit_process() -> None:
    """Bound the memory of SQLite in this process, and by how much the process may grow; for a server of its own."""
    connection = sqlite3.connect(":memory:")
    connection.execute(f"PRAGMA hard_heap_limit = {HEAP}")
    connection.close()
    status = Path("/proc/self/status")
    if status.exists():  # elsewhere the other bounds have to do
        used = next(int(line.split()[1]) * 1024 for line in status.read_text().splitlines() if line[:7] == "VmData:")
        resource.setrlimit(resource.RLIMIT_DATA, (used + GROWTH, resource.getrlimit(resource.RLIMIT_DATA)[1]))


def limit_steps() -> None:
    """Have Datasette look at the clock every few steps of a query: in 1,000 of them, hours of work have room."""
    database.sqlite_timelimit = time_limit


@contextmanager
def time_limit(connection: sqlite3.Connection, milliseconds: float) -> Iterator[None]:
    """End the queries of a connection some time from now, as ``datasette.utils.sqlite_timelimit`` does."""
    # A refused query lives on in its error's traceback, which Datasette ties into a circle, and holds what it took
    if LEFT_OVER.is_set():
        LEFT_OVER.clear()
        gc.collect()
    deadline = time.perf_counter() + milliseconds / 1000
    connection.set_progress_handler(lambda: time.perf_counter() >= deadline, STEPS)
    try:
        yield
    except (sqlite3.Error, MemoryError):
        LEFT_OVER.set()
        raise
    finally:
        connection.set_progress_handler(None, STEPS)


def limit_connection(connection: sqlite3.Connection) -> None:
    """Set the limits of a connection that strangers' SQL runs on."""
    answer = _Answer()
    connection.text_factory = answer.text
    connection.row_factory = answer.row
    bare = sqlite3.connect(":memory:", check_same_thread=False)  # has the functions as SQLite makes them
    bare.text_factory = answer.decoded
    for kind, most in LIMITS.items():
        connection.setlimit(kind, most)
        bare.setlimit(kind, most)
    for name, is_endless in ENDLESS.items():
        connection.create_function(name, -1, _guarded(bare, name, is_endless), deterministic=True)


class _Answer:
    """Count what the rows of one cursor hold, and end it where that is too much."""

    def __init__(self) -> None:
        self.cursor: weakref.ref[sqlite3.Cursor] | None = None
        self.size = self.row_size = 0

    @staticmethod
    def decoded(value: bytes) -> str:
        return str(value, "utf-8", "replace")

    def text(self, value: bytes) -> str:
        self.row_size += _written_size(value)
        self._check(self.row_size)  # one row of many columns may be too much by itself
        return self.decoded(value)

    def row(self, cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> sqlite3.Row:
        if self.cursor is None or self.cursor() is not cursor:
            self.cursor, self.size = weakref.ref(cursor), 0
        self.size += self.row_size + sum(len(value) for value in values if isinstance(value, bytes))
        self.row_size = 0
        self._check(self.size)
        return sqlite3.Row(cursor, values)

    def _check(self, size: int) -> None:
        if size > ANSWER:
            self.size = self.row_size = 0
            said = f"the answer holds more than {ANSWER // 1_000_000} MB: ask for fewer rows or columns"
            raise sqlite3.OperationalError(said)


def _written_size(value: bytes) -> int:
    """Give about the bytes that a text takes as JSON, where a control character is six and another letter up to six."""
    if len(value) < 10_000:
        return len(value)
    controls = len(value) - len(value.translate(None, bytes(range(32))))
    return len(value) + 5 * controls + 2 * (len(value) - len(value.translate(None, HIGH)))


def _guarded(bare: sqlite3.Connection, name: str, is_endless: Callable[[Sequence[Any]], bool]) -> Callable[..., Any]:
    """Make a function that calls SQLite's own of this name, but for calls that would not end."""

    def call(*values: Any) -> Any:
        if is_endless(values):
            return TOO_LONG
        try:
            return bare.execute(f"SELECT {name}({', '.join('?' * len(values))})", values).fetchone()[0]
        except sqlite3.DataError:
            return TOO_LONG

    return call


def _product_above(most: float) -> Callable[[Sequence[Any]], bool]:
    def is_endless(values: Sequence[Any]) -> bool:
        sizes = [len(value) for value in values[:2] if isinstance(value, str | bytes)]
        return len(sizes) == 2 and sizes[0] * sizes[1] > most

    return is_endless


def _is_wide(values: Sequence[Any]) -> bool:
    """Tell a format that asks for more signs than a value may have: SQLite counts up to them before it refuses."""
    written = str(values[0]) if values else ""
    widths = [width for part in WIDTH.findall(written) for width in part if width]
    if "*" in written:  # a width or precision is one of the values
        widths += [width for value in values[1:] for width in re.findall(r"\d+", str(value)[:100])]
    return any(int(width[:20]) > LONGEST for width in widths)


# products of sizes that take about 20 ms
ENDLESS = {
    "instr": _product_above(1e9),
    "replace": _product_above(1e9),
    "json_patch": _product_above(1e9),
    **dict.fromkeys(("trim", "ltrim", "rtrim"), _product_above(2e7)),
    **dict.fromkeys(("printf", "format"), _is_wide),
}
