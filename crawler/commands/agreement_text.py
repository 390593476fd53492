"""How agreement and the table of advertisers are printed and written: values in, lines and rows out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pipelines.coding.rollup import Cell, value_counts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from db.coding.coded import CodingFlow
    from pipelines.coding.agreement import Interval
    from pipelines.coding.codebook import Code
    from pipelines.coding.reliability import CodeAgreement


class RolledUp(NamedTuple):
    """The table of advertisers: its cells, and the way of texts and advertisers into it."""

    cells: list[Cell]
    flow: CodingFlow
    advertisers: int


class FlowBox(NamedTuple):
    """A box of the flow of texts into the table: what it is, how many, and of what."""

    box: str
    number: int
    unit: str


def agreement_text(measured: Sequence[CodeAgreement], round_: str) -> str:
    """Print the agreement of a round, a line a code; intervals are 95 % bootstrap intervals."""
    heading = f"{'code':<20}{'units':>6}{'agree':>8}  {'kappa':<22}{'alpha':<22}{'AC1':<22}"
    lines = [f"round {round_}", heading]
    for code in measured:
        figures = code.figures
        percent = "-" if figures.percent is None else f"{figures.percent:.1%}"
        columns = (
            coefficient_text(figures.kappa, figures.kappa_interval),
            coefficient_text(figures.alpha, figures.alpha_interval),
            coefficient_text(figures.ac1, figures.ac1_interval),
        )
        lines.append(f"{code.code:<20}{figures.units:>6}{percent:>8}  " + "".join(f"{text:<22}" for text in columns))
    note = "units: coded by two or more; in brackets the 95 % bootstrap interval; -: not defined"
    return "\n".join([*lines, note])


def coefficient_text(value: float | None, interval: Interval | None) -> str:
    """Print a coefficient with its interval; ``-`` where it is not defined.

    >>> coefficient_text(0.8125, None), coefficient_text(None, None)
    ('0.812', '-')
    """
    if value is None:
        return "-"
    return f"{value:.3f}" + (f" [{interval.low:.2f}, {interval.high:.2f}]" if interval else "")


def rollup_text(table: RolledUp, codes: Sequence[Code]) -> str:
    """Print how many advertisers have which value, and how many texts and advertisers that rests on."""
    names = {code.id: code.name for code in codes}
    lines = [f"{box:<56}{count:>7}" for box, count, _ in flow_rows(table)]
    before = ""
    for count in value_counts(table.cells, codes):
        if count.code != before:
            lines += ["", f"{count.code}  {names[count.code]} ({count.coded} advertisers coded)"]
            before = count.code
        lines.append(f"  {count.value:<54}{count.advertisers:>7}")
    return "\n".join(lines)


def flow_rows(table: RolledUp) -> list[FlowBox]:
    """Give the boxes of the flow: what it is, how many, and of what; a box is made of those indented below it."""
    flow = table.flow
    coded = flow.by_one + flow.agreed + flow.conflict + flow.adjudicated
    return [
        FlowBox("pages on the topic in the frame, copies among them", flow.documents, "pages"),
        FlowBox("texts in the frame, each counted once", flow.texts, "texts"),
        FlowBox("advertisers that show them", flow.advertisers, "advertisers"),
        FlowBox("texts coded in this round", coded, "texts"),
        FlowBox("  coded by one reader so far", flow.by_one, "texts"),
        FlowBox("  coded by two readers who agree", flow.agreed, "texts"),
        FlowBox("  coded by two readers who differ, not decided yet", flow.conflict, "texts"),
        FlowBox("  differences decided by an adjudicator", flow.adjudicated, "texts"),
        FlowBox("advertisers in the table", table.advertisers, "advertisers"),
    ]


def table_rows(table: RolledUp, codes: Sequence[Code]) -> Iterator[list[Any]]:
    """Give the table of advertisers with its header: a row an advertiser, a column a code, empty where not coded."""
    shown = [code.id for code in codes if any(cell.code == code.id for cell in table.cells)]
    cells = {(cell.advertiser, cell.code): cell for cell in table.cells}
    yield ["advertiser", *shown]
    for advertiser in sorted({cell.advertiser for cell in table.cells}):
        found = [cells.get((advertiser, code)) for code in shown]
        yield [advertiser, *(cell.value if cell else "" for cell in found)]


def evidence_rows(table: RolledUp) -> Iterator[list[Any]]:
    """Give every cell with what it rests on: how many texts were coded, which of them say so, on which pages."""
    yield ["advertiser", "code", "value", "texts_coded", "texts_that_say_so", "pages"]
    for cell in table.cells:
        pages = " ".join(map(str, cell.pages))
        yield [cell.advertiser, cell.code, cell.value, cell.texts, " ".join(cell.evidence), pages]


def count_rows(table: RolledUp, codes: Sequence[Code]) -> Iterator[list[Any]]:
    """Give how many advertisers have each value, of how many that were coded."""
    yield ["code", "value", "advertisers", "coded"]
    yield from (list(count) for count in value_counts(table.cells, codes))
