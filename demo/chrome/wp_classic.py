"""WordPress with a classic theme: sidebar, widgets, related posts, comments, Yoast-like head."""

# ruff: noqa: E501 - markup reads best in the long lines in which platforms send it

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from demo.chrome import widgets
from demo.chrome.frame import Frame, build_frame, choose_sections, related_cards, teasers, weight
from demo.chrome.furniture import bar, consent, footer, menu_entries, popup
from demo.chrome.head import head_meta, json_ld
from demo.chrome.markup import Markup, anchor, inside
from demo.chrome.padding import base64_image, scripts, styles, svg_icon
from demo.chrome.skin import Skin
from demo.clock import iso_time, say_date

if TYPE_CHECKING:
    from demo.view import Scene, View

__all__ = ["dress"]

_MARKUP = Markup(
    h2='<h2><span style="font-weight: 400;">%s</span></h2>\n',
    q='<div class="ufaq-faq-title"><a class="ewd-ufaq-post-margin" href="#"><h4>%s</h4></a></div>\n',
    a='<div class="ufaq-faq-body ewd-ufaq-hidden"><p>%s</p></div>\n',
    faq='<div class="ufaq-faq-list" data-toggle="accordion">%s</div>\n',
    table='<table class="tablepress tablepress-id-2"><tbody class="row-hover">%s</tbody></table>\n',
)
_SKIN = Skin(
    name="wpc",
    section='<section class="vc_section widget-section"><div data-vc-full-width="true" data-vc-stretch-content="true" class="vc_row wpb_row vc_row-fluid vc_custom_§"><div class="container">%s</div></div></section><div class="vc_row-full-width vc_clearfix"></div>\n',
    row='<div class="vc_row wpb_row vc_inner vc_row-fluid">%s</div>\n',
    column='<div class="wpb_column vc_column_container vc_col-sm-4"><div class="vc_column-inner vc_custom_§"><div class="wpb_wrapper">%s</div></div></div>\n',
    module='<div class="wpb_%(kind)s wpb_content_element widget widget_%(kind)s" id="%(kind)s-§"><div class="wpb_wrapper">%(inner)s</div></div>\n',
    title='<h3 class="widget-title vc_custom_heading"><span>%s</span></h3>\n',
    picture='<figure class="wpb_wrapper vc_figure"><div class="vc_single_image-wrapper vc_box_border_grey"><img class="vc_single_image-img attachment-medium" %(attributes)s></div></figure>\n',
    button='<div class="vc_btn3-container vc_btn3-inline"><a class="vc_general vc_btn3 vc_btn3-size-md" href="%(href)s" title="">%(label)s</a></div>\n',
    items='<ul class="menu widget-list">%s</ul>\n',
    item='<li class="cat-item cat-item-§">%s</li>\n',
    form='<div class="gf_browser_chrome gform_wrapper" id="gform_wrapper_§"><form method="post" enctype="multipart/form-data" id="gform_§" action="#gf"><div class="gform_body gform-body"><ul class="gform_fields top_label">%s</ul></div></form></div>\n',
    field='<li id="field_§" class="gfield gfield_contains_required field_sublabel_below">%(label)s<div class="ginput_container">%(control)s</div></li>\n',
    menu='<ul class="menu nav-menu sf-menu">%s</ul>\n',
    entry='<li id="menu-item-§" class="menu-item menu-item-type-post_type menu-item-object-page menu-item-§"><a href="%(href)s"><span class="menu-text">%(label)s</span></a></li>\n',
    folder='<li id="menu-item-§" class="menu-item menu-item-type-custom menu-item-object-custom menu-item-has-children menu-item-§"><a href="%(href)s" aria-haspopup="true"><span class="menu-text">%(label)s</span><span class="caret"><i class="fa fa-angle-down"></i></span></a><ul class="sub-menu mega-menu">%(inner)s</ul></li>\n',
    card='<article class="post-card jp-relatedposts-post" data-post-id="§"><div class="post-thumb"><a href="%(href)s" rel="nofollow">%(picture)s</a></div><div class="post-card-body"><h4 class="jp-relatedposts-post-title"><a href="%(href)s" rel="bookmark">%(label)s</a></h4><div class="entry-meta"><span class="posted-on"><i class="fa fa-clock-o"></i><time>%(day)s</time></span></div><p class="jp-relatedposts-post-excerpt">%(excerpt)s</p><a class="read-more" href="%(href)s">Read More <span class="screen-reader-text">about this</span></a></div></article>\n',
)


def dress(view: View) -> str:
    """Put a page into the theme."""
    frame, extra = _frame(view.scene), weight(view, "wpc")
    return "".join(
        (
            frame.start,
            head_meta(view, " | "),
            json_ld(view),
            frame.head,
            f"<style>{extra}</style></head>\n",
            frame.top,
            f'<div id="content" class="site-content build-{view.build}"><div id="primary" class="content-area"><main id="main" class="site-main">\n',
            widgets.crumbs(view, "yoast"),
            _article(view),
            _related(view),
            widgets.comments(view),
            "</main></div>\n",
            f'<aside id="secondary" class="widget-area sidebar" role="complementary">{frame.sidebar}</aside>\n',
            choose_sections(view, frame),
            "</div>\n",
            frame.bottom,
        )
    )


def _article(view: View) -> str:
    content = view.content
    meta = (
        f'<div class="entry-meta"><span class="posted-on">Posted on <time class="entry-date published" datetime="{iso_time(content.published)}">'
        f'{say_date(content.published)}</time></span> <span class="byline">by <span class="author vcard"><a class="url fn n" '
        f'href="#author">{escape(content.author)}</a></span></span> '
        '<span class="reading-time">4 min read</span></div>\n'
        if view.page.is_post()
        else ""
    )
    share = widgets.share_bar(view, "ssba") if view.page.is_post() else ""
    return (
        f'<article id="post-{len(view.page.path)}" class="post type-post status-publish format-standard hentry"><header class="entry-header">'
        f'<h1 class="entry-title">{escape(content.title)}</h1>{meta}</header>\n<div class="entry-content clearfix">\n'
        f"{widgets.second_title(view)}{inside(content.blocks, _MARKUP)}{teasers(view)}{_inline(view)}</div>\n{widgets.print_link(view)}{share}"
        f'<footer class="entry-footer"><span class="cat-links">Posted in <a rel="category tag" href="#">Treatment</a></span>'
        f"{_bio(view)}</footer></article>\n"
    )


def _inline(view: View) -> str:
    return f'<p class="read-more-line">Read next: {anchor(view.inline)}</p>\n'


def _bio(view: View) -> str:
    if not view.page.is_post():
        return ""
    return (
        f'<div class="author-box"><img alt="" src="{base64_image("face", 900)}" class="avatar" /><h4>About {escape(view.content.author)}</h4>'
        f'<p>{escape(view.content.author)} writes for {escape(view.scene.site.name)}. <a href="#">View all posts</a></p></div>'
    )


def _related(view: View) -> str:
    if not view.page.is_post():
        return ""
    return f'<div id="jp-relatedposts" class="jp-relatedposts"><h3 class="jp-relatedposts-headline"><em>You may also like</em></h3><div class="jp-relatedposts-items">{related_cards(view, _SKIN)}</div></div>\n'


@lru_cache(maxsize=40)
def _frame(scene: Scene) -> Frame:
    menu = _SKIN.tree(menu_entries(scene))
    frame = Frame(
        start='<!DOCTYPE html>\n<html lang="en-US" class="no-js">\n<head>\n<meta charset="UTF-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<link rel="profile" href="https://gmpg.org/xfn/11">\n',
        head='<meta name="generator" content="WordPress 6.4.3" />\n<script>window._wpemojiSettings={"baseUrl":"https:\\/\\/s.w.org\\/images\\/core\\/emoji\\/14.0.0\\/72x72\\/"};'
        f'{scripts("emoji", 3000)}</script>\n<style id="wp-block-library-inline-css">{styles("wp-block", 7000)}</style>\n'
        f'<style id="theme-style-inline-css">{styles("theme", 7000)}</style>\n<link rel="stylesheet" href="/wp-content/themes/corporate/style.css?ver=6.4.3" />\n'
        '<link rel="https://api.w.org/" href="/wp-json/" />\n'
        f"{widgets.nonce(scene)}",
        top='<body class="post-template-default single single-post wp-custom-logo sidebar-right">\n<div id="page" class="site"><a class="skip-link screen-reader-text" href="#content">Skip to content</a>\n'
        f'{bar(scene)}<header id="masthead" class="site-header"><div class="header-inner container"><div class="site-branding"><a href="{scene.base}/" class="custom-logo-link" rel="home">{_SKIN.image("logo", scene.site.name)}</a><p class="site-title">'
        f'<a href="{scene.base}/" rel="home">{escape(scene.site.name)}</a></p></div><nav id="site-navigation" class="main-navigation">{menu}</nav><div class="header-search"><button class="search-toggle" aria-label="Search">{svg_icon("search")}</button></div>'
        f'<div id="mobile-menu" class="mobile-navigation"><button class="menu-toggle" aria-expanded="false"><span class="line"></span><span class="line"></span><span class="line"></span></button><nav>{menu}</nav></div></div></header>\n',
        bottom=f'<footer id="colophon" class="site-footer"><div class="footer-widgets">{footer(scene, _SKIN)}</div></footer></div><a href="#page" class="back-to-top">{svg_icon("up")}</a>\n'
        f'{consent(scene, "cn")}{popup(scene, _SKIN)}<script id="jquery-migrate-js">{scripts("wpc", 10000)}</script>\n</body>\n</html>\n',
    )
    return build_frame(frame, scene, _SKIN)
