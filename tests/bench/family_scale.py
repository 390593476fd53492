"""How the search for families grows: 1,000 to 100,000 pages, beside the reading of pages in the same run.

The texts are made without HTML: words by Zipf's law, and stock phrases by Zipf's law as the web's trades have them, so
that runs of words are as hot as they are there (the hottest in a third of all pages). One page in five is a copy:
a doorway with another town, a text with more to it, an excerpt. Each size runs in a process of its own.

``--stock 2`` is a worse world, in which two sentences of three are stock phrases; ``--sharing`` says how much two texts
share that are no copies, in both worlds and on real pages.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from db.corpus.connection import atomic, open_corpus
from db.passes import family_search
from db.passes.families import current_keys, index_path, index_rules, read_docs
from db.passes.family_index import open_index
from demo.world import make_world
from pipelines.dedup import fingerprint, masks
from pipelines.dedup import similarity as families
from pipelines.reading.read import read
from tests.bench.curve import curve
from tests.support.command import ROOT
from tests.support.family_corpus import SYLLABLES, Put, group, lay_sites, put

if TYPE_CHECKING:
    from collections.abc import Iterator

TOWNS = ["Tustin, California", "Costa Mesa, California", "Round Rock, Texas", "Naperville, Illinois", "Bellevue"]
REAL = ROOT / ".." / "shared" / "html-dev"
LONG = 100  # words of a real page that counts
PICTURE = ROOT / "docs" / "pictures" / "families.svg"


def zipf(size: int, flat: int = 0) -> list[float]:
    """Give the cumulative weights of Zipf's law, flattened at the top as Mandelbrot did."""
    return list(accumulate(1 / (rank + flat) for rank in range(1, size + 1)))


class Pen:
    """Writes texts by seed."""

    def __init__(self, seed: int, stock: int = 1) -> None:
        self.rng, self.stock = random.Random(seed), stock
        maker = random.Random(11)
        self.words = ["".join(maker.choices(SYLLABLES, k=maker.randint(1, 4))) for _ in range(30_000)]
        self.weights = zipf(len(self.words))
        self.phrases = [self._plain(maker, maker.randint(3, 9)) for _ in range(20_000)]
        self.phrase_weights = zipf(len(self.phrases), 5)
        self.calls = [self._plain(maker, 4) for _ in range(15)]

    def _plain(self, rng: random.Random, size: int) -> str:
        return " ".join(rng.choices(self.words, cum_weights=self.weights, k=size))

    def call(self) -> str:
        """Call readers to a town: three pages in ten with the same words, in the worse world all of them."""
        calls = self.calls[:1] if self.stock > 1 else self.calls
        return f"{self.rng.choices(calls, cum_weights=zipf(len(calls)))[0]} in {self.rng.choice(TOWNS)}"

    def text(self) -> list[str]:
        """Write the sentences of a page: of three one is a stock phrase, or as many as were asked for."""
        size = self.rng.randint(20, 60)
        stock = self.rng.choices(self.phrases, cum_weights=self.phrase_weights, k=size)
        return [self._plain(self.rng, 14) if place % 3 >= self.stock else stock[place] for place in range(size)]


def pages(count: int, stock: int = 1) -> Iterator[str]:
    """Write so many pages, one in five a copy of one before it."""
    pen, originals = Pen(3, stock), []
    for number in range(count):
        if number % 5 or not originals:
            text = pen.text()
            originals.append(text)
            del originals[:-200]
        else:
            text = _copy(pen, pen.rng.choice(originals))
        yield "\n".join(_paragraphs([*text, pen.call()]))


def _paragraphs(sentences: list[str]) -> list[str]:
    """Lay sentences out as the reader does, a paragraph a line."""
    return [". ".join(sentences[start : start + 3]) + "." for start in range(0, len(sentences), 3)]


def _copy(pen: Pen, text: list[str]) -> list[str]:
    how = pen.rng.randrange(3)
    if how == 0:
        return text
    return [*text, *pen.text()[:4]] if how == 1 else text[: len(text) // 2]


def measure(count: int, stock: int = 1) -> dict[str, float]:
    """Fill a corpus and run the pass, in this process: milliseconds of CPU a page, and its peak of memory in MB."""
    places = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds" / "places").glob("*.txt")))
    with tempfile.TemporaryDirectory() as folder, closing(open_corpus(Path(folder) / "c.db")) as db:
        lay_sites(db)
        with atomic(db):
            for page, text in enumerate(pages(count, stock), 1):
                put(db, page, Put(text, page % 5 + 1))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        found = _search(db, places)
        start = time.process_time()
        group(db, places)
        told = time.process_time() - start
        size = index_path(db).stat().st_size
        found_families, members = db.execute("SELECT count(*), sum(size) FROM families").fetchone()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "pages": count,
        "find": found / count * 1000,
        "describe": told / count * 1000,
        "memory": memory / 1024,
        "before": before / 1024,
        "index": size / count / 1024,
        "families": found_families,
        "members": members,
    }


def _search(db, places: str) -> float:
    gazetteer, start = masks.load_gazetteer(places), time.process_time()
    with closing(open_index(index_path(db), index_rules(places))) as index:
        family_search.update(index, current_keys(db), lambda asked: read_docs(db, asked, gazetteer))
        family_search.group(index)
    return time.process_time() - start


def reading(count: int) -> float:
    """Read pages of the demo web: milliseconds of CPU a page."""
    world = make_world(1, count)
    urls = [one.url for one in world.iter_truth(0) if one.fate == "page"][:count]
    bodies = [(url, world.answer(url, 0).body) for url in urls]
    start = time.process_time()
    for url, body in bodies:
        read(body, url)
    return (time.process_time() - start) / len(bodies) * 1000


def sharing(texts: list[str]) -> tuple[float, float, float]:
    """Say how many runs two texts share on average, as a share of the shorter one's, and who has the hottest run."""
    sets = [fingerprint.fingerprint(text).raw for text in texts]
    rng = random.Random(5)
    overlaps = [families.overlap(*rng.sample(sets, 2)) for _ in range(20_000)]
    _, counts = np.unique(np.concatenate(sets), return_counts=True)
    shared = [one.shared for one in overlaps if one.containment < families.MIN_PASSAGES]
    share = [one.containment for one in overlaps if one.containment < families.MIN_PASSAGES]
    return sum(shared) / len(shared), sum(share) / len(share), counts.max() / len(sets)


def print_sharing() -> None:
    """Compare made texts to real ones, where there are any (a page a line in ``truth.jsonl``)."""
    worlds = {"made": list(pages(600)), "made, worse": list(pages(600, 2))}
    if (truth := REAL / "truth.jsonl").exists():
        told = [json.loads(line)["main_text"] for line in truth.read_text(encoding="utf-8").splitlines()]
        worlds["real"] = [text for text in told if len(text.split()) >= LONG]
    for name, texts in worlds.items():
        shared, share, hottest = sharing(texts)
        print(f"{name:<12}{shared:6.1f} runs shared, {share:6.2%} of the shorter text; hottest in {hottest:.0%}")


def grown(sizes: list[str], stock: int) -> list[dict[str, float]]:
    """Measure a world at all sizes, each in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.family_scale", "--stock", str(stock), "--one"]
    return [
        json.loads(subprocess.run([*command, size], check=True, capture_output=True, text=True, cwd=ROOT).stdout)
        for size in sizes
    ]


def report(rows: list[dict[str, float]], read_ms: float) -> str:
    """Lay the figures out, as ratios to the reading of a page."""
    lines = [f"{'pages':>9}{'find':>9}{'describe':>10}{'all':>8}{'memory':>10}{'index':>11}{'in families':>13}"]
    for row in rows:
        find, describe = row["find"] / read_ms, row["describe"] / read_ms
        lines.append(
            f"{row['pages']:>9,.0f}{find:>9.3f}{describe:>10.3f}{find + describe:>8.3f}{row['memory']:>7.0f} MB"
            f"{row['index']:>8.1f} KB{row['members']:>13,.0f}"
        )
    return "\n".join(lines)


def picture(rows: list[dict[str, float]], worse: list[dict[str, float]], read_ms: float) -> str:
    """Draw what a page costs in both worlds, in percent of reading it."""
    lines = {
        "found": [(row["pages"], row["find"] / read_ms * 100) for row in rows],
        "found and described": [(row["pages"], (row["find"] + row["describe"]) / read_ms * 100) for row in rows],
        "the same in a worse world": [(row["pages"], (row["find"] + row["describe"]) / read_ms * 100) for row in worse],
    }
    return curve(lines)


def main() -> None:
    """Measure all sizes in both worlds, or one in this process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--one", type=int)
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--stock", type=int, default=1, choices=(1, 2))
    parser.add_argument("--sharing", action="store_true")
    parser.add_argument("--write", action="store_true", help="renew the picture in docs")
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options.one, options.stock)))
    elif options.sharing:
        print_sharing()
    else:
        measure_all(options.sizes.split(","), options.write)


def measure_all(sizes: list[str], write: bool) -> None:
    """Measure both worlds, print the figures, and draw them."""
    rows, worse, read_ms = grown(sizes, 1), grown(sizes, 2), reading(300)
    print("CPU a page, as a ratio to reading one page of the demo web (which is 1)")
    print(f"{report(rows, read_ms)}\nworse world\n{report(worse, read_ms)}", flush=True)
    if write:
        PICTURE.write_text(picture(rows, worse, read_ms), "utf-8")


if __name__ == "__main__":
    main()
