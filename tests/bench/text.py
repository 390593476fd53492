"""How true the main text is: ours beside six other extractors, on real pages with hand-made truth.

The measure is WCXB's: precision, recall and F1 on the multisets of lower-case words, mean over pages. Our trees never
judge a page that they learnt from. In one table they learn from the other hosts (five folds), in the other from all but
the quarter of the pages (by the hash of their id) that is held out: nothing was chosen, tuned or looked at there. CPU
is given as a ratio to trafilatura's default call on the same pages of the same run.
"""

from __future__ import annotations

import argparse
import logging
import time
from functools import cache
from typing import TYPE_CHECKING, Any

from pipelines.reading import charset
from pipelines.reading.read import read
from tools.benchmark_pages import FOLDS, GROUPS, Page, load_pages, score, shingles, words
from tools.train_blocks import Sample, reading_with, sample

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Run = tuple[str, float]  # the text found, CPU seconds


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


def _ours(page: Page) -> str:
    return read(page.body, page.url).text


RIVALS: dict[str, Callable[[Page], str]] = {
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


def _text(extract: Callable[[Page], str], page: Page) -> Run:
    start = time.process_time()
    try:
        text = extract(page)
    except Exception:  # noqa: BLE001  # another's extractor that raises has found nothing
        text = ""
    return text, time.process_time() - start


def own_runs(pages: Sequence[Page], samples: Sequence[Sample], *, folds: bool) -> list[Run]:
    """Read pages with trees that have not seen them: of the development part, or of the other hosts' folds."""
    runs: dict[str, Run] = {}
    for fold in range(FOLDS) if folds else (None,):
        teachers = [each for each in samples if (each.page.fold != fold if folds else not each.page.held_out)]
        with reading_with(teachers):
            _text(_ours, pages[0])  # the model is read once: not what is measured
            runs |= {page.id: _text(_ours, page) for page in pages if page.fold == fold or not folds}
    return [runs[page.id] for page in pages]


def measure(name: str, pages: Sequence[Page], runs: Sequence[Run]) -> dict[str, Any]:
    """Score one extractor's runs: mean scores by group, shingle F1 on articles, CPU seconds in all and at worst."""
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
    """Print both tables; ``--only NAME ...`` runs some extractors beside ours, ``--part`` one part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", default=list(RIVALS), choices=list(RIVALS))
    parser.add_argument("--part", choices=["five folds", "held out", "both"], default="both")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    pages = load_pages()
    if not pages:
        print("The labelled pages are not here (../shared/html-dev): nothing to measure.")
        return
    samples = [each for page in pages if (each := sample(page))]
    if options.part != "held out":
        print_part("all pages, ours in five folds by host", pages, samples, options.only, folds=True)
    if options.part != "five folds":
        held_out = [page for page in pages if page.held_out]
        print_part("held out, ours trained on the rest", held_out, samples, options.only, folds=False)


def print_part(
    part: str, pages: Sequence[Page], samples: Sequence[Sample], names: Sequence[str], *, folds: bool
) -> None:
    """Print one table."""
    results = [measure("ours", pages, own_runs(pages, samples, folds=folds))]
    for name in names:
        _text(RIVALS[name], pages[0])  # imports and caches are not what is measured
        results.append(measure(name, pages, [_text(RIVALS[name], page) for page in pages]))
    print(f"\n{part}: {len(pages)} pages\n")
    print(table(results), flush=True)


if __name__ == "__main__":
    main()
