"""The index of passages: a file beside the corpus that says which pages have a sentence or a run of function words.

It can be made again from the texts; one that other rules made, or that is damaged, is thrown away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.index_file import open_index_file

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable
    from pathlib import Path

TABLES = """
CREATE TABLE meta (rules TEXT NOT NULL);
CREATE TABLE page (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE said (
    h INTEGER NOT NULL, page INTEGER NOT NULL, start INTEGER NOT NULL, length INTEGER NOT NULL, words INTEGER NOT NULL,
    PRIMARY KEY (h, page)
) WITHOUT ROWID;
CREATE INDEX said_page ON said(page);
CREATE TABLE bone (h INTEGER NOT NULL, page INTEGER NOT NULL, PRIMARY KEY (h, page)) WITHOUT ROWID;
CREATE INDEX bone_page ON bone(page)
"""


def open_passages(path: Path | None, rules: str) -> sqlite3.Connection:
    """Open the index of passages; see :func:`db.index_file.open_index_file`."""
    return open_index_file(path, TABLES, rules)


def known_texts(index: sqlite3.Connection) -> dict[int, str]:
    """Give for every page of the index the digest of the text that it was made from."""
    return dict(index.execute("SELECT id, text FROM page"))


def drop_page(index: sqlite3.Connection, page: int) -> set[int]:
    """Take a page out; gives the sentences that it said."""
    said = {h for (h,) in index.execute("SELECT h FROM said WHERE page = ?", (page,))}
    for table, column in (("said", "page"), ("bone", "page"), ("page", "id")):
        index.execute(f"DELETE FROM {table} WHERE {column} = ?", (page,))
    return said


def insert_page(
    index: sqlite3.Connection, page: int, text: str, said: Iterable[tuple[int, int, int, int]], bones: Iterable[int]
) -> None:
    """Put a page in: the digest of its text, its sentences with their places, its sampled runs of function words."""
    index.execute("INSERT INTO page VALUES (?, ?)", (page, text))
    rows = [(key, page, start, length, words) for key, start, length, words in said]
    index.executemany("INSERT INTO said VALUES (?, ?, ?, ?, ?)", rows)
    index.executemany("INSERT INTO bone VALUES (?, ?)", [(bone, page) for bone in bones])


def shared_sentences(index: sqlite3.Connection, sentences: str) -> list[tuple[int, int, int, int, int]]:
    """Give sentence, page, start, length and words wherever one of these (a JSON list) stands, if on several pages."""
    return index.execute(
        "SELECT h, page, start, length, words FROM said WHERE h IN"
        " (SELECT h FROM said WHERE h IN (SELECT value FROM json_each(?)) GROUP BY h HAVING count(*) > 1)",
        (sentences,),
    ).fetchall()


def pages_with_bones(index: sqlite3.Connection, page: int, least: float) -> list[tuple[int, int]]:
    """Name the pages that share so many sampled runs of function words with a page, each with how many it shares."""
    rows: list[tuple[int, int]] = index.execute(
        "SELECT other.page, count(*) FROM bone AS own JOIN bone AS other ON other.h = own.h AND other.page != own.page"
        " WHERE own.page = ? GROUP BY other.page HAVING count(*) >= ? ORDER BY other.page",
        (page, least),
    ).fetchall()
    return rows


def bone_counts(index: sqlite3.Connection) -> dict[int, int]:
    """Count the sampled runs of function words of each page."""
    return dict(index.execute("SELECT page, count(*) FROM bone GROUP BY page"))
