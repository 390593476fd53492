"""The pass ``documents``: the narrow table of current documents that people browse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.passes.driver import Pass, Unit
from db.passes.page_states import the_corpus
from db.passes.sync import Table, sync_select
from db.schema.vocabulary import CURRENT_STATES

if TYPE_CHECKING:
    import sqlite3

__all__ = ["DOCUMENTS"]

TABLE = Table(
    "documents",
    (
        "id", "title", "site", "state", "source_class", "page_type", "verdict", "words", "language", "published",
        "first_seen", "last_confirmed", "duplicate_of", "url", "version",
    ),
)  # fmt: skip
CURRENT = f"""
    SELECT pages.id, coalesce(nullif(versions.title, ''), pages.url), pages.site, sites.state, sites.source_class,
        versions.page_type, coalesce(topic_overrides.verdict, versions.verdict), versions.content_words,
        versions.language,
        substr(versions.published, 1, 10),
        (SELECT min(first_seen) FROM versions AS first WHERE first.page = pages.id), versions.last_confirmed,
        exact_duplicates.duplicate_of, pages.url, versions.id
    FROM pages
    JOIN versions ON versions.id = pages.version
    JOIN sites ON sites.id = pages.site
    LEFT JOIN exact_duplicates ON exact_duplicates.page = pages.id
    LEFT JOIN topic_overrides ON topic_overrides.text_sha256 = versions.content_sha256
    WHERE pages.state IN {CURRENT_STATES}
"""


def write_documents(db: sqlite3.Connection, _unit: Unit, _nothing: None) -> int:
    """Bring the table of documents up to date."""
    db.execute("PRAGMA defer_foreign_keys = on")  # a copy may stand before its original
    return sync_select(db, TABLE, CURRENT)


DOCUMENTS = Pass(
    name="documents",
    version=1,
    tables=("documents",),
    units=the_corpus,
    load=lambda _db, _rules, _unit: None,
    work=lambda _rules, _nothing: None,
    write=write_documents,
)
