"""WordPress with a block theme: full-site editing markup, details blocks, global styles in line."""

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
from crawler.demo.clock import iso_time, say_date

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.demo.view import Link, Scene, View

__all__ = ["dress"]

_MARKUP = Markup(
    h2='<h2 class="wp-block-heading">%s</h2>\n',
    ul='<ul class="wp-block-list">%s</ul>\n',
    ol='<ol class="wp-block-list">%s</ol>\n',
    q='<details class="wp-block-details is-layout-flow"><summary>%s</summary>\n',
    a="<p>%s</p></details>\n",
    faq='<div class="wp-block-group is-layout-constrained">%s</div>\n',
    quote='<blockquote class="wp-block-quote is-style-plain"><p>%s</p></blockquote>\n',
    person='<h3 class="wp-block-heading has-medium-font-size">%s</h3>\n',
    table='<figure class="wp-block-table is-style-stripes"><table class="has-fixed-layout"><tbody>%s</tbody></table></figure>\n',
)


def dress(view: View) -> str:
    """Put a page into the theme."""
    frame = _frame(view.scene)
    return "".join(
        (
            frame.start,
            head_meta(view, " – "),
            json_ld(view),
            frame.head,
            f"<style id='core-block-supports-inline-css'>{weight(view, 'wp-container')}</style></head>\n",
            frame.top,
            _main(view),
            frame.bottom,
        )
    )


def _main(view: View) -> str:
    content = view.content
    return (
        f'<main class="wp-block-group is-layout-flow build-{view.build}" id="wp--skip-link--target"><div class="wp-block-group has-global-padding '
        f'is-layout-constrained"><h1 class="wp-block-post-title has-x-large-font-size">{escape(content.title)}</h1>{_meta(view)}'
        f'<figure class="wp-block-post-featured-image">{widgets.picture(view, len(content.title))}</figure></div>\n'
        f'<div class="entry-content alignfull wp-block-post-content has-global-padding is-layout-constrained">\n{_body(view)}{teasers(view)}</div>\n'
        f"{_after(view)}</main>\n"
    )


def _meta(view: View) -> str:
    if not view.page.is_post():
        return ""
    day = view.content.published
    return (
        f'<div class="wp-block-template-part"><div class="wp-block-post-date"><time datetime="{iso_time(day)}"><a href="{escape(view.url)}">{say_date(day)}</a>'
        '</time></div><p class="has-contrast-2-color">—</p><p class="has-small-font-size">by</p>'
        f'<div class="wp-block-post-author-name"><a href="#">{escape(view.content.author)}</a></div><div class="taxonomy-category wp-block-post-terms">in '
        '<a href="#" rel="tag">Treatment</a></div></div>\n'
    )


def _body(view: View) -> str:
    parts = [say_group(kind, run, _MARKUP) for kind, run in group_blocks(view.content.blocks)]
    action = f'<div class="wp-block-group has-accent-background-color has-background"><div class="wp-block-buttons">{widgets.call_to_action(view.scene)}</div></div>\n'
    linked = f'<p class="has-small-font-size"><em>See also: {anchor(view.inline)}</em></p>\n'
    picture = f'<figure class="wp-block-image size-large">{widgets.picture(view, 1)}</figure>\n'
    return "".join((*parts[:1], linked, *parts[1:2], picture, *parts[2:], action if not view.page.is_post() else ""))


def _after(view: View) -> str:
    if not view.page.is_post():
        return widgets.carousel(view, "wp-block-testimonial")
    return (
        f'{widgets.share_bar(view, "jetpack")}<nav class="wp-block-group post-navigation" aria-label="Post navigation">'
        f'<span class="label">Previous: </span>{"".join(map(anchor, view.related[:1]))}</nav>'
        f'{widgets.comments(view, "wp-comment")}<h2 class="wp-block-heading">More posts</h2>'
        f'<ul class="wp-block-post-template is-layout-grid">{widgets.flat_list(view.related, "<li class=wp-block-post><h3 class=wp-block-post-title>%s</h3></li>")}</ul>\n'
    )


def _menu(label: str, links: Iterable[Link]) -> str:
    items = "".join(
        f'<li class="wp-block-navigation-item wp-block-navigation-link">{anchor(link)}</li>' for link in links
    )
    return (
        '<li data-wp-context=\'{"submenuOpenedBy":{"click":false}}\' data-wp-interactive="core/navigation" class="wp-block-navigation-item has-child '
        f'open-on-hover-click wp-block-navigation-submenu"><a class="wp-block-navigation-item__content" href="#"><span>{label}</span></a><button '
        f'aria-label="{label} submenu" class="wp-block-navigation__submenu-icon" aria-expanded="false">{svg_icon("chevron")}</button>'
        f'<ul class="wp-block-navigation__submenu-container">{items}</ul></li>'
    )


@lru_cache(maxsize=64)
def _frame(scene: Scene) -> Frame:
    name, base = escape(scene.site.name), scene.base
    presets = ";".join(f"--wp--preset--color--{number}: #{number * 7919 % 0xFFFFFF:06x}" for number in range(220))
    return Frame(
        start='<!DOCTYPE html>\n<html lang="en-US">\n<head>\n\t<meta charset="UTF-8" />\n\t<meta name="viewport" content="width=device-width, initial-scale=1" />\n',
        head=f'<style id="global-styles-inline-css">body{{{presets}}}{styles("is-style", 13000)}</style>\n<style id="wp-block-navigation-inline-css">'
        f'{styles("wp-block-navigation", 9000)}</style>\n<script type="importmap" id="wp-importmap">{{"imports":{{"@wordpress/interactivity":"/wp-includes/js/dist/interactivity.min.js"}}}}</script>\n'
        f'<meta name="generator" content="WordPress 6.5.2" />\n{widgets.nonce(scene)}',
        top='<body class="page-template-default page wp-embed-responsive">\n<div class="wp-site-blocks"><header class="wp-block-template-part"><div class="wp-block-group alignwide">'
        f'<p class="wp-block-site-title"><a href="{base}" rel="home">{name}</a></p><nav class="is-responsive items-justified-right wp-block-navigation" aria-label="Navigation">'
        f'<ul class="wp-block-navigation__container"><li class="wp-block-navigation-item"><a href="{base}/">Home</a></li>{_menu("Treatments", scene.services)}'
        f"{_menu('Who we help', scene.conditions)}{widgets.flat_list(scene.main)}</ul></nav></div></header>\n",
        bottom='<footer class="wp-block-template-part"><div class="wp-block-columns"><div class="wp-block-column"><p>'
        f'{widgets.address(scene)}</p></div><div class="wp-block-column"><h2 class="wp-block-heading">Locations</h2><ul>{widgets.flat_list(scene.towns)}</ul></div>'
        f'<div class="wp-block-column"><h2 class="wp-block-heading">About</h2><ul>{widgets.flat_list(scene.small)}</ul>{widgets.old_links(scene)}</div></div>'
        f'<p class="has-small-font-size">{widgets.copyright_line(scene)} {widgets.counter(scene)}</p><p>Designed with <a href="https://wordpress.org" rel="nofollow">WordPress</a></p></footer></div>\n'
        f'{widgets.cookie_banner("cmplz")}<script id="wp-block-template-skip-link-js-after">{scripts("wpb", 12000)}</script>\n</body>\n</html>\n',
    )
