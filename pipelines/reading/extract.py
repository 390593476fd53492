"""The main text of a page: trafilatura's answer, judged and completed block by block. The one module with trafilatura.

Comments off gains 2.8 points of F1 on blog posts; ``deduplicate`` is never on, because the same page then gives text
three times and nothing the fourth time. trafilatura finds articles well and loses one word in five of what a clinic's
landing page promises: the model over blocks takes its answer as one feature among many, and where a page does not say
that it is an article, trafilatura does not run. That gained half a point of F1 on service pages (recall .91 -> .92,
five folds by host), and pages that are no articles are those on which it is slowest (29 ms against 16).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np
import trafilatura
from lxml import etree
from trafilatura.settings import DEFAULT_CONFIG, Extractor

from pipelines.reading import blocks, main_text, token_counts
from pipelines.reading.features import ModelInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement

    from pipelines.metadata.page_metadata import Metadata

__all__ = ["EXTRACTOR", "Selection", "model_input", "select_main_text"]

EXTRACTOR = f"trafilatura {version('trafilatura')}"
MAX_DEPTH = 250  # 1,000 nested tables hold trafilatura for 3 s
MAX_BLOCKS = 10_000  # 100,000 paragraphs hold it for 20 s
# of pages that are no articles, where a lost promise is worse: recall of services .87 -> .92, F1 .840 -> .852
RECALL_WEIGHT = 2.5
IS_TOO_DEEP = etree.XPath(f"boolean({'/*' * MAX_DEPTH})")
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Selection:
    """The blocks of a page, and which of them are its main text.

    ``copies`` are the numbers of blocks that repeat a chosen part: they are not chosen themselves.
    """

    segments: Sequence[blocks.Segment] = ()
    chosen: Sequence[bool] = ()
    copies: frozenset[int] = frozenset()


def select_main_text(tree: HtmlElement, url: str, meta: Metadata) -> Selection:
    """Select the main text of a pruned tree."""
    page = model_input(tree, url, meta)
    segments = page.segments
    if not segments or _is_too_much(tree, segments):
        return Selection(segments, [not blocks.is_chrome(segment) for segment in segments])
    probabilities = main_text.main_probabilities(page)
    # a character of a script without spaces is about half a word
    sizes = (page.counts["words"] + page.counts["wide"] / 2).astype(np.float32)
    chosen = main_text.best_set(sizes, probabilities, 1.0 if page.is_article else RECALL_WEIGHT).tolist()
    if not any(chosen) and all(map(blocks.is_chrome, segments)):
        return Selection(
            segments, [not segment.around & blocks.BIT["c-consent"] for segment in segments]
        )  # a mere frame
    chosen = main_text.complete_lists(segments, chosen)
    chosen = main_text.without_comments(segments, chosen, probabilities.tolist())
    chosen = main_text.without_menus(segments, chosen)
    if page.is_article:
        chosen = main_text.without_tail(page, chosen, probabilities.tolist())
    chosen = main_text.complete_cards(segments, chosen)
    copies = main_text.second_copies(page, chosen)
    chosen = [is_chosen and number not in copies for number, is_chosen in enumerate(chosen)]
    return Selection(segments, chosen, copies)


def model_input(tree: HtmlElement, url: str, meta: Metadata) -> ModelInput:
    """Cut a pruned tree into blocks, and count and compare them for the model."""
    segments = blocks.segments(tree)
    texts = [segment.text for segment in segments]
    lines = _trafilatura_lines(tree) if meta.is_article and not _is_too_much(tree, segments) else ()
    keys = token_counts.keys(texts)
    headlines = [meta.title, *[segment.text for segment in segments if segment.tag == "h1"][:3]]
    return ModelInput(
        segments=segments,
        counts=token_counts.counts(texts),
        keys=keys,
        overlaps={"trafilatura": main_text.overlap(keys, token_counts.keys(lines))},
        url=url,
        titles=frozenset(token_counts.keys(title.replace("\n", " ") for title in headlines if title)),
        is_article=meta.is_article,
    )


def _is_too_much(tree: HtmlElement, segments: Sequence[blocks.Segment]) -> bool:
    return not segments or len(segments) > MAX_BLOCKS or bool(IS_TOO_DEEP(tree))


def _trafilatura_lines(tree: HtmlElement) -> tuple[str, ...]:
    """Give the main text as trafilatura sees it, cells of tables apart.

    Whatever trafilatura trips over (one odd page in some thousands) is an empty answer: the page is still read.
    """
    try:
        document = trafilatura.bare_extraction(tree, options=_options())
    except Exception:  # noqa: BLE001  # the boundary of another's code; the model goes on without it
        return ()
    text = getattr(document, "text", None) or ""
    return tuple(part for line in text.split("\n") for part in ([line, *line.split("|")] if "|" in line else [line]))


@cache
def _options() -> Extractor:
    """Read trafilatura's settings once a process, not once a page (0.4 ms).

    As one feature among many it need not judge its own answer by two more extractors (``fast``), and does best where
    it takes rather too much (``recall``).
    """
    return Extractor(config=DEFAULT_CONFIG, output_format="python", fast=True, recall=True, comments=False)
