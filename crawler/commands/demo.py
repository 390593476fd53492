"""``clinicwatch demo``: crawl the demo web of fictional clinics and export it."""

from __future__ import annotations

from pathlib import Path

import click


@click.command
@click.option(
    "--ticks",
    type=click.IntRange(min=1),
    default=2,
    show_default=True,
    help="How many ticks of the demo's clock to crawl.",
)
@click.option("--coded", is_flag=True, help="Have a sample coded by two made-up coders and an adjudicator, too.")
def demo(*, ticks: int, coded: bool) -> None:
    """Crawl the demo web of fictional clinics, compare with the truth, export; ends by itself."""
    from demo.run_demo import code, tour

    db = Path("db/demo/corpus.db")
    folder = tour(db, range(ticks), click.echo)
    if coded:
        code(db, click.echo)
    click.echo(f"\nThe CSV files lie in {folder}; browse the corpus with: clinicwatch serve --db {db} (or make serve)")
