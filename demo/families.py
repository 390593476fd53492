"""Texts that stand at several addresses besides doorways and reprints: a partner's text, a form, an old path, a spin.

Which site has which is told by the words of ``has`` in ``clinics.toml``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from demo.bank import load_bank
from demo.content import Block
from demo.page import Page, path_of, standing_page
from demo.sites import standard_site

if TYPE_CHECKING:
    from collections.abc import Iterable

    from demo.sites import Site

__all__ = ["family_pages", "rewritten", "spin"]

#: Whose form others took over, word for word.
_FORM_HOST = "lantern-psychiatry.example"
#: Whose page a site put through a spinning program, by host.
_SPUN = {
    "business-ledger.example": "stillwater-ketamine.example",
    "foxglove-telehealth.example": "magnolia-neuro.example",
}
_FORM = {"name": "consent-form", "kind": "policy", "recipe": "consent", "label": "Consent Form"}
_INFUSIONS = {"name": "ketamine-infusions", "kind": "service", "recipe": "service", "subject": "infusion"}
_WORD = re.compile(r"[A-Za-z]+")


def family_pages(site: Site) -> list[Page]:
    """Plan the pages of this site whose text stands at another address too."""
    return [page for word, plan in _PLANS.items() if word in site.has for page in plan(site)]


def _ptsd(site: Site) -> list[Page]:
    name = "treating-ptsd" if "borrows" in site.has else "ptsd-program"
    entry = {"name": name, "kind": "condition", "recipe": "condition", "label": "PTSD Program", "subject": "ptsd"}
    return [_template(site, entry, "shared/ptsd")]


def _partner(site: Site) -> list[Page]:
    """Plan the page whose text a partner gives to all clinics that work with it."""
    entry = {"name": "assisted-therapy", "kind": "service", "recipe": "service", "label": "KAP", "subject": "kap"}
    return [_template(site, entry, "shared/kap")]


def _template(site: Site, entry: dict[str, Any], family: str) -> Page:
    return standing_page(site, entry, text_key=family, family=family, family_kind="cross-advertiser template")


def _form(site: Site) -> list[Page]:
    """Plan a form that names no clinic: those who took it over show it word for word, and later."""
    family = {"family": "shared/form", "family_kind": "exact", "flags": frozenset({"nameless"})}
    original = standing_page(standard_site(site.seed, _FORM_HOST), _FORM, **family)
    if site.host == _FORM_HOST:
        return [original]
    later = original.published + timedelta(days=30 + site.dice("form").below(300))
    source = f"http://{_FORM_HOST}{original.path}"
    return [replace(original, path=path_of(site, _FORM["name"]), published=later, source=source)]


def _two_paths(site: Site) -> list[Page]:
    """Plan a page that was written anew at a second address while the first one stayed where it was."""
    fields: dict[str, Any] = {"kind": "service", "recipe": "service", "subject": "infusion", "label": "Treatment Plan"}
    family = {"text_key": f"{site.host}/plan", "family": f"version/{site.host}", "family_kind": "page version"}
    return [
        standing_page(site, {"name": "treatment-plan", **fields}, **family),
        standing_page(site, {"name": "ketamine-treatment-plan", **fields}, **family, flags=frozenset({"older"})),
    ]


def _spun(site: Site) -> list[Page]:
    """Plan another site's page as a spinning program returns it."""
    host = _SPUN[site.host]
    original = standing_page(standard_site(site.seed, host), {**_INFUSIONS, "label": "IV Ketamine Infusions"})
    family: dict[str, Any] = {"family": f"spun/{host}", "family_kind": "spun text", "flags": frozenset({"spun"})}
    path, source = path_of(site, "infusion-guide", post=True), f"http://{host}{original.path}"
    return [replace(original, path=path, label="The Infusion Guide", source=source, **family)]


_PLANS = {
    "lends": _ptsd,
    "borrows": _ptsd,
    "partner": _partner,
    "form": _form,
    "two-paths": _two_paths,
    "spins": _spun,
}


def rewritten(blocks: list[Block], flags: Iterable[str]) -> list[Block]:
    """Give the blocks of a page as an older text or a spun one has them."""
    if "older" in flags:
        return blocks[:-2]
    if "spun" in flags:
        return [block if block.kind == "row" else Block(block.kind, spin(block.text)) for block in blocks]
    return blocks


def spin(text: str) -> str:
    """Put another word for each that the spinning program knows.

    >>> spin("Patients ask the doctor.")
    'Sufferers inquire the physician.'
    """
    return _WORD.sub(lambda match: _synonym(match[0]), text)


def _synonym(word: str) -> str:
    other = _synonyms().get(word.lower())
    if other is None:
        return word
    return other[0].upper() + other[1:] if word[0].isupper() else other


@lru_cache(maxsize=1)
def _synonyms() -> dict[str, str]:
    return dict(line.split("|") for line in load_bank().lines("synonyms", "spinner"))
