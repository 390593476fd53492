"""What folds an edit as rotating content, and what shows it again."""

from __future__ import annotations

import pytest

from pipelines.changes.rotation import EditLines, Rotation, judge_rotation, looks_rotating

SAYING = EditLines(["Dr. Reyes is in the house today."], ["Patience opens each door there is."], ["other_text"], 5)


@pytest.mark.parametrize(
    "edit",
    [
        SAYING._replace(pages=2),
        SAYING._replace(removed=[]),
        SAYING._replace(regions=["other_text", "text"]),
        SAYING._replace(regions=["menu"]),
        SAYING._replace(added=["Dr. Reyes is in the house on Mondays."]),
    ],
    ids=["two pages", "nothing went", "main text", "menu", "reworded"],
)
def test_an_edit_like_any_other_is_not_suspected(edit):
    """Few pages, nothing replaced, content, menus, another wording of the same."""
    assert not looks_rotating(edit)
    assert judge_rotation(edit, frozenset()) is None


@pytest.mark.parametrize(
    ("known", "kept_in", "state"),
    [
        (set(), None, Rotation.SUSPECTED),
        (set(), 3, Rotation.CONFIRMED),
        (set(SAYING.added), None, Rotation.PROVEN),
        (set(SAYING.added), 3, Rotation.PROVEN),
        (set(SAYING.removed), None, Rotation.SUSPECTED),
    ],
)
def test_a_suspicion_is_decided_by_other_visits(known, kept_in, state):
    """By what they prove, before what they kept; that what went is dynamic proves nothing of what came."""
    assert judge_rotation(SAYING, known, kept_in).state is state


def test_an_edit_that_nobody_suspected_is_proven_by_both_sides_alone():
    """Of one page: a line known to be dynamic in the place of one that is not may be an edit."""
    edit = SAYING._replace(pages=1)
    assert judge_rotation(edit, set(edit.added)) is None
    assert judge_rotation(edit, {*edit.added, *edit.removed}).state is Rotation.PROVEN
