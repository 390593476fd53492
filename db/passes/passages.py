"""The pass ``sentences``: which sentences stand on several pages, and which texts may be others in other words.

current pages | those with another text | index of passages | sentences that are shared, pairs that may be spun
"""

from __future__ import annotations

import secrets
from contextlib import closing
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from db.corpus.connection import atomic
from db.passes.passage_index import (
    Told,
    bones_of,
    drop_page,
    insert_pages,
    known_texts,
    open_passages,
    pages_with_bones,
    shared_sentences,
)
from db.schema.vocabulary import CURRENT_STATES, LISTINGS
from pipelines.dedup import fingerprint, passages
from pipelines.text.encode import dump

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from numpy.typing import NDArray

PAGES = f"""
    SELECT pages.id, coalesce(versions.own_sha256, versions.text_sha256) FROM pages
    JOIN versions ON versions.id = pages.version
    WHERE pages.state IN {CURRENT_STATES} AND versions.page_type NOT IN {LISTINGS}
"""
TEXT = "SELECT text FROM texts WHERE sha256 = ?"
SHARED = "SELECT * FROM sentence_pages WHERE sentence IN (SELECT value FROM json_each(?))"
AT_ONCE = 200  # sentences that are looked up together: each may stand on every page
CHUNK = 500  # pages that are put into the index together
INDEX = "index of passages"
KEPT = 2_048  # pages whose runs of function words are at hand, some 2 KB each
FEW = 256  # texts whose words are, some 10 KB each
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
            _write_sentences(db, index, _index(db, index, stale, wanted))
            _write_spun(db, index, stale, wanted, all_new=not known)
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
    db: sqlite3.Connection, index: sqlite3.Connection, stale: Sequence[int], wanted: dict[int, str]
) -> NDArray[np.int64]:
    """Bring the index up to date; gives the sentences that somebody says or no longer says, in their order."""
    touched = [np.fromiter(chain.from_iterable(drop_page(index, page) for page in stale), np.int64)]
    fresh = [page for page in stale if page in wanted]
    for start in range(0, len(fresh), CHUNK):
        told = [_told(db, page, wanted[page]) for page in fresh[start : start + CHUNK]]
        insert_pages(index, told)
        touched.append(np.unique(np.array([said[0] for one in told for said in one.said], np.int64)))
    return np.unique(np.concatenate(touched))


def _told(db: sqlite3.Connection, page: int, digest: str) -> Told:
    text = _text(db, digest)
    bones = passages.skeleton_of(text)
    return Told(page, digest, list(passages.said_in(text)), passages.sampled(bones), bones.tobytes())


def _text(db: sqlite3.Connection, digest: str) -> str:
    return str(db.execute(TEXT, (digest,)).fetchone()[0])


def _write_sentences(db: sqlite3.Connection, index: sqlite3.Connection, touched: NDArray[np.int64]) -> None:
    """Write who says these sentences, where several pages do."""
    for start in range(0, len(touched), AT_ONCE):
        some = dump(touched[start : start + AT_ONCE].tolist())
        known, found = set(db.execute(SHARED, (some,))), set(shared_sentences(index, some))
        db.executemany("DELETE FROM sentence_pages WHERE sentence = ? AND page = ?", [row[:2] for row in known - found])
        db.executemany("INSERT INTO sentence_pages VALUES (?, ?, ?, ?, ?)", sorted(found - known))


def _write_spun(
    db: sqlite3.Connection, index: sqlite3.Connection, stale: Sequence[int], wanted: dict[int, str], *, all_new: bool
) -> None:
    """Compare the pages with another text with those that share function words; each pair once."""
    db.executemany("DELETE FROM spun_pairs WHERE page = ? OR other = ?", [(page, page) for page in stale])
    done: set[int] = set()
    bones = lru_cache(maxsize=KEPT)(lambda page: np.frombuffer(bones_of(index, page), np.int64))
    traits = lru_cache(maxsize=FEW)(lambda digest: passages.traits_of(_text(db, digest)))
    for page in filter(wanted.__contains__, stale):
        done.add(page)
        for other in pages_with_bones(index, page, passages.LEAST, page if all_new else 0):
            if other not in done and passages.may_be_spun(bones(page), bones(other)):
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
