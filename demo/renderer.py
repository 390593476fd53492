"""What writes one page: its site, its slots, its edits, and the dice for each of its items."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from demo.bank import load_bank
from demo.grammar import Dice, expand

if TYPE_CHECKING:
    from collections import Counter

    from demo.page import Page
    from demo.sites import Site

__all__ = ["Pen"]

#: How a doorway page works its town into a sentence, before and after it.
_STUFFING = (
    ("", " in {0}"),
    ("In {0}, ", ""),
    ("For {0} residents, ", " near {0}"),
    ("", ", as {0} patients tell us"),
    ("Around {0}, ", ""),
    ("", " for {0} and the {0} area"),
    ("", ""),
)


@dataclass(frozen=True, slots=True)
class Pen:
    """All that the sentences of one page depend on."""

    site: Site
    page: Page
    slots: dict[str, str]
    edits: Counter[str]
    used: dict[str, set[str]] = field(default_factory=dict)

    def dice(self, *key: object) -> Dice:
        """Throw for one item of the page."""
        return Dice(self.site.seed, self.page.text_key, *key)

    def say(self, template: str, dice: Dice) -> str:
        """Say one template, first letter large."""
        text = expand(template, dice, self.slots, load_bank().phrases)
        return text[0].upper() + text[1:]

    def choose(self, name: str, sentences: tuple[str, ...], dice: Dice, number: int) -> list[str]:
        """Choose sentences of a section that this page has not used before, and say them."""
        used = self.used.setdefault(name, set())
        chosen = dice.some([sentence for sentence in sentences if sentence not in used], number)
        used.update(chosen)
        return [self._stuffed(self.say(template, dice), dice) for template in chosen]

    def _stuffed(self, sentence: str, dice: Dice) -> str:
        """Put the town into most sentences of a doorway page, as such pages do: it is all that tells them apart."""
        if self.page.recipe != "doorway":
            return sentence
        place, (before, after) = self.slots["place"], dice.pick(_STUFFING)
        said = f"{before.format(place)}{_small(sentence) if before else sentence}"
        return said[:-1] + after.format(place) + said[-1]


def _small(sentence: str) -> str:
    """Begin a sentence with a small letter, unless its first word is a name or an abbreviation."""
    kept = sentence[1].isupper() or sentence.startswith(("I ", "Dr.", "Spravato"))
    return sentence if kept else sentence[0].lower() + sentence[1:]
