"""How well families were found: planted ones against those of the corpus, their kinds and slots, what was joined."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from demo.persona import site_slots
from pipelines.model.records import FamilyKind, VariableKind

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping

    from demo.truth import PageTruth
    from demo.world import World

__all__ = ["HEADER", "Found", "Planted", "Scored", "planted", "score_families"]

HEADER = f"{'families':<28}{'true':>6}{'found':>7}{'kind':>6}{'slots':>7}{'joined':>8}"
TOWN = "Ketamine Therapy near "
MEMBERS = """
    SELECT families.id, families.kind, families.template, pages.id, pages.url
    FROM families JOIN family_members ON family_members.family = families.id
    JOIN pages ON pages.id = family_members.page
"""
SPUN = """
    SELECT url, other_url FROM paraphrase_pairs
"""


@dataclass(frozen=True, slots=True)
class Planted:
    """A family that the generator made: its kind and the addresses that show its text."""

    kind: str
    urls: frozenset[str]


@dataclass(frozen=True, slots=True)
class Found:
    """A family of the corpus: its kind, its pages by number, and its slots as they are stored."""

    kind: str
    pages: Mapping[int, str]
    slots: list[dict[str, object]]

    @property
    def urls(self) -> frozenset[str]:
        """Name its addresses."""
        return frozenset(self.pages.values())


@dataclass(frozen=True, slots=True)
class Scored:
    """Planted families of one kind: how many, found with just their pages, of the right kind, with the right slots.

    ``joined`` names addresses that stand in a family with a page that says something else.
    """

    kind: str
    true: int
    found: int
    right_kind: int
    right_slots: int
    joined: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()

    @property
    def perfect(self) -> bool:
        """Tell whether every family was found as it was planted, and nothing more."""
        return self.true == self.found == self.right_kind == self.right_slots and not self.joined

    def line(self) -> str:
        """Print it as a line of a table, with one example of a mistake."""
        numbers = f"{self.true:>6}{self.found:>7}{self.right_kind:>6}{self.right_slots:>7}{len(self.joined):>8}"
        examples = [f"missed {url}" for url in self.missed[:1]] + [f"joined {url}" for url in self.joined[:1]]
        return "  ".join([f"{self.kind:<28}{numbers}", *examples])


def planted(truth: Mapping[str, PageTruth]) -> list[Planted]:
    """List the families that a perfect corpus has: planted ones, and addresses that repeat another one."""
    groups: dict[str, list[PageTruth]] = defaultdict(list)
    for page in truth.values():
        if page.status == 200 and page.lines and page.family_kind != FamilyKind.SPUN and "?utm" not in page.url:
            groups[page.family or page.copy_of or page.url].append(page)
    return [Planted(_kind(group), frozenset(page.url for page in group)) for group in groups.values() if len(group) > 1]


def _kind(group: list[PageTruth]) -> str:
    if group[0].family_kind:
        return group[0].family_kind
    hosts = {page.url.split("/")[2] for page in group}
    return FamilyKind.ALIAS_HOST if len(hosts) > 1 else FamilyKind.EXACT


def score_families(db: sqlite3.Connection, world: World, tick: int) -> list[Scored]:
    """Score the families of a corpus of a demo world at a tick, kind by kind, and the spun pairs."""
    truth = world.truth(tick)
    found = [*_found(db)]
    by_kind: dict[str, list[Planted]] = defaultdict(list)
    for one in planted(truth):
        by_kind[one.kind].append(one)
    lines = [_scored(world, truth, kind, by_kind[kind], found) for kind in sorted(by_kind)]
    return [*lines, _scored_spun(db, truth)]


def _found(db: sqlite3.Connection) -> Iterator[Found]:
    pages: dict[int, dict[int, str]] = defaultdict(dict)
    told = {}
    for family, kind, slots, page, url in db.execute(MEMBERS):
        pages[family][page] = url
        told[family] = kind, slots
    for family, (kind, slots) in told.items():
        yield Found(kind, pages[family], json.loads(slots)["slots"])


def _scored(world: World, truth: Mapping[str, PageTruth], kind: str, true: list[Planted], found: list[Found]) -> Scored:
    by_urls = {one.urls: one for one in found}
    hits = [by_urls[one.urls] for one in true if one.urls in by_urls]
    right = [one for one in hits if one.kind == kind]
    slots = [one for one in right if _slots_are_right(world, truth, one)]
    strange = [url for one in found if one.kind == kind for url in _strangers(truth, one.urls)]
    missed = [min(one.urls) for one in true if one.urls not in by_urls]
    return Scored(kind, len(true), len(hits), len(right), len(slots), tuple(sorted(strange)), tuple(missed))


def _strangers(truth: Mapping[str, PageTruth], urls: frozenset[str]) -> list[str]:
    """Name the pages of a family beyond those of one text; lists of one site's posts repeat each other.

    Addresses that the truth does not name are those of endless traps, which say the same.
    """
    keys: dict[str, list[str]] = defaultdict(list)
    for url in truth.keys() & urls:
        page = truth[url]
        key = f"lists of {page.site}" if page.fate == "archive" else url
        keys[page.family or page.copy_of or key].append(url)
    alone = [group for group in keys.values() if len(keys) > 1 and not _is_list(truth, group)]
    return [url for group in sorted(alone, key=len)[:-1] for url in group]


def _is_list(truth: Mapping[str, PageTruth], urls: Iterable[str]) -> bool:
    return all(url in truth and not truth[url].distinct for url in urls)


def _slots_are_right(world: World, truth: Mapping[str, PageTruth], one: Found) -> bool:
    """Tell whether every named slot has each page's own fact, and the slots that the kind lives from are there."""
    kinds = {str(slot["kind"]) for slot in one.slots}
    needs = {
        FamilyKind.DOORWAY: {VariableKind.CITY},
        FamilyKind.TEMPLATE: {VariableKind.BRAND, VariableKind.CITY, VariableKind.PHONE},
    }
    if one.kind in needs and not kinds & needs[FamilyKind(one.kind)]:
        return False
    return all(
        _is_right(world, truth[one.pages[int(page)]], str(slot["kind"]), said)
        for slot in one.slots
        for page, said in _values(slot)
    )


def _values(slot: Mapping[str, object]) -> Iterable[tuple[str, str]]:
    values = slot["values"]
    assert isinstance(values, dict)
    return values.items()


def _is_right(world: World, page: PageTruth, kind: str, said: str) -> bool:
    """Tell whether a slot's words are the page's own town, brand, state or phone; other kinds are not known."""
    site = world.hosts[page.site]
    town = page.title.removeprefix(TOWN) if page.family_kind == FamilyKind.DOORWAY else site.city
    facts = {
        VariableKind.CITY: {town, site.city},
        VariableKind.STATE: {site.region, site.state},
        VariableKind.BRAND: {site.name},
        VariableKind.PHONE: {site_slots(site)["phone"]},
    }
    known = facts.get(VariableKind(kind))
    return known is None or any(fact.casefold() in said.casefold() for fact in known)


def _scored_spun(db: sqlite3.Connection, truth: Mapping[str, PageTruth]) -> Scored:
    """Score the pairs of a spun page and its source; a pair of two other pages is a mistake."""
    true = {
        frozenset({page.url, page.source})
        for page in truth.values()
        if page.family_kind == FamilyKind.SPUN and page.status == 200
    }
    true = {pair for pair in true if all(url in truth and truth[url].lines for url in pair)}
    found = {frozenset(pair) for pair in db.execute(SPUN)}
    hits = len(true & found)
    missed, extra = (tuple(sorted(min(pair) for pair in pairs)) for pairs in (true - found, found - true))
    return Scored(FamilyKind.SPUN, len(true), hits, hits, hits, extra, missed)
