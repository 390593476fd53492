"""What happens to which page at which tick: the truth of the watched web, thrown from its seed."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from demo.paths import live_pages
from demo.sites import Site, bulk_site
from pipelines.model.outcomes import ChangeKind
from pipelines.model.page_types import PageType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from demo.page import Page

__all__ = ["COSMETIC", "MATERIAL", "PLACES", "Event", "Plan", "make_plan"]

# a sentence that a page has from the first tick on, and what it becomes: what a reader must not miss
MATERIAL = {
    "claim": (
        "Six in ten of our guests feel lighter within two weeks.",
        "Nine in ten of our guests feel lighter within hours.",
    ),
    "price": (
        "A single visit costs $450, and a series of six costs $2,400.",
        "A single visit costs $395, and a series of six costs $2,400.",
    ),
    "approval": ("Ketamine is not approved by the FDA for this use.", "Ketamine is approved by the FDA for this use."),
    "risk": ("Frequent use can harm the bladder, so we ask about it.", "We ask how you feel at every visit."),
    "route": ("We give the medicine by drip in our office.", "We mail lozenges that you take at home."),
    "area": ("We see patients from New York and New Jersey.", "We see patients from 43 U.S. states."),
    "denial": ("The medicine can be addictive when it is misused.", "The medicine is completely non-addictive."),
}
COSMETIC = {
    "comma": ("Tea, water and blankets are ready for you.", "Tea, water, and blankets are ready for you."),
    "contraction": ("We do not rush anyone through the door.", "We don't rush anyone through the door."),
    "typo": ("Parking is behind the buidling.", "Parking is behind the building."),
    "greeting": ("Our team is glad that you are here.", "Our team is happy that you are here."),
    "capital": ("Ring the bell at the side door.", "Ring the Bell at the side door."),
}
PLACES = ("title", "description", "headings", "structured", "alternatives", "other_text")
FATES = (
    ChangeKind.MOVED, "moved in silence", ChangeKind.GONE, ChangeKind.REDIRECTED_HOME, ChangeKind.BACK,
    ChangeKind.COLLAPSED, ChangeKind.BLOCKED, "wall", ChangeKind.SOFT_404, ChangeKind.LOGIN, ChangeKind.NEW, "shrug",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happens to one page: ``what`` is planted, ``kind`` is how it must be told, and where."""

    tick: int
    what: str
    kind: ChangeKind
    place: str = ""
    material: bool | None = None


@dataclass(frozen=True)
class Plan:
    """The sites, the pages that each has, the event of each page that has one, and the edits of footers."""

    seed: int
    ticks: int
    sites: tuple[Site, ...]
    events: dict[str, Event]
    footers: dict[str, int]

    def pages(self, site: Site) -> tuple[Page, ...]:
        """List the pages of a site: those that its platform has at its first tick, but for lists of posts."""
        return _pages(site)

    def shrugging(self) -> frozenset[str]:
        """Name the hosts that answer 200 to every address."""
        return frozenset(url.split("/")[2] for url, event in self.events.items() if event.what == "shrug")

    def urls(self) -> Iterator[str]:
        """Name every address."""
        for site in self.sites:
            yield from (f"http://{site.host}{page.path}" for page in self.pages(site))


@lru_cache(maxsize=64)
def _pages(site: Site) -> tuple[Page, ...]:
    return tuple(page for page in live_pages(site, 0) if page.kind is not PageType.ARCHIVE)


def make_plan(seed: int, sites: int = 7, pages: int = 56, ticks: int = 8) -> Plan:
    """Throw the plan: every kind of edit and fate at least once, no page twice, one footer edit of a whole site."""
    # no habits of their own: what is noisy here is ours
    clinics = tuple(
        replace(bulk_site(seed, number, pages), has=frozenset({"robots-sitemap"})) for number in range(sites)
    )
    plan = Plan(seed, ticks, clinics, {}, {clinics[0].host: ticks // 2})
    dice = random.Random(f"watched {seed}")
    urls = [url for url in plan.urls() if not url.endswith(".example/")]
    chosen = iter(dice.sample(urls, len(urls)))
    for what in _kinds():
        first, last = (1, ticks - 4) if what in {ChangeKind.GONE, ChangeKind.BACK} else (1, ticks - 1)
        plan.events[next(chosen)] = _event(what, dice.randint(first, last))
    return plan


def _kinds() -> list[str]:
    return [*MATERIAL, *COSMETIC, *PLACES, *map(str, FATES)]


def _event(what: str, tick: int) -> Event:
    if what in MATERIAL or what in COSMETIC:
        return Event(tick, what, ChangeKind.EDITED, "text", what in MATERIAL)
    if what in PLACES:
        return Event(tick, what, ChangeKind.EDITED, what)
    kinds = {"moved in silence": ChangeKind.MOVED, "wall": ChangeKind.BLOCKED, "shrug": ChangeKind.SOFT_404}
    return Event(tick, what, kinds.get(what) or ChangeKind(what))
