"""How well families are found: ours beside other ways, on texts edited in known ways: ``make bench-families``.

Half of the sources is for development, the other half is held out: nothing was set by it. Texts that were spun (a fifth
of the words replaced) are of no family by our rule and are left out of the count; how many are found is told by edit.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

from db.corpus.connection import atomic, open_corpus
from db.passes.families import index_path, index_rules
from db.passes.family_index import open_index
from pipelines.dedup.similarity import DisjointSets
from tests.bench.family_rivals import RIVALS
from tests.bench.family_truth import PAGES, Sample, halves, samples
from tests.support.command import ROOT
from tests.support.family_corpus import Put, group, lay_sites, put

if TYPE_CHECKING:
    from collections.abc import Iterable

SPUN = "synonyms 20 %"
SAME = 0.55  # of the words of both: a copy by construction
HELD = 0.95  # of the words of the shorter text, which has 60 and more: contained by construction
LONG = 60
NO_PART = 0.6


@dataclass
class Found:
    """What a way of finding copies found: a family for each text, and which pairs contain each other."""

    family: list[int]
    contained: set[tuple[int, int]]
    seconds: float


def ours(texts: list[Sample], folder: Path) -> Found:
    """Run the pass on a corpus with these texts."""
    places = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds" / "places").glob("*.txt")))
    with closing(open_corpus(folder / "c.db")) as db:
        lay_sites(db, 1)
        with atomic(db):
            for number, one in enumerate(texts):
                facts = (("name", one.brand, "", 1.0), ("city", one.town.split(",")[0], "", 1.0))
                put(db, number + 1, Put(one.text, 1, facts=facts))
        start = time.process_time()
        group(db, places)
        seconds = time.process_time() - start
        family = list(range(len(texts)))
        for page, name in db.execute("SELECT page, family FROM family_members"):
            family[page - 1] = name - 1
        with closing(open_index(index_path(db), index_rules(places))) as index:
            links = index.execute(
                "SELECT one.id - 1, two.id - 1 FROM link JOIN page AS one ON one.node = a"
                " JOIN page AS two ON two.node = b WHERE relation = 'contained'"
            ).fetchall()
    return Found(family, {(min(pair), max(pair)) for pair in links}, seconds)


def rival(name: str, texts: list[Sample]) -> Found:
    """Run another way on the same texts: what it pairs is one family."""
    start = time.process_time()
    pairs = RIVALS[name]([one.text for one in texts])
    return Found(joined(len(texts), pairs), pairs, time.process_time() - start)


def joined(size: int, pairs: Iterable[tuple[int, int]]) -> list[int]:
    """Name the group of each number."""
    groups = DisjointSets()
    for one, other in pairs:
        groups.union(one, other)
    return [groups.find(number) for number in range(size)]


def truth(texts: list[Sample]) -> tuple[list[int], set[tuple[int, int]], dict[tuple[int, int], float]]:
    """Tell by construction which texts are copies of each other, and which contain which."""
    by_source = defaultdict(list)
    for number, one in enumerate(texts):
        by_source[one.source].append(number)
    near, held, share = [], set(), {}
    for numbers in by_source.values():
        for one, other in combinations(numbers, 2):
            a, b = texts[one].words, texts[other].words
            shared = (a & b).total()
            share[one, other] = shared / min(a.total(), b.total())
            if SPUN in {texts[one].edit, texts[other].edit}:
                continue
            if shared / (a.total() + b.total() - shared) >= SAME:
                near.append((one, other))
            elif share[one, other] >= HELD and min(a.total(), b.total()) >= LONG:
                held.add((one, other))
    return joined(len(texts), near), held, share


@dataclass
class Score:
    """How well families and contained texts were found."""

    precision: float
    recall: float
    rand: float
    contained: float
    false_contained: int
    seconds: float


def score(texts: list[Sample], found: Found) -> Score:
    """Compare what was found to the truth."""
    from sklearn.metrics import adjusted_rand_score

    family, held, share = truth(texts)
    counted = [number for number, one in enumerate(texts) if one.edit != SPUN]
    both = Counter((family[number], found.family[number]) for number in counted)
    true = Counter(family[number] for number in counted)
    told = Counter(found.family[number] for number in counted)
    right = _pairs(both)
    kept = [pair for pair in held if family[pair[0]] != family[pair[1]]]
    hits = sum(pair in found.contained or found.family[pair[0]] == found.family[pair[1]] for pair in kept)
    return Score(
        right / max(1, _pairs(told)),
        right / _pairs(true),
        adjusted_rand_score([family[n] for n in counted], [found.family[n] for n in counted]),
        hits / max(1, len(kept)),
        sum(share.get(pair, 0.0) < NO_PART and family[pair[0]] != family[pair[1]] for pair in found.contained),
        found.seconds,
    )


def _pairs(counted: Counter) -> int:
    return sum(size * (size - 1) // 2 for size in counted.values())


def by_edit(texts: list[Sample], found: Found) -> dict[str, float]:
    """Tell for each edit how many of its texts are in the family of their source as it stands."""
    home = {one.source: found.family[number] for number, one in enumerate(texts) if one.edit == "itself"}
    counted: dict[str, list[bool]] = defaultdict(list)
    for number, one in enumerate(texts):
        if one.source >= 0:
            counted[one.edit].append(found.family[number] == home[one.source])
    return {edit: sum(hits) / len(hits) for edit, hits in counted.items()}


def table(rows: dict[str, Score]) -> str:
    """Lay the scores out; CPU as a ratio to ours."""
    base = rows["clinicwatch"].seconds
    lines = [f"{'':<24}{'precision':>10}{'recall':>8}{'ARI':>7}{'contained':>11}{'false':>7}{'CPU':>7}"]
    lines += [
        f"{name:<24}{one.precision:>10.4f}{one.recall:>8.3f}{one.rand:>7.3f}{one.contained:>11.3f}"
        f"{one.false_contained:>7}{one.seconds / base:>6.1f}x"
        for name, one in rows.items()
    ]
    return "\n".join(lines)


def run(name: str, texts: list[Sample], rivals: list[str]) -> str:
    """Measure one half of the texts."""
    with tempfile.TemporaryDirectory() as folder:
        mine = ours(texts, Path(folder))
    rows = {"clinicwatch": score(texts, mine)} | {each: score(texts, rival(each, texts)) for each in rivals}
    sources = len({one.source for one in texts if one.source >= 0})
    edits = "\n".join(f"{edit:<32}{share:>6.3f}" for edit, share in by_edit(texts, mine).items())
    head = f"{name}: {len(texts)} texts of {sources} sources"
    return f"{head}\n{table(rows)}\n\nin the family of the source, by edit\n{edits}"


def main() -> None:
    """Run the benchmark, or say why not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("development", "held out"))
    parser.add_argument("--sources", type=int, default=1000, help="sources a half at most")
    parser.add_argument("--seed", type=int, default=0, help="of the edits; another one makes other texts")
    parser.add_argument("--alone", action="store_true", help="without the rivals")
    options = parser.parse_args()
    if not PAGES.exists():
        print(f"skipped: {PAGES} is not here, and nothing else has texts that the rules were not tuned on")
        return
    for half, sources in halves().items():
        if options.half in {None, half}:
            texts = list(samples(sources[: options.sources], seed=options.seed))
            print(run(half, texts, [] if options.alone else list(RIVALS)), end="\n\n", flush=True)


if __name__ == "__main__":
    main()
