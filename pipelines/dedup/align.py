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
    from collections.abc import Iterator, Sequence

__all__ = ["Span", "Word", "align_lines", "differing_words", "words_of"]

ALIKE = 0.4  # Dice of the words of two lines: a swapped town and phone leave more, another sentence less
BAND = 12  # lines off the diagonal that are looked at: an inserted section, not a text in another order
NAME = 4  # words: lines that are a name only, such as the town of a page, need not be alike
_WORD = re.compile(
    r"https?://[^\s<>()]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|"
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


@lru_cache(maxsize=4096)  # lines; each that differs is looked at when it is paired, compared and cut
def words_of(line: str) -> tuple[Word, ...]:
    """Cut a line into words; a phone, price, address or doctor's name is one; case and ``an`` for ``a`` do not count.

    >>> [word.key for word in words_of("An infusion: $450, (512) 555-0100")]
    ['a', 'infusion', ':', '$450', ',', '(512) 555-0100']
    """
    return tuple(Word(_key(match[0]), match.start(), match.end()) for match in _WORD.finditer(line))


def _key(word: str) -> str:
    folded = word.casefold().replace("’", "'")
    return "a" if folded == "an" else folded


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


def align_lines(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int]]:
    """Pair the lines of two texts, in order; a line without a partner is in no pair.

    >>> align_lines(["Hello there", "We are in Reno", "Bye"], ["Hello there", "New", "We are in Elko", "Bye"])
    [(0, 0), (1, 2), (2, 3)]
    """
    pairs: list[tuple[int, int]] = []
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    for what, start, end, to, until in matcher.get_opcodes():
        if what == "equal":
            pairs += zip(range(start, end), range(to, until), strict=True)
        elif what == "replace":
            found = _alike(one[start:end], other[to:until])
            pairs += [(start + line, to + partner) for line, partner in found]
    return pairs


def _alike(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int]]:
    """Pair lines that differ: the best sum of likeness in order, then what lies between and is as much on both."""
    anchors = _best_path([_bag(line) for line in one], [_bag(line) for line in other])
    fences = [(-1, -1), *anchors, (len(one), len(other))]
    between = [
        (line, partner)
        for (left, to_left), (right, to_right) in pairwise(fences)
        if right - left == to_right - to_left
        for line, partner in zip(range(left + 1, right), range(to_left + 1, to_right), strict=True)
        if max(len(one[line].split()), len(other[partner].split())) <= NAME
    ]
    return sorted(anchors + between)


def _bag(line: str) -> frozenset[str]:
    return frozenset(word.key for word in words_of(line))


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    total = len(one) + len(other)
    return 2 * len(one & other) / total if total else 1.0


def _best_path(one: Sequence[frozenset[str]], other: Sequence[frozenset[str]]) -> list[tuple[int, int]]:
    """Find the pairs in order with the largest sum of likeness, within a band around the diagonal."""
    best: dict[tuple[int, int], float] = {}
    came: dict[tuple[int, int], tuple[int, int]] = {}
    width = BAND + abs(len(one) - len(other))
    for line in range(1, len(one) + 1):
        for partner in _band(line, width, len(other)):
            here = (line, partner)
            steps = [(line - 1, partner), (line, partner - 1)]
            came[here] = max(steps, key=lambda step: best.get(step, 0.0))
            best[here] = best.get(came[here], 0.0)
            like = _dice(one[line - 1], other[partner - 1])
            if like >= ALIKE and best.get((line - 1, partner - 1), 0.0) + like > best[here]:
                came[here] = (line - 1, partner - 1)
                best[here] = best.get((line - 1, partner - 1), 0.0) + like
    return list(_walk_back(came, (len(one), len(other))))[::-1]


def _band(line: int, width: int, lines: int) -> range:
    return range(max(1, line - width), min(lines, line + width) + 1)


def _walk_back(came: dict[tuple[int, int], tuple[int, int]], here: tuple[int, int]) -> Iterator[tuple[int, int]]:
    while here in came:
        before = came[here]
        if before == (here[0] - 1, here[1] - 1):
            yield before
        here = before
