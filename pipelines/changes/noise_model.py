"""The values that the noise rules work on: an edit of a page, what is known of its site, a line that is suppressed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipelines.changes.region_diff import Line, Swap

__all__ = [
    "AROUND_CONTENT",
    "PRICE_SIGN",
    "SEVERAL_PAGES",
    "IsClaim",
    "PageEdit",
    "Reason",
    "SiteState",
    "Suppressed",
    "is_plain",
    "nameless",
    "zeroed",
]

IsClaim = Callable[[str], bool]  # whether a line has wording that matters to a patient

SEVERAL_PAGES = 3  # that must do the same at once: two pages are edited together, too
PRICE_SIGN = re.compile(r"[$€£%]")
AROUND_CONTENT = frozenset({"boilerplate", "other_text", "menu"})  # regions
HASH = re.compile(r"\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{6,}\b")  # digits and letters up to f, as words never mix them


class Reason(StrEnum):
    """Why a line is suppressed, as stored with the version and as people read it; the rules are in noise.py."""

    KNOWN = "seen to change by itself before"
    COUNTER = "counter: another number or name on each page"
    ROTATES = "rotates among pages of the site"
    LISTED = "title or beginning of another page of the site"
    REPEAT_FETCH = "was another at a repeat fetch"
    PATTERN = "of a form that was filled otherwise at a repeat fetch"
    TURNS = "another at each crawl, on several pages"
    IN_PLACE = "stands in the place of what changes by itself"
    WITH_LISTED = "stands with the titles of other pages"

    @property
    def is_lasting(self) -> bool:
        """Tell whether the line is dynamic from now on, so that it is known in later crawls without other evidence."""
        return self in {Reason.COUNTER, Reason.ROTATES, Reason.TURNS, Reason.IN_PLACE}


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A differing line of a page that is dynamic content and counts as no change, and why."""

    text: str
    region: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class PageEdit:
    """What differs on one page: the sentences that were removed and added, and which stand in the place of which.

    ``earlier_swaps`` are those of the change before this one.
    """

    page: int
    removed: tuple[Line, ...]
    added: tuple[Line, ...]
    swaps: tuple[Swap, ...] = ()
    earlier_swaps: tuple[Swap, ...] = ()

    def lines(self) -> tuple[Line, ...]:
        """Give the differing lines of both sides."""
        return (*self.removed, *self.added)

    def texts(self) -> set[str]:
        """Give the texts of both sides, each once."""
        return {line.text for line in self.lines()}


@dataclass(frozen=True, slots=True)
class SiteState:
    """What is known of a site beside its edits, each sentence with the pages that have it.

    ``before`` and ``after`` say where the sentences of the edits stood and stand; ``titles`` and ``descriptions`` are
    what pages are called and how their heads describe them; ``openings`` are (sentence, page) of each page's first
    sentences, sorted. ``shown_earlier`` are the pictures that a page had in versions before its last. What is known to
    be dynamic: ``known`` lines of earlier crawls (counters with their numbers as 0), ``repeat_fetched`` lines that a
    repeat fetch of this crawl saw change, ``patterns`` of lines and ``gaps`` between two lines, as
    :mod:`pipelines.changes.noise_repeat_fetch` writes them.
    """

    before: Mapping[str, frozenset[int]] = field(default_factory=dict)
    after: Mapping[str, frozenset[int]] = field(default_factory=dict)
    titles: Mapping[str, frozenset[int]] = field(default_factory=dict)
    descriptions: Mapping[str, frozenset[int]] = field(default_factory=dict)
    openings: tuple[tuple[str, int], ...] = ()
    known: frozenset[str] = frozenset()
    repeat_fetched: frozenset[str] = frozenset()
    patterns: tuple[str, ...] = ()
    shown_earlier: Mapping[int, frozenset[str]] = field(default_factory=dict)
    gaps: frozenset[str] = frozenset()


def zeroed(text: str) -> str:
    """Write every number as 0, and the short hash of a build as well.

    >>> zeroed("1,204 cups served by build d1951f9")
    '0 cups served by build 0'
    """
    return re.sub(r"\d+(?:\s?[.,]\s?\d+)*", "0", HASH.sub("0", text))


def nameless(text: str) -> str:
    """Write every name (a capital letter within the line) as a mark, and every number as 0.

    >>> nameless("On duty now: Dana and Luis")
    'On duty now: ~ and ~'
    """
    return re.sub(r"(?<=\s)[A-Z][\w’'-]*", "~", zeroed(text))


def is_plain(text: str, is_claim: IsClaim) -> bool:
    """Tell a line without a claim and without a price."""
    return not PRICE_SIGN.search(text) and not is_claim(text)
