"""What a finished crawl came to, as lines for a person and as JSON for a program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crawler.engine.summary import alert_lines, funnel_text, probe_lines, silent_lines, summary_line

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.engine.run import CrawlRun


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
