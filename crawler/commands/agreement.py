"""``clinicwatch agreement``: how far the coders of a round agree."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from crawler.commands.agreement_text import agreement_text
from crawler.commands.options import CODEBOOK, DB, ROUND
from crawler.engine.rule_files import read_codebook
from db.coding.coded import cue_recall, no_votes, roll_up_round
from db.coding.tally import machine_votes, original_votes
from db.coding.votes_file import attach_corpus, voting
from pipelines.coding.methods import recall_text
from pipelines.coding.reliability import CodeAgreement, CodedUnit, Vote, measure, round_rows, votes_of_rows

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from pipelines.coding.codebook import Codebook


@click.command
@ROUND
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of the bootstrap intervals.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@CODEBOOK
@DB
def agreement(*, db: Path, round_: str, seed: int, as_json: bool, codebook: Path | None) -> None:
    """Say, code by code, how far the coders of a round agree beyond chance, on their original votes."""
    book = read_codebook(codebook)
    with voting(db) as review:
        measured = measure_votes(review, book, round_, seed=seed)
        if not measured:
            raise no_votes(review, round_)
        recall = ""
        if not as_json and db.is_file():
            attach_corpus(review, db)
            recall = recall_text(cue_recall(roll_up_round(review, book.codes, round_), book.codes, single=False))
        machines = measure_machines(review, book, round_, seed=seed)
    if as_json:
        click.echo(json.dumps(round_rows(measured, round_)))
        return
    click.echo(agreement_text(measured, round_))
    if recall:
        click.echo(recall)
    for name, with_people in machines.items():
        click.echo(f"\n{name}, a program, with what people settled")
        click.echo(agreement_text(with_people, round_))


def measure_machines(
    review: sqlite3.Connection, codebook: Codebook, round_: str, *, seed: int = 1
) -> dict[str, list[CodeAgreement]]:
    """Measure how far each program agrees with what people settled, by its name: never part of the others' figures."""
    kinds = {code.id: code.type for code in codebook.codes}
    votes: dict[str, list[Vote]] = {}
    for row in machine_votes(review, round_):
        unit = CodedUnit(row["unit_type"], row["unit"])
        of_machine = votes.setdefault(row["coder"], [])
        of_machine += [
            Vote(row["code"], unit, "people", row["people"]),
            Vote(row["code"], unit, row["coder"], row["value"]),
        ]
    return {name: measure(found, kinds, seed=seed) for name, found in votes.items()}


def measure_votes(review: sqlite3.Connection, codebook: Codebook, round_: str, *, seed: int = 1) -> list[CodeAgreement]:
    """Measure the agreement of a round on its original votes, code by code; nothing where there are none."""
    kinds = {code.id: code.type for code in codebook.codes}
    return measure(votes_of_rows(original_votes(review, round_)), kinds, seed=seed)
