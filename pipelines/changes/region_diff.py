"""What differs between two versions of a page, region by region, in what a visitor or a search engine sees.

All visible lines are compared as one sequence: a line that went from the main text to a banner only moved. So class
names, which decide in which region a line is put, change nothing here, and neither does a paragraph that is cut into
lines elsewhere. Volatile text (:mod:`pipelines.text.volatile_text`) is left out.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from pipelines.changes.diff import Diff, pair_units, sentences
from pipelines.text.volatile_text import day_of, mask

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping
    from datetime import date

__all__ = [
    "REGIONS",
    "Line",
    "LineChanges",
    "PageRegions",
    "Swap",
    "diff_regions",
    "find_swaps",
    "regions_of_row",
    "visible_changes",
]

REGIONS = (
    "title",
    "description",
    "headings",
    "text",
    "other_text",
    "structured",
    "alternatives",
    "boilerplate",
    "menu",
)
UNORDERED = frozenset({"title", "description", "structured", "alternatives"})  # each field of a page is a set of values
WORD = re.compile(r"\w+|[^\w\s]")


class Line(NamedTuple):
    """A line or a sentence as it stands, and the region in which it stands."""

    text: str
    region: str


class LineChanges(NamedTuple):
    """What only one of two versions has: the sentences of the earlier one, and those of the later one."""

    removed: tuple[Line, ...] = ()
    added: tuple[Line, ...] = ()


class Swap(NamedTuple):
    """Between two lines that stayed, these lines stand after where those stood before."""

    above: str
    below: str
    removed: tuple[Line, ...]
    added: tuple[Line, ...]


class _Sentence(NamedTuple):
    """A visible sentence: what it is compared by (volatile text masked, spaces normalised), and itself."""

    key: str
    line: Line


@dataclass(frozen=True, slots=True)
class PageRegions:
    """What one version says: the lines of its regions, and the day on which it was read, as its site has it."""

    visible: tuple[Line, ...] = ()
    title: tuple[str, ...] = ()
    description: tuple[str, ...] = ()
    structured: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    day: str = ""
    headings: frozenset[str] = frozenset()


def regions_of_row(row: Mapping[str, str], leftovers: Iterable[Mapping[str, str]] = ()) -> PageRegions:
    """Put the columns of a version together; ``leftovers`` are the lines that went into no column, each with why."""
    visible = [
        Line(text, region) for region in ("text", "other_text", "boilerplate", "menu") for text in _lines(row[region])
    ]
    visible += [Line(each["line"], "menu" if each["why"] == "menu" else "other_text") for each in leftovers]
    return PageRegions(
        visible=tuple(visible),
        title=_lines(row["titles"] or row["title"]),
        description=_lines(row["descriptions"] or row["description"]),
        structured=_lines(row["data"] or row["structured"]),
        alternatives=_lines(row["alternatives"]),
        day=row["day"],
        headings=frozenset(_lines(row["headings"])),
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for line in text.split("\n") if line.strip())


def diff_regions(before: PageRegions, after: PageRegions, ignored: Iterable[str] = ()) -> dict[str, Diff]:
    """Compare two versions; gives the regions that differ, in the order of ``REGIONS``, each with what differs there.

    ``ignored`` are the sentences that were found to be dynamic content.
    """
    changes = visible_changes(before, after, frozenset(ignored))
    found = {}
    for region in REGIONS:
        if region in UNORDERED:
            # by key, so that a title with today's date in it is the same title tomorrow
            old = {_key(line, day_of(before.day)): line for line in getattr(before, region)}
            new = {_key(line, day_of(after.day)): line for line in getattr(after, region)}
            removed = [line for key, line in old.items() if key not in new]
            added = [line for key, line in new.items() if key not in old]
        else:
            removed, added = ([line.text for line in side if line.region == region] for side in changes)
        if removed or added:
            found[region] = Diff(tuple(pair_units(removed, added)))
    return found


def visible_changes(before: PageRegions, after: PageRegions, ignored: frozenset[str] = frozenset()) -> LineChanges:
    """Give the visible sentences that only one of two versions has; none where only line breaks differ."""
    sides = [list(_sentences_of(page)) for page in (before, after)]
    common = Counter(each.key for each in sides[0]) & Counter(each.key for each in sides[1])
    changes = LineChanges(*(tuple(_remaining(side, common.copy(), ignored)) for side in sides))
    words = [[word for line in side for word in WORD.findall(line.text)] for side in changes]
    return LineChanges() if words[0] == words[1] else changes


def _remaining(side: Iterable[_Sentence], common: Counter[str], ignored: frozenset[str]) -> Iterator[Line]:
    """Take the common sentences out of one side, each as often as both sides have it, and those to be ignored."""
    for key, line in side:
        if common[key] > 0:
            common[key] -= 1
        elif line.text not in ignored and key.strip("# "):
            yield line


def _sentences_of(page: PageRegions) -> Iterator[_Sentence]:
    """Cut the visible lines of a page into sentences; a heading of the content counts as region ``headings``."""
    today = day_of(page.day)
    for text, region in page.visible:
        at = "headings" if text in page.headings and region not in {"menu", "boilerplate"} else region
        for key, sentence in _keyed_sentences(text, today):
            yield _Sentence(key, Line(sentence, at))


@lru_cache(maxsize=50_000)  # the lines of a site's menus come again in each version of its pages; some 20 MB
def _keyed_sentences(line: str, today: date | None) -> tuple[tuple[str, str], ...]:
    return tuple((_key(sentence, today), sentence) for sentence in sentences(line))


def _key(sentence: str, today: date | None) -> str:
    return " ".join(WORD.findall(mask(sentence, today)))


def find_swaps(before: PageRegions, after: PageRegions, differing: Container[str]) -> list[Swap]:
    """Give the runs of differing sentences that stand between the same two sentences before and after.

    At the top of a page ``above`` is empty, at its end ``below``. A run that stood nowhere before has no ``removed``.
    """
    runs = {(run.above, run.below): run.lines for run in _runs(before, differing)}
    return [
        Swap(run.above, run.below, runs.get((run.above, run.below), ()), run.lines) for run in _runs(after, differing)
    ]


class _Run(NamedTuple):
    """Differing sentences in a row, and the sentences around them that stayed."""

    above: str
    below: str
    lines: tuple[Line, ...]


def _runs(page: PageRegions, differing: Container[str]) -> Iterator[_Run]:
    above, run = "", list[Line]()
    for _, line in _sentences_of(page):
        if line.text in differing:
            run.append(line)
            continue
        if run:
            yield _Run(above, line.text, tuple(run))
        above, run = line.text, []
    if run:
        yield _Run(above, "", tuple(run))
