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

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipelines.text.hashes import distinct

if TYPE_CHECKING:
    from pipelines.text.hashes import Hashes

__all__ = [
    "Ints",
    "Set32",
    "max_common",
    "min_met",
    "min_shared",
    "sample",
    "shorten",
    "signed_size",
    "threshold",
    "union",
]

Set32 = NDArray[np.uint32]
Ints = NDArray[np.int64]

RULES = "candidates 2"
SAMPLE_RATE = 16  # one hash in so many is in the sample
MIN_SAMPLE = 16  # hashes: a short text gives its lowest ones (bottom-k), or all
COMMON_THRESHOLD = (1 << 32) // SAMPLE_RATE
MIN_SHARED = 2  # hashes of a candidate
SHARED_RATE = 4  # and one in so many of the smaller sample
COMMON_RATE = 2  # of the hashes that must be shared, one in so many may be common: the more, the fewer texts are met


def shorten(hashes: Hashes) -> Set32:
    """Take the upper 32 bits, for storing: of two texts of 500 words each, a run matches by chance in 1 of 17,000."""
    return distinct((hashes >> np.uint64(32)).astype(np.uint32)) if len(hashes) else hashes.astype(np.uint32)


def union(raw: Set32, masked: Set32) -> Set32:
    """Put together what a text is known by: copies share most of the one set or of the other."""
    return raw if masked is raw else distinct(np.concatenate((raw, masked)))


def sample(hashes: Set32) -> Set32:
    """Take the hashes below a threshold: 1/16 of all, and the 16 lowest of a short text."""
    count = int(np.searchsorted(hashes, np.uint32(COMMON_THRESHOLD)))
    return hashes[: max(count, min(MIN_SAMPLE, len(hashes)))]


def min_shared(size: Ints) -> Ints:
    """Say how many hashes samples of these sizes must share with ones that are not smaller.

    >>> min_shared(np.array([3, 16, 30])).tolist()
    [2, 4, 8]
    """
    return np.maximum(MIN_SHARED, -(-size // SHARED_RATE))


def threshold(sample: Set32) -> int:
    """Give the threshold of a sample: the common one, or the last hash of a short text."""
    return max(COMMON_THRESHOLD, int(sample[-1])) if len(sample) else COMMON_THRESHOLD


def signed_size(sample: Set32) -> int:
    """Count the hashes of a sample below the common threshold; of a short text, that many below zero.

    A text is short where its sample reaches above the threshold of 1/16.

    >>> signed_size(np.arange(20, dtype=np.uint32)), signed_size(np.arange(5, dtype=np.uint32))
    (20, -5)
    """
    count = int(np.searchsorted(sample, COMMON_THRESHOLD))
    is_short = len(sample) < MIN_SAMPLE or bool(sample[-1] >= COMMON_THRESHOLD)
    return -count if is_short else count


def max_common(signed_sizes: Ints) -> Ints:
    """Say how many hashes of samples may be called common without losing a candidate, by :func:`signed_size`.

    A pair shares ``min_shared`` hashes of the smaller sample at least; all but so many are rare for one of the two.
    A short text calls none common, as of its sample a longer text may share any two.

    >>> max_common(np.array([30, -9])).tolist()
    [3, 0]
    """
    return np.where(signed_sizes > 0, (min_shared(signed_sizes) - MIN_SHARED) // COMMON_RATE, 0)


def min_met(one: Ints, other: Ints) -> Ints:
    """Say in how many hashes texts of such samples meet if they are candidates, the common ones of both left out.

    Of two short texts either threshold may be the lower one.

    >>> min_met(np.array([30, -9, -9]), np.array([100, 100, -16])).tolist()
    [5, 3, 2]
    """
    least = min_shared(np.minimum(abs(one), abs(other)))
    short = (one <= 0).astype(np.int64) + (other <= 0)
    return np.where(short == 0, least - (least - MIN_SHARED) // COMMON_RATE, np.where(short == 1, least, MIN_SHARED))
