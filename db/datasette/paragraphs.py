"""A stored text, one line each paragraph, heading or item, becomes blocks that can be set as a page."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MARKED = re.compile(r"^\s*(?:[-*•▪◦‣·–]|\d{1,2}[.)])\s+")
SENTENCE_END = re.compile(r"[.!?:;…][\"'”’)\]]*$")
SHORT = 90  # characters; list items of the five seed documents and of the demo web are shorter


@dataclass(frozen=True, slots=True)
class Block:
    """What a line or a run of lines is: ``kind`` is heading, paragraph, list or table; ``lines`` are its parts."""

    kind: str
    lines: tuple[str, ...]

    @property
    def rows(self) -> list[list[str]]:
        """Split the lines of a table into cells."""
        return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in self.lines]


def blocks_of(text: str, headings: Iterable[str] = ()) -> list[Block]:
    r"""Group the lines of a text; ``headings`` are the lines that the page had as headings.

    Which lines were items is not stored. Lines with a mark are, and so are two or more short ones in a row that end
    no sentence: set as a list they read as the site meant them, and nothing is lost where that is wrong.

    >>> [block.kind for block in blocks_of("Who\nAdults\nVeterans\nWe ask first.", ["Who"])]
    ['heading', 'list', 'paragraph']
    """
    known = {heading.strip() for heading in headings if heading.strip()}
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    return [block for kind, run in _runs(lines, known) for block in _set(kind, run)]


def _runs(lines: list[str], headings: set[str]) -> Iterator[tuple[str, list[str]]]:
    for kind, run in itertools.groupby(lines, key=lambda line: kind_of(line, headings)):
        yield kind, list(run)


def kind_of(line: str, headings: set[str]) -> str:
    """Tell what a line looks like: heading, row, item, short (perhaps an item) or paragraph."""
    if line in headings:
        return "heading"
    if line.startswith("|") and line.endswith("|") and len(line) > 1:
        return "row"
    if MARKED.match(line):
        return "item"
    return "short" if len(line) <= SHORT and not SENTENCE_END.search(line) else "paragraph"


def _set(kind: str, lines: list[str]) -> list[Block]:
    if kind == "row":
        return [Block("table", tuple(lines))]
    if kind == "item" or (kind == "short" and len(lines) > 1):
        return [Block("list", tuple(MARKED.sub("", line) for line in lines))]
    return [Block("heading" if kind == "heading" else "paragraph", (line,)) for line in lines]
