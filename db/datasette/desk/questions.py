"""What the desk asks: the topic of a page, and the codes of the codebook, each with its values and their keys."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from pipelines.model.records import Verdict

if TYPE_CHECKING:
    from collections.abc import Collection

    from pipelines.coding.codebook import Code, Codebook

KEYS = "1234567890-="
ACCEPT, REJECT, NONE = "yes", "no", "none"
ABBREVIATIONS = frozenset({"bp", "cta", "fda", "im", "iv", "kap", "ocd", "ptsd"})
OWN_KEYS = {ACCEPT: "y", REJECT: "x"}


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that a coder may give, the words on its button, and its key."""

    value: str
    label: str
    key: str


@dataclass(frozen=True, slots=True)
class Question:
    """A code as it is asked: of the whole page, or of a sentence of it (``level`` sentence).

    ``several`` takes any number of its choices at once; ``key`` leads to the question on a page with many.
    """

    code: str
    name: str
    level: str
    choices: tuple[Choice, ...]
    definition: str = ""
    positive: str = ""
    negative: str = ""
    several: bool = False
    key: str = ""
    reference: str = ""

    def label(self, value: str) -> str:
        """Give the words for a stored value."""
        words = {NONE: "None"} | {choice.value: choice.label for choice in self.choices}
        return ", ".join(words.get(one, one) for one in value.split("|"))


TOPIC = Question(
    "topic",
    "Is this page about the topic?",
    "page",
    (
        Choice(Verdict.ON_TOPIC, "On topic", "1"),
        Choice(Verdict.OFF_TOPIC, "Off topic", "2"),
        Choice("unclear", "Cannot tell", "3"),
    ),
    "Would somebody who studies what providers say about this treatment want this page? Its main subject counts, not"
    " who publishes it.",
)


def questions_of(codebook: Codebook | None) -> dict[str, Question]:
    """Give every question that can be asked, by code; the topic first."""
    asked = [question_of(code) for code in codebook.codes] if codebook else []
    return {question.code: question for question in (TOPIC, *asked)}


def question_of(code: Code) -> Question:
    """Make a code of the codebook a question."""
    level = "sentence" if code.level == "sentence" else "page"
    choices = _claim_choices(code) if level == "sentence" else _choices(code.values or (ACCEPT, REJECT))
    told = (code.definition, code.positive, code.negative, code.type == "set", code.key, code.reference)
    return Question(code.id, code.name, level, choices, *told)


def question_without_code(code: str, values: Collection[str]) -> Question:
    """Ask about a code that the codebook does not have any more, with the values that were given."""
    return Question(code, code, "page", _choices(sorted(set(values))))


def _choices(values: Collection[str]) -> tuple[Choice, ...]:
    """Give each value its key: y and x for yes and no, else its place in the codebook."""
    keys = zip_longest(values, KEYS[: len(values)], fillvalue="")
    return tuple(Choice(value, worded(value), OWN_KEYS.get(value) or key) for value, key in keys)


def _claim_choices(code: Code) -> tuple[Choice, ...]:
    """Offer the values of a sentence code; the one that says that nothing is claimed comes last."""
    values = code.values or (ACCEPT, REJECT)
    against = REJECT if REJECT in values else NONE
    choices = [choice for choice in _choices(values) if choice.value != against]
    named = [Choice(one.value, "Claim" if one.value == ACCEPT else one.label, one.key) for one in choices]
    return (*named, Choice(against, "No such claim", "x"))


def worded(value: str) -> str:
    """Write a value of the codebook as words.

    >>> worded("false_flat"), worded("bp_cardiac")
    ('False flat', 'BP cardiac')
    """
    words = [word.upper() if word in ABBREVIATIONS else word for word in value.split("_")]
    return " ".join(words)[:1].upper() + " ".join(words)[1:]
