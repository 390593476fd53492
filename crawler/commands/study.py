"""``clinicwatch study``: what belongs together in a paper, under a name, and the methods paragraph with its numbers."""

from __future__ import annotations

import re
from importlib.metadata import version
from typing import TYPE_CHECKING

import click

from crawler.clock import utc_now
from crawler.commands.options import CODEBOOK, DB, DEFAULT_ROUND, frame_options
from crawler.engine.rule_files import read_codebook
from db.coding.coded import cue_recall, no_votes, roll_up_round, rounds
from db.coding.frame import build_frame
from db.coding.samples import find_sample, sample_units
from db.coding.studies import Study, coders_of, find_study, list_studies, store_study
from db.coding.tally import ADJUDICATOR, READER
from db.coding.votes_file import attach_corpus, voting
from pipelines.coding.findings import Says
from pipelines.coding.methods import CodeFigures, Methods, SampleFacts, methods_text
from pipelines.model.errors import UsageError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from pathlib import Path

    from pipelines.coding.codebook import Codebook
    from pipelines.coding.frame_spec import FrameSpec

NAME = re.compile(r"[\w][\w. -]{0,79}")


@click.group
def study() -> None:
    """Keep what belongs to a study under a name: frame, samples, rounds, team; print its methods."""


@study.command
@click.argument("name")
@frame_options
@click.option("--sample", "samples", multiple=True, metavar="NAME", help="A sample of the study; may be given again.")
@click.option(
    "--round", "rounds_", multiple=True, metavar="ROUND", help="A round; the last is that of its tables. Default: 1."
)
@click.option(
    "--coder", "coders", multiple=True, metavar="NAME[:adjudicator]", help="A pseudonym. Default: all who voted."
)
@click.option("--single", is_flag=True, help="Take what one coder gave alone: nobody else is to code it.")
@click.option("--note", default="", help="What is to be remembered of it.")
@click.option("--revise", is_flag=True, help="Say a study anew; what it was stays in the file of votes.")
@DB
def create(
    *,
    db: Path,
    name: str,
    frame: FrameSpec,
    samples: tuple[str, ...],
    rounds_: tuple[str, ...],
    coders: tuple[str, ...],
    single: bool,
    note: str,
    revise: bool,
) -> None:
    """Store the study NAME."""
    if not NAME.fullmatch(name):
        raise UsageError(f"{name!r}: a study's name has up to 80 letters, digits, spaces, dots, _ and -")
    with voting(db) as review:
        attach_corpus(review, db)
        chosen = rounds_ or (DEFAULT_ROUND,)
        build_frame(review, frame, chosen[-1])  # says what is wrong with it
        team = read_team(coders) if coders else coders_of(review, chosen)
        asked = Study(name, utc_now(), frame, samples, chosen, team, single, note)
        click.echo(study_text(store_study(review, asked, revise=revise)))


@study.command
@click.argument("name")
@DB
def show(*, db: Path, name: str) -> None:
    """Print what belongs to the study NAME."""
    with voting(db) as review:
        click.echo(study_text(find_study(review, name)))


@study.command(name="list")
@DB
def list_(*, db: Path) -> None:
    """List the studies, the newest first."""
    with voting(db) as review:
        studies = list_studies(review)
    for one in studies:
        click.echo(f"{one.name:<32}{one.at[:10]:<12}round {one.round:<10}{one.frame.words()}")
    if not studies:
        click.echo("no study yet; make one with `clinicwatch study create NAME`")


@study.command
@click.argument("name")
@CODEBOOK
@DB
def methods(*, db: Path, name: str, codebook: Path | None) -> None:
    """Print the methods paragraph of the study NAME, with its numbers."""
    book = read_codebook(codebook)
    with voting(db) as review:
        attach_corpus(review, db)
        click.echo(methods_text(read_methods(review, find_study(review, name), book, utc_now()[:10])))


def read_team(coders: Sequence[str]) -> dict[str, str]:
    """Read pseudonyms with their roles, as ``anna`` or ``oak:adjudicator``; raises :class:`UsageError`."""
    team = {}
    for given in coders:
        name, _, role = given.partition(":")
        if not name or role not in {"", READER, ADJUDICATOR}:
            raise UsageError(f"--coder {given}: write a pseudonym, or NAME:adjudicator")
        team[name] = role or READER
    return team


def study_text(one: Study) -> str:
    """Print a study, a line a part."""
    team = ", ".join(name if role == READER else f"{name} ({role})" for name, role in one.team.items())
    lines = [
        f"study {one.name}, revision {one.revision}, stored at {one.at}",
        f"frame           {one.frame.words()}",
        f"reference date  {one.frame.on or 'none: what pages show when a table is made'}",
        f"samples         {', '.join(one.samples) or 'none'}",
        f"rounds          {', '.join(one.rounds)} (tables: {one.round}{', one coder is enough' if one.single else ''})",
        f"team            {team or 'nobody has voted yet'}",
    ]
    return "\n".join([*lines, *([f"note            {one.note}"] if one.note else [])])


def read_methods(review: sqlite3.Connection, one: Study, codebook: Codebook, day: str) -> Methods:
    """Count what the methods paragraph of a study says; raises :class:`UsageError` for a round without votes."""
    if one.round not in rounds(review):
        raise no_votes(review, one.round)
    table = roll_up_round(review, codebook.codes, one.round, one.frame, single=one.single)
    figures = measured_figures(review, one.round, codebook)
    shown_texts = [shown for texts in table.texts.values() for shown in texts if shown.in_frame]
    in_frame = {shown.text.text_sha256: shown.text for shown in shown_texts}
    cells = {str(says) or "empty": 0 for says in Says}
    for count in table.counts:
        cells[str(count.says) or "empty"] += count.cells
    hashes = review.execute(
        "SELECT DISTINCT codebook FROM votes WHERE round = ? AND codebook != '' ORDER BY 1", (one.round,)
    )
    flow = table.flow
    return Methods(
        frame=one.frame.words(),
        reference_date=one.frame.on,
        sites=flow.in_frame,
        left_out=flow.left_out,
        advertisers=flow.advertisers,
        without_pages=flow.without_pages,
        pages=flow.documents,
        texts=flow.texts,
        samples=[sample_facts(review, name) for name in one.samples],
        round=one.round,
        coders=sum(role == READER for role in one.team.values()),
        adjudicators=sum(role == ADJUDICATOR for role in one.team.values()),
        coded=len(in_frame),
        coded_twice=flow.by_two,
        read_whole=sum(text.is_read(single=one.single) for text in in_frame.values()),
        single=one.single,
        codes=len(codebook.codes),
        agreement=figures,
        recall=cue_recall(table, codebook.codes, single=one.single),
        cells=cells,
        codebook=f"{codebook.name}, version {codebook.version}",
        codebook_hashes=[row[0] for row in hashes],
        software=version("clinicwatch"),
        printed_on=day,
    )


def measured_figures(review: sqlite3.Connection, round_: str, codebook: Codebook) -> list[CodeFigures]:
    """Measure the agreement of a round on the codes of the codebook that two coders answered."""
    from crawler.commands.agreement import measure_votes  # numpy is loaded only here

    return [
        CodeFigures(code.code, code.figures.percent, code.figures.kappa, code.figures.alpha, code.figures.ac1)
        for code in measure_votes(review, codebook, round_)
        if code.figures.units and codebook.code(code.code)
    ]


def sample_facts(review: sqlite3.Connection, name: str) -> SampleFacts:
    """Read what the methods say of a sample."""
    sample = find_sample(review, name)
    weights = [unit.weight for unit in sample_units(review, sample.id)]
    return SampleFacts(
        name=name,
        drawn=len(weights),
        frame=sample.frame_size,
        strata_by=sample.strata_by,
        strata=len(sample.strata),
        allocation=sample.allocation,
        weights=(min(weights), max(weights)),
        double=sample.double,
        undrawn=sum(one.size for one in sample.strata if not one.drawn),
        seed=sample.seed,
    )
