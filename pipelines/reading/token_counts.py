"""Counts and keys of many texts at once, for the choice of the main text.

A page has 250 blocks: one call of a regular expression for each and each number cost more than all else in the choice.
Here the texts are one array of characters, and each number is one sum over it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Column = NDArray[Any]

__all__ = ["BETWEEN", "counts", "keys"]

BETWEEN = "\x1e"  # a control character does not survive decoding: no text holds it
FIRST_ASTRAL = 0x10000  # beyond are emoji and rare signs: no words
WORD = re.compile(r"\w+")
DIGIT = re.compile(r"\d+")
# a sign of these scripts is about a third of a word: lengths count them thrice
WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]+")
STOP = re.compile(r"[.,;!?。，、！？؟।]")
WORD_BIT, DIGIT_BIT, WIDE_BIT, STOP_BIT, UPPER_BIT = 1, 2, 4, 8, 16
NOT_ASCII_LETTERS = bytes(code for code in range(128) if not chr(code).isalnum() and code not in (0x0A, 0x1E))
LOWER = bytes(ord(chr(code).lower()) if code < 128 else code for code in range(256))
FOREIGN_SIGNS = re.compile(r"[^\w\x00-\x7f]+")


@cache
def _signs() -> NDArray[np.uint8]:
    """Say for each character of the first plane, as bits, what it counts as."""
    signs = np.zeros(FIRST_ASTRAL + 1, dtype=np.uint8)
    plane = "".join(map(chr, range(FIRST_ASTRAL)))
    for bit, shape in ((WORD_BIT, WORD), (DIGIT_BIT, DIGIT), (WIDE_BIT, WIDE), (STOP_BIT, STOP)):
        for match in shape.finditer(plane):
            signs[match.start() : match.end()] |= bit
    signs[[code for code, sign in enumerate(plane) if sign.isupper()]] |= UPPER_BIT
    return signs


def counts(texts: Sequence[str]) -> dict[str, Column]:
    """Count characters, words, signs of wide scripts, stops, capitals and digits of each text; no text may be empty."""
    joined = BETWEEN.join(texts)
    codes = np.frombuffer(joined.encode("utf-32-le", "replace"), dtype=np.uint32)
    signs = _signs()[np.minimum(codes, FIRST_ASTRAL)]
    lengths = np.fromiter(map(len, texts), dtype=np.intp, count=len(texts))
    starts = np.cumsum(lengths + 1) - lengths - 1  # of no text, none: a page without visible text is still read
    inside = signs & WORD_BIT
    begun = inside.copy()
    begun[1:] &= ~inside[:-1]
    found = {"length": lengths, "words": np.add.reduceat(begun, starts, dtype=np.intp)}
    for name, bit in (("wide", WIDE_BIT), ("stops", STOP_BIT), ("capitals", UPPER_BIT), ("digits", DIGIT_BIT)):
        found[name] = np.add.reduceat(signs & bit, starts, dtype=np.intp) // bit
    return found


def keys(texts: Iterable[str]) -> list[bytes]:
    r"""Reduce texts to their letters and digits, as bytes: how the lines of two extractors are compared.

    Ends of lines stay.

    >>> keys(["What’s new?", "WHATS new\nTODAY"])
    [b'whatsnew', b'whatsnew\ntoday']
    """
    joined = BETWEEN.join(texts)
    if not joined.isascii():
        joined = FOREIGN_SIGNS.sub("", joined.casefold())
    return joined.encode("utf-8", "replace").translate(LOWER, NOT_ASCII_LETTERS).split(BETWEEN.encode())
