"""Skip a pass that has nothing to do: what it was worked out from, its rules and its code are what they were.

Most crawls of a watched web find nothing new, and then comparing every page with every other is most of their cost.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from db.corpus.connection import atomic
from pipelines.text.encode import dump

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from db.passes.rules import Rules

    Pass = Callable[[sqlite3.Connection, Rules], int]


def unless_same(name: str, inputs: Sequence[str], run: Pass) -> Pass:
    """Give a pass that runs only where the rows of the queries ``inputs`` differ from those of its last end.

    The queries name the rows that the pass reads, and count those that it writes, so that rows that were taken away
    are made again. A pass that was cut off has not ended, and runs again.
    """

    def guarded(db: sqlite3.Connection, rules: Rules) -> int:
        key = _key(db, inputs, rules)
        known = db.execute("SELECT key FROM pass_keys WHERE pass = ?", (name,)).fetchone()
        if known and known[0] == key:
            return 0
        changed = run(db, rules)
        with atomic(db):
            row = (name, _key(db, inputs, rules))
            db.execute("INSERT OR REPLACE INTO pass_keys (pass, key) VALUES (?, ?)", row)
        return changed

    return guarded


def _key(db: sqlite3.Connection, inputs: Sequence[str], rules: Rules) -> str:
    told = hashlib.sha256(f"{code_key()}{rules!r}".encode())
    for query in inputs:
        for row in db.execute(query):
            told.update(dump(row).encode())
    return told.hexdigest()


@cache
def code_key() -> str:
    """Hash the source of the passes and all that they call: another release works everything out anew."""
    sources = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in sources)).hexdigest()
