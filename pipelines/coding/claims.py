"""Claim candidates: the sentences of a text that cues of the codebook propose to a coder. Cues only propose.

main text | names masked | sentences | cues whose words occur | candidates

A candidate is a place in a text and never a finding. Every step is linear in the text: a sentence is tried only with
the cues whose words it has, patterns cannot repeat without a limit (:mod:`pipelines.coding.codebook`), and what is
longer than any sentence is tried piece by piece.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pipelines.text.names import mask_names
from pipelines.text.sentences import Sentence, split_sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipelines.coding.codebook import Code, Codebook, Cue

__all__ = ["Candidate", "Scanner", "find_candidates"]

PLAIN = str.maketrans("’‘ʼ“”„–—‑−\u00a0\u2009\u202f\t", "'''\"\"\"----    ")  # each for one, so that places stay
TOKEN = re.compile(r"[^\W_]+|[%$£€/]")
MIN_STEM = 3  # letters; shorter words of a cue are whole words, others are beginnings
CLAUSE = re.compile(r";|\b(?:but|while|whereas|although|though|however|compared|versus|vs)\b", re.IGNORECASE)
ANSWER = re.compile(r"[\"'(]{0,2}(?:no|not|never|absolutely|it is|it isn't|in|rarely|unlikely|yes)\b", re.IGNORECASE)
PIECE_LENGTH = 2_000  # characters: the longest sentence of the five seed documents has 400
PIECE_OVERLAP = 300  # characters: the longest pattern with what stands around it
MAX_CACHED_WORDS = 100_000
MAX_CACHED_SENTENCES = 20_000  # some 10 MB


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that a cue proposes for a code, with the value that it suggests.

    ``start`` and ``end`` are the sentence's (or question and answer's), in characters of the text; ``quote`` is what
    stands there. ``mark_start`` and ``mark_end`` are the words that the cue fired on.
    """

    code: str
    value: str
    cue: str
    sentence_no: int
    start: int
    end: int
    quote: str
    mark_start: int
    mark_end: int


class Match(NamedTuple):
    """A cue that matched in a sentence: for which code and value, and on which of its characters."""

    code: str
    value: str
    cue: str
    start: int
    end: int


class _CodeCue(NamedTuple):
    """A cue, and the code that it proposes."""

    code: Code
    cue: Cue


class _Place(NamedTuple):
    """Characters of a sentence."""

    start: int
    end: int


@dataclass
class Scanner:
    """The cues of a codebook, ready to run: which words trigger which cues, as bits of a number."""

    codebook: Codebook
    cues: list[_CodeCue] = field(init=False)
    triggers: dict[str, int] = field(init=False, default_factory=dict)
    lengths: tuple[int, ...] = field(init=False)
    question_cues: int = field(init=False)
    bits_of_words: dict[str, int] = field(init=False, default_factory=dict)
    matches: dict[tuple[str, bool], tuple[Match, ...]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Note which word triggers which cues."""
        self.cues = [_CodeCue(code, cue) for code in self.codebook.codes for cue in code.cues]
        for place, (_, cue) in enumerate(self.cues):
            for word in cue.words:
                self.triggers[word] = self.triggers.get(word, 0) | 1 << place
        self.lengths = tuple(sorted({len(word) for word in self.triggers if len(word) >= MIN_STEM}))
        self.question_cues = sum(1 << place for place, (_, cue) in enumerate(self.cues) if cue.asks)

    def triggered(self, text: str) -> int:
        """Give the cues that the words of a sentence trigger, as bits."""
        bits = 0
        for word in TOKEN.findall(text.lower()):
            known = self.bits_of_words.get(word)
            if known is None:
                if len(self.bits_of_words) >= MAX_CACHED_WORDS:
                    self.bits_of_words.clear()
                known = self.triggers.get(word, 0)
                for length in self.lengths:
                    known |= self.triggers.get(word[:length], 0)
                self.bits_of_words[word] = known
            bits |= known
        return bits

    def match(self, sentence: str, *, is_question: bool) -> tuple[Match, ...]:
        """Try the cues of statements, or those of questions with their answer, on a sentence with names masked.

        The first cue that fires for a code counts, or the first for each member of a set. What a site says on each of
        its pages, or a family of copies on each of its own, is tried once.
        """
        known = self.matches.get((sentence, is_question))
        if known is not None:
            return known
        if len(self.matches) >= MAX_CACHED_SENTENCES:
            self.matches.clear()
        bits = self.triggered(sentence)
        bits = bits & self.question_cues if is_question else bits & ~self.question_cues
        found: dict[tuple[str, str], Match] = {}
        while bits:  # in the order of the codebook
            lowest = bits & -bits
            bits ^= lowest
            code, cue = self.cues[lowest.bit_length() - 1]
            what = (code.id, cue.value if code.type == "set" else "")
            place = None if what in found else _fires(sentence, cue)
            if place:
                found[what] = Match(code.id, cue.value, cue.name, place.start, place.end)
        self.matches[sentence, is_question] = tuple(found.values())
        return self.matches[sentence, is_question]


def find_candidates(text: str, scanner: Scanner, names: re.Pattern[str] | None = None) -> list[Candidate]:
    """Find the candidates of a text, in its order; ``names`` is what calls the advertiser, to be masked."""
    plain = mask_names(text.translate(PLAIN), names)
    sentences = split_sentences(text)
    found: list[Candidate] = []
    for question, answer in itertools.pairwise(sentences):  # "Is it addictive? No." says something together
        if _is_question(question) and ANSWER.match(answer.text):
            both = Sentence(question.number, question.start, answer.end, text[question.start : answer.end])
            found += _placed(text, both, scanner.match(plain[both.start : both.end], is_question=True))
    answered = {(candidate.code, candidate.end) for candidate in found}
    for sentence in sentences:
        if not _is_question(sentence):
            matches = scanner.match(plain[sentence.start : sentence.end], is_question=False)
            placed = _placed(text, sentence, matches)
            found += (candidate for candidate in placed if (candidate.code, candidate.end) not in answered)
    return sorted(found, key=lambda one: (one.start, one.code, one.value))


def _is_question(sentence: Sentence) -> bool:
    return sentence.text.rstrip("\"'”’)").endswith("?")


def _placed(text: str, unit: Sentence, matches: Iterable[Match]) -> Iterator[Candidate]:
    """Place in a text what matched in one of its sentences."""
    for match in matches:
        yield Candidate(
            code=match.code,
            value=match.value,
            cue=match.cue,
            sentence_no=unit.number,
            start=unit.start,
            end=unit.end,
            quote=text[unit.start : unit.end],
            mark_start=unit.start + match.start,
            mark_end=unit.start + match.end,
        )


def _fires(sentence: str, cue: Cue) -> _Place | None:
    """Give the words on which a cue fires in a sentence; a very long one is tried piece by piece."""
    for start in range(0, len(sentence), PIECE_LENGTH - PIECE_OVERLAP):
        place = _fires_in_piece(sentence[start : start + PIECE_LENGTH], cue)
        if place:
            return _Place(start + place.start, start + place.end)
        if start + PIECE_LENGTH >= len(sentence):
            break
    return None


def _fires_in_piece(piece: str, cue: Cue) -> _Place | None:
    found = cue.find(piece)
    if not found or any(one.search(piece) for one in cue.never) or not all(one.search(piece) for one in cue.needs):
        return None
    while found:
        # around the match: as far as its clause, and so many characters on each side
        start, end = found.span()
        before, after = piece[max(0, start - cue.within) : start], piece[end : end + cue.within]
        clause_start = max((mark.end() for mark in CLAUSE.finditer(before)), default=0)
        clause_end = CLAUSE.search(after)
        around = before[clause_start:] + piece[start:end] + (after[: clause_end.start()] if clause_end else after)
        if all(one.search(around) for one in cue.near) and not any(one.search(around) for one in cue.unless):
            return _Place(start, end)
        found = cue.find(piece, max(end, start + 1))
    return None
