"""What travels from page to page without the page: sentences word for word, and texts told again in other words.

A spun text keeps its function words in their order while the words between them are exchanged. Runs of six function
words are therefore shared by a text and its spun copy, and hardly ever by two texts that were written by two people
(E. Stamatatos, Plagiarism detection using stopword n-grams, JASIST 62(12), 2011: runs of eleven; a clinic's page is
shorter than the documents measured there). A copied passage shares even more of its words than of its function words;
a spun one shares many fewer. That is the rule, and it makes a candidate for a person, no more.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipelines.dedup.similarity import Figures, figures
from pipelines.text.hashes import distinct, runs, split_words, word_hashes
from pipelines.text.sentences import split_sentences

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Hashes = NDArray[np.int64]

__all__ = [
    "LEAST",
    "RULES",
    "Said",
    "Spun",
    "Traits",
    "compare_spun",
    "may_be_spun",
    "said_in",
    "sampled",
    "skeleton_of",
    "traits_of",
]

RULES = "passages 4"  # of this module: a change makes the index of passages anew
MIN_WORDS = 8  # of a sentence: shorter ones are headings, opening hours, calls to action
SHORTEST = 2 * MIN_WORDS - 1  # characters: as many words of one letter, with spaces between
RUN = (
    6  # function words: of 300-word pages that were spun 0.99 are found, with runs of eight 0.7 (docs/family-kinds.md)
)
MIN_RUNS = 30  # that two texts share
SHARE, RATIO = 0.25, 1.2  # of the shorter text's runs; how much more than of its runs of three words
MOST_WORDS = 0.45  # of the shorter text's runs of three words: a text that shares more was copied in part
SAMPLE = 4  # one run of function words in so many is looked up
# how many of those two texts share to be compared, and which part of the shorter one's: half of what a pair has
LEAST = (MIN_RUNS / SAMPLE / 2, SHARE / 2)
FUNCTION_WORDS = frozenset(
    """
    a about after all an and are as at be been before but by can could do does for from had has have he her his how i
    if in into is it its may me my no not of on or our s she should so t than that the their them there they this to us
    was we were what when where which while who will with would you your
    """.split()  # noqa: SIM905 - a list would be a screen long
)


class Said(NamedTuple):
    """One sentence of a text: its hash, where it starts, how long it is (in characters), and its words."""

    key: int
    start: int
    length: int
    words: int


class Spun(NamedTuple):
    """How two texts compare: shared runs of function words, their share of the shorter text's, and that of words."""

    shared: int
    skeleton: float
    words: float


def said_in(text: str) -> list[Said]:
    """List the sentences of a text that can travel, each once, by what they say: case and marks do not count.

    >>> [one.words for one in said_in("Call us. Ketamine has been used safely for more than fifty years, they say.")]
    [12]
    """
    found: dict[int, Said] = {}
    for sentence in split_sentences(text):
        if len(sentence.text) < SHORTEST and sentence.text.isascii():
            continue
        words = split_words(sentence.text)
        if len(words) >= MIN_WORDS:
            key = _hash(" ".join(words))
            found.setdefault(key, Said(key, sentence.start, sentence.end - sentence.start, len(words)))
    return list(found.values())


class Traits(NamedTuple):
    """What two texts are compared by, sorted and distinct: runs of six function words, and runs of three words.

    A text in a language that we have no function words of has none of the first.
    """

    bones: Hashes
    words: Hashes


def traits_of(text: str) -> Traits:
    """Hash the runs of a text."""
    words = split_words(text)
    return Traits(_skeleton(words), _runs(word_hashes(words), 3))


def skeleton_of(text: str) -> Hashes:
    """Hash the runs of function words of a text alone."""
    return _skeleton(split_words(text))


def _skeleton(words: list[str]) -> Hashes:
    return _runs(word_hashes([word for word in words if word in FUNCTION_WORDS]), RUN)


def sampled(bones: Hashes) -> list[int]:
    """Choose the runs that are looked up: the same ones of every text."""
    chosen: list[int] = bones[bones % SAMPLE == 0].tolist()
    return chosen


def may_be_spun(one: Hashes, other: Hashes) -> bool:
    """Tell whether two texts share so many runs of function words that their words are worth a look."""
    return _is_enough(figures(one, other))


def compare_spun(one: Traits, other: Traits) -> Spun | None:
    """Tell whether one of two texts may be the other one in other words; ``None`` where nothing speaks for it."""
    bones = figures(one.bones, other.bones)
    if not _is_enough(bones):
        return None
    words = figures(one.words, other.words).share
    if words > MOST_WORDS or bones.share < RATIO * words:
        return None
    return Spun(bones.shared, round(bones.share, 4), round(words, 4))


def _is_enough(bones: Figures) -> bool:
    return bones.shared >= MIN_RUNS and bones.share >= SHARE


def _runs(words: NDArray[np.uint64], size: int) -> Hashes:
    """Hash runs of words to 63 bits, which SQLite holds as a whole number above zero."""
    hashes = runs(words, size)
    found: Hashes = ((distinct(hashes) if len(hashes) else hashes) >> np.uint64(1)).astype(np.int64)
    return found


def _hash(text: str) -> int:
    """Hash to 63 bits, which SQLite holds as a whole number above zero."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "little") >> 1
