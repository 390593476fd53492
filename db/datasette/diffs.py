"""A comparison of two texts as it is shown: what changed, each with a line of context, words marked inside."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pipelines.changes.diff import diff_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipelines.changes.diff import Part

CHANGED = frozenset({"added", "removed", "replaced"})


class Run(NamedTuple):
    """Words of a line that are all same, added or removed."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a comparison: same, added, removed, moved, ignored, or ``replaced`` with its words marked."""

    kind: str
    words: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines that stand together; ``skipped`` counts the unchanged lines that were left out before them."""

    lines: tuple[Line, ...]
    skipped: int = 0


def compared_lines(before: str, after: str, changed: frozenset[str] | None = None) -> list[Line]:
    """Compare two texts from their first line to their last.

    ``changed`` are the lines that count as changes, where not all do: the others that differ are ``ignored``, which is
    dynamic content, or what moved to another region of the page.
    """
    return [line for part in diff_texts(before, after).parts for line in part_lines(part, changed)]


def hunks_of(lines: Sequence[Line], around: int = 1) -> list[Hunk]:
    r"""Keep what changed with so many lines around it; gives the rest as the number of lines skipped.

    >>> [hunk] = hunks_of(compared_lines("a\nb\nc\nd\ne", "a\nb\nc\nD\ne"))
    >>> [line.kind for line in hunk.lines], hunk.skipped
    (['same', 'replaced', 'same'], 2)
    """
    changed = [number for number, line in enumerate(lines) if line.kind in CHANGED]
    shown = sorted({near for number in changed for near in range(number - around, number + around + 1)})
    shown = [number for number in shown if 0 <= number < len(lines)]
    hunks, last = [], -1
    # numbers that follow each other have the same distance to their index: each group is one hunk
    for _, group in itertools.groupby(enumerate(shown), key=lambda pair: pair[1] - pair[0]):
        numbers = [number for _, number in group]
        hunks.append(Hunk(tuple(lines[number] for number in numbers), numbers[0] - last - 1))
        last = numbers[-1]
    return hunks


def part_lines(part: Part, changed: frozenset[str] | None = None) -> list[Line]:
    """Write a part as lines; a replaced one whose words were not compared is one removed and one added."""
    if part.kind in {"same", "moved"}:
        return [Line(part.kind, (Run("same", unit),)) for unit in part.after]
    if changed is not None and not changed.intersection((*part.before, *part.after)):
        return [Line("ignored", (Run("same", unit),)) for unit in part.after or part.before]
    if part.spans:
        return [Line("replaced", joined_runs(Run(span.kind, span.text) for span in part.spans))]
    removed = [Line("removed", (Run("removed", unit),)) for unit in part.before]
    return removed + [Line("added", (Run("added", unit),)) for unit in part.after]


def joined_runs(words: Iterable[Run]) -> tuple[Run, ...]:
    """Join changes that nothing but a space keeps apart: a run of words that went reads better than each in turn.

    >>> words = [("removed", "a"), ("added", "one"), ("same", " "), ("removed", "cure"), ("added", "option")]
    >>> [text for kind, text in joined_runs(Run(*word) for word in words)]
    ['a cure', 'one option']
    """
    runs: list[Run] = []
    removed = added = space = ""
    for kind, text in (*words, Run("same", "")):  # the empty run at the end writes out what was gathered
        if kind == "same" and (text.strip() or not text):
            runs += [Run("removed", removed), Run("added", added), Run("same", space + text)]
            removed = added = space = ""
        elif kind == "same":
            space += text
        elif removed or added:  # the space lies between two changes, so it belongs to both
            removed += space + text if kind == "removed" else space
            added += space + text if kind == "added" else space
            space = ""
        else:
            if space:
                runs.append(Run("same", space))
                space = ""
            removed, added = (text, "") if kind == "removed" else ("", text)
    return tuple(run for run in runs if run.text)


def shorten(words: tuple[Run, ...], most: int = 60) -> tuple[Run, ...]:
    """Cut what stands unchanged in a long line down to so many characters beside what changed.

    >>> shorten((Run("same", "a" * 200), Run("added", "b")), most=3)[0].text
    '…aaa'
    """
    last = len(words) - 1
    shortened = []
    for number, (kind, text) in enumerate(words):
        shown = text
        if kind != "same":
            pass
        elif number == last:
            shown = text if len(text) <= most else f"{text[:most]}…"
        elif number == 0:
            shown = text if len(text) <= most else f"…{text[-most:]}"
        elif len(text) > 2 * most:
            shown = f"{text[:most]} … {text[-most:]}"
        shortened.append(Run(kind, shown))
    return tuple(shortened)


def changed_lines(parts: Sequence[Part], most: int) -> list[Line]:
    """Give the first lines of a comparison that changed, without context."""
    lines = (line for part in parts if part.kind not in {"same", "moved"} for line in part_lines(part))
    return list(itertools.islice(lines, most))
