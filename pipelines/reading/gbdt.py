"""Gradient-boosted oblivious trees out of a plain JSON file, evaluated for many rows at once.

In an oblivious tree all nodes of a level ask the same question (Prokhorenkova et al., CatBoost, NeurIPS 2018), so the
answers of a row are the bits of the number of its leaf: a page of 230 blocks and hundreds of trees are a few operations
on arrays, without a line of compiled code of ours, and nothing is unpickled.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["Trees", "load_trees", "parse_trees", "probabilities"]

MAX_DEPTH = 8  # the number of a leaf is one byte


@dataclass(frozen=True, slots=True)
class Trees:
    """Trees as arrays: ``questions`` (trees, depth) are numbers of splits, each a column and its threshold.

    ``values`` (trees, 2 ** depth) are those of the leaves; the answer to question k of a tree is bit k of the leaf.
    """

    names: tuple[str, ...]
    base: float
    features: NDArray[np.intp]
    thresholds: NDArray[np.float32]
    questions: NDArray[np.intp]
    values: NDArray[np.float32]


def load_trees(path: Path) -> Trees:
    """Read the trees of a model file."""
    return parse_trees(json.loads(path.read_text(encoding="utf-8")))


def parse_trees(data: dict[str, Any]) -> Trees:
    """Build trees from ``{"names", "base", "splits", "trees"}``; all trees have one depth, at most ``MAX_DEPTH``.

    ``splits`` are [column, threshold] pairs; the answer of a row is yes where its value is above the threshold. A tree
    is {"questions": numbers of splits, "values": one number a leaf}.
    """
    questions = np.array([tree["questions"] for tree in data["trees"]], dtype=np.intp)
    values = np.array([tree["values"] for tree in data["trees"]], dtype=np.float32)
    depth = questions.shape[1]
    if depth > MAX_DEPTH or values.shape[1] != 1 << depth:
        raise ValueError(f"trees of depth {depth} with {values.shape[1]} leaves cannot be evaluated")
    return Trees(
        names=tuple(data["names"]),
        base=float(data["base"]),
        features=np.array([column for column, _ in data["splits"]], dtype=np.intp),
        thresholds=np.array([threshold for _, threshold in data["splits"]], dtype=np.float32),
        questions=questions,
        values=values,
    )


def probabilities(trees: Trees, rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give the probability of each row: the logistic of the base and its leaves' sum.

    Each question is asked once, whatever the number of trees that need its answer (bits are put together by shifts:
    ``np.packbits`` takes eight times as long). Rows of a matrix that was made
    column by column (``rows.T`` is contiguous) are compared without a copy of single cells.
    """
    answers = (rows.T[trees.features] > trees.thresholds[:, None]).view(np.uint8)
    leaves = answers[trees.questions[:, 0]]
    for level in range(1, trees.questions.shape[1]):
        leaves |= answers[trees.questions[:, level]] << level
    first_leaves = np.arange(len(trees.values))[:, None] * trees.values.shape[1]
    margin = trees.base + trees.values.ravel()[first_leaves + leaves].sum(axis=0)
    logistic: NDArray[np.float32] = 1 / (1 + np.exp(-margin))
    return logistic
