"""How much reading a ranking saves, on labelled sentences of real sites and on the coded demo: ``make bench-review``.

WSS@95 is the work saved over reading in any order when 95 % of the relevant texts have been found (Cohen et al. 2006,
JAMIA 13): the share of texts not read, less 5 %. A simulated coder starts with a batch ordered by the program's own
opinion, and each batch of 25 is ordered by what was decided before it. "At the stop" is where the stopping test first
allows it: the share that was read, and the recall then reached. Means over five seeds.

The labels of the sentences lie outside the repository; without them only the demo is simulated.
"""

from __future__ import annotations

import json
import math
import os
import tempfile
from collections import Counter
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING, NamedTuple

from crawler.engine.rule_files import CODEBOOK, read_codebook
from db.coding.rankings import Ranking, decisions_on, find_ranking, new_ranking
from db.coding.votes_file import attach_corpus, voting
from demo.readers import code_demo
from demo.world import make_world
from pipelines.coding.claims import Scanner
from pipelines.coding.prioritise import choose_batch, score, stopping_p
from tests.bench.claims import proposed
from tests.support.command import ROOT
from tests.support.demo_corpus import demo_corpus

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SENTENCES = Path(os.environ.get("CLINICWATCH_SHARED", ROOT.parent / "shared")) / "real-clinics" / "sentences.jsonl"
SEEDS = (1, 2, 3, 4, 5)
BATCH, RANDOM_SHARE, TARGET, MAY_STOP = 25, 0.1, 0.95, 0.05
LEAST = 15  # relevant texts, below which a share says little


class Screening(NamedTuple):
    """Texts to be read for one target, whether each is relevant, and the program's own opinion of each."""

    name: str
    texts: Sequence[str]
    relevant: Sequence[bool]
    opinions: Sequence[float]
    known: int = 0  # so many at the beginning were decided before, on other sites


class Saved(NamedTuple):
    """What a run came to: work saved at 95 % recall, and share read and recall where the test allowed to stop."""

    wss: float
    read_at_stop: float
    recall_at_stop: float


def screen(task: Screening, seed: int) -> Saved:
    """Read all texts of a task in the order of the ranking."""
    decided = {number: task.relevant[number] for number in range(task.known)}
    order: list[int] = []
    total = sum(task.relevant[task.known :])
    frame = len(task.texts) - task.known
    stop = None
    while len(order) < frame:
        pool = [number for number in range(task.known, len(task.texts)) if number not in decided]
        chances = score(task.texts, decided, task.opinions).values
        for place in choose_batch([chances[number] for number in pool], BATCH, RANDOM_SHARE, seed * 1000 + len(order)):
            order.append(pool[place.number])
            decided[pool[place.number]] = task.relevant[pool[place.number]]
        found = [task.relevant[number] for number in order]
        if stop is None and stopping_p(found, frame, TARGET) < MAY_STOP:
            stop = (len(order) / frame, sum(found) / total)
    enough = math.ceil(TARGET * total)
    read = next(place for place in range(1, frame + 1) if sum(task.relevant[n] for n in order[:place]) >= enough)
    return Saved(1 - read / frame - (1 - TARGET), *(stop or (1.0, 1.0)))


def sentence_tasks() -> Iterator[Screening]:
    """Give a task a code, over all sentences; then each large site by itself, learnt on the other sites."""
    rows = [json.loads(line) for line in SENTENCES.read_text(encoding="utf-8").splitlines()]
    scanner = Scanner(read_codebook(CODEBOOK))
    proposals = [proposed(scanner, row["sentence"]) for row in rows]
    texts = [f"{row['heading']} {row['sentence']}" for row in rows]
    codes = Counter(code for row in rows for code in row["labels"])
    for code in [code for code, count in sorted(codes.items()) if count >= LEAST]:
        relevant = [code in row["labels"] for row in rows]
        yield Screening(f"sentences, {code}", texts, relevant, [float(code in one) for one in proposals])
    anything = [bool(row["labels"]) for row in rows]
    opinions = [float(len(one)) for one in proposals]
    yield Screening("sentences, any code", texts, anything, opinions)
    sites = Counter(row["site"] for row, holds in zip(rows, anything, strict=True) if holds)
    for site in [site for site, count in sorted(sites.items()) if count >= LEAST]:
        order = sorted(range(len(rows)), key=lambda n, site=site: rows[n]["site"] == site)
        known = sum(row["site"] != site for row in rows)
        shown, holds = [texts[n] for n in order], [anything[n] for n in order]
        size = len(rows) - known
        yield Screening(f"one site of {size} sentences", shown, holds, [opinions[n] for n in order], known)


def demo_tasks(folder: Path) -> Iterator[Screening]:
    """Give a task a code over the pages of the demo that were coded."""
    path = folder / "corpus.db"
    book = read_codebook(CODEBOOK)
    with demo_corpus(path, make_world()) as corpus:
        texts = dict(corpus.execute("SELECT sha256, text FROM texts").fetchall())
    code_demo(path, book, "2026-03-02T10:00:00+00:00")
    with voting(path) as review:
        attach_corpus(review, path)
        for code in book.codes:
            new_ranking(review, Ranking(0, code.id, "2026-03-02T10:00:00+00:00", code.id, "1", 1, RANDOM_SHARE, 0, ""))
            decided = decisions_on(review, find_ranking(review, code.id))
            units = sorted(decided)
            if LEAST <= sum(decided.values()) < len(units):
                rows = review.execute("SELECT text_sha256 FROM corpus.claims WHERE code = ?", (code.id,))
                candidates = Counter(row["text_sha256"] for row in rows)
                relevant = [decided[unit] for unit in units]
                shown = [texts[unit] for unit in units]
                yield Screening(f"demo, {code.id}", shown, relevant, [float(candidates[unit]) for unit in units])


def main() -> None:
    """Print a line a task."""
    print(f"{'':<34}{'texts':>7}{'relevant':>10}{'WSS@95':>9}{'read at stop':>14}{'recall at stop':>16}")
    with tempfile.TemporaryDirectory() as folder:
        tasks = [*(sentence_tasks() if SENTENCES.exists() else ()), *demo_tasks(Path(folder))]
    if not SENTENCES.exists():
        print(f"sentences of real sites: skipped, {SENTENCES} is not there")
    for task in tasks:
        found = [screen(task, seed) for seed in SEEDS]
        relevant = sum(task.relevant[task.known :])
        line = [mean(one[column] for one in found) for column in range(3)]
        size = len(task.texts) - task.known
        print(f"{task.name:<34}{size:>7}{relevant:>10}{line[0]:>9.2f}{line[1]:>14.2f}{line[2]:>16.2f}", flush=True)


if __name__ == "__main__":
    main()
