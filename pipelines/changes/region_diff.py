"""What differs between two versions of a page, region by region, in what a visitor or a search engine sees.

All visible lines are compared as one sequence: a line that went from the main text to a banner only moved. So class
names, which decide in which region a line is put, change nothing here, and neither does a paragraph that is cut into
lines elsewhere. Volatile text (:mod:`pipelines.text.volatile_text`) is left out.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from pipelines.changes.diff import Diff, pair_units, sentences
from pipelines.model.records import DETAIL_REGIONS, TARGET_MARK
from pipelines.text.normalise import plain_marks
from pipelines.text.volatile_text import day_of, mask

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping
    from datetime import date

__all__ = [
    "EXACT_REGIONS",
    "REGIONS",
    "Line",
    "LineChanges",
    "PageRegions",
    "Swap",
    "detail_key",
    "details_of_row",
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
    *DETAIL_REGIONS,
)
UNORDERED = frozenset({"title", "description", "structured", "alternatives"})  # each field of a page is a set of values
EXACT_REGIONS = frozenset({"targets", "pictures"})  # a number in them is a name, never a counter
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
    """What one version says: the lines of its regions, and the day on which it was read, as its site has it.

    ``details`` are the lines of ``DETAIL_REGIONS``, ``None`` where its reader did not look for them.
    """

    visible: tuple[Line, ...] = ()
    title: tuple[str, ...] = ()
    description: tuple[str, ...] = ()
    structured: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    day: str = ""
    headings: frozenset[str] = frozenset()
    details: tuple[Line, ...] | None = None


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
        details=details_of_row(row["details"]),
    )


def details_of_row(stored: str | None) -> tuple[Line, ...] | None:
    """Read lines by region (JSON): none of a page that shows nothing of the kind, ``None`` where nobody looked."""
    if not stored:
        return None
    return tuple(Line(text, region) for region, lines in json.loads(stored).items() for text in lines)


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
            if getattr(before, region) == getattr(after, region):
                continue
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
    """Give the visible sentences that only one of two versions has; none where only line breaks differ.

    Targets of links and pictures count where another one took their place.
    """
    if (before.visible, before.details) == (after.visible, after.details):
        return LineChanges()
    with_details = before.details is not None and after.details is not None
    sides = [list(_sentences_of(page, with_details=with_details)) for page in (before, after)]
    common = Counter(each.key for each in sides[0]) & Counter(each.key for each in sides[1])
    changes = LineChanges(*(tuple(_remaining(side, common.copy(), ignored)) for side in sides))
    words = [" ".join(line.text for line in side if line.region not in DETAIL_REGIONS) for side in changes]
    same_words = _key(words[0], None) == _key(words[1], None)
    forms = [{_replaced_form(line) for line in side} for side in changes]

    def counts(line: Line, others: set[str]) -> bool:
        if line.region in EXACT_REGIONS:
            return _replaced_form(line) in others
        return line.region in DETAIL_REGIONS or not same_words

    removed = tuple(line for line in changes.removed if counts(line, forms[1]))
    return LineChanges(removed, tuple(line for line in changes.added if counts(line, forms[0])))


def _replaced_form(line: Line) -> str:
    """Give what both sides have where a detail was replaced: of a link its words, of pictures that there are any.

    A link or a picture that only came or went is told by its words or its description, if it has any.
    """
    return f"{line.region}: {line.text.rpartition(TARGET_MARK)[0]}" if line.region in EXACT_REGIONS else ""


def _remaining(side: Iterable[_Sentence], common: Counter[str], ignored: frozenset[str]) -> Iterator[Line]:
    """Take the common sentences out of one side, each as often as both sides have it, and those to be ignored."""
    for key, line in side:
        if common[key] > 0:
            common[key] -= 1
        elif line.text not in ignored and key.strip("# "):
            yield line


def _sentences_of(page: PageRegions, *, with_details: bool = False) -> Iterator[_Sentence]:
    """Cut the visible lines of a page into sentences; a heading of the content counts as region ``headings``.

    The lines of ``details`` follow, each compared within its region.
    """
    today = day_of(page.day)
    for text, region in page.visible:
        at = "headings" if text in page.headings and region not in {"menu", "boilerplate"} else region
        for key, sentence in _keyed_sentences(text, today):
            yield _Sentence(key, Line(sentence, at))
    details = (page.details or ()) if with_details else ()
    for line in details:
        key = detail_key(line.region, line.text)
        yield _Sentence(f"{line.region}: {key if line.region in EXACT_REGIONS else _key(key, today)}", line)


def detail_key(region: str, line: str) -> str:
    """Give what a line beside the words is compared by: of a link where it leads, for its words stand in the text.

    >>> detail_key("targets", "Consent form → cedar.example/consent-b.pdf")
    'cedar.example/consent-b.pdf'
    """
    return line.rpartition(TARGET_MARK)[2] if region == "targets" else line


@lru_cache(maxsize=50_000)  # the lines of a site's menus come again in each version of its pages; some 20 MB
def _keyed_sentences(line: str, today: date | None) -> tuple[tuple[str, str], ...]:
    return tuple((_key(sentence, today), sentence) for sentence in sentences(line))


def _key(sentence: str, today: date | None) -> str:
    return " ".join(WORD.findall(plain_marks(mask(sentence, today))))


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
