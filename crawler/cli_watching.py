"""The commands that keep a corpus watched: watch, schedule, changes, digest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crawler.cli_options import CONTACT, DB, PATH, SEEDS, SETTINGS, SITE, Every

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


@click.command(short_help="Write what a scheduler needs.")
@click.argument("kind", type=click.Choice(["cron", "systemd", "github"]))
@click.option("--every", type=Every(), default="1d", show_default=True, help="1h, 2h, 3h, 4h, 6h, 8h, 12h, 1d or 1w.")
@click.option("--at", "at", default="03:15", show_default=True, metavar="HH:MM", help="When crawls begin.")
@click.option("--user", default="", metavar="NAME", help="Who runs the crawl. Default: you.")
@click.option("--into", "folder", type=PATH, metavar="FOLDER", help="Write files there. Default: print them.")
@CONTACT
@DB
def schedule(
    *, kind: str, db: Path, every: timedelta, at: str, user: str, folder: Path | None, contact: str | None
) -> None:
    """Write a cron line, a systemd service and timer, or a GitHub Actions workflow, with the paths of this machine."""
    from crawler.scheduling import generate

    asked = {"every": every, "at": at, "user": user, "contact": contact}
    for line in generate(kind, db, asked, folder):
        click.echo(line)


COMMANDS = (watch, schedule)
