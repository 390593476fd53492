"""What the watched web answers: pages of the demo's clinics, frozen, with planted events and noise laid over them."""

# ruff: noqa: E501 - markup reads best in the long lines in which platforms send it

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from demo.chrome.platforms import dress
from demo.clock import http_date, tick_date
from demo.view import make_scene, make_view
from demo.watched.noise import Moment, draw
from demo.watched.plan import COSMETIC, MATERIAL
from demo.writing import write_page
from pipelines.model.outcomes import ChangeKind

if TYPE_CHECKING:
    from demo.page import Page
    from demo.sites import Site
    from demo.watched.noise import Widget
    from demo.watched.plan import Event, Plan

__all__ = ["Answered", "answer"]

Answered = tuple[int, dict[str, str], str]
EMPTY = "<!doctype html><html><head><title>{title}</title></head><body><p>Loading</p></body></html>"
MISSING = "<!doctype html><html><head><title>Page not found</title></head><body><h1>That page is not here</h1><p>The page could not be found.</p></body></html>"
WALL = "<!doctype html><html><head><title>Just a moment...</title></head><body><p>Checking your browser</p><p>Ray ID: 77aa{tick}</p></body></html>"
LOGIN = "<!doctype html><html><head><title>Log In</title></head><body><form><label>Username or Email</label><input type=password><p>Lost your password?</p></form></body></html>"
# what a site says of every address that it does not have, with status 200 and in words of its own
SHRUG = "<!doctype html><html><head><title>Welcome in</title></head><body><main><h1>Welcome in</h1><p>The kettle is on, the door is open, and whatever it was that used to stand on this shelf has been given to someone who asked for it first.</p><p>Have a look around while you are here: there is a map by the stairs, and the lady at the desk knows every drawer.</p></main></body></html>"
WAS = "Words of this clinic, once in its {}, that are the first."
IS = "Words of this clinic, once in its {}, that are the second."


def answer(plan: Plan, noise: tuple[Widget, ...], url: str, tick: int, request: int) -> Answered | None:
    """Answer one address at one tick; None is a 404."""
    host, _, rest = url.removeprefix("http://").partition("/")
    site = next((site for site in plan.sites if site.host == host), None)
    if site is None or rest == "robots.txt":
        return None
    if rest == "sitemap.xml":
        return 200, {"Content-Type": "application/xml"}, _sitemap(plan, site, tick)
    path = f"/{rest}"
    page = next((page for page in plan.pages(site) if path in {page.path, f"/new{page.path}"}), None)
    found = _page(plan, noise, site, page, (path, tick, request)) if page else None
    return found or ((200, {"Content-Type": "text/html"}, SHRUG) if host in plan.shrugging() else None)


def _page(
    plan: Plan, noise: tuple[Widget, ...], site: Site, page: Page, asked: tuple[str, int, int]
) -> Answered | None:
    path, tick, request = asked
    event = plan.events.get(f"http://{site.host}{page.path}")
    happened = event is not None and event.tick <= tick
    if _address(page, event, tick) != path:
        return _elsewhere(site, page, event) if happened and path == page.path else None
    standing = _standing(event, tick) if event else None
    if standing is not None:
        return standing
    if event and event.kind is ChangeKind.NEW and not happened:
        return 404, {"Content-Type": "text/html"}, "<h1>Nothing yet</h1>"
    if event and event.kind in {ChangeKind.GONE, ChangeKind.BACK} and _is_away(event, tick):
        return 404, {"Content-Type": "text/html"}, "<h1>Gone</h1>"
    if event and event.what == "shrug" and happened:
        return None
    html = _edited(_frozen(site, page), event, happened=happened)
    others = _others(plan, site, page)
    moment = Moment(site.host, path, tick, request, others)
    parts = [draw(widget, moment) for widget in noise]
    footer = _footer(plan, site, tick)
    at = len(parts) // 2
    html = re.sub(r"(?i)(<body[^>]*>)", lambda match: match[1] + "".join(parts[2:4]), html, count=1)
    html = html.replace("</body>", "".join([*parts[:2], *parts[4:at], footer, *parts[at:]]) + "</body>")
    return 200, {"Date": http_date(tick_date(tick)), "Content-Type": "text/html; charset=utf-8"}, html


def _is_away(event: Event, tick: int) -> bool:
    return tick >= event.tick and (event.kind is ChangeKind.GONE or tick < event.tick + 2)


def _address(page: Page, event: Event | None, tick: int) -> str:
    moved = event and event.kind is ChangeKind.MOVED and event.tick <= tick
    return f"/new{page.path}" if moved else page.path


def _elsewhere(site: Site, page: Page, event: Event | None) -> Answered | None:
    """Answer the old address of a page that moved."""
    if event and event.what == ChangeKind.MOVED:
        return 301, {"Location": f"http://{site.host}/new{page.path}"}, ""
    return None


def _standing(event: Event, tick: int) -> Answered | None:
    """Answer what stands in a page's place while its event lasts."""
    if tick < event.tick:
        return None
    html = {"Content-Type": "text/html"}
    answers: dict[str, Answered] = {
        ChangeKind.REDIRECTED_HOME: (301, {"Location": "/"}, ""),
        ChangeKind.COLLAPSED: (200, html, EMPTY.format(title="Page")),
        ChangeKind.BLOCKED: (403, html, "<h1>Forbidden</h1>"),
        "wall": (200, html, WALL.format(tick=tick)),
        ChangeKind.SOFT_404: (200, html, MISSING),
        ChangeKind.LOGIN: (200, html, LOGIN),
    }
    return answers.get(event.what)


@lru_cache(maxsize=4096)
def _frozen(site: Site, page: Page) -> str:
    """Render a page as it stands at the first tick; its text never changes by itself."""
    return dress(make_view(make_scene(site, f"http://{site.host}", 0), page))


def _edited(html: str, event: Event | None, *, happened: bool) -> str:
    """Plant what an event changes: the state before it, and after it."""
    if event is None or event.kind is not ChangeKind.EDITED:
        return html
    pair = {**MATERIAL, **COSMETIC}.get(event.what, (WAS.format(event.what), IS.format(event.what)))
    said = escape(pair[happened], quote=False)
    head, body = {
        "text": ("", ""),
        "title": (f"<title>{said}</title>", ""),
        "description": (f'<meta name="description" content="{said}">', ""),
        "structured": (
            f'<script type="application/ld+json">{{"@type":"MedicalClinic","slogan":"{said}"}}</script>',
            "",
        ),
        "alternatives": ("", f'<img src="/x.jpg" alt="{said}">'),
        "headings": ("", f"<h1>{said}</h1>"),
        "other_text": ("", f'<div class="banner"><span>{said}</span></div>'),
    }[event.place]
    if event.place == "text":
        return _in_text(html, said)
    if event.place in {"title", "description"}:
        html = re.sub(
            r"(?is)<title>.*?</title>" if event.place == "title" else r'(?is)<meta[^>]*name="description"[^>]*>',
            "",
            html,
        )
    html = re.sub(r"(?i)</head>", lambda _: f"{head}</head>", html, count=1)
    return re.sub(r"(?i)<h1\b", lambda match: body + match[0], html, count=1) if body else html


def _in_text(html: str, said: str) -> str:
    """Put a sentence at the end of the longest paragraph."""
    paragraphs = sorted(re.finditer(r"(?is)<p\b[^>]*>([^<]{80,})</p>", html), key=lambda match: -len(match[1]))
    if not paragraphs:
        return re.sub(r"(?i)</h1>", lambda _: f"</h1><p>{said}</p>", html, count=1)
    end = paragraphs[0].end(1)
    return f"{html[:end]} {said}{html[end:]}"


def _others(plan: Plan, site: Site, page: Page) -> tuple[tuple[str, str, str], ...]:
    return tuple(one for one in _cards(plan, site) if one[0] != page.path)


@lru_cache(maxsize=256)
def _card(site: Site, page: Page) -> tuple[str, str, str]:
    content = write_page(site, page, 0)
    text = next((block.text for block in content.blocks if block.kind == "p"), content.description)
    return page.path, escape(content.title), escape(text)


def _cards(plan: Plan, site: Site) -> list[tuple[str, str, str]]:
    quiet = [page for page in plan.pages(site) if f"http://{site.host}{page.path}" not in plan.events]
    return [_card(site, page) for page in quiet[:20]]


def _footer(plan: Plan, site: Site, tick: int) -> str:
    edited = plan.footers.get(site.host, 10**9) <= tick
    text = "Open on weekdays from eight to four" if edited else "Open on weekdays from nine to five"
    return f'<footer class="site-info"><p>{text}, by appointment.</p></footer>'


def _sitemap(plan: Plan, site: Site, tick: int) -> str:
    paths = []
    for page in plan.pages(site):
        event = plan.events.get(f"http://{site.host}{page.path}")
        if not (event and event.kind is ChangeKind.NEW and event.tick > tick):
            paths.append(_address(page, event, tick))
    urls = "".join(f"<url><loc>http://{site.host}{path}</loc></url>" for path in paths)
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
