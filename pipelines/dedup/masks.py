"""Names that differ between two copies of one text: places, brands, phone and other numbers.

Of a city-swapped template on real clinic pages, runs of three words agree to 0.66-0.68; with places masked, to 1.00.
A mask stands for a run of names, so that ``Costa Mesa, California`` and ``Tustin`` leave the same trace.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from pipelines.text.hashes import growing_runs, runs, split_words, word_hashes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from pipelines.text.hashes import Hashes

__all__ = ["RULES", "Masks", "Places", "load_places", "page_masks"]

RULES = "masks 1"
LONGEST = 4  # words of a place name
LOW, FEW = 0xFFFF, 50  # bits that a table of names is asked by; names that are looked up without one
PLACE, BRAND, NUMBER = (int(word_hashes([mask])[0]) for mask in ("{place}", "{brand}", "{number}"))
# what many clinics are called: a name is told by its other words
GENERIC = frozenset(
    """
    a an and associates at behavioral brain care center centers centre clinic clinics company counseling depression
    doctor dr family for group health healing healthcare home hospital in inc infusion infusions institute integrative
    iv ketamine life llc medical medicine mental mind my neuro new of pain patient patients practice professional
    psychiatric psychiatry psychology research services solutions spa spravato specialists the therapeutics therapies
    therapy tms treatment treatments us wellness with your
    """.split()  # noqa: SIM905 (a list would be a screen long)
)
_LABEL = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """A gazetteer: for each length in words, the sorted hashes of the names of that length.

    ``likely`` tells by the lowest 16 bits of a hash whether there may be such a name, so that one run in ten is
    looked up; a short list does without.
    """

    by_length: tuple[Hashes, ...]
    likely: NDArray[np.bool_]

    def find(self, here: Hashes, length: int) -> NDArray[np.int64]:
        """Tell which of the runs of so many words are names."""
        known = self.by_length[length - 1]
        if not len(known):
            return np.empty(0, np.int64)
        at = np.flatnonzero(self.likely.take(_low(here))) if len(self.likely) else np.arange(len(here))
        is_name: NDArray[np.bool_] = known.take(known.searchsorted(here[at]), mode="clip") == here[at]
        return at[is_name]


@dataclass(frozen=True, slots=True)
class Masks:
    """What to mask in the text of one page: a gazetteer, the page's own places, and its brands, spaces left out."""

    places: Places
    own: Places
    brands: frozenset[str]
    starts: frozenset[str]

    def mask(self, words: Sequence[str], hashes: Hashes) -> tuple[Hashes, NDArray[np.bool_]]:
        """Put one mask for each run of names in the place of their words; tells too which are masks."""
        masked = hashes.copy()
        masked[(hashes & np.uint64(1)).astype(bool)] = NUMBER
        for start, length in _found((self.places, self.own), hashes):
            masked[start : start + length] = PLACE
        for start, length in self._brands(words):
            if length > 1 or masked[start] != PLACE:  # "Austin" of Austin Ketamine is the city in most sentences
                masked[start : start + length] = BRAND
        return _collapse(masked)

    def _brands(self, words: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Find runs of words that make a brand when written together, as hosts write it."""
        if not self.starts:
            return
        for start in [place for place, word in enumerate(words) if word in self.starts]:
            written, length = "", 0
            for offset, word in enumerate(words[start : start + LONGEST + 4], 1):
                written += word
                length = offset if written in self.brands else length
            if length:
                yield start, length


def _found(gazetteers: Sequence[Places], hashes: Hashes) -> Iterator[tuple[int, int]]:
    """Find the place names of a text: where each starts, and its length in words."""
    for length, here in enumerate(islice(growing_runs(hashes), LONGEST), 1):
        for places in gazetteers:
            yield from ((start, length) for start in places.find(here, length).tolist())


def _collapse(masked: Hashes) -> tuple[Hashes, NDArray[np.bool_]]:
    """Make one mask of neighbours that are the same."""
    is_mask = (masked == PLACE) | (masked == BRAND) | (masked == NUMBER)
    kept = ~is_mask
    kept[:1] = True
    kept[1:] |= masked[1:] != masked[:-1]
    return masked[kept], is_mask[kept]


@lru_cache(maxsize=4)  # texts
def load_places(text: str) -> Places:
    r"""Read a gazetteer: one name a line, ``#`` begins a comment.

    >>> load_places("# towns\nCosta Mesa\nTustin").by_length[1].size
    1
    """
    return _places(line for line in text.splitlines() if line and not line.startswith("#"))


def _places(names: Iterable[str]) -> Places:
    split = [split_words(name) for name in names]
    by_length = tuple(
        np.array(sorted({int(runs(word_hashes(name), length)[0]) for name in split if len(name) == length}), np.uint64)
        for length in range(1, LONGEST + 1)
    )
    likely = np.zeros(LOW + 1 if len(split) > FEW else 0, np.bool_)
    if len(likely):
        likely[_low(np.concatenate(by_length))] = True
    return Places(by_length, likely)


def _low(hashes: Hashes) -> NDArray[np.int64]:
    return hashes.view(np.int64) & LOW


@lru_cache(maxsize=4096)  # the pages of a site have the same
def page_masks(places: Places, own_places: frozenset[str], names: frozenset[str], host: str) -> Masks:
    """Put together what to mask on a page: its city and state, the names of its advertiser, and its host."""
    brands = frozenset(brand for name in names for brand in _spoken(split_words(name))) | _labels(host)
    starts = frozenset(brand[:length] for brand in brands for length in range(1, len(brand) + 1))
    return Masks(places, _places(sorted(own_places)), brands, starts)


def _spoken(name: list[str]) -> Iterator[str]:
    """List the ways in which a page speaks of its advertiser: the whole name, and what it begins with.

    >>> list(_spoken(["cedar", "ketamine", "center"]))
    ['cedar', 'cedarketamine', 'cedarketaminecenter']
    """
    for length in range(1, len(name) + 1):
        told = [word for word in name[:length] if word not in GENERIC]
        if told and (length > 1 or len(name[0]) > 3):
            yield "".join(name[:length])


def _labels(host: str) -> frozenset[str]:
    """Take the label of a host that names its owner."""
    labels = host.removeprefix("www.").split(".")
    label = _LABEL.sub("", max(labels[:-1] or labels, key=len))
    return frozenset({label} - {"", *GENERIC})
