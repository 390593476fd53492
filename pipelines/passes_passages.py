"""The pass ``sentences``: which sentences stand on several pages, and which texts may be others in other words.

current pages | those with another text | index of passages | sentences that are shared, pairs that may be spun
"""

from __future__ import annotations

import secrets
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from db.passage_index import (
    bone_counts,
    drop_page,
    insert_page,
    known_texts,
    open_passages,
    pages_with_bones,
    shared_sentences,
)
from db.store import atomic, dump
from pipelines import fingerprint, passages

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Sequence

PAGES = """
    SELECT pages.id, coalesce(versions.own_sha256, versions.text_sha256) FROM pages
    JOIN versions ON versions.id = pages.version
    WHERE pages.state IN ('live', 'blocked') AND versions.page_type NOT IN ('archive', 'feed', 'search')
"""
TEXT = "SELECT text FROM texts WHERE sha256 = ?"
SHARED = "SELECT * FROM sentence_pages WHERE sentence IN (SELECT value FROM json_each(?))"
AT_ONCE = 1_000  # sentences that are looked up together
INDEX = "index of passages"
KEPT = 4_096  # texts whose traits are at hand, some 10 KB each
COUNTED = """
    SELECT sentence_pages.sentence, min(sentence_pages.words), count(*), count(DISTINCT sites.advertiser),
        min((SELECT min(first_seen) FROM versions WHERE versions.page = pages.id)), min(sentence_pages.page)
    FROM sentence_pages JOIN pages ON pages.id = sentence_pages.page JOIN sites ON sites.id = pages.site
    GROUP BY sentence_pages.sentence
"""
COLUMNS = "id, words, n_pages, n_advertisers, first_seen, page"


def find_passages(db: sqlite3.Connection) -> int:
    """Bring shared sentences and candidates for spun texts up to date; gives how many rows changed."""
    with closing(open_passages(_beside(db), f"{passages.RULES}, {fingerprint.RULES}, {_token(db)}")) as index:
        index.execute("BEGIN")
        known, wanted = known_texts(index), dict(db.execute(PAGES))
        stale = sorted(page for page in known.keys() | wanted.keys() if known.get(page) != wanted.get(page))
        with atomic(db):
            before = db.total_changes
            if not known:  # the index is new: what it does not know must not stand
                db.execute("DELETE FROM sentence_pages")
                db.execute("DELETE FROM spun_pairs")
            traits = lru_cache(maxsize=KEPT)(lambda digest: passages.traits_of(_text(db, digest)))
            touched = _index(db, index, stale, wanted, traits)
            _write_sentences(db, index, sorted(touched))
            _write_spun(db, index, stale, wanted, traits)
            _count(db)
            changed = db.total_changes - before
        index.execute("COMMIT")
    return changed


def _token(db: sqlite3.Connection) -> str:
    """Give the word by which a corpus and its index know each other: a new corpus at an old path begins anew."""
    row = db.execute("SELECT key FROM pass_keys WHERE pass = ?", (INDEX,)).fetchone()
    if row:
        return str(row[0])
    with atomic(db):
        token = secrets.token_hex(8)
        db.execute("INSERT INTO pass_keys (pass, key) VALUES (?, ?)", (INDEX, token))
    return token


def _beside(db: sqlite3.Connection) -> Path | None:
    path = next(file for _, name, file in db.execute("PRAGMA database_list") if name == "main")
    return Path(f"{path}.passages") if path else None


def _index(
    db: sqlite3.Connection,
    index: sqlite3.Connection,
    stale: Iterable[int],
    wanted: dict[int, str],
    traits: Callable[[str], passages.Traits],
) -> set[int]:
    """Bring the index up to date; gives the sentences that somebody says or no longer says."""
    touched: set[int] = set()
    for page in stale:
        touched |= drop_page(index, page)
        if page in wanted:
            said = passages.said_in(_text(db, wanted[page]))
            insert_page(index, page, wanted[page], said, passages.sampled(traits(wanted[page]).bones))
            touched |= {one.key for one in said}
    return touched


def _text(db: sqlite3.Connection, digest: str) -> str:
    return str(db.execute(TEXT, (digest,)).fetchone()[0])


def _write_sentences(db: sqlite3.Connection, index: sqlite3.Connection, touched: Sequence[int]) -> None:
    """Write who says these sentences, where several pages do."""
    for start in range(0, len(touched), AT_ONCE):
        some = dump(touched[start : start + AT_ONCE])
        known, found = set(db.execute(SHARED, (some,))), set(shared_sentences(index, some))
        db.executemany("DELETE FROM sentence_pages WHERE sentence = ? AND page = ?", [row[:2] for row in known - found])
        db.executemany("INSERT INTO sentence_pages VALUES (?, ?, ?, ?, ?)", sorted(found - known))


def _write_spun(
    db: sqlite3.Connection,
    index: sqlite3.Connection,
    stale: Sequence[int],
    wanted: dict[int, str],
    traits: Callable[[str], passages.Traits],
) -> None:
    """Compare the pages with another text with those that share function words; each pair once."""
    db.executemany("DELETE FROM spun_pairs WHERE page = ? OR other = ?", [(page, page) for page in stale])
    done: set[int] = set()
    sizes = bone_counts(index)
    for page in filter(wanted.__contains__, stale):
        done.add(page)
        for other, shared in pages_with_bones(index, page, passages.LEAST_SHARED):
            if other not in done and shared >= passages.least_shared(sizes[page], sizes[other]):
                told = passages.compare_spun(traits(wanted[page]), traits(wanted[other]))
                if told:
                    db.execute("INSERT INTO spun_pairs VALUES (?, ?, ?, ?, ?)", (*sorted((page, other)), *told))


def _count(db: sqlite3.Connection) -> int:
    """Count who says each sentence; rows that are right already are not touched."""
    before = db.total_changes
    db.execute("DELETE FROM sentences WHERE id NOT IN (SELECT sentence FROM sentence_pages)")
    updates = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS.split(", ")[1:])
    db.execute(
        f"INSERT INTO sentences ({COLUMNS}) SELECT * FROM ({COUNTED} EXCEPT SELECT {COLUMNS} FROM sentences)"
        f" WHERE true ON CONFLICT (id) DO UPDATE SET {updates}"
    )
    return db.total_changes - before
