"""Read every capture again with today's extractor: text is a derivation of bytes (decision 2).

A version keeps its place in history and gets today's text. Two neighbouring versions that today read the same were
never a change of the site, and become one; what an older extractor saw differently does not look like an edit.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.archive.warc import read_capture
from db.corpus.connection import atomic, evidence_folder
from db.passes.derive import Stale, drop_versions_that_repeat, replace_derived, stale_versions
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

CHUNK = 200  # versions a transaction


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild came to: versions read again, versions that were no change after all, versions without bytes."""

    read: int
    changed: int
    merged: int
    unreadable: int

    def line(self) -> str:
        """Say it to a person."""
        same = self.read - self.changed
        merged = f", {self.merged} versions were no change of the site after all" if self.merged else ""
        lost = f", {self.unreadable} have no text today and stay as they were" if self.unreadable else ""
        return f"{self.read} versions read again: {same} read the same, {self.changed} read differently{merged}{lost}"


def rebuild(db: sqlite3.Connection, path: Path, rules: Rules, *, everything: bool = False) -> Rebuilt:
    """Read again what another extractor read, or with ``everything`` all, then run the passes.

    Takes as long as reading the pages did; cut off, it goes on where it was. The caller holds the crawl lock.
    """
    counted = asyncio.run(_rebuild(db, evidence_folder(path), everything=everything))
    run_passes(db, rules)
    return counted


async def _rebuild(db: sqlite3.Connection, folder: Path, *, everything: bool) -> Rebuilt:
    workers, done, read, changed, unreadable = Workers(), 0, 0, 0, 0
    try:
        while chunk := stale_versions(db, None if everything else READER, after=done, limit=CHUNK):
            answers = await asyncio.gather(*(_answer(workers, folder, version) for version in chunk))
            with atomic(db):
                for version, answer in zip(chunk, answers, strict=True):
                    if answer and answer.reading and answer.reading.text:
                        changed += replace_derived(db, version.id, READER, answer.reading)
                        read += 1
                    else:
                        unreadable += 1
            done = chunk[-1].id
    finally:
        workers.close()
    with atomic(db):
        merged = drop_versions_that_repeat(db)
    return Rebuilt(read, changed, merged, unreadable)


async def _answer(workers: Workers, folder: Path, version: Stale) -> ReadResult | None:
    try:
        fetch = read_capture(folder, Location(version.file, version.offset, version.length))
    except (OSError, ValueError, StopIteration):
        return None  # the row stays as it is; `verify` names it
    content_type, encoding = fetch.header("content-type"), fetch.header("content-encoding")
    today = day_of_response(fetch.header("date"), version.at)
    return await workers.read(ReadJob(fetch.url, fetch.body, content_type, encoding, today=today))
