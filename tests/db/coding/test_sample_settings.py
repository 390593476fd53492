"""What becomes of a sample after it was drawn is only added to, and can be taken back step by step."""

from __future__ import annotations

import sqlite3

import pytest

from db.coding import sample_settings
from db.coding.samples import find_sample, freeze, list_samples
from db.coding.votes_file import voting
from pipelines.model.errors import UsageError

AT = "2026-03-01T09:00:00+00:00"
FACTS = {
    "at": AT, "asked": 2, "double": 1.0, "allocation": "proportional", "seed": 1, "strata_by": "[]", "query": "",
    "frame_size": 9, "frame_hash": "", "strata": "[[[],9,2]]",
}  # fmt: skip


@pytest.fixture
def review(tmp_path):
    """Give the votes of a corpus with two samples."""
    with voting(tmp_path / "corpus.db") as db:
        for name in ("first", "second"):
            freeze(db, FACTS | {"name": name}, [])
        yield db


def test_each_change_holds_until_it_is_taken_back(review):
    """The last change of each kind counts, and undo goes back one by one to what was drawn."""
    sample = find_sample(review, "first").id
    sample_settings.assign(review, sample, "judge", AT, ["ben", "anna"])
    sample_settings.rename(review, sample, "judge", AT, "pilot")
    sample_settings.hide(review, sample, "judge", AT)
    sample_settings.rename(review, sample, "judge", AT, "pilot 2026")
    sample_settings.hide(review, sample, "judge", AT)  # says nothing new, and adds nothing
    assert find_sample(review, "pilot 2026").settings == (True, "pilot 2026", ("anna", "ben"))
    assert find_sample(review, "first").title == "pilot 2026"
    back = []
    while sample_settings.undo_last(review, sample, "judge", AT):
        back.append(find_sample(review, "first").settings)
    assert back == [
        (True, "pilot", ("anna", "ben")),
        (False, "pilot", ("anna", "ben")),
        (False, "", ("anna", "ben")),
        (False, "", ()),
    ]
    assert len(sample_settings.sample_events(review, sample)) == 8
    assert [one.title for one in list_samples(review)] == ["second", "first"]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE sample_events SET value = 'true'", "DELETE FROM sample_events",
     "INSERT OR REPLACE INTO sample_events VALUES (1, 1, '', '', 'name', '\"x\"', NULL)"],
)  # fmt: skip
def test_no_row_is_changed(review, statement):
    """Triggers abort what would rewrite a change."""
    sample_settings.hide(review, find_sample(review, "first").id, "judge", AT)
    with pytest.raises(sqlite3.IntegrityError, match="what became of a sample is not changed"):
        review.execute(statement)


def test_two_samples_never_share_a_name(review):
    """Neither the name that another one has, nor one that it had; nor is a name taken that makes no sense."""
    first, second = (find_sample(review, name).id for name in ("first", "second"))
    sample_settings.rename(review, second, "judge", AT, "pilot")
    sample_settings.rename(review, second, "judge", AT, "main")
    for taken in ("second", "pilot", "main", "", "a/b", "x" * 81):
        with pytest.raises(UsageError):
            sample_settings.rename(review, first, "judge", AT, taken)
    with pytest.raises(UsageError, match="there is a sample of this name"):
        freeze(review, FACTS | {"name": "main"}, [])
    sample_settings.rename(review, first, "judge", AT, "third")
    sample_settings.rename(review, first, "judge", AT, "first")  # its own, as it was drawn
    assert find_sample(review, "first").id == first
