"""The visible text of a tree as blocks: one heading, paragraph, list item, button or table row each, in page order.

A block is a run of text between block-level tags. It knows its kind, how much of it is link text, and a bit mask of
what stands around it (navigation, footer, form, class names such as ``comments``, ...): the features by which main
text is told from the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from pipelines.text.normalise import normalise

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.html import HtmlElement

__all__ = ["AROUND", "BIT", "Segment", "is_chrome", "name_bits", "segments"]

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
INLINE = frozenset(
    """
    a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q ruby rt rp s samp small span
    strike strong sub sup time tt u var wbr img picture source nobr o:p
    """.split()  # noqa: SIM905 (a list would be a screen long)
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
    "c-consent",
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
# words that class and id names are made of; each name is read once a process
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
    # consent managers by name, as they come with their platforms: their texts are never a page's own
    "c-consent": "onetrust cookiebot cookieyes cky cmplz cookiebanner cookieconsent cookienotice cookielaw "
    "cookiescript didomi usercentrics trustarc truste osano termly iubenda klaro borlabs quantcast cmpbox evidon",
}
WORD_BITS: dict[str, int] = {}
for _name, _words in WORDS.items():
    for _word in _words.split():
        WORD_BITS[_word] = WORD_BITS.get(_word, 0) | BIT[_name]
PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
ROOTS = frozenset({"html", "body"})  # their class names are about the whole site
BOLD = frozenset({"b", "strong"})
CELLS = frozenset({"td", "th"})
MAX_CELL_LINES = 3
LONG_CELL = 200  # characters; such a cell is a block of its own, as in layout tables
# within these an element of a name with a hyphen (a custom element, which browsers show inline) does not end the line
PHRASES = HEADINGS | {"p", "li", "dt", "dd", "blockquote", "figcaption", "summary"}
BREAK = "\x1e"
CELL = "\x1f"  # control characters do not survive decoding, so no page holds these
HIDDEN_STYLE = re.compile(r"(?i)display\s*:\s*none|visibility\s*:\s*hidden")


@dataclass(slots=True)
class Segment:
    """A block as it stands in the tree: its text, and what the model for the main text looks at.

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

    @property
    def shape(self) -> tuple[int, str, int]:
        """What blocks of one list have in common: depth, tag and surroundings."""
        return len(self.path), self.tag, self.around


def segments(tree: HtmlElement) -> list[Segment]:
    """Cut the visible text of a pruned tree into blocks, in page order.

    The tree is written as XML and read as tags and texts: one search in C. A walk over the elements of a page from
    Python, with a call for each, took four times as long.
    """
    walk = _Walk()
    for name, attributes, text in TOKEN.findall(etree.tostring(tree, encoding="unicode", with_tail=False)):
        if name in STEPS:
            STEPS[name](walk, attributes)
        elif name not in PLAIN:
            walk.block(name, attributes)
        if text:
            walk.text(text)
    walk.flush()
    return walk.found


class _Walk:
    """The state of one walk through a page: open elements, and the text since the last block-level tag.

    ``stack`` holds tag, kind, ``around`` and path of each block-level element that is open: plain tuples, since a page
    has two thousand of them and making named ones shows in the time of a page.
    """

    def __init__(self) -> None:
        self.found: list[Segment] = []
        self.stack: list[tuple[str, str, int, tuple[int, ...]]] = [("html", "paragraph", 0, ())]
        self.pieces: list[str] = []
        self.in_link = self.in_bold = 0
        self.link_chars = self.links = self.bold_chars = 0
        self.count = 0

    def link(self, attributes: str) -> None:
        self.links += 1
        self.in_link += not attributes.endswith("/")

    def link_end(self, _: str) -> None:
        self.in_link -= 1

    def bold(self, attributes: str) -> None:
        self.in_bold += not attributes.endswith("/")

    def bold_end(self, _: str) -> None:
        self.in_bold -= 1

    def line_end(self, _: str) -> None:
        self.pieces.append(BREAK)

    def cell(self, _: str) -> None:
        self.pieces.append(CELL)

    def cell_end(self, _: str) -> None:
        if sum(map(len, self.pieces)) > LONG_CELL:
            self.flush()

    def text(self, text: str) -> None:
        pieces = self.pieces
        if not pieces and text.isspace():
            return
        pieces.append(text)
        if self.in_link:
            self.link_chars += len(text.strip())
        if self.in_bold:
            self.bold_chars += len(text.strip())

    def custom(self, name: str, attributes: str) -> bool:
        """Step over a custom element within a line: the stack then holds one entry twice, so that its end is known."""
        if name[0] == "/":
            is_inline = self.stack[-1] is self.stack[-2]
            if is_inline:
                self.stack.pop()
            return is_inline
        is_inline = self.stack[-1][0] in PHRASES
        if is_inline and not attributes.endswith("/"):
            self.stack.append(self.stack[-1])
        return is_inline

    def block(self, name: str, attributes: str) -> None:
        if "-" in name and self.custom(name, attributes):
            return
        if self.pieces or self.links:
            self.flush()
        if name[0] == "/":
            self.stack.pop()
            return
        self.count += 1
        if not attributes.endswith("/"):
            marks = _element_marks(name, attributes)
            _, kind, around, path = self.stack[-1]
            self.stack.append((name, marks.kind or kind, around | marks.bits, (*path, self.count)))

    def flush(self) -> None:
        text = _text_of(self.pieces) if self.pieces else ""
        if text:
            tag, kind, around, path = self.stack[-1]
            if self.in_link:
                around |= BIT["link"]
            self.found.append(Segment(text, tag, kind, around, path, self.link_chars, self.links, self.bold_chars))
        self.pieces = []
        self.link_chars = self.links = self.bold_chars = 0


# the end tags of a document are sure to fit: libxml2 wrote them
TOKEN = re.compile(r"<(/?[^\s/>]+)([^>]*)>([^<]*)")
ATTRIBUTE = re.compile(r"""([^\s=]+)="([^"]*)\"""")
PLAIN = INLINE | {f"/{name}" for name in INLINE} | {"/br", "input"}
STEPS: dict[str, Callable[[_Walk, str], None]] = {
    "a": _Walk.link,
    "/a": _Walk.link_end,
    "br": _Walk.line_end,
    **dict.fromkeys(BOLD, _Walk.bold),
    **{f"/{name}": _Walk.bold_end for name in BOLD},
    **dict.fromkeys(CELLS, _Walk.cell),
    **{f"/{name}": _Walk.cell_end for name in CELLS},
}


def _text_of(pieces: list[str]) -> str:
    """Join text; a line end in the source is a space, ``<br>`` a line end, and bars stand between cells.

    Where several cells of a row hold a few short lines each, a ``<br>`` within one parts words alone: the row stays one
    line. A cell of more lines is a part of a layout.
    """
    joined = "".join(pieces)
    if "&" in joined:
        joined = joined.replace("&lt;", "<").replace("&gt;", ">").replace("&#13;", " ").replace("&amp;", "&")
    if BREAK not in joined and CELL not in joined:
        return normalise(joined)
    if CELL in joined:
        cells = [list(filter(None, map(normalise, cell.split(BREAK)))) for cell in joined.split(CELL)]
        if sum(map(bool, cells)) > 1 and max(map(len, cells)) <= MAX_CELL_LINES:
            return " | ".join(" ".join(cell) for cell in cells if cell)
    rows = (" | ".join(filter(None, map(normalise, row.split(CELL)))) for row in joined.split(BREAK))
    return "\n".join(filter(None, rows))


class _Marks(NamedTuple):
    """What an element is: bits of ``AROUND``, and its kind where the tag has one."""

    bits: int
    kind: str


@lru_cache(maxsize=20_000)
def _element_marks(tag: str, attributes: str) -> _Marks:
    """Read what an element is from its tag, role, style, class and id."""
    kind = "heading" if tag in HEADINGS else KINDS.get(tag, "")
    if tag in ROOTS:
        return _Marks(0, kind)
    bits = TAG_BITS.get(tag, 0)
    for name, value in ATTRIBUTE.findall(attributes):
        if name in ("class", "id"):
            for each in value[:200].split():
                bits |= name_bits(each)
        elif name == "role":
            bits |= ROLE_BITS.get(value, 0)
        elif (
            name == "hidden"
            or (name == "aria-hidden" and value == "true")
            or (name == "style" and HIDDEN_STYLE.search(value))
        ):
            bits |= BIT["hidden"]
    return _Marks(bits, kind)


@lru_cache(maxsize=50_000)
def name_bits(name: str) -> int:
    """Read one class or id name as bits: ``postMeta``, ``post-meta`` and ``post_meta`` are the same."""
    bits = 0
    for part in PART.findall(name):
        bits |= WORD_BITS.get(part.lower(), 0)
    return bits


CHROME = (
    BIT["nav"] | BIT["footer"] | BIT["c-nav"] | BIT["c-footer"] | BIT["c-popup"] | BIT["c-share"] | BIT["c-breadcrumb"]
)
SITE_HEADER = BIT["header"] | BIT["c-header"]
CONTENT = BIT["main"] | BIT["article"]


def is_chrome(segment: Segment) -> bool:
    """Tell navigation, footer, cookie banner, share bar and site header from the text of the page itself.

    A long running text is never chrome by class names alone: builders call whole pages ``nav-…`` or ``…-footer``.
    """
    around = segment.around
    if around & (BIT["nav"] | BIT["footer"] | BIT["c-consent"]):
        return True
    if around & SITE_HEADER and not around & CONTENT and segment.kind != "heading" and len(segment.text) < 100:
        return True
    return bool(around & CHROME) and (len(segment.text) < 100 or segment.link_chars * 2 > len(segment.text))
