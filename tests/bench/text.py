"""How true the main text is: ours beside six other extractors, on real pages with hand-made truth.

The measure is WCXB's: precision, recall and F1 on the multisets of lower-case words, mean over pages. A quarter of the
pages (by the hash of their id) is held out: nothing is trained, tuned or looked at there. CPU is given as a ratio to
trafilatura's default call on the same pages of the same run.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import logging
import re
import time
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines import charset
from pipelines.read import read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

DATA = Path(__file__).parents[3] / "shared" / "html-dev"
WORD = re.compile(r"\w+")
GROUPS = ("article", "wordpress", "service", "listing", "collection", "product", "forum", "documentation", "all")
SHINGLE = 4


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
        """Belong to the quarter that nobody trains or tunes on."""
        return int(hashlib.sha256(self.id.encode()).hexdigest(), 16) % 4 == 0

    @property
    def groups(self) -> tuple[str, ...]:
        """Name the rows of the table that this page counts in."""
        return (self.type, "all", "wordpress") if self.wordpress and self.type == "article" else (self.type, "all")


def load_pages(*, held_out: bool) -> list[Page]:
    """Read one part of the benchmark; empty where the shared material is absent."""
    truth = DATA / "truth.jsonl"
    lines = truth.read_text(encoding="utf-8").splitlines() if truth.exists() else []
    pages = (_page(json.loads(line)) for line in lines)
    return [page for page in pages if page.held_out == held_out]


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


def _trafilatura(**options: Any) -> Callable[[Page], str]:
    def extract(page: Page) -> str:
        import trafilatura

        return trafilatura.extract(page.body, url=page.url, **options) or ""

    return extract


def _resiliparse(page: Page) -> str:
    from resiliparse.extract.html2text import extract_plain_text

    html = charset.decode(page.body)
    return extract_plain_text(html, main_content=True, alt_texts=False, list_bullets=False, preserve_formatting=True)


def _readability(page: Page) -> str:
    from lxml import html
    from readability import Document

    summary = Document(charset.decode(page.body)).summary()
    return " ".join(html.fromstring(summary).itertext()) if summary.strip() else ""


@cache
def _stoplist() -> frozenset[str]:
    import justext

    return justext.get_stoplist("English")


def _justext(page: Page) -> str:
    import justext

    paragraphs = justext.justext(page.body, _stoplist())
    return "\n".join(each.text for each in paragraphs if not each.is_boilerplate)


def _newspaper(page: Page) -> str:
    import newspaper

    article = newspaper.Article(page.url or "http://x.example/", fetch_images=False)
    article.download(input_html=charset.decode(page.body))
    article.parse()
    return article.text


EXTRACTORS: dict[str, Callable[[Page], str]] = {
    "ours": lambda page: read(page.body, page.url).text,
    "trafilatura": _trafilatura(),
    "- comments off": _trafilatura(include_comments=False),
    "- fast": _trafilatura(fast=True),
    "- precision": _trafilatura(favor_precision=True),
    "- recall": _trafilatura(favor_recall=True),
    "resiliparse": _resiliparse,
    "readability": _readability,
    "jusText": _justext,
    "newspaper4k": _newspaper,
}


def _text(extract: Callable[[Page], str], page: Page) -> tuple[str, float]:
    start = time.process_time()
    try:
        text = extract(page)
    except Exception:  # noqa: BLE001  # another's extractor that raises has found nothing
        text = ""
    return text, time.process_time() - start


def measure(name: str, pages: Sequence[Page]) -> dict[str, Any]:
    """Run one extractor over pages: mean scores by group, shingle F1 on articles, CPU seconds in all and at worst."""
    runs = [_text(EXTRACTORS[name], page) for page in pages]
    scores = [score(words(text), words(page.truth)) for (text, _), page in zip(runs, pages, strict=True)]
    rows = {group: [each for each, page in zip(scores, pages, strict=True) if group in page.groups] for group in GROUPS}
    articles = [
        score(shingles(text), shingles(page.truth))[2]
        for (text, _), page in zip(runs, pages, strict=True)
        if page.type == "article"
    ]
    return {
        "name": name,
        "means": {group: _mean(each) for group, each in rows.items() if each},
        "shingles": sum(articles) / max(1, len(articles)),
        "cpu": sum(seconds for _, seconds in runs),
        "worst": max(seconds for _, seconds in runs),
    }


def _mean(scores: Sequence[tuple[float, float, float]]) -> tuple[float, float, float]:
    precision, recall, f1 = (sum(part) / len(scores) for part in zip(*scores, strict=True))
    return precision, recall, f1


def table(results: Sequence[dict[str, Any]]) -> str:
    """Lay results out as a Markdown table: F1, and (precision/recall) for services, WordPress articles and all."""
    base = next((each["cpu"] for each in results if each["name"] == "trafilatura"), None)
    heads = ["extractor", *GROUPS, "4-shingles", "CPU", "worst page"]
    lines = [" | ".join(heads), " | ".join("---" for _ in heads)]
    lines += [
        " | ".join([each["name"], *_cells(each), _ratio(each["cpu"], base), f"{each['worst']:.2f} s"])
        for each in results
    ]
    return "\n".join(f"| {line} |" for line in lines)


def _cells(result: dict[str, Any]) -> list[str]:
    cells = [_cell(group, result["means"].get(group)) for group in GROUPS]
    return [*cells, f"{result['shingles']:.3f}"]


def _cell(group: str, means: tuple[float, float, float] | None) -> str:
    if means is None:
        return "-"
    detail = f" ({means[0]:.2f}/{means[1]:.2f})" if group in {"wordpress", "service", "all"} else ""
    return f"{means[2]:.3f}{detail}"


def _ratio(cpu: float, base: float | None) -> str:
    return f"{cpu / base:.2f}" if base else "-"


def main() -> None:
    """Print both tables; ``--only NAME ...`` runs some extractors, ``--part`` one part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", default=list(EXTRACTORS), choices=list(EXTRACTORS))
    parser.add_argument("--part", choices=["development", "held out", "both"], default="both")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    for part, held_out in (("development", False), ("held out", True)):
        if options.part in (part, "both"):
            _print_part(part, load_pages(held_out=held_out), options.only)


def _print_part(part: str, pages: Sequence[Page], names: Sequence[str]) -> None:
    if not pages:
        print("The labelled pages are not here (../shared/html-dev): nothing to measure.")
        return
    for name in names:  # imports and caches are not what is measured
        _text(EXTRACTORS[name], pages[0])
    print(f"\n{part}: {len(pages)} pages\n")
    print(table([measure(name, pages) for name in names]), flush=True)


if __name__ == "__main__":
    main()
