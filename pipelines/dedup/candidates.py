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
    "ceiling",
    "common_parts",
    "is_short",
    "least_met",
    "least_shared",
    "sample",
    "shorten",
    "told_size",
    "union",
]

Set32 = NDArray[np.uint32]
Ints = NDArray[np.int64]

RULES = "candidates 2"
RATE = 16  # one hash in so many is in the sample
FEWEST = 16  # hashes in a sample: a short text gives its lowest ones (bottom-k), or all
LIMIT = (1 << 32) // RATE
LEAST = 2  # shared hashes of a candidate
QUARTER = 4  # and one in so many of the smaller sample
IN_DOUBT = 2  # of the hashes that must be shared, one in so many may be common: the more, the fewer texts are met


def shorten(hashes: Hashes) -> Set32:
    """Keep the upper 32 bits, for storing: of two texts of 500 words each, a run matches by chance in 1 of 17,000."""
    return distinct((hashes >> np.uint64(32)).astype(np.uint32)) if len(hashes) else hashes.astype(np.uint32)


def union(raw: Set32, masked: Set32) -> Set32:
    """Put together what a text is known by: copies share most of the one set or of the other."""
    return raw if masked is raw else distinct(np.concatenate((raw, masked)))


def sample(hashes: Set32) -> Set32:
    """Take the hashes below a threshold: 1/16 of all, and the 16 lowest of a short text."""
    count = int(np.searchsorted(hashes, np.uint32(LIMIT)))
    return hashes[: max(count, min(FEWEST, len(hashes)))]


def least_shared(size: Ints) -> Ints:
    """Say how many hashes samples of these sizes must share with ones that are not smaller.

    >>> least_shared(np.array([3, 16, 30])).tolist()
    [2, 4, 8]
    """
    return np.maximum(LEAST, -(-size // QUARTER))


def is_short(sample: Set32) -> bool:
    """Tell a short text, whose sample reaches above the common threshold of 1/16."""
    return len(sample) < FEWEST or bool(sample[-1] >= LIMIT)


def ceiling(sample: Set32) -> int:
    """Give the threshold of a sample: the common one, or the last hash of a short text."""
    return max(LIMIT, int(sample[-1])) if len(sample) else LIMIT


def told_size(sample: Set32) -> int:
    """Count the hashes of a sample below the common threshold; of a short text, that many below zero.

    >>> told_size(np.arange(20, dtype=np.uint32)), told_size(np.arange(5, dtype=np.uint32))
    (20, -5)
    """
    count = int(np.searchsorted(sample, LIMIT))
    return -count if is_short(sample) else count


def common_parts(told: Ints) -> Ints:
    """Say how many hashes of samples may be called common without losing a candidate; sizes as :func:`told_size` says.

    A pair shares ``least_shared`` hashes of the smaller sample at least; all but so many are rare for one of the two.
    A short text calls none common, as of its sample a longer text may share any two.

    >>> common_parts(np.array([30, -9])).tolist()
    [3, 0]
    """
    return np.where(told > 0, (least_shared(told) - LEAST) // IN_DOUBT, 0)


def least_met(one: Ints, other: Ints) -> Ints:
    """Say in how many hashes texts of such samples meet if they are candidates, the common ones of both left out.

    Of two short texts either threshold may be the lower one.

    >>> least_met(np.array([30, -9, -9]), np.array([100, 100, -16])).tolist()
    [5, 3, 2]
    """
    least = least_shared(np.minimum(abs(one), abs(other)))
    short = (one <= 0).astype(np.int64) + (other <= 0)
    return np.where(short == 0, least - (least - LEAST) // IN_DOUBT, np.where(short == 1, least, LEAST))
