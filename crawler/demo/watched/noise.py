"""What pages say differently by themselves: kinds of noise, each a function of site, page, tick and request.

``FIRST`` are the kinds that the rules were made with, ``SECOND`` were written after the rules were done.
"""

# ruff: noqa: E501 - markup reads best in the long lines in which platforms send it

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.demo.clock import say_date, tick_date

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["FIRST", "SECOND", "Moment"]

VOICES = (
    "I slept through the night for the first time in a year.", "The nurse held my hand the whole time.",
    "My sister noticed before I did.", "It was calm, and nobody hurried me.", "I laugh at breakfast again.",
    "The music alone was worth the drive.", "They called me the next day to ask how I was.",
    "I went back to painting in the spring.", "My dog thinks I am a new person.",
)  # fmt: skip
NAMES = ("Ada K.", "Ben L.", "Cora M.", "Dov N.", "Eli O.", "Fay P.", "Gus R.", "Hal S.", "Ida T.")


@dataclass(frozen=True, slots=True)
class Moment:
    """When and where a page is asked for: ``request`` counts how often its address was."""

    host: str
    path: str
    tick: int
    request: int
    others: tuple[tuple[str, str, str], ...] = ()

    def dice(self, *key: object) -> random.Random:
        """Throw for this very request."""
        return random.Random(f"{self.host} {self.path} {self.tick} {self.request} {key}")

    def tick_dice(self, *key: object) -> random.Random:
        """Throw for the whole site and this tick."""
        return random.Random(f"{self.host} {self.tick} {key}")


def testimonials(moment: Moment) -> str:
    """Rotate what patients say, at every request."""
    shown = moment.dice("voices").sample(range(len(VOICES)), 3)
    slides = "".join(f'<div class="slide"><p>“{VOICES[at]}”</p><span>{NAMES[at]}</span></div>' for at in shown)
    return f'<section class="testimonials-carousel"><h2>Kind words</h2>{slides}</section>'


def related(moment: Moment) -> str:
    """Show other pages of the site, other ones at every request."""
    shown = moment.dice("related").sample(moment.others, min(3, len(moment.others)))
    cards = "".join(f'<li><a href="{path}">{title}</a><p>{text[:90]}…</p></li>' for path, title, text in shown)
    return f'<aside class="related-posts"><h3>You may also like</h3><ul>{cards}</ul></aside>'


def today(moment: Moment) -> str:
    """Print the date of today."""
    return f'<p class="today">Today is {tick_date(moment.tick):%A}, {say_date(tick_date(moment.tick))}</p>'


def visitors(moment: Moment) -> str:
    """Count visitors."""
    return f"<p>You are visitor number {40_000 + moment.dice('count').randrange(9_000)}.</p>"


def views(moment: Moment) -> str:
    """Count the views of the page."""
    return f'<span class="post-views">{310 + 17 * moment.tick + moment.dice("views").randrange(9)} views</span>'


def booked(moment: Moment) -> str:
    """Hurry the visitor."""
    return f"<p class='badge'>{moment.dice('booked').randint(2, 40)} people booked today</p>"


def ago(moment: Moment) -> str:
    """Say how long ago the last review was."""
    return f"<p>Last review {moment.dice('ago').randint(2, 28)} days ago</p>"


def nonce(moment: Moment) -> str:
    """Send tokens that nobody sees."""
    token = f"{moment.dice('nonce').getrandbits(64):016x}"
    return f'<script>var n="{token}";</script><form><input type="hidden" name="_wpnonce" value="{token}"></form>'


def cookies(moment: Moment) -> str:
    """Test two texts of the cookie banner against each other."""
    text = moment.dice("cookies").choice(
        (
            "We use cookies to make this site work. Accept or leave.",
            "This site uses cookies. Is that all right with you?",
        )
    )
    return f'<div class="cookie-notice" role="dialog"><p>{text}</p><button>Accept</button></div>'


def session(moment: Moment) -> str:
    """Print the number of the request, as some caches do."""
    return f"<p><small>Request {moment.dice('session').getrandbits(64):016x}</small></p>"


def year(moment: Moment) -> str:
    """Print the year of the copyright."""
    return f"<p>© 2011-{tick_date(moment.tick * 4).year} {moment.host}. All rights reserved.</p>"


def theme(moment: Moment) -> str:
    """Rename classes with every build of the theme."""
    return f'<div class="css-{moment.tick_dice("theme").getrandbits(32):08x}"><p>Member of the chamber of commerce</p></div>'


def countdown(moment: Moment) -> str:
    """Count down to nothing."""
    dice = moment.dice("clock")
    return f"<p>Lines open in {dice.randint(0, 9):02d}:{dice.randint(0, 59):02d}:{dice.randint(0, 59):02d}</p>"


def categories(moment: Moment) -> str:
    """Count the posts of each category."""
    return f"<ul class='categories'><li><a href='/c/'>Letters</a> ({10 + moment.tick})</li></ul>"


FIRST: tuple[Callable[[Moment], str], ...] = (
    testimonials, related, today, visitors, views, booked, ago, nonce, cookies, session, year, theme, countdown,
    categories,
)  # fmt: skip


def weather(moment: Moment) -> str:
    """Tell the weather at the clinic."""
    dice = moment.dice("weather")
    return f"<div class='weather'>{dice.randint(31, 96)}°F, {dice.choice(('sunny', 'cloudy', 'light rain'))}</div>"


def saying(moment: Moment) -> str:
    """Print a saying of the day on every page."""
    text = moment.tick_dice("saying").choice(
        ("Rest is not idleness.", "Small steps count.", "The sun also visits narrow rooms.", "Begin where you are.",
         "Nobody heals on a schedule.", "A walk is a start.")
    )  # fmt: skip
    return f"<blockquote class='daily-quote'>{text}</blockquote>"


def ticket(moment: Moment) -> str:
    """Call the next number of the waiting room."""
    return f"<p>Now serving A-{moment.dice('ticket').randint(100, 999)}</p>"


def slot(moment: Moment) -> str:
    """Offer the next free hour."""
    dice = moment.dice("slot")
    day = dice.choice(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"))
    return f"<p class='next-slot'>Next opening: {day} {dice.randint(8, 16)}:{dice.choice(('00', '15', '30', '45'))}</p>"


def on_duty(moment: Moment) -> str:
    """Name who is in the office."""
    names = moment.dice("duty").sample(("Dana", "Luis", "Mina", "Odette", "Pavel", "Quinn"), 2)
    return f"<p>On duty now: {' and '.join(names)}</p>"


def made_in(moment: Moment) -> str:
    """Say how long the server took."""
    return f"<p><small>Page made in 0.{moment.dice('made').randint(100, 999)} seconds</small></p>"


def trending(moment: Moment) -> str:
    """List the pages that are read most, in the order of the hour."""
    shown = moment.dice("trending").sample(moment.others, min(4, len(moment.others)))
    links = "".join(f'<a href="{path}">{title}</a>' for path, title, _ in shown)
    return f'<div class="trending"><h4>Trending this week</h4>{links}</div>'


def fact(moment: Moment) -> str:
    """Tell one of some facts."""
    facts = (
        "Did you know? A recliner has forty springs.", "Did you know? Our kettle is older than our lease.",
        "Did you know? The fern in the hall is called Otto.", "Did you know? We are closed on the first of May.",
        "Did you know? The bell rings in F sharp.",
    )  # fmt: skip
    return f"<div class='fact'><p>{moment.dice('fact').choice(facts)}</p></div>"


def chat(moment: Moment) -> str:
    """Say whether somebody is there to chat."""
    return f"<div class='chat'>{moment.dice('chat').choice(('Chat with us', 'Leave us a message, we are away'))}</div>"


def followers(moment: Moment) -> str:
    """Boast of followers."""
    return f"<p>{2_000 + moment.dice('followers').randrange(500):,} followers</p>"


def updated(moment: Moment) -> str:
    """Claim that the page was updated today."""
    return f"<p>Page refreshed on {tick_date(moment.tick):%d/%m/%Y}</p>"


def button(moment: Moment) -> str:
    """Test two labels of a button against each other."""
    return f"<a class='btn' href='/book'>{moment.dice('button').choice(('Reserve my seat', 'Save me a chair'))}</a>"


SECOND: tuple[Callable[[Moment], str], ...] = (
    weather, saying, ticket, slot, on_duty, made_in, trending, fact, chat, followers, updated, button,
)  # fmt: skip
