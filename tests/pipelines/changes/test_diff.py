"""Two texts are compared in two levels, and what only moved is told apart."""

from __future__ import annotations

import random

import pytest

from pipelines.changes.diff import diff_lines, diff_texts, sentences


def kinds(before: str, after: str) -> list[str]:
    """Name the kinds of the parts of a diff."""
    return [part.kind for part in diff_texts(before, after).parts]


def test_the_same_text_has_no_difference():
    """Equal texts are one part, and nothing was added or removed."""
    diff = diff_texts("We treat pain. Call us.", "We treat pain. Call us.")
    assert diff.is_empty
    assert (diff.words_added, diff.words_removed) == (0, 0)


def test_a_changed_sentence_shows_its_words():
    """Inside a replaced sentence only the words that differ are marked."""
    diff = diff_texts("Welcome. An infusion costs $450 here.", "Welcome. An infusion costs $395 here.")
    replaced = next(part for part in diff.parts if part.kind == "replaced")
    assert [(span.kind, span.text) for span in replaced.spans if span.kind != "same"] == [
        ("removed", "450"),
        ("added", "395"),
    ]
    assert (diff.words_added, diff.words_removed) == (1, 1)


def test_text_that_moved_counts_as_nothing():
    """A paragraph that stands elsewhere was neither added nor removed."""
    diff = diff_texts("One here.\nTwo here.\nThree here.", "Two here.\nThree here.\nOne here.")
    assert (diff.added, diff.removed, diff.moved) == ((), (), ("One here.",))
    assert not diff.is_empty


def test_unlike_sentences_are_not_compared_by_word():
    """Two sentences with no word in common are one removed and one added."""
    assert kinds("Same.\nParking is free.", "Same.\nWe bill insurers monthly, ask us!") == ["same", "removed", "added"]


def test_an_added_sentence_stands_between_its_neighbours():
    """A new sentence in a paragraph is the only part that is not the same."""
    assert kinds("One is here. Three is here.", "One is here. Two is new. Three is here.") == ["same", "added", "same"]


@pytest.mark.parametrize("seed", range(40))
def test_parts_give_both_texts_back(seed):
    """Whatever two lists differ in, their parts hold every unit of both, each once."""
    dice = random.Random(seed)
    before, after = ([f"Unit {dice.randrange(12)} says so." for _ in range(dice.randrange(20))] for _ in range(2))
    parts = diff_lines(before, after).parts
    kept = [unit for part in parts if part.kind in {"same", "removed", "replaced"} for unit in part.before]
    moved = [unit for part in parts if part.kind == "moved" for unit in part.after]
    come = [unit for part in parts if part.kind in {"same", "added", "replaced"} for unit in part.after]
    assert sorted(kept + moved) == sorted(before)
    assert sorted(come + moved) == sorted(after)


def test_spans_give_both_sentences_back():
    """The words of a replaced part, put together, are the sentences before and after."""
    before, after = (
        "Most patients (70%) feel relief within hours.",
        "Many patients feel some relief within a few hours!",
    )
    (part,) = diff_texts(before, after).parts
    assert "".join(span.text for span in part.spans if span.kind != "added") == before
    assert "".join(span.text for span in part.spans if span.kind != "removed") == after


def test_a_rewritten_page_is_compared_without_the_word_level():
    """Blocks that are too long for the word level are told as a whole."""
    long = " ".join(f"word{number}" for number in range(3_000))
    (part,) = diff_texts(long, f"{long} more").parts
    assert (part.kind, part.spans) == ("replaced", ())


def test_sentences_are_not_cut_within_times_and_names():
    """A line is cut where a sentence ends, not at each full stop."""
    text = "Dr. Alma Reyes sees patients. It takes 1.5 hours."
    assert [unit for unit in sentences(text) if "1.5" in unit] == ["It takes 1.5 hours."]
