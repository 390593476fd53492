"""The closed lists as SQL writes them, out of the tables of outcomes and page types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.model.outcomes import CONFIRMED, NOT_FOUND, PAGE_STATES
from pipelines.model.page_types import LISTING_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "CONFIRMING",
    "CURRENT_STATES",
    "LISTINGS",
    "LISTING_NAMES",
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
# outcomes of visits that found a text, and of those that found no page
CONFIRMING = sql_list(CONFIRMED)
NOT_FOUND_OUTCOMES = sql_list(NOT_FOUND)
