"""Blocks as HTML: groups of blocks, and the tags in which a platform puts them."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from demo.content import Block
    from demo.view import Link

__all__ = ["Markup", "anchor", "group_blocks", "inside", "say_group"]

_GROUP = {"q": "faq", "a": "faq", "li": "list", "ol": "steps", "row": "table", "quote": "quotes"}


@dataclass(frozen=True, slots=True)
class Markup:
    """The tags of one platform; ``%s`` is the text."""

    p: str = "<p>%s</p>\n"
    h2: str = "<h2>%s</h2>\n"
    li: str = "<li>%s</li>\n"
    ul: str = "<ul>%s</ul>\n"
    ol: str = "<ol>%s</ol>\n"
    q: str = "<h3>%s</h3>\n"
    a: str = "<p>%s</p>\n"
    faq: str = "<div>%s</div>\n"
    quote: str = "<blockquote><p>%s</p></blockquote>\n"
    person: str = "<h3>%s</h3>\n"
    row: str = "<tr>%s</tr>\n"
    cell: str = "<td>%s</td>"
    table: str = "<table><tbody>%s</tbody></table>\n"
    wrap: str = "%s"


def group_blocks(blocks: Iterable[Block]) -> Iterator[tuple[str, list[Block]]]:
    """Cut blocks into runs: text (a heading begins a new one), list, steps, faq, table, quotes."""
    headings = 0

    def key(block: Block) -> tuple[str, int]:
        nonlocal headings
        headings += block.kind == "h2"
        return _GROUP.get(block.kind, "text"), headings

    for (kind, _), run in groupby(blocks, key):
        yield kind, list(run)


def say_group(kind: str, blocks: list[Block], markup: Markup) -> str:
    """Put one run into the tags of a platform."""
    inner = "".join(_say_block(block, markup) for block in blocks)
    outer = {"list": markup.ul, "steps": markup.ol, "faq": markup.faq, "table": markup.table}.get(kind, "%s")
    return markup.wrap % (outer % inner)


def inside(blocks: Iterable[Block], markup: Markup) -> str:
    """Put all blocks into the tags of a platform."""
    return "".join(say_group(kind, run, markup) for kind, run in group_blocks(blocks))


def _say_block(block: Block, markup: Markup) -> str:
    text = escape(block.text, quote=False)
    if block.kind == "row":
        return markup.row % "".join(markup.cell % cell for cell in text.split(" | "))
    tag: str = getattr(markup, "li" if block.kind == "ol" else block.kind)
    return tag % text


def anchor(link: Link, attributes: str = "") -> str:
    """Write a link."""
    return f'<a href="{escape(link.href)}"{attributes}>{escape(link.label, quote=False)}</a>'
