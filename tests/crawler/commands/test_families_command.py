"""`clinicwatch families` and the files of an export: who shares which text, and why we say so."""

from __future__ import annotations

import csv
import json

import pytest

from db.export.export import export
from pipelines.model.records import FamilyKind
from tests.support.command import clinicwatch
from tests.support.made_corpus import ABOUT, NOW, corpus_of

TOWNS = ("Reno", "Elko", "Fallon")
TEXTS = {f"/ketamine-{town.lower()}/": f"Ketamine in {town}\n{ABOUT}\nCome to {town} and ask." for town in TOWNS}
TEXTS["/alone/"] = "Prices of ketamine\n" + " ".join(
    f"a nurse of the clinic gives ketamine {n} times" for n in range(9)
)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Make a corpus with one doorway family and a page of its own."""
    path = tmp_path_factory.mktemp("families") / "c.db"
    with corpus_of(path, TEXTS):
        pass
    return path


def rows_of(folder, name: str) -> list[dict[str, str]]:
    """Read one file of an export."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_families_are_listed_with_their_reason(corpus):
    """A person reads the kind, the numbers and the reason."""
    result = clinicwatch("families", "--db", corpus).stdout
    assert "doorway" in result
    assert "one text for 3 places: Elko, Fallon, Reno" in result.replace("Reno, Elko, Fallon", "Elko, Fallon, Reno")


def test_families_as_json(corpus):
    """A program reads every family with all reasons; a kind leaves the others out."""
    (one,) = json.loads(clinicwatch("families", "--db", corpus, "--json").stdout)
    assert (one["kind"], one["size"], one["advertisers"]) == (FamilyKind.DOORWAY, 3, 1)
    assert json.loads(clinicwatch("families", "--db", corpus, "--json", "--kind", "exact").stdout) == []


def test_no_corpus_is_one_line(tmp_path):
    """A path without a corpus is said in one line."""
    done = clinicwatch("families", "--db", tmp_path / "none.db")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)


def test_a_count_of_representatives_is_no_count_of_copies(corpus, tmp_path):
    """Of four documents with two texts, two stand for a text; each names its family, its size and its advertisers."""
    folder = export(corpus, tmp_path / "out", now=NOW).folder
    documents = rows_of(folder, "documents")
    assert sorted(row["representative"] for row in documents) == ["0", "0", "1", "1"]
    result = {(row["family"] != "", row["family_size"], row["family_advertisers"]) for row in documents}
    assert result == {(True, "3", "1"), (False, "1", "1")}


def test_files_of_families(corpus, tmp_path):
    """Each family has its template and reasons, each member the words in which it differs."""
    folder = export(corpus, tmp_path / "out", now=NOW).folder
    (family,) = rows_of(folder, "families")
    assert json.loads(family["reasons"])[0]["kind"] == "doorway"
    assert [slot["name"] for slot in json.loads(family["template"])["slots"]] == ["city"]
    words = [json.loads(row["words"]) for row in rows_of(folder, "family_members")]
    assert sorted(one["city"] for one in words) == sorted(TOWNS)
