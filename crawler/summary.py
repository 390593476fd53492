"""What a run came to, in words: the funnel and the line at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.queries import balances

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


def balance_text(funnel: Mapping[str, int]) -> str:
    """Say whether the boxes add up to what was discovered."""
    verdict = "the funnel balances" if balances(dict(funnel)) else "THE FUNNEL DOES NOT BALANCE"
    return f"{verdict}: {funnel['discovered']} = " + " + ".join(str(funnel[box]) for box in BOXES)
