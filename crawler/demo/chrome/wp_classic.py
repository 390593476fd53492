"""WordPress with a classic theme: sidebar, widgets, related posts, comments, Yoast-like head."""

# ruff: noqa: E501 - markup reads best in the long lines in which platforms send it

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from crawler.demo.chrome import widgets
from crawler.demo.chrome.frame import Frame, teasers, weight
from crawler.demo.chrome.head import head_meta, json_ld
from crawler.demo.chrome.markup import Markup, anchor, inside
from crawler.demo.chrome.padding import base64_image, scripts, styles, svg_icon
from crawler.demo.clock import iso_time, say_date

if TYPE_CHECKING:
    from crawler.demo.view import Scene, View

__all__ = ["dress"]

_MARKUP = Markup(
    h2='<h2><span style="font-weight: 400;">%s</span></h2>\n',
    q='<div class="ufaq-faq-title"><a class="ewd-ufaq-post-margin" href="#"><h4>%s</h4></a></div>\n',
    a='<div class="ufaq-faq-body ewd-ufaq-hidden"><p>%s</p></div>\n',
    faq='<div class="ufaq-faq-list" data-toggle="accordion">%s</div>\n',
    table='<table class="tablepress tablepress-id-2"><tbody class="row-hover">%s</tbody></table>\n',
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
            widgets.related_list(view, "You may also like", "jp") if view.page.is_post() else "",
            widgets.comments(view),
            "</main></div>\n",
            _sidebar(view),
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


def _sidebar(view: View) -> str:
    recent = widgets.flat_list(view.related)
    return (
        '<aside id="secondary" class="widget-area sidebar"><section id="search-2" class="widget widget_search"><form role="search" '
        f'method="get" action="{view.scene.base}/"><label><span class="screen-reader-text">Search for:</span><input type="search" '
        'placeholder="Search …" name="s" /></label></form></section><section class="widget widget_recent_entries">'
        f'<h2 class="widget-title">Recent Posts</h2><ul>{recent}</ul></section><section class="widget widget_text">'
        f'{widgets.carousel(view, "tss")}</section><section class="widget widget_archive"><h2 class="widget-title">Archives</h2>'
        '<select name="archive-dropdown"><option>Select Month</option><option>January 2026</option><option>October 2025</option></select>'
        f'</section><section class="widget"><p>{widgets.counter(view.scene)}</p></section></aside>\n'
    )


@lru_cache(maxsize=64)
def _frame(scene: Scene) -> Frame:
    menu = (
        f'<ul id="primary-menu" class="menu nav-menu"><li class="menu-item menu-item-home"><a href="{scene.base}/">Home</a></li>'
        f'<li class="menu-item menu-item-has-children"><a href="#">Services</a><ul class="sub-menu mega-menu">{widgets.flat_list(scene.services)}</ul></li>'
        f'<li class="menu-item menu-item-has-children"><a href="#">Conditions</a><ul class="sub-menu">{widgets.flat_list(scene.conditions)}</ul></li>'
        f"{widgets.flat_list(scene.main)}</ul>"
    )
    icons = "".join(svg_icon(name) for name in ("facebook", "instagram", "youtube", "phone"))
    return Frame(
        start='<!DOCTYPE html>\n<html lang="en-US" class="no-js">\n<head>\n<meta charset="UTF-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<link rel="profile" href="https://gmpg.org/xfn/11">\n',
        head='<meta name="generator" content="WordPress 6.4.3" />\n<script>window._wpemojiSettings={"baseUrl":"https:\\/\\/s.w.org\\/images\\/core\\/emoji\\/14.0.0\\/72x72\\/"};'
        f'{scripts("emoji", 3000)}</script>\n<style id="wp-block-library-inline-css">{styles("wp-block", 14000)}</style>\n'
        f'<style id="theme-style-inline-css">{styles("theme", 16000)}</style>\n<link rel="stylesheet" href="/wp-content/themes/corporate/style.css?ver=6.4.3" />\n'
        '<link rel="https://api.w.org/" href="/wp-json/" />\n'
        f"{widgets.nonce(scene)}",
        top='<body class="post-template-default single single-post wp-custom-logo sidebar-right">\n<div id="page" class="site"><a class="skip-link screen-reader-text" href="#content">Skip to content</a>\n'
        f'<div class="top-bar"><span>Call us today {icons}</span></div><header id="masthead" class="site-header"><div class="site-branding"><p class="site-title">'
        f'<a href="{scene.base}/" rel="home">{escape(scene.site.name)}</a></p></div><nav id="site-navigation" class="main-navigation">{menu}</nav></header>\n',
        bottom=f'<footer id="colophon" class="site-footer"><div class="footer-widgets"><div class="widget">{widgets.address(scene)}</div>'
        f'<div class="widget"><h3>Areas We Serve</h3><ul>{widgets.flat_list(scene.towns)}</ul></div><div class="widget"><h3>Quick Links</h3><ul>'
        f'{widgets.flat_list(scene.small)}</ul>{widgets.old_links(scene)}</div></div><div class="site-info">{widgets.copyright_line(scene)}</div></footer></div>\n'
        f'{widgets.cookie_banner("cn")}{widgets.newsletter("pum")}<script id="jquery-migrate-js">{scripts("wpc", 22000)}</script>\n</body>\n</html>\n',
    )
