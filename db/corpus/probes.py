"""What was asked for beside the visits: a host's way to say "not found", and repeat fetches. Evidence, never pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.corpus.store_visits import derived_columns, insert
from pipelines.model.outcomes import OUTCOMES
from pipelines.model.records import Probe, ProbeKind
from pipelines.text.encode import sanitise

if TYPE_CHECKING:
    import sqlite3

    from pipelines.model.records import Reading

__all__ = [
    "TROUBLE",
    "asked_again",
    "columns_of",
    "count_probes",
    "has_probe",
    "insert_probe",
    "is_in_trouble",
    "visited",
]

# answers after which a site is asked nothing more beside the visits of a crawl
TROUBLE = frozenset(outcome for outcome, row in OUTCOMES.items() if row.ends_probes)


def insert_probe(db: sqlite3.Connection, crawl: int, probe: Probe) -> int:
    """Write a probe with the place of its bytes, and of a "not found" what it says; the caller holds the transaction.

    A crawl that was cut off may ask anew what it had asked: the first answer stays.
    """
    known = db.execute("SELECT id FROM probes WHERE (crawl, kind, url) = (?, ?, ?)", (crawl, probe.kind, probe.url))
    row = known.fetchone()
    return int(row[0]) if row else insert(db, "probes", _columns(crawl, probe))


def _columns(crawl: int, probe: Probe) -> dict[str, object]:
    fetch, place = probe.fetch, probe.location
    reading = probe.reading if probe.kind is ProbeKind.MISSING else None
    return {
        "crawl": crawl,
        "site": probe.site,
        "kind": probe.kind,
        "page": probe.page,
        "url": probe.url,
        "at": probe.at,
        "outcome": probe.outcome,
        "reason": sanitise(probe.reason),
        "robots": probe.robots,
        "status": fetch.status if fetch else None,
        "content_type": sanitise(fetch.header("content-type")) if fetch else None,
        "body_sha256": place.sha256 if place else None,
        "body_bytes": len(fetch.body) if fetch and place else None,
        "warc_file": place.file if place else None,
        "warc_offset": place.offset if place else None,
        "warc_length": place.length if place else None,
        "title": sanitise(reading.title) if reading else None,
        "text": sanitise(reading.text) if reading else None,
    }


def has_probe(db: sqlite3.Connection, crawl: int, site: int, kind: ProbeKind) -> bool:
    """Tell whether a crawl has asked a site this already."""
    found = db.execute("SELECT 1 FROM probes WHERE (crawl, site, kind) = (?, ?, ?)", (crawl, site, kind))
    return found.fetchone() is not None


def is_in_trouble(db: sqlite3.Connection, crawl: int, site: int) -> bool:
    """Tell whether a site answered a question of this crawl with trouble."""
    outcomes = db.execute("SELECT outcome FROM probes WHERE (crawl, site) = (?, ?)", (crawl, site))
    return any(outcome in TROUBLE for (outcome,) in outcomes)


def asked_again(db: sqlite3.Connection, crawl: int, site: int) -> frozenset[int]:
    """Name the pages of a site that a crawl has looked at a second time."""
    sql = "SELECT page FROM probes WHERE (crawl, site, kind) = (?, ?, ?)"
    return frozenset(page for (page,) in db.execute(sql, (crawl, site, ProbeKind.AGAIN)))


def visited(db: sqlite3.Connection, crawl: int, site: int) -> int:
    """Count the pages of a site that a crawl got an answer from."""
    sql = "SELECT count(*) FROM captures JOIN pages ON pages.id = captures.page WHERE captures.crawl = ? AND site = ?"
    return int(db.execute(sql, (crawl, site)).fetchone()[0])


def count_probes(db: sqlite3.Connection, crawl: int) -> dict[str, int]:
    """Count what a crawl asked beside its visits, by kind."""
    return dict(db.execute("SELECT kind, count(*) FROM probes WHERE crawl = ? GROUP BY 1 ORDER BY 1", (crawl,)))


def columns_of(reading: Reading) -> dict[str, object]:
    """Lay out what a repeat fetch read as the columns that a version would have, its text among them."""
    text = sanitise(reading.text) or ""
    return derived_columns("", reading, "", text) | {"text": text}
