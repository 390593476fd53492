"""The clock of the demo web: tick 0 is 2 March 2026, and each tick is four weeks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime

__all__ = ["TICKS", "http_date", "iso_time", "say_date", "tick_date"]

TICKS = 12
_START = date(2026, 3, 2)


def tick_date(tick: int) -> date:
    """Give the day on which a tick falls.

    >>> tick_date(1).isoformat()
    '2026-03-30'
    """
    return _START + timedelta(weeks=4 * tick)


def iso_time(day: date) -> str:
    """Give a time of that day as a content system writes it.

    >>> iso_time(date(2026, 3, 2))
    '2026-03-02T09:02:00+00:00'
    """
    return f"{day.isoformat()}T09:{day.day:02d}:00+00:00"


def http_date(day: date) -> str:
    """Give a day as ``Last-Modified`` says it."""
    return format_datetime(datetime(day.year, day.month, day.day, 9, day.day, tzinfo=UTC), usegmt=True)


def say_date(day: date) -> str:
    """Give a day as a person writes it.

    >>> say_date(date(2026, 3, 2))
    'March 2, 2026'
    """
    return f"{day:%B} {day.day}, {day.year}"
