"""What is true of every address at a tick. It comes from the plan of the world, never from reading its pages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from demo.changes import MATERIAL, footer_changes, life_of
from demo.oddities import GONE, MISSING, START
from demo.pages import gone_status
from demo.paths import moved_path, path_at, state_at
from demo.plan import plan_site
from demo.view import list_teasers, make_scene
from demo.writing import write_page
from pipelines.model.page_types import PageType
from pipelines.model.records import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from demo.page import Page
    from demo.sites import Site

__all__ = ["Change", "PageTruth", "site_truth"]

_ON_TOPIC = {"home", "service", "condition", "faq", "price", "about", "consent", "blog", "doorway"}
_WITHOUT_TEXT = {"cosmetic", "moved", "gone"}
_DOUBTFUL = {"contact", "testimonial", "archive", "refund"}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened to a page: when, of which kind, the lines before and after, whether it matters."""

    tick: int
    kind: str
    old: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    material: bool = False


@dataclass(frozen=True, slots=True)
class PageTruth:
    """The truth about one address.

    ``fate`` is page, archive, copy, redirect, moved, gone, missing, robots disallowed, trap, wall, challenge, soft 404,
    empty or feed. ``distinct`` marks the documents that a perfect corpus has, each once. ``copy_of`` names the address
    of which this one repeats the main text exactly, ``source`` the one whose text it reprints or was spun from.
    """

    url: str
    site: str
    advertiser: str
    kind: str
    fate: str
    status: int
    location: str = ""
    topic: str = Verdict.OFF_TOPIC
    distinct: bool = False
    copy_of: str = ""
    family: str = ""
    family_kind: str = ""
    source: str = ""
    found_by: str = "both"
    title: str = ""
    description: str = ""
    author: str = ""
    published: str = ""
    modified: str = ""
    lines: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()


def site_truth(site: Site, tick: int) -> Iterator[PageTruth]:
    """Tell the truth about every address of a site that a crawl may meet."""
    for page in plan_site(site):
        for path in dict.fromkeys((page.path, moved_path(page))):
            if (state := state_at(site, page, path, tick)) != "unborn":
                yield from _page_entries(site, page, path, state, tick)
    yield from _odd_entries(site)
    if site.alias:
        yield from (_at_alias(site, entry) for entry in _odd_entries(site))


def _at_alias(site: Site, entry: PageTruth) -> PageTruth:
    url, location = (address.replace(site.host, site.alias) for address in (entry.url, entry.location))
    return replace(entry, url=url, location=location)


def _page_entries(site: Site, page: Page, path: str, state: str, tick: int) -> Iterator[PageTruth]:
    url = f"http://{site.host}{path}"
    blank = PageTruth(url, site.host, site.host, page.kind, state, 200, found_by=page.listed)
    if wall := _wall(site, blank):
        yield replace(wall, found_by="both" if page.recipe == "home" else "nowhere")
    elif state == "gone":
        if path == page.path or life_of(site, page).first("moved", tick):
            yield replace(blank, fate="gone", status=gone_status(page), changes=_changes(site, page, tick))
    elif state == "moved":
        yield replace(blank, status=301, location=f"http://{site.host}{path_at(site, page, tick)}")
    else:
        entry = _live_entry(site, page, blank, tick)
        yield entry
        yield from _copies(site, page, entry)


def _wall(site: Site, blank: PageTruth) -> PageTruth | None:
    if "wall-403" in site.has:
        return replace(blank, fate="wall", status=403)
    return replace(blank, fate="challenge") if "wall-200" in site.has else None


def _live_entry(site: Site, page: Page, blank: PageTruth, tick: int) -> PageTruth:
    if "empty" in site.has:
        return replace(blank, fate="empty")
    content = write_page(site, page, tick)
    lines = content.lines() or _listed(site, page, tick)
    entry = replace(
        blank,
        fate=_fate(page),
        topic=_topic(page),
        family=page.family,
        family_kind=page.family_kind,
        source=page.source,
        title=content.title,
        description=content.description,
        author=content.author if page.is_post() else "",
        published=content.published.isoformat(),
        modified=content.modified.isoformat(),
        lines=lines,
        changes=_changes(site, page, tick),
    )
    reprint = page.source if page.source and not page.flags & {"noted", "spun"} else ""
    return replace(
        entry, distinct=entry.fate == "page" and not reprint, copy_of=reprint, fate="copy" if reprint else entry.fate
    )


def _fate(page: Page) -> str:
    if "disallowed" in page.flags:
        return "robots disallowed"
    return "archive" if page.recipe == "archive" else "page"


def _topic(page: Page) -> str:
    if page.subject == "nad" or page.recipe in _DOUBTFUL:
        return Verdict.DOUBTFUL
    return Verdict.ON_TOPIC if page.recipe in _ON_TOPIC else Verdict.OFF_TOPIC


def _copies(site: Site, page: Page, entry: PageTruth) -> Iterator[PageTruth]:
    """Give the addresses at which the same page answers again."""
    path = entry.url.removeprefix(f"http://{site.host}")
    again = []
    if "slashes" in site.has and page.listed != "sitemap" and path.endswith("/") and path != "/":
        again.append(entry.url.rstrip("/"))
    if "print" in site.has and page.is_post():
        again.append(f"http://{site.host}/print{path}")
    if "utm" in site.has and page.kind is PageType.SERVICE:
        again.append(f"{entry.url}?utm_source=site&utm_medium=menu&utm_campaign=spring")
    if site.alias:
        again.append(f"http://{site.alias}{path}")
    for url in again:
        yield replace(entry, url=url, fate="copy", distinct=False, copy_of=entry.copy_of or entry.url, found_by="link")


def _changes(site: Site, page: Page, tick: int) -> tuple[Change, ...]:
    life = life_of(site, page)
    born = [Change(life.born, "new", material=True)] if 0 < life.born <= tick else []
    edits = [_change(site, page, event.tick, event.kind) for event in life.events if event.tick <= tick]
    footers = [Change(step, "footer") for step in range(life.born + 1, tick + 1) if _is_new_footer(site, step)]
    lists = _list_changes(site, page, tick)
    return tuple(sorted((*born, *filter(None, edits), *footers, *lists), key=lambda change: change.tick))


def _listed(site: Site, page: Page, tick: int) -> tuple[str, ...]:
    """Give the lines of an archive: titles and excerpts of its posts."""
    teasers = list_teasers(make_scene(site, f"http://{site.host}", tick), page)
    return tuple(line for teaser in teasers for line in (teaser.link.label, teaser.excerpt))


def _list_changes(site: Site, page: Page, tick: int) -> Iterator[Change]:
    """Say at which ticks an archive showed other posts, or other words of them."""
    if page.recipe != "archive":
        return
    lists = [_listed(site, page, step) for step in range(tick + 1)]
    for step, (old, new) in enumerate(pairwise(lists), 1):
        if old != new:
            gone, come = (tuple(line for line in one if line not in two) for one, two in ((old, new), (new, old)))
            yield Change(step, "listing", gone, come)


def _is_new_footer(site: Site, tick: int) -> bool:
    return footer_changes(site, tick) > footer_changes(site, tick - 1)


def _change(site: Site, page: Page, tick: int, kind: str) -> Change | None:
    """Say what an event changed by writing the page before and after it; None if nothing (a page without a price)."""
    before, after = write_page(site, page, tick - 1), write_page(site, page, tick)
    texts = [(content.title, content.description, *content.lines()) for content in (before, after)]
    old = tuple(line for line in texts[0] if line not in texts[1])
    new = tuple(line for line in texts[1] if line not in texts[0])
    if old == new and kind not in _WITHOUT_TEXT:
        return None
    return Change(tick, kind, old, new, kind in MATERIAL or kind == "gone")


def _odd_entries(site: Site) -> Iterator[PageTruth]:
    """Tell about the addresses that are no planned pages: dead links, redirects, traps, aliases."""
    if site.has & {"wall-403", "wall-200", "empty"}:
        return
    blank = PageTruth(site.home, site.host, site.host, PageType.OTHER, "missing", 404, found_by="link")
    soft = "soft-404" in site.has
    yield replace(blank, url=_at(site, MISSING), fate="soft 404" if soft else "missing", status=200 if soft else 404)
    yield replace(blank, url=_at(site, GONE), fate="gone", status=410)
    yield replace(blank, url=_at(site, START), fate="redirect", status=302, location=site.home)
    if "calendar" in site.has:
        yield replace(blank, url=_at(site, "/events"), fate="trap", status=200)
    if "sessions" in site.has:
        yield replace(blank, url=_at(site, "/find-a-time/"), fate="trap", status=200)
    if "home-redirect" in site.has:
        yield replace(blank, url=_at(site, "/home"), fate="redirect", status=301, location=site.home)
    if "www" in site.has:
        yield replace(blank, url=f"http://www.{site.host}/", fate="redirect", status=301, location=site.home)
    if "feed" in site.has:
        yield replace(blank, url=_at(site, "/feed/"), kind=PageType.FEED, fate="feed", status=200)


def _at(site: Site, path: str) -> str:
    return f"http://{site.host}{path}"
