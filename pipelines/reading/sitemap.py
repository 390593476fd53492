"""Sitemaps: what a site itself lists of its pages (https://www.sitemaps.org/protocol.html)."""

from __future__ import annotations

import re
from typing import NamedTuple

from lxml import etree

# an address written without its escapes: the parser would mend /?a=1&b=2 to /?a=1=2
BARE_AMPERSAND = re.compile(rb"<!\[CDATA\[.*?\]\]>|&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)", re.DOTALL)
MAX_ENTRIES = 50_000  # the protocol's limit for one file


class SitemapEntry(NamedTuple):
    """A page that a sitemap lists, with the time of its last change as written."""

    url: str
    lastmod: str | None = None


class Sitemap(NamedTuple):
    """What a sitemap lists: pages, and the URLs of further sitemaps."""

    pages: list[SitemapEntry]
    sitemaps: list[str]


def parse_sitemap(body: bytes) -> Sitemap:
    """Read a sitemap, a sitemap index or a text sitemap.

    Anything else reads as empty. Entities and networks are off: the file comes from a stranger.

    >>> parse_sitemap(b"<urlset><url><loc>https://a.example/x</loc></url></urlset>")
    Sitemap(pages=[SitemapEntry(url='https://a.example/x', lastmod=None)], sitemaps=[])
    """
    if not body.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        lines = body.decode("utf-8-sig", "replace").split()
        return Sitemap([SitemapEntry(line) for line in lines if line.startswith("http")][:MAX_ENTRIES], [])
    body = BARE_AMPERSAND.sub(lambda found: b"&amp;" if found[0] == b"&" else found[0], body)
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False, collect_ids=False)
    root = etree.fromstring(body, parser=parser)
    if root is None:
        return Sitemap([], [])
    sitemap, listed = Sitemap([], []), 0
    for node in root:
        fields = {_name(child): (child.text or "").strip() for child in node if isinstance(child.tag, str)}
        if not isinstance(node.tag, str) or not fields.get("loc"):
            continue
        listed += 1
        if listed > MAX_ENTRIES:
            break
        if _name(node) == "url":
            sitemap.pages.append(SitemapEntry(fields["loc"], fields.get("lastmod") or None))
        elif _name(node) == "sitemap":
            sitemap.sitemaps.append(fields["loc"])
    return sitemap


def _name(node: etree._Element) -> str:
    return str(node.tag).rpartition("}")[2].lower()
