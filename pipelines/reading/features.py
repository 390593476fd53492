"""What the choice of the main text looks at, for each block of a page: one row of numbers a block.

Nothing here knows a language or a site: sizes, link share, punctuation, tags and class words around the block, its
place on the page, what trafilatura and resiliparse took of it and of its neighbours, and the same shares for the
elements that hold it. ``NAMES`` gives the columns in order; the model file repeats them and is refused if they differ.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

from pipelines.reading.blocks import AROUND, Segment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    Column = NDArray[Any]

__all__ = ["View", "columns", "matrix"]

TAGS = {
    tag: code
    for code, tag in enumerate(
        ("h1", "h2", "h3", "h4", "h5", "h6", "p", "li", "div", "tr", "button", "blockquote", "pre", "dt", "dd",
         "figcaption", "summary", "section", "article", "label")
    )
}  # fmt: skip
KIND_CODES = {
    kind: code
    for code, kind in enumerate(("heading", "paragraph", "item", "row", "button", "quote", "code", "caption"))
}
ENDS = dict.fromkeys('.!。！”"।', 3) | dict.fromkeys("?？؟", 2) | dict.fromkeys(":…：", 1)
SENTENCE = 2  # an end of this code closes a sentence
LONG = 100
FAR = 50
LEVELS = (1, 2, 3, 4, 6)
AROUND_NAMES = tuple(f"in {name}" for name in AROUND)
AROUND_PLACES = np.arange(len(AROUND))[:, None]
NO_PATH = (0,) * (LEVELS[-1] + 1)


@dataclass(frozen=True, slots=True)
class View:
    """A page as the choice sees it: blocks, their counts and keys (``tallies``), what each extractor took (0 to 1)."""

    segments: Sequence[Segment]
    counts: Mapping[str, Column]
    keys: Sequence[bytes]
    members: Mapping[str, Column]
    url: str
    titles: frozenset[bytes]
    is_article: bool


def matrix(view: View) -> tuple[Column, tuple[str, ...]]:
    """Give one row a block and the names of the columns."""
    found = list(columns(view))
    rows = np.empty((len(found), len(view.segments)), dtype=np.float32)
    for place, (_, values) in enumerate(found):
        rows[place] = values
    return rows.T, tuple(name for name, _ in found)


def columns(view: View) -> Iterator[tuple[str, Column]]:
    """Give the columns by name; the view has at least one block. A number stands for the same value in each row."""
    found = view.counts
    sizes = (found["length"] + 2 * found["wide"]).astype(np.float32)
    linked = np.array([segment.link_chars for segment in view.segments], dtype=np.float32)
    link = np.minimum(1, linked / found["length"])
    ends = np.array([ENDS.get(segment.text[-1], 0) for segment in view.segments], dtype=np.float32)
    yield from _text_columns(view, sizes, link, ends)
    yield from _repeat_columns(view)
    yield from _tag_columns(view.segments)
    yield from _place_columns(view.segments, sizes)
    yield from _near_columns(view, sizes, link, ends)
    yield from _group_columns(view, sizes, link)
    yield from _alike_columns(view.segments, sizes, link, ends)
    yield from _page_columns(view, sizes, link)


def _text_columns(view: View, sizes: Column, link: Column, ends: Column) -> Iterator[tuple[str, Column]]:
    found = view.counts
    yield "size", np.log1p(sizes)
    yield "words", found["words"]
    yield "word size", sizes / np.maximum(1, found["words"])
    yield "link share", link
    yield "links", np.array([segment.links for segment in view.segments])
    yield "bold share", np.minimum(1, np.array([segment.bold_chars for segment in view.segments]) / sizes)
    yield "capitals", found["capitals"] / sizes
    yield "digits", found["digits"] / sizes
    yield "end", ends
    yield "stops", found["stops"]
    yield "lines", np.array([segment.text.count("\n") for segment in view.segments])
    yield "copyright", np.array(["©" in segment.text or "(c)" in segment.text for segment in view.segments])


def _repeat_columns(view: View) -> Iterator[tuple[str, Column]]:
    total = Counter(view.keys)
    before: Counter[bytes] = Counter()
    earlier = []
    for each in view.keys:
        earlier.append(before[each])
        before[each] += 1
    yield "repeats", np.array([total[each] for each in view.keys])
    yield "repeats before", np.array(earlier)
    yield "title", np.array([each.replace(b"\n", b"") in view.titles for each in view.keys])


def _tag_columns(segments: Sequence[Segment]) -> Iterator[tuple[str, Column]]:
    yield "tag", np.array([TAGS.get(segment.tag, len(TAGS)) for segment in segments])
    yield "kind", np.array([KIND_CODES[segment.kind] for segment in segments])
    yield "depth", np.array([len(segment.path) for segment in segments])
    around = np.array([segment.around for segment in segments], dtype=np.int64)
    yield from zip(AROUND_NAMES, around >> AROUND_PLACES & 1, strict=True)


def _place_columns(segments: Sequence[Segment], sizes: Column) -> Iterator[tuple[str, Column]]:
    count = len(segments)
    index = np.arange(count)
    passed = np.cumsum(sizes)
    heads = np.array([segment.tag == "h1" for segment in segments])
    first = int(np.argmax(heads)) if heads.any() else -1
    yield "place", index / count
    yield "text place", (passed - sizes) / passed[-1]
    yield "blocks after", np.log1p(count - 1 - index)
    yield "from h1", np.clip(index - first, -FAR, FAR) if first >= 0 else np.full(1, -2.0 * FAR)
    yield "h1 so far", np.cumsum(heads)


def _near_columns(view: View, sizes: Column, link: Column, ends: Column) -> Iterator[tuple[str, Column]]:
    heads = np.array([segment.kind == "heading" for segment in view.segments], dtype=np.float32)
    for name, values in (("size", np.log1p(sizes)), ("link share", link), ("heading", heads), ("end", ends)):
        for step in (-2, -1, 1, 2):
            yield f"{name} {step:+d}", _shift(values, step, -1)
    for span in (3, 8):
        around = np.maximum(1, _window(sizes, span))
        yield f"size within {span}", np.log1p(around)
        yield f"link share within {span}", _window(link * sizes, span) / around
        for name, taken in view.members.items():
            yield f"{name} within {span}", _window(taken * sizes, span) / around
    for name, taken in view.members.items():
        yield from _member_columns(name, taken, sizes)


def _member_columns(name: str, taken: Column, sizes: Column) -> Iterator[tuple[str, Column]]:
    yield name, taken
    for step in (-2, -1, 1, 2):
        yield f"{name} {step:+d}", _shift(taken, step, 0)
    solid = (taken > 0.5) & (sizes > 20)
    yield f"since {name}", _since(solid)
    yield f"until {name}", _since(solid[::-1])[::-1]


def _since(solid: NDArray[np.bool_]) -> Column:
    """Count the blocks since the last one that holds, at most ``FAR``."""
    index = np.arange(len(solid))
    last = np.maximum.accumulate(np.where(solid, index, -FAR))
    return np.minimum(FAR, index - last)


def _shift(values: Column, step: int, outside: float) -> Column:
    """Give each block its neighbour's value: ``step`` -1 is the block before."""
    shifted = np.full(len(values), outside, dtype=np.float32)
    if step < 0:
        shifted[-step:] = values[:step]
    else:
        shifted[:-step] = values[step:]
    return shifted


def _window(values: Column, span: int) -> Column:
    """Sum the values of a block and of ``span`` blocks on either side."""
    sums = _sums(values)
    index = np.arange(len(values))
    sums_at: Column = sums[np.minimum(len(values), index + span + 1)] - sums[np.maximum(0, index - span)]
    return sums_at


def _group_columns(view: View, sizes: Column, link: Column) -> Iterator[tuple[str, Column]]:
    """Look at the elements that hold a block: a block is what most of its section is."""
    weights = {"link share": link * sizes, "long share": np.where(sizes > LONG, sizes, 0)}
    weights |= {name: taken * sizes for name, taken in view.members.items()}
    totals = _sums(sizes)
    sums = {name: _sums(values) for name, values in weights.items()}
    for level, start, end in _ranges(view.segments):
        size = totals[end] - totals[start]
        yield f"size of holder {level}", np.log1p(size)
        yield f"blocks in holder {level}", np.log1p(end - start)
        for name, values in sums.items():
            yield f"{name} in holder {level}", (values[end] - values[start]) / np.maximum(1, size)


def _alike_columns(
    segments: Sequence[Segment], sizes: Column, link: Column, ends: Column
) -> Iterator[tuple[str, Column]]:
    """Look at the blocks of one shape: the cards of a list, the posts of a thread, the paragraphs of an article.

    What one teaser card among ten is cannot be told from itself and its neighbours. On the development pages (folds by
    host) this gained .005 of F1 over all types, and .05 on listings.
    """
    numbers: dict[tuple[int, str, int], int] = {}
    shapes = [(len(segment.path), segment.tag, segment.around) for segment in segments]
    group = np.array([numbers.setdefault(shape, len(numbers)) for shape in shapes], dtype=np.intp)
    count, size = np.bincount(group), np.bincount(group, weights=sizes)
    yield "alike", np.log1p(count)[group]
    yield "alike share", (size / sizes.sum())[group]
    yield "alike link share", (np.bincount(group, weights=link * sizes) / size)[group]
    yield "alike size", np.log1p(size / count)[group]
    yield "alike sentences", (np.bincount(group, weights=ends >= SENTENCE) / count)[group]


def _sums(values: Column) -> Column:
    return np.concatenate([[0], np.cumsum(values)])


def _ranges(segments: Sequence[Segment]) -> Iterator[tuple[int, Column, Column]]:
    """Give, for each level above a block, the range of blocks that its holder there holds.

    As blocks stand in page order, a holder's are one range; where an index repeats, numpy keeps the last value.
    """
    deep = LEVELS[-1] + 1
    holders = np.array([(NO_PATH + segment.path)[-deep:] for segment in segments], dtype=np.intp)
    places = np.repeat(np.arange(len(segments)), deep)
    starts, ends = np.zeros((2, int(holders.max()) + 1), dtype=np.intp)
    starts[holders.ravel()[::-1]] = places[::-1]
    ends[holders.ravel()] = places + 1
    starts[0], ends[0] = 0, len(segments)
    for level in LEVELS:
        holder = holders[:, -1 - level]
        yield level, starts[holder], ends[holder]


def _page_columns(view: View, sizes: Column, link: Column) -> Iterator[tuple[str, Column]]:
    count, total = len(view.segments), float(sizes.sum())
    facts = {
        "page is article": float(view.is_article),
        "page blocks": np.log1p(count),
        "page size": np.log1p(total),
        "page link share": float((link * sizes).sum()) / total,
        "page long share": float(sizes[sizes > LONG].sum()) / total,
        "page address depth": _address_depth(view.url),
        "page in comments": sum(1 for segment in view.segments if segment.around & COMMENT) / count,
        "page in cards": sum(1 for segment in view.segments if segment.around & CARD) / count,
    }
    for name, taken in view.members.items():
        size = float((taken * sizes).sum())
        facts |= {f"page {name}": size / total, f"page size of {name}": np.log1p(size)}
    for name, value in facts.items():
        yield name, np.full(1, value)


COMMENT = 1 << AROUND.index("c-comment")
CARD = 1 << AROUND.index("c-card")


def _address_depth(url: str) -> int:
    try:
        return len([part for part in urlsplit(url).path.split("/") if part])
    except ValueError:
        return 0
