"""How one clinic speaks: the facts and the favourite words that fill the slots of its sentences."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from demo.bank import load_bank
from demo.page import CONDITIONS

if TYPE_CHECKING:
    from demo.page import Page
    from demo.sites import Site

__all__ = ["authors", "page_slots", "site_slots"]

Slots = dict[str, str]
#: What a form says that is handed from clinic to clinic.
_NAMELESS = {
    "clinic": "the clinic",
    "city": "this city",
    "region": "this state",
    "doctor": "the doctor",
    "nurse": "the nurse",
    "team": "the team",
}


@lru_cache(maxsize=256)
def site_slots(site: Site) -> Slots:
    """Throw the facts of a clinic once: its doctor, street, phone, prices, and the words that it prefers."""
    bank, dice = load_bank(), site.dice("voice")
    voice = {name: dice.pick(section.sentences) for name, section in bank.files["voice"].items() if section.sentences}
    facts = {
        "clinic": site.name,
        "city": site.city,
        "region": site.region,
        "state": site.state,
        "doctor": f"Dr. {_name(site, 0)}",
        "nurse": _name(site, 1).split()[0],
        "year": str(dice.between(2013, 2022)),
        "phone": f"({dice.between(201, 989)}) 555-{dice.between(100, 199):04d}",
        "street": dice.pick(bank.lines("places", "street")),
        "number": str(dice.between(12, 2890)),
        "zip": f"{dice.between(10000, 99000)}",
        "rate": str(dice.between(48, 71)),
        "minutes": dice.pick(("forty", "forty-five", "fifty")),
        "fee": str(dice.between(4, 12) * 10),
        "base": str(dice.between(15, 29) * 25),
    }
    return {**{name: word.replace("{clinic}", site.name) for name, word in voice.items()}, **facts}


@lru_cache(maxsize=256)
def authors(site: Site) -> tuple[str, ...]:
    """Name the three people who sign a site's articles."""
    return tuple(_name(site, number) for number in range(3))


def page_slots(site: Site, page: Page, price_steps: int) -> Slots:
    """Add what only this page says: its condition or town, and prices as they stand after some changes."""
    slots = dict(site_slots(site))
    base = int(slots["base"]) + 35 * price_steps
    slots |= {"price": str(base), "package": f"{base * 6 - 150:,}", "booster": str(base - 50)}
    slots["condition"] = CONDITIONS.get(page.subject, "depression")
    if page.recipe == "doorway":
        slots["city"] = slots["place"] = page.subject
    return slots | _NAMELESS if "nameless" in page.flags else slots


def _name(site: Site, number: int) -> str:
    dice, bank = site.dice("name", number), load_bank()
    return f"{dice.pick(bank.lines('people', 'first'))} {dice.pick(bank.lines('people', 'last'))}"
