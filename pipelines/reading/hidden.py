"""Text that a page has and does not show: found by its styles and attributes, and taken out of the tree.

    pruned tree, rules of its own style elements | elements that no visitor can see | taken out, their lines apart

What a click, a script of the page or a change of slide shows is not hidden: tabs, answers of a FAQ, dialogs, slides,
menus, elements whose id or class a control or a script names. Nor is what is most of the page: streamed pages send
their text in a hidden element and move it into place. Style sheets in other files are not read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, cast

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector

from pipelines.reading.blocks import BIT, HIDDEN_STYLE, name_bits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

__all__ = ["PageStyles", "is_hidden_by_style", "page_styles", "take_hidden"]

MAX_STYLES = 500_000  # characters of a page's style elements that are read
MAX_RULES = 5_000
MAX_SELECTORS = 50  # of a rule; and on a page those with more than one part
MAX_SCRIPTS = 1_000_000  # characters
UNSEEN = re.compile(
    r"(?i)(?:^|[;\s])(?:content-visibility\s*:\s*hidden|text-indent\s*:\s*-\d{3}|clip\s*:\s*rect\(\s*[01](?:px)?[\s,]"
    r"|clip-path\s*:\s*inset\(\s*(?:50|100)%)"
)
TAKEN_OUT = re.compile(r"(?i)position\s*:\s*(?:absolute|fixed)")
FAR_AWAY = re.compile(r"(?i)(?:^|[;\s])(?:left|right|top|bottom)\s*:\s*-(?:[5-9]\d\d|\d{4,}|\d{3}(?=r?em|v[wh]|%))")
TINY = re.compile(r"(?i)(?:^|[;\s])(?:width|height)\s*:\s*[01](?:px)?\s*(?:;|!|$)")
OVERFLOW = re.compile(r"(?i)overflow\s*:\s*(?:hidden|clip)")
ANIMATED = re.compile(r"(?i)animat|transition")  # shown as the visitor scrolls to it
SHOWN = re.compile(r"(?i)(?:display\s*:\s*(?!none)[a-z]|visibility\s*:\s*visible)")
OF_INTEREST = ("display", "visibility", "position", "clip", "indent", "DISPLAY", "VISIBILITY", "POSITION")
SIMPLE = re.compile(r"([a-zA-Z][\w-]*)?((?:[.#][\w-]+)+)")  # the last part of a selector: tag, classes and ids
STATIC = re.compile(r"[\w.#> -]{1,300}")
NAME = re.compile(r"[.#][\w-]+")
WORD = re.compile(r"[\w-]+")
STYLED = etree.XPath(".//@style/.. | .//@hidden/..")
CLASSED = etree.XPath(".//@class/.. | .//@id/..")
NAMED_BY = etree.XPath(
    "//@aria-controls | //@data-target | //@data-bs-target | //@data-toggle | //@for | //@data-tab"
    " | //@href[starts-with(., '#')] | //@onclick | //@onchange | //@onmouseover"
)
ROOTS = frozenset({"html", "body"})
HOLDERS = frozenset({"nav", "menu", "dialog", "details"})
SELECTED = ('"', "'", '".', "'.", '"#', "'#")  # how a script names an element
MENUS = frozenset({"nav", "header", "footer", "menu", "dialog", "body", "html", "main"})
OPENED = BIT["c-accordion"] | BIT["c-popup"] | BIT["c-consent"] | BIT["c-nav"]
SLIDE = re.compile(
    r"(?i)slide|carousel|swiper|splide|slick|gallery|flip|rotat|typed|tooltip|dropdown|tabpanel|wow\b|aos"
)


def is_hidden_by_style(style: str) -> bool:
    """Tell declarations that show nothing: not displayed, clipped, off the screen or of no size.

    >>> is_hidden_by_style("display: none"), is_hidden_by_style("position:absolute; left:-9999px")
    (True, True)
    """
    if not _is_of_interest(style):
        return False
    if HIDDEN_STYLE.search(style) and not ANIMATED.search(style):
        return True
    if UNSEEN.search(style):
        return True
    is_out = bool(TAKEN_OUT.search(style))
    return is_out and bool(FAR_AWAY.search(style) or (TINY.search(style) and OVERFLOW.search(style)))


def _is_of_interest(declarations: str) -> bool:
    """Leave out nine rules of ten, that neither hide nor show: a search for a word is faster than a pattern."""
    return any(word in declarations for word in OF_INTEREST)


class _Rule(NamedTuple):
    """A selector whose declarations hide, and the classes and ids that it names.

    ``tag`` and ``names`` are all of it where it is simple (``p.note``); else ``path`` finds its elements.
    """

    tag: str
    names: frozenset[str]
    path: etree.XPath | None = None


@dataclass(slots=True)
class PageStyles:
    """What the style elements of a page hide, what some rule shows again, and what its scripts hold."""

    hiding: list[_Rule] = field(default_factory=list)
    shown: set[str] = field(default_factory=set)
    scripts: str = ""
    named_by_script: dict[str, bool] = field(default_factory=dict)

    def is_named_by_script(self, name: str) -> bool:
        """Say whether a script names a class or an id; each is looked for once a page, for 5,000 rows share one."""
        if name not in self.named_by_script:
            found = name in self.scripts and any(f"{mark}{name}" in self.scripts for mark in SELECTED)
            self.named_by_script[name] = found
        return self.named_by_script[name]


def page_styles(tree: HtmlElement) -> PageStyles:
    """Read the style elements of a page; call it before the tree is pruned."""
    text = "\n".join(element.text or "" for element in tree.iter("style"))[:MAX_STYLES]
    found = PageStyles(scripts="\n".join(element.text or "" for element in tree.iter("script"))[:MAX_SCRIPTS])
    if text:
        hiding, found.shown = _read_rules(text)
        found.hiding = list(hiding)
    return found


@lru_cache(maxsize=64)  # the pages of a site have the same styles
def _read_rules(text: str) -> tuple[tuple[_Rule, ...], set[str]]:
    """Give the rules that hide whatever the width of the screen, and the names that any rule shows."""
    first, *others = text.split("/*")
    text = "".join([first, *(part.partition("*/")[2] for part in others)])
    hiding: list[_Rule] = []
    shown: set[str] = set()
    for selectors, declarations, is_conditional in _rules(text):
        if not _is_of_interest(declarations):
            continue
        if SHOWN.search(declarations):
            shown.update(NAME.findall(selectors))
        elif not is_conditional and is_hidden_by_style(declarations):
            hiding += filter(None, map(_rule, selectors.split(",")[:MAX_SELECTORS]))
    return tuple(hiding[:MAX_RULES]), shown


def _rule(selector: str) -> _Rule | None:
    """Read a selector of tags, classes and ids; what asks for a state or for a neighbour is a thing that changes."""
    selector = selector.strip()
    names = frozenset(NAME.findall(selector))
    if not names or not STATIC.fullmatch(selector):
        return None
    if simple := SIMPLE.fullmatch(selector):
        return _Rule((simple[1] or "").lower(), names)
    try:
        return _Rule("", names, CSSSelector(selector, translator="html"))
    except (SelectorError, etree.XPathError):
        return None


def _rules(text: str) -> Iterator[tuple[str, str, bool]]:
    """Give selectors and declarations of each rule, and whether it stands within a condition such as @media."""
    depth = 0
    for part in text.split("}"):
        head, brace, declarations = part.rpartition("{")
        if brace:
            depth += head.count("{")
            yield head.rpartition("{")[2].rpartition(";")[2], declarations, depth > 0
        else:
            depth = max(0, depth - 1)


def take_hidden(tree: HtmlElement, styles: PageStyles) -> list[HtmlElement]:
    """Take the elements out of a pruned tree that no visitor can see; gives them in page order."""
    found = [element for element in _elements(STYLED, tree) if _hides_itself(element)]
    if styles.hiding:
        found += _by_rules(tree, styles)
    if not found:
        return []
    values = cast("list[str]", NAMED_BY(tree))
    named = {word for value in values for word in WORD.findall(value[:500])}
    marked = set(found)
    hidden = [
        element
        for element in dict.fromkeys(found)
        if not any(holder in marked for holder in element.iterancestors()) and not _can_be_shown(element, named, styles)
    ]
    letters = sum(map(_letters, hidden))
    if not letters or letters * 2 > _letters(tree):
        return []
    for element in hidden:
        element.drop_tree()
    return hidden


def _hides_itself(element: HtmlElement) -> bool:
    attribute = element.get("hidden")
    if attribute is not None and attribute.lower() != "until-found":
        return True
    style = element.get("style")
    return bool(style) and is_hidden_by_style(style)


def _by_rules(tree: HtmlElement, styles: PageStyles) -> Iterator[HtmlElement]:
    """Find the elements that the page's own rules hide; a name that some rule shows is one that can be shown."""
    rules = [rule for rule in styles.hiding if not rule.names & styles.shown]
    simple = [rule for rule in rules if not rule.path]
    wanted = {name for rule in simple for name in rule.names}
    on_page: set[str] = set()
    for element in _elements(CLASSED, tree) if rules else ():
        names = _names(element)
        on_page |= names
        if not names.isdisjoint(wanted) and any(
            rule.names <= names and rule.tag in {"", element.tag} for rule in simple
        ):
            yield from _unless_shown(element, names, styles)
    for rule in [rule for rule in rules if rule.path and rule.names <= on_page][:MAX_SELECTORS]:
        for element in _elements(rule.path, tree):
            yield from _unless_shown(element, _names(element), styles)


def _names(element: HtmlElement) -> set[str]:
    names = {f".{name}" for name in (element.get("class") or "").split()}
    return names | {f"#{element.get('id')}"} if element.get("id") else names


def _unless_shown(element: HtmlElement, names: set[str], styles: PageStyles) -> Iterator[HtmlElement]:
    if names.isdisjoint(styles.shown) and not SHOWN.search(element.get("style") or ""):
        yield element


def _can_be_shown(element: HtmlElement, named: set[str], styles: PageStyles) -> bool:
    """Tell what a click, a script, a menu or a slide brings to light."""
    if element.tag in MENUS or element.get("role") in {"dialog", "tabpanel", "alertdialog", "menu"}:
        return True
    names = [*(element.get("class") or "")[:500].split(), *(element.get("id") or "")[:200].split()]
    if not named.isdisjoint(names):
        return True
    if any(map(styles.is_named_by_script, names)):
        return True
    for holder in (element, *element.iterancestors()):
        if holder.tag in ROOTS:
            break
        classes = (holder.get("class") or "")[:300].split()
        if holder.tag in HOLDERS or any(SLIDE.search(name) or name_bits(name) & OPENED for name in classes):
            return True
    text, linked = _letters(element), sum(map(_letters, element.iter("a")))
    return linked * 2 > text


def _elements(path: etree.XPath | None, tree: HtmlElement) -> list[HtmlElement]:
    return cast("list[HtmlElement]", path(tree)) if path else []


def _letters(element: HtmlElement) -> int:
    return sum(len(text.strip()) for text in element.itertext())
