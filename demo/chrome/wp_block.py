"""WordPress with a block theme: full-site editing markup, details blocks, global styles in line."""

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
from demo.chrome.padding import scripts, styles, svg_icon
from demo.chrome.skin import Skin
from demo.clock import iso_time, say_date

if TYPE_CHECKING:
    from demo.view import Scene, View

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
_SKIN = Skin(
    name="wpb",
    section='<div class="wp-block-group alignfull has-base-2-background-color has-background has-global-padding is-layout-constrained wp-container-core-group-is-layout-§ wp-block-group-is-layout-constrained" style="padding-top:var(--wp--preset--spacing--50);padding-bottom:var(--wp--preset--spacing--50)"><div class="wp-block-group alignwide is-layout-flow wp-block-group-is-layout-flow">%s</div></div>\n',
    row='<div class="wp-block-columns alignwide is-layout-flex wp-container-core-columns-is-layout-§ wp-block-columns-is-layout-flex">\n%s</div>\n',
    column='<div class="wp-block-column is-layout-flow wp-block-column-is-layout-flow">%s</div>\n',
    module='<div class="wp-block-group is-style-%(kind)s is-vertical is-layout-flex wp-container-core-group-is-layout-§ wp-block-group-is-layout-flex">%(inner)s</div>\n',
    title='<h3 class="wp-block-heading has-text-align-center has-large-font-size">%s</h3>\n',
    text='<p class="has-text-align-center has-small-font-size">%s</p>\n',
    picture='<figure class="wp-block-image aligncenter size-medium"><img class="wp-image-§" %(attributes)s></figure>\n',
    button='<div class="wp-block-buttons is-layout-flex"><div class="wp-block-button is-style-outline"><a class="wp-block-button__link wp-element-button" href="%(href)s">%(label)s</a></div></div>\n',
    items='<ul class="wp-block-list is-style-no-disc">%s</ul>\n',
    form='<div class="wp-block-contact-form"><form action="#wpcf-§" method="post" class="wpcf7-form init" novalidate="novalidate"><div style="display: none;"><input type="hidden" name="_wpcf7" value="§" /><input type="hidden" name="_wpcf7_locale" value="en_US" /></div>%s</form></div>\n',
    field='<p>%(label)s<br /><span class="wpcf7-form-control-wrap" data-name="your-§">%(control)s</span></p>\n',
    menu='<ul class="wp-block-navigation__container wp-block-navigation is-responsive">%s</ul>\n',
    entry='<li class="wp-block-navigation-item wp-block-navigation-link"><a class="wp-block-navigation-item__content" href="%(href)s"><span class="wp-block-navigation-item__label">%(label)s</span></a></li>\n',
    folder='<li data-wp-context=\'{"submenuOpenedBy":{"click":false}}\' data-wp-interactive="core/navigation" class="wp-block-navigation-item has-child open-on-hover-click wp-block-navigation-submenu"><a class="wp-block-navigation-item__content" href="%(href)s"><span class="wp-block-navigation-item__label">%(label)s</span></a>'
    f'<button aria-label="submenu" class="wp-block-navigation__submenu-icon" aria-expanded="false">{svg_icon("chevron")}</button><ul class="wp-block-navigation__submenu-container wp-block-navigation-submenu">%(inner)s</ul></li>\n',
    card='<li class="wp-block-post post-§ post type-post status-publish format-standard has-post-thumbnail hentry"><div class="wp-block-group is-layout-flow wp-block-group-is-layout-flow"><a href="%(href)s" target="_self">%(picture)s</a><div class="wp-block-group is-layout-constrained"><h3 class="wp-block-post-title has-medium-font-size"><a href="%(href)s" target="_self">%(label)s</a></h3>'
    '<div class="wp-block-post-excerpt has-small-font-size"><p class="wp-block-post-excerpt__excerpt">%(excerpt)s</p></div><div class="wp-block-group is-layout-flex"><div class="wp-block-post-date"><time>%(day)s</time></div><div class="taxonomy-category wp-block-post-terms"><span>Treatment</span></div></div></div></div></li>\n',
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
            _main(view, frame),
            frame.bottom,
        )
    )


def _main(view: View, frame: Frame) -> str:
    content = view.content
    text = (
        f'<h1 class="wp-block-post-title has-x-large-font-size">{escape(content.title)}</h1>{_meta(view)}<figure class="wp-block-post-featured-image">{widgets.picture(view, len(content.title))}</figure>\n'
        f'<div class="entry-content alignfull wp-block-post-content has-global-padding is-layout-constrained">\n{_body(view)}{teasers(view)}</div>\n'
    )
    if _has_sidebar(view):
        text = (
            '<div class="wp-block-columns alignwide is-layout-flex wp-container-core-columns-is-layout-1"><div class="wp-block-column is-layout-flow" style="flex-basis:70%"><div class="wp-block-group is-layout-constrained">'
            f'{text}{_after(view)}</div></div><div class="wp-block-column is-layout-flow" style="flex-basis:30%"><aside class="wp-block-template-part">{frame.sidebar}</aside></div></div>\n'
        )
    return (
        f'<main class="wp-block-group is-layout-flow build-{view.build}" id="wp--skip-link--target"><div class="wp-block-group has-global-padding '
        f'is-layout-constrained">{widgets.crumbs(view, "wpb")}{text}</div>\n{choose_sections(view, frame)}</main>\n'
    )


def _has_sidebar(view: View) -> bool:
    """Choose the template: lists have a sidebar, most posts, and few of the other pages."""
    share = 0.8 if view.page.is_post() else 0.15
    return bool(view.teasers) or view.scene.site.dice("sidebar", view.page.text_key or view.page.path).chance(share)


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
        return ""
    author = escape(view.content.author)
    return (
        f'{widgets.share_bar(view, "jetpack")}<div class="wp-block-group is-layout-flex post-author-box"><div class="wp-block-avatar"><img alt="" src="/media/face-150x150.jpg" srcset="/media/face-300x300.jpg 2x" class="avatar avatar-70 photo wp-block-avatar__image" height="70" width="70" loading="lazy" decoding="async"></div><div class="wp-block-group is-vertical is-layout-flex"><p class="wp-block-post-author-name"><a href="#" class="wp-block-post-author-name__link">{author}</a></p><div class="wp-block-post-author-biography">{author} writes for {escape(view.scene.site.name)}.</div></div></div><nav class="wp-block-group post-navigation" aria-label="Post navigation"><div class="post-navigation-link-previous wp-block-post-navigation-link">'
        f'<span class="label">Previous: </span>{"".join(map(anchor, view.related[:1]))}</div><div class="post-navigation-link-next wp-block-post-navigation-link"><span class="label">Next: </span>{"".join(map(anchor, view.related[1:2]))}</div></nav>'
        f'{widgets.comments(view, "wp-comment")}<div class="wp-block-query"><h2 class="wp-block-heading">More posts</h2>'
        f'<ul class="wp-block-post-template is-layout-grid columns-3">{related_cards(view, _SKIN)}</ul></div>\n'
    )


@lru_cache(maxsize=40)
def _frame(scene: Scene) -> Frame:
    name, base = escape(scene.site.name), scene.base
    presets = ";".join(f"--wp--preset--color--{number}: #{number * 7919 % 0xFFFFFF:06x}" for number in range(220))
    menu = _SKIN.tree(menu_entries(scene))
    overlay = (
        f'<button aria-haspopup="dialog" aria-label="Open menu" class="wp-block-navigation__responsive-container-open">{svg_icon("menu")}</button><div class="wp-block-navigation__responsive-container" id="modal-§"><div class="wp-block-navigation__responsive-close" tabindex="-1"><div class="wp-block-navigation__responsive-dialog">'
        f'<button aria-label="Close menu" class="wp-block-navigation__responsive-container-close">{svg_icon("close")}</button><div class="wp-block-navigation__responsive-container-content">{menu}</div></div></div></div>'
    )
    frame = Frame(
        start='<!DOCTYPE html>\n<html lang="en-US">\n<head>\n\t<meta charset="UTF-8" />\n\t<meta name="viewport" content="width=device-width, initial-scale=1" />\n',
        head=f'<style id="global-styles-inline-css">body{{{presets}}}{styles("is-style", 6000)}</style>\n<style id="wp-block-navigation-inline-css">'
        f'{styles("wp-block-navigation", 4000)}</style>\n<script type="importmap" id="wp-importmap">{{"imports":{{"@wordpress/interactivity":"/wp-includes/js/dist/interactivity.min.js"}}}}</script>\n'
        f'<meta name="generator" content="WordPress 6.5.2" />\n{widgets.nonce(scene)}',
        top=f'<body class="page-template-default page wp-embed-responsive">\n<div class="wp-site-blocks"><header class="wp-block-template-part">{bar(scene)}<div class="wp-block-group alignwide is-content-justification-space-between is-layout-flex">'
        f'<div class="wp-block-group is-layout-flex"><div class="wp-block-site-logo"><a href="{base}/" class="custom-logo-link" rel="home">{_SKIN.image("logo", scene.site.name)}</a></div><p class="wp-block-site-title"><a href="{base}" rel="home">{name}</a></p></div><nav class="is-responsive items-justified-right wp-block-navigation" aria-label="Navigation">'
        f'{menu}</nav><nav class="wp-block-navigation is-mobile" aria-label="Mobile">{overlay}</nav></div></header>\n',
        bottom=f'<footer class="wp-block-template-part">{footer(scene, _SKIN)}<p>Designed with <a href="https://wordpress.org" rel="nofollow">WordPress</a></p></footer></div>\n'
        f'{popup(scene, _SKIN)}{consent(scene, "cmplz")}<script id="wp-block-template-skip-link-js-after">{scripts("wpb", 7000)}</script>\n</body>\n</html>\n',
    )
    return build_frame(frame, scene, _SKIN)
