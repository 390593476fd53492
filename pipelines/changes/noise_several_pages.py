"""What several pages of a site do at once in one crawl is dynamic content, or one edit of the whole site.

A page on its own gives no such evidence, and its edit is reported.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pipelines.changes.noise_model import PRICE_SIGN, SEVERAL_PAGES, PageEdit, nameless, zeroed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pipelines.changes.noise_model import IsClaim, SiteState
    from pipelines.changes.region_diff import Swap

__all__ = ["SiteEvidence", "gather_evidence", "shared_lines"]


@dataclass(frozen=True, slots=True)
class SiteEvidence:
    """What the edits of a site in one crawl show together.

    ``rotating`` lines are passed around among its pages; ``counters`` (as :func:`zeroed` or :func:`nameless` writes
    them) have another number or name on each page; ``turned_again`` stand on several pages where another line stood at
    the change before; ``shared`` lines differ on several pages.
    """

    rotating: frozenset[str]
    counters: frozenset[str]
    turned_again: frozenset[str]
    shared: frozenset[str]


def gather_evidence(edits: Sequence[PageEdit], site: SiteState, is_claim: IsClaim) -> SiteEvidence:
    """Find what several pages of a site do at once, from the edits of all its pages in one crawl."""
    # a name may be what a claim is about ("treats PTSD", "treats OCD"), so only other lines have their names masked
    unclaimed = []
    for edit in edits:
        removed, added = (
            tuple(line for line in side if not is_claim(line.text)) for side in (edit.removed, edit.added)
        )
        unclaimed.append(PageEdit(edit.page, removed, added))
    return SiteEvidence(
        rotating=_passed_on(edits, site) | _exchanged(edits, is_claim),
        counters=_own_numbers(edits) | _several_values(edits, zeroed) | _several_values(unclaimed, nameless),
        turned_again=_turned_again(edits, site),
        shared=shared_lines(edits),
    )


def _passed_on(edits: Sequence[PageEdit], site: SiteState) -> frozenset[str]:
    """Name lines that came from other pages, or went to them, where several pages do both at once: testimonials."""
    by_page: dict[int, set[str]] = {}
    for edit in edits:
        came = {line.text for line in edit.added if site.before.get(line.text, frozenset()) - {edit.page}}
        went = {line.text for line in edit.removed if site.after.get(line.text, frozenset()) - {edit.page}}
        if came and went:
            by_page[edit.page] = came | went
    return frozenset().union(*by_page.values()) if len(by_page) >= SEVERAL_PAGES else frozenset()


class _Pages(NamedTuple):
    """The pages that lost a line and those that got it."""

    removed: set[int]
    added: set[int]


def _pages_on_both_sides(edits: Sequence[PageEdit], form: Callable[[str], str]) -> dict[str, _Pages]:
    """Give the pages of each line, in a form, that was removed somewhere and added somewhere."""
    found: dict[str, _Pages] = defaultdict(lambda: _Pages(set(), set()))
    for edit in edits:
        for line in edit.removed:
            found[form(line.text)].removed.add(edit.page)
        for line in edit.added:
            found[form(line.text)].added.add(edit.page)
    return {text: pages for text, pages in found.items() if pages.removed and pages.added}


def _exchanged(edits: Sequence[PageEdit], is_claim: IsClaim) -> frozenset[str]:
    """Name lines that went from some pages while they came to others: the site says nothing new by them.

    Two pages are enough, for no edit does that; three where the line is a claim.
    """
    return frozenset(
        text
        for text, pages in _pages_on_both_sides(edits, str).items()
        if pages.removed != pages.added and len(pages.removed | pages.added) >= (SEVERAL_PAGES if is_claim(text) else 2)
    )


def _own_numbers(edits: Sequence[PageEdit]) -> frozenset[str]:
    """Name lines (zeroed) whose number changed on several pages to another one on each; a price is no counter."""
    values: dict[str, set[str]] = defaultdict(set)
    for edit in edits:
        removed = {zeroed(line.text) for line in edit.removed}
        for text, _ in edit.added:
            form = zeroed(text)
            if form in removed and form != text and not PRICE_SIGN.search(text):
                values[form].add(text)
    return frozenset(form for form, seen in values.items() if len(seen) >= SEVERAL_PAGES)


def _several_values(edits: Sequence[PageEdit], form: Callable[[str], str]) -> frozenset[str]:
    """Name the forms of lines that went and came on several pages with several values.

    Three values at least: an edit of a footer has one on all pages.
    """
    values: dict[str, set[str]] = defaultdict(set)
    for edit in edits:
        for text, _ in edit.added:
            values[form(text)].add(text)
    return frozenset(
        key
        for key, pages in _pages_on_both_sides(edits, form).items()
        if len(values[key]) >= SEVERAL_PAGES and len(pages.removed | pages.added) >= SEVERAL_PAGES
    )


class _Position(NamedTuple):
    """A place in a page: the line above it that stayed, and how many lines below that."""

    above: str
    offset: int


class _Replaced(NamedTuple):
    """A line, and the one that stands in its place now."""

    old: str
    new: str


def _turned_again(edits: Sequence[PageEdit], site: SiteState) -> frozenset[str]:
    """Name the lines that stand, on several pages, where another line came at the change before: the doctor of the day.

    The first such turn may be an edit of the site, and it is reported. When the same place turns again, from the line
    that was reported to a third one, it turns by itself. A site that goes back to the first line has made an edit
    again, unless the line in between is known to be dynamic.
    """
    turned: dict[int, dict[_Position, _Replaced]] = {}
    for edit in edits:
        earlier = {position: lines for swap in edit.earlier_swaps for position, lines in _replacements(swap)}
        turned[edit.page] = here = {}
        for position, lines in (found for swap in edit.swaps for found in _replacements(swap)):
            first = earlier.get(position, _Replaced("", ""))
            if first.new == lines.old and (lines.new != first.old or lines.old in site.known):
                here[position] = lines
    pages = Counter(position for here in turned.values() for position in here)
    return frozenset(
        text
        for here in turned.values()
        for position, lines in here.items()
        if pages[position] >= SEVERAL_PAGES
        for text in lines
    )


def _replacements(swap: Swap) -> Iterator[tuple[_Position, _Replaced]]:
    """Give each replaced line of a swap; at the top of a page, where no line above stayed, there are none."""
    if swap.above:
        for offset, (old, new) in enumerate(zip(swap.removed, swap.added, strict=False)):
            yield _Position(swap.above, offset), _Replaced(old.text, new.text)


def shared_lines(edits: Iterable[PageEdit]) -> frozenset[str]:
    """Name the lines that differ on several pages at once: an edit of the site, reported once."""
    pages = Counter(text for edit in edits for text in edit.texts())
    return frozenset(text for text, count in pages.items() if count >= SEVERAL_PAGES)
