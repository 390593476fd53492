"""Page types: every member has its row, and every row all that it needs elsewhere."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields
from pathlib import Path

import pytest
from scrapy.settings import Settings

from crawler import settings as ours
from crawler.engine.plan import visit_days
from pipelines.changes.triage import load_triage
from pipelines.classify.page_type import classify
from pipelines.metadata.page_metadata import Metadata
from pipelines.model.page_types import LISTING_TYPES, PAGE_TYPES, PageType, PageTypeRow

ROOT = Path(__file__).parents[3]
STRUCTURAL = {PageType.HOME, PageType.OTHER}  # the root of a site, and what nothing speaks for


def test_every_type_has_a_row():
    """A type that is in no table would have no signs and no visits of its own."""
    assert [kind.name for kind in PageType if kind not in PAGE_TYPES] == []


def test_no_column_can_be_left_out():
    """A column with a default is one that the next row forgets."""
    columns = fields(PageTypeRow)
    assert [one.name for one in columns if one.default is not MISSING or one.default_factory is not MISSING] == []


@pytest.mark.parametrize("kind", sorted(set(PageType) - STRUCTURAL))
def test_every_type_has_a_sign_that_decides(kind):
    """Without a sign in the address that reaches the threshold alone, hardly a page would be of this type."""
    row = PAGE_TYPES[kind]
    assert row.last or row.folder, f"PageType.{kind.name} has no sign for an address"
    assert max(sign.points for sign in (*row.last, *row.folder)) >= 1.5


@pytest.mark.parametrize("kind", sorted(PageType))
def test_patterns_match_folded_text(kind):
    """A capital letter or an accent in a pattern never matches an address or a title, which are folded."""
    row = PAGE_TYPES[kind]
    for sign in (*row.last, *row.folder, *row.title):
        assert sign.points > 0
        assert re.sub(r"\\[A-Za-z]", "", sign.pattern).isascii()
        assert not re.search(r"[A-Z]", re.sub(r"\\[A-Za-z]", "", re.compile(sign.pattern).pattern))


@pytest.mark.parametrize("name", sorted({name for row in PAGE_TYPES.values() for name in row.declared}))
def test_a_declared_type_speaks_for_one(name):
    """The same schema.org type in two rows: the lower one would silently take the upper one's place."""
    assert len([kind for kind, row in PAGE_TYPES.items() if name in row.declared]) == 1


@pytest.mark.parametrize("kind", sorted(PageType))
def test_bounds_of_visits_are_in_order(kind):
    """At least, mean and at most, in days, as the crawl takes them from the settings."""
    days = PAGE_TYPES[kind].visit_days
    assert 0 < days.least <= days.most
    assert visit_days(_settings())[kind] == days


def test_bounds_can_be_set_for_a_crawl():
    """``-s VISIT_DAYS=...`` replaces them all, whatever the table says."""
    assert visit_days(_settings(VISIT_DAYS='{"other": [1, 5, 9]}')) == {"other": (1.0, 5.0, 9.0)}


def test_every_type_is_explained_once():
    """Each has a sentence of its own, which pages and the export show."""
    told = {value.value: row.explanation for value, row in PAGE_TYPES.items()}
    assert {value: text for value, text in told.items() if not re.fullmatch(r"[A-Z].{10,}\.", text)} == {}
    assert len(set(told.values())) == len(told)


def test_weights_are_for_types_that_exist():
    """A weight of a misspelt type would count for nothing; a list weighs less than other pages."""
    weights = load_triage((ROOT / "seeds" / "triage.toml").read_text(encoding="utf-8")).page_types
    assert set(weights) - set(PageType) == set()
    assert [kind.value for kind in LISTING_TYPES if weights.get(kind, 1.0) >= 1] == []


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("resources/faqs", PageType.FAQ),
        ("terms-and-prices", PageType.POLICY),
        ("team-jobs/ray-olsen-md", PageType.ABOUT),
        ("policies-tag/x", PageType.ARCHIVE),
        ("policies-faq/x", PageType.FAQ),
    ],
)
def test_the_upper_row_takes_precedence(path, kind):
    """Where patterns of two types match the same part of an address."""
    assert classify(f"https://a.example/{path}", Metadata(), "", ())[0] is kind


def test_lists_of_types_are_written_nowhere_by_hand():
    """A new listing would be missing in every query that has its own list."""
    by_hand = re.compile(r"'(?:archive|feed|search)', '(?:archive|feed|search)'|archive,feed|archive, feed")
    sources = [path for folder in ("crawler", "db", "pipelines") for path in sorted((ROOT / folder).rglob("*.py"))]
    assert [path.name for path in sources if by_hand.search(path.read_text(encoding="utf-8"))] == []


def _settings(**values: str) -> Settings:
    found = Settings(values, priority="cmdline")
    found.setmodule(ours, priority="project")
    return found
