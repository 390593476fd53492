"""Hash what a reader could notice of a page, without parsing it: the cheap answer to "has it changed?".

Most answers of a crawl that is run again are the same page with other nonces. So the source is read as tags and texts
by searches in C (a parse alone would cost twice as much), and where it is odd (a comment or script without an end, a
tag with ``>`` in an attribute), more of it is hashed: such a page may seem changed, never unchanged.
"""

from __future__ import annotations

import hashlib
import re
from html import unescape
from typing import TYPE_CHECKING

from pipelines.reading import charset
from pipelines.text.link_targets import link_target, picture_name
from pipelines.text.normalise import without_tags

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["visible_hash"]

MAX_BODY = 10_000_000
# a template that is a shadow root is shown
UNSEEN = re.compile(r"<(?:!--|(?i:script|style|template(?![^<>]{0,500}shadowrootmode))\b)")
ENDS = {"<!--": "-->", "<script": "</script", "<style": "</style", "<template": "</template"}
SEEN_TAG = re.compile(r"<(?i:a|area|img|meta|link)\s[^>]*>")
# of meta and link elements the name decides; all other addresses are of anchors and texts of images
SEEN_META = re.compile(r"(?i)(?:name|property)\s*=\s*[\"']?(?:description|og:|robots|article:)|canonical")
VALUE = re.compile(r"""(?i)\b(?:href|alt|content)\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+)""")
# address parts that differ on each visit: cache busters, session ids, nonces
VOLATILE_QUERY = re.compile(r"(?i)[?&](?:ver|v|nonce|_wpnonce|sid|token|t)=[^&\n\"']*")
# what is seen of a page beside its words: any attribute of the name counts, for a miss would hide an edit
ADDRESS = re.compile(
    r"""(?i)\s(href|(?:data-(?:lazy-)?)?src|data-original|data-orig-file|(?:data-)?srcset|placeholder)"""
    r"""\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+)"""
)
STRUCK = re.compile(r"(?i)<(?:del|s|strike)\b[^>]*>|<[^<>]*line-through[^<>]*>")
STRUCK_CHARACTERS = 200
LONG_NAME = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]{10,}")


def visible_hash(body: bytes, content_type: str | None = None) -> str:
    """Hash what a reader could notice: visible text, title, description, JSON-LD, image texts and links.

    The same for two answers that differ in scripts, class names, nonces and other attributes alone.
    """
    html = charset.decode(body[:MAX_BODY], content_type)
    seen, data = _parted(html)
    words = " ".join(unescape(without_tags(seen)).split())
    visible = "\0".join([*data, _without_volatile(unescape(_values(seen))), *_details(seen), words])
    return hashlib.blake2b(visible.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _parted(html: str) -> tuple[str, list[str]]:
    """Separate what is seen from the JSON-LD among the scripts; other scripts, styles and comments go."""
    seen, data, after = [], [], 0
    for start, end in _unseen(html):
        seen.append(html[after:start])
        if "ld+json" in html[start : start + 200].partition(">")[0]:
            data.append(html[start:end])
        after = end
    return "".join([*seen, html[after:]]), data


def _unseen(html: str) -> Iterator[tuple[int, int]]:
    """Give the places of comments, scripts and styles; ``find`` is ten times as fast as a lazy pattern."""
    # an end that is not found from here on is not looked for again: 10 MB of "<!--" took hours
    missing: set[str] = set()
    found = UNSEEN.search(html)
    while found:
        mark, end = ENDS[found.group().lower()], -1
        for form in (mark, mark.upper()):
            if end < 0 and form not in missing:
                end = html.find(form, found.end())
                if end < 0:
                    missing.add(form)
        if end >= 0:
            yield found.start(), end
        found = UNSEEN.search(html, max(end, found.end()))


def _values(seen: str) -> str:
    """List the addresses of links and the texts of images and meta elements that are seen, one a line."""
    tags = SEEN_TAG.findall(seen[: seen.rfind(">") + 1])
    seen_tags = (tag for tag in tags if tag[1] not in "mMlL" or SEEN_META.search(tag))
    return "\n".join(VALUE.findall("\n".join(seen_tags)))


def _details(seen: str) -> Iterator[str]:
    """Give where links lead, what pictures are shown, what is struck through, what fields of forms say."""
    for match in ADDRESS.finditer(seen):
        name, value = match[1].lower(), unescape(match[2].strip("\"'"))
        if name == "placeholder":
            yield value
        elif name == "href":
            yield link_target(value, "")
        else:
            yield picture_name(value.partition(" ")[0] if name.endswith("srcset") else value)
    for match in STRUCK.finditer(seen):
        yield " ".join(without_tags(seen[match.end() : match.end() + STRUCK_CHARACTERS]).split())


def _without_volatile(addresses: str) -> str:
    """Leave out what differs on each visit: what asks for a version, and long names with a digit."""
    return LONG_NAME.sub(lambda match: match[0] if match[0].isalpha() else "", VOLATILE_QUERY.sub("", addresses))
