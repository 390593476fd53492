"""The names of an advertiser are masked before cues run: a name is no claim.

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
MIN_LETTERS = 4  # of a name of one word
MAX_NAMES = 200  # a site that has more names than that is a directory


def name_pattern(names: Iterable[str], hosts: Iterable[str] = ()) -> re.Pattern[str] | None:
    """Make the pattern that finds an advertiser's names, each as it is written and without its generic ending.

    ``hosts`` are host names: ``resetketamine.example`` is also written "Reset Ketamine". A name of one word counts
    only inside a sentence and with a capital, since "Reset" may be a name and "reset" is a claim. None without names.
    """
    forms = {form for name in sorted(set(names))[:MAX_NAMES] for form in _forms(name)}
    labels = {label for label in map(_name_label, hosts) if label}
    parts = [_form_pattern(form) for form in sorted(forms, key=lambda one: (-len(one), one))]
    for label in sorted(labels, key=lambda one: (-len(one), one)):
        # as words with capitals ("ResetKetamine", "Reset Ketamine"), and as the host name itself
        letters = r"[\s-]?".join(f"(?i:{letter})" for letter in label)
        parts.append(rf"\b(?=[A-Z]){letters}\b|\b{label}(?=\.[a-z])")
    return re.compile("|".join(parts)) if parts else None


def mask_names(text: str, pattern: re.Pattern[str] | None) -> str:
    """Write ``x`` for each letter of each name, so that every other letter stays in its place.

    >>> mask_names("At Reset Ketamine we reset.", name_pattern(["Reset Ketamine LLC"]))
    'At xxxxx xxxxxxxx we reset.'
    """
    return pattern.sub(lambda found: WORD.sub(lambda word: "x" * len(word[0]), found[0]), text) if pattern else text


def _forms(name: str) -> list[tuple[str, ...]]:
    """List the words of a name whole, and with its generic words dropped from the end one by one.

    A form that could be anybody's is left out: one short word, or generic words alone.
    """
    words = WORD.findall(name)
    while words and words[-1].casefold() in LEGAL:
        words.pop()
    forms = [tuple(words)]
    while words and words[-1].casefold() in GENERIC:
        words.pop()
        forms.append(tuple(words))
    return [
        form
        for form in forms
        if any(word.casefold() not in GENERIC for word in form) and (len(form) > 1 or len(form[0]) >= MIN_LETTERS)
    ]


def _form_pattern(words: tuple[str, ...]) -> str:
    if len(words) == 1:
        return rf"(?<=[a-z,] ){re.escape(words[0].capitalize())}\b(?! [A-Z])"
    between = r"[\s&.,'-]{1,3}(?:(?:and|of|the) )?"
    return rf"\b(?i:{between.join(re.escape(word) for word in words)})\b"


def _name_label(host: str) -> str:
    """Take out of a host name the label that is a name: the longest one, the public suffix left out."""
    labels = [re.sub(r"[^a-z]", "", label) for label in host.casefold().removeprefix("www.").split(".")[:-1]]
    longest = max(labels, key=len, default="")
    return longest if len(longest) >= 2 * MIN_LETTERS else ""
