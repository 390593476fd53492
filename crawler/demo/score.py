"""How well a crawl of the demo web did: the corpus against the truth that the generator alone knows."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from statistics import mean
from typing import TYPE_CHECKING

from db.records import Verdict

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from crawler.demo.truth import PageTruth

READ = frozenset({"page", "archive", "copy"})
HEADER = f"{'against the truth':<26}{'true':>6}{'found':>7}{'missed':>8}{'extra':>7}"
TEXTS = (
    "SELECT pages.url, texts.text FROM pages JOIN versions ON versions.id = pages.version"
    " JOIN texts ON texts.sha256 = versions.text_sha256 WHERE pages.state = 'live'"
)
CHANGED = (
    "SELECT pages.url FROM visits JOIN pages ON pages.id = visits.page"
    " WHERE visits.crawl = ? AND visits.outcome = 'changed'"
)


@dataclass(frozen=True, slots=True)
class Tally:
    """What is true and what was found, as sets of URLs; ``open`` may be found or not."""

    name: str
    true: frozenset[str]
    found: frozenset[str]
    open: frozenset[str] = frozenset()

    @property
    def missed(self) -> list[str]:
        """Name what is true and was not found."""
        return sorted(self.true - self.found)

    @property
    def extra(self) -> list[str]:
        """Name what was found and is not true."""
        return sorted(self.found - self.true - self.open)

    def line(self) -> str:
        """Print the tally as a line of a table, with one example of each mistake."""
        hits = len(self.true & self.found)
        numbers = f"{self.name:<26}{len(self.true):>6}{hits:>7}{len(self.missed):>8}{len(self.extra):>7}"
        examples = [f"missed {url}" for url in self.missed[:1]] + [f"extra {url}" for url in self.extra[:1]]
        return "  ".join([numbers, *examples])


def tallies(db: sqlite3.Connection, truth: Mapping[str, PageTruth], crawl: int) -> list[Tally]:
    """Compare the pages, documents and copies of the corpus with the truth of a tick, and a crawl's changes.

    A page that the truth calls doubtful may be a document or not; a change counts once its text changed.
    """
    pages = list(truth.values())
    live = urls(db, "SELECT url FROM all_pages WHERE state = 'live' AND words > 0") & truth.keys()
    doubtful = frozenset(page.url for page in pages if page.topic == Verdict.DOUBTFUL)
    corpus = urls(db, "SELECT url FROM corpus")
    return [
        Tally(
            "pages read",
            frozenset(page.url for page in pages if page.status == 200 and page.fate in READ),
            live,
            frozenset(truth),
        ),
        Tally("documents on topic", frozenset(page.url for page in pages if is_document(page)), corpus, doubtful),
        Tally(
            "exact copies",
            frozenset(page.url for page in pages if page.copy_of),
            urls(db, "SELECT url FROM copies"),
            frozenset(urls(db, "SELECT url FROM pages WHERE alias_of IS NOT NULL")),
        ),
        Tally("texts changed", changed(truth), urls(db, CHANGED, crawl)),
    ]


def is_document(page: PageTruth) -> bool:
    """Tell whether a perfect corpus has this page."""
    return page.distinct and page.topic == Verdict.ON_TOPIC


def changed(truth: Mapping[str, PageTruth]) -> frozenset[str]:
    """Name the pages whose own text changed at the truth's tick."""
    return frozenset(page.url for page in truth.values() if any(change.old or change.new for change in page.changes))


def urls(db: sqlite3.Connection, sql: str, *parameters: object) -> frozenset[str]:
    """Run a query that names URLs."""
    return frozenset(url for (url,) in db.execute(sql, parameters))


def text_quality(db: sqlite3.Connection, truth: Mapping[str, PageTruth]) -> tuple[int, float]:
    """Count the pages whose true text is known, and give the mean F1 of their words (multisets, lower case)."""
    scores = [word_f1("\n".join(truth[url].lines), text) for url, text in db.execute(TEXTS) if has_lines(truth, url)]
    return len(scores), mean(scores) if scores else 0.0


def has_lines(truth: Mapping[str, PageTruth], url: str) -> bool:
    """Tell whether the truth knows the text of a page."""
    return url in truth and bool(truth[url].lines)


def word_f1(true: str, found: str) -> float:
    """Give the harmonic mean of precision and recall over the multisets of words.

    >>> word_f1("a b c d", "a b c d")
    1.0
    """
    first, second = (Counter(re.findall(r"\w+", text.lower())) for text in (true, found))
    shared = (first & second).total()
    return 2 * shared / (first.total() + second.total()) if shared else 0.0
