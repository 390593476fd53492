"""Boosted trees out of a plain JSON file, evaluated for many rows at once.

Each tree has at most sixteen leaves. Every inner node that a row does not pass rules out the leaves on its left side;
what is left at the far left is the row's leaf (QuickScorer, Lucchese et al., SIGIR 2015). So a page of 230 blocks and a
hundred trees take 2 ms without a line of compiled code of ours, and nothing is unpickled.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["Forest", "load_forest", "parse_forest", "probabilities"]

LEAVES = 16
NODES = LEAVES - 1
ALL_LEAVES = (1 << LEAVES) - 1


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees as arrays: ``NODES`` columns a tree in the node arrays, ``LEAVES`` in ``values``."""

    names: tuple[str, ...]
    base: float
    features: NDArray[np.intp]
    thresholds: NDArray[np.float32]
    masks: NDArray[np.uint16]
    values: NDArray[np.float32]


def load_forest(path: Path) -> Forest:
    """Read a forest from its file."""
    return parse_forest(json.loads(path.read_text(encoding="utf-8")))


def parse_forest(data: dict[str, Any]) -> Forest:
    """Build a forest from ``{"names", "base", "trees"}``; a tree is a leaf's value or [column, threshold, left, right].

    A row goes left where its value is at most the threshold.
    """
    trees = [_flatten(tree) for tree in data["trees"]]
    return Forest(
        names=tuple(data["names"]),
        base=float(data["base"]),
        features=np.array([tree[0] for tree in trees], dtype=np.intp).ravel(),
        thresholds=np.array([tree[1] for tree in trees], dtype=np.float32).ravel(),
        masks=np.array([tree[2] for tree in trees], dtype=np.uint16),
        values=np.array([tree[3] for tree in trees], dtype=np.float32),
    )


def _flatten(tree: Any) -> tuple[list[int], list[float], list[int], list[float]]:
    """List the nodes of a tree, each with the mask of the leaves that stay when a row goes right."""
    features, thresholds, masks, values = [0] * NODES, [float("inf")] * NODES, [ALL_LEAVES] * NODES, [0.0] * LEAVES
    nodes: list[tuple[int, float, int]] = []
    leaves: list[float] = []

    def visit(node: Any) -> None:
        if not isinstance(node, list):
            leaves.append(float(node))
            return
        first = len(leaves)
        place = len(nodes)
        nodes.append((0, 0.0, 0))
        visit(node[2])
        ruled_out = (1 << len(leaves)) - (1 << first)
        nodes[place] = (int(node[0]), float(node[1]), ALL_LEAVES & ~ruled_out)
        visit(node[3])

    visit(tree)
    for place, (feature, threshold, mask) in enumerate(nodes):
        features[place], thresholds[place], masks[place] = feature, threshold, mask
    values[: len(leaves)] = leaves
    return features, thresholds, masks, values


def probabilities(forest: Forest, rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give the probability of each row: the logistic of the base and its leaves' sum."""
    right = rows[:, forest.features] > forest.thresholds
    count, trees = len(rows), len(forest.values)
    kept = np.where(right.reshape(count, trees, NODES), forest.masks, np.uint16(ALL_LEAVES))
    left_over = np.bitwise_and.reduce(kept, axis=2)
    lowest = left_over & (~left_over + np.uint16(1))
    leaf = np.log2(lowest.astype(np.float32)).astype(np.intp)
    margin = forest.base + forest.values[np.arange(trees), leaf].sum(axis=1)
    chances: NDArray[np.float32] = 1 / (1 + np.exp(-margin))
    return chances
