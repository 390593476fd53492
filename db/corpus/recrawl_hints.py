"""Bring a page forward because its site says that it changed: a newer ``lastmod`` in a sitemap, a newer feed entry.

Sites' dates are taken at their word only as far as they were right before: many write the moment of the request into
every line of their sitemap. Each visit that a date brought about is counted on the site's row, with whether there
was a change; the page's row says what brought it.
"""

from __future__ import annotations

import sqlite3  # noqa: TC003
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.model.records import Found, Page

UNPROVEN = 20  # pages that a site of unknown honesty may bring forward in one crawl
TRIED = 20  # visits after which the site's word is judged
RIGHT = 0.25  # of them that have to have found a change; a page's own rhythm finds one at about this rate
SEEN, LIVELY = 2, 120.0  # changes, hours: a page that changes every week or more often
REMEMBERED = 200  # visits; more and both counts are halved, so that a site can earn its word back, or lose it


def moment(text: str | None) -> tuple[datetime, bool] | None:
    """Read a date as sitemaps (W3C) and feeds (RFC 822) write it, and say whether it names a day only.

    >>> moment("2026-03-01")[1], moment("Sun, 01 Mar 2026 09:00:00 GMT")[0].isoformat(), moment("soon")
    (True, '2026-03-01T09:00:00+00:00', None)
    """
    text = (text or "").strip()
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        try:
            time = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    return (time if time.tzinfo else time.replace(tzinfo=UTC)), len(text) == len("2026-03-01")


def is_news(lastmod: str | None, known: str | None, last_fetched: str | None, now: str) -> bool:
    """Tell whether a date is later than what we have: the page has been fetched, and was changed since.

    ``known`` is what was said before. A day without a time may mean an hour after our visit of that day: it is news
    where something else was said before. A visit in the future (a clock was wrong) counts as one of now, and a date in
    the future as news when it is new, once.

    >>> is_news("2026-03-02", "2026-02-01", "2026-03-02T08:00:00+00:00", "2026-03-03T08:00:00+00:00")
    True
    >>> is_news("2026-03-01", "2026-02-01", "2026-03-02T08:00:00+00:00", "2026-03-03T08:00:00+00:00")
    False
    """
    told = moment(lastmod)
    if told is None or last_fetched is None or lastmod == known:
        return False
    fetched = min(datetime.fromisoformat(last_fetched), datetime.fromisoformat(now))
    time, day_only = told
    if day_only:
        return time.date() >= fetched.date() if known else time.date() > fetched.date()
    return time > fetched


def is_lively(changes_seen: float, interval_hours: float | None) -> bool:
    """Tell whether a page is known to change so often that one more change is no news: it keeps to its rhythm.

    >>> is_lively(0, 48), is_lively(3, 48), is_lively(3, 200)
    (False, True, False)
    """
    return changes_seen >= SEEN and interval_hours is not None and interval_hours < LIVELY


def allowance(hints: int, right: int) -> int:
    """Say how many pages a site may bring forward in one crawl, by how often its dates were right.

    >>> allowance(0, 0), allowance(100, 60), allowance(100, 2)
    (20, 1000000, 1)
    """
    if hints < TRIED:
        return UNPROVEN
    return 1_000_000 if right >= hints * RIGHT else 1


def bring_forward(db: sqlite3.Connection, left: dict[int, int], page: int, found: Found, at: str) -> None:
    """Make a known page due now, where its site has something left of what it may; ``left`` is kept for a crawl."""
    query = "SELECT site, due_at, changes_seen, interval_hours FROM pages WHERE id = ?"
    site, due, *rhythm = db.execute(query, (page,)).fetchone()
    if site not in left:
        left[site] = allowance(*db.execute("SELECT hints, hints_right FROM sites WHERE id = ?", (site,)).fetchone())
    if due is None or due <= at or not left[site] or is_lively(*rhythm):
        return
    left[site] -= 1
    db.execute("UPDATE pages SET due_at = ?, recrawl_hint = ? WHERE id = ?", (at, found.how, page))


def count_hint(db: sqlite3.Connection, page: Page, *, changed: bool) -> None:
    """Remember whether the date that brought a page forward was right."""
    db.execute("UPDATE sites SET hints = hints + 1, hints_right = hints_right + ? WHERE id = ?", (changed, page.site))
    db.execute(
        "UPDATE sites SET hints = hints / 2, hints_right = hints_right / 2 WHERE id = ? AND hints > ?",
        (page.site, REMEMBERED),
    )
