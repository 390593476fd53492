"""What a pair of texts is by definition, worked out one by one: what the search in many at once is held against."""

from __future__ import annotations

import numpy as np

from pipelines.dedup import candidates


def is_candidate(one: candidates.Set32, other: candidates.Set32) -> bool:
    """Tell whether two samples share enough, below the lower of their thresholds."""
    if not len(one) or not len(other):
        return False
    limit = min(candidates.threshold(one), candidates.threshold(other))
    small, large = sorted(
        (one[: np.searchsorted(one, limit, "right")], other[: np.searchsorted(other, limit, "right")]), key=len
    )
    if not len(small):
        return False
    at = np.minimum(np.searchsorted(large, small), len(large) - 1)
    return int((large[at] == small).sum()) * candidates.SHARED_RATE >= max(
        candidates.MIN_SHARED * candidates.SHARED_RATE, len(small)
    )
