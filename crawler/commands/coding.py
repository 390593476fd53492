"""The commands of those who code: draw a sample, take labels in, measure agreement, write the table of advertisers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from crawler.commands.options import CODEBOOK, DB, PATH, ROUND

if TYPE_CHECKING:
    from pathlib import Path


@click.command(short_help="Draw a sample for people to code.")
@click.option("--n", type=click.IntRange(min=1), required=True, help="How many texts.")
@click.option("--by", default="", metavar="COLUMNS", help="Strata, such as state,page_type.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed draws the same sample.")
@click.option("--name", help="Name of the sample. Default: made of size, strata and seed.")
@click.option(
    "--double",
    type=click.FloatRange(0, 1),
    default=1.0,
    show_default=True,
    help="Share that a second reader codes as well.",
)
@click.option(
    "--per",
    type=click.Choice(["family", "text"]),
    default="family",
    show_default=True,
    help="What a unit is: a family of near copies, or each text.",
)
@click.option("--page-type", "page_types", multiple=True, help="Only this kind of page; may be given again.")
@DB
def sample(
    *, db: Path, n: int, by: str, seed: int, name: str | None, double: float, per: str, page_types: tuple[str, ...]
) -> None:
    """Draw a stratified random sample of what is on the topic and freeze it; the review desk follows it."""
    from crawler.clock import utc_now
    from crawler.commands.sample import draw_sample, sample_text

    columns = [column.strip() for column in by.split(",") if column.strip()]
    named = name or "-".join([str(n), *(columns or ["all"]), f"seed{seed}"])
    asked = {"name": named, "n": n, "seed": seed, "per": per, "double": double, "at": utc_now()}
    click.echo(sample_text(draw_sample(db, asked, by=columns, page_types=page_types)))


@click.command("import-labels", short_help="Take in a sheet that a reader filled in.")
@click.argument("sheet", type=PATH)
@click.option("--reviewer", required=True, metavar="ID", help="The reader's pseudonym.")
@ROUND
@CODEBOOK
@DB
def import_labels(*, db: Path, sheet: Path, reviewer: str, round_: str, codebook: Path | None) -> None:
    """Cast the labels of a SHEET as a reader's votes: all of them, or none where a line is wrong."""
    from crawler.clock import utc_now
    from crawler.commands import sheets
    from crawler.commands.agreement import read_codebook

    who = {"coder": reviewer, "round": round_, "at": utc_now()}
    told = sheets.import_labels(db, sheet, read_codebook(codebook), who)
    known = "; this sheet had been imported before, nothing was added" if told.known else ""
    click.echo(f"{told.labels} labels of {told.texts} texts by {reviewer} in round {round_}{known}")


@click.command(short_help="Say how far the readers of a round agree.")
@ROUND
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of the bootstrap intervals.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@CODEBOOK
@DB
def agreement(*, db: Path, round_: str, seed: int, as_json: bool, codebook: Path | None) -> None:
    """Say, code by code, how far the readers of a round agree beyond chance, on their original votes."""
    from crawler.commands.agreement import measure_round, read_codebook
    from crawler.commands.agreement_text import agreement_text
    from pipelines.coding.reliability import round_rows

    told = measure_round(db, read_codebook(codebook), round_, seed=seed)
    click.echo(json.dumps(round_rows(told, round_)) if as_json else agreement_text(told, round_))


@click.command(short_help="Write the table of advertisers out of coded texts.")
@click.argument("folder", type=PATH)
@ROUND
@click.option("--without", multiple=True, metavar="PAGE_TYPE", help="Leave out a kind of page, such as blog; again.")
@click.option("--single", is_flag=True, help="Take what one reader gave alone: nobody else is to code this round.")
@click.option("--force", is_flag=True, help="Replace the files of an earlier table in FOLDER.")
@CODEBOOK
@DB
def rollup(
    *, db: Path, folder: Path, round_: str, without: tuple[str, ...], single: bool, force: bool, codebook: Path | None
) -> None:
    """Write what each advertiser says, by code, to FOLDER as CSV, with its counts, its evidence and its flow."""
    from crawler.commands.agreement import read_codebook, roll_up_round
    from crawler.commands.agreement_text import rollup_text
    from crawler.commands.sheets import write_rollup

    book = read_codebook(codebook)
    told = roll_up_round(db, book, round_, without=without, single=single)
    files = write_rollup(folder, told, book, force=force)
    click.echo(rollup_text(told, book.codes))
    click.echo(f"\n{', '.join(files)} in {folder}")


COMMANDS = (sample, import_labels, agreement, rollup)
