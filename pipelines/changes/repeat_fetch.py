"""What two looks at a page, moments apart, teach: whatever differs between them changes by itself.

A lesson is a line as it stands, or a form: a line with marks for the words that differed (``Now serving A-⟨…⟩``), or
the two lasting lines between which something else stood at each look. A form tells nothing new by what is in its
marks, for its other words are as they were; two words at least must have stayed, for ``⟨…⟩ now`` would fit too much.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TYPE_CHECKING

from pipelines.changes.diff import pair_units
from pipelines.changes.regions import placed_units, visible_residue

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from pipelines.changes.regions import Page

__all__ = ["MARK", "Lesson", "Swap", "between", "filled", "form_of", "lessons", "swaps"]

MARK = "⟨…⟩"
STAYED = 2  # words that a form needs, and their letters
LETTERS = 8
MARKS = 3  # at most in a form
FILL = 6  # words that a mark may stand for
LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Lesson:
    """One thing that changes by itself: the pattern (a line, a form or a pair of lines), its place, an example."""

    pattern: str
    place: str
    example: str


@dataclass(frozen=True, slots=True)
class Swap:
    """Between two lines that stayed, other lines stand after than before: each with its place."""

    above: str
    below: str
    gone: tuple[tuple[str, str], ...]
    come: tuple[tuple[str, str], ...]


def lessons(first: Page, second: Page) -> Iterator[Lesson]:
    """Give what the difference of two looks teaches: lines, then forms, then places."""
    gone, come = visible_residue(first, second)
    yield from (Lesson(unit, place, unit) for place, unit in dict.fromkeys((*gone, *come)))
    for place in dict.fromkeys(place for place, _ in (*gone, *come)):
        one, two = ([unit for at, unit in side if at == place] for side in (gone, come))
        yield from (Lesson(form, place, example) for form, example in _forms(one, two))
    for swap in swaps(first, second, {unit for _, unit in (*gone, *come)}):
        if swap.gone and swap.come and swap.above and swap.below:
            yield Lesson(between(swap.above, swap.below), swap.come[0][1], swap.come[0][0])


def between(above: str, below: str) -> str:
    """Write the place between two lines as a pattern."""
    return f"{above}\n{MARK}\n{below}"


def _forms(one: list[str], two: list[str]) -> Iterator[tuple[str, str]]:
    for part in pair_units(one, two):
        form = form_of(part.before[0], part.after[0]) if part.kind == "replaced" else None
        if form:
            yield form, part.after[0]


def form_of(one: str, other: str) -> str | None:
    """Write what two lines have in common, with a mark for each run of words that differs; None where it is too little.

    >>> form_of("Doctor of the day: Dr. Ada Moss", "Doctor of the day: Dr. Ben Orr")
    'Doctor of the day: Dr. ⟨…⟩'
    >>> form_of("Open now", "Closed now")
    """
    first, second = one.split(), other.split()
    written: list[str] = []
    for tag, start, end, _, _ in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        written += first[start:end] if tag == "equal" else [MARK]
    stayed = [word for word in written if word != MARK and LETTER.search(word)]
    enough = len(stayed) >= STAYED and len("".join(stayed)) >= LETTERS
    return " ".join(written) if enough and written.count(MARK) <= MARKS else None


def filled(form: str, line: str) -> tuple[str, ...] | None:
    """Give the words in a line's marks where it has this form, else None.

    >>> filled("Now serving A-⟨…⟩ please wait", "Now serving A-17 please wait")
    >>> filled("Now serving ⟨…⟩ please wait", "Now serving A-17 please wait")
    ('A-17',)
    """
    if not line.startswith(form.partition(MARK)[0].rstrip()):
        return None
    found = _pattern(form).fullmatch(" ".join([*line.split(), ""]))
    return tuple(words.strip() for words in found.groups()) if found else None


@lru_cache(maxsize=4096)
def _pattern(form: str) -> re.Pattern[str]:
    """Compile a form, each word with the space behind it: a mark is nothing, or a few words."""
    words = (rf"((?:\S+ ){{0,{FILL}}}?)" if word == MARK else f"{re.escape(word)} " for word in form.split())
    return re.compile("".join(words))


def swaps(before: Page, after: Page, differing: Container[str]) -> list[Swap]:
    """Give the runs of differing lines that stand between the same two lines before and after."""
    runs = dict(_runs(before, differing))
    return [Swap(*ends, tuple(runs.get(ends, ())), tuple(come)) for ends, come in _runs(after, differing)]


def _runs(page: Page, differing: Container[str]) -> Iterator[tuple[tuple[str, str], list[tuple[str, str]]]]:
    above, run = "", list[tuple[str, str]]()
    for unit, place in _units(page):
        if unit in differing:
            run.append((unit, place))
            continue
        if run:
            yield (above, unit), run
        above, run = unit, []
    if run:
        yield (above, ""), run


def _units(page: Page) -> Iterable[tuple[str, str]]:
    return ((unit, place) for _, place, unit in placed_units(page))
