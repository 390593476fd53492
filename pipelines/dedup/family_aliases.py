"""Which hosts of a family show another host's pages: one voice, and signs that say so."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

from pipelines.dedup.family_hosts import staging_sign
from pipelines.dedup.family_members import Evidence, value
from pipelines.model.records import FamilyKind, SlotKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipelines.dedup.family_members import Kin
    from pipelines.dedup.template_variables import Template

__all__ = ["alias_hosts", "owners"]

OWN_VOICE = frozenset({SlotKind.BRAND, SlotKind.PHONE, SlotKind.PERSON, SlotKind.CITY, SlotKind.STATE})


def alias_hosts(members: Sequence[Kin], template: Template) -> Iterator[Evidence]:
    """Name each host that shows another host's pages, with the advertisers that may be one."""
    by_host: dict[str, list[Kin]] = defaultdict(list)
    for one in members:
        by_host[one.host].append(one)
    taken: set[str] = set()
    for pair in combinations(sorted(by_host, key=lambda host: (not staging_sign(host), host)), 2):
        alias, other = pair
        if alias in taken or other in taken:
            continue
        reasons = list(_alias_reasons(by_host[alias], by_host[other], template))
        if reasons:
            taken.add(alias)
            yield _alias(by_host[alias], by_host[other], reasons)


def _alias(alias: Sequence[Kin], other: Sequence[Kin], reasons: Sequence[str]) -> Evidence:
    advertisers = tuple(sorted({alias[0].advertiser, other[0].advertiser}))
    reason = f"{alias[0].host} shows what {other[0].host} shows: {'; '.join(reasons)}"
    pages = tuple(one.page for one in alias)
    return Evidence(FamilyKind.ALIAS_HOST, reason, pages, advertisers if len(advertisers) > 1 else ())


def _alias_reasons(alias: Sequence[Kin], other: Sequence[Kin], template: Template) -> Iterator[str]:
    """Say why one host may be another address of the other: two of sign, name and phone, in one voice."""
    sign = staging_sign(alias[0].host)
    told = f"“{sign}” in the host is a sign of a staging, builder or preview host" if sign else ""
    reasons = [reason for reason in (told, _same_brand(alias, other), _same_phone(alias, other)) if reason]
    if len(reasons) > 1 and _one_voice(alias, other, template):
        yield from reasons


def _same_brand(one: Sequence[Kin], other: Sequence[Kin]) -> str:
    """Say that two hosts have one name, where one's is the other's or a part of it."""
    pairs = [sorted((first, second), key=len) for first in _brands(one) for second in _brands(other)]
    shared = [short for short, long in pairs if len(short) > 5 and short in long]
    return f"both are called “{max(shared, key=len)}”" if shared else ""


def _brands(members: Sequence[Kin]) -> list[str]:
    return sorted(set().union(*(one.brands for one in members)))


def _same_phone(one: Sequence[Kin], other: Sequence[Kin]) -> str:
    shared = set().union(*(member.phones for member in one)) & set().union(*(member.phones for member in other))
    return f"both give the phone number {min(shared)}" if shared else ""


def _one_voice(alias: Sequence[Kin], other: Sequence[Kin], template: Template) -> bool:
    """Tell whether some page of each host names the same brand, phone, people and places."""
    slots = [slot for slot in template.slots if slot.kind in OWN_VOICE]
    return any(all(value(slot, one.page) == value(slot, two.page) for slot in slots) for one in alias for two in other)


def owners(members: Iterable[Kin], aliases: Iterable[Evidence]) -> dict[str, str]:
    """Name for each advertiser the one that stands for it once proposed merges are made."""
    owner = {one.advertiser: one.advertiser for one in members}
    for alias in aliases:
        if alias.merge:
            kept, gone = (owner[name] for name in alias.merge)
            owner = {name: kept if other == gone else other for name, other in owner.items()}
    return owner
