"""Saved pages are read as they were when somebody looked: one test a page and field."""

from __future__ import annotations

import pytest

from tests.pages import CASES, FIELDS, FOLDER, expected, read_case


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("case", CASES)
def test_a_saved_page_is_read_as_before(case, field):
    """Where the reader changed on purpose, ``python -m tests.pages CASE --write`` and look at what differs."""
    assert read_case(case)[field] == expected(case)[field]


@pytest.mark.parametrize("case", CASES)
def test_a_case_expects_the_fields_of_a_reading(case):
    """A field that is added to or dropped from a reading is added to or dropped from each case."""
    assert tuple(expected(case)) == FIELDS


def test_each_folder_is_a_case():
    """A page without its case.toml would be read by nobody."""
    assert sorted(path.parent.name for path in FOLDER.glob("*/input.*")) == list(CASES)
