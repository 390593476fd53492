"""Compare two corpora table by table, or make one from the demo web that can be made again row by row.

``python -m tests.compare_corpora A.db B.db`` prints a line for each table and view, and ends with 1 where one differs.
``python -m tests.compare_corpora --make FOLDER [--ticks 2]`` crawls the demo web and exports the corpus.

Rows are compared as sets. Numbers of rows stand in the order of arrival, so what they point to is named instead: a page
by its URL, a version by its page and crawl. A time is told by the crawl that it falls into. What is left out for it
differs between two runs of the same code has its reason in ``LEFT_OUT``.
"""

from __future__ import annotations

import argparse
import json
import re
import sqlite3
import sys
from bisect import bisect_right
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from demo.report import seeds_csv
from demo.server import running
from demo.world import make_world
from tests.support.command import clinicwatch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

ONE_BY_ONE = ("-s", "CONCURRENT_REQUESTS=1", "-s", "DOWNLOAD_DELAY=0", "-s", "CRAWL_DELAY_MAX=0")
EXAMPLES = 3
WIDTH = 60  # characters of a value in an example
NAMING = 3  # columns that say which row an example is, before those that differ
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?\+00:00")

ARRIVAL = "numbered in the order of arrival, and nothing points to it"
BYTES = "records hold the time of the fetch, and compress to a byte more or less"
DIGEST = "a digest of row numbers and times"
LEFT_OUT = {
    ("_sqlite_migrations", "id"): ARRIVAL,
    ("_sqlite_migrations", "applied_at"): "when the file was made",
    ("captures", "warc_offset"): BYTES,
    ("captures", "warc_length"): BYTES,
    ("probes", "warc_offset"): BYTES,
    ("probes", "warc_length"): BYTES,
    ("page_changes", "id"): ARRIVAL,
    ("changes", "id"): ARRIVAL,
    ("changed_pages", "id"): ARRIVAL,
    ("changed_pages", "change"): ARRIVAL,
    ("dynamic_content", "id"): ARRIVAL,
    ("masks", "id"): ARRIVAL,
    ("probes", "id"): ARRIVAL,
    ("digests", "id"): ARRIVAL,
    ("families", "key"): DIGEST,
    ("sites", "frame_key"): DIGEST,
    ("pass_units", "key"): DIGEST,
    ("pass_units", "unit"): "numbers of sites and crawls, as the unit of a pass is named",
    ("pages", "due_at"): "the second of the visit with the interval, which is compared in interval_hours",
    ("all_pages", "due_at"): "as in pages",
    ("pages", "watched_days"): "the seconds between two crawls",
    ("versions", "day"): "the day of the fetch where the site sends no Date",
}
# figures into which the seconds between two crawls enter: digits that hold nevertheless
ROUNDED = {
    ("pages", "changes_seen"): ".1f",
    ("pages", "interval_hours"): ".2g",
    ("all_pages", "interval_hours"): ".2g",
}
# what stands inside a text and differs between two runs
VOLATILE = (
    (re.compile(r"\b\d+ s later"), "some seconds later"),
    (re.compile(r"\(probe \d+\)"), "(a probe)"),
)
# how a row that others point to is called: its number, its name
CALLED = {
    "sites": "SELECT id, host FROM sites",
    "pages": "SELECT id, url FROM pages",
    "captures": """
        SELECT captures.id, pages.url || ' in crawl ' || captures.crawl || ', answer '
            || row_number() OVER (PARTITION BY page, captures.crawl ORDER BY captures.id)
        FROM captures JOIN pages ON pages.id = page
    """,
    "captured_versions": """
        SELECT versions.id, pages.url || ' in crawl ' || captures.crawl || ', version '
            || row_number() OVER (PARTITION BY versions.page, captures.crawl ORDER BY versions.id)
        FROM captured_versions AS versions JOIN captures ON captures.id = versions.capture
            JOIN pages ON pages.id = versions.page
    """,
    "families": """
        SELECT family, 'family with ' || min(url) FROM family_members JOIN pages ON pages.id = page GROUP BY family
        UNION ALL SELECT captures.id, 'old family with ' || pages.url FROM family_aliases
            JOIN captures ON captures.id IN (old, new) JOIN pages ON pages.id = captures.page
        WHERE captures.id NOT IN (SELECT family FROM family_members)
    """,
    "edits": """
        SELECT edit, 'edit of ' || min(changes.kind || ' ' || pages.url || ' in crawl ' || changes.crawl)
        FROM page_changes AS changes JOIN pages ON pages.id = page GROUP BY edit
    """,
}
SAME_NUMBERS = {"documents": "pages", "versions": "captured_versions"}
# columns with the number of a row that are not declared as foreign keys: views declare none
POINTS_TO = {
    ("sites", "id"): "sites",
    ("pages", "id"): "pages",
    ("captures", "id"): "captures",
    ("captured_versions", "id"): "versions",
    ("versions", "id"): "versions",
    ("versions", "page"): "pages",
    ("versions", "capture"): "captures",
    ("versions", "standing"): "versions",
    ("visits", "page"): "pages",
    ("visits", "capture"): "captures",
    ("documents", "copy_of"): "pages",
    ("exact_copies", "page"): "pages",
    ("exact_copies", "copy_of"): "pages",
    ("spun_pairs", "page"): "pages",
    ("spun_pairs", "other"): "pages",
    ("spun_candidates", "page"): "pages",
    ("spun_candidates", "other"): "pages",
    ("version_texts", "id"): "versions",
    ("families", "id"): "families",
    ("family_members", "first_capture"): "captures",
    ("family_aliases", "old"): "families",
    ("family_aliases", "new"): "families",
    ("page_changes", "edit"): "edits",
    ("changes", "edit"): "edits",
    ("rotations", "edit"): "edits",
    ("page_changes", "back_to"): "versions",
    ("changes", "back_to"): "versions",
    ("changes", "page"): "pages",
    ("changes", "before"): "versions",
    ("changes", "after"): "versions",
    ("changes", "capture"): "captures",
    ("changes", "target"): "pages",
    ("changed_pages", "page"): "pages",
    ("corpus", "page"): "pages",
    ("corpus", "version"): "versions",
    ("corpus", "family"): "families",
    ("all_pages", "page"): "pages",
    ("site_facts", "site"): "sites",
    ("family_list", "family"): "families",
    ("family_list", "representative"): "pages",
    ("family_list", "likely_source"): "pages",
    ("family_pages", "page"): "pages",
    ("family_pages", "family"): "families",
    ("shared_sentences", "page"): "pages",
    ("paraphrase_pairs", "page"): "pages",
    ("paraphrase_pairs", "other"): "pages",
    ("copies", "page"): "pages",
    ("copies", "copy_of_page"): "pages",
}
# JSON with numbers of pages: lists under these keys, the keys of an object under `values`, a number under `source`
WITH_PAGES = {("families", "slots"), ("families", "evidence"), ("family_list", "reasons"), ("family_list", "template")}
LISTS_OF_PAGES = {"pages", "lacking"}

Row = tuple[Any, ...]


class Rows(NamedTuple):
    """The rows of a table or view as they are compared, each with how often it stands there."""

    columns: tuple[str, ...]
    counted: Counter[Row]


@dataclass(frozen=True, slots=True)
class Difference:
    """What only one of two corpora has of a table: rows, and columns where the tables are of another shape."""

    table: str
    only_in_a: list[Row]
    only_in_b: list[Row]
    columns: tuple[str, ...]
    shape: str = ""

    def differing(self) -> list[str]:
        """Name the columns whose values differ, taken each by itself; none where only their combination does."""
        pairs = zip(self.columns, _by_column(self.only_in_a), _by_column(self.only_in_b), strict=False)
        return [column for column, ours, theirs in pairs if ours != theirs]

    def lines(self) -> Iterator[str]:
        """Say it to a person, with examples."""
        differing = self.differing()
        shape = [self.shape] if self.shape else []
        columns = [f"columns that differ: {', '.join(differing)}"] if differing else []
        counts = f"{len(self.only_in_a)} rows only in A, {len(self.only_in_b)} only in B"
        yield f"{self.table:22}{'; '.join([*shape, counts, *columns])}"
        shown = {*self.columns[:NAMING], *(differing or self.columns)}
        for name, rows in (("A", self.only_in_a), ("B", self.only_in_b)):
            for row in rows[:EXAMPLES]:
                pairs = zip(self.columns, row, strict=True)
                told = (f"{column}={_short(value)}" for column, value in pairs if column in shown)
                yield f"    {name}: {', '.join(told)}"


def _by_column(rows: Sequence[Row]) -> list[Counter[Any]]:
    return [Counter(column) for column in zip(*rows, strict=True)]


def _short(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 1]}…"


class Corpus:
    """A corpus open for comparison: its tables and views, and rows with names in place of numbers and times."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.starts = [at for (at,) in db.execute("SELECT started_at FROM crawls ORDER BY id")]
        self.called: dict[str, dict[Any, str]] = {name: dict(db.execute(sql)) for name, sql in CALLED.items()}
        self.called |= {name: self.called[other] for name, other in SAME_NUMBERS.items()}

    def tables(self) -> list[str]:
        """Name tables and views, without full-text search, whose content is the view ``version_texts``."""
        found = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY 1"
        searched = "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%'"
        virtual = tuple(name for (name,) in self.db.execute(searched))
        return [name for (name,) in self.db.execute(found) if not (virtual and name.startswith(virtual))]

    def columns(self, table: str) -> tuple[str, ...]:
        """Name the columns of a table or view that are compared."""
        named = self.db.execute(f'SELECT * FROM "{table}" LIMIT 0').description
        return tuple(name for name, *_ in named if (table, name) not in LEFT_OUT)

    def rows(self, table: str, columns: Sequence[str]) -> Rows:
        """Read these columns of a table, as they are compared."""
        declared = {row[3]: row[2] for row in self.db.execute(f'PRAGMA foreign_key_list("{table}")')}
        points_to = [POINTS_TO.get((table, column), declared.get(column, "")) for column in columns]
        keys = [(table, column) for column in columns]
        selected = ", ".join(f'"{column}"' for column in columns)
        counted = Counter(
            tuple(map(self.comparable, keys, points_to, row))
            for row in self.db.execute(f'SELECT {selected} FROM "{table}"')
        )
        return Rows(tuple(columns), counted)

    def comparable(self, key: tuple[str, str], points_to: str, value: Any) -> Any:
        """Name what a number points to and when a time was, and round what the seconds of a crawl enter into."""
        if value is None:
            return None
        if points_to in self.called:
            return self.called[points_to].get(value, f"{points_to} {value}, which is not there")
        if key in ROUNDED:
            return format(value, ROUNDED[key])
        if key in WITH_PAGES:
            value = json.dumps(with_urls(json.loads(value), self.called["pages"]), sort_keys=True, ensure_ascii=False)
        return timeless(value, self.starts) if isinstance(value, str) else value


def timeless(text: str, starts: Sequence[str]) -> str:
    """Put the crawl in the place of each time since the first crawl began; times that a page states are earlier."""
    for volatile, steady in VOLATILE:
        text = volatile.sub(steady, text)
    if not starts:
        return text
    return TIME.sub(lambda at: f"during crawl {bisect_right(starts, at[0])}" if at[0] >= starts[0] else at[0], text)


def with_urls(value: Any, urls: Mapping[int, str], name: str = "") -> Any:
    """Put URLs in the place of the numbers of pages in what a family's JSON holds under ``name``."""
    if isinstance(value, dict):
        named = {urls.get(int(key), key) if name == "values" else key: one for key, one in value.items()}
        return {key: with_urls(one, urls, key) for key, one in named.items()}
    if isinstance(value, list) and name in LISTS_OF_PAGES:
        return sorted(urls.get(page, str(page)) for page in value)
    if isinstance(value, list):
        return [with_urls(one, urls) for one in value]
    return urls.get(value, value) if name == "source" else value


def compare(a: Path, b: Path) -> list[Difference]:
    """Compare two corpora; gives every table with what only one of them has, tables that are equal with nothing."""
    with closing(_open(a)) as one, closing(_open(b)) as other:
        ours, theirs = Corpus(one), Corpus(other)
        tables = dict.fromkeys((*ours.tables(), *theirs.tables()))
        return [_compared(ours, theirs, table) for table in sorted(tables)]


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def _compared(ours: Corpus, theirs: Corpus, table: str) -> Difference:
    missing = [name for name, corpus in (("A", ours), ("B", theirs)) if table not in corpus.tables()]
    if missing:
        return Difference(table, [], [], (), f"no such table in {missing[0]}")
    columns, others = ours.columns(table), theirs.columns(table)
    shared = [column for column in columns if column in others]
    odd = sorted({*columns} ^ {*others})
    one, other = ours.rows(table, shared).counted, theirs.rows(table, shared).counted
    only = [sorted((left - right).elements(), key=repr) for left, right in ((one, other), (other, one))]
    return Difference(table, *only, tuple(shared), f"columns of one only: {', '.join(odd)}" if odd else "")


def make(folder: Path, ticks: Iterable[int], pages: int = 300, seeds: str = "") -> Path:
    """Crawl the demo web at these ticks and export it; gives the corpus, ``FOLDER/corpus.db``.

    One page is in flight at a time, so that pages are discovered in the same order at every run. ``seeds`` is the text
    of a seeds file, where it is not that of the demo web itself.
    """
    db, file = folder / "corpus.db", folder / "seeds.csv"
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(seeds or seeds_csv(make_world(pages=pages)), encoding="utf-8")
    with running(pages=pages) as server:
        for tick in ticks:
            server.set_tick(tick)
            run("crawl", "--all", "--seeds", file, "--db", db, *ONE_BY_ONE, proxy=server.proxy)
    run("export", folder / "exports", "--db", db)
    return db


def run(*arguments: object, proxy: str | None = None) -> None:
    """Run a command of ours; one that fails ends the program with what it said."""
    done = clinicwatch(*arguments, proxy=proxy, timeout=600)
    if done.returncode:
        raise SystemExit(done.stderr.strip() or done.stdout.strip())
    print(done.stdout, end="")


def main() -> int:
    """Compare or make; gives 0 where all is equal, 1 where something differs, 2 where there is nothing to compare."""
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("corpora", nargs="*", type=Path, metavar="CORPUS.db")
    options.add_argument("--make", type=Path, metavar="FOLDER", help="crawl the demo web into FOLDER/corpus.db")
    options.add_argument("--ticks", type=int, default=2, help="crawls, each at the next date of the demo web")
    given = options.parse_args()
    if given.make:
        if (given.make / "corpus.db").exists():
            options.error(f"{given.make / 'corpus.db'} is there already; name another folder")
        make(given.make, range(given.ticks))
        return 0
    if len(given.corpora) != 2:
        options.error("name two corpora, or a folder with --make")
    try:
        found = compare(*given.corpora)
    except sqlite3.Error as error:
        options.error(f"{' or '.join(map(str, given.corpora))}: {error}")
    differ = [one for one in found if one.only_in_a or one.only_in_b or one.shape]
    for one in found:
        print("\n".join(one.lines()) if one in differ else f"{one.table:22}equal")
    print(
        f"{len(differ)} of {len(found)} tables and views differ"
        if differ
        else f"{len(found)} tables and views are equal"
    )
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
