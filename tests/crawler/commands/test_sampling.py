"""A sample of a corpus is drawn by one command, frozen, and can be drawn again."""

from __future__ import annotations

import sqlite3

import pytest

from db.coding.samples import find_sample, sample_units
from db.coding.votes_file import voting
from pipelines.model.errors import UsageError
from tests.support.command import clinicwatch
from tests.support.made_corpus import ABOUT, corpus_of

TEXTS = {f"/{name}/": f"{ABOUT}\nThis page is on {name} alone." for name in ("pain", "mood", "sleep", "price", "team")}
SAME = {"/copy/": TEXTS["/pain/"]}


@pytest.fixture
def db(tmp_path):
    """Make a corpus of five texts on six pages."""
    with corpus_of(tmp_path / "corpus.db", TEXTS | SAME):
        return tmp_path / "corpus.db"


def units(db, name):
    """Read a sample back."""
    with voting(db) as review:
        return sample_units(review, find_sample(review, name).id)


def test_a_text_on_two_pages_is_in_the_frame_once(db):
    """Copies do not fill a sample."""
    done = clinicwatch("sample", "--n", 50, "--name", "all", "--db", db)
    assert done.returncode == 0, done.stderr
    assert len(units(db, "all")) == len(TEXTS)


def test_a_family_is_in_the_frame_once(tmp_path):
    """Six city pages of one template are one unit that stands for six, unless every text is asked for."""
    body = " ".join(f"Sentence {number} on ketamine care, the nurse and the dose." for number in range(40))
    cities = ["Dayton", "Toledo", "Akron", "Canton", "Lima", "Mansfield"]
    with corpus_of(
        tmp_path / "c.db", {"/": ABOUT} | {f"/{city.lower()}/": f"Ketamine in {city}\n{body}" for city in cities}
    ):
        pass
    for per in ("family", "text"):
        clinicwatch("sample", "--n", 50, "--name", per, "--per", per, "--db", tmp_path / "c.db")
    assert [sorted(one.pages for one in units(tmp_path / "c.db", per)) for per in ("family", "text")] == [
        [1, 6],
        [1] * 7,
    ]


def test_the_command_prints_strata_and_weights(db):
    """A methods section needs frame, sizes, weights, seed and the hash of the frame."""
    done = clinicwatch("sample", "--n", 2, "--by", "page_type,state", "--seed", 7, "--db", db)
    assert "page_type / state" in done.stdout
    assert "seed 7, frame " in done.stdout


def test_the_same_seed_draws_the_same_units(db):
    """The second name holds what the first holds."""
    for name in ("one", "two"):
        clinicwatch("sample", "--n", 3, "--seed", 5, "--name", name, "--db", db)
    assert units(db, "one") == units(db, "two")


def test_a_frozen_sample_is_not_changed(db):
    """Neither by the command nor by SQL."""
    clinicwatch("sample", "--n", 3, "--name", "pilot", "--db", db)
    again = clinicwatch("sample", "--n", 4, "--name", "pilot", "--db", db)
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    with voting(db) as review, pytest.raises(sqlite3.IntegrityError, match="draw another"):
        review.execute("DELETE FROM sample_units")


@pytest.mark.parametrize(
    ("options", "says"),
    [(("--by", "shoe_size"), "a frame is divided by"), (("--page-type", "policy"), "nothing to draw from")],
)
def test_a_frame_that_cannot_be_is_one_clear_line(db, options, says):
    """An unknown column and an empty frame are told, and no sample is left behind."""
    done = clinicwatch("sample", "--n", 3, "--db", db, *options)
    assert done.returncode in {1, 2}
    assert says in done.stderr
    assert done.stderr.count("\n") == 1


TYPES = dict.fromkeys(["/pain/", "/copy/", "/price/", "/team/"], "service") | {"/mood/": "faq", "/sleep/": "blog"}


@pytest.fixture
def typed(db):
    """Give the five texts three kinds of page: three strata of three, one and one."""
    with sqlite3.connect(db) as corpus:
        for path, kind in TYPES.items():
            corpus.execute("UPDATE documents SET page_type = ? WHERE url LIKE '%' || ?", (kind, path))
    return db


def test_fewer_draws_than_strata_are_refused(typed):
    """What could not be weighted for is said, with what to do; no sample is left behind."""
    done = clinicwatch("sample", "--n", 2, "--by", "page_type", "--name", "few", "--db", typed)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "1 of 3 strata have no draw: 1 of 5 units of the frame (20%)" in done.stderr
    assert "draw 3 or more" in done.stderr
    with voting(typed) as review, pytest.raises(UsageError):
        find_sample(review, "few")


def test_fewer_draws_than_strata_are_drawn_with_a_warning_where_that_is_accepted(typed):
    """The share of the frame without a draw is printed."""
    done = clinicwatch("sample", "--n", 2, "--by", "page_type", "--name", "few", "--undrawn", "--db", typed)
    assert done.returncode == 0
    assert "1 of 3 strata have no draw" in done.stderr
    assert len(units(typed, "few")) == 2


@pytest.mark.parametrize(
    ("options", "stored", "weights"),
    [
        ((), "proportional", [1, 1, 1.5, 1.5]),
        (("--allocation", "equal"), "equal", [1, 1, 1.5, 1.5]),
        (("--min", 1), "at least 1 a stratum", [1, 1, 1.5, 1.5]),
        (("--min", 2), "at least 2 a stratum", [1, 1, 1.5, 1.5]),
    ],
)
def test_a_sample_stores_its_allocation(typed, options, stored, weights):
    """A methods section names it, and weights follow from it."""
    done = clinicwatch("sample", "--n", 4, "--by", "page_type", "--name", "one", *options, "--db", typed)
    assert f"allocation {stored}" in done.stdout
    with voting(typed) as review:
        assert find_sample(review, "one").allocation == stored
    assert sorted(one.weight for one in units(typed, "one")) == weights


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--allocation", "minimum"), "with --min"),
        (("--allocation", "equal", "--min", 2), "leave out --allocation equal"),
        (("--min", 3, "--n", 4), "too few for at least 3 a stratum; draw 5 or more"),
    ],
)
def test_an_allocation_that_cannot_be_is_one_clear_line(typed, options, says):
    """Options that contradict each other, and a minimum that does not fit."""
    done = clinicwatch("sample", "--n", 4, "--by", "page_type", "--db", typed, *options)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert says in done.stderr
