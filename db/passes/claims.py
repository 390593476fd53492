"""The pass ``claims``: candidates in the texts of each version's regions, and the ledger of the sentences they quote.

texts not scanned with today's codebook and names | candidates | ledger

A text is scanned once for a codebook and a set of names, however many pages and versions show it; a text that no
version on the topic has any more loses its candidates. All is worked out from versions, visits and the codebook, so a
full re-run gives the same rows, and the ids of candidates too.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from db.passes.driver import CORPUS, Pass, Unit, digest
from db.passes.page_states import the_corpus
from db.passes.sync import Table, sync, sync_select
from db.schema.vocabulary import CURRENT_STATES, ENDED_STATES, ENDING, LISTINGS
from pipelines.coding.claims import Scanner, find_candidates
from pipelines.coding.codebook import load_codebook
from pipelines.coding.references import load_reference
from pipelines.text.amounts import highest_percent
from pipelines.text.encode import dump, sha256
from pipelines.text.names import name_pattern
from pipelines.text.normalise import fold_line

if TYPE_CHECKING:
    import re
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from db.passes.rules import Rules
    from pipelines.coding.claims import Candidate
    from pipelines.coding.codebook import Code, Codebook

__all__ = ["CLAIMS", "CLAIM_LEDGER", "CODEBOOK", "SHOWN", "claim_id", "sorted_list"]

# the versions whose candidates are counted: ``versions`` joined with ``topic_overrides`` by content; all are scanned
IN_SCOPE = "coalesce(topic_overrides.verdict, versions.verdict) IS NOT 'off topic'"
OVERRIDES = "LEFT JOIN topic_overrides ON topic_overrides.text_sha256 = versions.content_sha256"
WANTED = """
    SELECT DISTINCT version_regions.text_sha256 AS digest, pages.site FROM version_regions
    JOIN versions ON versions.id = version_regions.version JOIN pages ON pages.id = versions.page
    ORDER BY 1, 2
"""
HOSTS = "SELECT site, host FROM hosts UNION SELECT id, host FROM sites ORDER BY 1, 2"
NAMES = """
    SELECT id, name FROM sites WHERE name != ''
    UNION SELECT pages.site, site_name FROM versions JOIN pages ON pages.id = versions.page WHERE site_name != ''
    UNION SELECT pages.site, fact.value ->> 1 FROM versions JOIN pages ON pages.id = versions.page,
        json_each(versions.facts) AS fact WHERE fact.value ->> 0 = 'name'
    ORDER BY 1, 2
"""
CLAIMS_TABLE = Table(
    "claims",
    (
        "id", "text_sha256", "sentence_no", "start", "end", "mark_start", "mark_end", "quote", "quote_key", "code",
        "value", "cue", "cue_version",
    ),
)  # fmt: skip
CODES = Table(
    "codes",
    (
        "code", "position", "name", "level", "type", "allowed", "key", "definition", "positive", "negative",
        "reference", "omission", "cues", "source", "codebook", "version", "cue_version",
    ),
)  # fmt: skip
REFERENCES = Table(
    "reference_items",
    ("set", "version", "item", "position", "label", "note", "valid_from", "title", "source", "set_note"),
    key=3,
)
# every version that shows candidates, with the version that came after it on the page; lists of other pages repeat
# what stands elsewhere and do not count
SHOWN = f"""
    SELECT versions.id AS version, versions.page AS page, pages.site AS site, sites.advertiser AS advertiser,
        versions.page_type AS page_type, versions.first_seen AS first_seen,
        versions.last_confirmed AS last_confirmed,
        pages.version = versions.id AND pages.state IN {CURRENT_STATES} AS here,
        CASE WHEN pages.version != versions.id
            THEN lead(versions.first_seen) OVER (PARTITION BY versions.page ORDER BY versions.first_seen, versions.id)
            WHEN pages.state IN {ENDED_STATES} THEN (
                SELECT min(visits.at) FROM visits WHERE visits.page = pages.id
                    AND visits.at > versions.last_confirmed AND visits.outcome IN {ENDING}
            ) END AS next_seen,
        versions.page_type NOT IN {LISTINGS} AND {IN_SCOPE} AS counts
    FROM versions JOIN pages ON pages.id = versions.page JOIN sites ON sites.id = pages.site {OVERRIDES}
"""
# a version that shows a text in two regions shows it once
LEDGER = f"""
    WITH said AS (SELECT DISTINCT quote_key, text_sha256 FROM claims),
    shown AS MATERIALIZED (SELECT * FROM ({SHOWN}) WHERE counts)
    SELECT said.quote_key,
        (SELECT quote FROM claims WHERE claims.quote_key = said.quote_key ORDER BY id LIMIT 1),
        (SELECT json_group_array(code) FROM (
            SELECT DISTINCT code FROM claims WHERE claims.quote_key = said.quote_key ORDER BY code)),
        sorted_list(json_group_array(DISTINCT version_regions.region)),
        (SELECT highest_percent(quote) FROM claims WHERE claims.quote_key = said.quote_key ORDER BY id LIMIT 1),
        min(shown.first_seen), max(shown.last_confirmed),
        CASE WHEN sum(shown.here) = 0 THEN max(shown.next_seen) END,
        count(DISTINCT CASE WHEN shown.here THEN shown.page END),
        count(DISTINCT CASE WHEN shown.here THEN shown.advertiser END),
        count(DISTINCT shown.page), count(DISTINCT shown.advertiser)
    FROM said JOIN version_regions ON version_regions.text_sha256 = said.text_sha256
    JOIN shown ON shown.version = version_regions.version
    GROUP BY said.quote_key
"""
LEDGER_TABLE = Table(
    "claim_ledger",
    (
        "quote_key", "quote", "codes", "regions", "percent", "first_seen", "last_seen", "vanished_at", "n_pages",
        "n_advertisers", "n_pages_ever", "n_advertisers_ever",
    ),
)  # fmt: skip


class Called(NamedTuple):
    """What sites are called, and their hosts."""

    names: frozenset[str]
    hosts: frozenset[str]


class Loaded(NamedTuple):
    """A text to be scanned (by its SHA-256), with what the sites that show it are called."""

    digest: str
    text: str
    called: Called


def text_units(db: sqlite3.Connection, _rules: Rules) -> Iterator[Unit]:
    """Name each text of a region of a version in scope; its key holds the names of the sites that show it."""
    sites = defaultdict[str, list[int]](list)
    for text, site in db.execute(WANTED):
        sites[text].append(site)
    names = _names(db)
    groups = {group: _united(names, group) for group in set(map(tuple, sites.values()))}
    keys = {group: digest(sorted(called.names), sorted(called.hosts)) for group, called in groups.items()}
    for text in sorted(sites):
        group = tuple(sites[text])
        yield Unit(text, keys[group], groups[group])


def load_text(db: sqlite3.Connection, _rules: Rules, unit: Unit) -> Loaded:
    """Read a text and what the sites that show it are called."""
    text = str(db.execute("SELECT text FROM texts WHERE sha256 = ?", (unit.id,)).fetchone()[0])
    return Loaded(unit.id, text, unit.data)


def scan_text(rules: Rules, loaded: Loaded) -> list[tuple[object, ...]]:
    """Give the candidates of a text as rows of ``claims``."""
    scanner = _scanner(rules.codebook)
    found = find_candidates(loaded.text, scanner, _pattern(loaded.called))
    rows = [_claim_row(scanner.codebook, loaded.digest, one) for one in found]
    return list({row[0]: row for row in reversed(rows)}.values())


@lru_cache(maxsize=2)
def _scanner(codebook: str) -> Scanner:
    return Scanner(load_codebook(codebook))


@lru_cache(maxsize=1_000)  # texts come in the order of their digests, and each site has many
def _pattern(called: Called) -> re.Pattern[str] | None:
    return name_pattern(called.names, called.hosts)


def write_claims(db: sqlite3.Connection, unit: Unit, rows: list[tuple[object, ...]]) -> int:
    """Bring the candidates of a text up to date."""
    return sync(db, CLAIMS_TABLE, rows, "text_sha256 = ?", (unit.id,))


def forget_claims(db: sqlite3.Connection, text: str) -> int:
    """Remove the candidates of a text that no version in scope has any more."""
    return sync(db, CLAIMS_TABLE, [], "text_sha256 = ?", (text,))


def codebook_unit(_db: sqlite3.Connection, rules: Rules) -> Iterator[Unit]:
    """Name the codebook, with a key of its words."""
    yield Unit(CORPUS, digest(rules.codebook, rules.references))


def read_codebook(_db: sqlite3.Connection, rules: Rules, _unit: Unit) -> tuple[str, Sequence[tuple[str, str]]]:
    """Give the texts of codebook and reference sets."""
    return rules.codebook, rules.references


def lay_out_codebook(_rules: Rules, files: tuple[str, Sequence[tuple[str, str]]]) -> Book:
    """Lay out codebook and reference sets as rows, so that an export can say by which words the coding was done."""
    book = load_codebook(files[0])
    sets = [load_reference(text, file) for file, text in files[1]]
    items = [
        (one.set, one.version, item.id, place, item.label, item.note, one.valid_from, one.title, one.source, one.note)
        for one in sets
        for place, item in enumerate(one.items, 1)
    ]
    return Book([_code_row(book, place, code) for place, code in enumerate(book.codes, 1)], items)


class Book(NamedTuple):
    """Rows of ``codes`` and of ``reference_items``."""

    codes: Sequence[tuple[object, ...]]
    items: Sequence[tuple[object, ...]]


def write_codebook(db: sqlite3.Connection, _unit: Unit, book: Book) -> int:
    """Bring the tables of the codebook up to date."""
    return sync(db, CODES, book.codes) + sync(db, REFERENCES, book.items)


def has_codebook(rules: Rules) -> bool:
    """Tell whether there is a codebook: without one, what was found by the last one stays."""
    return bool(rules.codebook)


def write_ledger(db: sqlite3.Connection, _unit: Unit, _nothing: None) -> int:
    """Bring the ledger of quoted sentences up to date."""
    db.create_function("highest_percent", 1, highest_percent, deterministic=True)
    db.create_function("sorted_list", 1, sorted_list, deterministic=True)
    return sync_select(db, LEDGER_TABLE, LEDGER)


def sorted_list(listed: str) -> str:
    """Sort the strings of a JSON list: an aggregate of SQLite gives them in the order in which it met them."""
    return dump(sorted(json.loads(listed)))


def _code_row(book: Codebook, place: int, code: Code) -> tuple[object, ...]:
    return (
        *(code.id, place, code.name, code.level, code.type, dump(code.values), code.key, code.definition),
        *(code.positive, code.negative, code.reference, int(code.omission), len(code.cues), code.source),
        *(book.name, book.version, book.hash),
    )


def _names(db: sqlite3.Connection) -> dict[int, Called]:
    names, hosts = defaultdict[int, set[str]](set), defaultdict[int, set[str]](set)
    for found, sql in ((names, NAMES), (hosts, HOSTS)):
        for site, name in db.execute(sql):
            found[site].add(str(name))
    return {site: Called(frozenset(names[site]), frozenset(hosts[site])) for site in names.keys() | hosts.keys()}


def _united(names: Mapping[int, Called], sites: Iterable[int]) -> Called:
    called = [names[site] for site in sites]
    return Called(frozenset().union(*(one.names for one in called)), frozenset().union(*(one.hosts for one in called)))


def _claim_row(book: Codebook, digest: str, one: Candidate) -> tuple[object, ...]:
    return (
        claim_id(digest, one),
        *(digest, one.sentence_no, one.start, one.end, one.mark_start, one.mark_end, one.quote),
        *(sha256(fold_line(one.quote))[:16], one.code, one.value, one.cue, book.hash),
    )


def claim_id(digest: str, one: Candidate) -> str:
    """Name a candidate by its text, its place, its code and, of a set, the member: 16 hexadecimal digits."""
    return hashlib.sha256(dump([digest, one.start, one.end, one.code, one.value]).encode()).hexdigest()[:16]


CODEBOOK = Pass(
    name="codebook",
    version=1,
    tables=("codes", "reference_items"),
    applies=has_codebook,
    units=codebook_unit,
    load=read_codebook,
    work=lay_out_codebook,
    write=write_codebook,
)
CLAIMS = Pass(
    name="claims",
    version=2,  # counts up when sentences, names or the scan itself change, so that texts are scanned again
    tables=("claims",),
    rules=lambda rules: rules.codebook,
    applies=has_codebook,
    units=text_units,
    load=load_text,
    work=scan_text,
    write=write_claims,
    forget=forget_claims,
    independent=True,
)
CLAIM_LEDGER = Pass(
    name="claim_ledger",
    version=2,
    tables=("claim_ledger",),
    applies=has_codebook,
    units=the_corpus,
    load=lambda _db, _rules, _unit: None,
    work=lambda _rules, _nothing: None,
    write=write_ledger,
)
