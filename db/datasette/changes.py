"""The pages of changes: the ranked list, one change with its comparison, the entries of the feed."""

from __future__ import annotations

import sqlite3  # noqa: TC003
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from db.corpus import changes
from db.datasette.diffs import Hunk, Line, changed_lines, compared_lines, hunks_of, part_lines, shorten
from db.datasette.formatting import parsed_list, region_name
from pipelines.changes.diff import pair_units
from pipelines.changes.region_diff import PageRegions, diff_regions, regions_of_row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from db.corpus.changes import Asked, Change
    from pipelines.changes.diff import Diff

PAGE_SIZE = 25
MAX_LISTED = 50  # other pages of the same edit, alerts
MAX_OTHERS = 20  # other pages of the same edit that the list names
SNIPPET_LINES = 3  # of a change in the list
ALERT_CRAWLS = 5  # crawls back whose alerts the list shows
TEXTS = """
    SELECT texts.text AS text, coalesce(title, '') AS title, coalesce(description, '') AS description, headings,
        other_text, structured, alternatives, boilerplate, menu, titles, descriptions, data, day, details, leftovers,
        held
    FROM versions JOIN texts ON texts.sha256 = text_sha256 WHERE versions.id = ?
"""
VERSION = "SELECT id, first_seen, last_confirmed, capture, words, content_words FROM versions WHERE id = ?"
CAPTURE = (
    "SELECT captures.* FROM captures JOIN page_changes ON page_changes.capture = captures.id WHERE page_changes.id = ?"
)
# the column with the lines of a region, for those around a change: headings stand among the lines of the main text
LINES_OF = {"headings": "text", "title": "titles", "description": "descriptions", "structured": "data"}


@dataclass(frozen=True, slots=True)
class ListedChange:
    """A change of the list, the first of its lines that changed, and other pages with the same edit."""

    change: Change
    lines: Sequence[Line]
    others: Sequence[Change] = ()


@dataclass(frozen=True, slots=True)
class ComparedRegion:
    """A region of a page, compared: its name for people, and what changed in it."""

    name: str
    hunks: list[Hunk]


class IgnoredLine(NamedTuple):
    """A line of dynamic content, which no comparison counts, and why."""

    line: str
    reason: str


class ChangeList(NamedTuple):
    """A page of the list of changes; ``total`` counts all that were asked for."""

    rows: list[ListedChange]
    total: int
    more: bool
    newest: int
    crawls: int  # that finished
    kinds: list[str]
    alerts: list[tuple[int, str, str]]


class ChangePage(NamedTuple):
    """What the page of a change shows; ``before`` and ``after`` are versions, where there was and is a text."""

    change: Change
    compared: list[ComparedRegion]
    whole: list[Line]  # the text from its first line to its last, if that was asked for
    ignored: list[IgnoredLine]
    others: list[Change]
    before: sqlite3.Row | None
    after: sqlite3.Row | None
    capture: sqlite3.Row | None
    site: sqlite3.Row


def read_changes(db: sqlite3.Connection, filters: Asked, page: int) -> ChangeList:
    """Read a page of the list: changes ranked, how many there are, which filters can be set, recent alerts."""
    found = changes.ranked(db, filters, PAGE_SIZE + 1, (page - 1) * PAGE_SIZE)
    crawl = db.execute("SELECT max(id) FROM crawls").fetchone()[0] or 0
    return ChangeList(
        rows=[_with_lines(db, change) for change in found[:PAGE_SIZE]],
        total=changes.count_changes(db, filters),
        more=len(found) > PAGE_SIZE,
        newest=changes.newest_change(db)[0],
        crawls=db.execute("SELECT count(*) FROM crawls WHERE status = 'finished'").fetchone()[0],
        kinds=[kind for (kind,) in db.execute("SELECT DISTINCT kind FROM changes ORDER BY kind")],
        alerts=changes.alerts_since(db, crawl - ALERT_CRAWLS + 1)[:MAX_LISTED],
    )


def read_newest(db: sqlite3.Connection, filters: Asked, most: int) -> list[ListedChange]:
    """Read the changes that were found last, newest first, each with its first lines."""
    return [_with_lines(db, change) for change in changes.newest(db, filters, most)]


def _with_lines(db: sqlite3.Connection, change: Change) -> ListedChange:
    """Add the first lines that changed: what matters most stands first in a change."""
    others = changes.same_edit(db, change, MAX_OTHERS) if change.pages > 1 else []
    parts = [part for one in change.lines for part in pair_units(one.removed, one.added)]
    lines = [Line(line.kind, shorten(line.words)) for line in changed_lines(parts, SNIPPET_LINES)]
    return ListedChange(change, lines, others)


def ignored_lines(row: Mapping[str, str]) -> list[IgnoredLine]:
    """Give the lines of a version that are dynamic content, each with the reason."""
    return [IgnoredLine(str(one["line"]), str(one["why"])) for one in parsed_list(row["held"])]


def read_change(db: sqlite3.Connection, number: int, *, whole: bool = False) -> ChangePage | None:
    """Read a change with its comparison, region by region; ``None`` where there is no such change."""
    change = changes.read_change(db, number)
    if change is None:
        return None
    before = _read_texts(db, change.before) if change.before else None
    after = _read_texts(db, change.after) if change.after else None
    return ChangePage(
        change=change,
        compared=compare_regions(before, after, change) if before and after else [],
        whole=compared_lines(before["text"], after["text"]) if whole and before and after else [],
        ignored=ignored_lines(after) if after else [],
        others=changes.same_edit(db, change, MAX_LISTED),
        before=db.execute(VERSION, (change.before,)).fetchone(),
        after=db.execute(VERSION, (change.after,)).fetchone(),
        capture=db.execute(CAPTURE, (number,)).fetchone(),
        site=db.execute("SELECT * FROM sites WHERE id = ?", (change.site,)).fetchone(),
    )


def compare_regions(
    before: Mapping[str, str], after: Mapping[str, str], change: Change | None = None
) -> list[ComparedRegion]:
    """Compare two versions in each region that differs, what changed with a line of context.

    Of a ``change`` only its own lines count: what else differs on the page is another change.
    """
    found = diff_regions(_page(before), _page(after), [line for line, _ in ignored_lines(after)])
    if change and change.lines:
        lines = {line for one in change.lines for line in (*one.removed, *one.added)}
        found = {region: diff.within(lines) for region, diff in found.items()}
        found = {region: diff for region, diff in found.items() if diff.parts}
    by_region: dict[str, list[Diff]] = {}
    for region, diff in found.items():  # headings are shown among the text around them, where that changed too
        by_region.setdefault("text" if region == "headings" and "text" in found else region, []).append(diff)
    compared = []
    for region, diffs in by_region.items():
        changed = frozenset(unit for diff in diffs for unit in (*diff.removed, *diff.added))
        one, two = (side.get(LINES_OF.get(region, region), "") or side.get(region, "") for side in (before, after))
        hunks = hunks_of(compared_lines(one, two, changed))
        if not hunks:  # the lines that changed are in no column of their own: they are shown without context
            hunks = [Hunk(tuple(line for diff in diffs for part in diff.parts for line in part_lines(part)))]
        compared.append(ComparedRegion(region_name(region), hunks))
    return compared


def _page(texts: Mapping[str, str]) -> PageRegions:
    return regions_of_row(texts, parsed_list(texts["leftovers"]))


def _read_texts(db: sqlite3.Connection, version: int) -> dict[str, str]:
    """Read the columns of a version that hold text, empty where there is none."""
    row = db.execute(TEXTS, (version,)).fetchone()
    return {name: str(row[name] or "") for name in row.keys()}  # noqa: SIM118 - a row iterates values


def entry_id(change: Change) -> str:
    """Name a change for good, in a feed (RFC 4151): by the host, the day, and what happened to which page when.

    The number of its row may change where the passes run anew; this does not.
    """
    kind = change.kind.replace(" ", "-")
    return f"tag:{change.host},{change.at[:10]}:clinicwatch/{change.page}/{change.crawl}/{kind}/{change.edit}"
