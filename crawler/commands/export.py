"""``clinicwatch export``: the corpus, the votes and the codebook as CSV, or a sheet of texts to code."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from crawler.clock import utc_now
from crawler.commands.options import CODEBOOK, DB, PATH, STUDY
from crawler.engine.rule_files import read_codebook
from db.coding.coded import rounds
from db.coding.studies import list_studies
from db.coding.votes_file import review_path, voting
from db.export.export import export as export_tables
from db.export.review_export import desk_rows, review_rows, study_rows, table_rows
from pipelines.model.errors import UsageError

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
@STUDY
@click.option("--base-url", default="", metavar="URL", help="With --study: where the corpus is served.")
@click.option("--single", is_flag=True, help="Also votes of one coder alone: nobody else is to code them.")
@click.option("--internal", is_flag=True, help="Also marks and notes of triage, enquiries and notes on events.")
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
    study: str | None,
    base_url: str,
    single: bool,
    internal: bool,
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
        with ExitStack() as exits:
            coded = CodedRows(study, base_url, single=single, internal=internal)
            rows = coded_rows(exits, db, book, coded)
            options: dict[str, Any] = {"force": force, "escape_formulas": escape_formulas}
            summary = export_tables(db, folder, now=utc_now(), **options, other_rows=rows)
        for line in summary.lines():
            click.echo(line)


@dataclass(frozen=True, slots=True)
class CodedRows:
    """What is wanted of people's decisions: a study's tables, votes of one coder alone, marks and notes of a team."""

    study: str | None
    base_url: str
    single: bool
    internal: bool


def coded_rows(
    exits: ExitStack, db: Path, codebook: Codebook, wanted: CodedRows
) -> dict[str, Iterable[tuple[Any, ...]]]:
    """Read what people decided, by table; the file of votes stays open until ``exits`` closes it.

    Raises :class:`UsageError` for a study that is not there.
    """
    study = wanted.study
    if not review_path(db).is_file():
        if study:
            raise UsageError(f"--study {study}: there are no votes beside {db}, and so no study")
        return {}
    review = exits.enter_context(voting(db))
    rows: dict[str, Iterable[tuple[Any, ...]]] = {
        **review_rows(review, single=wanted.single),
        **desk_rows(review, internal=wanted.internal),
        "agreement": agreement_rows(review, codebook),
        "studies": study_rows(list_studies(review)),
    }
    if study:
        from crawler.commands.rollup import TableRequest, request_of, roll_up_with_evidence

        asked = request_of(review, study, TableRequest("", single=wanted.single))
        rows |= table_rows(study, *roll_up_with_evidence(review, db, codebook, asked, wanted.base_url))
    return rows


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
