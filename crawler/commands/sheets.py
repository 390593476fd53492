"""Coding away from the desk: sheets of texts go out as CSV, labels come in as votes, and the coded table goes out."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from crawler.commands.agreement import standing_editions
from crawler.commands.agreement_text import count_rows, evidence_rows, flow_rows, table_rows
from db.coding.samples import find_sample, frame_query, read_frame, sample_units
from db.coding.votes_file import voting
from db.coding.voting import Vote, cast_votes, decided
from db.corpus.connection import reading
from pipelines.coding.labels import (
    NOTE_CODE,
    Label,
    SheetText,
    csv_line,
    parse_sheet,
    sheet_codes,
    write_sheet,
    write_texts,
)
from pipelines.model.errors import ClinicwatchError, UsageError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from crawler.commands.agreement import RolledUp
    from pipelines.coding.codebook import Codebook

CODER = re.compile(r"[A-Za-z0-9][\w.-]{0,39}", re.ASCII)
TOLD = 20  # problems of a sheet that are printed
CHUNK = 500  # keys a query


class SheetError(ClinicwatchError):
    """Raised for a sheet of labels that is wrong somewhere; its text names the lines, and nothing was imported."""


class Imported(NamedTuple):
    """What came of a sheet: its labels, of how many texts, and whether it had been imported before."""

    labels: int
    texts: int
    known: bool


def export_sheet(db: Path, sheet: Path, codebook: Codebook, *, sample: str | None, force: bool) -> int:
    """Write a sheet of texts to code, and the texts in a file beside it; gives how many.

    The texts are those of a frozen sample, or every text on the topic. No vote of anybody is in it.
    """
    keys = _sampled(db, sample) if sample else None
    with reading(db) as corpus:
        if keys is None:
            keys = [line.unit for line in read_frame(corpus, frame_query((), per="text"))]
        found = _sheet_texts(corpus, keys)
    told = [found[key] for key in keys if key in found]
    _write(sheet, write_sheet(told, sheet_codes(codebook.codes)), force=force)
    _write(sheet.with_suffix(".texts.csv"), write_texts(told), force=force)
    return len(told)


def _sampled(db: Path, sample: str) -> list[str]:
    with voting(db) as review:
        return [unit.unit for unit in sample_units(review, find_sample(review, sample).id)]


def _sheet_texts(corpus: sqlite3.Connection, keys: Iterable[str]) -> dict[str, SheetText]:
    """Read the texts of these keys that a page shows now, each once."""
    select = (
        "SELECT versions.own_sha256, min(documents.url), sites.advertiser, documents.title, documents.page_type,"
        " coalesce(documents.published, ''), texts.text FROM versions JOIN documents ON documents.version = versions.id"
        " JOIN sites ON sites.id = documents.site JOIN texts ON texts.sha256 = versions.own_sha256"
        " WHERE versions.own_sha256 IN ({}) GROUP BY 1"
    )
    wanted, found = list(keys), {}
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        for row in corpus.execute(select.format(", ".join("?" * len(part))), part):
            found[row[0]] = SheetText(*row)
    return found


def _write(path: Path, lines: Iterable[str], *, force: bool) -> None:
    """Write a file whole or not at all."""
    if path.exists() and not force:
        raise UsageError(f"{path}: exists already; name another file, or replace it with --force")
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open("x", encoding="utf-8", newline="") as file:
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise UsageError(f"{path}: cannot be written ({error.strerror}); name another file") from error


def import_labels(db: Path, sheet: Path, codebook: Codebook, who: Mapping[str, str]) -> Imported:
    """Cast the labels of a sheet as votes of a reader: all of them or none; a sheet that was imported adds none.

    ``who`` has ``coder``, ``round`` and ``at`` (UTC). Raises :class:`SheetError` with the lines that are wrong.
    """
    if not CODER.fullmatch(who["coder"]):
        raise UsageError(f"--reviewer {who['coder']}: a pseudonym has up to 40 letters, digits, dots, _ and -")
    text = _read_sheet(sheet)
    with reading(db) as corpus:
        known = {key: one.text for key, one in _sheet_texts(corpus, _keys(text)).items()}
        labels, problems = parse_sheet(text, sheet_codes(codebook.codes), known)
        if problems:
            raise SheetError(_problem_text(sheet, problems))
        places = _places(corpus, {label.text_sha256 for label in labels})
    standing = standing_editions(codebook, who["at"])
    votes = [
        replace(_vote(label, codebook, places[label.text_sha256], who), reference=standing.get(label.code, ""))
        for label in labels
    ]
    digest = hashlib.sha256("\0".join((who["coder"], who["round"], text)).encode()).hexdigest()
    with voting(db) as review:
        before = bool(decided(review, f"sheet {digest}"))
        cast_votes(review, votes, f"sheet {digest}")
    return Imported(len(votes), len({vote.unit for vote in votes}), before)


def _read_sheet(sheet: Path) -> str:
    try:
        return sheet.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"{sheet}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise SheetError(f"{sheet}: is not UTF-8; save it as CSV in UTF-8 ({error.reason})") from error


def _keys(text: str) -> set[str]:
    try:
        return {row.get("text_sha256") or "" for row in csv.DictReader(io.StringIO(text, newline=""))}
    except csv.Error:
        return set()  # parse_sheet says what is wrong


def _problem_text(sheet: Path, problems: Sequence[str]) -> str:
    more = [f"... and {len(problems) - TOLD} more"] if len(problems) > TOLD else []
    count = f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"
    return "\n".join([f"{sheet}: {count}, nothing was imported", *problems[:TOLD], *more])


def _places(corpus: sqlite3.Connection, keys: set[str]) -> dict[str, tuple[int, int]]:
    """Name a page and version that shows each text now."""
    rows = corpus.execute(
        "SELECT versions.own_sha256, min(documents.id), documents.version FROM documents JOIN versions"
        " ON versions.id = documents.version GROUP BY 1"
    )
    return {key: (page, version) for key, page, version in rows if key in keys}


def _vote(label: Label, codebook: Codebook, place: tuple[int, int], who: Mapping[str, str]) -> Vote:
    is_note = label.code == NOTE_CODE
    return Vote(
        at=who["at"],
        coder=who["coder"],
        round=who["round"],
        unit_type="text",
        unit=label.text_sha256,
        code=label.code,
        value="note" if is_note else label.value,
        value_text=label.value if is_note else "",
        quote=label.quote,
        start=label.start,
        end=None if label.start is None else label.start + len(label.quote),
        text_sha256=label.text_sha256,
        page=place[0],
        version=place[1],
        codebook="" if is_note else codebook.hash,
    )


def write_rollup(folder: Path, told: RolledUp, codebook: Codebook, *, force: bool) -> list[str]:
    """Write the table of advertisers with its counts, evidence and flow; gives the names of the files."""
    files: dict[str, Iterable[Sequence[object]]] = {
        "advertisers.csv": table_rows(told, codebook.codes),
        "counts.csv": count_rows(told, codebook.codes),
        "evidence.csv": evidence_rows(told),
        "flow.csv": [("box", "count", "unit"), *flow_rows(told)],
    }
    if not folder.parent.is_dir():
        raise UsageError(f"{folder}: the folder {folder.parent} does not exist; make it first")
    folder.mkdir(exist_ok=True)
    for name, rows in files.items():
        _write(folder / name, map(csv_line, rows), force=force)
    return list(files)
