"""When a page is visited again: its rhythm, its bounds, and how failures back off."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.engine.schedule import BACKOFF, Bounds, bounds_of, timing
from pipelines.model.outcomes import FAILED, OUTCOMES, SKIPPED, Outcome, Trouble
from pipelines.model.records import Page

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
WIDE = Bounds(1, 60, 30)
ANSWERED = Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED, Outcome.NOT_MODIFIED
PAGE = Page(1, "http://a.example/faq", 1, "a.example")


def pause(outcome: Outcome, page: Page = PAGE, bounds: Bounds = WIDE, **result: bool) -> timedelta | None:
    """Give the time until the next visit, or ``None`` for never."""
    due = timing(page, outcome, NOW, bounds, changed=outcome is Outcome.CHANGED, **result).due_at
    return datetime.fromisoformat(due) - NOW if due else None


def watched(days: int, every: float, changes_on: set[int], bounds: Bounds = WIDE) -> list[float]:
    """Visit a page every so many days and give the interval after each visit, in days."""
    page, hours = replace(PAGE, last_confirmed=NOW.isoformat()), []
    for day in range(1, days):
        now = NOW + day * every * DAY
        result = timing(page, Outcome.UNCHANGED, now, bounds, changed=day in changes_on)
        page = replace(
            page,
            last_confirmed=now.isoformat(),
            changes_seen=result.changes_seen,
            watched_days=result.watched_days,
            interval_hours=result.interval_hours,
        )
        hours.append(result.interval_hours / 24)
    return hours


def test_longer_while_nothing_changes():
    """Each visit that finds the same makes the next one later, up to the bound."""
    days = watched(40, 5, set(), Bounds(1, 20, 28))
    assert days == sorted(days)
    assert days[0] < 14
    assert days[-1] == 28


def test_shorter_after_a_change():
    """A visit that finds a change makes the next one earlier than it was, and earlier than without the change."""
    days, calm = watched(20, 5, {12}), watched(20, 5, set())
    assert days[11] < days[10]
    assert days[11] < calm[11]
    assert days[-1] > days[11]


@pytest.mark.parametrize(("bounds", "every"), [(Bounds(1, 60, 30), 1), (Bounds(3, 20, 14), 3), (Bounds(0.25, 5, 2), 1)])
def test_a_page_that_always_changes_is_visited_as_often_as_it_may(bounds, every):
    """Hundreds of changes lead to the lower bound, never below it."""
    assert bounds.least <= watched(300, every, set(range(300)), bounds)[-1] <= max(bounds.least, 1.2)


@pytest.mark.parametrize("outcome", ANSWERED)
def test_a_daily_crawl_finds_what_is_due_on_its_day(outcome):
    """A page with a rhythm of a day is due before the same minute of tomorrow."""
    page = replace(PAGE, last_confirmed=(NOW - DAY).isoformat(), changes_seen=500, watched_days=300)
    assert timedelta(hours=15) < pause(outcome, page, Bounds(1, 60, 1)) < timedelta(hours=23)


def test_pages_that_were_fetched_together_are_not_due_together():
    """A first crawl fetches a site on one day; its second visits lie many days apart, none later than the bound."""
    days = [pause(Outcome.NEW, replace(PAGE, url=f"http://a.example/{n}")) / DAY for n in range(500)]
    assert max(days) <= WIDE.most
    busiest = max(sum(low <= day < low + 1 for day in days) for low in range(31))
    assert busiest < 100


def test_a_missed_week_spreads_again():
    """Visits that were all a week late, on the same day, do not fall on the same day the next time."""
    late = replace(PAGE, last_confirmed=(NOW - 14 * DAY).isoformat(), watched_days=60, changes_seen=0.5)
    days = [pause(Outcome.UNCHANGED, replace(late, url=f"http://a.example/{n}")) / DAY for n in range(500)]
    assert max(sum(low <= day < low + 1 for day in days) for low in range(31)) < 250
    assert max(days) - min(days) > 2


@pytest.mark.parametrize("ahead", [timedelta(minutes=5), 700 * DAY])
def test_a_last_visit_in_the_future_is_tolerated(ahead):
    """A clock that was wrong once: the next visit lies within the bounds all the same."""
    page = replace(PAGE, last_confirmed=(NOW + ahead).isoformat(), watched_days=50, changes_seen=1)
    assert timedelta(0) < pause(Outcome.UNCHANGED, page) <= WIDE.most * DAY
    assert timing(page, Outcome.UNCHANGED, NOW, WIDE, changed=False).watched_days == 50


def test_the_same_values_give_the_same_time():
    """A schedule can be worked out again: no clock, no die."""
    assert len({pause(Outcome.UNCHANGED) for _ in range(5)}) == 1


@pytest.mark.parametrize("outcome", sorted(FAILED | SKIPPED))
def test_every_visit_without_a_text_has_a_class(outcome):
    """Nothing that failed or was skipped comes back as if it had been read."""
    assert OUTCOMES[outcome].trouble in Trouble


def test_a_refused_connection_is_not_a_404():
    """Nobody there: soon again. A page that is gone: tomorrow, then ever more seldom, up to two months."""
    silent = [pause(Outcome.UNREACHABLE, replace(PAGE, failures=n)) for n in range(12)]
    gone = [pause(Outcome.GONE, replace(PAGE, failures=n)) for n in range(12)]
    assert silent[:3] == [timedelta(hours=1), timedelta(hours=2), timedelta(hours=4)]
    assert [round(one / DAY) for one in gone[:4]] == [1, 2, 4, 8]
    assert silent == sorted(silent)
    assert gone == sorted(gone)
    assert [round(one[-1] / DAY) for one in (silent, gone)] == [7, 56]


@pytest.mark.parametrize("outcome", [Outcome.ALIAS, Outcome.TRAP])
def test_what_we_chose_not_to_ask_is_never_due(outcome):
    """A choice of ours does not change by waiting."""
    assert pause(outcome) is None


@pytest.mark.parametrize("outcome", [Outcome.NOT_A_PAGE, Outcome.UNSAFE_ADDRESS, Outcome.TOO_LARGE])
def test_what_is_no_page_today_may_be_one_later(outcome):
    """A file may become a page, and a name may point elsewhere: requested again, after weeks."""
    assert timedelta(days=7) < pause(outcome) < timedelta(days=60)


def test_a_failure_teaches_nothing_of_the_rhythm():
    """What was learnt of a page stays as it was while its site is down."""
    page = replace(PAGE, interval_hours=100.0, changes_seen=2.0, watched_days=40.0)
    result = timing(page, Outcome.TIMED_OUT, NOW, WIDE, changed=False)
    assert (result.interval_hours, result.changes_seen, result.watched_days) == (100.0, 2.0, 40.0)


@pytest.mark.parametrize("outcome", sorted(Outcome))
def test_a_due_time_can_be_compared_as_text(outcome):
    """The corpus compares times as text: UTC with its offset, or nothing."""
    due = timing(PAGE, outcome, NOW, WIDE, changed=False).due_at
    assert due == "" or (due > NOW.isoformat() and due.endswith("+00:00"))
    assert due or OUTCOMES[outcome].trouble is Trouble.NEVER


@pytest.mark.parametrize(
    ("page_type", "site", "bounds"),
    [
        ("home", {}, Bounds(1, 20, 14)),
        ("faq", {}, Bounds(1, 60, 30)),
        (None, {}, Bounds(1, 60, 30)),
        ("faq", {"max_days": 7.0}, Bounds(1, 60, 7.0)),
        ("home", {"min_days": 3.0}, Bounds(3.0, 20, 14)),
        ("home", {"min_days": 3.0, "max_days": 0.5}, Bounds(0.5, 20, 0.5)),
    ],
)
def test_bounds_are_data(page_type, site, bounds):
    """By type of page in the settings, and narrowed by what a person put on the site's row."""
    table = {"home": (1, 20, 14), "other": (1, 60, 30)}
    assert bounds_of(table, page_type, replace(PAGE, **site)) == bounds


def test_pauses_grow():
    """Of each class the first pause is not longer than the longest."""
    assert set(BACKOFF) == set(Trouble) - {Trouble.NEVER}
    assert all(first <= longest for first, longest in BACKOFF.values())


def test_a_busy_site_is_not_asked_more_than_a_calm_one():
    """At its site's pace a page comes back later, within its bounds; its own rhythm is remembered as it is."""
    page = replace(PAGE, last_confirmed=(NOW - DAY).isoformat(), changes_seen=10, watched_days=20)
    own, slowed = (timing(page, Outcome.CHANGED, NOW, WIDE, changed=True, pace=pace) for pace in (1.0, 4.0))
    assert slowed.due_at > own.due_at
    assert slowed.interval_hours == own.interval_hours
