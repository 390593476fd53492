"""Which lines belong to the frame of a site, and which only look so because a page has many siblings.

A line on a fifth of a site's pages and on five at least is chrome (on a real clinic site that took false near-duplicate
pairs from 39 to 0, and a cue that a menu item had fired on every page to 2 %). A doorway family breaks that rule: its
body stands on 60 % of the pages word for word. What tells the two apart is the company that a line keeps: the running
text of a family's pages consists mostly of lines that live on those pages alone, chrome is a small part of pages that
share nothing else.
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
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

__all__ = ["SiteLine", "own_lines", "site_lines"]

RULES = 2  # counts up when the rules change, so that stored texts are worked out again
SHARE = 0.2  # of a site's pages
LEAST = 5  # pages
PROSE = 60  # characters; shorter lines say nothing on what a page is about
BULK = 0.5  # of a page's running text
WITHIN = 0.9  # of a line's pages
WHOLE_SITE = 0.9  # of a site's pages
# names, places and numbers: what a doorway family swaps
SLOT = re.compile(r"\b(?:[A-Z][\w'’-]*(?:\s+[A-Z][\w'’-]*)*|\S*\d\S*)")


@dataclass(frozen=True, slots=True)
class SiteLine:
    """A line of a site's frame: as it was seen first, and on how many of the site's pages it stands."""

    line: str
    pages: int
    of: int

    @property
    def reason(self) -> str:
        """Say why the line is no page's own."""
        return f"on {self.pages} of {self.of} pages of the site"


def site_lines(pages: Iterable[Sequence[str]]) -> dict[str, SiteLine]:
    """Find the frame of one site: its lines by their folded form (``fold_line``), from the lines of all its pages.

    The order of pages does not matter. A site of fewer than five pages has no frame that could be told.
    """
    site = [tuple(page) for page in pages]
    least = max(LEAST, SHARE * len(site))
    exact = {key: where for key, where in _where(site, fold_line).items() if where.bit_count() >= least}
    masked = {key: where for key, where in _where(site, _masked).items() if where.bit_count() >= least}
    bodies = _bodies(site, exact, masked)
    first: dict[str, str] = {}
    for line in sorted({line for page in site for line in page}):
        first.setdefault(fold_line(line), line)
    return {
        key: SiteLine(first[key], where.bit_count(), len(site))
        for key, where in exact.items()
        if not _is_body(where, _masked(first[key]), bodies)
    }


def own_lines(lines: Iterable[str], frame: Mapping[str, SiteLine]) -> tuple[str, ...]:
    """Give the lines of a page that are not of its site's frame."""
    return tuple(line for line in lines if fold_line(line) not in frame)


@dataclass(frozen=True, slots=True)
class _Body:
    """The pages of a family as a bit set, and its lines where the family is the whole site."""

    where: int
    lines: frozenset[str] | None = None


def _is_body(where: int, masked: str, bodies: Sequence[_Body]) -> bool:
    return any(masked in body.lines if body.lines is not None else _lives_in(where, body.where) for body in bodies)


@lru_cache(maxsize=4_000)  # as fold_line: the lines of a site's frame come again on each of its pages
def _masked(line: str) -> str:
    """Fold a line with its names and numbers left out: equal for the same sentence about two cities.

    >>> _masked("Our Aurora clinic opened in 2019.") == _masked("Our Boise clinic opened in 2021.")
    True
    """
    return fold_line(SLOT.sub(" 0 ", line))


def _where(site: Sequence[Sequence[str]], form: Callable[[str], str]) -> dict[str, int]:
    """Say for each line, in a form, on which pages it stands: a bit a page."""
    found: dict[str, int] = defaultdict(int)
    for number, page in enumerate(site):
        for key in {form(line) for line in page}:
            found[key] |= 1 << number
    found.pop("", None)
    return found


def _lives_in(where: int, family: int) -> bool:
    return (where & family).bit_count() >= WITHIN * where.bit_count()


def _bodies(site: Sequence[Sequence[str]], exact: Mapping[str, int], masked: Mapping[str, int]) -> list[_Body]:
    """Find the families of a site: sets of pages whose running text mostly lives on them alone.

    The whole site is one family only where its running text is not that of a smaller one.
    """
    whole = WHOLE_SITE * len(site)
    prose = [[(_masked(line), len(line)) for line in page if len(line) >= PROSE] for page in site]
    everywhere = {key for key, where in masked.items() if where.bit_count() >= whole}
    special = [[each for each in page if each[0] not in everywhere] for page in prose]
    candidates = sorted({masked[key] for page in prose for key, _ in page if key in masked})
    parts = [_Body(where) for where in candidates if where.bit_count() < whole and _is_family(where, special, masked)]
    rest = {key: where for key, where in masked.items() if not any(_lives_in(where, part.where) for part in parts)}
    if any(where.bit_count() >= whole and _is_family(where, prose, rest) for where in candidates):
        parts.append(_Body(0, _between(site, exact)))
    return parts


def _is_family(where: int, prose: Sequence[Sequence[tuple[str, int]]], masked: Mapping[str, int]) -> bool:
    shares = list(_shares(where, prose, masked))
    return bool(shares) and median(shares) >= BULK


def _shares(where: int, prose: Sequence[Sequence[tuple[str, int]]], masked: Mapping[str, int]) -> Iterator[float]:
    """Give, for each page of a set, the share of its running text that lives within the set."""
    for number, page in enumerate(prose):
        if where >> number & 1:
            inside = sum(size for key, size in page if key in masked and _lives_in(masked[key], where))
            yield inside / max(1, sum(size for _, size in page))


def _between(site: Sequence[Sequence[str]], exact: Mapping[str, int]) -> frozenset[str]:
    """Where a whole site is one family, take for its body what stands from the first to the last line that varies."""
    body: set[str] = set()
    for page in site:
        vary = [place for place, line in enumerate(page) if fold_line(line) not in exact]
        body.update(_masked(line) for line in (page[vary[0] : vary[-1] + 1] if vary else ()))
    return frozenset(body)
