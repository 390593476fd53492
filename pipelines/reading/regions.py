"""Where each visible line of a page stands: main text, other text, or the site's chrome.

A visitor and a search engine are told more than the main text: of 151 visible edits on real clinic sites, 57 left it
untouched. What stands outside it and outside the chrome is kept as other text, one line each.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.model.records import Block
from pipelines.reading.blocks import Segment, is_chrome
from pipelines.text.leftovers import Line, headline_forms, leftover_rules
from pipelines.text.normalise import fold_line, normalise

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.html import HtmlElement

    from pipelines.reading.extract import Choice

__all__ = ["alternatives", "controls", "headings", "lay"]

LINKED = 0.5
MAX_ALTERNATIVES = 200
MAX_CONTROLS = 300
FILE_NAME = re.compile(
    r"(?i)\S+\.(?:jpe?g|png|gif|svg|webp|avif)|(?:img|dsc|image|photo|screenshot)?[-_ ]*\d[-_\d]*|[^A-Za-z]+"
)


def lay(choice: Choice, title: str | None) -> tuple[Block, ...]:
    """Give every visible line with its kind and place: main, other, chrome, or the rule that took it out."""
    lines = [
        (line, segment, "" if chosen else _outside(choice, place))
        for place, (segment, chosen) in enumerate(zip(choice.segments, choice.chosen, strict=True))
        for line in segment.text.split("\n")
    ]
    tops = [segment.text for segment in choice.segments if segment.tag == "h1"][:3]
    main = [Line(line, segment.kind, segment.linked) for line, segment, outside in lines if not outside]
    dropped = iter(leftover_rules(main, headline_forms(title, *tops)))
    return tuple(
        Block(line, segment.kind, outside or next(dropped) or "main", segment.linked >= LINKED)
        for line, segment, outside in lines
    )


def _outside(choice: Choice, place: int) -> str:
    if is_chrome(choice.segments[place]):
        return "chrome"
    return "said twice" if place in choice.copies else "other"


def headings(found: Iterable[Segment]) -> tuple[str, ...]:
    """List the headings that are no chrome, once each, in page order."""
    lines = (line for each in found if each.kind == "heading" and not is_chrome(each) for line in each.text.split("\n"))
    return tuple({fold_line(line): line for line in reversed(tuple(lines))}.values())[::-1]


def alternatives(tree: HtmlElement) -> tuple[str, ...]:
    """List what images say to those who do not see them, once each; names of files are no texts."""
    texts = (normalise(element.get("alt") or "")[:500] for element in tree.iter("img", "area"))
    return tuple(dict.fromkeys(text for text in texts if text and not FILE_NAME.fullmatch(text)))[:MAX_ALTERNATIVES]


def controls(tree: HtmlElement) -> tuple[Block, ...]:
    """List what the controls of forms say: choices and buttons; call it before the tree is pruned."""
    said = [_said(element) for element in tree.iter("option", "input")]
    return tuple(Block(text, "button", "other") for text in dict.fromkeys(said) if text)[:MAX_CONTROLS]


def _said(element: HtmlElement) -> str:
    if element.tag == "option":
        return normalise("".join(element.itertext()))[:200]
    is_button = (element.get("type") or "").lower() in {"submit", "button", "reset"}
    return normalise(element.get("value") or "")[:200] if is_button else ""
