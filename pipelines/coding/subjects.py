"""What each sentence of a text is about: the drug that it names, or the one that it carries over from above.

mentions of subjects in the text | not those compared with | own subject, else carried over, else the text's

``subjects`` of a codebook are patterns by name, the first that of the drug which the codebook is about. A sentence
that begins with "It" is about what the sentence before it was about; one that names nothing is about what its
paragraph, then its heading, then the whole text is about.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pipelines.coding.codebook import NO_SUBJECT
from pipelines.text.casefold_regex import to_small

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipelines.coding.outline import Statement

__all__ = ["ILLNESS", "REACH", "Subject", "SubjectFinder", "Subjects"]

CLAUSE = re.compile(
    r"[;:]|\s-{1,2}\s|\b(?:but|while|whereas|although|though|however|compared|versus|vs|unlike|so|which)\b",
    re.IGNORECASE,
)
SET_AGAINST = re.compile(  # before a mention: the sentence only compares with it
    r"\b(?:than|unlike|versus|vs\.?|compared (?:to|with)|as opposed to|instead of|rather than|alternatives? to"
    r"|apart from|in contrast to|similar to)\s(?:\w{1,14}[\s/-]){0,4}$",
    re.IGNORECASE,
)
OPENING = re.compile(  # a clause that opens a sentence, up to the comma behind it
    r"\W{0,3}(?:while|whereas|although|though|even though|unlike|compared|in contrast|instead|rather|when|if|since"
    r"|because|as)\b"
    r"[^,;]{1,160},",
    re.IGNORECASE,
)
TRIED = re.compile(  # before a mention of another drug: it was tried, or stands for what there is besides
    r"\b(?:beyond|besides|like|respond(?:ed|ing)? to|response to|resist\w{0,4} to|failed|tried|try"
    r"|relief (?:from|with|through)|without|replace|replacing|not|nor|such as|traditional|conventional|standard"
    r"|typical|first-line|other|oral|most)"
    r"\s(?:\w{1,14}[\s,/-]{1,2}){0,4}$",
    re.IGNORECASE,
)
COMPARES = re.compile(  # a word of the two above, quickly
    r"\b(?:than|unlike|v(?:ersu)?s|compared|opposed|instead|rather|alternatives?|apart|contrast|similar|beyond|besides|like"
    r"|respon\w{2,5}|resist\w{0,4}|failed|tried|try|relief|without|replac\w{1,3}|not|nor|such|traditional|conventional"
    r"|standard|typical|first-line|other|oral|most)\b",
    re.IGNORECASE,
)
LAST_SENTENCE = re.compile(r"[.!?\n]\s?")
LOOK_BACK = 60  # characters
POINTS_BACK = re.compile(
    r"\W{0,3}(?:(?:and|but|also|plus|however|moreover|in addition|additionally|furthermore|similarly|yet|still),? )?"
    r"(?:it|its|it's|this|these|they|their|that|those|such|both|the (?:treatment|therapy|medicine|medication|drug"
    r"|effects?|results?|procedure|process|infusion|former|latter))\b",
    re.IGNORECASE,
)
FOREIGN_WORDS = 150  # a text of so many words that never names the subject is about something else
MAIN_WEIGHT = 2  # a page that names another drug twice as often as the subject of the codebook is about that drug
FOREIGN = "other"
ILLNESS = "illness"  # the subject of a sentence that names no drug
REACH = ("named", "before", "heading", "text")  # how a subject may be known, the nearest first


class Subject(NamedTuple):
    """What a sentence is about, and how that is known: ``named``, ``before``, ``heading`` or ``text``."""

    name: str
    known_by: str


class Mention(NamedTuple):
    """A subject that is named in a text, and where."""

    subject: str
    start: int
    end: int


@dataclass
class SubjectFinder:
    """The patterns of a codebook's subjects as one, so that a text is walked once."""

    patterns: Mapping[str, re.Pattern[str]]
    pattern: re.Pattern[str] | None = field(init=False)

    def __post_init__(self) -> None:
        """Join the patterns, each as a group of its subject's name; all begin at the beginning of a word."""
        parts = [f"(?P<{name}>{one.pattern})" for name, one in self.patterns.items()]
        self.pattern = re.compile(rf"\b(?:{'|'.join(parts)})") if parts else None

    def mentions(self, text: str) -> list[Mention]:
        """List the mentions in a text, in order."""
        if self.pattern is None:
            return []
        # in a text that has no small letters of the same length, mentions with capitals are not found
        small = to_small(text)
        return [
            Mention(str(one.lastgroup), *one.span()) for one in self.pattern.finditer(text if small is None else small)
        ]


@dataclass
class Subjects:
    """The subjects of a text's statements; ``plain`` is the text in which places count."""

    finder: SubjectFinder
    plain: str
    statements: Sequence[Statement]
    found: list[Mention] = field(init=False)
    starts: list[int] = field(init=False)
    compared: set[Mention] = field(init=False)
    carried: list[Subject] = field(init=False, default_factory=list)
    of_text: Subject = field(init=False)

    def __post_init__(self) -> None:
        """Find all mentions, and what each statement is about as a whole."""
        self.found = self.finder.mentions(self.plain)
        self.starts = [one.start for one in self.found]
        self.compared = {one for one in self.found if self._is_compared(one)}
        self.of_text = Subject(self._of_text(), "text")
        topics: list[Subject] = []
        for place, statement in enumerate(self.statements):
            self.carried.append(self._carried(place, statement, topics))
            own = self._own(statement.sentence.start, statement.sentence.end)
            topics.append(own or self.carried[-1])

    def of_match(self, place: int, start: int, end: int) -> Subject:
        """Tell the subject of a statement's words from ``start`` to ``end`` (in characters of the text)."""
        sentence = self.statements[place].sentence
        return self._own(sentence.start, sentence.end, start, end) or self.carried[place]

    def _of_text(self) -> str:
        counts = Counter(one.subject for one in self.found if one not in self.compared)
        main = next(iter(self.finder.patterns), NO_SUBJECT)
        counts[main] *= MAIN_WEIGHT
        if any(counts.values()):
            return counts.most_common(1)[0][0]
        words = sum(statement.sentence.text.count(" ") + 1 for statement in self.statements)
        return FOREIGN if words > FOREIGN_WORDS and FOREIGN in self.finder.patterns else NO_SUBJECT

    def _carried(self, place: int, statement: Statement, topics: Sequence[Subject]) -> Subject:
        if place and (statement.follows or POINTS_BACK.match(statement.sentence.text)):
            return _carried(topics[place - 1], "before")
        if 0 <= statement.above < len(topics) and topics[statement.above].name != NO_SUBJECT:
            return _carried(topics[statement.above], "heading")
        return self.of_text

    def _own(self, sentence_start: int, sentence_end: int, start: int = -1, end: int = -1) -> Subject | None:
        """Give the subject that a sentence names for the words from ``start`` to ``end``, or as a whole."""
        first, last = bisect_left(self.starts, sentence_start), bisect_left(self.starts, sentence_end)
        if first == last:
            return None
        main = next(iter(self.finder.patterns))
        every = self.found[first:last]
        mentions = [one for one in every if one not in self.compared]
        if not mentions:  # "hardly a safer drug than ours" is about ours
            mentions = [one for one in every if one.subject == main]
        if not mentions:
            return None
        mentions = [one for one in mentions if one.subject != ILLNESS] or mentions
        if start < 0:
            names = [one.subject for one in mentions]
            return Subject(main if main in names else names[0], "named")
        marks = [one.span() for one in CLAUSE.finditer(self.plain, sentence_start, sentence_end)]
        if opening := OPENING.match(self.plain, sentence_start, sentence_end):
            marks.append((opening.end() - 1, opening.end()))
        clause_start = max((at[1] for at in marks if at[1] <= start), default=sentence_start)
        clause_end = min((at[0] for at in marks if at[0] >= end), default=sentence_end)
        inside = [one for one in mentions if clause_start <= one.start < clause_end]
        groups = (
            [one.subject for one in inside if one.start < start],
            [one.subject for one in inside],
            [one.subject for one in mentions if one.start < start],
            [one.subject for one in mentions],
        )
        left = next(filter(None, groups))
        return Subject(main if main in left else left[-1], "named")

    def _is_compared(self, mention: Mention) -> bool:
        before = LAST_SENTENCE.split(self.plain[max(0, mention.start - LOOK_BACK) : mention.start])[-1]
        if not COMPARES.search(before):
            return False
        return bool(SET_AGAINST.search(before)) or (mention.subject == FOREIGN and bool(TRIED.search(before)))


def _carried(subject: Subject, by: str) -> Subject:
    """Carry a subject over; what was itself carried from further away is no nearer by that."""
    return Subject(subject.name, max(by, subject.known_by, key=REACH.index))
