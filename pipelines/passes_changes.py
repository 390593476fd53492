"""The pass ``changes``: what happened to each page at each crawl, as rows that the change desk shows.

A row is worked out from the versions and visits up to its crawl and from nothing later, so that a full re-run gives the
same rows; rows that are right already are not touched, and keep their ids.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from db.records import ChangeKind
from db.store import atomic, dump
from pipelines.diff import diff_texts

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping

__all__ = ["find_changes"]

Row = dict[str, Any]
PLACES = ("text", "title", "description", "headings", "other_text", "structured", "alternatives", "frame")
EDITS = """
    SELECT versions.id AS after, before.id AS before, versions.page, captures.crawl, versions.first_seen AS at,
        versions.capture
    FROM (SELECT id, lag(id) OVER (PARTITION BY page ORDER BY id) AS earlier FROM versions) AS pair
    JOIN versions ON versions.id = pair.id
    JOIN versions AS before ON before.id = pair.earlier
    JOIN captures ON captures.id = versions.capture
    ORDER BY captures.crawl, versions.page, versions.id
"""
TOLD = """
    SELECT texts.text, coalesce(title, '') AS title, coalesce(description, '') AS description, headings, other_text,
        structured, alternatives, frame
    FROM versions JOIN texts ON texts.sha256 = coalesce(own_sha256, text_sha256) WHERE versions.id = ?
"""


def find_changes(db: sqlite3.Connection) -> int:
    """Bring ``changes`` up to date; gives how many rows were added, changed or removed."""
    rows = {(row["page"], row["crawl"], row["kind"]): row for row in _edits(db)}
    with atomic(db):
        return _store(db, rows)


def _edits(db: sqlite3.Connection) -> Iterator[Row]:
    names = ("after", "before", "page", "crawl", "at", "capture")
    for found in db.execute(EDITS).fetchall():
        row = dict(zip(names, found, strict=True))
        before, after = _told(db, row["before"]), _told(db, row["after"])
        diffs = {place: diff_texts(before[place], after[place]) for place in PLACES if before[place] != after[place]}
        if diffs:
            key = dump([[place, diff.removed, diff.added] for place, diff in diffs.items()])
            yield row | {
                "kind": ChangeKind.EDITED,
                "places": dump(list(diffs)),
                "words_added": sum(diff.words_added for diff in diffs.values()),
                "words_removed": sum(diff.words_removed for diff in diffs.values()),
                "edit": hashlib.sha256(key.encode()).hexdigest()[:16],
            }


def _told(db: sqlite3.Connection, version: int) -> dict[str, str]:
    return dict(zip(PLACES, db.execute(TOLD, (version,)).fetchone(), strict=True))


def _store(db: sqlite3.Connection, rows: Mapping[tuple[int, int, str], Row]) -> int:
    before = db.total_changes
    stored = db.execute("SELECT page, crawl, kind FROM changes").fetchall()
    gone = [key for key in stored if key not in rows]
    db.executemany("DELETE FROM changes WHERE page = ? AND crawl = ? AND kind = ?", gone)
    for row in rows.values():
        columns = ", ".join(row)
        marks = ", ".join(f":{column}" for column in row)
        updates = ", ".join(f"{column} = excluded.{column}" for column in row)
        differs = " OR ".join(f"changes.{column} IS NOT excluded.{column}" for column in row)
        db.execute(
            f"INSERT INTO changes ({columns}) VALUES ({marks}) ON CONFLICT (page, crawl, kind)"
            f" DO UPDATE SET {updates} WHERE {differs}",
            row,
        )
    return db.total_changes - before
