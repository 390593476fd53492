"""What is served in the place of pages and is none: JSON answers, RSS and Atom feeds.

A WordPress site answers ``/wp-json/...`` with the same post as its page: its text is read, and its type is feed.
"""

from __future__ import annotations

import json
import re
from html import unescape
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from lxml import etree

from pipelines.reading import charset
from pipelines.text.normalise import TAG, normalise, without_tags
from pipelines.text.urls import join

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["feed_entries", "feed_links", "is_binary", "is_feed", "is_json", "read_feed", "read_json"]

# an address written without its escapes: the parser would mend /?a=1&b=2 to /?a=1=2
BARE_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")
FEED = re.compile(r"<(?:rss|feed|[\w-]{1,20}:RDF|urlset|sitemapindex)[\s>]")
BINARY = (
    b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x1f\x8b", b"RIFF", b"\x00\x00\x00", b"OTTO",
    b"wOF",
)  # fmt: skip
LINK = re.compile(rb"<link\s[^>]*>", re.IGNORECASE)
DECLARED = re.compile(r"application/(?:rss|atom)\+xml", re.IGNORECASE)
HREF = re.compile(r"""\bhref\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+)""", re.IGNORECASE)
HEAD = 200_000  # bytes; a feed is declared in a page's head
DATES = ("updated", "modified", "pubdate", "date", "published")
TEXTS = ("content:encoded", "encoded", "content", "summary", "description")
PERMALINK = re.compile(r"https?://|/", re.IGNORECASE)
XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
MAX_DEPTH = 20
MAX_TEXTS = 2000


class Feed(NamedTuple):
    """What a feed or a JSON answer says: its title, and its texts as they are marked up."""

    title: str | None
    texts: list[str]


class FeedEntry(NamedTuple):
    """A page that a feed lists, with the latest date that its entry gives, as written."""

    url: str
    date: str | None


def is_binary(body: bytes) -> bool:
    """Tell a PDF, an image or an archive that is served as a page by its first bytes."""
    return body.lstrip()[:5].startswith(BINARY)


def is_json(text: str, content_type: str | None) -> bool:
    """Tell JSON by its declared type, or by a first character that no page begins with and a body that parses."""
    if "json" in (content_type or "").lower():
        return True
    start = text.lstrip()[:2]
    return start[:1] in ("{", "[") and start != "[i" and "<html" not in text[:2000].lower() and _loads(text) is not None


def is_feed(text: str) -> bool:
    """Tell RSS, Atom or a sitemap by its root element, whatever the header says."""
    return FEED.search(text[:1000]) is not None and "<html" not in text[:1000].lower()


def read_json(text: str) -> Feed:
    """Give the title and the marked-up texts of a JSON answer: strings under ``rendered``, or with markup, or long."""
    data = _loads(text)
    found = list(_strings(data, "", 0))
    title = next((normalise(without_tags(value)) for key, value in found if key.startswith("title")), None)
    return Feed(title, [value for key, value in found if not key.startswith("title") and _is_text(value)][:MAX_TEXTS])


def read_feed(text: str) -> Feed:
    """Give the title of a feed, and title and marked-up text of each entry."""
    root = _root(text.encode("utf-8", "replace"))
    if root is None:
        return Feed(None, [])
    title = next((normalise(element.text or "") for element in root.iter("{*}title")), None)
    texts: list[str] = []
    for entry in root.iter("{*}item", "{*}entry"):
        parts = {etree.QName(each).localname: _markup(each) for each in entry if isinstance(each.tag, str)}
        texts += filter(None, [parts.get("title"), next((parts[name] for name in TEXTS if parts.get(name)), None)])
    return Feed(title, texts[:MAX_TEXTS])


def _markup(field: Any) -> str:
    """Give what a field of an entry holds as markup: XHTML stands there as elements, else it is escaped text."""
    if not len(field):
        return field.text or ""
    children = "".join(etree.tostring(child, encoding="unicode") for child in field)
    return f"{field.text or ''}{children}"


def feed_entries(body: bytes, url: str = "") -> list[FeedEntry]:
    """List the pages of an RSS or Atom feed, as far as its entries name them; ``url`` is the feed's own.

    A page is named by ``link``, or by a ``guid`` that does not say that it is no permalink. Addresses are relative to
    ``xml:base``, which is relative to the feed.

    >>> feed_entries(b"<rss><item><link>http://a.example/x</link><pubDate>Sun, 01 Mar 2026</pubDate></item></rss>")
    [FeedEntry(url='http://a.example/x', date='Sun, 01 Mar 2026')]
    """
    root = _root(body)
    entries: list[FeedEntry] = []
    for entry in islice(() if root is None else root.iter("{*}item", "{*}entry"), MAX_TEXTS):
        place = next((place for named, base in _links(entry, url) if (place := join(base, named))), None)
        if place:
            fields = {
                etree.QName(each).localname.lower(): (each.text or "").strip()
                for each in entry
                if isinstance(each.tag, str)
            }
            entries.append(FeedEntry(place, next(filter(None, map(fields.get, DATES)), None)))
    return entries


def _links(entry: Any, url: str) -> Iterator[tuple[str, str]]:
    """Give the addresses by which an entry names its page, the surest first, each with what it is relative to."""
    links = list(entry.iterfind("{*}link"))
    pages = [each for each in links if each.get("href") and (each.get("rel") or "alternate") == "alternate"]
    pages.sort(key=lambda link: "html" not in (link.get("type") or "html"))
    yield from (("".join(link.itertext()).strip(), _base_of(link, url)) for link in links if not link.get("href"))
    yield from ((link.get("href"), _base_of(link, url)) for link in pages)
    for field in (*entry.iterfind("{*}guid"), *entry.iterfind("{*}id")):
        text = (field.text or "").strip()
        if (field.get("isPermaLink") or "true").lower() != "false" and PERMALINK.match(text):
            yield text, _base_of(field, url)
    yield entry.get(RDF_ABOUT) or "", url


def _base_of(element: Any, url: str) -> str:
    """Give the address to which those of an element are relative: ``xml:base`` of each holder, from the outside in."""
    base = url
    for holder in reversed([element, *element.iterancestors()]):
        if named := holder.get(XML_BASE):
            base = join(base, named) or base
    return base


def _root(body: bytes) -> Any:
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    text = charset.decode(body)
    start = FEED.search(text)
    first, *sections = text[start.start() if start else 0 :].split("<![CDATA[")
    parts = [BARE_AMPERSAND.sub("&amp;", first)]
    for section in sections:
        inside, end, after = section.partition("]]>")
        parts.append(f"<![CDATA[{inside}{end}{BARE_AMPERSAND.sub('&amp;', after)}")
    try:
        return etree.fromstring("".join(parts).encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def feed_links(html: bytes) -> list[str]:
    r"""List the feeds that a page's head declares, but for those of comments.

    >>> feed_links(b'<link rel="alternate" type="application/rss+xml" href="/feed/"><link href=x.css rel=stylesheet>')
    ['/feed/']
    """
    tags = [tag.decode("utf-8", "replace") for tag in LINK.findall(html[: html.rfind(b">", 0, HEAD) + 1])]
    declared = [tag for tag in tags if DECLARED.search(tag) and "comment" not in tag.lower()]
    return [unescape(match[1].strip("\"'")) for match in map(HREF.search, declared) if match]


def _loads(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _strings(data: Any, key: str, depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(data, str):
        yield key, data
    elif depth < MAX_DEPTH and isinstance(data, dict):
        for name, value in data.items():
            yield from _strings(value, f"{key}.{name}".lstrip(".") if name == "rendered" else str(name), depth + 1)
    elif depth < MAX_DEPTH and isinstance(data, list):
        for value in data:
            yield from _strings(value, key, depth + 1)


def _is_text(value: str) -> bool:
    return TAG.search(value[: value.rfind(">") + 1]) is not None or (len(value) > 60 and value.count(" ") > 6)
