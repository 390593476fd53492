"""The file of votes: append-only, undone by rows, counted so that a slip or a second request changes nothing."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from dataclasses import replace

import pytest

from db.coding.tally import (
    UnitQuestion,
    anonymous_votes,
    conflicts,
    count_questions,
    current_vote,
    original_votes,
    recent_decisions,
    status_of,
)
from db.coding.votes_file import desk_secret, open_review, review_path
from db.coding.voting import Vote, VoteError, cast_votes, undo
from db.corpus.connection import open_corpus
from db.datasette.serve import check_corpus
from pipelines.model.errors import CorpusError

AT = "2026-03-01T09:00:00+00:00"
QUESTION = UnitQuestion("1", "text", "ab" * 32, "topic")


def vote(coder: str, value: str, unit: str = QUESTION.unit, **more) -> Vote:
    """Make a vote on the topic of a text."""
    return Vote(AT, coder, "text", unit, "topic", value, text_sha256=unit, **more)


@pytest.fixture
def review(tmp_path):
    """Open the votes beside a corpus."""
    with contextlib.closing(open_review(tmp_path / "corpus.db")) as db:
        yield db


def test_file_stands_beside_the_corpus_and_is_private(tmp_path):
    """Votes of corpus.db are in corpus.review.db, which only its owner may read."""
    open_review(tmp_path / "corpus.db").close()
    assert review_path(tmp_path / "corpus.db") == tmp_path / "corpus.review.db"
    assert oct((tmp_path / "corpus.review.db").stat().st_mode & 0o777) == "0o600"


def test_votes_cannot_be_changed_or_deleted(review):
    """The database itself refuses to change or delete a vote."""
    cast_votes(review, [vote("anna", "on topic")], "d1")
    for sql in ("UPDATE votes SET value = 'x'", "DELETE FROM votes", "UPDATE votes SET coder = 'ben' WHERE id = 1"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            review.execute(sql)
    review.execute("PRAGMA recursive_triggers = off")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        review.execute("REPLACE INTO votes SELECT * FROM votes")


def test_a_repeated_request_is_one_vote(review):
    """A decision that the browser sends twice is stored once and answered the same."""
    first = cast_votes(review, [vote("anna", "on topic")], "d1")
    assert cast_votes(review, [vote("anna", "on topic")], "d1") == first
    assert review.execute("SELECT count(*) FROM votes").fetchone()[0] == 1
    with pytest.raises(VoteError, match="another coder"):
        cast_votes(review, [vote("ben", "on topic")], "d1")


def test_undo_goes_back_without_end(review):
    """Each undo takes back one decision further, until nothing is left; what it covered stands again."""
    cast_votes(review, [vote("anna", "on topic")], "d1")
    cast_votes(review, [vote("anna", "off topic")], "d2")
    assert current_vote(review, QUESTION, "anna")["value"] == "off topic"
    assert undo(review, vote("anna", ""), "u1") == [2]
    assert current_vote(review, QUESTION, "anna")["value"] == "on topic"
    assert undo(review, vote("anna", ""), "u1") == [2], "a repeated undo is one undo"
    assert undo(review, vote("anna", ""), "u2") == [1]
    assert current_vote(review, QUESTION, "anna") is None
    assert undo(review, vote("anna", ""), "u3") == []
    assert review.execute("SELECT count(*) FROM votes").fetchone()[0] == 4


def test_a_spread_decision_is_undone_as_one(review):
    """A decision over a family has a row each and goes back with one undo."""
    (first,) = cast_votes(review, [vote("anna", "on topic")], "d1")
    cast_votes(review, [vote("anna", "on topic", unit, spread_from=first) for unit in ("c", "d")], "d2")
    assert count_questions(review, "1", "topic", "anna").mine == 3
    assert [row["spread"] for row in recent_decisions(review, "1", "anna")] == [1, 0]
    undo(review, vote("anna", ""), "u1")
    assert count_questions(review, "1", "topic", "anna").mine == 1


def test_status_follows_the_votes(review):
    """One reader, two who differ, two who agree, an adjudicator: each is told apart."""
    assert status_of(review, QUESTION) is None
    cast_votes(review, [vote("anna", "on topic")], "d1")
    assert status_of(review, QUESTION) == "one"
    assert anonymous_votes(review, QUESTION) == []
    cast_votes(review, [vote("ben", "off topic")], "d2")
    assert status_of(review, QUESTION) == "conflict"
    assert conflicts(review, "1") == [QUESTION]
    assert [one.value for one in anonymous_votes(review, QUESTION)] == ["off topic", "on topic"]
    cast_votes(review, [vote("judge", "off topic", role="adjudicator")], "d3")
    row = review.execute("SELECT unit_type, unit, code, value, status FROM units WHERE round = '1'").fetchone()
    assert tuple(row) == ("text", QUESTION.unit, "topic", "off topic", "adjudicated")
    assert conflicts(review, "1") == []


def test_agreement_rests_on_what_was_cast_before_the_adjudication(review):
    """A reader who changes sides afterwards changes what stands, not what agreement is computed on."""
    cast_votes(review, [vote("anna", "on topic")], "d1")
    cast_votes(review, [vote("ben", "unclear")], "d2")
    undo(review, vote("ben", ""), "u1")
    cast_votes(review, [vote("ben", "off topic")], "d3")
    cast_votes(review, [vote("judge", "on topic", role="adjudicator")], "d4")
    cast_votes(review, [vote("ben", "on topic")], "d5")
    undo(review, vote("anna", ""), "u2")
    assert current_vote(review, QUESTION, "anna") is None
    found = [(row["coder"], row["value"]) for row in original_votes(review, "1")]
    assert found == [("anna", "on topic"), ("ben", "off topic")]


def test_an_undo_does_not_make_a_reader_blind_again(review):
    """Whoever takes a vote back after both have voted, and votes again, changes what stands and not what is counted."""
    cast_votes(review, [vote("anna", "on topic")], "d1")
    cast_votes(review, [vote("ben", "off topic")], "d2")
    undo(review, replace(vote("ben", ""), at="2026-03-01T09:05:00+00:00"), "u1")
    cast_votes(review, [vote("ben", "on topic")], "d3")
    assert status_of(review, QUESTION) == "agreed"
    found = [(row["coder"], row["value"]) for row in original_votes(review, "1")]
    assert found == [("anna", "on topic"), ("ben", "off topic")]


def test_a_slip_that_is_mended_at_once_was_never_said(review):
    """A wrong key that is taken back within a minute counts neither as a vote nor as a look at the other's."""
    cast_votes(review, [vote("anna", "on topic")], "d1")
    cast_votes(review, [vote("ben", "off topic")], "d2")
    undo(review, replace(vote("ben", ""), at="2026-03-01T09:00:20+00:00"), "u1")
    assert [row["coder"] for row in original_votes(review, "1")] == ["anna"]
    cast_votes(review, [vote("ben", "on topic")], "d3")
    assert [row["value"] for row in original_votes(review, "1")] == ["on topic", "on topic"]


def test_notes_and_flags_are_no_codes(review):
    """A note is kept like a vote and never counted in the agreement."""
    cast_votes(review, [replace(vote("anna", "", value_text="look again"), code="_note")], "d1")
    assert list(original_votes(review, "1")) == []


@pytest.mark.parametrize("bad", [{"value": ""}, {"value": "x" * 3000}, {"value": "x", "quote": "x" * 20_000}])
def test_bad_votes_are_refused(review, bad):
    """A vote without a value or with an endless one is refused, and nothing is stored."""
    with pytest.raises(VoteError):
        cast_votes(review, [vote("anna", "on topic"), replace(vote("anna", "x"), **bad)], "d1")
    assert review.execute("SELECT count(*) FROM votes").fetchone()[0] == 0


def test_what_sqlite_cannot_hold_is_made_safe(review):
    """A lone surrogate or a NUL in a note does not stop a coder."""
    cast_votes(review, [vote("anna", "on topic", value_text="a\0b\ud800c")], "d1")
    assert current_vote(review, QUESTION, "anna")["value_text"] == "ab?c"


def test_two_readers_at_once_lose_nothing(tmp_path):
    """Two processes' worth of connections vote at the same time: every vote is there, nobody meets a lock."""
    open_review(tmp_path / "corpus.db").close()
    errors: list[Exception] = []

    def work(coder: str) -> None:
        try:
            with contextlib.closing(open_review(tmp_path / "corpus.db")) as db:
                for place in range(60):
                    cast_votes(db, [vote(coder, "on topic", f"unit {place}")], f"{coder} {place}")
        except Exception as error:  # noqa: BLE001 - whatever it is, it fails the test
            errors.append(error)

    threads = [threading.Thread(target=work, args=(coder,)) for coder in ("anna", "ben", "cleo")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with contextlib.closing(open_review(tmp_path / "corpus.db")) as db:
        assert db.execute("SELECT count(*) FROM votes").fetchone()[0] == 180
        assert count_questions(db, "1", "topic", "anna")._asdict() == {
            "mine": 60, "both": 60, "one": 0, "agreed": 60, "conflict": 0, "adjudicated": 0,
        }  # fmt: skip


def test_what_is_derived_equals_what_the_votes_say(review):
    """After any run of votes and undos, the table of what stands is what counting from scratch gives."""
    for step in range(40):
        coder = ("anna", "ben")[step % 2]
        if step % 5 == 4:
            undo(review, vote(coder, ""), f"u{step}")
        else:
            cast_votes(review, [vote(coder, ("yes", "no")[step % 3 % 2], f"unit {step % 7}")], f"d{step}")
    standing = {tuple(row) for row in review.execute("SELECT coder, unit, vote FROM standing")}
    scratch = {
        tuple(row)
        for row in review.execute(
            "SELECT coder, unit, max(id) FROM votes WHERE undoes IS NULL"
            " AND id NOT IN (SELECT undoes FROM votes WHERE undoes IS NOT NULL) GROUP BY 1, 2"
        )
    }
    assert standing == scratch


def test_the_secret_of_the_desk_stays(review):
    """A server that was started again knows its readers still."""
    assert desk_secret(review) == desk_secret(review)
    assert len(desk_secret(review)) == 64


def test_another_file_is_refused(tmp_path):
    """A database that is none of votes is left alone, and one of votes is not shown as a corpus."""
    with contextlib.closing(sqlite3.connect(tmp_path / "corpus.review.db")) as db:
        db.execute("CREATE TABLE x (y)")
    with pytest.raises(CorpusError, match="not one of votes"):
        open_review(tmp_path / "corpus.db")
    open_review(tmp_path / "other.db").close()
    votes = (tmp_path / "other.review.db").read_bytes()
    with pytest.raises(CorpusError):
        check_corpus(tmp_path / "other.review.db")
    with pytest.raises(CorpusError, match="not a corpus of ours"):
        open_corpus(tmp_path / "other.review.db")
    assert (tmp_path / "other.review.db").read_bytes() == votes


def test_a_mind_changed_after_both_voted_is_no_original(review):
    """When both have voted the question is open to them, so agreement stays on what they said before."""
    for number, (coder, value) in enumerate([("ann", "yes"), ("bo", "no"), ("ann", "no")]):
        cast_votes(review, [vote(coder, value)], f"d{number}")
    found = [(row["coder"], row["value"]) for row in original_votes(review, "1")]
    assert found == [("ann", "yes"), ("bo", "no")]
