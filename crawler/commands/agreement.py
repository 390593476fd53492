"""What the votes of a round come to: the agreement of its coders, and the table of advertisers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crawler.engine.plan import SEEDS, load_references
from db.coding.coded import CodingFlow, coding_flow, rounds, settled_values
from db.coding.tally import original_votes
from db.coding.votes_file import attach_corpus, voting
from pipelines.coding.codebook import Codebook, load_codebook
from pipelines.coding.references import edition
from pipelines.coding.reliability import CodeAgreement, measure, votes_of_rows
from pipelines.coding.rollup import Cell, Coded, from_settled, roll_up
from pipelines.model.errors import UsageError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from pathlib import Path

CODEBOOK = SEEDS / "codebook.toml"


def read_codebook(named: Path | None = None) -> Codebook:
    """Read a codebook file; raises :class:`UsageError` for one that is missing or broken, with its line."""
    path = named or CODEBOOK
    try:
        return load_codebook(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: the codebook cannot be read ({error})") from error


def standing_editions(codebook: Codebook, day: str, folder: Path = SEEDS / "references") -> dict[str, str]:
    """Name for each code the edition of its reference set that was the standard of truth on a day (ISO 8601)."""
    sets = load_references(folder)
    found = {code.id: edition(sets, code.reference, day) for code in codebook.codes if code.reference}
    return {code: one.version for code, one in found.items() if one}


def measure_round(db: Path, codebook: Codebook, round_: str, *, seed: int = 1) -> list[CodeAgreement]:
    """Measure the agreement of a round on its original votes; raises :class:`UsageError` for a round without any."""
    with voting(db) as review:
        told = measure_votes(review, codebook, round_, seed=seed)
        if not told:
            _refuse_round(review, round_)
    return told


def measure_votes(review: sqlite3.Connection, codebook: Codebook, round_: str, *, seed: int = 1) -> list[CodeAgreement]:
    """Measure the agreement of a round on its original votes, code by code; nothing where there are none."""
    kinds = {code.id: code.type for code in codebook.codes}
    return measure(votes_of_rows(original_votes(review, round_)), kinds, seed=seed)


def _refuse_round(review: sqlite3.Connection, round_: str) -> None:
    known = ", ".join(rounds(review)) or "none yet; code with `clinicwatch serve` or `clinicwatch import-labels`"
    raise UsageError(f"--round {round_}: no vote was cast in it; rounds with votes: {known}")


class RolledUp(NamedTuple):
    """The table of advertisers: its cells, and the way of texts and advertisers into it."""

    cells: list[Cell]
    flow: CodingFlow
    advertisers: int


def roll_up_round(
    db: Path, codebook: Codebook, round_: str, *, without: Sequence[str] = (), single: bool = False
) -> RolledUp:
    """Roll the settled values of a round up to advertisers; raises :class:`UsageError` for a round without votes."""
    with voting(db) as review:
        attach_corpus(review, db)
        if round_ not in rounds(review):
            _refuse_round(review, round_)
        values = [Coded(*one[:5]) for one in settled_values(review, round_, without=without, single=single)]
        flow = coding_flow(review, round_, without=without)
    cells = roll_up(from_settled(values, codebook.codes), codebook.codes)
    return RolledUp(cells, flow, len({cell.advertiser for cell in cells}))
