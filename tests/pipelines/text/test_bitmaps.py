"""Sets of positions as bits: what goes in comes out, in order, whatever the size."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipelines.text.bitmaps import bits_of, highest_first, pack, unpack

SETS = st.sets(st.integers(0, 700))


@given(SETS)
def test_what_goes_in_comes_out(positions):
    """Packed and unpacked, a set is the same; its positions come from the highest down."""
    bits = unpack(pack(bits_of(positions, 701)))
    assert list(highest_first(bits)) == sorted(positions, reverse=True)
    assert bits.bit_count() == len(positions)


@given(SETS, SETS, st.integers(0, 701))
def test_sets_are_combined_as_numbers(one, other, below):
    """Both, either, one without the other, and a page that goes on below a position."""
    first, second = bits_of(one, 701), bits_of(other, 701)
    assert set(highest_first(first & second)) == one & other
    assert set(highest_first(first | second)) == one | other
    assert set(highest_first(first & ~second)) == one - other
    assert list(highest_first(first, below)) == sorted((place for place in one if place < below), reverse=True)
