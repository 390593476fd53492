"""Claims of advertisers before and after dated events: read from the corpus, counted, and written as rows of a file."""

from __future__ import annotations

import json
import sqlite3  # noqa: TC003
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from db.datasette.pictures.figures import Point, Series
from db.passes.claims import SHOWN
from db.schema.vocabulary import ENDING
from pipelines.coding.corrections import Correction, CorrectionOutcome, Span, correction_of, merge_spans, shown_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from db.coding.events import StoredEvent

__all__ = ["EventClaims", "claims_of_event", "correction_rows", "read_shown"]

MAX_CLAIMS = 40  # rows of an event that its page shows; its file has all
#: candidates with each version that shows them; a page that answered that it has ended shows none from then on
SHOWN_CLAIMS = f"""
    WITH shown AS MATERIALIZED (SELECT * FROM ({SHOWN} {{where}}) WHERE counts)
    SELECT DISTINCT shown.advertiser, claims.code, claims.quote_key, shown.page, shown.first_seen,
        shown.last_confirmed, min(coalesce(shown.next_seen, '~'), coalesce((
            SELECT min(visits.at) FROM visits WHERE visits.page = shown.page AND visits.at > shown.last_confirmed
                AND visits.outcome IN {ENDING}), '~')) AS gone
    FROM shown JOIN version_regions ON version_regions.version = shown.version
    JOIN claims ON claims.text_sha256 = version_regions.text_sha256
"""
QUOTES = "SELECT quote_key, quote FROM claim_ledger WHERE quote_key IN (SELECT value FROM json_each(?))"
OF_ADVERTISER = "WHERE sites.advertiser = :advertiser"
NONE = "~"  # sorts behind every time
ENDS = "SELECT coalesce(ended_at, started_at) FROM crawls WHERE status = 'finished' ORDER BY 1"


class ShownClaim(NamedTuple):
    """A sentence with a candidate for a code on a page of an advertiser, and when."""

    advertiser: str
    code: str
    quote_key: str
    span: Span


class ClaimAfter(NamedTuple):
    """A code of an advertiser, or one sentence of it, before and after an event."""

    advertiser: str
    code: str
    code_name: str
    quote: str  # empty: the code
    correction: Correction
    pages_before: int
    pages_now: int
    sentences_before: int
    sentences_now: int


class EventClaims(NamedTuple):
    """What became of claims after an event: those of its advertiser, or of all."""

    event: StoredEvent
    claims: list[ClaimAfter]  # by code, those that stand first
    sentences: list[ClaimAfter]
    outcomes: dict[str, int]  # codes of advertisers, by outcome
    series: list[Series]  # pages and sentences at the end of each crawl


class CorrectionRow(NamedTuple):
    """A row of the file: the fields are its columns."""

    event: int
    day: str
    kind: str
    title: str
    advertiser: str
    code: str
    code_name: str
    sentence: str
    outcome: str
    days: int | None
    days_at_least: int | None
    first_seen: str
    last_visit_with: str
    first_visit_without: str
    seen_again: bool
    pages_before: int
    pages_now: int
    sentences_before: int
    sentences_now: int


def read_shown(db: sqlite3.Connection, advertiser: str = "") -> list[ShownClaim]:
    """Read where and when claims of an advertiser were shown; without one, those of all."""
    sql = SHOWN_CLAIMS.format(where=OF_ADVERTISER if advertiser else "")
    return [
        ShownClaim(row[0], row[1], row[2], Span(row[3], row[4], row[5], None if row[6] == NONE else row[6]))
        for row in db.execute(sql, {"advertiser": advertiser})
    ]


def claims_of_event(db: sqlite3.Connection, event: StoredEvent, *, sentences: bool = True) -> EventClaims:
    """Hold the claims of an event's advertiser, or of all, against the event."""
    shown = read_shown(db, event.advertiser)
    names: dict[str, str] = dict(map(tuple, db.execute("SELECT code, name FROM codes")))
    by_code = _after(event.day, shown, names, {})
    keys = json.dumps(sorted({one.quote_key for one in shown})) if sentences else "[]"
    quotes: dict[str, str] = dict(map(tuple, db.execute(QUOTES, (keys,))))
    ends = [end for (end,) in db.execute(ENDS)]
    return EventClaims(
        event=event,
        claims=by_code,
        sentences=_after(event.day, shown, names, quotes) if sentences else [],
        outcomes=dict(Counter(str(one.correction.outcome) for one in by_code).most_common()),
        series=[
            Series("pages", tuple(Point(end, len({one.span.page for one in _at(shown, end)})) for end in ends)),
            Series("sentences", tuple(Point(end, len({one.quote_key for one in _at(shown, end)})) for end in ends)),
        ],
    )


def _at(shown: Iterable[ShownClaim], at: str) -> list[ShownClaim]:
    return [one for one in shown if shown_at((one.span,), at)]


def _after(day: str, shown: Iterable[ShownClaim], names: dict[str, str], quotes: dict[str, str]) -> list[ClaimAfter]:
    """Say of each code of each advertiser what became of it; with ``quotes``, of each sentence of each code."""
    groups: dict[tuple[str, str, str], list[ShownClaim]] = defaultdict(list)
    for one in shown:
        groups[one.advertiser, one.code, one.quote_key if quotes else ""].append(one)
    found = []
    for (advertiser, code, key), claims in groups.items():
        # each sentence is merged by itself: one that went is not there because another one came on its page
        by_sentence: dict[str, list[ShownClaim]] = defaultdict(list)
        for one in claims:
            by_sentence[one.quote_key].append(one)
        merged = [(key, span) for key, many in by_sentence.items() for span in merge_spans(one.span for one in many)]
        before = [(key, span) for key, span in merged if span.since < day and (span.gone or NONE) >= day]
        now = [(key, span) for key, span in merged if span.gone is None]
        found.append(
            ClaimAfter(
                advertiser=advertiser,
                code=code,
                code_name=names.get(code, code),
                quote=quotes.get(key, ""),
                correction=correction_of(day, merge_spans(one.span for one in claims)),
                pages_before=len({span.page for _, span in before}),
                pages_now=len({span.page for _, span in now}),
                sentences_before=len({key for key, _ in before}),
                sentences_now=len({key for key, _ in now}),
            )
        )
    order = {outcome: place for place, outcome in enumerate(CorrectionOutcome)}
    found.sort(key=lambda one: (order[one.correction.outcome], one.advertiser, one.code, one.quote))
    return found


def correction_rows(found: EventClaims, claims: Sequence[ClaimAfter]) -> list[CorrectionRow]:
    """Write what became of claims after an event as rows of a file."""
    event = found.event
    return [
        CorrectionRow(
            event=event.id,
            day=event.day,
            kind=event.kind,
            title=event.title,
            advertiser=one.advertiser,
            code=one.code,
            code_name=one.code_name,
            sentence=one.quote,
            outcome=str(one.correction.outcome),
            days=one.correction.days,
            days_at_least=one.correction.days_at_least,
            first_seen=one.correction.first_seen,
            last_visit_with=one.correction.last_with,
            first_visit_without=one.correction.first_without,
            seen_again=one.correction.again,
            pages_before=one.pages_before,
            pages_now=one.pages_now,
            sentences_before=one.sentences_before,
            sentences_now=one.sentences_now,
        )
        for one in claims
    ]
