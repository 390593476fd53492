"""Dated events that an advertiser's claims are held against: a warning letter, a rule, an enquiry of ours.

They are beside the votes and only ever added to: what was entered wrongly is retracted by a row of its own.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import sqlite3  # noqa: TC003
from dataclasses import astuple, dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from db.corpus.connection import atomic
from pipelines.model.errors import ClinicwatchError
from pipelines.text.encode import sanitise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["Event", "EventError", "EventKind", "StoredEvent", "add_events", "list_events", "parse_events", "retract"]

LIMITS = {"title": 300, "url": 2_000, "note": 2_000}  # characters
COLUMNS = ("date", "kind", "title", "advertiser", "url", "note")  # of a file
NEEDED = COLUMNS[:3]
EVENTS = """
    SELECT events.id, events.day, events.kind, events.title, events.advertiser, events.url, events.note, events.coder,
        events.at, retracted.at AS retracted_at, retracted.coder AS retracted_by, retracted.note AS reason
    FROM events LEFT JOIN event_retractions AS retracted ON retracted.event = events.id
    ORDER BY events.day DESC, events.id DESC
"""
ADVERTISERS = """
    SELECT DISTINCT advertiser FROM {schema}sites WHERE :name IN (advertiser, host)
    UNION SELECT sites.advertiser FROM {schema}hosts JOIN {schema}sites ON sites.id = hosts.site
        WHERE hosts.host = :name
"""


class EventError(ClinicwatchError):
    """Raised for an event that cannot be entered or retracted; its text is one line, and nothing was stored."""

    exit_code = 2


class EventKind(StrEnum):
    """What kind of event it is."""

    WARNING_LETTER = "warning letter"
    RULE = "rule"
    OUR_ENQUIRY = "our enquiry"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Event:
    """A dated event; ``day`` is YYYY-MM-DD, an empty advertiser means all of them."""

    day: str
    kind: str
    title: str
    advertiser: str = ""
    url: str = ""
    note: str = ""


class StoredEvent(NamedTuple):
    """An event as it is stored, with its retraction where there is one."""

    id: int
    day: str
    kind: str
    title: str
    advertiser: str
    url: str
    note: str
    coder: str
    at: str
    retracted_at: str | None
    retracted_by: str | None
    reason: str | None


class AddedEvents(NamedTuple):
    """The numbers of events that were entered, and how many of those asked for were there already."""

    numbers: list[int]
    known: int


def check_event(event: Event, find_advertiser: Callable[[str], str], today: str) -> Event:
    """Give an event with its advertiser as the corpus names it; raises :class:`EventError` with one line.

    >>> check_event(Event("2026-02-30", "rule", "A rule"), str, "2026-12-01")
    Traceback (most recent call last):
    db.coding.events.EventError: '2026-02-30' is no date; write YYYY-MM-DD, such as 2026-11-30
    """
    day, kind, title, advertiser, url, note = ((sanitise(text) or "").strip() for text in astuple(event))
    try:
        is_date = bool(re.fullmatch(r"\d{4}-\d\d-\d\d", day, re.ASCII)) and bool(date.fromisoformat(day))
    except ValueError:
        is_date = False
    if not is_date:
        raise EventError(f"{day!r} is no date; write YYYY-MM-DD, such as 2026-11-30")
    if day > today:
        raise EventError(f"{day} is in the future; an event has happened")
    if kind not in set(EventKind):
        raise EventError(f"{kind!r} is no kind of event; one of: {', '.join(EventKind)}")
    if not title:
        raise EventError("an event needs a title")
    for name, text in (("title", title), ("url", url), ("note", note)):
        if len(text) > LIMITS[name]:
            raise EventError(f"the {name} has more than {LIMITS[name]} characters")
    if url and not (urlsplit(url).scheme in {"http", "https"} and urlsplit(url).hostname):
        raise EventError(f"{url!r} is no web address; write it with https://")
    return Event(day, kind, " ".join(title.split()), find_advertiser(advertiser) if advertiser else "", url, note)


def advertiser_finder(db: sqlite3.Connection, schema: str = "") -> Callable[[str], str]:
    """Give the function that finds an advertiser of the corpus by its domain or a host of it, or raises.

    ``schema`` is ``corpus.`` where the corpus is attached.
    """

    def find(name: str) -> str:
        bare = name.lower().partition("://")[2] or name.lower()
        host = bare.split("/")[0].removeprefix("www.")
        row = db.execute(ADVERTISERS.format(schema=schema), {"name": host}).fetchone()
        if row is None:
            raise EventError(f"{name!r} is no advertiser of this corpus; name its domain, or none for all advertisers")
        return str(row[0])

    return find


def add_events(db: sqlite3.Connection, events: Sequence[Event], coder: str, at: str, decision: str = "") -> AddedEvents:
    """Store checked events, all or none; one that is there already, word for word, is not stored again.

    ``decision`` names a form of a browser: with it, the same words may be entered anew after a retraction.
    """
    numbers, known = [], 0
    with atomic(db):
        standing = {one[1:7] for one in list_events(db)}
        for event in events:
            if astuple(event) in standing:
                known += 1
                continue
            standing.add(astuple(event))
            name = decision or hashlib.sha256(repr((at, coder, astuple(event))).encode()).hexdigest()
            sql = (
                "INSERT INTO events (at, coder, day, kind, title, advertiser, url, note, decision)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
            )
            numbers.append(int(db.execute(sql, (at, coder, *astuple(event), name)).lastrowid or 0))
    return AddedEvents(numbers, known)


def retract(db: sqlite3.Connection, number: int, coder: str, at: str, reason: str = "") -> None:
    """Retract an event; raises :class:`EventError` where there is none of this number, or it is retracted."""
    with atomic(db):
        if db.execute("SELECT 1 FROM events WHERE id = ?", (number,)).fetchone() is None:
            raise EventError(f"there is no event {number}; `clinicwatch events list` has their numbers")
        if db.execute("SELECT 1 FROM event_retractions WHERE event = ?", (number,)).fetchone():
            raise EventError(f"event {number} is retracted already")
        row = (number, at, coder, (sanitise(reason) or "")[: LIMITS["note"]])
        db.execute("INSERT INTO event_retractions (event, at, coder, note) VALUES (?, ?, ?, ?)", row)


def list_events(db: sqlite3.Connection, *, retracted: bool = False) -> list[StoredEvent]:
    """Give the events that hold, the latest day first; ``retracted`` gives those that do not as well."""
    found = [StoredEvent(*row) for row in db.execute(EVENTS)]
    return [one for one in found if retracted or one.retracted_at is None]


def public_events(events: Sequence[StoredEvent]) -> list[StoredEvent]:
    """Give what strangers may know of events: no enquiry of ours, no note, nobody's name."""
    return [one._replace(note="", coder="") for one in events if one.kind != EventKind.OUR_ENQUIRY]


def parse_events(text: str, find_advertiser: Callable[[str], str], today: str) -> list[Event]:
    """Read events out of CSV with the columns ``date,kind,title`` and perhaps ``advertiser,url,note``.

    Raises :class:`EventError` with the line of the first mistake.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        return list(_events_in(reader, find_advertiser, today))
    except (EventError, csv.Error) as error:
        raise EventError(f"line {max(reader.line_num, 1)}: {error}") from error


def _events_in(reader: csv.DictReader[str], find_advertiser: Callable[[str], str], today: str) -> Iterator[Event]:
    names = [(name or "").strip() for name in reader.fieldnames or ()]
    missing = [name for name in NEEDED if name not in names]
    unknown = [name for name in names if name not in COLUMNS]
    if missing or unknown:
        problem = f"column {missing[0]!r} is missing" if missing else f"there is no column {unknown[0]!r}"
        raise EventError(f"{problem}; the columns are {','.join(COLUMNS)}")
    reader.fieldnames = names
    count = 0
    for row in reader:
        if any(name not in COLUMNS for name in row):
            raise EventError("more cells than columns")
        values = {name: row.get(name) or "" for name in COLUMNS}
        if any(value.strip() for value in values.values()):
            day = values.pop("date")
            yield check_event(Event(day, **values), find_advertiser, today)
            count += 1
    if not count:
        raise EventError("there is no event in the file")
