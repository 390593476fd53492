"""The list of changes as files: CSV that a spreadsheet does not compute, and JSON; the rows that the list shows."""

from __future__ import annotations

import csv
import io
import json
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from db.corpus import changes
from db.corpus.connection import connect
from db.datasette.formatting import rank
from db.export.export import cell_writer

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence
    from pathlib import Path

    from db.coding.triage import ChangeTriage
    from db.corpus.changes import Asked, Change

BATCH = 500  # rows that are read together


class ChangeRow(NamedTuple):
    """A row of the file of changes: the fields are its columns."""

    key: str
    link: str
    kind: str
    site: str
    advertiser: str
    url: str
    title: str
    seen_at: str
    crawl: int
    page_type: str
    pages: int
    regions: str
    removed: str
    added: str
    words_added: int
    words_removed: int
    score: float
    rank: str
    material: int
    cues: str
    reasons: str
    moved_to: str
    summary: str


class TriageRow(NamedTuple):
    """The columns about triage, which follow where they are asked for: what is shared, and all notes."""

    status: str
    status_by: str
    status_at: str
    assignee: str
    my_status: str
    notes: str


def file_row(change: Change, link: str) -> ChangeRow:
    """Write a change as a row; several values of a cell stand in lines of their own."""
    removed, added = ([line for one in change.lines for line in getattr(one, side)] for side in ("removed", "added"))
    return ChangeRow(
        key=change.edit,
        link=link,
        kind=change.kind,
        site=change.host,
        advertiser=change.advertiser,
        url=change.url,
        title=change.title,
        seen_at=change.at,
        crawl=change.crawl,
        page_type=change.page_type or "",
        pages=change.pages,
        regions="\n".join(change.regions),
        removed="\n".join(removed),
        added="\n".join(added),
        words_added=change.words_added,
        words_removed=change.words_removed,
        score=change.score,
        rank=rank(change.score),
        material=int(change.material),
        cues="\n".join(change.cues),
        reasons="\n".join(change.reasons),
        moved_to=change.moved_to or "",
        summary=change.summary,
    )


def triage_row(triage: ChangeTriage | None) -> TriageRow:
    """Write what stands of the marks on a change as a row, empty where there is none."""
    if triage is None:
        return TriageRow("", "", "", "", "", "")
    notes = "\n".join(f"{mark.coder}, {mark.at}: {mark.note}" for mark in triage.notes)
    return TriageRow(triage.status, triage.by, triage.at, triage.assignee, triage.mine, notes)


def read_batches(path: Path, filters: Asked) -> Generator[list[Change]]:
    """Read all changes that are asked for, what matters most first; all of them are of one state of the corpus."""
    with closing(connect(path, read_only=True)) as db:
        db.execute("BEGIN")
        offset = 0
        while found := changes.ranked(db, filters, BATCH, offset):
            yield found
            offset += BATCH


def csv_parts(
    path: Path, filters: Asked, link: Callable[[Change], str], marks: Mapping[str, ChangeTriage] | None
) -> Generator[str]:
    """Give the file as CSV, part by part; ``marks`` adds the columns about triage."""
    yield _csv([ChangeRow._fields + (TriageRow._fields if marks is not None else ())])
    cell = cell_writer("string", escaped=True)
    for batch in read_batches(path, filters):
        rows: list[Sequence[object]] = []
        for one in batch:
            row = file_row(one, link(one)) + (triage_row(marks.get(one.edit)) if marks is not None else ())
            rows.append([cell(value) for value in row])
        yield _csv(rows)


def json_parts(
    path: Path, filters: Asked, link: Callable[[Change], str], marks: Mapping[str, ChangeTriage] | None
) -> Generator[str]:
    """Give the file as JSON, part by part: what the CSV has, lists as lists, every value as it is stored."""
    yield '{"changes": ['
    before = ""
    for batch in read_batches(path, filters):
        for one in batch:
            lines = [_lines(edited) for edited in one.lines]
            row = file_row(one, link(one))._asdict() | {"lines": lines, "material": one.material}
            row |= {name: list(getattr(one, name)) for name in ("regions", "cues", "reasons")}
            del row["removed"], row["added"]
            if marks is not None:
                row["triage"] = triage_row(marks.get(one.edit))._asdict()
            yield before + json.dumps(row, ensure_ascii=False)
            before = ",\n"
    yield "]}\n"


def _lines(edited: changes.EditedRegion) -> dict[str, object]:
    return {"region": edited.region, "removed": edited.removed, "added": edited.added}


def _csv(rows: Sequence[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
