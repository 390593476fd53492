"""What the change desk shows: a ranked list, one change with its comparison, the history of a page."""

from __future__ import annotations

import sqlite3  # noqa: TC003
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from db.corpus import changes
from db.datasette.diffs import Hunk, Line, changed_lines, compared, hunks_of, lines_of, shorten
from db.datasette.wording import label, parsed
from pipelines.changes.region_diff import PageRegions, diff_regions, regions_of_row

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from db.corpus.changes import Asked, Change
    from pipelines.changes.diff import Diff

PAGE_SIZE = 25
LISTED = 50
NAMED = 20  # other pages of the same edit that the list names
SNIPPET = 3  # lines of a change that the list shows
ALERTED = 5  # crawls back whose alerts the desk shows
NAMES = {"text": "Main text", "other_text": "Other visible text", "structured": "Structured data",
         "alternatives": "Image descriptions", "frame": "Header and footer"}  # fmt: skip
TOLD = """
    SELECT texts.text AS text, coalesce(title, '') AS title, coalesce(description, '') AS description, headings,
        other_text, structured, alternatives, frame, menu, titles, descriptions, data, day, leftovers, held
    FROM versions JOIN texts ON texts.sha256 = text_sha256 WHERE versions.id = ?
"""
# where the lines of a place stand, for those around a change: headings stand among the lines of the main text
STAND = {"headings": "text", "title": "titles", "description": "descriptions", "structured": "data"}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the desk: a change, the first of its lines that changed, and other pages with the same edit."""

    change: Change
    lines: tuple[Line, ...]
    others: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """A place of a page, compared: its name for people, and what changed in it."""

    name: str
    hunks: list[Hunk]


def read_desk(db: sqlite3.Connection, asked: Asked, page: int) -> dict[str, Any]:
    """Read a page of the desk: changes ranked, how many there are, which filters can be set, recent alerts."""
    found = changes.ranked(db, asked, PAGE_SIZE + 1, (page - 1) * PAGE_SIZE)
    crawl = db.execute("SELECT max(id) FROM crawls").fetchone()[0] or 0
    return {
        "rows": [_row(db, change) for change in found[:PAGE_SIZE]],
        "count": changes.count_changes(db, asked),
        "more": len(found) > PAGE_SIZE,
        "newest": changes.newest_change(db)[0],
        "crawls": db.execute("SELECT count(*) FROM crawls WHERE status = 'finished'").fetchone()[0],
        "kinds": [kind for (kind,) in db.execute("SELECT DISTINCT kind FROM changes ORDER BY kind")],
        "alerts": changes.alerts_since(db, crawl - ALERTED + 1)[:LISTED],
    }


def read_newest(db: sqlite3.Connection, asked: Asked, most: int) -> list[Row]:
    """Read the changes that were found last, newest first, each with its first lines."""
    found = changes.newest(db, asked, most)
    return [_row(db, change) for change in found]


def _row(db: sqlite3.Connection, change: Change) -> Row:
    others = changes.same_edit(db, change, NAMED) if change.pages > 1 else []
    return Row(change, tuple(snippet_of(db, change)), tuple(others))


def snippet_of(db: sqlite3.Connection, change: Change) -> list[Line]:
    """Show the first lines that changed, in the place that the change names first."""
    if not change.before or not change.after:
        return []
    before, after = _told(db, change.before), _told(db, change.after)
    found = diff_regions(*slim(page(before), page(after)), [line for line, _ in held_back(after)])
    parts = [part for place in sorted(found, key=_order(change)) for part in found[place].parts]
    return [Line(line.kind, shorten(line.words)) for line in changed_lines(parts, SNIPPET)]


def _order(change: Change) -> Callable[[str], int]:
    return lambda place: change.places.index(place) if place in change.places else len(change.places)


def slim(before: PageRegions, after: PageRegions) -> tuple[PageRegions, PageRegions]:
    """Leave the visible lines out that both versions have: a list needs no more, and it is quick."""
    shared = {line.text for line in before.visible} & {line.text for line in after.visible}
    one, two = (
        replace(side, visible=tuple(line for line in side.visible if line.text not in shared))
        for side in (before, after)
    )
    return one, two


def page(row: Mapping[str, str]) -> PageRegions:
    """Make what a version tells of its row."""
    return regions_of_row(row, parsed(row["leftovers"]) or [])


def held_back(row: Mapping[str, str]) -> list[tuple[str, str]]:
    """Give the lines of a version that change by themselves, each with the reason."""
    told = parsed(row["held"])
    return [(str(one["line"]), str(one["why"])) for one in told] if isinstance(told, list) else []


def read_change(db: sqlite3.Connection, number: int, *, whole: bool = False) -> dict[str, Any] | None:
    """Read a change with its comparison, place by place; ``None`` where there is no such change."""
    change = changes.read_change(db, number)
    if change is None:
        return None
    texts = [_told(db, version) if version else None for version in (change.before, change.after)]
    sides = {"before": change.before, "after": change.after}
    return {
        "change": change,
        "compared": compare(texts[0], texts[1]) if texts[0] and texts[1] else [],
        "whole": compared(texts[0]["text"], texts[1]["text"]) if whole and texts[0] and texts[1] else None,
        "held": held_back(texts[1]) if texts[1] else [],
        "others": changes.same_edit(db, change, LISTED),
        "versions": {side: _version(db, version) for side, version in sides.items()},
        "capture": _capture(db, number),
        "site": db.execute("SELECT * FROM sites WHERE id = ?", (change.site,)).fetchone(),
    }


def compare(before: Mapping[str, str], after: Mapping[str, str]) -> list[Compared]:
    """Compare two versions in each place that differs, what changed with a line of context."""
    found = diff_regions(page(before), page(after), [line for line, _ in held_back(after)])
    told: dict[str, list[Diff]] = {}
    for place, diff in found.items():  # headings are shown among the text around them, where that changed too
        told.setdefault("text" if place == "headings" and "text" in found else place, []).append(diff)
    return [Compared(name_of(place), _hunks(place, diffs, before, after)) for place, diffs in told.items()]


def _hunks(place: str, diffs: list[Diff], before: Mapping[str, str], after: Mapping[str, str]) -> list[Hunk]:
    units = frozenset(unit for diff in diffs for unit in (*diff.removed, *diff.added))
    one, two = (side.get(STAND.get(place, place), "") or side.get(place, "") for side in (before, after))
    found = hunks_of(compared(one, two, units))
    return found or [Hunk(tuple(line for diff in diffs for part in diff.parts for line in lines_of(part)))]


def name_of(place: str) -> str:
    """Name a place of a page for people."""
    return NAMES.get(place) or label(place)


def _told(db: sqlite3.Connection, version: int) -> dict[str, str]:
    row = db.execute(TOLD, (version,)).fetchone()
    return {name: str(value or "") for name, value in dict(row).items()}


def _version(db: sqlite3.Connection, version: int | None) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute(
        "SELECT id, first_seen, last_confirmed, capture, words, own_words FROM versions WHERE id = ?", (version,)
    ).fetchone()
    return row


def _capture(db: sqlite3.Connection, change: int) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute(
        "SELECT captures.* FROM captures JOIN changes ON changes.capture = captures.id WHERE changes.id = ?", (change,)
    ).fetchone()
    return row
