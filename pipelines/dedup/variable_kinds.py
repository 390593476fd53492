"""What kind of words differ by page: a city, a brand, a phone number, a price, or just other text."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pipelines.metadata.business import phone, state_code
from pipelines.model.records import VariableKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["PageIdentity", "VariableName", "bare", "kind_of", "name_variables", "squeezed"]

MIN_SHARE_OF_VALUES = 0.75  # that are of a kind: a page may lack its town, or name another
MIN_BRAND_LETTERS = 4
MAX_PHONE, MAX_PERSON = 23, 59  # characters
MAX_NAME_WORDS = 4
SMALL_WORDS = frozenset("a an and around at by for from in near of on or our the to with your".split())  # noqa: SIM905
PRICE = re.compile(r"[$€£]\s?\d[\d,]*(?:\.\d+)?")
NUMBER = re.compile(r"\d+(?:[.,:]\d+)*%?")
PERSON = re.compile(r"^(?:Dr|Mr|Mrs|Ms|Prof)\b\.?|,\s*(?:M\.?D|D\.?O|N\.?P|R\.?N|P\.?A|Ph\.?D)\b")
NUMERALS = frozenset(
    """
    one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty forty-five fifty
    sixty seventy eighty ninety hundred
    """.split()  # noqa: SIM905 - a list would be a screen long
)


@dataclass(frozen=True, slots=True)
class PageIdentity:
    """What a page says of itself: words of its brand, its places, and where its words may be found again.

    ``brands`` are names of the site and of its host without dots and hyphens; ``places`` are cities and states;
    ``label`` is the title and the path of the page.
    """

    brands: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    label: str = ""


class VariableName(NamedTuple):
    """What a variable is called, and its kind."""

    name: str
    kind: VariableKind


def name_variables(
    variables: Sequence[Mapping[int, str]], identities: Mapping[int, PageIdentity]
) -> list[VariableName]:
    """Name each variable (its values by page) after its kind; a second one of a kind gets a number: ``city 2``."""
    counts: Counter[VariableKind] = Counter()
    names = []
    for values in variables:
        kind = kind_of(values, identities)
        counts[kind] += 1
        names.append(VariableName(str(kind) if counts[kind] == 1 else f"{kind} {counts[kind]}", kind))
    return names


def kind_of(values: Mapping[int, str], identities: Mapping[int, PageIdentity]) -> VariableKind:
    """Tell the kind of one variable by what most of its values look like; values that say nothing do not count."""
    words = {page: bare(value) for page, value in values.items() if bare(value)}
    for kind, is_of_kind in TESTS:
        count = sum(is_of_kind(value, identities[page]) for page, value in words.items())
        if words and count >= MIN_SHARE_OF_VALUES * len(words):
            return kind
    return VariableKind.TEXT


def bare(value: str) -> str:
    """Take the small words and marks from both ends of a value.

    >>> bare("near the Salt Lake City,"), bare("in")
    ('Salt Lake City', '')
    """
    words = value.split()
    while words and words[0].casefold() in SMALL_WORDS:
        words.pop(0)
    while words and words[-1].casefold() in SMALL_WORDS:
        words.pop()
    return " ".join(words).strip(" ,;:.-–—")


def squeezed(text: str) -> str:
    """Leave letters and digits only, in small letters: how names are found in addresses.

    >>> squeezed("Cedar Ketamine, Inc.")
    'cedarketamineinc'
    """
    return "".join(re.findall(r"\w+", text.casefold()))


def _is_brand(value: str, page: PageIdentity) -> bool:
    """Tell a name of the page's site, also with words around it, or the larger part of it."""
    if "@" in value or "://" in value:
        return False
    words = squeezed(value)
    brands = [brand for brand in page.brands if min(len(brand), len(words)) >= MIN_BRAND_LETTERS]
    return any(brand in words or (2 * len(words) >= len(brand) and words in brand) for brand in brands)


def _is_state(value: str, _page: PageIdentity) -> bool:
    """Tell a state by its name or code; "or" and "in" in small letters are words."""
    code = state_code(value)
    return code is not None and len(code) == 2 and (len(value) == 2) is value.isupper()


def _is_city(value: str, page: PageIdentity) -> bool:
    """Tell a town: one that the page names as its place, or a name that stands in its title or URL.

    A name has a capital for each word, and is no abbreviation such as PTSD.
    """
    folded = value.casefold()
    if any(place and (place == folded or folded.startswith(f"{place},")) for place in page.places):
        return True
    words = [word for word in re.findall(r"[^\W\d_]+", value) if word.casefold() not in SMALL_WORDS]
    is_name = all(word[0].isupper() and not (word.isupper() and len(word) > 2) for word in words)
    return 0 < len(words) <= MAX_NAME_WORDS and is_name and squeezed(value) in squeezed(page.label)


# in this order: a price is a number too, and a clinic may be named after its city
TESTS: tuple[tuple[VariableKind, Callable[[str, PageIdentity], bool]], ...] = (
    (VariableKind.PHONE, lambda value, _page: len(value) <= MAX_PHONE and phone(value) is not None),
    (VariableKind.PRICE, lambda value, _page: PRICE.fullmatch(value) is not None),
    (VariableKind.NUMBER, lambda value, _page: NUMBER.fullmatch(value) is not None or value.casefold() in NUMERALS),
    (VariableKind.STATE, _is_state),
    (VariableKind.BRAND, _is_brand),
    (VariableKind.PERSON, lambda value, _page: len(value) <= MAX_PERSON and PERSON.search(value) is not None),
    (VariableKind.CITY, _is_city),
)
