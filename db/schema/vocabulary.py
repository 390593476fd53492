"""The closed lists as SQL writes them and as people read them, out of the tables of outcomes and page types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.changes.version_regions import REGION_MEANINGS
from pipelines.model.outcomes import CHANGE_KINDS, CONFIRMED, NOT_FOUND, OUTCOMES, PAGE_STATES
from pipelines.model.page_types import LISTING_TYPES, PAGE_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "CONFIRMING",
    "CURRENT_STATES",
    "ENDED_STATES",
    "ENDING",
    "LISTINGS",
    "LISTING_NAMES",
    "MEANINGS",
    "NOT_FOUND_OUTCOMES",
    "sql_list",
]


def sql_list(values: Iterable[str]) -> str:
    """Write values of a closed list for ``IN``, in alphabetical order.

    >>> sql_list({"gone", "blocked"})
    "('blocked', 'gone')"
    """
    return "(" + ", ".join(f"'{value}'" for value in sorted(values)) + ")"


# page types that list other pages, for SQL and for people
LISTING_NAMES = ", ".join(sorted(LISTING_TYPES))
LISTINGS = sql_list(LISTING_TYPES)
# states of pages whose last text counts as what their sites say now
CURRENT_STATES = sql_list(state for state, row in PAGE_STATES.items() if row.is_current)
# states of pages whose last text is not shown any more, and the outcomes that say so
ENDED_STATES = sql_list(state for state, row in PAGE_STATES.items() if row.has_ended)
ENDING = sql_list(outcome for outcome, row in OUTCOMES.items() if row.state and PAGE_STATES[row.state].has_ended)
# outcomes of visits that found a text, and of those that found no page
CONFIRMING = sql_list(CONFIRMED)
NOT_FOUND_OUTCOMES = sql_list(NOT_FOUND)
# what the values of a column mean, by the name that the column has in the corpus and in the export
MEANINGS: dict[str, Mapping[str, str]] = {
    "outcome": {outcome: row.explanation for outcome, row in OUTCOMES.items()},
    "state": {state: row.explanation for state, row in PAGE_STATES.items()},
    "kind": {kind: row.explanation for kind, row in CHANGE_KINDS.items()},
    "page_type": {kind: row.explanation for kind, row in PAGE_TYPES.items()},
    "region": REGION_MEANINGS,
}
