"""What kind of words differ by page: a city, a brand, a phone number, a price, or just other text."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.metadata.business import phone, state_code
from pipelines.model.records import SlotKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

__all__ = ["Known", "bare", "kind_of", "name_slots"]

MOST = 0.75  # of the values: a page may lack its town, or name another
SMALL = frozenset("a an and around at by for from in near of on or our the to with your".split())  # noqa: SIM905
_PRICE = re.compile(r"[$€£]\s?\d[\d,]*(?:\.\d+)?")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*%?")
_TITLED = re.compile(r"^(?:Dr|Mr|Mrs|Ms|Prof)\b\.?|,\s*(?:M\.?D|D\.?O|N\.?P|R\.?N|P\.?A|Ph\.?D)\b")
_NUMERALS = frozenset(
    """
    one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty forty-five fifty
    sixty seventy eighty ninety hundred
    """.split()  # noqa: SIM905 - a list would be a screen long
)


@dataclass(frozen=True, slots=True)
class Known:
    """What a page says of itself: words of its brand, its places, and where its words may be found again.

    ``brands`` are names of the site and of its host without dots and hyphens; ``places`` are cities and states;
    ``label`` is the title and the path of the page.
    """

    brands: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    label: str = ""


def name_slots(vectors: Sequence[Mapping[int, str]], known: Mapping[int, Known]) -> list[tuple[str, SlotKind]]:
    """Name each slot after its kind; a second one of a kind gets a number: ``city``, ``city 2``.

    Keys of a vector are page numbers. The slot with the values of most pages gets the plain name.
    """
    kinds = [kind_of(values, known) for values in vectors]
    counts: Counter[SlotKind] = Counter()
    names = []
    for kind in kinds:
        counts[kind] += 1
        names.append((str(kind) if counts[kind] == 1 else f"{kind} {counts[kind]}", kind))
    return names


def kind_of(values: Mapping[int, str], known: Mapping[int, Known]) -> SlotKind:
    """Tell the kind of one slot by what most of its values look like; values that say nothing do not count."""
    said = {page: bare(value) for page, value in values.items() if bare(value)}
    if not said:
        return SlotKind.TEXT
    return next(
        (kind for kind, holds in _TESTS if _mostly(holds(value, known[page]) for page, value in said.items())),
        SlotKind.TEXT,
    )


def _mostly(answers: Iterable[bool]) -> bool:
    counted = Counter(answers)
    return counted[True] >= MOST * counted.total()


def bare(value: str) -> str:
    """Take the small words and marks from both ends of a value.

    >>> bare("near the Salt Lake City,"), bare("in")
    ('Salt Lake City', '')
    """
    words = value.split()
    while words and words[0].casefold() in SMALL:
        words.pop(0)
    while words and words[-1].casefold() in SMALL:
        words.pop()
    return " ".join(words).strip(" ,;:.-–—")


def _is_phone(value: str, _known: Known) -> bool:
    return phone(value) is not None and len(value) < 24


def _is_price(value: str, _known: Known) -> bool:
    return _PRICE.fullmatch(value) is not None


def _is_number(value: str, _known: Known) -> bool:
    return _NUMBER.fullmatch(value) is not None or value.casefold() in _NUMERALS


def _is_brand(value: str, known: Known) -> bool:
    if "@" in value or "://" in value:
        return False
    words = _squeezed(value)
    return len(words) > 3 and any(_is_name_of(words, brand) for brand in known.brands if len(brand) > 3)


def _is_name_of(words: str, brand: str) -> bool:
    """Tell a name, also with words around it, or the larger part of it."""
    return brand in words or (2 * len(words) >= len(brand) and words in brand)


def _is_state(value: str, _known: Known) -> bool:
    code = state_code(value)
    return code is not None and len(code) == 2 and (len(value) == 2) is value.isupper()


def _is_city(value: str, known: Known) -> bool:
    """Tell a town: one that the page names as its place, or a name that stands in its title or address."""
    folded = value.casefold()
    if any(place and (place == folded or folded.startswith(f"{place},")) for place in known.places):
        return True
    return _is_name(value) and _squeezed(value) in _squeezed(known.label)


def _is_name(value: str) -> bool:
    """Tell words with a capital each, no abbreviation such as PTSD."""
    words = [word for word in re.findall(r"[^\W\d_]+", value) if word.casefold() not in SMALL]
    return 0 < len(words) <= 4 and all(word[0].isupper() and not (word.isupper() and len(word) > 2) for word in words)


def _is_person(value: str, _known: Known) -> bool:
    return len(value) < 60 and _TITLED.search(value) is not None


def _squeezed(text: str) -> str:
    return "".join(re.findall(r"\w+", text.casefold()))


_TESTS: tuple[tuple[SlotKind, Callable[[str, Known], bool]], ...] = (
    (SlotKind.PHONE, _is_phone),
    (SlotKind.PRICE, _is_price),
    (SlotKind.NUMBER, _is_number),
    (SlotKind.STATE, _is_state),
    (SlotKind.BRAND, _is_brand),
    (SlotKind.PERSON, _is_person),
    (SlotKind.CITY, _is_city),
)
