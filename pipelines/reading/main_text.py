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
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipelines.metadata.prices import AMOUNT
from pipelines.reading import gbdt
from pipelines.reading.blocks import BIT, is_chrome
from pipelines.reading.features import ModelInput, feature_matrix

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from pipelines.reading.blocks import Segment

__all__ = [
    "best_set",
    "complete_cards",
    "complete_lists",
    "load_model",
    "main_probabilities",
    "model_id",
    "overlap",
    "second_copies",
    "without_comments",
    "without_menus",
    "without_tail",
]

MODEL = Path(__file__).with_name("blocks_model.json")
SHORT_LINE = 20  # letters; a shorter line overlaps only where it stands as a line of its own
THRESHOLDS = np.linspace(0.01, 0.99, 50, dtype=np.float32)
MENU_LINKS = 4
MENU_SHARE = 0.6  # of a block of a menu is link text
# probability; comments between the posts of a thread had up to .65, a section of a text .72 to .85
SURELY_MAIN = 0.7
ARTICLE_LETTERS = 1200  # a text of so many with comments below it is no forum
MIN_COPY_WORDS = 12  # fewer that are repeated are no second copy of a part of the page
MIN_TAIL_WORDS = 100  # that trafilatura took
TAIL_SHARE = 0.7
SURE_TAIL = 0.9  # probability
CARD_LEVELS = 4  # of elements above a price
MAX_CARD = 30  # blocks of a card
MAX_PRICE_LINE = 60  # characters
LIST_KINDS = frozenset({"row", "item"})


@cache
def load_model() -> gbdt.Trees:
    """Read the trees, once a process."""
    return gbdt.load_trees(MODEL)


@cache
def model_id() -> str:
    """Name the model by its content: another model may give other texts."""
    return hashlib.sha256(MODEL.read_bytes()).hexdigest()[:8]


def main_probabilities(page: ModelInput) -> NDArray[np.float32]:
    """Give the probability of each block to be main text."""
    matrix = feature_matrix(page)
    model = load_model()
    if matrix.names != model.names:
        raise ValueError("the model file was trained on other columns: run python -m tools.train_blocks")
    consent = np.array([segment.around & BIT["c-consent"] for segment in page.segments], dtype=bool)
    return np.where(consent, np.float32(0), gbdt.probabilities(model, matrix.rows))


def best_set(sizes: NDArray[np.float32], probabilities: NDArray[np.float32], weight: float = 1.0) -> NDArray[np.bool_]:
    """Choose the blocks whose expected F1 is highest; ``weight`` above 1 leans towards recall.

    Blocks stand and fall together: where one cookie notice of 7,000 words is no main text, none of its paragraphs is.
    So the truth is taken to be the blocks whose probability is above a threshold that nobody knows, each threshold as
    likely as the other, which leaves each block its own probability. The first k blocks by probability are measured
    against the truth of each threshold: F1 is 2 * words in both / (words chosen + ``weight`` * words wanted). To take
    blocks as independent instead, and blocks of one chance in eight never, had .004 less of F1 over all types.
    """
    order = np.argsort(-probabilities, kind="stable")
    descending = probabilities[order]
    chosen = np.cumsum(sizes[order] + 1e-6)
    wanted = np.concatenate([[0], chosen])[np.searchsorted(-descending, -THRESHOLDS, side="right")]
    scores = (np.minimum(chosen[:, None], wanted) / (chosen[:, None] + weight * wanted)).sum(axis=1)
    return probabilities >= max(float(THRESHOLDS[0]), float(descending[int(np.argmax(scores))]))


def complete_lists(segments: Sequence[Segment], chosen: Sequence[bool]) -> list[bool]:
    """Leave tables and lists whole: where most rows or items of one were chosen, the others are chosen as well."""
    holders = [(segment.kind, segment.path[-2] if len(segment.path) > 1 else 0) for segment in segments]
    total = Counter(holders)
    inside = Counter(holder for holder, is_chosen in zip(holders, chosen, strict=True) if is_chosen)
    return [
        is_chosen or (segment.kind in LIST_KINDS and segment.linked < 0.5 and inside[holder] * 2 > total[holder])
        for segment, holder, is_chosen in zip(segments, holders, chosen, strict=True)
    ]


def complete_cards(segments: Sequence[Segment], chosen: Sequence[bool]) -> list[bool]:
    """Keep the price of a card with its label: a sum alone in its line joins an earlier chosen block of its card.

    A card is the smallest element around the sum, up to four levels, that holds a chosen block before it, and no more
    than ``MAX_CARD`` blocks.
    """
    sizes = Counter(holder for segment in segments for holder in segment.path[-1 - CARD_LEVELS :])
    told: set[int] = set()  # elements that hold a chosen block so far
    completed = []
    for segment, is_chosen in zip(segments, chosen, strict=True):
        holders = segment.path[-1 - CARD_LEVELS :]
        joins = is_chosen or (
            _is_price_line(segment) and any(holder in told and sizes[holder] <= MAX_CARD for holder in holders)
        )
        completed.append(joins)
        if is_chosen:
            told.update(holders)
    return completed


def _is_price_line(segment: Segment) -> bool:
    is_plain = segment.kind != "button" and not segment.link_chars and len(segment.text) <= MAX_PRICE_LINE
    return is_plain and not is_chrome(segment) and AMOUNT.search(segment.text) is not None


def without_comments(segments: Sequence[Segment], chosen: Sequence[bool], probabilities: Sequence[float]) -> list[bool]:
    """Leave out what readers wrote below a text; where they wrote most of it and the text is short, it is a forum.

    A block that is surely main text and that half of the text follows is no comment, whatever its section is called:
    names are made of headings too (``id="respond-to-review-comments"``).
    """
    sizes = [len(segment.text) if is_chosen else 0 for segment, is_chosen in zip(segments, chosen, strict=True)]
    is_comment = [bool(segment.around & BIT["c-comment"]) for segment in segments]
    text_sizes = [0 if comment else size for size, comment in zip(sizes, is_comment, strict=True)]
    text = sum(text_sizes)
    if sum(sizes) > 2 * text and text < ARTICLE_LETTERS:
        return list(chosen)
    before = accumulate(text_sizes)
    return [
        is_chosen and not (comment and (probability < SURELY_MAIN or text_before * 2 > text))
        for is_chosen, comment, probability, text_before in zip(chosen, is_comment, probabilities, before, strict=True)
    ]


def without_menus(segments: Sequence[Segment], chosen: Sequence[bool]) -> list[bool]:
    """Leave out blocks of links (a menu in a cell of a layout table) from a text that is no list of links itself."""
    inside = [segment for segment, is_chosen in zip(segments, chosen, strict=True) if is_chosen]
    if sum(segment.link_chars for segment in inside) * 3 > sum(len(segment.text) for segment in inside):
        return list(chosen)
    return [
        is_chosen and not (segment.links >= MENU_LINKS and segment.linked >= MENU_SHARE)
        for segment, is_chosen in zip(segments, chosen, strict=True)
    ]


def without_tail(page: ModelInput, chosen: Sequence[bool], probabilities: Sequence[float]) -> list[bool]:
    """Leave out what follows the end of an article: teasers, and whole texts of other articles.

    The end is the last block that trafilatura took. Behind it stays what is surely main text or has the shape (depth,
    tag, surroundings) of a block that trafilatura took, and all where it took less than ``TAIL_SHARE`` of the words
    that are chosen: a forum, a page of many parts. Development pages, folds by host: articles +.0008 of F1, WordPress
    +.0015, service +.0010, no type lower.
    """
    taken = page.overlaps["trafilatura"] > 0.5
    words = page.counts["words"]
    if words[taken].sum() < max(MIN_TAIL_WORDS, TAIL_SHARE * words[np.array(chosen, dtype=bool)].sum()):
        return list(chosen)
    numbers = np.flatnonzero(taken).tolist()
    shapes = {page.segments[number].shape for number in numbers}
    return [
        is_chosen
        and (number <= numbers[-1] or probabilities[number] >= SURE_TAIL or page.segments[number].shape in shapes)
        for number, is_chosen in enumerate(chosen)
    ]


class _Repeat(NamedTuple):
    """A block that has the key of an earlier one: the numbers of both."""

    first: int
    again: int


def second_copies(page: ModelInput, chosen: Sequence[bool]) -> frozenset[int]:
    """Find the blocks, chosen or not, that repeat a chosen part in another shape: for phones, as a preview or quote.

    Rows and cards of one shape that say the same are data (what each plan includes). On the development pages this
    gained .004 of F1 over all types, and lost on none.
    """
    first: dict[bytes, int] = {}
    runs: list[list[_Repeat]] = [[]]
    for number, is_chosen in enumerate(chosen):
        if page.keys[number] in first:
            runs[-1].append(_Repeat(first[page.keys[number]], number))
        elif is_chosen:
            first[page.keys[number]] = number
            runs.append([])
    copies: set[int] = set()
    for run in runs:
        words = [int(page.counts["words"][repeat.again]) for repeat in run]
        in_other_shape = sum(
            count
            for count, repeat in zip(words, run, strict=True)
            if page.segments[repeat.first].shape != page.segments[repeat.again].shape
        )
        if sum(words) >= MIN_COPY_WORDS and in_other_shape * 2 > sum(words):
            copies.update(repeat.again for repeat in run)
    return frozenset(copies)


def overlap(blocks: Iterable[bytes], lines: Sequence[bytes]) -> NDArray[np.float32]:
    """Give the share of each block that stands in another extractor's lines; both are keys (``token_counts.keys``).

    Line ends differ between the two, so a long line is looked for in the text without them, and a short one has to be
    a line of its own or to go on where the line before ended.
    """
    whole_lines, joined = frozenset(lines), b"".join(lines)
    shares = []
    after = 0
    for block in blocks:
        total = found = 0
        for letters in filter(None, block.split(b"\n")):
            total += len(letters)
            if joined.startswith(letters, after):
                at = after
            elif len(letters) > SHORT_LINE or letters in whole_lines:
                at = joined.find(letters, after)
                at = joined.find(letters) if at < 0 else at
            else:
                continue
            if at >= 0:
                found += len(letters)
                after = at + len(letters)
        shares.append(found / total if total else 0.0)
    return np.array(shares, dtype=np.float32)
