"""Derived rows: readings of captures, made again from their bytes."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from db.corpus.store_visits import derived_columns, index_version, insert_version
from pipelines.changes.region_hashes import changed_regions, is_collapsed, region_hashes_of
from pipelines.text.encode import sanitise, sha256

if TYPE_CHECKING:
    import sqlite3

    from pipelines.model.records import Reading

__all__ = ["Captured", "captures_to_read", "forget_unused_texts", "is_read_by_another", "store_reading"]

CAPTURED = """
    SELECT captures.id, captures.page, captures.warc_file, captures.warc_offset, captures.warc_length,
        captures.fetched_at, captured_versions.id AS version
    FROM captures JOIN pages ON pages.id = captures.page
    LEFT JOIN captured_versions ON captured_versions.capture = captures.id
"""
# answers that were read as a page: with the text of a version, or with the text that the page had before
ALL = f"""
    {CAPTURED} WHERE captures.id > :after AND captures.status = 200 AND pages.kind = 'page'
        AND (captured_versions.id IS NOT NULL OR (captures.outcome IN ('new', 'changed', 'unchanged')
            AND captures.body_sha256 IS NOT (SELECT before.body_sha256 FROM captures AS before
                WHERE before.page = captures.page AND before.fetched_at < captures.fetched_at
                ORDER BY before.fetched_at DESC LIMIT 1)))
    ORDER BY captures.id LIMIT :limit
"""
STALE = f"""
    {CAPTURED} LEFT JOIN readings ON readings.version = captured_versions.id
    WHERE captures.id > :after AND (readings.extractor != :reader
        OR captures.id IN (SELECT capture FROM unread_captures))
    ORDER BY captures.id LIMIT :limit
"""
LATEST_AT = """
    SELECT region_hashes, words FROM captured_versions JOIN readings ON readings.version = captured_versions.id
    WHERE page = ? AND first_seen < ? ORDER BY first_seen DESC, id DESC LIMIT 1
"""
LATEST = "SELECT id FROM captured_versions WHERE page = ? ORDER BY first_seen DESC, id DESC LIMIT 1"


class Captured(NamedTuple):
    """A capture, where its bytes lie, when it was made, and the version that it showed first, if it did."""

    id: int
    page: int
    file: str
    offset: int
    length: int
    at: str
    version: int | None


def is_read_by_another(db: sqlite3.Connection, reader: str) -> bool:
    """Tell whether any version was read by another extractor than ``reader``."""
    return db.execute("SELECT 1 FROM readings WHERE extractor != ? LIMIT 1", (reader,)).fetchone() is not None


def captures_to_read(db: sqlite3.Connection, reader: str | None, *, after: int, limit: int) -> list[Captured]:
    """Name captures, by id, that another extractor than ``reader`` read, or whose text was taken back; or all."""
    values = {"after": after, "limit": limit, "reader": reader}
    return [Captured(*row) for row in db.execute(STALE if reader else ALL, values)]


def store_reading(db: sqlite3.Connection, one: Captured, extractor: str, reading: Reading | None) -> Counter[str]:
    """Store what a capture reads as today; counts ``read``, ``changed``, ``restored`` and ``unreadable``.

    The caller holds the transaction. Nothing captured is changed: a text that differs from the one before it becomes
    a version, unless hardly a word is left of it.
    """
    if reading is None or not reading.text:
        return Counter(unreadable=1 if one.version else 0)
    db.execute("DELETE FROM unread_captures WHERE capture = ?", (one.id,))
    if one.version:
        return Counter(read=1, changed=int(_replace(db, one.version, extractor, reading)))
    before = db.execute(LATEST_AT, (one.page, one.at)).fetchone()
    if before and (not changed_regions(before[0], region_hashes_of(reading)) or is_collapsed(before[1], reading.words)):
        return Counter()
    insert_version(db, extractor, one.page, one.id, one.at, reading)
    latest = db.execute(LATEST, (one.page,)).fetchone()[0]
    db.execute("UPDATE pages SET latest = ? WHERE id = ?", (latest, one.page))
    return Counter(read=1, restored=1)


def _replace(db: sqlite3.Connection, version: int, extractor: str, reading: Reading) -> bool:
    """Put a new reading of the same bytes in the place of the old one; tells whether the text differs."""
    index_version(db, version, delete=True)
    text = sanitise(reading.text) or ""
    digest = sha256(text)
    before = db.execute("SELECT text_sha256 FROM readings WHERE version = ?", (version,)).fetchone()[0]
    db.execute("INSERT OR IGNORE INTO texts (sha256, text, words) VALUES (?, ?, ?)", (digest, text, reading.words))
    row = derived_columns(extractor, reading, digest, text)
    assignments = ", ".join(f"{column} = :{column}" for column in row)
    db.execute(f"UPDATE readings SET {assignments} WHERE version = :version", row | {"version": version})
    index_version(db, version)
    return bool(before != digest)


def forget_unused_texts(db: sqlite3.Connection) -> int:
    """Remove the texts that no reading and no content has any more; gives how many."""
    return db.execute(
        "DELETE FROM texts WHERE sha256 NOT IN (SELECT text_sha256 FROM readings)"
        " AND sha256 NOT IN (SELECT content_sha256 FROM contents)"
    ).rowcount
