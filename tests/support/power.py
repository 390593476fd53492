"""Cut the power at any moment of a crawl, in simulation, and look at what the disk then holds.

The real writes of a crawl run on a SQLite whose file system layer (an APSW VFS) notes each write, truncation, deletion
and sync, and on an archive whose writes and syncs are noted in the same list, in their order. A cut takes the list up
to some point: what was synced is there, of what was not each sector of 512 bytes may be there or not, and so may
files whose folder was not synced. What comes out is opened with the SQLite of the standard library.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import shutil
import sqlite3
import zlib
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import apsw

from crawler.archive import warc as capture
from crawler.archive.warc import Archive
from crawler.engine.schedule import Bounds, timing
from db.corpus import queries
from db.corpus.connection import atomic, evidence_folder, open_corpus
from db.corpus.crawls import SeedRow, add_seeds, begin_crawl, end_crawl
from db.corpus.probes import insert_probe
from db.corpus.store_visits import Run, keep_visits
from db.passes.probes import learn_from, open_probes
from db.passes.registry import run_passes
from db.passes.weights import weights
from pipelines.model.outcomes import Outcome
from pipelines.model.records import Fetch, Found, Location, Page, Probe, Reading, Seed, Timing, Visit
from tests.support.made_corpus import RULES
from tests.support.web import prose

if TYPE_CHECKING:
    from collections.abc import Iterator

SECTOR = 512
HOME = "http://cedar.example/"
BATCH = 5  # visits a commit
TIMES = "2026-03-01T09:00:00+00:00", "2026-03-20T09:00:00+00:00"
VFS = "noted"
# what was done, to which file, and with what: a write has an offset and bytes, a cut a size, an acknowledgement counts
Noted = tuple


class DiskError(OSError):
    """Raised in place of a write that the simulated disk refuses."""


@dataclass
class Disk:
    """What was done to the disk, in order; ``fail_at`` is the number of the write that fails, from 1."""

    log: list[Noted] = field(default_factory=list)
    writes: int = 0
    fail_at: int = 0

    def write(self, name: str, offset: int, data: bytes) -> None:
        """Note a write, or refuse it and all that follow: the disk is full, or gone."""
        self.writes += 1
        if self.fail_at and self.writes >= self.fail_at:
            raise DiskError(28, "No space left on device")
        self.log.append(("write", name, offset, bytes(data)))


class NotedFile(apsw.VFSFile):
    """A database file whose changes are noted."""

    def __init__(self, disk: Disk, name: object, flags: list[int]) -> None:
        self.disk = disk
        self.name = Path(name.filename() if isinstance(name, apsw.URIFilename) else name or "temporary").name
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - the name is APSW's
        """Note and write."""
        self.disk.write(self.name, offset, data)
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:  # noqa: N802 - the name is APSW's
        """Note and cut."""
        self.disk.log.append(("cut", self.name, size))
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:  # noqa: N802 - the name is APSW's
        """Note and sync."""
        self.disk.log.append(("sync", self.name))
        super().xSync(flags)


class NotedVFS(apsw.VFS):
    """The files of one simulated machine."""

    def __init__(self, disk: Disk) -> None:
        self.disk = disk
        super().__init__(VFS, "")

    def xOpen(self, name: object, flags: list[int]) -> NotedFile:  # noqa: N802 - the name is APSW's
        """Open a file whose changes are noted."""
        return NotedFile(self.disk, name, flags)

    def xDelete(self, name: str, sync: bool) -> None:  # noqa: N802 - the name is APSW's
        """Note and delete."""
        self.disk.log.append(("delete", Path(name).name))
        super().xDelete(name, sync)


class Rows:
    """A cursor as the standard library's: it knows the last id, and how many rows were changed."""

    def __init__(self, cursor: apsw.Cursor, last: int, changed: int) -> None:
        self.cursor, self.lastrowid, self.rowcount = cursor, last, changed

    def __iter__(self) -> Iterator[tuple]:
        """Give the rows."""
        return iter(self.cursor)

    def fetchone(self) -> tuple | None:
        """Give the next row."""
        return self.cursor.fetchone()

    def fetchall(self) -> list[tuple]:
        """Give the rows that are left."""
        return self.cursor.fetchall()


class Connection:
    """An APSW connection behind as much of the standard library's interface as our writes use."""

    def __init__(self, path: Path) -> None:
        self.apsw = apsw.Connection(str(path), vfs=VFS)
        for pragma in ("journal_mode = wal", "synchronous = full", "foreign_keys = on", "wal_autocheckpoint = 60"):
            self.apsw.execute(f"PRAGMA {pragma}")

    def execute(self, sql: str, values: object = ()) -> Rows:
        """Run one statement."""
        cursor = self.apsw.execute(sql, values)
        return Rows(cursor, self.apsw.last_insert_rowid(), self.apsw.changes())

    def executemany(self, sql: str, rows: object) -> None:
        """Run one statement for many rows."""
        self.apsw.executemany(sql, rows)

    @property
    def total_changes(self) -> int:
        """Count the rows changed so far."""
        return self.apsw.total_changes()

    @property
    def in_transaction(self) -> bool:
        """Tell whether a transaction is open."""
        return self.apsw.in_transaction

    def close(self) -> None:
        """Close it."""
        self.apsw.close()


@contextlib.contextmanager
def noted_archive(disk: Disk) -> Iterator[None]:
    """Note what the archive syncs: bytes that it never syncs are never noted, and so never there after a cut."""
    real, known = os.fsync, {}

    def fsync(handle: int) -> None:
        path = Path(f"/proc/self/fd/{handle}").readlink()
        if path.is_dir():
            disk.log.append(("folder",))
        else:
            data, before = path.read_bytes(), known.get(path, 0)
            disk.write(path.name, before, data[before:])
            known[path] = len(data)
            disk.log.append(("sync", path.name))
        real(handle)

    noted = type("Noted", (), {"__getattr__": lambda _, name: fsync if name == "fsync" else getattr(os, name)})()
    before, capture.os = capture.os, noted
    try:
        yield
    finally:
        capture.os = before


@dataclass
class Life:
    """One recorded life of a corpus: its folder, what was done to the disk, and what was promised when."""

    folder: Path
    disk: Disk
    start: dict[str, bytes]
    captures: dict[str, bytes] = field(default_factory=dict)


def live(folder: Path, pages: int, fail_at: int = 0) -> Life:
    """Crawl so many pages twice, each time with repeat fetches and passes, noting all; a refused write ends it."""
    path = folder / "c.db"
    with contextlib.closing(open_corpus(path)) as empty:
        add_seeds(empty, [SeedRow(Seed(HOME), HOME, "cedar.example", "cedar.example")], TIMES[0])
        empty.execute("PRAGMA wal_checkpoint(truncate)")
    evidence_folder(path).mkdir()
    life = Life(folder, Disk(fail_at=fail_at), {"c.db": path.read_bytes()})
    vfs = NotedVFS(life.disk)
    db = Connection(path)
    try:
        with noted_archive(life.disk), contextlib.suppress(DiskError, apsw.Error, sqlite3.Error):
            for turn, now in enumerate(TIMES):
                _crawl(db, life, pages, turn, now)
    finally:
        with contextlib.suppress(apsw.Error, DiskError):
            db.close()
        vfs.unregister()
    for file in sorted(evidence_folder(path).iterdir()):
        life.captures[file.name] = file.read_bytes()
    return life


def _crawl(db: Connection, life: Life, pages: int, turn: int, now: str) -> None:
    crawl = begin_crawl(db, now, everything=True, sites=(1,), facts={})
    archive = Archive(life.folder / "c.warc", crawl.id, "clinicwatch/0")
    run = Run(crawl.id, now, "extractor 1", when=_when)
    with contextlib.closing(archive):
        while due := queries.due_pages(db, site=1, crawl=crawl.id, until=now, everything=True, limit=BATCH):
            fetches = [_fetch(page.url, turn) for page in due]
            places = archive.append([(fetch, now) for fetch in fetches])
            visits = [_visit(*told, now, pages) for told in zip(due, fetches, places, strict=True)]
            with atomic(db):
                keep_visits(db, run, visits)
            _ack(db, life)
        for probe in open_probes(db, weights(RULES), crawl.id, now):
            _look_again(db, archive, (crawl.id, turn, now), probe)
            _ack(db, life)
        run_passes(db, RULES)
        end_crawl(db, crawl.id, now, {}, {})
        _ack(db, life)


def _look_again(db: Connection, archive: Archive, when: tuple[int, int, str], probe: Probe) -> None:
    """Answer with the page as it was visited and a line more: bytes first, then the row with what it teaches."""
    crawl, turn, now = when
    told = _fetch(probe.url, turn)
    fetch = replace(told, body=told.body + f"\nThe bell has rung {len(probe.url)} times.".encode())
    (place,) = archive.append([(fetch, now)])
    text = fetch.body.decode()
    reading = Reading(text, f"Ketamine {probe.url}", words=len(text.split()))
    with atomic(db):
        answered = replace(probe, at=now, fetch=fetch, location=place, reading=reading, outcome="read")
        insert_probe(db, crawl, answered)
        learn_from(db, crawl, answered)


def _when(visit: Visit, outcome: Outcome) -> Timing:
    now = datetime.fromisoformat(visit.at)
    return timing(visit.page, outcome, now, Bounds(), changed=outcome is Outcome.CHANGED)


def _ack(db: Connection, life: Life) -> None:
    life.disk.log.append(("ack", *_counts(db)))


def _counts(db: Connection | sqlite3.Connection) -> list[int]:
    """Count what is promised: answers, visits, repeat fetches."""
    return [db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("captures", "visits", "probes")]


def _fetch(url: str, turn: int) -> Fetch:
    words = "\n".join(prose(f"{url} {turn if len(url) % 2 else 0}"))
    return Fetch(url, 200, (("Content-Type", "text/html"), ("ETag", f'"{turn}"')), words.encode())


def _visit(page: Page, fetch: Fetch, place: Location, now: str, pages: int) -> Visit:
    text = fetch.body.decode()
    found = tuple(Found(f"{HOME}p{number}", depth=1) for number in range(1, pages if page.url == HOME else 0))
    reading = Reading(text, f"Ketamine {page.url}", words=len(text.split()))
    visit = Visit(page, now, fetch, place, reading, found=found, robots="allowed")
    return replace(visit, reading=None, outcome=Outcome.UNCHANGED) if page.body_sha256 == place.sha256 else visit


@dataclass
class Harm:
    """What a number of cuts did."""

    cuts: int = 0
    corrupt: int = 0
    lost: int = 0
    doubled: int = 0
    without_bytes: int = 0

    def line(self) -> str:
        """Say it in one line."""
        return (
            f"{self.cuts:>6} cuts: {self.corrupt} corrupt, {self.lost} acknowledged rows lost, {self.doubled} doubled,"
            f" {self.without_bytes} rows without bytes"
        )


def cut_power(life: Life, cuts: int, seed: int, scratch: Path) -> Harm:
    """Cut at so many moments of a life, each as if it were the first, and judge each disk that is left."""
    rng, harm = random.Random(seed), Harm()
    moments = sorted(rng.randrange(1, len(life.disk.log) + 1) for _ in range(cuts))
    files = {name: bytearray(data) for name, data in life.start.items()}
    pending: dict[str, list[Noted]] = {}
    acked, done, named = (), 0, {"c.db"}
    for moment in moments:
        for entry in life.disk.log[done:moment]:
            acked = entry[1:] if entry[0] == "ack" else acked
            _settle(files, pending, named, entry)
        done = moment
        _judge(_image(files, pending, named, rng), acked, life, scratch, harm)
    return harm


def _settle(files: dict[str, bytearray], pending: dict[str, list[Noted]], named: set[str], entry: Noted) -> None:
    """Take one entry of the log into the state of the disk."""
    kind = entry[0]
    if kind in {"write", "cut"}:
        pending.setdefault(entry[1], []).append(entry)
    elif kind == "sync":
        for one in pending.pop(entry[1], []):
            _apply(files, one)
        if entry[1].startswith("c.db"):
            named.add(entry[1])  # SQLite syncs the folder of a file that it makes
    elif kind == "folder":
        named |= files.keys() | pending.keys() | {".."}
    elif kind == "delete":
        files.pop(entry[1], None)
        pending.pop(entry[1], None)


def _apply(files: dict[str, bytearray], entry: Noted) -> None:
    data = files.setdefault(entry[1], bytearray())
    if entry[0] == "cut":
        del data[entry[2] :]
        return
    _, _, offset, new = entry
    if len(data) < offset:
        data.extend(bytes(offset - len(data)))
    data[offset : offset + len(new)] = new


def _image(
    files: dict[str, bytearray], pending: dict[str, list[Noted]], named: set[str], rng: random.Random
) -> dict[str, bytes]:
    """Draw what a disk holds after a cut: all that was synced, and some sectors of what was not."""
    left = {name: bytearray(data) for name, data in files.items() if name in named or ".." in named}
    for name, entries in pending.items():
        if name not in named and ".." not in named and rng.random() < 0.5:
            continue
        for entry in entries:
            for part in _sectors(entry):
                if rng.random() < 0.5:
                    _apply(left, part)
    return {name: bytes(data) for name, data in left.items()}


def _sectors(entry: Noted) -> Iterator[Noted]:
    if entry[0] == "cut":
        yield entry
        return
    _, name, offset, data = entry
    for start in range(0, len(data), SECTOR):
        yield "write", name, offset + start, data[start : start + SECTOR]


def _judge(image: dict[str, bytes], acked: tuple[int, ...], life: Life, scratch: Path, harm: Harm) -> None:
    """Open what is left as the next crawl would, and count what is wrong with it."""
    harm.cuts += 1
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    for name, data in image.items():
        if name.startswith("c.db") and not name.endswith("-shm"):
            (scratch / name).write_bytes(data)
    try:
        with contextlib.closing(sqlite3.connect(scratch / "c.db")) as db:
            _count_harm(db, image, acked, harm)
    except sqlite3.DatabaseError:
        harm.corrupt += 1


def _count_harm(db: sqlite3.Connection, image: dict[str, bytes], acked: tuple[int, ...], harm: Harm) -> None:
    whole = db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    harm.corrupt += not whole or bool(db.execute("PRAGMA foreign_key_check").fetchall())
    rows = db.execute("SELECT warc_file, warc_offset, warc_length, body_sha256, page, crawl FROM captures").fetchall()
    looks = db.execute("SELECT warc_file, warc_offset, warc_length, body_sha256, page, crawl FROM probes").fetchall()
    harm.lost += sum(max(promised - kept, 0) for promised, kept in zip(acked, _counts(db), strict=False))
    harm.doubled += sum(len(told) - len({row[4:] for row in told}) for told in (rows, looks))
    harm.without_bytes += sum(not _has_bytes(image, *row[:4]) for row in (*rows, *looks))


def _has_bytes(image: dict[str, bytes], file: str, offset: int | None, length: int | None, digest: str) -> bool:
    """Read a row's record out of the image and check its digest; what is damaged may say no place."""
    if offset is None or length is None:
        return False
    try:
        record = zlib.decompress(image.get(file, b"")[offset : offset + length], 31)
    except zlib.error:
        return False
    return hashlib.sha256(record.split(b"\r\n\r\n", 2)[-1][:-4]).hexdigest() == digest


def refuse_writes(folder: Path, pages: int, numbers: range) -> Harm:
    """Let the disk refuse the n-th write and all after it, for each n; then judge what the files hold."""
    harm = Harm()
    for number in numbers:
        home = folder / f"refused-{number}"
        home.mkdir()
        life = live(home, pages, fail_at=number)
        acks = [entry[1:] for entry in life.disk.log if entry[0] == "ack"]
        image = dict(life.captures)
        for file in home.glob("c.db*"):
            image[file.name] = file.read_bytes()
        _judge(image, acks[-1] if acks else (), life, folder / "image", harm)
        shutil.rmtree(home)
    return harm
