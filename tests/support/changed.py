"""A corpus whose site changed over four crawls: claims, prices, a line on many pages, a page gone, one that harms."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipelines.model.page_types import PageType
from tests.support.browser import IMAGE, SCRIPT, SITE, Shown, Told, crawl_shown, open_site, reading

if TYPE_CHECKING:
    from pathlib import Path

DAYS = [f"2026-03-{day:02}T09:00:00+00:00" for day in (1, 8, 15, 22)]
PRICES = (
    "What an infusion costs at our clinic\n"
    "A single ketamine infusion costs $450, and a nurse stays with you for the whole session. We give six infusions of "
    "ketamine over two weeks. Insurance does not pay for ketamine infusions.\n"
    "Who we treat\n"
    "We treat adults with depression that did not get better with two medicines. Ketamine is not approved by the FDA "
    "for depression. Ask the doctor what that means for you.\n"
    "Where we are\n"
    "Our clinic is open from Monday to Friday. There is a garden behind the house."
)
NEW_PRICES = (
    PRICES.replace("$450", "$395")
    .replace("Ketamine is not approved by the FDA for depression. ", "Most patients feel better within hours. ")
    .replace("There is a garden behind the house.", "There is a garden behind the house, and a car park.")
)
CITIES = ("Alder", "Birch", "Clover", "Dogwood", "Elm", "Fern")
FOOTER = "Call our ketamine clinic at 555 0100 for a first talk."


def doorway(city: str, footer: str) -> Shown:
    """Make one of many pages that end in the same line."""
    text = (
        f"Ketamine infusions for people in {city}\nOur clinic has treated depression in {city} with ketamine since "
        f"2019, and a nurse who lives in {city} stays with you for the session.\n{footer}"
    )
    return Shown(reading(text, f"Ketamine in {city}", page_type=PageType.SERVICE))


def doorways(footer: str) -> dict[str, Shown]:
    """Make all of them."""
    return {f"/{city.lower()}": doorway(city, footer) for city in CITIES}


def prices(text: str, title: str = "Prices") -> Shown:
    """Make the page of prices."""
    return Shown(reading(text, title, page_type=PageType.PRICE))


FIRST = SITE | doorways(FOOTER) | {"/prices": prices(PRICES)}
SECOND = FIRST | {"/prices": prices(NEW_PRICES)}
THIRD = SECOND | doorways(FOOTER.replace("0100", "0199"))
HARM = SITE["/harm"].reading
assert HARM
FOURTH = THIRD | {
    "/harm": replace(SITE["/harm"], reading=replace(HARM, text=f"{HARM.text}\nMore {SCRIPT} {IMAGE} ketamine.")),
    "/parking": Shown(None),
}


def changed(path: Path, crawls: int = 4) -> Told:
    """Make the corpus with so many crawls, a week apart."""
    with open_site(path) as db:
        for day, site in zip(DAYS[:crawls], (FIRST, SECOND, THIRD, FOURTH), strict=False):
            crawl_shown(db, path, site, day)
        rows = db.execute("SELECT id, url FROM pages").fetchall()
        return Told({url.removeprefix("http://cedar.example"): page for page, url in rows})
