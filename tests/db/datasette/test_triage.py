"""Triage of changes over Datasette's test client: who sees and sets marks, and what holds of them."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from contextlib import closing

import pytest

from db.coding.votes_file import open_review
from db.corpus.connection import open_corpus
from db.passes.registry import run_passes
from tests.db.datasette.test_changes import words_of
from tests.support.browser import RULES
from tests.support.changed import changed
from tests.support.desk import TEAM, Reader, Server

LIST = "/-/changes?since=all"


class Person(Reader):
    """Somebody who triages, or a stranger without a name."""

    def fields(self, form: str, edit: str = "") -> dict[str, str]:
        """Read the hidden fields of a form of the screen, of one change where it is named."""
        for found in re.findall(rf'<form method="post" action="/-/changes/{form}".*?</form>', self.page, re.DOTALL):
            fields = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', found))
            if fields.get("change", "") == edit:
                return fields
        raise AssertionError(f"no form {form} {edit} on the screen")

    def mark(self, edit: str, **fields: str):
        """Mark a change of the list as it is on the screen."""
        answer = self.post("/-/changes/mark", self.fields("mark", edit) | fields)
        self.get(LIST)
        return answer

    def undo(self, edit: str = ""):
        """Take the last mark back, of one change where it is named."""
        answer = self.post("/-/changes/undo", self.fields("undo", edit))
        self.get(LIST)
        return answer

    def of(self, edit: str) -> str:
        """Give what the screen says of the marks on a change."""
        found = re.search(rf'data-triage="{edit}">\s*<p class="triage-now">(.*?)</p>', self.page, re.DOTALL)
        assert found
        return words_of(found[1])


class Team:
    """A corpus that changed, and two people at their lists of changes."""

    def __init__(self, path) -> None:
        changed(path)
        self.path = path
        self.server = Server(path, TEAM)
        self.anna, self.ben, self.stranger = (Person(self.server, name) for name in ("anna", "ben", ""))
        for one in (self.anna, self.ben, self.stranger):
            one.get(LIST)
        with closing(sqlite3.connect(path)) as db:
            sql = "SELECT edit FROM changes JOIN pages ON pages.id = page WHERE url LIKE '%/prices'"
            (self.prices,) = db.execute(sql).fetchone()
            self.edits = [edit for (edit,) in db.execute("SELECT edit FROM changes ORDER BY id")]


@pytest.fixture
def team(tmp_path) -> Team:
    """Make the corpus and its people."""
    return Team(tmp_path / "other.db")


def listed(person: Person, query: str) -> set[str]:
    """Name the changes that a filter lets through."""
    return set(re.findall(r'data-change="(\w+)"', person.get(f"{LIST}&{query}").text))


def test_a_mark_is_shared_and_its_persons(team):
    """The last decision stands for all, with who and when; what one has seen takes back no decision of another."""
    assert team.anna.mark(team.prices, status="relevant").status_code == 200
    team.ben.get(LIST)
    assert re.fullmatch(r"relevant by anna , .* UTC", team.ben.of(team.prices))
    team.ben.mark(team.prices, status="seen")
    assert team.ben.of(team.prices).startswith("relevant by anna")
    assert team.ben.of(team.prices).endswith("yours: seen")
    team.ben.mark(team.prices, status="dismissed", note="Checked <b>twice</b>", assignee="anna")
    team.anna.get(LIST)
    assert team.anna.of(team.prices).startswith("dismissed by ben")
    assert "assigned to anna" in team.anna.of(team.prices)
    assert "relevant by anna" in team.anna.of(team.prices), "that they differ is shown"
    assert "Checked &lt;b&gt;twice&lt;/b&gt;" in team.anna.page
    card = team.anna.get(f"/-/changes/{team.prices}").text
    assert "Checked &lt;b&gt;twice" in card
    assert "dismissed" in team.anna.of(team.prices)


def test_undo_takes_back_step_by_step(team):
    """The last mark first, on any change or on one; what another person marked stays; nothing is removed."""
    team.ben.mark(team.prices, status="relevant")
    team.anna.mark(team.prices, status="dismissed")
    team.anna.mark(team.edits[-1], status="follow up")
    team.anna.undo(team.prices)
    assert team.anna.of(team.prices).startswith("relevant by ben")
    assert team.anna.of(team.edits[-1]).startswith("follow up by anna")
    team.anna.undo()
    assert team.anna.of(team.edits[-1]) == "Not triaged yet"
    assert team.anna.undo().status_code == 400
    with closing(sqlite3.connect(team.path.with_suffix(".review.db"))) as db:
        assert db.execute("SELECT count(*), count(undoes) FROM triage_marks").fetchone() == (5, 2)
        for statement in ("UPDATE triage_marks SET note = ''", "DELETE FROM triage_marks"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                db.execute(statement)


def test_filters(team):
    """By status, assignee, mine and untriaged, each with the others; they are strangers' to ask, and change nothing."""
    first, second, *rest = team.edits
    team.anna.mark(first, status="relevant", assignee="ben")
    team.anna.mark(second, status="seen")
    team.ben.mark(first, status="follow up")
    team.ben.get(LIST)
    assert listed(team.anna, "status=follow+up") == {first}
    assert listed(team.anna, "status=relevant") == set(), "ben has decided otherwise since"
    assert listed(team.anna, "status=seen") == {second}
    assert listed(team.anna, "status=untriaged") == set(rest)
    assert listed(team.anna, "assignee=ben") == listed(team.anna, "assignee=ben&mine=mine") == {first}
    assert listed(team.anna, "assignee=-") == {second, *rest}
    assert listed(team.ben, "mine=mine") == {first}
    assert listed(team.ben, "mine=unmarked") == {second, *rest}
    assert listed(team.ben, "status=nonsense") == set(team.edits)
    titles = re.findall(r"<h2><a", team.stranger.get(f"{LIST}&status=relevant&assignee=ben").text)
    assert len(titles) == len(team.edits)


def test_strangers_see_no_mark_and_set_none(team):
    """Neither list, card, file nor feed tells a stranger of a mark or a name; no form writes for one."""
    team.anna.mark(team.prices, status="dismissed", note="internal words", assignee="ben")
    fields = team.anna.fields("mark", team.prices)
    for path in (LIST, f"/-/changes/{team.prices}", "/-/changes.csv?since=all&triage=yes",
                 "/-/changes.json?since=all&triage=yes", "/-/changes.atom?since=all"):  # fmt: skip
        answer = team.stranger.get(path)
        assert answer.status_code == 200, path
        assert not re.search(r"anna|dismissed|internal words|triage-now", answer.text), path
    assert team.stranger.post("/-/changes/mark", fields | {"status": "seen"}).status_code == 403
    assert team.stranger.post("/-/changes/undo", fields).status_code == 403
    assert team.ben.post("/-/changes/mark", fields | {"status": "seen"}).status_code == 403, "anna's form"
    assert team.anna.get("/-/changes/mark").status_code == 405
    assert team.anna.post("/-/changes/mark", fields, sec_fetch_site="cross-site").status_code == 403


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"status": "guilty"}, "is no status"),
        ({}, "needs a status"),
        ({"note": "x" * 2001}, "up to 2000 characters"),
        ({"status": "seen", "assignee": "nobody-we-know"}, "is nobody of this desk"),
        ({"status": "seen", "change": "0" * 16}, "no such change"),
    ],
)
def test_what_makes_no_sense_is_not_stored(team, fields, wrong):
    """One line says what is wrong."""
    answer = team.anna.post("/-/changes/mark", team.anna.fields("mark", team.prices) | fields)
    assert answer.status_code == 400
    assert wrong in answer.text
    team.anna.get(LIST)
    assert team.anna.of(team.prices) == "Not triaged yet"


def test_a_request_that_is_sent_again_is_one_mark(team):
    """The same form with the same content twice is one row; without a script it leads back to the page it stood on."""
    fields = team.anna.fields("mark", team.prices) | {"status": "relevant"}
    back = [team.anna.post("/-/changes/mark", fields, script=False) for _ in range(2)]
    assert [answer.headers["location"] for answer in back] == [LIST, LIST]
    away = team.anna.post("/-/changes/mark", fields | {"back": "//other.example/"}, script=False)
    assert away.headers["location"] == "/-/changes"
    with closing(sqlite3.connect(team.path.with_suffix(".review.db"))) as db:
        assert db.execute("SELECT count(*) FROM triage_marks").fetchone() == (1,)


def test_marks_survive_that_changes_are_worked_out_anew(team):
    """The rows are made again with other numbers: the same name, the same marks, the same address."""
    team.anna.mark(team.prices, status="relevant")
    with closing(open_corpus(team.path)) as db:
        before = dict(db.execute("SELECT edit, id FROM changes"))
        db.execute("DELETE FROM page_changes")
        db.execute("DELETE FROM pass_units WHERE pass = 'changes'")
        run_passes(db, RULES)
        db.execute("UPDATE page_changes SET id = id + 1000")
        after = dict(db.execute("SELECT edit, id FROM changes"))
    assert before.keys() == after.keys()
    assert before[team.prices] != after[team.prices]
    team.ben.get(LIST)
    assert team.ben.of(team.prices).startswith("relevant by anna")
    assert team.ben.get(f"/-/changes/{team.prices}").status_code == 200


def test_marks_of_a_change_that_is_listed_no_more_are_kept(team):
    """The list names it, its address shows what it was, with its marks and what is listed instead; a stranger: 404."""
    team.anna.mark(team.prices, status="follow up", note="Write to them")
    with closing(open_corpus(team.path)) as db:
        db.execute("UPDATE page_changes SET edit = ? WHERE edit = ?", ("f" * 16, team.prices))
    text = words_of(team.ben.get(LIST).text)
    assert "1 marked change no longer listed" in text
    card = words_of(team.ben.get(f"/-/changes/{team.prices}").text)
    assert "Change no longer listed" in card
    assert "follow up by anna" in card
    assert "Write to them" in card
    assert "cedar.example/prices" in card
    assert f'href="/-/changes/{"f" * 16}"' in team.ben.page, "what is listed today of that page in that crawl"
    assert (
        team.ben.post("/-/changes/mark", team.ben.fields("mark", team.prices) | {"status": "dismissed"}).status_code
        == 200
    )
    assert team.stranger.get(f"/-/changes/{team.prices}").status_code == 404
    assert team.ben.get(f"/-/changes/{'0' * 16}").status_code == 404


def test_files_have_the_rows_that_the_list_shows(team):
    """CSV and JSON under the same filters; marks only where they are wanted; a permanent address each; no formula."""
    team.anna.mark(team.prices, status="relevant", note="=1+1")
    rows = list(csv.DictReader(io.StringIO(team.anna.get("/-/changes.csv?since=all&status=relevant").text)))
    assert [row["key"] for row in rows] == [team.prices]
    assert rows[0]["link"].endswith(f"/-/changes/{team.prices}")
    assert "status" not in rows[0]
    assert "$450" in rows[0]["removed"]
    assert "$395" in rows[0]["added"]
    every = list(csv.DictReader(io.StringIO(team.anna.get("/-/changes.csv?since=all&triage=yes").text)))
    assert {row["key"]: row["status"] for row in every} == dict.fromkeys(team.edits, "") | {team.prices: "relevant"}
    assert not [cell for row in every for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]
    parsed = json.loads(team.anna.get("/-/changes.json?since=all&kind=edited&triage=yes").text)["changes"]
    assert {one["kind"] for one in parsed} == {"edited"}
    (prices,) = [one for one in parsed if one["key"] == team.prices]
    assert prices["triage"]["status"] == "relevant"
    assert prices["lines"][0]["removed"]
    assert json.loads(team.anna.get("/-/changes.json?since=all&kind=parked").text) == {"changes": []}


def test_text_that_a_spreadsheet_would_compute_is_escaped(team):
    """A title that begins like a formula has an apostrophe before it in the CSV, and is as it was in the JSON."""
    with closing(open_corpus(team.path)) as db:
        db.execute("UPDATE readings SET title = '=HYPERLINK(1)'")
    titles = [row["title"] for row in csv.DictReader(io.StringIO(team.anna.get("/-/changes.csv?since=all").text))]
    assert set(titles) == {"'=HYPERLINK(1)"}
    parsed = json.loads(team.anna.get("/-/changes.json?since=all").text)["changes"]
    assert {one["title"] for one in parsed} == {"=HYPERLINK(1)"}


def test_one_person_alone_triages_without_signing_in(tmp_path):
    """On this machine the one reader marks, under that name."""
    changed(tmp_path / "other.db")
    alone = Person(Server(tmp_path / "other.db"))
    (edit, *_) = re.findall(r'data-change="(\w+)"', alone.get(LIST).text)
    alone.mark(edit, status="relevant", assignee="reader")
    assert alone.of(edit).startswith("relevant by reader")


def test_a_file_of_votes_without_triage_is_brought_up_to_date(tmp_path):
    """Votes of an earlier release open as they are and have the tables of triage afterwards."""
    changed(tmp_path / "c.db")
    with closing(open_review(tmp_path / "c.db")) as db:
        for name in ("triage_marks", "event_retractions", "events"):
            db.execute(f"DROP TABLE {name}")
        db.execute("DROP VIEW current_marks")
        db.execute("DELETE FROM _sqlite_migrations WHERE name LIKE 'r005%'")
        db.execute("PRAGMA user_version = 0")
    with closing(open_review(tmp_path / "c.db")) as db:
        assert db.execute("SELECT count(*) FROM current_marks").fetchone()[0] == 0
