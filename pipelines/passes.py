"""What depends on other pages: ordered passes after a crawl, each incremental, each giving the same rows in full.

topic | copies | documents
"""

from __future__ import annotations

import hashlib
import sqlite3  # noqa: TC003
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from db.store import atomic, dump
from pipelines import topic
from pipelines.copies import Candidate, find_copies

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

CHUNK = 500  # versions a transaction: a pass that is cut off goes on where it was


@dataclass(frozen=True, slots=True)
class Rules:
    """What the passes work by, as the texts of the files in ``seeds/``."""

    topic: str


def run_passes(db: sqlite3.Connection, rules: Rules) -> dict[str, int]:
    """Run every pass in its order; gives how many rows each of them changed."""
    return {name: run(db, rules) for name, run in PASSES.items()}


def score_topic(db: sqlite3.Connection, rules: Rules) -> int:
    """Score the versions that this topic file has not scored yet."""
    model = topic.load_topic(rules.topic)
    key = hashlib.sha256(rules.topic.encode()).hexdigest()[:16]
    changed = 0
    while rows := _unscored(db, key):
        with atomic(db):
            db.executemany(
                "UPDATE versions SET topic = ?, topic_score = ?, verdict = ?, verdict_reasons = ? WHERE id = ?",
                [(key, *_scored(model, page), version) for version, *page in rows],
            )
        changed += len(rows)
    return changed


def _unscored(db: sqlite3.Connection, key: str) -> list[tuple[Any, ...]]:
    return db.execute(
        "SELECT versions.id, coalesce(versions.title, ''), texts.text, versions.headings, pages.url FROM versions"
        " JOIN texts ON texts.sha256 = text_sha256 JOIN pages ON pages.id = versions.page"
        " WHERE topic IS NOT ? ORDER BY versions.id LIMIT ?",
        (key, CHUNK),
    ).fetchall()


def _scored(model: topic.TopicModel, page: Sequence[str]) -> tuple[float, str, str]:
    title, text, headings, url = page
    told = topic.score(model, title, text, headings.splitlines(), url)
    return round(told.score, 4), told.verdict, dump(told.reasons)


def name_copies(db: sqlite3.Connection, _rules: Rules) -> int:
    """Record which live pages are exact copies of which; rows that are right already are not touched."""
    known = {page: (copy_of, reason) for page, copy_of, reason in db.execute("SELECT * FROM exact_copies")}
    found = {copy.page: (copy.copy_of, copy.reason) for copy in find_copies(_candidates(db), _text_of(db))}
    gone = [(page,) for page in known.keys() - found.keys()]
    new = [(page, *found[page]) for page in sorted(found) if known.get(page) != found[page]]
    with atomic(db):
        db.executemany("DELETE FROM exact_copies WHERE page = ?", gone)
        db.executemany("INSERT OR REPLACE INTO exact_copies (page, copy_of, reason) VALUES (?, ?, ?)", new)
    return len(gone) + len(new)


def _candidates(db: sqlite3.Connection) -> Iterator[Candidate]:
    rows = db.execute(
        "SELECT pages.id, pages.url, pages.site, versions.copy_key, versions.words,"
        " (SELECT min(captures.crawl) FROM captures WHERE captures.page = pages.id),"
        " coalesce(versions.published, ''), versions.canonical_url, canonical.id"
        " FROM pages JOIN versions ON versions.id = pages.version"
        " LEFT JOIN pages AS canonical ON canonical.url = versions.canonical_url"
        " WHERE pages.state IN ('live', 'blocked') ORDER BY pages.id"
    )
    return (Candidate(*row) for row in rows)


def _text_of(db: sqlite3.Connection) -> Callable[[int], str]:
    def text_of(page: int) -> str:
        row = db.execute(
            "SELECT text FROM texts JOIN versions ON text_sha256 = sha256 JOIN pages ON pages.version = versions.id"
            " WHERE pages.id = ?",
            (page,),
        ).fetchone()
        return str(row[0])

    return text_of


DOCUMENT_COLUMNS = (
    "id, title, site, state, source_class, page_type, verdict, words, language, published, first_seen, last_confirmed,"
    " copy_of, url, version"
)
DOCUMENTS = """
    SELECT pages.id, coalesce(nullif(versions.title, ''), pages.url), pages.site, sites.state, sites.source_class,
        versions.page_type, versions.verdict, versions.words, versions.language, substr(versions.published, 1, 10),
        (SELECT min(first_seen) FROM versions AS first WHERE first.page = pages.id), versions.last_confirmed,
        exact_copies.copy_of, pages.url, versions.id
    FROM pages
    JOIN versions ON versions.id = pages.version
    JOIN sites ON sites.id = pages.site
    LEFT JOIN exact_copies ON exact_copies.page = pages.id
    WHERE pages.state IN ('live', 'blocked')
"""


def list_documents(db: sqlite3.Connection, _rules: Rules) -> int:
    """Bring the narrow table of current documents, the one that people browse, up to date."""
    columns = DOCUMENT_COLUMNS.replace("\n", " ")
    updates = ", ".join(f"{name.strip()} = excluded.{name.strip()}" for name in columns.split(",")[1:])
    with atomic(db):
        db.execute("PRAGMA defer_foreign_keys = on")  # a copy may stand before its original
        before = db.total_changes
        db.execute(f"DELETE FROM documents WHERE id NOT IN (SELECT id FROM ({DOCUMENTS}))")
        db.execute(
            f"INSERT INTO documents ({columns}) SELECT * FROM ({DOCUMENTS} EXCEPT SELECT {columns} FROM documents)"
            f" WHERE true ON CONFLICT (id) DO UPDATE SET {updates}"
        )
        return db.total_changes - before


PASSES: dict[str, Callable[[sqlite3.Connection, Rules], int]] = {
    "topic": score_topic,
    "copies": name_copies,
    "documents": list_documents,
}
