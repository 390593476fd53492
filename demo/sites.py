"""Who is on the demo web: the standard roster out of ``clinics.toml``, and as many clinics more as a size asks for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from demo.bank import load_bank, load_toml
from demo.grammar import Dice

__all__ = ["PLATFORMS", "Site", "bulk_site", "make_sites", "one_site", "standard_site"]

PLATFORMS = ("wp-block", "wp-classic", "elementor", "divi", "wix", "squarespace", "duda", "handmade")
STANDARD_PAGES = 300
BULK_PAGES = 60
_BULK_HABITS = (
    "etag",
    "last-modified",
    "noise",
    "comments",
    "feed",
    "canonical",
    "robots-sitemap",
    "sitemap-index",
    "tags",
    "double-title",
)


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """One advertiser's site: who it is, how it is built, how large, and what is odd about it (``has``)."""

    host: str
    name: str
    city: str
    state: str
    region: str
    platform: str
    pages: int
    seed: int
    source_class: str = "clinic"
    doorways: int = 0
    alias: str = ""
    has: frozenset[str] = frozenset()

    @property
    def home(self) -> str:
        """The address at which a crawl begins."""
        return f"http://{self.host}/"

    def dice(self, *key: object) -> Dice:
        """Throw for this site and a purpose."""
        return Dice(self.seed, self.host, *key)


def make_sites(seed: int, pages: int) -> tuple[Site, ...]:
    """Make the roster for a size: the standard sites, shrunk below 300 pages, and further clinics above."""
    share = min(1.0, pages / STANDARD_PAGES)
    standard = [_standard_site(entry, seed, share) for entry in load_toml("clinics.toml")["site"]]
    return (*standard, *_bulk_sites(seed, pages - sum(site.pages for site in standard)))


def one_site(seed: int, pages: int) -> tuple[Site, ...]:
    """Make a web of one large clinic, for tests of a single host's crawl."""
    return (bulk_site(seed, 0, pages),)


@lru_cache(maxsize=32)
def standard_site(seed: int, host: str) -> Site:
    """Make one site of the roster in its full size."""
    return next(
        _standard_site(entry, seed, 1.0) for entry in load_toml("clinics.toml")["site"] if entry["host"] == host
    )


def bulk_site(seed: int, number: int, pages: int) -> Site:
    """Make one clinic more; its number alone decides what it is."""
    dice, bank = Dice(seed, "bulk", number), load_bank()
    one, two = (dice.pick(bank.lines("places", part)) for part in ("nameone", "nametwo"))
    state, region = dice.pick(bank.lines("places", "state")).split("|")
    return Site(
        host=f"{one}-{two}-{number}.example".lower(),
        name=f"{one} {two}",
        city=dice.pick(bank.lines("places", "town")),
        state=state,
        region=region,
        platform=PLATFORMS[number % len(PLATFORMS)],
        pages=pages,
        seed=seed,
        has=frozenset(habit for habit in _BULK_HABITS if dice.chance(0.4)),
    )


def _standard_site(entry: dict[str, Any], seed: int, share: float) -> Site:
    state, region = entry["state"].split("|")
    plain = {key: entry[key] for key in ("host", "name", "city", "platform")}
    return Site(
        **plain,
        state=state,
        region=region,
        pages=max(1, round(entry["pages"] * share)),
        seed=seed,
        source_class=entry.get("class", "clinic"),
        doorways=round(entry.get("doorways", 0) * share),
        alias=entry.get("alias", ""),
        has=frozenset(entry["has"]),
    )


def _bulk_sites(seed: int, pages: int) -> tuple[Site, ...]:
    count = pages // BULK_PAGES + (pages % BULK_PAGES >= 10)
    return tuple(bulk_site(seed, number, min(BULK_PAGES, pages - number * BULK_PAGES)) for number in range(count))
