"""What a family is: which member stands for it, its kinds with their evidence, its text with what differs as slots.

hosts that are one advertiser's | a text of several advertisers, or of one | the main kind | slots

The seam of the pass ``families``: it finds who belongs together and asks here what that means. Nothing here accuses:
each kind is a candidate for a person, with the reasons that led to it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from pipelines.dedup import template_variables as slots
from pipelines.dedup.family_aliases import alias_hosts, owners
from pipelines.dedup.family_hosts import staging_sign
from pipelines.dedup.family_members import REPUBLISHERS, Evidence, kin_of, known_of, same_words
from pipelines.dedup.family_own import within
from pipelines.dedup.family_shared import across, likely_source
from pipelines.model.records import FamilyKind, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipelines.dedup.family_members import Kin
    from pipelines.dedup.similarity import Member
    from pipelines.dedup.template_variables import Template

__all__ = ["RULES", "Decision", "Description", "decide", "describe", "representative"]

#: A change of this or of the modules that it uses describes every family anew.
RULES = f"kinds 6, {slots.RULES}"


@dataclass(frozen=True, slots=True)
class Description:
    """What is said of a family: its kind, its text with slots and the evidence, as JSON values."""

    kind: str
    slots: object = ()
    evidence: tuple[tuple[str, object], ...] = ()


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
    """Choose the page that stands for a family.

    One of the dataset, if any is: on topic and no exact copy. Of these, one that others name as canonical, on no host
    that lives from texts of others and on no staging host; then the earliest seen (by day: hours within one crawl say
    nothing), the longest, the first by address.
    """
    named = Counter(one.canonical_url for one in members if one.canonical_url != one.url)

    def rank(one: Member) -> tuple[object, ...]:
        away = (one.source_class in REPUBLISHERS, bool(staging_sign(one.host)))
        counted = one.verdict == Verdict.ON_TOPIC and one.copy_of is None
        return (not counted, one.copy_of is not None, -named[one.url], *away, one.first_seen[:10], -one.words, one.url)

    return min(members, key=rank)


def describe(members: Sequence[Member], chosen: Member) -> Description:
    """Describe a family by its members, given in the order of their pages, and the one that stands for it."""
    kin = [kin_of(one) for one in members]
    texts = {one.page: one.text for one in members}
    template = slots.make_template(chosen.page, texts, {one.page: known_of(one) for one in kin})
    told = decide(kin, template)
    evidence = {
        "advertisers": told.advertisers,
        "source": told.source,
        "reasons": [asdict(one) for one in told.evidence],
    }
    return Description(told.kind, slots.as_data(template), tuple(evidence.items()))


def decide(members: Sequence[Kin], template: Template) -> Decision:
    """Tell the kinds of a family; the main one explains the pages that are left once alias hosts are taken together."""
    aliases = list(alias_hosts(members, template))
    owner = owners(members, aliases)
    hidden = {page for one in aliases for page in one.pages}
    rest = [one for one in members if one.page not in hidden] or list(members)
    one_owner = len({owner[one.advertiser] for one in rest}) == 1
    found = list(within(rest, template)) if one_owner else _between(rest, template)
    one_text = len(rest) == 1 or bool(same_words(rest, template))
    evidence = [*aliases, *found] if one_owner and one_text else [*found, *aliases]
    kind = evidence[0].kind
    source = likely_source(rest, template)[0] if kind is FamilyKind.SYNDICATION else None
    return Decision(kind, tuple(evidence), source, len({owner[one.advertiser] for one in members}))


def _between(members: Sequence[Kin], template: Template) -> list[Evidence]:
    """Tell what pages of several advertisers are to each other; the doorways of one are named among them."""
    own = [list(within(group, template)) for group in _by_advertiser(members)]
    doorways = [one for found in own for one in found if one.kind is FamilyKind.DOORWAY]
    return [*across(members, template), *doorways]


def _by_advertiser(members: Iterable[Kin]) -> list[list[Kin]]:
    found: dict[str, list[Kin]] = defaultdict(list)
    for one in members:
        found[one.advertiser].append(one)
    return list(found.values())
