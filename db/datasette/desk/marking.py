"""A text with the places marked that a coder is asked about, set as lines of a page."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from db.datasette.paragraphs import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MOST = 200_000  # characters on one screen


class Place(NamedTuple):
    """Where something is asked about: characters ``start`` to ``end`` of the text, and the number of the question."""

    start: int
    end: int
    number: int


class Part(NamedTuple):
    """A run of a line, and the numbers of the questions that are asked about it."""

    text: str
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text: ``kind`` is heading, item, row or paragraph; its parts give its words without a gap."""

    kind: str
    parts: tuple[Part, ...]


def marked_lines(text: str, headings: Iterable[str] = (), places: Sequence[Place] = ()) -> list[Line]:
    r"""Cut a text into lines, and each line where a marked place begins or ends; nothing of the text is lost.

    >>> [part.text for part in marked_lines("Relief in hours. Call.", (), [Place(0, 16, 0)])[0].parts]
    ['Relief in hours.', ' Call.']
    """
    known = {heading.strip() for heading in headings if heading.strip()}
    lines = []
    for start, line in _lines(text[:MOST]):
        inside = [place for place in places if place.start < start + len(line) and place.end > start]
        kind = kind_of(line.strip(), known)
        lines.append(Line("paragraph" if kind == "short" else kind, tuple(_parts(line, start, inside))))
    return lines


def _lines(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for line in text.split("\n"):
        if line.strip():
            yield start, line
        start += len(line) + 1


def _parts(line: str, start: int, places: Sequence[Place]) -> Iterator[Part]:
    cuts = {0, len(line)}
    for place in places:
        cuts |= {max(place.start - start, 0), min(place.end - start, len(line))}
    ordered = sorted(cuts)
    for begin, end in itertools.pairwise(ordered):
        numbers = tuple(p.number for p in places if p.start - start <= begin and end <= p.end - start)
        yield Part(line[begin:end], numbers)
