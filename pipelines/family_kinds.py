"""What a family is: which member stands for it, its kind, what differs between its pages, and the evidence for that.

The seam of the pass ``families``: it finds who belongs together and asks here what that means. A change of
:data:`RULES` describes every family anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.families import Member

RULES = "kinds 0"


@dataclass(frozen=True, slots=True)
class Description:
    """What is said of a family: its kind, its slots (values that differ by page) and the evidence, as JSON values."""

    kind: str
    slots: tuple[object, ...] = ()
    evidence: tuple[tuple[str, object], ...] = ()


def representative(members: Sequence[Member]) -> Member:
    """Choose who stands for a family: named as canonical by others, seen first, the longest, the plainest URL."""
    named = [one.canonical_url for one in members if one.canonical_url != one.url]
    return min(members, key=lambda one: (-named.count(one.url), one.first_seen, -one.words, len(one.url), one.url))


def describe(members: Sequence[Member], chosen: Member) -> Description:
    """Describe a family by its members, given in the order of their pages, and the one that stands for it."""
    exact = all(one.text == chosen.text for one in members)
    return Description("exact" if exact else "near")
