"""Reference sets: what was approved, which risks are listed, for what there is evidence, each with its date.

A standard of truth has a date: "approved for stubborn depression on its own" was wrong of esketamine in 2024 and is
right in 2025. So a set has editions, one file each in ``seeds/references/``, and a coded value names the edition used.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, model_validator

from pipelines.coding.codebook import CodebookError
from pipelines.text.toml_model import Listed, ProblemAt, Text, TomlModel, load_toml_model

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["ReferenceItem", "ReferenceSet", "check_editions", "edition", "load_reference"]


class ReferenceItem(TomlModel):
    """One entry of a set: an indication, a risk, a condition."""

    id: Text
    label: Text
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


class _ReferenceFile(TomlModel):
    """A file of ``seeds/references/``."""

    set: Text
    version: Text
    valid_from: dt.date
    title: Text
    source: Text
    note: str = ""
    items: Annotated[Listed[ReferenceItem], Field(min_length=1)]

    @model_validator(mode="after")
    def _ids_differ(self) -> _ReferenceFile:
        ids = [item.id for item in self.items]
        for number, one in enumerate(ids):
            if one in ids[:number]:
                raise ProblemAt(f"has the item {one!r} twice; take one out", "items", number, "id")
        return self


def load_reference(text: str, file: str = "reference.toml") -> ReferenceSet:
    """Read one edition; raises :class:`CodebookError` with the line of what is wrong."""
    edition = load_toml_model(text, _ReferenceFile, file, CodebookError)
    return ReferenceSet(**dict(edition) | {"valid_from": edition.valid_from.isoformat()})


def edition(sets: Iterable[ReferenceSet], name: str, day: str) -> ReferenceSet | None:
    """Give the edition of a set that was the standard on a day (ISO 8601), if there was one.

    >>> old, new = (ReferenceSet("x", v, v + "-01-01", "", "", "", ()) for v in ("2019", "2025"))
    >>> edition([new, old], "x", "2024-06-01").version
    '2019'
    """
    valid = [one for one in sets if one.set == name and one.valid_from <= day[:10]]
    return max(valid, key=lambda one: one.valid_from, default=None)


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
