"""What makes the web hard for a crawler: walls, traps, soft errors, redirects, print copies."""

# ruff: noqa: E501 - markup reads best in the long lines in which platforms send it

from __future__ import annotations

import re
from html import escape
from urllib.parse import parse_qs

from demo.chrome.markup import Markup, inside
from demo.chrome.padding import scripts, styles
from demo.clock import tick_date
from demo.paths import find_page, state_at
from demo.request import Answer, Request, html, plain, redirect
from demo.view import make_scene
from demo.writing import write_page

__all__ = [
    "ASSETS",
    "CALENDAR",
    "GONE",
    "MISSING",
    "SESSIONS",
    "START",
    "answer_oddities",
    "answer_wall",
    "is_trap",
    "not_found",
]

MISSING, GONE, START = "/spring-open-house-2019/", "/promo-2020/", "/start/"
CALENDAR, SESSIONS = "/events", "/find-a-time/"
ASSETS = re.compile(r"\.(?:jpe?g|png|gif|svg|css|js|woff2?|ico|webp)$", re.IGNORECASE)
_PIXEL = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")


def answer_wall(request: Request) -> Answer | None:
    """Answer as a bot wall does: 403, or 200 with a riddle."""
    if not request.site.has & {"wall-403", "wall-200"} or request.path == "/robots.txt":
        return None
    status = 403 if "wall-403" in request.site.has else 200
    page = (
        '<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title><meta name="robots" content="noindex,nofollow">'
        f'<style>{styles("cf", 3000)}</style></head><body class="no-js"><div class="main-wrapper" role="main"><div class="main-content">'
        f"<h1>{request.host}</h1><p>Checking if the site connection is secure</p><noscript>Enable JavaScript and cookies to continue</noscript>"
        f'<div id="challenge-stage"></div><p>{request.host} needs to review the security of your connection before proceeding.</p></div></div>'
        f'<script>{scripts("cf", 5000)}</script><div class="footer">Ray ID: 7f3a{request.tick}c2</div></body></html>'
    )
    return html(page, status, ("Server", "wallflare"), ("Cache-Control", "no-store"))


def answer_oddities(request: Request) -> Answer | None:
    """Answer addresses that are no planned page."""
    for answer in (_moved_host, _fixed, _trap, _print_copy):
        if (found := answer(request)) is not None:
            return found
    return None


def _moved_host(request: Request) -> Answer | None:
    site, path = request.site, request.path
    if "www" in site.has and request.host.startswith("www."):
        return redirect(f"http://{site.host}{path}")
    if "home-redirect" in site.has and path in {"/home", "/index.html", "/home.html"}:
        return redirect(site.home)
    return None


def _fixed(request: Request) -> Answer | None:
    if request.path == GONE:
        return html("<html><head><title>410 Gone</title></head><body><h1>Gone</h1></body></html>", 410)
    if request.path == START:
        return redirect(f"{request.base}/", 302)
    if ASSETS.search(request.path):
        return plain(_PIXEL, "image/gif")
    return None


def is_trap(request: Request) -> bool:
    """Tell whether an address belongs to an endless calendar or to an endless chain of sessions."""
    return (request.path == CALENDAR and "calendar" in request.site.has) or (
        request.path == SESSIONS and "sessions" in request.site.has
    )


def _trap(request: Request) -> Answer | None:
    if not is_trap(request):
        return None
    return html(_calendar(request) if request.path == CALENDAR else _sessions(request))


def _calendar(request: Request) -> str:
    """Show a month, and links to the months before and after, without end."""
    asked = parse_qs(request.query).get("month", [f"{tick_date(request.tick):%Y-%m}"])[0]
    match = re.fullmatch(r"(\d{4})-(\d{2})", asked)
    months = int(match[1]) * 12 + int(match[2]) - 1 if match else 2026 * 12
    near = {number: f"{number // 12:04d}-{number % 12 + 1:02d}" for number in (months - 1, months, months + 1)}
    before, here, after = near.values()
    days = "".join(f"<td>{day}</td>" + "</tr><tr>" * (day % 7 == 0) for day in range(1, 31))
    return (
        f"<!DOCTYPE html><html><head><title>Events {here} | {escape(request.site.name)}</title><style>{styles('sqs-events', 30000)}</style></head>"
        f'<body><div class="sqs-block-calendar"><h1>Events in {here}</h1><table><tr>{days}</tr></table>'
        f'<a class="yui3-calendarnav-prevmonth" href="/events?month={before}">Previous month</a> '
        f'<a class="yui3-calendarnav-nextmonth" href="/events?month={after}">Next month</a></div></body></html>'
    )


def _sessions(request: Request) -> str:
    """Offer appointments: each page gives new session addresses for more of them."""
    number = int((re.findall(r"page=(\d+)", request.query) or ["1"])[0])
    dice = request.site.dice("session", request.query)
    links = "".join(
        f'<li><a href="/find-a-time/?sid={dice.below(16**10):010x}&amp;page={number + step}">More times ({step})</a></li>'
        for step in (1, 2, 3)
    )
    return (
        f"<!DOCTYPE html><html><head><title>Find a time | {escape(request.site.name)}</title><style>{styles('book', 30000)}</style></head>"
        f"<body><h1>Find a time</h1><p>Choose one of the open times below or look at later ones.</p><ul>{links}</ul></body></html>"
    )


def _print_copy(request: Request) -> Answer | None:
    site, tick = request.site, request.tick
    if "print" not in site.has or not request.path.startswith("/print/"):
        return None
    path = request.path.removeprefix("/print")
    page = find_page(site, path)
    if page is None or state_at(site, page, path, tick) != "live":
        return None
    content = write_page(site, page, tick)
    canonical = make_scene(site, request.base, tick).href(page)
    return html(
        f'<!DOCTYPE html><html><head><title>{escape(content.title)} - print</title><link rel="canonical" href="{canonical}"></head>'
        f'<body onload="print()"><h1>{escape(content.title)}</h1>{inside(content.blocks, Markup())}<hr><small>Printed from {canonical}</small></body></html>'
    )


def not_found(request: Request) -> Answer:
    """Say that there is no such page: with 404, or with 200 on a site that knows no better."""
    soft = "soft-404" in request.site.has
    text = (
        f"<!DOCTYPE html><html><head><title>Page not found | {escape(request.site.name)}</title><style>{styles('nf', 8000)}</style></head><body>"
        "<h1>Oops! That page can’t be found.</h1><p>The page you requested could not be found. Try refining your search, or use the "
        f'navigation above to locate the post.</p><a href="{request.base}/">Back to home</a></body></html>'
    )
    return html(text, 200 if soft else 404)
