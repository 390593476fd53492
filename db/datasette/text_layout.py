"""A stored text, one line each paragraph, heading or item, as a page sets it: blocks to read, lines to code.

``blocks_of`` groups lines for reading; ``marked_lines`` keeps each line and marks the sentences that a coder is asked
about.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LIST_MARK = re.compile(r"^\s*(?:[-*•▪◦‣·–]|\d{1,2}[.)])\s+")
SENTENCE_END = re.compile(r"[.!?:;…][\"'”’)\]]*$")
MAX_ITEM = 90  # characters; list items of the five seed documents and of the demo web are shorter
MAX_MARKED = 200_000  # characters of a text that are set for coding


@dataclass(frozen=True, slots=True)
class Block:
    """What a line or a run of lines is: ``kind`` is heading, paragraph, list or table; ``lines`` are its parts."""

    kind: str
    lines: tuple[str, ...]

    @property
    def rows(self) -> list[list[str]]:
        """Split the lines of a table into cells."""
        return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in self.lines]


class Mark(NamedTuple):
    """Where something is asked about: characters ``start`` to ``end`` of the text, and the number of the question."""

    start: int
    end: int
    number: int


class MarkedPart(NamedTuple):
    """A run of a line, and the numbers of the questions that are asked about it."""

    text: str
    numbers: tuple[int, ...] = ()


class MarkedLine(NamedTuple):
    """A line of a text: ``kind`` is heading, item, row or paragraph; its parts give its words without a gap."""

    kind: str
    parts: tuple[MarkedPart, ...]


def blocks_of(text: str, headings: Iterable[str] = ()) -> list[Block]:
    r"""Group the lines of a text; ``headings`` are the lines that the page had as headings.

    Which lines were items is not stored. Lines with a mark are, and so are two or more short ones in a row that end
    no sentence: set as a list they read as the site meant them, and nothing is lost where that is wrong.

    >>> [block.kind for block in blocks_of("Who\nAdults\nVeterans\nWe ask first.", ["Who"])]
    ['heading', 'list', 'paragraph']
    """
    known = {heading.strip() for heading in headings if heading.strip()}
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    blocks: list[Block] = []
    for kind, run in itertools.groupby(lines, key=lambda line: kind_of(line, known)):
        same = tuple(run)
        if kind == "row":
            blocks.append(Block("table", same))
        elif kind == "item" or (kind == "short" and len(same) > 1):
            blocks.append(Block("list", tuple(LIST_MARK.sub("", line) for line in same)))
        else:
            blocks += [Block("heading" if kind == "heading" else "paragraph", (line,)) for line in same]
    return blocks


def kind_of(line: str, headings: set[str]) -> str:
    """Tell what a line looks like: heading, row, item, short (perhaps an item) or paragraph."""
    if line in headings:
        return "heading"
    if line.startswith("|") and line.endswith("|") and len(line) > 1:
        return "row"
    if LIST_MARK.match(line):
        return "item"
    return "short" if len(line) <= MAX_ITEM and not SENTENCE_END.search(line) else "paragraph"


def marked_lines(text: str, headings: Iterable[str] = (), marks: Sequence[Mark] = ()) -> list[MarkedLine]:
    r"""Cut a text into lines, and each line where a mark begins or ends; nothing of the text is lost.

    >>> [part.text for part in marked_lines("Relief in hours. Call.", (), [Mark(0, 16, 0)])[0].parts]
    ['Relief in hours.', ' Call.']
    """
    known = {heading.strip() for heading in headings if heading.strip()}
    lines = []
    start = 0
    for line in text[:MAX_MARKED].split("\n"):
        if line.strip():
            kind = kind_of(line.strip(), known)
            inside = [mark for mark in marks if mark.start < start + len(line) and mark.end > start]
            lines.append(MarkedLine("paragraph" if kind == "short" else kind, _cut_at(line, start, inside)))
        start += len(line) + 1
    return lines


def _cut_at(line: str, start: int, marks: Sequence[Mark]) -> tuple[MarkedPart, ...]:
    """Cut a line, which begins at ``start`` of its text, at the edges of the marks; marks may overlap."""
    edges = {0, len(line)}
    for mark in marks:
        edges |= {max(mark.start - start, 0), min(mark.end - start, len(line))}
    return tuple(
        MarkedPart(
            line[begin:end],
            tuple(mark.number for mark in marks if mark.start - start <= begin and end <= mark.end - start),
        )
        for begin, end in itertools.pairwise(sorted(edges))
    )
