"""The pass ``exact_duplicates``: which pages are exact duplicates of which, on all pages at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.passes.driver import CORPUS, Pass, Unit, digest_rows
from db.passes.sync import Table, sync
from db.schema.vocabulary import CURRENT_STATES
from pipelines.dedup.exact_duplicates import Candidate, ExactDuplicate, find_exact_duplicates

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from db.passes.rules import Rules

__all__ = ["EXACT_DUPLICATES"]

CANDIDATES = f"""
    SELECT pages.id, pages.url, pages.site, versions.duplicate_key, versions.content_words,
        (SELECT min(captures.crawl) FROM captures WHERE captures.page = pages.id),
        coalesce(versions.published, ''), pages.lastmod IS NOT NULL OR pages.how = 'sitemap',
        versions.canonical_url, canonical.id, sites.source_class
    FROM pages JOIN versions ON versions.id = pages.version JOIN sites ON sites.id = pages.site
    LEFT JOIN pages AS canonical ON canonical.url = versions.canonical_url
    WHERE pages.state IN {CURRENT_STATES} ORDER BY pages.id
"""
TEXT = """
    SELECT texts.text FROM pages JOIN contents ON contents.version = pages.version
    JOIN texts ON texts.sha256 = contents.content_sha256 WHERE pages.id = ?
"""
TABLE = Table("exact_duplicates", ("page", "duplicate_of", "reason"))


def corpus_unit(db: sqlite3.Connection, _rules: Rules) -> Iterator[Unit]:
    """Name the corpus, with a key of all that decides which page is a duplicate of which."""
    yield Unit(CORPUS, digest_rows(db.execute(CANDIDATES)))


def find_duplicates(db: sqlite3.Connection, _rules: Rules, _unit: Unit) -> list[ExactDuplicate]:
    """Find the duplicates; texts are read where two pages that name each other as canonical have to agree."""
    candidates = [Candidate(*row) for row in db.execute(CANDIDATES)]
    return find_exact_duplicates(candidates, lambda page: str(db.execute(TEXT, (page,)).fetchone()[0]))


def write_duplicates(db: sqlite3.Connection, _unit: Unit, copies: list[ExactDuplicate]) -> int:
    """Bring the table of exact duplicates up to date."""
    return sync(db, TABLE, [(copy.page, copy.duplicate_of, copy.reason) for copy in copies])


EXACT_DUPLICATES = Pass(
    name="exact_duplicates",
    version=1,
    tables=("exact_duplicates",),
    units=corpus_unit,
    load=find_duplicates,
    work=lambda _rules, copies: copies,
    write=write_duplicates,
)
