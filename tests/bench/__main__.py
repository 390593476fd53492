"""The benchmarks of a crawl, all in one run: ``make bench``.

Prints ratios; with ``--write`` also renews ``docs/benchmarks.md`` between its marks, and its picture.
"""

from __future__ import annotations

import argparse
import platform
import tempfile
from dataclasses import asdict
from pathlib import Path

from tests.bench.crawl import compare, memory_curve, table
from tests.bench.picture import bars
from tests.command import ROOT
from tests.kills import kill_again_and_again

DOC = ROOT / "docs" / "benchmarks.md"
MARKS = ("<!-- measured -->", "<!-- /measured -->")


def run(pages: int, large: int, kills: int) -> tuple[str, str]:
    """Measure, and give the report and the picture."""
    rows = compare(pages)
    report = [f"{platform.machine()}, Python {platform.python_version()}, demo web of {pages} pages", "", table(rows)]
    if large:
        report += ["", "memory of ours, peak of all processes together:", *memory_curve((pages, large))]
    if kills:
        with tempfile.TemporaryDirectory() as folder:
            losses = kill_again_and_again(Path(folder), pages=800, kills=kills, seed=1)
        report += ["", f"{kills} random SIGKILLs on a site of 800 pages:"]
        report += [f"{name.replace('_', ' '):<20}{value:>7}" for name, value in asdict(losses).items()]
    return "\n".join(report), bars(rows)


def renew(report: str, picture: str) -> None:
    """Put a report between the marks of the document, and its picture beside it."""
    before, _, rest = DOC.read_text(encoding="utf-8").partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    DOC.write_text(f"{before}{MARKS[0]}\n```\n{report}\n```\n{MARKS[1]}{after}", encoding="utf-8")
    (DOC.parent / "pictures" / "benchmark.svg").write_text(picture, encoding="utf-8")


def main() -> None:
    """Run all benchmarks of a crawl."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=2_000)
    parser.add_argument("--large", type=int, default=20_000, help="pages of the memory run; 0 leaves it out")
    parser.add_argument("--kills", type=int, default=50, help="0 leaves them out")
    parser.add_argument("--write", action="store_true", help="renew docs/benchmarks.md")
    options = parser.parse_args()
    report, picture = run(options.pages, options.large, options.kills)
    print(report)
    if options.write:
        renew(report, picture)


if __name__ == "__main__":
    main()
