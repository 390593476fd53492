"""What one page says: ``body | decode | parse | metadata | blocks | main text | clean | places -> Reading``.

A pure function of bytes, URL and content type, the only one that reads a page: crawl, WARC import and rebuild give the
same answer. It never raises: a page that cannot be read is an empty or partial Reading, and the run goes on.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

from pipelines.classify import page_type
from pipelines.metadata.page_metadata import Metadata, parse_metadata
from pipelines.model.page_types import PageType
from pipelines.model.records import Block, Reading
from pipelines.reading import blocks, charset, dom, extract, feeds
from pipelines.reading import main_text as choose
from pipelines.reading import regions as places
from pipelines.reading.visible_hash import visible_hash
from pipelines.text.normalise import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


__all__ = ["READER", "read", "visible_hash"]

READER = f"{extract.EXTRACTOR}; reader 6; blocks {choose.model_id()}"
MAX_BODY = 10_000_000
WORD = re.compile(r"\w+")
SCRIPT = re.compile(r"(?i)<(script|style|noscript|template|head)\b")
TAG = re.compile(r"<[^<>]*>")


def read(body: bytes, url: str, content_type: str | None = None) -> Reading:
    """Read one page; the body is inflated already. Never raises."""
    body = body[:MAX_BODY]
    if feeds.is_binary(body):
        return Reading(text="")
    html = charset.decode(body, content_type)
    try:
        return _read_text(html, url, content_type)
    except Exception as error:  # noqa: BLE001  # one page in many thousands: its bare text is better than no row
        told = Block(f"{type(error).__name__}: {error}", "note", "reading failed, so its bare text was taken whole")
        return _reading(_bare_lines(html), Metadata(), blocks=(told,))


def _read_text(html: str, url: str, content_type: str | None) -> Reading:
    if feeds.is_json(html, content_type):
        return _read_feed(*feeds.read_json(html))
    if feeds.is_feed(html):
        return _read_feed(*feeds.read_feed(html))
    return _read_page(html, url)


def _read_feed(title: str | None, texts: Iterable[str]) -> Reading:
    lines = [line for text in texts for line in _markup_lines(text)]
    return _reading(lines, Metadata(title=title), page_type=PageType.FEED)


def _markup_lines(markup: str) -> list[str]:
    tree = dom.parse(markup)
    found = [] if tree is None else blocks.segments(dom.prune(tree))
    return [line for segment in found for line in segment.text.split("\n")]


def _read_page(html: str, url: str) -> Reading:
    tree = dom.parse(html)
    if tree is None or not len(tree):
        return _reading(_bare_lines(html), Metadata())
    meta = parse_metadata(tree, url)
    controls = places.controls(tree)
    choice = extract.choice(dom.prune(tree), url, meta)
    laid = (*places.lay(choice, meta.title), *controls)
    lines = [block.text for block in laid if block.place == "main"]
    heads = places.headings(choice.segments)
    return _reading(
        lines if choice.segments else _bare_lines(html),
        meta,
        page_type=page_type.classify(url, meta, "\n".join(lines), heads)[0],
        headings=heads,
        other_text="\n".join(block.text for block in laid if block.place == "other"),
        boilerplate="\n".join(block.text for block in laid if block.place == "chrome" and not block.linked),
        menu="\n".join(block.text for block in laid if block.place == "chrome" and block.linked),
        blocks=laid,
        alternatives=places.alternatives(tree),
    )


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


def _reading(lines: Sequence[str], meta: Metadata, **places_found: Any) -> Reading:
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
        facts=tuple((fact.field, fact.value, fact.source, fact.trust) for fact in meta.facts),
        **places_found,
    )
