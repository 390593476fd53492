"""The pass ``claims``: candidates in the own text of each version, and the ledger of the sentences that they quote.

texts not scanned with today's codebook and names | candidates | ledger

A text is scanned once for a codebook and a set of names, however many pages and versions show it; a text that no
version on the topic has any more loses its candidates. All is worked out from versions, visits and the codebook, so a
full re-run gives the same rows, and the ids of candidates too.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from db.corpus.connection import atomic
from db.schema.vocabulary import CURRENT_STATES, ENDED_STATES, ENDING, LISTINGS
from pipelines.coding.claims import Scanner, find_candidates
from pipelines.coding.codebook import load_codebook
from pipelines.coding.references import load_reference
from pipelines.text.clean import fold
from pipelines.text.encode import dump, sha256
from pipelines.text.names import name_pattern

if TYPE_CHECKING:
    import re
    import sqlite3
    from collections.abc import Sequence

    from pipelines.coding.claims import Candidate
    from pipelines.coding.codebook import Code, Codebook

__all__ = ["claim_id", "find_claims"]

Names = dict[int, tuple[tuple[str, ...], tuple[str, ...]]]  # of each site: what it is called, and its hosts

SCAN = 1  # counts up when sentences, names or the scan itself change, so that texts are scanned again
CHUNK = 200  # texts a transaction
WANTED = """
    SELECT DISTINCT coalesce(own_sha256, versions.text_sha256) AS digest, pages.site FROM versions
    JOIN pages ON pages.id = versions.page LEFT JOIN overrules ON overrules.text_sha256 = versions.own_sha256
    WHERE coalesce(overrules.verdict, versions.verdict) IS NOT 'off topic' ORDER BY 1, 2
"""
NAMES = """
    SELECT id, name FROM sites WHERE name != ''
    UNION SELECT pages.site, site_name FROM versions JOIN pages ON pages.id = versions.page WHERE site_name != ''
    UNION SELECT pages.site, fact.value ->> 1 FROM versions JOIN pages ON pages.id = versions.page,
        json_each(versions.facts) AS fact WHERE fact.value ->> 0 = 'name'
    ORDER BY 1, 2
"""
CLAIM = (
    'INSERT OR IGNORE INTO claims (id, text_sha256, sentence_no, "start", "end", mark_start, mark_end, quote,'
    " quote_key, code, value, cue, cue_version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
# every version that shows a candidate's sentence, with the version that came after it on the page; lists of other
# pages repeat what stands elsewhere and do not count
LEDGER = f"""
    WITH said AS (SELECT DISTINCT quote_key, text_sha256 FROM claims),
    shown AS (
        SELECT versions.id, versions.page, coalesce(own_sha256, versions.text_sha256) AS digest, versions.first_seen,
            versions.last_confirmed, sites.advertiser,
            pages.version = versions.id AND pages.state IN {CURRENT_STATES} AS here,
            CASE WHEN pages.version != versions.id
                THEN lead(versions.first_seen) OVER (PARTITION BY versions.page ORDER BY versions.id)
                WHEN pages.state IN {ENDED_STATES} THEN (
                    SELECT min(visits.at) FROM visits WHERE visits.page = pages.id
                        AND visits.at > versions.last_confirmed AND visits.outcome IN {ENDING}
                ) END AS next_seen,
            versions.page_type, coalesce(overrules.verdict, versions.verdict) AS verdict
        FROM versions JOIN pages ON pages.id = versions.page JOIN sites ON sites.id = pages.site
        LEFT JOIN overrules ON overrules.text_sha256 = versions.own_sha256
    )
    SELECT said.quote_key,
        (SELECT quote FROM claims WHERE claims.quote_key = said.quote_key ORDER BY id LIMIT 1),
        (SELECT json_group_array(code) FROM (
            SELECT DISTINCT code FROM claims WHERE claims.quote_key = said.quote_key ORDER BY code)),
        min(shown.first_seen), max(shown.last_confirmed),
        CASE WHEN sum(shown.here) = 0 THEN max(shown.next_seen) END,
        count(DISTINCT CASE WHEN shown.here THEN shown.page END),
        count(DISTINCT CASE WHEN shown.here THEN shown.advertiser END),
        count(DISTINCT shown.page), count(DISTINCT shown.advertiser)
    FROM said JOIN shown ON shown.digest = said.text_sha256
    WHERE shown.verdict IS NOT 'off topic' AND shown.page_type NOT IN {LISTINGS}
    GROUP BY said.quote_key
"""
LEDGER_COLUMNS = (
    "quote_key, quote, codes, first_seen, last_seen, vanished_at, n_pages, n_advertisers, n_pages_ever,"
    " n_advertisers_ever"
)


class _Due(NamedTuple):
    """A text to be scanned: its digest, the key of the scan, and the sites that show it."""

    digest: str
    key: str
    sites: tuple[int, ...]


def find_claims(db: sqlite3.Connection, codebook: str, references: Sequence[tuple[str, str]] = ()) -> int:
    """Bring candidates and ledger up to date; gives how many rows changed. An empty codebook leaves all as it is.

    ``codebook`` is the text of the codebook, ``references`` are name and text of each reference set.
    """
    if not codebook:
        return 0
    book = load_codebook(codebook)
    changed = _store_book(db, book, references) + _forget(db)
    scanner, names = Scanner(book), _names(db)
    todo = _due(db, book, names)
    patterns = {sites: _pattern(names, sites) for sites in {due.sites for due in todo}}
    for start in range(0, len(todo), CHUNK):
        with atomic(db):
            changed += sum(_scan(db, scanner, patterns[due.sites], due) for due in todo[start : start + CHUNK])
    return changed + _keep_ledger(db)


def _store_book(db: sqlite3.Connection, book: Codebook, references: Sequence[tuple[str, str]]) -> int:
    """Store the codebook and the reference sets, so that an export can say by which words the coding was done."""
    codes = [_code_row(book, place, code) for place, code in enumerate(book.codes, 1)]
    sets = [load_reference(text, file) for file, text in references]
    items = [
        (one.set, one.version, item.id, place, item.label, item.note, one.valid_from, one.title, one.source, one.note)
        for one in sets
        for place, item in enumerate(one.items, 1)
    ]
    with atomic(db):
        return _replace(db, "codes", codes) + _replace(db, "reference_items", items)


def _code_row(book: Codebook, place: int, code: Code) -> tuple[object, ...]:
    return (
        *(code.id, place, code.name, code.level, code.type, dump(code.values), code.key, code.definition),
        *(code.positive, code.negative, code.reference, int(code.omission), len(code.cues), code.source),
        *(book.name, book.version, book.hash),
    )


def _replace(db: sqlite3.Connection, table: str, rows: Sequence[tuple[object, ...]]) -> int:
    """Make a small table hold these rows; one that does already is not touched."""
    if sorted(map(repr, db.execute(f"SELECT * FROM {table}"))) == sorted(map(repr, rows)):
        return 0
    db.execute(f"DELETE FROM {table}")
    marks = ", ".join("?" * len(rows[0])) if rows else ""
    db.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
    return len(rows) or 1


def _forget(db: sqlite3.Connection) -> int:
    """Take away the candidates of texts that no version on the topic has any more."""
    with atomic(db):
        gone = [
            (digest,)
            for (digest,) in db.execute(f"SELECT text_sha256 FROM claim_scans EXCEPT SELECT digest FROM ({WANTED})")
        ]
        db.executemany("DELETE FROM claims WHERE text_sha256 = ?", gone)
        db.executemany("DELETE FROM claim_scans WHERE text_sha256 = ?", gone)
    return len(gone)


def _names(db: sqlite3.Connection) -> Names:
    """Give what each site is called, and its hosts."""
    called: dict[int, tuple[set[str], set[str]]] = {}
    for kind, sql in enumerate((NAMES, "SELECT site, host FROM hosts UNION SELECT id, host FROM sites ORDER BY 1, 2")):
        for site, name in db.execute(sql):
            called.setdefault(site, (set(), set()))[kind].add(str(name))
    return {site: (tuple(sorted(names)), tuple(sorted(hosts))) for site, (names, hosts) in called.items()}


def _due(db: sqlite3.Connection, book: Codebook, names: Names) -> list[_Due]:
    """Name the texts that were not scanned with this codebook and these names."""
    sites: dict[str, list[int]] = {}
    for digest, site in db.execute(WANTED):
        sites.setdefault(digest, []).append(site)
    known = dict(db.execute("SELECT text_sha256, scan_key FROM claim_scans"))
    keys = {group: _scan_key(book, names, group) for group in set(map(tuple, sites.values()))}
    return [
        _Due(digest, keys[tuple(of)], tuple(of)) for digest, of in sites.items() if known.get(digest) != keys[tuple(of)]
    ]


def _scan_key(book: Codebook, names: Names, sites: tuple[int, ...]) -> str:
    return sha256(dump([SCAN, book.hash, [names[site] for site in sites]]))[:16]


def _pattern(names: Names, sites: tuple[int, ...]) -> re.Pattern[str] | None:
    """Make the pattern of all names of the sites that show one text."""
    called = [names[site] for site in sites]
    return name_pattern({name for one, _ in called for name in one}, {host for _, hosts in called for host in hosts})


def _scan(db: sqlite3.Connection, scanner: Scanner, pattern: re.Pattern[str] | None, due: _Due) -> int:
    """Scan a text and store its candidates; gives how many rows changed."""
    text = str(db.execute("SELECT text FROM texts WHERE sha256 = ?", (due.digest,)).fetchone()[0])
    rows = [_claim_row(scanner.codebook, due.digest, one) for one in find_candidates(text, scanner, pattern)]
    before = db.total_changes
    db.execute("DELETE FROM claims WHERE text_sha256 = ?", (due.digest,))
    db.executemany(CLAIM, rows)
    db.execute("INSERT OR REPLACE INTO claim_scans VALUES (?, ?)", (due.digest, due.key))
    return db.total_changes - before


def _claim_row(book: Codebook, digest: str, one: Candidate) -> tuple[object, ...]:
    return (
        claim_id(digest, one),
        *(digest, one.sentence_no, one.start, one.end, one.mark_start, one.mark_end, one.quote),
        *(sha256(fold(one.quote))[:16], one.code, one.value, one.cue, book.hash),
    )


def claim_id(digest: str, one: Candidate) -> str:
    """Name a candidate by its text, its place, its code and, of a set, the member: 16 hexadecimal digits."""
    return hashlib.sha256(dump([digest, one.start, one.end, one.code, one.value]).encode()).hexdigest()[:16]


def _keep_ledger(db: sqlite3.Connection) -> int:
    """Work the ledger out anew and write the rows that differ."""
    updates = ", ".join(f"{name.strip()} = excluded.{name.strip()}" for name in LEDGER_COLUMNS.split(",")[1:])
    with atomic(db):
        db.execute("CREATE TEMP TABLE found_ledger AS SELECT * FROM claim_ledger WHERE false")
        db.execute(f"INSERT INTO found_ledger ({LEDGER_COLUMNS}) {LEDGER}")
        filled = db.total_changes
        db.execute("DELETE FROM claim_ledger WHERE quote_key NOT IN (SELECT quote_key FROM found_ledger)")
        db.execute(
            f"INSERT INTO claim_ledger ({LEDGER_COLUMNS})"
            " SELECT * FROM (SELECT * FROM found_ledger EXCEPT SELECT * FROM claim_ledger)"
            f" WHERE true ON CONFLICT (quote_key) DO UPDATE SET {updates}"
        )
        changed = db.total_changes - filled
        db.execute("DROP TABLE found_ledger")
    return changed
