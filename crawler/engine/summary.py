"""What a run came to, in words: the funnel and the line at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.corpus.queries import balances

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

BOXES = ("fetched", "skipped", "failed", "queued", "resting")
EXPLAINED = {"queued": "still due", "resting": "not due in this run"}


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


def silent_lines(sites: Sequence[tuple[str, str]], most: int = 10) -> list[str]:
    """Name the sites that gave nothing, with the reason, at most so many."""
    more = [f"and {len(sites) - most} more sites gave nothing"] if len(sites) > most else []
    return [f"gave nothing: {host}: {reason.removesuffix(': ')}" for host, reason in sites[:most]] + more


def probe_lines(asked: Mapping[str, int]) -> list[str]:
    """Say what was asked for beside the visits, by kind.

    >>> probe_lines({"missing page": 1, "second look": 4})
    ['beside the visits: 1 missing page, 4 second looks']
    """
    told = ", ".join(f"{count} {kind}{'' if count == 1 else 's'}" for kind, count in asked.items())
    return [f"beside the visits: {told}"] if told else []


def alert_lines(alerts: Sequence[tuple[str, str]]) -> list[str]:
    """Name each site whose figures fell against its own past, one line an alert.

    >>> alert_lines([("a.example", "3 live pages, where there were 12")])
    ['ALERT a.example: 3 live pages, where there were 12']
    """
    return [f"ALERT {host}: {alert}" for host, alert in alerts]


def summary_of(funnel: Mapping[str, int], edits: int, alerts: int) -> dict[str, int]:
    """Give the summary of a run: addresses fetched, texts saved, changes found, visits failed, alerts.

    A change counts once, however many pages have it; a text is saved where it is new or told something else.
    """
    saved = funnel.get("fetched: new", 0) + funnel.get("fetched: changed", 0)
    return {
        "fetched": funnel["fetched"],
        "saved": saved,
        "changes": edits,
        "failed": funnel["failed"],
        "alerts": alerts,
    }


def summary_line(summary: Mapping[str, int], seconds: float) -> str:
    """Say in one line what a run came to.

    >>> summary_line({"fetched": 120, "saved": 14, "changes": 1, "failed": 2, "alerts": 0}, 184.4)
    '120 fetched, 14 texts saved, 1 change, 2 failed, no alert; 3 min 4 s'
    """
    saved, changes, alerts = summary["saved"], summary["changes"], summary["alerts"]
    told = [
        f"{summary['fetched']} fetched",
        f"{saved} text{'' if saved == 1 else 's'} saved",
        f"{changes} change{'' if changes == 1 else 's'}",
        f"{summary['failed']} failed",
        f"{alerts or 'no'} alert{'s' if alerts > 1 else ''}",
    ]
    return ", ".join(told) + "; " + clock(seconds)


def clock(seconds: float) -> str:
    """Show a length of time for a person.

    >>> clock(59.6), clock(61), clock(7322)
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
