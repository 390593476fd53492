"""``clinicwatch export``: the corpus, the votes and the codebook as CSV, or a sheet of texts to code."""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import click

from crawler.clock import utc_now
from crawler.commands.options import CODEBOOK, DB, PATH
from crawler.engine.rule_files import read_codebook
from db.coding.coded import rounds
from db.coding.votes_file import review_path, voting
from db.export.export import Summary
from db.export.export import export as export_tables
from db.export.review_export import review_rows

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable
    from pathlib import Path

    from pipelines.coding.codebook import Codebook


@click.command
@click.argument("folder", type=PATH, required=False)
@click.option("--force", is_flag=True, help="Replace an earlier export in FOLDER, or an earlier sheet.")
@click.option(
    "--escape-formulas", is_flag=True, help="Put an apostrophe before cells that a spreadsheet would compute."
)
@click.option("--for-review", "sheet", type=PATH, help="Write a sheet of texts to code instead.")
@click.option("--sample", metavar="NAME", help="With --for-review: the texts of this sample, in its order.")
@click.option("--single", is_flag=True, help="Also votes of one coder alone: nobody else is to code them.")
@CODEBOOK
@DB
def export(
    *,
    folder: Path | None,
    db: Path,
    force: bool,
    escape_formulas: bool,
    sheet: Path | None,
    sample: str | None,
    single: bool,
    codebook: Path | None,
) -> None:
    """Write the corpus to FOLDER as CSV files with a data package and a data dictionary, or a sheet to be coded."""
    if (folder is None) == (sheet is None):
        raise click.UsageError("name a FOLDER for the export, or a sheet with --for-review")
    book = read_codebook(codebook)
    if sheet:
        from crawler.commands.sheets import export_sheet

        count = export_sheet(db, sheet, book, sample=sample, force=force)
        click.echo(f"{count} texts to code in {sheet}, their words in {sheet.with_suffix('.texts.csv')}")
    elif folder:
        summary = export_all(db, folder, book, force=force, escape_formulas=escape_formulas, single=single)
        for line in summary.lines():
            click.echo(line)


def export_all(
    db: Path, folder: Path, codebook: Codebook, *, force: bool, escape_formulas: bool, single: bool
) -> Summary:
    """Write the corpus and what people decided to ``folder``; raises what :func:`db.export.export.export` does."""
    with ExitStack() as exits:
        coded: dict[str, Iterable[tuple[Any, ...]]] = {}
        if review_path(db).is_file():
            review = exits.enter_context(voting(db))
            coded = {**review_rows(review, single=single), "agreement": agreement_rows(review, codebook)}
        return export_tables(db, folder, now=utc_now(), force=force, escape_formulas=escape_formulas, other_rows=coded)


def agreement_rows(review: sqlite3.Connection, codebook: Codebook) -> list[tuple[Any, ...]]:
    """Give the rows of ``agreement.csv``, round by round."""
    names = rounds(review)
    if not names:
        return []
    from crawler.commands.agreement import measure_votes  # numpy is loaded only where there are votes
    from pipelines.coding.reliability import round_rows

    measured = [(name, one) for name in names for one in measure_votes(review, codebook, name)]
    rows = [round_rows([one], name)[0] for name, one in measured if one.figures.units]
    return [tuple((row | {"prevalence": json.dumps(row["prevalence"])}).values()) for row in rows]
