"""Two readers code sheets away from the desk; their agreement and the table of advertisers come out by commands."""

from __future__ import annotations

import csv
import json

import pytest
from click.testing import CliRunner
from frictionless import Package, system

from crawler.commands.cli import main
from db.coding.votes_file import voting
from tests.support.made_corpus import ABOUT, corpus_of

PAGES = {f"/{name}/": f"{ABOUT}\nThis page is on {name} alone." for name in ("pain", "mood", "sleep", "price", "team")}
ANN = {"/pain/": ("yes", "iv"), "/mood/": ("no", "iv|im"), "/sleep/": ("no", "none"), "/price/": ("yes", "iv")}
BO = ANN | {"/price/": ("no", "iv")}


@pytest.fixture
def db(tmp_path):
    """Make a corpus of five texts."""
    with corpus_of(tmp_path / "corpus.db", PAGES):
        return tmp_path / "corpus.db"


def run(*arguments, db, code=0):
    """Run a command on the corpus and give what it printed."""
    done = called(*arguments, db=db)
    assert done.exit_code == code, done.output
    return done.stdout if code == 0 else done.stderr


def called(*arguments, db):
    """Run a command in this process, which takes no second to start."""
    return CliRunner().invoke(main, [*map(str, arguments), "--db", str(db)])


def filled(db, name, values):
    """Export a sheet, fill it in as a reader would, and give its path."""
    path = db.parent / f"{name}.csv"
    run("export", "--for-review", path, db=db)
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        for where, (price, route) in values.items():
            if row["url"].endswith(where):
                row |= {"S4_price": price, "S1_route": route}
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture(scope="module")
def coded(tmp_path_factory):
    """Make a corpus that two readers coded; no test here adds to it."""
    db = tmp_path_factory.mktemp("coded") / "corpus.db"
    with corpus_of(db, PAGES):
        pass
    for name, values in (("ann", ANN), ("bo", BO)):
        run("import-labels", filled(db, name, values), "--reviewer", name, db=db)
    return db


def votes(db):
    """Count the votes."""
    with voting(db) as review:
        return review.execute("SELECT count(*) FROM votes").fetchone()[0]


def test_a_sheet_has_the_texts_beside_it(db):
    """A reader has all that is to be read, and no vote of anybody."""
    path = filled(db, "ann", ANN)
    with path.with_suffix(".texts.csv").open(newline="", encoding="utf-8") as file:
        texts = {row["text_sha256"]: row["text"] for row in csv.DictReader(file)}
    assert len(texts) == len(PAGES)
    assert all("alone." in text for text in texts.values())


def test_a_sheet_follows_a_sample(db):
    """The queue's order is the sheet's."""
    run("sample", "--n", 3, "--name", "pilot", db=db)
    run("export", "--for-review", db.parent / "s.csv", "--sample", "pilot", db=db)
    assert (db.parent / "s.csv").read_text(encoding="utf-8").count("http://") == 3


def test_labels_are_votes(coded):
    """Four texts with two codes each, by two readers."""
    assert votes(coded) == 16


def test_the_same_sheet_twice_is_one(coded):
    """A sheet that is sent again adds nothing."""
    result = run("import-labels", coded.parent / "ann.csv", "--reviewer", "ann", db=coded)
    assert "nothing was added" in result
    assert votes(coded) == 16


def test_a_sheet_with_a_bad_line_imports_nothing(db):
    """All lines that are wrong are named, none that is right is stored."""
    path = filled(db, "ann", ANN | {"/mood/": ("perhaps", "by post")})
    result = run("import-labels", path, "--reviewer", "ann", db=db, code=1)
    assert "2 problems, nothing was imported" in result
    assert "S4_price cannot be 'perhaps'" in result
    assert votes(db) == 0


def test_a_text_that_changed_is_refused(db):
    """A label is of the text that was read."""
    path = filled(db, "ann", ANN)
    stale = path.read_text(encoding="utf-8").splitlines()
    coded = next(line for line in range(1, len(stale)) if ",yes," in stale[line])
    stale[coded] = "0" * 64 + stale[coded][64:]
    path.write_text("\n".join(stale) + "\n", encoding="utf-8")
    result = run("import-labels", path, "--reviewer", "ann", db=db, code=1)
    assert f"line {coded + 1}: the text of" in result
    assert votes(db) == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("import-labels", "none.csv", "--reviewer", "ann"), "cannot be read"),
        (("import-labels", __file__, "--reviewer", "ann b"), "a pseudonym has"),
        (("import-labels", __file__, "--reviewer", "ann"), "no column text_sha256"),
        (("agreement",), "no vote was cast"),
        (("rollup", "table"), "no vote was cast"),
        (("export",), "name a FOLDER"),
        (("export", "--for-review", "s.csv", "--sample", "pilot"), "no sample is named pilot"),
        (("agreement", "--codebook", "none.toml"), "the codebook cannot be read"),
    ],
)
def test_a_mistake_is_told_in_words(db, arguments, says):
    """What, where, what to do; never a traceback."""
    done = called(*arguments, db=db)
    assert done.exit_code in {1, 2}
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_agreement_is_code_by_code(coded):
    """They differ on one price of four, and on no route."""
    price, route = sorted(json.loads(run("agreement", "--json", db=coded)), key=lambda row: row["code"], reverse=True)
    assert (price["code"], price["units"], price["percent_agreement"]) == ("S4_price", 4, 0.75)
    assert price["cohen_kappa"] == pytest.approx(0.5)
    assert (route["code"], route["krippendorff_alpha"]) == ("S1_route", 1.0)


def test_agreement_is_printed_for_people(coded):
    """Each coefficient has its interval."""
    result = run("agreement", db=coded)
    assert "S4_price" in result
    assert "0.500 [" in result


def test_the_table_of_advertisers(coded):
    """One yes is enough for the advertiser; what they differ on waits for an adjudicator."""
    folder = coded.parent / "table"
    result = run("rollup", folder, db=coded)
    (row,) = csv.DictReader((folder / "advertisers.csv").open(newline="", encoding="utf-8"))
    assert (row["S4_price"], row["S1_route"]) == ("yes", "im|iv")
    assert {code for code, value in row.items() if value} == {"advertiser", "S4_price", "S1_route"}
    assert "differ, not decided yet" in result
    flow = {one["box"].strip(): int(one["count"]) for one in csv.DictReader((folder / "flow.csv").open(newline=""))}
    parts = [count for box, count in flow.items() if box.startswith(("coded by", "differences"))]
    assert sum(parts) == flow["coded in this round"] == 4


def test_the_table_rests_on_pages(coded):
    """Each text that was answered for has a row that names its page."""
    folder = coded.parent / "evidence"
    run("rollup", folder, db=coded)
    with (folder / "evidence.csv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["code"] == "S4_price"]
    assert sorted((row["url"].rsplit("/", 2)[1], row["says"]) for row in rows) == [
        ("mood", "no"),
        ("pain", "yes"),
        ("price", "coders differ"),
        ("sleep", "no"),
    ]


def test_one_reader_alone_is_taken_only_when_asked(db):
    """What nobody else has coded is not settled, unless nobody else is to code."""
    run("import-labels", filled(db, "ann", ANN), "--reviewer", "ann", db=db)
    run("rollup", db.parent / "none", db=db)
    run("rollup", db.parent / "one", "--single", db=db)
    found = {}
    for name in ("none", "one"):
        with (db.parent / name / "advertisers.csv").open(newline="", encoding="utf-8") as file:
            (found[name],) = csv.DictReader(file)
    assert (found["none"]["S4_price"], found["one"]["S4_price"]) == ("", "yes")


def exported(db, folder, *options):
    """Export and give the rows of the files that people's decisions are in."""
    run("export", folder, *options, db=db)
    names = ("codings", "agreement", "samples", "sample_units")
    return {name: list(csv.DictReader((folder / f"{name}.csv").open(newline="", encoding="utf-8"))) for name in names}


def test_votes_and_agreement_are_in_the_export(coded):
    """A paper's supplement has each vote and the agreement, in a package that an independent program accepts."""
    folder = coded.parent / "out"
    rows = exported(coded, folder)
    assert len(rows["codings"]) == 16
    assert {row["code"] for row in rows["agreement"]} == {"S4_price", "S1_route"}
    with system.use_context(trusted=True):
        report = Package(str(folder / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "note", "rowNumber", "fieldName"])[:5]


def test_an_export_tells_no_vote_before_both_have_voted(db):
    """The second reader may export; what the first has said stays in the file of votes."""
    run("import-labels", filled(db, "ann", ANN), "--reviewer", "ann", db=db)
    blind = exported(db, db.parent / "blind")
    assert (blind["codings"], blind["agreement"]) == ([], [])
    assert len(exported(db, db.parent / "single", "--single")["codings"]) == 8


def test_samples_are_in_the_export(db):
    """Frame, seed and weights travel with the data."""
    run("sample", "--n", 3, "--by", "page_type", "--name", "pilot", db=db)
    rows = exported(db, db.parent / "out")
    assert (rows["samples"][0]["sample"], rows["samples"][0]["drawn"]) == ("pilot", "3")
    assert [row["place"] for row in rows["sample_units"]] == ["1", "2", "3"]
