"""What two fetches of a page teach, and what is made of it on other pages of the site."""

from __future__ import annotations

import pytest

from pipelines.changes.noise import find_dynamic
from pipelines.changes.noise_model import PageEdit, SiteState
from pipelines.changes.noise_repeat_fetch import GAP, fill_of, learn_patterns, pattern_of
from pipelines.changes.region_diff import Line, PageRegions, find_swaps


def page(*lines: str) -> PageRegions:
    """Make a page that says these lines."""
    return PageRegions(visible=tuple(Line(line, "text") for line in lines))


def suppressed(edit: PageEdit, state: SiteState, claims: str = "infusion") -> dict[str, str]:
    """Give what is suppressed of one edit, with the reason; lines with the word ``claims`` matter."""
    return {one.text: one.reason for one in find_dynamic([edit], state, lambda line: claims in line)[1]}


def edit(before: PageRegions, after: PageRegions) -> PageEdit:
    """Make the edit of page 1."""
    one, two = ({line.text for line in each.visible} for each in (before, after))
    removed, added = (tuple(Line(line, "text") for line in sorted(lines)) for lines in (one - two, two - one))
    return PageEdit(1, removed, added, tuple(find_swaps(before, after, one ^ two)))


def test_two_fetches_teach_lines_patterns_and_places():
    """Both values of a line, the pattern that they share, and the lines between which it stands."""
    looks = page("Welcome", "In the office: Ada Moss", "Goodbye"), page("Welcome", "In the office: Ben Orr", "Goodbye")
    assert {one.pattern for one in learn_patterns(*looks)} == {
        "In the office: Ada Moss",
        "In the office: Ben Orr",
        f"In the office: {GAP}",
        f"Welcome\n{GAP}\nGoodbye",
    }


def test_two_fetches_that_agree_teach_nothing():
    """A page that stands still has no noise."""
    assert not list(learn_patterns(page("Welcome", "Goodbye"), page("Welcome", "Goodbye")))


@pytest.mark.parametrize(
    ("one", "other"), [("Open now", "Closed now"), ("A1 B2", "A1 B3"), ("We are in", "We are out"), ("Go", "Stay")]
)
def test_a_pattern_needs_words_that_stay(one, other):
    """One or two short words in common would fit lines that are about something else."""
    assert pattern_of(one, other) is None


def test_a_pattern_does_not_fit_a_line_with_another_price():
    """What stood still at both fetches has to stand still; a price of a visit is not what a rate of the day moves."""
    pattern = pattern_of("A visit costs $450, today €414.22", "A visit costs $450, today €415.07")
    assert fill_of(pattern, "A visit costs $450, today €399.90") == ("€399.90",)
    assert fill_of(pattern, "A visit costs $395, today €414.22") is None


def test_a_line_of_a_known_pattern_is_suppressed_where_another_stood():
    """On any page of the site, whatever fills it; where no such line stood before, it is reported."""
    state = SiteState(patterns=(f"In the office: {GAP}",))
    swapped = edit(page("Hello there", "In the office: Ada Moss"), page("Hello there", "In the office: Cy Poe"))
    assert suppressed(swapped, state).keys() == {"In the office: Ada Moss", "In the office: Cy Poe"}
    assert not suppressed(edit(page("Hello there"), page("Hello there", "In the office: Cy Poe")), state)


def test_no_claim_hides_in_a_pattern():
    """What fills a gap is read like any line."""
    state = SiteState(patterns=(f"In the office: {GAP}",))
    swapped = edit(page("In the office: Ada Moss"), page("In the office: infusion cures all"))
    assert "In the office: infusion cures all" not in suppressed(swapped, state)


def test_what_stands_in_the_place_of_noise_is_noise():
    """A value that nobody saw before, where a known one stood; but no claim, and no other wording of an edited line."""
    state = SiteState(known=frozenset({"The fern is called Otto."}))
    before = page("Top", "The fern is called Otto.", "End")
    assert "Our kettle is old." in suppressed(edit(before, page("Top", "Our kettle is old.", "End")), state)
    assert "One infusion cures." not in suppressed(edit(before, page("Top", "One infusion cures.", "End")), state)
    assert "Our kettle is old." not in suppressed(
        edit(before, page("Top", "Our kettle is old.", "And more.", "End")), state
    )


def test_an_edit_beside_noise_is_reported():
    """The sentence before the widget was reworded while the widget turned."""
    state = SiteState(known=frozenset({"The fern is called Otto."}))
    before = page("Top", "Tea is ready for you at nine.", "The fern is called Otto.", "End")
    after = page("Top", "Tea is ready for you at ten.", "Our kettle is old.", "End")
    assert suppressed(edit(before, after), state).keys() == {"The fern is called Otto.", "Our kettle is old."}


def test_a_claim_that_a_repeat_fetch_saw_change_is_reported_once():
    """New to the site, it is reported although it turns; where it stood before, it is not."""
    turned = edit(page("Tea"), page("One infusion is enough"))
    assert not suppressed(turned, SiteState(repeat_fetched=frozenset({"One infusion is enough"})))
    stood = SiteState(
        repeat_fetched=frozenset({"One infusion is enough"}), before={"One infusion is enough": frozenset({2})}
    )
    assert "One infusion is enough" in suppressed(turned, stood)
