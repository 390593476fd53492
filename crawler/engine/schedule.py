"""When to come back to a page: pure, the clock comes in.

A page that answers is visited again after ``FACTOR * sqrt(mean)`` days, where ``mean`` is the mean number of days
between its changes as far as its visits have shown (``mean_days``), at its site's pace (``pace``). The root is what
a fixed number of requests buys most with: with a page that changes at the rate r, visited every T days, a change waits
T / 2 on average, and the sum of r T / 2 over all pages is least, for a given sum of 1 / T, where T goes with 1 /
sqrt(r). Nutch's and StormCrawler's adaptive rules (a step up where nothing changed, a step down where something did)
settle where each visit finds a change with the same chance, which is T with 1 / r: too many visits to the busiest
pages, and a page that never changed has to be visited many times before that shows.

A visit that brings no text backs off by the class of its trouble, as in Media Cloud's rss-fetcher, which has classes
for temporary, soft and hard errors; ours also distinguish the site's trouble from the page's.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zlib import crc32

from pipelines.model.outcomes import OUTCOMES, Outcome, Trouble
from pipelines.model.records import Timing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipelines.model.records import Page, Visit

DAY = timedelta(days=1)
# a crawl that starts at the same minute every day finds all that is due on that day, whatever took it a while
SLACK = timedelta(hours=4)
FACTOR = 1.3  # days, at a mean of one day between changes; tests/bench/simulate.py has the trade that it makes
FASTEST, SLOWEST = 0.5, 8.0  # bounds of a site's pace
PRIOR = 0.1  # changes that the usual mean of a type weighs: little, as the rates of pages differ by orders of magnitude
FADE = 180.0  # days after which what was seen counts half: a page that was rewritten often last year may be done
SPREAD = 0.15  # of an interval, to both sides, by the page: what was fetched together is not due together for ever
FIRST_SPREAD = 0.5  # the same after a first visit: a first crawl fetches a whole site on one day


# the first pause and the longest; it doubles with each failure in a row
BACKOFF = {
    Trouble.SITE_SILENT: (timedelta(hours=1), 7 * DAY),
    Trouble.SITE_BUSY: (timedelta(hours=6), 7 * DAY),
    Trouble.RULES_UNKNOWN: (DAY, DAY),
    Trouble.PAGE_BROKEN: (timedelta(hours=1), 7 * DAY),
    Trouble.EMPTY: (2 * DAY, 2 * DAY),
    Trouble.REFUSED: (DAY, 28 * DAY),
    Trouble.FORBIDDEN: (7 * DAY, 7 * DAY),
    Trouble.GONE: (DAY, 56 * DAY),
    Trouble.MOVED: (7 * DAY, 7 * DAY),
    Trouble.NO_PAGE: (14 * DAY, 56 * DAY),
}
LONGEST = max(longest for _, longest in BACKOFF.values())


@dataclass(frozen=True, slots=True)
class Bounds:
    """How often a page may be visited, in days between visits, and what is taken for its mean before it is known."""

    least: float = 1.0
    usual: float = 60.0
    most: float = 30.0


@dataclass(frozen=True, slots=True)
class VisitSchedule:
    """When the pages of a crawl are visited next.

    ``bounds`` has days for each type of page (least, usual, most), ``every`` is the mean of days between two visits
    that a site is to have, ``visits_a_day`` how many its pages need by their change rates, as a mean.
    """

    bounds: Mapping[str, Any]
    every: float
    visits_a_day: Mapping[int, float]

    def next_visit(self, visit: Visit, outcome: Outcome) -> Timing:
        """Say when to come back to a page after a visit that ended so."""
        page, reading = visit.page, visit.reading
        page_type: str | None
        if page.kind == "sitemap":
            page_type, changed, speed = "sitemap", outcome is Outcome.CHANGED or reading is not None, 1.0
        else:
            page_type = reading.page_type if reading else page.page_type
            changed, speed = outcome is Outcome.CHANGED, pace(self.visits_a_day.get(page.site), self.every)
        bounds = bounds_of(self.bounds, page_type, page)
        return timing(page, outcome, datetime.fromisoformat(visit.at), bounds, changed=changed, pace=speed)


def bounds_of(table: Mapping[str, Any], page_type: str | None, page: Page) -> Bounds:
    """Look up the bounds of a page's type, narrowed by what a person set for its site.

    >>> table = {"home": (1, 20, 14), "other": (1, 90, 30)}
    >>> from pipelines.model.records import Page
    >>> bounds_of(table, "faq", Page(1, "http://a.example/faq", 1, "a.example", max_days=7))
    Bounds(least=1, usual=90, most=7)
    """
    least, usual, most = table.get(page_type or "other") or table.get("other") or (1.0, 60.0, 30.0)
    most = most if page.max_days is None else page.max_days
    least = min(least if page.min_days is None else page.min_days, most)
    return Bounds(least, usual, most)


def pace(visits_a_day: float | None, every: float) -> float:
    """Give the factor on a site's intervals that makes its pages be visited every so many days on average.

    ``visits_a_day`` is the mean of the visits that its pages need by their change rates. So the pages of a site share
    out among themselves what requests it is given: a busy site gets no more of them than a calm one, only elsewhere.

    >>> pace(0.5, 8), pace(0.125, 8), pace(0.001, 8), pace(None, 8)
    (4.0, 1.0, 0.5, 1.0)
    """
    return 1.0 if visits_a_day is None else max(FASTEST, min(visits_a_day * every, SLOWEST))


def timing(page: Page, outcome: Outcome, now: datetime, bounds: Bounds, *, changed: bool, pace: float = 1.0) -> Timing:
    """Say when to come back to a page after a visit at ``now`` (UTC) that ended so, and what the visits have taught.

    ``page`` is the row before the visit; ``page.failures`` counts the failed visits before this one. ``changed`` says
    whether the page has new content: noise is not a change. A time for ``never`` is empty.
    """
    trouble = OUTCOMES[outcome].trouble
    if trouble:
        known = (page.interval_hours, page.changes_seen, page.watched_days)
        return Timing(back_off(trouble, now, page.failures), *known)
    days = days_between(page.last_confirmed, now)
    fade = 0.5 ** (days / FADE)
    rate = 1 / mean_days(page.changes_seen, page.watched_days, bounds)
    changes = page.changes_seen * fade + (expected_changes(rate * days) if changed else 0.0)
    watched = page.watched_days * fade + days
    interval = interval_days(changes, watched, bounds)
    share = SPREAD if page.last_confirmed else FIRST_SPREAD
    pause = max(bounds.least, min(interval * pace * (1 + share * spread_of(page.url, now)), bounds.most))
    due = now + pause * DAY - min(SLACK, pause * DAY / 6)
    return Timing(due.isoformat(), round(interval * 24, 1), round(changes, 3), round(watched, 3))


def interval_days(changes: float, watched: float, bounds: Bounds) -> float:
    """Give the days to the next visit of a page with so many changes in so many days of watching.

    >>> [round(interval_days(0, watched, Bounds(1, 60, 30)), 1) for watched in (0, 6, 60)]
    [10.1, 14.2, 30]
    >>> [round(interval_days(changes, 60, Bounds(1, 60, 30)), 1) for changes in (1, 5, 500)]
    [10.1, 4.7, 1]
    """
    return max(bounds.least, min(FACTOR * math.sqrt(mean_days(changes, watched, bounds)), bounds.most))


def mean_days(changes: float, watched: float, bounds: Bounds) -> float:
    """Estimate the mean days between two changes of a page: what was seen, and a prior that weighs ``PRIOR`` changes.

    The rate is the mean of a gamma distribution of shape ``PRIOR``.
    """
    return (PRIOR * bounds.usual + watched) / (PRIOR + changes)


def expected_changes(expected: float) -> float:
    """Give how many changes lie behind one visit that found the page changed, where so many were expected by now.

    The mean of a Poisson variable that is not 0. Without it a page that changes twice a day and is visited once a
    week would count as one that changes once a week, and be visited no more often for that.

    >>> round(expected_changes(0.01), 2), round(expected_changes(7), 2), expected_changes(0)
    (1.01, 7.01, 1.0)
    """
    return expected / -math.expm1(-expected) if expected > 0 else 1.0


def back_off(trouble: Trouble, now: datetime, failures: int) -> str:
    """Give the time of the next try, which is later the more tries in a row have failed; empty for never."""
    if trouble is Trouble.NEVER:
        return ""
    first, longest = BACKOFF[trouble]
    pause = min(first * int(2 ** min(failures, 10)), longest)
    return (now + pause - (SLACK if pause >= DAY else timedelta(0))).isoformat()


def days_between(earlier: str | None, now: datetime) -> float:
    """Give the days from a stored time to now: none where it is missing, or in the future (a clock was wrong)."""
    if not earlier:
        return 0.0
    return max((now - datetime.fromisoformat(earlier)) / DAY, 0.0)


def spread_of(url: str, now: datetime) -> float:
    """Draw a number from -1 to 1 that depends on the page and the day alone, so that a schedule can be repeated."""
    return crc32(f"{url} {now.date()}".encode("utf-8", "replace")) / 0xFFFFFFFF * 2 - 1
