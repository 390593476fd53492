"""The reads of what changed: ranked, filtered, the same edit on many pages as one row."""

from __future__ import annotations

import json
import sqlite3  # noqa: TC003
from dataclasses import dataclass, fields

from pipelines.changes.rotation import ROTATION_NOTES, Rotation


@dataclass(frozen=True, slots=True)
class EditedRegion:
    """The lines of an edit in a region of a page: those that went and those that came."""

    region: str
    removed: tuple[str, ...]
    added: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A change as people read it: what happened to a page, where on it, how much it matters and why.

    ``lines`` are what the edit is, what matters most first; none for an event. ``pages`` counts the pages that the same
    edit is on, this one included. ``words_added`` and ``words_removed`` leave
    out what only moved. ``score`` is 0 to 1; ``reasons`` say why, strongest first. ``rotation`` says whether it is
    content that changes by itself (suspected, proven, or confirmed to be an edit; empty: nothing looks so); ``back_to``
    is the earlier version that the page shows again, with its number.
    """

    id: int
    page: int
    crawl: int
    kind: str
    at: str
    before: int | None
    after: int | None
    moved_to: str | None
    target: int | None
    regions: tuple[str, ...]
    lines: tuple[EditedRegion, ...]
    words_added: int
    words_removed: int
    score: float
    reasons: tuple[str, ...]
    cues: tuple[str, ...]
    material: bool
    edit: str
    pages: int
    summary: str
    url: str
    title: str
    site: int
    host: str
    advertiser: str
    page_type: str | None
    rotation: str
    back_to: int | None
    back_to_number: int | None

    @property
    def folded(self) -> str:
        """Say why lists show it folded; empty where they do not."""
        return ROTATION_NOTES.get(Rotation(self.rotation), "") if self.rotation else ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which changes are asked for; empty means any.

    ``after`` is the number of a change: those found later. ``since`` is a time in ISO 8601: those seen from then on.
    ``site`` is a host. A change that is on many pages is meant where any of them is. ``only`` and ``without`` are names
    of edits as JSON lists: no others, and all others.
    """

    after: int = 0
    since: str = ""
    site: str = ""
    advertiser: str = ""
    kind: str = ""
    place: str = ""
    crawl: int = 0
    only: str = ""
    without: str = ""


SHOWN = "page_changes AS changes"  # an edit on each of its pages; where `lead` is 1, once
COLUMNS = """
    changes.id, changes.page, changes.crawl, changes.kind, changes.at, changes.before, changes.after, changes.moved_to,
    changes.target, changes.regions, changes.lines, changes.words_added, changes.words_removed, changes.score,
    changes.reasons, changes.cues, changes.material, changes.edit, changes.edit_pages, changes.summary, pages.url,
    coalesce(nullif(told.title, ''), ''), pages.site, sites.host, sites.advertiser, told.page_type,
    coalesce(rotations.state, ''), changes.back_to, changes.back_to_number
"""
JOINED = """
    JOIN pages ON pages.id = changes.page JOIN sites ON sites.id = pages.site
    LEFT JOIN readings AS told ON told.version = coalesce(changes.after, changes.before)
    LEFT JOIN rotations ON rotations.crawl = changes.crawl AND rotations.edit = changes.edit
"""
# The rows are chosen by narrow indexes and only then joined: of 100,000 that a filter lets through, 26 are shown.
LISTED = (
    "WITH chosen AS MATERIALIZED (SELECT changes.id AS id FROM page_changes AS changes WHERE {clause} ORDER BY {order}"
    " LIMIT :limit OFFSET :offset)"
    f" SELECT {COLUMNS} FROM chosen JOIN page_changes AS changes ON changes.id = chosen.id {JOINED} ORDER BY {{order}}"
)
SAME_EDIT = (
    "changes.edit IN (SELECT own.edit FROM page_changes AS own JOIN pages ON pages.id = own.page"
    " JOIN sites ON sites.id = pages.site WHERE {})"
)
CLAUSES = {
    "after": "changes.id > :after",
    "since": "changes.at >= :since",
    "site": SAME_EDIT.format("sites.host = :site"),
    "advertiser": SAME_EDIT.format("sites.advertiser = :advertiser"),
    "crawl": "changes.crawl = :crawl",
    "kind": "changes.kind = :kind",
    "place": "instr(changes.regions, json_quote(:place)) > 0",
    "only": "changes.edit IN (SELECT value FROM json_each(:only))",
    "without": "changes.edit NOT IN (SELECT value FROM json_each(:without))",
}
# the filter that lets the fewest rows through leads, by its index; a unary plus takes the others' indexes away
LEADING = ("only", "site", "advertiser", "after", "crawl", "since", "kind")


def ranked(db: sqlite3.Connection, asked: Asked, limit: int = -1, offset: int = 0) -> list[Change]:
    """Give the changes that are asked for, what matters most first; the same edit on many pages once."""
    clause, values = _where(asked)
    sql = LISTED.format(clause=clause, order="changes.score DESC, changes.id DESC")
    return [change_of(tuple(row)) for row in db.execute(sql, values | {"limit": limit, "offset": offset})]


def newest(db: sqlite3.Connection, asked: Asked, limit: int) -> list[Change]:
    """Give the changes that are asked for, those found last first; the same edit on many pages once."""
    clause, values = _where(asked)
    sql = LISTED.format(clause=f"+{clause.lstrip('+')}", order="changes.id DESC")
    return [change_of(tuple(row)) for row in db.execute(sql, values | {"limit": limit, "offset": 0})]


def count_changes(db: sqlite3.Connection, asked: Asked) -> int:
    """Count the changes that are asked for."""
    clause, values = _where(asked)
    return int(db.execute(f"SELECT count(*) FROM page_changes AS changes WHERE {clause}", values).fetchone()[0])


def _where(asked: Asked) -> tuple[str, dict[str, object]]:
    values = {name: getattr(asked, name) for name in CLAUSES if getattr(asked, name)}
    leading = next((name for name in LEADING if name in values), "lead")
    lead = "changes.lead = 1" if leading in {"lead", "kind"} else "+changes.lead = 1"
    clauses = [CLAUSES[name] if name == leading else f"+{CLAUSES[name]}" for name in values]
    return " AND ".join([lead, *clauses]), values


def change_of(row: tuple[object, ...]) -> Change:
    """Make a change of the columns of a row; the lists in it are JSON."""
    named = dict(zip((field.name for field in fields(Change)), row, strict=True))
    lists = {name: tuple(json.loads(str(named[name]))) for name in ("regions", "reasons", "cues")}
    found = json.loads(str(named["lines"]))
    lines = tuple(EditedRegion(one["region"], tuple(one["removed"]), tuple(one["added"])) for one in found)
    values = named | lists | {"lines": lines, "material": bool(named["material"])}
    return Change(**values)  # type: ignore[arg-type] # by name


def read_change(db: sqlite3.Connection, number: int) -> Change | None:
    """Give one change, as it is on any of its pages."""
    row = db.execute(f"SELECT {COLUMNS} FROM {SHOWN} {JOINED} WHERE changes.id = ?", (number,)).fetchone()
    return change_of(tuple(row)) if row else None


def find_edit(db: sqlite3.Connection, edit: str) -> int | None:
    """Give the number that the row of an edit has now; ``None`` where no such edit is listed."""
    row = db.execute("SELECT id FROM page_changes WHERE edit = ? AND lead = 1", (edit,)).fetchone()
    return int(row[0]) if row else None


def same_edit(db: sqlite3.Connection, change: Change, limit: int = 50) -> list[Change]:
    """Give the rows of the same edit on other pages, by address."""
    rows = db.execute(
        f"SELECT {COLUMNS} FROM {SHOWN} {JOINED} WHERE changes.edit = ? AND changes.crawl = ? AND changes.id != ?"
        " ORDER BY pages.url LIMIT ?",
        (change.edit, change.crawl, change.id, limit),
    )
    return [change_of(tuple(row)) for row in rows]


def changes_of_page(db: sqlite3.Connection, page: int, limit: int = 500) -> list[Change]:
    """Give what happened to a page, the newest first."""
    rows = db.execute(
        f"SELECT {COLUMNS} FROM {SHOWN} {JOINED} WHERE changes.page = ? ORDER BY changes.id DESC LIMIT ?",
        (page, limit),
    )
    return [change_of(tuple(row)) for row in rows]


def newest_change(db: sqlite3.Connection) -> tuple[int, str]:
    """Give the number of the change that was found last, and when the newest one was seen; 0 and nothing for none."""
    number, at = db.execute("SELECT max(id), (SELECT max(at) FROM changes) FROM changes").fetchone()
    return int(number or 0), str(at or "")


def alerts_since(db: sqlite3.Connection, crawl: int) -> list[tuple[int, str, str]]:
    """Give the alerts that crawls from this one on raised: crawl, host, what is wrong; newest first."""
    rows = db.execute(
        "SELECT site_runs.crawl, sites.host, alert.value FROM site_runs JOIN sites ON sites.id = site_runs.site,"
        " json_each(site_runs.alerts) AS alert WHERE site_runs.crawl >= ? AND site_runs.alerts != '[]'"
        " ORDER BY site_runs.crawl DESC, sites.host",
        (crawl,),
    )
    return [tuple(row) for row in rows]
