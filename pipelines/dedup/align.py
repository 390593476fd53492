"""Which lines and which words of two texts belong together: what template variables are made from.

same lines | alike lines, in order, near the diagonal | lines between that are as many on both sides | words
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["LinePair", "Span", "Word", "align_lines", "differing_words", "words_of"]

MIN_DICE = 0.4  # of the words of two lines: a swapped town and phone leave more, another sentence less
MAX_OFFSET = 12  # lines off the diagonal that are looked at: an inserted section, not a text in another order
MAX_NAME_WORDS = 4  # lines that are a name only, such as the town of a page, need not be alike
WORD = re.compile(
    r"https?://[^\s<>()]+|[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+|"
    r"(?:(?:\+?1[\s.-])?\(?[2-9]\d\d\)?[\s.-]{0,2}[2-9]\d\d[\s.-]\d{4}(?!\d))"
    r"|(?:Dr|Prof)\.\s[A-Z][\w'’-]+(?:\s[A-Z][\w'’-]+)?"
    r"|[$€£]\s?\d+(?:,\d{3})*(?:\.\d+)?"
    r"|\d+(?:[.,:]\d+)*%?"
    r"|\w+(?:['’]\w+)*"
    r"|[^\w\s]"
)


class Word(NamedTuple):
    """A word, number, price, phone or mark: what it is compared by, and where it stands in its line."""

    key: str
    start: int
    end: int


class Span(NamedTuple):
    """Words ``start`` to ``end`` of one line that are words ``to_start`` to ``to_end`` of another."""

    start: int
    end: int
    to_start: int
    to_end: int


class LinePair(NamedTuple):
    """A line of one text and its partner in the other, by their numbers."""

    line: int
    partner: int


@lru_cache(maxsize=4096)  # lines; each that differs is looked at when it is paired, compared and cut
def words_of(line: str) -> tuple[Word, ...]:
    """Cut a line into words; a phone, price, address or doctor's name is one; case and ``an`` for ``a`` do not count.

    >>> [word.key for word in words_of("An infusion: $450, (512) 555-0100")]
    ['a', 'infusion', ':', '$450', ',', '(512) 555-0100']
    """
    words = []
    for match in WORD.finditer(line):
        folded = match[0].casefold().replace("’", "'")
        words.append(Word("a" if folded == "an" else folded, match.start(), match.end()))
    return tuple(words)


def differing_words(one: Sequence[Word], other: Sequence[Word]) -> list[Span]:
    """Name the runs of words of one line that are other words, more words or none in another."""
    first, second = [word.key for word in one], [word.key for word in other]
    head = _common(first, second)
    tail = _common(first[head:][::-1], second[head:][::-1])
    middle = first[head : len(first) - tail], second[head : len(second) - tail]
    found = SequenceMatcher(None, *middle, autojunk=False).get_opcodes()
    return [
        Span(start + head, end + head, to + head, until + head)
        for what, start, end, to, until in found
        if what != "equal"
    ]


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """Count the words that two lines begin with alike."""
    count = 0
    for first, second in zip(one, other, strict=False):
        if first != second:
            break
        count += 1
    return count


def align_lines(one: Sequence[str], other: Sequence[str]) -> list[LinePair]:
    """Pair the lines of two texts, in order; a line without a partner is in no pair.

    >>> pairs = align_lines(["Hello", "We are in Reno", "Bye"], ["Hello", "New", "We are in Elko", "Bye"])
    >>> [tuple(pair) for pair in pairs]
    [(0, 0), (1, 2), (2, 3)]
    """
    pairs: list[LinePair] = []
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    for what, start, end, to, until in matcher.get_opcodes():
        if what == "equal":
            pairs += map(LinePair, range(start, end), range(to, until))
        elif what == "replace":
            found = _pair_differing(one[start:end], other[to:until])
            pairs += [LinePair(start + line, to + partner) for line, partner in found]
    return pairs


def _pair_differing(one: Sequence[str], other: Sequence[str]) -> list[LinePair]:
    """Pair lines that differ: the best sum of likeness in order, then what lies between and is as much on both."""
    bags = [[frozenset(word.key for word in words_of(line)) for line in side] for side in (one, other)]
    anchors = _best_path(*bags)
    fences = [LinePair(-1, -1), *anchors, LinePair(len(one), len(other))]
    between = [
        LinePair(line, partner)
        for (left, to_left), (right, to_right) in pairwise(fences)
        if right - left == to_right - to_left
        for line, partner in zip(range(left + 1, right), range(to_left + 1, to_right), strict=True)
        if max(len(one[line].split()), len(other[partner].split())) <= MAX_NAME_WORDS
    ]
    return sorted(anchors + between)


def _best_path(one: Sequence[frozenset[str]], other: Sequence[frozenset[str]]) -> list[LinePair]:
    """Find the pairs in order with the largest sum of Dice similarity, within a band around the diagonal.

    Dynamic programming: ``best`` is the largest sum over the first lines of both, ``came`` the cell that it comes from.
    """
    best: dict[tuple[int, int], float] = {}
    came: dict[tuple[int, int], tuple[int, int]] = {}
    width = MAX_OFFSET + abs(len(one) - len(other))
    for line in range(1, len(one) + 1):
        for partner in range(max(1, line - width), min(len(other), line + width) + 1):
            here, diagonal = (line, partner), (line - 1, partner - 1)
            came[here] = max((line - 1, partner), (line, partner - 1), key=lambda cell: best.get(cell, 0.0))
            best[here] = best.get(came[here], 0.0)
            first, second = one[line - 1], other[partner - 1]
            total = len(first) + len(second)
            dice = 2 * len(first & second) / total if total else 1.0
            if dice >= MIN_DICE and best.get(diagonal, 0.0) + dice > best[here]:
                came[here] = diagonal
                best[here] = best.get(diagonal, 0.0) + dice
    pairs = []
    cell = (len(one), len(other))
    while cell in came:
        before = came[cell]
        if before == (cell[0] - 1, cell[1] - 1):
            pairs.append(LinePair(*before))
        cell = before
    return pairs[::-1]
