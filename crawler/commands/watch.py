"""``clinicwatch watch`` and ``clinicwatch schedule``: crawl on a schedule, in a loop of ours or by a scheduler."""

from __future__ import annotations

import getpass
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.commands.options import CONTACT, DB, PATH, SEEDS, SETTINGS, SITE, Every
from crawler.engine.rule_files import SEEDS as SEEDS_FOLDER
from crawler.http.politeness import NO_CONTACT, parse_contact
from crawler.watch.unit_files import FILES, Installation, parse_at, schedule_files, write_files
from pipelines.model.errors import ClinicwatchError, UsageError

if TYPE_CHECKING:
    from datetime import timedelta

USER = re.compile(r"[a-z_][a-z0-9_-]*\$?")  # what useradd allows


@click.command
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
    from crawler.watch.watch import check_watch  # loads what a crawl needs
    from crawler.watch.watch import watch as watch_corpus

    watch_corpus(check_watch(db, seeds, site, contact, settings), every, lambda line: click.echo(line, err=True))


@click.command
@click.argument("kind", type=click.Choice([*FILES]))
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
    contact = contact or os.environ.get("CLINICWATCH_CONTACT") or ""
    if not contact:
        raise UsageError(NO_CONTACT)
    user = user or getpass.getuser()
    if not USER.fullmatch(user):
        raise UsageError(f"{user!r}: no name of a user")
    try:
        installation = Installation(
            folder=SEEDS_FOLDER.parent,
            command=Path(sys.executable).parent / "clinicwatch",  # pip put it beside the Python that runs this
            db=db.absolute(),
            user=user,
            contact=parse_contact(contact),
            every=every,
            at=parse_at(at),
        )
        files = schedule_files(kind, installation)
    except ValueError as error:
        raise UsageError(str(error)) from error
    if folder is None:
        for name, text in files.items():
            click.echo((f"# {name}\n{text}" if len(files) > 1 else text).rstrip("\n"))
        return
    try:
        for path in write_files(files, folder):
            click.echo(path)
    except FileExistsError as error:
        raise ClinicwatchError(f"{error.filename}: exists already; name another folder with --into") from error
    except OSError as error:
        raise ClinicwatchError(f"{error.filename}: cannot be written: {error.strerror}") from error
