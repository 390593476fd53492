"""Read a date the way pages write it, and find the best of the dates that a page states.

Each date has its source (where it stood) and how far that is trusted. There is no fallback: a general-purpose date
finder took the year of the footer on 27 of 27 undated clinic pages, and a false date is worse than none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from pipelines.languages import load_words

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "EARLIEST",
    "FoundDate",
    "WrittenDate",
    "best_date",
    "day_first",
    "from_url",
    "order_of",
    "parse_date",
    "strip_dates",
    "written_dates",
]

# No clinic advertised on the web before; 1970-01-01 and 0001-01-01 are what empty fields of a CMS turn into.
EARLIEST = date(1995, 1, 1)

_MONTH = load_words().months
_NAME = "|".join(sorted(_MONTH, key=len, reverse=True))
_YEAR = r"(?:19|20)\d\d"
_WRITTEN = re.compile(
    rf"""\b(?:
      (?P<y1>{_YEAR})(?P<sep>[-/.])(?P<m1>\d\d?)(?P=sep)(?P<d1>\d\d?)(?!\d)
    | (?P<mon2>{_NAME})\.?\s+(?P<d2>\d\d?)(?:st|nd|rd|th)?(?:\s*,)?\s+(?P<y2>{_YEAR})
    | (?P<d3>\d\d?)(?:st|nd|rd|th|\.|er|º)?\s+(?:(?:of|d[eo])\s+)?(?P<mon3>{_NAME})\.?,?\s+(?:del?\s)?(?P<y3>{_YEAR})
    | (?P<a4>\d\d?)(?P<sep4>[/.-])(?P<b4>\d\d?)(?P=sep4)(?P<y4>{_YEAR})
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_URL = re.compile(
    r"/(?P<y>(?:19|20)\d\d)(?P<sep>[/-])(?P<m>0?[1-9]|1[0-2])(?P=sep)(?P<d>0?[1-9]|[12]\d|3[01])(?=[/_.-]|$)"
)
_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?\s?(?:Z|[+-]\d\d:?\d\d)?$")
_YEAR_MONTH = re.compile(r"(?:19|20)\d\d[-/](?:0[1-9]|1[0-2])$")
MONTHS = 12
_MONTH_FIRST = ("US", "PH", "CA")


@dataclass(frozen=True, slots=True)
class FoundDate:
    """One date that a page states: ISO 8601, ``published`` or ``modified``, its source and its trust from 0 to 1."""

    value: str
    kind: str
    source: str
    trust: float


class WrittenDate(NamedTuple):
    """A whole date in running text, and where in it the date starts and ends."""

    day: date
    start: int
    end: int


def _date_or_none(year: str, month: int, day: str) -> date | None:
    try:
        return date(int(year), month, int(day))
    except ValueError:
        return None


def _read(match: re.Match[str], *, day_first: bool | None) -> date | None:
    part = match.groupdict()
    if part["y1"]:
        return _date_or_none(part["y1"], int(part["m1"]), part["d1"])
    if part["y2"]:
        return _date_or_none(part["y2"], _MONTH[part["mon2"].lower()], part["d2"])
    if part["y3"]:
        return _date_or_none(part["y3"], _MONTH[part["mon3"].lower()], part["d3"])
    year, one, two = part["y4"], part["a4"], part["b4"]
    if part["sep4"] == ".":
        return _date_or_none(year, int(two), one)
    if day_first is None and one != two and int(one) <= MONTHS and int(two) <= MONTHS:
        return None
    month, day = (two, one) if day_first else (one, two)
    return _date_or_none(year, int(month), day) or _date_or_none(year, int(day), month)


def day_first(language: str | None) -> bool | None:
    """Say how ``05/04/2023`` is meant: month first in the United States, the Philippines and Canada.

    English without a region and no language at all say nothing: ``None``.

    >>> day_first("en-US"), day_first("en-GB"), day_first("es"), day_first("en"), day_first(None)
    (False, True, True, None, None)
    """
    if not language:
        return None
    base, _, region = language.partition("-")
    if region:
        return region.upper() not in _MONTH_FIRST
    return None if base == "en" else True


def order_of(texts: Iterable[str]) -> bool | None:
    """Say by its other dates whether a page writes the day first; None where none tells, or they differ.

    >>> order_of(["25/04/2023", "05/04/2023"]), order_of(["4/25/2023"]), order_of(["05/04/2023"])
    (True, False, None)
    """
    orders = set()
    for match in (match for text in texts for match in _WRITTEN.finditer(text)):
        one, two = match["a4"], match["b4"]
        if one and match["sep4"] != "." and (int(one) > MONTHS) != (int(two) > MONTHS):
            orders.add(int(one) > MONTHS)
    return orders.pop() if len(orders) == 1 else None


def written_dates(text: str, *, day_first: bool | None = None) -> list[WrittenDate]:
    """Find the whole dates (day, month and year) in running text; a bare year is no date.

    ``day_first`` says how ``05/04/2023`` is meant; where that is not known, such a date is none.

    >>> written_dates("Posted on May 4th, 2023 by us, © 2024")
    [WrittenDate(day=datetime.date(2023, 5, 4), start=10, end=23)]
    """
    found = ((_read(match, day_first=day_first), match) for match in _WRITTEN.finditer(text))
    return [WrittenDate(day, *match.span()) for day, match in found if day]


def strip_dates(text: str) -> str:
    """Give the text without its dates: what is left tells a byline from a sentence."""
    return _WRITTEN.sub(" ", text)


def parse_date(value: object, *, day_first: bool | None = None) -> str | None:
    """Read one machine or human date as ISO 8601: a day, or a day with its time; else None.

    A year alone is refused (it is a copyright line or a default); a year and month are kept as they are.

    >>> parse_date("2023-05-14T10:00:00+0000"), parse_date("14 May 2023"), parse_date("2023"), parse_date({})
    ('2023-05-14T10:00:00+00:00', '2023-05-14', None, None)
    """
    if not isinstance(value, str) or len(value) > 200:
        return None
    value = " ".join(value.split())
    if _YEAR_MONTH.match(value):
        return value.replace("/", "-")
    if re.fullmatch(r"(?:19|20)\d{6}", value):
        value = f"{value[:4]}-{value[4:6]}-{value[6:]}"
    if _ISO.match(value):
        try:
            return datetime.fromisoformat(value.replace(" ", "T", 1).replace(" ", "")).isoformat()
        except ValueError:
            pass
    found = written_dates(value.replace("T", " ", 1) if value[:4].isdigit() else value, day_first=day_first)
    return found[0].day.isoformat() if found else None


def from_url(url: str) -> FoundDate | None:
    """Take the day out of a path such as ``/2023/05/14/a-post/``; a year and month alone are an archive, no day.

    >>> from_url("https://a.example/2023/05/14/a-post/").value
    '2023-05-14'
    """
    path = re.sub(r"^[a-z]+://[^/]*", "", url).split("?")[0]
    match = _URL.search(path)
    found = _date_or_none(match["y"], int(match["m"]), match["d"]) if match else None
    return FoundDate(found.isoformat(), "published", "url", 0.6) if found else None


def best_date(found: Iterable[FoundDate], kind: str, latest: date | None = None) -> FoundDate | None:
    """Give the most trusted date of one kind, the first where trust is equal; none before 1995 or after ``latest``.

    One day after ``latest`` is the same day further east.
    """
    plausible = (each for each in found if each.kind == kind and _is_plausible(each, latest))
    return max(plausible, key=lambda each: each.trust, default=None)


def _is_plausible(found: FoundDate, latest: date | None) -> bool:
    try:
        day = date.fromisoformat(f"{found.value}-01"[:10])  # of a year and month, the first day
    except ValueError:
        return False
    return day >= EARLIEST and (latest is None or day <= latest + timedelta(days=1))
