"""What turns at each crawl on several pages at once is told when it turns for the first time, and not again."""

from __future__ import annotations

import itertools

from pipelines.changes.noise import find_dynamic
from pipelines.changes.noise_model import PageEdit, SiteState
from pipelines.changes.region_diff import Line, PageRegions, find_swaps

DAYS = ("Ada reads maps.", "Ben grows tomatoes.", "Cora sings alto.")


def page(number: int, doctor: str) -> PageRegions:
    """Make a page with the doctor of the day."""
    return PageRegions(
        visible=tuple(Line(line, "text") for line in (f"Page {number}", "Doctor of the day", doctor, "Goodbye"))
    )


def suppressed(days: tuple[str, ...], pages: int = 3, claims: str = "infusion") -> set[str]:
    """Give what is suppressed at the last of some crawls, over all pages."""
    edits = []
    for number in range(pages):
        versions = [page(number, day) for day in days]
        turns = [tuple(find_swaps(*pair, set(days))) for pair in itertools.pairwise(versions)]
        removed, added = (Line(days[-2], "text"),), (Line(days[-1], "text"),)
        edits.append(PageEdit(number, removed, added, turns[-1], turns[-2] if len(turns) > 1 else ()))
    found = find_dynamic(edits, SiteState(), lambda line: claims in line)
    return {one.text for many in found.values() for one in many}


def test_the_first_turn_is_told():
    """Nothing tells it from an edit of the site."""
    assert not suppressed(DAYS[:2])


def test_the_second_turn_of_the_same_place_is_suppressed():
    """The line that was told and the line that came now."""
    assert suppressed(DAYS) == {DAYS[1], DAYS[2]}


def test_what_is_taken_back_is_told():
    """A site that returns to what it said before has made an edit again."""
    assert not suppressed((DAYS[0], DAYS[1], DAYS[0]))


def test_one_or_two_pages_are_no_evidence():
    """A page that is edited at each crawl is an edited page."""
    assert not suppressed(DAYS, pages=2)


def test_a_claim_is_told_each_time():
    """What matters to a patient is never suppressed for its place."""
    assert suppressed((*DAYS[:2], "One infusion cures.")) == {DAYS[1]}
