"""What is known of the pages of a family, and what is said of them: the values that its kinds are told from."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipelines.dedup.variable_kinds import Known, bare
from pipelines.text.tokens import copy_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipelines.dedup.similarity import Member
    from pipelines.dedup.template_variables import Slot, Template
    from pipelines.model.records import FamilyKind

__all__ = ["REPUBLISHERS", "Evidence", "Kin", "kin_of", "known_of", "same_words", "squeezed", "value"]

#: Classes of hosts that live from other people's texts; a clinic that shares a text with one is its likely source.
REPUBLISHERS = frozenset({"news", "guest-post-host", "content-farm", "directory", "drug-info", "forum"})
SHORT, MOST_FRAME = 6, 0.25  # words of a line that no one takes for prose; share of a page that such lines are


@dataclass(frozen=True, slots=True)
class Kin:
    """One page of a family, with what its kind depends on.

    ``key`` is the same for pages with the same words, ``canonical`` the URL that the page names as canonical,
    ``copy_of`` the page that the pass ``copies`` calls its original.
    ``published`` is a day that the page states, ``first_seen`` the time of its first capture; empty where not known.
    ``brands`` are squeezed names of its site, ``phones`` the numbers that it gives, ``label`` its title and path.
    """

    page: int
    url: str
    host: str
    advertiser: str
    key: str
    words: int = 0
    source_class: str = ""
    first_seen: str = ""
    published: str = ""
    canonical: str = ""
    copy_of: int | None = None
    brands: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    label: str = ""

    @property
    def path(self) -> str:
        """Give what follows the host, without the last slash."""
        return re.sub(r"^https?://[^/]*", "", self.url).rstrip("/") or "/"


def kin_of(one: Member) -> Kin:
    """Tell what a page of a family says of itself: its facts, the names in its title, site and host."""
    facts = [(field, text) for field, text, *_ in json.loads(one.facts)]
    names = {one.name, *(text for field, text in facts if field == "name")}
    places = {one.city, *one.state.split("|"), *(text for field, text in facts if field in {"city", "state"})}
    return Kin(
        one.page,
        one.url,
        one.host,
        one.advertiser,
        copy_key(one.text),
        one.words,
        one.source_class,
        one.first_seen,
        one.published,
        one.canonical_url,
        one.copy_of,
        frozenset({squeezed(name) for name in names} | {_label(one.host)}) - {""},
        frozenset(place.casefold() for place in places if place),
        frozenset(text for field, text in facts if field == "phone"),
        f"{one.title} {urlsplit(one.url).path}",
    )


def known_of(one: Kin) -> Known:
    """Give what the slots of a page are named by."""
    return Known(one.brands, one.places, one.label)


def _label(host: str) -> str:
    """Take the label of a host that names its owner: the longest one before the suffix."""
    labels = host.removeprefix("www.").split(".")
    return squeezed(max(labels[:-1] or labels, key=len))


@dataclass(frozen=True, slots=True)
class Evidence:
    """One kind that a family is of, and why; ``merge`` names advertisers that may be one, for a person to decide."""

    kind: FamilyKind
    reason: str
    pages: tuple[int, ...] = ()
    merge: tuple[str, ...] = ()


def value(slot: Slot, page: int) -> str:
    """Give what a page has in a slot, without small words and case."""
    return bare(slot.values.get(page, "")).casefold()


def same_words(members: Sequence[Kin], template: Template) -> str:
    """Say that pages have the same words, or all but lines around the text that are no prose.

    A link to the next page, an address below a print page, opening hours that the reader took for text.
    """
    if len({one.key for one in members}) == 1:
        return "the same words"
    pages = {one.page for one in members}
    if sum(one.copy_of in pages for one in members) == len(members) - 1:
        return "the same words, or agree with the page that they name as canonical (rel=canonical)"
    odd = [(template.odd_lines(one.page), one.words) for one in members]
    if all(lines is not None and _is_frame(lines, words) for lines, words in odd):
        return "the same words, but for short lines around them"
    return ""


def _is_frame(lines: Iterable[str], words: int) -> bool:
    """Tell lines of a site's frame from a part of the text: no prose among them, and not much of them."""
    split = [line.split() for line in lines]
    prose = any(len(line) > SHORT and line[-1][-1] in ".!" for line in split)
    return not prose and sum(map(len, split)) <= MOST_FRAME * words


def squeezed(text: str) -> str:
    """Leave letters and digits only, in small letters: how names are found in addresses."""
    return "".join(re.findall(r"\w+", text.casefold()))
