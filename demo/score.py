"""How well a crawl of the demo web did: the corpus against the truth that the generator alone knows."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from statistics import mean
from typing import TYPE_CHECKING

from pipelines.model.records import Verdict

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping

    from demo.truth import PageTruth

READ = frozenset({"page", "archive", "copy"})
HEADER = f"{'against the truth':<26}{'true':>6}{'found':>7}{'missed':>8}{'extra':>7}"
TEXTS = (
    "SELECT pages.url, texts.text FROM pages JOIN versions ON versions.id = pages.version"
    " JOIN texts ON texts.sha256 = coalesce(content_sha256, text_sha256) WHERE pages.state = 'live'"
)
CHANGED = (
    "SELECT DISTINCT pages.url FROM page_changes AS changed JOIN pages ON pages.id = changed.page"
    " WHERE changed.crawl = ? AND changed.kind = 'edited'"
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

    A page that the truth calls doubtful may be a document or not. An address that differs in tracking parameters only
    is a copy that need not be read. The truth names the entry of a trap and none of its endless pages. Crawl 1 is of
    tick 0.
    """
    aliases = urls(db, "SELECT url FROM pages WHERE alias_of IS NOT NULL")
    live = urls(db, "SELECT url FROM all_pages WHERE state = 'live' AND words > 0")
    copies = urls(db, "SELECT url FROM copies") & truth.keys()
    return [
        Tally("pages read", which(truth, is_read) - aliases, live & truth.keys(), frozenset(truth)),
        Tally(
            "documents on topic", which(truth, is_document), urls(db, "SELECT url FROM corpus"), which(truth, is_open)
        ),
        Tally("exact copies", which(truth, lambda page: bool(page.copy_of)), copies, aliases),
        Tally(
            "pages edited",
            which(truth, lambda page: is_changed(page, crawl - 1)) - aliases,
            urls(db, CHANGED, crawl),
            which(truth, lambda page: is_reframed(page, crawl - 1)),
        ),
    ]


def which(truth: Mapping[str, PageTruth], is_true: Callable[[PageTruth], bool]) -> frozenset[str]:
    """Name the pages of which something is true."""
    return frozenset(page.url for page in truth.values() if is_true(page))


def is_read(page: PageTruth) -> bool:
    """Tell whether a perfect crawl reads this page."""
    return page.status == 200 and page.fate in READ


def is_open(page: PageTruth) -> bool:
    """Tell whether the truth leaves it to a person whether this page is on topic."""
    return page.topic == Verdict.DOUBTFUL


def is_document(page: PageTruth) -> bool:
    """Tell whether a perfect corpus has this page."""
    return page.distinct and page.topic == Verdict.ON_TOPIC


def is_changed(page: PageTruth, tick: int) -> bool:
    """Tell whether a page's own text changed at a tick; that a list shows other posts is no change of its own."""
    return any(
        (change.old or change.new) and change.tick == tick and change.kind != "listing" for change in page.changes
    )


def is_reframed(page: PageTruth, tick: int) -> bool:
    """Tell whether a page's site rewrote its footer at a tick: one edit of many pages, which may be told."""
    return any(change.kind == "footer" and change.tick == tick for change in page.changes)


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
