"""Sitemaps: what a site itself lists of its pages (https://www.sitemaps.org/protocol.html), as sites write them.

    body | decoded, what stands before the XML left out | sitemap, index, RSS, Atom or a list of lines | absolute URLs

Read are a script's warnings before the XML, addresses without a host, comments and CDATA within addresses, and
translations as ``xhtml:link``, too.
"""

from __future__ import annotations

import re
from itertools import chain, pairwise
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from pipelines.reading import charset
from pipelines.reading.feeds import BARE_AMPERSAND, feed_entries
from pipelines.text.urls import join

if TYPE_CHECKING:
    from collections.abc import Iterator

START = re.compile(r"<(?:[\w-]{1,20}:)?(urlset|sitemapindex|rss|feed|RDF)\b")
CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
ADDRESS = re.compile(r"(?:https?:)?//\S+|/\S*", re.IGNORECASE)
ENTRIES = frozenset({"url", "sitemap"})
MAX_ENTRIES = 50_000  # the protocol's own limit for one file


#: where sites put a sitemap that robots.txt does not name, in the order in which they are tried
USUAL_PLACES = ("/sitemap.xml", "/sitemap_index.xml", "/sitemap-index.xml", "/wp-sitemap.xml")


def next_place(url: str) -> str | None:
    """Give the usual place that is tried after this one listed nothing; None after the last, and for other places.

    >>> next_place("https://a.example/sitemap.xml"), next_place("https://a.example/own.xml")
    ('https://a.example/sitemap_index.xml', None)
    """
    for place, after in pairwise(USUAL_PLACES):
        if url.endswith(place):
            return join(url, after)
    return None


class SitemapEntry(NamedTuple):
    """A page that a sitemap lists, with the time of its last change as written."""

    url: str
    lastmod: str | None = None


class Sitemap(NamedTuple):
    """What a sitemap lists: pages, and the URLs of further sitemaps."""

    pages: list[SitemapEntry]
    sitemaps: list[str]


def parse_sitemap(body: bytes, url: str = "") -> Sitemap:
    """Read a sitemap, a sitemap index, a feed or a list of lines; ``url`` is its own, to which addresses are relative.

    Anything else reads as empty. Entities and networks are off: the file comes from a stranger.

    >>> parse_sitemap(b"<urlset><url><loc>/x</loc></url></urlset>", "https://a.example/sitemap.xml")
    Sitemap(pages=[SitemapEntry(url='https://a.example/x', lastmod=None)], sitemaps=[])
    """
    text = charset.decode(body)
    start = START.search(text)
    if not start:
        return Sitemap(_listed_in_lines(text, url), [])
    if start[1] in {"rss", "feed", "RDF"}:
        entries = feed_entries(text[start.start() :].encode(), url)
        return Sitemap([SitemapEntry(entry.url, entry.date) for entry in entries[:MAX_ENTRIES]], [])
    pages: dict[str, str | None] = {}
    sitemaps: dict[str, None] = {}
    for node in _entries(text[start.start() :]):
        lastmod = next(iter(_values(node, "lastmod")), None)
        for value in (*_values(node, "loc"), *_translations(node)):
            place = _absolute(url, value)
            if not place:
                continue
            if _name(node) == "sitemap":
                sitemaps.setdefault(place)
            elif not pages.get(place):
                pages[place] = lastmod
        if len(pages) + len(sitemaps) >= MAX_ENTRIES:
            break
    return Sitemap([SitemapEntry(*entry) for entry in pages.items()][:MAX_ENTRIES], list(sitemaps)[:MAX_ENTRIES])


def _entries(xml: str) -> Iterator[etree._Element]:
    """Give the entries of a sitemap or an index, at whatever depth they stand."""
    # an address within CDATA is written without escapes, and one outside often as well
    mended = BARE_AMPERSAND.sub("&amp;", CDATA.sub("", xml))
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, huge_tree=False, collect_ids=False, remove_comments=True
    )
    root = etree.fromstring(mended.encode("utf-8", "replace"), parser=parser)
    return (node for node in (() if root is None else root.iter(etree.Element)) if _name(node) in ENTRIES)


def _values(node: etree._Element, name: str) -> list[str]:
    """Give the texts of an entry's own fields of this name; those of images in it are of another namespace."""
    own = etree.QName(node).namespace
    fields = (each for each in node if isinstance(each.tag, str) and _name(each) == name)
    texts = (
        str(etree.tostring(each, method="text", encoding="unicode", with_tail=False))
        for each in fields
        if etree.QName(each).namespace == own
    )
    return list(filter(None, map(str.strip, texts)))


def _translations(node: etree._Element) -> Iterator[str]:
    return (each.get("href") or "" for each in node.iter("{*}link") if each.get("hreflang"))


def _absolute(base: str, value: str) -> str | None:
    """Make an address absolute; one that begins with its own host has lost its scheme.

    >>> _absolute("https://a.example/sitemap.xml", "a.example/x"), _absolute("https://a.example/s/m.xml", "x/")
    ('https://a.example/x', 'https://a.example/s/x/')
    """
    value = "".join(value.split())
    scheme, _, rest = base.partition("://")
    host = rest.partition("/")[0]
    if host and value.lower().startswith((f"{host}/", f"www.{host}/", f"{host.removeprefix('www.')}/")):
        value = f"{scheme}://{value}"
    return join(base, value)


def _listed_in_lines(text: str, url: str) -> list[SitemapEntry]:
    """Read a list of one address a line; a page that was sent instead of one lists nothing."""
    if "<" in text[:1000]:
        return []
    words = chain.from_iterable(line.split()[:1] for line in text.splitlines())
    found = (_absolute(url, word) for word in words if ADDRESS.fullmatch(word))
    return [SitemapEntry(place) for place in dict.fromkeys(filter(None, found))][:MAX_ENTRIES]


def _name(node: etree._Element) -> str:
    return str(node.tag).rpartition("}")[2].rpartition(":")[2].lower()
