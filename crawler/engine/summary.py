"""What a crawl came to, in words: the funnel and the line at the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from db.corpus.queries import balances
from pipelines.model.records import ProbeKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

BOXES = ("fetched", "skipped", "failed", "queued", "resting")
EXPLAINED = {"queued": "still due", "resting": "not due in this run"}


class SilentSite(NamedTuple):
    """A site that a crawl got no page from, by its host, and the reason of the last visit."""

    host: str
    reason: str


class SiteAlert(NamedTuple):
    """A site that is below its baseline, by its host, and what is wrong."""

    host: str
    text: str


@dataclass(frozen=True, slots=True)
class CrawlSummary:
    """The figures of a crawl: URLs fetched, texts saved, changes found, visits failed, alerts."""

    fetched: int
    saved: int
    changes: int
    failed: int
    alerts: int


def funnel_text(funnel: Mapping[str, int]) -> str:
    """Print a funnel as a table that adds up, boxes without a URL left out.

    >>> print(funnel_text({"discovered": 2, "fetched": 2, "fetched: new": 2, "skipped": 0, "failed": 0,
    ...                    "queued": 0, "resting": 0}))
    discovered                 2
      fetched                  2
        new                    2
    the funnel balances: 2 = 2 + 0 + 0 + 0 + 0
    """
    lines = [f"{'discovered':<22}{funnel['discovered']:>6}"]
    for box in BOXES:
        if funnel[box]:
            lines.append(f"  {box:<20}{funnel[box]:>6}" + (f"  ({EXPLAINED[box]})" if box in EXPLAINED else ""))
            lines += [
                f"    {name.removeprefix(box + ': '):<18}{count:>6}"
                for name, count in funnel.items()
                if name.startswith(f"{box}: ")
            ]
    return "\n".join([*lines, balance_text(funnel)])


def silent_lines(sites: Sequence[SilentSite], most: int = 10) -> list[str]:
    """Name the sites that no page was retrieved from, with the reason, at most so many."""
    more = [f"no page retrieved: {len(sites) - most} more sites"] if len(sites) > most else []
    return [f"no page retrieved: {site.host}: {site.reason.removesuffix(': ')}" for site in sites[:most]] + more


def probe_lines(probes: Mapping[str, int]) -> list[str]:
    """Say what was requested beside the visits, by kind.

    >>> probe_lines({"soft-404 probe": 1, "repeat fetch": 4})
    ['beside the visits: 1 soft-404 probe, 4 repeat fetches']
    """
    plurals = {ProbeKind.MISSING: "soft-404 probes", ProbeKind.AGAIN: "repeat fetches"}
    counts = ", ".join(f"{count} {kind if count == 1 else plurals[ProbeKind(kind)]}" for kind, count in probes.items())
    return [f"beside the visits: {counts}"] if counts else []


def alert_lines(alerts: Sequence[SiteAlert]) -> list[str]:
    """Name each site that is below its baseline, one line an alert.

    >>> alert_lines([SiteAlert("a.example", "3 live pages, where there were 12")])
    ['ALERT a.example: 3 live pages, where there were 12']
    """
    return [f"ALERT {alert.host}: {alert.text}" for alert in alerts]


def summary_of(funnel: Mapping[str, int], edits: int, alerts: int) -> CrawlSummary:
    """Sum up a crawl by its funnel, how many changes it found (each once, however many pages have it), and its alerts.

    A text is saved where its page is new or changed.
    """
    saved = funnel.get("fetched: new", 0) + funnel.get("fetched: changed", 0)
    return CrawlSummary(funnel["fetched"], saved, edits, funnel["failed"], alerts)


def summary_line(summary: CrawlSummary, seconds: float) -> str:
    """Say in one line what a crawl came to.

    >>> summary_line(CrawlSummary(fetched=120, saved=14, changes=1, failed=2, alerts=0), 184.4)
    '120 fetched, 14 texts saved, 1 change, 2 failed, no alert; 3 min 4 s'
    """
    figures = [
        f"{summary.fetched} fetched",
        f"{summary.saved} text{'' if summary.saved == 1 else 's'} saved",
        f"{summary.changes} change{'' if summary.changes == 1 else 's'}",
        f"{summary.failed} failed",
        f"{summary.alerts or 'no'} alert{'s' if summary.alerts > 1 else ''}",
    ]
    return ", ".join(figures) + "; " + duration_text(seconds)


def duration_text(seconds: float) -> str:
    """Show a length of time for a person.

    >>> duration_text(59.6), duration_text(61), duration_text(7322)
    ('1 min 0 s', '1 min 1 s', '2 h 2 min')
    """
    minutes, rest = divmod(round(seconds), 60)
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def balance_text(funnel: Mapping[str, int]) -> str:
    """Say whether the boxes add up to what was discovered."""
    verdict = "the funnel balances" if balances(dict(funnel)) else "THE FUNNEL DOES NOT BALANCE"
    return f"{verdict}: {funnel['discovered']} = " + " + ".join(str(funnel[box]) for box in BOXES)
