"""One export out of the corpus, the file of votes and the codebook together."""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from crawler.clock import utc_now
from crawler.commands.agreement import measure_votes
from db.coding.coded import rounds
from db.coding.votes_file import review_path, voting
from db.export.export import Summary, export
from db.export.review_export import review_rows
from pipelines.coding.reliability import round_rows

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable
    from pathlib import Path

    from pipelines.coding.codebook import Codebook


def export_all(
    db: Path, folder: Path, codebook: Codebook, *, force: bool, escape_formulas: bool, single: bool
) -> Summary:
    """Write the corpus and what people decided to ``folder``; raises what :func:`db.export.export.export` does."""
    with ExitStack() as exits:
        rows: dict[str, Iterable[tuple[Any, ...]]] = {}
        if review_path(db).is_file():
            review = exits.enter_context(voting(db))
            rows = {**review_rows(review, single=single), "agreement": agreement_rows(review, codebook)}
        return export(db, folder, now=utc_now(), force=force, escape_formulas=escape_formulas, other_rows=rows)


def agreement_rows(review: sqlite3.Connection, codebook: Codebook) -> list[tuple[Any, ...]]:
    """Give the rows of ``agreement.csv``, round by round."""
    measured = [(name, one) for name in rounds(review) for one in measure_votes(review, codebook, name)]
    rows = [round_rows([one], name)[0] for name, one in measured if one.figures.units]
    return [tuple((row | {"prevalence": json.dumps(row["prevalence"])}).values()) for row in rows]
