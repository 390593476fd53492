"""Who speaks is not what is said: the names of an advertiser are masked before cues run.

Measured on a real clinic's site: a cue on brain repair fired on all of its pages, because the clinic's own name holds
the cue's word; with the name masked it fired on 61 %.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["mask_names", "name_pattern"]

WORD = re.compile(r"[^\W_]+")
LEGAL = frozenset({"llc", "inc", "pllc", "pc", "ltd", "llp", "md", "corp", "co"})
# what a name ends in without being one: "Cedar Reset Ketamine Clinic" is also called "Cedar Reset"
GENERIC = LEGAL | frozenset(
    {"clinic", "clinics", "center", "centers", "centre", "institute", "wellness", "health", "healthcare", "medical"}
    | {"ketamine", "infusion", "infusions", "therapy", "treatment", "treatments", "psychiatry", "care", "group"}
    | {"associates", "solutions", "services", "practice", "specialists", "partners", "of", "and", "the", "at", "in"}
)
LEAST = 4  # letters of a name of one word
MOST = 200  # names; a site that calls itself more things than that is a directory


def name_pattern(names: Iterable[str], hosts: Iterable[str] = ()) -> re.Pattern[str] | None:
    """Make the pattern that finds an advertiser's names, each as it is written and without its generic ending.

    ``hosts`` are host names: ``resetketamine.example`` is also written "Reset Ketamine". A name of one word counts
    only inside a sentence and with a capital, since "Reset" may be a name and "reset" is a claim. None without names.
    """
    spelt = sorted(
        {form for name in sorted(set(names))[:MOST] for form in _forms(name)}, key=lambda one: (-len(one), one)
    )
    labels = sorted({label for host in hosts if (label := _label(host))}, key=lambda one: (-len(one), one))
    parts = [_phrase(words) for words in spelt] + [_joined(label) for label in labels]
    return re.compile("|".join(parts)) if parts else None


def mask_names(text: str, pattern: re.Pattern[str] | None) -> str:
    """Write ``x`` for each letter of each name, so that every other letter stays in its place.

    >>> mask_names("At Reset Ketamine we reset.", name_pattern(["Reset Ketamine LLC"]))
    'At xxxxx xxxxxxxx we reset.'
    """
    return pattern.sub(lambda found: WORD.sub(lambda word: "x" * len(word[0]), found[0]), text) if pattern else text


def _forms(name: str) -> list[tuple[str, ...]]:
    """Give the word lists by which a name is known: whole, and with its generic words dropped from the end."""
    words = WORD.findall(name)
    while words and words[-1].casefold() in LEGAL:
        words.pop()
    forms = [tuple(words)]
    while words and words[-1].casefold() in GENERIC:
        words.pop()
        forms.append(tuple(words))
    return [form for form in forms if _is_telling(form)]


def _is_telling(words: tuple[str, ...]) -> bool:
    """Tell whether words can stand for a name: not one short word, not generic words alone."""
    own = [word for word in words if word.casefold() not in GENERIC]
    return bool(own) and (len(words) > 1 or len(words[0]) >= LEAST)


def _phrase(words: tuple[str, ...]) -> str:
    if len(words) == 1:
        word = re.escape(words[0].capitalize())
        return rf"(?<=[a-z,] ){word}\b(?! [A-Z])"
    between = r"[\s&.,'-]{1,3}(?:(?:and|of|the) )?"
    return rf"\b(?i:{between.join(re.escape(word) for word in words)})\b"


def _label(host: str) -> str:
    """Take out of a host name the label that is a name: the longest one, the public suffix left out."""
    labels = [re.sub(r"[^a-z]", "", label) for label in host.casefold().removeprefix("www.").split(".")[:-1]]
    longest = max(labels, key=len, default="")
    return longest if len(longest) >= 2 * LEAST else ""


def _joined(label: str) -> str:
    """Match a label as words with capitals: "ResetKetamine", "Reset Ketamine", and its host name as such."""
    letters = r"[\s-]?".join(f"(?i:{letter})" for letter in label)
    return rf"\b(?=[A-Z]){letters}\b|\b{label}(?=\.[a-z])"
