"""What travels from page to page without the page: sentences word for word, and texts in other words (paraphrases).

A paraphrase made by a program ("spun" text) has its function words in their order while the words between them are
exchanged. Runs of six function words are therefore shared by a text and its paraphrase, and hardly ever by two texts
that were written by two people (E. Stamatatos, Plagiarism detection using stopword n-grams, JASIST 62(12), 2011: runs
of eleven; a clinic's page is shorter than the documents measured there). A copied passage shares even more of its words
than of its function words; a paraphrased one shares many fewer. That is the rule, and it makes a candidate for a
person, no more.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipelines.dedup.similarity import Overlap, overlap
from pipelines.text.hashes import distinct, runs, split_words, word_hashes
from pipelines.text.sentences import split_sentences

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Hashes = NDArray[np.int64]

__all__ = [
    "MIN_MET",
    "RULES",
    "Paraphrase",
    "PlacedSentence",
    "WordRuns",
    "compare_paraphrase",
    "function_word_runs",
    "may_be_paraphrase",
    "sampled_runs",
    "travelling_sentences",
    "word_runs",
]

RULES = "passages 4"  # of this module: a change makes the index of passages anew
MIN_WORDS = 8  # of a sentence: shorter ones are headings, opening hours, calls to action
MIN_CHARACTERS = 2 * MIN_WORDS - 1  # as many words of one letter, with spaces between
# Function words in a run: of 300-word pages that were paraphrased 0.99 are found so, with runs of eight 0.7; measured
# in docs/family-kinds.md.
FUNCTION_RUN = 6
WORD_RUN = 3  # words
MIN_SHARED_RUNS = 30  # of function words, in two texts
MIN_SHARE = 0.25  # of the shorter text's runs of function words
MIN_RATIO = 1.2  # how much more of them two texts share than of their runs of three words
MAX_WORD_SHARE = 0.45  # of the shorter text's runs of three words: a text that shares more was copied in part
SAMPLE_RATE = 4  # one run of function words in so many is looked up


class MinMet(NamedTuple):
    """How many sampled runs two texts must share to be compared, and which part of those of the text with fewer."""

    runs: float
    share: float


MIN_MET = MinMet(MIN_SHARED_RUNS / SAMPLE_RATE / 2, MIN_SHARE / 2)  # half of what a pair has
FUNCTION_WORDS = frozenset(
    """
    a about after all an and are as at be been before but by can could do does for from had has have he her his how i
    if in into is it its may me my no not of on or our s she should so t than that the their them there they this to us
    was we were what when where which while who will with would you your
    """.split()  # noqa: SIM905 - a list would be a screen long
)


class PlacedSentence(NamedTuple):
    """One sentence of a text: its hash, where it starts, how long it is (in characters), and its words."""

    key: int
    start: int
    length: int
    words: int


class Paraphrase(NamedTuple):
    """How two texts compare: shared runs of function words, their share of the shorter text's, and that of words."""

    shared: int
    function_share: float
    word_share: float


def travelling_sentences(text: str) -> list[PlacedSentence]:
    """List the sentences of a text that can travel, each once, by what they say: case and marks do not count.

    >>> text = "Call us. Ketamine has been used safely for more than fifty years, they say."
    >>> [sentence.words for sentence in travelling_sentences(text)]
    [12]
    """
    found: dict[int, PlacedSentence] = {}
    for sentence in split_sentences(text):
        if len(sentence.text) < MIN_CHARACTERS and sentence.text.isascii():
            continue
        words = split_words(sentence.text)
        if len(words) >= MIN_WORDS:
            digest = hashlib.blake2b(" ".join(words).encode("utf-8", "replace"), digest_size=8).digest()
            key = int.from_bytes(digest, "little") >> 1  # 63 bits: a whole number above zero in SQLite
            found.setdefault(key, PlacedSentence(key, sentence.start, sentence.end - sentence.start, len(words)))
    return list(found.values())


class WordRuns(NamedTuple):
    """What two texts are compared by, sorted and distinct: runs of six function words, and runs of three words.

    A text in a language that we have no function words of has none of the first.
    """

    function_words: Hashes
    words: Hashes


def word_runs(text: str) -> WordRuns:
    """Hash the runs of a text."""
    words = split_words(text)
    return WordRuns(_function_word_runs(words), _hashed_runs(word_hashes(words), WORD_RUN))


def function_word_runs(text: str) -> Hashes:
    """Hash the runs of function words of a text alone."""
    return _function_word_runs(split_words(text))


def _function_word_runs(words: list[str]) -> Hashes:
    return _hashed_runs(word_hashes([word for word in words if word in FUNCTION_WORDS]), FUNCTION_RUN)


def _hashed_runs(words: NDArray[np.uint64], size: int) -> Hashes:
    """Hash runs of words to 63 bits, which SQLite holds as a whole number above zero."""
    hashes = runs(words, size)
    found: Hashes = ((distinct(hashes) if len(hashes) else hashes) >> np.uint64(1)).astype(np.int64)
    return found


def sampled_runs(hashes: Hashes) -> list[int]:
    """Choose the runs that are looked up: the same ones of every text."""
    chosen: list[int] = hashes[hashes % SAMPLE_RATE == 0].tolist()
    return chosen


def may_be_paraphrase(one: Hashes, other: Hashes) -> bool:
    """Tell whether two texts share so many runs of function words that their words are worth a look."""
    return _is_enough(overlap(one, other))


def compare_paraphrase(one: WordRuns, other: WordRuns) -> Paraphrase | None:
    """Tell whether one of two texts may be the other one in other words; ``None`` where nothing speaks for it."""
    function_words = overlap(one.function_words, other.function_words)
    if not _is_enough(function_words):
        return None
    word_share = overlap(one.words, other.words).containment
    if word_share > MAX_WORD_SHARE or function_words.containment < MIN_RATIO * word_share:
        return None
    return Paraphrase(function_words.shared, round(function_words.containment, 4), round(word_share, 4))


def _is_enough(function_words: Overlap) -> bool:
    return function_words.shared >= MIN_SHARED_RUNS and function_words.containment >= MIN_SHARE
