"""The pass ``regions``: the texts that each version shows, region by region, for all that reads more than main texts.

versions of a site | lines by region | what the site repeats, once | rows of ``version_regions`` and their texts
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from db.passes.driver import Pass, Unit, digest_rows
from db.passes.sync import Table, sync
from pipelines.changes.version_regions import (
    BOILERPLATE,
    MAIN,
    LeftOut,
    SiteLines,
    find_site_boilerplate,
    region_lines,
    split_boilerplate,
)
from pipelines.text.encode import sha256

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from db.passes.rules import Rules
    from pipelines.changes.version_regions import SiteBoilerplate

__all__ = ["REGIONS_PASS"]

WORD = re.compile(r"\w+")
# all that the regions of a version are worked out from: a reading is made by its extractor from its capture alone
KEYS = """
    SELECT versions.id, versions.capture, versions.extractor, versions.text_sha256, versions.content_sha256
    FROM versions JOIN pages ON pages.id = versions.page WHERE pages.site = ? ORDER BY versions.id
"""
COLUMNS = (
    "text", "title", "titles", "description", "descriptions", "headings", "other_text", "structured", "alternatives",
    "boilerplate", "menu", "hidden",
)  # fmt: skip
# page by page, in an order that does not depend on which page came first
VERSIONS = """
    SELECT versions.page, versions.id, coalesce(content_sha256, text_sha256), leftovers, removed, texts.text,
        coalesce(title, ''), titles, coalesce(description, ''), descriptions, headings, other_text, structured,
        alternatives, boilerplate, menu, hidden
    FROM versions JOIN pages ON pages.id = versions.page JOIN texts ON texts.sha256 = text_sha256
    WHERE pages.site = ? ORDER BY pages.url, versions.first_seen, versions.id
"""
TABLE = Table("version_regions", ("version", "region", "text_sha256"), key=3)
OF_SITE = "version IN (SELECT captured_versions.id FROM captured_versions JOIN pages ON pages.id = page WHERE site = ?)"


class ShownVersion(NamedTuple):
    """A version with its content's SHA-256, and the lines of its other regions."""

    page: int
    id: int
    content: str
    regions: dict[str, tuple[str, ...]]


def site_units(db: sqlite3.Connection, _rules: Rules) -> Iterator[Unit]:
    """Name each site that has versions; its key holds their captures, readings and contents."""
    for (site,) in db.execute("SELECT id FROM sites ORDER BY id").fetchall():
        rows = db.execute(KEYS, (site,)).fetchall()
        if rows:
            yield Unit(str(site), digest_rows(rows))


def load_lines(db: sqlite3.Connection, _rules: Rules, unit: Unit) -> SiteLines:
    """Count how far each line of a site's regions is spread."""
    site = SiteLines()
    for version in _versions(db, unit.id):
        site.add(version.page, version.id, version.regions)
    return site


def write_regions(db: sqlite3.Connection, unit: Unit, boilerplate: SiteBoilerplate) -> int:
    """Bring the regions of a site's versions up to date; gives how many rows changed."""
    rows: list[tuple[object, ...]] = []
    named: dict[int, str] = {}
    for version in _versions(db, unit.id):
        rows.append((version.id, MAIN, version.content))
        own, groups = split_boilerplate(version.regions, boilerplate)
        rows += [(version.id, region, _store(db, lines)) for region, lines in own.items()]
        for group, lines in groups.items():
            if group not in named:
                named[group] = _store(db, lines)
            rows.append((version.id, BOILERPLATE, named[group]))
    return sync(db, TABLE, rows, OF_SITE, (unit.id,))


def forget_site(db: sqlite3.Connection, unit: str) -> int:
    """Remove the regions of a site of which no version stands."""
    return sync(db, TABLE, [], OF_SITE, (unit,))


def _store(db: sqlite3.Connection, lines: Sequence[str]) -> str:
    text = "\n".join(lines)
    name = sha256(text)
    row = (name, text, len(WORD.findall(text)))
    db.execute("INSERT OR IGNORE INTO texts (sha256, text, words) VALUES (?, ?, ?)", row)
    return name


def _versions(db: sqlite3.Connection, site: str) -> Iterator[ShownVersion]:
    """Give the versions of a site page by page, one at a time: a site may have more than memory holds."""
    for page, version, content, leftovers, removed, *columns in db.execute(VERSIONS, (site,)):
        left_out = [LeftOut(one["line"], one["why"]) for one in json.loads(leftovers)]
        repeated = [one["line"] for one in json.loads(removed)]
        regions = region_lines(dict(zip(COLUMNS, columns, strict=True)), left_out, repeated)
        yield ShownVersion(page, version, content, regions)


REGIONS_PASS = Pass(
    name="regions",
    version=1,
    tables=("version_regions",),
    units=site_units,
    load=load_lines,
    work=lambda _rules, lines: find_site_boilerplate(lines),
    write=write_regions,
    forget=forget_site,
)
