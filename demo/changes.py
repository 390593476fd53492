"""What happens to a page at which tick: thrown once for each page, so that any tick can be asked without the others."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from demo.clock import TICKS
from pipelines.model.page_types import PageType

if TYPE_CHECKING:
    from demo.grammar import Dice
    from demo.page import Page
    from demo.sites import Site

__all__ = ["MATERIAL", "Event", "Life", "footer_changes", "life_of", "revision"]

#: Share of the pages to which something happens at a tick; the rest of the pages stay as they are.
_SHARES = (
    ("claim", 0.04),
    ("price", 0.035),
    ("risk removed", 0.02),
    ("sentence added", 0.015),
    ("title", 0.015),
    ("description", 0.015),
    ("wording", 0.02),
    ("cosmetic", 0.03),
    ("moved", 0.04),
    ("gone", 0.03),
)
_BORN_LATER = 0.09
MATERIAL = frozenset({"claim", "price", "risk removed", "sentence added", "title", "description"})
_MORTAL = frozenset({"blog", "condition", "service"})


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happens to one page."""

    tick: int
    kind: str


@dataclass(frozen=True, slots=True)
class Life:
    """A page's fate: when it is first there, when it moves, when it is gone, and what is edited meanwhile."""

    born: int
    events: tuple[Event, ...]

    def first(self, kind: str, tick: int) -> bool:
        """Tell whether this has happened by a tick."""
        return any(event.kind == kind and event.tick <= tick for event in self.events)


@lru_cache(maxsize=8192)
def life_of(site: Site, page: Page) -> Life:
    """Throw the fate of a page."""
    dice = site.dice("path", page.path)
    born = _born(page, dice)
    if not _is_edited(page):
        return Life(born, ())
    return Life(born, tuple(_events(page, dice, born)))


def revision(life: Life, tick: int) -> Counter[str]:
    """Count the events of each kind up to a tick: what the text of that tick depends on."""
    return Counter(event.kind for event in life.events if event.tick <= tick)


def footer_changes(site: Site, tick: int) -> int:
    """Count how often a site has rewritten the footer of all its pages: at every odd tick, if it is of that kind."""
    return (tick + 1) // 2 if "footer" in site.has else 0


def _born(page: Page, dice: Dice) -> int:
    later = page.recipe == "blog" and _is_edited(page) and dice.chance(_BORN_LATER * 3)
    return 1 + dice.below(4) if later else 0


def _is_edited(page: Page) -> bool:
    return (
        not page.family
        and "evergreen" not in page.flags
        and page.kind is not PageType.ARCHIVE
        and page.recipe != "archive"
    )


def _events(page: Page, dice: Dice, born: int) -> list[Event]:
    events: list[Event] = []
    for tick in range(1, TICKS + 1):
        kind = _throw_kind(dice)
        once = kind in {"moved", "gone"} and (page.recipe not in _MORTAL or any(e.kind == kind for e in events))
        if kind and tick > born and not once and not (events and events[-1].kind == "gone"):
            events.append(Event(tick, kind))
    return events


def _throw_kind(dice: Dice) -> str:
    thrown = dice.throw()
    for kind, share in _SHARES:
        if thrown < share:
            return kind
        thrown -= share
    return ""
