"""Patterns that ignore case, made for casefolded text: there Python's re needs half of the time.

Ignoring case it tries each alternative at each place of a text; otherwise it looks at the first letter first.
"""

from __future__ import annotations

import re

__all__ = ["for_casefolded"]

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
