"""``make bench-changes``: real histories of clinic sites, crawled end to end, and which of their edits are reported.

    python -m tests.bench.histories [--keep FILE]

The histories are development material that is not part of this project: where they are absent, it says so and ends.
Each site is visited at each of its ticks as a crawl does (reading, version, passes; without the network and its repeat
fetches). The truth was found in the HTML alone. Beside it stands what comparing whole texts would report.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import re
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import trafilatura

from crawler.archive.warc import Archive
from crawler.engine.rule_files import load_rules
from db.corpus import queries
from db.corpus.connection import atomic, evidence_folder, open_corpus
from db.corpus.crawls import SeedRow, add_seeds, begin_crawl, end_crawl
from db.corpus.store_visits import Run, insert_found, keep_visits
from db.passes.registry import run_passes
from pipelines.jobs import ReadJob, run
from pipelines.model.outcomes import Outcome
from pipelines.model.records import Fetch, Found, Page, Seed, Visit

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator

DATA = Path(__file__).resolve().parents[3] / "shared" / "real-clinics" / "histories"
FIRST = datetime(2026, 1, 1, 9, tzinfo=UTC)
FOLDER_PAGE = re.compile(r"(?:^|(?<=/))index\.html$")  # what a folder shows
HTML = (("Content-Type", "text/html; charset=utf-8"),)
# where the truth says that an edit is, and the regions that may name it
REGIONS = {
    "title": {"title"}, "description": {"description"}, "jsonld": {"structured"}, "alt": {"alternatives"},
    "heading": {"headings", "text", "other_text", "boilerplate"}, "body": {"text", "headings", "other_text"},
    "frame": {"boilerplate", "menu", "other_text"},
}  # fmt: skip
CLASSES = ("body", "frame", "head", "invisible")


class History(NamedTuple):
    """A site: its host, and its pages at each tick, by path."""

    host: str
    states: list[dict[str, bytes]]


class Edit(NamedTuple):
    """An edit of a page at a tick, as the truth has it; ``group`` is the same for one edit on several pages."""

    host: str
    tick: int
    path: str
    kind: str
    where: frozenset[str]
    group: str


class Row(NamedTuple):
    """A row of the corpus's change list on one of its pages."""

    regions: frozenset[str]
    edit: str


@dataclass(frozen=True, slots=True)
class Score:
    """How many of so many."""

    found: int
    total: int

    def __str__(self) -> str:
        """Write it as a cell of the table."""
        return f"{self.found} of {self.total}"


def load_histories() -> list[History]:
    """Read the sites; a tick of a file holds the pages that differ from the tick before."""
    found = []
    for file in sorted(DATA.glob("*.json.gz")):
        told = json.loads(gzip.decompress(file.read_bytes()))
        now, states = dict[str, bytes](), []
        for tick in told["ticks"]:
            now = now | {path: html.encode("utf-8", "surrogateescape") for path, html in tick.items()}
            states.append(now)
        found.append(History(told["host"], states))
    return found


def load_edits() -> Iterator[Edit]:
    """Read the truth: edits of pages that were there before, of the classes that are scored."""
    for line in (DATA / "truth.jsonl").read_text().splitlines():
        row = json.loads(line)
        where = frozenset(row.get("where", ()))
        words = where & {"body", "heading", "frame"}
        kind = row["class"]
        if kind == "visible":
            kind = "frame" if words == {"frame"} else "order" if row.get("moved_only") else "body"
        if kind in CLASSES:
            yield Edit(row["host"], row["tick"], row["path"], kind, where, str(row.get("group") or ""))


def url_of(host: str, path: str) -> str:
    """Give the address of a file of a site."""
    return f"http://{host}/{FOLDER_PAGE.sub('', path)}"


def crawl_histories(histories: Iterable[History], path: Path) -> None:
    """Visit each site at each of its ticks, and run the passes after each."""
    rules = load_rules()
    evidence_folder(path).mkdir(exist_ok=True)
    with closing(open_corpus(path)) as db:
        for history in histories:
            began = time.monotonic()
            for tick in range(len(history.states)):
                visit_site(db, path, history, tick)
                run_passes(db, rules, 1)
            print(f"{history.host}: {len(history.states)} ticks, {time.monotonic() - began:.0f} s", file=sys.stderr)


def visit_site(db: sqlite3.Connection, path: Path, history: History, tick: int) -> None:
    """Run one crawl of a site as it stood at a tick."""
    host, now = history.host, (FIRST + timedelta(days=7 * tick)).isoformat()
    sites = add_seeds(db, [SeedRow(Seed(f"http://{host}"), f"http://{host}/", host, host)], now)
    crawl = begin_crawl(db, now, everything=True, sites=sites, facts={"settings": {"user_agent": "bench"}, "tools": {}})
    state, before = history.states[tick], history.states[tick - 1] if tick else {}
    files = {url_of(host, name): name for name in state}
    writing = Run(crawl.id, crawl.started_at, "bench")
    with closing(Archive(evidence_folder(path), crawl.id, "bench")) as archive, atomic(db):
        found = tuple(Found(url, how="sitemap") for url in files)
        home = db.execute("SELECT id FROM pages WHERE url = ?", (f"http://{host}/",)).fetchone()[0]
        insert_found(db, writing, Visit(Page(home, f"http://{host}/", sites[0], host), now, found=found))
        db.execute("UPDATE pages SET due_at = ? WHERE site = ?", (now, sites[0]))
        due = queries.due_pages(db, site=sites[0], crawl=crawl.id, until=now, everything=True, limit=100_000)
        for page in due:
            name = files.get(page.url, "")
            is_same = bool(name) and state[name] == before.get(name)
            keep_visits(db, writing, [made_visit(archive, page, None if is_same else state.get(name, b""), now)])
    end_crawl(db, crawl.id, now, {}, queries.funnel(db, crawl.id, sites, crawl.started_at))


def made_visit(archive: Archive, page: Page, body: bytes | None, now: str) -> Visit:
    """Visit a page: ``None`` where its server says that it is the same, empty where it has no such page."""
    if body is None:
        return Visit(page, now, outcome=Outcome.NOT_MODIFIED, reason="304", due_at=now)
    fetch = Fetch(page.url, 200 if body else 404, HTML, body or b"<h1>404 Not Found</h1>")
    (place,) = archive.append([(fetch, now)])
    if not body:
        return Visit(page, now, fetch, place, outcome=Outcome.GONE, reason="answered 404", due_at=now)
    done = run(ReadJob(page.url, body, HTML[0][1], hosts=frozenset({page.host}), today=date.fromisoformat(now[:10])))
    return Visit(
        page, now, fetch, place, done.reading, done.outcome, done.reason, visible_hash=done.visible_hash,
        doubts=done.doubts, due_at=now,
    )  # fmt: skip


def reported(db: sqlite3.Connection) -> dict[tuple[str, str], list[Row]]:
    """Read the rows of the change list by address and time, but for those of pages that are new."""
    rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
    sql = "SELECT url, at, regions, edit FROM page_changes AS own JOIN pages ON pages.id = page WHERE own.kind != 'new'"
    for url, at, regions, edit in db.execute(sql):
        rows[url, at].append(Row(frozenset(json.loads(regions)), edit))
    return rows


def our_scores(edits: list[Edit], rows: dict[tuple[str, str], list[Row]]) -> dict[str, Score]:
    """Score the change list: edits that it has, by class; with the right region; one row for one edit of many pages."""
    hits = {one: rows[url_of(one.host, one.path), (FIRST + timedelta(days=7 * one.tick)).isoformat()] for one in edits}
    scores = {kind: count(edits, kind, lambda one: bool(hits[one])) for kind in CLASSES}
    named = {one: frozenset().union(*(row.regions for row in found)) for one, found in hits.items()}
    # what is held (most of a page is missing) names no region before the next visit
    allowed = [
        bool(REGIONS[where] & regions)
        for one, regions in named.items()
        if regions and one.kind != "invisible"
        for where in one.where & REGIONS.keys()
    ]
    groups: dict[tuple[str, int, str], list[frozenset[str]]] = defaultdict(list)
    for one, found in hits.items():
        if one.group:
            groups[one.host, one.tick, one.group].append(frozenset(row.edit for row in found))
    whole = sum(bool(frozenset.intersection(*pages)) for pages in groups.values())
    return scores | {"region": Score(sum(allowed), len(allowed)), "one row": Score(whole, len(groups))}


def count(edits: list[Edit], kind: str, is_reported: Callable[[Edit], bool]) -> Score:
    """Count the edits of a class that are reported."""
    of_kind = [one for one in edits if one.kind == kind]
    return Score(sum(map(is_reported, of_kind)), len(of_kind))


def text_scores(edits: list[Edit], histories: list[History], text_of: Callable[[str], str]) -> dict[str, Score]:
    """Score what compares the whole text of a page with the one before."""
    states = {one.host: one.states for one in histories}

    def differs(one: Edit) -> bool:
        before, after = (states[one.host][tick].get(one.path, b"") for tick in (one.tick - 1, one.tick))
        return text_of(before.decode("utf-8", "replace")) != text_of(after.decode("utf-8", "replace"))

    return {kind: count(edits, kind, differs) for kind in CLASSES}


def inscriptis_text() -> Callable[[str], str] | None:
    """Give the function of inscriptis that reads a page, where it is installed."""
    if importlib.util.find_spec("inscriptis") is None:
        return None
    from inscriptis import get_text  # no dependency of ours

    return lambda html: get_text(html) if html.strip() else ""


def table(columns: dict[str, dict[str, Score]]) -> list[str]:
    """Write the scores as a Markdown table, a line a method."""
    names = (*CLASSES, "region", "one row")
    lines = [
        "| | body | menu, header, footer | head | invisible ones | right region | one edit on many pages is one row |",
        "|---|---|---|---|---|---|---|",
    ]
    for method, scores in columns.items():
        lines.append(f"| {method} | {' | '.join(str(scores.get(name, '')) for name in names)} |")
    return lines


def main() -> None:
    """Crawl the histories and print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--keep", type=Path, help="write the corpus here, or score the one that is here")
    wanted = options.parse_args()
    if not (DATA / "truth.jsonl").is_file():
        print(f"skipped: the histories are not in {DATA}")
        return
    histories, edits = load_histories(), list(load_edits())
    with tempfile.TemporaryDirectory() as folder:
        path = wanted.keep or Path(folder) / "histories.db"
        if not path.exists():
            crawl_histories(histories, path)
        with closing(open_corpus(path)) as db:
            columns = {"clinicwatch": our_scores(edits, reported(db))}
    columns["trafilatura and compare"] = text_scores(edits, histories, lambda html: trafilatura.extract(html) or "")
    inscriptis = inscriptis_text()
    if inscriptis:
        columns["inscriptis and compare"] = text_scores(edits, histories, inscriptis)
    else:
        print("inscriptis is not installed, so its line is missing: pip install inscriptis", file=sys.stderr)
    print("\n".join(table(columns)))


if __name__ == "__main__":
    main()
