"""Words of a text as 64-bit hashes, and hashes of runs of words; the same on every machine."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Hashes", "distinct", "growing_runs", "numbered", "runs", "split_words", "word_hashes"]

Hashes = NDArray[np.uint64]
# scripts that put no spaces between words: each character stands for a word
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # kana, Han
)
_ANY_UNSPACED = re.compile(f"[{_UNSPACED}]")
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
_SPACED_WORD = re.compile(r"\w+")  # in half of the time, where a text has only these
_APOSTROPHES = "'’‘ʼ"  # NFKC makes others of them
_MULTIPLY = (np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53), np.uint64(0x9E3779B97F4A7C15))
_SHIFT = np.uint64(33)


def split_words(text: str) -> list[str]:
    """Split a text into words as a reader sees them: compatibility forms unified, case and apostrophes left out.

    >>> split_words("Don’t ＷＡＩＴ: 氯胺酮")
    ['dont', 'wait', '氯', '胺', '酮']
    """
    folded = text if text.isascii() else unicodedata.normalize("NFKC", text)
    for apostrophe in _APOSTROPHES:  # str.translate takes ten times as long for a text that is not ASCII
        folded = folded.replace(apostrophe, "")
    word = _WORD if _ANY_UNSPACED.search(folded) else _SPACED_WORD
    return word.findall(folded.casefold())


@lru_cache(maxsize=1 << 17)  # words; English pages share nearly all of theirs
def _word_hash(word: str) -> int:
    """Hash a word to 64 bits; the lowest tells a word with digits, so that numbers are masked without a second look."""
    digest = int.from_bytes(hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=8).digest(), "little")
    return digest & ~1 | any(map(str.isdigit, word))


def word_hashes(words: Sequence[str]) -> Hashes:
    """Hash words one by one."""
    return np.fromiter(map(_word_hash, words), dtype=np.uint64, count=len(words))


def numbered(hashes: Hashes) -> Hashes:
    """Sort hashes and give each repeat one of its own, so that sets compare as bags do.

    >>> one = numbered(np.array([7, 7, 3], np.uint64))
    >>> len(one), len(np.intersect1d(one, numbered(np.array([7, 7, 7], np.uint64))))
    (3, 2)
    """
    ordered = np.sort(hashes)
    places = np.arange(len(ordered), dtype=np.uint64)
    fresh = np.concatenate(([True], ordered[1:] != ordered[:-1]))
    again = places - np.maximum.accumulate(np.where(fresh, places, np.uint64(0)))
    return ordered if fresh.all() else distinct(np.where(fresh, ordered, _mix(ordered + again * _MULTIPLY[2])))


def distinct(hashes: NDArray[Any]) -> NDArray[Any]:
    """Sort hashes and leave repeats out; ``numpy.unique`` takes five times as long for a page's worth of them."""
    ordered = np.sort(hashes)
    return ordered[np.concatenate(([True], ordered[1:] != ordered[:-1]))]


def runs(words: Hashes, size: int) -> Hashes:
    """Hash each run of ``size`` words, in their order."""
    return next(islice(growing_runs(words), size - 1, size)) if size <= len(words) else words[:0]


def growing_runs(words: Hashes) -> Iterator[Hashes]:
    """Hash each run of one word, then of two, and so on: each from the one that is a word shorter."""
    hashes = np.zeros(len(words), np.uint64)
    for offset in range(len(words)):
        hashes = _mix(hashes[: len(words) - offset] * _MULTIPLY[2] + words[offset:])
        yield hashes


def _mix(value: Hashes) -> Hashes:
    """Scatter 64 bits: the finaliser of MurmurHash3 by Austin Appleby, which is in the public domain."""
    value = (value ^ (value >> _SHIFT)) * _MULTIPLY[0]
    value = (value ^ (value >> _SHIFT)) * _MULTIPLY[1]
    return value ^ (value >> _SHIFT)
