"""Crawls and seeds: the writes that begin and end a run."""

from __future__ import annotations

import json
import sqlite3  # noqa: TC003
from dataclasses import dataclass
from typing import TYPE_CHECKING

from db.corpus.connection import atomic
from pipelines.text.encode import dump

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipelines.model.records import Seed


@dataclass(frozen=True, slots=True)
class SeedRow:
    """A seed with what its URL says: the canonical URL, the host without ``www.``, the registrable domain."""

    seed: Seed
    url: str
    host: str
    advertiser: str


@dataclass(frozen=True, slots=True)
class Crawl:
    """A run: its id, when it began, whether it goes on from one that was cut off, and which sites it may visit."""

    id: int
    started_at: str
    resumed: bool
    everything: bool
    sites: tuple[int, ...]


def add_seeds(db: sqlite3.Connection, rows: Iterable[SeedRow], now: str) -> tuple[int, ...]:
    """Add sites and their entry pages; gives the ids of all the sites named.

    What a seeds file says of a known site fills the fields that are empty; what a person put there stays.
    """
    with atomic(db):
        return tuple(dict.fromkeys(_add_seed(db, row, now) for row in rows))


def _add_seed(db: sqlite3.Connection, row: SeedRow, now: str) -> int:
    site = _site(db, row, now)
    db.execute(
        "INSERT OR IGNORE INTO pages (url, site, how, found_at, due_at) VALUES (?, ?, 'seed', ?, ?)",
        (row.url, site, now, now),
    )
    return site


def _site(db: sqlite3.Connection, row: SeedRow, now: str) -> int:
    seed = row.seed
    told = {"name": seed.name, "city": seed.city, "state": seed.state, "source_class": seed.source_class}
    known = db.execute("SELECT site FROM hosts WHERE host = ?", (row.host,)).fetchone()
    if known:
        for column, value in told.items():
            db.execute(f"UPDATE sites SET {column} = ? WHERE id = ? AND {column} = ''", (value, known[0]))
        return int(known[0])
    site = db.execute(
        "INSERT INTO sites (host, advertiser, name, city, state, source_class, added_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (row.host, row.advertiser, *told.values(), now),
    ).lastrowid
    assert site
    db.execute("INSERT INTO hosts (host, site) VALUES (?, ?)", (row.host, site))
    return site


def begin_crawl(
    db: sqlite3.Connection, now: str, *, everything: bool, sites: tuple[int, ...], facts: dict[str, object]
) -> Crawl:
    """Begin a run, or go on with the last one where it was cut off with the same scope.

    ``facts`` are stored with the crawl: settings and the versions of our tools.
    """
    scope = dump({"everything": everything, "sites": sorted(sites)})
    with atomic(db):
        last = db.execute("SELECT id, started_at, scope FROM crawls WHERE ended_at IS NULL ORDER BY id DESC").fetchone()
        if last and last[2] == scope:
            db.execute("UPDATE crawls SET status = 'running' WHERE id = ?", (last[0],))
            return Crawl(last[0], last[1], resumed=True, everything=everything, sites=sites)
        db.execute("UPDATE crawls SET ended_at = ?, status = 'cut off' WHERE ended_at IS NULL", (now,))
        crawl = db.execute(
            "INSERT INTO crawls (started_at, scope, settings, tools) VALUES (?, ?, ?, ?)",
            (now, scope, dump(facts.get("settings", {})), dump(facts.get("tools", {}))),
        ).lastrowid
    assert crawl
    return Crawl(crawl, now, resumed=False, everything=everything, sites=sites)


# pages that a lower limit left out, nearest to their seed first, as many as their site has room for
REOPEN = """
    WITH sizes AS (SELECT site, count(*) AS size FROM pages WHERE state != 'excluded' GROUP BY site),
    limited AS (SELECT id, site, row_number() OVER (PARTITION BY site ORDER BY depth, id) AS place FROM pages
        WHERE outcome = 'page limit')
    UPDATE pages SET state = 'queued', outcome = NULL, reason = '', due_at = :now WHERE id IN (
        SELECT id FROM limited LEFT JOIN sizes USING (site) WHERE place <= :most - coalesce(size, 0))
"""


def reopen_limited(db: sqlite3.Connection, most: int, now: str) -> int:
    """Queue the pages that were left out while the limit of pages a site was lower; gives how many."""
    with atomic(db):
        return db.execute(REOPEN, {"most": most, "now": now}).rowcount


def end_crawl(db: sqlite3.Connection, crawl: int, now: str, totals: dict[str, object], funnel: dict[str, int]) -> None:
    """Close a run with its funnel and totals."""
    with atomic(db):
        db.execute(
            "UPDATE crawls SET ended_at = ?, status = 'finished', funnel = ?, totals = ? WHERE id = ?",
            (now, dump(funnel), dump(totals), crawl),
        )


def interrupt_crawl(db: sqlite3.Connection, crawl: int) -> None:
    """Leave a run open for the next one to go on with: it was stopped before its queue was empty."""
    db.execute("UPDATE crawls SET status = 'interrupted' WHERE id = ?", (crawl,))


def adopt_host(db: sqlite3.Connection, site: int, host: str) -> bool:
    """Add a host that a seed redirects to; ``False`` where the host belongs to another site already."""
    db.execute("INSERT OR IGNORE INTO hosts (host, site) VALUES (?, ?)", (host, site))
    return bool(db.execute("SELECT site FROM hosts WHERE host = ?", (host,)).fetchone()[0] == site)


def last_crawl_of(db: sqlite3.Connection, sites: set[int]) -> tuple[str, str | None] | None:
    """Say when the newest crawl of all these sites began, and when it finished, if it did."""
    rows = db.execute(
        "SELECT started_at, CASE status WHEN 'finished' THEN ended_at END, scope FROM crawls ORDER BY id DESC"
    )
    return next(((began, ended) for began, ended, scope in rows if sites <= set(json.loads(scope)["sites"])), None)
