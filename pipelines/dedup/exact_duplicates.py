"""Exact duplicates: which page is a duplicate of which, decided on all pages at once, never by order of arrival."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipelines.dedup.alias_hosts import staging_sign
from pipelines.dedup.family_evidence import REPUBLISHERS
from pipelines.text.tokens import agreement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

__all__ = ["SAME_CANONICAL", "SAME_TEXT", "Candidate", "ExactDuplicate", "find_exact_duplicates", "representative"]

SAME_TEXT = "the same text"
SAME_CANONICAL = "names it as its canonical page (rel=canonical), and the text agrees"
MIN_AGREEMENT = 0.8  # share of the shorter text that the longer one repeats: a print page lacks a line or adds one
NO_DATE = "9999"  # sorts behind every date


@dataclass(frozen=True, slots=True)
class Candidate:
    """A live page with its current text: what decides whether it is a duplicate, and of what."""

    page: int
    url: str
    site: int
    key: str
    words: int
    first_crawl: int
    published: str = ""
    listed: bool = False
    canonical_url: str | None = None
    canonical_page: int | None = None
    source_class: str = ""


@dataclass(frozen=True, slots=True)
class ExactDuplicate:
    """A page, the page that it is a duplicate of, and why we say so."""

    page: int
    duplicate_of: int
    reason: str


def find_exact_duplicates(candidates: Iterable[Candidate], text_of: Callable[[int], str]) -> list[ExactDuplicate]:
    """Name the duplicates among pages; the original itself is none. Ordered by page.

    Pages whose texts have the same words are duplicates of the group's representative. A page that names another one of
    its site as canonical is a duplicate of it where they agree (>= 0.8 of the shorter's runs of three words): a
    rel=canonical that points at another text is a mistake of the site, and common.
    """
    pages = {page.page: page for page in candidates}
    slashed = _sites_with_slashes(pages.values())
    same_words: dict[str, list[Candidate]] = defaultdict(list)
    for page in pages.values():
        same_words[page.key].append(page)
    found: dict[int, ExactDuplicate] = {}
    for group in same_words.values():
        original = representative(group, slashed)
        found |= {one.page: ExactDuplicate(one.page, original.page, SAME_TEXT) for one in group if one is not original}
    by_canonical: dict[int, ExactDuplicate] = {}
    for page in pages.values():
        target = pages.get(page.canonical_page or 0)
        if target is None or target is page or target.site != page.site or page.page in found:
            continue
        if target.page in found and found[target.page].duplicate_of == page.page:
            continue
        if agreement(text_of(page.page), text_of(target.page)) >= MIN_AGREEMENT:
            by_canonical[page.page] = ExactDuplicate(page.page, target.page, SAME_CANONICAL)
    found |= by_canonical
    for circle in _circles(found):
        del found[representative([pages[page] for page in circle], slashed).page]
    duplicates = []
    for page_id in sorted(found):
        original_id = found[page_id].duplicate_of
        while original_id in found:  # a duplicate of a duplicate
            original_id = found[original_id].duplicate_of
        duplicates.append(ExactDuplicate(page_id, original_id, found[page_id].reason))
    return duplicates


def _sites_with_slashes(pages: Iterable[Candidate]) -> dict[int, bool]:
    """Tell for each site whether most of its URLs end in a slash; servers often answer to both forms."""
    balance: Counter[int] = Counter()
    for page in pages:
        balance[page.site] += {True: 1, False: -1, None: 0}[_ends_in_slash(page.url)]
    return {site: more > 0 for site, more in balance.items() if more}


def _ends_in_slash(url: str) -> bool | None:
    """Tell how a URL is spelled; a home page and a file have one form only."""
    path = urlsplit(url).path
    return None if len(path) < 2 or "." in path.rsplit("/", 1)[-1] else path.endswith("/")


def representative(group: Sequence[Candidate], slashed: Mapping[int, bool]) -> Candidate:
    """Choose the page that represents a group, never by the order of arrival within a crawl.

    Others name it as canonical; of several sites that all date the text, its site has the earliest day; its site does
    not live from texts of others, and is no staging host; its site lists it in its sitemap; an earlier crawl saw it;
    it says an earlier date; its URL ends as most of its site do (``slashed``), and is the plainest.
    """
    named = Counter(page.canonical_page for page in group if page.canonical_page != page.page)
    days: dict[int, str] = {}  # the earliest of each site
    for page in group:
        if page.published:
            days[page.site] = min(page.published[:10], days.get(page.site, NO_DATE))
    sites = {page.site for page in group}
    if len(sites) == 1 or days.keys() != sites:  # a site without a date may be the earliest
        days = {}

    def rank(page: Candidate) -> tuple[object, ...]:
        return (
            -named[page.page],
            days.get(page.site, ""),
            page.source_class in REPUBLISHERS,
            bool(staging_sign(urlsplit(page.url).netloc)),
            not page.listed,
            page.first_crawl,
            page.published or NO_DATE,
            {_ends_in_slash(page.url), slashed.get(page.site)} == {True, False},
            len(page.url),
            page.url,
        )

    return min(group, key=rank)


def _circles(found: Mapping[int, ExactDuplicate]) -> list[list[int]]:
    """Name the pages of each circle: two that name each other as canonical would both be copies, and no original."""
    circles: list[list[int]] = []
    settled: set[int] = set()
    for start in sorted(found):
        path: dict[int, None] = {}  # an ordered set
        page = start
        while page in found and page not in settled and page not in path:
            path[page] = None
            page = found[page].duplicate_of
        if page in path:
            circles.append(list(path)[list(path).index(page) :])
        settled |= path.keys()
    return circles
