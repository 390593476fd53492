"""What the kind of a family is decided by: its pages with what they say of themselves, and signs in their texts."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from pipelines.dedup.masks import host_label
from pipelines.dedup.variable_kinds import PageIdentity, bare, squeezed
from pipelines.model.records import FamilyKind, VariableKind
from pipelines.model.source_classes import PUBLISHERS
from pipelines.text.tokens import copy_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipelines.dedup.template_variables import Template, Variable

__all__ = [
    "REPUBLISHERS",
    "Evidence",
    "FamilyPage",
    "LikelySource",
    "Member",
    "family_page",
    "identity_of",
    "likely_source",
    "same_words",
    "syndication_reasons",
    "value_on_page",
]

#: Classes of hosts that live from other people's texts; a clinic that shares a text with one is its likely source.
REPUBLISHERS = PUBLISHERS
MAX_LABEL_WORDS = 6  # of a line that no one takes for prose
MAX_FRAME_SHARE = 0.25  # of a page's words that are in such lines around the text
MIN_NAME_LETTERS = 8  # of a name that is looked for in the text: "Mind Spa" is found in a sentence about a spa
MAX_QUOTE = 160  # characters
NAME = re.compile(r"(?:[A-Z][\w'’&-]{1,60}\s+){1,5}[A-Z][\w'’-]+")
REPRINT_NOTE = re.compile(
    r"(?:first|originally)\s+(?:appeared|published|posted|ran)|re(?:printed|published|posted)\b|syndicat"
    r"|guest (?:post|author|contribut)|sponsored (?:post|content|by)|partner content|press release|courtesy of"
    r"|(?:article|story|post|text) (?:is|was) (?:provided|supplied|contributed) by",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Member:
    """A page of a family with all that a description of the family may want to know: a row of the corpus."""

    page: int
    url: str
    host: str
    site: int
    advertiser: str
    name: str
    city: str
    state: str
    source_class: str
    page_type: str
    title: str
    canonical_url: str
    published: str
    copy_of: int | None
    first_capture: int
    first_seen: str
    words: int
    facts: str
    verdict: str
    text_sha256: str
    text: str


@dataclass(frozen=True, slots=True)
class FamilyPage:
    """One page of a family, with what the family's kind depends on.

    ``key`` is the same for pages with the same words, ``canonical`` the URL that the page names as canonical,
    ``copy_of`` the page that it is an exact duplicate of.
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


@dataclass(frozen=True, slots=True)
class Evidence:
    """One kind that a family is of, and why; ``merge`` names advertisers that may be one, for a person to decide."""

    kind: FamilyKind
    reason: str
    pages: tuple[int, ...] = ()
    merge: tuple[str, ...] = ()


def family_page(member: Member) -> FamilyPage:
    """Gather what a page of a family says of itself: its facts, the names in its title, site and host."""
    facts = [(field, text) for field, text, *_ in json.loads(member.facts)]
    names = {member.name, *(text for field, text in facts if field == "name")}
    places = {member.city, *member.state.split("|"), *(text for field, text in facts if field in {"city", "state"})}
    return FamilyPage(
        page=member.page,
        url=member.url,
        host=member.host,
        advertiser=member.advertiser,
        key=copy_key(member.text),
        words=member.words,
        source_class=member.source_class,
        first_seen=member.first_seen,
        published=member.published,
        canonical=member.canonical_url,
        copy_of=member.copy_of,
        brands=frozenset(squeezed(name) for name in (*names, host_label(member.host))) - {""},
        places=frozenset(place.casefold() for place in places if place),
        phones=frozenset(text for field, text in facts if field == "phone"),
        label=f"{member.title} {urlsplit(member.url).path}",
    )


def identity_of(page: FamilyPage) -> PageIdentity:
    """Give what the template variables of a page are named by."""
    return PageIdentity(page.brands, page.places, page.label)


def value_on_page(variable: Variable, page: int) -> str:
    """Give what a page has for a variable, without small words and case."""
    return bare(variable.values.get(page, "")).casefold()


def same_words(pages: Sequence[FamilyPage], template: Template) -> str:
    """Say that pages have the same words, or all but lines around the text that are no prose; else nothing.

    Such a line is a link to the next page, an address below a print page, opening hours that were read as text.
    """
    if len({page.key for page in pages}) == 1:
        return "the same words"
    numbers = {page.page for page in pages}
    if sum(page.copy_of in numbers for page in pages) == len(pages) - 1:
        return "the same words, or agree with the page that they name as canonical (rel=canonical)"
    for page in pages:
        differing = template.differing_lines(page.page)
        if differing is None:
            return ""
        lines = [line.split() for line in differing]
        is_prose = any(len(words) > MAX_LABEL_WORDS and words[-1][-1] in ".!" for words in lines)
        if is_prose or sum(map(len, lines)) > MAX_FRAME_SHARE * page.words:
            return ""
    return "the same words, but for short lines around them"


class LikelySource(NamedTuple):
    """The page that a text likely comes from, and what speaks for it."""

    page: FamilyPage
    reason: str


def syndication_reasons(pages: Sequence[FamilyPage], template: Template) -> Iterator[str]:
    """Say why a text was handed on rather than filled in: its words are one party's wherever it stands."""
    if link := _canonical_link(pages):
        yield f"{link.page.host} names {link.target.host} as its canonical page (rel=canonical)"
    # in the words of a variable, for a note that all pages have is part of the text
    texts = [variable for variable in template.variables if variable.kind is VariableKind.TEXT]
    values = (value for variable in texts for value in variable.values.values())
    if note := next((value for value in values if REPRINT_NOTE.search(value)), ""):
        yield f"a page says so: “{note[:MAX_QUOTE]}”"
    if _swap_names(pages, template):
        return
    if republishers := [page for page in pages if page.source_class in REPUBLISHERS]:
        hosts = sorted({page.host for page in republishers})
        classes = ", ".join(sorted({page.source_class for page in republishers}))
        yield f"{', '.join(hosts[:3])} publish{'es' if len(hosts) == 1 else ''} texts of others ({classes})"
    if named := _named_in_text(pages, template):
        others = len({page.advertiser for page in pages}) - 1
        yield f"{others} other advertiser{'s name' if others > 1 else ' names'} {named.host} in the text"


def likely_source(pages: Sequence[FamilyPage], template: Template) -> LikelySource:
    """Name the page that a text likely comes from: canonical, named in the text, dated first, class, seen first."""
    if link := _canonical_link(pages):
        return LikelySource(link.target, "others name it as canonical")
    if named := _named_in_text(pages, template):
        theirs = [page for page in pages if page.advertiser == named.advertiser]
        return LikelySource(_first(theirs), "the text names it")
    dated = sorted(pages, key=lambda page: (page.published[:10], page.url, page.page))
    first_day = dated[0].published[:10]
    if first_day and first_day < dated[1].published[:10]:  # all are dated, for pages without a date sort first
        return LikelySource(dated[0], f"its date, {first_day}, is the earliest")
    authors = [page for page in pages if page.source_class not in REPUBLISHERS]
    if authors and len(authors) < len(pages):
        return LikelySource(_first(authors), "the others publish texts of others")
    return LikelySource(_first(pages), "it was seen first")


class _CanonicalLink(NamedTuple):
    """A page that names another advertiser's page of the family as canonical, and that page."""

    page: FamilyPage
    target: FamilyPage


def _canonical_link(pages: Sequence[FamilyPage]) -> _CanonicalLink | None:
    by_url = {page.url: page for page in pages}
    for page in pages:
        target = by_url.get(page.canonical)
        if target and target.advertiser != page.advertiser:
            return _CanonicalLink(page, target)
    return None


def _swap_names(pages: Sequence[FamilyPage], template: Template) -> bool:
    """Tell whether the pages put their own names or phones into the text: then it was filled in, not handed on."""
    advertiser_of = {page.page: page.advertiser for page in pages}
    for variable in template.variables:
        if variable.kind not in {VariableKind.BRAND, VariableKind.PHONE}:
            continue
        values = {page: bare(value).casefold() for page, value in variable.values.items() if page in advertiser_of}
        if len(set(values.values()) - {""}) > 1 and len({advertiser_of[page] for page in values}) > 1:
            return True
    return False


def _named_in_text(pages: Sequence[FamilyPage], template: Template) -> FamilyPage | None:
    """Find the page whose name stands in the words that all pages share."""
    shared = " ".join(part for line in template.lines for part in line.parts if isinstance(part, str))
    names = {squeezed(name) for name in NAME.findall(shared)}
    for page in sorted(pages, key=lambda page: page.url):
        if any(len(brand) >= MIN_NAME_LETTERS and any(brand in name for name in names) for brand in page.brands):
            return page
    return None


def _first(pages: Iterable[FamilyPage]) -> FamilyPage:
    return min(pages, key=lambda page: (page.first_seen[:10], page.published or "9999", page.url))
