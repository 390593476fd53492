"""What frames every page of a site: menus, bars, sidebars, footers, dialogs."""

# ruff: noqa: E501 - markup reads best in the long lines in which platforms send it

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from demo.articles import POSTS_A_PAGE
from demo.chrome import widgets
from demo.chrome.padding import svg_icon
from demo.chrome.sections import closing_sections, hours, recent_posts, say, say_pairs, social
from demo.chrome.skin import Entry
from demo.persona import site_slots
from demo.view import Link
from pipelines.model.page_types import PageType

if TYPE_CHECKING:
    from demo.chrome.skin import Skin
    from demo.view import Scene

__all__ = ["bar", "consent", "footer", "menu_entries", "popup", "sidebar"]

_MENU_SIZE = 26


def menu_entries(scene: Scene) -> list[Entry]:
    """Plan the menu: home, services and conditions with the parts of their pages below, posts, the rest."""
    parents = [*scene.services, *scene.conditions]
    deep = 0 if not parents else max(0, min(4, (_MENU_SIZE - len(parents)) // len(parents)))
    folders = [
        ("Treatments", tuple(_with_parts(scene, link, deep) for link in scene.services)),
        ("Who We Help", tuple(_with_parts(scene, link, deep) for link in scene.conditions)),
        ("Locations", tuple(map(Entry, scene.towns))),
        ("About", tuple(map(Entry, scene.small))),
        ("Resources", tuple(Entry(Link(scene.href(post), post.label)) for post in scene.posts[:5])),
    ]
    shown = [Entry(Link("#", label), below) for label, below in folders if below]
    home = "home" if scene.site.platform == "handmade" and "home-redirect" in scene.site.has else ""
    return [Entry(Link(f"{scene.base}/{home}", "Home")), *shown, *map(Entry, scene.main)]


def _with_parts(scene: Scene, link: Link, number: int) -> Entry:
    """Put links to the parts of a page below it, as menus of small sites do to look larger."""
    parts = say_pairs(scene, "submenu", number)
    return Entry(link, tuple(Entry(Link(f"{link.href}#{anchor}", label)) for anchor, label in parts))


def bar(scene: Scene) -> str:
    """Put phone, mail and networks above the header."""
    phone, dice = site_slots(scene.site)["phone"], scene.site.dice("bar")
    return (
        f'<div class="top-bar"><div class="top-bar-inner"><div class="top-bar-left"><span class="bar-line">{say(scene, "barline", dice)}</span></div><ul class="top-bar-contact"><li><a href="tel:{phone}">{svg_icon("phone")}<span>{phone}</span></a></li>'
        f'<li><a href="mailto:office@{scene.site.host}">{svg_icon("mail")}<span>Email us</span></a></li><li><a href="https://portal.invalid/{scene.site.host}" rel="nofollow">{svg_icon("user")}<span>Patient Portal</span></a></li></ul>{social(scene, 5)}</div></div>\n'
    )


def footer(scene: Scene, skin: Skin) -> str:
    """Set what every page ends with: some sections, four or five columns, and the line below them."""
    dice, site = scene.site.dice("footer"), scene.site
    columns = [
        (
            site.name,
            f"{skin.text % say(scene, 'mission', dice)}{skin.text % widgets.address(scene)}{social(scene, dice.between(3, 6))}",
        ),
        ("Treatments", skin.listing(map(widgets.anchor, (*scene.services, *scene.conditions)))),
        ("Explore", skin.listing(map(widgets.anchor, (*scene.small, *scene.main))) + widgets.old_links(scene)),
        ("Areas We Serve", skin.listing(map(widgets.anchor, scene.towns)) if scene.towns else ""),
        ("Recent Posts", skin.listing(recent_posts(scene, 4))),
        ("Opening Hours", hours(scene, skin)),
    ]
    shown = (
        skin.part("footer", skin.title % escape(title) + inner)
        for title, inner in columns
        if "<a" in inner + title or "<table" in inner
    )
    fine = say(scene, "fineprint", dice)
    last = (
        skin.text % f"{widgets.copyright_line(scene)} {widgets.counter(scene)}" + skin.text % f"<small>{fine}</small>"
    )
    return "".join(
        (
            closing_sections(scene, skin),
            skin.section % (skin.row % "".join(skin.column % column for column in shown)),
            skin.section % (skin.row % (skin.column % skin.part("legal", last))),
        )
    )


def sidebar(scene: Scene, skin: Skin) -> str:
    """Fill a sidebar: search, posts, categories, months, tags, an offer to call."""
    search = f'<form role="search" method="get" class="search-form" action="{scene.base}/"><label><span class="screen-reader-text">Search for:</span><input type="search" class="search-field" placeholder="Search …" name="s" /></label><button type="submit">{svg_icon("search")}</button></form>'
    parts = (
        ("", search),
        ("Recent Posts", skin.listing(recent_posts(scene, 5))),
        ("Categories", skin.listing(_categories(scene))),
        ("Archives", skin.listing(_months(scene))),
        ("Topics", _cloud(scene)),
        ("Opening Hours", hours(scene, skin)),
        ("", widgets.call_to_action(scene) + f"<p>{widgets.counter(scene)}</p>"),
    )
    return "".join(
        skin.part("widget", (skin.title % title if title else "") + inner) for title, inner in parts if inner
    )


def _categories(scene: Scene) -> list[str]:
    links = [link for link in scene.small if link.label.startswith(("Category", "Tag"))]
    number = len(scene.posts)
    return [
        f"{widgets.anchor(Link(link.href, link.label.split(': ')[-1].title()))} ({max(1, number // place)})"
        for place, link in enumerate([*links, *scene.main[-1:], *scene.conditions], 1)
    ]


def _months(scene: Scene) -> list[str]:
    """Link each month to the list page on which its posts begin."""
    lists = {page.subject: scene.href(page) for page in scene.pages if page.kind is PageType.ARCHIVE}
    months = []
    for label, posts in groupby(enumerate(scene.posts), lambda item: f"{scene.posted(item[1]):%B %Y}"):
        place = next(posts)[0] // POSTS_A_PAGE + 1
        months.append((label, lists.get(str(place), lists.get("1", f"{scene.base}/"))))
        if len(months) == 9:
            break
    return [f'<a href="{escape(href)}">{label}</a>' for label, href in months]


def _cloud(scene: Scene) -> str:
    """Show the topics as tags of different sizes."""
    dice = scene.site.dice("cloud")
    tags = "".join(
        f'<a href="{escape(link.href)}" class="tag-cloud-link tag-link-{number}" style="font-size: {dice.between(8, 22)}pt;" aria-label="{escape(link.label)} ({dice.between(1, 20)} items)">{escape(link.label.split(": ")[-1])}</a>'
        for number, link in enumerate((*scene.conditions, *scene.services, *scene.small)[:14])
    )
    return f'<div class="tagcloud">{tags}</div>'


def consent(scene: Scene, prefix: str) -> str:
    """Ask for consent to cookies: a bar, and a dialog with a switch for each kind."""
    kinds = "".join(
        f'<div class="{prefix}-category"><div class="{prefix}-category-head"><button class="{prefix}-toggle" aria-expanded="false"><span>{title}</span>{svg_icon("down")}</button><label class="{prefix}-switch"><input type="checkbox" id="{prefix}-{title.lower()}"{" checked disabled" if title == "Necessary" else ""}>'
        f'<span class="{prefix}-slider"></span><span class="screen-reader-text">{title}</span></label></div><div class="{prefix}-category-body" style="display:none"><p>{text}</p><table><thead><tr><th>Cookie</th><th>Duration</th></tr></thead><tbody><tr><td>_{title[:3].lower()}</td><td>1 year</td></tr></tbody></table></div></div>\n'
        for title, text in say_pairs(scene, "cookiekind", 4)
    )
    buttons = "".join(
        f'<button type="button" class="{prefix}-btn {prefix}-{name}"><span>{label}</span></button>'
        for name, label in (("accept", "Accept All"), ("reject", "Reject All"), ("save", "Save Preferences"))
    )
    text = say(scene, "cookies", scene.site.dice("cookies"))
    return (
        f'<div id="{prefix}-cookie-notice" role="dialog" class="{prefix}-cookie" aria-label="Cookie Notice"><div class="{prefix}-cookie-in"><p class="{prefix}-title">We value your privacy</p><div class="{prefix}-text"><span>{text}</span></div>{buttons}</div></div>\n'
        f'<div class="{prefix}-modal" role="dialog" aria-hidden="true" style="display:none"><div class="{prefix}-modal-in"><div class="{prefix}-modal-head"><span>Privacy preferences</span><button aria-label="Close">{svg_icon("close")}</button></div>{kinds}<div class="{prefix}-modal-foot">{buttons}</div></div></div>\n'
    )


def popup(scene: Scene, skin: Skin) -> str:
    """Pop up and ask for an address."""
    text = say(scene, "subscribe", scene.site.dice("subscribe"))
    fields = "".join(
        skin.control(label, f'<input id="f-§" type="{kind}" placeholder="{label}" />')
        for label, kind in (("First name", "text"), ("Last name", "text"), ("Email address", "email"))
    )
    groups = "".join(
        f'<li><input type="checkbox" id="group-§" value="{number}"><label>{label}</label></li>'
        for number, label in enumerate(("Clinic news", "Wellness tips", "Offers"))
    )
    filled = skin.form % f"{fields}<ul>{groups}</ul><button type=submit><span>Sign me up!</span></button>"
    return (
        f'<div class="{skin.name}-popup" style="display:none" aria-hidden="true" role="dialog"><div class="{skin.name}-popup-in"><h3>Stay in the loop</h3><p>{text}</p>'
        f'{filled}<div class="response" style="display:none"></div><button class="close" aria-label="Close">{svg_icon("close")}</button></div></div>\n'
    )
