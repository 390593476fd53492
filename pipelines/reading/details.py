"""What a page shows beside its words: where links lead, what is struck through, which pictures, words of its forms.

    tree, before it is pruned | what is not displayed is left out | lines of each region, once each, in page order

Another consent form behind the same words, a price struck through, another picture of "after": no word of the page
differs, and a visitor sees it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.model.records import DETAIL_REGIONS, TARGET_MARK
from pipelines.reading.blocks import HIDDEN_STYLE
from pipelines.text.link_targets import link_target, picture_name
from pipelines.text.normalise import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.html import HtmlElement

__all__ = ["read_details"]

MAX_LINES = 500  # of a region
MAX_CHARACTERS = 2_000  # of a line: a contract in a text area is cut into lines
MAX_WORDS_OF_LINK = 120  # characters
STRUCK = frozenset({"del", "s", "strike"})
LINE_THROUGH = re.compile(r"(?i)text-decoration(?:-line)?\s*:[^;]*line-through")
NOT_SEEN = frozenset({"script", "style", "template", "head"})
SOURCES = ("src", "data-src", "data-lazy-src", "data-original", "data-orig-file")  # placeholders have no name
NO_PLACEHOLDER = frozenset({"hidden", "submit", "button", "reset", "checkbox", "radio", "file", "image"})


def read_details(tree: HtmlElement, url: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Give the lines of each region of ``DETAIL_REGIONS``; call it before the tree is pruned."""
    targets: dict[str, str] = {}  # by target: its words first seen
    found: dict[str, list[str]] = {region: [] for region in DETAIL_REGIONS}
    for element in _displayed(tree):
        tag = element.tag
        if tag in {"a", "area"}:
            target = link_target(element.get("href") or "", url)
            if target and not targets.get(target):
                targets[target] = _words(element)
        elif tag == "img":
            found["pictures"].append(_picture(element))
        elif tag == "textarea":
            found["form_text"] += (element.text_content() or "").split("\n")
        if tag in STRUCK or LINE_THROUGH.search(element.get("style") or ""):
            found["struck"].append(element.text_content())
        if tag in {"input", "textarea"} and (element.get("type") or "").lower() not in NO_PLACEHOLDER:
            found["form_text"].append(element.get("placeholder") or "")
    found["targets"] = [f"{words}{TARGET_MARK}{target}" for target, words in targets.items()]
    return tuple((region, _lines(lines)) for region, lines in found.items())


def _displayed(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Go through the elements in page order, but for those that are not displayed and what is in them."""
    stack = [iter((tree,))]
    while stack:
        element = next(stack[-1], None)
        if element is None:
            stack.pop()
        elif isinstance(element.tag, str) and element.tag not in NOT_SEEN and not _is_hidden(element):
            yield element
            stack.append(iter(element))


def _is_hidden(element: HtmlElement) -> bool:
    return element.get("hidden") is not None or bool(HIDDEN_STYLE.search(element.get("style") or ""))


def _words(link: HtmlElement) -> str:
    """Give the words of a link, or what it says to those who do not see it."""
    alternatives = (image.get("alt") or "" for image in link.iter("img"))
    said = (link.text_content(), link.get("aria-label") or "", link.get("alt") or "", *alternatives)
    return next(filter(None, map(normalise, said)), "")[:MAX_WORDS_OF_LINK]


def _picture(image: HtmlElement) -> str:
    if "1" in {image.get("width"), image.get("height")}:  # counts visitors
        return ""
    sources = [image.get(name) or "" for name in SOURCES]
    sources.append((image.get("srcset") or image.get("data-srcset") or "").strip().partition(" ")[0])
    return next(filter(None, map(picture_name, sources)), "")


def _lines(texts: Iterable[str]) -> tuple[str, ...]:
    lines = (normalise(text)[:MAX_CHARACTERS] for text in texts)
    return tuple(dict.fromkeys(line for line in lines if line))[:MAX_LINES]
