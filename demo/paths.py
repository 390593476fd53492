"""Where a page stands at a tick, and which page a path means."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from demo.articles import POSTS_A_PAGE
from demo.changes import life_of
from demo.plan import plan_site
from pipelines.model.page_types import PageType

if TYPE_CHECKING:
    from demo.page import Page
    from demo.sites import Site

__all__ = ["find_page", "live_pages", "moved_path", "path_at", "state_at"]


def moved_path(page: Page) -> str:
    """Say where a page goes when its site is tidied up.

    Every page keeps the end of its path and gets a folder.
    """
    return f"/resources{page.path}"


@lru_cache(maxsize=256)
def _by_path(site: Site) -> dict[str, Page]:
    pages = plan_site(site)
    return {moved_path(page): page for page in pages} | {page.path: page for page in pages}


def find_page(site: Site, path: str) -> Page | None:
    """Find the page that a path means now or meant once."""
    return _by_path(site).get(path)


def path_at(site: Site, page: Page, tick: int) -> str:
    """Say where a page stands at a tick."""
    return moved_path(page) if life_of(site, page).first("moved", tick) else page.path


def state_at(site: Site, page: Page, path: str, tick: int) -> str:
    """Tell what a path answers at a tick: live, moved, gone or unborn."""
    life = life_of(site, page)
    if tick < life.born or (page.kind is PageType.ARCHIVE and _archive_is_empty(site, page, tick)):
        return "unborn"
    if life.first("gone", tick):
        return "gone"
    here = path_at(site, page, tick)
    if path == here:
        return "live"
    return "moved" if path == page.path else "unborn"


@lru_cache(maxsize=2048)
def _posts_listed(site: Site, tick: int) -> int:
    posts = [page for page in plan_site(site) if page.is_post() and page.listed != "sitemap"]
    return sum(state_at(site, page, path_at(site, page, tick), tick) == "live" for page in posts)


def _archive_is_empty(site: Site, page: Page, tick: int) -> bool:
    """Tell whether there are too few posts for this page of an archive."""
    return page.subject.isdigit() and (int(page.subject) - 1) * POSTS_A_PAGE >= max(1, _posts_listed(site, tick))


def live_pages(site: Site, tick: int) -> list[Page]:
    """List the pages that a site has at a tick."""
    return [page for page in plan_site(site) if state_at(site, page, path_at(site, page, tick), tick) == "live"]
