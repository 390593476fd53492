"""Sitemaps: what a site itself lists of its pages (https://www.sitemaps.org/protocol.html)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator

# an address written without its escapes: the parser would mend /?a=1&b=2 to /?a=1=2
BARE_AMPERSAND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)")
CDATA = re.compile(rb"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
MAX_ENTRIES = 50_000  # the protocol's own limit for one file


def parse_sitemap(body: bytes) -> tuple[list[tuple[str, str | None]], list[str]]:
    """Read a sitemap, a sitemap index or a text sitemap.

    Returns the pages as pairs of URL and ``lastmod`` (as written, or ``None``), and the URLs of further sitemaps.
    Anything else reads as empty. Entities and networks are off: the file comes from a stranger.

    >>> parse_sitemap(b"<urlset><url><loc>https://a.example/x</loc></url></urlset>")
    ([('https://a.example/x', None)], [])
    """
    if not body.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        return _text_entries(body), []
    whole, end, rest = body.rpartition(b"]]>")  # behind the last end of a CDATA section, no start has one
    parts = CDATA.split(whole + end)
    parts[-1] += rest
    parts[::2] = [BARE_AMPERSAND.sub(b"&amp;", part) for part in parts[::2]]
    body = b"".join(parts)
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False, collect_ids=False)
    root = etree.fromstring(body, parser=parser)
    if root is None:
        return [], []
    entries = list(_entries(root))[:MAX_ENTRIES]
    pages: list[tuple[str, str | None]] = [(url, lastmod) for tag, url, lastmod in entries if tag == "url"]
    return pages, [url for tag, url, _ in entries if tag == "sitemap"]


def _text_entries(body: bytes) -> list[tuple[str, str | None]]:
    entries: list[tuple[str, str | None]] = []
    entries += ((line, None) for line in body.decode("utf-8-sig", "replace").split() if line.startswith("http"))
    return entries[:MAX_ENTRIES]


def _entries(root: etree._Element) -> Iterator[tuple[str, str, str | None]]:
    for node in root:
        if not isinstance(node.tag, str):
            continue
        facts = {_name(child): (child.text or "").strip() for child in node if isinstance(child.tag, str)}
        if facts.get("loc"):
            yield _name(node), facts["loc"], facts.get("lastmod") or None


def _name(node: etree._Element) -> str:
    return str(node.tag).rpartition("}")[2].lower()
