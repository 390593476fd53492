"""What each crawl came to on each site: the figures by which a site that fails in silence is told."""

from __future__ import annotations

import sqlite3  # noqa: TC003
from dataclasses import dataclass

from db.corpus.connection import atomic
from db.schema.vocabulary import CONFIRMING, sql_list
from pipelines.model.outcomes import FAILED, FETCHED, Outcome
from pipelines.text.encode import dump

PAST = 8  # crawls back: two months of weekly ones


@dataclass(frozen=True, slots=True)
class SiteRun:
    """One crawl of one site.

    ``kept`` and ``lost`` count the pages whose visit before this one gave text, by whether this one did; pages that
    moved are neither. ``words`` and ``words_before`` sum the words of the pages kept, now and before this crawl, so
    that two crawls that were due on different pages can be compared. ``live`` is how many pages the site then had.
    """

    crawl: int
    site: int
    visits: int = 0
    fetched: int = 0
    failed: int = 0
    new: int = 0
    changed: int = 0
    kept: int = 0
    lost: int = 0
    words: int = 0
    words_before: int = 0
    live: int = 0


# one look in an index for each visit: the visit before, and the version that the page had before this crawl
MEASURED = f"""
    WITH run AS (
        SELECT pages.site AS site, visits.outcome AS outcome, pages.state AS state,
            readings.words AS words,
            (SELECT before.outcome FROM visits AS before WHERE before.page = visits.page AND before.crawl < :crawl
                ORDER BY before.crawl DESC LIMIT 1) AS outcome_before,
            (SELECT before.words FROM versions AS before JOIN captures ON captures.id = before.capture
                WHERE before.page = visits.page AND captures.crawl < :crawl ORDER BY before.id DESC LIMIT 1)
                AS words_before
        FROM visits JOIN pages ON pages.id = visits.page LEFT JOIN readings ON readings.version = pages.version
        WHERE visits.crawl = :crawl AND pages.kind = 'page'
    ), judged AS (
        SELECT *, outcome IN {CONFIRMING} AS read,
            outcome_before IN {CONFIRMING} AND outcome != '{Outcome.REDIRECTED}' AS had
        FROM run
    )
    SELECT :crawl, site, count(*), sum(outcome IN {sql_list(FETCHED)}), sum(outcome IN {sql_list(FAILED)}),
        sum(outcome = '{Outcome.NEW}'), sum(outcome = '{Outcome.CHANGED}'),
        coalesce(sum(had AND read), 0), coalesce(sum(had AND NOT read), 0),
        coalesce(sum(CASE WHEN had AND read THEN words END), 0),
        coalesce(sum(CASE WHEN had AND read THEN coalesce(words_before, words) END), 0),
        (SELECT count(*) FROM pages WHERE pages.site = judged.site AND pages.state = 'live' AND pages.kind = 'page')
    FROM judged GROUP BY site ORDER BY site
"""
COLUMNS = "crawl, site, visits, fetched, failed, new, changed, kept, lost, words, words_before, live"


def measure_sites(db: sqlite3.Connection, crawl: int) -> list[SiteRun]:
    """Count what a crawl came to on each site that it visited."""
    return [SiteRun(*row) for row in db.execute(MEASURED, {"crawl": crawl})]


def past_runs(db: sqlite3.Connection, run: SiteRun) -> list[SiteRun]:
    """Give the site's crawls before this one, newest first, at most ``PAST`` of them."""
    rows = db.execute(
        f"SELECT {COLUMNS} FROM site_runs WHERE site = ? AND crawl < ? ORDER BY crawl DESC LIMIT ?",
        (run.site, run.crawl, PAST),
    )
    return [SiteRun(*row) for row in rows]


def lost_to(db: sqlite3.Connection, run: SiteRun) -> list[tuple[str, int]]:
    """Say what the pages that a crawl lost on a site came to instead, the commonest first."""
    return db.execute(
        "SELECT visits.outcome, count(*) AS n FROM visits JOIN pages ON pages.id = visits.page"
        " WHERE visits.crawl = ? AND pages.site = ? AND pages.kind = 'page'"
        f" AND visits.outcome NOT IN {CONFIRMING} AND visits.outcome != '{Outcome.REDIRECTED}'"
        " AND (SELECT before.outcome FROM visits AS before WHERE before.page = visits.page"
        f" AND before.crawl < visits.crawl ORDER BY before.crawl DESC LIMIT 1) IN {CONFIRMING}"
        " GROUP BY 1 ORDER BY n DESC, 1",
        (run.crawl, run.site),
    ).fetchall()


def keep_site_runs(db: sqlite3.Connection, runs: list[tuple[SiteRun, list[str]]]) -> None:
    """Store the figures of a crawl with the alerts that they raised; a crawl's figures replace its own."""
    marks = ", ".join("?" * (len(COLUMNS.split(",")) + 1))
    with atomic(db):
        db.executemany(
            f"INSERT OR REPLACE INTO site_runs ({COLUMNS}, alerts) VALUES ({marks})",
            [(*_values(run), dump(alerts)) for run, alerts in runs],
        )


def _values(run: SiteRun) -> tuple[int, ...]:
    return tuple(getattr(run, name.strip()) for name in COLUMNS.split(","))
