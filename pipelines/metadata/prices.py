"""What a page asks for what: each sum of money with its unit, its label, and what it does not include.

    visible lines of a region, in order | sums | the words of the row, the sentence or the card that they belong to

A sum alone in its line takes the heading or the short line above it, as a card or a plan shows it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Price", "PriceLine", "find_prices"]

NUMBER = r"\d{1,3}(?:[,.]\d{3}){1,3}(?:\.\d\d)?|\d{1,7}(?:[.,]\d\d)?"
CODES = "USD|EUR|GBP|CAD|AUD|NZD|CHF|MXN|COP|ARS|CLP|BRL|PEN|INR|ZAR|AED|SEK|NOK|DKK|PLN|CZK|JPY"
SIGN = rf"(?:(?:US|CA|AU|A|C|NZ|MX|R)\s?)?\$|€|£|(?:{CODES})\s?\$?"
AMOUNT = re.compile(
    rf"(?<![\w$€£])(?P<sign>{SIGN})\s?(?P<low>{NUMBER})(?:\s?(?:-|–|—|to|a|bis)\s?(?:{SIGN})?\s?(?P<high>{NUMBER}))?(?P<thousand>k\b)?(?![\d%])\+?"
    rf"|(?<![\w$€£.,])(?P<low2>{NUMBER})\s?(?P<sign2>€|£|(?:{CODES})\b|dollars?\b|euros?\b|d[oó]lares\b)",
    re.IGNORECASE,
)
MAY_BE = re.compile(rf"[$€£]|{CODES}|(?i:dollar|euro|d[oó]lar|usd)")
CURRENCIES = {
    "€": "EUR", "£": "GBP", "ca$": "CAD", "c$": "CAD", "au$": "AUD", "a$": "AUD", "nz$": "NZD", "mx$": "MXN",
    "r$": "BRL",
}  # fmt: skip
# English and Spanish: what a sum is for, once
THING = (
    r"(?:infusi[oó]ns?|sessions?|sesi[oó]n(?:es)?|treatments?|tratamientos?|visits?|visitas?|appointments?|consultations?|consults?"
    r"|evaluations?|assessments?|intakes?|injections?|doses?|months?|mes|mo\b|weeks?|semanas?|years?|hours?|horas?|hrs?\b"
    r"|minutes?|packages?|series|course|program|person|patient|units?|syringes?|vials?|areas?|class|day|night|follow-ups?)"
)
UNIT_AFTER = re.compile(
    rf"\s{{0,3}}(?:(?:/|per|each|every|an?\b|por|al|cada|for (?:each|one|a))\s?)((?:[\w-]+\s){{0,2}}{THING})",
    re.IGNORECASE,
)
UNIT_BEFORE = re.compile(
    rf"(?:each|every|per|cada|one|single|an?)\s((?:[\w-]+\s){{0,2}}?{THING})(?:\s[\w']+){{0,4}}[\s:]{{0,3}}$",
    re.IGNORECASE,
)
UNIT_LINE = re.compile(rf"(?:/|per|each|every|por|cada)\s?(?:[\w-]+\s){{0,2}}{THING}\.?", re.IGNORECASE)
FORMER = re.compile(
    r"(?:\bwas|\bregular(?:ly)?(?: price)?|\bnormally|\boriginally|\binstead of|\bvalued? at|\bantes)\W{0,4}$",
    re.IGNORECASE,
)
EXCLUDES = re.compile(
    r"(?i)\b(?:not\s(?:be\s)?includ|does(?:n.t|\snot)\sinclude|do(?:n.t|\snot)\sinclude|exclud|not\scovered|plus\s(?:tax|a\s|the\s)"
    r"|additional\s(?:fee|cost|charge)|(?:billed|charged|sold|paid)\sseparately|no\sincluye)"
)
SENTENCE = re.compile(r"[^.!?\n]{1,300}(?:[.!?](?!\d)|$)")
LABEL_LINES = 4  # lines above a bare sum in which its label is looked for
EXCLUDES_LINES = 3  # lines below it in which is said what it leaves out
MAX_LINE = 2_000  # characters of a line that are read
MAX_LABEL = 160  # characters
MAX_PRICES = 200  # of a page
MAIN_WORDS = 2  # beside a sum, for its own line to be its label


class PriceLine(NamedTuple):
    """A visible line: its text, its kind (heading, item, row, ...), and where in the text of its region it starts."""

    text: str
    kind: str
    region: str
    start: int


class Price(NamedTuple):
    """A sum as it is written, from ``low`` to ``high`` in units of ``currency`` (ISO 4217).

    ``unit`` is what it buys once, ``label`` what it is for, ``excludes`` what is said not to be in it; empty where the
    page does not say. ``start`` and ``end`` are its place in the text of its region.
    """

    amount: str
    low: float
    high: float
    currency: str
    unit: str
    label: str
    excludes: str
    is_former: bool
    region: str
    start: int
    end: int


def find_prices(lines: Sequence[PriceLine], struck: Sequence[str] = ()) -> tuple[Price, ...]:
    """Find the sums in the lines of a page, in their order; ``struck`` are the lines that it shows struck through.

    >>> lines = [PriceLine("One infusion", "heading", "text", 0), PriceLine("$425 per visit", "item", "text", 13)]
    >>> [(price.low, price.unit, price.label) for price in find_prices(lines)]
    [(425.0, 'visit', 'One infusion')]
    """
    found: list[Price] = []
    for number, line in enumerate(lines):
        if not (any(map(str.isdigit, line.text)) and MAY_BE.search(line.text)):  # all but a line or two of a page
            continue
        for match in AMOUNT.finditer(line.text[:MAX_LINE]):
            found.append(_price(lines, number, match, struck))
            if len(found) >= MAX_PRICES:
                return tuple(found)
    return tuple(found)


def _price(lines: Sequence[PriceLine], number: int, match: re.Match[str], struck: Sequence[str]) -> Price:
    line = lines[number]
    low = _value(match["low"] or match["low2"])
    sign = "".join((match["sign"] or match["sign2"]).split()).casefold()
    times = 1_000 if match["thousand"] else 1
    before, after = line.text[max(0, match.start() - 80) : match.start()], line.text[match.end() : match.end() + 80]
    is_struck = any(match[0] in text and len(text) < len(match[0]) + 40 for text in struck)
    return Price(
        amount=match[0].strip(),
        low=low * times,
        high=(_value(match["high"]) if match["high"] else low) * times,
        currency=_currency(sign),
        unit=_unit(lines, number, before, after),
        label=_label(lines, number, match),
        excludes=_excludes(lines, number),
        is_former=is_struck or bool(FORMER.search(before)),
        region=line.region,
        start=line.start + match.start(),
        end=line.start + match.end(),
    )


def _currency(sign: str) -> str:
    if sign in CURRENCIES:
        return CURRENCIES[sign]
    code = sign.rstrip("$").upper()
    return code if code in CODES.split("|") else "EUR" if sign.startswith("euro") else "USD"


def _value(number: str) -> float:
    """Read a number as it is written: a comma or a stop before two digits at the end parts the cents.

    >>> _value("2,400"), _value("1.250,00"), _value("425.50")
    (2400.0, 1250.0, 425.5)
    """
    whole, mark, cents = number.rpartition(
        "," if re.search(r",\d\d$", number) else "." if re.search(r"\.\d\d$", number) else "\0"
    )
    digits = re.sub(r"\D", "", whole if mark else number)
    return float(f"{digits}.{cents}" if mark else digits)


def _unit(lines: Sequence[PriceLine], number: int, before: str, after: str) -> str:
    if match := UNIT_AFTER.match(after) or UNIT_BEFORE.search(before):
        return " ".join(match[1].split())
    following = lines[number + 1].text if number + 1 < len(lines) else ""
    return following.strip("/ .") if UNIT_LINE.fullmatch(following.strip()) else ""


def _label(lines: Sequence[PriceLine], number: int, match: re.Match[str]) -> str:
    """Give the words that say what a sum is for: of its row, of its sentence, or of the line above."""
    text = lines[number].text[:MAX_LINE]
    cells = [cell.strip() for cell in text.split(" | ")]
    if len(cells) > 1:
        named = next((cell for cell in cells if not AMOUNT.search(cell)), "")
        return named[:MAX_LABEL]
    sentence = next((each[0] for each in SENTENCE.finditer(text) if each.end() > match.start()), text)
    words = re.findall(r"[^\W\d_]{3,}", UNIT_LINE.sub(" ", AMOUNT.sub(" ", sentence)))
    if len(words) >= MAIN_WORDS:
        return sentence.strip()[:MAX_LABEL]
    above = (
        each for each in reversed(lines[max(0, number - LABEL_LINES) : number]) if each.region == lines[number].region
    )
    name = next((each.text for each in above if _can_name(each.text)), "")
    return name or sentence.strip()[:MAX_LABEL]


def _can_name(text: str) -> bool:
    is_unit = bool(UNIT_LINE.fullmatch(text.strip()))
    return len(text) <= MAX_LABEL and not is_unit and not AMOUNT.search(text) and any(map(str.isalpha, text))


def _excludes(lines: Sequence[PriceLine], number: int) -> str:
    return next(_exclusions(lines, number), "")


def _exclusions(lines: Sequence[PriceLine], number: int) -> Iterator[str]:
    for place, line in enumerate(lines[number : number + EXCLUDES_LINES + 1]):
        if place and (AMOUNT.search(line.text) or line.kind == "heading"):
            return
        yield from (
            each[0].strip()[:MAX_LABEL] for each in SENTENCE.finditer(line.text[:MAX_LINE]) if EXCLUDES.search(each[0])
        )
