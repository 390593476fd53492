"""WordPress with Divi: numbered sections, rows and modules, toggles, blurbs, and a second menu for phones."""

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
    p='<p><span style="font-weight: 400;">%s</span></p>\n',
    q='<div class="et_pb_toggle et_pb_module et_pb_accordion_item et_pb_toggle_close"><h5 class="et_pb_toggle_title">%s</h5>\n',
    a='<div class="et_pb_toggle_content clearfix"><p>%s</p></div></div>\n',
    faq='<div class="et_pb_module et_pb_accordion">%s</div>\n',
    quote='<div class="et_pb_module et_pb_testimonial clearfix"><div class="et_pb_testimonial_description"><div class="et_pb_testimonial_description_inner"><div class="et_pb_testimonial_content"><p>%s</p></div></div></div></div>\n',
    person='<div class="et_pb_team_member_description"><h4 class="et_pb_module_header">%s</h4></div>\n',
    row='<li><span class="et_pb_pricing_line">%s</span></li>\n',
    cell="<span>%s</span> ",
    table='<div class="et_pb_pricing clearfix"><div class="et_pb_pricing_table"><div class="et_pb_pricing_content"><ul class="et_pb_pricing">%s</ul></div></div></div>\n',
)
_SKIN = Skin(
    name="et",
    section='<div class="et_pb_section et_pb_section_§ et_pb_with_background et_section_regular">%s</div>\n',
    row='<div class="et_pb_row et_pb_row_§ et_pb_equal_columns et_pb_gutters2">%s</div>\n',
    column='<div class="et_pb_column et_pb_column_1_3 et_pb_column_§ et_pb_css_mix_blend_mode_passthrough">%s</div>\n',
    module='<div class="et_pb_module et_pb_%(kind)s et_pb_%(kind)s_§ et_pb_text_align_left et_pb_bg_layout_light"><div class="et_pb_%(kind)s_content"><div class="et_pb_%(kind)s_container">%(inner)s</div></div></div>\n',
    title='<h4 class="et_pb_module_header"><span>%s</span></h4>\n',
    text='<div class="et_pb_text_inner"><p>%s</p></div>\n',
    picture='<span class="et_pb_image_wrap"><img class="wp-image-§" %(attributes)s></span>\n',
    button='<div class="et_pb_button_module_wrapper et_pb_button_§_wrapper et_pb_module"><a class="et_pb_button et_hover_enabled et_pb_bg_layout_light" href="%(href)s">%(label)s</a></div>\n',
    form='<div id="et_pb_contact_form_§" class="et_pb_module et_pb_contact_form_container clearfix"><div class="et-pb-contact-message"></div><div class="et_pb_contact"><form class="et_pb_contact_form clearfix" method="post">%s</form></div></div>\n',
    field='<p class="et_pb_contact_field et_pb_contact_field_§ et_pb_contact_field_half" data-type="input">%(label)s%(control)s</p>\n',
    menu='<ul class="nav et-menu">%s</ul>\n',
    entry='<li class="menu-item menu-item-type-post_type menu-item-object-page menu-item-§"><a href="%(href)s">%(label)s</a></li>\n',
    folder='<li class="mega-menu menu-item menu-item-type-custom menu-item-has-children menu-item-§"><a href="%(href)s">%(label)s</a><ul class="sub-menu">%(inner)s</ul></li>\n',
    card='<article id="post-§" class="et_pb_post clearfix et_pb_blog_item_0 post type-post status-publish has-post-thumbnail hentry"><div class="et_pb_image_container"><a href="%(href)s" class="entry-featured-image-url">%(picture)s</a></div><h2 class="entry-title"><a href="%(href)s">%(label)s</a></h2>'
    '<p class="post-meta">by <span class="author vcard"><a href="#">admin</a></span> | <span class="published">%(day)s</span> | <a href="#" rel="tag">Treatment</a></p><div class="post-content"><div class="post-content-inner"><p>%(excerpt)s</p></div><a href="%(href)s" class="more-link">read more</a></div></article>\n',
)


def dress(view: View) -> str:
    """Put a page into the builder's rows."""
    frame = _frame(view.scene)
    return "".join(
        (
            frame.start,
            head_meta(view, " | "),
            json_ld(view),
            frame.head,
            f'<style id="et-builder-module-design">{weight(view, "et_pb")}</style></head>\n',
            frame.top,
            f'<div id="et-main-area"><div id="main-content"><article id="post-{len(view.url)}" class="page type-page hentry build-{view.build}"><div class="entry-content"><div class="et-l et-l--post"><div class="et_builder_inner_content et_pb_gutters3">\n',
            _header(view),
            _body(view),
            "" if view.page.is_post() else choose_sections(view, frame),
            "</div></div></div></article></div>\n",
            _after(view, frame),
            "</div>\n",
            frame.bottom,
        )
    )


def _header(view: View) -> str:
    meta = (
        f'<p class="et_pb_title_meta_container">by <span class="author vcard"><a href="#">{escape(view.content.author)}</a></span> | <span class="published">'
        f'{say_date(view.content.published)}</span> | <a rel="category tag" href="#">Treatment</a> | 0 comments</p>'
        if view.page.is_post()
        else ""
    )
    action = (
        ""
        if view.page.is_post()
        else f'<div class="et_pb_button_module_wrapper">{widgets.call_to_action(view.scene)}</div>'
    )
    return _section(
        f'<div class="et_pb_module et_pb_post_title"><div class="et_pb_title_container"><h1 class="entry-title">{escape(view.content.title)}</h1>{meta}</div></div>{action}',
        0,
    )


def _body(view: View) -> str:
    parts = [
        _section(
            say_group(kind, run, _MARKUP)
            if kind in {"faq", "table", "quotes"}
            else _text(say_group(kind, run, _MARKUP), number),
            number,
        )
        for number, (kind, run) in enumerate(group_blocks(view.content.blocks), 1)
    ]
    linked = _section(_text(f"<p>Keep reading: {anchor(view.inline)}</p>", 40), 40)
    return "".join(
        (
            _section(_text(widgets.second_title(view), 43), 43),
            *parts[:1],
            linked,
            *parts[1:],
            _blurbs() if not view.page.is_post() else "",
            _section(teasers(view), 41) if view.teasers else "",
        )
    )


def _section(inner: str, number: int) -> str:
    return (
        f'<div class="et_pb_section et_pb_section_{number} et_pb_with_background et_section_regular"><div class="et_pb_row et_pb_row_{number}"><div class="et_pb_column et_pb_column_4_4 '
        f'et_pb_column_{number} et_pb_css_mix_blend_mode_passthrough et-last-child">{inner}</div></div></div>\n'
    )


def _text(inner: str, number: int) -> str:
    return f'<div class="et_pb_module et_pb_text et_pb_text_{number} et_pb_text_align_left et_pb_bg_layout_light"><div class="et_pb_text_inner">{inner}</div></div>'


def _blurbs() -> str:
    items = "".join(
        f'<div class="et_pb_module et_pb_blurb"><div class="et_pb_blurb_content"><span class="et-pb-icon">{icon}</span><div class="et_pb_blurb_container"><h4 class="et_pb_module_header">'
        f'<span>{title}</span></h4><div class="et_pb_blurb_description">{text}</div></div></div></div>\n'
        for icon, title, text in (
            ("&#xe00a;", "Licensed Team", "Care you can count on."),
            ("&#xe023;", "Flexible Hours", "We work around you."),
            ("&#xe081;", "Easy Parking", "Free on site."),
        )
    )
    return _section(items, 42)


def _after(view: View, frame: Frame) -> str:
    if not view.page.is_post():
        return ""
    return (
        f'<div class="et_post_meta_wrapper">{widgets.share_bar(view, "et_social")}{widgets.comments(view)}</div><section class="et_pb_blog_grid_wrapper"><h3>Related Posts</h3><div class="et_pb_blog_grid clearfix"><div class="et_pb_ajax_pagination_container">{related_cards(view, _SKIN)}</div></div></section>'
        f'<div id="sidebar">{frame.sidebar}</div>{choose_sections(view, frame)}'
    )


@lru_cache(maxsize=40)
def _frame(scene: Scene) -> Frame:
    name, base = escape(scene.site.name), scene.base
    menu = _SKIN.tree(menu_entries(scene))
    frame = Frame(
        start='<!DOCTYPE html>\n<html lang="en-US">\n<head>\n<meta charset="UTF-8" />\n<meta http-equiv="X-UA-Compatible" content="IE=edge">\n<link rel="pingback" href="/xmlrpc.php" />\n<script type="text/javascript">document.documentElement.className = "js";</script>\n',
        head=f'<style id="divi-style-inline-inline-css">{styles("et-db", 13000)}</style>\n<meta content="Divi v.4.24.0" name="generator"/>\n{widgets.nonce(scene)}',
        top='<body class="page-template-default page et_button_no_icon et_pb_button_helper_class et_fixed_nav et_show_nav et_primary_nav_dropdown_animation_fade et_header_style_left">\n'
        f'<div id="page-container"><div id="top-header"><div class="container clearfix">{bar(scene)}</div></div>'
        f'<header id="main-header" data-height-onload="66"><div class="container clearfix et_menu_container"><div class="logo_container"><span class="logo_helper"></span><a href="{base}/"><img src="/logo.png" alt="{name}" id="logo" /></a></div>'
        f'<div id="et-top-navigation" data-height="66" data-fixed-height="40"><nav id="top-menu-nav">{menu}</nav><div id="et_top_search"><span id="et_search_icon"></span></div><div id="et_mobile_nav_menu"><div class="mobile_nav closed"><span class="select_page">Select Page</span><span class="mobile_menu_bar mobile_menu_bar_toggle"></span>{menu}</div></div></div></div>'
        f'<div class="et_search_outer"><div class="container et_search_form_container"><form role="search" method="get" class="et-search-form" action="{base}/"><input type="search" class="et-search-field" placeholder="Search …" name="s" /></form><span class="et_close_search_field"></span></div></div></header>\n',
        bottom=f'<footer id="main-footer">{footer(scene, _SKIN)}</footer></div>\n'
        f'{popup(scene, _SKIN)}{consent(scene, "moove_gdpr")}<script id="divi-custom-script-js-extra">{scripts("divi", 12000)}</script>\n</body>\n</html>\n',
    )
    return build_frame(frame, scene, _SKIN)
