"""The kinds of content that are no paragraphs: questions, prices, testimonials, staff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo.bank import load_bank
from demo.content import Block
from demo.persona import authors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from demo.grammar import Dice
    from demo.renderer import Pen

__all__ = ["SPECIAL"]

_TABLE = (
    ("Single infusion", "price"),
    ("Series of six", "package"),
    ("Booster", "booster"),
    ("Late cancellation", "fee"),
)


def _questions(pen: Pen, dice: Dice, number: int) -> Iterator[Block]:
    for section in dice.some(list(load_bank().files["faq"].values()), number):
        yield Block("q", pen.say(dice.pick(section.heads), dice))
        answers = dice.some(section.sentences, dice.between(2, 3))
        yield Block("a", " ".join(pen.say(answer, dice) for answer in answers))


def _prices(pen: Pen, _dice: Dice, number: int) -> Iterator[Block]:
    yield Block("row", "Service | Price")
    for label, slot in _TABLE[:number]:
        yield Block("row", f"{label} | ${pen.slots[slot]}")


def _voices(pen: Pen, dice: Dice, number: int) -> Iterator[Block]:
    for template in dice.some(load_bank().lines("people", "testimonial"), number):
        yield Block("quote", pen.say(template, dice))


def _staff(pen: Pen, dice: Dice, number: int) -> Iterator[Block]:
    bank = load_bank()
    for name in authors(pen.site)[:number]:
        yield Block("person", f"{name}, {dice.pick(bank.lines('people', 'degree'))}")
        yield Block("p", pen.say(dice.pick(bank.section("team").sentences), dice))


#: What writes the items of each style.
SPECIAL: dict[str, Callable[[Pen, Dice, int], Iterator[Block]]] = {
    "q": _questions,
    "t": _prices,
    "v": _voices,
    "s": _staff,
}
