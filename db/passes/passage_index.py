"""The index of passages: a file beside the corpus that says which pages have a sentence or a run of function words.

It can be made again from the texts; one that other rules made, or that is damaged, is thrown away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from db.passes.index_file import open_index_file

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from pathlib import Path

TABLES = """
CREATE TABLE meta (rules TEXT NOT NULL);
CREATE TABLE page (id INTEGER PRIMARY KEY, text TEXT NOT NULL, sampled INTEGER NOT NULL, bones BLOB NOT NULL);
CREATE TABLE said (
    h INTEGER NOT NULL, page INTEGER NOT NULL, start INTEGER NOT NULL, length INTEGER NOT NULL, words INTEGER NOT NULL,
    PRIMARY KEY (h, page)
) WITHOUT ROWID;
CREATE INDEX said_page ON said(page);
CREATE TABLE bone (h INTEGER NOT NULL, page INTEGER NOT NULL, PRIMARY KEY (h, page)) WITHOUT ROWID;
CREATE INDEX bone_page ON bone(page)
"""


class Told(NamedTuple):
    """A page to be put in: the digest of its text, its sentences with their places, its runs of function words.

    Of the runs (``bones``, as bytes) those of ``sampled`` are looked up.
    """

    page: int
    text: str
    said: list[tuple[int, int, int, int]]
    sampled: list[int]
    bones: bytes


def open_passages(path: Path | None, rules: str) -> sqlite3.Connection:
    """Open the index of passages; see :func:`db.passes.index_file.open_index_file`."""
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


def insert_pages(index: sqlite3.Connection, pages: Sequence[Told]) -> None:
    """Put pages in; rows go in by the order of their hashes, so that a small cache holds what is written."""
    index.executemany(
        "INSERT INTO page VALUES (?, ?, ?, ?)", [(one.page, one.text, len(one.sampled), one.bones) for one in pages]
    )
    said = sorted((key, one.page, start, length, words) for one in pages for key, start, length, words in one.said)
    index.executemany("INSERT INTO said VALUES (?, ?, ?, ?, ?)", said)
    index.executemany(
        "INSERT INTO bone VALUES (?, ?)", sorted((bone, one.page) for one in pages for bone in one.sampled)
    )


def shared_sentences(index: sqlite3.Connection, sentences: str) -> list[tuple[int, int, int, int, int]]:
    """Give sentence, page, start, length and words wherever one of these (a JSON list) stands, if on several pages."""
    return index.execute(
        "SELECT h, page, start, length, words FROM said WHERE h IN"
        " (SELECT h FROM said WHERE h IN (SELECT value FROM json_each(?)) GROUP BY h HAVING count(*) > 1)",
        (sentences,),
    ).fetchall()


def bones_of(index: sqlite3.Connection, page: int) -> bytes:
    """Read all runs of function words of a page, as they were put in."""
    return bytes(index.execute("SELECT bones FROM page WHERE id = ?", (page,)).fetchone()[0])


def pages_with_bones(index: sqlite3.Connection, page: int, least: tuple[float, float], after: int) -> list[int]:
    """Name the pages behind ``after`` that share enough sampled runs of function words with a page.

    ``least`` says how many that is, and which part of those of the page that has fewer.
    """
    rows = index.execute(
        "SELECT id FROM page JOIN ("
        " SELECT other.page AS met, count(*) AS shared FROM bone AS own"
        " JOIN bone AS other ON other.h = own.h AND other.page > :after AND other.page != :page"
        " WHERE own.page = :page GROUP BY other.page HAVING count(*) >= :least"
        ") ON id = met WHERE shared >= :part * min(sampled, (SELECT sampled FROM page WHERE id = :page)) ORDER BY id",
        {"page": page, "after": after, "least": least[0], "part": least[1]},
    )
    return [other for (other,) in rows]
