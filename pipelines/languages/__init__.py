"""Words that rules rest on, as data: one file a language beside this one, all read together.

A page's own language is often wrong or missing, so a rule knows the words of all languages at once. A new language is
one more file. Rules that know English alone say so where they stand.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

__all__ = ["LanguageWords", "load_words"]

KEYS = ("modified", "published", "before_date", "by", "not_published")


class LanguageWords(NamedTuple):
    """The words of all languages: months by number (1 to 12), and patterns for each purpose."""

    months: dict[str, int]
    modified: tuple[str, ...]
    published: tuple[str, ...]
    before_date: tuple[str, ...]
    by: tuple[str, ...]
    not_published: tuple[str, ...]


@cache
def load_words() -> LanguageWords:
    """Read the files, once a process; raises ValueError with the file's name where one lacks a key."""
    months: dict[str, int] = {}
    found: dict[str, list[str]] = {key: [] for key in KEYS}
    for path in sorted(Path(__file__).parent.glob("*.toml")):
        words = tomllib.loads(path.read_text(encoding="utf-8"))
        if set(words) != {"months", *KEYS} or len(words["months"]) != len(range(12)):
            raise ValueError(f"{path.name}: it has to have twelve months, and {', '.join(KEYS)}")
        months |= {name: number for number, names in enumerate(words["months"], 1) for name in names.split()}
        for key in KEYS:
            found[key] += words[key]
    return LanguageWords(months, *(tuple(dict.fromkeys(found[key])) for key in KEYS))
