"""The commands that keep a corpus watched: watch, schedule, changes, digest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crawler.cli_options import CONTACT, DB, SEEDS, SETTINGS, SITE, Every

if TYPE_CHECKING:
    from datetime import timedelta
    from pathlib import Path


@click.command(short_help="Crawl again and again.")
@click.option("--every", type=Every(), default="1d", show_default=True, help="From one crawl's begin to the next.")
@SEEDS
@SITE
@CONTACT
@SETTINGS
@DB
def watch(
    *,
    db: Path,
    every: timedelta,
    seeds: Path | None,
    site: str | None,
    contact: str | None,
    settings: tuple[str, ...],
) -> None:
    """Crawl what is due, wait, and do it again until it is stopped; made for a container.

    When the next crawl begins is read from the corpus, so that a watch that was killed goes on where it was.
    """
    from crawler.watch import Watched, watched
    from crawler.watch import watch as watch_corpus

    told = watched(settings, contact, Watched(db, seeds, site))
    watch_corpus(told, every, lambda line: click.echo(line, err=True))


COMMANDS = (watch,)
