"""Which pages a clinic's site has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from demo.articles import plan_archives, plan_posts
from demo.bank import load_bank, load_toml
from demo.families import family_pages
from demo.page import CONDITIONS, SERVICES, Page, has_sitemap, slug, standing_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from demo.sites import Site

__all__ = ["plan_clinic"]

#: Share of the pages that are posts, on small sites; large ones have all standing pages and then posts.
_POSTS = 0.4
_STANDING_AT_MOST = 32
_SITEMAP_ONLY = 0.2
_LARGE = 100


def plan_clinic(site: Site) -> list[Page]:
    """Plan standing pages, doorways, posts and archives, as many as the site's size allows."""
    room = site.pages - site.doorways
    posts = 0 if room < 6 else max(1, round(room * _POSTS), room - _STANDING_AT_MOST)
    archives = list(plan_archives(site, posts)) if posts else []
    standing = _standing(site)[: max(room - posts - len(archives), _fewest_standing(room))]
    posts = room - len(standing) - len(archives)
    return [*standing, *_doorways(site), *plan_posts(site, posts), *archives]


def _fewest_standing(room: int) -> int:
    """Keep the standing pages of large sites, where posts and the many lists of them would leave no room."""
    return _STANDING_AT_MOST if room > _LARGE else 0


def _standing(site: Site) -> list[Page]:
    entries = load_toml("pages.toml")
    more = [standing_page(site, entry) for entry in entries["more"]]
    more += [_condition(site, name) for name in tuple(CONDITIONS)[1:]]
    more += [_service(site, name) for name in tuple(SERVICES)[1:]]
    first = [standing_page(site, entry) for entry in entries["first"]]
    return [*first, *_odd(site), *site.dice("standing").some(more, len(more))]


def _condition(site: Site, name: str) -> Page:
    label = CONDITIONS[name][0].upper() + CONDITIONS[name][1:]
    hidden = has_sitemap(site) and site.dice("listed", name).chance(_SITEMAP_ONLY)
    return standing_page(
        site, _condition_entry(slug(f"ketamine for {label}"), label, name), listed="sitemap" if hidden else "both"
    )


def _condition_entry(name: str, label: str, subject: str) -> dict[str, Any]:
    return {"name": name, "kind": "condition", "recipe": "condition", "label": label, "subject": subject}


def _service(site: Site, name: str) -> Page:
    entry = {"name": slug(SERVICES[name]), "kind": "service", "recipe": "service", "label": SERVICES[name]}
    return standing_page(site, entry, subject=name)


def _odd(site: Site) -> list[Page]:
    """Plan the pages that only sites of a certain kind have; they come early, so that every size has them."""
    pages = []
    if "disallow" in site.has:
        handouts = (_condition_entry(f"patients/{key}-handout", f"{key} handout", key) for key in ("anxiety", "ocd"))
        pages += [standing_page(site, entry, flags=frozenset({"disallowed"})) for entry in handouts]
    if "noindex" in site.has:
        drafts = (
            {"name": f"{key}-draft", "kind": "service", "recipe": "service", "label": "Draft", "subject": key}
            for key in ("kap", "im")
        )
        pages += [standing_page(site, entry, listed="link", flags=frozenset({"noindex"})) for entry in drafts]
    return [*pages, *family_pages(site)]


def _doorways(site: Site) -> Iterator[Page]:
    towns = site.dice("towns").some(load_bank().lines("places", "town"), site.doorways)
    family = f"doorway/{site.host}"
    for town in towns:
        label = f"Ketamine Therapy near {town}"
        entry = {"name": slug(label), "kind": "service", "recipe": "doorway", "label": label, "subject": town}
        yield standing_page(site, entry, text_key=family, family=family, family_kind="doorway")
