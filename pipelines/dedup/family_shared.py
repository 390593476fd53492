"""A text of several advertisers: handed on (syndication), filled in (a template), or word for word the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.dedup.family_members import REPUBLISHERS, Evidence, same_words, squeezed
from pipelines.dedup.variable_kinds import bare
from pipelines.model.records import FamilyKind, SlotKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipelines.dedup.family_members import Kin
    from pipelines.dedup.template_variables import Template

__all__ = ["across", "likely_source"]

WHOLE = 0.9  # of the shortest page: the rest is a line of its frame
NOTE = re.compile(
    r"(?:first|originally)\s+(?:appeared|published|posted|ran)|re(?:printed|published|posted)\b|syndicat"
    r"|guest (?:post|author|contribut)|sponsored (?:post|content|by)|partner content|press release|courtesy of"
    r"|(?:article|story|post|text) (?:is|was) (?:provided|supplied|contributed) by",
    re.IGNORECASE,
)


def across(members: Sequence[Kin], template: Template) -> Iterator[Evidence]:
    """Say how a text came to several advertisers, the kind that explains most first."""
    pages = tuple(one.page for one in members)
    advertisers = len({one.advertiser for one in members})
    if reasons := list(_syndication_reasons(members, template)):
        page, why = likely_source(members, template)
        source = next(one for one in members if one.page == page)
        yield Evidence(
            FamilyKind.SYNDICATION, "; ".join([*reasons, f"the likely source is {source.host}: {why}"]), pages
        )
    if same := same_words(members, template) or _one_whole(members, template):
        yield Evidence(FamilyKind.EXACT, f"{len(pages)} pages have {same}", pages)
    swapped = _names(dict.fromkeys(slot.kind for slot in template.slots if slot.kind is not SlotKind.TEXT))
    reason = f"{advertisers} advertisers show one text" + (f", each with its own {swapped}" if swapped else "")
    yield Evidence(FamilyKind.TEMPLATE, reason, pages)


def _one_whole(members: Sequence[Kin], template: Template) -> str:
    """Say that the whole text of one page stands word for word on the others, which have more around it."""
    shortest = min(one.words for one in members)
    return "the same words, some with more around them" if template.core_words() >= WHOLE * shortest > 0 else ""


def _syndication_reasons(members: Sequence[Kin], template: Template) -> Iterator[str]:
    """Say why a text was handed on rather than filled in: its words are one party's wherever it stands."""
    by_url = {one.url: one for one in members}
    for one in members:
        target = by_url.get(one.canonical)
        if target and target.advertiser != one.advertiser:
            yield f"{one.host} names {target.host} as its canonical page (rel=canonical)"
            break
    if note := _note(template):
        yield f"a page says so: “{note}”"
    if _swaps_brand(members, template):
        return
    if hosts := sorted({one.host for one in members if one.source_class in REPUBLISHERS}):
        yield f"{', '.join(hosts[:3])} publish{'es' if len(hosts) == 1 else ''} texts of others ({_classes(members)})"
    if named := _named(members, template):
        others = len({one.advertiser for one in members}) - 1
        yield f"{others} other advertiser{'s name' if others > 1 else ' names'} {named.host} in the text"


def _classes(members: Iterable[Kin]) -> str:
    return ", ".join(sorted({one.source_class for one in members if one.source_class in REPUBLISHERS}))


def _note(template: Template) -> str:
    """Find the words with which a page says that its text is another's; only what not all pages say counts."""
    said = (value for slot in template.slots if slot.kind is SlotKind.TEXT for value in slot.values.values())
    return next((value[:160] for value in said if NOTE.search(value)), "")


def _swaps_brand(members: Sequence[Kin], template: Template) -> bool:
    """Tell whether the pages put their own names into the text: then it was filled in."""
    brands = [slot for slot in template.slots if slot.kind in {SlotKind.BRAND, SlotKind.PHONE}]
    advertiser = {one.page: one.advertiser for one in members}
    for slot in brands:
        said = {(advertiser[page], bare(value).casefold()) for page, value in slot.values.items() if page in advertiser}
        if len({value for _, value in said if value}) > 1 and len({name for name, _ in said}) > 1:
            return True
    return False


def _named(members: Sequence[Kin], template: Template) -> Kin | None:
    """Find the member whose name stands in the words that all pages share."""
    shared = " ".join(part for line in template.lines for part in line.parts if isinstance(part, str))
    names = {squeezed(name) for name in re.findall(r"(?:[A-Z][\w'’&-]+\s+){1,5}[A-Z][\w'’-]+", shared)}
    for one in sorted(members, key=lambda one: one.url):
        if any(len(brand) > 7 and any(brand in name for name in names) for brand in one.brands):
            return one
    return None


def likely_source(members: Sequence[Kin], template: Template) -> tuple[int, str]:
    """Name the page that the text likely comes from: canonical, named in the text, dated first, class, seen first."""
    by_url = {one.url: one for one in members}
    for one in members:
        target = by_url.get(one.canonical)
        if target and target.advertiser != one.advertiser:
            return target.page, "others name it as canonical"
    if named := _named(members, template):
        return _first(one for one in members if one.advertiser == named.advertiser).page, "the text names it"
    dated = sorted((one.published[:10], one.url, one.page) for one in members if one.published)
    if len(dated) == len(members) and dated[0][0] < dated[1][0]:
        return dated[0][2], f"its date, {dated[0][0]}, is the earliest"
    own = [one for one in members if one.source_class not in REPUBLISHERS]
    if own and len(own) < len(members):
        return _first(own).page, "the others publish texts of others"
    return _first(members).page, "it was seen first"


def _first(members: Iterable[Kin]) -> Kin:
    return min(members, key=lambda one: (one.first_seen[:10], one.published or "9999", one.url))


def _names(kinds: Iterable[str]) -> str:
    listed = [str(kind) for kind in kinds]
    return " and ".join(filter(None, (", ".join(listed[:-1]), listed[-1]))) if listed else ""
