"""``clinicwatch crawl``: crawl what is due, and say what it came to, to a person or to a program."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from crawler.commands.options import CONTACT, DB, SEEDS, SETTINGS, SITE
from crawler.engine.summary import alert_lines, funnel_text, probe_lines, silent_lines, summary_line

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.engine.run import CrawlRun

ALERTS = 4  # the exit code of a crawl that ended well and raised alerts, where that was asked for


@click.command
@SEEDS
@click.option("--due/--all", "due", default=True, help="Visit what is due (default), or every page of the sites.")
@SITE
@CONTACT
@SETTINGS
@click.option("--fail-on-alert", is_flag=True, help="Exit with 4 where a site fell short of its own past.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@DB
def crawl(
    *,
    db: Path,
    seeds: Path | None,
    due: bool,
    site: str | None,
    contact: str | None,
    settings: tuple[str, ...],
    fail_on_alert: bool,
    as_json: bool,
) -> None:
    """Crawl what is due: read new and changed pages, keep their bytes, follow links within each site."""
    # Scrapy and the extractors are dear to load, and `crawl --help` needs none of them
    from crawler.commands.changes import send_digest
    from crawler.engine.crawl import crawl_settings, run_crawl
    from crawler.notify.notify import addresses, check_addresses
    from crawler.watch.parent_death import hold_leash

    hold_leash()
    check_addresses()
    run = run_crawl(crawl_settings(settings, contact), {"db": db, "seeds": seeds, "site": site, "everything": not due})
    click.echo(json.dumps(run_json(run)) if as_json else "\n".join(run_lines(run, db)))
    if addresses():
        click.echo(send_digest(db), err=True)
    sys.exit(ALERTS if fail_on_alert and run.alerts else 0)


def run_lines(run: CrawlRun, db: Path) -> list[str]:
    """Say what a finished run came to: its funnel, what was left, alerts, and the one line of the summary."""
    return [
        f"crawl {run.crawl.id} of {db}" + (" (went on with one that was cut off)" if run.crawl.resumed else ""),
        funnel_text(run.funnel),
        *silent_lines(run.silent),
        *(f"left for the next crawl: {host}: {why}" for host, why in run.left().items()),
        *probe_lines(run.asked_beside),
        *alert_lines(run.alerts),
        f"summary: {summary_line(run.summary, run.seconds)}",
    ]


def run_json(run: CrawlRun) -> dict[str, Any]:
    """Say the same to a program."""
    alerts = [{"site": host, "alert": alert} for host, alert in run.alerts]
    told = {"crawl": run.crawl.id, "funnel": run.funnel, "passes": run.passes, "left": run.left()}
    told |= {"probes": run.asked_beside}
    return told | {"summary": run.summary | {"seconds": round(run.seconds, 1)}, "alerts": alerts}
