# ruff: noqa: E501  # texts stand as they are read
"""Leftovers of themes go, sentences stay."""

from __future__ import annotations

import pytest

from pipelines.text.leftovers import Line, headline_forms, leftover_rules
from pipelines.text.normalise import fold_line, normalise

PROSE = "A nurse stays in the room for the whole visit, which takes about an hour, and measures blood pressure every ten minutes."
TITLE = "How We Prepare a Room for Your First Visit"


def dropped(*lines: str, title: str = TITLE) -> dict[str, str]:
    """Give the lines that rules take out, with the rule's name, of a text between two paragraphs."""
    text = [Line(line) for line in (*lines,)]
    named = leftover_rules(text, headline_forms(title))
    return {line.text: rule for line, rule in zip(text, named, strict=True) if rule}


@pytest.mark.parametrize(
    "line",
    [
        "Share this:", "Share Now :", "Share this post", "Share on Facebook", "Tweet this", "Comments", "Comment", "0 Comments",
        "No Comments", "Comments (3)", "Leave a Comment", "Leave a Reply", "Leave a Reply Cancel reply", "Comments are closed",
        "Post a Comment", "Click to share on Twitter", "Related Posts", "Related Articles", "You may also like", "Recent Posts",
        "More from our blog", "Previous Post", "Next", "Next: Why we ask for a driver", "Previous article", "Post navigation",
        "Posted by Jordan Avery on March 3, 2024", "Written by Jordan Avery", "By Jordan Avery", "March 3, 2024", "03/12/2024",
        "Tags: mood, rest", "Tags", "Filed under: Care", "Categories: Depression", "Facebook Twitter LinkedIn", "Back to top",
        "5 min read", "Advertisement", "© 2024 Cedar Clinic. All rights reserved.",
    ],
)  # fmt: skip
def test_leftovers_of_themes_go(line: str) -> None:
    """After the last paragraph, a widget's line is no text."""
    assert line in dropped(PROSE, PROSE + " Again.", line)


@pytest.mark.parametrize(
    "line",
    [
        "Next steps", "Share your worries with us before the first visit.", "By the third visit most people sleep better.",
        "Comments from our patients help us to do better.", "Related conditions that we treat", "What to expect",
        "Follow the plan that we made together", "Print your forms and bring them along.", "Tags help our nurses to find you.",
        "Recent studies", "Posted prices are for one visit.", "In March 2024 we moved to a larger house.", "Contact us today",
        "$425", "Yes", "Like other medicines, it has side effects.",
    ],
)  # fmt: skip
def test_sentences_and_headings_stay(line: str) -> None:
    """What a clinic says is kept, also where it begins with a widget's word."""
    assert dropped(PROSE, line, PROSE + " Again.", line + " ") == {}


def test_a_headline_said_thrice_goes() -> None:
    """Title, title with the site's name and title again: none is body."""
    lines = (TITLE, f"{TITLE}- cedar clinic", TITLE, PROSE, "Conclusion", PROSE + " Again.")
    assert set(dropped(*lines)) == {TITLE, f"{TITLE}- cedar clinic"}


def test_a_title_with_a_site_name_is_still_the_headline() -> None:
    """The title element says more than the headline does."""
    assert TITLE in dropped(TITLE, PROSE, PROSE + " Again.", title=f"{TITLE} | Cedar Clinic")


def test_a_paragraph_said_twice_in_a_row_is_said_once() -> None:
    """Builders send a paragraph for phones and one for desks."""
    named = leftover_rules([Line(PROSE), Line(PROSE), Line(PROSE + " Again."), Line("Another end of it.")], frozenset())
    assert named == [None, "said twice", None, None]


def test_rows_may_be_equal() -> None:
    """Equal cells of a table are data."""
    assert leftover_rules([Line(PROSE), Line("Yes", "row"), Line("Yes", "row")], frozenset()) == [None, None, None]


def test_a_page_that_would_lose_half_loses_nothing() -> None:
    """A thread whose one post is its title is still a text."""
    assert dropped(TITLE, "Short answer.") == {}


def test_a_menu_in_one_line_goes() -> None:
    """A line of links with bars between them leads elsewhere."""
    menu = Line("Home | About us | Prices | Contact", "row", 0.9)
    assert leftover_rules([menu, Line(PROSE), Line(PROSE + " Again.")], frozenset()) == ["menu", None, None]


def test_normalise_gives_one_form() -> None:
    """Composed letters, single spaces, nothing invisible."""
    assert normalise("  re\u0301sume\u0301\u00a0 of\u200b a\tday ") == "résumé of a day"


def test_fold_compares_words() -> None:
    """Case and punctuation make no other headline."""
    assert fold_line("What’s next?") == fold_line("WHAT S NEXT")
