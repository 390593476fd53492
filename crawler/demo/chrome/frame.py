"""The parts of a page that are the same on a whole site, and the lists that several platforms share."""

# ruff: noqa: E501 - markup reads best in the long lines in which platforms send it

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from crawler.demo.chrome.markup import anchor
from crawler.demo.chrome.padding import styles

if TYPE_CHECKING:
    from crawler.demo.view import View

__all__ = ["Frame", "teasers", "weight"]

_LEAST_EXTRA, _MOST_EXTRA = 8000, 60000


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands before and after everything that a page has of its own."""

    start: str
    head: str
    top: str
    bottom: str


def weight(view: View, prefix: str) -> str:
    """Give a page its own weight of styles: 8,000 to 60,000 characters, as real pages differ."""
    size = view.scene.site.dice("weight", view.page.path).between(_LEAST_EXTRA, _MOST_EXTRA)
    return styles(prefix, _MOST_EXTRA)[:size]


def teasers(view: View) -> str:
    """List the posts of an archive page, and the way to older ones."""
    items = "".join(
        f'<article class="post-teaser"><h2 class="entry-title">{anchor(teaser.link)}</h2><time datetime="{teaser.day}">{teaser.day}</time>'
        f'<p>{escape(teaser.excerpt, quote=False)}</p><a class="more-link" href="{escape(teaser.link.href)}">Continue reading</a></article>\n'
        for teaser in view.teasers
    )
    return items + (
        f'<nav class="pagination"><a class="next" href="{escape(view.older)}">Older posts</a></nav>\n'
        if view.older
        else ""
    )
