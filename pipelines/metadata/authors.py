"""Who wrote a page: names out of JSON-LD, meta elements, links of authors and visible bylines.

Organisations write no service pages: one that is named as the author is the advertiser, and is left out.
"""

from __future__ import annotations

import re
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any

from pipelines.languages import load_words
from pipelines.metadata import jsonld
from pipelines.metadata.dates import strip_dates

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

__all__ = ["clean_name", "is_handle", "is_person", "names_in_lines", "person_names", "split_names"]

MAX_NAMES = 10
MAX_DEPTH = 4
ORGANIZATION = re.compile(r"Organization|Business|Clinic|Hospital|Corporation|Brand|WebSite")
BY = re.compile(rf"(?:{'|'.join(load_words().by)})\b\s*:?\s*", re.IGNORECASE)
NO_NAME = frozenset(
    """
    admin administrator webmaster user editor editors root wpadmin siteadmin author authors staff team guest anonymous
    unknown owner moderator marketing none null undefined default test me us
    """.split()  # noqa: SIM905 (a list would be a screen long)
)
# English alone: desks, not persons
DESK = re.compile(r"(?i)\b(?:admin|editorial|staff|team|support|marketing|newsroom|desk|webmaster|press office)\b")
AND = re.compile(r"\s*(?:;|&|\||·|\band\b|\by\b|\bund\b|\bet\b)\s*", re.IGNORECASE)
CREDENTIALS = re.compile(r"(?:[A-Z][A-Za-z]{0,3}\.?(?:-[A-Z]{1,4})?|[A-Z]{2,}[A-Za-z-]*|Jr\.?|Sr\.?|[IVX]+)\.?")
PERSON = re.compile(r"(?:[^\W\d_a-z][\w.'’-]*\s+){1,4}(?:(?:de|del|van|von|der|la|di|da)\s+)?[^\W\d_a-z][\w.'’-]+")
BEGIN = re.compile(r"(?i)^(?:about the )?author(?:\s*:\s*|\s+)")
HANDLE = re.compile(r"\d{2,}|_|^[a-z][\w.-]*$")
# English alone: what stands beside a byline and is no name
BESIDE = re.compile(
    r"(?i)\b(?:sign|log|read|more|share|follow|view|updated?|published|posted|written|reviewed|minutes?|min|comments?"
    r"|author|about|by|subscribe|expert|editor|writer|director|contributor|reporter|founder|medically|full|bio|last|first|licensed|certified)\b"
)


def clean_name(value: str | None) -> str | None:
    """Give a name without "by" before it and a date behind it; None for what names nobody.

    >>> clean_name("Written by: Ann Bell"), clean_name("admin"), clean_name("https://cedar.example/ann/")
    ('Ann Bell', None, None)
    """
    text = " ".join(strip_dates(" ".join((value or "").split())[:300]).split())
    text = BEGIN.sub("", text, count=1)
    begin = BY.match(text)
    name = text[begin.end() if begin else 0 :].strip(" ,;|·–—-:")
    plausible = 2 < len(name) <= 80 and "://" not in name and "@" not in name and "www." not in name
    return name if plausible and name.casefold() not in NO_NAME else None


def person_names(value: Any, by_id: Mapping[str, Any], *, organizations: bool, depth: int = 0) -> Iterator[str]:
    """Give the names in an ``author`` of JSON-LD: a string, an object, a list, a reference, a name within a name.

    ``organizations`` says whether an organisation counts.
    """
    if isinstance(value, list):
        for each in value[:MAX_NAMES]:
            yield from person_names(each, by_id, organizations=organizations, depth=depth)
    elif isinstance(value, str):
        if name := clean_name(jsonld.plain(value)):
            yield name
    elif isinstance(value, dict) and depth < MAX_DEPTH:
        is_named = value.get("name") or value.get("@value")
        if is_named and not organizations and any(map(ORGANIZATION.search, jsonld.types(jsonld.Node(value)))):
            return
        known = by_id.get(str(value.get("@id")))
        inner = is_named or _full_name(value) or (known if known is not value else None)
        yield from person_names(inner, by_id, organizations=organizations, depth=depth + 1)


def _full_name(person: Mapping[str, Any]) -> str:
    parts = (person.get(key) for key in ("givenName", "additionalName", "familyName"))
    return " ".join(part for part in parts if isinstance(part, str))


def split_names(text: str) -> list[str]:
    """Cut a byline into its persons; degrees behind a name are no person.

    >>> split_names("Ann Bell, MD and Joe Roe"), split_names("Ann Bell, Chief of Care")
    (['Ann Bell', 'Joe Roe'], ['Ann Bell'])
    """
    halves = AND.split(text)
    # without a word that joins, what follows a comma is a degree or an office
    parts = [part.strip() for half in halves for part in half.split(",")[: None if len(halves) > 1 else 1]]
    persons = [part for part in parts if part and not CREDENTIALS.fullmatch(part)]
    return persons if all(map(is_person, persons)) else []


def is_handle(name: str) -> bool:
    """Say whether a name is one that a system gave: "ann2024", "annbell"."""
    return bool(HANDLE.search(name)) or bool(DESK.search(name))


def is_person(name: str) -> bool:
    """Say whether a text looks like the name of a person: two to five words with capitals, and no desk."""
    return len(name) <= 60 and bool(PERSON.fullmatch(name)) and not (DESK.search(name) or BESIDE.search(name))


def names_in_lines(lines: Iterable[str], *, labelled: bool) -> Sequence[str]:
    """Give the persons of the first line that is a byline; ``labelled`` lines need "by" before the name."""
    for line, following in pairwise([*islice(lines, 40), ""]):
        text = " ".join(strip_dates(line[:200]).split())
        begin = BY.match(f"{text} ")
        if begin and begin.end() >= len(text):  # "By" in an element of its own
            text = f"{text} {following[:100]}"
        if labelled and not begin:
            continue
        byline = BEGIN.sub("", text[begin.end() if begin else 0 :])
        byline = re.split(
            r"\s[|·•–—]\s|\s{2,}|\s+\b(?:on|in|el|en|am|le)\b\s|\s+\b(?:[Uu]pdated|[Pp]ublished|[Pp]osted)\b", byline
        )[0]
        if names := split_names(byline.strip(" ,;|·–—-:")):
            return names
    return ()
