"""``clinicwatch families``: which texts are on several pages, on whose, and why we say so."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from crawler.commands.options import DB
from db.corpus.connection import reading
from db.corpus.families import list_families
from pipelines.model.records import FamilyKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_PRINTED = 20  # families on the terminal; with --all and --json there is every one


@click.command
@click.option("--kind", type=click.Choice([*map(str, FamilyKind)]), help="Only families of this kind.")
@click.option("--all", "everything", is_flag=True, help="List every family, not the first 20.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON, with every reason.")
@DB
def families(*, db: Path, kind: str | None, everything: bool, as_json: bool) -> None:
    """List the families of near texts, those that span most advertisers first: candidates for review, no findings."""
    with reading(db) as corpus:
        found = list_families(corpus, kind or "")
    if as_json:
        click.echo(json.dumps(found))
        return
    for line in families_text(found if everything else found[:MAX_PRINTED], len(found)):
        click.echo(line)


def families_text(found: list[dict[str, Any]], total: int) -> Iterator[str]:
    """Say families to a person: a line each, its main reason below."""
    if not found:
        yield "no two pages of this corpus say nearly the same"
        return
    yield f"{'family':>8}  {'pages':>5}  {'advertisers':>11}  kind"
    for family in found:
        numbers = f"{family['family']:>8}  {family['size']:>5}  {family['advertisers']:>11}"
        yield f"{numbers}  {family['kind']}: {family['title'] or family['url']}"
        yield f"{'':>30}{family['url']}"
        for reason in family["reasons"][:1]:
            yield f"{'':>30}{reason['reason']}"
            if reason["merge"]:
                merged = " and ".join(reason["merge"])
                yield f"{'':>30}for a person to decide: {merged} may be one advertiser"
    if total > len(found):
        yield f"{total - len(found)} more with --all; every one with its reasons with --json"
