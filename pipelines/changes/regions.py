"""What differs between two versions of a page, place by place, in what a visitor or a search engine is told.

All visible lines are compared as one: a line that went from the main text to a banner only moved. So class names,
which decide in which place we put a line, change nothing here, and neither does a paragraph that is cut into lines
elsewhere. What a page says differently by itself (:mod:`pipelines.text.volatile_text`) is left out.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from pipelines.changes.diff import Diff, pair_units, sentences
from pipelines.text.volatile_text import day_of, mask

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

__all__ = ["PLACES", "Page", "differences", "page_of", "placed_units", "visible_residue"]

PLACES = ("title", "description", "headings", "text", "other_text", "structured", "alternatives", "frame", "menu")
WORD = re.compile(r"\w+|[^\w\s]")
Unit = tuple[str, str]  # place, words as they stand


@dataclass(frozen=True, slots=True)
class Page:
    """What one version tells: the lines of its places, and the day on which it was read, as its site has it."""

    visible: tuple[Unit, ...] = ()
    title: tuple[str, ...] = ()
    description: tuple[str, ...] = ()
    structured: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    day: str = ""
    heads: frozenset[str] = field(default=frozenset())


def differences(before: Page, after: Page, hide: Iterable[str] = ()) -> dict[str, Diff]:
    """Compare two versions; gives the places that differ, in the order of ``PLACES``, each with what differs there.

    ``hide`` are the sentences of which is known that they change by themselves.
    """
    gone, come = visible_residue(before, after, frozenset(hide))
    found = {}
    for place in PLACES:
        pair = [unit for at, unit in gone if at == place], [unit for at, unit in come if at == place]
        if place in {"title", "description", "structured", "alternatives"}:
            pair = _set_residue(getattr(before, place), getattr(after, place), (before.day, after.day))
        if pair[0] or pair[1]:
            found[place] = Diff(tuple(pair_units(*pair)))
    return found


def visible_residue(before: Page, after: Page, hide: frozenset[str] = frozenset()) -> tuple[list[Unit], list[Unit]]:
    """Give the visible sentences that only one of the versions has, with their places."""
    one, two = (list(placed_units(page)) for page in (before, after))
    shared = Counter(key for key, _, _ in one) & Counter(key for key, _, _ in two)
    gone, come = (_without(units, shared.copy(), hide) for units in (one, two))
    if _words(gone) == _words(come):  # the same words in the same order, cut into other lines
        return [], []
    return gone, come


def placed_units(page: Page) -> Iterator[tuple[str, str, str]]:
    """Give each visible sentence with the key that it is compared by, and its place."""
    today = day_of(page.day)
    for place, line in page.visible:
        at = "headings" if line in page.heads and place not in {"menu", "frame"} else place
        for key, unit in _keyed(line, today):
            yield key, at, unit


@lru_cache(maxsize=50_000)  # the lines of a site's frame come again in each version of its pages, some 20 MB
def _keyed(line: str, today: date | None) -> tuple[tuple[str, str], ...]:
    return tuple((_key(unit, today), unit) for unit in sentences(line))


def _key(unit: str, today: date | None) -> str:
    return " ".join(WORD.findall(mask(unit, today)))


def _without(units: Iterable[tuple[str, str, str]], shared: Counter[str], hide: frozenset[str]) -> list[Unit]:
    left = []
    for key, place, unit in units:
        if shared[key] > 0:
            shared[key] -= 1
        elif unit not in hide and key.strip("# "):
            left.append((place, unit))
    return left


def _words(units: Sequence[Unit]) -> list[str]:
    return [word for _, unit in units for word in WORD.findall(unit)]


def _set_residue(before: Sequence[str], after: Sequence[str], days: tuple[str, str]) -> tuple[list[str], list[str]]:
    """Give the lines that only one of two sets has, in their order."""
    keys = [{_key(line, day_of(day)): line for line in lines} for lines, day in zip((before, after), days, strict=True)]
    return (
        [line for key, line in keys[0].items() if key not in keys[1]],
        [line for key, line in keys[1].items() if key not in keys[0]],
    )


def page_of(row: Mapping[str, str], leftovers: Iterable[Mapping[str, str]] = ()) -> Page:
    """Make a page out of the columns of a version."""
    visible = [(place, line) for place in ("text", "other_text", "frame", "menu") for line in _lines(row[place])]
    visible += [("menu" if each["why"] == "menu" else "other_text", each["line"]) for each in leftovers]
    return Page(
        visible=tuple(visible),
        title=_lines(row["titles"] or row["title"]),
        description=_lines(row["descriptions"] or row["description"]),
        structured=_lines(row["data"] or row["structured"]),
        alternatives=_lines(row["alternatives"]),
        day=row["day"],
        heads=frozenset(_lines(row["headings"])),
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for line in text.split("\n") if line.strip())
