"""Learn a topic's terms from a handful of example documents against background documents.

The weight of a term is its log-odds to stand in an example rather than in a background document (document frequencies
with half a count added) times the share of examples that have it, so a word that one long example repeats weighs no
more than any other. Terms of a single example are dropped: names of towns and clinics go with them. What is learnt is
printed as a topic file for a person to read and mend.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.classify.topic import TopicModel, dump_topic, load_topic
from pipelines.text.terms import count_terms

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Learnt", "learn", "learn_topic"]

MAX_TERMS = 120
MIN_WEIGHT = 0.5
MAX_SUBJECTS = 4


@dataclass(frozen=True, slots=True)
class Learnt:
    """Terms with weights: what the examples are about, and what else they have in common."""

    subject: dict[str, float]
    context: dict[str, float]


def _frequencies(documents: Sequence[Counter[str]]) -> Counter[str]:
    return Counter(term for document in documents for term in document)


def _subjects(examples: Sequence[Counter[str]], odds: Mapping[str, float]) -> dict[str, float]:
    """Choose up to four words that nearly every example says again and again and the background seldom."""
    common = _frequencies(examples)
    total = sum(examples, Counter())
    fit = {
        term: odds[term] * math.log1p(total[term] / len(examples))
        for term in odds
        if " " not in term
        and common[term] >= 0.8 * len(examples)
        and total[term] >= 1.5 * len(examples)
        and odds[term] >= 1.5
    }
    strongest = sorted(fit, key=lambda term: (-fit[term], term))[:MAX_SUBJECTS]
    top = fit[strongest[0]] if strongest else 0.0
    return {term: round(min(1.0, fit[term] / top), 2) for term in strongest if fit[term] > 0.7 * top}


def learn(examples: Sequence[str], background: Sequence[str]) -> Learnt:
    """Learn from texts; at least three examples, else every word of one document would count."""
    if len(examples) < 3 or not background:
        raise ValueError(
            f"learning needs at least 3 examples and 1 background document, not {len(examples)} and {len(background)}"
        )
    inside, outside = [count_terms(text) for text in examples], [count_terms(text) for text in background]
    common, rest = _frequencies(inside), _frequencies(outside)
    odds = {
        term: math.log((count + 0.5) * (len(background) + 1) / ((len(examples) + 1) * (rest[term] + 0.5)))
        for term, count in common.items()
        if count >= 2 and not term.isdigit()
    }
    subject = _subjects(inside, odds)
    shared = {term: weight * common[term] / len(examples) for term, weight in odds.items()}
    free = {
        term: weight for term, weight in shared.items() if weight >= MIN_WEIGHT and not set(subject) & set(term.split())
    }
    best = sorted(free, key=lambda term: (-free[term], -common[term], term))[:MAX_TERMS]
    return Learnt(subject, {term: round(free[term], 2) for term in best})


def learn_topic(name: str, examples: Sequence[str], background: Sequence[str], kinds: TopicModel) -> TopicModel:
    """Make a whole topic: learnt terms, and the other kinds of pages and thresholds of a topic that exists."""
    learnt = learn(examples, background)
    return TopicModel(
        name=name,
        thresholds=kinds.thresholds,
        subject=learnt.subject,
        context=learnt.context,
        offer=kinds.offer,
        against=kinds.against,
    )


def main(arguments: Sequence[str]) -> int:
    """Print a topic file: ``python -m pipelines.classify.topic_learn NAME EXAMPLES_DIR BACKGROUND_DIR KINDS.toml``."""
    if len(arguments) != 4:
        sys.stderr.write(f"{main.__doc__}\n")
        return 2
    name, *folders, kinds = arguments
    examples, background = (
        [path.read_text(encoding="utf-8") for path in sorted(Path(folder).glob("*.txt"))] for folder in folders
    )
    model = learn_topic(name, examples, background, load_topic(Path(kinds).read_text(encoding="utf-8"), kinds))
    sys.stdout.write(dump_topic(model))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
