"""Rows written past the functions of the program: many at a time, or such as the program would never write."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from db.schema.shape import ensure_schema

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator


def insert_row(db: sqlite3.Connection, table: str, **row: object) -> int:
    """Insert one row; gives its id."""
    columns, marks = ", ".join(row), ", ".join(f":{column}" for column in row)
    number = db.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", row).lastrowid
    assert number
    return number


def put_version(
    db: sqlite3.Connection, page: int, capture: int, at: str, digest: str, words: int, **reading: object
) -> int:
    """Insert a version whose content is its whole text, which is there already; gives its id."""
    version = insert_row(db, "captured_versions", page=page, capture=capture, first_seen=at, last_confirmed=at)
    derived = {"extractor": "x", "duplicate_key": "", "page_type": "service"} | reading
    insert_row(db, "readings", version=version, text_sha256=digest, words=words, **derived)
    key = derived["duplicate_key"]
    insert_row(db, "contents", version=version, content_sha256=digest, content_words=words, duplicate_key=key)
    return version


def judge_version(db: sqlite3.Connection, version: int, verdict: str, score: float = 0.5) -> None:
    """Insert what the passes would say of a version: that it stands, and how relevant it is."""
    insert_row(db, "relevance", version=version, score=score, verdict=verdict, reasons="[]")
    insert_row(db, "version_judgements", version=version, verdict="stands", standing=version, reason="", rules="x")


@contextlib.contextmanager
def unlocked(db: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Let captured rows be spoiled, as by a program that is none of ours: without the triggers that forbid it."""
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        db.execute(f"DROP TRIGGER {name}")
    yield db
    ensure_schema(db)
