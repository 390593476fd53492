"""Exact copies: who is a copy of whom, decided on all pages at once and never by the order of arrival."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipelines.dedup.alias_hosts import staging_sign
from pipelines.dedup.family_evidence import REPUBLISHERS
from pipelines.text.tokens import agreement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

SAME_TEXT = "the same text"
SAME_CANONICAL = "names it as its canonical page (rel=canonical), and the text agrees"
AGREES = 0.8  # share of the shorter text that the longer one repeats: a print page lacks a line or adds one


@dataclass(frozen=True, slots=True)
class Candidate:
    """A live page with its current text: what decides whether it is a copy, and of what."""

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
class Copy:
    """A page, the page that it is a copy of, and why we say so."""

    page: int
    copy_of: int
    reason: str


def find_copies(candidates: Iterable[Candidate], text_of: Callable[[int], str]) -> list[Copy]:
    """Name the copies among pages; the original itself is none. Ordered by page.

    Pages whose texts have the same words are copies of the group's representative. A page that names another one of
    its site as canonical is a copy of it where they agree (>= 0.8 of the shorter's runs of three words): a
    rel=canonical that points at another text is a mistake of the site, and common.
    """
    pages = {one.page: one for one in candidates}
    slashed = _slashed(pages.values())
    originals = dict(_by_text(pages.values(), slashed))
    by_canonical = dict(_by_canonical(pages, originals, text_of))
    found = {page: Copy(page, original, SAME_TEXT) for page, original in originals.items()}
    found |= {page: Copy(page, target, SAME_CANONICAL) for page, target in by_canonical.items()}
    for circle in _circles(found):
        del found[representative([pages[page] for page in circle], slashed).page]
    return [_to_the_end(found, found[page]) for page in sorted(found)]


def _by_text(pages: Iterable[Candidate], slashed: Mapping[int, bool]) -> Iterator[tuple[int, int]]:
    groups: dict[str, list[Candidate]] = defaultdict(list)
    for one in pages:
        groups[one.key].append(one)
    for group in groups.values():
        original = representative(group, slashed)
        yield from ((one.page, original.page) for one in group if one is not original)


def _slashed(pages: Iterable[Candidate]) -> dict[int, bool]:
    """Tell for each site whether most of its addresses end in a slash; servers often answer to both forms."""
    counted: Counter[int] = Counter()
    for one in pages:
        counted[one.site] += {True: 1, False: -1, None: 0}[_ends_in_slash(one.url)]
    return {site: more > 0 for site, more in counted.items() if more}


def _ends_in_slash(url: str) -> bool | None:
    """Tell how an address is spelled; a home page and a file have one form only."""
    path = urlsplit(url).path
    return None if len(path) < 2 or "." in path.rsplit("/", 1)[-1] else path.endswith("/")


def representative(group: list[Candidate], slashed: Mapping[int, bool]) -> Candidate:
    """Choose the page that stands for a group, never by the order of arrival within a crawl.

    Others name it as canonical; of several sites that all date the text, its site has the earliest day; its site does
    not live from texts of others, and is no staging host; its site lists it in its sitemap; an earlier crawl saw it;
    it says an earlier date; its URL ends as most of its site do (``slashed``), and is the plainest.
    """
    named = Counter(one.canonical_page for one in group if one.canonical_page != one.page)
    days = _site_days(group)

    def rank(one: Candidate) -> tuple[object, ...]:
        across = (
            days.get(one.site, ""),
            one.source_class in REPUBLISHERS,
            bool(staging_sign(urlsplit(one.url).netloc)),
        )
        odd = {_ends_in_slash(one.url), slashed.get(one.site)} == {True, False}
        return (-named[one.page], *across, not one.listed, *_age(one), odd, len(one.url), one.url)

    return min(group, key=rank)


def _site_days(group: list[Candidate]) -> dict[int, str]:
    """Give the earliest day of each site, if all sites of a group of several have one; else the days tell nothing."""
    days: dict[int, str] = {}
    for one in group:
        if one.published:
            days[one.site] = min(one.published[:10], days.get(one.site, one.published[:10]))
    sites = {one.site for one in group}
    return days if len(sites) > 1 and days.keys() == sites else {}


def _age(one: Candidate) -> tuple[int, str]:
    return one.first_crawl, one.published or "9999"


def _by_canonical(
    pages: dict[int, Candidate], originals: dict[int, int], text_of: Callable[[int], str]
) -> Iterator[tuple[int, int]]:
    for one in pages.values():
        target = pages.get(one.canonical_page or 0)
        if target is None or target is one or one.page in originals or originals.get(target.page) == one.page:
            continue
        if target.site == one.site and agreement(text_of(one.page), text_of(target.page)) >= AGREES:
            yield one.page, target.page


def _circles(found: dict[int, Copy]) -> list[list[int]]:
    """Name the pages of each circle: two that name each other as canonical would both be copies, and no original."""
    circles: list[list[int]] = []
    settled: set[int] = set()
    for page in sorted(found):
        path: dict[int, None] = {}
        while page in found and page not in settled and page not in path:
            path[page] = None
            page = found[page].copy_of  # noqa: PLW2901 - walks along
        if page in path:
            circles.append(list(path)[list(path).index(page) :])
        settled |= path.keys()
    return circles


def _to_the_end(found: dict[int, Copy], copy: Copy) -> Copy:
    """Follow a copy of a copy to its original."""
    target = copy.copy_of
    while target in found:
        target = found[target].copy_of
    return Copy(copy.page, target, copy.reason)
