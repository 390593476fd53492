"""The pass ``page_states``: what pages are now, by what their versions and visits are judged to be.

First the visits that confirmed a version which is no text of its page get their judgement; then each page names the
version that stands, and the state and outcome that follow. Captured rows are not touched.
"""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from db.passes.driver import ALWAYS, CORPUS, Pass, Unit
from db.passes.sync import Table, sync
from pipelines.model.outcomes import OUTCOMES, Outcome

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from db.passes.rules import Rules

__all__ = ["CONFIRMATIONS", "PAGE_STATES"]

# visits that found a page as it was when it showed what is no text of it
CONFIRMING = """
    SELECT captured_visits.crawl, captured_visits.page, judged.reason
    FROM version_judgements AS judged JOIN captured_versions AS version ON version.id = judged.version
    JOIN captured_visits ON captured_visits.page = version.page AND captured_visits.at > version.first_seen
        AND captured_visits.outcome IN ('unchanged', 'not modified')
    WHERE judged.verdict = 'soft 404' AND version.id = (
        SELECT latest.id FROM captured_versions AS latest
        WHERE latest.page = version.page AND latest.first_seen <= captured_visits.at
        ORDER BY latest.first_seen DESC, latest.id DESC LIMIT 1)
"""
VISIT_JUDGEMENTS = Table("visit_judgements", ("crawl", "page", "outcome", "reason", "rules"), key=2)
# pages whose row may differ from what their versions and last visit are judged to be
DIFFERING = """
    SELECT pages.id, pages.version, pages.outcome, pages.reason, pages.state, visits.outcome AS judged,
        visits.reason AS why, visits.captured_outcome AS captured,
        (SELECT versions.id FROM versions WHERE versions.page = pages.id
            ORDER BY versions.first_seen DESC, versions.id DESC LIMIT 1) AS standing
    FROM pages JOIN visits ON visits.crawl = pages.crawl AND visits.page = pages.id
    LEFT JOIN version_judgements AS newest ON newest.version = pages.latest
    WHERE pages.latest IS NOT NULL AND (pages.version IS NOT pages.latest OR pages.outcome != visits.outcome
        OR pages.reason != visits.reason OR coalesce(newest.verdict, 'stands') != 'stands')
    ORDER BY pages.id
"""
OUTCOMES_BEFORE = "SELECT outcome FROM visits WHERE page = ? ORDER BY at DESC, crawl DESC"


class PageRow(NamedTuple):
    """A page as its row says, and what its versions and its last visit are judged to be."""

    id: int
    version: int | None
    outcome: str
    reason: str
    state: str
    judged: str
    why: str
    captured: str
    standing: int | None


class Settled(NamedTuple):
    """What the row of a page is to say."""

    version: int | None
    outcome: str
    reason: str
    state: str
    page: int


def the_corpus(_db: sqlite3.Connection, _rules: Rules) -> Iterator[Unit]:
    """Name the one unit of a pass that costs no more than finding out whether it is stale."""
    yield Unit(CORPUS, ALWAYS)


def load_pages(db: sqlite3.Connection, _rules: Rules, _unit: Unit) -> list[tuple[PageRow, list[str]]]:
    """Read the pages that may differ, each with the outcomes of its visits, newest first."""
    rows = [PageRow(*row) for row in db.execute(DIFFERING)]
    return [(row, [outcome for (outcome,) in db.execute(OUTCOMES_BEFORE, (row.id,))]) for row in rows]


def settle_pages(_rules: Rules, pages: list[tuple[PageRow, list[str]]]) -> list[tuple[Settled, bool]]:
    """Say what each page is now, and whether its last visit showed no change after all."""
    found = []
    for row, outcomes in pages:
        state = next((OUTCOMES[Outcome(one)].state for one in outcomes if OUTCOMES[Outcome(one)].state), row.state)
        no_change = row.captured == Outcome.CHANGED and row.judged == Outcome.UNCHANGED
        found.append((Settled(row.standing, row.judged, row.why, str(state), row.id), no_change))
    return found


def write_pages(db: sqlite3.Connection, _unit: Unit, settled: list[tuple[Settled, bool]]) -> int:
    """Bring the rows of pages up to date; a change that was none leaves the rhythm of its page, once."""
    before = db.total_changes
    for one, no_change in settled:
        db.execute(
            "UPDATE pages SET version = ?1, outcome = ?2, reason = ?3, state = ?4 WHERE id = ?5"
            " AND (version IS NOT ?1 OR outcome != ?2 OR reason != ?3 OR state != ?4)",
            one,
        )
        if no_change:
            _settle_rhythm(db, one.page)
    return db.total_changes - before


def _settle_rhythm(db: sqlite3.Connection, page: int) -> None:
    """Take a change that was none out of the rhythm of a page: its interval goes with 1 / sqrt(1 + changes seen)."""
    row = db.execute(
        "SELECT changes_seen, due_at, last_confirmed FROM pages WHERE id = ? AND rhythm_settled != crawl", (page,)
    ).fetchone()
    if row is None or not row[1] or not row[2]:
        return
    left = max(row[0] - 1, 0.0)
    ratio = math.sqrt((1 + row[0]) / (1 + left))
    due, seen = (datetime.fromisoformat(each) for each in row[1:])
    db.execute(
        "UPDATE pages SET changes_seen = ?, interval_hours = interval_hours * ?, due_at = ?, rhythm_settled = crawl"
        " WHERE id = ?",
        (left, ratio, (seen + (due - seen) * ratio).isoformat(), page),
    )


def load_confirming(db: sqlite3.Connection, _rules: Rules, _unit: Unit) -> list[tuple[int, int, str]]:
    """Read the visits that confirmed what is no text of their page, each with the reason."""
    return [tuple(row) for row in db.execute(CONFIRMING)]


def judge_confirming(_rules: Rules, visits: list[tuple[int, int, str]]) -> list[tuple[object, ...]]:
    """Judge them as the visit that showed it first."""
    return [(crawl, page, Outcome.SOFT_404, reason, "confirms") for crawl, page, reason in visits]


def write_confirming(db: sqlite3.Connection, _unit: Unit, rows: list[tuple[object, ...]]) -> int:
    """Bring the judgements of such visits up to date."""
    return sync(db, VISIT_JUDGEMENTS, rows, "rules = 'confirms'")


CONFIRMATIONS = Pass(
    name="confirmations",
    version=1,
    tables=("visit_judgements",),
    units=the_corpus,
    load=load_confirming,
    work=judge_confirming,
    write=write_confirming,
)
PAGE_STATES = Pass(
    name="page_states",
    version=1,
    tables=("pages",),
    units=the_corpus,
    load=load_pages,
    work=settle_pages,
    write=write_pages,
)
