"""What pages of a site do at once tells what is dynamic content; a page alone tells nothing of the kind."""

from __future__ import annotations

from pipelines.changes.noise import find_dynamic
from pipelines.changes.noise_model import PageEdit, SiteState
from pipelines.changes.noise_several_pages import shared_lines
from pipelines.changes.region_diff import Line


def edit(page: int, removed: str, added: str, region: str = "text") -> PageEdit:
    """Replace one sentence by another on a page."""
    return PageEdit(page, (Line(removed, region),), (Line(added, region),))


def suppressed(edits: list[PageEdit], **known) -> dict[int, set[str]]:
    """Name the sentences that are suppressed, by page; a line with a dollar is a claim."""
    found = find_dynamic(edits, SiteState(**known), lambda line: "$" in line)
    return {page: {one.text for one in lines} for page, lines in found.items()}


def test_a_page_alone_is_reported():
    """Without any history of its site, a change of one page is never noise."""
    assert suppressed([edit(1, "We open at nine.", "We open at ten.")]) == {1: set()}


def test_sentences_that_pages_pass_around_are_suppressed():
    """Three pages that exchange testimonials with others tell nothing new."""
    edits = [edit(page, f"Voice {page}.", f"Voice {page + 1}.") for page in range(3)]
    before = {f"Voice {number}.": frozenset({number}) for number in range(5)}
    after = {f"Voice {number + 1}.": frozenset({number}) for number in range(-1, 3)}
    assert suppressed(edits, before=before, after=after) == {
        page: {f"Voice {page}.", f"Voice {page + 1}."} for page in range(3)
    }


def test_a_new_sentence_is_never_passed_around():
    """A claim that no page said before is reported, also where testimonials turn."""
    edits = [edit(page, f"Voice {page}.", f"Voice {page + 1}.") for page in range(3)]
    edits[0] = PageEdit(0, edits[0].removed, (*edits[0].added, Line("It cures everything.", "text")))
    before = {f"Voice {number}.": frozenset({number}) for number in range(5)}
    assert "It cures everything." not in suppressed(edits, before=before, after=before)[0]


def test_another_number_on_each_page_is_a_counter():
    """The same line with a number of its own on several pages counts something; a price does not."""
    cups = [edit(page, f"{page}5 cups served", f"{page}9 cups served") for page in range(1, 4)]
    prices = [edit(page, f"From ${page}50", f"From ${page}90") for page in range(4, 7)]
    found = suppressed([*cups, *prices])
    assert found[1] == {"15 cups served", "19 cups served"}
    assert found[4] == set()


def test_titles_of_other_pages_are_lists():
    """Related posts are told by being called like other pages; the page's own title is not one of them."""
    titles = {"Sleep and ketamine": frozenset({7}), "Ketamine for PTSD": frozenset({1})}
    assert suppressed([edit(1, "Sleep and ketamine", "Ketamine for PTSD")], titles=titles) == {
        1: {"Sleep and ketamine"}
    }


def test_what_was_seen_to_change_is_known():
    """A line that is masked stays masked on a page alone."""
    found = suppressed([edit(1, "12 cups served", "15 cups served")], known=frozenset({"0 cups served"}))
    assert found == {1: {"12 cups served", "15 cups served"}}


def test_an_edit_of_many_pages_is_common():
    """The same sentences on three pages are an edit of the site."""
    assert shared_lines(edit(page, "Open at nine.", "Open at ten.") for page in range(3)) == {
        "Open at nine.",
        "Open at ten.",
    }


def test_lines_that_turn_tell_nothing_new():
    """A line that goes from one page while it comes to another is passed around; a suite's new number is not."""
    edits = [edit(1, "Chat with us", "We are away"), edit(2, "We are away", "Chat with us")]
    assert suppressed(edits) == {1: {"Chat with us", "We are away"}, 2: {"Chat with us", "We are away"}}
    suites = [edit(page, "Suite 120", "Suite 140") for page in range(4)]
    assert suppressed(suites) == {page: set() for page in range(4)}


def test_numbers_that_turn_need_three_values():
    """Tickets that are called are another number on each page."""
    edits = [edit(page, f"Now serving A-{page}1", f"Now serving A-{page}7") for page in range(1, 5)]
    assert all(len(lines) == 2 for lines in suppressed(edits).values())
