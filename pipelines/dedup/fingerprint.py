"""What a text is known by: the 64-bit hashes of its runs of three words, as it stands and with its names masked.

Our own and versioned, because library signatures are not stable on disk (three releases of rensa and two of datasketch
differ on the same input): a word's hash is BLAKE2b of its UTF-8 bytes, a run's hash mixes those of its words with the
finaliser of MurmurHash3. The same on every machine; :data:`RULES` changes when the answer does.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipelines.text.hashes import distinct, numbered, runs, split_words, word_hashes

if TYPE_CHECKING:
    from pipelines.dedup.masks import MaskedWords, Masks
    from pipelines.text.hashes import Hashes

__all__ = ["RULES", "Fingerprint", "fingerprint", "shingles"]

RULES = "fingerprint 3"  # part of the key of every stored fingerprint
SHINGLE_WORDS = 3  # words; five miss a doorway page: raw Jaccard .44-.47 with 5, .66-.68 with 3 (docs/families.md)
MIN_MASKED_RUNS = 20  # runs, and half of all: what is left of a table of figures or addresses is not what the page says


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
    masked = _masked_shingles(masks.mask(words, hashes)) if masks and words else raw
    return Fingerprint(exact, raw, masked if len(masked) >= max(MIN_MASKED_RUNS, len(raw) / 2) else raw)


def shingles(words: Hashes, size: int = SHINGLE_WORDS) -> Hashes:
    """Hash each run of ``size`` words, sorted; a shorter text is one run, an empty one none.

    What is said again counts again: the second time a run stands in a text it has another hash, the third time a third.
    Without that, half of a text that repeats itself passed for most of it: 9 of 10 false pairs of the benchmark.
    """
    return numbered(runs(words, min(size, len(words)))) if len(words) else words


def _masked_shingles(words: MaskedWords) -> Hashes:
    """Hash the runs of a text with its names masked; a run with a mask, as a list of towns repeats it, counts once."""
    size = min(SHINGLE_WORDS, len(words.hashes))
    here = runs(words.hashes, size)
    named = np.logical_or.reduce([words.is_mask[offset : offset + len(here)] for offset in range(size)])
    return distinct(np.concatenate((numbered(here[~named]), here[named])))
