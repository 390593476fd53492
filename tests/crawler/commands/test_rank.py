"""A ranking puts what is most probably relevant on the desk's queue, learns batch by batch, and says how far it is."""

from __future__ import annotations

import re
import sqlite3

import pytest

from crawler.engine.rule_files import read_codebook
from db.coding.rankings import decisions_on, find_ranking
from db.coding.votes_file import attach_corpus, voting
from db.coding.voting import Vote, cast_votes
from db.datasette.review.auth import Coder
from db.datasette.review.questions import load_questions
from db.datasette.review.queue import RANKING, next_entry, task_of
from tests.support.command import clinicwatch
from tests.support.desk import TEAM, Reader, Server, content_words, drain
from tests.support.made_corpus import ABOUT, corpus_of

AT = "2026-03-01T09:00:00+00:00"
SIGN = "A quote is sent by letter, and the letter names the sum."  # no cue of the code proposes it
PAGES = {
    f"/{number}/": f"Ketamine page {number}\n{content_words(number)}" + (f"\n{SIGN}" if number % 6 == 0 else "")
    for number in range(60)
}


@pytest.fixture
def db(tmp_path):
    """Make a corpus of sixty texts, ten of which have a sign that no cue knows."""
    with corpus_of(tmp_path / "corpus.db", {"/": ABOUT, **PAGES}):
        return tmp_path / "corpus.db"


def rank(db, *options):
    """Run the command; gives what it printed."""
    done = clinicwatch("rank", "--name", "prices", *options, "--db", db)
    assert done.returncode == 0, done.stderr
    return done.stdout


def answer(db, code="S4_price", coder="anna"):
    """Answer all that waits in the queue, as a coder who reads would; gives the texts in the order of the queue."""
    read = []
    with voting(db) as review:
        attach_corpus(review, db)
        questions = load_questions().questions
        who, task = Coder(coder, "reader", "1"), task_of(code, f"{RANKING}prices", questions)
        while entry := next_entry(review, who, task):
            text = review.execute("SELECT text FROM corpus.texts WHERE sha256 = ?", (entry.unit,)).fetchone()[0]
            value = "yes" if SIGN in text else "no"
            cast_votes(
                review,
                [Vote(AT, coder, "text", entry.unit, code, value, text_sha256=entry.unit, page=entry.page)],
                f"{coder} {entry.unit}",
            )
            read.append(text)
    return read


def test_a_batch_is_queued_read_and_learnt_from(db):
    """What the first batch taught puts the other texts with the sign at the top of the second one."""
    first = rank(db, "--code", "S4_price", "--batch", "20")
    assert "batch 1: 20 of 61 texts queued, 2 of them at random; by the program's own opinion" in first
    assert "20 texts of the last batch wait at the desk" in rank(db)
    found = [SIGN in text for text in answer(db)]
    assert len(found) == 20
    second = rank(db, "--batch", "20")
    assert re.search(r"recall so far: \d+% to 100% \(95 %, from the random draws alone\)", second)
    assert "go on reading" in second
    assert "learnt from 20 decisions" in second
    assert "letter" in second
    left = 10 - sum(found)
    order = [SIGN in text for text in answer(db)]
    assert sum(order) == left, "all that is left is in the second batch"
    assert all(order[: left - 2]), "and at its top, but for a random draw before or a text that was drawn at random"
    assert "40 of 61 texts decided, 10 of them relevant" in rank(db, "--state")


def test_reading_ends_when_all_is_read(db):
    """With every text decided recall is certain, the test allows to stop, and nothing more is queued."""
    rank(db, "--code", "S4_price", "--batch", "70")
    answer(db)
    end = rank(db)
    assert "recall so far: 100% to 100%" in end
    assert "p = 0.000; reading may stop" in end
    assert "nothing is left to read" in end


def test_the_desk_offers_a_ranking_and_keeps_its_scores(db):
    """It is a queue of its own, coded like any other; no page says a score or which text was drawn at random."""
    rank(db, "--code", "S4_price", "--batch", "10", "--random-share", "0.5")
    anna = Reader(Server(db, TEAM), "anna")
    anna.get("/-/review")
    overview = anna.words()
    assert "Ranking prices: Price stated" in overview
    first = anna.open(task="S4_price", set="ranking%20prices")
    title = anna.title()
    for words in (overview, first):
        assert not re.search(r"random|score|chance", words)
    assert anna.vote("no").status_code == 200
    assert anna.title() != title
    anna.undo()
    assert anna.title() == title, "undo leads back to the text in the ranking"
    assert drain(anna, lambda _title: "no") == 10
    assert "10 of 61 texts decided, 0 of them relevant" in rank(db, "--state")
    rank(db, "--batch", "7")
    anna.open(task="S4_price", set="ranking%20prices")
    assert drain(anna, lambda _title: "no") == 7, "the next batch is on the queue of a server that runs"


def test_a_code_of_sentences_is_read_whole(db):
    """A text has the code where a sentence was accepted, and has it not where it was read whole without one."""
    code = next(one.id for one in read_codebook().codes if one.level == "sentence")
    rank(db, "--code", code, "--batch", "5")
    with voting(db) as review:
        attach_corpus(review, db)
        task = task_of("read", f"{RANKING}prices", load_questions().questions)
        who = Coder("anna", "reader", "1")
        one = next_entry(review, who, task)
        unit = f"{one.unit}/0123456789abcdef"
        cast_votes(review, [Vote(AT, "anna", "claim", unit, code, "yes", text_sha256=one.unit, page=one.page)], "a")
        cast_votes(review, [Vote(AT, "anna", "text", one.unit, "_read", "main text", text_sha256=one.unit)], "b")
        two = next_entry(review, who, task)
        cast_votes(review, [Vote(AT, "anna", "text", two.unit, "_read", "main text", text_sha256=two.unit)], "c")
        program = Vote(AT, "machine:m", "text", next_entry(review, who, task).unit, code, "yes")
        cast_votes(review, [program], "d")
        assert decisions_on(review, find_ranking(review, "prices")) == {one.unit: True, two.unit: False}


def test_what_was_queued_stays_as_it_was(db):
    """Rows of a ranking are neither changed nor deleted, and a ranking that was begun goes on as it was begun."""
    rank(db, "--code", "S4_price", "--batch", "5")
    with voting(db) as review:
        for sql in (
            "UPDATE rankings SET seed = 2",
            "DELETE FROM rankings",
            "UPDATE ranking_units SET score = 1",
            "DELETE FROM ranking_units",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="stays as it was"):
                review.execute(sql)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ("--name", "prices", "--code", "S99_none"),
            "--code S99_none: the codebook has no such code; there are:",
        ),
        (("--name", "moods"), "--name moods: no ranking has this name; there are: none; begin one with --code"),
        (("--name", "prices", "--random-share", "2"), "2.0 is not in the range"),
    ],
)
def test_bad_input_is_one_line(db, options, message):
    """A code, a name or a share that is none gets a clear line and an exit code."""
    done = clinicwatch("rank", *options, "--db", db)
    assert done.returncode != 0
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_another_code_under_the_same_name_is_refused(db):
    """A name stands for one ranking."""
    rank(db, "--code", "S4_price", "--batch", "5")
    done = clinicwatch("rank", "--name", "prices", "--code", "topic", "--db", db)
    assert done.returncode == 2
    assert "this ranking is of the code S4_price in round 1" in done.stderr
