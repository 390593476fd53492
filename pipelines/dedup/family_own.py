"""A text of one advertiser at several addresses: doorways for places, filled in by page, or a second path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.dedup.family_members import Evidence, same_words, squeezed, value
from pipelines.dedup.variable_kinds import bare
from pipelines.model.records import FamilyKind, SlotKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipelines.dedup.family_members import Kin
    from pipelines.dedup.template_variables import Slot, Template

__all__ = ["within"]

MOST, LABEL = 0.75, 60  # of the pages; characters of what is put in
PLACES = frozenset({SlotKind.CITY, SlotKind.STATE})


def within(members: Sequence[Kin], template: Template) -> Iterator[Evidence]:
    """Say what the pages of one advertiser are to each other, the kind that explains most first."""
    if len(members) < 2:
        return
    pages = tuple(one.page for one in members)
    if same := same_words(members, template):
        yield Evidence(FamilyKind.EXACT, f"{len(pages)} addresses have {same}", pages)
        return
    texts = list({one.key: one for one in members}.values())
    if place := _swapped(texts, template, PLACES):
        yield Evidence(
            FamilyKind.DOORWAY, f"one text for {_distinct(place, texts)} places: {_examples(place, texts)}", pages
        )
    elif own := _in_labels(texts, template):
        yield Evidence(FamilyKind.OWN_TEMPLATE, f"one text, with other words put in: {_examples(own, texts)}", pages)
    else:
        yield Evidence(FamilyKind.PAGE_VERSION, _second_path(members), pages)


def _second_path(members: Sequence[Kin]) -> str:
    first = members[0]
    hosts = {one.host for one in members}
    where = ", ".join(sorted({one.path for one in members})[:4]) if len(hosts) == 1 else ", ".join(sorted(hosts)[:4])
    return f"nearly the same text stands at {len(members)} addresses of {first.advertiser}: {where}"


def _swapped(members: Sequence[Kin], template: Template, kinds: frozenset[SlotKind]) -> Slot | None:
    """Find the slot of these kinds that tells most pages apart: half as many values as pages, at least two."""
    found = [slot for slot in template.slots if slot.kind in kinds]
    best = max(found, key=lambda slot: (_distinct(slot, members), slot.times), default=None)
    return best if best and _tells_apart(best, members) else None


def _in_labels(members: Sequence[Kin], template: Template) -> Slot | None:
    """Find a slot whose words stand in the titles or addresses of most pages: a template filled in page by page."""
    often = sorted(template.slots, key=lambda slot: -slot.times)
    return next((slot for slot in often if _tells_apart(slot, members) and _is_in_labels(slot, members)), None)


def _tells_apart(slot: Slot, members: Sequence[Kin]) -> bool:
    return _distinct(slot, members) >= max(2, len(members) / 2)


def _is_in_labels(slot: Slot, members: Sequence[Kin]) -> bool:
    said = [(squeezed(value(slot, one.page)), squeezed(one.label)) for one in members]
    return sum(0 < len(words) < LABEL and words in label for words, label in said) >= MOST * len(said)


def _distinct(slot: Slot, members: Iterable[Kin]) -> int:
    return len({value(slot, one.page) for one in members} - {""})


def _examples(slot: Slot, members: Iterable[Kin]) -> str:
    values = list(dict.fromkeys(bare(slot.values.get(one.page, "")) for one in members))
    shown = [value for value in values if value]
    return ", ".join(shown[:4]) + (", …" if len(shown) > 4 else "")
