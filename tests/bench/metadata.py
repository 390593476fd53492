"""Dates, authors and titles on labelled real pages: ours beside trafilatura's.

    python -m tests.bench.metadata

``tests/labelled/metadata.csv`` names 100 pages of ``../shared/html-dev`` by id, chosen by a hash, with what one person
read off each: day of publication, authors, and a key of the title's letters (``?`` where it was not clear). The first
half was looked at while the rules were made, the second only afterwards. Prints, for each half, how many are right of
those that a page states, and how many are false: given and not what the page states.
"""

from __future__ import annotations

import csv
import hashlib
import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import trafilatura

from pipelines.reading.read import read
from tools.benchmark_pages import DATA, load_pages

if TYPE_CHECKING:
    from collections.abc import Iterable

LABELS = Path(__file__).parents[1] / "labelled" / "metadata.csv"
UNCLEAR = "?"


class Stated(NamedTuple):
    """What was read off a page: day (ISO 8601), author, and the key of the title."""

    published: str
    author: str
    title: str


def title_key(title: str) -> str:
    """Name a title by its letters, so that labels quote no page."""
    return hashlib.sha256(re.sub(r"[\W_]+", "", title.casefold()).encode()).hexdigest()[:12]


def ours(body: bytes, url: str) -> Stated:
    """Read a page with our reader."""
    found = read(body, url)
    return Stated((found.published or "")[:10], found.author or "", title_key(found.title or ""))


def of_trafilatura(body: bytes, url: str) -> Stated:
    """Read a page with trafilatura's metadata."""
    found = trafilatura.extract_metadata(body, default_url=url)
    if found is None:
        return Stated("", "", title_key(""))
    return Stated(found.date or "", found.author or "", title_key(found.title or ""))


def is_right(field: str, given: str, label: str) -> bool:
    """Say whether a value is that of the label; authors are compared as sets of names."""
    if field == "author":
        return _names(given) == _names(label)
    return given == label


def _names(text: str) -> set[str]:
    return {re.sub(r"[\W_]+", "", name.casefold()) for name in re.split(r"[,;]| and ", text)} - {""}


def table(name: str, rows: Iterable[tuple[dict[str, str], Stated]]) -> str:
    """Write one extractor's line: right of stated, and false ones, for each field."""
    cells = [name]
    rows = list(rows)
    for field, label_of in (("published", "published"), ("author", "author"), ("title", "title_key")):
        judged = [(getattr(found, field), label[label_of]) for label, found in rows if label[label_of] != UNCLEAR]
        stated = [(given, label) for given, label in judged if label]
        right = sum(is_right(field, given, label) for given, label in stated)
        false = sum(bool(given) and not is_right(field, given, label) for given, label in judged)
        cells.append(f"{right} of {len(stated)} ({right / max(1, len(stated)):.0%}), {false} false")
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Print a table for each half of the pages."""
    logging.disable(logging.CRITICAL)
    pages = {page.id: page for page in load_pages()}
    if not pages:
        print(f"The pages are not here ({DATA}): nothing to measure.")
        return
    with LABELS.open(encoding="utf-8", newline="") as file:
        labels = list(csv.DictReader(file))
    for split in ("development", "held out"):
        half = [label for label in labels if label["split"] == split]
        print(f"\n{split}: {len(half)} pages\n\n| | day of publication | authors | title |\n|---|---|---|---|")
        for name, extract in (("clinicwatch", ours), ("trafilatura", of_trafilatura)):
            found = [extract(pages[label["id"]].body, pages[label["id"]].url) for label in half]
            print(table(name, zip(half, found, strict=True)))


if __name__ == "__main__":
    main()
