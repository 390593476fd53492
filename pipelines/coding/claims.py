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
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from pipelines.coding.codebook import NO_SUBJECT
from pipelines.coding.outline import Contexts, outline
from pipelines.coding.subjects import ILLNESS, REACH, Subject, SubjectFinder, Subjects
from pipelines.text.casefold_regex import to_small
from pipelines.text.names import mask_names
from pipelines.text.sentences import Sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipelines.coding.codebook import Code, Codebook, Cue
    from pipelines.coding.outline import Statement

__all__ = ["Candidate", "Scanner", "find_candidates"]

PLAIN = tuple(zip("’‘ʼ“”„–—‑−\u00a0\u2009\u202f\t", "'''\"\"\"----    ", strict=True))  # one for one: places stay
TOKEN = re.compile(r"[^\W_]+|[%$£€/™®]")
NUMBER = "#"  # the word of a cue that stands for any number in digits
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
    stands there. ``mark_start`` and ``mark_end`` are the words that the cue fired on. Why it counts: the ``subject`` of
    those words, how that is known (``named`` there, carried over from the sentence ``before`` or the ``heading``, that
    of the whole ``text``; nothing where the cue does not ask), and the ``context`` that a line above opens.
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
    subject: str = NO_SUBJECT
    subject_by: str = ""
    context: str = ""


class _CodeCue(NamedTuple):
    """A cue, and the code that it proposes."""

    code: Code
    cue: Cue


class Match(NamedTuple):
    """A cue that matched in a sentence: whose it is, and on which of the sentence's characters."""

    of: _CodeCue
    start: int
    end: int

    @property
    def what(self) -> tuple[str, str]:
        """Of which only the first counts in a sentence: a code, or a member of a set."""
        return self.of.code.id, self.of.cue.value if self.of.code.type == "set" else ""


class _Reject(NamedTuple):
    """A search that most sentences fail and that cues need, tried once a sentence; in it, or in its contexts too."""

    key: str
    search: Callable[[str], object]
    in_whole: bool


class _Place(NamedTuple):
    """Characters of a sentence."""

    start: int
    end: int


class _Piece(NamedTuple):
    """A piece of a sentence from ``start`` on, as it is and in small letters; ``whole`` has the open contexts too."""

    start: int
    text: str
    small: str | None
    whole: str
    small_whole: str | None


@dataclass
class Scanner:
    """The cues of a codebook, ready to run: which words trigger which cues, as bits of a number."""

    codebook: Codebook
    cues: list[_CodeCue] = field(init=False)
    triggers: dict[str, int] = field(init=False, default_factory=dict)
    lengths: tuple[int, ...] = field(init=False)
    question_cues: int = field(init=False)
    context_cues: dict[str, int] = field(init=False, default_factory=dict)
    rejects: list[_Reject | None] = field(init=False)
    subject_finder: SubjectFinder = field(init=False)
    contexts: Contexts = field(init=False)
    bits_of_words: dict[str, int] = field(init=False, default_factory=dict)
    matches: dict[tuple[str, bool, frozenset[str]], tuple[Match, ...]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Note which word triggers which cues, and which context those that need no word."""
        self.cues = [_CodeCue(code, cue) for code in self.codebook.codes for cue in code.cues]
        for place, (_, cue) in enumerate(self.cues):
            for word in cue.words:
                self.triggers[word] = self.triggers.get(word, 0) | 1 << place
            for context in () if cue.words else cue.under:
                self.context_cues[context] = self.context_cues.get(context, 0) | 1 << place
        self.lengths = tuple(sorted({len(word) for word in self.triggers if len(word) >= MIN_STEM}))
        self.question_cues = sum(1 << place for place, (_, cue) in enumerate(self.cues) if cue.asks)
        self.rejects = [_reject(cue) for _, cue in self.cues]
        self.subject_finder = SubjectFinder(self.codebook.subjects)
        self.contexts = Contexts(self.codebook.contexts)

    def triggered(self, text: str) -> int:
        """Give the cues that the words of a sentence trigger, as bits."""
        bits = 0
        for word in TOKEN.findall(text.lower()):
            known = self.bits_of_words.get(word)
            if known is None:
                if len(self.bits_of_words) >= MAX_CACHED_WORDS:
                    self.bits_of_words.clear()
                known = self.triggers.get(word, 0)
                if word[0].isdigit():
                    known |= self.triggers.get(NUMBER, 0)
                for length in self.lengths:
                    if length > len(word):
                        break
                    known |= self.triggers.get(word[:length], 0)
                self.bits_of_words[word] = known
            bits |= known
        return bits

    def match(self, sentence: str, contexts: frozenset[str], *, is_question: bool) -> tuple[Match, ...]:
        """Try the cues of statements, or those of questions with their answer, on a sentence with names masked.

        What a site says on each of its pages, or a family of copies on each of its own, is tried once.
        """
        key = (sentence, is_question, contexts)
        known = self.matches.get(key)
        if known is not None:
            return known
        if len(self.matches) >= MAX_CACHED_SENTENCES:
            self.matches.clear()
        bits = self.triggered(sentence)
        for context in contexts:
            bits |= self.context_cues.get(context, 0)
        bits = bits & self.question_cues if is_question else bits & ~self.question_cues
        trial = _Trial(sentence, contexts)
        found: list[Match] = []
        settled: set[tuple[str, str]] = set()  # by a cue that asks for no subject
        while bits:  # in the order of the codebook
            lowest = bits & -bits
            bits ^= lowest
            one = self.cues[lowest.bit_length() - 1]
            if trial.fails(self.rejects[lowest.bit_length() - 1]):
                continue
            if settled and Match(one, 0, 0).what in settled:
                continue
            place = trial.fires(one.cue)
            if place:
                found.append(Match(one, place.start, place.end))
                if not one.cue.subjects:
                    settled.add(found[-1].what)
        self.matches[key] = tuple(found)
        return self.matches[key]


def _reject(cue: Cue) -> _Reject | None:
    first = cue.needs[0] if cue.needs else cue.pattern
    if not first.small:
        return None
    return _Reject(f"{bool(cue.needs)} {first.small.pattern}", first.small.search, bool(cue.needs))


def find_candidates(text: str, scanner: Scanner, names: re.Pattern[str] | None = None) -> list[Candidate]:
    """Find the candidates of a text, in its order; ``names`` is what calls the advertiser, to be masked."""
    scan = _Scan(text, mask_names(_plain(text), names), scanner)
    found: list[Candidate] = []
    for place, (question, answer) in enumerate(itertools.pairwise(scan.statements)):
        # "Is it addictive? No." says something together
        if _is_question(question.sentence) and ANSWER.match(answer.sentence.text):
            start, end = question.sentence.start, answer.sentence.end
            both = Sentence(question.sentence.number, start, end, text[start:end])
            found += scan.candidates(place, both, is_question=True)
    answered = {(candidate.code, candidate.end) for candidate in found}
    for place, statement in enumerate(scan.statements):
        if not _is_question(statement.sentence):
            placed = scan.candidates(place, statement.sentence, is_question=False)
            found += (candidate for candidate in placed if (candidate.code, candidate.end) not in answered)
    return sorted(found, key=lambda one: (one.start, one.code, one.value))


@dataclass
class _Scan:
    """A text under a scan: with names masked, cut into statements, its subjects known where they are asked for."""

    text: str
    plain: str
    scanner: Scanner
    statements: list[Statement] = field(init=False)

    def __post_init__(self) -> None:
        self.statements = outline(self.text, self.scanner.contexts)

    @cached_property
    def subjects(self) -> Subjects:
        """What each statement is about."""
        return Subjects(self.scanner.subject_finder, self.plain, self.statements)

    def candidates(self, place: int, unit: Sentence, *, is_question: bool) -> Iterator[Candidate]:
        """Give the candidates of a statement: the first cue counts for a code, or for each member of a set."""
        contexts = self.statements[place].contexts
        seen: set[tuple[str, str]] = set()
        plain = self.plain[unit.start : unit.end].replace("\n", " ")
        for match in self.scanner.match(plain, contexts, is_question=is_question):
            if match.what in seen:
                continue
            code, cue = match.of
            subject = Subject(NO_SUBJECT, "")
            if cue.subjects:
                subject = self.subjects.of_match(place, unit.start + match.start, unit.start + match.end)
                if subject.name not in cue.subjects or not _reaches(subject, cue):
                    continue
            seen.add(match.what)
            yield Candidate(
                code=code.id,
                value=cue.value,
                cue=cue.name,
                sentence_no=unit.number,
                start=unit.start,
                end=unit.end,
                quote=self.text[unit.start : unit.end],
                mark_start=unit.start + match.start,
                mark_end=unit.start + match.end,
                subject=subject.name,
                subject_by=subject.known_by,
                context=" ".join(sorted(contexts & cue.under)),
            )


def _plain(text: str) -> str:
    """Write typographic marks as plain ones; replacing one by one is far quicker than a table for all."""
    for mark, plain in PLAIN:
        text = text.replace(mark, plain)
    return text


def _is_question(sentence: Sentence) -> bool:
    return sentence.text.rstrip("\"'”’)").endswith("?")


def _reaches(subject: Subject, cue: Cue) -> bool:
    """Tell whether a subject is not carried further than the cue has it; an unknown one does, an illness is not."""
    if subject.name == ILLNESS:
        return subject.known_by == "named"
    return subject.name == NO_SUBJECT or REACH.index(subject.known_by) <= REACH.index(cue.subject_from)


class _Trial:
    """A sentence on which cues are tried: its pieces, and what is known of the searches that several cues share."""

    def __init__(self, sentence: str, contexts: frozenset[str]) -> None:
        """Cut a sentence that is longer than any into pieces that overlap; one of the usual length is one piece."""
        tags = "".join(f" <{name}>" for name in sorted(contexts))
        self.contexts = contexts
        self.pieces: list[_Piece] = []
        for start in range(0, max(1, len(sentence) - PIECE_OVERLAP), PIECE_LENGTH - PIECE_OVERLAP):
            piece = sentence[start : start + PIECE_LENGTH]
            small = to_small(piece)
            self.pieces.append(_Piece(start, piece, small, piece + tags, None if small is None else small + tags))
        self.only = self.pieces[0] if len(self.pieces) == 1 and self.pieces[0].small is not None else None
        self.failed: dict[str, bool] = {}

    def fails(self, reject: _Reject | None) -> bool:
        """Tell whether the sentence lacks what a cue needs; not known of a sentence in pieces."""
        if reject is None or self.only is None:
            return False
        failed = self.failed.get(reject.key)
        if failed is None:
            failed = not reject.search(str(self.only.small_whole if reject.in_whole else self.only.small))
            self.failed[reject.key] = failed
        return failed

    def fires(self, cue: Cue) -> _Place | None:
        """Give the words on which a cue fires in the sentence."""
        if cue.under and not cue.under & self.contexts:
            return None
        for piece in self.pieces:
            place = _fires_in_piece(piece, cue)
            if place:
                return _Place(piece.start + place.start, piece.start + place.end)
        return None


def _fires_in_piece(piece: _Piece, cue: Cue) -> _Place | None:
    _, text, small, whole, small_whole = piece
    if cue.begins and not cue.begins.search(text, small):
        return None
    for one in cue.needs:
        if not one.search(whole, small_whole):
            return None
    found = cue.pattern.search(text, small)
    if not found or any(one.search(whole, small_whole) for one in cue.never):
        return None
    while found:
        # around the match: as far as its clause, and so many characters on each side
        start, end = found.span()
        before, after = text[max(0, start - cue.within) : start], text[end : end + cue.within]
        around_start = start - len(before) + max((mark.end() for mark in CLAUSE.finditer(before)), default=0)
        clause_end = CLAUSE.search(after)
        around_end = end + (clause_end.start() if clause_end else len(after))
        around = text[around_start:around_end]
        small_around = None if small is None else small[around_start:around_end]
        is_near = all(one.search(around, small_around) for one in cue.near)
        if is_near and not any(one.search(around, small_around) for one in cue.unless):
            return _Place(start, end)
        found = cue.pattern.search(text, small, max(end, start + 1))
    return None
