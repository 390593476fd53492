"""A comparison of two texts as it is shown: what changed, each with a line of context, words marked inside."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.changes.diff import diff_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipelines.changes.diff import Part

CHANGED = frozenset({"added", "removed", "replaced"})
Words = tuple[tuple[str, str], ...]  # same, added or removed, and the text


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a comparison: same, added, removed, moved, held, or ``replaced`` with its words marked."""

    kind: str
    words: Words


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines that stand together; ``skipped`` counts the unchanged lines that were left out before them."""

    lines: tuple[Line, ...]
    skipped: int = 0


def compared(before: str, after: str, told: frozenset[str] | None = None) -> list[Line]:
    """Compare two texts from their first line to their last.

    ``told`` are the lines that count as changes, where not all do: the others are ``held``, which is what changes by
    itself, or moved to another place of the page.
    """
    lines = (line for part in diff_texts(before, after).parts for line in lines_of(part, told))
    return list(lines)


def hunks_of(lines: Sequence[Line], around: int = 1) -> list[Hunk]:
    r"""Keep what changed with so many lines around it; gives the rest as the number of lines skipped.

    >>> [hunk] = hunks_of(compared("a\nb\nc\nd\ne", "a\nb\nc\nD\ne"))
    >>> [line.kind for line in hunk.lines], hunk.skipped
    (['same', 'replaced', 'same'], 2)
    """
    changed = [place for place, line in enumerate(lines) if line.kind in CHANGED]
    shown = sorted({near for place in changed for near in range(place - around, place + around + 1)})
    shown = [place for place in shown if 0 <= place < len(lines)]
    hunks, last = [], -1
    for _, run in itertools.groupby(enumerate(shown), key=lambda pair: pair[1] - pair[0]):
        places = [place for _, place in run]
        hunks.append(Hunk(tuple(lines[place] for place in places), places[0] - last - 1))
        last = places[-1]
    return hunks


def lines_of(part: Part, told: frozenset[str] | None = None) -> list[Line]:
    """Write a part as lines; a replaced one whose words were not compared is one removed and one added."""
    if part.kind in {"same", "moved"}:
        return [_plain(part.kind, unit) for unit in part.after]
    if told is not None and not told.intersection((*part.before, *part.after)):
        return [_plain("held", unit) for unit in part.after or part.before]
    if part.spans:
        return [Line("replaced", runs([(span.kind, span.text) for span in part.spans]))]
    return [_plain("removed", unit) for unit in part.before] + [_plain("added", unit) for unit in part.after]


def runs(words: Iterable[tuple[str, str]]) -> Words:
    """Join changes that nothing but a space keeps apart: a run of words that went reads better than each in turn.

    >>> runs([("removed", "a"), ("added", "one"), ("same", " "), ("removed", "cure"), ("added", "option")])
    (('removed', 'a cure'), ('added', 'one option'))
    """
    told: list[tuple[str, str]] = []
    gone = come = space = ""
    for kind, text in (*words, ("same", "")):
        if kind == "same" and (text.strip() or not text):
            told += [("removed", gone), ("added", come), ("same", space + text)]
            gone = come = space = ""
        elif kind == "same":
            space += text
        else:
            gap, space = (space if gone or come else ""), (space if not (gone or come) else "")
            if space:
                told.append(("same", space))
                space = ""
            gone += gap + (text if kind == "removed" else "")
            come += gap + (text if kind == "added" else "")
    return tuple((kind, text) for kind, text in told if text)


def _plain(kind: str, unit: str) -> Line:
    return Line(kind, ((kind if kind in {"added", "removed"} else "same", unit),))


def shorten(words: Words, most: int = 60) -> Words:
    """Cut what stands unchanged in a long line down to so many characters beside what changed.

    >>> shorten((("same", "a" * 200), ("added", "b")), most=3)
    (('same', '…aaa'), ('added', 'b'))
    """
    return tuple((kind, _cut(text, place, len(words), most) if kind == "same" else text)
                 for place, (kind, text) in enumerate(words))  # fmt: skip


def _cut(text: str, place: int, count: int, most: int) -> str:
    if place == 0 and count > 1:
        return text if len(text) <= most else "…" + text[-most:]
    if place == count - 1:
        return text if len(text) <= most else text[:most] + "…"
    return text if len(text) <= 2 * most else f"{text[:most]} … {text[-most:]}"


def changed_lines(parts: Sequence[Part], most: int) -> Iterator[Line]:
    """Give the first lines of a comparison that changed, without context."""
    lines = (line for part in parts if part.kind not in {"same", "moved"} for line in lines_of(part))
    return (line for line, _ in zip(lines, range(most), strict=False))
