"""Which texts to compare: a consistent sample of the hashes of each, and how many of them two copies must share.

A pair is a candidate where, of the hashes below the lower of both thresholds, it shares at least 2 and a quarter of the
smaller sample. That is a property of the pair and of nothing else, so neither order of arrival nor what else is in the
corpus changes it. MinHash banding found .23-.83 of contained texts at the same cost, such a sample all of them.

Runs of words that half of the corpus uses would make each text a candidate of half the corpus. They are not capped and
not stopped: each text names the hottest of its sample as *common*, and two texts meet only by hashes that are rare for
one of them at least. As a text names fewer hashes common than a copy must share with it, no candidate is lost by that,
whatever is taken for hot (pigeonhole); what is hot decides about speed alone.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pipelines.fingerprint import Hashes

__all__ = [
    "Set32",
    "common_part",
    "is_candidate",
    "least_met",
    "least_shared",
    "sample",
    "shorten",
    "told_size",
    "union",
]

Set32 = NDArray[np.uint32]

RULES = "candidates 1"
RATE = 16  # one hash in so many is in the sample
FEWEST = 16  # hashes in a sample: a short text gives its lowest ones (bottom-k), or all
LIMIT = (1 << 32) // RATE
LEAST = 2  # shared hashes of a candidate
QUARTER = 4  # and one in so many of the smaller sample
IN_DOUBT = 2  # of the hashes that must be shared, one in so many may be common: the more, the fewer texts are met


def shorten(hashes: Hashes) -> Set32:
    """Keep the upper 32 bits, for storing: of two texts of 500 words each, a run matches by chance in 1 of 17,000."""
    return np.unique((hashes >> np.uint64(32)).astype(np.uint32))


def union(raw: Set32, masked: Set32) -> Set32:
    """Put together what a text is known by: copies share most of the one set or of the other."""
    return raw if masked is raw or not len(masked) else np.union1d(raw, masked)


def sample(hashes: Set32) -> Set32:
    """Take the hashes below a threshold: 1/16 of all, and the 16 lowest of a short text."""
    count = int(np.searchsorted(hashes, np.uint32(LIMIT)))
    return hashes[: max(count, min(FEWEST, len(hashes)))]


def least_shared(size: int) -> int:
    """Say how many hashes a sample of this size must share with one that is not smaller.

    >>> [least_shared(size) for size in (3, 16, 30)]
    [2, 4, 8]
    """
    return max(LEAST, -(-size // QUARTER))


def told_size(sample: Set32) -> int:
    """Give the size of a sample of 1/16; 0 of a short text, whose sample reaches above that threshold."""
    return len(sample) if len(sample) >= FEWEST and sample[-1] < LIMIT else 0


def common_part(sample: Set32) -> int:
    """Say how many hashes of a sample may be called common without losing a candidate.

    A pair shares ``least_shared`` hashes of the smaller sample at least; all but so many are rare for one of the two.
    A short text calls none common, as of its sample a longer text may share any two.
    """
    return (least_shared(told_size(sample)) - LEAST) // IN_DOUBT


@lru_cache(maxsize=10_000)  # asked for each pair of texts that meet
def least_met(size: int) -> int:
    """Say in how many hashes two texts meet that are candidates, the common ones of both left out.

    >>> [least_met(size) for size in (0, 16, 30, 100)]
    [2, 3, 5, 14]
    """
    return least_shared(size) - (least_shared(size) - LEAST) // IN_DOUBT


def is_candidate(one: Set32, other: Set32) -> bool:
    """Tell whether two samples share enough, below the lower of their thresholds."""
    if not len(one) or not len(other):
        return False
    limit = min(max(int(one[-1]), LIMIT), max(int(other[-1]), LIMIT))
    small, large = sorted(
        (one[: np.searchsorted(one, limit, "right")], other[: np.searchsorted(other, limit, "right")]), key=len
    )
    if not len(small):
        return False
    at = np.minimum(np.searchsorted(large, small), len(large) - 1)
    return int((large[at] == small).sum()) >= least_shared(len(small))
