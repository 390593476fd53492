"""The one driver of all passes: finds what is stale, works it out, writes what differs.

    units with keys | those whose key differs | load | work (here or in worker processes) | write | remember the key

A pass is data (:class:`Pass`). A unit is what can be worked out on its own: a text, a version, a site in a crawl, or
the whole corpus. Its key stands for everything that it is worked out from, the rules among it. Where the stored key is
the same there is nothing to do, so a full run, an incremental one and one that was cut off end with the same rows.
"""

from __future__ import annotations

import hashlib
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, NamedTuple

from db.corpus.connection import atomic
from pipelines.text.encode import dump

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from db.passes.rules import Rules

__all__ = ["ALWAYS", "CORPUS", "Pass", "Unit", "digest", "digest_rows", "run_pass"]

CORPUS = "corpus"  # the unit of a pass that looks at all pages at once
ALWAYS = ""  # the key of a unit that costs no more to work out than to find stale
WORTH_PROCESSES = 400  # stale units; starting worker processes takes as long as some hundred of them


class Unit(NamedTuple):
    """What a pass works out on its own, and the key of everything that it is worked out from.

    ``data`` is what was found out for the key already and ``load`` needs again.
    """

    id: str
    key: str
    data: Any = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Pass:
    """A pass over the corpus.

    ``units`` names all units of the corpus in the order in which they are worked out. ``load`` reads what one needs as
    plain values that can be pickled; ``work`` is a pure function of them and of the rules; ``write`` brings the rows
    of ``tables`` that belong to the unit up to date and gives how many changed; ``forget`` removes the rows of a unit
    that is no more, ``committed`` is called with what was written when the transaction has ended well. Units of an
    ``independent`` pass need no rows of each other: they may be worked out in any order and in other processes. All
    others are loaded when those before them are written. A pass that does not ``apply`` by the rules leaves its tables
    as they are. ``version`` counts up with each change of the code that changes what comes out (a test with golden
    digests holds that). ``schema`` has ``CREATE TABLE IF NOT EXISTS`` of tables that no migration makes: what can be
    worked out anew may be made anew, too.
    """

    name: str
    version: int
    tables: tuple[str, ...]
    units: Callable[[sqlite3.Connection, Rules], Iterable[Unit]]
    load: Callable[[sqlite3.Connection, Rules, Unit], Any]
    work: Callable[[Rules, Any], Any]
    write: Callable[[sqlite3.Connection, Unit, Any], int]
    forget: Callable[[sqlite3.Connection, str], int] = lambda _db, _unit: 0
    committed: Callable[[Any], None] = lambda _result: None
    schema: str = ""
    rules: Callable[[Rules], str] = lambda _rules: ""
    applies: Callable[[Rules], bool] = lambda _rules: True
    independent: bool = False
    chunk: int = 200  # units a transaction: a pass that is cut off goes on where it was


def digest(*values: object) -> str:
    """Hash values into a key: 16 hexadecimal digits of SHA-256 of their JSON."""
    return hashlib.sha256(dump(values).encode()).hexdigest()[:16]


def digest_rows(rows: Iterable[Sequence[object]]) -> str:
    """Hash the rows of a query into a key, one after the other: as many as the corpus has pages are never held."""
    hashed = hashlib.sha256()
    for row in rows:
        hashed.update(dump(row).encode() + b"\n")
    return hashed.hexdigest()[:16]


def run_pass(db: sqlite3.Connection, one: Pass, rules: Rules, workers: int = 1) -> int:
    """Bring the tables of a pass up to date; gives how many rows changed.

    ``workers`` processes at most share the work of an independent pass; with 1 everything happens in this process.
    """
    if not one.applies(rules):
        return 0
    known = dict(db.execute("SELECT unit, key FROM pass_units WHERE pass = ?", (one.name,)))
    by = digest(one.version, one.rules(rules))
    for statement in filter(str.strip, one.schema.split(";")):
        db.execute(statement)
    stale: list[Unit] = []
    for unit in one.units(db, rules):
        key = unit.key and digest(by, unit.key)
        if not key or known.get(unit.id) != key:
            stale.append(unit._replace(key=key))
        known.pop(unit.id, None)
    changed = _forget(db, one, sorted(known))
    processes = workers if one.independent and len(stale) >= WORTH_PROCESSES else 1
    for chunk, results in _worked_out(db, one, rules, stale, processes):
        with atomic(db):
            for unit, result in zip(chunk, results, strict=True):
                changed += one.write(db, unit, result)
            _remember(db, one, chunk)
        for result in results:
            one.committed(result)
    return changed


def _forget(db: sqlite3.Connection, one: Pass, units: Sequence[str]) -> int:
    if not units:
        return 0
    with atomic(db):
        changed = sum(one.forget(db, unit) for unit in units)
        db.executemany("DELETE FROM pass_units WHERE pass = ? AND unit = ?", [(one.name, unit) for unit in units])
    return changed


def _remember(db: sqlite3.Connection, one: Pass, units: Iterable[Unit]) -> None:
    rows = [(one.name, unit.id, unit.key) for unit in units if unit.key]
    db.executemany("INSERT OR REPLACE INTO pass_units (pass, unit, key) VALUES (?, ?, ?)", rows)


def _worked_out(
    db: sqlite3.Connection, one: Pass, rules: Rules, stale: Sequence[Unit], processes: int
) -> Iterator[tuple[Sequence[Unit], list[Any]]]:
    """Give chunks of units with what was worked out, in their order."""
    size = one.chunk if one.independent else 1
    chunks = (stale[start : start + size] for start in range(0, len(stale), size))
    if processes == 1:
        for chunk in chunks:
            yield chunk, work_chunk(one.work, rules, [one.load(db, rules, unit) for unit in chunk])
        return
    # spawned, not forked: the crawl that calls has threads, and a fork copies their locks as they stand
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        pending: deque[tuple[Sequence[Unit], Any]] = deque()
        while True:
            for chunk in islice(chunks, 2 * processes - len(pending)):  # bounded: texts wait in memory
                loaded = [one.load(db, rules, unit) for unit in chunk]
                pending.append((chunk, pool.submit(work_chunk, one.work, rules, loaded)))
            if not pending:
                return
            chunk, future = pending.popleft()
            yield chunk, future.result()


def work_chunk(work: Callable[[Rules, Any], Any], rules: Rules, loaded: Iterable[Any]) -> list[Any]:
    """Work out several units in one go; what a worker process or a distributed engine is handed."""
    return [work(rules, each) for each in loaded]
