"""Who advertises: name, address, city, state and phone that a page states, each with its source and trust.

Facts are candidates for a person who fills in ``sites``; nothing is overwritten by them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import phonenumbers

from pipelines.metadata.advertiser_name import advertiser_name, names_in_copyright
from pipelines.metadata.jsonld import Node, types, value_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pipelines.metadata.advertiser_name import NameSign

__all__ = ["Fact", "facts", "from_jsonld", "from_lines", "from_text", "phone", "phones", "text_facts"]

MAX_LINE = 300  # characters of a line in which an address is looked for

_BUSINESS = frozenset(
    """
    LocalBusiness MedicalBusiness MedicalClinic MedicalOrganization Physician Hospital HealthAndBeautyBusiness
    Organization ProfessionalService Psychiatric DaySpa Dentist EmergencyService Corporation HealthClub
    MedicalSpecialty Clinic IndividualPhysician PhysiciansOffice OnlineBusiness
    """.split()  # noqa: SIM905 (a list would be a screen long)
)
# under these keys hang other businesses than the one whose page it is
_OTHERS = frozenset(
    """
    review author itemReviewed citation sponsor memberOf alumniOf affiliation hospitalAffiliation
    """.split()  # noqa: SIM905 (as above)
)
_LOCAL = _BUSINESS - {"Organization", "Corporation", "OnlineBusiness"}

_STATES = {
    "alabama": "AL", "alaska": "AK", "arizona": "AZ", "arkansas": "AR", "california": "CA", "colorado": "CO",
    "connecticut": "CT", "delaware": "DE", "district of columbia": "DC", "florida": "FL", "georgia": "GA",
    "hawaii": "HI", "idaho": "ID", "illinois": "IL", "indiana": "IN", "iowa": "IA", "kansas": "KS", "kentucky": "KY",
    "louisiana": "LA", "maine": "ME", "maryland": "MD", "massachusetts": "MA", "michigan": "MI", "minnesota": "MN",
    "mississippi": "MS", "missouri": "MO", "montana": "MT", "nebraska": "NE", "nevada": "NV", "new hampshire": "NH",
    "new jersey": "NJ", "new mexico": "NM", "new york": "NY", "north carolina": "NC", "north dakota": "ND",
    "ohio": "OH", "oklahoma": "OK", "oregon": "OR", "pennsylvania": "PA", "rhode island": "RI",
    "south carolina": "SC", "south dakota": "SD", "tennessee": "TN", "texas": "TX", "utah": "UT", "vermont": "VT",
    "virginia": "VA", "washington": "WA", "west virginia": "WV", "wisconsin": "WI", "wyoming": "WY",
    "puerto rico": "PR",
}  # fmt: skip
_CODES = frozenset(_STATES.values())
_STATE = "|".join([*sorted(_CODES), *(name.title() for name in sorted(_STATES, key=len, reverse=True))])
_STREET = (
    r"(?:St(?:reet)?|Ave(?:nue)?|R(?:oa)?d|Blvd|Boulevard|Dr(?:ive)?|Ln|Lane|Way|Hwy|Highway|Pkwy|"
    r"Parkway|Ct|Court|Pl(?:aza|ace)?"
    r"|Cir(?:cle)?|Ter(?:race)?|Trail|Loop|Broadway|Sq(?:uare)?|Pike|Turnpike|Row|Route \d+|Expy|"
    r"Expressway|Fwy|Freeway)"
)
_SIDE = r"(?:\s+(?:North|South|East|West|[NSEW]\.?[NSEW]?\.?)(?=[\s,|]))?"
_UNIT = (
    r"(?:[\s,|]+(?:Suite|Ste|Unit|Bldg|Building|Floor|Fl|#|Room|Rm)\.?\s*#?\s*[\w-]+"
    r"|[\s,|]+\#\s?\w+|,?\s+\d+(?:st|nd|rd|th)\s+Floor)"
)
_ADDRESS = re.compile(
    rf"(?P<street>\b\d{{1,6}}[A-Z]?\s+(?:[NSEW]\.?[NSEW]?\.?\s+)?(?:[\w.'’-]+\s+){{0,4}}?{_STREET}\b\.?{_SIDE}(?>{_UNIT}){{0,4}})"
    rf"[\s,|·•]+(?P<city>[A-Z][A-Za-z.'’-]+(?:\s[A-Z][A-Za-z.'’-]+){{0,3}}?)"
    rf"[\s,|]+(?P<state>{_STATE})\b\.?(?:[\s,|]+(?P<zip>\d{{5}}(?:-\d{{4}})?)\b)?"
)
_DIGITS = re.compile(r"\d{3}\D{0,3}\d{3}\D{0,3}\d{4}")
# English alone: numbers that are not the advertiser's, or not for calls
_OTHER_NUMBER = re.compile(
    r"(?i)\bfax\b|\bf:|suicid|crisis|lifeline|hotline|helpline|poison|emergenc|veterans|samhsa|\bnpi\b|licen[cs]e"
)
_PHONE = re.compile(r"(?<![\d.$-])(?:\+?1[\s.-]?)?\(?([2-9]\d\d)\)?[\s.\-–]{0,2}([2-9]\d\d)[\s.\-–]?(\d{4})(?![\d-])")


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of the advertiser: which field (name, address, city, state, phone), its value, source and trust."""

    field: str
    value: str
    source: str
    trust: float


def phone(text: str) -> str | None:
    """Read the first North American phone number as ``+1-512-555-0100``.

    >>> phone("Call (512) 555-0100 today"), phone("ZIP 78701-1234")
    ('+1-512-555-0100', None)
    """
    match = _PHONE.search(text)
    return f"+1-{match[1]}-{match[2]}-{match[3]}" if match else None


def state_code(text: str) -> str | None:
    """Give the postal code of a state of the US, from its code or its name; another region as it is written.

    >>> state_code("Texas"), state_code("tx"), state_code("Ontario")
    ('TX', 'TX', 'Ontario')
    """
    text = text.strip()
    code = text.upper().strip(".")
    return code if code in _CODES else _STATES.get(text.lower(), text or None)


def _address_facts(address: Any, trust: float) -> Iterator[Fact]:
    first = next((each for each in address if each), None) if isinstance(address, list) else address
    if isinstance(first, str):
        yield from _text_address(first, "json-ld", trust)
        return
    if not isinstance(first, dict):
        return
    parts = {
        "address": value_text(first.get("streetAddress")),
        "city": value_text(first.get("addressLocality")),
        "state": state_code(value_text(first.get("addressRegion")) or ""),
    }
    yield from (Fact(field, value, "json-ld", trust) for field, value in parts.items() if value)


def from_jsonld(found: Iterable[Node]) -> Iterator[Fact]:
    """Give the facts of the businesses in the page's JSON-LD; reviewers, quoted publishers and insurers are none."""
    for node in found:
        if not _BUSINESS.intersection(types(node)) or _OTHERS.intersection(node.path):
            continue
        trust = 0.95 if _LOCAL.intersection(types(node)) else 0.8
        name = value_text(node.data.get("name"))
        number = phone(value_text(node.data.get("telephone")) or "")
        if name:
            yield Fact("name", name, "json-ld", trust)
        if number:
            yield Fact("phone", number, "json-ld", trust)
        yield from _address_facts(node.data.get("address"), trust)


def _text_address(text: str, source: str, trust: float) -> Iterator[Fact]:
    match = _ADDRESS.search(" ".join(text.split()))
    if not match:
        return
    yield Fact("address", match["street"].strip(" ,|"), source, trust)
    yield Fact("city", match["city"], source, trust)
    yield Fact("state", state_code(match["state"]) or "", source, trust)


def from_text(text: str, source: str, trust: float = 0.6) -> tuple[Fact, ...]:
    """Read a postal address and a phone number out of visible text such as a footer or an ``address`` element.

    >>> [fact.value for fact in from_text("12 Oak St, Suite 4, Austin, TX 78701 (512) 555-0100", "footer")]
    ['12 Oak St, Suite 4', 'Austin', 'TX', '+1-512-555-0100']
    """
    number = phone(text)
    found = tuple(_text_address(text, source, trust))
    return (*found, Fact("phone", number, source, trust)) if number else found


def from_lines(lines: Sequence[str], source: str, trust: float) -> tuple[Fact, ...]:
    """Read phone numbers and postal addresses out of visible lines, each within its line or over two that follow.

    A number and an address are never put together out of lines that only stand beside one another.

    >>> [fact.value for fact in from_lines(["12 Oak St, Suite 4", "Austin, TX", "Call (512) 555-0100"], "text", 0.5)]
    ['12 Oak St, Suite 4', 'Austin', 'TX', '+1-512-555-0100']
    """
    found: list[Fact] = []
    for line, following in zip_longest(lines, lines[1:], fillvalue=""):
        if not any(map(str.isdigit, line)):  # nine lines of ten
            continue
        if len(line) <= MAX_LINE:
            of_line = tuple(_text_address(line, source, trust))
            if not of_line and len(following) <= MAX_LINE and not _PHONE.search(line):
                of_line = tuple(_text_address(f"{line}, {following}", source, trust))
            found += of_line
        if _DIGITS.search(line):
            found += [Fact("phone", number, source, trust) for number in phones(line)]
    return tuple(dict.fromkeys(found))


def phones(line: str) -> list[str]:
    """Read the phone numbers of a line as ``+1-512-555-0100``, without faxes and the numbers of helplines.

    >>> phones("Phone: 512.555.0100, Fax: 512.555.0101"), phones("Crisis line: 800-273-8255")
    (['+1-512-555-0100'], [])
    """
    numbers = []
    for match in phonenumbers.PhoneNumberMatcher(line[:1_000], "US", leniency=phonenumbers.Leniency.POSSIBLE):
        before = line[max(0, match.start - 30) : match.start].rpartition(",")[2]
        if not _OTHER_NUMBER.search(before) and (number := phone(match.raw_string)):
            numbers.append(number)
    return numbers


def text_facts(
    regions: Mapping[str, Sequence[str]], signs: Sequence[NameSign], host: str, title: str | None
) -> tuple[Fact, ...]:
    """Give what the visible lines of a page state of its advertiser, and his name.

    ``regions`` are its lines by region (``chrome``, ``main``, ``other``).
    """
    lines = [line for region in regions.values() for line in region]
    name = advertiser_name([*signs, *names_in_copyright(lines)], "\n".join(lines), host, title)
    found = [Fact("name", name[0], "agreement of places", name[1])] if name else []
    for region, trust in (("chrome", 0.58), ("main", 0.5), ("other", 0.5)):
        found += from_lines(regions.get(region, ()), f"text ({region})", trust)
    return tuple(found)


def facts(
    found: Sequence[Node], addresses: Iterable[str], footers: Iterable[str], tels: Iterable[str]
) -> tuple[Fact, ...]:
    """Collect the facts of one page: JSON-LD, then ``address`` elements, ``tel:`` links and footers."""
    numbers = (phone(each) for each in tels)
    listed = [
        *from_jsonld(found),
        *(fact for text in addresses for fact in from_text(text, "address element", 0.75)),
        *(Fact("phone", number, "tel link", 0.7) for number in numbers if number),
        *(fact for text in footers for fact in from_text(text, "footer", 0.6)),
    ]
    return tuple(dict.fromkeys(fact for fact in listed if fact.value))
