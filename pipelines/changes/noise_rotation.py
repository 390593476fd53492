"""What turns at each crawl, on several pages at once: the doctor of the day, dates of coming events, a saying.

Nothing tells the first such turn from an edit of the site, and it is told. When the same place turns again, from the
line that was told to a third one, on several pages at once, it turns by itself.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipelines.changes.repeat_fetch import Swap
    from pipelines.changes.site_edits import PageEdit, SiteState

__all__ = ["turned_again"]

SEVERAL = 3  # pages
Slot = tuple[str, int]  # the line above that stayed, and how many lines below it


def turned_again(edits: Sequence[PageEdit], state: SiteState) -> frozenset[str]:
    """Name the lines that on several pages stand where another line came at the change before this one, or stood."""
    turned = {edit.page: dict(_turned(edit, state)) for edit in edits}
    pages = Counter(slot for slots in turned.values() for slot in slots)
    several = (keys for slots in turned.values() for slot, keys in slots.items() if pages[slot] >= SEVERAL)
    return frozenset(key for keys in several for key in keys)


def _turned(edit: PageEdit, state: SiteState) -> Iterator[tuple[Slot, tuple[str, str]]]:
    before = {slot: keys for swap in edit.earlier for slot, keys in _slots(swap)}
    for swap in edit.swaps:
        for slot, (gone, come) in _slots(swap):
            first, second = before.get(slot, ("", ""))
            if second == gone and (come != first or gone in state.known):
                yield slot, (gone, come)


def _slots(swap: Swap) -> Iterator[tuple[Slot, tuple[str, str]]]:
    """Count the lines of a swap from the one above, which stayed."""
    if swap.above:
        pairs = zip(swap.gone, swap.come, strict=False)
        yield from (((swap.above, place), (gone[0], come[0])) for place, (gone, come) in enumerate(pairs))
