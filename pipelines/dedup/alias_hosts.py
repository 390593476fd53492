"""Hosts that show another host's pages: staging, builder and preview hosts, and second domains of one advertiser."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

from pipelines.dedup.family_evidence import Evidence, value_on_page
from pipelines.model.records import FamilyKind, VariableKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipelines.dedup.family_evidence import FamilyPage
    from pipelines.dedup.template_variables import Template

__all__ = ["alias_hosts", "is_builder_host", "owners", "staging_sign"]

MIN_BRAND_LETTERS = 6  # of a name that two hosts share: shorter ones are in too many names
#: Variables in which a host speaks for itself: where one of these differs, two advertisers show one text.
IDENTITY_KINDS = frozenset(
    {VariableKind.BRAND, VariableKind.PHONE, VariableKind.PERSON, VariableKind.CITY, VariableKind.STATE}
)
# a label of the host, or a part of one, that says what the host is for; words that names have too count as a label only
STAGING_LABEL = re.compile(
    r"(?:^|[.-])(?:stag(?:e|ing)\d*|stg\d*|dev\d*|test\d*|preview\d*|sandbox|uat)(?=[.-])"
    r"|^(?:[^.]+\.)*?(?:devel|testing|beta|qa|demo\d*|clone|mirror|backup|temp|tmp|old|new|prelaunch|wip)(?=\.)"
    r"|staging"
)
# suffixes under which builders, hosters and theme shops show sites before (or instead of) their own domain;
# collected from the builders' own help pages and from hosts of clinics
BUILDER_SUFFIXES = """
    azurewebsites.net bigcartel.com blogspot.com bubbleapps.io builderall.com business.site carrd.co
    cloudwaysapps.com cloudfront.net digitalocean.app dudaone.com duda.co editmysite.com editorx.io firebaseapp.com
    flywheelsites.com framer.app framer.website github.io gitlab.io godaddysites.com hubspotpagebuilder.com
    hs-sites.com herokuapp.com hostingersite.com instawp.xyz jimdosite.com jimdofree.com kinsta.cloud kinsta.page
    leadpages.co lovable.app multiscreensite.com myftpupload.com mykajabi.com mysites.io myshopify.com
    mystagingwebsite.com netlify.app onrender.com pages.dev pantheonsite.io render.com replit.app sg-host.com
    showit.site siteground.biz squarespace.com strikingly.com tempurl.host typedream.app umso.co unbouncepages.com
    vercel.app web.app webflow.io weebly.com weeblysite.com wixsite.com wixstudio.io wordpress.com wpcomstaging.com
    wpengine.com wpenginepowered.com wpmudev.host wpstaging.com zyrosite.com
"""
BUILDER_HOST = re.compile(rf"(?:^|\.)(?:{'|'.join(map(re.escape, BUILDER_SUFFIXES.split()))})$")


def is_builder_host(host: str) -> bool:
    """Tell a host under the domain of a site builder; many clinics have no other one, so it is a sign, no proof.

    >>> is_builder_host("calm-lovat.vercel.app"), is_builder_host("vercel.example")
    (True, False)
    """
    return BUILDER_HOST.search(host) is not None


def staging_sign(host: str) -> str:
    """Say which sign marks a host as a staging, builder or preview one; empty where none does.

    >>> staging_sign("dev.cedar.example"), staging_sign("cedar.example"), staging_sign("cedar.webflow.io")
    ('dev', '', 'webflow.io')
    """
    if found := BUILDER_HOST.search(host):
        return found[0].strip(".")
    found = STAGING_LABEL.search(host.rpartition(".")[0] + ".")
    return found[0].strip(".-").rpartition(".")[2] if found else ""


def alias_hosts(pages: Sequence[FamilyPage], template: Template) -> Iterator[Evidence]:
    """Name each host of a family that shows another host's pages, with the advertisers that may be one.

    Two of three signs are needed (a staging host, one name, one phone), and nothing in the text by which some page of
    the one host speaks for another party than all pages of the other.
    """
    by_host: dict[str, list[FamilyPage]] = defaultdict(list)
    for page in pages:
        by_host[page.host].append(page)
    taken: set[str] = set()
    for one, two in combinations(sorted(by_host, key=lambda host: (not staging_sign(host), host)), 2):
        if one in taken or two in taken:
            continue
        alias, other = by_host[one], by_host[two]
        sign = staging_sign(one)
        staging = f"“{sign}” in the host is a sign of a staging, builder or preview host" if sign else ""
        phones = set().union(*(page.phones for page in alias)) & set().union(*(page.phones for page in other))
        phone = f"both give the phone number {min(phones)}" if phones else ""
        reasons = [reason for reason in (staging, _same_brand(alias, other), phone) if reason]
        if len(reasons) < 2 or not _speak_as_one(alias, other, template):
            continue
        taken.add(one)
        advertisers = tuple(sorted({alias[0].advertiser, other[0].advertiser}))
        yield Evidence(
            FamilyKind.ALIAS_HOST,
            f"{one} shows what {two} shows: {'; '.join(reasons)}",
            tuple(page.page for page in alias),
            advertisers if len(advertisers) > 1 else (),
        )


def _same_brand(alias: Iterable[FamilyPage], other: Iterable[FamilyPage]) -> str:
    """Say that two hosts have one name, where one's is the other's or a part of it."""
    names = [sorted(set().union(*(page.brands for page in pages))) for pages in (alias, other)]
    shared = []
    for first in names[0]:
        for second in names[1]:
            short, long = sorted((first, second), key=len)
            if len(short) >= MIN_BRAND_LETTERS and short in long:
                shared.append(short)
    return f"both are called “{max(shared, key=len)}”" if shared else ""


def _speak_as_one(alias: Iterable[FamilyPage], other: Sequence[FamilyPage], template: Template) -> bool:
    """Tell whether some page of each host names the same brand, phone, people and places."""
    identity = [variable for variable in template.variables if variable.kind in IDENTITY_KINDS]
    return any(
        all(value_on_page(variable, one.page) == value_on_page(variable, two.page) for variable in identity)
        for one in alias
        for two in other
    )


def owners(pages: Iterable[FamilyPage], aliases: Iterable[Evidence]) -> dict[str, str]:
    """Give for each advertiser the one that it is counted as, once proposed merges are made."""
    owner = {page.advertiser: page.advertiser for page in pages}
    for alias in aliases:
        if alias.merge:
            heir, merged = (owner[name] for name in alias.merge)
            owner = {name: heir if other == merged else other for name, other in owner.items()}
    return owner
