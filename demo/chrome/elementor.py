"""WordPress with Elementor: sections in columns in wrappers in widgets, and popups, counters and icon boxes between."""

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
from demo.chrome.padding import base64_image, scripts, styles, svg_icon
from demo.chrome.skin import Skin
from demo.clock import say_date

if TYPE_CHECKING:
    from demo.content import Block
    from demo.view import Scene, View

__all__ = ["dress"]

_MARKUP = Markup(
    h2='<h2 class="elementor-heading-title elementor-size-default">%s</h2>\n</div></div><div class="elementor-element elementor-widget elementor-widget-text-editor" data-widget_type="text-editor.default"><div class="elementor-widget-container">\n',
    li='<li class="elementor-icon-list-item"><span class="elementor-icon-list-icon"><i aria-hidden="true" class="fas fa-check"></i></span><span class="elementor-icon-list-text">%s</span></li>\n',
    ul='<ul class="elementor-icon-list-items">%s</ul>\n',
    ol='<ul class="elementor-icon-list-items elementor-steps">%s</ul>\n',
    q='<div class="elementor-accordion-item"><div class="elementor-tab-title" data-tab="1" role="button" aria-expanded="false"><span class="elementor-accordion-icon elementor-accordion-icon-left" aria-hidden="true"></span><a class="elementor-accordion-title" tabindex="0">%s</a></div>\n',
    a='<div class="elementor-tab-content elementor-clearfix" data-tab="1" role="region"><p>%s</p></div></div>\n',
    faq='<div class="elementor-accordion">%s</div>\n',
    quote='<div class="elementor-testimonial-wrapper"><div class="elementor-testimonial-content">%s</div></div>\n',
    person='<figure class="elementor-image-box-img"></figure><h3 class="elementor-image-box-title">%s</h3>\n',
    row='<li class="elementor-price-list-item"><div class="elementor-price-list-header">%s</div></li>\n',
    cell='<span class="elementor-price-list-part">%s</span><span class="elementor-price-list-separator"></span>',
    table='<ul class="elementor-price-list">%s</ul>\n',
)
_SKIN = Skin(
    name="elementor",
    section='<section class="elementor-section elementor-top-section elementor-element elementor-element-§ elementor-section-boxed elementor-section-height-default" data-id="§" data-element_type="section"><div class="elementor-container elementor-column-gap-default">%s</div></section>\n',
    row='<div class="elementor-column elementor-col-100 elementor-top-column elementor-element elementor-element-§" data-id="§" data-element_type="column"><div class="elementor-widget-wrap elementor-element-populated"><section class="elementor-section elementor-inner-section elementor-element elementor-element-§" data-element_type="section"><div class="elementor-container elementor-column-gap-default">%s</div></section></div></div>\n',
    column='<div class="elementor-column elementor-col-33 elementor-inner-column elementor-element elementor-element-§" data-id="§" data-element_type="column"><div class="elementor-widget-wrap elementor-element-populated">%s</div></div>\n',
    module='<div class="elementor-element elementor-element-§ elementor-widget elementor-widget-%(kind)s" data-id="§" data-element_type="widget" data-widget_type="%(kind)s.default"><div class="elementor-widget-container">%(inner)s</div></div>\n',
    title='<h3 class="elementor-heading-title elementor-size-default">%s</h3>\n',
    picture='<img class="attachment-medium size-medium wp-image-§" %(attributes)s>',
    button='<div class="elementor-button-wrapper"><a class="elementor-button elementor-button-link elementor-size-sm" href="%(href)s"><span class="elementor-button-content-wrapper"><span class="elementor-button-text">%(label)s</span></span></a></div>\n',
    items='<ul class="elementor-icon-list-items">%s</ul>\n',
    item='<li class="elementor-icon-list-item"><span class="elementor-icon-list-text">%s</span></li>\n',
    form='<form class="elementor-form" method="post" name="Form §"><input type="hidden" name="post_id" value="§"/><div class="elementor-form-fields-wrapper elementor-labels-above">%s</div></form>\n',
    field='<div class="elementor-field-type-text elementor-field-group elementor-column elementor-col-50">%(label)s%(control)s</div>\n',
    week='<div class="elementor-business-hours">%s</div>\n',
    day='<div class="elementor-business-day elementor-repeater-item-§"><span class="business-day-off">%(day)s</span><span class="business-day-time">%(time)s</span></div>\n',
    menu='<ul id="menu-1-§" class="elementor-nav-menu">%s</ul>\n',
    entry='<li class="menu-item menu-item-type-post_type menu-item-object-page menu-item-§"><a href="%(href)s" class="elementor-sub-item">%(label)s</a></li>\n',
    folder='<li class="menu-item menu-item-type-custom menu-item-object-custom menu-item-has-children menu-item-§"><a href="%(href)s" class="elementor-item elementor-item-anchor has-submenu">%(label)s<span class="sub-arrow"><i class="fas fa-caret-down"></i></span></a><ul class="sub-menu elementor-nav-menu--dropdown">%(inner)s</ul></li>\n',
    card='<article class="elementor-post elementor-grid-item post-§ post type-post status-publish format-standard has-post-thumbnail hentry"><div class="elementor-post__card"><a class="elementor-post__thumbnail__link" href="%(href)s"><div class="elementor-post__thumbnail">%(picture)s</div></a><div class="elementor-post__badge">Treatment</div><div class="elementor-post__text"><h3 class="elementor-post__title"><a href="%(href)s">%(label)s</a></h3>'
    '<div class="elementor-post__excerpt"><p>%(excerpt)s</p></div><a class="elementor-post__read-more" href="%(href)s">Read More »</a></div><div class="elementor-post__meta-data"><span class="elementor-post-date">%(day)s</span><span class="elementor-post-avatar">No Comments</span></div></div></article>\n',
)
_KINDS = {
    "list": "icon-list",
    "steps": "icon-list",
    "faq": "accordion",
    "table": "price-list",
    "quotes": "testimonial",
    "text": "text-editor",
}


def dress(view: View) -> str:
    """Put a page into the builder's boxes."""
    frame = _frame(view.scene)
    return "".join(
        (
            frame.start,
            head_meta(view, " - "),
            json_ld(view),
            frame.head,
            f"<style>{weight(view, 'elementor-element')}</style></head>\n",
            frame.top,
            f'<div data-elementor-type="wp-page" data-elementor-id="{len(view.url)}" class="elementor elementor-{len(view.url)} build-{view.build}">\n',
            _hero(view),
            _body(view),
            _section(f'<div class="elementor-widget-wrap">{teasers(view)}</div>', 90) if view.teasers else "",
            _after(view),
            choose_sections(view, frame),
            "</div>\n",
            frame.bottom,
        )
    )


def _hero(view: View) -> str:
    post = view.page.is_post()
    title = f'<h1 class="elementor-heading-title elementor-size-xl">{escape(view.content.title)}</h1>'
    meta = (
        f'<ul class="elementor-inline-items elementor-post-info"><li itemprop="author">By {escape(view.content.author)}</li>'
        f'<li itemprop="datePublished"><time>{say_date(view.content.published)}</time></li></ul>'
        if post
        else ""
    )
    return _section(
        f'<div class="elementor-background-overlay"></div>{_widget("heading", title, 1)}{meta}'
        f"{'' if post else _widget('button', widgets.call_to_action(view.scene), 2)}",
        1,
    )


def _body(view: View) -> str:
    parts = [_group(kind, run, number) for number, (kind, run) in enumerate(group_blocks(view.content.blocks), 10)]
    linked = _section(_widget("text-editor", f"<p>Related: {anchor(view.inline)}</p>", 5), 5)
    return "".join((*parts[:2], _counters(view) if not view.page.is_post() else "", *parts[2:], linked))


def _group(kind: str, run: list[Block], number: int) -> str:
    widget = "heading" if run[0].kind == "h2" else _KINDS[kind]
    return _section(_widget(widget, say_group(kind, run, _MARKUP), number), number)


def _section(inner: str, number: int) -> str:
    name = f"{number * 48611 % 0xFFFFFFF:07x}"
    return (
        f'<section class="elementor-section elementor-top-section elementor-element elementor-element-{name} elementor-section-boxed elementor-section-height-default" '
        f'data-id="{name}" data-element_type="section" data-settings="{{&quot;background_background&quot;:&quot;classic&quot;}}"><div class="elementor-container elementor-column-gap-default">'
        f'<div class="elementor-column elementor-col-100 elementor-top-column elementor-element" data-element_type="column"><div class="elementor-widget-wrap elementor-element-populated">'
        f"{inner}</div></div></div></section>\n"
    )


def _widget(kind: str, inner: str, number: int) -> str:
    name = f"{number * 7919 % 0xFFFFFFF:07x}"
    return (
        f'<div class="elementor-element elementor-element-{name} elementor-widget elementor-widget-{kind}" data-id="{name}" data-element_type="widget" '
        f'data-widget_type="{kind}.default"><div class="elementor-widget-container">{inner}</div></div>\n'
    )


def _counters(view: View) -> str:
    dice = view.scene.site.dice("counter")
    items = "".join(
        _widget(
            "counter",
            f'<div class="elementor-counter"><div class="elementor-counter-number-wrapper"><span class="elementor-counter-number" data-to-value="{value}">0</span>'
            f'<span class="elementor-counter-number-suffix">+</span></div><div class="elementor-counter-title">{label}</div></div>',
            number,
        )
        for number, (value, label) in enumerate(
            ((dice.between(900, 9000), "Treatments given"), (dice.between(4, 12), "Years open"), (5, "Star rating")), 60
        )
    )
    return _section(items, 60)


def _after(view: View) -> str:
    if not view.page.is_post():
        return ""
    share = _widget("share-buttons", widgets.share_bar(view, "elementor"), 71)
    return _section(
        share
        + _widget(
            "posts",
            f'<h4>Related Articles</h4><div class="elementor-posts-container elementor-posts elementor-grid">{related_cards(view, _SKIN)}</div>',
            73,
        )
        + widgets.comments(view),
        72,
    )


def _header(scene: Scene, menu: str) -> str:
    logo = f'<a href="{scene.base}/"><img alt="{escape(scene.site.name)}" src="{base64_image("logo", 2400)}"></a>'
    mobile = menu.replace("menu-1-", "menu-2-")
    navigation = (
        f'<nav class="elementor-nav-menu--main">{menu}</nav><div class="elementor-menu-toggle">{svg_icon("bars")}</div>'
        f'<nav class="elementor-nav-menu--dropdown elementor-nav-menu__container" aria-hidden="true">{mobile}</nav>'
    )
    button = _SKIN.link(f"{scene.base}/", "Book Now")
    return _section(_widget("html", bar(scene), 82), 82) + _section(
        _widget("site-logo", logo, 80) + _widget("nav-menu", navigation, 81) + _widget("button", button, 83), 80
    )


@lru_cache(maxsize=40)
def _frame(scene: Scene) -> Frame:
    menu = _SKIN.tree(menu_entries(scene))
    dialog = f'<div data-elementor-type="popup" data-elementor-id="991" class="elementor elementor-991 elementor-location-popup">{popup(scene, _SKIN)}</div>\n'
    frame = Frame(
        start='<!doctype html>\n<html lang="en-US" prefix="og: https://ogp.me/ns#">\n<head>\n\t<meta charset="UTF-8">\n\t<meta name="viewport" content="width=device-width, initial-scale=1">\n',
        head=f'<style id="elementor-frontend-inline-css">{styles("elementor-kit", 8000)}</style>\n<meta name="generator" content="Elementor 3.19.2; features: e_optimized_assets_loading; settings: css_print_method-internal" />\n'
        f"{widgets.nonce(scene)}",
        top='<body class="page-template page-template-elementor_header_footer elementor-default elementor-kit-6">\n<a class="skip-link screen-reader-text" href="#content">Skip to content</a>\n'
        f'<header data-elementor-type="header" data-elementor-id="21" class="elementor elementor-21 elementor-location-header">{_header(scene, menu)}</header>\n',
        bottom=f'<footer data-elementor-type="footer" data-elementor-id="44" class="elementor elementor-44 elementor-location-footer">{footer(scene, _SKIN)}</footer>\n'
        f'{dialog}{consent(scene, "cli")}<script id="elementor-frontend-js-before">{scripts("elementor", 9000)}</script>\n</body>\n</html>\n',
    )
    return build_frame(frame, scene, _SKIN)
