"""The rows of the export that come from the file of votes; no vote leaves it before its question has two coders."""

from __future__ import annotations

import sqlite3  # noqa: TC003
from typing import TYPE_CHECKING, Any

from db.coding.events import list_events, public_events
from db.coding.tally import CODERS_NEEDED
from pipelines.text.encode import dump

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from db.coding.coded import RolledUp
    from db.coding.estimates import FrameEstimate
    from db.coding.evidence import Evidence
    from db.coding.studies import Study

SAMPLES = """
    SELECT name, at, seed, asked, (SELECT count(*) FROM sample_units WHERE sample = samples.id), strata_by, strata,
        allocation, double, frame_size, frame_hash, query
    FROM samples ORDER BY name
"""
SAMPLE_UNITS = """
    SELECT samples.name, place, unit, page, url, advertiser, pages, stratum, weight, sample_units.double
    FROM sample_units JOIN samples ON samples.id = sample_units.sample ORDER BY samples.name, place
"""
CODINGS = """
    SELECT votes.id, votes.round, votes.unit_type, votes.unit, votes.code, nullif(votes.value, ''),
        nullif(value_text, ''), nullif(quote, ''), "start", "end", sentence_no, coder, role, blinded, at,
        nullif(codebook, ''), nullif(reference, ''), seconds, supersedes, undoes, spread_from,
        EXISTS (SELECT 1 FROM standing WHERE standing.vote = votes.id), page, version
    FROM votes JOIN units USING (round, code, unit_type, unit)
    WHERE (units.readers >= :full OR :single) AND substr(votes.code, 1, 1) != '_' ORDER BY votes.id
"""


def study_rows(studies: Iterable[Study]) -> list[tuple[Any, ...]]:
    """Give the rows of ``studies``."""
    return [
        (
            *(one.name, one.revision, one.at, one.frame.words(), one.frame.on or None, dump(list(one.samples))),
            *(
                dump(list(one.rounds)),
                dump([list(member) for member in one.team.items()]),
                one.single,
                one.note or None,
            ),
        )
        for one in studies
    ]


def table_rows(
    study: str, table: RolledUp, evidence: Iterable[Evidence], estimates: Iterable[FrameEstimate]
) -> dict[str, list[tuple[Any, ...]]]:
    """Give the rows of ``cells``, ``evidence`` and ``estimates`` of a study, by table."""
    return {
        "estimates": [(study, *one) for one in estimates],
        "cells": [(study, *row) for row in cell_rows(table)],
        "evidence": [(study, *evidence_row(one)) for one in evidence],
    }


CELL_COLUMNS = ("advertiser", "code", "says", "value", "reason", "pages_looked", "pages", "pages_saying")


def cell_rows(table: RolledUp) -> Iterator[tuple[Any, ...]]:
    """Give every cell of a table of advertisers, empty ones with their reason."""
    for cell in table.cells:
        yield (
            *(cell.advertiser, cell.code, str(cell.says) or None, cell.value or None),
            *(str(cell.reason) if cell.reason else None, cell.looked, cell.of, cell.saying),
        )


def evidence_row(one: Evidence) -> tuple[Any, ...]:
    """Give a row of evidence as CSV has it: quotes as JSON, empty where there is nothing."""
    row = dict(zip(one._fields, one, strict=True)) | {"quotes": dump(list(one.quotes))}
    return tuple(None if value == "" else value for value in row.values())


def review_rows(review: sqlite3.Connection, *, single: bool = False) -> dict[str, Iterator[tuple[Any, ...]]]:
    """Give the rows of ``samples``, ``sample_units`` and ``codings``, by table.

    ``single`` lets out what one coder has voted alone: only for a round that nobody else is to code.
    """
    queries = {"samples": SAMPLES, "sample_units": SAMPLE_UNITS, "codings": CODINGS}
    values = {"full": CODERS_NEEDED, "single": single}
    return {name: map(tuple, review.execute(sql, values if name == "codings" else {})) for name, sql in queries.items()}


TRIAGE = """
    SELECT id, change, at, coder, nullif(status, ''), CASE assignee WHEN '' THEN '-' ELSE assignee END,
        nullif(note, ''), undoes, id IN (SELECT id FROM current_marks), kind, url, seen_at
    FROM triage_marks ORDER BY id
"""


def desk_rows(review: sqlite3.Connection, *, internal: bool = False) -> dict[str, list[tuple[Any, ...]]]:
    """Give the rows of ``triage`` and ``events``; marks, notes and enquiries only where they are to be ``internal``."""
    events = list_events(review)
    shown = events if internal else public_events(events)
    return {
        "triage": [tuple(row) for row in review.execute(TRIAGE)] if internal else [],
        "events": [
            (one.id, one.day, one.kind, one.advertiser or None, one.title, one.url or None, one.note or None, one.at)
            for one in sorted(shown)
        ],
    }
