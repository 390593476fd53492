"""What the change desk shows: a ranked list, one change with its comparison, the history of a page."""

from __future__ import annotations

import sqlite3  # noqa: TC003
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from db import changes
from db.datasette.diffs import Hunk, Line, changed_lines, compared, hunks_of, shorten
from db.datasette.wording import label
from pipelines.diff import Diff, diff_texts

if TYPE_CHECKING:
    from db.changes import Asked, Change

PAGE_SIZE = 25
LISTED = 50
NAMED = 20  # other pages of the same edit that the list names
SNIPPET = 3  # lines of a change that the list shows
LONG = 40_000  # characters of a place; beyond, the list leaves the comparison to the change's own page
ALERTED = 5  # crawls back whose alerts the desk shows
NAMES = {"text": "Main text", "other_text": "Other visible text", "structured": "Structured data",
         "alternatives": "Image descriptions", "frame": "Header and footer"}  # fmt: skip
TOLD = """
    SELECT texts.text AS text, coalesce(title, '') AS title, coalesce(description, '') AS description, headings,
        other_text, structured, alternatives, frame
    FROM versions JOIN texts ON texts.sha256 = coalesce(own_sha256, text_sha256) WHERE versions.id = ?
"""


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
    texts = _told(db, change.before), _told(db, change.after)
    lines: list[Line] = []
    for place in change.places:
        before, after = texts[0].get(place, ""), texts[1].get(place, "")
        if len(lines) < SNIPPET and max(len(before), len(after)) < LONG:
            lines += changed_lines(residue(before, after).parts, SNIPPET - len(lines))
    return [Line(line.kind, shorten(line.words)) for line in lines]


def residue(before: str, after: str) -> Diff:
    """Compare what is left of two texts without the lines that they share: a list needs no more, and it is quick."""
    lines = before.split("\n"), after.split("\n")
    shared = set(lines[0]) & set(lines[1])
    left = ("\n".join(line for line in side if line not in shared) for side in lines)
    return diff_texts(*left)


def read_change(db: sqlite3.Connection, number: int, *, whole: bool = False) -> dict[str, Any] | None:
    """Read a change with its comparison, place by place; ``None`` where there is no such change."""
    change = changes.read_change(db, number)
    if change is None:
        return None
    texts = [_told(db, version) if version else {} for version in (change.before, change.after)]
    return {
        "change": change,
        "compared": _compare(change, texts[0], texts[1]) if change.before and change.after else [],
        "whole": compared(texts[0].get("text", ""), texts[1].get("text", "")) if whole else None,
        "others": changes.same_edit(db, change, LISTED),
        "versions": {
            side: _version(db, version) for side, version in (("before", change.before), ("after", change.after))
        },
        "capture": _capture(db, number),
        "site": db.execute("SELECT * FROM sites WHERE id = ?", (change.site,)).fetchone(),
    }


def _compare(change: Change, before: dict[str, str], after: dict[str, str]) -> list[Compared]:
    told = [
        Compared(name_of(place), hunks_of(compared(before.get(place, ""), after.get(place, ""))))
        for place in change.places
    ]
    return [one for one in told if one.hunks]


def name_of(place: str) -> str:
    """Name a place of a page for people."""
    return NAMES.get(place) or label(place)


def _told(db: sqlite3.Connection, version: int) -> dict[str, str]:
    row = db.execute(TOLD, (version,)).fetchone()
    return dict(row) if row else {}


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
