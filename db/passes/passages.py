"""The pass ``sentences``: which sentences stand on several pages, and which texts may be others in other words.

current pages | those with another text | index of passages | sentences that are shared, pairs that may be spun
"""

from __future__ import annotations

import secrets
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from db.corpus.connection import atomic
from db.passes.driver import Pass
from db.passes.page_states import the_corpus
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
from db.passes.sync import Table, sync_select
from db.schema.vocabulary import CURRENT_STATES, LISTINGS
from pipelines.dedup import fingerprint, passages
from pipelines.text.encode import dump

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from db.passes.driver import Unit
    from db.passes.rules import Rules

PAGES = f"""
    SELECT pages.id, coalesce(versions.content_sha256, versions.text_sha256) FROM pages
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
        min((SELECT min(first_seen) FROM versions WHERE versions.page = pages.id)),
        (SELECT one.page FROM sentence_pages AS one JOIN pages AS called ON called.id = one.page
            WHERE one.sentence = sentence_pages.sentence ORDER BY called.url LIMIT 1)
    FROM sentence_pages JOIN pages ON pages.id = sentence_pages.page JOIN sites ON sites.id = pages.site
    GROUP BY sentence_pages.sentence
"""
SENTENCES = Table("sentences", ("id", "words", "n_pages", "n_advertisers", "first_seen", "page"))


def write_passages(db: sqlite3.Connection, _unit: Unit, index: sqlite3.Connection) -> int:
    """Bring shared sentences and paraphrase candidates up to date; gives how many rows changed.

    The index is committed behind the corpus: cut off between the two, it knows too little and is told again.
    """
    index.execute("BEGIN")
    known, wanted = known_texts(index), dict(db.execute(PAGES))
    stale = sorted(page for page in known.keys() | wanted.keys() if known.get(page) != wanted.get(page))
    before = db.total_changes
    if not known:  # the index is new: what it does not know must not stand
        db.execute("DELETE FROM sentence_pages")
        db.execute("DELETE FROM paraphrase_candidates")
    _write_sentences(db, index, _index(db, index, stale, wanted))
    _write_spun(db, index, stale, wanted, all_new=not known)
    return db.total_changes - before + sync_select(db, SENTENCES, COUNTED)


def open_index(db: sqlite3.Connection, _rules: Rules, _unit: Unit) -> sqlite3.Connection:
    """Open the index beside the corpus."""
    return open_passages(_beside(db), f"{passages.RULES}, {fingerprint.RULES}, {_token(db)}")


def commit_index(index: sqlite3.Connection) -> None:
    """Keep what the index has learned."""
    index.execute("COMMIT")
    index.close()


def _token(db: sqlite3.Connection) -> str:
    """Give the word by which a corpus and its index know each other: a new corpus at an old path begins anew."""
    row = db.execute("SELECT key FROM pass_units WHERE pass = ?", (INDEX,)).fetchone()
    if row:
        return str(row[0])
    with atomic(db):
        token = secrets.token_hex(8)
        db.execute("INSERT INTO pass_units (pass, unit, key) VALUES (?, 'corpus', ?)", (INDEX, token))
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
    bones = passages.function_word_runs(text)
    return Told(page, digest, list(passages.travelling_sentences(text)), passages.sampled_runs(bones), bones.tobytes())


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
    db.executemany("DELETE FROM paraphrase_candidates WHERE page = ? OR other = ?", [(page, page) for page in stale])
    done: set[int] = set()
    bones = lru_cache(maxsize=KEPT)(lambda page: np.frombuffer(bones_of(index, page), np.int64))
    traits = lru_cache(maxsize=FEW)(lambda digest: passages.word_runs(_text(db, digest)))
    for page in filter(wanted.__contains__, stale):
        done.add(page)
        for other in pages_with_bones(index, page, passages.MIN_MET, page if all_new else 0):
            if other not in done and passages.may_be_paraphrase(bones(page), bones(other)):
                told = passages.compare_paraphrase(traits(wanted[page]), traits(wanted[other]))
                if told:
                    pair = db.execute("SELECT id FROM pages WHERE id IN (?, ?) ORDER BY url", (page, other)).fetchall()
                    db.execute(
                        "INSERT INTO paraphrase_candidates VALUES (?, ?, ?, ?, ?)", (*(one for (one,) in pair), *told)
                    )


SENTENCES_PASS = Pass(
    name="sentences",
    version=2,
    tables=("sentences", "sentence_pages", "paraphrase_candidates"),
    units=the_corpus,
    load=open_index,
    work=lambda _rules, index: index,
    write=write_passages,
    committed=commit_index,
)
