"""What is derived from bytes and may be derived again: the texts and facts of versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from db.corpus.store_visits import derived_columns, index_version
from pipelines.text.encode import sanitise, sha256

if TYPE_CHECKING:
    import sqlite3

    from pipelines.model.records import Reading


@dataclass(frozen=True, slots=True)
class Stale:
    """A version and where the bytes lie that it was read from."""

    id: int
    file: str
    offset: int
    length: int
    at: str = ""


def stale_versions(db: sqlite3.Connection, reader: str | None, *, after: int, limit: int) -> list[Stale]:
    """Name versions that another extractor than ``reader`` read (all where it is ``None``), by id."""
    return [
        Stale(*row)
        for row in db.execute(
            "SELECT versions.id, warc_file, warc_offset, warc_length, fetched_at FROM versions"
            " JOIN captures ON captures.id = versions.capture"
            " WHERE versions.id > ? AND extractor IS NOT ? ORDER BY versions.id LIMIT ?",
            (after, reader, limit),
        )
    ]


def replace_derived(db: sqlite3.Connection, version: int, extractor: str, reading: Reading) -> bool:
    """Put a new reading of the same bytes in the place of the old one; tells whether the text differs."""
    index_version(db, version, delete=True)
    text = sanitise(reading.text) or ""
    digest = sha256(text)
    before = db.execute("SELECT text_sha256 FROM versions WHERE id = ?", (version,)).fetchone()[0]
    db.execute("INSERT OR IGNORE INTO texts (sha256, text, words) VALUES (?, ?, ?)", (digest, text, reading.words))
    row = derived_columns(extractor, reading, digest, text) | {"topic": None, "own_sha256": None, "held": None}
    assignments = ", ".join(f"{column} = :{column}" for column in row)
    db.execute(f"UPDATE versions SET {assignments} WHERE id = :id", row | {"id": version})
    db.execute(  # the frame pass has to take this text's frame out again
        "UPDATE sites SET frame_key = NULL WHERE id = (SELECT pages.site FROM pages JOIN versions ON versions.page ="
        " pages.id WHERE versions.id = ?)",
        (version,),
    )
    db.execute("DELETE FROM pass_keys WHERE pass = 'changes'")  # what was told of changes is worked out again
    index_version(db, version)
    return bool(before != digest)


def drop_versions_that_repeat(db: sqlite3.Connection) -> int:
    """Merge each version that tells what the one before it on its page tells; gives how many went.

    The earlier one stays, and is confirmed as lately as the later one was.
    """
    repeats = db.execute(
        "SELECT id, before FROM (SELECT id, page,"
        " lag(id) OVER pages AS before, lag(told) OVER pages AS told_before, told"
        " FROM versions WINDOW pages AS (PARTITION BY page ORDER BY id))"
        " WHERE told_before = told"
        " ORDER BY id DESC"
    ).fetchall()
    for version, before in repeats:
        merge_version(db, version, before)
    db.execute(
        "DELETE FROM texts WHERE NOT EXISTS (SELECT 1 FROM versions WHERE text_sha256 = sha256)"
        " AND NOT EXISTS (SELECT 1 FROM versions WHERE own_sha256 = sha256)"
    )
    return len(repeats)


def merge_version(db: sqlite3.Connection, version: int, before: int, *, confirm: bool = True) -> None:
    """Take a version back that was no change: the one before it on its page stays, confirmed as lately.

    Without ``confirm`` it stays as it was: what was taken back does not tell the same.
    """
    index_version(db, version, delete=True)
    if confirm:
        db.execute(
            "UPDATE versions SET last_confirmed = max(last_confirmed,"
            " (SELECT later.last_confirmed FROM versions AS later WHERE later.id = ?)) WHERE id = ?",
            (version, before),
        )
    db.execute("DELETE FROM changes WHERE after = ?", (version,))
    for table, column in (("changes", "before"), ("pages", "version"), ("documents", "version")):
        db.execute(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (before, version))
    db.execute("DELETE FROM versions WHERE id = ?", (version,))


def drop_version(db: sqlite3.Connection, version: int) -> None:
    """Take back the first version of a page, which has none then: what it was read from stays as a capture."""
    index_version(db, version, delete=True)
    db.execute("DELETE FROM changes WHERE after = ? OR before = ?", (version, version))
    db.execute("DELETE FROM documents WHERE version = ?", (version,))
    db.execute("UPDATE pages SET version = NULL WHERE version = ?", (version,))
    db.execute("DELETE FROM versions WHERE id = ?", (version,))
