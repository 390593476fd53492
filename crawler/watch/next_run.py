"""When a watch crawls next: pure, the clock comes in. What it goes by is the corpus, not when its process began."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class LastCrawl:
    """The newest crawl of the sites that are watched; ``ended_at`` is nothing for one that was cut off."""

    started_at: datetime
    ended_at: datetime | None


def parse_every(text: str) -> timedelta:
    """Read a length of time: a number with s, m, h, d or w; raises ValueError with a line for the operator.

    >>> parse_every("6h"), parse_every("1w")
    (datetime.timedelta(seconds=21600), datetime.timedelta(days=7))
    """
    found = re.fullmatch(r"\s*([1-9]\d{0,3})\s*([smhdw])\s*", text)
    if not found:
        raise ValueError(f"{text!r}: expected a number with s, m, h, d or w, such as 12h, 1d or 1w")
    return timedelta(**{UNITS[found[2]]: int(found[1])})


def next_run(last: LastCrawl | None, every: timedelta, now: datetime) -> datetime:
    """Give the time of the next crawl: so long after the last one began, never later than that from now.

    A corpus that was never crawled, and a crawl that was cut off, are due at once. After a missed week one crawl is
    due, not seven: it counts from when the last one began. A clock that was set back delays nothing by more than
    ``every``.

    >>> def at(day): return datetime.fromisoformat(f"2026-03-{day:02}T03:00+00:00")
    >>> str(next_run(LastCrawl(at(1), at(1)), timedelta(days=1), now=at(9)))
    '2026-03-09 03:00:00+00:00'
    """
    if last is None or last.ended_at is None:
        return now
    return min(max(last.started_at + every, now), now + every)


def is_done(last: LastCrawl | None, began: datetime) -> bool:
    """Tell whether the run that began then came to its end; it may have gone on with a crawl that was cut off."""
    return last is not None and last.ended_at is not None and last.ended_at >= began


def retry_after(failures: int, every: timedelta) -> timedelta:
    """Give the pause after so many failed runs in a row: a minute, two, four, up to an hour or to ``every``.

    >>> [retry_after(failures, timedelta(days=1)).seconds // 60 for failures in (1, 2, 3, 9)]
    [1, 2, 4, 60]
    """
    return min(FIRST_RETRY * int(2 ** min(failures - 1, 10)), LONGEST_RETRY, every)


def wait_text(until: datetime, now: datetime) -> str:
    """Say when the next crawl begins, for a person.

    >>> from datetime import UTC
    >>> wait_text(datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 1, 10, 30, tzinfo=UTC))
    'next crawl at 2026-03-02 09:00 UTC, in 22 h 30 min'
    """
    minutes = round((until - now).total_seconds() / 60)
    pause = f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
    return f"next crawl at {until:%Y-%m-%d %H:%M} UTC, in {pause}"
