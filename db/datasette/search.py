"""Ranked search in the current documents: a few milliseconds for rare words, bounded work for common ones."""

from __future__ import annotations

import sqlite3  # noqa: TC003
from dataclasses import dataclass, field

from db.datasette.matching import match_query
from db.datasette.wording import END, START

PAGE_SIZE = 20
MAX_PAGE = 50
COUNTED = 1000  # a search that finds more says "more than": counting on would cost more than ranking
FILTERS = ("verdict", "page_type", "state", "source_class")
PLACES_WEIGHT = 0.5  # description, headings, other visible text, JSON-LD, image texts
TITLE_WEIGHT = 8.0  # a word in the title says more of a page than a word in its text; bm25's default is 1

# Only the best `window` hits are joined and folded: 70 ms instead of 360 for a word that 70,000 of 100,000 documents
# have. The unary plus keeps FTS5 from one index walk for each row that a filter allows. Texts that are no more are left
# out before they are weighed: with three versions a page that halves the time.
HITS = """
    WITH hits AS MATERIALIZED (
        SELECT rowid AS version, bm25(versions_fts, {weight}, 1.0, {places}) AS score FROM versions_fts
        WHERE versions_fts MATCH :match {filter} ORDER BY score, rowid LIMIT :window
    )
    SELECT documents.id, coalesce(documents.copy_of, documents.id)
    FROM hits CROSS JOIN documents ON documents.version = hits.version ORDER BY hits.score, documents.id
"""
COUNT = """
    SELECT coalesce(documents.copy_of, documents.id)
    FROM versions_fts CROSS JOIN documents ON documents.version = versions_fts.rowid
    WHERE versions_fts MATCH :match {filter} LIMIT {limit}
"""
SHOWN = f"""
    SELECT documents.*, sites.host AS host, sites.name AS site_name, sites.city AS city,
        snippet(versions_fts, 0, '{START}', '{END}', '…', 24) AS title_snippet,
        snippet(versions_fts, 1, '{START}', '{END}', '…', 44) AS text_snippet,
        (SELECT count(*) FROM exact_copies WHERE copy_of = coalesce(documents.copy_of, documents.id)) AS copies
    FROM documents
    CROSS JOIN versions_fts ON versions_fts.rowid = documents.version
    JOIN sites ON sites.id = documents.site
    WHERE versions_fts MATCH :match AND documents.id IN (SELECT value FROM json_each(:ids))
"""


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for: the words as typed, the filters that are set, the page of results."""

    typed: str
    filters: dict[str, str] = field(default_factory=dict)
    page: int = 1

    @property
    def match(self) -> str:
        """Give the query as FTS5 reads it."""
        return match_query(self.typed)


@dataclass(frozen=True, slots=True)
class Results:
    """A page of results: rows best first, how many documents match (at most ``COUNTED``), whether there is more."""

    rows: list[sqlite3.Row]
    found: int
    more_than_counted: bool
    next_page: int | None


def search(db: sqlite3.Connection, query: Query) -> Results:
    """Find the current documents that match, copies folded under the best of them."""
    if not query.match:
        return Results([], 0, more_than_counted=False, next_page=None)
    last = query.page * PAGE_SIZE
    best = _best(db, query, last + 1)
    found, more = _count(db, query)
    further = len(best) > last and query.page < MAX_PAGE
    return Results(_shown(db, query, best[last - PAGE_SIZE : last]), found, more, query.page + 1 if further else None)


def _best(db: sqlite3.Connection, query: Query, wanted: int) -> list[int]:
    """Name the best documents, at least ``wanted`` of them if there are so many."""
    for window in (wanted * 3 + 100, -1):
        best = _fold(db, query, window, wanted)
        if len(best) >= wanted:
            break
    return best


def _fold(db: sqlite3.Connection, query: Query, window: int, wanted: int) -> list[int]:
    clause = _allowed(query)
    inner = f"AND +rowid IN (SELECT version FROM documents WHERE {clause or 'true'})"
    sql = HITS.format(weight=TITLE_WEIGHT, places=PLACES_WEIGHT, filter=inner)
    groups: dict[int, int] = {}
    for document, original in db.execute(sql, _parameters(query) | {"window": window}):
        if document == original or original not in groups:
            groups[original] = document  # the original takes the place of a copy that stood before it
        if len(groups) >= wanted:
            break
    return list(groups.values())


def _count(db: sqlite3.Connection, query: Query) -> tuple[int, bool]:
    clause = _allowed(query)
    sql = COUNT.format(filter=f"AND {clause}" if clause else "", limit=COUNTED + 1)
    rows = db.execute(sql, _parameters(query)).fetchall()
    return len({original for (original,) in rows}), len(rows) > COUNTED


def _shown(db: sqlite3.Connection, query: Query, ids: list[int]) -> list[sqlite3.Row]:
    listed = ",".join(map(str, ids))
    rows = {row["id"]: row for row in db.execute(SHOWN, {"match": query.match, "ids": f"[{listed}]"})}
    return [rows[document] for document in ids if document in rows]


def _allowed(query: Query) -> str:
    return " AND ".join(f"documents.{name} = :{name}" for name in FILTERS if query.filters.get(name))


def _parameters(query: Query) -> dict[str, str | int]:
    filters: dict[str, str | int] = {name: query.filters[name] for name in FILTERS if query.filters.get(name)}
    return filters | {"match": query.match}


def choices(db: sqlite3.Connection) -> dict[str, list[str]]:
    """Name the values of each filter that occur; one step in an index for each of them."""
    return {name: _values(db, name) for name in FILTERS}


def _values(db: sqlite3.Connection, column: str) -> list[str]:
    rows = db.execute(
        f"WITH RECURSIVE step(value) AS (SELECT min({column}) FROM documents UNION ALL"
        f" SELECT (SELECT min({column}) FROM documents WHERE {column} > step.value) FROM step"
        " WHERE step.value IS NOT NULL)"
        " SELECT value FROM step WHERE value != '' LIMIT 200"
    )
    return [value for (value,) in rows]
