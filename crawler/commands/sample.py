"""``clinicwatch sample``: draw a sample of the corpus and freeze it: frame | draw | freeze."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import click

from crawler.clock import utc_now
from crawler.commands.options import DB
from db.coding.samples import FrozenSample, SampleUnit, find_sample, frame_query, freeze, read_frame
from db.coding.votes_file import voting
from db.corpus.connection import reading
from pipelines.coding.sample import ALLOCATIONS, PROPORTIONAL, Allocation, Unit, draw
from pipelines.model.errors import CorpusError, UsageError
from pipelines.text.encode import dump

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from db.coding.samples import FrameLine, FrozenStratum
    from pipelines.coding.sample import Drawn, Sample, Stratum


class SampleRequest(NamedTuple):
    """A sample to draw: its name, its size, when (UTC), and how.

    ``per`` says what a unit is (``family`` or ``text``), ``double`` the share that a second coder codes (0 to 1),
    ``by`` the columns of the strata, ``page_types`` the kinds of page to draw from, all where there are none.
    ``allocation`` shares the draws among the strata; ``undrawn`` accepts strata without one.
    """

    name: str
    n: int
    at: str
    seed: int = 1
    per: str = "family"
    double: float = 1.0
    by: tuple[str, ...] = ()
    page_types: tuple[str, ...] = ()
    allocation: Allocation = PROPORTIONAL
    undrawn: bool = False


@click.command
@click.option("--n", type=click.IntRange(min=1), required=True, help="How many texts.")
@click.option("--by", default="", metavar="COLUMNS", help="Strata, such as state,page_type.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed draws the same sample.")
@click.option("--name", help="Name of the sample. Default: made of size, strata and seed.")
@click.option(
    "--double",
    type=click.FloatRange(0, 1),
    default=1.0,
    show_default=True,
    help="Share that a second coder codes as well.",
)
@click.option(
    "--per",
    type=click.Choice(["family", "text"]),
    default="family",
    show_default=True,
    help="What a unit is: a family of near copies, or each text.",
)
@click.option("--page-type", "page_types", multiple=True, help="Only this kind of page; may be given again.")
@click.option(
    "--allocation",
    type=click.Choice(ALLOCATIONS),
    help="How draws are shared among strata. Default: proportional, or with --min minimum.",
)
@click.option("--min", "minimum", type=click.IntRange(min=1), help="Draws that each stratum has at least.")
@click.option("--undrawn", is_flag=True, help="Accept strata without a draw: nothing can be estimated of them.")
@DB
def sample(
    *,
    db: Path,
    n: int,
    by: str,
    seed: int,
    name: str | None,
    double: float,
    per: str,
    page_types: tuple[str, ...],
    allocation: str | None,
    minimum: int | None,
    undrawn: bool,
) -> None:
    """Draw a stratified random sample of what is on the topic and freeze it; the review desk follows it."""
    columns = tuple(column.strip() for column in by.split(",") if column.strip())
    name = name or "-".join([str(n), *(columns or ["all"]), f"seed{seed}"])
    how = asked_allocation(allocation, minimum)
    request = SampleRequest(name, n, utc_now(), seed, per, double, columns, page_types, how, undrawn)
    drawn = draw_sample(db, request)
    click.echo(sample_text(drawn))
    if undrawn_strata(drawn.strata):
        click.echo(f"clinicwatch: note: {undrawn_text(drawn.strata)}", err=True)


def asked_allocation(kind: str | None, minimum: int | None) -> Allocation:
    """Read how draws are to be shared; raises :class:`UsageError` for options that contradict each other."""
    if minimum is not None and kind not in {None, "minimum"}:
        raise UsageError(f"--min {minimum}: an allocation by minimum; leave out --allocation {kind}")
    if kind == "minimum" and minimum is None:
        raise UsageError("--allocation minimum: say how many draws each stratum has at least, with --min")
    return Allocation("minimum", minimum) if minimum is not None else Allocation(kind or "proportional")


def undrawn_strata(strata: Sequence[FrozenStratum | Stratum]) -> list[FrozenStratum | Stratum]:
    """Give the strata without a draw."""
    return [one for one in strata if not one.drawn]


def undrawn_text(strata: Sequence[FrozenStratum | Stratum]) -> str:
    """Say which share of the frame has no draw."""
    left, size = undrawn_strata(strata), sum(one.size for one in strata)
    units = sum(one.size for one in left)
    return (
        f"{len(left)} of {len(strata)} strata have no draw: {units} of {size} units of the frame ({units / size:.0%}),"
        " of which nothing can be estimated"
    )


def draw_sample(db: Path, request: SampleRequest) -> FrozenSample:
    """Draw a stratified sample of what the corpus holds on the topic, one unit a family or a text, and freeze it.

    Raises :class:`pipelines.model.errors.UsageError` for a column that a frame is not divided by, a name that is taken
    or fewer draws than strata, unless that is accepted; :class:`CorpusError` for an empty frame.
    """
    query = frame_query(request.by, request.page_types, per=request.per)
    with reading(db) as corpus:
        frame = read_frame(corpus, query)
    if not frame:
        raise CorpusError(f"{db}: nothing to draw from: no document on the topic is of this kind")
    units = [Unit(line.unit, line.stratum, line.pages) for line in frame]
    drawn = draw(units, request.n, seed=request.seed, double=request.double, allocation=request.allocation)
    needed = min(request.allocation.needed([one.size for one in drawn.strata]), drawn.frame_size)
    if request.n < needed and not request.undrawn:
        raise UsageError(too_few_text(request, drawn, needed))
    lines = {line.unit: line for line in frame}
    drawn_units = [sample_unit(unit, lines[unit.key]) for unit in drawn.units]
    facts = {
        "name": request.name,
        "at": request.at,
        "asked": request.n,
        "double": request.double,
        "allocation": str(request.allocation),
        "seed": drawn.seed,
        "strata_by": dump(list(request.by)),
        "query": f"{query.sql} -- with {dump(list(query.values))}" if query.values else query.sql,
        "frame_size": drawn.frame_size,
        "frame_hash": drawn.frame_hash,
        "strata": dump([[stratum.values, stratum.size, stratum.drawn] for stratum in drawn.strata]),
    }
    with voting(db) as review:
        freeze(review, facts, drawn_units)
        return find_sample(review, request.name)


def sample_unit(drawn: Drawn, line: FrameLine) -> SampleUnit:
    """Join a drawn unit with where its text stands."""
    return SampleUnit(
        place=drawn.place,
        unit=drawn.key,
        page=line.page,
        url=line.url,
        advertiser=line.advertiser,
        pages=line.pages,
        stratum=drawn.stratum,
        weight=drawn.weight,
        double=drawn.double,
    )


def too_few_text(request: SampleRequest, drawn: Sample, needed: int) -> str:
    """Say why a sample is not drawn that is too small for its strata, and what to do."""
    why = f"--n {request.n}: {undrawn_text(drawn.strata)}"
    if not undrawn_strata(drawn.strata):
        why = f"--n {request.n}: too few for {request.allocation}"
    return f"{why}; draw {needed} or more, divide by fewer columns, or accept it with --undrawn"


def sample_text(sample: FrozenSample) -> str:
    """Print a sample: its strata with their sizes, and what draws it again.

    Each stratum's weight is how many texts of the frame one drawn text stands for.
    """
    rows = [
        f"{' / '.join(value or '(none)' for value in values):<40}{size:>8}{drawn:>8}"
        + (f"{size / drawn:>9.2f}" if drawn else "     none")
        for values, size, drawn in sample.strata
    ]
    total = sum(drawn for _, _, drawn in sample.strata)
    heading = f"{' / '.join(sample.strata_by) or 'stratum':<40}{'frame':>8}{'drawn':>8}{'weight':>9}"
    last = f"{'all':<40}{sample.frame_size:>8}{total:>8}"
    source = f"sample {sample.name}, seed {sample.seed}, frame {sample.frame_hash[:16]}, frozen at {sample.at}"
    source += f", allocation {sample.allocation}" if sample.strata_by else ""
    return "\n".join([heading, *rows, last, source])
