"""``make bench-watch``: crawl the watched demo webs tick by tick, and compare what is reported with the truth.

Run ``python -m tests.bench.watch [--world first|second|third|fourth] [--sites N] [--ticks N] [--pages N]``.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from demo.watched.noise import noise_of
from demo.watched.plan import Plan, make_plan
from demo.watched.world import answer
from pipelines.changes.rotation import Rotation
from pipelines.model.outcomes import ChangeKind
from tests.support.command import clinicwatch
from tests.support.web import Answer, serving

if TYPE_CHECKING:
    from collections.abc import Iterable

WORLDS = {"first": 11, "second": 29, "third": 47, "fourth": 83}
LATE = {ChangeKind.GONE: 1, ChangeKind.BACK: 2}  # ticks after the event at which it can be told
ROWS = (
    "SELECT pages.url, changes.crawl - 1, changes.kind, regions, score, changes.edit, summary, lines, edit_pages,"
    " coalesce(rotations.state, '') FROM page_changes AS changes"
    " LEFT JOIN rotations ON rotations.crawl = changes.crawl AND rotations.edit = changes.edit"
    " JOIN pages ON pages.id = changes.page ORDER BY 2, 1, 3"
)


@dataclass(frozen=True, slots=True)
class Told:
    """A row of the change desk: where, at which tick, what."""

    url: str
    tick: int
    kind: str
    regions: str
    score: float
    edit: str
    summary: str
    lines: str = "[]"
    pages: int = 1
    rotation: str = ""

    @property
    def is_folded(self) -> bool:
        """Tell whether the list shows it folded, as what may rotate."""
        return self.rotation in {Rotation.SUSPECTED, Rotation.PROVEN}


def crawl_world(plan: Plan, noise: tuple, db: Path) -> list[Told]:
    """Crawl a watched web at each of its ticks, as a user does, and give what was reported."""
    now, asked = [0], Counter[str]()

    def reply(url: str) -> Answer | None:
        asked[url] += 1
        found = answer(plan, noise, url, now[0], asked[url])
        return Answer(found[2].encode(), found[0], found[1]) if found else None

    seeds = db.with_name("seeds.csv")
    seeds.write_text("url\n" + "".join(f"{site.home}\n" for site in plan.sites))
    with serving(reply) as web:
        for tick in range(plan.ticks):
            now[0] = tick
            options = ("-s", "DOWNLOAD_DELAY=0", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8", "--db", db)
            done = clinicwatch("crawl", "--all", "--seeds", seeds, *options, proxy=web.proxy, timeout=500)
            if done.returncode:
                raise SystemExit(done.stderr)
    with closing(sqlite3.connect(db)) as corpus:
        return [Told(*row) for row in corpus.execute(ROWS)]


def due(plan: Plan) -> dict[tuple[str, str], int]:
    """Name what must be told, by address and kind, and at which tick at the latest."""
    wanted = {(url, str(event.kind)): event.tick + LATE.get(event.kind, 0) for url, event in plan.events.items()}
    gone = [(url, event) for url, event in plan.events.items() if event.kind is ChangeKind.BACK]
    wanted |= {(url, str(ChangeKind.GONE)): event.tick + 1 for url, event in gone}
    for site in plan.sites:
        if site.host in plan.footers:
            tick = plan.footers[site.host]
            wanted |= {(f"http://{site.host}{page.path}", "footer"): tick for page in plan.pages(site)[:1]}
    return wanted


def table(plan: Plan, told: Iterable[Told]) -> list[str]:
    """Write the truth against what was reported: a line a kind, then each mistake."""
    wanted, rows = due(plan), list(told)
    footers = {row.edit for row in rows if row.regions == '["boilerplate"]' and "Open on weekdays" in row.summary}
    found = {("footer", edit) for edit in footers}
    hits: Counter[str] = Counter()
    false = [row for row in rows if row.edit not in footers and not is_true(row, wanted)]
    missed = []
    for (url, kind), tick in wanted.items():
        name = _name(plan, url, kind)
        is_told = (
            bool(found) if kind == "footer" else any((row.url, row.kind, row.tick) == (url, kind, tick) for row in rows)
        )
        hits[name] += is_told
        missed += [] if is_told else [f"missed: {name} at tick {tick} of {url}"]
    planted = Counter(_name(plan, url, kind) for url, kind in wanted)
    lines = [f"{'planted':34}{'true':>6}{'right':>7}{'missed':>8}"]
    lines += [f"{name:34}{count:6}{hits[name]:7}{count - hits[name]:8}" for name, count in sorted(planted.items())]
    lines.append(f"{'all':34}{planted.total():6}{hits.total():7}{planted.total() - hits.total():8}")
    edits, folded = {row.edit for row in false}, {row.edit for row in false if row.is_folded}
    lines.append(
        f"false changes: {len(edits - folded)} edits, and {len(folded)} that are shown folded as what may rotate;"
        f" {len(false)} pages"
    )
    lines += missed + [
        f"false: {row.kind} at tick {row.tick} of {row.url} {row.regions} {row.summary[:200]}" for row in false
    ]
    pages = len(list(plan.urls()))
    return [*lines, f"{pages} pages, {plan.ticks} ticks, {len(footers)} row for the footer edit; {ranks(plan, rows)}"]


def is_true(row: Told, wanted: dict[tuple[str, str], int]) -> bool:
    """Tell whether a row is in the truth."""
    return wanted.get((row.url, row.kind)) == row.tick


def _name(plan: Plan, url: str, kind: str) -> str:
    event = plan.events.get(url)
    if event is None or kind == "footer":
        return f"edited, {kind} of a whole site"
    return f"{kind}, {event.what}" if kind == event.kind else str(kind)


def ranks(plan: Plan, rows: Iterable[Told]) -> str:
    """Compare the scores of material and cosmetic edits."""
    scores: dict[bool, list[float]] = {True: [], False: []}
    for row in rows:
        event = plan.events.get(row.url)
        if event and event.material is not None and (row.kind, row.tick) == (event.kind, event.tick):
            scores[event.material].append(row.score)
    return (
        f"material scores from {min(scores[True], default=0)} up, cosmetic ones up to {max(scores[False], default=0)}"
    )


def main() -> None:
    """Crawl and print."""
    options = argparse.ArgumentParser()
    options.add_argument("--world", choices=tuple(WORLDS), default="first")
    for name, value in (("sites", 7), ("pages", 56), ("ticks", 8)):
        options.add_argument(f"--{name}", type=int, default=value)
    options.add_argument("--keep", type=Path, help="keep the corpus here")
    asked = options.parse_args()
    plan, noise = make_plan(WORLDS[asked.world], asked.sites, asked.pages, asked.ticks), noise_of(asked.world)
    with tempfile.TemporaryDirectory() as folder:
        print("\n".join(table(plan, crawl_world(plan, noise, (asked.keep or Path(folder)) / "corpus.db"))))


if __name__ == "__main__":
    main()
