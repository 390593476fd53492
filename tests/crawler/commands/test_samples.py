"""Samples are listed, hidden, renamed and assigned by commands, and each step is taken back by one."""

from __future__ import annotations

import pytest

from tests.support.command import clinicwatch
from tests.support.desk import many_pages


@pytest.fixture
def db(tmp_path):
    """Make a corpus with a sample."""
    many_pages(tmp_path / "corpus.db")
    assert clinicwatch("sample", "--n", 4, "--name", "first", "--db", tmp_path / "corpus.db").returncode == 0
    return tmp_path / "corpus.db"


def test_a_sample_is_hidden_renamed_and_assigned(db):
    """Each command prints what the sample is now."""
    steps = [
        (("assign", "first", "--coder", "ben", "--coder", "anna"), "assigned to anna, ben"),
        (("rename", "first", "pilot"), "drawn as first"),
        (("hide", "pilot"), ", hidden"),
        (("undo", "pilot"), "pilot "),
        (("undo", "pilot"), "first "),
        (("assign", "first", "--everybody"), "assigned to everybody"),
    ]
    for arguments, wanted in steps:
        done = clinicwatch("samples", *arguments, "--db", db)
        assert (done.returncode, wanted in done.stdout) == (0, True), done
    assert "4 texts" in clinicwatch("samples", "list", "--db", db).stdout


@pytest.mark.parametrize(
    "arguments",
    [("hide", "other"), ("undo", "first"), ("assign", "first"), ("assign", "first", "--coder", "No Name"),
     ("assign", "first", "--coder", "ben", "--everybody"), ("rename", "first", "a/b")],
)  # fmt: skip
def test_what_makes_no_sense_is_one_line(db, arguments):
    """Nothing is changed, the exit code says so."""
    done = clinicwatch("samples", *arguments, "--db", db)
    assert done.returncode == 2
    assert (done.stdout, done.stderr.count("\n")) == ("", 1)
    assert "assigned to everybody" in clinicwatch("samples", "list", "--db", db).stdout
