"""An index file beside a corpus: a help and no evidence, made again wherever it is lost, damaged or of other rules."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


CACHE = 16_384  # KiB, as for the corpus itself: a larger one is filled by large sites, and what it saves is small


def open_index_file(path: Path | None, tables: str, rules: str) -> sqlite3.Connection:
    """Open an index; one that other rules made, or that cannot be read, is thrown away. ``None`` is in memory.

    ``tables`` is the SQL that lays it, with a table ``meta`` that has one column for the rules.
    """
    try:
        return _open(path, tables, rules)
    except sqlite3.DatabaseError:
        if path is None or not path.exists():
            raise
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        return _open(path, tables, rules)


def _open(path: Path | None, tables: str, rules: str) -> sqlite3.Connection:
    index = sqlite3.connect(path or ":memory:", isolation_level=None, timeout=30)
    try:
        index.execute("PRAGMA journal_mode = wal")
        index.execute("PRAGMA synchronous = normal")
        index.execute(f"PRAGMA cache_size = -{CACHE}")
        if not index.execute("SELECT 1 FROM sqlite_master").fetchone():
            index.executescript(f"BEGIN; {tables}; COMMIT")
            index.execute("INSERT INTO meta VALUES (?)", (rules,))
        if index.execute("SELECT rules FROM meta").fetchone() != (rules,):
            raise sqlite3.DatabaseError("made by other rules")  # noqa: TRY301 - the same way as a damaged one
    except sqlite3.DatabaseError:
        index.close()
        raise
    return index
