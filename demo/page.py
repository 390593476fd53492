"""One page as planned, and the names in its path."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from pipelines.model.page_types import PageType

if TYPE_CHECKING:
    from demo.sites import Site

__all__ = ["CONDITIONS", "SERVICES", "Page", "has_sitemap", "path_of", "slug", "standing_page"]

CONDITIONS = {
    "depression": "depression",
    "ptsd": "PTSD",
    "anxiety": "anxiety",
    "chronicpain": "chronic pain",
    "ocd": "OCD",
    "bipolar": "bipolar depression",
    "postpartum": "postpartum depression",
    "addiction": "alcohol dependence",
    "migraine": "migraine",
    "suicidal": "suicidal thoughts",
}
SERVICES = {
    "infusion": "IV Ketamine Infusions",
    "kap": "Ketamine-Assisted Psychotherapy",
    "spravato": "Spravato (Esketamine)",
    "athome": "Ketamine at Home",
    "im": "Intramuscular Ketamine",
    "nad": "IV Vitamin Therapy",
}
_FIRST_DAY = date(2022, 1, 10)
_DAYS = 1300


@dataclass(frozen=True, slots=True)
class Page:
    """One page as planned: where it stands, what it is, and which dice write it.

    ``text_key`` is the key of the dice: pages of one family share it. ``listed`` is where a crawler can find it:
    ``both``, ``sitemap`` (no link leads to it), ``link`` (not in the sitemap). ``source`` is the address of the text
    that this page reprints.
    """

    path: str
    kind: PageType
    recipe: str
    label: str
    subject: str = ""
    text_key: str = ""
    published: date = _FIRST_DAY
    listed: str = "both"
    family: str = ""
    family_kind: str = ""
    source: str = ""
    flags: frozenset[str] = field(default=frozenset())

    def is_post(self) -> bool:
        """Tell an article from a standing page."""
        return self.recipe in {"blog", "local"}


def standing_page(site: Site, entry: dict[str, Any], **more: Any) -> Page:
    """Plan a page that is no article, from an entry as in ``pages.toml``."""
    fields = {**entry, **more}
    name = fields.pop("name")
    day = _FIRST_DAY + timedelta(days=site.dice("day", name).below(_DAYS))
    fields = {"text_key": f"{site.host}/{name}", "published": day, **fields, "kind": PageType(fields["kind"])}
    return Page(path_of(site, name) if name else "/", **fields)


def slug(text: str) -> str:
    """Make the end of a path from a title.

    >>> slug("Why we say no, in Portland?")
    'why-we-say-no-in-portland'
    """
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def path_of(site: Site, name: str, *, post: bool = False) -> str:
    """Say where a page of this name stands on a site of this kind."""
    if site.platform == "handmade":
        return f"/articles/{name}.html" if post else f"/{name}.html"
    if site.platform in {"wix", "squarespace", "duda"}:
        return f"/{'post' if site.platform == 'wix' else 'blog'}/{name}" if post else f"/{name}"
    return f"/blog/{name}/" if post and site.platform in {"elementor", "divi"} else f"/{name}/"


def has_sitemap(site: Site) -> bool:
    """Tell whether a site lists its pages for crawlers."""
    return "no-sitemap" not in site.has
