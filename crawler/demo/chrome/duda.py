"""Duda: rows and columns with generated names, inline styles on every span, and copies of the menu for phones."""

# ruff: noqa: E501 - markup reads best in the long lines in which platforms send it

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from crawler.demo.chrome import widgets
from crawler.demo.chrome.frame import Frame, teasers, weight
from crawler.demo.chrome.head import head_meta, json_ld
from crawler.demo.chrome.markup import Markup, anchor, group_blocks, say_group
from crawler.demo.chrome.padding import scripts, styles, svg_icon
from crawler.demo.clock import say_date

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.demo.view import Link, Scene, View

__all__ = ["dress"]

_ITEM = ' class="unifiednav__item dmUDNavigationItem_00"'
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
            + widgets.related_list(view, "More posts", "internal-blog-list")
            + widgets.comments(view, "dmComment")
        )
    form = (
        '<div class="dmform default native-inputs" data-element-type="dContactUsRespId"><h3 class="dmform-title">Contact Us</h3><form method="post" class="dmRespDesignRow"><label>Name</label><input type="text"/>'
        '<label>Email</label><input type="email"/><label>Message</label><textarea></textarea><input type="submit" value="Send Message"/></form><div class="dmform-success" style="display:none">Thank you for contacting us. We will get back to you soon.</div>'
        '<div class="dmform-error" style="display:none">Oops, there was an error sending your message. Please try again later.</div></div>'
    )
    return _row(widgets.call_to_action(view.scene), 51) + _row(widgets.carousel(view, "dmTestimonials"), 52) + form


def _nav(links: Iterable[Link]) -> str:
    return "".join(
        f'<li class="unifiednav__item-wrap" data-auto="more-pages">{anchor(link, _ITEM)}</li>' for link in links
    )


@lru_cache(maxsize=64)
def _frame(scene: Scene) -> Frame:
    name, base = escape(scene.site.name), scene.base
    nav = (
        f'<nav class="u_nav dmLinksMenu unifiednav effect-bottom" role="navigation" data-element-type="onelinksmenu"><ul role="menubar" class="unifiednav__container"><li class="unifiednav__item-wrap"><a href="{base}/">Home</a></li>{_nav(scene.main)}'
        f'<li class="unifiednav__item-wrap"><a href="#">Services {svg_icon("down")}</a><ul class="unifiednav__container_sub-nav">{_nav(scene.services)}{_nav(scene.conditions)}</ul></li></ul></nav>'
    )
    return Frame(
        start='<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml" lang="en" class="">\n<head>\n<meta charset="utf-8">\n<meta http-equiv="X-UA-Compatible" content="IE=edge,chrome=1">\n<meta name="format-detection" content="telephone=no">\n<script>window._currentDevice = "desktop";window.Parameters = window.Parameters || {HomeUrl: "/", SystemID: "US_DIRECT_PRODUCTION", LayoutID: "87"};</script>\n',
        head=f'<style id="criticalCss">{styles("dm", 26000)}</style>\n<style id="widgetStyle">{styles("dmwidget", 8000)}</style>\n<style>#dm .dmwr *{{box-sizing:border-box}}</style>\n{widgets.nonce(scene)}',
        top=f'<body id="dmRoot" data-page-alias="page" class="dmRoot fix-mobile-scrolling addCanvasBorder responsiveTablet" style="padding:0;margin:0;">\n<div id="dm" class="dmwr"><div class="dm_wrapper standard-var5 widgetStyle-3 standard"><div dmwrapper="true" id="dm-outer-wrapper">'
        f'<div id="dmStyle_outerContainer" class="dmOuter"><div id="dmStyle_innerContainer" class="dmInner"><div class="dmLayoutWrapper standard-var dmStandardDesktop"><div id="site_content"><div class="p_hfcontainer"><div id="hamburger-drawer" class="hamburger-drawer layout-drawer">{nav}</div></div>'
        f'<div class="dmHeaderContainer fHeader d-header-wrapper"><div id="hcontainer" class="u_hcontainer dmHeader p_hfcontainer"><div class="dmRespRow"><a href="{base}/"><img src="/logo.png" alt="{name}"></a>{nav}</div></div></div>\n',
        bottom=f'<div class="sticky-widgets-container-global"></div><div class="dmFooterContainer"><div id="fcontainer" class="u_fcontainer f_hcontainer dmFooter p_hfcontainer"><div class="dmRespRow"><p>{widgets.address(scene)}</p><ul>{_nav(scene.towns)}{_nav(scene.small)}</ul>{widgets.old_links(scene)}'
        f'<p><span>{widgets.copyright_line(scene)} {widgets.counter(scene)}</span></p></div></div></div></div></div></div></div></div></div></div>\n{widgets.newsletter("dmPopup")}<script id="d-js-jquery">{scripts("dm", 22000)}</script>\n</body>\n</html>\n',
    )
