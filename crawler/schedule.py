"""When to come back to a page: pure, the clock comes in."""

from __future__ import annotations

from datetime import datetime, timedelta

from db.records import FETCHED, Outcome

# a little less than a day, so that a crawl started at the same minute every day finds all of yesterday's pages due
DAILY = timedelta(hours=20)
WEEKLY = timedelta(days=6, hours=20)
FIRST_RETRY = timedelta(hours=1)

NEVER = frozenset({Outcome.ALIAS, Outcome.OFF_SITE, Outcome.UNSAFE_ADDRESS, Outcome.TRAP, Outcome.NOT_A_PAGE})
SELDOM = frozenset({Outcome.ROBOTS_DISALLOWED, Outcome.GONE, Outcome.PAGE_LIMIT, Outcome.REDIRECTED})


def next_visit(now: datetime, outcome: Outcome | None, failures: int = 0) -> str:
    """Give the next visit's time in ISO 8601, or an empty string for never.

    A page that answered comes again after a day, as does one whose robots.txt could not be read; one that is gone,
    moved or refused by robots.txt after a week. A failed visit is tried again after an hour, then two, four and so on
    up to a week; ``failures`` counts the failed visits in a row before this one.
    """
    if outcome in NEVER:
        return ""
    if outcome in SELDOM:
        return (now + WEEKLY).isoformat()
    if outcome is None or outcome in FETCHED or outcome is Outcome.ROBOTS_UNREACHABLE:
        return (now + DAILY).isoformat()
    pause = min(FIRST_RETRY * int(2 ** min(failures, 10)), WEEKLY)
    return (now + pause).isoformat()
