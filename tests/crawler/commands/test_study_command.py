"""A study keeps what belongs to a paper; its table is made by its name, its methods have their numbers."""

from __future__ import annotations

import csv
import sqlite3

import pytest
from click.testing import CliRunner
from frictionless import Package, system

from crawler.commands.cli import main
from db.coding.votes_file import voting
from tests.crawler.commands.test_rollup_command import ONE, code, db  # noqa: F401 - a fixture


def run(db, *arguments, code=0):  # noqa: F811
    """Run a command and give what it printed."""
    done = CliRunner().invoke(main, [*map(str, arguments), "--db", str(db)])
    assert done.exit_code == code, done.output
    return done.stdout if code == 0 else done.stderr


@pytest.fixture
def coded(db):  # noqa: F811
    """Give the corpus a sample, votes of two coders and an adjudicator, and a study."""
    run(db, "sample", "--n", 3, "--per", "text", "--by", "page_type", "--name", "pilot")
    code(db, ("/claims/", "E1_rate", "yes", ONE), ("/claims/", "_read", "main text"), ("/", "S4_price", "no"))
    code(db, ("/fees/", "S4_price", "yes"), coders=("ann",))
    code(db, ("/fees/", "S4_price", "no"), coders=("bo",))
    code(db, ("/fees/", "S4_price", "yes"), coders=("oak",), role="adjudicator")
    run(db, "study", "create", "cedar", "--sample", "pilot", "--without", "blog", "--note", "a first look")
    return db


def test_a_study_is_shown_and_listed(coded):
    """Frame, sample, rounds and team, and who voted is the team."""
    shown = run(coded, "study", "show", "cedar")
    for part in ("revision 1", "page types without blog", "pilot", "ann, bo, oak (adjudicator)", "a first look"):
        assert part in shown
    assert run(coded, "study", "list").startswith("cedar ")


def test_the_methods_have_their_numbers(coded):
    """Every number of the paragraph is one that the corpus and the votes have."""
    text = run(coded, "study", "methods", "cedar")
    for part in (
        "has 1 site of 1 advertiser.",
        "are 3 with 3 different texts.",
        "A random sample of 3 of 3 units was drawn, stratified by page_type (1 strata) with proportional allocation",
        "(seed 1); each drawn unit has the weight of its stratum's size over its draws, 1.00.",
        "2 coders and 1 adjudicator coded 3 of these texts by 25 codes; 3 texts (100%) were coded by two or more",
        "and 1 were read whole",
        "agreement from 0.50 (S4_price) to 1.00 (E1_rate)",
        "Of the 1 sentence that coders accepted in 1 text read whole, cues had proposed 1",
        "2 cells yes or with a value, 10 no",
        "version 2026-12",
        "Software: clinicwatch ",
    ):
        assert part.replace("25 codes", f"{len(codes())} codes") in text, text


def codes():
    """Give the codes of the codebook."""
    from tests.crawler.commands.test_rollup_command import BOOK

    return BOOK.codes


def test_the_table_of_a_study_is_made_by_its_name(coded):
    """Its frame and its round; another frame beside it is refused."""
    folder = coded.parent / "table"
    assert "frame: page types without blog" in run(coded, "rollup", folder, "--study", "cedar")
    assert "are of round 1" in run(coded, "rollup", folder, "--study", "cedar", "--round", "2", code=2)
    assert "the study has its frame" in run(coded, "rollup", folder, "--study", "cedar", "--on", "2026-03-01", code=2)


def test_an_export_has_the_table_of_a_study(coded):
    """Studies always, cells and evidence of the study that is named; an independent program accepts the package."""
    with sqlite3.connect(coded) as corpus:  # by hand, with codes of a codebook that this corpus was not scanned with
        corpus.execute("DELETE FROM claims")
    rows = {}
    for name, options in (("plain", ()), ("named", ("--study", "cedar"))):
        run(coded, "export", coded.parent / name, *options)
        for table in ("studies", "cells", "evidence"):
            with (coded.parent / name / f"{table}.csv").open(newline="", encoding="utf-8") as file:
                rows[name, table] = list(csv.DictReader(file))
    assert [row["study"] for row in rows["plain", "studies"]] == ["cedar"]
    assert (rows["plain", "cells"], rows["plain", "evidence"]) == ([], [])
    assert len(rows["named", "cells"]) == len(codes())
    assert {(row["code"], row["says"]) for row in rows["named", "evidence"]} >= {("E1_rate", "yes"), ("S4_price", "no")}
    with system.use_context(trusted=True):
        report = Package(str(coded.parent / "named" / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "note", "rowNumber", "fieldName"])[:5]


def test_a_study_estimates_its_frame(coded):
    """All three texts were drawn: two have an answer for the price, one each way, and the interval is of all three."""
    folder = coded.parent / "table"
    run(coded, "rollup", folder, "--study", "cedar")
    with (folder / "estimates.csv").open(newline="", encoding="utf-8") as file:
        rows = {(row["code"], row["value"]): row for row in csv.DictReader(file)}
    price = rows["S4_price", "yes"]
    assert [price[name] for name in ("drawn", "answered", "saying", "frame", "covered")] == ["3", "2", "1", "3", "3"]
    assert (float(price["estimate"]), float(price["low"]), float(price["high"])) == (1.5, 0.0, 3.0)
    rate = rows["E1_rate", "yes"]  # one text has an answer and stands for all three, with little certainty
    assert (float(rate["estimate"]), float(rate["low"]), float(rate["high"])) == (3, 0.62, 3)


def test_a_study_is_only_added_to(coded):
    """Said anew under its name, the earlier row stays; SQL changes nothing."""
    assert "say it anew with --revise" in run(coded, "study", "create", "cedar", code=2)
    assert "revision 2" in run(coded, "study", "create", "cedar", "--revise", "--on", "2026-03-01")
    assert "reference date  2026-03-01" in run(coded, "study", "show", "cedar")
    with voting(coded) as review:
        assert review.execute("SELECT count(*) FROM studies").fetchone()[0] == 2
        for statement in ("DELETE FROM studies", "UPDATE studies SET note = ''"):
            with pytest.raises(sqlite3.IntegrityError, match="not changed"):
                review.execute(statement)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("create", "a/b"), "a study's name has"),
        (("create", "new", "--sample", "none"), "no sample is named none"),
        (("create", "new", "--round", "7"), "no vote was cast in it"),
        (("create", "new", "--state", "XX"), "--state XX: the corpus has none"),
        (("create", "new", "--coder", "ann:boss"), "write a pseudonym, or NAME:adjudicator"),
        (("create", "new", "--revise"), "there is no study of this name to revise"),
        (("show", "none"), "no study is named none; there are: cedar"),
        (("methods", "none"), "no study is named none"),
    ],
)
def test_a_study_that_cannot_be_is_one_clear_line(coded, arguments, says):
    """What, where, what to do; nothing is stored."""
    told = run(coded, "study", *arguments, code=2)
    assert says in told
    assert told.count("\n") == 1
    assert run(coded, "study", "list").count("\n") == 1
