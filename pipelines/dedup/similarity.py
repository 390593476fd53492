"""Families of copies: how two texts relate, and which pages hang together by texts that are near.

Pure: hashes in, relations and groups out. A text that holds another one is told of, and merges nothing: containment
as glue made one family of 7,251 out of 10,230 documents.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipelines.dedup.candidates import Set32

__all__ = ["RULES", "Asked", "Figures", "Groups", "How", "Relation", "figures", "is_near", "relation"]

RULES = "families 4"
NEAR = 0.5  # of the runs of both texts together
MOST = 0.62  # of the longer text's runs: half of a text is an excerpt, and excerpts chain; see docs/families.md
MIN_NEAR = 10  # runs: below that two texts are the same or they are not
CONTAINED = 0.75  # of the shorter text's runs
PASSAGES = 0.3
MIN_PART = 50  # runs of the shorter text, and half as many that are shared
LOW = np.uint32(0xFFFF)  # bits of a hash that tell most of what a set does not have


class Relation(StrEnum):
    """How two texts relate; only ``NEAR`` makes a family."""

    NEAR = "near"
    CONTAINED = "contained"
    PASSAGES = "passages"


class How(StrEnum):
    """Why a page is of its family, seen from the representative; ``CHAIN`` is by way of other members."""

    REPRESENTATIVE = "representative"
    EXACT = "exact"
    NEAR = "near"
    MASKED = "masked"
    CHAIN = "chain"


class Figures(NamedTuple):
    """What two sets of runs share: how many, and the sizes of the smaller and the larger set."""

    shared: int
    smaller: int
    larger: int

    @property
    def similarity(self) -> float:
        """Give the Jaccard similarity: shared runs to all runs."""
        return self.shared / max(1, self.smaller + self.larger - self.shared)

    @property
    def share(self) -> float:
        """Give how much of the smaller set the larger one has."""
        return self.shared / max(1, self.smaller)


def figures(one: NDArray[Any], other: NDArray[Any]) -> Figures:
    """Count what two sorted sets of distinct hashes share."""
    small, large = sorted((one, other), key=len)
    if not len(small):
        return Figures(0, 0, len(large))
    found = large.take(large.searchsorted(small), mode="clip") == small
    return Figures(int(np.count_nonzero(found)), len(small), len(large))


class Asked:
    """A set that many others are held against: a table of the lowest bits of its hashes spares most of the search.

    Gives what :func:`figures` gives, in a third of its time where two texts share little.
    """

    def __init__(self, hashes: Set32) -> None:
        self.hashes = hashes
        self.likely = np.zeros(int(LOW) + 1, np.bool_)
        self.likely[hashes & LOW] = True

    def figures(self, other: Set32) -> Figures:
        """Count what this set and another one share."""
        some = other.compress(self.likely.take(other & LOW))
        found = self.hashes.take(self.hashes.searchsorted(some), mode="clip") == some
        smaller, larger = sorted((len(self.hashes), len(other)))
        return Figures(int(np.count_nonzero(found)), smaller, larger)


def is_near(told: Figures) -> bool:
    """Tell whether two texts are copies of each other: most of the longer one is in both."""
    return told.smaller >= MIN_NEAR and told.similarity >= NEAR and told.shared >= MOST * told.larger


def relation(raw: Figures, masked: Figures) -> Relation | None:
    """Say how two texts relate by their figures as they stand and with names masked.

    >>> relation(Figures(90, 100, 110), Figures(90, 100, 110))
    <Relation.NEAR: 'near'>
    >>> relation(Figures(90, 100, 800), Figures(0, 1, 1))
    <Relation.CONTAINED: 'contained'>
    """
    if is_near(raw) or is_near(masked):
        return Relation.NEAR
    share = max(_part(raw), _part(masked))
    if share >= CONTAINED:
        return Relation.CONTAINED
    return Relation.PASSAGES if share >= PASSAGES else None


def _part(told: Figures) -> float:
    """Give how much of a text stands in another one, where both it and what they share are long enough to tell."""
    return told.share if told.smaller >= MIN_PART and told.shared * 2 >= MIN_PART else 0.0


class Groups:
    """Which things hang together; the answer does not depend on the order in which they were joined."""

    def __init__(self) -> None:
        self._parent: dict[int, int] = {}

    def root(self, one: int) -> int:
        """Name what stands for the group of a thing."""
        while (parent := self._parent.setdefault(one, one)) != one:
            self._parent[one] = self._parent[parent]
            one = parent
        return one

    def join(self, one: int, other: int) -> None:
        """Say that two things hang together."""
        self._parent[self.root(one)] = self.root(other)

    def known(self) -> set[int]:
        """Name all that was ever asked for."""
        return set(self._parent)
