"""Patterns that ignore case, made for casefolded text: there Python's re needs half of the time.

Ignoring case it tries each alternative at each place of a text; otherwise it looks at the first letter first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

__all__ = ["Caseless", "for_casefolded", "to_small"]

ESCAPED = re.compile(r"\\.", re.DOTALL)
NUMBERED = re.compile(r"\\[xuUN\d]")  # a character by its number, or what a group found
FLAGS = re.compile(r"\(\?-?[a-z]+[:)-]")
RANGE = re.compile(r"(.)-(.)")
CLASS = re.compile(r"\[\^?\]?[^\]]*\]")
FOLDED_TO_ASCII = frozenset("ıſ")  # the same as i and s where case is ignored


def for_casefolded(pattern: re.Pattern[str]) -> re.Pattern[str] | None:
    r"""Make of a pattern that ignores case one that finds the same in casefolded ASCII text.

    ``None`` where it names a capital, a flag, a character by its number, or a range of others than letters and digits.

    >>> bool(for_casefolded(re.compile(r"\bhalf of\b", re.I))), for_casefolded(re.compile(r"(?-i:\bIV\b)", re.I))
    (True, None)
    """
    bare = ESCAPED.sub(".", pattern.pattern)
    if bare != bare.lower() or NUMBERED.search(pattern.pattern) or FLAGS.search(bare) or FOLDED_TO_ASCII & set(bare):
        return None
    ranges = (ends for part in CLASS.findall(bare) for ends in RANGE.findall(part[1:-1].lstrip("^")))
    return re.compile(pattern.pattern) if all(one.isalnum() and two.isalnum() for one, two in ranges) else None


def to_small(text: str) -> str | None:
    """Write a text in small letters, each in its place; None where a letter stands for others, or for two.

    >>> to_small("Café IV"), to_small("\u017fafe"), to_small("\u0130V")
    ('café iv', None, None)
    """
    small = text.lower()
    if text.isascii():
        return small
    return small if len(small) == len(text) and FOLDED_TO_ASCII.isdisjoint(text) else None


@dataclass(frozen=True, slots=True)
class Caseless:
    """A pattern that ignores case, with its form for small letters where it has one, which takes half of the time."""

    pattern: re.Pattern[str]
    small: re.Pattern[str] | None = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Make the form for small letters."""
        object.__setattr__(self, "small", for_casefolded(self.pattern))

    def search(self, text: str, small: str | None = None, start: int = 0) -> re.Match[str] | None:
        """Find the pattern in a text; ``small`` is the same text in small letters (:func:`to_small`)."""
        if self.small and small is not None:
            return self.small.search(small, start)
        return self.pattern.search(text, start)
