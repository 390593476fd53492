"""The pages with hand-made truth that the reader is trained and measured on, and the measure: WCXB's words."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

DATA = Path(__file__).parents[2] / "shared" / "html-dev"
WORD = re.compile(r"\w+")
GROUPS = ("article", "wordpress", "service", "listing", "collection", "product", "forum", "documentation", "all")
SHINGLE = 4
FOLDS = 5


@dataclass(frozen=True)
class Page:
    """A page of the benchmark: its bytes, and the text that a person marked as its main text."""

    id: str
    url: str
    type: str
    wordpress: bool
    truth: str
    body: bytes

    @property
    def held_out(self) -> bool:
        """Belong to the quarter on which nothing was looked at, chosen or tuned."""
        return int(hashlib.sha256(self.id.encode()).hexdigest(), 16) % 4 == 0

    @property
    def fold(self) -> int:
        """Number the fifth of the hosts that the page's host is in."""
        host = urlsplit(self.url).hostname or self.id
        return int(hashlib.md5(host.encode(), usedforsecurity=False).hexdigest(), 16) % FOLDS

    @property
    def groups(self) -> tuple[str, ...]:
        """Name the rows of the table that this page counts in."""
        return (self.type, "all", "wordpress") if self.wordpress and self.type == "article" else (self.type, "all")


def load_pages() -> list[Page]:
    """Read the pages; empty where the shared material is absent."""
    truth = DATA / "truth.jsonl"
    lines = truth.read_text(encoding="utf-8").splitlines() if truth.exists() else []
    return [_page(json.loads(line)) for line in lines]


def _page(row: dict[str, Any]) -> Page:
    body = gzip.decompress((DATA / "html" / f"{row['id']}.html.gz").read_bytes())
    return Page(row["id"], row["url"], row["type"], row["wordpress"], row["main_text"], body)


def words(text: str) -> list[str]:
    """Cut a text into lower-case words."""
    return WORD.findall(text.lower())


def score(found: Iterable[Any], wanted: Iterable[Any]) -> tuple[float, float, float]:
    """Give precision, recall and F1 of two multisets; two empty ones agree."""
    have, want = Counter(found), Counter(wanted)
    if not have and not want:
        return 1.0, 1.0, 1.0
    both = sum((have & want).values())
    precision, recall = both / max(1, have.total()), both / max(1, want.total())
    return precision, recall, 2 * precision * recall / (precision + recall) if both else 0.0


def shingles(text: str) -> list[tuple[str, ...]]:
    """Cut a text into runs of four words, the measure of the article benchmark."""
    each = words(text)
    return list(zip(*(each[start:] for start in range(SHINGLE)), strict=False))
