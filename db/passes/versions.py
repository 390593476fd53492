"""What passes read of versions: all that one shows, which stands before it, which crawl came before which.

"Before" and "newest" go by the time of capture, then by id: captures of the past may be added later than newer ones.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from pipelines.changes.region_diff import regions_of_row

if TYPE_CHECKING:
    import sqlite3

    from pipelines.changes.region_diff import PageRegions

__all__ = ["Compared", "crawl_order", "page_at", "standing_before"]

REGIONS = (
    "text", "other_text", "boilerplate", "menu", "title", "titles", "description", "descriptions", "structured", "data",
    "alternatives", "headings", "day", "details", "leftovers",
)  # fmt: skip
PAGE = """
    SELECT texts.text, other_text, boilerplate, menu, coalesce(title, ''), titles, coalesce(description, ''),
        descriptions, structured, data, alternatives, headings, day, details, leftovers
    FROM readings JOIN texts ON texts.sha256 = text_sha256 WHERE readings.version = ?
"""
STANDING_BEFORE = """
    SELECT old.id FROM captured_versions AS version
    JOIN captured_versions AS old ON old.page = version.page
        AND (old.first_seen, old.id) < (version.first_seen, version.id)
    JOIN readings ON readings.version = old.id
    LEFT JOIN version_judgements ON version_judgements.version = old.id
    WHERE version.id = ? AND coalesce(verdict, 'stands') = 'stands'
    ORDER BY old.first_seen DESC, old.id DESC LIMIT 1
"""


class Compared(NamedTuple):
    """A version of a page, and the one that stands before it (``None``: it is the first)."""

    page: int
    version: int
    before: int | None


def page_at(db: sqlite3.Connection, version: int) -> PageRegions:
    """Load what one version shows, region by region."""
    row: dict[str, str] = dict(zip(REGIONS, db.execute(PAGE, (version,)).fetchone(), strict=True))
    return regions_of_row(row, json.loads(row["leftovers"]))


def standing_before(db: sqlite3.Connection, version: int) -> int | None:
    """Name the version of the same page that stands before this one, as far as versions are judged."""
    row = db.execute(STANDING_BEFORE, (version,)).fetchone()
    return row[0] if row else None


def crawl_order(db: sqlite3.Connection) -> dict[int, int]:
    """Give each crawl its place in time, from 0: by when it began, then by id."""
    crawls = db.execute("SELECT id FROM crawls ORDER BY started_at, id")
    return {crawl: place for place, (crawl,) in enumerate(crawls)}
