"""Where sentences stand: number tiles with their captions, and what headings, questions and list lines open."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.coding.outline import Contexts, join_tiles, outline
from pipelines.text.casefold_regex import Caseless
from pipelines.text.sentences import split_lines

CONTEXTS = Contexts(
    {
        "risks": Caseless(re.compile(r"\bside effects\b", re.IGNORECASE)),
        "contra": Caseless(re.compile(r"\bwho should not\b", re.IGNORECASE)),
    }
)


def joined(text: str) -> list[str]:
    """Give the lines of a text with tiles joined, a line break as a slash."""
    return [text[line.start : line.end].replace("\n", " / ") for line in join_tiles(text, split_lines(text))]


def opened(text: str) -> dict[str, list[str]]:
    """Map each sentence of a text to the contexts that are open where it stands."""
    return {one.sentence.text: sorted(one.contexts) for one in outline(text, CONTEXTS)}


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("82%\nof our guests feel lighter", ["82% / of our guests feel lighter"]),
        ("40 mins\nTime to relief\n12+\nYears of care", ["40 mins / Time to relief", "12+ / Years of care"]),
        ("Success rate\n82%\nTime to relief\n40 mins", ["Success rate / 82%", "Time to relief / 40 mins"]),
        ("Our numbers\n82%\nSuccess rate\n3\nClinics", ["Our numbers", "82% / Success rate", "3 / Clinics"]),
        ("One drip:\n$390\nWe are open on weekdays.", ["One drip: / $390", "We are open on weekdays."]),
        ("$390\nper infusion", ["$390 / per infusion"]),
        ("9 out of 10\nwould come again", ["9 out of 10 / would come again"]),
        ("82%", ["82%"]),
        ("Is it safe?\n1", ["Is it safe?", "1"]),
        ("82% of guests improve.\nCall us.", ["82% of guests improve.", "Call us."]),
    ],
)
def test_a_number_alone_is_read_with_its_caption(text, lines):
    """A line that is a number alone is one statement with the caption after it, or with the one before it."""
    assert joined(text) == lines


def test_a_long_paragraph_is_no_caption():
    """A number above running text stands alone."""
    text = "7\n" + "This paragraph tells how a visit goes from the first call to the last cup of tea we serve you here."
    assert len(joined(text)) == 2


def test_a_heading_opens_its_context_until_the_next_heading():
    """What stands below "Side effects" stands in that context; the next heading, and a question, close it."""
    text = (
        "Side effects\nYou may feel sick.\nIt passes soon.\nHow To Book\nRing us on any weekday.\nAnd then?\nWe answer."
    )
    assert opened(text) == {
        "Side effects": [],
        "You may feel sick.": ["risks"],
        "It passes soon.": ["risks"],
        "How To Book": ["risks"],
        "Ring us on any weekday.": [],
        "And then?": [],
        "We answer.": [],
    }


def test_bullets_below_a_question_stand_in_its_context():
    """Bullets, too, which look like headings, stand below the question or the line with a colon that opens them."""
    text = "Who should not have it?\nPsychosis\nPregnancy\nUntreated high pressure in the eye"
    assert set(map(tuple, list(opened(text).values())[1:])) == {("contra",)}
    assert opened("Possible side effects include:\ndizziness\na sleepy evening")["a sleepy evening"] == ["risks"]


def test_a_statement_knows_the_line_above_it():
    """The heading above a paragraph is found by its place, and later sentences of a line follow the first."""
    statements = outline("Ketamine Therapy\nIt is given here. It takes an hour.\nA ride home is needed.", Contexts({}))
    assert [one.above for one in statements] == [-1, 0, 0, 0]
    assert [one.follows for one in statements] == [False, False, True, False]


@given(
    st.lists(st.sampled_from(["82%", "Success rate", "Who should not have it?", "It is mild. It is short.", "", " "]))
)
def test_every_sentence_keeps_its_place(lines):
    """Whatever stands beside what, statements come in order, quote the text and lose none of its words."""
    text = "\n".join(lines)
    statements = outline(text, CONTEXTS)
    assert all(text[one.sentence.start : one.sentence.end] == one.sentence.text for one in statements)
    assert " ".join(one.sentence.text for one in statements).split() == text.split()
    assert all(one.above < place for place, one in enumerate(statements))
