"""``clinicwatch events``: dated events that the claims of advertisers are held against, entered and listed."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from crawler.clock import utc_now
from crawler.commands.options import DB, PATH
from db.coding.events import (
    Event,
    EventError,
    EventKind,
    add_events,
    advertiser_finder,
    check_event,
    list_events,
    parse_events,
    retract,
)
from db.coding.team import SINGLE_CODER
from db.coding.votes_file import review_path, voting
from db.corpus.connection import reading

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from db.coding.events import AddedEvents, StoredEvent

BY = click.option("--by", default=SINGLE_CODER, show_default=True, metavar="NAME", help="Pseudonym of who enters it.")


@click.group
def events() -> None:
    """Enter and list dated events: warning letters, rules, enquiries of ours.

    The page /-/events of `clinicwatch serve` holds the claims of advertisers against them.
    """


@events.command
@click.option("--date", "day", required=True, metavar="DAY", help="When it happened, such as 2026-11-30.")
@click.option("--kind", required=True, type=click.Choice([kind.value for kind in EventKind]), help="What it is.")
@click.option("--title", required=True, help="What it is called.")
@click.option("--advertiser", default="", metavar="DOMAIN", help="Whom it concerns. Default: all advertisers.")
@click.option("--url", default="", metavar="URL", help="Where it is documented.")
@click.option("--note", default="", help="A note for the team.")
@BY
@DB
def add(*, db: Path, day: str, kind: str, title: str, advertiser: str, url: str, note: str, by: str) -> None:
    """Enter an event."""
    typed = Event(day, kind, title, advertiser, url, note)
    with known_advertisers(db) as find:
        event = check_event(typed, find, utc_now()[:10])
    with voting(db) as review:
        click.echo(added_text(add_events(review, [event], by, utc_now())))


@events.command("import")
@click.argument("file", type=PATH)
@BY
@DB
def import_(*, db: Path, file: Path, by: str) -> None:
    """Enter the events of a CSV FILE with the columns date,kind,title and perhaps advertiser,url,note; all or none."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise EventError(f"{file}: cannot be read as UTF-8 ({error}); name a CSV file") from error
    with known_advertisers(db) as find:
        try:
            found = parse_events(text, find, utc_now()[:10])
        except EventError as error:
            raise EventError(f"{file}: {error}; nothing was stored") from error
    with voting(db) as review:
        click.echo(added_text(add_events(review, found, by, utc_now())))


@events.command("list")
@click.option("--all", "with_retracted", is_flag=True, help="Also those that were retracted.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
@DB
def list_(*, db: Path, with_retracted: bool, as_json: bool) -> None:
    """List the events that hold, the latest first."""
    with reading(db):  # a corpus that is not there is said as such
        found: list[StoredEvent] = []
    if review_path(db).is_file():
        with voting(db) as review:
            found = list_events(review, retracted=with_retracted)
    if as_json:
        click.echo(json.dumps([one._asdict() for one in found], ensure_ascii=False))
        return
    for one in found:
        click.echo(event_text(one))
    click.echo(f"{len(found)} event{'' if len(found) == 1 else 's'}" if found else "no events")


@events.command("retract")
@click.argument("number", type=click.IntRange(min=1))
@click.option("--reason", default="", help="Why it is retracted.")
@BY
@DB
def retract_(*, db: Path, number: int, reason: str, by: str) -> None:
    """Retract the event of a NUMBER: it stays stored, and is shown no more."""
    with reading(db):  # as above
        pass
    with voting(db) as review:
        retract(review, number, by, utc_now(), reason)
    click.echo(f"event {number} is retracted")


@contextmanager
def known_advertisers(db: Path) -> Iterator[Callable[[str], str]]:
    """Open the corpus to look advertisers up."""
    with reading(db) as corpus:
        connection: sqlite3.Connection = corpus
        yield advertiser_finder(connection)


def added_text(added: AddedEvents) -> str:
    """Say what was entered."""
    known = f"{added.known} {'was' if added.known == 1 else 'were'} there already" if added.known else ""
    if not added.numbers:
        return f"nothing new: {known}"
    numbers = ", ".join(map(str, added.numbers))
    entered = f"entered event{'' if len(added.numbers) == 1 else 's'} {numbers}"
    return f"{entered}; {known}" if known else entered


def event_text(one: StoredEvent) -> str:
    """Say an event in a line or two."""
    lines = [f"{one.id:>4}  {one.day}  {one.kind:<14}  {one.advertiser or 'all advertisers'}: {one.title}"]
    lines += [f"      {one.url}"] if one.url else []
    lines += [f"      {one.note}"] if one.note else []
    if one.retracted_at:
        lines.append(f"      retracted {one.retracted_at[:10]}{f': {one.reason}' if one.reason else ''}")
    return "\n".join(lines)
