"""Is the evidence whole? Every row against its bytes, every file against its digests, the database against itself.

Bytes without a row are allowed (they can be indexed again); a row without its bytes is what must never happen.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from crawler.archive.warc import read_capture
from db.corpus.queries import balances
from pipelines.model.records import Location

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

COLUMNS = "id, url, status, body_sha256, body_bytes, warc_offset, warc_length"
CAPTURES = (
    f"SELECT 'capture', {COLUMNS} FROM captures WHERE warc_file = :file"
    f" UNION ALL SELECT 'probe', {COLUMNS} FROM probes WHERE warc_file = :file ORDER BY warc_offset"
)
FILES = "SELECT warc_file FROM captures UNION SELECT warc_file FROM probes WHERE warc_file IS NOT NULL"
# what warcio, zlib and the disk raise for a record that is not one
UNREADABLE = (OSError, ValueError, StopIteration, AttributeError, ArchiveLoadFailed, zlib.error)


@dataclass(frozen=True, slots=True)
class Report:
    """What was checked and what is wrong, one line a problem; notes are what is odd and allowed."""

    captures: int
    files: int
    spare_records: int
    texts: int
    crawls: int
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Say whether nothing is wrong."""
        return not self.problems

    def lines(self) -> list[str]:
        """Say it to a person: problems first, then notes, then what was checked."""
        checked = (
            f"checked {self.captures} captures in {self.files} WARC files ({self.spare_records} records without a row),"
            f" {self.texts} texts, {self.crawls} finished crawls: "
        )
        verdict = "all is well" if self.ok else f"problems: {len(self.problems)}"
        return [*self.problems, *(f"note: {note}" for note in self.notes), checked + verdict]


@dataclass(frozen=True, slots=True)
class CaptureRow:
    """What the row of a capture or of a probe says of its bytes."""

    table: str
    id: int
    url: str
    status: int
    sha256: str
    bytes: int
    offset: int
    length: int


@dataclass(slots=True)
class WarcScan:
    """What is in a WARC file: the offsets of its responses, where its last whole record ends, what is wrong."""

    responses: set[int]
    end: int
    problems: list[str]
    broken: str = ""


@dataclass(frozen=True, slots=True)
class FileReport:
    """What a WARC file and the rows that point into it came to; ``spare`` counts responses without a row."""

    captures: int
    spare: int = 0
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def verify(db: sqlite3.Connection, folder: Path) -> Report:
    """Check a corpus and its folder of WARC files; reads everything once, changes nothing.

    The rows are one snapshot, taken before the files are read, so that a crawl may go on meanwhile.
    """
    problems: list[str] = []
    notes: list[str] = []
    db.execute("BEGIN")
    try:
        names = sorted({name for (name,) in db.execute(FILES)} | {path.name for path in folder.glob("*.warc.gz")})
        files = [check_file(db, folder, name, newest=name == names[-1]) for name in names]
        for file in files:
            problems += file.problems
            notes += file.notes
        for check in CHECKS:
            try:
                problems.extend(check(db))  # what it found before damage stopped it stays
            except (sqlite3.Error, ValueError, KeyError) as error:
                problems.append(f"{check.__name__.removeprefix('check_')}: cannot be checked: {error}")
        texts, crawls = (
            db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("texts", "crawls WHERE status = 'finished'")
        )
    finally:
        db.execute("ROLLBACK")
    try:  # FTS5 offers its integrity check as a write, so a read-only connection cannot do it
        db.execute("INSERT INTO versions_fts(versions_fts, rank) VALUES ('integrity-check', 1)")
    except sqlite3.OperationalError as error:
        notes.append(f"the search index was not checked: {error}")
    except sqlite3.DatabaseError as error:
        problems.append(f"search index: does not agree with the texts: {error}")
    return Report(
        captures=sum(file.captures for file in files),
        files=len(names),
        spare_records=sum(file.spare for file in files),
        texts=texts,
        crawls=crawls,
        problems=tuple(problems),
        notes=tuple(notes),
    )


def check_file(db: sqlite3.Connection, folder: Path, name: str, *, newest: bool = False) -> FileReport:
    """Check a WARC file as ``warcio check`` does, and every row that points into it.

    A torn record behind everything that rows point at is allowed in the newest file: there was a crash in the middle of
    an append, or an append is going on. The next crawl cuts it off.
    """
    rows = [CaptureRow(*row) for row in db.execute(CAPTURES, {"file": name})]
    if not (folder / name).is_file():
        return FileReport(len(rows), 0, (f"{name}: the file is missing; {len(rows)} captures point into it",))
    scan = scan_file(folder / name)
    spare = len(scan.responses - {row.offset for row in rows})
    problems = [*scan.problems, *(problem for row in rows if (problem := row_problem(folder, name, row)))]
    torn = (folder / name).stat().st_size - scan.end
    if torn > 0 and scan.end >= max((row.offset + row.length for row in rows), default=0):
        tail = f"{name}: {torn} bytes of a torn record behind the last capture"
        if newest:
            return FileReport(len(rows), spare, tuple(problems), (f"{tail}; the next crawl cuts it off",))
        problems.insert(0, tail)
    elif scan.broken:
        problems.insert(0, f"{name}: {scan.broken}")
    return FileReport(len(rows), spare, tuple(problems))


def scan_file(path: Path) -> WarcScan:
    """Read a WARC file from end to end with warcio's digest check, and note where each response is."""
    scan = WarcScan(set(), 0, [])
    with path.open("rb") as file:
        records = ArchiveIterator(file, check_digests=True)
        try:
            for record in records:
                records.read_to_end(record)
                offset, checker = records.get_record_offset(), record.digest_checker
                scan.problems += [f"{path.name} at {offset}: {problem}" for problem in checker.problems]
                if record.rec_type == "response":
                    if checker.passed is None:  # warcio takes a record that ends early for a whole one, unchecked
                        raise ArchiveLoadFailed("the record ends early")
                    scan.responses.add(offset)
                scan.end = offset + records.get_record_length()
        except UNREADABLE as error:
            scan.broken = f"cannot be read from offset {scan.end} on: {error_text(error)}"
    return scan


def error_text(error: Exception) -> str:
    """Quote an error in one short line: warcio's hold the bytes that it stumbled on."""
    text = "".join(char if char.isprintable() else "?" for char in str(error).strip())
    return text[:100] or type(error).__name__


def row_problem(folder: Path, name: str, row: CaptureRow) -> str:
    """Say in what a capture's row is not what its bytes are, or nothing."""
    where = f"{row.table} {row.id} ({name} at {row.offset})"
    try:
        if not is_member(folder / name, row.offset, row.length):
            return f"{where}: no record of {row.length} bytes begins there"
        fetch = read_capture(folder, Location(name, row.offset, row.length))
    except UNREADABLE as error:
        return f"{where}: {error_text(error)}"
    expected = {"url": row.url, "status": row.status, "body_sha256": row.sha256, "body_bytes": row.bytes}
    found = {"url": fetch.url, "status": fetch.status, "body_sha256": fetch.body_sha256, "body_bytes": len(fetch.body)}
    wrong = [
        f"{key} is {expected[key]}, the record has {found[key]}" for key in expected if expected[key] != found[key]
    ]
    return f"{where}: {'; '.join(wrong)}" if wrong else ""


def is_member(path: Path, offset: int, length: int) -> bool:
    """Say whether exactly one whole gzip member is there; warcio itself checks neither its CRC nor its end."""
    with path.open("rb") as file:
        file.seek(offset)
        data = file.read(length)
    unpacker = zlib.decompressobj(31)
    unpacker.decompress(data)
    return unpacker.eof and not unpacker.unused_data and len(data) == length


def check_integrity(db: sqlite3.Connection) -> Iterator[str]:
    """Let SQLite check its pages and indexes."""
    for (report,) in db.execute("PRAGMA integrity_check"):
        yield from (f"database: {line}" for line in report.splitlines() if line != "ok")


def check_references(db: sqlite3.Connection) -> Iterator[str]:
    """Let SQLite look for rows that point at nothing."""
    for table, rowid, parent, _ in db.execute("PRAGMA foreign_key_check"):
        yield f"{table} {rowid}: points at a row of {parent} that is not there"


def check_texts(db: sqlite3.Connection) -> Iterator[str]:
    """Hash every text again."""
    for digest, text in db.execute("SELECT sha256, text FROM texts"):
        if hashlib.sha256(text.encode()).hexdigest() != digest:
            yield f"text {digest}: does not have this SHA-256"


def check_funnels(db: sqlite3.Connection) -> Iterator[str]:
    """Add up the funnel of every finished crawl, and each of its boxes."""
    for crawl, stored in db.execute("SELECT id, funnel FROM crawls WHERE status = 'finished'"):
        funnel = json.loads(stored)
        if "discovered" not in funnel or not balances(funnel):
            yield f"crawl {crawl}: its funnel does not balance: {stored}"
        for box in ("fetched", "skipped", "failed"):
            if funnel.get(box, 0) != sum(count for name, count in funnel.items() if name.startswith(f"{box}: ")):
                yield f"crawl {crawl}: the outcomes in {box} do not add up to it"


CHECKS: tuple[Callable[[sqlite3.Connection], Iterator[str]], ...] = (
    check_integrity,
    check_references,
    check_texts,
    check_funnels,
)
