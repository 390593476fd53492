"""The end of a crawl: passes, funnel, sites in backoff, alerts, summary, and the crawl is closed."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from crawler.clock import utc_now
from crawler.engine.schedule import back_off
from crawler.engine.summary import CrawlSummary, SilentSite, SiteAlert, summary_of
from db.corpus import backoff, crawls, probes, queries, site_runs
from db.corpus.alerts import alerts_of
from db.passes.registry import run_passes
from pipelines.model.outcomes import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crawler.engine.frontier import Frontier
    from db.passes.rules import Rules
    from pipelines.model.outcomes import Outcome

QUICK_VERSIONS = 1_000  # that a stopped crawl still puts through the passes; some three seconds


@dataclass(frozen=True, slots=True)
class CrawlResult:
    """What a finished crawl came to.

    ``passes`` counts the rows that each pass changed, ``funnel`` the URLs by how they ended, ``probes`` the probes by
    their kind. ``left`` are the hosts of sites that were left for the next crawl, with the reason.
    """

    crawl: int
    resumed: bool
    passes: dict[str, int]
    funnel: dict[str, int]
    silent: tuple[SilentSite, ...]
    left: dict[str, str]
    alerts: tuple[SiteAlert, ...]
    probes: dict[str, int]
    summary: CrawlSummary
    seconds: float


def finish_crawl(
    db: sqlite3.Connection, frontier: Frontier, rules: Rules, hosts: Mapping[int, frozenset[str]], began: float
) -> CrawlResult:
    """Run the passes over a crawl whose frontier came to its end, and close it; gives what it came to.

    ``hosts`` are those of each site, ``began`` is when this process began with it (:func:`time.monotonic`).
    """
    crawl = frontier.crawl
    passes = run_passes(db, rules)
    silent = tuple(SilentSite(host, reason) for host, reason in queries.silent_sites(db, crawl.id))
    funnel = queries.funnel(db, crawl.id, crawl.sites, crawl.started_at)
    store_backoffs(db, crawl.id, frontier.troubled)
    alerts = store_site_runs(db, crawl.id, hosts)
    result = CrawlResult(
        crawl=crawl.id,
        resumed=crawl.resumed,
        passes=passes,
        funnel=funnel,
        silent=silent,
        left={site_name(hosts[site]): reason for site, reason in frontier.given_up.items()},
        alerts=alerts,
        probes=probes.count_probes(db, crawl.id),
        summary=summary_of(funnel, queries.count_edits(db, crawl.id), len(alerts)),
        seconds=time.monotonic() - began,
    )
    totals: dict[str, object] = {
        "passes": result.passes,
        "left": result.left,
        "summary": asdict(result.summary),
        "probes": result.probes,
    }
    crawls.end_crawl(db, crawl.id, utc_now(), totals, funnel)
    return result


def run_passes_if_quick(db: sqlite3.Connection, rules: Rules) -> None:
    """Run the passes over what a stopped crawl read, unless that would keep whoever stopped it waiting."""
    if queries.count_unjudged(db) <= QUICK_VERSIONS:
        with contextlib.suppress(sqlite3.Error):  # the next run does it again
            run_passes(db, rules)


def store_backoffs(db: sqlite3.Connection, crawl: int, troubled: Mapping[int, Outcome]) -> None:
    """Leave the sites that did not answer alone for a while, the longer the more crawls in a row they did not."""
    now = datetime.now(UTC)
    until = {}
    for site, outcome in troubled.items():
        if trouble := OUTCOMES[outcome].trouble:
            until[site] = back_off(trouble, now, backoff.site_failures(db, site))
    backoff.settle_rests(db, crawl, until)


def store_site_runs(db: sqlite3.Connection, crawl: int, hosts: Mapping[int, frozenset[str]]) -> tuple[SiteAlert, ...]:
    """Store the figures of each site in this crawl; gives the alerts for those that are below their baseline."""
    runs = site_runs.measure_sites(db, crawl)
    alerts = [alerts_of(run, site_runs.past_runs(db, run), site_runs.lost_to(db, run)) for run in runs]
    site_runs.keep_site_runs(db, list(zip(runs, alerts, strict=True)))
    return tuple(
        SiteAlert(site_name(hosts[run.site]), text) for run, texts in zip(runs, alerts, strict=True) for text in texts
    )


def site_name(hosts: frozenset[str]) -> str:
    """Name a site by its shortest host."""
    return min(hosts, key=len)
