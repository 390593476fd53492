"""``make bench-changes``: edits of real pages, and which of them are told as changes, and in which place.

Run ``python -m tests.bench.changes [--held-out] [--show NAME]``. The pages are cut into two halves by their number:
rules are tuned on the first, the second only measures.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.changes.region_diff import Line, PageRegions, diff_regions
from pipelines.changes.region_hashes import region_hashes
from pipelines.reading.read import read
from pipelines.reading.visible_hash import visible_hash
from tests.bench.edits import EDITS, Edit, edit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipelines.model.records import Block, Reading

DATA = Path(__file__).resolve().parents[3] / "shared" / "html-dev"


PLACES = {"main": "text", "chrome": "boilerplate", "menu": "menu"}


def page(reading: Reading) -> PageRegions:
    """Make the page to compare out of a reading."""
    return PageRegions(
        tuple(Line(block.text, _place(block)) for block in reading.blocks),
        reading.titles,
        reading.descriptions,
        tuple(line for line in reading.data.split("\n") if line),
        reading.alternatives,
        "",
        frozenset(reading.headings),
        None
        if reading.details is None
        else tuple(Line(text, region) for region, lines in reading.details for text in lines),
    )


def _place(block: Block) -> str:
    return "menu" if block.region == "chrome" and block.linked else PLACES.get(block.region, "other_text")


def compare(before: str, after: str, url: str, known: Reading | None = None) -> list[str]:
    """Name the places in which an edit is told; empty where it is no change."""
    if visible_hash(before.encode()) == visible_hash(after.encode()):
        return []
    one, two = known or read(before.encode(), url), read(after.encode(), url)
    if region_hashes(one) == region_hashes(two):
        return []
    return list(diff_regions(page(one), page(two)))


def main() -> None:
    """Print, for each kind of edit, how many were made, told, and in which places."""
    options = argparse.ArgumentParser()
    options.add_argument("--held-out", action="store_true")
    options.add_argument("--show", default="")
    options.add_argument("--pages", type=int, default=500)
    asked = options.parse_args()
    if not DATA.is_dir():
        print(f"skipped: {DATA} is not there")
        return
    rows = [json.loads(line) for line in (DATA / "truth.jsonl").open()]
    half = [row for row in rows if int(row["id"]) % 2 == asked.held_out]
    table(Tally(asked.show).run(half[: asked.pages]))


@dataclass
class Tally:
    """What was made and what was told, by the name of the edit."""

    show: str = ""
    made: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    places: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def run(self, rows: Iterable[dict[str, str]]) -> Tally:
        """Make every edit on every page."""
        for row in rows:
            html = gzip.decompress((DATA / "html" / f"{row['id']}.html.gz").read_bytes()).decode("utf-8", "replace")
            known = read(html.encode(), row["url"])
            for name in EDITS:
                done = edit(html, name, random.Random(f"{row['id']} {name}"))
                if done:
                    self.count(name, html, done, compare(html, done.html, row["url"], known))
        return self

    def count(self, name: str, html: str, done: Edit, found: list[str]) -> None:
        """Count one edit, and show it where it was missed or told for nothing."""
        self.made[name] += 1
        self.told[name] += bool(found)
        self.places[name].update(found)
        if name == self.show and bool(found) == (done.kind == "unseen"):
            show(html, done.html, found)


def table(tally: Tally) -> None:
    """Print a line an edit, and the sums of each class."""
    for kind in ("visible", "head", "unseen"):
        names = [name for name in EDITS if EDITS[name][0] == kind]
        for name in names:
            print(line(kind, name, tally.made[name], tally.told[name]), dict(tally.places[name].most_common(4)))
        print(line(kind, "ALL", sum(tally.made[name] for name in names), sum(tally.told[name] for name in names)))


def line(kind: str, name: str, made: int, found: int) -> str:
    """Write a line of the table."""
    return f"{kind:8} {name:20} {made:5} {found:5} {found / max(1, made):7.1%}"


def show(before: str, after: str, found: list[str]) -> None:
    """Show where an edit was made that was missed, or that was told although nobody sees it."""
    start = next((at for at, (one, two) in enumerate(zip(before, after, strict=False)) if one != two), 0)
    print(found, "|", before[max(0, start - 150) : start + 60].replace("\n", " "), file=sys.stderr)


if __name__ == "__main__":
    main()
