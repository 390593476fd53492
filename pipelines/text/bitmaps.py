"""Sets of positions in a list as bits of one number: filters are combined by ``&`` and ``|``, whatever their size."""

from __future__ import annotations

import sys
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["bits_of", "highest_first", "pack", "unpack"]

WORD = 64  # bits that are looked at together
LEVEL = 1  # of zlib: a set of few or of nearly all positions becomes small at any level


def bits_of(positions: Iterable[int], size: int) -> int:
    """Put positions below ``size`` into a set.

    >>> bin(bits_of([0, 3], 8))
    '0b1001'
    """
    data = bytearray(size // 8 + 1)
    for position in positions:
        data[position >> 3] |= 1 << (position & 7)
    return int.from_bytes(data, "little")


def pack(bits: int) -> bytes:
    """Write a set down."""
    return zlib.compress(bits.to_bytes(bits.bit_length() // 8 + 1, "little"), LEVEL)


def unpack(packed: bytes) -> int:
    """Read a set that :func:`pack` wrote."""
    return int.from_bytes(zlib.decompress(packed), "little")


def highest_first(bits: int, below: int | None = None) -> Iterator[int]:
    """Give the positions of a set from the highest down, those below a position only where one is given.

    >>> list(highest_first(0b10110, below=4))
    [2, 1]
    """
    if below is not None:
        bits &= (1 << below) - 1
    length = (bits.bit_length() // WORD + 1) * WORD // 8
    words = memoryview(bits.to_bytes(length, sys.byteorder)).cast("Q")
    numbers = words if sys.byteorder == "little" else words[::-1]
    for place in range(len(numbers) - 1, -1, -1):
        word = numbers[place]
        while word:
            bit = word.bit_length() - 1
            yield place * WORD + bit
            word ^= 1 << bit
