"""The changes as an Atom feed (RFC 4287): an entry a change, its id the same however often the feed is made."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from markupsafe import Markup

from db.datasette.wording import clean_xml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from db.corpus.changes import Change
    from db.datasette.changes import Row
    from db.datasette.diffs import Line

ATOM = "http://www.w3.org/2005/Atom"
NEVER = "1970-01-01T00:00:00+00:00"  # a feed without an entry has to say when it was updated, too
TAGS = {"added": "ins", "removed": "del"}


def feed_of(rows: Iterable[Row], here: str, title: str, link: Callable[[Change], str]) -> bytes:
    """Write the feed; ``here`` is its own address, ``link`` gives the address of a change's page."""
    rows = list(rows)
    root = ET.Element("feed", xmlns=ATOM)
    _child(root, "id", here)
    _child(root, "title", title)
    _child(root, "updated", max((row.change.at for row in rows), default=NEVER))
    ET.SubElement(root, "link", rel="self", href=here, type="application/atom+xml")
    _child(_child(root, "author"), "name", "clinicwatch")
    for row in rows:
        _entry(root, row, link(row.change))
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode").encode()


def _entry(root: ET.Element, row: Row, href: str) -> None:
    change = row.change
    entry = _child(root, "entry")
    _child(entry, "id", entry_id(change))
    _child(entry, "title", headline(change))
    _child(entry, "updated", change.at)
    ET.SubElement(entry, "link", rel="alternate", href=href, type="text/html")
    ET.SubElement(entry, "category", term=change.kind)
    for cue in change.cues:
        ET.SubElement(entry, "category", term=clean_xml(cue))
    _child(entry, "content", str(content(row))).set("type", "html")


def entry_id(change: Change) -> str:
    """Name a change for good (RFC 4151): by the host, the day, and what happened to which page in which crawl.

    The number of its row may change where the passes run anew; this does not.
    """
    return (
        f"tag:{change.host},{change.at[:10]}:clinicwatch/{change.page}/{change.crawl}/{change.kind.replace(' ', '-')}"
    )


def headline(change: Change) -> str:
    """Say what changed in one line."""
    pages = f" ({change.pages} pages)" if change.pages > 1 else ""
    return f"{change.host}: {change.kind}: {change.summary or change.title or change.url}{pages}"


def content(row: Row) -> Markup:
    """Write what changed as HTML; everything crawled in it is escaped."""
    change = row.change
    lines = Markup().join(Markup("<p>{}</p>").format(_marked(line)) for line in row.lines)
    reasons = Markup().join(Markup("<li>{}</li>").format(reason) for reason in change.reasons)
    return Markup("<p>{}</p>{}<ul>{}</ul>").format(change.url, lines, reasons)


def _marked(line: Line) -> Markup:
    return Markup(" ").join(
        Markup(f"<{TAGS[kind]}>{{}}</{TAGS[kind]}>").format(text) if kind in TAGS else Markup("{}").format(text)  # noqa: S704 - the tag is ours
        for kind, text in line.words
    )


def _child(parent: ET.Element, name: str, text: str = "") -> ET.Element:
    child = ET.SubElement(parent, name)
    child.text = clean_xml(text) or None
    return child
