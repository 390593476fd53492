"""What is taken for a page and what for a stand-in: the kinds of ``tests/support/walls.py`` and pages of real sites.

    python -m tests.bench.walls

Prints the kinds that a first visit takes for a page, the real pages (where they are at hand) that are taken for none,
and what the detector costs a page.
"""

from __future__ import annotations

import gzip
import json
import time
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from pipelines.classify.error_pages import judge
from pipelines.reading.read import read
from tests.support.command import SHARED
from tests.support.walls import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

DEV = SHARED / "html-dev"
CLINICS = SHARED / "real-clinics" / "html"
URL = "https://cedar.example/care/"


class Taken(NamedTuple):
    """A page of a real site that is taken for none, and why."""

    name: str
    reason: str


class Measured(NamedTuple):
    """What the detector came to on real pages: how many there were, which were taken for none, milliseconds a page."""

    pages: int
    taken: list[Taken]
    mean_ms: float
    worst_ms: float


def real_pages() -> Iterator[tuple[str, str, bytes]]:
    """Give name, URL and bytes of the real pages that are at hand."""
    urls = {}
    if (DEV / "truth.jsonl").exists():
        rows = map(json.loads, (DEV / "truth.jsonl").read_text(encoding="utf-8").splitlines())
        urls = {row["id"]: row["url"] for row in rows}
    for folder in (DEV / "html", CLINICS):
        for path in sorted(folder.glob("*.html.gz")) if folder.exists() else ():
            name = path.name.removesuffix(".html.gz")
            yield name, urls.get(name, URL), gzip.decompress(path.read_bytes())
        for path in sorted(one for one in folder.glob("*.gz") if not one.name.endswith(".html.gz")):
            yield path.name, URL, gzip.decompress(path.read_bytes())


def kept_kinds() -> list[str]:
    """Name the kinds that a first visit takes for a page."""
    return [name for name, kind in KINDS.items() if kind.body and not _is_told(kind.body)]


def _is_told(body: bytes) -> bool:
    reading = read(body, URL)
    return judge(reading, body).certain is not None or not (reading.text or reading.other_text).strip()


def measure(step: int = 1) -> Measured:
    """Judge the real pages that are at hand, or each so many-th."""
    taken, spent = [], []
    for name, url, body in islice(real_pages(), 0, None, step):
        reading = read(body, url)
        start = time.process_time()
        judged = judge(reading, body)
        spent.append(1000 * (time.process_time() - start))
        if judged.certain:
            taken.append(Taken(name, judged.certain.reason))
    return Measured(len(spent), taken, sum(spent) / len(spent) if spent else 0.0, max(spent, default=0.0))


def report() -> str:
    """Measure all, in lines."""
    kept, real = kept_kinds(), measure()
    lines = [f"{len(KINDS)} kinds; a first visit takes for a page: {len(kept)}", *(f"  {name}" for name in kept)]
    if not real.pages:
        return "\n".join([*lines, "no real pages at hand"])
    lines.append(f"{real.pages} real pages; taken for none: {len(real.taken)}")
    lines += [f"  {one.name}: {one.reason}" for one in real.taken]
    return "\n".join([*lines, f"{real.mean_ms:.3f} ms a page, at most {real.worst_ms:.1f} ms"])


if __name__ == "__main__":
    print(report())
