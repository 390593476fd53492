"""What the choice of the main text looks at, for each block of a page: one row of numbers a block.

Nothing here knows a language or a site: sizes, link share, punctuation, tags and class words around the block, its
place on the page, what trafilatura and resiliparse took of it and of its neighbours, and the same shares for the
elements that hold it. ``NAMES`` gives the columns in order; the model file repeats them and is refused if they differ.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

from pipelines.blocks import AROUND, Segment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    Column = NDArray[Any]

__all__ = ["View", "columns", "key", "matrix", "word_count"]

NOT_LETTERS = re.compile(r"[\W_]+")
WORD = re.compile(r"\w+")
# a sign of these scripts is about a third of a word: lengths count them thrice
WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
STOPS = re.compile(r"[.,;!?。，、！？؟।]")
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
LONG = 100
FAR = 50
LEVELS = (1, 2, 3, 4, 6)


@dataclass(frozen=True, slots=True)
class View:
    """A page as the choice sees it: its blocks, and what each extractor took of each block (0 to 1)."""

    segments: Sequence[Segment]
    members: Mapping[str, Column]
    url: str
    titles: frozenset[str]
    is_article: bool


def key(text: str) -> str:
    """Reduce a line to its letters and digits: how the lines of two extractors are compared."""
    return NOT_LETTERS.sub("", text).casefold()


def matrix(view: View) -> tuple[Column, tuple[str, ...]]:
    """Give one row a block and the names of the columns."""
    found = dict(columns(view))
    return np.column_stack(list(found.values())).astype(np.float32), tuple(found)


def columns(view: View) -> Iterator[tuple[str, Column]]:
    """Give the columns by name; the view has at least one block."""
    sizes = np.array([_size(segment.text) for segment in view.segments], dtype=np.float32)
    linked = np.array([segment.link_chars for segment in view.segments], dtype=np.float32)
    link = np.minimum(1, linked / np.maximum(1, [len(segment.text) for segment in view.segments]))
    yield from _text_columns(view, sizes, link)
    yield from _tag_columns(view.segments)
    yield from _place_columns(view.segments, sizes)
    yield from _near_columns(view, sizes, link)
    yield from _group_columns(view, sizes, link)
    yield from _page_columns(view, sizes, link)


def _size(text: str) -> int:
    return len(text) if text.isascii() else len(text) + 2 * len(WIDE.findall(text))


def word_count(text: str) -> float:
    """Count words; scripts without spaces count a word for two signs.

    >>> word_count("two words"), word_count("診察の前に")
    (2, 3.5)
    """
    return len(WORD.findall(text)) + (0 if text.isascii() else len(WIDE.findall(text)) / 2)


def _text_columns(view: View, sizes: Column, link: Column) -> Iterator[tuple[str, Column]]:
    texts = [segment.text for segment in view.segments]
    words = np.array([len(WORD.findall(text)) for text in texts], dtype=np.float32)
    yield "size", np.log1p(sizes)
    yield "words", words
    yield "word size", sizes / np.maximum(1, words)
    yield "link share", link
    yield "links", np.array([segment.links for segment in view.segments])
    yield "bold share", np.minimum(1, np.array([segment.bold_chars for segment in view.segments]) / sizes)
    yield "capitals", np.array([sum(map(str.isupper, text)) for text in texts]) / sizes
    yield "digits", np.array([sum(map(str.isdigit, text)) for text in texts]) / sizes
    yield "end", np.array([ENDS.get(text[-1], 0) for text in texts])
    yield "stops", np.array([len(STOPS.findall(text)) for text in texts])
    yield "lines", np.array([text.count("\n") for text in texts])
    yield "copyright", np.array(["©" in text or "(c)" in text for text in texts])
    yield from _repeat_columns([key(text) for text in texts], view.titles)


def _repeat_columns(keys: Sequence[str], titles: frozenset[str]) -> Iterator[tuple[str, Column]]:
    total = Counter(keys)
    before: Counter[str] = Counter()
    earlier = []
    for each in keys:
        earlier.append(before[each])
        before[each] += 1
    yield "repeats", np.array([total[each] for each in keys])
    yield "repeats before", np.array(earlier)
    yield "title", np.array([each in titles for each in keys])


def _tag_columns(segments: Sequence[Segment]) -> Iterator[tuple[str, Column]]:
    yield "tag", np.array([TAGS.get(segment.tag, len(TAGS)) for segment in segments])
    yield "kind", np.array([KIND_CODES[segment.kind] for segment in segments])
    yield "depth", np.array([len(segment.path) for segment in segments])
    around = np.array([segment.around for segment in segments], dtype=np.int64)
    for place, name in enumerate(AROUND):
        yield f"in {name}", (around >> place) & 1


def _place_columns(segments: Sequence[Segment], sizes: Column) -> Iterator[tuple[str, Column]]:
    count = len(segments)
    index = np.arange(count)
    passed = np.cumsum(sizes)
    heads = np.array([segment.tag == "h1" for segment in segments])
    first = int(np.argmax(heads)) if heads.any() else -1
    yield "place", index / count
    yield "text place", (passed - sizes) / passed[-1]
    yield "blocks after", np.log1p(count - 1 - index)
    yield "from h1", np.clip(index - first, -FAR, FAR) if first >= 0 else np.full(count, -2.0 * FAR)
    yield "h1 so far", np.cumsum(heads)


def _near_columns(view: View, sizes: Column, link: Column) -> Iterator[tuple[str, Column]]:
    logs = np.log1p(sizes)
    heads = np.array([segment.kind == "heading" for segment in view.segments], dtype=np.float32)
    ends = np.array([ENDS.get(segment.text[-1], 0) for segment in view.segments], dtype=np.float32)
    for name, values in (("size", logs), ("link share", link), ("heading", heads), ("end", ends)):
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
    sums = np.concatenate([[0], np.cumsum(values)])
    index = np.arange(len(values))
    sums_at: Column = sums[np.minimum(len(values), index + span + 1)] - sums[np.maximum(0, index - span)]
    return sums_at


def _group_columns(view: View, sizes: Column, link: Column) -> Iterator[tuple[str, Column]]:
    """Look at the elements that hold a block: a block is what most of its section is."""
    starts, ends = _ranges(view.segments)
    weights = {"link share": link * sizes, "long share": np.where(sizes > LONG, sizes, 0)}
    weights |= {name: taken * sizes for name, taken in view.members.items()}
    totals = _sums(sizes)
    sums = {name: _sums(values) for name, values in weights.items()}
    for level in LEVELS:
        holders = [segment.path[-1 - level] if len(segment.path) > level else 1 for segment in view.segments]
        start = np.array([starts.get(holder, 0) for holder in holders])
        end = np.array([ends.get(holder, len(holders)) for holder in holders])
        size = totals[end] - totals[start]
        yield f"size of holder {level}", np.log1p(size)
        yield f"blocks in holder {level}", np.log1p(end - start)
        for name, values in sums.items():
            yield f"{name} in holder {level}", (values[end] - values[start]) / np.maximum(1, size)


def _sums(values: Column) -> Column:
    return np.concatenate([[0], np.cumsum(values)])


def _ranges(segments: Sequence[Segment]) -> tuple[dict[int, int], dict[int, int]]:
    """Find the blocks of each element: as blocks stand in page order, they are one range of positions."""
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}
    for place, segment in enumerate(segments):
        for holder in segment.path[-1 - LEVELS[-1] :]:
            starts.setdefault(holder, place)
            ends[holder] = place + 1
    return starts, ends


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
        yield name, np.full(count, value)


COMMENT = 1 << AROUND.index("c-comment")
CARD = 1 << AROUND.index("c-card")


def _address_depth(url: str) -> int:
    try:
        return len([part for part in urlsplit(url).path.split("/") if part])
    except ValueError:
        return 0
