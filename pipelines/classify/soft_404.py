"""Whether a page shows what its site answers for an address that nobody can know: not found, whatever the status.

A site's own answer to a random address is the surest sign of its soft 404 (Bar-Yossef et al., WWW 2004).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pipelines.text.tokens import agreement

__all__ = ["Answer", "is_same_answer"]

WORD = re.compile(r"\w+")
MIN_AGREEMENT = 0.9  # of the shorter text in common, and the longer one not much longer: one answer at two addresses
MAX_LENGTH_RATIO = 1.4
MIN_WORDS = 8  # below, both have to be the same to the word


class Answer(NamedTuple):
    """What an address answered: the address itself, title and main text."""

    url: str
    title: str
    text: str


def is_same_answer(one: Answer, other: Answer) -> bool:
    """Tell whether two answers are one; the words of their addresses may stand in them.

    >>> is_same_answer(Answer("http://a.example/fees", "Oh", "No fees here"),
    ...                Answer("http://a.example/xqz", "Oh", "No xqz here"))
    True
    """
    named = frozenset(WORD.findall(f"{one.url} {other.url}".casefold()))
    title, text = (_without(named, part) for part in one[1:])
    other_title, other_text = (_without(named, part) for part in other[1:])
    shorter, longer = sorted((len(text.split()), len(other_text.split())))
    if shorter < MIN_WORDS:
        return (title, text) == (other_title, other_text)
    return longer <= MAX_LENGTH_RATIO * shorter and agreement(text, other_text) >= MIN_AGREEMENT


def _without(named: frozenset[str], text: str) -> str:
    return " ".join(word for word in WORD.findall(text.casefold()) if word not in named)
