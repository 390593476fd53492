"""The verdict of a page beside its site: scores of a site's pages | the site's verdict | verdicts with reasons.

A price list, a stub and a page that cites its studies say little of the subject, or in other words than the examples:
each is judged by the site that it stands on. A page that makes a claim is never left out without anybody's look.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipelines.model.page_types import LISTING_TYPES, PageType
from pipelines.model.records import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Judged", "ScoredPage", "is_relevant_site", "judge_pages"]

STUB_WORDS = 50  # as in the topic file: under these a page is at most uncertain
RELEVANT_SHARE = 0.25  # of its pages with a text; the development sites: clinics .67 and .75, others .1 or one page
RELEVANT_PAGES = 2  # one page may be a post by a guest
# types of which a stub that names the subject says what its site says; another one ("Thank you") says nothing of it
STUB_TYPES = frozenset({PageType.HOME, PageType.SERVICE, PageType.CONDITION, PageType.PRICE, PageType.FAQ})
CITES = "against, journal"
FEW_MENTIONS = 3  # a page that cites studies of something else names the subject once or twice


class ScoredPage(NamedTuple):
    """A version by itself: score, how often it names the subject, verdict with reasons, type, and length in words.

    ``has_claim``: it has a claim candidate.
    """

    score: float
    mentions: float
    verdict: str
    reasons: Sequence[str]
    page_type: str
    words: int
    has_claim: bool


class Judged(NamedTuple):
    """A verdict with its reasons, the strongest first."""

    verdict: str
    reasons: tuple[str, ...]


def is_relevant_site(pages: Sequence[ScoredPage]) -> bool:
    """Tell whether a site is about the subject: its home page is, or a quarter of its pages with a text are."""
    texts = [page for page in pages if page.page_type not in LISTING_TYPES and page.words >= STUB_WORDS]
    relevant = [page for page in texts if page.verdict == Verdict.ON_TOPIC]
    if any(page.page_type == PageType.HOME for page in relevant):
        return True
    return len(relevant) >= RELEVANT_PAGES and len(relevant) >= RELEVANT_SHARE * len(texts)


def judge_pages(pages: Sequence[ScoredPage]) -> list[Judged]:
    """Judge the pages of a site, in their order."""
    is_relevant = is_relevant_site(pages)
    return [_judge(page, is_relevant=is_relevant) for page in pages]


def _judge(page: ScoredPage, *, is_relevant: bool) -> Judged:
    reasons = tuple(page.reasons)
    if page.verdict == Verdict.ON_TOPIC or page.page_type in LISTING_TYPES:
        return Judged(page.verdict, reasons)
    if is_relevant:
        is_stub = page.words < STUB_WORDS and page.page_type in STUB_TYPES and page.mentions > 0
        kind = "a price page" if page.page_type == PageType.PRICE else "a stub" if is_stub else ""
        if not kind and page.mentions >= FEW_MENTIONS and any(reason.startswith(CITES) for reason in reasons):
            kind = "a page that cites studies"
        if kind:
            return Judged(str(Verdict.ON_TOPIC), (f"{kind}, judged by its site, which is about the topic", *reasons))
    # what another treatment promises on a site that never names the subject is no claim about it
    if page.has_claim and page.verdict == Verdict.OFF_TOPIC and (is_relevant or page.mentions > 0):
        return Judged(str(Verdict.DOUBTFUL), ("has a claim candidate", *reasons))
    return Judged(page.verdict, reasons)
