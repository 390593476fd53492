"""``clinicwatch families``: which texts stand on several pages, on whose, and why we say so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from db.corpus.connection import reading
from db.corpus.families import list_families

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

SHOWN = 20  # families on the terminal; with --all and --json there is every one


def families(db: Path, kind: str = "", limit: int = -1) -> list[dict[str, Any]]:
    """Read the families of a corpus, those that span most advertisers first."""
    with reading(db) as corpus:
        return list_families(corpus, kind, limit)


def families_text(found: list[dict[str, Any]], total: int) -> Iterator[str]:
    """Say families to a person: a line each, its main reason below."""
    if not found:
        yield "no two pages of this corpus say nearly the same"
        return
    yield f"{'family':>8}  {'pages':>5}  {'advertisers':>11}  kind"
    for one in found:
        numbers = f"{one['family']:>8}  {one['size']:>5}  {one['advertisers']:>11}"
        yield f"{numbers}  {one['kind']}: {one['title'] or one['url']}"
        yield f"{'':>30}{one['url']}"
        yield from (f"{'':>30}{reason}" for reason in _reasons(one))
    if total > len(found):
        yield f"{total - len(found)} more with --all; every one with its reasons with --json"


def _reasons(one: dict[str, Any]) -> Iterable[str]:
    for reason in one["reasons"][:1]:
        yield reason["reason"]
        if reason["merge"]:
            yield f"for a person to decide: {' and '.join(reason['merge'])} may be one advertiser"
