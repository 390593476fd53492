"""Names that differ between two copies of one text: places, brands, phone and other numbers.

Of a city-swapped template on real clinic pages, runs of three words agree to 0.66-0.68; with places masked, to 1.00.
A mask stands for a run of names, so that ``Costa Mesa, California`` and ``Tustin`` leave the same trace.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipelines.text.hashes import growing_runs, runs, split_words, word_hashes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from pipelines.text.hashes import Hashes

__all__ = ["RULES", "Gazetteer", "Masks", "host_label", "load_gazetteer", "page_masks"]

RULES = "masks 1"
MAX_PLACE_WORDS = 4
MAX_BRAND_WORDS = 8
LOW_BITS = 0xFFFF  # of a hash, by which a table of names says whether there may be such a name
MIN_TABLE_NAMES = 51  # fewer are looked up without a table
PLACE, BRAND, NUMBER = (int(word_hashes([mask])[0]) for mask in ("{place}", "{brand}", "{number}"))
# what many clinics are called: a name is known by its other words
GENERIC = frozenset(
    """
    a an and associates at behavioral brain care center centers centre clinic clinics company counseling depression
    doctor dr family for group health healing healthcare home hospital in inc infusion infusions institute integrative
    iv ketamine life llc medical medicine mental mind my neuro new of pain patient patients practice professional
    psychiatric psychiatry psychology research services solutions spa spravato specialists the therapeutics therapies
    therapy tms treatment treatments us wellness with your
    """.split()  # noqa: SIM905 (a list would be a screen long)
)


@dataclass(frozen=True, slots=True, eq=False)
class Gazetteer:
    """A gazetteer: for each length in words, the sorted hashes of the names of that length.

    ``likely`` says by the lowest 16 bits of a hash whether there may be such a name, so that one run in ten is
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


class MaskedWords(NamedTuple):
    """The words of a text with one mask for each run of names, and which of them are masks."""

    hashes: Hashes
    is_mask: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Masks:
    """What to mask in the text of one page: a gazetteer, the page's own places, and its brands, spaces left out."""

    places: Gazetteer
    own_places: Gazetteer
    brands: frozenset[str]
    starts: frozenset[str]

    def mask(self, words: Sequence[str], hashes: Hashes) -> MaskedWords:
        """Put one mask for each run of names in the place of their words."""
        masked = hashes.copy()
        masked[(hashes & np.uint64(1)).astype(bool)] = (
            NUMBER  # of a word with digits the lowest bit is set, see word_hashes
        )
        for length, here in enumerate(islice(growing_runs(hashes), MAX_PLACE_WORDS), 1):
            for gazetteer in (self.places, self.own_places):
                for start in gazetteer.find(here, length).tolist():
                    masked[start : start + length] = PLACE
        for start, length in self._brands(words):
            if length > 1 or masked[start] != PLACE:  # "Austin" of Austin Ketamine is the city in most sentences
                masked[start : start + length] = BRAND
        # neighbours that are the same mask are one
        is_mask = (masked == PLACE) | (masked == BRAND) | (masked == NUMBER)
        stays = ~is_mask
        stays[:1] = True
        stays[1:] |= masked[1:] != masked[:-1]
        return MaskedWords(masked[stays], is_mask[stays])

    def _brands(self, words: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Find runs of words that make a brand when written together, as hosts write it."""
        if not self.starts:
            return
        for start in [place for place, word in enumerate(words) if word in self.starts]:
            written, length = "", 0
            for offset, word in enumerate(words[start : start + MAX_BRAND_WORDS], 1):
                written += word
                length = offset if written in self.brands else length
            if length:
                yield start, length


@lru_cache(maxsize=4)  # texts
def load_gazetteer(text: str) -> Gazetteer:
    r"""Read a gazetteer: one name a line, ``#`` begins a comment.

    >>> load_gazetteer("# towns\nCosta Mesa\nTustin").by_length[1].size
    1
    """
    return _gazetteer(line for line in text.splitlines() if line and not line.startswith("#"))


def _gazetteer(names: Iterable[str]) -> Gazetteer:
    split = [split_words(name) for name in names]
    by_length = tuple(
        np.array(sorted({int(runs(word_hashes(name), length)[0]) for name in split if len(name) == length}), np.uint64)
        for length in range(1, MAX_PLACE_WORDS + 1)
    )
    likely = np.zeros(LOW_BITS + 1 if len(split) >= MIN_TABLE_NAMES else 0, np.bool_)
    if len(likely):
        likely[_low(np.concatenate(by_length))] = True
    return Gazetteer(by_length, likely)


def _low(hashes: Hashes) -> NDArray[np.int64]:
    return hashes.view(np.int64) & LOW_BITS


@lru_cache(maxsize=4096)  # the pages of a site have the same
def page_masks(gazetteer: Gazetteer, own_places: frozenset[str], names: frozenset[str], host: str) -> Masks:
    """Put together what to mask on a page: its city and state, the names of its advertiser, and its host."""
    label = re.sub(r"[^a-z0-9]+", "", host_label(host))
    brands = frozenset(brand for name in names for brand in _spoken(split_words(name))) | ({label} - {"", *GENERIC})
    starts = frozenset(brand[:length] for brand in brands for length in range(1, len(brand) + 1))
    return Masks(gazetteer, _gazetteer(sorted(own_places)), brands, starts)


def _spoken(name: list[str]) -> Iterator[str]:
    """List the ways in which a page speaks of its advertiser: the whole name, and what it begins with.

    >>> list(_spoken(["cedar", "ketamine", "center"]))
    ['cedar', 'cedarketamine', 'cedarketaminecenter']
    """
    for length in range(1, len(name) + 1):
        telling = [word for word in name[:length] if word not in GENERIC]
        if telling and (length > 1 or len(name[0]) > 3):
            yield "".join(name[:length])


def host_label(host: str) -> str:
    """Take the label of a host that names its owner: the longest one before the suffix.

    >>> host_label("www.cedar-ketamine.webflow.io")
    'cedar-ketamine'
    """
    labels = host.removeprefix("www.").split(".")
    return max(labels[:-1] or labels, key=len)
