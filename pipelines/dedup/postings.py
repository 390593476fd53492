"""Which texts meet in how many sampled hashes: all samples in memory as sorted numbers, many texts looked up at once.

samples of all texts | one sorted array of (hash, text) | a stretch of it for each hash of the texts looked up | counts

Sixteen bytes a hash (it stands in the order of texts, too), some 40 hashes a text: 100,000 texts are 64 MB. With tables
of hashes in SQLite, what a page costs grew by half from 2,000 to 8,000 pages; see docs/families.md for now.

A hash that half of the corpus has brings half of the corpus together. So each text calls the hottest of its sample
*common*, and two texts do not meet by a hash that is common for both: see :mod:`pipelines.dedup.candidates`.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.dedup import candidates

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipelines.dedup.candidates import Ints, Set32

__all__ = ["Pairs", "Postings", "Sampled"]

Keys = NDArray[np.uint64]  # a hash in the upper 32 bits, the place of a text in the lower ones
MAX_ROWS = 1 << 19  # meetings that are counted at a time, unless a single text has more: 12 MB
TEXTS_AT_A_TIME = 2_000  # whose hottest hashes are looked for at a time
HALF, LOWER = np.uint64(32), np.uint64(0xFFFFFFFF)


class Sampled(NamedTuple):
    """A text to be met: its id, its sample's size as :func:`candidates.signed_size` gives it, and the sample."""

    id: int
    signed_size: int
    sample: Set32


class Pairs(NamedTuple):
    """Texts that meet, pair by pair."""

    one: Ints
    other: Ints


class _Meetings(NamedTuple):
    """Pairs of texts, and in how many hashes each pair meets."""

    one: Ints
    other: Ints
    times: Ints


class Postings:
    """The samples of all texts, ready to say which of them meet; texts are known by their place in the order of ids."""

    def __init__(self, texts: Iterable[Sampled]) -> None:
        rows = sorted(texts, key=lambda text: text.id)
        self._ids = np.array([text.id for text in rows], np.int64)
        self._signed_sizes = np.array([text.signed_size for text in rows], np.int64)
        self._thresholds = np.array([candidates.threshold(text.sample) for text in rows], np.uint64)
        sizes = np.array([len(text.sample) for text in rows], np.int64)
        hashes = np.concatenate([text.sample for text in rows]) if rows else np.empty(0, np.uint32)
        self._starts = np.concatenate(([0], np.cumsum(sizes)))
        self._by_text = np.repeat(np.arange(len(sizes), dtype=np.uint64) << HALF, sizes)
        self._by_text |= hashes
        self._common = self._hottest(hashes)
        self._rare_keys, self._common_keys = (self._keys(which) for which in (~self._common, self._common))
        self._common_starts = np.concatenate(([0], np.cumsum(self._common)))[self._starts]
        self._common_hashes = hashes[self._common]

    def _hottest(self, hashes: Set32) -> NDArray[np.bool_]:
        """Mark in each sample the hashes that most texts have, as many of them as may be called common."""
        known = np.sort(hashes)
        common = np.zeros(len(hashes), np.bool_)
        limits = candidates.max_common(self._signed_sizes)
        for first in range(0, len(self._ids), TEXTS_AT_A_TIME):
            last = min(first + TEXTS_AT_A_TIME, len(self._ids))
            part = slice(self._starts[first], self._starts[last])
            counts = known.searchsorted(hashes[part], "right") - known.searchsorted(hashes[part])
            places = (self._by_text[part] >> HALF).astype(np.int64)
            order = np.lexsort((-counts, places))
            rank = np.arange(len(order)) - (self._starts[places] - part.start)  # in the sample: text by text
            common[part][order] = rank < limits[places]
        return common

    def _keys(self, which: NDArray[np.bool_]) -> Keys:
        """Sort some of the hashes, each with its text."""
        keys = self._by_text[which]
        places = keys >> HALF
        keys <<= HALF
        keys |= places
        keys.sort()
        return keys

    def candidates(self, ids: Sequence[int], last: int) -> Pairs:
        """Give the candidates of these texts, by id; a text above ``last`` looks at those before it only.

        They are those that :mod:`pipelines.dedup.candidates` defines for a pair, found for many texts at once.
        """
        places = np.searchsorted(self._ids, np.array(ids, np.int64))
        ends = np.where(self._ids[places] > last, places, len(self._ids))
        probes = [self._probes(place, end) for place, end in zip(places.tolist(), ends.tolist(), strict=True)]
        found = [self._sharing_enough(self._count(some)) for some in _in_parts(probes)]
        one, other = (np.concatenate(side) for side in zip(*found, strict=True))
        return Pairs(self._ids[one], self._ids[other])

    def _probes(self, place: int, end: int) -> _Probes:
        """Find the stretches in which the hashes of a text stand: rare ones for all, common ones where rare."""
        of_text = slice(self._starts[place], self._starts[place + 1])
        hashes, common = self._by_text[of_text] << HALF, self._common[of_text]
        stretches = [
            _Stretches(keys, np.searchsorted(keys, wanted), np.searchsorted(keys, wanted | np.uint64(end)))
            for keys, wanted in ((self._rare_keys, hashes), (self._common_keys, hashes[~common]))
        ]
        return _Probes(place, stretches)

    def _count(self, probes: Sequence[_Probes]) -> _Meetings:
        """Count how often each pair meets; pairs are in order, and those that meet once are left out."""
        if len(probes) == 1 and probes[0].rows() > MAX_ROWS:
            return probes[0].counted(len(self._ids))
        pairs = np.sort(np.concatenate([probe.others() for probe in probes]))
        twice = pairs[1:][pairs[1:] == pairs[:-1]]
        found, again = np.unique(twice, return_counts=True)
        return _Meetings((found >> HALF).astype(np.int64), (found & LOWER).astype(np.int64), again + 1)

    def _sharing_enough(self, meetings: _Meetings) -> Pairs:
        """Choose the pairs that share enough: first by what they meet in, then by all that they share."""
        one, other, met = meetings
        enough = (met >= candidates.min_met(self._signed_sizes[one], self._signed_sizes[other])) & (one != other)
        one, other, met = one[enough], other[enough], met[enough]
        limit = np.minimum(self._thresholds[one], self._thresholds[other])
        smaller = np.minimum(self._below(one, limit), self._below(other, limit))
        enough = met + self._both_common(one, other) >= candidates.min_shared(smaller)
        return Pairs(one[enough], other[enough])

    def _below(self, places: Ints, limit: Keys) -> Ints:
        """Count the hashes of texts up to a limit for each."""
        keys = (places.astype(np.uint64) << HALF) | limit
        return np.searchsorted(self._by_text, keys, "right") - self._starts[places]

    def _both_common(self, one: Ints, other: Ints) -> Ints:
        """Count the hashes that both texts of each pair call common."""
        both = np.zeros(len(one), np.int64)
        if not len(self._common_keys):
            return both
        starts, ends = self._common_starts[one], self._common_starts[one + 1]
        for first, last in pairwise(_cuts(np.cumsum(ends - starts), MAX_ROWS // 4)):
            part = slice(first, last)
            pair = np.repeat(np.arange(last - first), (ends - starts)[part])
            keys = self._common_hashes[_ranges(starts[part], ends[part])].astype(np.uint64) << HALF
            keys |= other[part][pair].astype(np.uint64)
            found = np.minimum(np.searchsorted(self._common_keys, keys), len(self._common_keys) - 1)
            both[part] = np.bincount(pair[self._common_keys[found] == keys], minlength=last - first)
        return both


class _Stretches(NamedTuple):
    """Sorted keys, and in them the start and the end of the stretch of each hash of a text."""

    keys: Keys
    starts: Ints
    ends: Ints


class _Probes(NamedTuple):
    """Where the texts stand that a text meets: by hashes that are rare for them, and by those common for them."""

    place: int
    stretches: list[_Stretches]

    def rows(self) -> int:
        """Count the meetings."""
        return sum(int((ends - starts).sum()) for _, starts, ends in self.stretches)

    def others(self) -> Keys:
        """List whom the text meets, once for each hash, with the text itself in the upper 32 bits."""
        met = np.concatenate([keys[_ranges(starts, ends)] for keys, starts, ends in self.stretches])
        return (met & LOWER) | np.uint64(self.place << 32)

    def counted(self, texts: int) -> _Meetings:
        """Count as ``Postings._count`` does, in memory for as many numbers as there are texts, however many are met."""
        times = np.zeros(texts, np.int64)
        for keys, starts, ends in self.stretches:
            for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
                times[(keys[start:end] & LOWER).astype(np.int64)] += 1  # a text has a hash once
        others = np.flatnonzero(times > 1)
        return _Meetings(np.full(len(others), self.place), others, times[others])


def _ranges(starts: Ints, ends: Ints) -> Ints:
    """List the numbers of stretches one behind the other.

    >>> _ranges(np.array([3, 10]), np.array([5, 13])).tolist()
    [3, 4, 10, 11, 12]
    """
    counts = ends - starts
    skipped = np.repeat(starts - np.cumsum(counts) + counts, counts)
    return skipped + np.arange(len(skipped))


def _cuts(sums: Ints, most: int) -> list[int]:
    """Cut a row of things whose sizes sum up so into stretches of no more than ``most``, unless a single one has more.

    >>> _cuts(np.array([2, 4, 6, 20, 21]), 5)
    [0, 2, 3, 4, 5]
    """
    cuts = [0]
    while cuts[-1] < len(sums):
        done = int(sums[cuts[-1] - 1]) if cuts[-1] else 0
        cuts.append(max(cuts[-1] + 1, int(np.searchsorted(sums, done + most, "right"))))
    return cuts


def _in_parts(probes: Iterable[_Probes]) -> Iterator[list[_Probes]]:
    """Take as many texts together as memory allows."""
    part: list[_Probes] = []
    rows = 0
    for probe in probes:
        if part and rows + probe.rows() > MAX_ROWS:
            yield part
            part, rows = [], 0
        part.append(probe)
        rows += probe.rows()
    if part:
        yield part
