"""Train the trees over blocks on pages with hand-made truth, and write ``pipelines/reading/blocks_model.json``.

    python -m tools.train_blocks [--pages 442] [--output FILE]

``docs/model-card.md`` says what the shipped trees were trained on and what they reach. That is measured apart (``python
-m tests.bench.text``), by trees of the same settings that have not seen the page, nor another of its host, that they
judge. A block's label says whether most of its words are matched in the hand-made text, by one alignment of the whole
page. A page's blocks weigh one together, whatever its length. CatBoost (the extra ``train``) is needed here alone.
"""

from __future__ import annotations

import argparse
import difflib
import hashlib
import json
import logging
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from catboost import CatBoostClassifier

from pipelines.metadata.page_metadata import parse_metadata
from pipelines.reading import charset, dom, extract, main_text
from pipelines.reading.features import feature_matrix
from tools.benchmark_pages import DATA, Page, load_pages, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

SETTINGS = {
    "iterations": 1000,
    "depth": 6,
    "learning_rate": 0.05,
    "l2_leaf_reg": 5.0,
    "rsm": 0.3,
    "border_count": 128,
    "bootstrap_type": "Bernoulli",
    "subsample": 0.8,
    "random_seed": 0,
    "verbose": False,
    "allow_writing_files": False,
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
    page_input = extract.model_input(tree, page.url, meta)
    if not page_input.segments:
        return None
    rows, names = feature_matrix(page_input)
    nothing = {name: np.zeros_like(taken) for name, taken in page_input.overlaps.items()}
    unaided, _ = feature_matrix(replace(page_input, overlaps=nothing))
    texts = tuple(segment.text for segment in page_input.segments)
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


def train(samples: Sequence[Sample]) -> CatBoostClassifier:
    """Fit the trees. A page that trafilatura reads counts with its answer and without it, others twice."""
    rows, labels, weights = [], [], []
    for each in samples:
        has_words = each.sizes > 0
        is_read_twice = not np.array_equal(each.rows, each.unaided)
        for of_page in (each.rows, each.unaided) if is_read_twice else (each.rows,):
            rows.append(of_page[has_words])
            labels.append(each.labels[has_words])
            weights.append(each.weights[has_words] * (1 if is_read_twice else 2))
    weight = np.concatenate(weights)
    model = CatBoostClassifier(**SETTINGS)
    return model.fit(np.concatenate(rows), np.concatenate(labels), sample_weight=weight * len(weight) / weight.sum())


def as_json(model: CatBoostClassifier, names: Sequence[str]) -> dict[str, Any]:
    """Write oblivious trees as ``pipelines.reading.gbdt.parse_trees`` reads them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.json")
        model.save_model(str(path), format="json")
        saved = json.loads(path.read_text(encoding="utf-8"))
    columns = {each["feature_index"]: each["flat_feature_index"] for each in saved["features_info"]["float_features"]}
    splits: dict[tuple[int, float], int] = {}
    trees = []
    for tree in saved["oblivious_trees"]:
        answers = [(split["float_feature_index"], float(np.float32(split["border"]))) for split in tree["splits"]]
        numbers = [splits.setdefault((columns[column], border), len(splits)) for column, border in answers]
        lacking = SETTINGS["depth"] - len(numbers)  # a tree that found no further question asks its last one again
        trees.append(_tree(numbers, [round(float(value), 4) for value in tree["leaf_values"]], lacking))
    scale, (bias,) = saved["scale_and_bias"]
    if scale != 1:
        raise ValueError(f"a model of scale {scale} cannot be written")
    asked = [list(split) for split in splits]
    return {"names": list(names), "base": round(float(bias), 5), "splits": asked, "trees": trees}


def _tree(numbers: list[int], values: list[float], lacking: int) -> dict[str, list[Any]]:
    """Bring a tree to the depth of all: what a further question would answer makes no difference."""
    return {"questions": numbers + numbers[-1:] * lacking, "values": values * (1 << lacking)}


@contextmanager
def reading_with(samples: Sequence[Sample]) -> Iterator[None]:
    """Read pages with trees that have learnt from these pages alone."""
    shipped = main_text.MODEL
    with tempfile.TemporaryDirectory() as folder:
        main_text.MODEL = write(samples, Path(folder, shipped.name))
        main_text.load_model.cache_clear()
        try:
            yield
        finally:
            main_text.MODEL = shipped
            main_text.load_model.cache_clear()


def write(samples: Sequence[Sample], path: Path) -> Path:
    """Train on pages and write the trees."""
    path.write_text(
        json.dumps(as_json(train(samples), samples[0].names), separators=(",", ":")) + "\n", encoding="utf-8"
    )
    return path


def main() -> None:
    """Train on the pages and write a model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, metavar="N", help="train on the first N pages only")
    parser.add_argument("--output", type=Path, default=main_text.MODEL, metavar="FILE", help="where to write the model")
    arguments = parser.parse_args()
    logging.disable(logging.CRITICAL)
    samples = [each for page in load_pages()[: arguments.pages] if (each := sample(page))]
    if not samples:
        parser.error(f"no pages to train on: {DATA} is not there (docs/model-card.md says what it is)")
    path = write(samples, arguments.output)
    identity = hashlib.sha256(path.read_bytes()).hexdigest()[:8]
    print(f"{path}: {SETTINGS['iterations']} trees from {len(samples)} pages, model {identity}")


if __name__ == "__main__":
    main()
