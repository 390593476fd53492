"""Full-text search in the sentences of the claim list, as a set of its rows.

What is typed | terms | rows of each, by its word's set or by FTS5 | rows of all | phrases of common words, read

A word that many sentences have has the set of its rows (``claim_filters``), so FTS5 is only asked for terms that few
have. Where all words of a phrase are common, the rows that have the words are known at once, and whether they have
them in this order is read from their sentences, page by page.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from db.datasette.search import match_query, terms_of
from db.schema.shape import CLAIM_TEXT
from pipelines.text.bitmaps import bits_of, unpack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from db.datasette.search import Term

__all__ = ["TextRows", "matching_sentences", "text_rows"]

MAX_HITS = 3_000  # sentences that the beginning of a word may have for FTS5 to name them all
WORD = "SELECT bits FROM claim_filters WHERE filter = 'word' AND value = ?"
# FTS5 gathers all sentences of all words that begin so before it gives the first one
COMMON_BEGINNING = """
    SELECT 1 FROM claim_filters WHERE filter = 'word' AND value BETWEEN ? AND ? || char(1114111) LIMIT 1
"""
HITS = """
    SELECT claim_list.position FROM (
        SELECT rowid AS sentence FROM claim_ledger_fts WHERE claim_ledger_fts MATCH :match LIMIT :most) AS hits
    CROSS JOIN claim_ledger ON claim_ledger.id = hits.sentence
    CROSS JOIN claim_list ON claim_list.quote_key = claim_ledger.quote_key
"""
COUNTED = "SELECT count(*) FROM (SELECT 1 FROM claim_ledger_fts WHERE claim_ledger_fts MATCH :match LIMIT :most)"
# the same search in a few sentences
FEW = CLAIM_TEXT.replace(", content='claim_ledger', content_rowid='id'", "")


class TextRows(NamedTuple):
    """Rows of the list that have what was searched for; where it is not ``exact``, some of them may not."""

    bits: int
    exact: bool = True


def text_rows(db: sqlite3.Connection, typed: str, every: int) -> TextRows:
    """Find the rows of the list (``every`` has all) whose sentences have what a person typed."""
    groups, unwanted = terms_of(typed)
    found = TextRows(0)
    with closing(_few_sentences([])) as few:
        for group in groups:
            # what full-text search has no word for is passed over, as it does itself
            rows = [one for term in group if (one := _term_rows(db, few, term, every))]
            together = every if rows else 0
            for one in rows:
                together &= one.bits
            found = TextRows(found.bits | together, found.exact and all(one.exact for one in rows))
        for term in unwanted:
            if one := _term_rows(db, few, term, every):
                found = TextRows(found.bits & ~one.bits if one.exact else found.bits, found.exact and one.exact)
    return found


def matching_sentences(sentences: Sequence[str], typed: str) -> set[int]:
    """Give the places of those sentences that have what a person typed, as FTS5 finds it."""
    with closing(_few_sentences(sentences)) as few:
        found = few.execute("SELECT rowid FROM claim_ledger_fts WHERE claim_ledger_fts MATCH ?", (match_query(typed),))
        return {place - 1 for (place,) in found}


def _few_sentences(sentences: Sequence[str]) -> sqlite3.Connection:
    few = sqlite3.connect(":memory:", isolation_level=None)
    few.execute(FEW)
    few.executemany("INSERT INTO claim_ledger_fts (quote) VALUES (?)", ((sentence,) for sentence in sentences))
    return few


def _term_rows(db: sqlite3.Connection, few: sqlite3.Connection, term: Term, every: int) -> TextRows | None:
    """Find the rows that have a term; ``None`` for a term without a word of full-text search."""
    tokens = _tokens(few, term.words)
    if not tokens:
        return None
    common = [db.execute(WORD, (token,)).fetchone() for token in dict.fromkeys(tokens)]
    if all(common) and not term.is_beginning:
        together = every
        for row in common:
            together &= unpack(row[0])
        return TextRows(together, exact=len(tokens) == 1)
    values = {"match": term.quoted, "most": MAX_HITS + 1}
    if term.is_beginning:
        is_common = db.execute(COMMON_BEGINNING, (tokens[-1],) * 2).fetchone()
        if is_common or db.execute(COUNTED, values).fetchone()[0] > MAX_HITS:
            return TextRows(every, exact=False)
    positions = [position for (position,) in db.execute(HITS, values | {"most": -1})]
    return TextRows(bits_of(positions, every.bit_length()))


def _tokens(few: sqlite3.Connection, words: str) -> list[str]:
    """Give words as full-text search keeps them, each as often as it occurs."""
    few.execute("DELETE FROM claim_ledger_fts")
    few.execute("INSERT INTO claim_ledger_fts (quote) VALUES (?)", (words,))
    few.execute("CREATE VIRTUAL TABLE IF NOT EXISTS tokens USING fts5vocab('claim_ledger_fts', 'instance')")
    return [token for (token,) in few.execute("SELECT term FROM tokens")]
