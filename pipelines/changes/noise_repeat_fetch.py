"""What second looks have taught, applied to the edits of a site: lines, forms of lines, and what stands in their place.

The same caution as everywhere: a claim or a price is held back only where the site tells nothing new by it. So a line
that a second look showed to change by itself has to have stood on the site before, where it matters to a patient; in
the marks of a form there may be no claim; and nothing that matters is held back for its place alone.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pipelines.changes.repeat_fetch import LETTER, between, filled
from pipelines.changes.site_edits import PRICED, Held

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pipelines.changes.repeat_fetch import Swap
    from pipelines.changes.site_edits import PageEdit, SiteState

    IsClaim = Callable[[str], bool]

__all__ = ["LOOKED", "by_looks", "in_place", "is_plain"]

LOOKED = "was another at a second look"
FORM = "of a form that was filled otherwise at a second look"
REWORDED = 0.5  # of the words of the shorter line
PLACE = "stands in the place of what changes by itself"


def by_looks(edit: PageEdit, state: SiteState, is_claim: IsClaim) -> Iterator[tuple[str, Held]]:
    """Give the lines of an edit of which second looks say that they change by themselves."""
    for key, place in (*edit.gone, *edit.come):
        if key in state.looked and (is_plain(key, is_claim) or state.before.get(key)):
            yield key, Held(key, place, LOOKED)
    for form in state.forms:
        fits = [[(key, place) for key, place in side if _fits(form, key, is_claim)] for side in (edit.gone, edit.come)]
        if all(fits):  # on one side only it would be a new line
            yield from ((key, Held(key, place, FORM)) for key, place in (*fits[0], *fits[1]))


def is_plain(key: str, is_claim: IsClaim) -> bool:
    """Tell a line without a claim and without a price."""
    return not PRICED.search(key) and not is_claim(key)


def _fits(form: str, key: str, is_claim: IsClaim) -> bool:
    """Tell whether a line has a form; a number may stand where others stood, a claim may not."""
    words = filled(form, key)
    return words is not None and not is_claim(" ".join(word for word in words if LETTER.search(word)))


def in_place(
    edit: PageEdit, held: Mapping[str, Held], state: SiteState, free: Callable[[str], bool]
) -> dict[str, Held]:
    """Give the lines that stand where something that changes by itself stood before, or stands now.

    ``free`` tells the lines of which nothing speaks against it: no claim, no price, no edit of the whole site.
    """
    found = {}
    for swap in edit.swaps:
        for key, place in _beside(swap, held, state):
            if key not in held and not PRICED.search(key) and free(key):
                found[key] = Held(key, place, PLACE, lasting=True)
    return found


def _beside(swap: Swap, held: Mapping[str, Held], state: SiteState) -> Iterator[tuple[str, str]]:
    if len(swap.gone) != len(swap.come):
        return
    whole = between(swap.above, swap.below) in state.between
    edited = _edited(swap, held)
    for pair in zip(swap.gone, swap.come, strict=True):
        keys = {key for key, _ in pair}
        if (whole or keys & held.keys()) and not keys & edited:
            yield from pair


def _edited(swap: Swap, held: Mapping[str, Held]) -> frozenset[str]:
    """Name the lines that are another wording of each other: an edit, whatever stands beside it."""
    gone, come = ([key for key, _ in side if key not in held] for side in (swap.gone, swap.come))
    return frozenset(key for one in gone for other in come if _is_rewording(one, other) for key in (one, other))


def _is_rewording(one: str, other: str) -> bool:
    first, second = (Counter(unit.casefold().split()) for unit in (one, other))
    return (first & second).total() >= REWORDED * min(first.total(), second.total())
