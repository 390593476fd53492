"""Squarespace: sections with fluid-engine grids, white-space kept in style, and its context object in a script."""

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
from demo.chrome.padding import styles, svg_icon, warmup_json
from demo.chrome.skin import Skin

if TYPE_CHECKING:
    from demo.view import Scene, View

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
_SKIN = Skin(
    name="sqs",
    section='<section data-test="page-section" data-section-theme="light" class="page-section user-items-list-section layout-engine-section background-width--full-bleed section-height--medium content-width--wide horizontal-alignment--center vertical-alignment--middle" data-section-id="§" data-controller="SectionWrapperController"><div class="section-border"><div class="section-background"></div></div><div class="content-wrapper" style=""><div class="content"><div class="sqs-layout sqs-grid-12 columns-12" data-layout-label="Section" data-type="page-section" id="page-section-§">%s</div></div></div></section>\n',
    row='<div class="row sqs-row" id="yui_§">%s</div>\n',
    column='<div class="col sqs-col-4 span-4" id="yui_§">%s</div>\n',
    module='<div class="sqs-block %(kind)s-block sqs-block-%(kind)s" data-block-type="2" id="block-§"><div class="sqs-block-content"><div class="sqs-html-content">%(inner)s</div></div></div>\n',
    title='<h3 style="text-align:center;white-space:pre-wrap;"><strong>%s</strong></h3>\n',
    text='<p class="sqsrte-small" style="text-align:center;white-space:pre-wrap;">%s</p>\n',
    picture='<div class="image-block-outer-wrapper layout-caption-below design-layout-inline"><figure class="sqs-block-image-figure intrinsic" style="max-width:300px;"><div class="image-block-wrapper" data-animation-role="image"><div class="sqs-image-shape-container-element has-aspect-ratio"><img data-stretch="false" data-image-dimensions="300x200" data-image-focal-point="0.5,0.5" data-image-id="§" %(attributes)s></div></div></figure></div>\n',
    button='<div class="sqs-block button-block sqs-block-button" id="block-§"><div class="sqs-block-content"><div class="sqs-block-button-container sqs-block-button-container--center" data-animation-role="button"><a href="%(href)s" class="sqs-block-button-element--medium sqs-button-element--primary sqs-block-button-element">%(label)s</a></div></div></div>\n',
    items='<ul data-rte-list="default">%s</ul>\n',
    item='<li><p class="" style="white-space:pre-wrap;">%s</p></li>\n',
    form='<div class="form-block sqs-block-form"><div class="form-wrapper"><div class="form-inner-wrapper"><form data-form-id="§" autocomplete="on" method="POST" class="react-form-contents"><div class="field-list clear">%s</div></form></div></div></div>\n',
    field='<div id="text-§" class="form-item field text required"><div class="title">%(label)s</div><div class="form-input-effects">%(control)s<div class="form-input-effects-border"></div></div></div>\n',
    menu="%s",
    entry='<div class="header-nav-item header-nav-item--collection"><a href="%(href)s" data-animation-role="header-element"><div class="header-menu-nav-item-content"><span>%(label)s</span></div></a></div>\n',
    folder='<div class="header-nav-item header-nav-item--folder"><button class="header-nav-folder-title" aria-expanded="false" aria-controls="folder-§" data-href="%(href)s"><span class="header-nav-folder-title-text">%(label)s</span></button><div class="header-nav-folder-content" id="folder-§"><div class="header-menu-controls"><span class="chevron chevron--left"></span></div>%(inner)s</div></div>\n',
    card='<div class="summary-item summary-item-record-type-text sqs-gallery-design-autogrid-slide summary-item-has-thumbnail summary-item-has-excerpt" data-index="§"><div class="summary-thumbnail-outer-container"><a href="%(href)s" class="summary-thumbnail-container sqs-gallery-image-container"><div class="summary-thumbnail img-wrapper">%(picture)s</div></a></div><div class="summary-content sqs-gallery-meta-container"><div class="summary-metadata-container summary-metadata-container--above-title"><div class="summary-metadata summary-metadata--primary"><time class="summary-metadata-item summary-metadata-item--date">%(day)s</time></div></div>'
    '<div class="summary-title"><a href="%(href)s" class="summary-title-link">%(label)s</a></div><div class="summary-excerpt summary-excerpt-only"><p class="" style="white-space:pre-wrap;">%(excerpt)s</p></div><a href="%(href)s" class="summary-read-more-link">Read More →</a></div></div>\n',
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
            _post(view, frame) if view.page.is_post() else _page(view, frame),
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


def _page(view: View, frame: Frame) -> str:
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
            choose_sections(view, frame),
            "</article></main>\n",
        )
    )


def _post(view: View, frame: Frame) -> str:
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
        f'<div class="sqs-block summary-v2-block sqs-block-summary-v2"><div class="sqs-block-content"><div class="summary-block-wrapper summary-block-collection-type-blog"><div class="summary-heading"><span>Related</span></div><div class="summary-item-list-container sqs-gallery-container"><div class="summary-item-list sqs-gallery">{related_cards(view, _SKIN)}</div></div></div></div></div>'
        f"{widgets.comments(view, 'sqs-comment')}</div></div></section>{choose_sections(view, frame)}</article></main>\n"
    )


@lru_cache(maxsize=40)
def _frame(scene: Scene) -> Frame:
    name, base = escape(scene.site.name), scene.base
    nav = _SKIN.tree(menu_entries(scene))
    frame = Frame(
        start='<!doctype html>\n<html xmlns:og="http://opengraphprotocol.org/schema/" xmlns:fb="http://www.facebook.com/2008/fbml" lang="en-US">\n<head>\n<meta http-equiv="X-UA-Compatible" content="IE=edge,chrome=1">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n<!-- This is Squarespace. --><!-- clinic-otter-x2 -->\n<base href="">\n<meta charset="utf-8" />\n',
        head=f'<script data-name="static-context">Static = window.Static || {{}}; Static.SQUARESPACE_CONTEXT = {warmup_json("sqs", 8000)};</script>\n<style id="custom-css">{styles("sqs", 9000)}</style>\n{widgets.nonce(scene)}',
        top=f'<div id="siteWrapper" class="clearfix site-wrapper"><header data-test="header" id="header" class="header theme-col--primary" data-section-theme="light"><div class="header-announcement-bar-wrapper"><a href="#page" class="header-skip-link sqs-button-element--primary">Skip to Content</a>'
        f'{bar(scene)}</div><div class="header-announcement-bar-wrapper"><div class="header-inner container--fluid header-mobile-layout-logo-left-nav-right header-layout-nav-right"><div class="header-display-desktop" data-content-field="site-title"><div class="header-title-nav-wrapper"><div class="header-title"><div class="header-title-text"><a id="site-title" href="{base}/">{name}</a></div></div><div class="header-nav"><div class="header-nav-wrapper"><nav class="header-nav-list">{nav}</nav></div></div></div>'
        f'<div class="header-actions header-actions--right"><div class="header-actions-action header-actions-action--cta"><a class="btn btn--border theme-btn--primary-inverse sqs-button-element--primary" href="{base}/">Book</a></div></div></div><div class="header-display-mobile"><div class="header-burger"><button class="header-burger-btn burger"><span class="burger-inner">{svg_icon("burger")}</span></button></div></div></div></div>'
        f'<div class="header-menu header-menu--folder-list"><div class="header-menu-bg theme-bg--primary"></div><div class="header-menu-nav"><nav class="header-menu-nav-list"><div data-folder="root" class="header-menu-nav-folder"><div class="header-menu-nav-folder-content">{nav}</div></div></nav></div></div></header>\n',
        bottom=f'<footer class="sections" id="footer-sections" data-footer-sections>{footer(scene, _SKIN)}</footer></div>\n'
        f'{consent(scene, "sqs-cookie")}{popup(scene, _SKIN)}<script defer src="/universal/scripts-compressed/site-bundle.js"></script>\n</body>\n</html>\n',
    )
    return build_frame(frame, scene, _SKIN)
