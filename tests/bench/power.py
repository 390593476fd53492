"""Power cuts and failing disks in full: ``python -m tests.bench.power [--cuts 10000] [--refused 500]``."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.support.power import Harm, cut_power, live, refuse_writes

LIVES = 10  # recorded lives that share the cuts, each of another number of pages


def cuts_of_many_lives(cuts: int) -> Harm:
    """Cut the power of several lives, an equal share of the cuts each."""
    total = Harm()
    with tempfile.TemporaryDirectory() as name:
        for turn in range(LIVES):
            home = Path(name) / f"life-{turn}"
            home.mkdir()
            harm = cut_power(live(home, pages=12 + 7 * turn), cuts // LIVES, turn, Path(name) / "image")
            for count in vars(total):
                setattr(total, count, getattr(total, count) + getattr(harm, count))
    return total


def refused(writes: int) -> Harm:
    """Let the disk refuse each of the first so many writes, and all after it."""
    with tempfile.TemporaryDirectory() as name:
        return refuse_writes(Path(name), pages=12, numbers=range(1, writes + 1))


def report(cuts: int, writes: int) -> str:
    """Print both."""
    return f"power: {cuts_of_many_lives(cuts).line()}\nfailing disk, first {writes} writes: {refused(writes).line()}"


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cuts", type=int, default=10_000)
    parser.add_argument("--refused", type=int, default=500)
    options = parser.parse_args()
    print(report(options.cuts, options.refused))


if __name__ == "__main__":
    main()
