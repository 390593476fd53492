"""What turns at each crawl on several pages at once is told when it turns for the first time, and not again."""

from __future__ import annotations

import itertools

from pipelines.changes.noise import hold_back
from pipelines.changes.regions import Page
from pipelines.changes.repeat_fetch import swaps
from pipelines.changes.site_edits import PageEdit, SiteState

DAYS = ("Ada reads maps.", "Ben grows tomatoes.", "Cora sings alto.")


def page(number: int, doctor: str) -> Page:
    """Make a page with the doctor of the day."""
    return Page(visible=tuple(("text", line) for line in (f"Page {number}", "Doctor of the day", doctor, "Goodbye")))


def held(days: tuple[str, ...], pages: int = 3, claims: str = "infusion") -> set[str]:
    """Give what is held back at the last of some crawls, over all pages."""
    edits = []
    for number in range(pages):
        told = [page(number, day) for day in days]
        turns = [tuple(swaps(*pair, set(days))) for pair in itertools.pairwise(told)]
        gone, come = ((days[-2], "text"),), ((days[-1], "text"),)
        edits.append(PageEdit(number, gone, come, turns[-1], turns[-2] if len(turns) > 1 else ()))
    found = hold_back(edits, SiteState(), lambda line: claims in line)
    return {one.key for many in found.values() for one in many}


def test_the_first_turn_is_told():
    """Nothing tells it from an edit of the site."""
    assert not held(DAYS[:2])


def test_the_second_turn_of_the_same_place_is_held_back():
    """The line that was told and the line that came now."""
    assert held(DAYS) == {DAYS[1], DAYS[2]}


def test_what_is_taken_back_is_told():
    """A site that returns to what it said before has made an edit again."""
    assert not held((DAYS[0], DAYS[1], DAYS[0]))


def test_one_or_two_pages_are_no_evidence():
    """A page that is edited at each crawl is an edited page."""
    assert not held(DAYS, pages=2)


def test_a_claim_is_told_each_time():
    """What matters to a patient is never held back for its place."""
    assert held((*DAYS[:2], "One infusion cures.")) == {DAYS[1]}
