"""Whether two texts say the same: as copies, and by how much."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.text.tokens import agreement, copy_key, triples

WORDS = st.lists(st.sampled_from(["ketamine", "dose", "Dose", "12", "2024", "ü", "—", "#"]), max_size=12).map(" ".join)
TEXTS = st.one_of(WORDS, st.text(max_size=40))


@given(TEXTS)
def test_case_space_and_punctuation_make_no_other_text(text):
    """Whatever the text: nothing raises, and spacing and punctuation do not count."""
    assert copy_key(text) == copy_key(f"  {text}\n.")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ketamine, at home.", "KETAMINE at  home", True),
        ("ﬁve", "five", True),
        ("Straße", "STRASSE", True),
        ("5 mg", "50 mg", False),
        ("at home", "athome", False),
        ("", "...", True),
    ],
)
def test_what_makes_a_copy(one, other, same):
    """The words decide, numbers among them."""
    assert (copy_key(one) == copy_key(other)) is same


@given(TEXTS, TEXTS)
def test_agreement_is_a_symmetric_share(one, other):
    """Agreement lies between 0 and 1 and is the same both ways."""
    assert 0 <= agreement(one, other) <= 1
    assert agreement(one, other) == agreement(other, one)


@given(TEXTS, TEXTS)
def test_a_text_agrees_with_itself_and_more(text, more):
    """A text is repeated whole by itself with something added behind."""
    assert agreement(text, f"{text} {more}") == (1.0 if triples(text) else 0.0) or len(triples(text)) == 1


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        ("Events in May 2026", "Events in May 2027", 1.0),
        ("", "a b c", 0.0),
        ("a b c", "c b a", 0.0),
        ("a b c d", "a b c x", 0.5),
        ("one", "one", 1.0),
        ("one two", "one two", 1.0),
        ("a b c a b c", "a b c", 1.0),
    ],
)
def test_agreement_by_hand(one, other, share):
    """Runs of three words are compared, numbers alike; what the longer one adds does not count."""
    assert agreement(one, other) == share
