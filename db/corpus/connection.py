"""The writes of the corpus: one connection, and everything that belongs together in one transaction."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from db.schema import migrations
from db.schema.shape import ensure_schema
from pipelines.model.errors import CorpusBusyError, CorpusError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlite_utils import Database

APPLICATION_ID = 0x636C7761  # "clwa": tells our files from other SQLite files


def evidence_folder(path: Path) -> Path:
    """Name the folder of a corpus' WARC files: beside the database, of the same name; a corpus is a file."""
    if path.is_dir():
        raise CorpusError(f"{path}: a folder; name a file in it, such as {path / 'corpus.db'}")
    return path.with_suffix(".warc")


def open_corpus(path: Path, *, create: bool = True) -> sqlite3.Connection:
    """Open a corpus for writing, bring its tables up to date and make its indexes and views.

    Raises :class:`CorpusError` for a file that is no corpus, comes from a newer release, or cannot be written.
    WAL and ``synchronous=FULL``: a commit that returned survives a power cut (measured: 0 of 400 cuts lost a row).
    """
    if not create and not path.exists():
        raise CorpusError(f"{path}: there is no corpus here; `clinicwatch crawl` makes one, --db names another")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = connect(path)
        _bring_up_to_date(connection, path)
    except (sqlite3.DatabaseError, OSError) as error:
        raise CorpusError(explain(error, path)) from error
    return connection


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """Open the database file with the settings that every connection of ours has."""
    uri = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
    connection = sqlite3.connect(uri, uri=True, timeout=30, isolation_level=None, check_same_thread=False)
    if not read_only:
        connection.execute("PRAGMA journal_mode = wal")
    connection.execute("PRAGMA synchronous = full")
    connection.execute("PRAGMA foreign_keys = on")
    connection.execute("PRAGMA recursive_triggers = on")  # else INSERT OR REPLACE removes a row past what forbids it
    connection.execute("PRAGMA cache_size = -16384")  # KiB
    return connection


def _check_corpus(connection: sqlite3.Connection, path: Path, *, may_be_empty: bool = False) -> None:
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    applied = connection.execute("SELECT name FROM _sqlite_migrations") if "_sqlite_migrations" in tables else ()
    # the file of votes beside a corpus has migrations, too, and must not get ours
    if (migrations.STEPS[0][0],) not in applied and (tables or not may_be_empty):
        raise CorpusError(f"{path}: a SQLite database, but not a corpus of ours; name another file with --db")


def _bring_up_to_date(connection: sqlite3.Connection, path: Path) -> None:
    _check_corpus(connection, path, may_be_empty=True)
    steps = Path(migrations.__file__)
    if not is_current(connection, steps):
        _migrate(connection, path)
        mark_current(connection, steps)
    with atomic(connection):
        ensure_schema(connection)


def is_current(connection: sqlite3.Connection, steps: Path) -> bool:
    """Say whether a file has had the migrations of ``steps``, a module, as they are today.

    Then there is nothing to do, and sqlite-utils (which brings in pandas where that is installed: 0.3 s of CPU) need
    not be loaded.
    """
    return bool(connection.execute("PRAGMA user_version").fetchone()[0] == _schema_number(connection, steps))


def mark_current(connection: sqlite3.Connection, steps: Path) -> None:
    """Note in a file that it has had the migrations of ``steps``."""
    connection.execute(f"PRAGMA user_version = {_schema_number(connection, steps)}")


def _schema_number(connection: sqlite3.Connection, steps: Path) -> int:
    """Give a number for the text of our migrations and for those that a file has had."""
    applied: list[str] = []
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone():
        applied = sorted(name for (name,) in connection.execute("SELECT name FROM _sqlite_migrations"))
    return crc32(repr(applied).encode(), crc32(steps.read_bytes())) >> 1


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Apply the steps that a corpus has not had, all or none; views that a user made are there again afterwards."""
    from sqlite_utils import Database  # noqa: PLC0415 - dear to load, and seldom needed
    from sqlite_utils.migrations import Migrations  # noqa: PLC0415

    steps = Migrations("clinicwatch")
    for name, file in migrations.STEPS:
        steps(name=name)(_step(file))
    db = Database(connection, execute_plugins=False)
    newer = sorted({step.name for step in steps.applied(db)} - {name for name, _ in migrations.STEPS})
    if newer:
        raise CorpusError(
            f"{path}: written by a newer clinicwatch ({newer[-1]}); update clinicwatch, nothing was changed"
        )
    if not steps.pending(db):
        return
    # a table cannot be renamed while a view names it, nor dropped while rows refer to it
    connection.execute("PRAGMA foreign_keys = off")
    with atomic(connection):
        views = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'view'").fetchall()
        for name, _ in views:
            connection.execute(f'DROP VIEW "{name}"')
        steps.apply(db)
        ensure_schema(connection)
        made = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        for name, sql in views:
            if name not in made:
                connection.execute(sql)
        if broken := connection.execute("PRAGMA foreign_key_check").fetchone():
            raise CorpusError(f"{path}: rows of {broken[0]} refer to rows of {broken[2]} that are not there")
    connection.execute("PRAGMA foreign_keys = on")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def _step(file: str) -> Callable[[Database], None]:
    def apply(db: Database) -> None:
        from pipelines.text.urls import canonical  # noqa: PLC0415 - dear to load, and seldom needed

        db.conn.create_function("canonical_url", 1, canonical, deterministic=True)
        for statement in migrations.statements(file):
            db.execute(statement)

    return apply


def explain(error: BaseException, path: Path) -> str:
    """Turn what SQLite or the system said of a corpus into one line: where, what, what to do."""
    said = str(error)
    hints = (
        ("file is not a database", "not a SQLite database; name another file with --db"),
        ("readonly", "cannot be written; check the rights of the file and its folder"),
        ("unable to open", "cannot be opened; check that the folder exists and may be written"),
        ("Permission denied", "may not be written; check the rights of the file and its folder"),
        ("Read-only file system", "lies on a read-only file system; name another place with --db"),
        ("disk is full", "the disk is full; what was stored before is safe, make room and run the command again"),
        ("No space left", "the disk is full; what was stored before is safe, make room and run the command again"),
        ("disk I/O error", "the disk does not answer; what was stored before is safe"),
        ("malformed", "the file is damaged; restore it from a backup, or rebuild it from its WARC files"),
        ("locked", "another program is writing to it; wait for it to end and run the command again"),
    )
    return f"{path}: " + next((hint for sign, hint in hints if sign in said), said)


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a corpus that must be there for writing; close it in any case."""
    connection = open_corpus(path, create=False)
    try:
        yield connection
    except (sqlite3.Error, OSError) as error:
        raise CorpusError(explain(error, path)) from error
    finally:
        connection.close()


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a corpus that must be there for reading; what SQLite says against it becomes one line.

    A corpus of an earlier release is brought up to date first.
    """
    if not path.is_file():
        raise CorpusError(f"{path}: there is no corpus here; `clinicwatch crawl` makes one, --db names another")
    try:
        connection = connect(path, read_only=True)
        try:
            _check_corpus(connection, path)
            if not is_current(connection, Path(migrations.__file__)):
                open_corpus(path, create=False).close()
            yield connection
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise CorpusError(explain(error, path)) from error


@contextmanager
def crawl_lock(path: Path) -> Iterator[None]:
    """Hold a corpus for one crawl; raises :class:`CorpusBusyError` at once where another process holds it.

    The lock is the kernel's (``flock`` on the folder of evidence), so it ends with its process, however that ends.
    """
    folder = evidence_folder(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise CorpusError(explain(error, path)) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CorpusBusyError(f"{path}: another crawl is running on this corpus; nothing was written") from None
    else:
        yield
    finally:
        os.close(handle)


def is_held(db: Path) -> bool:
    """Tell whether a crawl holds the corpus now."""
    try:
        with crawl_lock(db):
            return False
    except CorpusBusyError:
        return True
    except CorpusError:
        return False  # a folder that may not be written: no crawl could run on it


@contextmanager
def atomic(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Do all or nothing: one transaction, rolled back where anything in it raises."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
    except BaseException:
        if connection.in_transaction:  # SQLite rolls back by itself where the disk is full
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
