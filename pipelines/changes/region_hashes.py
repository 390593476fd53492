"""What a page tells, place by place, as hashes: the answer to "does it say the same as last time, and where not?".

The visible words are one place here, in page order and whatever block they stand in: a theme that renames its classes
moves lines between main text, other text and frame without a visitor noticing. What a page says differently by itself
(:mod:`pipelines.text.volatile_text`) counts as nothing.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from pipelines.text.volatile_text import mask

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from pipelines.model.records import Reading

__all__ = ["told"]

WORD = re.compile(r"\w+|[^\w\s]")


def told(reading: Reading, today: date | None = None) -> tuple[tuple[str, str], ...]:
    """Hash each place of a reading; ``today`` is the day of the fetch as the site has it.

    The texts of images and the values of JSON-LD are a set: their order says nothing.
    """
    places = {
        "visible": _visible(reading),
        "title": reading.titles or ((reading.title,) if reading.title else ()),
        "description": reading.descriptions or ((reading.description,) if reading.description else ()),
        "structured": sorted({*reading.structured.split("\n"), *reading.data.split("\n")}),
        "alternatives": sorted(reading.alternatives),
    }
    return tuple((place, _hash(lines, today)) for place, lines in places.items())


def _visible(reading: Reading) -> list[str]:
    if reading.blocks:
        return [block.text for block in reading.blocks]
    return [*reading.text.split("\n"), *reading.other_text.split("\n")]


def _hash(lines: Iterable[str], today: date | None) -> str:
    said = " ".join(filter(None, (_lasting(line, today) for line in lines)))
    return hashlib.blake2b(said.encode("utf-8", "replace"), digest_size=8).hexdigest()


@lru_cache(maxsize=4_000)  # the lines of a site's frame come again on each of its pages, a few MB
def _lasting(line: str, today: date | None) -> str:
    """Give the words and marks of a line, without what it says differently by itself."""
    return " ".join(WORD.findall(mask(line, today)))
