"""What a text is known by: the 64-bit hashes of its runs of three words, as it stands and with its names masked.

Our own and versioned, because library signatures are not stable on disk (three releases of rensa and two of datasketch
differ on the same input): a word's hash is BLAKE2b of its UTF-8 bytes, a run's hash mixes those of its words with the
finaliser of MurmurHash3. The same on every machine; :data:`RULES` changes when the answer does.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipelines.masks import Masks

__all__ = [
    "RULES",
    "Fingerprint",
    "Hashes",
    "distinct",
    "fingerprint",
    "growing_runs",
    "runs",
    "shingles",
    "split_words",
    "word_hashes",
]

RULES = "fingerprint 3"  # part of the key of every stored fingerprint
SHINGLE = 3  # words; five miss a doorway page: raw Jaccard .44-.47 with 5, .66-.68 with 3 (docs/families.md)
MIN_MASKED = 20  # runs, and half of all: what is left of a table of figures or addresses is not what the page says

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


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a text is known by.

    ``exact`` is a digest of its words in their order, ``raw`` the sorted distinct hashes of its runs of three words
    (see :func:`shingles`), ``masked`` the same with places, brands and numbers masked (the very ``raw`` where too
    little is left).
    """

    exact: bytes
    raw: Hashes
    masked: Hashes


def fingerprint(text: str, masks: Masks | None = None) -> Fingerprint:
    """Take the fingerprint of a text; ``masks`` are the names to leave out of account.

    >>> fingerprint("Ketamine, at home.").exact == fingerprint("ketamine  AT home").exact
    True
    >>> len(fingerprint("one two three four").raw)
    2
    """
    words = split_words(text)
    hashes = word_hashes(words)
    exact = hashlib.blake2b(hashes.tobytes(), digest_size=16).digest()
    raw = shingles(hashes)
    masked = _masked(*masks.mask(words, hashes)) if masks and words else raw
    return Fingerprint(exact, raw, masked if len(masked) >= max(MIN_MASKED, len(raw) / 2) else raw)


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


def shingles(words: Hashes, size: int = SHINGLE) -> Hashes:
    """Hash each run of ``size`` words, sorted; a shorter text is one run, an empty one none.

    What is said again counts again: the second time a run stands in a text it has another hash, the third time a third.
    Without that, half of a text that repeats itself passed for most of it: 9 of 10 false pairs of the benchmark.
    """
    return numbered(runs(words, min(size, len(words)))) if len(words) else words


def _masked(words: Hashes, names: NDArray[np.bool_]) -> Hashes:
    """Hash the runs of a text with its names masked; a run with a mask, as a list of towns repeats it, counts once."""
    size = min(SHINGLE, len(words))
    here = runs(words, size)
    named = np.logical_or.reduce([names[offset : offset + len(here)] for offset in range(size)])
    return distinct(np.concatenate((numbered(here[~named]), here[named])))


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
