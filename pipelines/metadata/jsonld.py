"""Read the JSON-LD of a page: flat nodes, their types, and the text in them that search engines show.

Sites ship JSON-LD with comments, stray line breaks, HTML entities and hundreds of nested objects. Nothing here
raises, and depth and number of nodes are bounded.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Node", "nodes", "parse_block", "plain", "text_lines", "types", "value_lines", "value_text"]

MAX_NODES = 2_000
MAX_DEPTH = 20
MAX_BLOCK = 1_000_000
_TAG = re.compile(r"<[^<>]{1,500}>")
_BREAK = re.compile(r"<(?:br|/p|/li|/div|/h\d)[^<>]{0,50}>", re.IGNORECASE)
_OPENING = re.compile(r"<!--|/\*.*?\*/|(?://\s*)?<!\[CDATA\[", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x1f]+")
_TRAILING = re.compile(r",(\s*[}\]])")

# Where text for readers stands; names of people, of images and of breadcrumbs are not texts.
_TEXT_KEYS = (
    "headline",
    "alternativeHeadline",
    "description",
    "abstract",
    "articleBody",
    "reviewBody",
    "text",
    "slogan",
)
_NOT_TEXT = frozenset(
    {"ImageObject", "BreadcrumbList", "SearchAction", "Person", "EntryPoint", "VideoObject", "PropertyValue"}
)

_NO_VALUES = frozenset({"SearchAction", "EntryPoint", "ReadAction", "PropertyValueSpecification"})
_FOR_MACHINES = frozenset(
    """dateModified dateCreated uploadDate width height inLanguage thumbnailUrl contentUrl embedUrl encodingFormat
    fileFormat position identifier productID sku gtin color query-input target id isAccessibleForFree
    """.split()  # noqa: SIM905 (a list would be a screen long)
)
_ADDRESS = re.compile(r"(?i)(?:https?:|//|/|#|data:)\S*$|\S+\.(?:jpe?g|png|gif|svg|webp)$")


@dataclass(frozen=True, slots=True)
class Node:
    """One object of the graph and the keys under which it hung (none: the top, or a member of ``@graph``)."""

    data: dict[str, Any]
    path: tuple[str, ...] = ()


def _loads(text: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def parse_block(text: str) -> Any:
    """Parse one script block, mending what sites break most often; None where that does not help.

    >>> parse_block('<!-- {"a": "b",} -->')
    {'a': 'b'}
    """
    if len(text) > MAX_BLOCK:
        return None
    found = _loads(text)
    if found is None:
        found = _loads(_TRAILING.sub(r"\1", _CONTROL.sub(" ", _unwrapped(text))))
    return found if found is not None else _loads(html.unescape(text))


def _unwrapped(text: str) -> str:
    """Take off the comment or CDATA marks around a block, and a semicolon behind it."""
    text = text.strip()
    opening = _OPENING.match(text)
    text = text[opening.end() if opening else 0 :].removesuffix(";").rstrip()
    return text[:-3].rstrip().removesuffix("//") if text.endswith("]]>") else text.removesuffix("-->")


def _walk(value: Any, path: tuple[str, ...], depth: int = 0) -> Iterator[Node]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, list):
        for each in value:
            yield from _walk(each, path, depth + 1)
    elif isinstance(value, dict):
        yield Node(value, path)
        for name, each in value.items():
            if isinstance(each, dict | list):
                yield from _walk(each, path if name == "@graph" else (*path, name), depth + 1)


def nodes(blocks: Iterable[str]) -> tuple[Node, ...]:
    """Give every object of a page's JSON-LD blocks in document order, at most 2,000 of them."""
    found: list[Node] = []
    for block in blocks:
        for node in _walk(parse_block(block), ()):
            found.append(node)
            if len(found) >= MAX_NODES:
                return tuple(found)
    return tuple(found)


def types(node: Node) -> tuple[str, ...]:
    """Give the schema.org types of a node without their prefix.

    >>> types(Node({"@type": ["http://schema.org/FAQPage", "WebPage"]}))
    ('FAQPage', 'WebPage')
    """
    found = node.data.get("@type")
    listed = found if isinstance(found, list) else [found]
    return tuple(re.split(r"[/:#]", each)[-1] for each in listed if isinstance(each, str))


def plain(text: str) -> str:
    """Turn a value that may hold HTML into one line of plain text."""
    unescaped = html.unescape(text)
    return " ".join(html.unescape(_TAG.sub("", _BREAK.sub(" ", unescaped))).split())


def value_text(value: Any) -> str | None:
    """Give the text of a value that may be a string, a list, or an object with a name."""
    if isinstance(value, list):
        value = next((each for each in value if each), None)
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value")
    return plain(value) or None if isinstance(value, str) else None


def _node_lines(node: Node) -> Iterator[str]:
    kinds = types(node)
    if _NOT_TEXT.intersection(kinds):
        return
    if "Question" in kinds:
        yield plain(str(node.data.get("name") or ""))
    for key in _TEXT_KEYS:
        value = node.data.get(key)
        if isinstance(value, str):
            yield plain(value)


def text_lines(found: Iterable[Node]) -> str:
    """Put the texts out of JSON-LD on lines: FAQ questions and answers, descriptions, headlines; each once."""
    lines = (line for node in found for line in _node_lines(node))
    return "\n".join(dict.fromkeys(line for line in lines if line))


def value_lines(found: Iterable[Node]) -> str:
    """Put every value of JSON-LD that people would read on a line with its name, in document order, each once.

    Addresses, sizes, identifiers and the time of the last edit are left out: they are for machines.

    >>> value_lines([Node({"@type": "Offer", "price": 450, "url": "/book", "dateModified": "2026-03-02"})])
    'Offer.price: 450'
    """
    lines = (line for node in found for line in _values(node))
    return "\n".join(dict.fromkeys(lines))


def _values(node: Node) -> Iterator[str]:
    kind = (types(node) or node.path[-1:] or ("",))[0]
    if kind in _NO_VALUES:
        return
    for key, value in node.data.items():
        for each in value if isinstance(value, list) else [value]:
            text = plain(str(each)) if isinstance(each, str | int | float) and not key.startswith("@") else ""
            if text and key not in _FOR_MACHINES and not _ADDRESS.match(text):
                yield f"{kind}.{key}: {text[:5_000]}"
