"""The rows of the export that come from the file of votes; no vote leaves it before its question has two coders."""

from __future__ import annotations

import sqlite3  # noqa: TC003
from typing import TYPE_CHECKING, Any

from db.coding.tally import CODERS_NEEDED

if TYPE_CHECKING:
    from collections.abc import Iterator

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


def review_rows(review: sqlite3.Connection, *, single: bool = False) -> dict[str, Iterator[tuple[Any, ...]]]:
    """Give the rows of ``samples``, ``sample_units`` and ``codings``, by table.

    ``single`` lets out what one coder has voted alone: only for a round that nobody else is to code.
    """
    queries = {"samples": SAMPLES, "sample_units": SAMPLE_UNITS, "codings": CODINGS}
    values = {"full": CODERS_NEEDED, "single": single}
    return {name: map(tuple, review.execute(sql, values if name == "codings" else {})) for name, sql in queries.items()}
