"""The commands that keep a corpus watched: watch, schedule, changes, digest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from crawler.commands.options import CONTACT, DB, PATH, SEEDS, SETTINGS, SITE, Every
from pipelines.model.records import ChangeKind

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
    from crawler.watch.watch import Watched, watched
    from crawler.watch.watch import watch as watch_corpus

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
    from crawler.commands.schedule_files import generate

    asked = {"every": every, "at": at, "user": user, "contact": contact}
    for line in generate(kind, db, asked, folder):
        click.echo(line)


@click.command(short_help="List what changed.")
@click.option("--since", metavar="WHEN", help="A date (2026-11-01) or a length of time (7d). Default: the last crawl.")
@click.option("--site", metavar="HOST", help="Only changes of this site.")
@click.option("--kind", type=click.Choice([kind.value for kind in ChangeKind]), help="Only changes of this kind.")
@click.option("--limit", type=click.IntRange(min=1), default=25, show_default=True, help="At most so many.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
@DB
def changes(*, db: Path, since: str | None, site: str | None, kind: str | None, limit: int, as_json: bool) -> None:
    """List what changed, what matters most first; the same edit on many pages is one line."""
    from crawler.commands.changes import asked_of, change_json, change_text, list_changes

    found, count = list_changes(db, asked_of(since, site, kind), limit)
    if as_json:
        click.echo(json.dumps({"count": count, "changes": [change_json(change) for change in found]}))
        return
    for change in found:
        click.echo(change_text(change))
    click.echo(f"{len(found)} of {count} changes" if count else "nothing changed")


@click.command(short_help="Write or send what changed as a letter.")
@click.option("--since", metavar="WHEN", help="A date or a length of time. Default: what no digest told yet.")
@click.option("--html", "as_html", is_flag=True, help="Print HTML instead of Markdown.")
@click.option("--send", is_flag=True, help="Send what no digest told yet to the addresses in CLINICWATCH_NOTIFY.")
@DB
def digest(*, db: Path, since: str | None, as_html: bool, send: bool) -> None:
    """Write what changed as Markdown or HTML, or send it by mail, chat or webhook."""
    from crawler.commands.changes import digest_since, send_digest
    from crawler.notify.digest import html, markdown

    if send and (since or as_html):
        raise click.UsageError("--send tells what no digest told yet; it goes with neither --since nor --html")
    if send:
        click.echo(send_digest(db))
    else:
        click.echo((html if as_html else markdown)(digest_since(db, since)), nl=False)


COMMANDS = (watch, schedule, changes, digest)
