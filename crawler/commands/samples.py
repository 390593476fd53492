"""``clinicwatch samples``: the samples that were drawn, and how each is used: hidden, renamed, assigned to coders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crawler.clock import utc_now
from crawler.commands.options import DB
from db.coding import sample_settings
from db.coding.samples import find_sample, list_samples
from db.coding.votes_file import voting
from pipelines.model.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from db.coding.samples import FrozenSample

COMMAND = "command line"  # who made a change that no coder made


@click.group
def samples() -> None:
    """List samples; hide, rename and assign them. What was drawn never changes, and each step can be undone."""


@samples.command(name="list")
@DB
def list_(*, db: Path) -> None:
    """List the samples, the newest first."""
    with voting(db) as review:
        found = list_samples(review)
    for one in found:
        click.echo(sample_line(one))
    if not found:
        click.echo("no sample yet; draw one with `clinicwatch sample --n NUMBER`")


@samples.command
@click.argument("name")
@DB
def hide(*, db: Path, name: str) -> None:
    """Take the sample NAME out of what coders are offered; its votes stay."""
    with voting(db) as review:
        sample_settings.hide(review, find_sample(review, name).id, COMMAND, utc_now())
        click.echo(sample_line(find_sample(review, name)))


@samples.command
@click.argument("name")
@DB
def show(*, db: Path, name: str) -> None:
    """Offer the sample NAME to coders again."""
    with voting(db) as review:
        sample_settings.hide(review, find_sample(review, name).id, COMMAND, utc_now(), hidden=False)
        click.echo(sample_line(find_sample(review, name)))


@samples.command
@click.argument("name")
@click.argument("new")
@DB
def rename(*, db: Path, name: str, new: str) -> None:
    """Show the sample NAME as NEW; both names lead to it."""
    with voting(db) as review:
        sample = find_sample(review, name)
        sample_settings.rename(review, sample.id, COMMAND, utc_now(), new)
        click.echo(sample_line(find_sample(review, sample.name)))


@samples.command
@click.argument("name")
@click.option("--coder", "coders", multiple=True, metavar="NAME", help="A pseudonym; may be given again.")
@click.option("--everybody", is_flag=True, help="All coders of the team share it, as at first.")
@DB
def assign(*, db: Path, name: str, coders: tuple[str, ...], everybody: bool) -> None:
    """Give the sample NAME to some coders: what is coded twice is each one's, the rest is shared out among them."""
    if bool(coders) == everybody:
        raise UsageError("name who codes it with --coder NAME, or say --everybody")
    with voting(db) as review:
        sample_settings.assign(review, find_sample(review, name).id, COMMAND, utc_now(), coders)
        click.echo(sample_line(find_sample(review, name)))


@samples.command
@click.argument("name")
@DB
def undo(*, db: Path, name: str) -> None:
    """Take back the last change of the sample NAME, then the one before it."""
    with voting(db) as review:
        sample = find_sample(review, name)
        if not sample_settings.undo_last(review, sample.id, COMMAND, utc_now()):
            raise UsageError(f"{name}: no change is left to take back")
        click.echo(sample_line(find_sample(review, sample.name)))


def sample_line(sample: FrozenSample) -> str:
    """Write a sample as a line: name, size, day, whose it is."""
    whose = ", ".join(sample.settings.coders) or "everybody"
    drawn = sum(one.drawn for one in sample.strata)
    parts = [f"{sample.title:<32}{drawn:>6} texts  {sample.at[:10]}  assigned to {whose}"]
    parts += [f"drawn as {sample.name}"] if sample.title != sample.name else []
    parts += ["hidden"] if sample.settings.hidden else []
    return ", ".join(parts)
