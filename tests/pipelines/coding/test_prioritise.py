"""Ranking by what was decided: the order, the random share, the interval of recall and the test that allows to stop."""

from __future__ import annotations

import random

from pipelines.coding.prioritise import RandomDraws, choose_batch, recall_interval, score, stopping_p

TEXTS = [f"ketamine works for depression within hours {n}" for n in range(20)] + [
    f"parking and opening hours of the clinic {n}" for n in range(80)
]


def test_words_of_relevant_texts_come_first():
    """Two decisions of each kind are enough to put the other texts in order, and the words that tell are named."""
    scores = score(TEXTS, {0: True, 1: True, 30: False, 31: False}, [0.0] * 100)
    assert min(scores.values[:20]) > max(scores.values[20:])
    assert "depression" in scores.terms
    assert "parking" not in scores.terms


def test_without_decisions_the_program_s_opinion_is_the_order():
    """As long as nothing relevant, or nothing else, was decided, the order is the opinion and no words are named."""
    for decided in ({}, {0: True}, {30: False, 31: False}):
        scores = score(TEXTS, decided, [float(n) for n in range(100)])
        assert list(scores.values) == sorted(scores.values)
        assert scores.terms == ()


def test_texts_that_share_no_word_are_ranked_by_opinion():
    """Nothing can be learnt from words that stand in one text only; the opinion is still a sign."""
    scores = score(["a1", "b2", "c3", "d4"], {0: True, 1: False}, [5.0, 0.0, 4.0, 0.0])
    assert scores.values[2] > scores.values[3]


def test_a_batch_is_the_best_and_a_random_share():
    """Of 20 texts two are drawn at random, the others are the best in their order; a seed repeats the draw."""
    scores = [n / 1000 for n in range(1000)]
    batch = choose_batch(scores, 20, 0.1, seed=4)
    assert sum(place.is_random for place in batch) == 2
    best = [place.number for place in batch if not place.is_random]
    at_random = {place.number for place in batch if place.is_random}
    assert best == [n for n in range(999, 0, -1) if n not in at_random][:18]
    assert batch == choose_batch(scores, 20, 0.1, seed=4)
    assert batch != choose_batch(scores, 20, 0.1, seed=5)
    assert len(choose_batch(scores[:3], 20, 0.1, seed=1)) == 3
    assert not choose_batch([], 20, 0.1, seed=1)
    assert not any(place.is_random for place in choose_batch(scores, 20, 0, seed=1))


def test_the_interval_of_recall_holds_the_truth_as_often_as_it_says():
    """In 200 simulated screenings the 95 % interval holds the true recall in 90 to 99 of 100."""
    held = 0
    for seed in range(200):
        lot = random.Random(seed)
        size, total = 600, lot.randint(5, 80)
        relevant = [number < total for number in range(size)]
        scores = [relevant[number] + lot.gauss(0, 0.8) for number in range(size)]
        decided: dict[int, bool] = {}
        draws = []
        for batch in range(4):
            pool = [number for number in range(size) if number not in decided]
            places = choose_batch([scores[n] for n in pool], 50, 0.2, seed * 10 + batch)
            lots = [relevant[pool[place.number]] for place in places if place.is_random]
            draws.append(RandomDraws(len(pool), sum(decided.values()), len(lots), sum(lots)))
            decided |= {pool[place.number]: relevant[pool[place.number]] for place in places}
        found = sum(decided.values())
        low, high = recall_interval(found, size - len(decided), draws)
        held += low <= found / total <= high
    assert 0.9 <= held / 200 <= 0.99


def test_recall_is_certain_when_all_is_read_and_unknown_without_a_draw():
    """With nothing left recall is 1; without random draws, or without a find, nearly anything is possible."""
    assert recall_interval(10, 0, []) == (1.0, 1.0)
    low, high = recall_interval(10, 1000, [])
    assert low < 0.02
    assert high < 0.5
    assert recall_interval(0, 50, []) == (0.0, 1.0)


def test_the_stopping_test_seldom_stops_too_early():
    """Read in random order, it lets one stop below 95 % recall in fewer than one of 20 screenings."""
    early = 0
    for seed in range(100):
        lot = random.Random(seed)
        labels = [number < 60 for number in range(600)]
        lot.shuffle(labels)
        stop = next(n for n in range(20, 601, 20) if n == 600 or stopping_p(labels[:n], 600) < 0.05)
        early += sum(labels[:stop]) / 60 < 0.95
    assert early / 100 <= 0.05


def test_the_stopping_test_lets_a_good_order_stop_early():
    """All relevant texts first: one may stop long before the end; one that found nothing may not."""
    labels = [True] * 100 + [False] * 900
    assert stopping_p(labels[:150], 1000) > 0.05
    assert stopping_p(labels[:700], 1000) < 0.05
    assert stopping_p([False] * 50, 1000) == 1.0
    assert stopping_p([True] * 10, 10) == 0
