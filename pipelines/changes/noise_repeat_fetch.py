"""What a repeat fetch teaches: whatever differs between two fetches of a page, moments apart, is dynamic content.

    two fetches -> learn_patterns -> patterns of the site -> by_repeat_fetch, at_dynamic_place -> suppressed lines

A pattern is a line as it stands; or a line with a gap for the words that differed (``Now serving A-⟨…⟩``); or the two
lines between which something else stood at each fetch. A line with gaps says nothing new by what is in its gaps, for
its other words are as they were; two words at least must have stayed, for ``⟨…⟩ now`` would fit too much.

The same caution as in all noise rules: a claim or a price is suppressed only where the site says nothing new by it. So
a line that a repeat fetch showed to be dynamic has to have stood on the site before, where it matters to a patient; in
the gaps of a pattern there may be no claim; and nothing that matters is suppressed for its place alone.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TYPE_CHECKING

from pipelines.changes.diff import pair_units
from pipelines.changes.noise_model import PRICE_SIGN, Reason, Suppressed, is_plain
from pipelines.changes.region_diff import find_swaps, visible_changes
from pipelines.model.records import DETAIL_REGIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator

    from pipelines.changes.noise_model import IsClaim, PageEdit, SiteState
    from pipelines.changes.region_diff import PageRegions, Swap

__all__ = [
    "GAP",
    "DynamicPattern",
    "at_dynamic_place",
    "by_repeat_fetch",
    "fill_of",
    "gap_between",
    "learn_patterns",
    "pattern_of",
]

GAP = "⟨…⟩"
MIN_STAYED_WORDS = 2  # that a pattern needs, and their letters
MIN_STAYED_LETTERS = 8
MAX_GAPS = 3  # in a pattern
MAX_GAP_WORDS = 6
MIN_REWORDED_SHARE = 0.5  # of the words of the shorter line: then one line is another wording of the other
LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class DynamicPattern:
    """One thing that is dynamic content: the pattern (a line, a line with gaps, a pair of lines), region, example."""

    pattern: str
    region: str
    example: str


def learn_patterns(first: PageRegions, second: PageRegions) -> Iterator[DynamicPattern]:
    """Give what the difference of two fetches teaches: lines, then lines with gaps, then pairs of lines."""
    removed, added = visible_changes(first, second)
    differing = dict.fromkeys((*removed, *added))
    yield from (DynamicPattern(line.text, line.region, line.text) for line in differing)
    for region in dict.fromkeys(line.region for line in differing):
        one, two = ([line.text for line in side if line.region == region] for side in (removed, added))
        for part in pair_units(one, two):
            pattern = pattern_of(part.before[0], part.after[0]) if part.kind == "replaced" else None
            if pattern:
                yield DynamicPattern(pattern, region, part.after[0])
    for swap in find_swaps(first, second, {line.text for line in differing if line.region not in DETAIL_REGIONS}):
        if swap.removed and swap.added and swap.above and swap.below:
            yield DynamicPattern(gap_between(swap.above, swap.below), swap.added[0].region, swap.added[0].text)


def gap_between(above: str, below: str) -> str:
    """Write the place between two lines as a pattern."""
    return f"{above}\n{GAP}\n{below}"


def pattern_of(one: str, other: str) -> str | None:
    """Write what two lines have in common, with a gap for each run of words that differs; None where it is too little.

    >>> pattern_of("Doctor of the day: Dr. Ada Moss", "Doctor of the day: Dr. Ben Orr")
    'Doctor of the day: Dr. ⟨…⟩'
    >>> pattern_of("Open now", "Closed now")
    """
    first, second = one.split(), other.split()
    words: list[str] = []
    for tag, start, end, _, _ in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        words += first[start:end] if tag == "equal" else [GAP]
    stayed = [word for word in words if word != GAP and LETTER.search(word)]
    if len(stayed) < MIN_STAYED_WORDS or len("".join(stayed)) < MIN_STAYED_LETTERS or words.count(GAP) > MAX_GAPS:
        return None
    return " ".join(words)


def fill_of(pattern: str, text: str) -> tuple[str, ...] | None:
    """Give the words in a line's gaps where it has this pattern, else None.

    >>> fill_of("Now serving A-⟨…⟩ please wait", "Now serving A-17 please wait")
    >>> fill_of("Now serving ⟨…⟩ please wait", "Now serving A-17 please wait")
    ('A-17',)
    """
    if not text.startswith(pattern.partition(GAP)[0].rstrip()):  # most lines: spares the regular expression
        return None
    found = _compiled(pattern).fullmatch(" ".join([*text.split(), ""]))
    return tuple(words.strip() for words in found.groups()) if found else None


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern, each word with the space behind it: a gap is nothing, or a few words."""
    words = (rf"((?:\S+ ){{0,{MAX_GAP_WORDS}}}?)" if word == GAP else f"{re.escape(word)} " for word in pattern.split())
    return re.compile("".join(words))


def by_repeat_fetch(edit: PageEdit, site: SiteState, is_claim: IsClaim) -> Iterator[Suppressed]:
    """Give the lines of an edit of which a repeat fetch says that they are dynamic content."""
    for text, region in edit.lines():
        if text in site.repeat_fetched and (is_plain(text, is_claim) or site.before.get(text)):
            yield Suppressed(text, region, Reason.REPEAT_FETCH)
    for pattern in site.patterns:
        removed, added = (
            [line for line in side if _fits(pattern, line.text, is_claim)] for side in (edit.removed, edit.added)
        )
        if removed and added:  # on one side only it is a line that is new, or one that is gone
            yield from (Suppressed(text, region, Reason.PATTERN) for text, region in (*removed, *added))


def _fits(pattern: str, text: str, is_claim: IsClaim) -> bool:
    """Tell whether a line has a pattern; a number may stand where others stood, a claim may not."""
    words = fill_of(pattern, text)
    return words is not None and not is_claim(" ".join(word for word in words if LETTER.search(word)))


def at_dynamic_place(
    edit: PageEdit, suppressed: Container[str], site: SiteState, may_suppress: Callable[[str], bool]
) -> Iterator[Suppressed]:
    """Give the lines that stand where dynamic content stood before, or stands now.

    ``suppressed`` are the lines that other rules found; ``may_suppress`` tells the lines of which nothing speaks
    against it: no claim, no price, no edit of the whole site.
    """
    for swap in edit.swaps:
        if len(swap.removed) != len(swap.added):  # which line stands for which is not known
            continue
        is_gap = gap_between(swap.above, swap.below) in site.gaps
        reworded = _reworded(swap, suppressed)
        for old, new in zip(swap.removed, swap.added, strict=True):
            is_dynamic = is_gap or old.text in suppressed or new.text in suppressed
            if not is_dynamic or old.text in reworded or new.text in reworded:
                continue
            for text, region in (old, new):
                if text not in suppressed and not PRICE_SIGN.search(text) and may_suppress(text):
                    yield Suppressed(text, region, Reason.IN_PLACE)


def _reworded(swap: Swap, suppressed: Container[str]) -> frozenset[str]:
    """Name the lines that are another wording of each other: an edit, whatever stands beside it."""
    found: set[str] = set()
    removed, added = (
        [line.text for line in side if line.text not in suppressed] for side in (swap.removed, swap.added)
    )
    for old in removed:
        for new in added:
            first, second = (Counter(text.casefold().split()) for text in (old, new))
            if (first & second).total() >= MIN_REWORDED_SHARE * min(first.total(), second.total()):
                found |= {old, new}
    return frozenset(found)
