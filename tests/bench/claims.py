"""How well cues propose: precision and recall of each code on labelled sentences, ``make bench-claims``.

Two halves, both written by us in our own words (``tests/labelled``): cues are tuned on the development half only.
Precision: how many of the proposed sentences a code holds for. Recall: how many of the sentences it holds for are
proposed. With ``--errors`` the errors of the development half are listed; those of the other half are not.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipelines.coding.claims import Scanner, find_candidates
from pipelines.coding.codebook import load_codebook
from tests.support.command import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = ROOT / "tests" / "labelled"
HALVES = {"development": "claims-dev.txt", "held out": "claims-heldout.txt"}
WORST = ("ketamine ", "70% of patients ", "reduc", "no side effects but ", "not addictive, ", "a", "FDA approved ")
ALWAYS = frozenset({"E1", "E2", "E3", "E4", "E5", "E6", "E7", "K1", "K3", "R1"})


@dataclass(frozen=True)
class Labelled:
    """A sentence: the codes that hold for it (with a value where one is told), and those that it is a trap for."""

    text: str
    codes: dict[str, str]
    traps: frozenset[str] = frozenset()

    def is_judged(self, code: str) -> bool:
        """Tell whether the label says anything on a code."""
        return code in ALWAYS or code in self.codes or code in self.traps


@dataclass
class Score:
    """Counts of one code: proposed and right, proposed and wrong, missed; and values that were suggested right."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    values: int = 0
    valued: int = 0
    errors: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Share of the proposed that is right; 1 where nothing was proposed."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Share of the right that is proposed."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


def read_labels(name: str) -> list[Labelled]:
    """Read a file of labelled sentences."""
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [parse_label(line) for line in lines if line.strip() and not line.startswith("#")]


def parse_label(line: str) -> Labelled:
    """Parse ``codes | traps | sentence``; a set's code may stand several times, with a value each."""
    codes, traps, text = (part.strip() for part in line.split("|", 2))
    told: dict[str, str] = {}
    for code in codes.split():
        name, _, value = code.partition("=")
        told[name] = f"{told[name]} {value}" if name in told else value
    return Labelled(text, told, frozenset(traps.split()))


def proposed(scanner: Scanner, text: str) -> dict[str, set[str]]:
    """Give the codes that the cues propose for a sentence, by their short ids, with the values suggested."""
    found: dict[str, set[str]] = {}
    for candidate in find_candidates(text, scanner):
        found.setdefault(candidate.code.split("_")[0], set()).add(candidate.value)
    return found


def score(scanner: Scanner, labels: list[Labelled]) -> dict[str, Score]:
    """Count, for each code of the codebook, how its proposals compare to the labels."""
    ids = [code.id.split("_")[0] for code in scanner.codebook.codes]
    scores = {code: Score() for code in ids}
    for label in labels:
        found = proposed(scanner, label.text)
        for code in ids:
            if label.is_judged(code):
                count(scores[code], label, code, found.get(code))
    return scores


def count(tally: Score, label: Labelled, code: str, values: set[str] | None) -> None:
    """Count one sentence for one code."""
    holds = code in label.codes
    tally.right += holds and values is not None
    tally.wrong += not holds and values is not None
    tally.missed += holds and values is None
    wanted = set(label.codes.get(code, "").split())
    if holds and values is not None and wanted:
        tally.valued += 1
        tally.values += wanted <= values
    if holds != (values is not None) or (values is not None and not wanted <= values):
        kind = "missed" if values is None else "wrong" if not holds else f"value {sorted(values)}"
        tally.errors.append(f"{code} {kind}: {label.text}")


def table(scores: dict[str, Score]) -> Iterator[str]:
    """Print the counts of a half, a line each code."""
    yield "code   holds  right  wrong missed  precision  recall  value right"
    for code, one in scores.items():
        values = f"{one.values} of {one.valued}" if one.valued else ""
        yield (
            f"{code:<6}{one.right + one.missed:>6}{one.right:>7}{one.wrong:>7}{one.missed:>7}"
            f"{one.precision:>11.2f}{one.recall:>8.2f}{values:>13}"
        )
    whole = Counter[str]()
    for one in scores.values():
        whole.update(right=one.right, wrong=one.wrong, missed=one.missed)
    both = Score(whole["right"], whole["wrong"], whole["missed"])
    yield (
        f"{'all':<6}{both.right + both.missed:>6}{both.right:>7}{both.wrong:>7}{both.missed:>7}"
        f"{both.precision:>11.2f}{both.recall:>8.2f}"
    )


def slowness(scanner: Scanner) -> Iterator[str]:
    """Compare how long the worst sentences take at 1 MB with a tenth of that; 10 is linear."""
    for piece in (
        "ketamine ",
        "70% of patients ",
        "reduc",
        "no side effects but ",
        "not addictive, ",
        "a",
        "FDA approved ",
    ):
        times = []
        for size in (100_000, 1_000_000):
            begun = time.perf_counter()
            find_candidates(piece * (size // len(piece)), scanner)
            times.append(time.perf_counter() - begun)
        yield f"{piece!r:<24} 1 MB as one sentence takes {times[1] / times[0]:>5.1f} times as long as 0.1 MB"


def main() -> None:
    """Print the figures of both halves."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", action="store_true", help="list the errors of the development half")
    parser.add_argument("--slow", action="store_true", help="time the worst sentences too")
    options = parser.parse_args()
    scanner = Scanner(load_codebook((ROOT / "seeds" / "codebook.toml").read_text(encoding="utf-8")))
    for half, name in HALVES.items():
        labels = read_labels(name)
        traps = sum(not label.codes for label in labels)
        print(f"\n{half}: {len(labels)} sentences, {traps} of them traps that no code judged here holds for")
        scores = score(scanner, labels)
        print("\n".join(table(scores)))
        if options.errors and half == "development":
            print("\n".join(error for one in scores.values() for error in one.errors))
    if options.slow:
        print("\n".join(slowness(scanner)))


if __name__ == "__main__":
    main()
