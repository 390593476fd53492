"""The words of a text, as the measure of whether two texts say the same."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter


def copy_key(text: str) -> str:
    """Hash what makes two texts exact copies: their words, whatever their case, spaces and punctuation.

    >>> copy_key("Ketamine, at home.") == copy_key("ketamine  at home")
    True
    """
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())
    return hashlib.sha256(" ".join(words).encode()).hexdigest()


def agreement(one: str, other: str) -> float:
    """Measure how much of the shorter text the longer one repeats: runs of three words, numbers alike; 0 to 1.

    Single words would not do: two texts on one subject share most of them.

    >>> agreement("Events in May 2026 at our clinic", "Events in May 2027 at our clinic, and more")
    1.0
    """
    first, second = triples(one), triples(other)
    shorter = min(first.total(), second.total())
    return (first & second).total() / shorter if shorter else 0.0


def triples(text: str) -> Counter[tuple[str, ...]]:
    """Count the runs of three words of a text; a shorter text is one run."""
    words = re.findall(r"\w+", re.sub(r"\d+", "#", text.casefold()).replace("#", "0"))
    return Counter(tuple(words[start : start + 3]) for start in range(max(len(words) - 2, min(len(words), 1))))
