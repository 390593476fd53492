"""The parts of a page that are the same on a whole site, and the lists that several platforms share."""

# ruff: noqa: E501 - markup reads best in the long lines in which platforms send it

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from demo.chrome.furniture import sidebar
from demo.chrome.markup import anchor
from demo.chrome.padding import styles
from demo.chrome.sections import page_sections, post_card
from demo.chrome.skin import numbered

if TYPE_CHECKING:
    from demo.chrome.skin import Skin
    from demo.page import Page
    from demo.view import Scene, View

__all__ = ["Frame", "build_frame", "choose_sections", "related_cards", "teasers", "weight"]

#: Share of the standing pages that repeat a section of many words below their text.
_TALKING = 0.25
_LEAST_EXTRA, _MOST_EXTRA = 2000, 24000


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands before and after everything that a page has of its own."""

    start: str
    head: str
    top: str
    bottom: str
    sections: tuple[str, ...] = ()
    talking: tuple[str, ...] = ()
    sidebar: str = ""


def build_frame(frame: Frame, scene: Scene, skin: Skin) -> Frame:
    """Give the boxes of a frame their numbers, and make the sections and the sidebar that its pages choose from."""
    quiet, talking = page_sections(scene, skin)
    return replace(
        frame,
        top=numbered(frame.top),
        bottom=numbered(frame.bottom, 500),
        sections=tuple(numbered(one, 1000 * place) for place, one in enumerate(quiet, 1)),
        talking=tuple(numbered(one, 1000 * place) for place, one in enumerate(talking, 10)),
        sidebar=numbered(sidebar(scene, skin), 20000),
    )


def choose_sections(view: View, frame: Frame) -> str:
    """Choose what a page has below its text of its site's sections; pages of one family choose alike."""
    dice = view.scene.site.dice("template", view.page.text_key or view.page.path)
    if view.page.is_post():
        return "".join(dice.some(frame.sections, dice.between(0, 1)))
    quiet = dice.some(frame.sections, dice.between(1, 3))
    return "".join((*quiet, *(dice.some(frame.talking, 1) if dice.chance(_TALKING) else ())))


def related_cards(view: View, skin: Skin, number: int = 3) -> str:
    """Show related posts as the cards of the platform."""
    posts = view.scene.posts
    first = view.scene.site.dice("cards", view.page.path, view.scene.tick if "noise" in view.scene.site.has else 0)
    chosen = [post for post in first.some(posts[:24], number + 1) if post is not view.page][:number]
    return "".join(_card(view.scene, skin, post) for post in chosen)


@lru_cache(maxsize=1024)
def _card(scene: Scene, skin: Skin, post: Page) -> str:
    return numbered(post_card(scene, skin, post), len(post.path) * 100)


def weight(view: View, prefix: str) -> str:
    """Give a page its own weight of styles: 2,000 to 24,000 characters, as real pages differ."""
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
