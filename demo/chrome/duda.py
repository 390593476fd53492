"""Duda: rows and columns with generated names, inline styles on every span, and copies of the menu for phones."""

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
from demo.chrome.padding import scripts, styles
from demo.chrome.skin import Skin
from demo.clock import say_date

if TYPE_CHECKING:
    from demo.view import Scene, View

__all__ = ["dress"]

_MARKUP = Markup(
    p='<p class="m-size-14 size-16 text-align-left" style="line-height: 1.6;"><span class="m-font-size-14 font-size-16" style="display: unset; font-weight: 400;">%s</span></p>\n<p><span style="display: unset;"><br/></span></p>\n',
    h2='<h3 class="m-size-20 size-28"><span class="font-size-28" style="display: unset;"><strong style="display: unset;">%s</strong></span></h3>\n',
    li='<li class="m-size-14" style="font-weight: 400;" dir="ltr"><span style="display: unset;">%s</span></li>\n',
    ul='<ul class="defaultList bullet">%s</ul>\n',
    ol='<ol class="innerList defaultList">%s</ol>\n',
    q='<div class="accordion-item" data-auto="runtime-accordion-item"><div class="title-wrapper" role="button" aria-expanded="false"><h3 class="accordion-title">%s</h3></div>\n',
    a='<div class="accordion-content" aria-hidden="true"><div class="rteBlock"><span>%s</span></div></div></div>\n',
    faq='<div class="dmWidget runtime-module-container" data-widget-type="accordion">%s</div>\n',
    quote='<div class="testimonial-slide"><div class="quote-text rteBlock">%s</div></div>\n',
    person='<div class="imageCaption"><h4>%s</h4></div>\n',
    row='<div class="dmRespRow price-line"><div class="dmRespColsWrapper">%s</div></div>\n',
    cell='<div class="dmRespCol large-6"><div class="dmNewParagraph"><span>%s</span></div></div>',
    table="%s",
)
_SKIN = Skin(
    name="dm",
    section='<div class="u_1§ dmRespRow fullBleedChanged fullBleedMode" style="text-align: center;" id="1§"><div class="dmRespColsWrapper" id="1§">%s</div></div>\n',
    row='<div class="u_1§ dmRespCol large-12 medium-12 small-12" id="1§"><div class="u_1§ dmRespRow" id="1§"><div class="dmRespColsWrapper" id="1§">%s</div></div></div>\n',
    column='<div class="u_1§ dmRespCol small-12 large-4 medium-4" id="1§">%s</div>\n',
    module='<div class="u_1§ dmNewParagraph dmWidget-%(kind)s" data-element-type="%(kind)s" data-version="5" id="1§" style="transition: none;">%(inner)s</div>\n',
    title='<h4 class="m-size-17 size-24 text-align-center"><span class="m-font-size-17 font-size-24" style="display: unset; font-weight: 700;">%s</span></h4>\n',
    text='<p class="m-size-12 size-14 text-align-center"><span class="m-font-size-12 font-size-14" style="display: unset;">%s</span></p>\n',
    picture='<div class="imageWidget align-center u_1§" data-element-type="image" data-widget-type="image" id="1§"><a id="1§"><img id="1§" class="" data-dm-image-path="" onerror="handleImageLoadError(this)" %(attributes)s></a></div>\n',
    button='<div class="dmButtonLink dmWidget dmWwr default align-center u_1§" data-element-type="dButtonLinkId" id="1§"><a data-display-type="block" class="align-center dmButtonLink dmWidget" href="%(href)s" id="1§"><span class="iconBg" aria-hidden="true" id="1§"><span class="icon hasFontIcon" id="1§"></span></span><span class="text" id="1§">%(label)s</span></a></div>\n',
    items='<ul class="defaultList" style="list-style: none;">%s</ul>\n',
    item='<li class="m-size-12 size-14" dir="ltr"><span style="display: unset;">%s</span></li>\n',
    form='<div class="dmform default native-inputs" data-element-type="dContactUsRespId" id="1§"><div class="dmform-wrapper" id="1§"><form method="post" class="dmRespDesignRow" locale="ENGLISH" id="1§"><div class="dmRespColsWrapper" id="1§">%s</div></form></div></div>\n',
    field='<div class="dmforminput required small-12 dmRespDesignCol medium-12 large-12" id="1§">%(label)s%(control)s<input type="hidden" name="label-§" id="1§"/></div>\n',
    week='<div class="dmWidget open-hours-widget" data-element-type="open_hours" id="1§">%s</div>\n',
    day='<dl class="open-hours-item"><dt>%(day)s</dt><dd><time>%(time)s</time></dd></dl>\n',
    menu='<ul role="menubar" class="unifiednav__container" data-auto="navigation-pages">%s</ul>\n',
    entry='<li role="menuitem" class="unifiednav__item-wrap" data-auto="more-pages" data-depth="1"><a href="%(href)s" class="unifiednav__item dmUDNavigationItem_00" target="" data-target-page-alias=""><span class="nav-item-text" data-link-text="" data-auto="page-text-style">%(label)s<span class="icon icon-angle-right"></span></span></a></li>\n',
    folder='<li role="menuitem" aria-haspopup="true" data-sub-nav-menu="true" class="unifiednav__item-wrap" data-auto="more-pages" data-depth="0"><a href="%(href)s" class="unifiednav__item unifiednav__item_has-sub-nav"><span class="nav-item-text">%(label)s<span class="icon icon-angle-down"></span></span></a><ul role="menu" aria-expanded="false" class="unifiednav__container unifiednav__container_sub-nav">%(inner)s</ul></li>\n',
    card='<div class="internal-blog-list-item blog-list-item-§"><div class="inner-wrapper"><div class="post-image-wrapper"><a href="%(href)s" class="postImage">%(picture)s</a></div><div class="postTextContainer"><div class="postTitle"><h3><a href="%(href)s">%(label)s</a></h3></div><div class="author"><span>By office</span> <span class="date">%(day)s</span></div><div class="postDescription"><span>%(excerpt)s</span></div><div class="postReadMore"><a href="%(href)s">Read More</a></div></div></div></div>\n',
)


def dress(view: View) -> str:
    """Put a page into rows."""
    frame = _frame(view.scene)
    return "".join(
        (
            frame.start,
            head_meta(view, " | "),
            json_ld(view),
            frame.head,
            f'<style id="pagestyle">{weight(view, "u")}</style></head>\n',
            frame.top,
            f'<div dmwrapper="true" id="dm_content" class="build-{view.build}"><div id="allWrapper" class="allWrapper"><div class="dm-home-page dmInner">\n',
            _title(view),
            _body(view),
            _after(view),
            choose_sections(view, frame),
            "</div></div></div>\n",
            frame.bottom,
        )
    )


def _row(inner: str, number: int) -> str:
    name = f"u_1{number * 611953 % 999999999:09d}"
    return (
        f'<div class="u_{name} dmRespRow" style="text-align: center;" id="{name}"><div class="dmRespColsWrapper"><div class="u_{name}0 dmRespCol small-12 medium-12 large-12 empty-column"><div class="u_{name}1 dmNewParagraph" '
        f'data-element-type="paragraph" data-version="5" id="{name}1" style="transition: opacity 1s ease-in-out 0s;">{inner}</div></div></div></div>\n'
    )


def _title(view: View) -> str:
    meta = (
        f'<div data-auto="post-details"><span>By {escape(view.content.author)}</span> <span>•</span> <span>{say_date(view.content.published)}</span></div>'
        if view.page.is_post()
        else ""
    )
    return _row(
        f'<h1 class="m-size-28 size-48"><span class="font-size-48" style="display: unset;">{escape(view.content.title)}</span></h1>{meta}',
        1,
    )


def _body(view: View) -> str:
    parts = [
        _row(say_group(kind, run, _MARKUP), number)
        for number, (kind, run) in enumerate(group_blocks(view.content.blocks), 2)
    ]
    image = f'<div class="imageWidget align-center" data-element-type="image">{widgets.picture(view, 0)}</div>'
    return "".join((*parts[:1], image, *parts[1:], _row(f"<p>{anchor(view.inline)}</p>", 50), teasers(view)))


def _after(view: View) -> str:
    if view.page.is_post():
        return (
            widgets.share_bar(view, "dmShare")
            + _row(
                f'<h3>More posts</h3><div class="dmInternalBlogList internal-blog-list">{related_cards(view, _SKIN)}</div>',
                54,
            )
            + widgets.comments(view, "dmComment")
        )
    return _row(widgets.call_to_action(view.scene), 51)


@lru_cache(maxsize=40)
def _frame(scene: Scene) -> Frame:
    name, base = escape(scene.site.name), scene.base
    nav = f'<nav class="u_nav dmLinksMenu unifiednav effect-bottom main-navigation" role="navigation" data-element-type="onelinksmenu" data-nav-structure="HORIZONTAL">{_SKIN.tree(menu_entries(scene))}</nav>'
    frame = Frame(
        start='<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml" lang="en" class="">\n<head>\n<meta charset="utf-8">\n<meta http-equiv="X-UA-Compatible" content="IE=edge,chrome=1">\n<meta name="format-detection" content="telephone=no">\n<script>window._currentDevice = "desktop";window.Parameters = window.Parameters || {HomeUrl: "/", SystemID: "US_DIRECT_PRODUCTION", LayoutID: "87"};</script>\n',
        head=f'<style id="criticalCss">{styles("dm", 9000)}</style>\n<style id="widgetStyle">{styles("dmwidget", 4000)}</style>\n<style>#dm .dmwr *{{box-sizing:border-box}}</style>\n{widgets.nonce(scene)}',
        top=f'<body id="dmRoot" data-page-alias="page" class="dmRoot fix-mobile-scrolling addCanvasBorder responsiveTablet" style="padding:0;margin:0;">\n<div id="dm" class="dmwr"><div class="dm_wrapper standard-var5 widgetStyle-3 standard"><div dmwrapper="true" id="dm-outer-wrapper">'
        f'<div id="dmStyle_outerContainer" class="dmOuter"><div id="dmStyle_innerContainer" class="dmInner"><div class="dmLayoutWrapper standard-var dmStandardDesktop"><div id="site_content"><div class="p_hfcontainer"><div id="hamburger-drawer" class="hamburger-drawer layout-drawer">{nav}</div></div>'
        f'<div class="layout-drawer-overlay" id="layout-drawer-overlay"></div><div class="dmHeaderContainer fHeader d-header-wrapper"><div id="hcontainer" class="u_hcontainer dmHeader p_hfcontainer" freeheader="true"><div class="dmRespRow"><div class="dmRespColsWrapper"><div class="dmRespCol large-12">{bar(scene)}</div></div></div><div class="dmRespRow"><div class="dmRespColsWrapper"><div class="dmRespCol large-3"><div class="imageWidget align-center"><a href="{base}/"><img src="/logo.png" alt="{name}"></a></div></div><div class="dmRespCol large-9">{nav}</div></div></div></div></div>\n',
        bottom=f'<div class="sticky-widgets-container-global"></div><div class="dmFooterContainer"><div id="fcontainer" class="u_fcontainer f_hcontainer dmFooter p_hfcontainer">{footer(scene, _SKIN)}'
        f'</div></div></div></div></div></div></div></div></div>\n{popup(scene, _SKIN)}{consent(scene, "dmGdpr")}<script id="d-js-jquery">{scripts("dm", 11000)}</script>\n</body>\n</html>\n',
    )
    return build_frame(frame, scene, _SKIN)
