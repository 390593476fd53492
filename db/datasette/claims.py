"""The page of claims: sentences that are candidates, a row a site, sentence and code, by any filters at once.

what is asked | rows by each filter, as bits | rows that have the words | the newest of them, with their evidence
"""

from __future__ import annotations

import itertools
import json
import sqlite3  # noqa: TC003
from typing import TYPE_CHECKING, Any, NamedTuple

from db.coding.claim_status import CANDIDATE, STATUSES
from db.datasette.claim_text import TextRows, matching_sentences, text_rows
from db.passes.claim_list import PERCENT_DIGITS
from pipelines.text.bitmaps import highest_first, unpack
from pipelines.text.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PAGE_SIZE = 25
BATCH = 500  # rows that are read together for a file
READ_AHEAD = 250  # sentences that are read together for phrases of common words
MAX_READ = 1_500  # of them for a page; a link goes on from there
FILTERS = ("code", "value", "state", "class", "page_type", "region", "seen", "site")
MAX_CLINICS = 20  # that a part of a name or host may mean
CONTEXT = 400  # characters around a sentence in which its neighbours are looked for
MAX_NEIGHBOUR = 220  # characters of a neighbour that are shown
BITS = "SELECT bits FROM claim_filters WHERE filter = ? AND value = ?"
EVERY = "SELECT bits FROM claim_filters WHERE filter = 'all'"
AT_LEAST = "SELECT bits FROM claim_filters WHERE filter = 'percent' AND value >= ? ORDER BY value LIMIT 1"
VALUES = """
    SELECT filter, value, "rows" FROM claim_filters
    WHERE filter IN ('code', 'state', 'class', 'page_type', 'region', 'seen') ORDER BY filter, value
"""
VALUES_OF_CODE = """
    SELECT value, "rows" FROM claim_filters
    WHERE filter = 'value' AND value BETWEEN :code || '=' AND :code || '>' ORDER BY value
"""
CLINICS = f"""
    SELECT DISTINCT advertiser FROM sites WHERE advertiser = :name OR host = :name OR name = :name
    UNION SELECT * FROM (SELECT DISTINCT advertiser FROM sites
        WHERE NOT EXISTS (SELECT 1 FROM sites WHERE advertiser = :name)
            AND (instr(lower(name), lower(:name)) OR instr(host, lower(:name))) ORDER BY 1 LIMIT {MAX_CLINICS + 1})
    LIMIT {MAX_CLINICS + 1}
"""
QUOTES = """
    SELECT position, claim_ledger.quote FROM claim_list JOIN claim_ledger USING (quote_key)
    WHERE position IN (SELECT value FROM json_each(?))
"""
ROWS = f"""
    SELECT claim_list.*, coalesce(codes.name, claim_list.code) AS code_name, sites.host AS host,
        sites.advertiser AS advertiser, sites.name AS site_name, sites.city AS city, sites.state AS state,
        sites.source_class AS source_class, claims.quote AS quote, claims."start" AS "start",
        claims.mark_start AS mark_start, claims.mark_end AS mark_end, ledger.n_pages AS all_pages,
        ledger.n_advertisers AS n_advertisers,
        substr(texts.text, max(1, claims."start" + 1 - {CONTEXT}), min(claims."start", {CONTEXT})) AS before,
        substr(texts.text, claims."end" + 1, {CONTEXT}) AS after, captured_versions.page AS page,
        pages.version = captured_versions.id AS is_current, pages.url AS url,
        coalesce(readings.title, '') AS title, captures.id AS capture, captures.fetched_at AS fetched_at,
        captures.warc_file AS warc_file, captures.warc_offset AS warc_offset
    FROM claim_list
    JOIN sites ON sites.id = claim_list.site
    JOIN claims ON claims.id = claim_list.claim
    JOIN claim_ledger AS ledger ON ledger.quote_key = claim_list.quote_key
    JOIN texts ON texts.sha256 = claims.text_sha256
    JOIN captured_versions ON captured_versions.id = claim_list.version
    JOIN readings ON readings.version = captured_versions.id
    JOIN pages ON pages.id = captured_versions.page
    JOIN captures ON captures.id = captured_versions.capture
    LEFT JOIN codes ON codes.code = claim_list.code
    WHERE claim_list.position IN (SELECT value FROM json_each(?))
"""


class ClaimQuery(NamedTuple):
    """What is asked for: words in the sentence, filters by name, a clinic, a percentage, a status, where to go on."""

    typed: str = ""
    filters: Mapping[str, str] = {}
    clinic: str = ""
    percent: int = 0
    status: str = ""
    before: int | None = None


class Sentence(NamedTuple):
    """A sentence in its context: what stands before and after it, and itself, with the words a cue fired on apart."""

    before: str
    head: str
    mark: str
    tail: str
    after: str

    @property
    def quote(self) -> str:
        """Give the sentence as it stands."""
        return self.head + self.mark + self.tail


class ListedClaim(NamedTuple):
    """A row of the list with its evidence."""

    row: sqlite3.Row
    sentence: Sentence
    suggested: list[str]
    regions: list[str]
    page_types: list[str]
    status: str


class FoundRows(NamedTuple):
    """Rows that are asked for, as bits; where they are not ``exact``, the words of each are still to be read."""

    bits: int
    exact: bool
    clinics: list[str]


class LookedAt(NamedTuple):
    """A row that may be asked for, and whether it is."""

    position: int
    fits: bool = True


class ClaimPage(NamedTuple):
    """A page of the list."""

    rows: list[ListedClaim]
    total: int
    exact: bool  # whether so many rows match, or at most so many
    all_rows: int
    next: int | None  # where the next page begins
    gave_up: bool  # whether as many sentences were read as one page may read
    clinics: list[str]  # that the name or host means
    values: dict[str, dict[str, int]]  # of each filter, with their rows
    code_names: dict[str, str]


def read_claims(db: sqlite3.Connection, query: ClaimQuery, statuses: Mapping[str, int]) -> ClaimPage:
    """Read a page of the list; ``statuses`` has the rows of each status but candidate that the visitor may know."""
    found = find_rows(db, query, statuses)
    positions: list[int] = []
    last: int | None = None  # that was looked at
    for one in _looked_at(db, found, query, MAX_READ):
        last = one.position
        if one.fits:
            positions.append(one.position)
        if len(positions) > PAGE_SIZE:
            break
    has_more = len(positions) > PAGE_SIZE
    gave_up = not has_more and last is not None and bool(found.bits & ((1 << last) - 1))
    return ClaimPage(
        rows=list(read_rows(db, positions[:PAGE_SIZE], statuses)),
        total=found.bits.bit_count(),
        exact=found.exact,
        all_rows=_every(db).bit_count(),
        next=positions[PAGE_SIZE - 1] if has_more else last if gave_up else None,
        gave_up=gave_up,
        clinics=found.clinics,
        values=_offered(db, query.filters.get("code", "")),
        code_names=dict(db.execute("SELECT code, name FROM codes ORDER BY position").fetchall()),
    )


def all_claims(db: sqlite3.Connection, query: ClaimQuery, statuses: Mapping[str, int]) -> Iterator[list[ListedClaim]]:
    """Give all rows that are asked for, some hundred at a time, in the order of the pages."""
    batch: list[int] = []
    for one in _looked_at(db, find_rows(db, query, statuses), query, None):
        if one.fits:
            batch.append(one.position)
        if len(batch) == BATCH:
            yield list(read_rows(db, batch, statuses))
            batch = []
    yield list(read_rows(db, batch, statuses))


def find_rows(db: sqlite3.Connection, query: ClaimQuery, statuses: Mapping[str, int]) -> FoundRows:
    """Combine the sets of all filters that are asked for."""
    every = bits = _every(db)
    for name in FILTERS:
        if value := query.filters.get(name):
            bits &= _set(db, name, f"{query.filters.get('code', '')}={value}" if name == "value" else value)
    clinics = [name for (name,) in db.execute(CLINICS, {"name": query.clinic})] if query.clinic else []
    if query.clinic:
        theirs = 0
        for clinic in clinics[:MAX_CLINICS]:
            theirs |= _set(db, "advertiser", clinic)
        bits &= theirs
    if query.percent:
        row = db.execute(AT_LEAST, (f"{query.percent:0{PERCENT_DIGITS}d}",)).fetchone()
        bits &= unpack(row[0]) if row else 0
    if query.status:
        bits &= _with_status(every, query.status, statuses)
    words = text_rows(db, query.typed, every) if query.typed and bits else TextRows(every)
    return FoundRows(bits & words.bits, words.exact, clinics)


def status_of(position: int, statuses: Mapping[str, int]) -> str:
    """Name the status of a row."""
    return next((status for status in STATUSES if statuses.get(status, 0) >> position & 1), CANDIDATE)


def read_rows(db: sqlite3.Connection, positions: Sequence[int], statuses: Mapping[str, int]) -> Iterator[ListedClaim]:
    """Read rows of the list with their evidence, the newest first."""
    rows = {row["position"]: row for row in db.execute(ROWS, (json.dumps(positions),))}
    for position in positions:
        if row := rows.get(position):
            yield ListedClaim(
                row,
                sentence_of(row),
                [value for value in json.loads(row["suggested"]) if value],
                json.loads(row["regions"]),
                json.loads(row["page_types"]),
                status_of(position, statuses),
            )


def sentence_of(row: Mapping[str, Any]) -> Sentence:
    """Put a sentence between its neighbours: the sentence before it and the one after it in the same text."""
    quote, start = row["quote"], row["start"]
    head, tail = row["mark_start"] - start, row["mark_end"] - start
    before = split_sentences(row["before"])
    after = split_sentences(row["after"])
    return Sentence(
        before=_shortened(before[-1].text, from_end=True) if before else "",
        head=quote[:head],
        mark=quote[head:tail],
        tail=quote[tail:],
        after=_shortened(after[0].text) if after else "",
    )


def _shortened(text: str, *, from_end: bool = False) -> str:
    if len(text) <= MAX_NEIGHBOUR:
        return text
    return f"… {text[-MAX_NEIGHBOUR:].split(' ', 1)[-1]}" if from_end else f"{text[:MAX_NEIGHBOUR].rsplit(' ', 1)[0]} …"


def _looked_at(db: sqlite3.Connection, found: FoundRows, query: ClaimQuery, most: int | None) -> Iterator[LookedAt]:
    """Give the rows that are asked for, the newest first; of those whose words must be read, so many at most."""
    positions = highest_first(found.bits, query.before)
    if found.exact:
        yield from (LookedAt(position) for position in positions)
        return
    positions = itertools.islice(positions, most)
    while batch := list(itertools.islice(positions, READ_AHEAD)):
        quotes = dict(db.execute(QUOTES, (json.dumps(batch),)).fetchall())
        fitting = matching_sentences([quotes.get(position, "") for position in batch], query.typed)
        yield from (LookedAt(position, place in fitting) for place, position in enumerate(batch))


def _with_status(every: int, status: str, statuses: Mapping[str, int]) -> int:
    """Give the rows of a status; where a row has several, the first in their order counts."""
    taken = 0
    for one in STATUSES:
        rows = (every if one == CANDIDATE else statuses.get(one, 0)) & ~taken
        if one == status:
            return rows
        taken |= rows
    return 0


def _every(db: sqlite3.Connection) -> int:
    row = db.execute(EVERY).fetchone()
    return unpack(row[0]) if row else 0


def _set(db: sqlite3.Connection, name: str, value: str) -> int:
    row = db.execute(BITS, (name, value)).fetchone()
    return unpack(row[0]) if row else 0


def _offered(db: sqlite3.Connection, code: str) -> dict[str, dict[str, int]]:
    """Name the values of each filter that occur, with their rows; those of a code's value where one is chosen."""
    found: dict[str, dict[str, int]] = {name: {} for name in FILTERS}
    for name, value, rows in db.execute(VALUES):
        found[name][value] = rows
    if code:
        for value, rows in db.execute(VALUES_OF_CODE, {"code": code}):
            found["value"][value.split("=", 1)[1]] = rows
    return found


class ClaimRow(NamedTuple):
    """A row of the list as a file has it: what the page shows of it."""

    code: str
    code_name: str
    value_suggested: str
    status: str
    quote: str
    sentence_before: str
    sentence_after: str
    clinic: str
    advertiser: str
    site: str
    city: str
    state: str
    source_class: str
    regions: str
    page_types: str
    first_seen: str
    last_seen: str
    gone_since: str
    pages_of_site_now: int
    pages_of_site_ever: int
    pages_now: int
    advertisers_now: int
    url: str
    title: str
    marked_place: str
    captured_at: str
    capture: int
    warc_file: str
    warc_offset: int


def file_row(one: ListedClaim, marked_place: str) -> ClaimRow:
    """Write a row of the list for a file."""
    row = one.row
    return ClaimRow(
        code=row["code"],
        code_name=row["code_name"],
        value_suggested="|".join(one.suggested),
        status=one.status,
        quote=one.sentence.quote,
        sentence_before=one.sentence.before,
        sentence_after=one.sentence.after,
        clinic=row["site_name"] or row["host"],
        advertiser=row["advertiser"],
        site=row["host"],
        city=row["city"],
        state=row["state"],
        source_class=row["source_class"],
        regions="|".join(one.regions),
        page_types="|".join(one.page_types),
        first_seen=row["first_seen"],
        last_seen=row["last_seen"],
        gone_since=row["vanished_at"] or "",
        pages_of_site_now=row["n_pages"],
        pages_of_site_ever=row["n_pages_ever"],
        pages_now=row["all_pages"],
        advertisers_now=row["n_advertisers"],
        url=row["url"],
        title=row["title"],
        marked_place=marked_place,
        captured_at=row["fetched_at"],
        capture=row["capture"],
        warc_file=row["warc_file"],
        warc_offset=row["warc_offset"],
    )
