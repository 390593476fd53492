"""Dates: how they are written, where they stand, and which are never the page's own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import lxml.html
import pytest

from pipelines.metadata.dates import FoundDate, best_date, from_url, parse_date, written_dates
from pipelines.metadata.page_metadata import parse_metadata

LABELLED = Path(__file__).resolve().parents[3] / "tests" / "labelled" / "dates.txt"
LATEST = date(2026, 1, 1)


def labelled():
    """Give the labelled pages as parameters."""
    for block in LABELLED.read_text(encoding="utf-8").split("\n@ ")[1:]:
        head, _, html = block.partition("\n")
        url, published, modified, reason = head.split(" | ")
        yield pytest.param(url, html, published, modified, id=reason)


@pytest.mark.parametrize(("url", "html", "published", "modified"), list(labelled()))
def test_page_date(url, html, published, modified):
    """A page's own dates are read, and nothing else on the page is taken for one."""
    found = parse_metadata(lxml.html.document_fromstring(html), url, LATEST)
    assert (found.published or "-", found.modified or "-") == (published, modified)


def test_sixty_pages_are_labelled():
    """The rule of the labelled set is at least sixty pages."""
    assert len(list(labelled())) >= 60


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2023-05-14T10:00:00Z", "2023-05-14T10:00:00+00:00"),
        ("2023-05-14 10:00:00", "2023-05-14T10:00:00"),
        ("2023-05-14T10:00:00.123+0200", "2023-05-14T10:00:00.123000+02:00"),
        ("20230514", "2023-05-14"),
        ("May 14th, 2023", "2023-05-14"),
        ("14 de mayo de 2023", "2023-05-14"),
        ("Sunday, 14 May 2023 at noon", "2023-05-14"),
        ("2023", None),
        ("© 2023", None),
        ("13/13/2023", None),
        ("call 214-555-2023", None),
        ("", None),
        (None, None),
        (["2023-05-14"], None),
        ("9" * 10_000, None),
    ],
)
def test_parse_date(written, read):
    """One value becomes ISO 8601 or nothing; a year alone is nothing."""
    assert parse_date(written) == read


@pytest.mark.parametrize(
    ("text", "day_first", "month"), [("03/04/2023", False, 3), ("03/04/2023", True, 4), ("25/04/2023", False, 4)]
)
def test_slashes_follow_the_country(text, day_first, month):
    """Month and day swap by country, and by sense where only one reading is a date."""
    assert written_dates(text, day_first=day_first)[0].day.month == month


def test_archive_address_has_no_day():
    """A year and month in an address are an archive."""
    assert from_url("https://a.example/2023/05/") is None


def test_first_of_the_most_trusted_wins():
    """Trust decides, then the order on the page."""
    found = [FoundDate("2023-01-01", "published", "url", 0.6), FoundDate("2023-01-02", "published", "meta", 0.9)]
    best = best_date(found, "published")
    assert (best.value, best.source) == ("2023-01-02", "meta")


@pytest.mark.parametrize("value", ["0001-01-01", "1970-01-01", "1994-12-31", "2026-01-03"])
def test_absurd_dates_are_dropped(value):
    """Dates before clinics had pages, and after the day of the fetch, are nobody's."""
    assert best_date([FoundDate(value, "published", "meta", 0.9)], "published", LATEST) is None


def test_the_next_day_is_the_same_day_further_east():
    """In UTC a post of the evening is dated past midnight."""
    found = best_date([FoundDate("2026-01-02", "published", "meta", 0.9)], "published", LATEST)
    assert found.value == "2026-01-02"
