"""When a site fails in silence: its figures against those of its own past crawls."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from db.corpus.site_runs import SiteRun

# A crawl visits what is due, so two crawls see different pages of a site. What is compared is therefore paired: of the
# pages that gave text at their visit before, how many do so again, and with how many words. Both are 1 on a healthy
# site whatever was due; past crawls only say how far a site usually falls short of it.
FALL = 0.75  # of the usual figure: a quarter less is told
LEAST = 3  # pages: if each page of ten fails by chance once in fifty visits, three at once are one crawl in a thousand
FEW = 3  # past crawls; where there are fewer, the missing ones count as healthy


def alerts_of(run: SiteRun, past: Sequence[SiteRun], lost_to: Sequence[tuple[str, int]] = ()) -> list[str]:
    """Say what is wrong with a site's crawl, one sentence a thing; ``lost_to`` says what the lost pages came to.

    ``past`` are the site's earlier crawls, newest first. Medians, so that one bad crawl in the past hides nothing.

    >>> from db.corpus.site_runs import SiteRun
    >>> alerts_of(SiteRun(2, 1, visits=12, kept=2, lost=10, live=12), [], [("blocked", 10)])
    ['10 of 12 pages that had text gave none (blocked 10)']
    """
    told = (_success(run, past, lost_to) or _yield(run, past), _text(run, past))
    return [line for line in told if line]


def _success(run: SiteRun, past: Sequence[SiteRun], lost_to: Sequence[tuple[str, int]]) -> str:
    asked = run.kept + run.lost
    if not run.lost or (run.kept and run.lost < LEAST):
        return ""
    usual = usual_of(past, lambda one: _share(one.kept, one.kept + one.lost))
    if run.kept / asked > FALL * usual:
        return ""
    reasons = ", ".join(f"{outcome} {count}" for outcome, count in lost_to)
    return f"{run.lost} of {asked} pages that had text gave none" + (f" ({reasons})" if reasons else "")


def _text(run: SiteRun, past: Sequence[SiteRun]) -> str:
    share = _share(run.words, run.words_before)
    usual = usual_of(past, lambda one: _share(one.words, one.words_before))
    if share is None or run.kept < LEAST or share > FALL * usual:
        return ""
    return f"the text of {run.kept} pages fell from {run.words_before} to {run.words} words"


def _yield(run: SiteRun, past: Sequence[SiteRun]) -> str:
    usual = median([one.live for one in past]) if past else 0
    if run.live > FALL * usual or usual - run.live < LEAST:
        return ""
    return f"{run.live} live pages, where there were {usual:g}"


def usual_of(past: Sequence[SiteRun], figure: Callable[[SiteRun], float | None]) -> float:
    """Give the median of a figure over past crawls that have it; crawls that are missing count as healthy."""
    known = [value for value in map(figure, past) if value is not None]
    return median([*known, *[1.0] * max(0, FEW - len(known))])


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
