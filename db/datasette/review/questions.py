"""What coders are asked: the topic of a page, and the codes of the codebook, each with its values and their keys."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.coding.codebook import Code, Codebook, load_codebook
from pipelines.coding.references import ReferenceSet, edition, load_reference
from pipelines.model.records import Verdict

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

CODEBOOK = Path(__file__).parents[3] / "seeds" / "codebook.toml"
ACCEPT, REJECT, NONE = "yes", "no", "none"
LETTERS = {ACCEPT: "y", REJECT: "x"}  # their keys
DIGITS = "1234567890-="  # the keys of all other values, by their place
ABBREVIATIONS = frozenset({"bp", "cta", "fda", "im", "iv", "kap", "ocd", "ptsd"})


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


@dataclass(frozen=True, slots=True)
class CodingQuestions:
    """All questions by code, and the codebook and reference sets that they come from."""

    questions: Mapping[str, Question]
    codebook: Codebook | None = None
    references: tuple[ReferenceSet, ...] = ()

    def reference(self, code: str, day: str) -> str:
        """Name the version of the reference set that is a code's standard of truth on a day, if it has one."""
        question = self.questions.get(code)
        current = edition(self.references, question.reference, day) if question and question.reference else None
        return current.version if current else ""


def load_questions(path: Path = CODEBOOK) -> CodingQuestions:
    """Read a codebook as questions; without the file only the topic is asked. Raises ``CodebookError``.

    The file is read anew when it changes, so that a server need not be started again.
    """
    return _load(path, path.stat().st_mtime_ns) if path.is_file() else CodingQuestions({TOPIC.code: TOPIC})


@lru_cache(maxsize=4)
def _load(path: Path, _changed: int) -> CodingQuestions:
    codebook = load_codebook(path.read_text(encoding="utf-8"), str(path))
    questions = (TOPIC, *(question_of(code) for code in codebook.codes))
    editions = sorted(path.with_name("references").glob("*.toml"))
    references = tuple(load_reference(one.read_text(encoding="utf-8"), str(one)) for one in editions)
    return CodingQuestions({question.code: question for question in questions}, codebook, references)


def question_of(code: Code) -> Question:
    """Make a code of the codebook a question."""
    values, labels = code.values or (ACCEPT, REJECT), code.labels
    is_sentence = code.level == "sentence"
    return Question(
        code=code.id,
        name=code.name,
        level="sentence" if is_sentence else "page",
        choices=_claim_choices(values, labels) if is_sentence else _choices(values, labels),
        definition=code.definition,
        positive=code.positive,
        negative=code.negative,
        several=code.type == "set",
        key=code.key,
        reference=code.reference,
    )


def question_without_code(code: str, values: Collection[str]) -> Question:
    """Ask about a code that the codebook does not have any more, with the values that were given."""
    return Question(code, code, "page", _choices(sorted(set(values))))


def _choices(values: Collection[str], labels: Mapping[str, str] | None = None) -> tuple[Choice, ...]:
    """Give each value its key: y and x for yes and no, else its place in the codebook."""
    keys = zip_longest(values, DIGITS[: len(values)], fillvalue="")
    known = labels or {}
    return tuple(Choice(value, known.get(value) or worded(value), LETTERS.get(value) or key) for value, key in keys)


def _claim_choices(values: Collection[str], labels: Mapping[str, str]) -> tuple[Choice, ...]:
    """Offer the values of a sentence code; the one that says that nothing is claimed comes last."""
    against = REJECT if REJECT in values else NONE
    choices = [choice for choice in _choices(values, labels) if choice.value != against]
    named = [Choice(one.value, "Claim" if one.value == ACCEPT else one.label, one.key) for one in choices]
    return (*named, Choice(against, "No such claim", "x"))


def worded(value: str) -> str:
    """Write a value of the codebook as words.

    >>> worded("false_flat"), worded("bp_cardiac")
    ('False flat', 'BP cardiac')
    """
    words = [word.upper() if word in ABBREVIATIONS else word for word in value.split("_")]
    return " ".join(words)[:1].upper() + " ".join(words)[1:]
