"""One transaction: the captures, versions and outcomes of a batch of visits, and the links that they discovered.

Decision 1: the frontier is the corpus. A crash loses a whole batch or nothing of it, so a page is never marked as
done without its capture, and a link is never lost between two stores.
"""

from __future__ import annotations

import sqlite3  # noqa: TC003
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from db.corpus.recrawl_hints import bring_forward, count_hint, is_news
from pipelines.changes.losses import Shown, judge_loss
from pipelines.changes.region_hashes import changed_regions, is_collapsed, region_hashes_of
from pipelines.model.outcomes import CONFIRMED, FAILED, OUTCOMES, REMEMBERED, Outcome, PageState
from pipelines.model.records import Timing
from pipelines.text.encode import dump, sanitise, sha256
from pipelines.text.tokens import agreement, copy_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pipelines.model.records import Found, Page, Reading, Visit

ALIAS_REASON = "the same address with tracking parameters"
SHOWN = """
    SELECT texts.text, other_text, boilerplate, menu, coalesce(title, '') FROM readings
    JOIN texts ON texts.sha256 = text_sha256 WHERE readings.version = ?
"""
# what the visit before this one showed and was held for
HELD_BEFORE = """
    SELECT collapses.text FROM captured_visits
    LEFT JOIN collapses ON collapses.crawl = captured_visits.crawl AND collapses.page = captured_visits.page
    WHERE captured_visits.page = ? ORDER BY captured_visits.at DESC, captured_visits.crawl DESC LIMIT 1
"""
HELD = frozenset({Outcome.COLLAPSED, Outcome.TRUNCATED})
FEW_STEPS = 3
MAX_RUN = 12  # months of a calendar that led to nothing new and say the same
SAYS_THE_SAME = 0.8  # of the shorter text: two months of an empty calendar reach 0.95
FEW_VARIANTS = 20  # enough to see that session and booking addresses all say the same
MAX_VARIANTS = 200  # WordPress without permalinks has a page a post at /?p=N, but lists them in its sitemap


def as_told(visit: Visit, _outcome: Outcome) -> Timing:
    """Come back when the visit itself says; a crawl of ours decides by what the page's visits have taught."""
    return Timing(visit.due_at)


@dataclass(slots=True)
class Run:
    """The crawl that visits belong to: its id, when it began, which extractor reads for it, when it comes back."""

    crawl: int
    started_at: str
    extractor: str
    max_pages: int = 20_000
    when: Callable[[Visit, Outcome], Timing] = as_told
    brought: dict[int, int] = field(default_factory=dict)
    sizes: dict[int, int] = field(default_factory=dict)
    variants: dict[str, int] = field(default_factory=dict)


def keep_visits(db: sqlite3.Connection, run: Run, visits: Iterable[Visit]) -> list[Outcome]:
    """Write visits and give the outcome of each; the caller holds the transaction."""
    return [_keep(db, run, visit) for visit in visits]


def _keep(db: sqlite3.Connection, run: Run, visit: Visit) -> Outcome:
    outcome, version, why = _outcome(db, visit)
    visit = replace(visit, reason=visit.reason or why)
    capture = _insert_capture(db, run, visit, outcome) if visit.fetch and visit.location else None
    if visit.reading and capture and outcome in {Outcome.NEW, Outcome.CHANGED}:
        version = insert_version(db, run.extractor, visit.page.id, capture, visit.at, visit.reading)
    elif version and outcome in CONFIRMED:
        db.execute(
            "UPDATE captured_versions SET last_confirmed = max(last_confirmed, ?) WHERE id = ?", (visit.at, version)
        )
    _update_page(db, run, visit, outcome, version)
    if visit.page.recrawl_hint:
        count_hint(db, visit.page, changed=outcome is Outcome.CHANGED)
    insert_visit(db, run, visit.page.id, visit.at, outcome, visit.reason, capture)
    if outcome in HELD and visit.reading:
        _insert_collapse(db, run.crawl, visit.page.id, visit.reading)
    _update_site(db, visit)
    insert_found(db, run, visit, restart=_tells_something_new(db, visit))
    return outcome


def _outcome(db: sqlite3.Connection, visit: Visit) -> tuple[Outcome, int | None, str]:
    """Settle an open outcome by the newest version captured of the page, name that version, and say why.

    Not by the version that stands: what a visit came to must not depend on what passes have judged.
    """
    row = db.execute("SELECT latest FROM pages WHERE id = ?", (visit.page.id,)).fetchone()
    current: int | None = row[0]
    if visit.outcome:
        return visit.outcome, current, ""
    if visit.page.kind == "sitemap":
        return Outcome.UNCHANGED, None, ""
    reading = visit.reading
    if reading is None or not reading.text:
        return Outcome.NO_TEXT, current, ""
    if current is None:
        return Outcome.NEW, None, ""
    return _compared(db, current, visit, reading)


def _compared(db: sqlite3.Connection, current: int, visit: Visit, reading: Reading) -> tuple[Outcome, int, str]:
    """Compare a reading with the version that its page has; what is not taken for the page is no version of it."""
    hashes, words = db.execute("SELECT region_hashes, words FROM readings WHERE version = ?", (current,)).fetchone()
    places = changed_regions(hashes, region_hashes_of(reading))
    if not places:
        return Outcome.UNCHANGED, current, ""
    text, other_text, frame, menu, title = db.execute(SHOWN, (current,)).fetchone()
    now = Shown(f"{reading.text}\n{reading.other_text}", f"{reading.menu}\n{reading.boilerplate}", reading.title or "")
    held = judge_loss(Shown(f"{text}\n{other_text}", f"{menu}\n{frame}", title, text), now, visit.doubts)
    if is_collapsed(words, reading.words) and (held is None or held.outcome is Outcome.COLLAPSED):
        return Outcome.COLLAPSED, current, f"{reading.words} words are left of {words}"
    if held and not (held.may_be_confirmed and _was_held(db, visit.page.id, reading)):
        return held.outcome, current, held.reason
    return Outcome.CHANGED, current, f"in {', '.join(places)}"


def _was_held(db: sqlite3.Connection, page: int, reading: Reading) -> bool:
    """Tell whether the visit before showed the same and was held: the second look."""
    row = db.execute(HELD_BEFORE, (page,)).fetchone()
    return row is not None and row[0] is not None and agreement(row[0], reading.text) >= SAYS_THE_SAME


def _insert_capture(db: sqlite3.Connection, run: Run, visit: Visit, outcome: Outcome) -> int:
    fetch, place = visit.fetch, visit.location
    assert fetch
    assert place
    row = {
        "page": visit.page.id,
        "crawl": run.crawl,
        "url": fetch.url,
        "redirect_to": visit.moved_to,
        "fetched_at": visit.at,
        "status": fetch.status,
        "outcome": outcome,
        "content_type": sanitise(fetch.header("content-type")),
        "content_encoding": sanitise(fetch.header("content-encoding")),
        "etag": sanitise(fetch.header("etag")),
        "last_modified": sanitise(fetch.header("last-modified")),
        "body_sha256": place.sha256,
        "body_bytes": len(fetch.body),
        "warc_file": place.file,
        "warc_offset": place.offset,
        "warc_length": place.length,
        "robots": visit.robots,
    } | _opt_out(visit)
    return insert(db, "captures", row)


def _opt_out(visit: Visit) -> dict[str, int]:
    reading = visit.reading
    return {
        "noindex": int(visit.noindex or bool(reading and reading.noindex)),
        "noarchive": int(visit.noarchive or bool(reading and reading.noarchive)),
        "tdm_reserved": int(visit.tdm_reserved or bool(reading and reading.tdm_reserved)),
    }


def insert(db: sqlite3.Connection, table: str, row: dict[str, object]) -> int:
    """Insert one row and give its id."""
    columns = ", ".join(row)
    marks = ", ".join(f":{column}" for column in row)
    cursor = db.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", row)
    assert cursor.lastrowid
    return cursor.lastrowid


def insert_version(db: sqlite3.Connection, extractor: str, page: int, capture: int, at: str, reading: Reading) -> int:
    """Insert a version of a page, its text where that is new, and both into the search index."""
    text = sanitise(reading.text) or ""
    digest = sha256(text)
    db.execute("INSERT OR IGNORE INTO texts (sha256, text, words) VALUES (?, ?, ?)", (digest, text, reading.words))
    version = insert(
        db, "captured_versions", {"page": page, "capture": capture, "first_seen": at, "last_confirmed": at}
    )
    insert(db, "readings", {"version": version} | derived_columns(extractor, reading, digest, text))
    index_version(db, version)
    return version


def index_version(db: sqlite3.Connection, version: int, *, delete: bool = False) -> None:
    """Add a version to the search index, or take it out before it changes: FTS5 wants the very words it was given."""
    columns, command = ("versions_fts, rowid", "'delete',") if delete else ("rowid", "")
    into = f"({columns}, title, text, places) SELECT {command}"
    db.execute(f"INSERT INTO versions_fts {into} id, title, text, places FROM version_texts WHERE id = ?", (version,))


def derived_columns(extractor: str, reading: Reading, digest: str, text: str) -> dict[str, object]:
    """Lay out what an extractor derived from a capture's bytes as the columns of ``readings``."""
    return {
        "text_sha256": digest,
        "extractor": extractor,
        "duplicate_key": copy_key(text),
        "title": sanitise(reading.title),
        "author": sanitise(reading.author),
        "published": sanitise(reading.published),
        "published_source": reading.published_source,
        "modified": sanitise(reading.modified),
        "language": sanitise(reading.language),
        "description": sanitise(reading.description),
        "site_name": sanitise(reading.site_name),
        "canonical_url": sanitise(reading.canonical_url),
        "page_type": str(reading.page_type),
        "words": reading.words,
        "headings": sanitise("\n".join(reading.headings)),
        "other_text": sanitise(reading.other_text),
        "structured": sanitise(reading.structured),
        "alternatives": sanitise("\n".join(reading.alternatives)),
        "titles": sanitise("\n".join(reading.titles)),
        "descriptions": sanitise("\n".join(reading.descriptions)),
        "data": sanitise(reading.data),
        "boilerplate": sanitise(reading.boilerplate),
        "menu": sanitise(reading.menu),
        "hidden": sanitise(reading.hidden),
        "day": reading.day,
        "region_hashes": dump(region_hashes_of(reading)),
        "details": None if reading.details is None else sanitise(dump(dict(reading.details))),
        "facts": sanitise(dump(reading.facts)),
        "prices": sanitise(dump(reading.prices)),
        "leftovers": sanitise(dump([{"line": block.text, "why": block.region} for block in reading.blocks])),
    }


def _update_page(db: sqlite3.Connection, run: Run, visit: Visit, outcome: Outcome, version: int | None) -> None:
    fetch = visit.fetch
    answer = fetch if fetch and fetch.status == 200 and outcome in REMEMBERED else None
    timing = run.when(visit, outcome)
    changes: dict[str, object] = {
        "outcome": outcome,
        "reason": sanitise(visit.reason),
        "crawl": run.crawl,
        "moved_to": visit.moved_to,
        "failures": visit.page.failures + 1 if outcome in FAILED else 0,
        "due_at": timing.due_at or None,
        "interval_hours": timing.interval_hours,
        "changes_seen": timing.changes_seen,
        "watched_days": timing.watched_days,
        "recrawl_hint": "",
        "latest": version,
    }
    if outcome in {Outcome.NEW, Outcome.CHANGED}:  # stands until the passes judge otherwise
        changes["version"] = version
    if OUTCOMES[outcome].state:
        changes["state"] = OUTCOMES[outcome].state
    if fetch:
        changes["last_fetched"] = visit.at
    if outcome in CONFIRMED:
        changes["last_confirmed"] = visit.at
    if answer:
        changes |= {
            "etag": sanitise(answer.header("etag")),
            "last_modified": sanitise(answer.header("last-modified")),
            "answered": outcome,
        }
    if answer and outcome in CONFIRMED:  # bytes that gave no text must not pass for the last text the next time
        changes |= {
            "body_sha256": visit.location.sha256 if visit.location else None,
            "visible_hash": visit.visible_hash or visit.page.visible_hash,
        }
    assignments = ", ".join(f"{column} = :{column}" for column in changes)
    db.execute(f"UPDATE pages SET {assignments} WHERE id = :id", changes | {"id": visit.page.id})


def insert_visit(
    db: sqlite3.Connection, run: Run, page: int, at: str, outcome: Outcome, reason: str, capture: int | None
) -> None:
    """Record how a URL ended this run."""
    db.execute(
        "INSERT INTO captured_visits (crawl, page, at, outcome, reason, capture) VALUES (?, ?, ?, ?, ?, ?)",
        (run.crawl, page, at, outcome, sanitise(reason), capture),
    )


def _insert_collapse(db: sqlite3.Connection, crawl: int, page: int, reading: Reading) -> None:
    """Keep the few words that are left of a page: they may be its site's way to say that it is not found."""
    said = (crawl, page, sanitise(reading.title) or "", sanitise(reading.text) or "")
    db.execute("INSERT OR REPLACE INTO collapses (crawl, page, title, text) VALUES (?, ?, ?, ?)", said)


def _update_site(db: sqlite3.Connection, visit: Visit) -> None:
    """Note what robots.txt says of the site; that it forbids one page says that only where nothing else is known."""
    if visit.robots:
        db.execute(
            "UPDATE sites SET robots = ?, crawl_delay = ?, robots_at = ?"
            " WHERE id = ? AND (robots IS NOT ? OR crawl_delay IS NOT ?) AND (robots = '' OR ?)",
            (
                *(visit.robots, visit.crawl_delay, visit.at, visit.page.site, visit.robots, visit.crawl_delay),
                visit.outcome is not Outcome.ROBOTS_DISALLOWED,
            ),
        )


def insert_found(db: sqlite3.Connection, run: Run, visit: Visit, *, restart: bool = False) -> None:
    """Queue what a page led to; what is known already stays as it is, but for a newer ``lastmod``, which makes it due.

    Steps along addresses that differ in their numbers only (the next page of a list, the next month) are counted, and
    counted anew with ``restart`` or where the page led to something else that is new: lists do, endless calendars do
    not.
    """
    fresh = restart
    for one in sorted(visit.found, key=lambda one: one.run > 0):
        step = one._replace(run=1) if one.run and fresh else one
        target, is_new = _insert_page(db, run, visit.page, visit.at, step)
        fresh = fresh or (is_new and not one.run)
        if one.raw:
            _insert_alias(db, run, visit.page, visit.at, one, target)


def _tells_something_new(db: sqlite3.Connection, visit: Visit) -> bool:
    """Tell whether a page in a row of numbered addresses says something else than the page that led to it."""
    if visit.page.run < FEW_STEPS or not visit.reading:
        return False
    before = db.execute(
        "SELECT text FROM pages JOIN pages AS before ON before.id = pages.found_on"
        " JOIN readings ON readings.version = before.version JOIN texts ON texts.sha256 = text_sha256"
        " WHERE pages.id = ?",
        (visit.page.id,),
    ).fetchone()
    return before is not None and agreement(before[0], visit.reading.text) < SAYS_THE_SAME


def _insert_page(db: sqlite3.Connection, run: Run, page: Page, at: str, one: Found) -> tuple[int, bool]:
    known = db.execute("SELECT id, lastmod, last_fetched FROM pages WHERE url = ?", (one.url,)).fetchone()
    if known is None:
        return _insert_new(db, run, page, at, one), True
    if one.lastmod and one.lastmod != known[1]:
        db.execute("UPDATE pages SET lastmod = ? WHERE id = ?", (sanitise(one.lastmod), known[0]))
        if is_news(one.lastmod, known[1], known[2], at):
            bring_forward(db, run.brought, known[0], one, run.started_at)
    return int(known[0]), False


def _insert_new(db: sqlite3.Connection, run: Run, page: Page, at: str, one: Found) -> int:
    skip, reason = (one.skip, one.reason) if one.skip else _limit(db, run, page.site, one)
    row: dict[str, object] = {
        "url": one.url,
        "site": page.site,
        "kind": one.kind,
        "how": one.how,
        "found_on": page.id or None,
        "found_at": at,
        "depth": one.depth,
        "run": one.run,
        "lastmod": sanitise(one.lastmod),
        "state": PageState.EXCLUDED if skip else PageState.QUEUED,
        "outcome": skip,
        "reason": reason,
        "crawl": run.crawl if skip else 0,
        "due_at": None if skip else run.started_at,
    }
    inserted = insert(db, "pages", row)
    if skip is None:
        run.sizes[page.site] += 1  # counted first by _limit
    else:
        insert_visit(db, run, inserted, at, skip, reason, None)
    return inserted


def _limit(db: sqlite3.Connection, run: Run, site: int, one: Found) -> tuple[Outcome | None, str]:
    """Say which limit a new URL passes, if any: endless booking and filter pages differ behind the ``?`` only."""
    if _size(db, run, site) >= run.max_pages:
        return Outcome.PAGE_LIMIT, f"the site has {run.max_pages} pages in the corpus (SITE_MAX_PAGES)"
    if one.run > MAX_RUN:
        return Outcome.TRAP, f"more than {MAX_RUN} steps in a row to addresses that differ in their numbers only"
    path, mark, _ = one.url.partition("?")
    if mark and one.how == "link" and _is_endless(db, run, path):
        return Outcome.TRAP, f"too many addresses that differ only behind the ?, such as {path}?..."
    return None, ""


def _is_endless(db: sqlite3.Connection, run: Run, path: str) -> bool:
    """Tell whether a path has too many addresses, or enough to see that they all say the same."""
    if path not in run.variants:
        run.variants[path] = _variants(db, path)[0]
    run.variants[path] += 1
    if FEW_VARIANTS < run.variants[path] <= MAX_VARIANTS:
        _, read, texts = _variants(db, path)
        if read >= FEW_VARIANTS and texts * 10 <= read:
            run.variants[path] = MAX_VARIANTS + 1
    return run.variants[path] > MAX_VARIANTS


def _variants(db: sqlite3.Connection, path: str) -> tuple[int, int, int]:
    """Count the addresses of a path that differ behind the ``?``, those that were read, and their distinct texts."""
    counted: tuple[int, int, int] = db.execute(
        "SELECT count(*), count(readings.version), count(DISTINCT duplicate_key) FROM pages"
        " LEFT JOIN readings ON readings.version = pages.version WHERE url >= ? AND url < ? AND state != 'excluded'",
        (f"{path}?", f"{path}@"),  # "@" is the character behind "?"
    ).fetchone()
    return counted


def _size(db: sqlite3.Connection, run: Run, site: int) -> int:
    if site not in run.sizes:
        counted = db.execute("SELECT count(*) FROM pages WHERE site = ? AND state != 'excluded'", (site,)).fetchone()
        run.sizes[site] = counted[0]
    return run.sizes[site]


def _insert_alias(db: sqlite3.Connection, run: Run, page: Page, at: str, one: Found, target: int) -> None:
    row: dict[str, object] = {
        "url": one.raw,
        "site": page.site,
        "how": one.how,
        "found_on": page.id or None,
        "found_at": at,
        "alias_of": target,
        "state": PageState.EXCLUDED,
        "outcome": Outcome.ALIAS,
        "reason": ALIAS_REASON,
        "crawl": run.crawl,
    }
    if db.execute("SELECT 1 FROM pages WHERE url = ?", (one.raw,)).fetchone() is None:
        insert_visit(db, run, insert(db, "pages", row), at, Outcome.ALIAS, ALIAS_REASON, None)
