"""``clinicwatch events``: entered by hand or out of a file, listed, retracted; what is wrong is one line."""

from __future__ import annotations

import csv
import json
import sqlite3
from contextlib import closing

import pytest

from db.coding.triage import Mark, store_mark
from db.coding.votes_file import attach_corpus, open_review
from tests.support.command import clinicwatch
from tests.support.made_corpus import ABOUT, HOST, corpus_of

LETTER = ("--date", "2026-03-05", "--kind", "warning letter", "--title", "Letter 7")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Make a corpus once; each test has its own events."""
    path = tmp_path_factory.mktemp("events") / "c.db"
    with corpus_of(path, {"/": ABOUT}):
        pass
    return path


@pytest.fixture
def corpus(made):
    """Give the corpus without a file of votes."""
    for path in made.parent.glob("c.review.db*"):
        path.unlink()
    return made


def events(corpus, *arguments: object):
    """Run the command."""
    return clinicwatch("events", *arguments, "--db", corpus)


def test_an_event_is_entered_listed_and_retracted(corpus):
    """By the domain, a host or an address of the advertiser; what was retracted is listed only when wanted, and why."""
    entered = events(corpus, "add", *LETTER, "--advertiser", f"https://www.{HOST}/x", "--url", "https://a.example/1")
    assert entered.stdout == "entered event 1\n", entered.stderr
    assert (
        "nothing new: 1 was there already"
        in events(corpus, "add", *LETTER, "--advertiser", HOST, "--url", "https://a.example/1").stdout
    )
    assert events(corpus, "add", "--date", "2026-01-01", "--kind", "rule", "--title", "Rule").returncode == 0
    (first, second) = json.loads(events(corpus, "list", "--json").stdout)
    assert (first["advertiser"], first["kind"], first["day"]) == (HOST, "warning letter", "2026-03-05")
    assert (second["advertiser"], second["title"]) == ("", "Rule")
    assert events(corpus, "retract", 1, "--reason", "wrong clinic").stdout == "event 1 is retracted\n"
    assert "Letter 7" not in events(corpus, "list").stdout
    assert "wrong clinic" in events(corpus, "list", "--all").stdout
    assert events(corpus, "add", *LETTER, "--advertiser", HOST).stdout == "entered event 3\n"
    with closing(sqlite3.connect(corpus.with_suffix(".review.db"))) as db:
        for statement in ("UPDATE events SET title = ''", "DELETE FROM events", "DELETE FROM event_retractions"):
            with pytest.raises(sqlite3.IntegrityError):
                db.execute(statement)


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [
        (("add", *LETTER, "--advertiser", "nobody.example"), "'nobody.example' is no advertiser of this corpus"),
        (("add", "--date", "2026-02-30", *LETTER[2:]), "'2026-02-30' is no date"),
        (("add", "--date", "3/5/2026", *LETTER[2:]), "write YYYY-MM-DD"),
        (("add", "--date", "2999-01-01", *LETTER[2:]), "in the future"),
        (("add", *LETTER[:4], "--title", "  "), "needs a title"),
        (("add", *LETTER, "--url", "javascript:alert(1)"), "no web address"),
        (("retract", 9), "there is no event 9"),
        (("import", "missing.csv"), "missing.csv: cannot be read"),
    ],
)
def test_what_is_wrong_is_one_line(corpus, arguments, wrong):
    """Exit code 2, one line on stderr, nothing stored."""
    done = events(corpus, *arguments)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert wrong in done.stderr
    assert events(corpus, "list").stdout == "no events\n"


def test_a_missing_corpus_is_one_line(tmp_path):
    """No file is made beside a corpus that is not there."""
    for arguments in (("list",), ("retract", 1), ("add", *LETTER)):
        done = events(tmp_path / "none.db", *arguments)
        assert done.returncode != 0
        assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_taken_in_whole_and_once(corpus, tmp_path):
    """The same file twice adds nothing; a cell with a line break is one cell; columns may be in any order."""
    file = tmp_path / "events.csv"
    rule = '"A ""rule""",2026-01-02,rule,,"two\nlines"'
    file.write_text(f"\ufefftitle,date,kind,advertiser,note\n{rule}\nB,2026-01-03,other,{HOST},\n")
    assert events(corpus, "import", file).stdout == "entered events 1, 2\n"
    assert events(corpus, "import", file).stdout == "nothing new: 2 were there already\n"
    assert [one["title"] for one in json.loads(events(corpus, "list", "--json").stdout)] == ["B", 'A "rule"']


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "line 1: column 'date' is missing"),
        ("date,kind\n", "line 1: column 'title' is missing"),
        ("date,kind,title,colour\n", "line 1: there is no column 'colour'"),
        ("date,kind,title\n", "line 1: there is no event in the file"),
        ("date,kind,title\n2026-01-01,rule,Good\n2026-01-99,rule,Bad\n", "line 3: '2026-01-99' is no date"),
        ("date,kind,title\n2026-01-01,verdict,Bad\n", "line 2: 'verdict' is no kind of event"),
        ("date,kind,title\n2026-01-01,rule,Bad,more\n", "line 2: more cells than columns"),
        ("date,kind,title,advertiser\n2026-01-01,rule,Bad,x.example\n", "line 2: 'x.example' is no advertiser"),
    ],
)
def test_a_file_with_a_mistake_is_refused_whole(corpus, tmp_path, text, wrong):
    """One line with the file and the line of the mistake, and nothing of it is stored."""
    file = tmp_path / "events.csv"
    file.write_text(text)
    done = events(corpus, "import", file)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert f"{file}: {wrong}" in done.stderr
    assert "nothing was stored" in done.stderr
    assert events(corpus, "list").stdout == "no events\n"


def test_notes_leave_the_desk_only_when_wanted(corpus, tmp_path):
    """An export has events of others without notes; `--internal` adds enquiries, notes and marks of triage."""
    events(corpus, "add", *LETTER, "--note", "hush")
    events(corpus, "add", "--date", "2026-01-02", "--kind", "our enquiry", "--title", "We asked")
    with closing(open_review(corpus)) as db, closing(sqlite3.connect(corpus)) as facts:
        facts.execute(
            "INSERT INTO page_changes (page, crawl, kind, edit, at) VALUES (1, 1, 'new', ?, '2026')", ("e" * 16,)
        )
        facts.commit()
        attach_corpus(db, corpus)
        store_mark(db, Mark("2026-03-01T00:00:00+00:00", "anna", "e" * 16, "dismissed", "", "hush"), "anna 12345678")
    rows = {}
    for folder, option in (("plain", ()), ("internal", ("--internal",))):
        done = clinicwatch("export", tmp_path / folder, *option, "--db", corpus)
        assert done.returncode == 0, done.stderr
        for table in ("triage", "events"):
            with (tmp_path / folder / f"{table}.csv").open(newline="") as file:
                rows[folder, table] = list(csv.DictReader(file))
        assert option or "hush" not in "".join(path.read_text() for path in (tmp_path / folder).glob("*.csv"))
    assert rows["plain", "triage"] == []
    assert [row["title"] for row in rows["plain", "events"]] == ["Letter 7"]
    assert [(row["status"], row["assignee"], row["note"]) for row in rows["internal", "triage"]] == [
        ("dismissed", "-", "hush")
    ]
    assert [row["note"] for row in rows["internal", "events"]] == ["hush", ""]
