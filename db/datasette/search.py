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

# A word that every page has is weighed in the RANKED texts that were read last, which FTS5 gives without weighing the
# rest: weighing all of 100,000 takes 140 ms, these 30; the page says so. Of the weighed only the best `window` are
# joined and folded. The unary plus keeps FTS5 from one index walk for each row that a filter allows. Texts that are no
# more are left out before they are weighed.
RANKED = 10_000
HITS = f"""
    WITH ranked AS MATERIALIZED (
        SELECT rowid AS version, bm25(versions_fts, {TITLE_WEIGHT}, 1.0, {PLACES_WEIGHT}) AS score FROM versions_fts
        WHERE versions_fts MATCH :match AND +rowid IN (SELECT version FROM documents WHERE {{filter}})
        ORDER BY rowid DESC LIMIT :ranked
    ), hits AS MATERIALIZED (SELECT version, score FROM ranked ORDER BY score, version LIMIT :window)
    SELECT documents.id, coalesce(documents.copy_of, documents.id), (SELECT count(*) FROM ranked) >= :ranked
    FROM hits CROSS JOIN documents ON documents.version = hits.version ORDER BY hits.score, documents.id
"""
COUNT = """
    SELECT coalesce(documents.copy_of, documents.id)
    FROM versions_fts CROSS JOIN documents ON documents.version = versions_fts.rowid
    WHERE versions_fts MATCH :match {filter} LIMIT {limit}
"""
# one look in the index for each row, but one walk for the beginning of a word, which is gathered anew at each look:
# 15 ms instead of 180
SHOWN = f"""
    SELECT documents.*, sites.host AS host, sites.name AS site_name, sites.city AS city,
        snippet(versions_fts, 0, '{START}', '{END}', '…', 24) AS title_snippet,
        snippet(versions_fts, 1, '{START}', '{END}', '…', 44) AS text_snippet,
        (SELECT count(*) FROM exact_copies WHERE copy_of = coalesce(documents.copy_of, documents.id)) AS copies
    FROM versions_fts
    CROSS JOIN documents ON documents.version = versions_fts.rowid
    JOIN sites ON sites.id = documents.site
    WHERE versions_fts MATCH :match AND {{plus}}versions_fts.rowid IN (
        SELECT version FROM documents WHERE id IN (SELECT value FROM json_each(:ids)))
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
    """A page of results: rows best first, how many documents match (at most ``COUNTED``), whether there is more.

    ``newest`` where so many texts match that only those that were read last, ``RANKED`` of them, are ranked.
    """

    rows: list[sqlite3.Row]
    found: int
    more_than_counted: bool
    next_page: int | None
    newest: int | None = None


def search(db: sqlite3.Connection, query: Query, ranked: int = RANKED) -> Results:
    """Find the current documents that match, copies folded under the best of them; so many texts are ranked at most."""
    if not query.match:
        return Results([], 0, more_than_counted=False, next_page=None)
    last = query.page * PAGE_SIZE
    best, newest = _best(db, query, last + 1, ranked)
    found, more = _count(db, query)
    further = query.page + 1 if len(best) > last and query.page < MAX_PAGE else None
    return Results(_shown(db, query, best[last - PAGE_SIZE : last]), found, more, further, ranked if newest else None)


def _best(db: sqlite3.Connection, query: Query, wanted: int, ranked: int) -> tuple[list[int], bool]:
    """Name the best documents, at least ``wanted`` of them if there are so many, and whether others were not ranked."""
    for window in (wanted * 3 + 100, -1):
        best, newest = _fold(db, query, {"window": window, "ranked": ranked}, wanted)
        if len(best) >= wanted:
            break
    return best, newest


def _fold(db: sqlite3.Connection, query: Query, limits: dict[str, int], wanted: int) -> tuple[list[int], bool]:
    sql = HITS.format(filter=_allowed(query) or "true")
    groups: dict[int, int] = {}
    newest = False
    for document, original, cut in db.execute(sql, _parameters(query) | limits):
        newest = bool(cut)
        if document == original or original not in groups:
            groups[original] = document  # the original takes the place of a copy that stood before it
        if len(groups) >= wanted:
            break
    return list(groups.values()), newest


def _count(db: sqlite3.Connection, query: Query) -> tuple[int, bool]:
    clause = _allowed(query)
    sql = COUNT.format(filter=f"AND {clause}" if clause else "", limit=COUNTED + 1)
    rows = db.execute(sql, _parameters(query)).fetchall()
    return len({original for (original,) in rows}), len(rows) > COUNTED


def _shown(db: sqlite3.Connection, query: Query, ids: list[int]) -> list[sqlite3.Row]:
    listed = ",".join(map(str, ids))
    sql = SHOWN.format(plus="+" if "*" in query.match else "")
    rows = {row["id"]: row for row in db.execute(sql, {"match": query.match, "ids": f"[{listed}]"})}
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
