"""The pass ``claim_list``: one row a site, sentence and code, the first seen first, with the sets of its filters.

candidates of every region | rows of a site | their order | for each value of each filter the rows that have it

The page of claims answers any combination of filters, so none of them may cost a walk through the rows: a filter's
value has the set of its rows as bits (:mod:`pipelines.text.bitmaps`), and words that many sentences have do so, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from db.passes.claims import SHOWN, has_codebook, sorted_list
from db.passes.driver import Pass, digest_rows
from db.passes.page_states import the_corpus
from db.passes.sync import Table, sync_select
from pipelines.changes.version_regions import MAIN, REGIONS
from pipelines.text.bitmaps import bits_of, pack

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from db.passes.driver import Unit

__all__ = ["CLAIM_LIST", "FREQUENT", "PERCENT_DIGITS"]

FREQUENT = 1_000  # sentences that have a word; it then has the set of its rows, and full-text search is not asked
PERCENT_DIGITS = 4  # of a percentage as a filter's value, so that values are in the order of their numbers
RANKS = " ".join(f"WHEN '{region}' THEN {len(REGIONS) - place}" for place, region in enumerate(REGIONS))
# the place that stands for a row comes last in the order of: shown now, in the main text, confirmed last; of a version
# that shows the sentence in several regions it is where `version_claims` has it
LIST = f"""
    WITH shown AS MATERIALIZED (SELECT * FROM ({SHOWN}) WHERE counts),
    listed AS MATERIALIZED (
        SELECT shown.site AS site, claims.quote_key AS quote_key, claims.code AS code,
            json_group_array(DISTINCT claims.value) AS suggested,
            json_group_array(DISTINCT version_regions.region) AS regions,
            json_group_array(DISTINCT shown.page_type) AS page_types,
            min(shown.first_seen) AS first_seen, max(shown.last_confirmed) AS last_seen,
            CASE WHEN sum(shown.here) = 0 THEN max(shown.next_seen) END AS vanished_at,
            count(DISTINCT CASE WHEN shown.here THEN shown.page END) AS n_pages,
            count(DISTINCT shown.page) AS n_pages_ever,
            max(shown.here || (version_regions.region = '{MAIN}') || shown.last_confirmed
                || printf('/%015d/', shown.version) || CASE version_regions.region {RANKS} END || claims.id) AS place
        FROM claims JOIN version_regions ON version_regions.text_sha256 = claims.text_sha256
        JOIN shown ON shown.version = version_regions.version
        GROUP BY 1, 2, 3
    )
    SELECT listed.site, listed.quote_key, listed.code,
        row_number() OVER (ORDER BY listed.first_seen, sites.host, listed.code, listed.quote_key) - 1,
        sorted_list(suggested), sorted_list(regions), sorted_list(page_types), listed.first_seen, listed.last_seen,
        listed.vanished_at, listed.n_pages, listed.n_pages_ever, CAST(substr(place, -33, 15) AS INTEGER),
        substr(place, -16)
    FROM listed JOIN sites ON sites.id = listed.site
"""
TABLE = Table(
    "claim_list",
    (
        "site", "quote_key", "code", "position", "suggested", "regions", "page_types", "first_seen", "last_seen",
        "vanished_at", "n_pages", "n_pages_ever", "version", "claim",
    ),
    key=3,
)  # fmt: skip
#: rows of the list with a value each, by the name of the filter
FILTERS = {
    "advertiser": "SELECT sites.advertiser, position FROM claim_list JOIN sites ON sites.id = site",
    "class": "SELECT sites.source_class, position FROM claim_list JOIN sites ON sites.id = site",
    "code": "SELECT code, position FROM claim_list",
    "page_type": "SELECT each.value, position FROM claim_list, json_each(page_types) AS each",
    "region": "SELECT each.value, position FROM claim_list, json_each(regions) AS each",
    "seen": "SELECT CASE WHEN n_pages THEN 'now' ELSE 'gone' END, position FROM claim_list",
    "site": "SELECT sites.host, position FROM claim_list JOIN sites ON sites.id = site",
    "state": "SELECT sites.state, position FROM claim_list JOIN sites ON sites.id = site",
    "value": "SELECT code || '=' || each.value, position FROM claim_list, json_each(suggested) AS each",
}
PERCENTS = f"""
    SELECT printf('%0{PERCENT_DIGITS}d', CAST(percent AS INTEGER)), position
    FROM claim_ledger JOIN claim_list USING (quote_key) WHERE percent IS NOT NULL
"""
WORDS = f"""
    CREATE VIRTUAL TABLE temp.claim_words USING fts5vocab('main', 'claim_ledger_fts', 'row');
    CREATE VIRTUAL TABLE temp.claim_word_places USING fts5vocab('main', 'claim_ledger_fts', 'instance');
    CREATE TEMP TABLE frequent AS SELECT term FROM claim_words WHERE doc >= {FREQUENT} ORDER BY term
"""
SENTENCES = "SELECT claim_ledger.id, position FROM claim_list JOIN claim_ledger USING (quote_key)"
WORD_ROWS = "SELECT DISTINCT doc FROM claim_word_places WHERE term = ?"


# what filters are worked out from beside the list
SITES = "SELECT id, host, advertiser, state, source_class FROM sites ORDER BY id"
SUMS = "SELECT count(*), total(percent) FROM claim_ledger"


class FilterRows(NamedTuple):
    """A value of a filter and the rows that have it, as bits."""

    filter: str
    value: str
    bits: int


def write_list(db: sqlite3.Connection, _unit: Unit, _nothing: None) -> int:
    """Bring the list up to date, and where it changed the sets of its filters."""
    db.create_function("sorted_list", 1, sorted_list, deterministic=True)
    changed = sync_select(db, TABLE, LIST)
    key = digest_rows([*db.execute(SITES), *db.execute(SUMS)])
    known = db.execute("SELECT value FROM claim_filters WHERE filter = 'all'").fetchone()
    return changed + _write_filters(db, key) if changed or known != (key,) else 0


def _write_filters(db: sqlite3.Connection, key: str) -> int:
    stored = {(filter_, value) for filter_, value in db.execute("SELECT filter, value FROM claim_filters")}
    changed = 0
    for one in _filter_rows(db, key):
        stored.discard((one.filter, one.value))
        changed += db.execute(
            'INSERT INTO claim_filters (filter, value, "rows", bits) VALUES (?, ?, ?, ?)'
            ' ON CONFLICT (filter, value) DO UPDATE SET "rows" = excluded."rows", bits = excluded.bits'
            " WHERE bits IS NOT excluded.bits",
            (one.filter, one.value, one.bits.bit_count(), pack(one.bits)),
        ).rowcount
    db.executemany("DELETE FROM claim_filters WHERE (filter, value) = (?, ?)", sorted(stored))
    return changed + len(stored)


def _filter_rows(db: sqlite3.Connection, key: str) -> Iterator[FilterRows]:
    """Give the rows of each value of each filter; one set at a time is held."""
    size = db.execute("SELECT count(*) FROM claim_list").fetchone()[0]
    yield FilterRows("all", key, (1 << size) - 1)
    for name, select in FILTERS.items():
        for value, positions in _by_value(db.execute(f"{select} ORDER BY 1")):
            yield FilterRows(name, value, bits_of(positions, size))
    at_least = 0  # a percentage has the rows of all higher ones, too
    for value, positions in _by_value(db.execute(f"{PERCENTS} ORDER BY 1 DESC")):
        at_least |= bits_of(positions, size)
        yield FilterRows("percent", value, at_least)
    yield from _word_rows(db, size)


def _by_value(rows: Iterable[tuple[str | None, int]]) -> Iterator[tuple[str, list[int]]]:
    """Gather positions that come in the order of their values; no value is none."""
    last, positions = "", list[int]()
    for value, position in rows:
        if value != last:
            if last:
                yield last, positions
            last, positions = value or "", []
        positions.append(position)
    if last:
        yield last, positions


def _word_rows(db: sqlite3.Connection, size: int) -> Iterator[FilterRows]:
    """Give the rows of each word that many sentences have, in the form in which full-text search keeps it."""
    for name in ("claim_words", "claim_word_places", "frequent"):
        db.execute(f"DROP TABLE IF EXISTS temp.{name}")
    for statement in WORDS.split(";"):
        db.execute(statement)
    of_sentence: dict[int, list[int]] = {}
    for sentence, position in db.execute(
        "SELECT claim_ledger.id, position FROM claim_list JOIN claim_ledger USING (quote_key)"
    ):
        of_sentence.setdefault(sentence, []).append(position)
    for (word,) in db.execute("SELECT term FROM frequent").fetchall():
        sentences = db.execute(WORD_ROWS, (word,))
        positions = (position for (sentence,) in sentences for position in of_sentence.get(sentence, ()))
        yield FilterRows("word", word, bits_of(positions, size))


CLAIM_LIST = Pass(
    name="claim_list",
    version=1,
    tables=("claim_list", "claim_filters"),
    applies=has_codebook,
    units=the_corpus,
    load=lambda _db, _rules, _unit: None,
    work=lambda _rules, _nothing: None,
    write=write_list,
)
