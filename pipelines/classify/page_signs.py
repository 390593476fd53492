"""The signs by which the type of a page is recognised, out of the table of page types, in its order of precedence.

In ``LAST`` and ``FOLDER`` the first pattern that matches counts, in ``TITLE`` all do.
"""

from __future__ import annotations

import re

from pipelines.model.page_types import CONDITION, PAGE_TYPES, SERVICE, PageType

__all__ = [
    "CARE",
    "CONDITION",
    "DECLARED",
    "FOLDER",
    "LAST",
    "OFFER",
    "PAPER",
    "POSTED",
    "QUESTION",
    "QUOTED",
    "SERVICE",
    "TITLE",
    "WORDS",
    "Table",
]

Table = tuple[tuple[PageType, float, str], ...]

LAST: Table = tuple((kind, *sign) for kind, row in PAGE_TYPES.items() for sign in row.last)
FOLDER: Table = tuple((kind, *sign) for kind, row in PAGE_TYPES.items() for sign in row.folder)
TITLE: Table = tuple((kind, *sign) for kind, row in PAGE_TYPES.items() for sign in row.title)
DECLARED = {name: (kind, points) for kind, row in PAGE_TYPES.items() for name, points in row.declared.items()}
WORDS = tuple((kind, row.words, re.compile(row.words.pattern)) for kind, row in PAGE_TYPES.items() if row.words)
QUESTION = re.compile(r"^(?:[QP]\s?[.:)]\s*|\d+[.)]\s*)?[^.!?]{8,180}\?\s*$")
POSTED = re.compile(
    (
        r"^(?:posted (?:on|by)|by .{2,40}\||read more|continue reading|leer más)|\bread more\b|"
        r"continue reading|\bmin read\b"
    ),
    re.IGNORECASE,
)
QUOTED = re.compile(r"^[\"“”«].{20,}|^[-–—]\s?[A-Z][\w.]*(?: [A-Z]\.?)?,?(?: .{0,25})?$")
# for texts in small letters: re takes twice as long where case does not count
CARE = re.compile(
    (
        r"\b(?:infusions?|treatments?|therap(?:y|ies)|sessions?|patients|our (?:clinic|nurses?|doctors?|"
        r"team)|we (?:treat|offer|provide)|your (?:doctor|provider|visit))\b"
    ),
)
OFFER = re.compile(
    r"\b(?:book (?:now|online|an?|your)|schedule (?:an?|your)|call (?:us|now|today)|free consultation|appointments?|"
    r"special offers?|limited time|botox|dysport|fillers?|injections?)\b|\$\d"
)
PAPER = re.compile(r"\bp\s?[<=]\s?0?\.\d|95\s?% CI|\bdoi\b|et al\.|randomi[sz]ed|\bPubMed\b")
