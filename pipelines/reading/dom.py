"""One parse of a page, read as browsers do: the tree that metadata, links and text share.

libxml2 leaves out what follows an end of the document, and browsers read on; what stands in a declarative shadow root
(``<template shadowrootmode>``) browsers show as the content of the element around it.

``ElementDefaultClassLookup`` gives lxml.html's elements without its per-element class choice in Python (the text is
identical). Scripts, styles and drawings leave the tree before trafilatura copies it several times.
"""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HtmlComment, HtmlElement, HtmlEntity, HtmlProcessingInstruction

from pipelines.reading.accordions import open_accordions
from pipelines.reading.hidden import page_styles, take_hidden

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
MAX_FLAT_CELL = 120  # characters of a cell of a row that is read as one line
# libxml2 is quadratic in the attributes of one tag: 50,000 take 2 s, 200,000 half a minute
ENDLESS_TAG = re.compile(r"<[^<>]{50000,}>")
# an end that comes early (themes that close the document in their header) ends nothing; the last one is not needed
DOCUMENT_END = re.compile(r"</(?:[bB][oO][dD][yY]|[hH][tT][mM][lL])\s{0,20}>")
SHADOW_MODES = frozenset({"open", "closed"})
STRETCH = 25_000  # characters: an endless tag covers one whole stretch of so many at least


def parse(html: str) -> HtmlElement | None:
    """Give the root of a page's tree, or nothing where libxml2 finds no element."""
    if any(html.find("<", start, start + STRETCH) < 0 for start in range(0, len(html) - STRETCH, STRETCH)):
        html = ENDLESS_TAG.sub(_short_tag, html)
    html = DOCUMENT_END.sub("", html)
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
        tree: HtmlElement = etree.fromstring(html.encode("utf-8", "replace"), parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    for template in list(tree.iter("template")) if tree is not None else ():
        if (template.get("shadowrootmode") or "").lower() in SHADOW_MODES:
            template.tag = "div"
    return tree


def _short_tag(match: re.Match[str]) -> str:
    """Leave a tag with one long attribute (an image as data), cut one with thousands of attributes."""
    tag = match.group()
    return tag if tag.count("=") < 2000 and tag.count(" ") < 2000 else tag[:2000].rsplit(" ", 1)[0] + ">"


def prune(tree: HtmlElement) -> list[HtmlElement]:
    """Take out what is never text and what no visitor sees, and open what is folded, in place.

    Gives the elements that are hidden, in page order. Call it after metadata has read the scripts.
    """
    styles = page_styles(tree)
    etree.strip_elements(tree, *PRUNED, with_tail=False)
    open_accordions(tree)
    for element in list(tree.iter("noscript")):
        if len("".join(element.itertext()).strip()) < MIN_NOSCRIPT_TEXT:
            etree.strip_elements(element, etree.Element, with_tail=False)
            element.text = None
        else:
            element.tag = "div"
    for cell in tree.iter("td", "th"):
        _flatten(cell)
    return take_hidden(tree, styles)


def _flatten(cell: HtmlElement) -> None:
    """Make the paragraphs of a short cell phrases: a row of a price list is one line, however its cells are made."""
    inner = list(cell.iter("p", "div"))
    if not inner or next(cell.iter("table", "ul", "ol", "form"), None) is not None:
        return
    if sum(map(len, cell.itertext())) <= MAX_FLAT_CELL:
        for element in inner:
            element.tag = "span"
            element.tail = f" {element.tail or ''}"
