"""Which lines are the boilerplate of a site, and which only look so because a page has many siblings.

A line on a fifth of a site's pages and on five at least is boilerplate (on a real clinic site that took false
near-duplicate pairs from 39 to 0, and a cue that a menu item had fired on every page to 2 %). A doorway family breaks
that rule: its body stands on 60 % of the pages word for word. What distinguishes the two is the company of a line: the
running text of a family's pages consists mostly of lines that live on those pages alone, boilerplate is a small part of
pages that share nothing else.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from statistics import median
from typing import TYPE_CHECKING

from pipelines.text.normalise import fold_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

__all__ = ["RULES", "BoilerplateLine", "find_boilerplate", "mask_swapped", "remove_boilerplate"]

RULES = 2  # counts up when the rules change, so that stored texts are worked out again
MIN_SHARE_OF_PAGES = 0.2  # of a site, on which boilerplate stands; and on so many pages:
MIN_PAGES = 5
MIN_PROSE_CHARACTERS = 60  # shorter lines say nothing on what a page is about
MIN_FAMILY_SHARE = 0.5  # of a page's running text that lives within its family
LIVES_WITHIN = 0.9  # of a line's pages that are in the family
WHOLE_SITE = 0.9  # of a site's pages
NAME = r"[A-Z][\w'’-]*"
NAMES = re.compile(rf"\b{NAME}(?:\s+{NAME})*")
# Names, places and numbers: what a doorway family swaps.
# From each edge of a word, a digit is looked for up to the next blank. So a long stretch without a digit is taken
# whole, with the names behind it, and searched for names alone: else a line of 60,000 signs without a blank took hours.
SWAPPED = re.compile(rf"{NAMES.pattern}|\b(?:\S*\d\S*|(?P<no_digit>\S{{64,}}+(?:\s+{NAME})*))")

PageSet = int  # a bit a page: sets of pages are compared some thousand times a site
Prose = list[list[tuple[str, int]]]  # the longer lines of each page: (masked line, characters)


@dataclass(frozen=True, slots=True)
class BoilerplateLine:
    """A line of a site's boilerplate as it was seen first, on how many pages it stands, and how many there are."""

    line: str
    pages: int
    site_pages: int

    @property
    def reason(self) -> str:
        """Say why the line is no content."""
        return f"on {self.pages} of {self.site_pages} pages of the site"


@dataclass(frozen=True, slots=True)
class _Family:
    """The pages of a family, and the masked lines of its body where the family is the whole site."""

    pages: PageSet
    lines: frozenset[str] | None = None


def remove_boilerplate(lines: Iterable[str], boilerplate: Mapping[str, BoilerplateLine]) -> tuple[str, ...]:
    """Give the lines of a page that are its content."""
    return tuple(line for line in lines if fold_line(line) not in boilerplate)


def find_boilerplate(pages: Iterable[Sequence[str]]) -> dict[str, BoilerplateLine]:
    """Find the boilerplate of one site by folded line (``clean.fold``), from the lines of all its pages.

    The order of pages does not matter. A site of fewer than five pages has none that could be found.
    """
    site = [tuple(page) for page in pages]
    least = max(MIN_PAGES, MIN_SHARE_OF_PAGES * len(site))
    exact = {line: on for line, on in _pages_of_lines(site, fold_line).items() if on.bit_count() >= least}
    masked = {line: on for line, on in _pages_of_lines(site, mask_swapped).items() if on.bit_count() >= least}
    families = _find_families(site, exact, masked)
    first_seen: dict[str, str] = {}
    for line in sorted({line for page in site for line in page}):
        first_seen.setdefault(fold_line(line), line)
    boilerplate = {}
    for key, on in exact.items():
        body_line = mask_swapped(first_seen[key])
        is_body = any(
            _lives_within(on, family.pages) if family.lines is None else body_line in family.lines
            for family in families
        )
        if not is_body:
            boilerplate[key] = BoilerplateLine(first_seen[key], on.bit_count(), len(site))
    return boilerplate


@lru_cache(maxsize=4_000)  # as fold: the lines of a site's menus come again on each of its pages
def mask_swapped(line: str) -> str:
    """Fold a line with its names and numbers left out: equal for the same sentence about two cities.

    >>> mask_swapped("Our Aurora clinic opened in 2019.") == mask_swapped("Our Boise clinic opened in 2021.")
    True
    """
    return fold_line(SWAPPED.sub(_blank, line))


def _blank(swapped: re.Match[str]) -> str:
    return NAMES.sub(" 0 ", swapped["no_digit"]) if swapped["no_digit"] else " 0 "


def _pages_of_lines(site: Sequence[Sequence[str]], form: Callable[[str], str]) -> dict[str, PageSet]:
    """Say for each line, in a form, on which pages it stands."""
    found: dict[str, PageSet] = defaultdict(int)
    for number, page in enumerate(site):
        for line in {form(line) for line in page}:
            found[line] |= 1 << number
    found.pop("", None)
    return found


def _find_families(
    site: Sequence[Sequence[str]], exact: Mapping[str, PageSet], masked: Mapping[str, PageSet]
) -> list[_Family]:
    """Find the families of a site: sets of pages whose running text mostly lives on them alone.

    Candidates are the page sets of the longer lines. The whole site is one family only where its running text is not
    that of a smaller one.
    """
    whole = WHOLE_SITE * len(site)
    prose = [[(mask_swapped(line), len(line)) for line in page if len(line) >= MIN_PROSE_CHARACTERS] for page in site]
    everywhere = {line for line, on in masked.items() if on.bit_count() >= whole}
    without_everywhere = [[each for each in page if each[0] not in everywhere] for page in prose]
    candidates = sorted({masked[line] for page in prose for line, _ in page if line in masked})
    families = [
        _Family(on) for on in candidates if on.bit_count() < whole and _is_family(on, without_everywhere, masked)
    ]
    rest = {line: on for line, on in masked.items() if not any(_lives_within(on, one.pages) for one in families)}
    if any(on.bit_count() >= whole and _is_family(on, prose, rest) for on in candidates):
        # all pages have menu and body alike; the body is what stands from the first to the last line that varies
        body: set[str] = set()
        for page in site:
            varying = [place for place, line in enumerate(page) if fold_line(line) not in exact]
            body.update(mask_swapped(line) for line in (page[varying[0] : varying[-1] + 1] if varying else ()))
        families.append(_Family(0, frozenset(body)))
    return families


def _is_family(pages: PageSet, prose: Prose, masked: Mapping[str, PageSet]) -> bool:
    """Tell whether, on the median page of a set, half of the running text lives within the set."""
    shares = []
    for number, page in enumerate(prose):
        if pages >> number & 1:
            inside = sum(size for line, size in page if line in masked and _lives_within(masked[line], pages))
            shares.append(inside / max(1, sum(size for _, size in page)))
    return bool(shares) and median(shares) >= MIN_FAMILY_SHARE


def _lives_within(pages: PageSet, family: PageSet) -> bool:
    return (pages & family).bit_count() >= LIVES_WITHIN * pages.bit_count()
