"""A program as one more coder: blind, apart, and deciding nothing."""

from __future__ import annotations

import json
import shlex
import sys
from contextlib import closing

import pytest

from crawler.engine.rule_files import load_rules
from db.coding.votes_file import attach_corpus, open_review
from db.coding.voting import Vote, cast_votes
from db.corpus.connection import open_corpus
from tests.support.command import clinicwatch
from tests.support.made_corpus import ABOUT, NOW, crawl_texts

CLAIMS = (
    "Nine of ten patients on ketamine get better. Ketamine cures depression. Relief comes within hours of infusions."
)
FAKE = """
import json, sys
for line in sys.stdin:
    asked = json.loads(line)
    value = next(one for one in asked["values"] if one not in ("no", "none", "unclear"))
    print(json.dumps({"id": asked["id"], "value": value if WORD in asked["sentence"] else ABSENT(asked["values"])}))
"""
ABSENT = "lambda values: 'no' if 'no' in values else 'none'"


@pytest.fixture
def corpus(tmp_path):
    """Make a corpus with a page full of candidates."""
    path = tmp_path / "corpus.db"
    with closing(open_corpus(path)) as db:
        crawl_texts(db, path, {"/": f"Ketamine\n{ABOUT}\n{CLAIMS}"}, rules=load_rules())
    return path


def program(folder, text: str) -> str:
    """Write a program, and give the command that runs it."""
    file = folder / "fake.py"
    file.write_text(text)
    return shlex.join([sys.executable, str(file)])


def fake(folder, word: str) -> str:
    """Make a program that finds the claim wherever a sentence has a word."""
    return program(folder, FAKE.replace("WORD", repr(word)).replace("ABSENT", f"({ABSENT})"))


def run(corpus, command: str, *more: str):
    """Let a program code the corpus."""
    return clinicwatch("code-by-machine", "--command", command, "--coder", "fake-1", "--db", corpus, *more)


def votes(corpus):
    """Read all votes."""
    with closing(open_review(corpus)) as review:
        return review.execute("SELECT * FROM votes ORDER BY id").fetchall()


def people(corpus, value_of) -> None:
    """Let two coders agree on every sentence that the program answered."""
    rows = [row for row in votes(corpus) if row["coder"].startswith("machine:")]
    with closing(open_review(corpus)) as review:
        attach_corpus(review, corpus)
        for coder in ("anna", "ben"):
            for row in rows:
                vote = Vote(
                    NOW, coder, "claim", row["unit"], row["code"], value_of(row), quote=row["quote"],
                    text_sha256=row["text_sha256"],
                )  # fmt: skip
                cast_votes(review, [vote], f"{coder} {row['id']} a decision")


def test_a_program_answers_every_candidate_once_and_settles_nothing(tmp_path, corpus):
    """Its votes bear its name; they are no vote that a question needs, and a second run adds none."""
    done = run(corpus, fake(tmp_path, "Nine"))
    assert (done.returncode, done.stderr) == (0, "")
    rows = votes(corpus)
    assert {row["coder"] for row in rows} == {"machine:fake-1"}
    assert {"E1_rate", "E2_rapid", "E5_cure_hype"} <= {row["code"] for row in rows}
    assert {row["value"] for row in rows if row["code"] == "E1_rate" and "Nine" in row["quote"]} == {"yes"}
    with closing(open_review(corpus)) as review:
        assert review.execute("SELECT count(*) FROM units").fetchone()[0] == 0
        assert review.execute("SELECT count(*) FROM standing").fetchone()[0] == 0
    assert run(corpus, fake(tmp_path, "Nine")).returncode == 0
    assert len(votes(corpus)) == len(rows)


def test_its_agreement_with_people_is_printed_apart(tmp_path, corpus):
    """People's own figures do not change by it."""
    run(corpus, fake(tmp_path, "Nine"))
    people(corpus, lambda row: row["value"])
    told = clinicwatch("agreement", "--db", corpus).stdout
    own, _, apart = told.partition("machine:fake-1, a program, with what people settled")
    assert "machine" not in own
    assert "E1_rate" in own
    assert "100.0%" in apart
    with closing(open_review(corpus)) as review:
        blind = review.execute("SELECT min(blinded) FROM votes").fetchone()[0]
        assert blind == 1  # a program's vote opens no question to anybody


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("print('no json')", 'line 1 is not {"id": ..., "value": ...}'),
        ('print(\'{"id": "x", "value": "yes"}\')', "is no value of the question 'x'"),
        ("", "questions have no answer"),
        ("import sys; sys.exit('out of luck')", "exit code 1: out of luck"),
        ("import time; time.sleep(30)", "took more than 1 s"),
    ],
)
def test_a_program_that_fails_is_one_line_and_stores_nothing(tmp_path, corpus, text, says):
    """Whatever it printed before."""
    done = run(corpus, program(tmp_path, text), "--timeout", "1" if "sleep" in text else "60")
    assert done.returncode != 0
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert votes(corpus) == []


def test_a_wrong_name_or_command_is_one_line(corpus):
    """Nothing runs."""
    for arguments in (("--command", "no-such-program-here"), ("--command", "true", "--coder", "Anna B")):
        done = clinicwatch("code-by-machine", "--coder", "x", "--db", corpus, *arguments)
        assert done.returncode != 0
        assert len(done.stderr.strip().splitlines()) == 1
    assert json.dumps(votes(corpus)) == "[]"
