"""The export: the corpus as CSV files that a reader can trust, in a folder that is whole or not there.

one read transaction | tables as CSV | datapackage.json, README.md | fsync | rename
"""

from __future__ import annotations

import contextlib
import csv
import errno
import json
import os
import secrets
import shutil
import sqlite3
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.corpus.connection import explain, reading
from db.export.columns import dictionary_rows
from db.export.datapackage import NAME, File, descriptor, release, weigh
from db.export.dictionary import TABLES
from db.export.flow import flow_rows
from db.export.readme import readme
from pipelines.model.errors import ClinicwatchError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from db.export.columns import Table

    Rows = Iterable[tuple[Any, ...]]

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
EXTRA_FILES = frozenset({"datapackage.json", "README.md"})
LAST_TOOLS = "SELECT tools FROM crawls ORDER BY id DESC LIMIT 1"


class ExportError(ClinicwatchError):
    """Raised when an export cannot be written; the target folder is then as it was before."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What was exported: the folder, its release, the rows of each file, and a note where there is one."""

    folder: Path
    release: str
    rows: dict[str, int]
    note: str = ""

    def lines(self) -> list[str]:
        """Say it to a person: each file with its rows, a note where there is one, and the folder of it all."""
        files = [f"{name:<20}{count:>9}" for name, count in self.rows.items()]
        notes = [f"note: {self.note}"] if self.note else []
        return [*files, *notes, f"release {self.release} in {self.folder}"]


def export(
    corpus: sqlite3.Connection | Path,
    folder: Path,
    *,
    now: str,
    force: bool = False,
    escape_formulas: bool = False,
    other_rows: Mapping[str, Rows] | None = None,
) -> Summary:
    """Write the corpus to ``folder``; ``now`` is UTC in ISO 8601.

    All tables are read in one transaction, so a crawl may commit meanwhile. An existing folder is only replaced with
    ``force``, only where it is an export of ours, and only when the new one is complete. ``escape_formulas`` puts an
    apostrophe before text that a spreadsheet would run as a formula; without it every value is as it was stored.
    ``other_rows`` has the rows of tables that are not read out of the corpus, such as ``codings``, by table.
    Raises :class:`ExportError`, or CorpusError where the corpus itself is none, with one line that says what is wrong.
    """
    target = folder.resolve()
    try:
        if problem := target_problem(target, force=force):
            raise ExportError(f"{target}: {problem}; nothing was written")
        with _snapshot(corpus) as db, _finished_folder(target) as part:
            files = []
            for table in TABLES:
                rows = _rows_of(db, table, other_rows or {})
                files.append(_write_table(part, table, rows, escaped=escape_formulas))
            tools = _tools(db)
            is_empty = files[0].rows == 0
            facts = {"created": now, "tools": tools, "formulas_escaped": escape_formulas}
            package = json.dumps(descriptor(files, facts), ensure_ascii=False, indent=2)
            _write_text(part / "datapackage.json", f"{package}\n")
            _write_text(part / "README.md", readme(files, now, tools, escaped=escape_formulas, empty=is_empty))
    except OSError as error:
        raise ExportError(explain_os(error, target)) from error
    note = "the corpus holds no documents on the topic yet: documents.csv has a header and no rows" if is_empty else ""
    return Summary(target, release(files), {file.name: file.rows for file in files}, note)


def target_problem(target: Path, *, force: bool) -> str:
    """Say why a folder cannot be the target of an export, or nothing."""
    if not target.parent.is_dir():
        return f"the folder {target.parent} does not exist; make it first"
    if not os.access(target.parent, os.W_OK | os.X_OK):
        return f"the folder {target.parent} may not be written; check its rights"
    if not target.exists():
        return ""
    if not force:
        return "exists already; name another folder, or replace it with --force"
    return foreign(target)


def foreign(target: Path) -> str:
    """Say what in a folder is not from an export of ours, or nothing: only such a folder may be replaced."""
    if not target.is_dir():
        return "is a file, not a folder"
    names = {path.name for path in target.iterdir()}
    strange = sorted(names - _files_of_export(target))
    return f"holds {strange[0]}, which is not from an export, so it is not replaced" if strange else ""


def _files_of_export(folder: Path) -> frozenset[str]:
    try:
        package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
        tables = {resource["path"] for resource in package["resources"]}
        return EXTRA_FILES | tables if package["name"] == NAME else frozenset()
    except (OSError, ValueError, KeyError, TypeError):
        return frozenset()


@contextlib.contextmanager
def _snapshot(corpus: sqlite3.Connection | Path) -> Iterator[sqlite3.Connection]:
    """Hold one read transaction: everything read in it is one state of the corpus."""
    name = corpus if isinstance(corpus, Path) else Path("corpus")
    with contextlib.ExitStack() as exits:
        try:
            db = exits.enter_context(reading(corpus)) if isinstance(corpus, Path) else corpus
            db.execute("BEGIN")
            exits.callback(db.execute, "ROLLBACK")
            yield db
        except sqlite3.Error as error:
            raise ExportError(_explain_sql(error, name)) from error


def _explain_sql(error: sqlite3.Error, path: Path) -> str:
    if "no such" in str(error):
        return f"{path}: made by another release of clinicwatch ({error}); run any crawl to bring it up to date"
    return explain(error, path)


def explain_os(error: OSError, target: Path) -> str:
    """Turn what the system said of the target into one line."""
    hints = {
        errno.ENOSPC: "the disk is full; make room and run the command again",
        errno.EDQUOT: "your share of the disk is full; make room and run the command again",
        errno.EROFS: "lies on a read-only file system; name another folder",
        errno.EACCES: "may not be written; check the rights of its folder",
    }
    return f"{target}: {hints.get(error.errno or 0, error.strerror or str(error))}; no export was written"


@contextlib.contextmanager
def _finished_folder(target: Path) -> Iterator[Path]:
    """Give a temporary folder beside the target; it takes the target's place when the block ends well."""
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    part.mkdir()
    try:
        yield part
        _sync(part)
        old = part.with_suffix(".old")
        replaced = target.exists()
        if replaced:  # a folder cannot be renamed over one that is not empty
            target.rename(old)
        try:
            part.rename(target)
        except OSError:
            if replaced:
                old.rename(target)
            raise
        _sync(target.parent)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _tools(db: sqlite3.Connection) -> dict[str, str]:
    """Name the programs of the last crawl and, as what exports, ourselves."""
    last = db.execute(LAST_TOOLS).fetchone()
    return (json.loads(last[0]) if last else {}) | {
        "clinicwatch": version("clinicwatch"),
        "sqlite": sqlite3.sqlite_version,
    }


def _write_table(part: Path, table: Table, rows: Rows, *, escaped: bool) -> File:
    path = part / table.file
    with path.open("x", encoding="utf-8", newline="") as file:
        count = write_csv(file, table, rows, escaped=escaped)
        file.flush()
        os.fsync(file.fileno())
    return weigh(path, count)


def _rows_of(db: sqlite3.Connection, table: Table, other_rows: Mapping[str, Rows]) -> Rows:
    if table.name == "flow":
        return flow_rows(db)
    if table.name == "data_dictionary":
        return dictionary_rows(TABLES)
    return db.execute(table.select) if table.origin else other_rows.get(table.name, ())


def write_csv(file: Any, table: Table, rows: Rows, *, escaped: bool = False) -> int:
    """Write a table as CSV (RFC 4180: commas, doubled quotes, CRLF between rows), and give how many rows it has."""
    cells = [cell_writer(column.type, escaped=escaped) for column in table.columns]
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([column.name for column in table.columns])
    count = 0
    for row in rows:
        writer.writerow([cell(value) for cell, value in zip(cells, row, strict=True)])
        count += 1
    return count


def cell_writer(kind: str, *, escaped: bool) -> Callable[[Any], Any]:
    """Choose how the values of a type are written.

    >>> cell_writer("boolean", escaped=False)(1), cell_writer("string", escaped=True)("=1+1")
    ('true', "'=1+1")
    """
    if kind == "boolean":
        return lambda value: None if value is None else ("true" if value else "false")
    if escaped and kind == "string":
        return lambda value: f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_SIGNS) else value
    return lambda value: value


def _write_text(path: Path, text: str) -> None:
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
