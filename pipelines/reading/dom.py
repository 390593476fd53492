"""One parse of a page: the tree that metadata, links and text share.

``ElementDefaultClassLookup`` gives lxml.html's elements without its per-element class choice in Python (the text is
identical). Scripts, styles and drawings leave the tree before trafilatura copies it several times.
"""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HtmlComment, HtmlElement, HtmlEntity, HtmlProcessingInstruction

from pipelines.reading.accordions import open_accordions

__all__ = ["parse", "prune"]

LOOKUP = etree.ElementDefaultClassLookup(
    element=HtmlElement, comment=HtmlComment, pi=HtmlProcessingInstruction, entity=HtmlEntity
)
PRUNED = (
    "script", "style", "svg", "template", "iframe", "object", "canvas", "select", "datalist", "option", "textarea",
    "audio", "video", "map", "progress", "meter", "title",
)  # fmt: skip
# forums answer machines with the whole thread in <noscript>; elsewhere it asks for JavaScript or holds a picture
MIN_NOSCRIPT_TEXT = 300
# libxml2 is quadratic in the attributes of one tag: 50,000 take 2 s, 200,000 half a minute
ENDLESS_TAG = re.compile(r"<[^<>]{50000,}>")
STRETCH = 25_000  # characters: an endless tag covers one whole stretch of so many at least


def parse(html: str) -> HtmlElement | None:
    """Give the root of a page's tree, or nothing where libxml2 finds no element."""
    if any(html.find("<", start, start + STRETCH) < 0 for start in range(0, len(html) - STRETCH, STRETCH)):
        html = ENDLESS_TAG.sub(_short_tag, html)
    parser = etree.HTMLParser(
        collect_ids=False,
        default_doctype=False,  # type: ignore[call-arg]  # the stubs do not know it
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,
        no_network=True,
    )
    parser.set_element_class_lookup(LOOKUP)
    try:
        return etree.fromstring(html.encode("utf-8", "replace"), parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def _short_tag(match: re.Match[str]) -> str:
    """Leave a tag with one long attribute (an image as data), cut one with thousands of attributes."""
    tag = match.group()
    return tag if tag.count("=") < 2000 and tag.count(" ") < 2000 else tag[:2000].rsplit(" ", 1)[0] + ">"


def prune(tree: HtmlElement) -> HtmlElement:
    """Take out what is never text and open what is folded, in place; call it after metadata has read the scripts."""
    etree.strip_elements(tree, *PRUNED, with_tail=False)
    open_accordions(tree)
    for element in list(tree.iter("noscript")):
        if len("".join(element.itertext()).strip()) < MIN_NOSCRIPT_TEXT:
            etree.strip_elements(element, etree.Element, with_tail=False)
            element.text = None
        else:
            element.tag = "div"
    return tree
