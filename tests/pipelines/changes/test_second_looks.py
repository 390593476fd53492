"""What two looks at a page teach, and what is made of it on other pages of the site."""

from __future__ import annotations

import pytest

from pipelines.changes.noise import hold_back
from pipelines.changes.regions import Page
from pipelines.changes.repeat_fetch import MARK, filled, form_of, lessons, swaps
from pipelines.changes.site_edits import PageEdit, SiteState


def page(*lines: str) -> Page:
    """Make a page that says these lines."""
    return Page(visible=tuple(("text", line) for line in lines))


def held(edit: PageEdit, state: SiteState, claims: str = "infusion") -> dict[str, str]:
    """Give what is held back of one edit, with the reason; lines with the word ``claims`` matter."""
    return {one.key: one.why for one in hold_back([edit], state, lambda line: claims in line)[1]}


def edit(before: Page, after: Page) -> PageEdit:
    """Make the edit of page 1."""
    one, two = ({line for _, line in each.visible} for each in (before, after))
    gone, come = (tuple((line, "text") for line in sorted(lines)) for lines in (one - two, two - one))
    return PageEdit(1, gone, come, tuple(swaps(before, after, one ^ two)))


def test_two_looks_teach_lines_forms_and_places():
    """Both values of a line, the form that they share, and the lines between which it stands."""
    looks = page("Welcome", "In the office: Ada Moss", "Goodbye"), page("Welcome", "In the office: Ben Orr", "Goodbye")
    assert {one.pattern for one in lessons(*looks)} == {
        "In the office: Ada Moss",
        "In the office: Ben Orr",
        f"In the office: {MARK}",
        f"Welcome\n{MARK}\nGoodbye",
    }


def test_two_looks_that_agree_teach_nothing():
    """A page that stands still has no noise."""
    assert not list(lessons(page("Welcome", "Goodbye"), page("Welcome", "Goodbye")))


@pytest.mark.parametrize(
    ("one", "other"), [("Open now", "Closed now"), ("A1 B2", "A1 B3"), ("We are in", "We are out"), ("Go", "Stay")]
)
def test_a_form_needs_words_that_stay(one, other):
    """One or two short words in common would fit lines that are about something else."""
    assert form_of(one, other) is None


def test_a_form_does_not_fit_a_line_with_another_price():
    """What stood still at both looks has to stand still: the price of a visit is not what the rate of the day moves."""
    form = form_of("A visit costs $450, today €414.22", "A visit costs $450, today €415.07")
    assert filled(form, "A visit costs $450, today €399.90") == ("€399.90",)
    assert filled(form, "A visit costs $395, today €414.22") is None


def test_a_line_of_a_known_form_is_held_back_where_another_stood():
    """On any page of the site, whatever fills it; where no such line stood before, it is told."""
    state = SiteState(forms=(f"In the office: {MARK}",))
    swapped = edit(page("Hello there", "In the office: Ada Moss"), page("Hello there", "In the office: Cy Poe"))
    assert held(swapped, state).keys() == {"In the office: Ada Moss", "In the office: Cy Poe"}
    assert not held(edit(page("Hello there"), page("Hello there", "In the office: Cy Poe")), state)


def test_no_claim_hides_in_a_form():
    """What fills a mark is read like any line."""
    state = SiteState(forms=(f"In the office: {MARK}",))
    swapped = edit(page("In the office: Ada Moss"), page("In the office: infusion cures all"))
    assert "In the office: infusion cures all" not in held(swapped, state)


def test_what_stands_in_the_place_of_noise_is_noise():
    """A value that nobody saw before, where a known one stood; but no claim, and no other wording of an edited line."""
    state = SiteState(known=frozenset({"The fern is called Otto."}))
    before = page("Top", "The fern is called Otto.", "End")
    assert "Our kettle is old." in held(edit(before, page("Top", "Our kettle is old.", "End")), state)
    assert "One infusion cures." not in held(edit(before, page("Top", "One infusion cures.", "End")), state)
    assert "Our kettle is old." not in held(edit(before, page("Top", "Our kettle is old.", "And more.", "End")), state)


def test_an_edit_beside_noise_is_told():
    """The sentence before the widget was reworded while the widget turned."""
    state = SiteState(known=frozenset({"The fern is called Otto."}))
    before = page("Top", "Tea is ready for you at nine.", "The fern is called Otto.", "End")
    after = page("Top", "Tea is ready for you at ten.", "Our kettle is old.", "End")
    assert held(edit(before, after), state).keys() == {"The fern is called Otto.", "Our kettle is old."}


def test_a_claim_that_a_second_look_saw_change_is_told_once():
    """New to the site, it is told although it turns; where it stood before, it is not."""
    turned = edit(page("Tea"), page("One infusion is enough"))
    assert not held(turned, SiteState(looked=frozenset({"One infusion is enough"})))
    stood = SiteState(looked=frozenset({"One infusion is enough"}), before={"One infusion is enough": frozenset({2})})
    assert "One infusion is enough" in held(turned, stood)
