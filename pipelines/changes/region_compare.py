"""Whether two readings of a page say the same, and in which places they do not: by a hash of each place.

The hashes come with the reading (:mod:`pipelines.changes.region_hashes`: counters and dates of today count as
nothing); where a reading
has none, its places are hashed as they are.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pipelines.text.encode import sanitise, sha256

if TYPE_CHECKING:
    from pipelines.model.records import Reading

__all__ = ["LITTLE", "collapsed", "differing", "told_of"]

MUCH = 60  # words that a page must have said for us to call it collapsed
LITTLE = 0.1  # of what it said


def told_of(reading: Reading) -> dict[str, str]:
    """Give the hash of each place of a reading."""
    if reading.told:
        return dict(reading.told)
    places = {
        "visible": f"{reading.text}\n{reading.other_text}",
        "title": reading.title,
        "description": reading.description,
        "structured": reading.structured,
        "alternatives": "\n".join(reading.alternatives),
    }
    return {place: sha256(sanitise(text) or "")[:16] for place, text in places.items()}


def differing(before: str, after: dict[str, str]) -> list[str]:
    """Name the places in which what is stored of a page (as JSON) and a new reading differ."""
    known: dict[str, str] = json.loads(before)
    return [place for place, told in after.items() if known.get(place) != told]


def collapsed(before: int, after: int) -> bool:
    """Tell whether a page that said so many words says almost nothing now; such an answer is no version.

    >>> collapsed(640, 12), collapsed(640, 500), collapsed(30, 2)
    (True, False, False)
    """
    return before >= MUCH and after < LITTLE * before
