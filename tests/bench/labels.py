"""Precision and recall of page types and topic on the labelled pages.

``python tests/bench/labels.py [dev] [heldout] [-v]``; ``-v`` lists each wrong or doubtful page with its reasons.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from pipelines.classify.page_type import classify  # noqa: E402
from pipelines.classify.topic import TopicModel, load_topic, score  # noqa: E402
from pipelines.metadata.page_metadata import Metadata  # noqa: E402
from pipelines.model.records import PageType, Verdict  # noqa: E402

LABELLED = ROOT / "tests" / "labelled"


@dataclass(frozen=True, slots=True)
class Page:
    """One labelled page: what a reader of the page would have seen, and the two labels."""

    url: str
    kind: PageType
    topic: str
    title: str
    facts: dict[str, str]
    headings: tuple[str, ...]
    text: str

    @property
    def meta(self) -> Metadata:
        """The metadata that the facts stand for."""
        declared = tuple(self.facts.get("types", "").split(",")) if "types" in self.facts else ()
        place = self.facts.get("pub")
        return Metadata(
            title=self.title or None,
            types=declared,
            og_type=self.facts.get("og"),
            published="2024-01-01" if place else None,
            published_source=place,
            author=self.facts.get("author"),
            is_article=self.facts.get("og") == "article"
            or any("Article" in each or "Blog" in each for each in declared),
        )


def _facts(text: str) -> dict[str, str]:
    head, _, author = text.partition("author=")
    facts = dict(part.split("=", 1) for part in head.split())
    return {**facts, "author": author.strip()} if author else facts


def parse_pages(text: str) -> list[Page]:
    """Parse a file of labelled pages; its head explains the form."""
    blocks = list(("\n" + text).split("\n@ ")[1:])
    return [_parse_page(block) for block in blocks]


def _parse_page(block: str) -> Page:
    head, _, body = block.partition("\n")
    url, kind, topic, title, facts = (
        (part.strip() for part in head.split(" | ") if True) if head.count(" | ") == 4 else _short(head)
    )
    lines = [line for line in body.strip().splitlines() if line.strip()]
    headings = tuple(line[3:] for line in lines if line.startswith("## "))
    return Page(
        url,
        PageType(kind),
        topic,
        title,
        _facts(facts),
        headings,
        "\n".join(line.removeprefix("## ") for line in lines),
    )


def _short(head: str) -> tuple[str, str, str, str, str]:
    url, kind, topic, rest = ([*head.split(" | ", 3), ""])[:4]
    title, _, facts = rest.rstrip().removesuffix("|").strip().partition(" | ")
    return url.strip(), kind.strip(), topic.strip(), title.strip(" |"), facts.strip()


def load_pages(*names: str) -> list[Page]:
    """Load the named halves: ``dev``, ``heldout``."""
    return [
        page for name in names for page in parse_pages((LABELLED / f"pages-{name}.txt").read_text(encoding="utf-8"))
    ]


def load_model() -> TopicModel:
    """Load the topic of this repository."""
    return load_topic((ROOT / "seeds" / "topic.toml").read_text(encoding="utf-8"))


def rates(pairs: list[tuple[str, str]], kind: str) -> tuple[float, float, int]:
    """Give precision, recall and the number of pages of one class from (true, said) pairs."""
    right = sum(1 for true, said in pairs if true == said == kind)
    said, true = sum(1 for _, said in pairs if said == kind), sum(1 for true, _ in pairs if true == kind)
    return (right / said if said else 1.0), (right / true if true else 1.0), true


def type_pairs(pages: list[Page]) -> list[tuple[str, str]]:
    """Classify every page: (true, said)."""
    return [(str(page.kind), str(classify(page.url, page.meta, page.text, page.headings)[0])) for page in pages]


def topic_pairs(pages: list[Page], model: TopicModel) -> list[tuple[str, str]]:
    """Give every page its verdict: (label, said)."""
    return [(page.topic, str(score(model, page.title, page.text, page.headings, page.url).verdict)) for page in pages]


def topic_rates(pairs: list[tuple[str, str]]) -> dict[str, float]:
    """Give recall with doubtful found, recall and precision of "on topic"; near pages are aside."""
    on = [said for true, said in pairs if true == "on"]
    claimed = [true for true, said in pairs if said == Verdict.ON_TOPIC and true != "near"]
    return {
        "recall, doubtful found": sum(1 for said in on if said != Verdict.OFF_TOPIC) / len(on),
        "recall, on topic": sum(1 for said in on if said == Verdict.ON_TOPIC) / len(on),
        "precision, on topic": sum(1 for true in claimed if true == "on") / len(claimed),
    }


def print_types(pages: list[Page], *, verbose: bool) -> None:
    """Print precision and recall by class."""
    pairs = type_pairs(pages)
    print(f"  page types: {sum(a == b for a, b in pairs)} of {len(pairs)} right")
    for kind in sorted({true for true, _ in pairs}):
        precision, recall, count = rates(pairs, kind)
        print(f"    {kind:12} precision {precision:.2f}  recall {recall:.2f}  pages {count}")
    for page, (true, said) in zip(pages, pairs, strict=True):
        if verbose and true != said:
            print(f"    {true} -> {said}: {page.url} {classify(page.url, page.meta, page.text, page.headings)[1]}")


def print_topic(pages: list[Page], model: TopicModel, *, verbose: bool) -> None:
    """Print the topic's rates and its table of labels and verdicts."""
    pairs = topic_pairs(pages, model)
    print("  topic: " + "  ".join(f"{name} {value:.3f}" for name, value in topic_rates(pairs).items()))
    for label in ("on", "near", "off"):
        counts = Counter(said for true, said in pairs if true == label)
        print(f"    {label:5}" + "".join(f"  {verdict}: {counts[verdict]}" for verdict in Verdict))
    for page in pages:
        found = score(model, page.title, page.text, page.headings, page.url)
        if verbose and page.topic == "off" and found.verdict == Verdict.DOUBTFUL:
            print(f"    off -> doubtful {found.score}: {page.url} {found.reasons[:2]}")
        wrong = (page.topic == "on") != (found.verdict == Verdict.ON_TOPIC) and page.topic != "near"
        if verbose and (wrong or page.topic == "near"):
            print(f"    {page.topic} -> {found.verdict} {found.score}: {page.url} {found.reasons}")


def main(arguments: list[str]) -> None:
    """Print both tables for each half."""
    names = [name for name in arguments if not name.startswith("-")] or ["dev", "heldout"]
    for name in names:
        pages = load_pages(name)
        print(f"{name}: {len(pages)} pages")
        print_types(pages, verbose="-v" in arguments)
        print_topic(pages, load_model(), verbose="-v" in arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
