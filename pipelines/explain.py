"""What was read from one page, and why: the words with which a user reports a bad page."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pipelines.classify import page_type, topic
from pipelines.metadata.page_metadata import Metadata, parse_metadata
from pipelines.reading import charset, dom
from pipelines.reading.read import READER, read

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipelines.model.records import Block, Reading

SHOWN_CHARACTERS = 200  # of a line
TITLES = {"main": "main text", "other": "other visible text", "chrome": "the frame of the page, left out"}


def explain(body: bytes, url: str, content_type: str | None, model: topic.TopicModel) -> str:
    """Write down what a page says to us: facts and dates with their sources, type and topic with reasons, every line.

    The text is the page's alone: boilerplate of the site is removed later, when all its pages are known.
    """
    reading = read(body, url, content_type)
    tree = dom.parse(charset.decode(body, content_type))
    meta = Metadata() if tree is None else parse_metadata(tree, url)
    kind, type_reasons = page_type.classify(url, meta, reading.text, reading.headings)
    relevance = topic.score(model, reading.title or "", reading.text, reading.headings, url)
    sections: dict[str, Iterable[str]] = {
        "page": [f"address      {url}", f"read by      {READER}", *_single_values(reading)],
        "dates that the page states": [
            f"{date.value:<26}{date.kind:<11}from {date.source} (trust {date.trust:g})" for date in meta.dates
        ],
        "what it says of the advertiser": [
            f"{fact.field:<9}{fact.value}  (from {fact.source}, trust {fact.trust:g})" for fact in meta.facts
        ],
        f"page type: {kind}": type_reasons or ["no sign of another type"],
        f"topic: {relevance.verdict} ({relevance.score:.2f})": relevance.reasons,
        **_lines_by_region(reading.blocks),
    }
    return "\n\n".join(
        "\n".join([title, *(f"  {line}" for line in lines)]) for title, lines in sections.items() if lines
    )


def _single_values(reading: Reading) -> list[str]:
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


def _lines_by_region(blocks: Iterable[Block]) -> dict[str, list[str]]:
    """Group the visible lines of a page: main text, what each rule took out of it, other text, chrome."""
    by_region: dict[str, list[str]] = defaultdict(list)
    for block in blocks:
        line = block.text
        shown = line if len(line) <= SHOWN_CHARACTERS else f"{line[:SHOWN_CHARACTERS]}…"
        by_region[block.region].append(f"[{block.kind}] {shown}")
    rules = [region for region in by_region if region not in TITLES]
    return {
        f"{TITLES.get(region, f'left out of the main text: {region}')} ({len(by_region[region])} lines)": by_region[
            region
        ]
        for region in ("main", *rules, "other", "chrome")
        if region in by_region
    }
