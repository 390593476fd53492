"""Wix: one box a component, spans in spans, zero-width guards, and a large JSON state behind the page."""

# ruff: noqa: E501 - markup reads best in the long lines in which platforms send it

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from crawler.demo.chrome import widgets
from crawler.demo.chrome.frame import Frame, teasers, weight
from crawler.demo.chrome.head import head_meta, json_ld
from crawler.demo.chrome.markup import Markup, anchor, group_blocks, say_group
from crawler.demo.chrome.padding import base64_image, styles, svg_icon, warmup_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.demo.view import Link, Scene, View

__all__ = ["dress"]

_GUARD = '<p class="font_8 wixui-rich-text__text" style="font-size:16px"><span class="wixGuard wixui-rich-text__text">\u200b</span></p>\n'
_PAGE = Markup(
    p='<p class="font_8 wixui-rich-text__text" style="font-size:16px; line-height:1.7em;"><span style="letter-spacing:normal;" class="wixui-rich-text__text"><span class="color_15 wixui-rich-text__text">%s</span></span></p>\n'
    + _GUARD,
    h2='<h2 class="font_2 wixui-rich-text__text" style="font-size:34px;"><span class="wixui-rich-text__text">%s</span></h2>\n',
    li='<li class="wixui-rich-text__text"><p class="font_8 wixui-rich-text__text"><span class="color_15">%s</span></p></li>\n',
    ul='<ul class="font_8 wixui-rich-text__text" style="font-size:16px;">%s</ul>\n',
    ol='<ol class="font_8 wixui-rich-text__text">%s</ol>\n',
    q='<div class="wixui-accordion__item" data-hook="item"><button type="button" class="wixui-accordion__header" aria-expanded="false"><div class="wixui-accordion__title"><span>%s</span></div></button>\n',
    a='<div class="wixui-accordion__pane" aria-hidden="true" style="height:0px"><div class="wixui-rich-text"><p class="font_8">%s</p></div></div></div>\n',
    faq='<div class="wixui-accordion">%s</div>\n',
    quote='<div class="wixui-repeater__item" role="listitem"><p class="font_7 wixui-rich-text__text"><span style="font-style:italic;">%s</span></p></div>\n',
    person='<h3 class="font_5 wixui-rich-text__text"><span style="font-weight:bold;">%s</span></h3>\n',
    row='<div class="wixui-repeater__item" role="listitem">%s</div>\n',
    cell='<div class="wixui-rich-text"><p class="font_8"><span>%s</span></p></div>',
    table='<div role="list" class="wixui-repeater">%s</div>\n',
)
_POST = Markup(
    p='<div data-breakout="normal"><p dir="auto" class="tcNsG _3f7a" id="viewer-foo"><span class="B2EFF public-DraftStyleDefault-ltr"><span>%s</span></span></p></div>\n<div data-breakout="normal"><div type="empty-line" data-hook="rcv-block-empty"><br role="presentation"/></div></div>\n',
    h2='<div data-breakout="normal"><h2 dir="auto" class="ugB7g"><span class="B2EFF"><strong>%s</strong></span></h2></div>\n',
    li='<li class="_2aXy" aria-level="1"><p class="tcNsG"><span>%s</span></p></li>\n',
    q='<h3 dir="auto" class="dH0dq"><span>%s</span></h3>\n',
)


def dress(view: View) -> str:
    """Put a page into components."""
    frame = _frame(view.scene)
    return "".join(
        (
            frame.start,
            head_meta(view, " | "),
            json_ld(view),
            frame.head,
            f'<style id="css_masterPage">{weight(view, "comp")}</style></head>\n',
            frame.top,
            f'<main id="PAGES_CONTAINER" tabindex="-1" data-main-content="true" class="build-{view.build}"><div id="SITE_PAGES"><div id="c1dmp" class="dBAkHi theme-vars"><div class="HT5ybB"><div id="Containerc1dmp" class="SPY_vo"><div data-mesh-id="Containerc1dmpinlineContent" data-testid="inline-content"><div data-mesh-id="Containerc1dmpinlineContent-gridContainer" data-testid="mesh-container-content">\n',
            _post(view) if view.page.is_post() else _page(view),
            "</div></div></div></div></div></div></main>\n",
            frame.bottom,
        )
    )


def _component(inner: str, number: int, kind: str = "wixui-rich-text") -> str:
    name = f"comp-{number * 104729 % 0xFFFFFFF:07x}"
    return f'<div id="{name}" class="KcpHeO tz5f0K {name} {kind}" data-testid="richTextElement" data-angle="0">{inner}</div>\n'


def _page(view: View) -> str:
    title = f'<h1 class="font_0 wixui-rich-text__text" style="font-size:56px; text-align:center;"><span class="color_36">{escape(view.content.title)}</span></h1>'
    parts = [
        _component(say_group(kind, run, _PAGE), number)
        for number, (kind, run) in enumerate(group_blocks(view.content.blocks), 5)
    ]
    linked = _component(
        f'<p class="font_8"><span style="text-decoration:underline;">{anchor(view.inline)}</span></p>', 90
    )
    image = f'<wow-image class="jhxvbR" data-image-info="{{&quot;containerId&quot;:&quot;comp-1&quot;}}">{widgets.picture(view, 2)}</wow-image>'
    return "".join(
        (
            '<section id="comp-hero" tabindex="-1" class="Oqnisf wixui-section" data-block-level-container="ClassicSection">',
            _component(title, 1),
            _component(widgets.call_to_action(view.scene), 2, "wixui-button"),
            "</section>\n",
            *parts[:2],
            image,
            *parts[2:],
            linked,
            _component(widgets.carousel(view, "wixui-slideshow"), 91),
            teasers(view),
        )
    )


def _post(view: View) -> str:
    content = view.content
    body = "".join(say_group(kind, run, _POST) for kind, run in group_blocks(content.blocks))
    recent = "".join(
        f'<article class="so9KdE" data-hook="post-list-item"><a href="{escape(link.href)}"><h2 class="bD0vt9">{escape(link.label)}</h2></a></article>'
        for link in view.related[:3]
    )
    return (
        f'<div data-hook="blog-desktop-header-container"><nav aria-label="Blog"><a href="#">All Posts</a></nav></div><article class="blog-post-page-font" lang="en"><div class="post-header">'
        f'<ul class="r5Q7h"><li><span data-hook="user-name">{escape(content.author)}</span></li><li><span title="{content.published:%b} {content.published.day}" class="post-metadata__date" data-hook="time-ago">{content.published:%b} {content.published.day}</span></li>'
        f'<li><span data-hook="time-to-read">3 min read</span></li></ul></div><h1 class="H3vOVf" data-hook="post-title"><span class="blog-post-title-font">{escape(content.title)}</span></h1>\n'
        f'<section class="ppk8V" data-hook="post-description"><article><div class="moHCnT"><div data-rce-version="9.18.1"><div class="fTEXDR A2sIZ4" data-id="content-viewer">{body}'
        f'<p>{anchor(view.inline)}</p></div></div></div></article></section><footer class="post-footer" data-hook="post-footer">{widgets.share_bar(view, "blog-post")}<div><span>{svg_icon("eye")} 41 views</span> '
        f'<span>0 comments</span><button aria-label="Like post">{svg_icon("heart")}</button></div></footer></article><div data-hook="post-page-related"><h2>Recent Posts</h2><a href="#">See All</a>{recent}</div>'
        '<div class="comments-box" data-hook="comments"><h2>Comments</h2><div role="textbox">Write a comment...</div></div>\n'
    )


def _menu(links: Iterable[Link]) -> str:
    return "".join(
        f'<li class="xdc9Ro wixui-menu__item"><a data-testid="linkElement" href="{escape(link.href)}" target="_self" class="uD1aYE"><div class="WA8Ao"><div class="X8t5r"><p class="hvdzL">{escape(link.label)}</p></div></div></a></li>'
        for link in links
    )


@lru_cache(maxsize=64)
def _frame(scene: Scene) -> Frame:
    name, base = escape(scene.site.name), scene.base
    return Frame(
        start='<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1" id="wixDesktopViewport" />\n<meta http-equiv="X-UA-Compatible" content="IE=edge">\n<meta name="generator" content="Wix.com Website Builder"/>\n',
        head=f'<style data-href="https://static.parastorage.invalid/thunderbolt/main.css">{styles("wixui", 22000)}</style>\n<script id="wix-essential-viewer-model" type="wix/htmlEmbeds">{warmup_json("viewer", 9000)}</script>\n{widgets.nonce(scene)}',
        top=f'<body class=""><div id="SITE_CONTAINER"><div id="main_MF" class="main_MF"><div id="SCROLL_TO_TOP" class="Vd6aQZ ignore-focus SCROLL_TO_TOP" tabindex="-1" role="region" aria-label="top of page"><span class="mHZSwn">top of page</span></div>'
        f'<div id="site-root" class="site-root"><div id="masterPage" class="mesh-layout masterPage css-editing-scope"><header id="SITE_HEADER" class="xU8fqS SITE_HEADER wixui-header" tabindex="-1"><a href="{base}/"><img alt="{name}" src="{base64_image("wixlogo", 1800)}"></a>'
        f'<nav class="StylableHorizontalMenu3372578893__root" aria-label="Site"><ul>{_menu(scene.main)}<li class="wixui-menu__item"><p>More</p><ul>{_menu(scene.services)}{_menu(scene.conditions)}</ul></li></ul></nav></header>\n',
        bottom=f'<footer id="SITE_FOOTER" class="SITE_FOOTER wixui-footer" tabindex="-1"><div class="wixui-rich-text"><p class="font_9">{widgets.address(scene)}</p></div><ul>{_menu(scene.towns)}{_menu(scene.small)}</ul>{widgets.old_links(scene)}'
        f'<p class="font_9"><span>{widgets.copyright_line(scene)} Proudly created with Wix. {widgets.counter(scene)}</span></p></footer></div></div><div id="SCROLL_TO_BOTTOM" role="region" aria-label="bottom of page"><span class="mHZSwn">bottom of page</span></div></div></div>\n'
        f'{widgets.cookie_banner("ccsu")}<script type="application/json" id="wix-warmup-data">{warmup_json("warmup", 26000)}</script>\n</body>\n</html>\n',
    )
