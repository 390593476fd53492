"""Which pages a newspaper or a host of guest posts has: briefs of its town, and what clinics had reprinted there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from demo.articles import EVERGREEN, REPRINTED, plan_archives, plan_post, plan_posts
from demo.clock import tick_date
from demo.families import family_pages
from demo.page import Page, path_of, slug, standing_page
from demo.sites import standard_site
from pipelines.model.page_types import PageType

if TYPE_CHECKING:
    from demo.sites import Site

__all__ = ["plan_press"]


def plan_press(site: Site) -> list[Page]:
    """Plan the pages of a site that lives from articles."""
    standing = [
        {"name": "", "kind": "home", "recipe": "archive", "label": "Home", "subject": "1"},
        {"name": "contact", "kind": "contact", "recipe": "hours", "label": "Contact"},
        {"name": "privacy-policy", "kind": "policy", "recipe": "privacy", "label": "Privacy Policy"},
    ]
    return [
        *(standing_page(site, entry) for entry in standing),
        *_reprints(site),
        *family_pages(site),
        *(plan_posts(site, 2) if site.source_class == "guest-post-host" else ()),
        *(_brief(site, number) for number in range(site.pages)),
        *plan_archives(site, site.pages - len(standing)),
    ]


def _reprints(site: Site) -> list[Page]:
    """Reprint the first posts of a clinic: the first as it is, the second with a note above.

    A site that names canonical addresses names that of the clinic for the first.
    """
    host = REPRINTED[site.source_class]
    taken: set[str] = set()
    originals = [plan_post(standard_site(site.seed, host), index, taken) for index in range(EVERGREEN)]
    return [
        replace(
            original,
            path=path_of(site, f"partner-content-{index + 1}", post=True),
            kind=PageType.NEWS,
            published=original.published + timedelta(days=1),
            listed="both",
            source=f"http://{host}{original.path}",
            flags=frozenset({"noted"} if index else {"credits"} if "canonical" in site.has else ()),
        )
        for index, original in enumerate(originals)
    ]


def _brief(site: Site, number: int) -> Page:
    label = f"{site.city} in brief: week {40 - number}"
    return Page(
        path_of(site, slug(label), post=True),
        PageType.NEWS,
        "local",
        label,
        text_key=f"{site.host}/brief/{number}",
        published=tick_date(0) - timedelta(days=2 + 7 * number),
    )
