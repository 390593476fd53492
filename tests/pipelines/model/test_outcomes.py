"""Outcomes, states and kinds of change: every member has its row, and every row all that it needs elsewhere."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields
from pathlib import Path

import pytest

from crawler.engine.schedule import BACKOFF
from crawler.http.outcomes import BY_STATUS
from db.datasette.formatting import badge
from db.schema.vocabulary import MEANINGS
from pipelines.changes.page_events import PageVisit, page_events
from pipelines.changes.triage import load_triage
from pipelines.model.outcomes import (
    CHANGE_KINDS,
    FAILED,
    OUTCOMES,
    PAGE_STATES,
    ChangeKind,
    ChangeKindRow,
    Outcome,
    OutcomeRow,
    PageState,
    PageStateRow,
    Trouble,
)

ROOT = Path(__file__).parents[3]
TRIAGE = load_triage((ROOT / "seeds" / "triage.toml").read_text(encoding="utf-8"))
SOURCES = [
    path.read_text(encoding="utf-8")
    for folder in ("crawler", "db", "pipelines")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if path.parent.name != "model"
]
BY_VERSIONS = {
    ChangeKind.NEW,
    ChangeKind.SECOND_ADDRESS,
    ChangeKind.EDITED,
}  # found by comparing versions, not by how a visit ended
BY_HISTORY = {ChangeKind.BACK, ChangeKind.REDIRECTED_HOME}  # found by what was before, and by where a redirect leads


@pytest.mark.parametrize(
    ("members", "table"), [(Outcome, OUTCOMES), (PageState, PAGE_STATES), (ChangeKind, CHANGE_KINDS)]
)
def test_every_member_has_a_row(members, table):
    """A value that is in no table would be without consequences, and nobody would notice."""
    assert [member.name for member in members if member not in table] == []


@pytest.mark.parametrize("row", [OutcomeRow, PageStateRow, ChangeKindRow])
def test_no_column_can_be_left_out(row):
    """A column with a default is one that the next row forgets."""
    assert [one.name for one in fields(row) if one.default is not MISSING or one.default_factory is not MISSING] == []


@pytest.mark.parametrize("table", [OUTCOMES, PAGE_STATES, CHANGE_KINDS])
def test_every_value_is_explained_once(table):
    """Each has a sentence of its own, which pages and the export show."""
    told = {value.value: row.explanation for value, row in table.items()}
    assert {value: text for value, text in told.items() if not re.fullmatch(r"[A-Z].{10,}\.", text)} == {}
    assert len(set(told.values())) == len(told)


@pytest.mark.parametrize("outcome", sorted(Outcome))
def test_something_recognises_it(outcome):
    """An outcome that no code and no HTTP status leads to never occurs."""
    by_code = any(re.search(rf"\bOutcome\.{outcome.name}\b", source) for source in SOURCES)
    assert OUTCOMES[outcome].statuses or by_code, f"nothing ends in Outcome.{outcome.name}"


@pytest.mark.parametrize("outcome", sorted(Outcome))
def test_its_columns_agree(outcome):
    """A page with its text is live and has its own rhythm; one without backs off, and ends no event."""
    row = OUTCOMES[outcome]
    assert row.confirms == (row.trouble is None)
    assert not row.confirms or (row.state is PageState.LIVE and row.change is None and row.validators)
    assert row.state is not PageState.QUEUED
    assert all(400 <= status <= 599 and BY_STATUS[status] is outcome for status in row.statuses)


@pytest.mark.parametrize("trouble", sorted(set(Trouble) - {Trouble.NEVER}))
def test_every_trouble_has_its_back_off(trouble):
    """The first pause is no longer than the longest one, and some outcome has this trouble."""
    first, longest = BACKOFF[trouble]
    assert first <= longest
    assert trouble in {row.trouble for row in OUTCOMES.values()}


@pytest.mark.parametrize("kind", sorted(set(ChangeKind) - BY_VERSIONS))
def test_every_kind_of_change_has_a_weight(kind):
    """Without one, ``seeds/triage.toml`` would rank it by a figure that nobody chose."""
    assert 0 < TRIAGE.kinds.get(kind, 0) <= 1, f"{kind!s} is missing in [kinds] of seeds/triage.toml"


def test_weights_are_for_kinds_that_exist():
    """A weight of a misspelt kind would count for nothing."""
    assert set(TRIAGE.kinds) - set(ChangeKind) == set()


@pytest.mark.parametrize("kind", sorted(set(ChangeKind) - BY_VERSIONS - BY_HISTORY))
def test_every_event_of_a_page_has_an_outcome(kind):
    """A kind of change that is the event of no outcome never occurs."""
    assert kind in {row.change for row in OUTCOMES.values()}, f"no row of OUTCOMES has change={kind!s}"


@pytest.mark.parametrize("outcome", sorted(outcome for outcome, row in OUTCOMES.items() if row.change))
def test_a_page_that_had_text_tells_its_event(outcome):
    """The event begins at the first visit, or is recorded at the second, and ends when the page has its text again."""
    ends = [Outcome.NEW, outcome, outcome, Outcome.UNCHANGED]
    visits = [
        PageVisit(number, f"2026-03-0{number}", end, moved_to="http://a.example/y")
        for number, end in enumerate(ends, start=1)
    ]
    kind = OUTCOMES[outcome].change
    first = 3 if CHANGE_KINDS[kind].twice else 2
    assert [
        (event.kind, event.visit.crawl, event.since.crawl) for event in page_events("http://a.example/x", visits)
    ] == [
        (kind, first, 2),
        (ChangeKind.BACK, 4, 4),
    ]


@pytest.mark.parametrize("outcome", sorted(FAILED))
def test_what_failed_looks_like_it(outcome):
    """Pages colour an outcome by its box, and say what it means: no style sheet names it."""
    shown = badge(outcome, "outcome")
    assert "is-bad" in shown
    assert f'title="{MEANINGS["outcome"][outcome]}"'.replace("'", "&#39;") in shown


def test_lists_of_states_are_written_nowhere_by_hand():
    """A new state with a text would be missing in every query that has its own list."""
    by_hand = re.compile(r"\('(?:live|blocked)', '(?:live|blocked)'\)")
    assert [match[0] for source in SOURCES for match in by_hand.finditer(source)] == []
