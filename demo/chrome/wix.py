"""Wix: one box a component, spans in spans, zero-width guards, and a large JSON state behind the page."""

# ruff: noqa: E501 - markup reads best in the long lines in which platforms send it

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from demo.chrome import widgets
from demo.chrome.frame import Frame, build_frame, choose_sections, related_cards, teasers, weight
from demo.chrome.furniture import bar, consent, footer, menu_entries, popup
from demo.chrome.head import head_meta, json_ld
from demo.chrome.markup import Markup, anchor, group_blocks, say_group
from demo.chrome.padding import base64_image, styles, svg_icon, warmup_json
from demo.chrome.skin import Skin

if TYPE_CHECKING:
    from demo.view import Scene, View

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
_SKIN = Skin(
    name="wixui",
    section='<section id="comp-§" tabindex="-1" class="Oqnisf comp-§ wixui-section" data-block-level-container="ClassicSection"><div id="bgLayers_comp-§" data-hook="bgLayers" data-motion-part="BG_LAYER" class="MW5IWV"><div data-testid="colorUnderlay" class="LWbAav Kv1aVt"></div><div id="bgMedia_comp-§" data-motion-part="BG_MEDIA" class="VgO9Yg"></div></div><div data-mesh-id="comp-§inlineContent" data-testid="inline-content" class=""><div data-mesh-id="comp-§inlineContent-gridContainer" data-testid="mesh-container-content">%s</div></div></section>\n',
    row='<div id="comp-§" class="comp-§ CohWsy wixui-column-strip"><div data-testid="columns" class="V5AUxf">%s</div></div>\n',
    column='<div id="comp-§" class="comp-§ YzqVVZ wixui-column-strip__column"><div data-mesh-id="comp-§inlineContent" data-testid="inline-content"><div data-mesh-id="comp-§inlineContent-gridContainer" data-testid="mesh-container-content">%s</div></div></div>\n',
    module='<div id="comp-§" class="comp-§ KcpHeO tz5f0K wixui-%(kind)s" data-testid="richTextElement">%(inner)s</div>\n',
    title='<h3 class="font_4 wixui-rich-text__text" style="font-size:28px; text-align:center;"><span style="font-weight:bold;" class="wixui-rich-text__text"><span class="color_15 wixui-rich-text__text">%s</span></span></h3>\n',
    text='<p class="font_8 wixui-rich-text__text" style="font-size:15px;"><span style="letter-spacing:normal;" class="wixui-rich-text__text"><span class="color_15">%s</span></span></p>\n',
    picture='<div id="comp-§" class="MazNVa comp-§ wixui-image" title=""><div data-testid="linkElement" class="j7pOnl"><wow-image id="img_comp-§" class="BI8PVQ Tj01hh" data-image-info="{&quot;containerId&quot;:&quot;comp-§&quot;,&quot;displayMode&quot;:&quot;fill&quot;,&quot;targetWidth&quot;:300}"><img %(attributes)s></wow-image></div></div>\n',
    button='<div class="comp-§ wixui-button" id="comp-§" aria-disabled="false"><a data-testid="linkElement" href="%(href)s" target="_self" class="uDW_Qe wixui-button PlZyDq" aria-label="%(label)s"><span class="l7_2fn wixui-button__label">%(label)s</span></a></div>\n',
    items='<ul class="font_8 wixui-rich-text__text" style="font-size:14px;">%s</ul>\n',
    item='<li class="wixui-rich-text__text"><p class="font_8 wixui-rich-text__text"><span class="wixui-rich-text__text">%s</span></p></li>\n',
    form='<form id="comp-§" class="JVi7i2 comp-§ wixui-form"><div data-mesh-id="comp-§inlineContent" data-testid="inline-content"><div data-testid="mesh-container-content">%s</div></div></form>\n',
    field='<div id="comp-§" class="MpKiNN comp-§ wixui-text-input qzvPmW lPl_oN">%(label)s<div class="XRJUI4">%(control)s</div></div>\n',
    week='<div class="wixui-repeater" role="list">%s</div>\n',
    day='<div role="listitem" class="wixui-repeater__item comp-§"><div class="wixui-rich-text"><p class="font_9"><span>%(day)s</span></p></div><div class="wixui-rich-text"><p class="font_9"><span>%(time)s</span></p></div></div>\n',
    menu='<ul class="StylableHorizontalMenu3372578893__menu" data-hook="menu-root">%s</ul>\n',
    entry='<li class="xdc9Ro wixui-menu__item" data-direction="false" data-listposition="center"><a data-testid="linkElement" href="%(href)s" target="_self" class="uD1aYE"><div class="WA8Ao"><div class="X8t5r"><p class="hvdzL">%(label)s</p></div></div></a></li>\n',
    folder='<li class="xdc9Ro wixui-menu__item itemDepth§" data-item-depth="0"><div data-testid="linkElement" class="uD1aYE" tabindex="0" aria-haspopup="true"><div class="WA8Ao"><div class="X8t5r"><p class="hvdzL">%(label)s</p></div></div></div><ul class="positionBox" aria-hidden="true">%(inner)s</ul></li>\n',
    card='<article class="so9KdE mR9pXi" data-hook="post-list-item" id="post-§" role="group"><div class="blog-post-homepage-description-color cyBqK4"><a class="lyd6fK" href="%(href)s" data-hook="post-cover"><div class="gallery-item-container">%(picture)s</div></a><div class="uR8WPj"><ul class="r5Q7hT"><li class="post-metadata__date"><span class="time-ago" data-hook="time-ago">%(day)s</span></li><li><span data-hook="time-to-read">3 min read</span></li></ul>'
    '<a href="%(href)s" class="O16KGI"><div class="bD0vt9 blog-post-title-font"><h2 class="bD0vt9 KNiaIk" data-hook="post-title"><span class="post-title__text">%(label)s</span></h2></div></a><div class="BOlnTh" data-hook="post-description"><div class="JMCi2v">%(excerpt)s</div></div><div class="post-footer"><span aria-label="views">0 views</span><button aria-label="Like post"><span>Like</span></button></div></div></div></article>\n',
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
            choose_sections(view, frame),
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
            teasers(view),
        )
    )


def _post(view: View) -> str:
    content = view.content
    body = "".join(say_group(kind, run, _POST) for kind, run in group_blocks(content.blocks))
    recent = f'<div data-hook="gallery-container" class="pro-gallery">{related_cards(view, _SKIN)}</div>'
    return (
        f'<div data-hook="blog-desktop-header-container"><nav aria-label="Blog"><a href="#">All Posts</a></nav></div><article class="blog-post-page-font" lang="en"><div class="post-header">'
        f'<ul class="r5Q7h"><li><span data-hook="user-name">{escape(content.author)}</span></li><li><span title="{content.published:%b} {content.published.day}" class="post-metadata__date" data-hook="time-ago">{content.published:%b} {content.published.day}</span></li>'
        f'<li><span data-hook="time-to-read">3 min read</span></li></ul></div><h1 class="H3vOVf" data-hook="post-title"><span class="blog-post-title-font">{escape(content.title)}</span></h1>\n'
        f'<section class="ppk8V" data-hook="post-description"><article><div class="moHCnT"><div data-rce-version="9.18.1"><div class="fTEXDR A2sIZ4" data-id="content-viewer">{body}'
        f'<p>{anchor(view.inline)}</p></div></div></div></article></section><footer class="post-footer" data-hook="post-footer">{widgets.share_bar(view, "blog-post")}<div><span>{svg_icon("eye")} 41 views</span> '
        f'<span>0 comments</span><button aria-label="Like post">{svg_icon("heart")}</button></div></footer></article><div data-hook="post-page-related"><h2>Recent Posts</h2><a href="#">See All</a>{recent}</div>'
        '<div class="comments-box" data-hook="comments"><h2>Comments</h2><div role="textbox">Write a comment...</div></div>\n'
    )


@lru_cache(maxsize=40)
def _frame(scene: Scene) -> Frame:
    name, base = escape(scene.site.name), scene.base
    menu = _SKIN.tree(menu_entries(scene))
    frame = Frame(
        start='<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1" id="wixDesktopViewport" />\n<meta http-equiv="X-UA-Compatible" content="IE=edge">\n<meta name="generator" content="Wix.com Website Builder"/>\n',
        head=f'<style data-href="https://static.parastorage.invalid/thunderbolt/main.css">{styles("wixui", 7000)}</style>\n<script id="wix-essential-viewer-model" type="wix/htmlEmbeds">{warmup_json("viewer", 4000)}</script>\n{widgets.nonce(scene)}',
        top=f'<body class=""><div id="SITE_CONTAINER"><div id="main_MF" class="main_MF"><div id="SCROLL_TO_TOP" class="Vd6aQZ ignore-focus SCROLL_TO_TOP" tabindex="-1" role="region" aria-label="top of page"><span class="mHZSwn">top of page</span></div>'
        f'<div id="site-root" class="site-root"><div id="masterPage" class="mesh-layout masterPage css-editing-scope"><header id="SITE_HEADER" class="xU8fqS SITE_HEADER wixui-header" tabindex="-1"><a href="{base}/"><img alt="{name}" src="{base64_image("wixlogo", 1800)}"></a>'
        f'<div data-mesh-id="SITE_HEADERinlineContent" data-testid="inline-content"><div data-testid="mesh-container-content">{bar(scene)}<nav class="StylableHorizontalMenu3372578893__root" aria-label="Site"><div class="StylableHorizontalMenu3372578893__scroll">{menu}</div></nav>'
        f'<div class="comp-hamburger wixui-hamburger-menu"><nav aria-label="Site"><div role="button" tabindex="0" aria-haspopup="dialog" class="hamburger-open"><span></span></div></nav></div></div></div></header>\n',
        bottom=f'<footer id="SITE_FOOTER" class="SITE_FOOTER wixui-footer" tabindex="-1">{footer(scene, _SKIN)}'
        f'<p class="font_9"><span>Proudly created with Wix.</span></p></footer></div></div><div id="SCROLL_TO_BOTTOM" role="region" aria-label="bottom of page"><span class="mHZSwn">bottom of page</span></div></div></div>\n'
        f'{consent(scene, "ccsu")}{popup(scene, _SKIN)}<script type="application/json" id="wix-warmup-data">{warmup_json("warmup", 9000)}</script>\n</body>\n</html>\n',
    )
    return build_frame(frame, scene, _SKIN)
