"""The sections that clinics repeat on page after page: testimonials, team, hours, places, logos, steps, figures, posts, a form."""

# ruff: noqa: E501 - markup reads best in the long lines in which platforms send it

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from demo.bank import load_bank
from demo.chrome.padding import svg_icon
from demo.clock import say_date
from demo.grammar import expand
from demo.persona import authors, site_slots
from demo.writing import write_description

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from demo.chrome.skin import Skin
    from demo.grammar import Dice
    from demo.page import Page
    from demo.view import Scene

    Maker = Callable[[Scene, Skin], str]

__all__ = [
    "closing_sections",
    "form",
    "hours",
    "page_sections",
    "post_card",
    "recent_posts",
    "say",
    "say_pairs",
    "slides",
    "social",
]

#: How many sections stand above the footer of every page.
_CLOSING = 2
_NETWORKS = ("facebook", "instagram", "youtube", "linkedin", "x", "tiktok", "pinterest", "yelp")


def say(scene: Scene, name: str, dice: Dice) -> str:
    """Say one line of the chrome in a site's own words."""
    bank = load_bank()
    return expand(dice.pick(bank.lines("chrome", name)), dice, site_slots(scene.site), bank.phrases)


def say_pairs(scene: Scene, name: str, number: int) -> list[list[str]]:
    """Say some lines that have two parts, title and text; the same ones on all pages of a site."""
    bank, dice = load_bank(), scene.site.dice("chrome", name)
    return [_say_pair(scene, template, dice) for template in dice.some(bank.lines("chrome", name), number)]


def _say_pair(scene: Scene, template: str, dice: Dice) -> list[str]:
    """Say both parts; the bar between them is the one outside of the brackets."""
    phrases, slots = load_bank().phrases, site_slots(scene.site)
    depth, cut = 0, len(template)
    for place, letter in enumerate(template):
        depth += (letter == "[") - (letter == "]")
        if letter == "|" and not depth:
            cut = place
            break
    return [expand(part, dice, slots, phrases) for part in (template[:cut], template[cut + 1 :]) if part]


def page_sections(scene: Scene, skin: Skin) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Make what pages may have below their text: sections of few words, and those of many that the footer has not."""
    quiet: tuple[Maker, ...] = (opening, insurers, figures, contact, gallery)
    return _make(scene, skin, quiet), _make(scene, skin, _talking(scene)[_CLOSING:])


def closing_sections(scene: Scene, skin: Skin) -> str:
    """Make what a site repeats on all pages above its footer, as part of the footer's template."""
    return "".join(_make(scene, skin, _talking(scene)[:_CLOSING]))


def _make(scene: Scene, skin: Skin, makers: Iterable[Maker]) -> tuple[str, ...]:
    return tuple(filter(None, (make(scene, skin) for make in makers)))


def _talking(scene: Scene) -> list[Maker]:
    """Order the sections with many words as a site likes them."""
    makers: tuple[Maker, ...] = (testimonials, team, blurbs, steps, latest)
    return scene.site.dice("sections").some(makers, len(makers))


def slides(scene: Scene, skin: Skin, number: int) -> list[str]:
    """Quote patients, others at each tick where a site has noise."""
    bank, site = load_bank(), scene.site
    dice = site.dice("carousel", scene.tick if "noise" in site.has else 0)
    stars = f'<div class="{skin.name}-stars" role="img" aria-label="5 out of 5">{svg_icon("star") * 5}</div>'
    return [
        skin.part(
            "testimonial",
            stars
            + skin.text % f"“{expand(text, dice, site_slots(site), bank.phrases)}”"
            + f'<div class="{skin.name}-reviewer"><span class="name">{dice.pick(bank.lines("people", "first"))} {"ABCDEFGH"[dice.below(8)]}.</span> <span class="source">{svg_icon("google")} {dice.between(2, 11)} months ago</span></div>',
        )
        for text in dice.some(bank.lines("people", "testimonial"), number)
    ]


def testimonials(scene: Scene, skin: Skin) -> str:
    """Turn the testimonials, with dots and arrows."""
    shown = slides(scene, skin, scene.site.dice("slides").between(4, 7))
    dots = "".join(
        f'<button class="dot" role="tab" aria-label="Slide {number}"><span></span></button>'
        for number in range(1, len(shown) + 1)
    )
    arrows = f'<div class="{skin.name}-arrows"><button aria-label="Previous">{svg_icon("left")}</button>{dots}<button aria-label="Next">{svg_icon("right")}</button></div>'
    return skin.block("What our patients say", (*shown, arrows))


def team(scene: Scene, skin: Skin) -> str:
    """Show who works here."""
    dice = scene.site.dice("team")
    doctor = site_slots(scene.site)["doctor"]
    names = (doctor, *(name for name in authors(scene.site) if name not in doctor))
    return skin.block(
        dice.pick(("Meet the team", "Our people", "Who will look after you")),
        (
            skin.part(
                "team-member",
                f"{skin.image(f'team-{number}', name)}{skin.title % escape(name)}{skin.text % say(scene, 'role', dice)}{skin.text % say(scene, 'bio', dice)}{social(scene, 2)}",
            )
            for number, name in enumerate(names)
        ),
    )


def opening(scene: Scene, skin: Skin) -> str:
    """Say where and when."""
    slots, site = site_slots(scene.site), scene.site
    place = f"{slots['number']} {slots['street']}, {site.city}, {site.state} {slots['zip']}"
    search = f"https://www.google.com/maps/search/?api=1&amp;query={place.replace(' ', '+')}"
    return skin.block(
        "Visit us",
        (
            skin.part(
                "map",
                f'<iframe loading="lazy" title="Map" src="{search}"></iframe>{skin.link(search.replace("&amp;", "&"), "Get directions")}',
            ),
            skin.part(
                "address",
                skin.listing(
                    (
                        f"{svg_icon('pin')} <span>{place}</span>",
                        f'{svg_icon("phone")} <a href="tel:{slots["phone"]}">{slots["phone"]}</a>',
                        f'{svg_icon("mail")} <a href="mailto:office@{site.host}">office@{site.host}</a>',
                    )
                ),
            ),
            skin.part("hours", hours(scene, skin)),
        ),
    )


def hours(scene: Scene, skin: Skin) -> str:
    """List the hours of the week."""
    dice = scene.site.dice("hours")
    start, end, late = dice.between(8, 9), dice.between(4, 6), dice.below(5)
    open_at = [f"{start}:30 AM – {end + (number == late)}:00 PM" for number in range(5)]
    days = zip(load_bank().lines("chrome", "weekday"), (*open_at, "By appointment", "Closed"), strict=True)
    return skin.week % "".join(skin.day % {"day": day, "time": time} for day, time in days)


def insurers(scene: Scene, skin: Skin) -> str:
    """Show the logos of plans."""
    dice = scene.site.dice("insurers")
    names = dice.some(load_bank().lines("chrome", "insurer"), dice.between(6, 10))
    return skin.block(
        dice.pick(("Plans we work with", "Insurance we accept", "In network with")),
        (skin.part("image", skin.image(f"plan-{number}", f"{name} logo")) for number, name in enumerate(names)),
    )


def blurbs(scene: Scene, skin: Skin) -> str:
    """Praise the house in a few boxes with icons."""
    return skin.block(
        f"Why {escape(scene.site.name)}",
        (
            skin.part(
                "blurb",
                f'<span class="icon-wrap">{svg_icon(title.split()[0].lower())}</span>{skin.title % title}{skin.text % text}',
            )
            for title, text in say_pairs(scene, "blurb", 6)
        ),
    )


def steps(scene: Scene, skin: Skin) -> str:
    """Say in steps how to begin."""
    return skin.block(
        "How to begin",
        (
            skin.part(
                "step", f'<div class="step-number"><span>{number}</span></div>{skin.title % title}{skin.text % text}'
            )
            for number, (title, text) in enumerate(say_pairs(scene, "step", 4), 1)
        ),
    )


def figures(scene: Scene, skin: Skin) -> str:
    """Count up to large numbers."""
    dice = scene.site.dice("figures")
    labels = dice.some(load_bank().lines("chrome", "stat"), 4)
    return skin.block(
        "In numbers",
        (
            skin.part(
                "counter",
                f'<div class="counter"><span class="prefix"></span><span class="number" data-to-value="{dice.between(4, 9000)}" data-duration="2000">0</span><span class="suffix">+</span></div><div class="counter-title">{expand(label, dice, {}, {})}</div>',
            )
            for label in labels
        ),
    )


def latest(scene: Scene, skin: Skin) -> str:
    """Show the newest posts as cards."""
    posts = scene.posts[:3]
    return skin.block("From our blog", (post_card(scene, skin, post) for post in posts)) if posts else ""


def post_card(scene: Scene, skin: Skin, post: Page) -> str:
    """Show one post: picture, day, title, and what its description says."""
    return skin.card % {
        "picture": skin.image(f"post-{len(post.path) * 31 % 97}"),
        "href": escape(scene.href(post)),
        "label": escape(post.label, quote=False),
        "day": say_date(scene.posted(post)),
        "excerpt": escape(write_description(scene.site, post, scene.tick), quote=False),
    }


def recent_posts(scene: Scene, number: int) -> list[str]:
    """List the newest posts with their days."""
    return [
        f'<a href="{escape(scene.href(post))}">{escape(post.label, quote=False)}</a> <span class="post-date">{say_date(scene.posted(post))}</span>'
        for post in scene.posts[:number]
    ]


def contact(scene: Scene, skin: Skin) -> str:
    """Ask for a message."""
    slots = site_slots(scene.site)
    facts = skin.text % f'Call us at <a href="tel:{slots["phone"]}">{slots["phone"]}</a>'
    return skin.block(
        "Send us a message", (skin.part("contact", facts + social(scene, 4)), skin.part("form", form(scene, skin)))
    )


def form(scene: Scene, skin: Skin) -> str:
    """Write a contact form as the common form plugins do."""
    kinds = (("First name", "text"), ("Last name", "text"), ("Email", "email"), ("Phone", "tel"), ("Zip code", "text"))
    inputs = "".join(
        skin.control(
            f'{label} <span class="required">*</span>',
            f'<input id="f-§" type="{kind}" name="{label.lower()}" aria-required="true" />',
        )
        for label, kind in kinds
    )
    choices = [link.label for link in (*scene.services, *scene.conditions)][:7] or ["General question"]
    options = "".join(f'<option value="{number}">{escape(choice)}</option>' for number, choice in enumerate(choices))
    picked = skin.control("I am interested in", f'<select id="f-§"><option value="">Choose</option>{options}</select>')
    times = "".join(
        f'<span class="choice"><input type="checkbox" id="t-§" value="{time}"><label>{time}</label></span>'
        for time in ("Morning", "Midday", "Afternoon", "Evening")
    )
    message = skin.control("Message", '<textarea id="f-§" rows="6"></textarea>')
    note = skin.text % f"<small>{say(scene, 'formnote', scene.site.dice('formnote'))}</small>"
    end = f'{note}<div class="form-footer"><input type="hidden" name="token" value="§"><button type="submit" class="submit"><span>Send</span></button></div><div class="form-message" style="display:none"></div>'
    return skin.form % f"{inputs}{picked}{skin.control('Best time to call', times)}{message}{end}"


def gallery(scene: Scene, skin: Skin) -> str:
    """Show the rooms."""
    rooms = ("reception", "treatment room", "", f"{scene.site.city} office", "garden view", "IMG_3320", "waiting area")
    shown = enumerate(scene.site.dice("gallery").some(rooms, 6))
    return skin.block(
        "Take a look inside",
        (
            skin.part("gallery-item", f'<a href="/media/room-{number}.jpg">{skin.image(f"room-{number}", alt)}</a>')
            for number, alt in shown
        ),
    )


def social(scene: Scene, number: int) -> str:
    """Link to the site's pages elsewhere; no such page is ever fetched."""
    handle = scene.site.host.replace(".", "-")
    items = "".join(
        f'<li class="social-item"><a class="social-icon social-icon-{name}" href="https://www.{name}.com/{handle}" target="_blank" rel="noopener nofollow"><span class="screen-reader-text">{name.title()}</span>{svg_icon(name)}</a></li>'
        for name in scene.site.dice("social").some(_NETWORKS, number)
    )
    return f'<ul class="social-links">{items}</ul>'
