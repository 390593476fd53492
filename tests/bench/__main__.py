"""The benchmarks of a crawl, all in one run: ``make bench``.

Prints ratios; with ``--write`` also renews ``docs/benchmarks.md`` between its marks, and its picture.
"""

from __future__ import annotations

import argparse
import platform
import tempfile
from dataclasses import asdict
from pathlib import Path

from tests.bench import kill_within, power, recrawl, simulate
from tests.bench.crawl import compare, memory_curve, table
from tests.bench.picture import bars
from tests.support.command import ROOT
from tests.support.kills import kill_again_and_again

DOC = ROOT / "docs" / "benchmarks.md"
MARKS = ("<!-- measured -->", "<!-- /measured -->")
WATCHED = ("<!-- watched -->", "<!-- /watched -->")


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


def watched(pages: int, kills: int) -> str:
    """Measure what watching over time costs and what it survives."""
    told = [recrawl.table(recrawl.recrawls(pages)), simulate.report(simulate.PRINTED)]
    told += [kill_within.many(kills).line(), power.report(10 * kills, kills // 2)] if kills else []
    return "\n\n".join(told)


def put(report: str, marks: tuple[str, str]) -> None:
    """Put a report between two marks of the document."""
    before, _, rest = DOC.read_text(encoding="utf-8").partition(marks[0])
    _, _, after = rest.partition(marks[1])
    DOC.write_text(f"{before}{marks[0]}\n```\n{report}\n```\n{marks[1]}{after}", encoding="utf-8")


def renew(report: str, picture: str) -> None:
    """Put a report between the marks of the document, and its picture beside it."""
    put(report, MARKS)
    (DOC.parent / "pictures" / "benchmark.svg").write_text(picture, encoding="utf-8")


def main() -> None:
    """Run all benchmarks of a crawl."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=2_000)
    parser.add_argument("--large", type=int, default=20_000, help="pages of the memory run; 0 leaves it out")
    parser.add_argument("--kills", type=int, default=50, help="0 leaves them out")
    parser.add_argument("--within", type=int, default=1_000, help="kills at statements, and a tenth of the power cuts")
    parser.add_argument("--write", action="store_true", help="renew docs/benchmarks.md")
    options = parser.parse_args()
    report, picture = run(options.pages, options.large, options.kills)
    print(report)
    over_time = watched(options.pages * 11 // 8, options.within)
    print(over_time)
    if options.write:
        renew(report, picture)
        put(over_time, WATCHED)


if __name__ == "__main__":
    main()
