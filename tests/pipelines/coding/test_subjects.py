"""What sentences are about: named, set against another, or carried over from before, a heading, the text."""

from __future__ import annotations

import re

import pytest

from pipelines.coding.outline import Contexts, outline
from pipelines.coding.subjects import SubjectFinder, Subjects

FINDER = SubjectFinder({"ketamine": re.compile("ketamine|infusions?"), "other": re.compile(r"tms\b|botox\b|ssris?\b")})


def subject(text: str, words: str) -> tuple[str, str]:
    """Tell the subject of some words of a text, and how it is known."""
    statements = outline(text, Contexts({}))
    start = text.index(words)
    place = max(place for place, one in enumerate(statements) if one.sentence.start <= start)
    return Subjects(FINDER, text, statements).of_match(place, start, start + len(words))


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("TMS is painless and quick.", "painless", ("other", "named")),
        ("Ketamine works faster than SSRIs.", "faster", ("ketamine", "named")),
        ("Unlike ketamine, TMS has no dose.", "no dose", ("other", "named")),
        ("While TMS takes weeks, ketamine works in hours.", "hours", ("ketamine", "named")),
        ("Ketamine is given here. It lifts the mood.", "lifts", ("ketamine", "before")),
        ("Ketamine is given here.\nTMS is, too.\nIt lifts the mood.", "lifts", ("other", "before")),
        ("Botox Offers\nRemarkable results are common.", "Remarkable", ("other", "heading")),
        ("Ketamine is given here.\nAsk us about prices.\nResults are remarkable.", "remarkable", ("ketamine", "text")),
        ("Results are remarkable.", "remarkable", ("unknown", "text")),
        ("Unlike SSRIs, it is quick.", "quick", ("unknown", "text")),
        ("There is hardly a safer drug than ketamine.", "safer", ("ketamine", "named")),
        ("Nobody spoke of drugs. It is quick.", "quick", ("unknown", "text")),
    ],
)
def test_the_subject_of_words(text, words, expected):
    """A drug that is only compared with is no subject; what names none carries one over, the nearest first."""
    assert subject(text, words) == expected


def test_a_long_text_that_never_names_the_drug_is_about_something_else():
    """A page of skin care without the drug's name is no page about the drug; a short text without it stays open."""
    assert subject("Our clients love it. " * 60 + "A miracle!", "miracle") == ("other", "text")
    assert subject("Our clients love it. A miracle!", "miracle") == ("unknown", "text")


def test_a_page_is_about_what_it_names_most():
    """A page on another drug that names ours once carries the other drug over."""
    text = "TMS helps. TMS is known. TMS is mild.\nKetamine is offered, too.\nAsk us.\nResults are remarkable."
    assert subject(text, "remarkable")[0] == "other"
