"""``clinicwatch agreement`` and ``clinicwatch rollup``: what the votes of a round come to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from crawler.commands.agreement_text import (
    RolledUp,
    agreement_text,
    count_rows,
    evidence_rows,
    flow_rows,
    rollup_text,
    table_rows,
)
from crawler.commands.options import CODEBOOK, DB, PATH, ROUND
from crawler.commands.write_file import write_file
from crawler.engine.rule_files import read_codebook
from db.coding.coded import coding_flow, rounds, settled_values
from db.coding.tally import original_votes
from db.coding.votes_file import attach_corpus, voting
from pipelines.coding.labels import csv_line
from pipelines.coding.reliability import CodeAgreement, measure, round_rows, votes_of_rows
from pipelines.coding.rollup import Coded, roll_up
from pipelines.model.errors import UsageError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence
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
    click.echo(json.dumps(round_rows(measured, round_)) if as_json else agreement_text(measured, round_))


@click.command
@click.argument("folder", type=PATH)
@ROUND
@click.option("--without", multiple=True, metavar="PAGE_TYPE", help="Leave out a kind of page, such as blog; again.")
@click.option("--single", is_flag=True, help="Take what one coder gave alone: nobody else is to code this round.")
@click.option("--force", is_flag=True, help="Replace the files of an earlier table in FOLDER.")
@CODEBOOK
@DB
def rollup(
    *, db: Path, folder: Path, round_: str, without: tuple[str, ...], single: bool, force: bool, codebook: Path | None
) -> None:
    """Write what each advertiser says, by code, to FOLDER as CSV, with its counts, its evidence and its flow."""
    book = read_codebook(codebook)
    table = roll_up_round(db, book, round_, without=without, single=single)
    files: dict[str, Iterable[Sequence[object]]] = {
        "advertisers.csv": table_rows(table, book.codes),
        "counts.csv": count_rows(table, book.codes),
        "evidence.csv": evidence_rows(table),
        "flow.csv": [("box", "count", "unit"), *flow_rows(table)],
    }
    if not folder.parent.is_dir():
        raise UsageError(f"{folder}: the folder {folder.parent} does not exist; make it first")
    folder.mkdir(exist_ok=True)
    for name, rows in files.items():
        write_file(folder / name, map(csv_line, rows), force=force)
    click.echo(rollup_text(table, book.codes))
    click.echo(f"\n{', '.join(files)} in {folder}")


def measure_votes(review: sqlite3.Connection, codebook: Codebook, round_: str, *, seed: int = 1) -> list[CodeAgreement]:
    """Measure the agreement of a round on its original votes, code by code; nothing where there are none."""
    kinds = {code.id: code.type for code in codebook.codes}
    return measure(votes_of_rows(original_votes(review, round_)), kinds, seed=seed)


def roll_up_round(
    db: Path, codebook: Codebook, round_: str, *, without: Sequence[str] = (), single: bool = False
) -> RolledUp:
    """Roll the settled values of a round up to advertisers; raises :class:`UsageError` for a round without votes."""
    with voting(db) as review:
        attach_corpus(review, db)
        if round_ not in rounds(review):
            raise no_votes(review, round_)
        values = [Coded(*value[:5]) for value in settled_values(review, round_, without=without, single=single)]
        flow = coding_flow(review, round_, without=without)
    cells = roll_up(values, codebook.codes)
    return RolledUp(cells, flow, len({cell.advertiser for cell in cells}))


def no_votes(review: sqlite3.Connection, round_: str) -> UsageError:
    """Say that a round has no votes, and which rounds have."""
    known = ", ".join(rounds(review)) or "none yet; code with `clinicwatch serve` or `clinicwatch import-labels`"
    return UsageError(f"--round {round_}: no vote was cast in it; rounds with votes: {known}")
