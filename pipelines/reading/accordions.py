"""Open what a visitor opens with a click: questions in buttons become headings, folded answers become visible.

Themes put a FAQ's question in a button, a label or a link and fold the answer away; extractors drop buttons as controls
and hidden elements as junk, so the answers of several clinic sites stood without their questions, or both were lost.
Found by form alone: a short text that can be pressed, and beside it an element with running text that is no menu.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from lxml.html import HtmlElement

__all__ = ["open_accordions"]

PRESSED = etree.XPath(  # by the attribute axis: a third of the time that tests on each element take
    ".//button | .//summary | .//label | .//@aria-expanded/.. | .//@aria-controls/.."
    " | .//@role[. = 'button' or . = 'tab']/.."
    " | .//@class[contains(., 'toggle') or contains(., 'accordion') or contains(., 'faq')]/parent::*"
    "[self::a or self::div or self::span or self::p or self::dt or starts-with(name(), 'h')][not(*[2])]"
)
CHROME_TAGS = frozenset({"nav", "header", "footer", "form", "menu"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
HIDING = ("hidden", "aria-hidden", "style")
FOLDED = frozenset({"collapse", "collapsed", "hidden", "hide", "d-none", "elementor-tab-content"})
MAX_TOGGLES = 400  # on one page
MIN_QUESTION, MAX_QUESTION = 8, 220  # characters
MIN_ANSWER = 30  # characters
MAX_CHILDREN = 4  # of an element that holds a question alone (the text of a larger one is dear to read)
MAX_LEVELS = 4  # between a button and the element that has the answer beside it


def open_accordions(tree: HtmlElement) -> None:
    """Turn toggles into headings and show their panels, in place."""
    toggles: list[HtmlElement] = list(PRESSED(tree))[:MAX_TOGGLES]  # type: ignore[arg-type]  # an XPath of elements
    for toggle in toggles:
        question = _text(toggle)
        if not MIN_QUESTION <= len(question) <= MAX_QUESTION or " " not in question:
            continue
        panel = _panel(toggle, question)
        if panel is None:
            continue
        _show(panel)
        holders = {holder.tag for holder in toggle.iterancestors()}
        # in a heading a toggle is plain text, in a menu or a form it stays what it is
        if toggle.tag not in HEADINGS and not holders & CHROME_TAGS:
            toggle.tag = "span" if holders & HEADINGS else "h4"


def _text(element: HtmlElement) -> str:
    return " ".join("".join(element.itertext()).split())


def _panel(toggle: HtmlElement, question: str) -> HtmlElement | None:
    """Find the element beside a toggle, or beside an element that holds the toggle alone, that can be its answer."""
    holder = toggle
    for _ in range(MAX_LEVELS):
        beside = holder.getnext()
        while beside is not None and beside.tag in ("input", "br", "hr"):
            beside = beside.getnext()
        if beside is not None:
            return beside if _is_answer(beside) else None
        holder = holder.getparent()
        if holder is None or len(holder) > MAX_CHILDREN or _text(holder) != question:
            return None
    return None


def _is_answer(element: HtmlElement) -> bool:
    """Take running text for an answer: long enough, and not mostly links as in a menu."""
    text = _text(element)
    linked = sum(len(_text(link)) for link in element.iter("a"))
    return len(text) >= MIN_ANSWER and linked * 2 < len(text) and element.tag not in CHROME_TAGS | HEADINGS


def _show(panel: HtmlElement) -> None:
    for element in panel.iter():
        for name in HIDING:
            element.attrib.pop(name, None)
        names = element.get("class")
        if names and not FOLDED.isdisjoint(names.split()):
            element.set("class", " ".join(name for name in names.split() if name not in FOLDED))
