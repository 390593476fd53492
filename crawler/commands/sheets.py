"""Coding away from the review desk: sheets of texts go out as CSV, their labels come in as votes."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from typing import TYPE_CHECKING, NamedTuple

import click

from crawler.clock import utc_now
from crawler.commands.options import CODEBOOK, DB, PATH, ROUND
from crawler.commands.write_file import write_file
from crawler.engine.rule_files import load_references, read_codebook
from db.coding.samples import find_sample, frame_query, read_frame, sample_units
from db.coding.votes_file import voting
from db.coding.voting import Vote, cast_votes, decided
from db.corpus.connection import reading
from pipelines.coding.labels import NOTE_CODE, SheetText, parse_sheet, sheet_codes, write_sheet, write_texts
from pipelines.coding.references import edition
from pipelines.model.errors import ClinicwatchError, UsageError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from pipelines.coding.codebook import Codebook
    from pipelines.coding.labels import Label

CODER = re.compile(r"[A-Za-z0-9][\w.-]{0,39}", re.ASCII)
MAX_PROBLEMS = 20  # of a sheet, printed
CHUNK = 500  # keys a query


class SheetError(ClinicwatchError):
    """Raised for a sheet of labels that is wrong somewhere; its text names the lines, and nothing was imported."""


class Coding(NamedTuple):
    """Who coded a sheet, in which round, and when it is taken in (UTC)."""

    coder: str
    round: str
    at: str


class Imported(NamedTuple):
    """What came of a sheet: its labels, of how many texts, and whether it had been imported before."""

    labels: int
    texts: int
    known: bool


class ShownOn(NamedTuple):
    """A page and the version of it that shows a text now."""

    page: int
    version: int


@click.command
@click.argument("sheet", type=PATH)
@click.option("--reviewer", required=True, metavar="ID", help="The coder's pseudonym.")
@ROUND
@CODEBOOK
@DB
def import_labels(*, db: Path, sheet: Path, reviewer: str, round_: str, codebook: Path | None) -> None:
    """Cast the labels of a SHEET as a coder's votes: all of them, or none where a line is wrong."""
    imported = import_sheet(db, sheet, read_codebook(codebook), Coding(reviewer, round_, utc_now()))
    known = "; this sheet had been imported before, nothing was added" if imported.known else ""
    click.echo(f"{imported.labels} labels of {imported.texts} texts by {reviewer} in round {round_}{known}")


def export_sheet(db: Path, sheet: Path, codebook: Codebook, *, sample: str | None, force: bool) -> int:
    """Write a sheet of texts to code, and the texts in a file beside it; gives how many.

    The texts are those of a frozen sample, or every text on the topic. No vote of anybody is in it.
    """
    keys: list[str] | None = None
    if sample:
        with voting(db) as review:
            keys = [unit.unit for unit in sample_units(review, find_sample(review, sample).id)]
    with reading(db) as corpus:
        if keys is None:
            keys = [line.unit for line in read_frame(corpus, frame_query((), per="text"))]
        found = _sheet_texts(corpus, keys)
    texts = [found[key] for key in keys if key in found]
    write_file(sheet, write_sheet(texts, sheet_codes(codebook.codes)), force=force)
    write_file(sheet.with_suffix(".texts.csv"), write_texts(texts), force=force)
    return len(texts)


def _sheet_texts(corpus: sqlite3.Connection, keys: Iterable[str]) -> dict[str, SheetText]:
    """Read the texts of these keys that a page shows now, each once."""
    select = (
        "SELECT versions.content_sha256, min(documents.url), sites.advertiser, documents.title, documents.page_type,"
        " coalesce(documents.published, ''), texts.text FROM versions JOIN documents ON documents.version = versions.id"
        " JOIN sites ON sites.id = documents.site JOIN texts ON texts.sha256 = versions.content_sha256"
        " WHERE versions.content_sha256 IN ({}) GROUP BY 1"
    )
    wanted, found = list(keys), {}
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        for row in corpus.execute(select.format(", ".join("?" * len(part))), part):
            found[row[0]] = SheetText(*row)
    return found


def import_sheet(db: Path, sheet: Path, codebook: Codebook, coding: Coding) -> Imported:
    """Cast the labels of a sheet as votes of a coder: all of them or none; a sheet that was imported adds none.

    Raises :class:`SheetError` with the lines that are wrong.
    """
    if not CODER.fullmatch(coding.coder):
        raise UsageError(f"--reviewer {coding.coder}: a pseudonym has up to 40 letters, digits, dots, _ and -")
    text = _read_sheet(sheet)
    try:
        keys = {row.get("text_sha256") or "" for row in csv.DictReader(io.StringIO(text, newline=""))}
    except csv.Error:
        keys = set()  # parse_sheet says what is wrong
    with reading(db) as corpus:
        known = {key: one.text for key, one in _sheet_texts(corpus, keys).items()}
        labels, problems = parse_sheet(text, sheet_codes(codebook.codes), known)
        if problems:
            raise SheetError(_problem_text(sheet, problems))
        shown_on = _shown_on(corpus)
    votes = _votes(labels, codebook, coding, shown_on)
    digest = hashlib.sha256(f"{coding.coder}\0{coding.round}\0{text}".encode()).hexdigest()
    with voting(db) as review:
        before = bool(decided(review, f"sheet {digest}"))
        cast_votes(review, votes, f"sheet {digest}")
    return Imported(len(votes), len({vote.unit for vote in votes}), before)


def _votes(labels: Iterable[Label], codebook: Codebook, coding: Coding, shown_on: Mapping[str, ShownOn]) -> list[Vote]:
    """Turn labels into votes, each judged by the edition of its reference set that was valid when it was given."""
    editions = current_editions(codebook, coding.at)
    votes = []
    for label in labels:
        is_note = label.code == NOTE_CODE
        vote = Vote(
            at=coding.at,
            coder=coding.coder,
            round=coding.round,
            unit_type="text",
            unit=label.text_sha256,
            code=label.code,
            value="note" if is_note else label.value,
            value_text=label.value if is_note else "",
            quote=label.quote,
            start=label.start,
            end=None if label.start is None else label.start + len(label.quote),
            text_sha256=label.text_sha256,
            page=shown_on[label.text_sha256].page,
            version=shown_on[label.text_sha256].version,
            codebook="" if is_note else codebook.hash,
            reference=editions.get(label.code, ""),
        )
        votes.append(vote)
    return votes


def _read_sheet(sheet: Path) -> str:
    try:
        return sheet.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"{sheet}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise SheetError(f"{sheet}: is not UTF-8; save it as CSV in UTF-8 ({error.reason})") from error


def _problem_text(sheet: Path, problems: Sequence[str]) -> str:
    more = [f"... and {len(problems) - MAX_PROBLEMS} more"] if len(problems) > MAX_PROBLEMS else []
    count = f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"
    return "\n".join([f"{sheet}: {count}, nothing was imported", *problems[:MAX_PROBLEMS], *more])


def _shown_on(corpus: sqlite3.Connection) -> dict[str, ShownOn]:
    """Name a page and version that shows each text now, by the text's key."""
    rows = corpus.execute(
        "SELECT versions.content_sha256, min(documents.id), documents.version FROM documents JOIN versions"
        " ON versions.id = documents.version GROUP BY 1"
    )
    return {key: ShownOn(page, version) for key, page, version in rows}


def current_editions(codebook: Codebook, day: str) -> dict[str, str]:
    """Name for each code the edition of its reference set that was the standard of truth on a day (ISO 8601)."""
    sets = load_references()
    found = {code.id: edition(sets, code.reference, day) for code in codebook.codes if code.reference}
    return {code: one.version for code, one in found.items() if one}
