"""What a family is: the page that represents it, its kinds with their evidence, its text with template variables.

hosts that are one advertiser's | a text of several advertisers, or of one | the main kind | template variables

The seam of the pass ``families``: it finds who belongs together and asks here what that means. Nothing here accuses:
each kind is a candidate for a person, with the reasons that led to it. Signs and values are in
:mod:`pipelines.dedup.family_evidence`, hosts of one advertiser in :mod:`pipelines.dedup.alias_hosts`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, TypedDict

from pipelines.dedup import template_variables
from pipelines.dedup.alias_hosts import alias_hosts, owners, staging_sign
from pipelines.dedup.family_evidence import (
    REPUBLISHERS,
    Evidence,
    family_page,
    identity_of,
    likely_source,
    same_words,
    syndication_reasons,
    value_on_page,
)
from pipelines.dedup.variable_kinds import bare, squeezed
from pipelines.model.records import FamilyKind, VariableKind, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipelines.dedup.family_evidence import FamilyPage, Member
    from pipelines.dedup.template_variables import Template, TemplateData, Variable

__all__ = ["RULES", "Decision", "Description", "decide", "describe", "representative"]

#: A change of this or of the modules that it uses describes every family anew.
RULES = f"kinds 7, {template_variables.RULES}"
MIN_WHOLE_SHARE = 0.9  # of the shortest page's words that stand on all pages: the rest is a line around the text
MIN_LABELLED_SHARE = 0.75  # of the pages whose title or address has the words that are put in
MAX_LABEL = 60  # characters of what is put in
MAX_EXAMPLES = 4
PLACES = frozenset({VariableKind.CITY, VariableKind.STATE})


class EvidenceData(TypedDict):
    """What a family's kind was decided by, as JSON: each of ``reasons`` has the fields of :class:`Evidence`."""

    advertisers: int
    source: int | None
    reasons: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Description:
    """What is said of a family: its kind, its text with variables, and the evidence, the last two as JSON values."""

    kind: FamilyKind
    template: TemplateData
    evidence: EvidenceData


@dataclass(frozen=True, slots=True)
class Decision:
    """What a family is: its main kind, and all evidence with the main kind's first.

    ``source`` is the page that the others' text likely comes from, where something tells; ``advertisers`` counts them
    with alias hosts taken as one.
    """

    kind: FamilyKind
    evidence: tuple[Evidence, ...]
    source: int | None = None
    advertisers: int = 1


def representative(members: Sequence[Member]) -> Member:
    """Choose the page that represents a family.

    One of the dataset, if any is: on topic and no exact duplicate. Of these, one that others name as canonical, on no
    host that lives from texts of others and on no staging host; then the earliest seen (by day: hours within one crawl
    say nothing), the longest, the first by URL.
    """
    named = Counter(member.canonical_url for member in members if member.canonical_url != member.url)

    def rank(member: Member) -> tuple[object, ...]:
        return (
            not (member.verdict == Verdict.ON_TOPIC and member.copy_of is None),
            member.copy_of is not None,
            -named[member.url],
            member.source_class in REPUBLISHERS,
            bool(staging_sign(member.host)),
            member.first_seen[:10],
            -member.words,
            member.url,
        )

    return min(members, key=rank)


def describe(members: Sequence[Member], chosen: Member) -> Description:
    """Describe a family by its members, given in the order of their pages, and the one that represents it."""
    pages = [family_page(member) for member in members]
    texts = {member.page: member.text for member in members}
    template = template_variables.make_template(chosen.page, texts, {page.page: identity_of(page) for page in pages})
    decision = decide(pages, template)
    evidence = EvidenceData(
        advertisers=decision.advertisers,
        source=decision.source,
        reasons=[asdict(each) for each in decision.evidence],
    )
    return Description(decision.kind, template_variables.as_data(template), evidence)


def decide(pages: Sequence[FamilyPage], template: Template) -> Decision:
    """Tell the kinds of a family; the main one explains the pages that are left once alias hosts are taken together."""
    aliases = list(alias_hosts(pages, template))
    owner = owners(pages, aliases)
    on_aliases = {page for alias in aliases for page in alias.pages}
    rest = [page for page in pages if page.page not in on_aliases] or list(pages)
    has_one_owner = len({owner[page.advertiser] for page in rest}) == 1
    found = list(_of_one_advertiser(rest, template) if has_one_owner else _of_several(rest, template))
    has_one_text = len(rest) == 1 or bool(same_words(rest, template))
    evidence = [*aliases, *found] if has_one_owner and has_one_text else [*found, *aliases]
    kind = evidence[0].kind
    source = likely_source(rest, template).page.page if kind is FamilyKind.SYNDICATION else None
    return Decision(kind, tuple(evidence), source, len({owner[page.advertiser] for page in pages}))


# -- a text of several advertisers: handed on (syndication), filled in (a template), or word for word the same ---------


def _of_several(pages: Sequence[FamilyPage], template: Template) -> Iterator[Evidence]:
    """Say how a text came to several advertisers, the kind that explains most first; last, doorways of one of them."""
    numbers = tuple(page.page for page in pages)
    if reasons := list(syndication_reasons(pages, template)):
        source = likely_source(pages, template)
        reasons.append(f"the likely source is {source.page.host}: {source.reason}")
        yield Evidence(FamilyKind.SYNDICATION, "; ".join(reasons), numbers)
    same = same_words(pages, template)
    if not same and template.core_words() >= MIN_WHOLE_SHARE * min(page.words for page in pages) > 0:
        same = "the same words, some with more around them"
    if same:
        yield Evidence(FamilyKind.EXACT, f"{len(pages)} pages have {same}", numbers)
    by_advertiser: dict[str, list[FamilyPage]] = defaultdict(list)
    for page in pages:
        by_advertiser[page.advertiser].append(page)
    reason = f"{len(by_advertiser)} advertisers show one text"
    kinds = [str(kind) for kind in dict.fromkeys(variable.kind for variable in template.variables)]
    if swapped := [kind for kind in kinds if kind != VariableKind.TEXT]:
        listed = f"{', '.join(swapped[:-1])} and {swapped[-1]}" if len(swapped) > 1 else swapped[0]
        reason += f", each with its own {listed}"
    yield Evidence(FamilyKind.TEMPLATE, reason, numbers)
    for group in by_advertiser.values():
        yield from (each for each in _of_one_advertiser(group, template) if each.kind is FamilyKind.DOORWAY)


# -- a text of one advertiser at several URLs: doorways for places, filled in by page, or a second path ----------------


def _of_one_advertiser(pages: Sequence[FamilyPage], template: Template) -> Iterator[Evidence]:
    """Say what the pages of one advertiser are to each other; nothing of a single page."""
    if len(pages) < 2:
        return
    numbers = tuple(page.page for page in pages)
    if same := same_words(pages, template):
        yield Evidence(FamilyKind.EXACT, f"{len(pages)} addresses have {same}", numbers)
        return
    texts = list({page.key: page for page in pages}.values())
    places = [variable for variable in template.variables if variable.kind in PLACES]
    place = max(places, key=lambda variable: (_distinct(variable, texts), variable.times), default=None)
    if place and _tells_apart(place, texts):
        reason = f"one text for {_distinct(place, texts)} places: {_examples(place, texts)}"
        yield Evidence(FamilyKind.DOORWAY, reason, numbers)
    elif filled := _filled_in(texts, template):
        reason = f"one text, with other words put in: {_examples(filled, texts)}"
        yield Evidence(FamilyKind.OWN_TEMPLATE, reason, numbers)
    else:
        hosts = {page.host for page in pages}
        where = sorted({page.path for page in pages} if len(hosts) == 1 else hosts)[:MAX_EXAMPLES]
        advertiser = pages[0].advertiser
        reason = f"nearly the same text stands at {len(pages)} addresses of {advertiser}: {', '.join(where)}"
        yield Evidence(FamilyKind.PAGE_VERSION, reason, numbers)


def _filled_in(pages: Sequence[FamilyPage], template: Template) -> Variable | None:
    """Find a variable whose words stand in the titles or URLs of most pages: a template filled in page by page."""
    for variable in sorted(template.variables, key=lambda variable: -variable.times):
        filled = [(squeezed(value_on_page(variable, page.page)), squeezed(page.label)) for page in pages]
        labelled = sum(0 < len(words) < MAX_LABEL and words in label for words, label in filled)
        if _tells_apart(variable, pages) and labelled >= MIN_LABELLED_SHARE * len(pages):
            return variable
    return None


def _tells_apart(variable: Variable, pages: Sequence[FamilyPage]) -> bool:
    """Tell whether a variable has half as many values as there are pages, and two at least."""
    return _distinct(variable, pages) >= max(2, len(pages) / 2)


def _distinct(variable: Variable, pages: Iterable[FamilyPage]) -> int:
    return len({value_on_page(variable, page.page) for page in pages} - {""})


def _examples(variable: Variable, pages: Iterable[FamilyPage]) -> str:
    values = dict.fromkeys(bare(variable.values.get(page.page, "")) for page in pages)
    shown = [value for value in values if value]
    return ", ".join(shown[:MAX_EXAMPLES]) + (", …" if len(shown) > MAX_EXAMPLES else "")
