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
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pipelines.model.records import Topic, Verdict
from pipelines.text.terms import Lexicon, fold, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Thresholds", "TopicModel", "dump_topic", "load_topic", "score"]

_TABLES = ("subject", "near", "rivals", "context", "offer")
_KNOWN = frozenset({"name", "thresholds", "against", *_TABLES})
_SHOWN = 5
_BETWEEN = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where a score becomes a verdict; under ``min_words`` a page is at most doubtful."""

    on_topic: float = 0.5
    doubtful: float = 0.15
    min_words: int = 50
    context: float = 3.0


@dataclass(frozen=True)
class TopicModel:
    """A topic: its name, thresholds and weighted terms; ``against`` has a table for each other kind of page."""

    name: str
    thresholds: Thresholds = Thresholds()
    subject: Mapping[str, float] = field(default_factory=dict)
    near: Mapping[str, float] = field(default_factory=dict)
    rivals: Mapping[str, float] = field(default_factory=dict)
    context: Mapping[str, float] = field(default_factory=dict)
    offer: Mapping[str, float] = field(default_factory=dict)
    against: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    @cached_property
    def lexicon(self) -> Lexicon:
        """All terms of all tables, ready to be found in one walk."""
        tables = [*(getattr(self, name) for name in _TABLES), *self.against.values()]
        return Lexicon(term for table in tables for term in table)

    @cached_property
    def name_pattern(self) -> re.Pattern[str]:
        """Match a subject term inside an organisation's name ("Cedar Ketamine Clinic"): it says who, not what."""
        terms = "|".join(re.escape(term) for term in sorted(self.subject, key=len, reverse=True))
        tail = "Clinics?|Cent(?:er|re)s?|Institute|Wellness|Health|Associates|Specialists|Partners|Solutions|Group"
        return re.compile(rf"(?:\b[A-Z][\w'’&]+\s+){{1,3}}(?i:{terms})\s+(?:(?:and|&)\s+)?(?:[A-Z]\w+\s+)?(?:{tail})\b")


def _fail(where: str, problem: str) -> ValueError:
    return ValueError(f"topic file: {where}: {problem}")


def _weights(value: Any, where: str) -> dict[str, float]:
    if not isinstance(value, dict):
        raise _fail(f"[{where}]", "must be a table of terms and weights")
    for term, weight in value.items():
        if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 < weight <= 10:
            raise _fail(f"[{where}] {term!r}", f"weight must be a number above 0 and up to 10, not {weight!r}")
        if not words(term):
            raise _fail(f"[{where}] {term!r}", "term has no word")
    return {" ".join(words(term)): float(weight) for term, weight in value.items()}


def _thresholds(value: Any) -> Thresholds:
    if not isinstance(value, dict):
        raise _fail("[thresholds]", "must be a table")
    unknown = sorted(set(value) - {"on_topic", "doubtful", "min_words", "context"})
    if unknown:
        raise _fail("[thresholds]", f"unknown key {unknown[0]!r}")
    for key, number in value.items():
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise _fail(f"[thresholds] {key}", f"must be a number, not {number!r}")
    read = Thresholds(**value)
    if not 0 < read.doubtful < read.on_topic <= 1 or read.context <= 0:
        raise _fail("[thresholds]", "0 < doubtful < on_topic <= 1 and context > 0 must hold")
    return read


def _against(value: Any) -> dict[str, dict[str, float]]:
    if not isinstance(value, dict):
        raise _fail("[against]", "must hold a table for each kind, such as [against.news]")
    return {kind: _weights(table, f"against.{kind}") for kind, table in value.items()}


def load_topic(text: str) -> TopicModel:
    """Parse a topic file (TOML); ValueError says what is wrong and where."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _fail("not TOML", str(error)) from error
    unknown = sorted(set(data) - _KNOWN)
    if unknown:
        raise _fail(unknown[0], f"unknown key; known are {', '.join(sorted(_KNOWN))}")
    if not isinstance(data.get("name"), str) or not data["name"].strip():
        raise _fail("name", 'is missing: one line such as name = "ketamine treatment"')
    tables = {table: _weights(data.get(table, {}), table) for table in _TABLES}
    if not tables["subject"]:
        raise _fail("[subject]", "needs at least one term")
    return TopicModel(
        data["name"].strip(),
        _thresholds(data.get("thresholds", {})),
        against=_against(data.get("against", {})),
        **tables,
    )


def _bare(key: str) -> str:
    return key if re.fullmatch(r"[\w-]+", key) else f'"{key}"'


def _print_table(name: str, table: Mapping[str, float]) -> list[str]:
    return [f"\n[{name}]", *(f'"{term}" = {weight:g}' for term, weight in table.items())] if table else []


def dump_topic(model: TopicModel) -> str:
    """Print a topic as the TOML that :func:`load_topic` reads."""
    limits = model.thresholds
    lines = [
        f'name = "{model.name}"',
        "\n[thresholds]",
        f"on_topic = {limits.on_topic:g}",
        f"doubtful = {limits.doubtful:g}",
    ]
    lines += [f"min_words = {limits.min_words}", f"context = {limits.context:g}"]
    for table in _TABLES:
        lines += _print_table(table, getattr(model, table))
    for kind, terms in model.against.items():
        lines += _print_table(f"against.{_bare(kind)}", terms)
    return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class _Counts:
    """What was counted on one page: terms of body, of title and first heading, and of the address; and its words."""

    body: Counter[str]
    head: Counter[str]
    address: Counter[str]
    words: int


def _in_address(model: TopicModel, url: str) -> Counter[str]:
    """Count the subject in an address, also run together with other words as in ``cedarketamine.example``."""
    address = _BETWEEN.sub("", fold(url))
    return Counter(term for term in model.subject if _BETWEEN.sub("", term) in address)


def _count(model: TopicModel, page: tuple[str, str, Sequence[str], str]) -> _Counts:
    title, text, headings, url = page
    body = words(model.name_pattern.sub(" ", text))
    head = words(model.name_pattern.sub(" ", " . ".join([title, *headings[:1]])))
    return _Counts(model.lexicon.count(body), model.lexicon.count(head), _in_address(model, url), len(body))


def _sum(table: Mapping[str, float], counts: Counter[str], cap: int = 1_000) -> float:
    return sum(weight * min(counts[term], cap) for term, weight in table.items() if term in counts)


def _subject(model: TopicModel, counts: _Counts) -> tuple[float, str]:
    """Weigh how much of the page is on the subject: its mentions, their density, its headline, against its rivals."""
    own = {**model.near, **model.subject}
    mentions = _sum(own, counts.body)
    density = mentions / max(counts.words, 60)
    strength = (1 - math.exp(-mentions / 1.3)) * (1 - math.exp(-density / 0.004))
    headline, address = min(_sum(own, counts.head), 1.0), min(_sum(own, counts.address), 1.0)
    strength = 1 - (1 - strength) * (1 - 0.5 * headline) * (1 - 0.3 * address)
    if mentions + headline + address < 2:
        strength *= 0.85  # a passing mention, and neither headline nor address speak of it
    rivals = _sum(model.rivals, counts.body)
    share = (mentions + headline) / (mentions + headline + rivals) if mentions + headline else 1.0
    return strength * min(1.0, 2 * share), f"subject {mentions:g} times in {counts.words} words"


def _top(table: Mapping[str, float], counts: Counter[str]) -> str:
    hits = sorted(counts.keys() & table.keys(), key=lambda term: (-table[term] * min(counts[term], 3), term))
    return ", ".join(hits[:_SHOWN])


def _context(model: TopicModel, counts: _Counts) -> tuple[float, str]:
    both = counts.body + counts.head
    total = sum(weight * (1 + 0.25 * math.log(both[term])) for term, weight in model.context.items() if term in both)
    long = max(1.0, counts.words / 300) ** 0.5
    return 1 - math.exp(-total / (model.thresholds.context * long)), f"like the examples: {_top(model.context, both)}"


def _kind(table: Mapping[str, float], counts: _Counts) -> float:
    """Weigh one other kind: two different terms at least, more of them the longer the page is."""
    found = table.keys() & (counts.body.keys() | counts.head.keys())
    hits = _sum(table, counts.body, cap=6) + 2 * _sum(table, counts.head, cap=1)
    rate = hits / max(1.0, counts.words / 100) ** 0.5
    return 1 - math.exp(-max(0.0, rate - 0.8) / 2.0) if len(found) > 1 or hits >= 3 else 0.0


def _against_kinds(model: TopicModel, counts: _Counts) -> tuple[float, str]:
    """Weigh the strongest other kind, less where the page speaks as one who offers care ("our patients").

    A clinic's answer to "Isn't ketamine a party drug?" is full of street names, and its notes on insurance of billing
    codes.
    """
    weighed = {kind: _kind(table, counts) for kind, table in model.against.items()}
    kind = max(weighed, key=lambda each: weighed[each], default="")
    if not kind or weighed[kind] <= 0:
        return 0.0, ""
    voice = 1 - math.exp(-_sum(model.offer, counts.body) / max(counts.words, 60) * 100 / 1.5)
    return weighed[kind] * (
        1 - 0.75 * voice
    ), f"against, {kind}: {_top(model.against[kind], counts.body + counts.head)}"


def _verdict(value: float, count: int, limits: Thresholds) -> Verdict:
    if value >= limits.on_topic and count >= limits.min_words:
        return Verdict.ON_TOPIC
    return Verdict.DOUBTFUL if value >= limits.doubtful else Verdict.OFF_TOPIC


def score(model: TopicModel, title: str, text: str, headings: Sequence[str] = (), url: str = "") -> Topic:
    """Score one page from 0 to 1, with verdict and reasons; what speaks against comes first where it weighs much."""
    counts = _count(model, (title or "", text, headings, url))
    strength, subject_reason = _subject(model, counts)
    like, context_reason = _context(model, counts)
    other, against_reason = _against_kinds(model, counts)
    value = round(strength * like * (1 - other), 3)
    short = f"only {counts.words} words" if counts.words < model.thresholds.min_words else ""
    verdict = _verdict(value, counts.words, model.thresholds)
    reasons = [short, subject_reason, context_reason]
    reasons.insert(0 if other > 0.3 else len(reasons), against_reason)
    return Topic(value, verdict, tuple(reason for reason in reasons if reason))
