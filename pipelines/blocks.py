"""The visible text of a tree as blocks: one heading, paragraph, list item, button or table row each, with its place.

A block is a run of text between block-level tags. It knows its kind, how much of it is link text, and a bit mask of
what stands around it (navigation, footer, form, class names that speak of comments, ...): the features that a choice
between main text and the rest is made of.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from lxml import etree

from pipelines.clean import normalise

if TYPE_CHECKING:
    from lxml.html import HtmlElement

__all__ = ["AROUND", "Segment", "segments"]

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "ruby",
        "rt",
        "rp",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
        "img",
        "picture",
        "source",
        "nobr",
        "o:p",
    ]
)
UNSEEN = frozenset(
    [
        "script",
        "style",
        "svg",
        "noscript",
        "template",
        "iframe",
        "object",
        "canvas",
        "select",
        "datalist",
        "option",
        "textarea",
        "input",
        "audio",
        "video",
        "map",
        "progress",
        "meter",
        "title",
    ]
)
KINDS = {
    "li": "item",
    "dt": "item",
    "dd": "item",
    "tr": "row",
    "td": "row",
    "th": "row",
    "button": "button",
    "summary": "heading",
    "caption": "heading",
    "figcaption": "caption",
    "blockquote": "quote",
    "pre": "code",
}
AROUND = (
    "nav", "header", "footer", "aside", "form", "main", "article", "table", "list", "link", "button", "figure",
    "quote", "hidden", "section", "dl",
    # class and id names
    "c-nav", "c-header", "c-footer", "c-side", "c-comment", "c-share", "c-related", "c-meta", "c-popup", "c-form",
    "c-card", "c-content", "c-title", "c-hidden", "c-breadcrumb", "c-ad", "c-accordion", "c-hero", "c-review",
)  # fmt: skip
BIT = {name: 1 << place for place, name in enumerate(AROUND)}
TAG_BITS = {
    "nav": BIT["nav"], "header": BIT["header"], "footer": BIT["footer"], "aside": BIT["aside"], "form": BIT["form"],
    "main": BIT["main"], "article": BIT["article"], "table": BIT["table"], "ul": BIT["list"], "ol": BIT["list"],
    "a": BIT["link"], "button": BIT["button"], "figure": BIT["figure"], "figcaption": BIT["figure"],
    "blockquote": BIT["quote"], "section": BIT["section"], "dl": BIT["dl"],
    "menu": BIT["nav"], "dialog": BIT["c-popup"],
    "address": BIT["c-meta"],
}  # fmt: skip
ROLE_BITS = {
    "navigation": BIT["nav"], "banner": BIT["header"], "contentinfo": BIT["footer"], "complementary": BIT["aside"],
    "main": BIT["main"], "article": BIT["article"], "dialog": BIT["c-popup"], "alertdialog": BIT["c-popup"],
    "menu": BIT["nav"], "menubar": BIT["nav"], "search": BIT["form"], "form": BIT["form"],
}  # fmt: skip
# words that class and id names are made of; the longest match at a place wins, names are read once a process
WORDS = {
    "c-nav": "nav navbar navigation menu submenu pagination pager paginate topbar offcanvas sitemap toc",
    "c-header": "header masthead banner sitehead topbar",
    "c-footer": "footer foot copyright colophon credits legal disclaimer bottom",
    "c-side": "sidebar aside widget widgets rail secondary sidenav",
    "c-comment": "comment comments commentlist respond disqus reply replies",
    "c-share": "share sharing social socials follow sns addtoany addthis sharedaddy heateor tweet facebook twitter",
    "c-related": "related recommend recommended recommendations recent popular trending similar latest upsell more "
    "crosssell teaser teasers outbrain taboola next prev previous",
    "c-meta": "meta metadata byline author authors date time tag tags tagcloud category categories posted published "
    "bio postinfo timestamp entrymeta",
    "c-popup": "cookie cookies consent gdpr popup modal overlay lightbox dialog announcement notice toast alert",
    "c-form": "form search subscribe subscription newsletter signup login cart checkout mailchimp optin input field",
    "c-card": "card cards tile tiles slide slider carousel swiper loop summary product products listing listings "
    "result results item items grid",
    "c-content": "content entry article articlebody post postbody body main story prose text richtext maincontent "
    "wysiwyg editor",
    "c-title": "title heading headline subtitle",
    "c-hidden": "hidden hide sr visuallyhidden invisible collapsed offscreen d-none",
    "c-breadcrumb": "breadcrumb breadcrumbs crumb crumbs",
    "c-ad": "ad ads advert advertisement sponsor sponsored promo promotion cta dfp gpt",
    "c-accordion": "accordion toggle faq faqs collapse tab tabs panel expand expandable collapsible",
    "c-hero": "hero jumbotron splash intro",
    "c-review": "review reviews rating ratings testimonial testimonials quote",
}
WORD_BITS: dict[str, int] = {}
for _name, _words in WORDS.items():
    for _word in _words.split():
        WORD_BITS[_word] = WORD_BITS.get(_word, 0) | BIT[_name]
PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
ROOTS = frozenset({"html", "body"})  # their class names speak of the whole site
BOLD = frozenset({"b", "strong"})
CELLS = frozenset({"td", "th"})
LONG_CELL = 200
BREAK = "\x1e"
CELL = "\x1f"  # control characters do not survive decoding, so no page holds these
HIDDEN_STYLE = re.compile(r"(?i)display\s*:\s*none|visibility\s*:\s*hidden")


@dataclass(slots=True)
class Segment:
    """A block as it stands in the tree: its text, and what the choice of the main text looks at.

    ``around`` is a mask of ``AROUND`` for the element and all that holds it; ``path`` lists the numbers of the
    block-level elements that hold it, outermost first.
    """

    text: str
    tag: str
    kind: str
    around: int
    path: tuple[int, ...]
    link_chars: int
    links: int
    bold_chars: int

    @property
    def linked(self) -> float:
        """The share of the text that is link text."""
        return min(1.0, self.link_chars / len(self.text))


@dataclass(slots=True)
class _Frame:
    """A block-level element that is open."""

    tag: str
    kind: str
    around: int
    path: tuple[int, ...]


def segments(tree: HtmlElement) -> list[Segment]:
    """Cut the visible text of a pruned tree into blocks, in page order."""
    walk = _Walk()
    events = etree.iterwalk(tree, events=("start", "end"))
    for event, element in events:
        tag = element.tag
        if event == "end":
            walk.end(element, tag)
        elif tag in UNSEEN:
            events.skip_subtree()
        else:
            walk.start(element, tag)
    walk.flush()
    return walk.found


class _Walk:
    """The state of one walk through a tree: open frames, and the text since the last block-level tag."""

    def __init__(self) -> None:
        self.found: list[Segment] = []
        self.frames = [_Frame("html", "paragraph", 0, ())]
        self.pieces: list[str] = []
        self.in_link = self.in_bold = 0
        self.link_chars = self.links = self.bold_chars = 0
        self.count = 0

    def start(self, element: HtmlElement, tag: str) -> None:
        if tag in INLINE:
            self._start_inline(tag)
        elif tag == "br":
            self.pieces.append(BREAK)
        elif tag in CELLS:
            self._start_cell()
        else:
            self.flush()
            self._open(element, tag)
        if element.text:
            self._text(element.text)

    def end(self, element: HtmlElement, tag: str) -> None:
        if tag in INLINE:
            self._end_inline(tag)
        elif tag in CELLS:
            self._end_cell()
        elif tag != "br" and tag not in UNSEEN:
            self.flush()
            self.frames.pop()
        if element.tail:
            self._text(element.tail)

    def _start_inline(self, tag: str) -> None:
        if tag == "a":
            self.in_link += 1
            self.links += 1
        elif tag in BOLD:
            self.in_bold += 1

    def _end_inline(self, tag: str) -> None:
        if tag == "a":
            self.in_link -= 1
        elif tag in BOLD:
            self.in_bold -= 1

    def _start_cell(self) -> None:
        self.pieces.append(CELL)

    def _end_cell(self) -> None:
        if sum(map(len, self.pieces)) > LONG_CELL:
            self.flush()

    def _text(self, text: str) -> None:
        self.pieces.append(text)
        if self.in_link or self.in_bold:
            size = len(text.strip())
            self.link_chars += size if self.in_link else 0
            self.bold_chars += size if self.in_bold else 0

    def _open(self, element: HtmlElement, tag: str) -> None:
        outer = self.frames[-1]
        self.count += 1
        kind = "heading" if tag in HEADINGS else KINDS.get(tag, outer.kind)
        around = outer.around | _around(element, tag)
        self.frames.append(_Frame(tag, kind, around, (*outer.path, self.count)))

    def flush(self) -> None:
        if not self.pieces:
            return
        text = _text_of(self.pieces)
        if text:
            frame = self.frames[-1]
            around = frame.around | (BIT["link"] if self.in_link else 0)
            self.found.append(
                Segment(text, frame.tag, frame.kind, around, frame.path, self.link_chars, self.links, self.bold_chars)
            )
        self.pieces = []
        self.link_chars = self.links = self.bold_chars = 0


def _text_of(pieces: list[str]) -> str:
    """Join text; a line end in the source is a space, ``<br>`` a line end, and cells are parted by bars."""
    if len(pieces) == 1:
        return normalise(pieces[0])
    joined = "".join(pieces)
    if BREAK not in joined and CELL not in joined:
        return normalise(joined)
    return "\n".join(line for raw in joined.split(BREAK) if (line := _row(raw)))


def _row(raw: str) -> str:
    return " | ".join(cell for each in raw.split(CELL) if (cell := normalise(each)))


def _around(element: HtmlElement, tag: str) -> int:
    """Say what an element is, by tag, role, style and names, as bits."""
    bits = TAG_BITS.get(tag, 0)
    if tag in ROOTS:
        return 0
    for name, value in element.items():
        if name in ("class", "id"):
            bits |= _named(value[:200])
        elif name == "role":
            bits |= ROLE_BITS.get(value, 0)
        elif (
            name == "hidden"
            or (name == "aria-hidden" and value == "true")
            or (name == "style" and HIDDEN_STYLE.search(value))
        ):
            bits |= BIT["hidden"]
    return bits


def _named(names: str) -> int:
    bits = 0
    for name in names.split():
        bits |= _name_bits(name)
    return bits


@lru_cache(maxsize=50_000)
def _name_bits(name: str) -> int:
    """Read one class or id name as bits: ``postMeta``, ``post-meta`` and ``post_meta`` say the same."""
    bits = 0
    for part in PART.findall(name):
        bits |= WORD_BITS.get(part.lower(), 0)
    return bits
