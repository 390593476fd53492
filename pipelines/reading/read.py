"""What one page says: ``body | decode | parse | metadata | blocks | main text | regions -> Reading``.

A pure function of bytes, URL and content type, the only one that reads a page: crawl, WARC import and rebuild give the
same answer. It never raises: a page that cannot be read is an empty or partial Reading, and the run goes on.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pipelines.classify import page_type
from pipelines.metadata import business
from pipelines.metadata.page_metadata import Metadata, parse_metadata
from pipelines.metadata.prices import PriceLine, find_prices
from pipelines.model.page_types import PageType
from pipelines.model.records import Block, Reading
from pipelines.reading import blocks, charset, details, dom, extract, feeds, main_text, regions
from pipelines.reading.visible_hash import visible_hash
from pipelines.text import urls
from pipelines.text.normalise import normalise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date


__all__ = ["READER", "read", "visible_hash"]

READER = f"{extract.EXTRACTOR}; reader 9; blocks {main_text.model_id()}"
MAX_BODY = 10_000_000
WORD = re.compile(r"\w+")
SCRIPT = re.compile(r"(?i)<(script|style|noscript|template|head)\b")
TAG = re.compile(r"<[^<>]*>")


def read(body: bytes, url: str, content_type: str | None = None, day: date | None = None) -> Reading:
    """Read one page; the body is inflated already. Never raises.

    ``day`` is that of the fetch: no date of the page is later.
    """
    body = body[:MAX_BODY]
    if feeds.is_binary(body):
        return Reading(text="")
    html = charset.decode(body, content_type)
    try:
        if feeds.is_json(html, content_type):
            return _read_feed(feeds.read_json(html))
        if feeds.is_feed(html):
            return _read_feed(feeds.read_feed(html))
        return _read_page(html, url, day)
    except Exception as error:  # noqa: BLE001  # one page in many thousands: its bare text is better than no row
        note = Block(f"{type(error).__name__}: {error}", "note", "reading failed, so its bare text was taken whole")
        return _reading(_bare_lines(html), Metadata(), blocks=(note,))


def _read_feed(feed: feeds.Feed) -> Reading:
    trees = filter(lambda tree: tree is not None, map(dom.parse, feed.texts))
    lines = []
    for tree in trees:
        dom.prune(tree)
        lines += [line for segment in blocks.segments(tree) for line in segment.text.split("\n")]
    return _reading(lines, Metadata(title=feed.title), page_type=PageType.FEED)


def _read_page(html: str, url: str, day: date | None) -> Reading:
    tree = dom.parse(html)
    if tree is None or not len(tree):
        return _reading(_bare_lines(html), Metadata())
    meta = parse_metadata(tree, url, day)
    controls = regions.control_blocks(tree)
    beside_words = details.read_details(tree, url)
    hidden = dom.prune(tree)
    selection = extract.select_main_text(tree, url, meta)
    page_blocks = (*regions.page_blocks(selection, meta.title), *controls)
    lines = [block.text for block in page_blocks if block.region == "main"]
    headings = regions.headings(selection.segments)
    return _reading(
        lines if selection.segments else _bare_lines(html),
        meta,
        page_type=page_type.classify(url, meta, "\n".join(lines), headings)[0],
        headings=headings,
        other_text="\n".join(block.text for block in page_blocks if block.region == "other"),
        boilerplate="\n".join(block.text for block in page_blocks if block.region == "chrome" and not block.linked),
        menu="\n".join(block.text for block in page_blocks if block.region == "chrome" and block.linked),
        hidden="\n".join(segment.text for element in hidden for segment in blocks.segments(element)),
        blocks=page_blocks,
        alternatives=regions.alternatives(tree),
        details=beside_words,
        facts=_facts(meta, url, page_blocks),
        prices=_prices(page_blocks, beside_words),
    )


def _prices(
    page_blocks: Sequence[Block], beside_words: Sequence[tuple[str, tuple[str, ...]]]
) -> tuple[dict[str, Any], ...]:
    """Find the sums in the main text and in the other visible text, each placed in the text of its region."""
    sizes = {"text": 0, "other_text": 0}
    lines = []
    for block in page_blocks:
        region = {"main": "text", "other": "other_text"}.get(block.region)
        if region:
            lines.append(PriceLine(block.text, block.kind, region, sizes[region]))
            sizes[region] += len(block.text) + 1
    struck = next((found for region, found in beside_words if region == "struck"), ())
    return tuple(price._asdict() for price in find_prices(lines, struck))


def _facts(meta: Metadata, url: str, page_blocks: Sequence[Block]) -> tuple[tuple[str, str, str, float], ...]:
    """Put together what a page states of its advertiser: in its data, and in its visible lines."""
    regions: dict[str, list[str]] = {"chrome": [], "main": [], "other": []}
    for block in page_blocks:
        regions[block.region if block.region in regions else "other"] += block.text.split("\n")
    host = urls.bare_host(urlsplit(url).hostname or "")
    found = (*meta.facts, *business.text_facts(regions, meta.name_signs, host, meta.title))
    return tuple(dict.fromkeys((fact.field, fact.value, fact.source, fact.trust) for fact in found))


def _bare_lines(html: str) -> list[str]:
    """Read the text of what libxml2 gives up on (200,000 nested elements): better unsorted than lost."""
    text = unescape(TAG.sub("\n", "\n".join(_outside_scripts(html))))
    return [line for raw in text.split("\n") if (line := normalise(raw))]


def _outside_scripts(html: str) -> Iterator[str]:
    """Give what stands between scripts, styles and the like; what such a one without an end holds may be text."""
    after, endless = 0, set[str]()
    for start in SCRIPT.finditer(html):
        name = start[1].lower()
        if start.start() < after or name in endless:
            continue
        if end := re.compile(rf"(?i)</{name}\s*>").search(html, start.end()):
            yield html[after : start.start()]
            after = end.end()
        else:
            endless.add(name)  # nor has any further one an end: a page of nothing but starts is searched once
    yield html[after:]


def _reading(lines: Sequence[str], meta: Metadata, **of_page: Any) -> Reading:
    text = "\n".join(lines)
    return Reading(
        text=text,
        words=len(WORD.findall(text)),
        title=meta.title,
        author=meta.author,
        published=meta.published,
        published_source=meta.published_source,
        modified=meta.modified,
        language=meta.language,
        canonical_url=meta.canonical_url,
        links=meta.links,
        description=meta.description,
        site_name=meta.site_name,
        structured=meta.structured,
        titles=meta.titles,
        descriptions=meta.descriptions,
        data=meta.data,
        noindex=meta.noindex,
        noarchive=meta.noarchive,
        nofollow=meta.nofollow,
        tdm_reserved=meta.tdm_reserved,
        **of_page,
    )
