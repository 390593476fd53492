"""Patterns that take no account of case, made for text in small letters: there Python's re needs half of the time.

Without regard to case it tries each alternative at each place of a text; with it, it looks at the first letter first.
"""

from __future__ import annotations

import re

__all__ = ["for_small_letters"]

ESCAPED = re.compile(r"\\.", re.DOTALL)
BY_NUMBER = re.compile(r"\\[xuUN\d]")  # a sign, or what a group found
FLAGS = re.compile(r"\(\?-?[a-z]+[:)-]")
RANGE = re.compile(r"(.)-(.)")
CLASS = re.compile(r"\[\^?\]?[^\]]*\]")
SIGNS = frozenset("ıſ")  # beyond ASCII, and the same as i and s where case does not count


def for_small_letters(pattern: re.Pattern[str]) -> re.Pattern[str] | None:
    r"""Make of a pattern that ignores case one that says the same of ASCII text in small letters.

    ``None`` where it names a capital, a flag, a sign by its number, or a range of other signs than letters and digits.

    >>> bool(for_small_letters(re.compile(r"\bhalf of\b", re.I))), for_small_letters(re.compile(r"(?-i:\bIV\b)", re.I))
    (True, None)
    """
    bare = ESCAPED.sub(".", pattern.pattern)
    if bare != bare.lower() or BY_NUMBER.search(pattern.pattern) or FLAGS.search(bare) or SIGNS & set(bare):
        return None
    ranges = (ends for part in CLASS.findall(bare) for ends in RANGE.findall(part[1:-1].lstrip("^")))
    return re.compile(pattern.pattern) if all(one.isalnum() and two.isalnum() for one, two in ranges) else None
