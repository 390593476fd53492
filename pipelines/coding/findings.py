"""What the coders of a round found in one text on one code: a value, "no", "unclear", or why there is no answer yet.

votes on a text, on its sentences, "I have read this text whole" | one finding a text and code

"No" is an answer and never a default. On a code of whole pages it is what coders answered. On a code of sentences it is
their "no such claim here" for the text, or that they read the text whole and rejected what cues or coders proposed in
it. A sentence that waits for a decision keeps the text without an answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipelines.coding.codebook import Code

__all__ = [
    "ABSENT_VALUES",
    "READ_CODE",
    "READ_VALUES",
    "UNCLEAR",
    "Answer",
    "CodedClaim",
    "CodedText",
    "Finding",
    "Question",
    "Reason",
    "Says",
    "combine",
    "find",
]

ABSENT_VALUES = frozenset({"none", "no", ""})  # "no" to a sentence is: no such claim
UNCLEAR = "unclear"
READ_CODE = "_read"  # the code of the vote "I have read this text whole"
READ_VALUES = ("whole page", "main text")
CODERS_NEEDED = 2
ADJUDICATOR = "adjudicator"
ONE, AGREED, CONFLICT, ADJUDICATED = "one", "agreed", "conflict", "adjudicated"  # statuses of a question


class Says(StrEnum):
    """What a text or an advertiser is found to say on a code; EMPTY has a :class:`Reason`."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"
    EMPTY = ""


class Reason(StrEnum):
    """Why there is no answer, the nearest to an answer first."""

    CONFLICT = "coders differ"
    ONE = "one coder so far"
    WAITING = "candidates wait"
    NOT_READ = "not read whole"
    NOT_CODED = "nobody coded it"
    NO_PAGE = "no page in the frame"


class Answer(NamedTuple):
    """A coder's current decision on a question, or that this coder read the text whole; ``at`` is UTC."""

    coder: str
    role: str
    value: str
    at: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What was answered on a code of a text: its status, the settled value (``None``: not settled), the answers."""

    status: str
    value: str | None
    answers: tuple[Answer, ...] = ()

    def settled(self, *, single: bool) -> str | None:
        """Give the settled value; ``single`` takes what one coder answered alone."""
        if single and self.status == ONE and self.answers:
            return self.answers[0].value
        return self.value


@dataclass(frozen=True, slots=True)
class CodedClaim:
    """A sentence that a coder decided on for a code, proposed by a cue or marked by the coder, or a candidate.

    ``text_sha256`` is the text that it stands in: the page's main text, or another region of the page. A candidate that
    nobody decided on has no question. ``is_proposed`` where a cue proposes the sentence, or one that overlaps it.
    """

    code: str
    text_sha256: str
    unit: str
    quote: str = ""
    question: Question | None = None
    page: int | None = None
    version: int | None = None
    is_proposed: bool = False


@dataclass(frozen=True)
class CodedText:
    """All that was decided on a text: by code of the whole text, sentence by sentence, and who read it whole."""

    text_sha256: str
    questions: Mapping[str, Question]
    claims: tuple[CodedClaim, ...] = ()
    reads: tuple[Answer, ...] = ()

    @cached_property
    def coders(self) -> frozenset[str]:
        """Who decided on anything in it, adjudicators left out."""
        questions = [*self.questions.values(), *(one.question for one in self.claims if one.question)]
        answers = [*self.reads, *(answer for one in questions for answer in one.answers)]
        return frozenset(answer.coder for answer in answers if answer.role != ADJUDICATOR)

    def is_read(self, *, single: bool) -> bool:
        """Tell whether as many coders as it needs have read it whole, or an adjudicator has."""
        return _is_settled_by(self.reads, single=single)

    @cached_property
    def claims_by_code(self) -> Mapping[str, Sequence[CodedClaim]]:
        """The sentences of each code."""
        found: dict[str, list[CodedClaim]] = {}
        for claim in self.claims:
            found.setdefault(claim.code, []).append(claim)
        return found


@dataclass(frozen=True, slots=True)
class Finding:
    """What a text says on a code, and who says so: the sentences and the answers that it rests on.

    ``how`` says what was looked at: answered for the text, accepted or rejected sentences, who read it whole.
    ``begun`` where coders have begun with this kind of code in the text. Answers that are neither settled nor in open
    conflict are left out: nobody is to read what one coder decided before the other has. ``pages`` show the text.
    """

    text_sha256: str
    says: Says
    value: str = ""
    reason: Reason | None = None
    claims: tuple[CodedClaim, ...] = ()
    answers: tuple[Answer, ...] = ()
    how: str = ""
    begun: bool = True
    pages: tuple[int, ...] = ()

    @property
    def is_open_to_all(self) -> bool:
        """Tell whether it may be shown: it is an answer, or coders who have both answered differ."""
        return bool(self.says) or self.reason is Reason.CONFLICT


def find(text: CodedText, code: Code, *, single: bool = False) -> Finding:
    """Find what a text says on a code; ``single`` takes what one coder decided alone as settled."""
    question, claims = text.questions.get(code.id), text.claims_by_code.get(code.id, ())
    accepted = tuple(one for one in claims if (_settled(one, single=single) or "no") not in ABSENT_VALUES)
    answered = question.settled(single=single) if question else None
    values = [value for one in accepted if (value := _settled(one, single=single))]
    value = combine([*values, *([answered] if answered is not None else [])], code.type)
    reads = text.reads if code.level == "sentence" else ()
    reason = _open_reason(question, claims, {one.coder for one in reads}, single=single)
    if value and value not in ABSENT_VALUES and not (value == UNCLEAR and reason is Reason.CONFLICT):
        answers = question.answers if question and answered is not None and answered not in ABSENT_VALUES else ()
        parts = [f"{len(accepted)} sentence{'s' if len(accepted) > 1 else ''} accepted"] if accepted else []
        parts += ["answered for the whole text"] if answers else []
        says = Says.UNCLEAR if value == UNCLEAR else Says.YES
        return Finding(text.text_sha256, says, value, None, accepted, answers, "; ".join(parts))
    if not reason and answered is None:
        reason = _missing(code, claims, [*reads, *(question.answers if question else ())], single=single)
    decided = tuple(one for one in claims if one.question and _is_open(one.question, single=single))
    answers = question.answers if question and _is_open(question, single=single) else ()
    if reason:
        begun = bool(question) or (_is_begun(text) if code.level == "sentence" else bool(claims))
        how = _how_differing(decided, answers) if reason is Reason.CONFLICT else ""
        return Finding(text.text_sha256, Says.EMPTY, "", reason, decided, answers, how, begun=begun)
    answers += reads
    value = "no" if code.type == "boolean" else "none"
    return Finding(text.text_sha256, Says.NO, value, None, decided, answers, _how_absent(text, code, question))


def _is_open(question: Question, *, single: bool) -> bool:
    return question.status == CONFLICT or question.settled(single=single) is not None


def _how_differing(claims: Sequence[CodedClaim], answers: Sequence[Answer]) -> str:
    if claims or answers:
        return "coders gave different answers, nobody has decided yet"
    return "one coder accepted a sentence, another read the text whole without it; nobody has decided yet"


def combine(values: Iterable[str], kind: str) -> str:
    """Combine values: one yes is a yes, and the values of sets and categories are joined; nothing for no value.

    >>> combine(["no", "yes", "unclear"], "boolean"), combine(["iv", "im|iv", "none"], "set"), combine([], "set")
    ('yes', 'im|iv', '')
    """
    values = list(values)
    if kind == "boolean":
        return next((value for value in ("yes", UNCLEAR, "no") if value in values), "")
    parts = {part for value in values for part in value.split("|")} - ABSENT_VALUES
    parts -= {UNCLEAR} if len(parts) > 1 else set()
    return "|".join(sorted(parts)) or ("none" if values else "")


def _settled(claim: CodedClaim, *, single: bool) -> str | None:
    return claim.question.settled(single=single) if claim.question else None


def _open_reason(
    question: Question | None, claims: Sequence[CodedClaim], readers: set[str], *, single: bool
) -> Reason | None:
    """Name what keeps decisions that were begun from being an answer: coders who differ, or a coder who is alone.

    ``readers`` have read the text whole: a sentence that they did not accept is no such claim to them.
    """
    asked = [one.question for one in claims if one.question] + ([question] if question else [])
    if any(one.status == CONFLICT for one in asked):
        return Reason.CONFLICT
    alone = [one for one in asked if one.settled(single=single) is None]
    accepting = {answer.coder for one in alone for answer in one.answers if answer.value not in ABSENT_VALUES}
    if accepting and readers - accepting:
        return Reason.CONFLICT  # two who marked different sentences do not differ: each has found the claim
    covered = question is not None and question.settled(single=single) is not None
    for one in alone:
        others = readers - {answer.coder for answer in one.answers}
        if accepting or not (others or covered):
            return Reason.ONE
    return None


def _missing(code: Code, claims: Sequence[CodedClaim], answers: Sequence[Answer], *, single: bool) -> Reason | None:
    """Name what is still to be done before a text can be said not to have a code.

    ``answers`` are "no" for the text and "I have read it whole", of those coders who have no such sentence in it.
    """
    if code.level != "sentence":
        return Reason.NOT_CODED
    if any(one.question is None for one in claims):
        return Reason.WAITING
    if _is_settled_by(answers, single=single):
        return None
    return Reason.ONE if answers else Reason.NOT_READ


def _is_settled_by(answers: Sequence[Answer], *, single: bool) -> bool:
    coders = {one.coder for one in answers if one.role != ADJUDICATOR}
    return any(one.role == ADJUDICATOR for one in answers) or len(coders) >= (1 if single else CODERS_NEEDED)


def _is_begun(text: CodedText) -> bool:
    """Tell whether coders have begun with the sentences of a text."""
    return bool(text.reads) or any(one.question for one in text.claims)


def _how_absent(text: CodedText, code: Code, question: Question | None) -> str:
    """Say what "no" rests on.

    >>> from types import SimpleNamespace as Code
    >>> reads = (Answer("anna", "reader", "whole page", ""), Answer("ben", "reader", "main text", ""))
    >>> _how_absent(CodedText("ab12", {}, (), reads), Code(id="E1_rate", level="sentence"), None)
    'main text read by 1 coder; whole page read by 1 coder'
    """
    claims = text.claims_by_code.get(code.id, ())
    parts = ["answered for the whole text"] if question else []
    parts += [f"{len(claims)} candidate{'s' if len(claims) > 1 else ''} rejected"] if claims else []
    if code.level == "sentence":
        for value in sorted({one.value for one in text.reads}):  # the order of coders would tell who read how much
            coders = sum(one.value == value for one in text.reads)
            parts.append(f"{value} read by {coders} coder{'s' if coders > 1 else ''}")
    return "; ".join(parts)
