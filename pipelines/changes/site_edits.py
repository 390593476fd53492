"""What is known of a site when its edits are judged, and what the judgement says: values, no rules."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipelines.changes.repeat_fetch import Swap

__all__ = ["PRICED", "Held", "PageEdit", "SiteState", "zeroed"]

PRICED = re.compile(r"[$€£%]")
HASH = re.compile(r"\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{6,}\b")  # digits and letters up to f, as words never mix them


@dataclass(frozen=True, slots=True)
class PageEdit:
    """What differs on one page: each sentence that went and that came, with its place, and which stand for which.

    ``earlier`` are the lines that stand for others since the change before this one.
    """

    page: int
    gone: tuple[tuple[str, str], ...]
    come: tuple[tuple[str, str], ...]
    swaps: tuple[Swap, ...] = ()
    earlier: tuple[Swap, ...] = ()

    def units(self) -> set[str]:
        """Give the sentences of both sides."""
        return {key for key, _ in (*self.gone, *self.come)}


@dataclass(frozen=True, slots=True)
class SiteState:
    """What is known of the site beside its edits.

    ``before`` and ``after`` name the pages on which a sentence stood and stands, ``titles`` the pages that are called
    so, ``descriptions`` those whose head describes them so, ``openings`` each page's first sentences, sorted;
    ``known`` are sentences that were seen to change by themselves, with their numbers as 0 where they count; ``looked``
    those of which a second look told it in this very crawl; ``forms`` and ``between`` are what looks have taught too.
    """

    before: Mapping[str, frozenset[int]] = field(default_factory=dict)
    after: Mapping[str, frozenset[int]] = field(default_factory=dict)
    titles: Mapping[str, frozenset[int]] = field(default_factory=dict)
    descriptions: Mapping[str, frozenset[int]] = field(default_factory=dict)
    openings: tuple[tuple[str, int], ...] = ()
    known: frozenset[str] = frozenset()
    looked: frozenset[str] = frozenset()
    forms: tuple[str, ...] = ()
    between: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Held:
    """A sentence that is held back on a page: its place and why; ``lasting`` where it is so from now on."""

    key: str
    place: str
    why: str
    lasting: bool = False


def zeroed(key: str) -> str:
    """Write every number as 0, and the short hash of a build as well.

    >>> zeroed("1,204 cups served by build d1951f9")
    '0 cups served by build 0'
    """
    return re.sub(r"\d+(?:\s?[.,]\s?\d+)*", "0", HASH.sub("0", key))
