"""The search in many texts at once finds the candidates that comparing two samples finds, and no others."""

from __future__ import annotations

import random
from itertools import combinations

import numpy as np
import pytest

from pipelines.dedup import candidates
from pipelines.dedup.postings import Postings, Sampled
from tests.support.by_hand import is_candidate

HOT = 40  # hashes that many texts have, as the stock phrases of a trade


def samples(seed: int, count: int) -> dict[int, candidates.Set32]:
    """Draw samples of long, short and empty texts with hashes in common; ids have gaps, as after removals."""
    rng = np.random.default_rng(seed)
    hot = rng.integers(0, candidates.COMMON_THRESHOLD, HOT)
    told: dict[int, candidates.Set32] = {}
    for number in range(count):
        chosen = rng.choice(hot, rng.integers(0, 12), replace=False)
        if told and number % 3 == 0:
            before = told[random.Random(number).choice(list(told))]
            chosen = np.concatenate((chosen, rng.choice(before, len(before) * 2 // 5, replace=False)))
        own = rng.integers(0, 1 << 32, rng.choice([0, 3, 30, 300, 900]))
        told[number * 3 + 1] = candidates.sample(np.unique(np.concatenate((chosen, own)).astype(np.uint32)))
    return told


def by_hand(told: dict[int, candidates.Set32]) -> set[tuple[int, int]]:
    """Compare all pairs."""
    return {(one, other) for one, other in combinations(sorted(told), 2) if is_candidate(told[one], told[other])}


def postings(told: dict[int, candidates.Set32]) -> Postings:
    """Lay out the samples, in any order."""
    shuffled = random.Random(2).sample(sorted(told), len(told))
    return Postings(Sampled(text, candidates.signed_size(told[text]), told[text]) for text in shuffled)


def ask(told: dict[int, candidates.Set32], texts: list[int], last: int) -> list[tuple[int, int]]:
    """Ask for the candidates of some texts."""
    one, other = postings(told).candidates(texts, last)
    return list(zip(one.tolist(), other.tolist(), strict=True))


@pytest.mark.parametrize("seed", range(6))
def test_many_at_once_finds_what_one_by_one_finds(seed):
    """All texts are asked for as new ones: each finds those before it, and every pair that comparing finds is there."""
    told = samples(seed, 120)
    found = ask(told, sorted(told), last=0)
    assert {(other, one) for one, other in found} == by_hand(told)
    assert len(found) == len(set(found))
    assert len(found) > 100


def test_a_text_among_known_ones_looks_at_all_of_them():
    """A text that changed looks at those before and behind it."""
    told = samples(7, 120)
    some = sorted(told)[30:40]
    found = set(ask(told, some, last=max(told)))
    wanted = by_hand(told)
    assert found == {(one, other) for one in some for other in told if tuple(sorted((one, other))) in wanted}


def test_parts_of_little_memory_find_the_same(monkeypatch):
    """Where few meetings are counted at a time, as memory allows, the same candidates are found."""
    told = samples(8, 120)
    at_once = ask(told, sorted(told), last=0)
    monkeypatch.setattr("pipelines.dedup.postings.MAX_ROWS", 5)
    assert sorted(ask(told, sorted(told), last=0)) == sorted(at_once)


def test_texts_without_words_meet_nobody():
    """Nothing is asked of empty samples, and nothing breaks."""
    none = np.empty(0, np.uint32)
    assert not ask({1: none, 2: none}, [1, 2], last=0)
