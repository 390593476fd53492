"""A hash for each region of a page: whether it says the same as at the last visit, and where it does not.

The visible words are one region here, in page order and whatever block they stand in: a theme that renames its classes
moves lines between main text, other text and menus without a visitor noticing. Volatile text, such as counters and the
date of today (:mod:`pipelines.text.volatile_text`), counts as nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from pipelines.changes.region_diff import EXACT_REGIONS, detail_key
from pipelines.text.encode import sanitise, sha256
from pipelines.text.normalise import plain_marks
from pipelines.text.volatile_text import mask

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from pipelines.model.records import Reading

__all__ = ["changed_regions", "is_collapsed", "region_hashes", "region_hashes_of"]

WORD = re.compile(r"\w+|[^\w\s]")
# A page collapsed where it had so many words and has less than so large a share of them now: a shell of a single-page
# application whose data did not load, or an error that answers 200. From 60 words on a page says something.
MIN_WORDS_BEFORE = 60
MAX_COLLAPSED_SHARE = 0.1


def region_hashes(reading: Reading, today: date | None = None) -> tuple[tuple[str, str], ...]:
    """Hash each region of a reading: (region, hash) pairs; ``today`` is the day of the fetch as the site has it.

    The texts of images, the values of JSON-LD and what a page shows beside its words are hashed as sets: their order
    says nothing.
    """
    if reading.blocks:
        visible = [block.text for block in reading.blocks]
    else:
        visible = [*reading.text.split("\n"), *reading.other_text.split("\n")]
    regions: dict[str, Iterable[str]] = {
        "visible": visible,
        "title": reading.titles or ((reading.title,) if reading.title else ()),
        "description": reading.descriptions or ((reading.description,) if reading.description else ()),
        "structured": sorted({*reading.structured.split("\n"), *reading.data.split("\n")}),
        "alternatives": sorted(reading.alternatives),
    }
    hashes = []
    for region, found in reading.details or ():
        regions[region] = sorted({detail_key(region, line) for line in found})
    for region, lines in regions.items():
        is_exact = region in EXACT_REGIONS
        words = " ".join(filter(None, lines if is_exact else (_lasting_words(line, today) for line in lines)))
        hashes.append((region, hashlib.blake2b(words.encode("utf-8", "replace"), digest_size=8).hexdigest()))
    return tuple(hashes)


@lru_cache(maxsize=4_000)  # the lines of a site's menus come again on each of its pages; a few MB
def _lasting_words(line: str, today: date | None) -> str:
    """Give the words and marks of a line, volatile text left out."""
    return " ".join(WORD.findall(plain_marks(mask(line, today))))


def region_hashes_of(reading: Reading) -> dict[str, str]:
    """Give the region hashes that came with a reading; where it has none, its regions are hashed as they stand.

    Workers hash all that they read; only a reading that no worker made has no hashes.
    """
    if reading.region_hashes:
        return dict(reading.region_hashes)
    regions = {
        "visible": f"{reading.text}\n{reading.other_text}",
        "title": reading.title,
        "description": reading.description,
        "structured": reading.structured,
        "alternatives": "\n".join(reading.alternatives),
    }
    return {region: sha256(sanitise(text) or "")[:16] for region, text in regions.items()}


def changed_regions(stored: str, hashes: dict[str, str]) -> list[str]:
    """Name the regions whose hash is not the stored one (hashes by region, as JSON).

    A region that one of the two readers did not give is no change: nobody looked.
    """
    known: dict[str, str] = json.loads(stored)
    return [region for region, digest in hashes.items() if region in known and known[region] != digest]


def is_collapsed(words_before: int, words: int) -> bool:
    """Tell whether a page that had so many words has almost none now; such an answer is no new version.

    >>> is_collapsed(640, 12), is_collapsed(640, 500), is_collapsed(30, 2)
    (True, False, False)
    """
    return words_before >= MIN_WORDS_BEFORE and words < MAX_COLLAPSED_SHARE * words_before
