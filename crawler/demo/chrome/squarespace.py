"""Squarespace: sections with fluid-engine grids, white-space kept in style, and its context object in a script."""

# ruff: noqa: E501 - markup reads best in the long lines in which platforms send it

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from crawler.demo.chrome import widgets
from crawler.demo.chrome.frame import Frame, teasers, weight
from crawler.demo.chrome.head import head_meta, json_ld
from crawler.demo.chrome.markup import Markup, anchor, group_blocks, say_group
from crawler.demo.chrome.padding import styles, svg_icon, warmup_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.demo.view import Link, Scene, View

__all__ = ["dress"]

_MARKUP = Markup(
    p='<p class="" style="white-space:pre-wrap;">%s</p>\n',
    h2='<h2 style="white-space:pre-wrap;"><strong>%s</strong></h2>\n',
    li='<li><p class="" style="white-space:pre-wrap;">%s</p></li>\n',
    ul='<ul data-rte-list="default">%s</ul>\n',
    ol='<ol data-rte-list="default">%s</ol>\n',
    q='<li class="accordion-item" data-is-open="false"><h4 aria-level="3" class="accordion-item__title-wrapper" role="heading"><button class="accordion-item__click-target" aria-expanded="false"><span class="accordion-item__title">%s</span><div class="accordion-icon-container" data-is-open="false" aria-hidden="true"><div class="plus"></div></div></button></h4>\n',
    a='<div class="accordion-item__dropdown" role="region"><div class="accordion-item__description"><p data-rte-preserve-empty="true" style="white-space:pre-wrap;">%s</p></div></div></li>\n',
    faq='<ul class="accordion-items-container" data-should-allow-multiple-open-items="" data-is-divider-enabled="true">%s</ul>\n',
    quote='<figure class="block-quote"><blockquote><span>“</span>%s<span>”</span></blockquote></figure>\n',
    person='<h4 style="white-space:pre-wrap;">%s</h4>\n',
    row='<p class="sqsrte-small" style="white-space:pre-wrap;">%s</p>\n',
    cell="<strong>%s</strong>&nbsp; ",
    table="%s",
)


def dress(view: View) -> str:
    """Put a page into blocks."""
    frame = _frame(view.scene)
    kind = "post" if view.page.is_post() else "page"
    return "".join(
        (
            frame.start,
            head_meta(view, " — "),
            json_ld(view),
            frame.head,
            f"<style>{weight(view, 'fe-block')}</style></head>\n",
            f'<body id="collection-{len(view.url) * 7919:024x}" class="primary-button-style-solid tweak-blog-basic-grid-list collection-type-{kind} view-item build-{view.build}" tabindex="-1">\n',
            frame.top,
            _post(view) if view.page.is_post() else _page(view),
            frame.bottom,
        )
    )


def _block(inner: str, number: int) -> str:
    name = f"{number * 1299709:020x}"
    return (
        f'<div class="fe-block fe-block-{name}"><div class="sqs-block html-block sqs-block-html" data-blend-mode="NORMAL" data-block-type="2" data-border-radii="" id="block-{name}"><div class="sqs-block-content">'
        f'<div class="sqs-html-content">{inner}</div></div></div></div>\n'
    )


def _section(inner: str, number: int) -> str:
    return (
        f'<section data-test="page-section" data-section-theme="white" class="page-section layout-engine-section background-width--full-bleed section-height--medium content-width--wide" data-section-id="{number * 15485863:024x}" '
        'data-controller="SectionWrapperController"><div class="section-border"><div class="section-background"></div></div><div class="content-wrapper"><div class="content"><div data-fluid-engine="true">'
        f'<div class="fluid-engine fe-{number}">{inner}</div></div></div></div></section>\n'
    )


def _page(view: View) -> str:
    title = f'<h1 style="text-align:center;white-space:pre-wrap;">{escape(view.content.title)}</h1>'
    parts = [
        _section(_block(say_group(kind, run, _MARKUP), number), number)
        for number, (kind, run) in enumerate(group_blocks(view.content.blocks), 3)
    ]
    image = _section(
        f'<div class="sqs-block image-block sqs-block-image sqs-stretched"><div class="fluid-image-container sqs-image-content">{widgets.picture(view, 4, "data-stretch=true")}</div></div>',
        61,
    )
    action = _section(_block(widgets.call_to_action(view.scene), 60) + _block(f"<p>{anchor(view.inline)}</p>", 62), 60)
    grid = f'<section class="blog-basic-grid">{teasers(view)}</section>' if view.teasers else ""
    return "".join(
        (
            '<main id="page" class="container" role="main"><article class="sections" id="sections" data-page-sections="x">',
            _section(_block(title, 1), 1),
            *parts[:1],
            image,
            *parts[1:],
            grid,
            action,
            _section(widgets.carousel(view, "user-items-list-carousel"), 63),
            "</article></main>\n",
        )
    )


def _post(view: View) -> str:
    content = view.content
    body = "".join(
        _block(say_group(kind, run, _MARKUP), number)
        for number, (kind, run) in enumerate(group_blocks(content.blocks), 3)
    )
    day = f'<time class="dt-published blog-meta-item blog-meta-item--date" datetime="{content.published.isoformat()}" pubdate><span>{content.published:%b} {content.published.day}</span></time>'
    return (
        '<main id="page" class="container" role="main"><article class="sections" id="sections"><section class="page-section blog-item-wrapper-section"><div class="content-wrapper"><div class="content">'
        f'<article id="article-" class="h-entry entry post-type-text blog-item-wrapper"><div class="blog-item-inner-wrapper"><div class="blog-item-top-wrapper"><div class="blog-item-title"><h1 class="entry-title entry-title--large p-name" data-content-field="title">'
        f'{escape(content.title)}</h1></div><div class="blog-item-meta-wrapper"><span class="blog-categories-list"><a href="#">Treatment</a></span>{day}<div class="blog-item-author-profile-wrapper">Written By <span class="author-name">{escape(content.author)}</span></div></div></div>'
        f'<div class="blog-item-content-wrapper"><div class="blog-item-content e-content"><div class="sqs-layout sqs-grid-12 columns-12">{body}{_block(f"<p>{anchor(view.inline)}</p>", 62)}</div></div></div></div></article>'
        f'{widgets.share_bar(view, "sqs")}<section class="item-pagination"><a href="{escape(view.related[0].href) if view.related else "#"}" class="item-pagination-link item-pagination-link--next"><span>Next</span></a></section>'
        f"{widgets.comments(view, 'sqs-comment')}</div></div></section></article></main>\n"
    )


def _footer(scene: Scene) -> str:
    links = f"{widgets.flat_list((*scene.small, *scene.towns), '%s')} {widgets.old_links(scene)}"
    return _section(
        _block(f"<p>{widgets.address(scene)}</p>", 70)
        + _block(f"<p>{links}</p>", 71)
        + _block(f"<p>{widgets.copyright_line(scene)} {widgets.counter(scene)}</p>", 72),
        70,
    )


def _nav(links: Iterable[Link]) -> str:
    return "".join(f'<div class="header-nav-folder-item">{anchor(link)}</div>' for link in links)


@lru_cache(maxsize=64)
def _frame(scene: Scene) -> Frame:
    name, base = escape(scene.site.name), scene.base
    nav = (
        f'<div class="header-nav-item header-nav-item--folder"><a class="header-nav-folder-title" href="#">Treatments</a><div class="header-nav-folder-content">{_nav(scene.services)}</div></div>'
        f'<div class="header-nav-item header-nav-item--folder"><a class="header-nav-folder-title" href="#">Conditions</a><div class="header-nav-folder-content">{_nav(scene.conditions)}</div></div>{_nav(scene.main)}'
    )
    return Frame(
        start='<!doctype html>\n<html xmlns:og="http://opengraphprotocol.org/schema/" xmlns:fb="http://www.facebook.com/2008/fbml" lang="en-US">\n<head>\n<meta http-equiv="X-UA-Compatible" content="IE=edge,chrome=1">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n<!-- This is Squarespace. --><!-- clinic-otter-x2 -->\n<base href="">\n<meta charset="utf-8" />\n',
        head=f'<script data-name="static-context">Static = window.Static || {{}}; Static.SQUARESPACE_CONTEXT = {warmup_json("sqs", 17000)};</script>\n<style id="custom-css">{styles("sqs", 19000)}</style>\n{widgets.nonce(scene)}',
        top=f'<div id="siteWrapper" class="clearfix site-wrapper"><header data-test="header" id="header" class="header theme-col--primary" data-section-theme="light"><div class="header-announcement-bar-wrapper"><a href="#page" class="header-skip-link sqs-button-element--primary">Skip to Content</a>'
        f'<div class="header-title-text"><a id="site-title" href="{base}/">{name}</a></div><div class="header-nav"><nav class="header-nav-list">{nav}</nav></div><div class="header-menu header-menu--folder-list">{svg_icon("burger")}<nav class="header-menu-nav-list">{nav}</nav></div></div></header>\n',
        bottom=f'<footer class="sections" id="footer-sections" data-footer-sections>{_footer(scene)}</footer></div>\n'
        f'{widgets.cookie_banner("sqs-cookie")}{widgets.newsletter("sqs-slide")}<script defer src="/universal/scripts-compressed/site-bundle.js"></script>\n</body>\n</html>\n',
    )
