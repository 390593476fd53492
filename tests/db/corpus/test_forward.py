"""A site says that a page changed: what is believed, and how far."""

from __future__ import annotations

from contextlib import closing

import pytest

from db.corpus.connection import open_corpus
from db.corpus.recrawl_hints import RIGHT, TRIED, UNPROVEN, allowance, count_hint, is_news
from pipelines.model.outcomes import Outcome
from pipelines.model.records import Found
from tests.db.corpus.test_keep import HOME, Keeper

FETCHED, NOW = "2026-03-02T08:00:00+00:00", "2026-03-09T08:00:00+00:00"
LATER = "2026-03-03T09:00:00+00:00"


@pytest.mark.parametrize(
    ("lastmod", "known", "fetched", "news"),
    [
        ("2026-03-02T09:00:00+00:00", None, FETCHED, True),
        ("2026-03-02T09:00:00+02:00", None, FETCHED, False),
        ("2026-03-02T07:00:00Z", "2026-01-01", FETCHED, False),
        ("Mon, 02 Mar 2026 12:00:00 GMT", None, FETCHED, True),
        ("2026-03-03", None, FETCHED, True),
        ("2026-03-02", "2026-02-01", FETCHED, True),
        ("2026-03-02", None, FETCHED, False),
        ("2026-03-01", "2026-02-01", FETCHED, False),
        ("2026-03-05", "2026-03-05", FETCHED, False),
        ("2026-03-05", None, None, False),
        ("yesterday", None, FETCHED, False),
        (None, None, FETCHED, False),
        ("2099-01-01", None, FETCHED, True),
        ("2099-01-01", "2099-01-01", FETCHED, False),
        ("2026-03-10", "2026-02-01", "2031-01-01T00:00:00+00:00", True),
    ],
)
def test_what_is_news(lastmod, known, fetched, news):
    """A date after our visit is news, an old one is not, and one that was said before is not news again."""
    assert is_news(lastmod, known, fetched, NOW) is news


@pytest.fixture
def keeper(tmp_path):
    """Open a corpus in which the home page and thirty others were fetched, due again much later."""
    with closing(open_corpus(tmp_path / "c.db")) as db:
        keeper = Keeper(db)
        keeper.visit(found=tuple(Found(f"{HOME}{n}", how="sitemap", lastmod="2026-01-01") for n in range(30)))
        for n in range(30):
            keeper.visit(f"{HOME}{n}", due_at="2026-09-01T00:00:00+00:00")
        yield keeper


def brought(keeper) -> int:
    """Count the pages that were brought forward."""
    due = keeper.run.started_at
    return keeper.count(f"pages WHERE recrawl_hint = 'sitemap' AND due_at = '{due}'")


def list_again(keeper, count: int, lastmod: str = LATER) -> None:
    """Let the site list so many pages with a new date."""
    keeper.run.brought.clear()
    keeper.visit(found=tuple(Found(f"{HOME}{n}", how="sitemap", lastmod=lastmod) for n in range(count)), at=NOW)


def test_a_newer_date_makes_a_page_due_now(keeper):
    """The page that the sitemap names with a newer date is due in this crawl, and no other."""
    list_again(keeper, 1)
    assert keeper.page("due_at, recrawl_hint, lastmod", f"{HOME}0") == (keeper.run.started_at, "sitemap", LATER)
    assert brought(keeper) == 1


def test_a_site_of_unknown_honesty_brings_no_storm(keeper):
    """All thirty pages have a new date: some are asked for, the others wait for their own rhythm."""
    list_again(keeper, 30)
    assert brought(keeper) == UNPROVEN


@pytest.mark.parametrize(("changed", "next_time"), [(True, 30), (False, 1)])
def test_a_site_s_dates_are_believed_as_far_as_they_were_right(keeper, changed, next_time):
    """Dates that were right bring all pages forward the next time; dates that never were, one page as a test."""
    list_again(keeper, 30)
    for n in range(UNPROVEN):
        keeper.visit(f"{HOME}{n}", text="Another text." if changed else "Ketamine is given slowly.", at=NOW,
                     outcome=None if changed else Outcome.UNCHANGED, due_at="2026-09-01T00:00:00+00:00")  # fmt: skip
    assert brought(keeper) == 0
    list_again(keeper, 30, "2026-03-09T08:00:01+00:00")
    assert brought(keeper) == next_time


def test_trust_can_be_earned_back(keeper):
    """A site that was wrong a hundred times and is right from then on is believed again."""
    page = keeper.page("site")[0]
    keeper.db.execute("UPDATE sites SET hints = 100, hints_right = 0")
    one = next(iter(keeper.pages()))
    for _ in range(150):
        count_hint(keeper.db, one, changed=True)
    told = keeper.db.execute("SELECT hints, hints_right FROM sites WHERE id = ?", (page,)).fetchone()
    assert allowance(*told) > UNPROVEN


def test_allowances():
    """Unknown, right often enough, and hardly ever right."""
    assert (allowance(TRIED - 1, 0), allowance(TRIED, 0)) == (UNPROVEN, 1)
    assert allowance(100, round(100 * RIGHT)) > UNPROVEN
