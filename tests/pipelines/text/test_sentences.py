"""Sentences with their places: abbreviations, numbers, lists, quotes, and texts of any kind."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.text.sentences import MARK, split_sentences

PIECES = st.sampled_from(
    [
        "Dr.",
        " ",
        " ",
        "\n",
        ".",
        "?",
        "...",
        "0.5",
        "mg.",
        "e.g.",
        "U.S.",
        "We",
        "go",
        '"',
        ")",
        "•",
        "。",
        "é",
        "(",
        "1.",
    ]
)


@pytest.mark.parametrize(
    "line",
    [
        "Dr. Ana Lee and Mr. Park read the chart.",
        "Other routes, e.g. lozenges, i.e. tablets, cost less.",
        "The clinic opens at 9 a.m. Monday to Friday.",
        "The dose is 0.5 mg. per kg. of weight, approx. 40 ml. in all.",
        "The U.S. Food and Drug Administration has not approved it.",
        "Maria J. Stone, Ph.D., and Li Wei, M.D., see new patients.",
        "It helped 70.5 percent vs. 12.1 percent of them.",
        "Read more at www.cedar.example/faq.html today.",
        "3. Lasting change for those who stay",
        "(b) Tell us of your medicines",
        "Suite No. 5 is on the left.",
        "Smith et al. (2021) followed them.",
        "He asked “does it work?” and left.",
        "Ketamine (it is old!) is cheap.",
        "Wait ... then breathe.",
        "Cedar Inc. Clinics are open.",
    ],
)
def test_one_sentence_stays_one(line):
    """A mark that belongs to an abbreviation, a number or a list marker does not end a sentence."""
    assert [one.text for one in split_sentences(line)] == [line]


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("It works. Call us!", ["It works.", "Call us!"]),
        ("We open at 9 a.m. The last drip starts at 4 p.m. Call us.", 3),
        ("The dose is 40 mg. Most people sleep.", 2),
        ("It is legal in the U.S. It is not approved for this.", 2),
        ("That is what we do. Ketamine is old. It takes 40 min. Nurses stay. Is it legal? No. Ketamine is not.", 7),
        ("She is an M.D. Her team is kind.", 2),
        ("It was approved in 2019. In 2025 the label changed.", 2),
        ("Does it hurt? No. It does not.", ["Does it hurt?", "No.", "It does not."]),
        ('"It gave me my life back." Ana, 34', ['"It gave me my life back."', "Ana, 34"]),
        ("“Is it safe?” Yes (mostly.) We watch.", ["“Is it safe?”", "Yes (mostly.)", "We watch."]),
        ("You feel relief.Many people do.", ["You feel relief.", "Many people do."]),
        ("Benefits • Fast relief • No pills", ["Benefits", "• Fast relief", "• No pills"]),
        ("There are steps: 1. Call us. 2. Come in.", ["There are steps: 1. Call us.", "2. Come in."]),
        ("Really?! Yes!!! It is so… Amazing.", 4),
        ("治療は安全です。効果は早い！", 2),
        ("¿Funciona? Sí. Élodie lo sabe.", 3),
        ("Take vitamin C. We also test for hepatitis B. The nurse calls.", 3),
    ],
)
def test_sentences_of_a_line_part(line, parts):
    """A mark that ends a sentence ends it."""
    told = [one.text for one in split_sentences(line)]
    assert (told if isinstance(parts, list) else len(told)) == parts


def test_headings_need_no_full_stop():
    """Each line of a main text is its own: a heading never runs into the paragraph under it."""
    told = split_sentences("Is it safe\n\n  It is watched closely.  It is old.\nNext")
    assert [(one.number, one.text) for one in told] == [
        (1, "Is it safe"),
        (2, "It is watched closely."),
        (3, "It is old."),
        (4, "Next"),
    ]


def test_nothing_has_no_sentences():
    """Empty text and spaces are no sentence."""
    assert split_sentences("") == split_sentences(" \n\t\n") == []


@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
def test_places_slice_back_to_the_text(text):
    """Sentences lie in order, apart, on one line each, and lose no letter of the text."""
    told = split_sentences(text)
    assert all(text[one.start : one.end] == one.text == one.text.strip() != "" for one in told)
    assert all("\n" not in one.text for one in told)
    assert all(one.end <= other.start for one, other in itertools.pairwise(told))
    assert [one.number for one in told] == list(range(1, len(told) + 1))
    assert "".join("".join(one.text.split()) for one in told) == "".join(text.split())


@given(st.lists(PIECES).map("".join), st.lists(PIECES).map("".join))
def test_a_line_is_split_alike_wherever_it_stands(one, other):
    """What stands on the line before changes nothing: a sentence that many pages share is the same on each."""
    lines = [*one.split("\n"), *other.split("\n")]
    alone = [sentence.text for line in lines for sentence in split_sentences(line)]
    assert [sentence.text for sentence in split_sentences("\n".join(lines))] == alone


@pytest.mark.parametrize("piece", [".", ". ", ".)", "。", "Dr. ", "1. ", "a.", '."', "\n", "• ", "x", "U.S. "])
def test_no_text_makes_the_marks_overlap(piece):
    """However a text repeats itself, marks are found once each: 1 MB of it has at most as many as characters."""
    text = piece * (1_000_000 // len(piece))
    assert sum(len(mark[0]) for mark in MARK.finditer(text)) <= len(text)
    told = split_sentences(text)
    assert all(one.text for one in told[:10])
