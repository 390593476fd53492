"""``clinicwatch crawl``: crawl what is due, and say what it came to, to a person or to a program."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from crawler.commands.options import CONTACT, DB, DEFAULT_DB, SEEDS, SETTINGS, SITE
from crawler.engine.summary import alert_lines, funnel_text, probe_lines, silent_lines, summary_line
from pipelines.model.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.engine.finish import CrawlResult

ALERTS = 4  # the exit code of a crawl that ended well and raised alerts, where that was asked for


@click.command
@SEEDS
@click.option("--due/--all", "due", default=True, help="Visit what is due (default), or every page of the sites.")
@SITE
@CONTACT
@SETTINGS
@click.option("--fail-on-alert", is_flag=True, help="Exit with 4 where a site is below its baseline.")
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
    from crawler.watch.parent_death import end_with_parent

    end_with_parent()
    check_addresses()
    if not db.parent.exists() and db != DEFAULT_DB:  # a slip of the pen is no wish for a new folder
        raise UsageError(f"{db.parent}: no such folder; make it with `mkdir -p {db.parent}`, or name another with --db")
    arguments = {"db": db, "seeds": seeds, "site": site, "everything": not due}
    result = run_crawl(crawl_settings(settings, contact), arguments)
    click.echo(json.dumps(result_json(result)) if as_json else "\n".join(result_lines(result, db)))
    if addresses():
        click.echo(send_digest(db), err=True)
    sys.exit(ALERTS if fail_on_alert and result.alerts else 0)


def result_lines(result: CrawlResult, db: Path) -> list[str]:
    """Say what a finished crawl came to: its funnel, what was left, alerts, and the one line of the summary."""
    return [
        f"crawl {result.crawl} of {db}" + (" (went on with one that was cut off)" if result.resumed else ""),
        funnel_text(result.funnel),
        *silent_lines(result.silent),
        *(f"left for the next crawl: {host}: {reason}" for host, reason in result.left.items()),
        *probe_lines(result.probes),
        *alert_lines(result.alerts),
        f"summary: {summary_line(result.summary, result.seconds)}",
    ]


def result_json(result: CrawlResult) -> dict[str, Any]:
    """Say the same to a program."""
    return {
        "crawl": result.crawl,
        "funnel": result.funnel,
        "passes": result.passes,
        "left": result.left,
        "probes": result.probes,
        "summary": asdict(result.summary) | {"seconds": round(result.seconds, 1)},
        "alerts": [{"site": alert.host, "alert": alert.text} for alert in result.alerts],
    }
