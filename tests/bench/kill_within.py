"""A thousand seeded SIGKILLs in crawls, questions and passes: ``python -m tests.bench.kill_within [KILLS]``."""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from pathlib import Path

from tests.support.kills_within import MEMORY, Toll, kill_within

SERIES = 25  # corpora that share the kills, so that first crawls are killed too


def many(kills: int) -> Toll:
    """Kill so many children, an equal share in each of some corpora."""
    total = Toll(0, Counter())
    for seed in range(SERIES):
        with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
            toll = kill_within(Path(folder), pages=20 + seed, kills=kills // SERIES, seed=seed)
        total.kills += toll.kills
        for name in ("crawls", "lost", "doubled", "without_bytes", "unfinished_passes", "asked", "unasked"):
            setattr(total, name, getattr(total, name) + getattr(toll, name))
    return total


def main() -> None:
    """Kill and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kills", type=int, nargs="?", default=1_000)
    print(many(parser.parse_args().kills).line())


if __name__ == "__main__":
    main()
