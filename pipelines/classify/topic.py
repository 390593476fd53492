"""How much a page is about the topic: subject × context × (1 − what speaks against), with the reasons.

Counting mentions keeps every directory, agency and court report; asking for a call to action loses guest posts. So
the questions are kept apart, and each answer is shown: does the page speak **of the subject** (``subject`` and
``near``, against ``rivals``), does it speak **as the examples do** (``context``, weights learnt from examples against
background), and is it **of another kind** (``against``: news, journal, directory, agency, ..., less where it speaks
as one who offers care: ``offer``). The numbers in the formulas were set on the development half of the labelled
pages; ``docs/topic.md`` tells what they reach.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, NamedTuple

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from pipelines.model.records import Topic, Verdict
from pipelines.text.terms import Lexicon, fold, words
from pipelines.text.toml_model import ProblemAt, TomlModel, load_toml_model

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Thresholds", "TopicModel", "dump_topic", "load_topic", "score"]

TABLES = ("subject", "near", "rivals", "context", "offer")
TERMS_SHOWN = 5
BETWEEN_WORDS = re.compile(r"[\W_]+")


class Thresholds(TomlModel):
    """Where a score becomes a verdict; under ``min_words`` a page is at most doubtful."""

    on_topic: float = Field(default=0.5, le=1)
    doubtful: float = Field(default=0.15, gt=0)
    min_words: int = 50
    context: float = Field(default=3.0, gt=0)

    @model_validator(mode="after")
    def _are_in_order(self) -> Thresholds:
        if not self.doubtful < self.on_topic:
            raise ValueError("doubtful < on_topic must hold")
        return self


def _terms(table: dict[str, float]) -> dict[str, float]:
    """Write terms as they are counted: folded words with one space between them."""
    for term in table:
        if not words(term):
            raise ProblemAt(f"term {term!r} has no word", term)
    return {" ".join(words(term)): weight for term, weight in table.items()}


Weights = Annotated[dict[str, Annotated[float, Field(gt=0, le=10)]], AfterValidator(_terms)]


class TopicModel(TomlModel):
    """A topic: its name, thresholds and weighted terms; ``against`` has a table for each other kind of page."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
    thresholds: Thresholds = Thresholds()
    subject: Annotated[Weights, Field(min_length=1)]
    near: Weights = Field(default_factory=dict)
    rivals: Weights = Field(default_factory=dict)
    context: Weights = Field(default_factory=dict)
    offer: Weights = Field(default_factory=dict)
    against: dict[str, Weights] = Field(default_factory=dict)

    @cached_property
    def lexicon(self) -> Lexicon:
        """All terms of all tables, ready to be found in one walk."""
        tables = [*(getattr(self, name) for name in TABLES), *self.against.values()]
        return Lexicon(term for table in tables for term in table)

    @cached_property
    def name_pattern(self) -> re.Pattern[str]:
        """Match a subject term inside an organisation's name ("Cedar Ketamine Clinic"): it says who, not what."""
        terms = "|".join(re.escape(term) for term in sorted(self.subject, key=len, reverse=True))
        tail = "Clinics?|Cent(?:er|re)s?|Institute|Wellness|Health|Associates|Specialists|Partners|Solutions|Group"
        return re.compile(
            rf"(?:\b[A-Z][\w'’&]{{1,60}}\s+){{1,3}}(?i:{terms})\s+(?:(?:and|&)\s+)?(?:[A-Z]\w+\s+)?(?:{tail})\b"
        )


def load_topic(text: str, file: str = "topic.toml") -> TopicModel:
    """Read a topic file; raises :class:`UsageError` with the line of what is wrong."""
    return load_toml_model(text, TopicModel, file)


def dump_topic(model: TopicModel) -> str:
    """Print a topic as the TOML that :func:`load_topic` reads."""
    lines = [f'name = "{model.name}"', "\n[thresholds]"]
    lines += [f"{name} = {limit:g}" for name, limit in model.thresholds.model_dump().items()]
    tables = {name: getattr(model, name) for name in TABLES}
    for kind, terms in model.against.items():
        tables[f"against.{kind}" if re.fullmatch(r"[\w-]+", kind) else f'against."{kind}"'] = terms
    for name, table in tables.items():
        if table:
            lines += [f"\n[{name}]", *(f'"{term}" = {weight:g}' for term, weight in table.items())]
    return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class _Counts:
    """What was counted on one page: terms of body, of title and first heading, and of the address; and its words."""

    body: Counter[str]
    head: Counter[str]
    address: Counter[str]
    words: int


class _Part(NamedTuple):
    """One part of a score, 0 to 1, and the reason that is shown for it."""

    value: float
    reason: str = ""


def score(model: TopicModel, title: str, text: str, headings: Sequence[str] = (), url: str = "") -> Topic:
    """Score one page from 0 to 1, with verdict and reasons; what speaks against comes first where it weighs much."""
    body = words(model.name_pattern.sub(" ", text))
    head = words(model.name_pattern.sub(" ", " . ".join([title or "", *headings[:1]])))
    # the subject also counts run together with other words, as in ``cedarketamine.example``
    address = BETWEEN_WORDS.sub("", fold(url))
    in_address = Counter(term for term in model.subject if BETWEEN_WORDS.sub("", term) in address)
    counts = _Counts(model.lexicon.count(body), model.lexicon.count(head), in_address, len(body))
    subject, context, against = _subject(model, counts), _context(model, counts), _against(model, counts)
    value = round(subject.value * context.value * (1 - against.value), 3)
    limits = model.thresholds
    if value >= limits.on_topic and counts.words >= limits.min_words:
        verdict = Verdict.ON_TOPIC
    else:
        verdict = Verdict.DOUBTFUL if value >= limits.doubtful else Verdict.OFF_TOPIC
    short = f"only {counts.words} words" if counts.words < limits.min_words else ""
    reasons = [short, subject.reason, context.reason]
    reasons.insert(0 if against.value > 0.3 else len(reasons), against.reason)
    mentions = _sum({**model.near, **model.subject}, counts.body + counts.head)
    return Topic(value, verdict, tuple(reason for reason in reasons if reason), mentions)


def _subject(model: TopicModel, counts: _Counts) -> _Part:
    """Weigh how much of the page is on the subject: its mentions, their density, its headline, against its rivals."""
    terms = {**model.near, **model.subject}
    mentions = _sum(terms, counts.body)
    density = mentions / max(counts.words, 60)
    strength = (1 - math.exp(-mentions / 1.3)) * (1 - math.exp(-density / 0.004))
    headline, address = min(_sum(terms, counts.head), 1.0), min(_sum(terms, counts.address), 1.0)
    strength = 1 - (1 - strength) * (1 - 0.5 * headline) * (1 - 0.3 * address)
    if mentions + headline + address < 2:
        strength *= 0.85  # a passing mention, and neither headline nor address speak of it
    rivals = _sum(model.rivals, counts.body)
    share = (mentions + headline) / (mentions + headline + rivals) if mentions + headline else 1.0
    return _Part(strength * min(1.0, 2 * share), f"subject {mentions:g} times in {counts.words} words")


def _context(model: TopicModel, counts: _Counts) -> _Part:
    """Weigh how much the page has of the words of the examples; a long page needs more of them."""
    both = counts.body + counts.head
    total = sum(weight * (1 + 0.25 * math.log(both[term])) for term, weight in model.context.items() if term in both)
    length = max(1.0, counts.words / 300) ** 0.5
    value = 1 - math.exp(-total / (model.thresholds.context * length))
    return _Part(value, f"like the examples: {_top(model.context, both)}")


def _against(model: TopicModel, counts: _Counts) -> _Part:
    """Weigh the strongest other kind, less where the page speaks as one who offers care ("our patients").

    A clinic's answer to "Isn't ketamine a party drug?" is full of street names, and its notes on insurance of billing
    codes. A kind needs two different terms at least, and more of them the longer the page is.
    """
    weighed: dict[str, float] = {}
    for kind, table in model.against.items():
        found = table.keys() & (counts.body.keys() | counts.head.keys())
        hits = _sum(table, counts.body, cap=6) + 2 * _sum(table, counts.head, cap=1)
        rate = hits / max(1.0, counts.words / 100) ** 0.5
        weighed[kind] = 1 - math.exp(-max(0.0, rate - 0.8) / 2.0) if len(found) > 1 or hits >= 3 else 0.0
    strongest = max(weighed, key=lambda each: weighed[each], default="")
    if not strongest or weighed[strongest] <= 0:
        return _Part(0.0)
    offer = 1 - math.exp(-_sum(model.offer, counts.body) / max(counts.words, 60) * 100 / 1.5)
    reason = f"against, {strongest}: {_top(model.against[strongest], counts.body + counts.head)}"
    return _Part(weighed[strongest] * (1 - 0.75 * offer), reason)


def _sum(table: Mapping[str, float], counts: Counter[str], cap: int = 1_000) -> float:
    return sum(weight * min(counts[term], cap) for term, weight in table.items() if term in counts)


def _top(table: Mapping[str, float], counts: Counter[str]) -> str:
    hits = sorted(counts.keys() & table.keys(), key=lambda term: (-table[term] * min(counts[term], 3), term))
    return ", ".join(hits[:TERMS_SHOWN])
