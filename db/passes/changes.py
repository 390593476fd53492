"""The pass ``changes``: what happened to each page at each crawl, as rows that the change list shows.

    differences between versions that stand | edits that pages share, and each page's own
        | events of pages (gone, moved, back, ...) | new pages | rows of a site in a crawl

A row is worked out from the versions and visits of its site up to its crawl and from nothing later, so that a full run
gives the same rows as runs crawl by crawl. "Before" goes by the time of capture.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from db.passes.driver import Pass, Unit
from db.passes.noise import SiteCrawl, chained_units, unit_of
from db.passes.sync import Table, sync
from db.passes.versions import page_at, standing_before
from db.passes.weights import weights
from db.schema.vocabulary import CONFIRMING, LISTINGS, NOT_FOUND_OUTCOMES
from pipelines.changes.page_events import PageVisit, page_events
from pipelines.changes.region_diff import diff_regions
from pipelines.changes.shared_edits import PageDiffs, SiteEdit, split_edits
from pipelines.changes.triage import ranked_regions, score_edit, score_event
from pipelines.model.outcomes import ChangeKind
from pipelines.text.encode import dump
from pipelines.text.names import name_pattern
from pipelines.text.tokens import agreement

if TYPE_CHECKING:
    import re
    import sqlite3
    from collections.abc import Iterator, Mapping

    from db.passes.rules import Rules
    from pipelines.changes.diff import Diff
    from pipelines.changes.region_diff import PageRegions
    from pipelines.changes.triage import TriageRules

__all__ = ["CHANGES"]

WHOLE_SITE = frozenset({ChangeKind.BLOCKED, ChangeKind.LOGIN, ChangeKind.PARKED})  # what befalls a site at once
NOT_FOUND = frozenset({ChangeKind.GONE, ChangeKind.SOFT_404})
MIN_MOVED_AGREEMENT = 0.9  # of the shorter text: the same page at a new address
MIN_MOVED_WORDS = 30
SUMMARY_CHARACTERS = 200

# sites in finished crawls, by the figures stored at their end, and in all others, by their visits
SITES_IN_CRAWLS = """
    SELECT site_runs.site, site_runs.crawl, site_runs.visits FROM site_runs
    JOIN crawls ON crawls.id = site_runs.crawl WHERE crawls.status = 'finished'
    UNION ALL
    SELECT pages.site, captured_visits.crawl, count(*)
    FROM crawls JOIN captured_visits ON captured_visits.crawl = crawls.id
    JOIN pages ON pages.id = captured_visits.page AND pages.kind = 'page'
    WHERE crawls.status != 'finished' OR NOT EXISTS (SELECT 1 FROM site_runs WHERE site_runs.crawl = crawls.id)
    GROUP BY 1, 2
"""
NOISE_KEYS = "SELECT unit, key FROM pass_units WHERE pass = 'noise'"
EDITS = """
    SELECT versions.page, pages.url, versions.id, versions.first_seen, versions.capture, versions.suppressed
    FROM versions JOIN captures ON captures.id = versions.capture JOIN pages ON pages.id = versions.page
    WHERE captures.crawl = :crawl AND pages.site = :site ORDER BY versions.page, versions.id
"""
# pages that have trouble in this crawl, and those of which something was told before that may be over; each with all
# visits since it first had a text
EVENTS = f"""
    WITH troubled AS (
        SELECT visits.page FROM visits JOIN pages ON pages.id = visits.page
        WHERE visits.crawl = :crawl AND pages.site = :site AND pages.kind = 'page'
            AND visits.outcome NOT IN {CONFIRMING}
        UNION SELECT changed.page FROM page_changes AS changed JOIN pages ON pages.id = changed.page
        JOIN captured_visits ON captured_visits.page = changed.page AND captured_visits.crawl = :crawl
        WHERE pages.site = :site AND changed.kind NOT IN ('new', 'edited')
    )
    SELECT pages.id, pages.url, visits.crawl, visits.at, visits.outcome, visits.capture, captures.redirect_to,
        visits.reason
    FROM troubled JOIN pages ON pages.id = troubled.page JOIN visits ON visits.page = pages.id
    JOIN crawls ON crawls.id = visits.crawl
    LEFT JOIN captures ON captures.id = visits.capture
    WHERE (crawls.started_at, crawls.id) <= (SELECT started_at, id FROM crawls WHERE id = :crawl)
        AND visits.at >= (SELECT min(versions.first_seen) FROM versions WHERE versions.page = pages.id)
    ORDER BY pages.id, crawls.started_at, crawls.id
"""
NEWS = f"""
    SELECT pages.id, pages.url, versions.id, versions.first_seen, versions.capture, versions.page_type,
        coalesce(versions.title, '')
    FROM versions JOIN captures ON captures.id = versions.capture JOIN pages ON pages.id = versions.page
    WHERE captures.crawl = :crawl AND pages.site = :site AND pages.kind = 'page'
        AND versions.page_type NOT IN {LISTINGS}
        AND NOT EXISTS (SELECT 1 FROM versions AS older WHERE older.page = versions.page
            AND (older.first_seen, older.id) < (versions.first_seen, versions.id))
        AND EXISTS (SELECT 1 FROM captures AS seen JOIN pages AS other ON other.id = seen.page
            JOIN crawls ON crawls.id = seen.crawl WHERE other.site = :site
            AND (crawls.started_at, crawls.id) < (SELECT started_at, id FROM crawls WHERE id = :crawl))
        AND (pages.found_at > (SELECT max(coalesce(before.ended_at, before.started_at)) FROM crawls AS before
                WHERE (before.started_at, before.id) < (SELECT started_at, id FROM crawls WHERE id = :crawl))
            OR EXISTS (SELECT 1 FROM visits WHERE visits.page = pages.id AND visits.at < versions.first_seen
                AND visits.outcome IN {NOT_FOUND_OUTCOMES}))
    ORDER BY pages.id
"""
# a text of few words ("Thank you") stands on pages that have nothing to do with each other
SAME_TEXT = f"""
    SELECT other.page, pages.url FROM readings AS this
    JOIN readings AS same ON same.text_sha256 = this.text_sha256 AND same.version != this.version
    JOIN versions AS other ON other.id = same.version JOIN pages ON pages.id = other.page
    JOIN captures ON captures.id = other.capture JOIN crawls ON crawls.id = captures.crawl
    WHERE this.version = :version AND this.words >= {MIN_MOVED_WORDS} AND pages.site = :site AND other.page != :page
        AND (crawls.started_at, crawls.id) < (SELECT started_at, id FROM crawls WHERE id = :crawl)
        AND NOT EXISTS (SELECT 1 FROM versions AS later JOIN captures AS seen ON seen.id = later.capture
            JOIN crawls AS until ON until.id = seen.crawl WHERE later.page = other.page
            AND (later.first_seen, later.id) > (other.first_seen, other.id)
            AND (until.started_at, until.id) <= (SELECT started_at, id FROM crawls WHERE id = :crawl))
        AND NOT EXISTS (SELECT 1 FROM visits WHERE visits.page = other.page AND visits.crawl = :crawl
            AND visits.outcome IN {NOT_FOUND_OUTCOMES})
    ORDER BY other.first_seen, pages.url LIMIT 1
"""
GONE_IN_CRAWL = f"""
    SELECT pages.id, visits.at, visits.capture FROM visits JOIN pages ON pages.id = visits.page
    WHERE visits.crawl = :crawl AND pages.site = :site AND pages.id != :page
        AND visits.outcome IN {NOT_FOUND_OUTCOMES} ORDER BY pages.id
"""
# what the advertiser is called, by the seeds and by two versions of a page: nothing that a later crawl found
NAMES = """
    SELECT sites.name FROM captured_versions JOIN pages ON pages.id = page JOIN sites ON sites.id = pages.site
        WHERE captured_versions.id = :after AND sites.name != ''
    UNION SELECT site_name FROM readings WHERE version IN (:before, :after) AND site_name != ''
    UNION SELECT fact.value ->> 1 FROM readings, json_each(facts) AS fact
        WHERE version IN (:before, :after) AND fact.value ->> 0 = 'name'
"""
# versions of a page before the one that another replaced, each with its number, that have the same main text
FORMER = """
    SELECT id, number, first_seen FROM (
        SELECT old.id, old.first_seen, text_sha256, row_number() OVER (ORDER BY old.first_seen, old.id) AS number
        FROM captured_versions AS this
        JOIN captured_versions AS old ON old.page = this.page
            AND (old.first_seen, old.id) < (this.first_seen, this.id)
        JOIN readings ON readings.version = old.id
        LEFT JOIN version_judgements ON version_judgements.version = old.id
        WHERE this.id = :version AND coalesce(verdict, 'stands') = 'stands')
    WHERE id != :before AND text_sha256 = (SELECT text_sha256 FROM readings WHERE version = :version)
    ORDER BY number DESC LIMIT 5
"""
VERSION_AT = """
    SELECT versions.id, page_type, words, text_sha256 FROM versions WHERE page = ? AND first_seen <= ?
    ORDER BY first_seen DESC, id DESC LIMIT 1
"""
TEXT = "SELECT text FROM texts WHERE sha256 = ?"
TABLE = Table(
    "page_changes",
    (
        "page", "crawl", "kind", "edit", "at", "before", "after", "capture", "moved_to", "target", "regions", "lines",
        "words_added", "words_removed", "score", "reasons", "cues", "material", "edit_pages", "lead", "summary",
        "back_to", "back_to_number",
    ),
    key=4,
)  # fmt: skip


class ChangeRow(NamedTuple):
    """A row of ``page_changes``, in the order of its columns: one edit or event on one of its pages."""

    page: int
    crawl: int
    kind: str
    edit: str
    at: str
    before: int | None
    after: int | None
    capture: int | None
    moved_to: str | None
    target: int | None
    regions: str
    lines: str
    words_added: int
    words_removed: int
    score: float
    reasons: str
    cues: str
    material: int
    edit_pages: int = 1
    lead: int = 1
    summary: str = ""
    back_to: int | None = None
    back_to_number: int | None = None


class Event(NamedTuple):
    """What happened to a page as a whole: what a row says of it before it is weighed."""

    page: int
    url: str
    kind: ChangeKind
    at: str
    capture: int | None
    before: int | None
    after: int | None
    page_type: str
    reasons: tuple[str, ...]
    summary: str
    moved_to: str | None = None
    target: int | None = None


class FormerState(NamedTuple):
    """A version that a page shows again: its number among those of the page that stand, from 1, and its first day."""

    version: int
    number: int
    day: str


@dataclass(frozen=True, slots=True)
class Edited:
    """What differs between two versions of a page, before it is split and weighed.

    ``suppressed`` counts the lines of dynamic content that were left out. ``host`` and ``names`` say what the
    advertiser is called: its host, its name in the seeds, and what both versions say. ``former`` is the version that
    the page shows again, if it does.
    """

    page: int
    url: str
    at: str
    before: int
    after: int
    capture: int
    diffs: dict[str, Diff]
    page_type: str
    words: int
    suppressed: int
    host: str
    names: frozenset[str]
    former: FormerState | None = None


@dataclass(frozen=True, slots=True)
class Loaded:
    """What happened on a site in a crawl."""

    of: SiteCrawl
    edits: tuple[Edited, ...]
    events: tuple[Event, ...]


def change_units(db: sqlite3.Connection, _rules: Rules) -> Iterator[Unit]:
    """Name each site in each crawl that visited it; a key holds the judgements up to there and those before."""
    found = defaultdict[SiteCrawl, list[object]](list)
    for site, crawl, visits in db.execute(SITES_IN_CRAWLS):
        found[SiteCrawl(crawl, site)].append(visits)
    for unit, key in db.execute(NOISE_KEYS):
        found[unit_of(unit)].append(key)
    yield from chained_units(db, found)


def load_site(db: sqlite3.Connection, _rules: Rules, unit: Unit) -> Loaded:
    """Read what happened on a site in a crawl."""
    of = unit_of(unit.id)
    found = list(_events(db, of))
    return Loaded(of, tuple(_edits(db, of)), tuple(_with_news(db, of, found)))


def weigh_changes(rules: Rules, loaded: Loaded) -> list[ChangeRow]:
    """Weigh what happened and give it as rows; the same edit on many pages shares a value of ``edit``."""
    triage, of = weights(rules), loaded.of
    edits = {one.page: one for one in loaded.edits}
    split = split_edits([PageDiffs(one.page, one.diffs) for one in loaded.edits])
    rows = [_edit_row(triage, of, edits[one.page], one) for one in split]
    rows += [_event_row(triage, of, one) for one in loaded.events]
    pages = Counter(row.edit for row in rows)
    urls = {one.page: one.url for one in loaded.edits} | {one.page: one.url for one in loaded.events}
    leads: dict[str, ChangeRow] = {}  # the page with the highest score stands for an edit, by its URL where it is equal
    for row in sorted(rows, key=lambda row: (-row.score, urls[row.page], row.kind)):
        leads.setdefault(row.edit, row)
    return [row._replace(edit_pages=pages[row.edit], lead=int(leads[row.edit] is row)) for row in rows]


def write_changes(db: sqlite3.Connection, unit: Unit, rows: list[ChangeRow]) -> int:
    """Bring the rows of a site in a crawl up to date; rows that stay keep their ids."""
    here = "crawl = ? AND page IN (SELECT id FROM pages WHERE site = ?)"
    return sync(db, TABLE, sorted(rows, key=lambda row: row[:4]), here, unit_of(unit.id))


def forget_changes(db: sqlite3.Connection, unit: str) -> int:
    """Remove the rows of a site in a crawl that did not visit it after all."""
    return write_changes(db, Unit(unit, ""), [])


# -- edits -------------------------------------------------------------------------------------------------------------


def _edits(db: sqlite3.Connection, of: SiteCrawl) -> Iterator[Edited]:
    for page, url, version, at, capture, suppressed in db.execute(EDITS, of._asdict()).fetchall():
        before = standing_before(db, version)
        if before is None:
            continue
        hidden = [each["line"] for each in json.loads(suppressed or "[]")]
        shown = page_at(db, version)
        if diffs := diff_regions(page_at(db, before), shown, hidden):
            sql = "SELECT page_type, words FROM readings WHERE version = ?"
            page_type, words = db.execute(sql, (before,)).fetchone()
            names = frozenset(str(name) for (name,) in db.execute(NAMES, {"before": before, "after": version}))
            host = str(urlsplit(url).hostname or "")
            former = _former_state(db, version, before, shown)
            yield Edited(
                page, url, at, before, version, capture, diffs, page_type, words, len(hidden), host, names, former
            )


def _former_state(db: sqlite3.Connection, version: int, before: int, shown: PageRegions) -> FormerState | None:
    """Find the last version before the one that was replaced that shows the same, volatile text aside."""
    rows = db.execute(FORMER, {"version": version, "before": before}).fetchall()
    return next(
        (FormerState(old, number, day) for old, number, day in rows if not diff_regions(page_at(db, old), shown)), None
    )


def _edit_row(triage: TriageRules, of: SiteCrawl, page: Edited, one: SiteEdit) -> ChangeRow:
    """Weigh an edit on one of its pages."""
    triage = triage.masked(_name_pattern(page.names, page.host))
    verdict = score_edit(triage, one.diffs, page.page_type, page.words)
    notes = [f"{page.suppressed} lines that change by themselves were left out"] if page.suppressed else []
    diffs = ranked_regions(triage, one.diffs)
    former = page.former
    back = [f"back to version {former.number}, first seen {former.day[:10]}"] if former else []
    return ChangeRow(
        page=one.page,
        crawl=of.crawl,
        kind=ChangeKind.EDITED,
        edit=_edit_id(of, one.key),
        at=page.at,
        before=page.before,
        after=page.after,
        capture=page.capture,
        moved_to=None,
        target=None,
        regions=dump(list(diffs)),
        lines=dump(
            [{"region": region, "removed": diff.removed, "added": diff.added} for region, diff in diffs.items()]
        ),
        words_added=sum(diff.words_added for diff in diffs.values()),
        words_removed=sum(diff.words_removed for diff in diffs.values()),
        score=verdict.score,
        reasons=dump([*verdict.reasons, *back, *notes]),
        cues=dump(verdict.cues),
        material=int(verdict.is_material),
        summary=f"back to version {former.number}: {_summary(diffs)}" if former else _summary(diffs),
        back_to=former.version if former else None,
        back_to_number=former.number if former else None,
    )


@lru_cache(maxsize=1_000)  # a site's pages have the same names
def _name_pattern(names: frozenset[str], host: str) -> re.Pattern[str] | None:
    return name_pattern(names, [host])


def _summary(diffs: Mapping[str, Diff]) -> str:
    """Quote what went and what came, the first of each."""
    place, diff = next(iter(diffs.items()))
    went, came = (" ".join(units)[:SUMMARY_CHARACTERS] for units in (diff.removed, diff.added))
    quoted = f"“{went}” became “{came}”" if went and came else f"added “{came}”" if came else f"removed “{went}”"
    return f"{place}: {quoted}"


# -- events ------------------------------------------------------------------------------------------------------------


def _events(db: sqlite3.Connection, of: SiteCrawl) -> Iterator[Event]:
    """Give what became of pages in this crawl; that the old address of a page that moved is gone says nothing new."""
    visits: dict[tuple[int, str], list[PageVisit]] = defaultdict(list)
    for page, url, crawl, at, outcome, capture, to, why in db.execute(EVENTS, of._asdict()):
        visits[page, url].append(PageVisit(crawl, at, outcome, capture, to, why))
    for (page, url), seen_before in visits.items():
        for event in page_events(url, seen_before):
            seen = event.visit
            if seen.crawl != of.crawl or (event.kind in NOT_FOUND and _has_moved(db, page, of)):
                continue
            row = db.execute(VERSION_AT, (page, seen.at)).fetchone()
            if row is None:
                continue
            to = seen.moved_to if event.kind in {ChangeKind.MOVED, ChangeKind.REDIRECTED_HOME} else None
            since = (f"since {event.since.at[:10]}",) if event.since is not seen else ()
            yield Event(
                page=page,
                url=url,
                kind=event.kind,
                at=seen.at,
                capture=seen.capture,
                before=row[0],
                after=row[0] if event.kind == ChangeKind.BACK else None,
                page_type=row[1],
                reasons=(seen.reason or str(event.kind), *since),
                summary=f"{url}: {seen.reason or event.kind}"[: 2 * SUMMARY_CHARACTERS],
                moved_to=to,
                target=_page_of(db, to, seen.at),
            )


def _has_moved(db: sqlite3.Connection, page: int, of: SiteCrawl) -> bool:
    """Tell whether a change before this crawl says that the text of a page stands elsewhere."""
    row = db.execute(
        "SELECT kind FROM page_changes JOIN crawls ON crawls.id = page_changes.crawl WHERE page = ?"
        " AND (crawls.started_at, crawls.id) < (SELECT started_at, id FROM crawls WHERE id = ?)"
        " AND kind IN ('moved', 'back') ORDER BY crawls.started_at DESC, crawls.id DESC LIMIT 1",
        (page, of.crawl),
    ).fetchone()
    return bool(row and row[0] == ChangeKind.MOVED)


def _page_of(db: sqlite3.Connection, url: str | None, at: str) -> int | None:
    """Name the page of an address that was known by then: one found later must not change what a row says."""
    sql = "SELECT id FROM pages WHERE url = ? AND found_at <= ?"
    row = db.execute(sql, (url, at)).fetchone() if url else None
    return row[0] if row else None


def _with_news(db: sqlite3.Connection, of: SiteCrawl, found: list[Event]) -> Iterator[Event]:
    """Add pages that are new; one whose text stood on a page that went when it came is a page that moved instead."""
    targets = {event.target for event in found if event.kind == ChangeKind.MOVED}
    targets |= {
        page
        for (page,) in db.execute(
            "SELECT target FROM page_changes AS changed JOIN pages ON pages.id = changed.page"
            " JOIN crawls ON crawls.id = changed.crawl WHERE changed.kind = 'moved' AND site = :site"
            " AND (crawls.started_at, crawls.id) < (SELECT started_at, id FROM crawls WHERE id = :crawl)",
            of._asdict(),
        )
    }
    moved: dict[int, Event] = {}
    for page, url, version, at, capture, page_type, title in db.execute(NEWS, of._asdict()).fetchall():
        if page in targets:
            continue
        old = _same_text(db, of, page, version, at)
        if old:
            moved[old.page] = _moved(old, page, url, page_type)
            continue
        first = _first_address(db, of, page, version)
        yield Event(
            page=page,
            url=url,
            kind=ChangeKind.SECOND_ADDRESS if first else ChangeKind.NEW,
            at=at,
            capture=capture,
            before=None,
            after=version,
            page_type=page_type,
            reasons=(f"the same text as at {first.url}" if first else "a page that was not there before",),
            summary=(f"second address of {first.url}" if first else title or url)[:SUMMARY_CHARACTERS],
            target=first.page if first else None,
        )
    yield from moved.values()
    yield from (event for event in found if not (event.page in moved and event.kind in NOT_FOUND))


class FirstAddress(NamedTuple):
    """A page that showed a text first, and its URL."""

    page: int
    url: str


def _first_address(db: sqlite3.Connection, of: SiteCrawl, page: int, version: int) -> FirstAddress | None:
    """Find the page of the site, known before this crawl, that shows the same text and was not found gone by it."""
    row = db.execute(SAME_TEXT, of._asdict() | {"page": page, "version": version}).fetchone()
    return FirstAddress(*row) if row else None


class Old(NamedTuple):
    """A page that went, its last version, and the visit that found it gone."""

    page: int
    version: int
    at: str
    capture: int | None


def _moved(old: Old, page: int, url: str, page_type: str) -> Event:
    """Say that a page moved without a redirect; that its old address is gone is said by that."""
    return Event(
        page=old.page,
        url=url,
        kind=ChangeKind.MOVED,
        at=old.at,
        capture=old.capture,
        before=old.version,
        after=None,
        page_type=page_type,
        reasons=("the same text stands at a new address",),
        summary=f"the same text at {url}"[: 2 * SUMMARY_CHARACTERS],
        moved_to=url,
        target=page,
    )


def _same_text(db: sqlite3.Connection, of: SiteCrawl, page: int, version: int, at: str) -> Old | None:
    """Find the page of the site, and its last version, that showed the same and went when this one came."""
    sql = "SELECT text FROM texts JOIN readings ON text_sha256 = sha256 WHERE version = ?"
    (text,) = db.execute(sql, (version,)).fetchone()
    best: tuple[float, int, Old] | None = None
    for other, gone_at, capture in db.execute(GONE_IN_CRAWL, of._asdict() | {"page": page}).fetchall():
        last = db.execute(VERSION_AT, (other, max(at, gone_at))).fetchone()
        if last is None or last[2] < MIN_MOVED_WORDS:
            continue
        same = agreement(db.execute(TEXT, (last[3],)).fetchone()[0], text)
        if same >= MIN_MOVED_AGREEMENT and (best is None or (same, -other) > best[:2]):
            best = (same, -other, Old(other, last[0], gone_at, capture))
    return best[2] if best else None


def _event_row(triage: TriageRules, of: SiteCrawl, event: Event) -> ChangeRow:
    verdict = score_event(triage, event.kind, event.page_type, list(event.reasons))
    kind = event.kind
    edit = f"{kind} of the site" if kind in WHOLE_SITE else f"{kind} {event.page}"
    return ChangeRow(
        page=event.page,
        crawl=of.crawl,
        kind=kind,
        edit=_edit_id(of, edit),
        at=event.at,
        before=event.before,
        after=event.after,
        capture=event.capture,
        moved_to=event.moved_to,
        target=event.target,
        regions="[]",
        lines="[]",
        words_added=0,
        words_removed=0,
        score=verdict.score,
        reasons=dump(verdict.reasons),
        cues=dump(verdict.cues),
        material=int(verdict.is_material),
        summary=event.summary,
    )


def _edit_id(of: SiteCrawl, key: str) -> str:
    """Name an edit: the same on many pages of a site in a crawl has one name."""
    return hashlib.sha256(f"{of.crawl} {of.site} {key}".encode()).hexdigest()[:16]


CHANGES = Pass(
    name="changes",
    version=3,
    tables=("page_changes",),
    rules=lambda rules: rules.triage + rules.codebook,
    units=change_units,
    load=load_site,
    work=weigh_changes,
    write=write_changes,
    forget=forget_changes,
)
