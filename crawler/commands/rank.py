"""``clinicwatch rank``: put the texts that are most probably relevant on the coders' queue, batch by batch."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

import click

from crawler.clock import utc_now
from crawler.commands.options import CODEBOOK, DB, ROUND
from crawler.engine.rule_files import read_codebook
from db.coding.votes_file import attach_corpus, voting
from pipelines.model.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from db.coding.rankings import Batch, Ranking, RankingState

MAY_STOP = 0.05


@click.command
@click.option("--name", required=True, help="Name of the ranking.")
@click.option("--code", metavar="CODE", help="Begin a ranking: a code of the codebook, or topic.")
@click.option("--batch", type=click.IntRange(min=1), default=50, show_default=True, help="Texts that are queued.")
@click.option(
    "--random-share",
    type=click.FloatRange(0, 1),
    default=0.1,
    show_default=True,
    help="Share drawn at random, for an honest estimate of recall; of a ranking that begins.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed draws the same texts.")
@click.option(
    "--recall",
    type=click.FloatRange(0.5, 0.999),
    default=0.95,
    show_default=True,
    help="Share of the relevant texts that is enough.",
)
@click.option("--state", "only_state", is_flag=True, help="Only say how far it is; queue nothing.")
@ROUND
@CODEBOOK
@DB
def rank(
    *,
    db: Path,
    name: str,
    code: str | None,
    batch: int,
    random_share: float,
    seed: int,
    recall: float,
    only_state: bool,
    round_: str,
    codebook: Path | None,
) -> None:
    """Queue the texts that are most probably relevant for a code, and say when reading may stop.

    With --code a ranking begins; each later call learns from what was decided since and queues the next batch. The
    review desk offers it as a queue of its own.
    """
    from db.coding.rankings import TOPIC, Ranking, draw_batch, find_ranking, list_rankings, new_ranking, state_of

    if find_spec("sklearn") is None:
        raise UsageError("ranking needs scikit-learn: pip install 'clinicwatch[rank]'")
    known = [TOPIC, *(one.id for one in read_codebook(codebook).codes)] if code else []
    if code and code not in known:
        raise UsageError(f"--code {code}: the codebook has no such code; there are: {', '.join(known)}")
    with voting(db) as review:
        attach_corpus(review, db)
        if code and name not in {one.name for one in list_rankings(review)}:
            new_ranking(review, Ranking(0, name, utc_now(), code, round_, seed, random_share, 0, ""))
        ranking = find_ranking(review, name)
        if code and (code, round_) != (ranking.code, ranking.round):
            raise UsageError(
                f"--name {name}: this ranking is of the code {ranking.code} in round {ranking.round};"
                " leave out --code and --round to go on with it, or choose another name"
            )
        state = state_of(review, ranking, recall)
        click.echo(state_text(ranking, state, recall))
        if only_state:
            return
        if state.waiting:
            click.echo(f"{state.waiting} texts of the last batch wait at the desk; the next one is drawn after them")
            return
        click.echo(batch_text(draw_batch(review, ranking, batch, utc_now())))


def state_text(ranking: Ranking, state: RankingState, recall: float) -> str:
    """Say how far a ranking is, and what is known of the texts that nobody has read."""
    of = f"{ranking.code}, round {ranking.round}"
    found = f"{state.decided} of {state.frame} texts decided, {state.relevant} of them relevant"
    lines = [f"ranking {ranking.name}: {of}; {found}"]
    if state.interval and state.p is not None:
        low, high = state.interval
        lines.append(f"recall so far: {low:.0%} to {high:.0%} (95 %, from the random draws alone)")
        verdict = "reading may stop" if state.p < MAY_STOP else "go on reading"
        lines.append(f"test that recall is below {recall:.0%}: p = {state.p:.3f}; {verdict}")
    return "\n".join(lines)


def batch_text(batch: Batch) -> str:
    """Say what was queued, and what its order rests on."""
    if not batch.drawn:
        return "nothing is left to read: every text of the frame is decided"
    order = f"learnt from {batch.decided} decisions" if batch.terms else "by the program's own opinion"
    queued = f"{batch.drawn} of {batch.pool} texts queued, {batch.at_random} of them at random"
    terms = f"\nwords that speak for it: {', '.join(batch.terms)}" if batch.terms else ""
    return f"batch {batch.number}: {queued}; {order}{terms}"
