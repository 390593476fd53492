"""Answer a planned page: rendered, with its validators, its noise, and compressed where a site does so."""

from __future__ import annotations

import gzip
from dataclasses import replace
from hashlib import sha256
from html import escape
from typing import TYPE_CHECKING

from demo.changes import footer_changes, life_of
from demo.chrome.padding import warmup_json
from demo.chrome.platforms import dress
from demo.clock import http_date, tick_date
from demo.paths import find_page, path_at, state_at
from demo.request import Answer, Request, html, redirect
from demo.view import make_scene, make_view
from demo.writing import last_change

if TYPE_CHECKING:
    from demo.page import Page

__all__ = ["answer_page", "page_asked", "settle"]


def page_asked(request: Request) -> tuple[Page, str] | None:
    """Find the page that a path means, with or without a last slash, and the path as the site writes it."""
    for path in (request.path, f"{request.path}/", request.path.rstrip("/")):
        if path and (page := find_page(request.site, path)):
            return page, path
    return None


def answer_page(request: Request) -> Answer | None:
    """Answer a page as it stands at the tick: itself, a redirect, 404 or 410 when it is gone."""
    if (found := page_asked(request)) is None:
        return None
    page, path = found
    state = state_at(request.site, page, path, request.tick)
    if state == "gone":
        return html(
            "<html><head><title>Not found</title></head><body><h1>Not found</h1></body></html>", gone_status(page)
        )
    if state == "unborn":
        return None
    if state == "moved":
        return redirect(request.base + path_at(request.site, page, request.tick))
    if path != request.path and "slashes" not in request.site.has:
        return redirect(request.base + path)
    return _live_page(request, page)


def gone_status(page: Page) -> int:
    """Choose how a page is gone: most servers say 404, some 410."""
    return 410 if len(page.path) % 3 == 0 else 404


def _live_page(request: Request, page: Page) -> Answer:
    validators = _validators(request, page)
    if _is_unmodified(request, validators):
        return Answer(304, validators)
    if "empty" in request.site.has:
        return html(_empty(request), 200)
    text = dress(make_view(make_scene(request.site, request.base, request.tick), page))
    if request.site.platform == "handmade":
        return Answer(200, (("Content-Type", "text/html"), *validators), text.encode("cp1252", "xmlcharrefreplace"))
    return html(text, 200, *validators, *_rights(request, page))


def _validators(request: Request, page: Page) -> tuple[tuple[str, str], ...]:
    """Give ETag and Last-Modified of sites that send them; both stand for the visible page, footer included."""
    site, tick = request.site, request.tick
    if "etag" in site.has and "noise" not in site.has:
        edits = [event for event in life_of(site, page).events if event.tick <= tick]
        lists = tick if page.recipe in {"archive", "home"} else 0
        state = f"{request.host}{page.path}{edits}{footer_changes(site, tick)}{tick_date(tick).year}{lists}"
        return (("ETag", f'"{sha256(state.encode()).hexdigest()[:16]}"'),)
    if "last-modified" in site.has:
        day = tick_date(tick) if page.recipe in {"archive", "home"} else last_change(site, page, tick)
        return (("Last-Modified", http_date(day)),)
    return ()


def _is_unmodified(request: Request, validators: tuple[tuple[str, str], ...]) -> bool:
    for name, value in validators:
        asked = request.headers.get("if-none-match" if name == "ETag" else "if-modified-since")
        if asked == value:
            return True
    return False


def _rights(request: Request, page: Page) -> tuple[tuple[str, str], ...]:
    tdm = (("tdm-reservation", "1"),) if "tdm" in request.site.has else ()
    robots = (("X-Robots-Tag", "noindex"),) if "noindex" in page.flags else ()
    return (*tdm, *robots)


def _empty(request: Request) -> str:
    """Send a home page that is all script: there is no word in it."""
    return (
        f"<!DOCTYPE html><html><head><title>{escape(request.site.name)}</title></head>"
        '<body><div id="SITE_CONTAINER"></div>'
        f'<script type="application/json" id="wix-warmup-data">{warmup_json("wix", 40000)}</script></body></html>'
    )


def settle(request: Request, answer: Answer) -> Answer:
    """Fill in what differs at each request, and compress where the site does and the client takes it."""
    body = _with_noise(request, answer.body)
    if "gzip" not in request.site.has or len(body) < 500 or "gzip" not in request.headers.get("accept-encoding", ""):
        return replace(answer, body=body)
    headers = (*answer.headers, ("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding"))
    return replace(answer, headers=headers, body=gzip.compress(body, 1, mtime=0))


def _with_noise(request: Request, body: bytes) -> bytes:
    if not request.site.has & {"noise", "visitors"}:
        return body
    count = int(request.headers.get("x-demo-request", "1"))
    nonce = sha256(f"{request.path}{request.tick}{count}".encode()).hexdigest()[:10]
    for token, value in (
        ("nonce", nonce),
        ("visitors", str(48211 + 997 * request.tick + count)),
        ("today", str(tick_date(request.tick))),
    ):
        body = body.replace(f"@@{token}@@".encode(), value.encode())
    return body
