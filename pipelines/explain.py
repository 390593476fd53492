"""What was read from one page, and why: the words with which a user reports a bad page."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pipelines.classify import page_type, topic
from pipelines.metadata.page_metadata import Metadata, parse_metadata
from pipelines.reading import charset, dom
from pipelines.reading.read import READER, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipelines.model.records import Block, Reading

SHOWN = 200  # characters of a line
ONCE = ("main", "other", "chrome")


def explain(body: bytes, url: str, content_type: str | None, model: topic.TopicModel) -> str:
    """Write down what a page says to us: facts and dates with their places, type and topic with reasons, every line.

    The text is the page's alone: lines of the site's frame are taken out later, when all its pages are known.
    """
    reading = read(body, url, content_type)
    tree = dom.parse(charset.decode(body, content_type))
    meta = Metadata() if tree is None else parse_metadata(tree, url)
    kind, reasons = page_type.classify(url, meta, reading.text, reading.headings)
    told = topic.score(model, reading.title or "", reading.text, reading.headings, url)
    sections = [
        ("page", [f"address      {url}", f"read by      {READER}", *facts_of(reading)]),
        ("dates that the page states", dates_of(meta)),
        ("what it says of the advertiser", facts_of_advertiser(meta)),
        (f"page type: {kind}", reasons or ["no sign of another type"]),
        (f"topic: {told.verdict} ({told.score:.2f})", told.reasons),
        *lines_of(reading.blocks),
    ]
    return "\n\n".join(section(title, lines) for title, lines in sections if lines)


def section(title: str, lines: Iterable[str]) -> str:
    """Write a section: its title, and its lines indented."""
    return "\n".join([title, *(f"  {line}" for line in lines)])


def facts_of(reading: Reading) -> list[str]:
    """Name what was read in single values, the missing ones left out."""
    values = {
        "title": reading.title,
        "author": reading.author,
        "published": reading.published and f"{reading.published} (from {reading.published_source})",
        "modified": reading.modified,
        "language": reading.language,
        "canonical": reading.canonical_url,
        "site name": reading.site_name,
        "description": reading.description,
        "words": f"{reading.words} in {len(reading.text.splitlines())} lines",
        "links": str(len(reading.links)),
    }
    return [f"{name:<12} {value}" for name, value in values.items() if value]


def dates_of(meta: Metadata) -> list[str]:
    """Name every date that was found, with its place and trust; the one that was taken is among the facts."""
    return [f"{date.value:<26}{date.kind:<11}from {date.source} (trust {date.trust:g})" for date in meta.dates]


def facts_of_advertiser(meta: Metadata) -> list[str]:
    """Name the advertiser's name, address, phone and place as the page gives them."""
    return [f"{fact.field:<9}{fact.value}  (from {fact.source}, trust {fact.trust:g})" for fact in meta.facts]


def lines_of(blocks: Iterable[Block]) -> Iterator[tuple[str, list[str]]]:
    """Group the visible lines of a page by place: main text, other text, frame, each rule that dropped some."""
    by_place: dict[str, list[str]] = defaultdict(list)
    for block in blocks:
        by_place[block.region].append(f"[{block.kind}] {shorten(block.text)}")
    rules = [place for place in by_place if place not in ONCE]
    titles = {"main": "main text", "other": "other visible text", "chrome": "the frame of the page, left out"}
    for place in ("main", *rules, "other", "chrome"):
        if place in by_place:
            title = titles.get(place, f"left out of the main text: {place}")
            yield f"{title} ({len(by_place[place])} lines)", by_place[place]


def shorten(line: str) -> str:
    """Cut a long line."""
    return line if len(line) <= SHOWN else f"{line[:SHOWN]}…"
