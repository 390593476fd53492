"""What a platform's templates are given: the content of a page, and the links around it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from demo.articles import POSTS_A_PAGE
from demo.changes import footer_changes, life_of, revision
from demo.clock import tick_date
from demo.paths import live_pages, path_at
from demo.writing import write_page
from pipelines.model.page_types import PageType

if TYPE_CHECKING:
    from datetime import date

    from demo.content import Content
    from demo.page import Page
    from demo.sites import Site

__all__ = ["Link", "Scene", "Teaser", "View", "list_teasers", "make_scene", "make_view"]

_SHOWN = 6
_MENU_KINDS = {PageType.SERVICE, PageType.CONDITION, PageType.FAQ, PageType.PRICE, PageType.ABOUT, PageType.CONTACT}


@dataclass(frozen=True, slots=True)
class Link:
    """Where a link leads and what it says."""

    href: str
    label: str


@dataclass(frozen=True, slots=True)
class Teaser:
    """One entry of a list of posts."""

    link: Link
    excerpt: str
    day: str


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One site at one tick, as all its pages see it: base address and the links of its menus."""

    site: Site
    base: str
    tick: int
    services: tuple[Link, ...]
    conditions: tuple[Link, ...]
    main: tuple[Link, ...]
    towns: tuple[Link, ...]
    small: tuple[Link, ...]
    pages: tuple[Page, ...]
    after: dict[str, Page]
    posts: tuple[Page, ...]
    footers: int
    year: int

    def href(self, page: Page) -> str:
        """Link to a page as it stands at this tick."""
        return self.base + path_at(self.site, page, self.tick)

    def posted(self, page: Page) -> date:
        """Tell the day on which a post appeared."""
        return _posted(self.site, page)


@dataclass(frozen=True, slots=True)
class View:
    """All that one rendered page depends on."""

    scene: Scene
    page: Page
    content: Content
    url: str
    inline: Link
    related: tuple[Link, ...]
    teasers: tuple[Teaser, ...]
    older: str
    build: int


@lru_cache(maxsize=256)
def make_scene(site: Site, base: str, tick: int) -> Scene:
    """Gather the menus of a site at a tick; base is its address without the last slash."""
    pages = [page for page in live_pages(site, tick) if page.listed != "sitemap"]
    menu = [page for page in pages if page.kind in _MENU_KINDS and not page.flags & {"noindex", "disallowed"}]
    tail = "?utm_source=site&utm_medium=menu&utm_campaign=spring" if "utm" in site.has else ""

    def links(chosen: list[Page], tail: str = "") -> tuple[Link, ...]:
        return tuple(Link(base + path_at(site, page, tick) + tail, page.label) for page in chosen)

    standing = [page for page in pages if not page.is_post() and page not in menu and page.recipe != "home"]
    return Scene(
        site=site,
        base=base,
        tick=tick,
        services=links([page for page in menu if page.kind is PageType.SERVICE and page.recipe != "doorway"], tail),
        conditions=links([page for page in menu if page.kind is PageType.CONDITION]),
        main=links(
            [page for page in menu if page.kind not in {PageType.SERVICE, PageType.CONDITION}] + _first_archive(pages)
        ),
        towns=links([page for page in menu if page.recipe == "doorway"]),
        small=links([page for page in standing if "/page/" not in page.path]),
        pages=(everything := tuple(live_pages(site, tick))),
        after={page.path: after for page, after in zip(everything, everything[1:] + everything[:1], strict=True)},
        posts=_newest_first(site, pages),
        footers=footer_changes(site, tick),
        year=tick_date(tick).year,
    )


def _newest_first(site: Site, pages: list[Page]) -> tuple[Page, ...]:
    posts = [page for page in pages if page.is_post()]
    return tuple(sorted(posts, key=lambda page: (_posted(site, page), page.path), reverse=True))


def _posted(site: Site, page: Page) -> date:
    born = life_of(site, page).born
    return tick_date(born) if born else page.published


def _first_archive(pages: list[Page]) -> list[Page]:
    return [page for page in pages if page.kind is PageType.ARCHIVE and page.subject == "1"]


def make_view(scene: Scene, page: Page) -> View:
    """Gather what a page shows."""
    return View(
        scene=scene,
        page=page,
        content=write_page(scene.site, page, scene.tick),
        url=scene.href(page),
        inline=_inline(scene, page),
        related=_related(scene, page),
        teasers=list_teasers(scene, page),
        older=_older(scene, page),
        build=revision(life_of(scene.site, page), scene.tick)["cosmetic"],
    )


def list_teasers(scene: Scene, page: Page) -> tuple[Teaser, ...]:
    """List the posts that an archive page shows; other pages show none."""
    return tuple(_teaser(scene, post) for post in _listing(scene, page))


def _listing(scene: Scene, page: Page) -> tuple[Page, ...]:
    if page.recipe != "archive":
        return ()
    if not page.subject.isdigit():
        return scene.posts[:: 2 if page.subject == "half" else 3][:POSTS_A_PAGE]
    start = (int(page.subject) - 1) * POSTS_A_PAGE
    return scene.posts[start : start + POSTS_A_PAGE]


def _older(scene: Scene, page: Page) -> str:
    """Link to the next page of an archive, if there are posts for it."""
    if page.recipe != "archive" or not page.subject.isdigit() or int(page.subject) * POSTS_A_PAGE >= len(scene.posts):
        return ""
    number = str(int(page.subject) + 1)
    return next(
        (scene.href(found) for found in scene.pages if found.kind is PageType.ARCHIVE and found.subject == number), ""
    )


def _teaser(scene: Scene, post: Page) -> Teaser:
    content = write_page(scene.site, post, scene.tick)
    first = next((block.text for block in content.blocks if block.kind == "p"), "")
    return Teaser(
        Link(scene.href(post), content.title), " ".join(first.split()[:24]) + " …", content.published.isoformat()
    )


def _inline(scene: Scene, page: Page) -> Link:
    """Choose the link inside the text; the page before a link-only page leads to it."""
    after = scene.after.get(page.path, scene.pages[0])
    if after.listed == "sitemap":
        after = scene.pages[0]
    href = scene.href(after)
    return Link(href.rstrip("/") if "slashes" in scene.site.has and after.path != "/" else href, after.label)


def _related(scene: Scene, page: Page) -> tuple[Link, ...]:
    others = [post for post in scene.posts if post is not page]
    noise = scene.tick if "noise" in scene.site.has else 0
    chosen = scene.site.dice("related", page.path, noise).some(others, _SHOWN)
    return tuple(Link(scene.href(post), post.label) for post in chosen)
