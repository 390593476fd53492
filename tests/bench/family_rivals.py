"""Other ways to find copies, each as its authors set it up, on the same texts: pairs of numbers of texts.

datasketch (MinHashLSH, 128 permutations, threshold .5, runs of three words), rensa (the same settings), text-dedup's
rule (runs of five words, 256 permutations, threshold .7: the defaults of its command) and its SimHash (runs of three
words, 64 bits, at most 3 of them different). None of them verifies what it found, as none does by default.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    Pairs = set[tuple[int, int]]


def grams(text: str, size: int) -> set[str]:
    """List the runs of so many words."""
    words = re.findall(r"\w+", text.lower())
    return {" ".join(words[start : start + size]) for start in range(max(1, len(words) - size + 1))}


def datasketch_pairs(texts: list[str], size: int = 3, permutations: int = 128, threshold: float = 0.5) -> Pairs:
    """Find pairs with datasketch's MinHashLSH."""
    from datasketch import MinHash, MinHashLSH

    index, found = MinHashLSH(threshold=threshold, num_perm=permutations), set()
    for number, text in enumerate(texts):
        sketch = MinHash(num_perm=permutations)
        sketch.update_batch([gram.encode() for gram in grams(text, size)])
        found |= {(other, number) for other in index.query(sketch)}
        index.insert(number, sketch)
    return found


def text_dedup_pairs(texts: list[str]) -> Pairs:
    """Find pairs by the rule of text-dedup's MinHash, which is datasketch's with other settings."""
    return datasketch_pairs(texts, size=5, permutations=256, threshold=0.7)


def rensa_pairs(texts: list[str]) -> Pairs:
    """Find pairs with rensa's RMinHashLSH."""
    from rensa import RMinHash, RMinHashLSH

    index, found = RMinHashLSH(threshold=0.5, num_perm=128, num_bands=32), set()
    for number, text in enumerate(texts):
        sketch = RMinHash(num_perm=128, seed=42)
        sketch.update(sorted(grams(text, 3)))
        found |= {(other, number) for other in index.query(sketch)}
        index.insert(number, sketch)
    return found


def simhash_pairs(texts: list[str]) -> Pairs:
    """Find pairs whose 64-bit SimHash differs in three bits at most: they agree in one of four blocks of 16 bits."""
    codes = [_simhash(text) for text in texts]
    blocks: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number, code in enumerate(codes):
        for block in range(4):
            blocks[block, code >> (16 * block) & 0xFFFF].append(number)
    return {pair for numbers in blocks.values() for pair in _alike(numbers, codes)}


def _alike(numbers: list[int], codes: list[int]) -> Iterator[tuple[int, int]]:
    return (pair for pair in combinations(numbers, 2) if (codes[pair[0]] ^ codes[pair[1]]).bit_count() <= 3)


def _simhash(text: str) -> int:
    digests = b"".join(hashlib.blake2b(gram.encode(), digest_size=8).digest() for gram in grams(text, 3))
    bits = np.unpackbits(np.frombuffer(digests, np.uint8).reshape(-1, 8), axis=1)
    return int.from_bytes(np.packbits(bits.sum(axis=0) * 2 > len(bits)).tobytes(), "big")


RIVALS = {
    "datasketch MinHashLSH": datasketch_pairs,
    "rensa RMinHashLSH": rensa_pairs,
    "text-dedup's rule": text_dedup_pairs,
    "SimHash, 3 bits": simhash_pairs,
}
