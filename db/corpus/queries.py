"""The reads of the corpus: what is due, how a run went, what a page is."""

from __future__ import annotations

import sqlite3  # noqa: TC003
from typing import TYPE_CHECKING

from db.schema.vocabulary import sql_list
from pipelines.model.outcomes import FETCHED, OUTCOMES, Outcome
from pipelines.model.records import Page

if TYPE_CHECKING:
    from db.corpus.crawls import Crawl

PAGE_COLUMNS = (
    "pages.id, pages.url, pages.site, sites.host, pages.kind, pages.depth, pages.run, pages.etag,"
    " pages.last_modified, pages.body_sha256, pages.visible_hash, pages.failures, pages.version, pages.last_fetched,"
    " pages.last_confirmed, pages.interval_hours, pages.changes_seen, pages.watched_days, pages.recrawl_hint,"
    " pages.answered, readings.page_type, sites.min_days, sites.max_days"
)
PAGES = "pages JOIN sites ON sites.id = pages.site LEFT JOIN readings ON readings.version = pages.version"
# `everything` takes each page that this crawl has not settled; else what is due (two shapes, one index each)
DUE = (
    f"SELECT {PAGE_COLUMNS} FROM {PAGES}"
    " WHERE pages.site = :site AND pages.due_at <= :until AND pages.crawl < :crawl"
    " ORDER BY pages.due_at, pages.id LIMIT :limit"
)
ALL = (
    f"SELECT {PAGE_COLUMNS} FROM {PAGES}"
    " WHERE pages.site = :site AND pages.crawl < :crawl AND pages.due_at IS NOT NULL"
    " ORDER BY pages.crawl, pages.id LIMIT :limit"
)


def due_pages(db: sqlite3.Connection, *, site: int, crawl: int, until: str, everything: bool, limit: int) -> list[Page]:
    """Name the next pages of a site to visit in this crawl, longest due first."""
    parameters = {"site": site, "crawl": crawl, "until": until, "limit": limit}
    return [Page(*row) for row in db.execute(ALL if everything else DUE, parameters)]


def count_due(db: sqlite3.Connection, crawl: Crawl) -> dict[int, int]:
    """Count the addresses of each site that a crawl has still to visit; sites without any are left out."""
    due = "due_at IS NOT NULL" if crawl.everything else "due_at <= :until"
    sql = f"SELECT site, count(*) FROM pages WHERE {due} AND crawl < :crawl AND site IN ({_in(crawl.sites)}) GROUP BY 1"
    return dict(db.execute(sql, {"until": crawl.started_at, "crawl": crawl.id}).fetchall())


def site_hosts(db: sqlite3.Connection) -> dict[int, frozenset[str]]:
    """Name the hosts of each site."""
    hosts: dict[int, set[str]] = {}
    for host, site in db.execute("SELECT host, site FROM hosts"):
        hosts.setdefault(site, set()).add(host)
    return {site: frozenset(names) for site, names in hosts.items()}


def visits_a_day(db: sqlite3.Connection) -> dict[int, float]:
    """Give, by site, how many visits a day its pages ask for by their own rhythm, as a mean over the pages."""
    rhythms = "SELECT site, avg(24.0 / interval_hours) FROM pages WHERE interval_hours > 0 AND kind = 'page' GROUP BY 1"
    return dict(db.execute(rhythms).fetchall())


def all_sites(db: sqlite3.Connection) -> tuple[int, ...]:
    """Name every site that is not out of scope."""
    return tuple(site for (site,) in db.execute("SELECT id FROM sites WHERE status != 'out' ORDER BY id"))


def site_of_host(db: sqlite3.Connection, host: str) -> int | None:
    """Name the site that a host belongs to, where it is known."""
    row = db.execute("SELECT site FROM hosts WHERE host = ?", (host,)).fetchone()
    return int(row[0]) if row else None


def funnel(db: sqlite3.Connection, crawl: int, sites: tuple[int, ...], started_at: str) -> dict[str, int]:
    """Count a run's URLs by how they ended, on the sites of the run.

    ``discovered = fetched + skipped + failed + queued + resting``: each outcome of
    :class:`pipelines.model.records.Outcome` that
    occurred is a key of its own (``fetched: new``); ``queued`` is still due, ``resting`` was not due in this run.
    Every box is counted on its own, so that the sum is a check and not a definition.
    """
    scope = _in(sites)
    discovered = db.execute(f"SELECT count(*) FROM pages WHERE site IN ({scope})").fetchone()[0]
    boxes = {"discovered": discovered, "fetched": 0, "skipped": 0, "failed": 0}
    rows = db.execute(
        "SELECT visits.outcome, count(*) FROM visits JOIN pages ON pages.id = visits.page"
        f" WHERE visits.crawl = ? AND pages.site IN ({scope}) GROUP BY 1 ORDER BY 1",
        (crawl,),
    ).fetchall()
    for outcome, count in rows:
        box = box_of(outcome)
        boxes[box] += count
        boxes[f"{box}: {outcome}"] = count
    waiting = (
        f"SELECT count(*) FROM pages WHERE site IN ({scope}) AND due_at {{}} ?"
        " AND NOT EXISTS (SELECT 1 FROM visits WHERE visits.crawl = ? AND visits.page = pages.id)"
    )
    boxes["queued"] = db.execute(waiting.format("<="), (started_at, crawl)).fetchone()[0]
    boxes["resting"] = db.execute(waiting.format(">"), (started_at, crawl)).fetchone()[0]
    boxes["resting"] += db.execute(
        f"SELECT count(*) FROM pages WHERE site IN ({scope}) AND due_at IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM visits WHERE visits.crawl = ? AND visits.page = pages.id)",
        (crawl,),
    ).fetchone()[0]
    return boxes


def count_unjudged(db: sqlite3.Connection) -> int:
    """Count the versions that the passes have not seen."""
    return int(
        db.execute(
            "SELECT count(*) FROM captured_versions WHERE id NOT IN (SELECT version FROM version_judgements)"
        ).fetchone()[0]
    )


def count_edits(db: sqlite3.Connection, crawl: int) -> int:
    """Count the changes that a crawl found; the same edit on many pages is one."""
    row = db.execute("SELECT count(DISTINCT edit) FROM changes WHERE crawl = ?", (crawl,)).fetchone()
    return int(row[0])


def silent_sites(db: sqlite3.Connection, crawl: int) -> list[tuple[str, str]]:
    """Name the sites that a crawl visited and got nothing from, with the reason of the last visit."""
    return db.execute(
        "SELECT sites.host, visits.outcome || ': ' || visits.reason FROM visits"
        " JOIN pages ON pages.id = visits.page JOIN sites ON sites.id = pages.site WHERE visits.crawl = ?"
        f" GROUP BY sites.id HAVING sum(visits.outcome IN {sql_list(FETCHED)}) = 0 AND max(visits.at)"
        " ORDER BY sites.host",
        (crawl,),
    ).fetchall()


def balances(boxes: dict[str, int]) -> bool:
    """Tell whether every discovered URL stands in exactly one box."""
    return boxes["discovered"] == sum(boxes[box] for box in ("fetched", "skipped", "failed", "queued", "resting"))


def box_of(outcome: str) -> str:
    """Name the box of the funnel that an outcome belongs to."""
    return OUTCOMES[Outcome(outcome)].box.value


def _in(ids: tuple[int, ...]) -> str:
    return ", ".join(str(int(one)) for one in ids) or "NULL"
