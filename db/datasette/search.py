"""Ranked search in the current documents: a few milliseconds for rare words, bounded work for common ones."""

from __future__ import annotations

import re
import sqlite3  # noqa: TC003
from dataclasses import dataclass, field
from typing import NamedTuple

from db.datasette.formatting import HIT_END, HIT_START

PAGE_SIZE = 20
MAX_PAGE = 50
MAX_COUNTED = 1000  # a search that finds more says "more than": counting on would cost more than ranking
FILTERS = ("verdict", "page_type", "state", "source_class")
REST_WEIGHT = 0.5  # description, headings, other visible text, JSON-LD, image texts
TITLE_WEIGHT = 8.0  # a word in the title says more of a page than a word in its text; bm25's default is 1
TERM = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
LETTER = re.compile(r"[^\W_]")
MAX_LENGTH = 500  # characters that are read of what was typed
MAX_TERMS = 32  # each term is one walk through the index

# A word that every page has is weighed in the MAX_RANKED texts that were read last, which FTS5 gives without weighing
# the rest: weighing all of 100,000 takes 140 ms, these 30; the page says so. Of the weighed only the best `window` are
# joined and folded. The unary plus keeps FTS5 from one index walk for each row that a filter allows. Texts that are no
# more are left out before they are weighed.
MAX_RANKED = 10_000
HITS = f"""
    WITH ranked AS MATERIALIZED (
        SELECT rowid AS version, bm25(versions_fts, {TITLE_WEIGHT}, 1.0, {REST_WEIGHT}) AS score FROM versions_fts
        WHERE versions_fts MATCH :match AND +rowid IN (SELECT version FROM documents WHERE {{filter}})
        ORDER BY rowid DESC LIMIT :ranked
    ), hits AS MATERIALIZED (SELECT version, score FROM ranked ORDER BY score, version LIMIT :window)
    SELECT documents.id, coalesce(documents.duplicate_of, documents.id), (SELECT count(*) FROM ranked) >= :ranked
    FROM hits CROSS JOIN documents ON documents.version = hits.version ORDER BY hits.score, documents.id
"""
COUNT = """
    SELECT coalesce(documents.duplicate_of, documents.id)
    FROM versions_fts CROSS JOIN documents ON documents.version = versions_fts.rowid
    WHERE versions_fts MATCH :match {filter} LIMIT {limit}
"""
# one look in the index for each row, but one walk for the beginning of a word, which is gathered anew at each look:
# 15 ms instead of 180
SHOWN = f"""
    SELECT documents.*, sites.host AS host, sites.name AS site_name, sites.city AS city,
        snippet(versions_fts, 0, '{HIT_START}', '{HIT_END}', '…', 24) AS title_snippet,
        snippet(versions_fts, 1, '{HIT_START}', '{HIT_END}', '…', 44) AS text_snippet,
        (SELECT count(*) FROM exact_duplicates WHERE duplicate_of = coalesce(documents.duplicate_of, documents.id))
        AS copies
    FROM versions_fts
    CROSS JOIN documents ON documents.version = versions_fts.rowid
    JOIN sites ON sites.id = documents.site
    WHERE versions_fts MATCH :match AND {{plus}}versions_fts.rowid IN (
        SELECT version FROM documents WHERE id IN (SELECT value FROM json_each(:ids)))
"""


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for: the words as typed, the filters that are set, the page of results."""

    typed: str
    filters: dict[str, str] = field(default_factory=dict)
    page: int = 1

    @property
    def match(self) -> str:
        """Give the query as FTS5 reads it."""
        return match_query(self.typed)

    @property
    def condition(self) -> str:
        """Give the filters as SQL with named parameters; empty for none."""
        return " AND ".join(f"documents.{name} = :{name}" for name in FILTERS if self.filters.get(name))

    @property
    def parameters(self) -> dict[str, str | int]:
        """Give the values of the named parameters."""
        values: dict[str, str | int] = {name: self.filters[name] for name in FILTERS if self.filters.get(name)}
        return values | {"match": self.match}


@dataclass(frozen=True, slots=True)
class Results:
    """A page of results: rows best first, how many match (at most ``MAX_COUNTED``), whether there is more.

    ``newest`` where so many texts match that only those that were read last, so many of them, are ranked.
    """

    rows: list[sqlite3.Row]
    found: int
    more_than_counted: bool
    next_page: int | None
    newest: int | None = None


class Ranking(NamedTuple):
    """The best documents, copies folded, the best first; ``is_cut`` where older texts were not weighed."""

    documents: list[int]
    is_cut: bool


def search(db: sqlite3.Connection, query: Query, ranked: int = MAX_RANKED) -> Results:
    """Find the current documents that match, copies folded under the best of them; so many texts are ranked at most."""
    if not query.match:
        return Results([], 0, more_than_counted=False, next_page=None)
    last = query.page * PAGE_SIZE
    for window in ((last + 1) * 3 + 100, -1):  # mostly the best few hold enough originals; else all are folded
        best = _rank(db, query, last + 1, window, ranked)
        if len(best.documents) > last:
            break
    condition = f"AND {query.condition}" if query.condition else ""
    matching = db.execute(COUNT.format(filter=condition, limit=MAX_COUNTED + 1), query.parameters).fetchall()
    return Results(
        _read_shown(db, query, best.documents[last - PAGE_SIZE : last]),
        found=len({original for (original,) in matching}),
        more_than_counted=len(matching) > MAX_COUNTED,
        next_page=query.page + 1 if len(best.documents) > last and query.page < MAX_PAGE else None,
        newest=ranked if best.is_cut else None,
    )


def _rank(db: sqlite3.Connection, query: Query, wanted: int, window: int, ranked: int) -> Ranking:
    """Name the best ``wanted`` documents of the best ``window`` hits, each copy folded into its original."""
    groups: dict[int, int] = {}
    is_cut = False
    values = query.parameters | {"window": window, "ranked": ranked}
    for document, original, cut in db.execute(HITS.format(filter=query.condition or "true"), values):
        is_cut = bool(cut)
        if document == original or original not in groups:
            groups[original] = document  # the original takes the place of a copy that stood before it
        if len(groups) >= wanted:
            break
    return Ranking(list(groups.values()), is_cut)


def _read_shown(db: sqlite3.Connection, query: Query, documents: list[int]) -> list[sqlite3.Row]:
    sql = SHOWN.format(plus="+" if "*" in query.match else "")
    values = {"match": query.match, "ids": f"[{','.join(map(str, documents))}]"}
    rows = {row["id"]: row for row in db.execute(sql, values)}
    return [rows[document] for document in documents if document in rows]


def filter_values(db: sqlite3.Connection) -> dict[str, list[str]]:
    """Name the values of each filter that occur; one step in an index for each of them."""
    found = {}
    for column in FILTERS:
        rows = db.execute(
            f"WITH RECURSIVE step(value) AS (SELECT min({column}) FROM documents UNION ALL"
            f" SELECT (SELECT min({column}) FROM documents WHERE {column} > step.value) FROM step"
            " WHERE step.value IS NOT NULL)"
            " SELECT value FROM step WHERE value != '' LIMIT 200"
        )
        found[column] = [value for (value,) in rows]
    return found


class Term(NamedTuple):
    """A word, a phrase, or the beginning of a word."""

    words: str
    is_beginning: bool = False

    @property
    def quoted(self) -> str:
        """Write the term so that nothing in it is read as FTS5's own syntax (columns, NEAR, parentheses)."""
        return f'"{self.words}"*' if self.is_beginning else f'"{self.words}"'


class Terms(NamedTuple):
    """What is searched for: a text has all terms of one of the ``groups``, and none of ``unwanted``."""

    groups: list[list[Term]]
    unwanted: list[Term]


def terms_of(typed: str) -> Terms:
    """Read words, ``"phrases"``, ``begin*``, ``-without`` and ``one OR other`` as a person types them."""
    groups: list[list[Term]] = [[]]
    unwanted: list[Term] = []
    for term in list(TERM.finditer(typed.replace("\0", " ")[:MAX_LENGTH]))[:MAX_TERMS]:
        word = term["phrase"] or term["word"] or ""
        if term["word"] == "OR":
            if groups[-1]:
                groups.append([])
        elif LETTER.search(word):
            is_beginning = term["phrase"] is None and word.endswith("*")
            (unwanted if term["minus"] else groups[-1]).append(
                Term(word.rstrip("*") if is_beginning else word, is_beginning)
            )
    return Terms([group for group in groups if group], unwanted)


def match_query(typed: str) -> str:
    """Give the FTS5 query for what a person types, see :func:`terms_of`; empty for none.

    >>> match_query('rapid "not addictive" infus* -pain')
    '("rapid" "not addictive" "infus"*) NOT ("pain")'
    """
    groups, unwanted = terms_of(typed)
    wanted = " OR ".join(" ".join(term.quoted for term in group) for group in groups)
    if not unwanted or not wanted:
        return wanted
    return f"({wanted}) NOT ({' OR '.join(term.quoted for term in unwanted)})"
