"""Which blocks of a page are its main text: a learned probability a block, then the set with the best expected F1.

On pages where all blocks look doubtful (listings, shops) a fixed threshold would leave nothing: the set that maximises
the expected F1 adapts to the page, and gained 2 points over any fixed threshold on the development pages.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pipelines.reading import gbdt as forest
from pipelines.reading.blocks import BIT
from pipelines.reading.features import View, matrix

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from pipelines.reading.blocks import Segment

__all__ = [
    "best_set",
    "completed",
    "load_model",
    "main_probabilities",
    "model_id",
    "second_copies",
    "taken",
    "without_comments",
    "without_menus",
]

MODEL = Path(__file__).with_name("blocks_model.json")
SHORT = 20  # letters; a shorter line counts as taken only where it stands as a line of its own
THRESHOLDS = np.linspace(0.01, 0.99, 50, dtype=np.float32)
MENU_LINKS = 4
MENU_SHARE = 0.6
SURE = 0.7  # chance; comments between the posts of a thread had up to .65, a section of a text .72 to .85
FORUM = 1200  # letters; a text of so many with comments below it is no forum
COPY = 12  # words; fewer that are said again are no second copy of a part of the page
WHOLE = frozenset({"row", "item"})


@cache
def load_model() -> forest.Forest:
    """Read the trees, once a process."""
    return forest.load_forest(MODEL)


@cache
def model_id() -> str:
    """Name the model by its content: another model may give other texts."""
    return hashlib.sha256(MODEL.read_bytes()).hexdigest()[:8]


def main_probabilities(view: View) -> NDArray[np.float32]:
    """Give the probability of each block to be main text."""
    rows, names = matrix(view)
    model = load_model()
    if names != model.names:
        raise ValueError("the model file was trained on other columns: run python -m tools.train_blocks")
    consent = np.array([segment.around & BIT["c-consent"] for segment in view.segments], dtype=bool)
    return np.where(consent, np.float32(0), forest.probabilities(model, rows))


def best_set(sizes: NDArray[np.float32], chances: NDArray[np.float32], weight: float = 1.0) -> NDArray[np.bool_]:
    """Choose the blocks whose expected F1 is highest; ``weight`` above 1 leans towards recall.

    Blocks stand and fall together: where one cookie notice of 7,000 words is no main text, none of its paragraphs is.
    So the truth is taken to be the blocks whose chance is above a threshold that nobody knows, each as likely as the
    other, which leaves each block its own chance. The first k blocks by their chance are measured against the truth of
    each threshold: F1 is 2 * words in both / (words chosen + ``weight`` * words wanted). To take blocks as independent
    instead, and blocks of one chance in eight never, had .004 less of F1 over all types.
    """
    order = np.argsort(-chances, kind="stable")
    chance = chances[order]
    chosen = np.cumsum(sizes[order] + 1e-6)
    wanted = np.concatenate([[0], chosen])[np.searchsorted(-chance, -THRESHOLDS, side="right")]
    scores = (np.minimum(chosen[:, None], wanted) / (chosen[:, None] + weight * wanted)).sum(axis=1)
    return chances >= max(float(THRESHOLDS[0]), float(chance[int(np.argmax(scores))]))


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


def without_comments(segments: Sequence[Segment], chosen: Sequence[bool], chances: Sequence[float]) -> list[bool]:
    """Leave out what readers wrote below a text; where they wrote most of it and the text is short, it is a forum.

    A block that is surely main text and that half of the text follows is no comment, whatever its section is called:
    names are made of headings too (``id="respond-to-review-comments"``).
    """
    sizes = [len(segment.text) if is_chosen else 0 for segment, is_chosen in zip(segments, chosen, strict=True)]
    named = [bool(segment.around & BIT["c-comment"]) for segment in segments]
    own = [0 if is_named else size for size, is_named in zip(sizes, named, strict=True)]
    text = sum(own)
    if sum(sizes) > 2 * text and text < FORUM:
        return list(chosen)
    return [
        is_chosen and not (is_named and (chance < SURE or before * 2 > text))
        for is_chosen, is_named, chance, before in zip(chosen, named, chances, accumulate(own), strict=True)
    ]


def second_copies(view: View, chosen: Sequence[bool]) -> frozenset[int]:
    """Find the blocks, chosen or not, that say a chosen part again in another shape: for phones, as a preview or quote.

    Rows and cards of one shape that say the same are data (what each plan includes). On the development pages this
    gained .004 of F1 over all types, and lost on none.
    """
    first: dict[bytes, int] = {}
    runs: list[list[tuple[int, int]]] = [[]]
    for place, is_chosen in enumerate(chosen):
        if view.keys[place] in first:
            runs[-1].append((first[view.keys[place]], place))
        elif is_chosen:
            first[view.keys[place]] = place
            runs.append([])
    return frozenset(place for run in runs if _is_copy(view, run) for _, place in run)


def _is_copy(view: View, run: Sequence[tuple[int, int]]) -> bool:
    sizes = [(int(view.counts["words"][place]), _shape(view, first) != _shape(view, place)) for first, place in run]
    total = sum(size for size, _ in sizes)
    return total >= COPY and sum(size for size, is_other in sizes if is_other) * 2 > total


def _shape(view: View, place: int) -> tuple[int, str, int]:
    segment = view.segments[place]
    return len(segment.path), segment.tag, segment.around


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
