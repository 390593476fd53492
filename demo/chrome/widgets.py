"""What themes and plugins put around a text: sharing, comments, banners, carousels, pop-ups, addresses."""

# ruff: noqa: E501 - markup reads best in the long lines in which platforms send it

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from demo.bank import load_bank
from demo.chrome.markup import anchor
from demo.chrome.padding import svg_icon
from demo.clock import say_date
from demo.grammar import expand
from demo.persona import site_slots

if TYPE_CHECKING:
    from demo.view import Scene, View

__all__ = [
    "address",
    "anchor",
    "call_to_action",
    "comment_form",
    "comments",
    "copyright_line",
    "counter",
    "crumbs",
    "nonce",
    "old_links",
    "picture",
    "print_link",
    "share_bar",
]

_SHARE = ("Share Now :", "Share this post", "Spread the word", "Share:", "Pass it on", "Like this? Tell a friend:")
_NETWORKS = ("Facebook", "Twitter", "LinkedIn", "Pinterest", "WhatsApp", "Email", "Print")


def share_bar(view: View, prefix: str) -> str:
    """Offer to share, in a wording and an order of networks that each site chooses."""
    dice = view.scene.site.dice("share")
    label, networks = dice.pick(_SHARE), dice.some(_NETWORKS, dice.between(3, 6))
    links = "".join(
        f'<li class="{prefix}-share-item {prefix}-share-{name.lower()}"><a rel="nofollow noopener" target="_blank" '
        f'href="https://share.invalid/{name.lower()}?u={escape(view.url)}" aria-label="Share on {name}"><span class="{prefix}-icon">{svg_icon(name.lower())}</span><span>{name}</span></a></li>'
        for name in networks
    )
    return f'<div class="{prefix}-share-wrap"><h4 class="{prefix}-share-title">{label}</h4><ul class="{prefix}-share">{links}</ul></div>\n'


def comments(view: View, prefix: str = "comment") -> str:
    """Show what readers wrote below a post, on sites that allow it."""
    if not view.page.is_post() or "comments" not in view.scene.site.has:
        return ""
    dice, bank = view.scene.site.dice("comments", view.page.path), load_bank()
    items = "".join(
        f'<li id="{prefix}-{number}" class="{prefix} even thread-even depth-1"><article class="{prefix}-body"><footer class="{prefix}-meta">'
        f'<div class="{prefix}-author vcard"><img alt="" src="/media/avatar-{number}.png" srcset="/media/avatar-{number}-2x.png 2x" class="avatar avatar-60 photo" height="60" width="60" loading="lazy" decoding="async"/> <b class="fn">{dice.pick(bank.lines("people", "first"))}</b> <span class="says">says:</span></div>'
        f'<div class="{prefix}-metadata"><a href="#{prefix}-{number}"><time datetime="{view.content.published.isoformat()}">{say_date(view.content.published)} at 7:1{number} pm</time></a></div>'
        f'</footer><div class="{prefix}-content"><p>{expand(template, dice, {}, bank.phrases)}</p></div>'
        f'<div class="reply"><a rel="nofollow" class="{prefix}-reply-link" href="#respond">Reply</a></div></article></li>\n'
        for number, template in enumerate(dice.some(bank.lines("people", "comment"), dice.below(8)), 1)
    )
    said = "Comments" if items else "0 Comments"
    title = f'<h2 class="comments-title">{said}</h2><ol class="{prefix}-list">{items}</ol>'
    return f'<div id="comments" class="comments-area">{title}{comment_form()}</div>\n'


def comment_form() -> str:
    """Ask for a comment."""
    return (
        '<div id="respond" class="comment-respond"><h3 id="reply-title" class="comment-reply-title">Leave a Reply '
        '<small><a rel="nofollow" id="cancel-comment-reply-link" href="#respond" style="display:none;">Cancel reply</a></small></h3>'
        '<form action="/wp-comments-post.php" method="post" class="comment-form"><p class="comment-notes"><span>Your email address will '
        'not be published.</span> <span class="required-field-message">Required fields are marked <span class="required">*</span></span></p>'
        '<p><label for="comment">Comment</label> <textarea id="comment" name="comment" cols="45" rows="8"></textarea></p>'
        '<p class="comment-form-author"><label for="author">Name <span class="required">*</span></label> <input id="author" name="author" type="text" size="30" maxlength="245" /></p>'
        '<p class="comment-form-email"><label for="email">Email <span class="required">*</span></label> <input id="email" name="email" type="email" size="30" /></p>'
        '<p class="comment-form-url"><label for="url">Website</label> <input id="url" name="url" type="url" size="30" /></p>'
        '<p><input type="checkbox" id="cookies-consent" /> <label for="cookies-consent">Save my name, email, and website in this browser '
        'for the next time I comment.</label></p><p><input name="submit" type="submit" value="Post Comment" /></p></form></div>'
    )


def second_title(view: View) -> str:
    """Say the headline once more above the text, as posts that were pasted from a document do."""
    return (
        f"<h2>{escape(view.content.title)}</h2>\n"
        if "double-title" in view.scene.site.has and view.page.is_post()
        else ""
    )


def address(scene: Scene) -> str:
    """Give name, street and phone; at a rewrite of the footer the suite and the hours change."""
    slots, site = site_slots(scene.site), scene.site
    suite = f"Suite {100 + 20 * scene.footers}"
    return (
        f"<strong>{escape(site.name)}</strong><br />{slots['number']} {slots['street']}, {suite}<br />{site.city}, {site.state} "
        f'{slots["zip"]}<br /><a href="tel:{slots["phone"]}">{slots["phone"]}</a>'
    )


def copyright_line(scene: Scene) -> str:
    """Close the footer, with the year of the tick."""
    since = site_slots(scene.site)["year"]
    extra = ("", " | Now open Saturdays", " | Voted best of the city", " | New night line")[min(scene.footers, 3)]
    return f"© {since}–{scene.year} {escape(scene.site.name)}. All Rights Reserved.{extra}"


def call_to_action(scene: Scene) -> str:
    """Say what a site repeats between its paragraphs, in words of its own."""
    dice = scene.site.dice("cta")
    lead = dice.pick(
        (
            "Ready to feel like yourself again?",
            "Take the first step today.",
            "You do not have to do this alone.",
            "See if you qualify",
        )
    )
    button = dice.pick(
        ("Book a consultation", "Request an appointment", "Call us now", "Start here", "Check availability")
    )
    return f'<h3>{lead}</h3><a class="button" role="button" href="tel:{site_slots(scene.site)["phone"]}"><span>{button}</span></a>'


def picture(view: View, number: int, kind: str = "") -> str:
    """Show one of a site's pictures; the alternative text is all that a reader without pictures has."""
    alt = (
        "calm treatment room with recliner",
        "therapist and patient talking",
        "",
        "IMG_2041",
        f"{view.scene.site.city} skyline",
    )[number % 5]
    return f'<img decoding="async" loading="lazy" width="1024" height="683" {kind} src="/media/photo-{number}.jpg" alt="{alt}" />'


def crumbs(view: View, prefix: str) -> str:
    """Show the way from the home page."""
    return (
        f'<nav class="{prefix}-breadcrumbs" aria-label="Breadcrumb"><span><a href="{view.scene.base}/">Home</a></span> » '
        f'<span class="breadcrumb_last" aria-current="page">{escape(view.content.title)}</span></nav>\n'
    )


def nonce(scene: Scene) -> str:
    """Say what differs at each request: a nonce and the day, which the answer fills in."""
    return (
        '<script>var site_ajax={"nonce":"@@nonce@@","today":"@@today@@"};</script>\n'
        if "noise" in scene.site.has
        else ""
    )


def counter(scene: Scene) -> str:
    """Count visitors, as sites once did."""
    return "You are visitor number @@visitors@@." if scene.site.has & {"visitors", "noise"} else ""


def old_links(scene: Scene) -> str:
    """Keep links that are dead or lead elsewhere, as every footer does."""
    base = scene.base
    return (
        f'<a href="{base}/spring-open-house-2019/">Open house</a> <a href="{base}/promo-2020/">Offer</a> '
        f'<a href="{base}/start/">Start here</a>{_endless(scene)}'
    )


def _endless(scene: Scene) -> str:
    """Lead into the traps of the sites that have one."""
    has = scene.site.has
    events = f' <a href="{scene.base}/events">Events calendar</a>' if "calendar" in has else ""
    return events + (f' <a href="{scene.base}/find-a-time/">Find a time</a>' if "sessions" in has else "")


def print_link(view: View) -> str:
    """Offer a page to print, where a site has such pages."""
    if "print" not in view.scene.site.has or not view.page.is_post():
        return ""
    return f'<a class="print-link" rel="nofollow" href="{view.scene.base}/print{view.url.removeprefix(view.scene.base)}">Print</a>\n'
