"""When a page is visited again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawler.schedule import next_visit
from db.records import FAILED, FETCHED, Outcome

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def pause(outcome: Outcome | None, failures: int = 0) -> timedelta | None:
    """Give the time until the next visit, or ``None`` for never."""
    due = next_visit(NOW, outcome, failures)
    return datetime.fromisoformat(due) - NOW if due else None


@pytest.mark.parametrize("outcome", [None, *sorted(FETCHED - {Outcome.REDIRECTED})])
def test_a_page_that_answered_is_due_at_the_same_minute_tomorrow(outcome):
    """A daily crawl that starts at a fixed minute finds all of yesterday's pages due."""
    assert timedelta(hours=12) < pause(outcome) < timedelta(hours=24)


@pytest.mark.parametrize("outcome", [Outcome.GONE, Outcome.REDIRECTED, Outcome.ROBOTS_DISALLOWED, Outcome.PAGE_LIMIT])
def test_what_moved_away_is_asked_for_once_a_week(outcome):
    """A page that is gone may come back; it is not asked for every day."""
    assert timedelta(days=6) < pause(outcome, failures=9) < timedelta(days=7)


@pytest.mark.parametrize("outcome", [Outcome.ALIAS, Outcome.TRAP, Outcome.OFF_SITE, Outcome.NOT_A_PAGE])
def test_what_we_chose_not_to_ask_is_never_due(outcome):
    """A choice of ours does not change by waiting."""
    assert pause(outcome) is None


@pytest.mark.parametrize(("failures", "hours"), [(0, 1), (1, 2), (2, 4), (5, 32), (30, 164)])
def test_failures_are_tried_again_ever_more_seldom(failures, hours):
    """After an hour, two, four, and never less than once a week, however long a site is down."""
    assert pause(Outcome.SERVER_ERROR, failures) == hours * HOUR


@pytest.mark.parametrize("outcome", sorted(Outcome))
def test_a_due_time_can_be_compared_as_text(outcome):
    """The corpus compares times as text: UTC with its offset, or nothing."""
    due = next_visit(NOW, outcome)
    assert due == "" or (due > NOW.isoformat() and due.endswith("+00:00"))
    assert due or outcome not in FAILED
