"""The world's truth and its seeds as files."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict
from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from demo.truth import PageTruth
    from demo.world import World

__all__ = ["compact", "seeds_csv", "truth_json"]


def truth_json(world: World, ticks: Iterable[int]) -> str:
    """Write the truth of some ticks, an entry a line, texts as their sha256.

    A page that is the same as at the tick before is not said again.
    """
    lines: list[str] = []
    before: dict[str, dict[str, Any]] = {}
    for tick in ticks:
        now = {entry.url: compact(entry) for entry in world.iter_truth(tick)}
        lines += [json.dumps({"tick": tick, **now[url]}) for url in now if now[url] != before.get(url)]
        lines += [json.dumps({"tick": tick, "url": url, "fate": "unborn"}) for url in before if url not in now]
        before = now
    head = json.dumps({"seed": world.seed, "pages": world.pages, "sites": [site.host for site in world.sites]})
    return f'{{"world": {head},\n"entries": [\n' + ",\n".join(lines) + "\n]}\n"


def compact(entry: PageTruth) -> dict[str, Any]:
    """Give an entry without its empty fields, its text as a hash."""
    fields = {name: value for name, value in asdict(entry).items() if value and name != "lines"}
    if entry.lines:
        fields |= {
            "text_sha256": sha256("\n".join(entry.lines).encode()).hexdigest(),
            "words": sum(len(line.split()) for line in entry.lines),
        }
    return fields


def seeds_csv(world: World) -> str:
    """Write the seeds file of a world: a line a site, and one for each staging host."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(("url", "name", "city", "state", "class"))
    for site in world.sites:
        url = site.home.replace("//", "//www.") if "www" in site.has else site.home
        rows.writerow((url, site.name, site.city, site.state, site.source_class))
        if site.alias:
            rows.writerow((f"http://{site.alias}/", f"{site.name} (staging host)", site.city, site.state, "clinic"))
    return out.getvalue()
