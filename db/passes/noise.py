"""The pass ``noise``: versions that differ in what changes by itself alone are taken back before anything reads them.

It runs first of all passes, crawl by crawl and site by site, on evidence of that crawl and of those before. The bytes
of such an answer stay; its visit counts as unchanged and says why. What changes by itself lastingly becomes a mask.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from db.corpus.connection import atomic
from db.passes.derive import merge_version
from db.passes.soft_404 import stood_in_for, take_unknown_back
from pipelines.changes.diff import sentences
from pipelines.changes.noise import find_dynamic
from pipelines.changes.noise_model import PageEdit, Reason, SiteState, Suppressed, zeroed
from pipelines.changes.noise_repeat_fetch import GAP
from pipelines.changes.region_diff import Line, PageRegions, diff_regions, find_swaps, regions_of_row, visible_changes
from pipelines.text.encode import dump
from pipelines.text.tokens import agreement

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pipelines.changes.region_diff import Swap
    from pipelines.changes.triage import TriageRules

__all__ = ["changed_versions", "hold_noise_back", "is_another", "page_at", "weigh_site"]

Sides = tuple[Line, ...]
COLUMNS = (
    "texts.text AS text, other_text, frame, menu, coalesce(title, '') AS title, titles,"
    " coalesce(description, '') AS description, descriptions, structured, data, alternatives, headings, day, leftovers"
)
NAMES = (
    "text", "other_text", "frame", "menu", "title", "titles", "description", "descriptions", "structured", "data",
    "alternatives", "headings", "day", "leftovers",
)  # fmt: skip
UNJUDGED = """
    SELECT captures.crawl, pages.site, versions.page, versions.id,
        (SELECT max(old.id) FROM versions AS old WHERE old.page = versions.page AND old.id < versions.id)
    FROM versions JOIN captures ON captures.id = versions.capture JOIN pages ON pages.id = versions.page
    WHERE held IS NULL ORDER BY 1, 2, 3, 4
"""
UNJUDGED_OF = """
    SELECT versions.page, versions.id FROM versions
    JOIN captures ON captures.id = versions.capture JOIN pages ON pages.id = versions.page
    WHERE held IS NULL AND captures.crawl = ? AND pages.site = ? ORDER BY 1, 2
"""
SITE = """
    SELECT versions.page, versions.id, captures.crawl FROM versions
    JOIN captures ON captures.id = versions.capture JOIN pages ON pages.id = versions.page
    WHERE pages.site = ? AND captures.crawl <= ? ORDER BY versions.page, versions.id
"""
STANDS_IN = 3  # pages that one answer must stand for
ANOTHER = 0.3  # of the shorter text in common: below, it is not the page any more
OPENING = 8  # first sentences of a page that a teaser may quote
SAID = 3  # lines that a reason quotes


def hold_noise_back(db: sqlite3.Connection, rules: TriageRules) -> int:
    """Judge the versions that no run of this pass has seen; gives how many were taken back."""
    taken = take_unknown_back(db)
    for (crawl, site), found in groupby(db.execute(UNJUDGED).fetchall(), key=lambda row: row[:2]):
        with atomic(db):
            first = [(version,) for *_, version, before in found if before is None]
            db.executemany("UPDATE versions SET held = '[]' WHERE id = ?", first)
            judged = changed_versions(db, crawl, site)
            stood_in = _take_stand_ins_back(db, crawl, judged)
            rest = [row for row in judged if row[0] not in stood_in]
            taken += len(stood_in) + (_judge_site(db, rules, (crawl, site), rest) if rest else 0)
    return taken


def changed_versions(db: sqlite3.Connection, crawl: int, site: int) -> list[tuple[int, int, int]]:
    """Name the versions of a crawl that are not judged, each with its page and the version that stands before it now.

    The one that stood there when it came may have been taken back meanwhile.
    """
    rows = db.execute(UNJUDGED_OF, (crawl, site)).fetchall()
    return [_after(db, page, version) for page, version in rows]


def _after(db: sqlite3.Connection, page: int, version: int) -> tuple[int, int, int]:
    """Name the version that stands before another now: the one that stood there may have been taken back meanwhile."""
    (before,) = db.execute("SELECT max(id) FROM versions WHERE page = ? AND id < ?", (page, version)).fetchone()
    return page, version, before


def _take_stand_ins_back(db: sqlite3.Connection, crawl: int, rows: Sequence[tuple[int, int, int]]) -> set[int]:
    """Tell pages that all say the very same now, and said other things before: one answer stands in their places."""
    texts: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for row in rows:
        (digest,) = db.execute("SELECT text_sha256 FROM versions WHERE id = ?", row[1:2]).fetchone()
        texts[digest].append(row)
    found = set()
    for same in texts.values():
        alike = [row for row in same if is_another(db, row)]
        if len(alike) >= STANDS_IN and len({_copy_key(db, row[2]) for row in alike}) == len(alike):
            found |= {row[0] for row in alike}
            reason = f"the same answer stands in the place of {len(alike)} pages of the site"
            for page, version, before in alike:
                stood_in_for(db, crawl, page, (version, before), reason)
    return found


def _copy_key(db: sqlite3.Connection, version: int) -> str:
    return str(db.execute("SELECT copy_key FROM versions WHERE id = ?", (version,)).fetchone()[0])


def is_another(db: sqlite3.Connection, row: tuple[int, int, int]) -> bool:
    """Tell whether a page says something else altogether, in main text and title."""
    sql = "SELECT text, title FROM versions JOIN texts ON sha256 = text_sha256 WHERE versions.id = ?"
    after, before = (db.execute(sql, (version,)).fetchone() for version in row[1:])
    return after[1] != before[1] and agreement(after[0], before[0]) < ANOTHER


@dataclass(frozen=True, slots=True)
class Weighed:
    """A version that is judged: itself and the one before, what both tell, and what is held back between them."""

    version: int
    earlier: int
    before: PageRegions
    after: PageRegions
    held: tuple[Suppressed, ...]

    @property
    def tells_more(self) -> bool:
        """Tell whether anything differs that is not held back."""
        return bool(diff_regions(self.before, self.after, (one.text for one in self.held)))


def weigh_site(
    db: sqlite3.Connection, rules: TriageRules, of: tuple[int, int], rows: Sequence[tuple[int, int, int]]
) -> dict[int, Weighed]:
    """Judge the versions of a site in a crawl, by page; changes nothing."""
    pages = {page: (version, before, page_at(db, before), page_at(db, version)) for page, version, before in rows}
    edits = [_edit(db, page, *told[1:]) for page, told in pages.items()]
    state = _state(db, of, frozenset().union(*(edit.texts() for edit in edits)))
    held = find_dynamic(edits, state, rules.has_cue)
    return {page: Weighed(*told, held[page]) for page, told in pages.items()}


def _judge_site(
    db: sqlite3.Connection, rules: TriageRules, of: tuple[int, int], rows: Sequence[tuple[int, int, int]]
) -> int:
    weighed = weigh_site(db, rules, of, rows)
    taken = 0
    for page, one in weighed.items():
        if one.tells_more:
            told = dump([{"line": each.text, "place": each.region, "why": each.reason} for each in one.held])
            db.execute("UPDATE versions SET held = ? WHERE id = ?", (told, one.version))
        else:
            _take_back(db, of[0], page, (one.version, one.earlier), _reason(one.held, rules))
            taken += 1
    _learn(db, of, {page: one.held for page, one in weighed.items()})
    return taken


def page_at(db: sqlite3.Connection, version: int) -> PageRegions:
    """Load what one version tells."""
    sql = f"SELECT {COLUMNS} FROM versions JOIN texts ON texts.sha256 = text_sha256 WHERE versions.id = ?"
    row: dict[str, str] = dict(zip(NAMES, db.execute(sql, (version,)).fetchone(), strict=True))
    return regions_of_row(row, json.loads(row["leftovers"]))


def _edit(db: sqlite3.Connection, page: int, earlier: int, before: PageRegions, after: PageRegions) -> PageEdit:
    gone, come, swapped = _compared(before, after)
    row = db.execute("SELECT max(id) FROM versions WHERE page = ? AND id < ?", (page, earlier)).fetchone()
    return PageEdit(page, gone, come, swapped, _compared(page_at(db, row[0]), before)[2] if row[0] else ())


def _compared(before: PageRegions, after: PageRegions) -> tuple[Sides, Sides, tuple[Swap, ...]]:
    gone, come = visible_changes(before, after)
    return gone, come, tuple(find_swaps(before, after, {line.text for line in (*gone, *come)}))


def _state(db: sqlite3.Connection, of: tuple[int, int], keys: frozenset[str]) -> SiteState:
    """Gather what the pages of a site said before and say after a crawl, as far as the keys ask for it."""
    crawl, site = of
    rows = db.execute(SITE, (site, crawl)).fetchall()
    before, after = ({page: version for page, version, at in rows if at <= last} for last in (crawl - 1, crawl))
    titles, descriptions, stood, stands = (defaultdict[str, set[int]](set) for _ in range(4))
    openings: set[tuple[str, int]] = set()
    for page, version in sorted({*before.items(), *after.items()}):
        named, described, units = _said(db, version)
        openings.update((unit, page) for unit in units[:OPENING])
        _note(titles, named, page)
        _note(descriptions, described, page)
        _note(stood, keys.intersection(units) if before.get(page) == version else (), page)
        _note(stands, keys.intersection(units) if after.get(page) == version else (), page)
    known, looked = _masks(db, crawl, site)
    patterns = sorted(known | looked)
    return SiteState(
        before=_frozen(stood),
        after=_frozen(stands),
        titles=_frozen(titles),
        descriptions=_frozen(descriptions),
        openings=tuple(sorted(openings)),
        known=known,
        repeat_fetched=looked,
        patterns=tuple(pattern for pattern in patterns if GAP in pattern and "\n" not in pattern),
        gaps=frozenset(pattern for pattern in patterns if GAP in pattern and "\n" in pattern),
    )


def _masks(db: sqlite3.Connection, crawl: int, site: int) -> tuple[frozenset[str], frozenset[str]]:
    """Give what crawls before this one have taught of a site, and what second looks of this very crawl have."""
    rows = db.execute(
        "SELECT pattern, crawl, why LIKE ? FROM masks WHERE site = ? AND active AND crawl <= ?",
        (f"{Reason.REPEAT_FETCH}%", site, crawl),
    ).fetchall()
    known = frozenset(pattern for pattern, at, _ in rows if at < crawl)
    return known, frozenset(pattern for pattern, at, looked in rows if at == crawl and looked)


def _note(where: dict[str, set[int]], keys: Iterable[str], page: int) -> None:
    for key in keys:
        where[key].add(page)


def _frozen(where: Mapping[str, set[int]]) -> dict[str, frozenset[int]]:
    return {key: frozenset(pages) for key, pages in where.items()}


def _said(db: sqlite3.Connection, version: int) -> tuple[list[str], list[str], list[str]]:
    """Give what a version is called, how its head describes it, and its visible sentences, main text first."""
    row = db.execute(
        "SELECT texts.text, other_text, frame, coalesce(title, ''), titles, headings, menu, descriptions FROM versions"
        " JOIN texts ON texts.sha256 = text_sha256 WHERE versions.id = ?",
        (version,),
    ).fetchone()
    text, other, frame, title, titles, heads, menu, descriptions = row
    named = [line for line in (title, *titles.split("\n"), *heads.split("\n")[:1]) if len(line) > 3]
    described = list(sentences(descriptions))
    return named, described, [unit for part in (text, other, frame, heads, menu) for unit in sentences(part)]


def _reason(hidden: Sequence[Suppressed], rules: TriageRules) -> str:
    """Say what was held back; a claim among it is named as one that the site said before."""
    if not hidden:
        return "tells the same in another order or other lines"
    whys = ", ".join(sorted({one.reason for one in hidden}))
    claims = sum(rules.has_cue(one.text) for one in hidden)
    said = f"; {claims} with wording that matters, said on the site before" if claims else ""
    return f"only what changes by itself: {len(hidden)} lines ({whys}){said}"


def _take_back(db: sqlite3.Connection, crawl: int, page: int, versions: tuple[int, int], reason: str) -> None:
    merge_version(db, *versions)
    where = "WHERE crawl = ? AND page = ?"
    db.execute(f"UPDATE visits SET outcome = 'unchanged', reason = ? {where}", (reason, crawl, page))
    db.execute(f"UPDATE captures SET outcome = 'unchanged' {where} AND outcome = 'changed'", (crawl, page))
    db.execute("UPDATE pages SET outcome = 'unchanged', reason = ? WHERE id = ? AND crawl = ?", (reason, page, crawl))
    _unhurry(db, crawl, page)


def _unhurry(db: sqlite3.Connection, crawl: int, page: int) -> None:
    """Take a change that was none out of the rhythm of a page: its interval goes with 1 / sqrt(1 + changes seen)."""
    row = db.execute(
        "SELECT changes_seen, due_at, last_confirmed FROM pages WHERE id = ? AND crawl = ?", (page, crawl)
    ).fetchone()
    if row is None or not row[1] or not row[2]:
        return
    left = max(row[0] - 1, 0.0)
    ratio = math.sqrt((1 + row[0]) / (1 + left))
    due, seen = (datetime.fromisoformat(each) for each in row[1:])
    db.execute(
        "UPDATE pages SET changes_seen = ?, interval_hours = interval_hours * ?, due_at = ? WHERE id = ?",
        (left, ratio, (seen + (due - seen) * ratio).isoformat(), page),
    )


def _learn(db: sqlite3.Connection, of: tuple[int, int], held: Mapping[int, Iterable[Suppressed]]) -> None:
    """Store what changes by itself lastingly as masks of the site, each once."""
    for pattern, one, pages in sorted(_lasting(held)):
        db.execute(
            "INSERT INTO masks (site, place, pattern, example, why, crawl, pages) SELECT ?, ?, ?, ?, ?, ?, ?"
            " WHERE NOT EXISTS (SELECT 1 FROM masks WHERE site = ? AND pattern = ?)",
            (of[1], one[0], pattern, one[1], one[2], of[0], pages, of[1], pattern),
        )


def _lasting(held: Mapping[int, Iterable[Suppressed]]) -> Iterator[tuple[str, tuple[str, str, str], int]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for page in sorted(held):
        for one in held[page]:
            if one.reason.is_lasting:
                found[zeroed(one.text) if one.reason is Reason.COUNTER else one.text].append(one)
    for pattern, many in found.items():
        yield pattern, (many[0].region, many[0].text, many[0].reason), len(many)
