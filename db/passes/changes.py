"""The pass ``changes``: what happened to each page at each crawl, as rows that the change desk shows.

A row is worked out from the versions and visits up to its crawl and from nothing later, so that a full re-run gives the
same rows; rows that are right already are not touched, and keep their ids.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from db.corpus.connection import atomic
from db.passes.noise import page_at
from db.schema.vocabulary import CONFIRMING, LISTINGS, NOT_FOUND_OUTCOMES
from pipelines.changes.noise import common, components
from pipelines.changes.page_events import Seen, events
from pipelines.changes.regions import differences
from pipelines.changes.site_edits import PageEdit
from pipelines.changes.triage import score_edit, score_event
from pipelines.model.outcomes import CHANGE_KINDS, NOT_FOUND, OUTCOMES, ChangeKind
from pipelines.text.encode import dump
from pipelines.text.tokens import agreement

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pipelines.changes.diff import Diff
    from pipelines.changes.triage import Triage, Verdict

__all__ = ["find_changes"]

Row = dict[str, Any]
RULES = 1  # counts up when the rules change, so that every crawl is gone through again
MISSING = frozenset(OUTCOMES[outcome].change for outcome in NOT_FOUND)  # what is told of a page that is not found
SAME = 0.9  # of the shorter text: the same page at a new address
FEW_WORDS = 30
SUMMARY = 200  # characters
EDITS = """
    SELECT versions.id AS after, before.id AS before, versions.page, captures.crawl, versions.first_seen AS at,
        versions.capture, pages.site, before.page_type, before.words, versions.held
    FROM versions
    JOIN versions AS before ON before.id = (
        SELECT max(old.id) FROM versions AS old WHERE old.page = versions.page AND old.id < versions.id)
    JOIN captures ON captures.id = versions.capture
    JOIN pages ON pages.id = versions.page
    WHERE captures.crawl > ?
    ORDER BY captures.crawl, pages.site, versions.page, versions.id
"""
# pages that have trouble now, and those of which something was told that may be over
TROUBLED = f"""
    SELECT visits.page FROM visits
    WHERE crawl > :done AND outcome NOT IN {CONFIRMING}
    UNION SELECT changes.page FROM changes WHERE kind NOT IN ('new', 'edited')
"""
FATES = f"""
    SELECT pages.id, pages.url, pages.site, visits.crawl, visits.at, visits.outcome, visits.capture,
        captures.redirect_to, visits.reason
    FROM ({TROUBLED}) AS troubled
    JOIN pages ON pages.id = troubled.page
    JOIN visits ON visits.page = pages.id
    LEFT JOIN captures ON captures.id = visits.capture
    WHERE pages.kind = 'page' AND visits.crawl >= (
        SELECT min(captures.crawl) FROM versions JOIN captures ON captures.id = versions.capture
        WHERE versions.page = pages.id)
    ORDER BY pages.id, visits.crawl
"""
# the first crawl of a site is asked for once a site: asked for each page, it took a fifth of all passes on a large one
FIRSTS = f"""
    WITH fresh AS MATERIALIZED (
        SELECT pages.id, pages.site, versions.id AS version, captures.crawl
        FROM pages JOIN versions ON versions.id = (SELECT min(id) FROM versions AS first WHERE first.page = pages.id)
        JOIN captures ON captures.id = versions.capture
        WHERE captures.crawl > ? AND pages.kind = 'page'
    ),
    begun AS MATERIALIZED (
        SELECT site, (
            SELECT min(seen.crawl) FROM pages AS other JOIN captures AS seen ON seen.page = other.id
            WHERE other.site = named.site) AS crawl
        FROM (SELECT DISTINCT site FROM fresh) AS named
    )
    SELECT pages.id AS page, pages.site, fresh.crawl, versions.first_seen AS at, versions.id AS after,
        versions.capture, versions.page_type, pages.url, coalesce(versions.title, '') AS title, versions.copy_key
    FROM fresh JOIN begun ON begun.site = fresh.site
    JOIN pages ON pages.id = fresh.id JOIN versions ON versions.id = fresh.version
    WHERE fresh.crawl > begun.crawl
        AND versions.page_type NOT IN {LISTINGS} AND (pages.found_at > (
            SELECT max(coalesce(ended_at, started_at)) FROM crawls WHERE crawls.id < fresh.crawl)
        OR EXISTS (SELECT 1 FROM visits WHERE visits.page = pages.id AND visits.crawl < fresh.crawl
            AND visits.outcome IN {NOT_FOUND_OUTCOMES}))
    ORDER BY fresh.crawl, pages.id
"""


def find_changes(db: sqlite3.Connection, rules: Triage) -> int:
    """Bring ``changes`` up to date; gives how many rows were added, changed or removed.

    Rows of crawls that had ended at the run before stay as they are, unless the corpus was read again or the rules
    are others: then every crawl is gone through.
    """
    key = hashlib.sha256(repr((RULES, rules.kinds, rules.places, rules.page_types, rules.cues)).encode()).hexdigest()[
        :16
    ]
    done = _done(db, key)
    fates = list(_fates(db, rules, done))
    news = list(_news(db, rules, fates, done))
    rows = [*_edits(db, rules, done), *fates, *news]
    _group(rows)
    with atomic(db):
        changed = _store(db, {(row["page"], row["crawl"], row["kind"]): row for row in rows}, done)
        _remember(db, key)
    return changed


def _done(db: sqlite3.Connection, key: str) -> int:
    """Give the last crawl whose rows are settled, 0 where all have to be worked out."""
    row = db.execute("SELECT key FROM pass_keys WHERE pass = 'changes'").fetchone()
    known, _, last = (row[0] if row else "").partition(" ")
    return int(last) if known == key else 0


def _remember(db: sqlite3.Connection, key: str) -> None:
    ended = db.execute("SELECT coalesce(max(id), 0) FROM crawls WHERE status = 'finished'").fetchone()[0]
    db.execute("INSERT OR REPLACE INTO pass_keys (pass, key) VALUES ('changes', ?)", (f"{key} {ended}",))


# -- edits -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Edited:
    """An edit that is not weighed yet: its row, what differs in it, and what was held back."""

    row: Row
    diffs: dict[str, Diff]
    page_type: str
    words: int
    held: int


def _edits(db: sqlite3.Connection, rules: Triage, done: int) -> Iterator[Row]:
    for _, found in groupby(db.execute(EDITS, (done,)).fetchall(), key=lambda row: (row[3], row[6])):
        edited = [one for one in (_edited(db, row) for row in found) if one.diffs]
        shared = common(PageEdit(one.row["page"], _units(one, "removed"), _units(one, "added")) for one in edited)
        groups = components(_all_units(one) & shared for one in edited)
        yield from (_weighed(rules, one, shared, groups) for one in edited)


def _edited(db: sqlite3.Connection, found: Sequence[Any]) -> Edited:
    row = dict(zip(("after", "before", "page", "crawl", "at", "capture"), found, strict=False))
    held = [each["line"] for each in json.loads(found[9] or "[]")]
    diffs = differences(page_at(db, row["before"]), page_at(db, row["after"]), held)
    return Edited(row, diffs, found[7], found[8], len(held))


def _units(one: Edited, side: str) -> tuple[tuple[str, str], ...]:
    return tuple((unit, place) for place, diff in one.diffs.items() for unit in getattr(diff, side))


def _all_units(one: Edited) -> frozenset[str]:
    return frozenset(unit for side in ("removed", "added") for unit, _ in _units(one, side))


def _weighed(rules: Triage, one: Edited, shared: frozenset[str], groups: Mapping[str, str]) -> Row:
    """Weigh an edit; of a page that has an edit of its own beside one of many pages, its own is weighed."""
    own = {place: diff.without(shared) for place, diff in one.diffs.items()}
    own = {place: diff for place, diff in own.items() if not diff.is_empty}
    diffs = own or one.diffs
    verdict = score_edit(rules, diffs, one.page_type, one.words)
    notes = ["with an edit that many pages have"] if own and len(own) < len(one.diffs) else []
    notes += [f"{one.held} lines that change by themselves were left out"] if one.held else []
    key = dump(sorted({unit for diff in own.values() for unit in (*diff.removed, *diff.added)}))
    key = key if own else groups[min(_all_units(one))]
    return _told(one.row, ChangeKind.EDITED, verdict, notes) | {
        "places": dump(list(diffs)),
        "words_added": sum(diff.words_added for diff in diffs.values()),
        "words_removed": sum(diff.words_removed for diff in diffs.values()),
        "edit": _digest(one.row["crawl"], key),
        "summary": _summary(diffs),
    }


def _summary(diffs: dict[str, Diff]) -> str:
    """Quote what went and what came, the first of each."""
    place, diff = next(iter(diffs.items()))
    went, came = (" ".join(units)[:SUMMARY] for units in (diff.removed, diff.added))
    said = f"“{went}” became “{came}”" if went and came else f"added “{came}”" if came else f"removed “{went}”"
    return f"{place}: {said}"


# -- fates -------------------------------------------------------------------------------------------------------------


def _fates(db: sqlite3.Connection, rules: Triage, done: int) -> Iterator[Row]:
    for (page, url, site), rows in groupby(db.execute(FATES, {"done": done}).fetchall(), key=lambda row: row[:3]):
        visits = [Seen(crawl, at, outcome, capture, to, why) for *_, crawl, at, outcome, capture, to, why in rows]
        for event in events(url, visits):
            seen = event.seen
            before, page_type = _version_at(db, page, seen.crawl)
            if before is None or seen.crawl <= done or (event.kind in MISSING and _is_moved(db, page, seen.crawl)):
                continue
            since = [f"since {event.since.at[:10]}"] if event.since is not seen else []
            to = seen.moved_to if event.kind in {ChangeKind.MOVED, ChangeKind.REDIRECTED_HOME} else None
            row = {"page": page, "crawl": seen.crawl, "at": seen.at, "before": before, "capture": seen.capture}
            verdict = score_event(rules, event.kind, page_type, [seen.reason or str(event.kind), *since])
            of_site = CHANGE_KINDS[event.kind].of_site
            yield _told(row, event.kind, verdict, []) | {
                "edit": _digest(seen.crawl, f"{event.kind} {of_site} {site if of_site else page}"),
                "summary": f"{url}: {seen.reason or event.kind}"[: 2 * SUMMARY],
                "moved_to": to,
                "target": _page_of(db, to),
                "after": _version_at(db, page, seen.crawl)[0] if event.kind == ChangeKind.BACK else None,
            }


def _is_moved(db: sqlite3.Connection, page: int, crawl: int) -> bool:
    """Tell whether it was said already that the text of a page stands elsewhere."""
    row = db.execute(
        "SELECT kind FROM changes WHERE page = ? AND crawl < ? AND kind IN ('moved', 'back')"
        " ORDER BY crawl DESC LIMIT 1",
        (page, crawl),
    ).fetchone()
    return bool(row and row[0] == ChangeKind.MOVED)


def _version_at(db: sqlite3.Connection, page: int, crawl: int) -> tuple[int | None, str]:
    row = db.execute(
        "SELECT versions.id, page_type FROM versions JOIN captures ON captures.id = versions.capture"
        " WHERE versions.page = ? AND captures.crawl <= ? ORDER BY versions.id DESC LIMIT 1",
        (page, crawl),
    ).fetchone()
    return row or (None, "other")


def _page_of(db: sqlite3.Connection, url: str | None) -> int | None:
    row = db.execute("SELECT id FROM pages WHERE url = ?", (url,)).fetchone() if url else None
    return row[0] if row else None


# -- new pages ---------------------------------------------------------------------------------------------------------


def _news(db: sqlite3.Connection, rules: Triage, fates: list[Row], done: int) -> Iterator[Row]:
    """Give pages that are new, and turn a page that went while its text came up elsewhere into one that moved."""
    targets = {row["target"] for row in fates if row["kind"] == ChangeKind.MOVED}
    targets |= {
        page for (page,) in db.execute("SELECT target FROM changes WHERE kind = 'moved' AND crawl <= ?", (done,))
    }
    names = ("page", "site", "crawl", "at", "after", "capture", "page_type", "url", "title", "copy_key")
    for found in db.execute(FIRSTS, (done,)).fetchall():
        first = dict(zip(names, found, strict=True))
        if first["page"] in targets:
            continue
        old = _same_text(db, first)
        if old:
            yield from _moved(db, rules, first, old, fates)
            continue
        row = {name: first[name] for name in ("page", "crawl", "at", "after", "capture")}
        verdict = score_event(rules, ChangeKind.NEW, first["page_type"], ["a page that was not there before"])
        yield _told(row, ChangeKind.NEW, verdict, []) | {
            "edit": _digest(first["crawl"], f"new {first['page']}"),
            "summary": f"{first['title'] or first['url']}"[:SUMMARY],
        }


def _same_text(db: sqlite3.Connection, first: Row) -> tuple[int, int] | None:
    """Find the page of the site, and its last version, that told the same and went when this one came."""
    rows = db.execute(
        "SELECT pages.id, versions.id, texts.text FROM visits JOIN pages ON pages.id = visits.page"
        " JOIN versions ON versions.id = pages.version JOIN texts ON texts.sha256 = versions.text_sha256"
        f" WHERE visits.crawl = ? AND visits.outcome IN {NOT_FOUND_OUTCOMES} AND pages.site = ? AND pages.id != ?"
        " AND versions.words >= ? ORDER BY pages.id",
        (first["crawl"], first["site"], first["page"], FEW_WORDS),
    ).fetchall()
    (text,) = db.execute(
        "SELECT text FROM texts JOIN versions ON text_sha256 = sha256 WHERE versions.id = ?", (first["after"],)
    ).fetchone()
    alike = ((agreement(old, text), -page, version) for page, version, old in rows)
    best = max(alike, default=None)
    return (-best[1], best[2]) if best and best[0] >= SAME else None


def _moved(db: sqlite3.Connection, rules: Triage, first: Row, old: tuple[int, int], fates: list[Row]) -> Iterator[Row]:
    """Tell that a page moved without a redirect; that its old address is gone is said by that."""
    page, version = old
    gone = [row for row in fates if row["page"] == page and row["kind"] in MISSING]
    for row in gone:
        if row["crawl"] >= first["crawl"]:
            fates.remove(row)
    seen = db.execute("SELECT at, capture FROM visits WHERE crawl = ? AND page = ?", (first["crawl"], page)).fetchone()
    row = {"page": page, "crawl": first["crawl"], "at": seen[0], "before": version, "capture": seen[1]}
    verdict = score_event(rules, ChangeKind.MOVED, first["page_type"], ["the same text stands at a new address"])
    yield _told(row, ChangeKind.MOVED, verdict, []) | {
        "edit": _digest(first["crawl"], f"moved {page}"),
        "summary": f"the same text at {first['url']}"[: 2 * SUMMARY],
        "moved_to": first["url"],
        "target": first["page"],
    }


# -- rows --------------------------------------------------------------------------------------------------------------


def _told(row: Row, kind: ChangeKind, verdict: Verdict, notes: Iterable[str]) -> Row:
    """Lay out a row with every column that a run decides."""
    blank: Row = {"before": None, "after": None, "moved_to": None, "target": None, "places": "[]"}
    return {
        **blank, "words_added": 0, "words_removed": 0, **row,
        "kind": kind,
        "score": verdict.score,
        "reasons": dump([*verdict.reasons, *notes]),
        "cues": dump(verdict.cues),
        "material": int(verdict.material),
    }  # fmt: skip


def _digest(crawl: int, key: str) -> str:
    return hashlib.sha256(f"{crawl} {key}".encode()).hexdigest()[:16]


def _group(rows: list[Row]) -> None:
    """Count the pages of each edit, and let the page with the highest score, of the smallest number, stand for it."""
    pages = Counter(row["edit"] for row in rows)
    leads: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: (-row["score"], row["page"])):
        leads.setdefault(row["edit"], row)
    for row in rows:
        row |= {"edit_pages": pages[row["edit"]], "lead": int(leads[row["edit"]] is row)}


def _store(db: sqlite3.Connection, rows: dict[tuple[int, int, str], Row], done: int) -> int:
    """Write what differs from what is stored: rows keep their ids from run to run."""
    before = db.total_changes
    stored = db.execute("SELECT page, crawl, kind FROM changes WHERE crawl > ?", (done,)).fetchall()
    gone = [key for key in stored if key not in rows]
    db.executemany("DELETE FROM changes WHERE page = ? AND crawl = ? AND kind = ?", gone)
    for _, row in sorted(rows.items()):
        columns = ", ".join(row)
        marks = ", ".join(f":{column}" for column in row)
        updates = ", ".join(f"{column} = excluded.{column}" for column in row)
        differs = " OR ".join(f"changes.{column} IS NOT excluded.{column}" for column in row)
        db.execute(
            f"INSERT INTO changes ({columns}) VALUES ({marks}) ON CONFLICT (page, crawl, kind)"
            f" DO UPDATE SET {updates} WHERE {differs}",
            row,
        )
    return db.total_changes - before
