"""The agreement of a round of coding, code by code: what a paper prints, and what a team looks at.

votes | one table of ratings a code | the figures of each

Never one pooled coefficient: codes differ in their values and in how often they occur.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict

from pipelines.coding.agreement import DRAWS, Agreement, Scale, agreement_of, confusion, label

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipelines.coding.agreement import Value

__all__ = ["CodeAgreement", "CodedUnit", "Vote", "disagreements", "measure", "round_rows", "votes_of_rows"]

EMPTY_SET = "none"  # as it is written


class CodedUnit(NamedTuple):
    """What was coded: a text, a sentence or an advertiser, by its key."""

    type: str
    key: str


class Vote(NamedTuple):
    """One original vote: who gave which value to which unit for which code."""

    code: str
    unit: CodedUnit
    coder: str
    value: str


@dataclass(frozen=True, slots=True)
class CodeAgreement:
    """The agreement on one code: its coders in order, the ratings (a row a unit), and the figures.

    ``units`` and ``ratings`` hold only what two or more coders voted on, so that nothing here shows the vote of one
    before another has voted. ``confusion`` counts value pairs and is empty for more than two coders.
    """

    code: str
    coders: tuple[str, ...]
    units: tuple[CodedUnit, ...]
    ratings: tuple[tuple[Value | None, ...], ...]
    figures: Agreement
    confusion: dict[tuple[str, str], int]


def votes_of_rows(rows: Iterable[Any]) -> list[Vote]:
    """Turn rows of votes, read by the names of their columns, into what is measured."""
    return [Vote(row["code"], CodedUnit(row["unit_type"], row["unit"]), row["coder"], row["value"]) for row in rows]


def measure(
    votes: Iterable[Vote], kinds: Mapping[str, str], *, seed: int = 1, draws: int = DRAWS
) -> list[CodeAgreement]:
    """Measure each code on the units that two or more coders voted on; ``kinds`` gives the type of each code.

    Codes come in the order of ``kinds``, others (the topic's verdict) behind them by name.
    """
    by_code: dict[str, dict[CodedUnit, dict[str, str]]] = {}
    for vote in votes:
        by_code.setdefault(vote.code, {}).setdefault(vote.unit, {})[vote.coder] = vote.value
    order = [code for code in kinds if code in by_code] + sorted(by_code.keys() - kinds.keys())
    return [_measure(code, by_code[code], kinds.get(code, ""), seed, draws) for code in order]


def _measure(
    code: str, votes: Mapping[CodedUnit, Mapping[str, str]], kind: str, seed: int, draws: int
) -> CodeAgreement:
    shared = {unit: votes[unit] for unit in sorted(votes) if len(votes[unit]) >= 2}
    coders = tuple(sorted({coder for given in shared.values() for coder in given}))
    ratings = tuple(tuple(_value(given.get(coder), kind) for coder in coders) for given in shared.values())
    scale = Scale.SET if kind == "set" else Scale.NOMINAL
    figures = agreement_of(ratings, scale=scale, seed=seed, draws=draws)
    return CodeAgreement(code, coders, tuple(shared), ratings, figures, confusion(ratings) if len(coders) == 2 else {})


def _value(written: str | None, kind: str) -> Value | None:
    """Read a stored value; the members of a set are joined by ``|``.

    >>> sorted(_value("im|iv", "set"))
    ['im', 'iv']
    """
    if written is None or kind != "set":
        return written
    return frozenset(part for part in written.split("|") if part and part != EMPTY_SET)


def disagreements(agreement: CodeAgreement, cell: tuple[str, str] | None = None) -> list[CodedUnit]:
    """Name the units on which not all agree, or those of one cell of the confusion matrix."""
    rated = zip(agreement.units, agreement.ratings, strict=True)
    if cell:
        return [unit for unit, row in rated if tuple(label(value) for value in row if value is not None) == cell]
    return [unit for unit, row in rated if len({value for value in row if value is not None}) > 1]


class RoundRow(TypedDict):
    """The figures of one code of a round, as ``agreement.csv`` and ``--json`` have them.

    ``prevalence`` is a share by value for each coder, by the coder's place and not by a name; a figure that is not
    defined is ``None``.
    """

    round: str
    code: str
    coders: int
    units: int
    votes: int
    percent_agreement: float | None
    prevalence: list[dict[str, float]]
    cohen_kappa: float | None
    krippendorff_alpha: float | None
    gwet_ac1: float | None
    kappa_low: float | None
    kappa_high: float | None
    alpha_low: float | None
    alpha_high: float | None
    ac1_low: float | None
    ac1_high: float | None


def round_rows(agreements: Sequence[CodeAgreement], round_: str) -> list[RoundRow]:
    """Write the figures of a round as rows, one a code."""
    rows = []
    for one in agreements:
        figures = one.figures
        kappa, alpha, ac1 = figures.kappa_interval, figures.alpha_interval, figures.ac1_interval
        rows.append(
            RoundRow(
                round=round_,
                code=one.code,
                coders=len(one.coders),
                units=figures.units,
                votes=figures.votes,
                percent_agreement=figures.percent,
                prevalence=[
                    {value: round(share, 4) for value, share in shares.items()} for shares in figures.prevalence
                ],
                cohen_kappa=figures.kappa,
                krippendorff_alpha=figures.alpha,
                gwet_ac1=figures.ac1,
                kappa_low=kappa.low if kappa else None,
                kappa_high=kappa.high if kappa else None,
                alpha_low=alpha.low if alpha else None,
                alpha_high=alpha.high if alpha else None,
                ac1_low=ac1.low if ac1 else None,
                ac1_high=ac1.high if ac1 else None,
            )
        )
    return rows
