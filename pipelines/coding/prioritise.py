"""Screening prioritisation: read first what is most probably relevant, and know when to stop.

texts with what coders decided | chance of each text to be relevant | the next batch, a share of it drawn at random |
an interval of recall from the random draws, and a test whether screening may stop

The learner is the common one of the field (Yu, Kraft and Menzies 2018, "Finding better active learners for faster
literature reviews", Empirical Software Engineering 23): a linear model on weighted words, learnt anew for each batch,
with one more sign, what the program itself thinks of the text. It needs scikit-learn, the extra ``rank``.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["RandomDraws", "RecallInterval", "Scores", "choose_batch", "recall_interval", "score", "stopping_p"]

MAX_FEATURES = 50_000
TERMS_SHOWN = 20
LEVEL = 0.95  # of the interval


class Scores(NamedTuple):
    """The chance of each text to be relevant (0 to 1), and the words that speak for it, the strongest first.

    ``terms`` is empty where the order is the program's own opinion, because nothing could be learnt yet.
    """

    values: Sequence[float]
    terms: tuple[str, ...] = ()


class Place(NamedTuple):
    """A place in a batch: which text of the pool (its number), and whether it was drawn at random."""

    number: int
    is_random: bool


class RandomDraws(NamedTuple):
    """Texts of a batch that were drawn at random: out of how many, how many, and how many of them are relevant.

    ``relevant_outside`` are the relevant texts of the frame that were not in the pool when the batch was drawn.
    """

    pool: int
    relevant_outside: int
    drawn: int
    relevant: int


class RecallInterval(NamedTuple):
    """The share of the frame's relevant texts that have been found: 95 % lie between ``low`` and ``high``."""

    low: float
    high: float


def score(texts: Sequence[str], decided: Mapping[int, bool], opinions: Sequence[float]) -> Scores:
    """Give each text its chance to be relevant, learnt from the decided ones (their number: relevant or not).

    ``opinions`` is the program's own score of each text (0 or more), a sign beside the words, and the order itself as
    long as no relevant or no other text was decided.
    """
    if len(set(decided.values())) < 2:
        top = max(opinions, default=0) or 1
        return Scores([opinion / top for opinion in opinions])
    from scipy.sparse import csr_matrix, hstack  # noqa: PLC0415 - an extra
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    words = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), min_df=2, max_features=MAX_FEATURES)
    try:
        features = words.fit_transform(texts)
        names = words.get_feature_names_out()
    except ValueError:  # no word stands in two texts
        features, names = csr_matrix((len(texts), 0)), np.array([])
    opinion = np.log1p(np.array(opinions, dtype=float))
    features = hstack([features, csr_matrix(opinion / (opinion.max() or 1)).T]).tocsr()
    numbers = sorted(decided)
    model = LogisticRegression(class_weight="balanced", C=10.0, max_iter=300)
    model.fit(features[numbers], [decided[number] for number in numbers])
    weights = model.coef_[0][: len(names)]
    strongest = sorted(np.argsort(-weights, kind="stable")[:TERMS_SHOWN], key=lambda at: -weights[at])
    chances = model.predict_proba(features)[:, 1]
    return Scores([float(one) for one in chances], tuple(str(names[at]) for at in strongest if weights[at] > 0))


def choose_batch(scores: Sequence[float], size: int, random_share: float, seed: int) -> list[Place]:
    """Choose the next texts of a pool: most by their score, the best first, a share at random, at random places.

    At least one is drawn at random where the share is above 0. The same seed chooses the same batch.
    """
    lot = random.Random(seed)  # noqa: S311 - a draw that can be repeated
    size = min(size, len(scores))
    at_random = min(size, max(1, round(size * random_share))) if random_share and size else 0
    drawn = lot.sample(range(len(scores)), at_random)
    rest = sorted(set(range(len(scores))).difference(drawn), key=lambda index: (-scores[index], index))
    places = [Place(index, is_random=False) for index in rest[: size - at_random]]
    for index in drawn:
        places.insert(lot.randint(0, len(places)), Place(index, is_random=True))
    return places


def recall_interval(found: int, waiting: int, draws: Sequence[RandomDraws]) -> RecallInterval:
    """Give the interval of recall that the random draws allow, and nothing but them.

    ``found`` relevant texts are known, ``waiting`` texts of the frame are not decided. Each number of relevant texts
    among these is thought as likely as any other beforehand; each batch's random draws weigh it by the hypergeometric
    chance of what they showed. The interval holds the middle 95 % of what follows (equal tails).
    """
    from scipy.stats import hypergeom  # noqa: PLC0415 - an extra

    if not found:
        return RecallInterval(0.0, 1.0)
    totals = np.arange(found, found + waiting + 1)
    likely = np.zeros(len(totals))
    for one in draws:
        inside = totals - one.relevant_outside  # relevant texts of the pool, if so many there are in all
        with np.errstate(invalid="ignore", divide="ignore"):
            chance = hypergeom.logpmf(one.relevant, one.pool, np.clip(inside, 0, one.pool), one.drawn)
        likely += np.where((inside >= 0) & (inside <= one.pool), chance, -np.inf)
    weights = np.exp(likely - likely.max())
    shares = np.cumsum(weights) / weights.sum()
    tail = (1 - LEVEL) / 2
    most = totals[min(int(np.searchsorted(shares, 1 - tail)), len(totals) - 1)]
    return RecallInterval(float(found / most), float(found / totals[int(np.searchsorted(shares, tail))]))


def stopping_p(screened: Sequence[bool], frame: int, target: float = 0.95) -> float:
    """Test the hypothesis that recall is below ``target``; screening may stop where the result is below .05.

    ``screened`` says of each text whether it is relevant, in the order of reading; ``frame`` is how many there are in
    all. Callaghan and Müller-Hansen 2020, "Statistical stopping criteria for automated screening in systematic
    reviews", Systematic Reviews 9:273, with their ranked quasi-sampling: the last texts read, of each number, are taken
    as if drawn at random from what was unread before them, which is cautious where the order is better than chance.
    """
    from scipy.stats import hypergeom  # noqa: PLC0415 - an extra

    found = sum(screened)
    if len(screened) >= frame:
        return 0.0
    if not found:
        return 1.0
    last = np.arange(1, len(screened) + 1)  # the last so many texts, as the draw
    relevant = np.cumsum(np.array(screened[::-1], dtype=int))
    urn = frame - len(screened) + last
    missed = np.floor(found / target - (found - relevant) + 1)  # relevant in the urn, if recall is just below target
    return float(hypergeom.cdf(relevant, urn, np.minimum(missed, urn), last).min())
