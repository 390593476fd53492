"""Claim candidates: the sentences of a text that cues of the codebook propose to a reader. Cues only propose.

main text | names masked | sentences | cues whose words occur | candidates

A candidate is a place in a text and never a finding. Every step is linear in the text: a sentence is tried only with
the cues whose words it has, patterns cannot repeat without a limit (:mod:`pipelines.coding.codebook`), and what is
longer than
any sentence is tried piece by piece.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pipelines.text.names import mask_names
from pipelines.text.sentences import Sentence, split_sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipelines.coding.codebook import Code, Codebook, Cue

__all__ = ["Candidate", "Scanner", "find_candidates"]

PLAIN = str.maketrans("’‘ʼ“”„–—‑−\u00a0\u2009\u202f\t", "'''\"\"\"----    ")  # each for one, so that places stay
TOKEN = re.compile(r"[^\W_]+|[%$£€/]")
SHORT = 3  # letters; shorter words of a cue are whole words, longer ones are beginnings
CLAUSE = re.compile(r";|\b(?:but|while|whereas|although|though|however|compared|versus|vs)\b", re.IGNORECASE)
ANSWER = re.compile(r"[\"'(]{0,2}(?:no|not|never|absolutely|it is|it isn't|in|rarely|unlikely|yes)\b", re.IGNORECASE)
PIECE = 2_000  # characters: the longest sentence of the five seed documents has 400
OVERLAP = 300  # characters: the longest pattern with what stands around it
REMEMBERED = 100_000  # words
REMEMBERED_SENTENCES = 20_000  # some 10 MB


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


class Fired(NamedTuple):
    """A cue that fired in a sentence: for which code and value, and on which of its characters."""

    code: str
    value: str
    cue: str
    start: int
    end: int


@dataclass
class Scanner:
    """The cues of a codebook, ready to run: which words call which cues, as bits of a number."""

    codebook: Codebook
    cues: list[tuple[Code, Cue]] = field(init=False)
    calls: dict[str, int] = field(init=False, default_factory=dict)
    lengths: tuple[int, ...] = field(init=False)
    asking: int = field(init=False)
    remembered: dict[str, int] = field(init=False, default_factory=dict)
    judged: dict[tuple[str, bool], tuple[Fired, ...]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Lay out which word calls which cues."""
        self.cues = [(code, cue) for code in self.codebook.codes for cue in code.cues]
        for place, (_, cue) in enumerate(self.cues):
            for word in cue.words:
                self.calls[word] = self.calls.get(word, 0) | 1 << place
        self.lengths = tuple(sorted({len(word) for word in self.calls if len(word) >= SHORT}))
        self.asking = sum(1 << place for place, (_, cue) in enumerate(self.cues) if cue.asks)

    def called(self, text: str) -> int:
        """Give the cues that the words of a sentence call, as bits."""
        bits = 0
        for word in TOKEN.findall(text.lower()):
            found = self.remembered.get(word)
            bits |= self._look_up(word) if found is None else found
        return bits

    def _look_up(self, word: str) -> int:
        if len(self.remembered) >= REMEMBERED:
            self.remembered.clear()
        bits = self.calls.get(word, 0)
        for length in self.lengths:
            bits |= self.calls.get(word[:length], 0)
        return self.remembered.setdefault(word, bits)

    def fired(self, sentence: str, *, asked: bool) -> tuple[Fired, ...]:
        """Try the cues of statements, or those of questions with their answer, on a sentence with names masked.

        What a site says on each of its pages, or a family of copies on each of its own, is judged once.
        """
        found = self.judged.get((sentence, asked))
        if found is None:
            if len(self.judged) >= REMEMBERED_SENTENCES:
                self.judged.clear()
            bits = self.called(sentence)
            found = tuple(_fired(sentence, self.chosen(bits & self.asking if asked else bits & ~self.asking)))
            self.judged[sentence, asked] = found
        return found

    def chosen(self, bits: int) -> Iterator[tuple[Code, Cue]]:
        """Give the cues of these bits, in the order of the codebook."""
        while bits:
            lowest = bits & -bits
            yield self.cues[lowest.bit_length() - 1]
            bits ^= lowest


def find_candidates(text: str, scanner: Scanner, names: re.Pattern[str] | None = None) -> list[Candidate]:
    """Find the candidates of a text, in its order; ``names`` is what calls the advertiser, to be masked."""
    plain = mask_names(text.translate(PLAIN), names)
    sentences = split_sentences(text)
    found = list(_asked(text, plain, sentences, scanner))
    answered = {(candidate.code, candidate.end) for candidate in found}
    for sentence in sentences:
        if not _is_question(sentence):
            fired = scanner.fired(plain[sentence.start : sentence.end], asked=False)
            found += (
                candidate
                for candidate in _proposed(text, sentence, fired)
                if (candidate.code, candidate.end) not in answered
            )
    return sorted(found, key=lambda one: (one.start, one.code, one.value))


def _is_question(sentence: Sentence) -> bool:
    return sentence.text.rstrip("\"'”’)").endswith("?")


def _asked(text: str, plain: str, sentences: Sequence[Sentence], scanner: Scanner) -> Iterator[Candidate]:
    """Find what a question says together with its answer: "Is it addictive? No."."""
    for question, answer in itertools.pairwise(sentences):
        if _is_question(question) and ANSWER.match(answer.text):
            both = Sentence(question.number, question.start, answer.end, text[question.start : answer.end])
            yield from _proposed(text, both, scanner.fired(plain[both.start : both.end], asked=True))


def _proposed(text: str, unit: Sentence, fired: Iterable[Fired]) -> Iterator[Candidate]:
    """Place in a text what fired in one of its sentences."""
    quote = text[unit.start : unit.end]
    for code, value, cue, start, end in fired:
        yield Candidate(
            code, value, cue, unit.number, unit.start, unit.end, quote, unit.start + start, unit.start + end
        )


def _fired(sentence: str, cues: Iterable[tuple[Code, Cue]]) -> Iterator[Fired]:
    """Try cues on a sentence: the first that fires for a code counts, or the first for each member of a set."""
    done: set[tuple[str, str]] = set()
    for code, cue in cues:
        what = (code.id, cue.value if code.type == "set" else "")
        place = None if what in done else _fires(sentence, cue)
        if place:
            done.add(what)
            yield Fired(code.id, cue.value, cue.name, *place)


def _fires(sentence: str, cue: Cue) -> tuple[int, int] | None:
    """Give start and end of the words on which a cue fires in a sentence."""
    for start in range(0, len(sentence), PIECE - OVERLAP):
        place = _place(sentence[start : start + PIECE], cue)
        if place:
            return start + place[0], start + place[1]
        if start + PIECE >= len(sentence):
            break
    return None


def _place(piece: str, cue: Cue) -> tuple[int, int] | None:
    found = cue.find(piece)
    if not found or any(one.search(piece) for one in cue.never) or not all(one.search(piece) for one in cue.needs):
        return None
    while found:
        around = _around(piece, found.span(), cue.within)
        if all(one.search(around) for one in cue.near) and not any(one.search(around) for one in cue.unless):
            return found.span()
        found = cue.find(piece, max(found.end(), found.start() + 1))
    return None


def _around(piece: str, place: tuple[int, int], within: int) -> str:
    """Give what stands around a match: as far as its clause, and so many characters on each side."""
    start, stop = place
    before, after = piece[max(0, start - within) : start], piece[stop : stop + within]
    begin = max((mark.end() for mark in CLAUSE.finditer(before)), default=0)
    end = CLAUSE.search(after)
    return before[begin:] + piece[start:stop] + (after[: end.start()] if end else after)
