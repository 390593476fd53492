"""The regions of a page that are read for claims, as lines; what a site repeats becomes texts of its own.

columns of a reading | lines by region | lines that the site repeats go to its boilerplate | groups of such lines

A disclosure in a footer is on each page of its site, but it is one sentence that somebody wrote once. So the lines of
header, footer and menu, and what other regions repeat from page to page, are put into groups: lines that are shown by
exactly the same versions of the site are one text. Each line is in one group, so it is scanned once a site, and each
version names the groups that it shows, so it counts for exactly the pages that have it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pipelines.changes.boilerplate import MIN_PAGES, MIN_SHARE_OF_PAGES
from pipelines.text.normalise import fold_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = [
    "BOILERPLATE",
    "MAIN",
    "REGIONS",
    "REGION_MEANINGS",
    "LeftOut",
    "SiteBoilerplate",
    "SiteLines",
    "find_site_boilerplate",
    "region_lines",
    "split_boilerplate",
]

MAIN, BOILERPLATE, HIDDEN = "text", "boilerplate", "hidden"
#: what each region is, in the order in which a sentence that stands in several is shown
REGION_MEANINGS = {
    MAIN: "The main text, without the lines that the site repeats.",
    "other_text": "Other visible text of the page.",
    "title": "The page's title, as the head has it for browsers, search engines and networks.",
    "description": "The page's description in the head.",
    "headings": "A heading that the main text leaves out, because it is the title or stands there already.",
    "structured": "Text in JSON-LD, such as questions with answers.",
    "alternatives": "Descriptions of images.",
    BOILERPLATE: "Header, footer and menu, and lines that the site repeats: one text for the pages that show them.",
    HIDDEN: "Text that the page has and does not show.",
}
REGIONS = tuple(REGION_MEANINGS)
REPEATABLE = frozenset({"other_text", "headings", "structured", "alternatives"})
MENU = "menu"  # why a line was left out of the main text
READING_FAILED = "reading failed"
SIGNATURES = 1 << 128


class LeftOut(NamedTuple):
    """A line that was taken out of the main text, and why."""

    line: str
    why: str


def region_lines(
    columns: Mapping[str, str], left_out: Iterable[LeftOut], boilerplate: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """Give the lines of each region of a version beside its main text, each line once in its region.

    ``columns`` are those of its reading, with ``text`` for the main text; ``left_out`` are lines that rules took out
    of that, ``boilerplate`` those that its site repeats. Headings and other text leave out what the main text has;
    other text leaves out what stands in a heading or in the boilerplate, too.
    """
    main = {fold_line(line) for line in columns["text"].split("\n")}
    menu = [line for line, why in left_out if why == MENU]
    other = [line for line, why in left_out if why != MENU and not why.startswith(READING_FAILED)]
    framed = _lines([*columns["boilerplate"].split("\n"), *columns["menu"].split("\n"), *menu, *boilerplate])
    headings = _lines(columns["headings"].split("\n"), without=main)
    elsewhere = main | {fold_line(line) for line in (*headings, *framed)}
    return {
        "other_text": _lines([*columns["other_text"].split("\n"), *other], without=elsewhere),
        "title": _lines((columns["titles"] or columns["title"]).split("\n")),
        "description": _lines((columns["descriptions"] or columns["description"]).split("\n")),
        "headings": headings,
        "structured": _lines(columns["structured"].split("\n")),
        "alternatives": _lines(columns["alternatives"].split("\n")),
        BOILERPLATE: framed,
        HIDDEN: _lines(columns["hidden"].split("\n")),
    }


def _lines(lines: Iterable[str], without: set[str] | frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Leave out repeats, what is in ``without`` (folded), and lines that have no letter."""
    found: dict[str, str] = {}
    for line in lines:
        key = fold_line(line)
        if key not in without and any(map(str.isalpha, key)):
            found.setdefault(key, line)
    return tuple(found.values())


@dataclass(slots=True)
class _Spread:
    """How far a line is spread over a site: pages, and which versions show it, in all and as boilerplate.

    Sets of versions are told apart by the sum of a hash of each: two sums are equal where two sets are.
    """

    pages: int = 0
    page: int = 0  # the last one
    versions: int = 0
    framed: int = 0


@dataclass(slots=True)
class SiteLines:
    """The lines of a site's regions with their spread; versions are added page by page."""

    pages: int = 0
    page: int = 0
    spreads: dict[str, _Spread] = field(default_factory=dict)

    def add(self, page: int, version: int, regions: Mapping[str, tuple[str, ...]]) -> None:
        """Count the lines of a version; all versions of a page come one after the other."""
        name = int.from_bytes(hashlib.blake2b(b"%d" % version, digest_size=16).digest())
        self.pages += page != self.page
        self.page = page
        framed = {fold_line(line) for line in regions[BOILERPLATE]}
        every = framed | {fold_line(line) for region in REPEATABLE for line in regions[region]}
        for key in every:
            spread = self.spreads.setdefault(key, _Spread())
            spread.pages += page != spread.page
            spread.page = page
            spread.versions = (spread.versions + name) % SIGNATURES
            if key in framed:
                spread.framed = (spread.framed + name) % SIGNATURES


class SiteBoilerplate(NamedTuple):
    """The lines, folded, that are boilerplate of a site, each with its group; those that any region may repeat."""

    groups: dict[str, int]
    repeated: frozenset[str]


def find_site_boilerplate(site: SiteLines) -> SiteBoilerplate:
    """Group the boilerplate of a site: all lines of its headers, footers and menus, and lines that it repeats.

    Repeated is what stands on a fifth of its pages and on five at least, as in its main texts.
    """
    least = max(MIN_PAGES, MIN_SHARE_OF_PAGES * site.pages)
    repeated = frozenset(key for key, spread in site.spreads.items() if spread.pages >= least)
    groups = {
        key: spread.versions if key in repeated else spread.framed
        for key, spread in site.spreads.items()
        if key in repeated or spread.framed
    }
    return SiteBoilerplate(groups, repeated)


def split_boilerplate(
    regions: Mapping[str, tuple[str, ...]], site: SiteBoilerplate
) -> tuple[dict[str, tuple[str, ...]], dict[int, tuple[str, ...]]]:
    """Take what a site repeats out of the regions of a version; gives those, and the version's groups of boilerplate.

    A group has the same lines in each version that shows it; their order is that of this version.
    """
    groups: dict[int, dict[str, str]] = {}
    own: dict[str, tuple[str, ...]] = {}
    for region in (BOILERPLATE, *(name for name in REGIONS if name in regions and name != BOILERPLATE)):
        kept = []
        for key, line in _folded(regions[region]):
            if region == BOILERPLATE or (region in REPEATABLE and key in site.repeated):
                groups.setdefault(site.groups[key], {}).setdefault(key, line)
            else:
                kept.append(line)
        if kept:
            own[region] = tuple(kept)
    return own, {group: tuple(lines.values()) for group, lines in groups.items()}


def _folded(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    return ((fold_line(line), line) for line in lines)
