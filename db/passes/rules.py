"""The rule files that the passes work by."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rules:
    """What the passes work by, as the texts of the files in ``seeds/``."""

    topic: str
    places: str = ""
    codebook: str = ""
    references: tuple[tuple[str, str], ...] = ()
    triage: str = ""
