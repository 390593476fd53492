"""What a page says, apart from how its platform dresses it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

__all__ = ["Block", "Content"]


@dataclass(frozen=True, slots=True)
class Block:
    """One line of the main text and what it is: p, h2, li, ol, q, a, row, quote or person."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Content:
    """One page's own words at one tick."""

    title: str
    description: str
    author: str
    published: date
    modified: date
    blocks: tuple[Block, ...]

    def lines(self) -> tuple[str, ...]:
        """Give the true main text: a line each block, the title not among them."""
        return tuple(block.text for block in self.blocks)

    def words(self) -> int:
        """Count the words of the main text."""
        return sum(len(line.split()) for line in self.lines())
