"""What changes are weighed by: the cues of triage, and the codes of the codebook."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from pipelines.changes.triage import load_triage
from pipelines.coding.claims import Scanner, find_candidates
from pipelines.coding.codebook import load_codebook

if TYPE_CHECKING:
    import re

    from db.passes.rules import Rules
    from pipelines.changes.triage import TriageRules

COMMON = frozenset({"C1_conditions", "S1_route"})  # on every second line of a clinic; the cues of triage know them


@lru_cache(maxsize=2)
def weights(rules: Rules) -> TriageRules:
    """Put together what changes are weighed by."""
    triage = load_triage(rules.triage)
    if not rules.codebook:
        return triage
    scanner = Scanner(load_codebook(rules.codebook))
    # by their names, as people read them
    names = {code.id: code.name for code in scanner.codebook.codes if code.id not in COMMON}

    def codes_of(text: str, own_names: re.Pattern[str] | None) -> set[str]:
        found = find_candidates(text, scanner, own_names)
        return {names[one.code] for one in found if one.code in names}

    return replace(triage, codes_of=codes_of)
