"""Reference sets: dated editions, refused with their line where they are broken."""

from __future__ import annotations

import pytest

from crawler.commands.sheets import current_editions
from crawler.engine.rule_files import SEEDS, load_references, load_rules
from pipelines.coding.codebook import CodebookError, load_codebook
from pipelines.coding.references import check_editions, edition, load_reference
from pipelines.model.errors import UsageError

SETS = [load_reference(text, file) for file, text in load_rules().references]
SMALL = """
set = "risks"
version = "1"
valid_from = 2023-10-10
title = "Risks"
source = "us"

[[items]]
id = "a"
label = "A"

[[items]]
id = "b"
label = "B"
"""


@pytest.mark.parametrize(
    ("day", "has", "has_not"),
    [("2019-06-01", "esketamine_trd_with_oral", "esketamine_mdsi"), ("2024-12-31", "esketamine_mdsi", "esketamine_trd"),
     ("2026-01-01", "esketamine_trd", "esketamine_trd_with_oral")],
)  # fmt: skip
def test_what_was_approved_depends_on_the_day(day, has, has_not):
    """Esketamine on its own is approved from January 2025 on, and was not before."""
    standing = edition(SETS, "approved-indications", day)
    items = {item.id for item in standing.items}
    assert has in items
    assert has_not not in items
    assert edition(SETS, "approved-indications", "2010-01-01") is None


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("2023-10-10", '"2023"', "r.toml:4: valid_from must be a day such as 2025-01-21, without quotes, not '2023'"),
        ('id = "b"', 'id = "a"', "r.toml:13: item a: has the item 'a' twice; take one out"),
        ('label = "B"', 'lable = "B"', "r.toml:14: item b: unknown field 'lable'; known are id, label, note"),
        ('label = "B"', "", "r.toml:12: item b: has no label; add a line label = ..."),
        ('title = "Risks"', "title = ", "r.toml:5: this is not TOML"),
    ],
)
def test_a_broken_set_is_refused_with_its_line(old, new, problem):
    """What is wrong is told with file and line."""
    with pytest.raises(CodebookError) as error:
        load_reference(SMALL.replace(old, new), "r.toml")
    assert problem in str(error.value)


def test_a_codebook_needs_the_sets_that_it_names():
    """A set that is not there, or an edition that is there twice, is refused before anything starts."""
    one = load_reference(SMALL)
    check_editions([one], ["risks", ""], "folder")
    with pytest.raises(CodebookError, match="no reference set 'evidence'"):
        check_editions([one], ["evidence"], "folder")
    with pytest.raises(CodebookError, match="risks 1 is there twice"):
        check_editions([one, one], ["risks"], "folder")


def test_sheets_judge_by_the_editions_that_crawls_judge_by():
    """Both read the same files the same way, and a day has the edition that was valid on it."""
    assert list(load_references()) == SETS
    codebook = load_codebook((SEEDS / "codebook.toml").read_text(encoding="utf-8"))
    for day in ("2023-12-01", "2026-01-01"):
        expected = {code.id: edition(SETS, code.reference, day) for code in codebook.codes if code.reference}
        assert current_editions(codebook, day) == {code: one.version for code, one in expected.items() if one}
        assert current_editions(codebook, day)


def test_an_edition_that_is_no_text_is_one_line(tmp_path):
    """Whoever imports labels is told which folder cannot be read, without a traceback."""
    (tmp_path / "risks.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="cannot be read"):
        load_references(tmp_path)
