"""Compare two exports: byte for byte, or by what their rows say, whatever numbers pages, captures and families have."""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from tests.compare_corpora import timeless, with_urls

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

BESIDE = "its URL stands beside it"
NO_FILE = "no file lists versions; the text, its words or the summary stand beside it"
BYTES = "records hold the time of the fetch, and compress to a byte more or less"
# what another order of arrival may change, and why that says nothing
LEFT_OUT = {
    ("documents.csv", "page"): BESIDE,
    ("documents.csv", "version"): NO_FILE,
    ("pages.csv", "page"): BESIDE,
    ("pages.csv", "due_at"): "the second of the visit with the interval, which is compared",
    ("captures.csv", "capture"): "its page and crawl stand beside it",
    ("captures.csv", "warc_offset"): BYTES,
    ("captures.csv", "warc_length"): BYTES,
    ("copies.csv", "page"): BESIDE,
    ("copies.csv", "copy_of_page"): BESIDE,
    ("family_members.csv", "page"): BESIDE,
    ("spun_texts.csv", "page"): BESIDE,
    ("spun_texts.csv", "other"): BESIDE,
    ("changes.csv", "change"): "numbered in the order in which the pass wrote them",
    ("changes.csv", "page"): BESIDE,
    ("changes.csv", "version_before"): NO_FILE,
    ("changes.csv", "version_after"): NO_FILE,
    ("changed_pages.csv", "row"): "numbered in the order in which the pass wrote them",
    ("changed_pages.csv", "change"): "numbered in the order in which the pass wrote them",
    ("changed_pages.csv", "page"): BESIDE,
    ("prices.csv", "page"): BESIDE,
    ("prices.csv", "version"): NO_FILE,
    ("claims.csv", "version"): NO_FILE,
    ("claims.csv", "page"): BESIDE,
}
# numbers that are told by a name instead
POINTS_TO = {
    ("captures.csv", "page"): "page",
    ("families.csv", "representative"): "page",
    ("families.csv", "likely_source"): "page",
    ("changes.csv", "target_page"): "page",
    ("sentences.csv", "page"): "page",
    ("documents.csv", "capture"): "capture",
    ("changes.csv", "capture"): "capture",
    ("documents.csv", "family"): "family",
    ("families.csv", "family"): "family",
    ("family_members.csv", "family"): "family",
    ("changes.csv", "edit"): "edit",
}
WITH_PAGES = {("families.csv", "reasons"), ("families.csv", "template")}
INTERVAL = ("pages.csv", "interval_hours")  # the seconds between two crawls enter into it


class Only(NamedTuple):
    """How many rows of a file only the first and only the second export has; none where their order differs."""

    first: int
    second: int


def byte_differences(first: Path, second: Path) -> dict[str, Only]:
    """Name each CSV file whose bytes differ, with the rows that differ."""
    names = sorted({path.name for folder in (first, second) for path in folder.glob("*.csv")})
    unlike = [name for name in names if (first / name).read_bytes() != (second / name).read_bytes()]
    return {name: _only(*(Counter(map(tuple, _rows(folder / name))) for folder in (first, second))) for name in unlike}


def told_differences(first: Path, second: Path, *, sitemaps: bool = True) -> dict[str, Only]:
    """Name each CSV file that says something else, whatever its numbers and the order of its rows.

    Without ``sitemaps``, answers for these do not count: a sitemap in another order has other bytes.
    """
    ours, theirs = (told(folder, sitemaps=sitemaps) for folder in (first, second))
    return {name: _only(ours[name], theirs[name]) for name in ours | theirs if ours[name] != theirs[name]}


def told(folder: Path, *, sitemaps: bool = True) -> dict[str, Counter[tuple[str, ...]]]:
    """Read an export with names in the place of numbers: a page is its URL, a time the crawl that it falls into."""
    tables = {path.name: _rows(path) for path in sorted(folder.glob("*.csv"))}
    named = {name: [dict(zip(rows[0], row, strict=True)) for row in rows[1:]] for name, rows in tables.items()}
    if not sitemaps:
        named["captures.csv"] = [row for row in named["captures.csv"] if row["page"]]
    urls = {row["page"]: row["url"] for row in named["pages.csv"]}
    edits = ((row["edit"], " ".join((row["kind"], row["url"], row["crawl"]))) for row in named["changes.csv"])
    called = {
        "page": urls,
        "capture": {row["capture"]: f"{row['url_requested']} in crawl {row['crawl']}" for row in named["captures.csv"]},
        "family": _smallest((row["family"], row["url"]) for row in named["family_members.csv"]),
        "edit": _smallest(edits),
    }
    starts = [row["started_at"] for row in named["crawls.csv"]]
    numbered = {int(page): url for page, url in urls.items()}

    def value(key: tuple[str, str], said: str) -> str:
        if not said:
            return said
        if key in POINTS_TO:
            return called[POINTS_TO[key]].get(said, f"{POINTS_TO[key]} {said}, which is not there")
        if key in WITH_PAGES:
            return json.dumps(with_urls(json.loads(said), numbered), sort_keys=True)
        return f"{float(said):.2g}" if key == INTERVAL else timeless(said, starts)

    return {
        name: Counter(
            tuple(value((name, column), said) for column, said in row.items() if (name, column) not in LEFT_OUT)
            for row in rows
        )
        for name, rows in named.items()
    }


def _smallest(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Call each number by the smallest of its names."""
    found: dict[str, str] = {}
    for number, name in pairs:
        found[number] = min(name, found.get(number, name))
    return found


def _only(first: Counter[tuple[str, ...]], second: Counter[tuple[str, ...]]) -> Only:
    return Only((first - second).total(), (second - first).total())


def _rows(path: Path) -> list[list[str]]:
    csv.field_size_limit(sys.maxsize)
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))
