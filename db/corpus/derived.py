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

__all__ = ["Captured", "captures_to_read", "forget_unused_texts", "has_captures_to_read", "store_reading"]

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
    SELECT id, region_hashes, words FROM captured_versions JOIN readings ON readings.version = captured_versions.id
    WHERE page = ? AND first_seen < ? ORDER BY first_seen DESC, id DESC LIMIT 1
"""
# an answer that is the same as the one before it may prove to be another when one between them can be read
SETTLED = """
    DELETE FROM unread_captures WHERE capture = ? AND NOT EXISTS (
        SELECT 1 FROM unread_captures AS other JOIN captures ON captures.id = other.capture
        WHERE captures.page = ? AND captures.fetched_at < ?)
"""
# the last visit that found a version as it was: before the next version, and before the next answer that is not read
CONFIRM = """
    UPDATE captured_versions SET last_confirmed = max(last_confirmed, coalesce((
        SELECT max(captured_visits.at) FROM captured_visits
        WHERE captured_visits.page = captured_versions.page AND captured_visits.outcome IN ('unchanged', 'not modified')
            AND captured_visits.at > captured_versions.first_seen AND captured_visits.at < coalesce((
                SELECT min(at) FROM (
                    SELECT first_seen AS at FROM captured_versions AS next WHERE next.page = captured_versions.page
                    UNION ALL SELECT fetched_at FROM unread_captures JOIN captures ON captures.id = capture
                    WHERE captures.page = captured_versions.page)
                WHERE at > captured_versions.first_seen), 'z')), ''))
    WHERE id = ?
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


def has_captures_to_read(db: sqlite3.Connection, reader: str) -> bool:
    """Tell whether another extractor than ``reader`` read any version, or the text of a capture was taken back."""
    sql = "SELECT 1 FROM readings WHERE extractor != ? UNION ALL SELECT 1 FROM unread_captures LIMIT 1"
    return db.execute(sql, (reader,)).fetchone() is not None


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
        db.execute(SETTLED, (one.id, one.page, one.at))
        return Counter(unreadable=1 if one.version else 0)
    if one.version:
        return Counter(read=1, changed=int(_replace(db, one.version, extractor, reading)))
    before = db.execute(LATEST_AT, (one.page, one.at)).fetchone()
    if before and (not changed_regions(before[1], region_hashes_of(reading)) or is_collapsed(before[2], reading.words)):
        db.execute(SETTLED, (one.id, one.page, one.at))
        db.execute(CONFIRM, (before[0],))
        return Counter()
    version = insert_version(db, extractor, one.page, one.id, one.at, reading)
    db.execute("DELETE FROM unread_captures WHERE capture = ?", (one.id,))
    db.execute(CONFIRM, (version,))
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
    """Remove the texts that no reading, no content and no region has any more; gives how many."""
    return db.execute(
        "DELETE FROM texts WHERE sha256 NOT IN (SELECT text_sha256 FROM readings)"
        " AND sha256 NOT IN (SELECT content_sha256 FROM contents)"
        " AND sha256 NOT IN (SELECT text_sha256 FROM version_regions)"
    ).rowcount
