"""Train the choice of blocks on the development pages, and write it as plain JSON: ``pipelines/blocks_model.json``.

    python -m tests.bench.train_blocks [--check]

``--check`` prints the scores of five folds (split by page) instead of writing. A block's label says whether most of
its words are matched in the hand-made text, by one alignment of the whole page. A page's blocks weigh one together,
whatever its length. scikit-learn is needed here alone.
"""

from __future__ import annotations

import argparse
import difflib
import hashlib
import json
import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from pipelines import charset, choose, dom, extract
from pipelines.choose import best_set
from pipelines.features import matrix
from pipelines.metadata import parse_metadata
from tests.bench.text import GROUPS, Page, load_pages, score, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

FOLDS = 5
SETTINGS = {
    "max_iter": 100,
    "learning_rate": 0.08,
    "max_leaf_nodes": 16,
    "min_samples_leaf": 40,
    "l2_regularization": 5.0,
    "max_features": 0.3,
    "random_state": 0,
}
WEIGHT = 0.65  # a block counts as its words to this power: long paragraphs matter, short lines are not lost


@dataclass(frozen=True)
class Sample:
    """A page as training material: features, words and matched words of each block.

    ``unaided`` are the features where trafilatura took nothing. The trees learn from both, so that a paragraph that
    trafilatura missed (the last ones of an article in Elementor's nested sections) is not lost for that alone.
    """

    page: Page
    texts: tuple[str, ...]
    rows: NDArray[np.float32]
    unaided: NDArray[np.float32]
    names: tuple[str, ...]
    sizes: NDArray[np.float32]
    matched: NDArray[np.float32]

    @property
    def weights(self) -> NDArray[np.float32]:
        """Give a page's blocks the weight of one page."""
        each = self.sizes**WEIGHT
        return each / max(1e-9, each.sum())

    @property
    def labels(self) -> NDArray[np.bool_]:
        """Tell whether a block is main text: half of its words and more are."""
        return self.matched * 2 >= np.maximum(1, self.sizes)


def sample(page: Page) -> Sample | None:
    """Read a page up to the choice of its blocks."""
    tree = dom.parse(charset.decode(page.body))
    if tree is None:
        return None
    meta = parse_metadata(tree, page.url)
    dom.prune(tree)
    view = extract.view(tree, page.url, meta)
    if not view.segments:
        return None
    rows, names = matrix(view)
    nothing = {name: np.zeros_like(taken) for name, taken in view.members.items()}
    unaided, _ = matrix(replace(view, members=nothing))
    texts = tuple(segment.text for segment in view.segments)
    sizes = np.array([len(words(text)) for text in texts], dtype=np.float32)
    return Sample(page, texts, rows, unaided, names, sizes, np.array(match(texts, page.truth), dtype=np.float32))


def match(texts: Sequence[str], truth: str) -> list[int]:
    """Count the words of each block that an alignment of the whole page with its truth finds there."""
    owners = [place for place, text in enumerate(texts) for _ in words(text)]
    counts = [0] * len(texts)
    aligned = difflib.SequenceMatcher(None, words("\n".join(texts)), words(truth), autojunk=False)
    for start, _, length in aligned.get_matching_blocks():
        for owner in owners[start : start + length]:
            counts[owner] += 1
    return counts


def train(samples: Sequence[Sample]) -> HistGradientBoostingClassifier:
    """Fit the trees."""
    spoken = [each.sizes > 0 for each in samples]
    aided = [each.rows[keep] for each, keep in zip(samples, spoken, strict=True)]
    rows = np.vstack([*aided, *(each.unaided[keep] for each, keep in zip(samples, spoken, strict=True))])
    labels = np.concatenate([each.labels[keep] for each, keep in zip(samples, spoken, strict=True)])
    weights = np.concatenate([each.weights[keep] for each, keep in zip(samples, spoken, strict=True)])
    model = HistGradientBoostingClassifier(**SETTINGS)
    each = weights * len(weights) / len(samples)
    return model.fit(rows, np.concatenate([labels, labels]), sample_weight=np.concatenate([each, each]))


def as_json(model: HistGradientBoostingClassifier, names: Sequence[str]) -> dict[str, Any]:
    """Write trees as nested lists: a leaf is its value, a node is [column, threshold, left, right]."""
    predictors = [stage[0].nodes for stage in model._predictors]  # noqa: SLF001  # scikit-learn has no public form
    base = float(model._baseline_prediction.ravel()[0])  # noqa: SLF001
    return {"names": list(names), "base": round(base, 5), "trees": [_node(nodes, 0) for nodes in predictors]}


def _node(nodes: Any, place: int) -> Any:
    node = nodes[place]
    if node["is_leaf"]:
        return round(float(node["value"]), 5)
    threshold = float(np.float32(node["num_threshold"]))
    return [int(node["feature_idx"]), threshold, _node(nodes, int(node["left"])), _node(nodes, int(node["right"]))]


def cross_validate(samples: Sequence[Sample]) -> dict[str, list[float]]:
    """Give F1 by group for pages that the trees which judged them had not seen."""
    rows: dict[str, list[float]] = {group: [] for group in GROUPS}
    for fold in range(FOLDS):
        model = train([each for each in samples if _fold(each.page) != fold])
        for each in samples:
            if _fold(each.page) == fold:
                f1 = score(words(_chosen(each, model)), words(each.page.truth))[2]
                for group in each.page.groups:
                    rows[group].append(f1)
    return rows


def _fold(page: Page) -> int:
    return int(hashlib.md5(page.id.encode(), usedforsecurity=False).hexdigest(), 16) % FOLDS


def _chosen(each: Sample, model: HistGradientBoostingClassifier) -> str:
    keep = best_set(each.sizes, model.predict_proba(each.rows)[:, 1])
    return "\n".join(text for text, kept in zip(each.texts, keep, strict=True) if kept)


def main() -> None:
    """Train and write, or check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="print the scores of five folds, write nothing")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    samples = [each for page in load_pages(held_out=False) if (each := sample(page))]
    if options.check:
        for group, scores in cross_validate(samples).items():
            print(f"{group:15s} {sum(scores) / max(1, len(scores)):.3f}  ({len(scores)} pages)")
        return
    data = as_json(train(samples), samples[0].names)
    choose.MODEL.write_text(json.dumps(data, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{choose.MODEL.name}: {len(data['trees'])} trees from {len(samples)} pages")


if __name__ == "__main__":
    main()
