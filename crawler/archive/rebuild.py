"""Read captures again with today's extractor: text is a derivation of bytes (decision 2).

    captures that need it | bytes out of the WARC files | a reading each, in worker processes | derived rows | passes

Captured rows stay as they are. A version keeps its place in history and gets today's reading; a capture whose text an
older release took back, or that reads as another text than the capture before it, becomes a version of its own. What
follows for changes is judged anew by the passes, so what an older extractor saw differently does not look like an edit.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.archive.warc import read_capture
from db.corpus.connection import atomic, evidence_folder
from db.corpus.derived import Captured, captures_to_read, forget_unused_texts, store_reading
from db.passes.registry import run_passes
from pipelines.jobs import ReadJob, ReadResult
from pipelines.model.records import Location
from pipelines.reading.read import READER
from pipelines.text.volatile_text import day_of_response
from pipelines.workers import Workers

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from db.passes.rules import Rules

CHUNK = 200  # captures a transaction


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild came to, counted in captures; ``missing`` names WARC files whose bytes are not there."""

    read: int
    changed: int
    restored: int
    unreadable: int
    missing: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """Say it to a person."""
        same = self.read - self.changed
        restored = f", {self.restored} versions restored" if self.restored else ""
        lost = f", {self.unreadable} have no text today and stay as they were" if self.unreadable else ""
        return [
            f"{self.read} versions read again: {same} read the same, {self.changed} read differently{restored}{lost}",
            *(f"{file}: this WARC file is missing or damaged; restore it and run the command again"
              for file in self.missing),
        ]  # fmt: skip


def rebuild(
    db: sqlite3.Connection, path: Path, rules: Rules, *, everything: bool = False, processes: int = 2
) -> Rebuilt:
    """Read again what another extractor read, or with ``everything`` all captures, then run the passes.

    Pages are read, and what is independent is worked out, in so many worker processes. Takes as long as reading the
    pages did; cut off, it goes on where it was. The caller holds the crawl lock.
    """
    counted = asyncio.run(_rebuild(db, evidence_folder(path), Workers(processes), everything=everything))
    run_passes(db, rules, processes)
    with atomic(db):
        forget_unused_texts(db)
    return counted


async def _rebuild(db: sqlite3.Connection, folder: Path, workers: Workers, *, everything: bool) -> Rebuilt:
    done, counts, missing = 0, Counter[str](), set[str]()
    reader = None if everything else READER
    try:
        while chunk := captures_to_read(db, reader, after=done, limit=CHUNK):
            answers = await asyncio.gather(*(_answer(workers, folder, one, missing) for one in chunk))
            with atomic(db):
                for one, answer in zip(chunk, answers, strict=True):
                    if answer is None:
                        counts["unreadable"] += bool(one.version)
                        continue
                    # an answer that is no page by today's rules gives no version, but takes none away either
                    reading = answer.reading if one.version or answer.outcome is None else None
                    counts += store_reading(db, one, READER, reading)
            done = chunk[-1].id
    finally:
        workers.close()
    return Rebuilt(counts["read"], counts["changed"], counts["restored"], counts["unreadable"], tuple(sorted(missing)))


async def _answer(workers: Workers, folder: Path, one: Captured, missing: set[str]) -> ReadResult | None:
    try:
        fetch = read_capture(folder, Location(one.file, one.offset, one.length))
    except (OSError, ValueError, StopIteration):
        missing.add(one.file)
        return None  # the rows stay as they are; `verify` names them
    content_type, encoding = fetch.header("content-type"), fetch.header("content-encoding")
    today = day_of_response(fetch.header("date"), one.at)
    return await workers.read(ReadJob(fetch.url, fetch.body, content_type, encoding, today=today))
