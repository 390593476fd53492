"""``clinicwatch code-by-machine``: let a program answer the candidates, as one more coder who decides nothing."""

from __future__ import annotations

import hashlib
import json
import re
import shlex
import subprocess
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from crawler.clock import utc_now
from crawler.commands.options import CODEBOOK, DB, ROUND
from crawler.engine.rule_files import read_codebook
from db.coding.tally import MACHINE
from db.coding.votes_file import attach_corpus, claim_unit, voting
from db.coding.voting import Vote, cast_votes
from pipelines.model.errors import UsageError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from pathlib import Path

    from pipelines.coding.codebook import Code, Codebook

NAME = r"[a-z0-9][a-z0-9-]{0,30}"
SENTENCES = """
    SELECT DISTINCT claims.text_sha256, claims.quote, claims.code, claims."start", claims."end", claims.sentence_no
    FROM corpus.claims AS claims JOIN corpus.version_regions AS shown ON shown.text_sha256 = claims.text_sha256
    JOIN corpus.documents AS documents ON documents.version = shown.version
    WHERE documents.verdict = 'on topic' ORDER BY claims.text_sha256, claims."start", claims.code
"""


class CandidateQuestion(NamedTuple):
    """A sentence, and the code for which the program is to say whether it holds."""

    text_sha256: str
    quote: str
    code: str
    start: int
    end: int
    sentence_no: int

    @property
    def id(self) -> str:
        """The name of the question in what goes in and comes out."""
        return hashlib.sha256(f"{claim_unit(self.text_sha256, self.quote)} {self.code}".encode()).hexdigest()[:16]


@click.command("code-by-machine")
@click.option("--command", required=True, help="Program that reads questions and writes answers, JSON, one a line.")
@click.option("--coder", required=True, help="Name of the program: small letters, digits, hyphens.")
@click.option("--timeout", type=click.IntRange(1), default=600, show_default=True, help="Seconds that it may take.")
@click.option("--limit", type=click.IntRange(1), help="At most so many sentences.")
@ROUND
@CODEBOOK
@DB
def code_by_machine(
    *, db: Path, command: str, coder: str, timeout: int, limit: int | None, round_: str, codebook: Path | None
) -> None:
    """Ask a program about the claim candidates of pages on the topic.

    It is given {"id", "sentence", "code", "name", "definition", "values"} and gives {"id", "value"}. It is blind, never
    counts among the coders that a question needs, settles nothing, and its agreement is printed apart.
    """
    if not re.fullmatch(NAME, coder):
        raise UsageError(f"--coder {coder!r}: a name has small letters, digits and hyphens, such as cue-model-2")
    book = read_codebook(codebook)
    with voting(db) as review:
        attach_corpus(review, db)
        questions = questions_of(review, book)[:limit]
        values = answers_of(command, questions, book, timeout)
        for one in questions:
            vote = _vote(one, values[one.id], MACHINE + coder, round_, book)
            cast_votes(review, [vote], f"{MACHINE}{coder} {round_} {one.id}")
    click.echo(
        f"{MACHINE}{coder} answered {len(questions):,} sentences; `clinicwatch agreement` says how far people agree"
    )


def questions_of(review: sqlite3.Connection, book: Codebook) -> list[CandidateQuestion]:
    """Read the candidates for sentence codes, each sentence and code once."""
    codes = {code.id for code in book.codes if code.level == "sentence"}
    found: dict[str, CandidateQuestion] = {}
    for row in review.execute(SENTENCES):
        one = CandidateQuestion(*row)
        if one.code in codes:
            found.setdefault(one.id, one)
    return list(found.values())


def answers_of(command: str, questions: Sequence[CandidateQuestion], book: Codebook, timeout: int) -> dict[str, str]:
    """Run the program on all questions; raises :class:`UsageError` unless each has one answer with a known value."""
    lines = "".join(json.dumps(_question(one, book), ensure_ascii=False) + "\n" for one in questions)
    try:
        words = shlex.split(command)
        done = subprocess.run(words, input=lines, capture_output=True, text=True, timeout=timeout, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise UsageError(f"--command: took more than {timeout} s; nothing was stored, --timeout allows more") from error
    except (OSError, ValueError, IndexError) as error:
        raise UsageError(f"--command {command!r} cannot be run: {error}") from error
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise UsageError(f"--command ended with exit code {done.returncode}: {last[:200]}; nothing was stored")
    allowed = {one.id: _values(book, one.code) for one in questions}
    answers: dict[str, str] = {}
    for number, line in enumerate(filter(str.strip, done.stdout.splitlines()), 1):
        name, value = _answer(line, number)
        if value not in allowed.get(name, ()):
            raise UsageError(
                f"--command: line {number}: {value!r} is no value of the question {name!r}; nothing was stored"
            )
        answers[name] = value
    missing = allowed.keys() - answers.keys()
    if missing:
        raise UsageError(f"--command: {len(missing)} of {len(questions)} questions have no answer; nothing was stored")
    return answers


class Answer(NamedTuple):
    """What the program answered: the name of the question, and a value."""

    id: str
    value: str


def _answer(line: str, number: int) -> Answer:
    try:
        answer: Any = json.loads(line)
        return Answer(str(answer["id"]), str(answer["value"]))
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f'--command: line {number} is not {{"id": ..., "value": ...}}: {line[:80]!r}; nothing was stored'
        ) from error


def _code(book: Codebook, code: str) -> Code:
    return next(one for one in book.codes if one.id == code)


def _values(book: Codebook, code: str) -> list[str]:
    """List the values of a code, with the one that says that nothing is claimed."""
    values = [*(_code(book, code).values or ("yes",))]
    return values if {"no", "none"} & set(values) else [*values, "no"]


def _question(one: CandidateQuestion, book: Codebook) -> dict[str, object]:
    code = _code(book, one.code)
    about = {"code": code.id, "name": code.name, "definition": code.definition, "values": _values(book, one.code)}
    return {"id": one.id, "sentence": one.quote, **about}


def _vote(one: CandidateQuestion, value: str, coder: str, round_: str, book: Codebook) -> Vote:
    return Vote(
        at=utc_now(), coder=coder, unit_type="claim", unit=claim_unit(one.text_sha256, one.quote), code=one.code,
        value=value, round=round_, quote=one.quote, start=one.start, end=one.end, sentence_no=one.sentence_no,
        text_sha256=one.text_sha256, codebook=book.hash,
    )  # fmt: skip
