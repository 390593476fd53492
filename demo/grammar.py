"""Sentences with choices: ``[a|b]`` chooses one, ``{name}`` is a slot, and every throw of the dice is reproducible.

Only ``Random.random`` is used: it is the one method of which Python promises the same sequence for ever.
"""

from __future__ import annotations

import re
from functools import cache
from random import Random
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Dice", "compile_template", "expand"]

T = TypeVar("T")
_PART = re.compile(r"\[([^\]]*)\]|\{(\w+)\}")
_A_VOWEL = re.compile(r"\b([Aa]) (?=[aei]|o(?!ne|nce)|IV\b|ECG\b|IM\b)")


class Dice:
    """Throws that depend on the key alone.

    >>> Dice("a").pick("xyz") == Dice("a").pick("xyz")
    True
    """

    __slots__ = ("throw",)

    def __init__(self, *key: object) -> None:
        self.throw = Random("/".join(map(str, key))).random

    def below(self, limit: int) -> int:
        """Give a whole number of 0 to limit - 1."""
        return int(self.throw() * limit)

    def between(self, low: int, high: int) -> int:
        """Give a whole number of low to high, both included."""
        return low + int(self.throw() * (high - low + 1))

    def chance(self, share: float) -> bool:
        """Say yes in this share of throws."""
        return self.throw() < share

    def pick(self, choices: Sequence[T]) -> T:
        """Choose one."""
        return choices[int(self.throw() * len(choices))]

    def some(self, choices: Sequence[T], count: int) -> list[T]:
        """Choose this many different ones, in random order; fewer where there are not so many."""
        pool = list(choices)
        return [pool.pop(int(self.throw() * len(pool))) for _ in range(min(count, len(pool)))]


@cache
def compile_template(template: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Cut a template into (slot name or "", choices): a plain text is one choice."""
    parts: list[tuple[str, tuple[str, ...]]] = []
    end = 0
    for match in _PART.finditer(template):
        parts.append(("", (template[end : match.start()],)))
        parts.append((match[2] or "", tuple((match[1] or "").split("|"))))
        end = match.end()
    parts.append(("", (template[end:],)))
    return tuple(part for part in parts if part != ("", ("",)))


def expand(template: str, dice: Dice, slots: Mapping[str, str], phrases: Mapping[str, Sequence[str]]) -> str:
    """Say a template once: slots first, then phrases chosen anew, and choices of choices until none is left.

    >>> expand("[One|One] {x}", Dice(1), {"x": "day"}, {})
    'One day'
    """
    return _A_VOWEL.sub(r"\1n ", _say(template, dice, slots, phrases))


def _say(template: str, dice: Dice, slots: Mapping[str, str], phrases: Mapping[str, Sequence[str]]) -> str:
    said = []
    for slot, choices in compile_template(template):
        if slot:
            text = slots[slot] if slot in slots else dice.pick(phrases[slot])
        else:
            text = choices[0] if len(choices) == 1 else dice.pick(choices)
        said.append(_say(text, dice, slots, phrases) if "{" in text else text)
    return "".join(said)
