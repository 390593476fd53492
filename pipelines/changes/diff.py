"""What differs between two texts, in two levels: lines and sentences first, then words inside replaced ones.

One level of :mod:`difflib` over the words of a page took up to 4.1 s; two levels take 1 to 90 ms. Words are compared
only where two blocks are alike enough for a person to see one in the other, and short enough to be cheap. Text that
only moved cancels out: it is listed apart, and counts as nothing added and nothing removed.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

__all__ = ["Diff", "Part", "Span", "diff_lines", "diff_texts", "pair_units", "sentences"]

Kind = Literal["same", "added", "removed", "replaced", "moved"]
MIN_ALIKE_SHARE = 0.3  # of the words of the shorter block: from there a person sees one block in the other
MAX_TOKENS = 800  # words, marks and spaces of a block: beyond, the word level costs more than it shows
SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9])")
SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s")
WORD = re.compile(r"\w+(?:['’.,]\w+)*|[^\w\s]|\s+")


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text inside a replaced block: ``same``, ``removed`` (only before) or ``added`` (only after)."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """A run of units (sentences or short lines): ``before`` and ``after`` are equal only where ``kind`` is same.

    ``spans`` are the words inside a replaced part, empty where the two are too different or too long to compare.
    """

    kind: Kind
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Diff:
    """The parts of two texts in order, with what only moved apart from what was added or removed."""

    parts: tuple[Part, ...] = ()

    @property
    def added(self) -> tuple[str, ...]:
        """The units that stand only in the text after."""
        return tuple(unit for part in self.parts if part.kind in {"added", "replaced"} for unit in part.after)

    @property
    def removed(self) -> tuple[str, ...]:
        """The units that stand only in the text before."""
        return tuple(unit for part in self.parts if part.kind in {"removed", "replaced"} for unit in part.before)

    @property
    def moved(self) -> tuple[str, ...]:
        """The units that stand in both texts, at different places."""
        return tuple(unit for part in self.parts if part.kind == "moved" for unit in part.after)

    def within(self, units: Container[str]) -> Diff:
        """Give the parts that differ and have one of these units."""
        return Diff(
            tuple(
                part
                for part in self.parts
                if part.kind in {"added", "removed", "replaced"}
                and any(one in units for one in (*part.before, *part.after))
            )
        )

    @property
    def is_empty(self) -> bool:
        """Tell whether the texts have the same units in the same order."""
        return all(part.kind == "same" for part in self.parts)

    @property
    def words_added(self) -> int:
        """Count the words that the text after has more, unchanged words inside replaced sentences left out."""
        return sum(_count(part, "added") for part in self.parts)

    @property
    def words_removed(self) -> int:
        """Count the words that the text before had more."""
        return sum(_count(part, "removed") for part in self.parts)


def diff_texts(before: str, after: str) -> Diff:
    r"""Compare two texts line by line and sentence by sentence.

    >>> [part.kind for part in diff_texts("One. It costs $4.\nHi.", "One. It costs $5.\nHi.").parts]
    ['same', 'replaced', 'same']
    """
    return diff_lines(list(sentences(before)), list(sentences(after)))


def sentences(text: str) -> Iterator[str]:
    r"""Cut a text into the units that are compared: sentences within lines, empty ones left out.

    Not ``text.sentences.split_sentences``, which knows abbreviations: it cuts 928 of 2,258 texts otherwise, and units
    that are stored (changes, and lines that were found to change by themselves) would no longer be recognised.

    >>> list(sentences("We open at 9 a.m. daily. Call us!\nPrices"))
    ['We open at 9 a.m. daily.', 'Call us!', 'Prices']
    """
    for line in text.split("\n"):
        # most lines are one sentence, and to see so costs a tenth of cutting them
        for part in SENTENCE.split(line) if SENTENCE_END.search(line) else (line,):
            if unit := part.strip():
                yield unit


def diff_lines(before: Sequence[str], after: Sequence[str]) -> Diff:
    """Compare two lists of units; what stands on both sides among the differences only moved."""
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    removed = Counter(unit for tag, i, j, _, _ in blocks if tag != "equal" for unit in before[i:j])
    added = Counter(unit for tag, _, _, i, j in blocks if tag != "equal" for unit in after[i:j])
    moved_from = removed & added
    moved_to = moved_from.copy()
    parts: list[Part] = []
    for tag, i, j, k, end in blocks:
        if tag == "equal":
            parts.append(Part("same", tuple(before[i:j]), tuple(after[k:end])))
            continue
        old, new = _split_moved(before[i:j], moved_from), _split_moved(after[k:end], moved_to)
        parts += pair_units(old.differing, new.differing)
        if new.moved:
            parts.append(Part("moved", (), tuple(new.moved)))
    return Diff(tuple(parts))


class _Units(NamedTuple):
    """The units of one side of a block: those that differ and those that moved."""

    differing: list[str]
    moved: list[str]


def _split_moved(units: Sequence[str], moved: Counter[str]) -> _Units:
    """Part units; each that moved is taken out of ``moved``, so that it counts as often as it stands on both sides."""
    split = _Units([], [])
    for unit in units:
        if moved[unit] > 0:
            moved[unit] -= 1
            split.moved.append(unit)
        else:
            split.differing.append(unit)
    return split


def pair_units(before: Sequence[str], after: Sequence[str]) -> Iterator[Part]:
    """Pair each unit with the first one after it that is alike; what finds no partner was added or removed."""
    start = 0
    for unit in before:
        found = next((place for place in range(start, len(after)) if _is_alike(unit, after[place])), None)
        if found is None:
            yield Part("removed", (unit,))
            continue
        if found > start:
            yield Part("added", (), tuple(after[start:found]))
        yield Part("replaced", (unit,), (after[found],), tuple(_spans(unit, after[found])))
        start = found + 1
    if start < len(after):
        yield Part("added", (), tuple(after[start:]))


def _is_alike(one: str, other: str) -> bool:
    """Tell whether a person would see one unit in the other: enough words in common, by their counts."""
    first, second = (Counter(unit.casefold().split()) for unit in (one, other))
    return (first & second).total() >= max(1.0, MIN_ALIKE_SHARE * min(first.total(), second.total()))


def _spans(before: str, after: str) -> Iterator[Span]:
    first, second = WORD.findall(before), WORD.findall(after)
    if max(len(first), len(second)) > MAX_TOKENS:
        return
    for tag, i, j, k, end in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Span("same", "".join(first[i:j]))
            continue
        if j > i:
            yield Span("removed", "".join(first[i:j]))
        if end > k:
            yield Span("added", "".join(second[k:end]))


def _count(part: Part, kind: Kind) -> int:
    if part.kind == "replaced" and part.spans:
        return sum(len(re.findall(r"\w+", span.text)) for span in part.spans if span.kind == kind)
    units = part.after if kind == "added" else part.before
    return sum(len(re.findall(r"\w+", unit)) for unit in units) if part.kind in {kind, "replaced"} else 0
