"""Which blocks of a page are its main text: a learned probability a block, then the set with the best expected F1.

On pages where all blocks look doubtful (listings, shops) a fixed threshold would leave nothing: the set that maximises
the expected F1 adapts to the page, and gained 2 points over any fixed threshold on the development pages.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pipelines import forest
from pipelines.blocks import BIT
from pipelines.features import View, matrix

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from pipelines.blocks import Segment

__all__ = ["best_set", "completed", "main_probabilities", "model_id", "taken", "without_comments", "without_menus"]

MODEL = Path(__file__).with_name("blocks_model.json")
SHORT = 20  # letters; a shorter line counts as taken only where it stands as a line of its own
LEAST = 0.12
MENU_LINKS = 4
MENU_SHARE = 0.6
WHOLE = frozenset({"row", "item"})


@cache
def _model() -> forest.Forest:
    return forest.load_forest(MODEL)


@cache
def model_id() -> str:
    """Name the model by its content: another model may give other texts."""
    return hashlib.sha256(MODEL.read_bytes()).hexdigest()[:8]


def main_probabilities(view: View) -> NDArray[np.float32]:
    """Give the probability of each block to be main text."""
    rows, names = matrix(view)
    model = _model()
    if names != model.names:
        raise ValueError("the model file was trained on other columns: run tests/bench/train_blocks.py")
    return forest.probabilities(model, rows)


def best_set(sizes: NDArray[np.float32], chances: NDArray[np.float32], weight: float = 1.0) -> NDArray[np.bool_]:
    """Choose the blocks whose expected F1 is highest; ``weight`` above 1 leans towards recall.

    With the blocks in order of their chance, F1 of the first k is 2 * expected right words / (words chosen + wanted).
    """
    order = np.argsort(-chances, kind="stable")
    size, chance = sizes[order] + 1e-6, chances[order]
    right = np.cumsum(size * chance)
    scores = right / (np.cumsum(size) + weight * right[-1])
    return chances >= max(LEAST, float(chance[int(np.argmax(scores))]))


def completed(segments: Sequence[Segment], chosen: Sequence[bool]) -> list[bool]:
    """Keep a table and a list whole: where most of its rows or items were chosen, the others are as well."""
    total: Counter[tuple[str, int]] = Counter()
    inside: Counter[tuple[str, int]] = Counter()
    for segment, is_chosen in zip(segments, chosen, strict=True):
        if segment.kind in WHOLE:
            total[_holder(segment)] += 1
            inside[_holder(segment)] += is_chosen
    return [
        is_chosen
        or (segment.kind in WHOLE and segment.linked < 0.5 and inside[_holder(segment)] * 2 > total[_holder(segment)])
        for segment, is_chosen in zip(segments, chosen, strict=True)
    ]


def without_comments(segments: Sequence[Segment], chosen: Sequence[bool]) -> list[bool]:
    """Leave out what readers wrote below a text, unless it is most of what was chosen, as in a forum."""
    sizes = [len(segment.text) if is_chosen else 0 for segment, is_chosen in zip(segments, chosen, strict=True)]
    below = [bool(segment.around & BIT["c-comment"]) for segment in segments]
    commented = sum(size for size, is_below in zip(sizes, below, strict=True) if is_below)
    if commented * 2 > sum(sizes):
        return list(chosen)
    return [is_chosen and not is_below for is_chosen, is_below in zip(chosen, below, strict=True)]


def without_menus(segments: Sequence[Segment], chosen: Sequence[bool]) -> list[bool]:
    """Leave out blocks of links (a menu in a cell of a layout table) from a text that is no list of links itself."""
    size = sum(len(segment.text) for segment, is_chosen in zip(segments, chosen, strict=True) if is_chosen)
    linked = sum(segment.link_chars for segment, is_chosen in zip(segments, chosen, strict=True) if is_chosen)
    if linked * 3 > size:
        return list(chosen)
    return [
        is_chosen and not (segment.links >= MENU_LINKS and segment.linked >= MENU_SHARE)
        for segment, is_chosen in zip(segments, chosen, strict=True)
    ]


def _holder(segment: Segment) -> tuple[str, int]:
    return segment.kind, segment.path[-2] if len(segment.path) > 1 else 0


def taken(blocks: Iterable[bytes], lines: Sequence[bytes]) -> NDArray[np.float32]:
    """Give the share of each block that stands in another extractor's lines; both are keys (``tallies.keys``).

    Line ends differ between the two, so a long line is looked for in the text without them, and a short one has to be
    a line of its own or to go on where the line before ended.
    """
    return np.array(list(_shares(blocks, frozenset(lines), b"".join(lines))), dtype=np.float32)


def _shares(blocks: Iterable[bytes], alone: frozenset[bytes], joined: bytes) -> Iterator[float]:
    after = 0
    for block in blocks:
        total = found = 0
        for letters in block.split(b"\n"):
            place = _find(letters, alone, joined, after) if letters else -1
            total += len(letters)
            if place >= 0:
                found += len(letters)
                after = place + len(letters)
        yield found / total if total else 0.0


def _find(letters: bytes, alone: frozenset[bytes], joined: bytes, after: int) -> int:
    if joined.startswith(letters, after):
        return after
    if len(letters) > SHORT or letters in alone:
        place = joined.find(letters, after)
        return place if place >= 0 else joined.find(letters)
    return -1
