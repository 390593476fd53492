"""A comparison as it is shown: changes with a line of context, the rest as a number."""

from __future__ import annotations

import pytest

from db.datasette.diffs import Line, Run, changed_lines, compared_lines, hunks_of, shorten
from pipelines.changes.diff import diff_texts

LINES = [f"Line {word} of the page." for word in ("one", "two", "three", "four", "five", "six", "seven", "eight")]


def edited(**changes: str) -> str:
    """Give the text with other lines in it."""
    return "\n".join(changes.get(line.split()[1], line) for line in LINES)


def kinds(before: str, after: str) -> list[tuple[int, list[str]]]:
    """Give the hunks as the lines skipped and the kinds of their lines."""
    return [(hunk.skipped, [line.kind for line in hunk.lines]) for hunk in hunks_of(compared_lines(before, after))]


def test_each_change_has_a_line_around_it():
    """Far changes stand apart with the number of lines between them, near ones together."""
    after = edited(two="Line two of the book.", seven="Line seven of the book.")
    assert kinds(edited(), after) == [(0, ["same", "replaced", "same"]), (2, ["same", "replaced", "same"])]
    near = edited(two="Line two of the book.", four="Line four of the book.")
    assert kinds(edited(), near) == [(0, ["same", "replaced", "same", "replaced", "same"])]


def test_the_ends_of_a_text_have_context_on_one_side():
    """The first and the last line are shown too."""
    assert kinds(edited(), edited(one="Line one of the book.")) == [(0, ["replaced", "same"])]
    assert kinds(edited(), edited() + "\nMore than before.") == [(7, ["same", "added"])]


def test_equal_texts_show_nothing():
    """Without a change there is no hunk, and the whole text is there for those who ask."""
    assert kinds(edited(), edited()) == []
    assert [line.kind for line in compared_lines(edited(), edited())] == ["same"] * 8


def test_what_only_moved_is_no_change():
    """A line at another place is marked as such, and makes no hunk."""
    moved = "\n".join([*LINES[1:], LINES[0]])
    assert kinds(edited(), moved) == []
    assert "moved" in [line.kind for line in compared_lines(edited(), moved)]


def test_what_is_ignored_is_shown_as_that():
    """Where only some lines count, others that differ are ignored, and do not make a hunk."""
    after = edited(two="Line two of the book.", seven="7 people look at this.")
    lines = compared_lines(edited(), after, frozenset({"Line two of the book.", LINES[1]}))
    assert [line.kind for line in lines].count("ignored") == 2
    assert len(hunks_of(lines)) == 1


def test_words_are_marked_inside_a_line():
    """What stays of a sentence stands as it is between what went and what came."""
    (line,) = changed_lines(diff_texts("It costs $450 now.", "It costs $395 now.").parts, 3)
    assert line.words == (("same", "It costs $"), ("removed", "450"), ("added", "395"), ("same", " now."))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("It is a cure that ends pain.", "It is one more option for pain."),
        ("One two three.", "Four five six seven."),
        ("a b c d e f g", "a B c D e F g"),
        ("word", "word more"),
        ("more word here", "word"),
    ],
)
def test_runs_of_words_lose_nothing(before, after):
    """Read without what came a line is as it was, without what went it is as it is; no run is broken by a space."""
    for line in changed_lines(diff_texts(before, after).parts, 9):
        if line.kind == "replaced":
            sides = [
                " ".join("".join(text for kind, text in line.words if kind != other).split())
                for other in ("added", "removed")
            ]
            assert sides == [before, after]
            assert all(text.strip() for kind, text in line.words if kind != "same")
            assert all(text.strip() for _, text in line.words[1:-1])


@pytest.mark.parametrize("most", [0, 1, 2])
def test_a_list_shows_so_many_lines(most):
    """No more lines of a change than asked for."""
    parts = diff_texts("a", "b\nc\nd").parts
    assert len(list(changed_lines(parts, most))) == most


def test_long_lines_are_cut_where_nothing_changed():
    """What changed is whole, with some words on both sides."""
    words = [("same", "x" * 100), ("removed", "y" * 100), ("same", "z" * 100), ("added", "v"), ("same", "w" * 100)]
    shown = shorten(tuple(Run(*word) for word in words), most=10)
    assert [text for kind, text in shown if kind != "same"] == ["y" * 100, "v"]
    assert shown[0] == ("same", "…" + "x" * 10)
    assert shown[2] == ("same", "z" * 10 + " … " + "z" * 10)
    assert shown[4] == ("same", "w" * 10 + "…")
    assert Line("replaced", shown).kind == "replaced"
