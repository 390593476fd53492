"""The pass ``rotations``: which edits are content that changes by itself, judged anew with each later visit.

    edits of a site, what is known to be dynamic, later visits of their pages | a verdict an edit | rows

The pass ``changes`` works out a row from nothing later than its crawl; this one looks back. So a saying of the day that
was listed when it first turned is folded when a later visit proves it, and an edit that looked so is shown again.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from db.passes.driver import Pass, Unit, digest
from db.passes.noise import unit_of
from db.passes.sync import Table, sync
from db.passes.versions import page_at
from db.schema.vocabulary import CONFIRMING
from pipelines.changes.diff import sentences
from pipelines.changes.rotation import EditLines, judge_rotation, looks_rotating

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from db.passes.rules import Rules
    from pipelines.changes.rotation import RotationVerdict

__all__ = ["ROTATIONS"]

CHANGE_KEYS = "SELECT unit, key FROM pass_units WHERE pass = 'changes' ORDER BY unit"
KNOWN_KEYS = "SELECT site, pattern FROM dynamic_content WHERE active ORDER BY site, pattern"
KNOWN = "SELECT pattern FROM dynamic_content WHERE site = ? AND active"
EDITS = """
    SELECT changes.crawl, changes.edit, changes.lines, changes.regions, changes.edit_pages FROM pages
    JOIN page_changes AS changes ON changes.page = pages.id
    WHERE pages.site = ? AND changes.lead = 1 AND changes.lines != '[]'
"""
# the first visit after an edit, of the first page that has one, and the version that it captured or confirmed
NEXT_VISIT = f"""
    SELECT visits.crawl, (SELECT id FROM captured_versions WHERE page = visits.page AND first_seen <= visits.at
        ORDER BY first_seen DESC, id DESC LIMIT 1)
    FROM page_changes AS own JOIN visits ON visits.page = own.page JOIN crawls ON crawls.id = visits.crawl
    WHERE own.edit = :edit AND own.crawl = :crawl AND visits.captured_outcome IN {CONFIRMING}
        AND (crawls.started_at, crawls.id) > (SELECT started_at, id FROM crawls WHERE id = :crawl)
    ORDER BY crawls.started_at, crawls.id, own.page LIMIT 1
"""
TABLE = Table("rotations", ("crawl", "edit", "site", "state", "reason"), key=2)


class SiteEdits(NamedTuple):
    """The edits of a site by crawl and name, each with the crawl that still had its lines; what is dynamic there."""

    site: int
    edits: dict[tuple[int, str], tuple[EditLines, int | None]]
    known: frozenset[str]


class JudgedEdit(NamedTuple):
    """A row of ``rotations``, in the order of its columns."""

    crawl: int
    edit: str
    site: int
    state: str
    reason: str


def rotation_units(db: sqlite3.Connection, _rules: Rules) -> Iterator[Unit]:
    """Name each site that has changes; a key holds those of all crawls, and what is known to be dynamic there."""
    found = defaultdict[int, list[object]](list)
    for unit, key in db.execute(CHANGE_KEYS):
        found[unit_of(unit).site].append(key)
    for site, pattern in db.execute(KNOWN_KEYS):
        if site in found:
            found[site].append(pattern)
    yield from (Unit(str(site), digest(*keys)) for site, keys in sorted(found.items()))


def load_edits(db: sqlite3.Connection, _rules: Rules, unit: Unit) -> SiteEdits:
    """Read the edits of a site; of those that look as rotating content does, whether a later visit had their lines."""
    site = int(unit.id)
    edits = {}
    for crawl, edit, stored, regions, pages in db.execute(EDITS, (site,)).fetchall():
        regional = json.loads(stored)
        went, came = ([line for one in regional for line in one[side]] for side in ("removed", "added"))
        lines = EditLines(went, came, json.loads(regions), pages)
        edits[crawl, edit] = (lines, _kept_in(db, crawl, edit, came) if looks_rotating(lines) else None)
    return SiteEdits(site, edits, frozenset(pattern for (pattern,) in db.execute(KNOWN, (site,))))


def _kept_in(db: sqlite3.Connection, crawl: int, edit: str, came: list[str]) -> int | None:
    """Name the crawl after an edit whose visit still had the lines that came, if the next one had."""
    row = db.execute(NEXT_VISIT, {"crawl": crawl, "edit": edit}).fetchone()
    if row is None or row[1] is None:
        return None
    page = page_at(db, row[1])
    shown = {unit for line in page.visible for unit in sentences(line.text)}
    shown |= {line.text for line in page.details or ()}
    return int(row[0]) if shown.issuperset(came) else None


def judge_edits(_rules: Rules, loaded: SiteEdits) -> list[JudgedEdit]:
    """Judge the edits of a site; those without a verdict have no row."""
    judged: list[JudgedEdit] = []
    for (crawl, edit), (lines, kept_in) in loaded.edits.items():
        verdict: RotationVerdict | None = judge_rotation(lines, loaded.known, kept_in)
        if verdict:
            judged.append(JudgedEdit(crawl, edit, loaded.site, verdict.state, verdict.reason))
    return judged


def write_rotations(db: sqlite3.Connection, unit: Unit, rows: list[JudgedEdit]) -> int:
    """Bring the verdicts on a site's edits up to date."""
    return sync(db, TABLE, sorted(rows), "site = ?", (int(unit.id),))


ROTATIONS = Pass(
    name="rotations",
    version=1,
    tables=("rotations",),
    units=rotation_units,
    load=load_edits,
    work=judge_edits,
    write=write_rotations,
    forget=lambda db, unit: write_rotations(db, Unit(unit, ""), []),
    independent=True,
)
