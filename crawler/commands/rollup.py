"""``clinicwatch rollup``: the table of advertisers of a round or of a study, with its counts, evidence and flow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import click

from crawler.commands.options import CODEBOOK, DB, DEFAULT_ROUND, PATH, ROUND, STUDY, frame_options
from crawler.commands.write_file import write_file
from crawler.engine.rule_files import read_codebook
from db.coding.coded import RolledUp, no_votes, roll_up_round, rounds
from db.coding.estimates import FrameEstimate, estimates_of
from db.coding.evidence import Evidence, evidence_of
from db.coding.flow import flow_rows
from db.coding.studies import find_study
from db.coding.votes_file import attach_corpus, voting
from db.export.review_export import CELL_COLUMNS, cell_rows, evidence_row
from pipelines.coding.frame_spec import EVERY_SITE, FrameSpec
from pipelines.coding.labels import csv_line
from pipelines.coding.rollup import value_counts
from pipelines.model.errors import UsageError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from pipelines.coding.codebook import Code, Codebook


class TableRequest(NamedTuple):
    """Which table is asked for: round, frame, whether one coder's answers count as settled, samples to estimate by."""

    round: str
    frame: FrameSpec = EVERY_SITE
    single: bool = False
    samples: tuple[str, ...] = ()


class WithEvidence(NamedTuple):
    """A table of advertisers, what it rests on, and what its samples say of their frames."""

    table: RolledUp
    evidence: list[Evidence]
    estimates: list[FrameEstimate]


@click.command
@click.argument("folder", type=PATH)
@STUDY
@ROUND
@frame_options
@click.option("--single", is_flag=True, help="Take what one coder gave alone: nobody else is to code this round.")
@click.option("--base-url", default="", metavar="URL", help="Where the corpus is served, for the permalinks.")
@click.option("--force", is_flag=True, help="Replace the files of an earlier table in FOLDER.")
@CODEBOOK
@DB
def rollup(
    *,
    db: Path,
    folder: Path,
    study: str | None,
    round_: str,
    frame: FrameSpec,
    single: bool,
    base_url: str,
    force: bool,
    codebook: Path | None,
) -> None:
    """Write what each advertiser says, by code, to FOLDER as CSV, with its counts, its evidence and its flow."""
    book = read_codebook(codebook)
    with voting(db) as review:
        asked = request_of(review, study, TableRequest(round_, frame, single))
        table, evidence, estimates = roll_up_with_evidence(review, db, book, asked, base_url)
    files: dict[str, Iterable[Sequence[object]]] = {
        "advertisers.csv": table_rows(table, book.codes),
        "cells.csv": [CELL_COLUMNS, *cell_rows(table)],
        "counts.csv": count_rows(table, book.codes),
        "evidence.csv": [Evidence._fields, *map(evidence_row, evidence)],
        "flow.csv": [("box", "count", "unit"), *flow_rows(table)],
    }
    if asked.samples:
        files["estimates.csv"] = [FrameEstimate._fields, *estimates]
    if not folder.parent.is_dir():
        raise UsageError(f"{folder}: the folder {folder.parent} does not exist; make it first")
    folder.mkdir(exist_ok=True)
    for name, rows in files.items():
        write_file(folder / name, map(csv_line, rows), force=force)
    click.echo(rollup_text(table, book.codes))
    click.echo(f"\n{', '.join(files)} in {folder}")


def request_of(review: sqlite3.Connection, study: str | None, asked: TableRequest) -> TableRequest:
    """Take the table of a study, or the one that was asked for; raises :class:`UsageError` for both at once."""
    if study is None:
        return asked
    found = find_study(review, study)
    if asked.frame != EVERY_SITE:
        raise UsageError(f"--study {study}: the study has its frame; leave out the other options of the frame")
    if asked.round not in {"", DEFAULT_ROUND, found.round}:
        raise UsageError(f"--study {study}: its tables are of round {found.round}; leave out --round {asked.round}")
    return TableRequest(found.round, found.frame, found.single or asked.single, found.samples)


def roll_up_with_evidence(
    review: sqlite3.Connection, db: Path, codebook: Codebook, asked: TableRequest, base_url: str = ""
) -> WithEvidence:
    """Roll a round up to advertisers; raises :class:`UsageError` for a round without votes or a frame that is none."""
    attach_corpus(review, db)
    if asked.round not in rounds(review):
        raise no_votes(review, asked.round)
    table = roll_up_round(review, codebook.codes, asked.round, asked.frame, single=asked.single)
    estimates = [
        one for name in asked.samples for one in estimates_of(review, name, table, codebook.codes, single=asked.single)
    ]
    return WithEvidence(table, evidence_of(review, table.cells, db.stem, base_url), estimates)


def rollup_text(table: RolledUp, codes: Sequence[Code]) -> str:
    """Print how many advertisers have which value, and how many sites, texts and cells that rests on."""
    names = {code.id: code.name for code in codes}
    lines = [f"frame: {table.frame.spec.words()}"]
    lines += [f"{box:<64}{count:>7}" for box, count, _ in flow_rows(table)]
    before = ""
    for count in value_counts(table.cells, codes):
        if count.code != before:
            lines += [
                "",
                f"{count.code}  {names[count.code]} ({count.coded} of {table.advertisers} advertisers have an answer)",
            ]
            before = count.code
        lines.append(f"  {count.value:<62}{count.advertisers:>7}")
    return "\n".join(lines)


def table_rows(table: RolledUp, codes: Sequence[Code]) -> Iterator[list[Any]]:
    """Give the table with its header: a row an advertiser of the frame, a column a code, empty without an answer."""
    cells = {(cell.advertiser, cell.code): cell.value for cell in table.cells}
    yield ["advertiser", *(code.id for code in codes)]
    for advertiser in sorted(table.frame.advertisers):
        yield [advertiser, *(cells[advertiser, code.id] for code in codes)]


def count_rows(table: RolledUp, codes: Sequence[Code]) -> Iterator[list[Any]]:
    """Give how many advertisers have each value, of how many that have an answer."""
    yield ["code", "value", "advertisers", "coded"]
    yield from (list(count) for count in value_counts(table.cells, codes))
