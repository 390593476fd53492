"""What pages say differently by themselves: widgets of ``seeds/demo/noise.toml``, drawn for a page and a request."""

from __future__ import annotations

import random
import tomllib
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from demo.clock import tick_date

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Moment", "Widget", "draw", "noise_of"]

FILE = Path(__file__).resolve().parents[2] / "seeds" / "demo" / "noise.toml"


@dataclass(frozen=True, slots=True)
class Moment:
    """When and where a page is asked for: ``request`` counts how often its address was."""

    host: str
    path: str
    tick: int
    request: int
    others: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Widget:
    """One kind of noise: its markup with slots, what fills each of them, and how often its dice fall."""

    name: str
    markup: str
    slots: Mapping[str, Any]
    dice: str = "request"

    def throw(self, moment: Moment) -> random.Random:
        """Give the dice of this request, or of the whole site at this tick."""
        of = f"{moment.host} {moment.tick}" if self.dice == "tick" else f"{moment.path} {moment.tick} {moment.request}"
        return random.Random(f"{self.name} {moment.host} {of}")


@cache
def noise_of(world: str) -> tuple[Widget, ...]:
    """Load the widgets of a world, in the order of the file."""
    widgets = tomllib.loads(FILE.read_text(encoding="utf-8"))[world]
    return tuple(
        Widget(name, told.pop("markup"), dice=told.pop("dice", "request"), slots=told) for name, told in widgets.items()
    )


def draw(widget: Widget, moment: Moment) -> str:
    """Write a widget for a moment."""
    dice = widget.throw(moment)
    filled = {name: _fill(slot, moment, dice) for name, slot in widget.slots.items()}
    return widget.markup.format(host=moment.host, **filled)


def _fill(slot: Any, moment: Moment, dice: random.Random) -> str:
    if isinstance(slot, list):
        return f"{dice.randint(*slot):,}" if isinstance(slot[0], int) else str(dice.choice(slot))
    return next(fill(slot, moment, dice) for sign, fill in FILLERS.items() if sign in slot)


def _digits(slot: dict[str, Any], _moment: Moment, dice: random.Random) -> str:
    return f"{dice.randint(slot.get('from', 0), slot['to']):0{slot['digits']}}"


def _hex(slot: dict[str, Any], _moment: Moment, dice: random.Random) -> str:
    return f"{dice.getrandbits(4 * slot['hex']):0{slot['hex']}x}"


def _date(slot: dict[str, Any], moment: Moment, _dice: random.Random) -> str:
    return f"{tick_date(moment.tick * slot.get('pace', 1)) + timedelta(days=slot.get('days', 0)):{slot['date']}}"


def _count(slot: dict[str, Any], moment: Moment, dice: random.Random) -> str:
    return str(slot["count"] + slot["tick"] * moment.tick + dice.randrange(slot.get("jitter", 1)))


def _some(slot: dict[str, Any], _moment: Moment, dice: random.Random) -> str:
    each = slot.get("each", "{}")
    return str(slot.get("join", "")).join(each.format(text) for text in dice.sample(slot["of"], slot["some"]))


def _pages(slot: dict[str, Any], moment: Moment, dice: random.Random) -> str:
    shown = dice.sample(moment.others, min(slot["pages"], len(moment.others)))
    return "".join(slot["each"].format(path=path, title=title, text=text) for path, title, text in shown)


FILLERS: dict[str, Callable[[dict[str, Any], Moment, random.Random], str]] = {
    "digits": _digits, "hex": _hex, "date": _date, "count": _count, "some": _some, "pages": _pages,
}  # fmt: skip
