"""Reference sets: what was approved, which risks are listed, for what there is evidence, each with its date.

A standard of truth has a date: "approved for stubborn depression on its own" was wrong of esketamine in 2024 and is
right in 2025. So a set has editions, one file each in ``seeds/references/``, and a coded value keeps the edition used.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.coding.codebook import CodebookError, check_fields, inner_table, read_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipelines.coding.codebook import Table

__all__ = ["ReferenceItem", "ReferenceSet", "edition", "load_reference"]

SET_FIELDS = {
    "set": str,
    "version": str,
    "valid_from": dt.date,
    "title": str,
    "source": str,
    "note": str,
    "items": list,
}
ITEM_FIELDS = {"id": str, "label": str, "note": str}


@dataclass(frozen=True, slots=True)
class ReferenceItem:
    """One entry of a set: an indication, a risk, a condition."""

    id: str
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReferenceSet:
    """One edition of a set; ``valid_from`` is the day (ISO 8601) from which on it is the standard."""

    set: str
    version: str
    valid_from: str
    title: str
    source: str
    note: str
    items: tuple[ReferenceItem, ...]


def load_reference(text: str, file: str = "reference.toml") -> ReferenceSet:
    """Read one edition; raises :class:`CodebookError` with the line of what is wrong."""
    table = read_table(text, file, "reference set")
    check_fields(table, SET_FIELDS, ("set", "version", "valid_from", "title", "source", "items"))
    items = tuple(_item(table, number) for number in range(len(table.data["items"])))
    double = next((item for place, item in enumerate(items) if item.id in {one.id for one in items[:place]}), None)
    if double:
        raise table.fail(f"has the item {double.id!r} twice; take one out")
    told = {key: table.data.get(key, "") for key in ("set", "version", "title", "source", "note")}
    return ReferenceSet(**told, valid_from=table.data["valid_from"].isoformat(), items=items)


def _item(table: Table, number: int) -> ReferenceItem:
    item = inner_table(table, "items", number, table.data["items"][number], f"item {number + 1}")
    check_fields(item, ITEM_FIELDS, ("id", "label"))
    return ReferenceItem(**item.data)


def edition(sets: Iterable[ReferenceSet], name: str, day: str) -> ReferenceSet | None:
    """Give the edition of a set that was the standard on a day (ISO 8601), if there was one.

    >>> old, new = (ReferenceSet("x", v, v + "-01-01", "", "", "", ()) for v in ("2019", "2025"))
    >>> edition([new, old], "x", "2024-06-01").version
    '2019'
    """
    standing = [one for one in sets if one.set == name and one.valid_from <= day[:10]]
    return max(standing, key=lambda one: one.valid_from, default=None)


def check_editions(sets: Iterable[ReferenceSet], names: Iterable[str], file: str) -> None:
    """Refuse two editions of one name, and a codebook that names a set which is not there."""
    seen: set[tuple[str, str]] = set()
    for one in sets:
        if (one.set, one.version) in seen:
            raise CodebookError(f"{file}: {one.set} {one.version} is there twice; give each edition its own version")
        seen.add((one.set, one.version))
    missing = sorted(set(names) - {name for name, _ in seen} - {""})
    if missing:
        raise CodebookError(f"{file}: no reference set {missing[0]!r}, which the codebook names; add a file for it")
