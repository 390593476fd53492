"""How agreement and the table of advertisers are printed and written: values in, lines and rows out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipelines.coding.rollup import value_counts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crawler.commands.agreement import RolledUp
    from pipelines.coding.agreement import Interval
    from pipelines.coding.codebook import Code
    from pipelines.coding.reliability import CodeAgreement

COEFFICIENTS = (("kappa", "kappa_interval"), ("alpha", "alpha_interval"), ("ac1", "ac1_interval"))


def agreement_text(told: Sequence[CodeAgreement], round_: str) -> str:
    """Print the agreement of a round, a line a code; intervals are 95 % bootstrap intervals."""
    heading = f"{'code':<20}{'units':>6}{'agree':>8}  {'kappa':<22}{'alpha':<22}{'AC1':<22}"
    rows = [_agreement_row(one) for one in told]
    note = "units: coded by two or more; in brackets the 95 % bootstrap interval; -: not defined"
    return "\n".join([f"round {round_}", heading, *rows, note])


def _agreement_row(one: CodeAgreement) -> str:
    figures = one.figures
    percent = "-" if figures.percent is None else f"{figures.percent:.1%}"
    told = [_figure(getattr(figures, name), getattr(figures, interval)) for name, interval in COEFFICIENTS]
    return f"{one.code:<20}{figures.units:>6}{percent:>8}  " + "".join(f"{figure:<22}" for figure in told)


def _figure(value: float | None, interval: Interval | None) -> str:
    if value is None:
        return "-"
    return f"{value:.3f}" + (f" [{interval.low:.2f}, {interval.high:.2f}]" if interval else "")


def rollup_text(told: RolledUp, codes: Sequence[Code]) -> str:
    """Print how many advertisers have which value, and how many texts and advertisers that rests on."""
    names = {code.id: code.name for code in codes}
    lines = [f"{box:<56}{count:>7}" for box, count, _ in flow_rows(told)]
    before = ""
    for count in value_counts(told.cells, codes):
        if count.code != before:
            lines += ["", f"{count.code}  {names[count.code]} ({count.coded} advertisers coded)"]
            before = count.code
        lines.append(f"  {count.value:<54}{count.advertisers:>7}")
    return "\n".join(lines)


def flow_rows(told: RolledUp) -> list[tuple[str, int, str]]:
    """Give the boxes of the flow: what it is, how many, and of what; a box is made of those indented below it."""
    flow = told.flow
    coded = flow.by_one + flow.agreed + flow.conflict + flow.adjudicated
    return [
        ("pages on the topic in the frame, copies among them", flow.documents, "pages"),
        ("texts in the frame, each counted once", flow.texts, "texts"),
        ("advertisers that show them", flow.advertisers, "advertisers"),
        ("texts coded in this round", coded, "texts"),
        ("  coded by one reader so far", flow.by_one, "texts"),
        ("  coded by two readers who agree", flow.agreed, "texts"),
        ("  coded by two readers who differ, not decided yet", flow.conflict, "texts"),
        ("  differences decided by an adjudicator", flow.adjudicated, "texts"),
        ("advertisers in the table", told.advertisers, "advertisers"),
    ]


def table_rows(told: RolledUp, codes: Sequence[Code]) -> Iterator[list[Any]]:
    """Give the table of advertisers with its header: a row an advertiser, a column a code, empty where not coded."""
    shown = [code.id for code in codes if any(cell.code == code.id for cell in told.cells)]
    cells = {(cell.advertiser, cell.code): cell for cell in told.cells}
    yield ["advertiser", *shown]
    for advertiser in sorted({cell.advertiser for cell in told.cells}):
        found = [cells.get((advertiser, code)) for code in shown]
        yield [advertiser, *(cell.value if cell else "" for cell in found)]


def evidence_rows(told: RolledUp) -> Iterator[list[Any]]:
    """Give every cell with what it rests on: how many texts were coded, which of them say so, on which pages."""
    yield ["advertiser", "code", "value", "texts_coded", "texts_that_say_so", "pages"]
    for cell in told.cells:
        pages = " ".join(map(str, cell.pages))
        yield [cell.advertiser, cell.code, cell.value, cell.texts, " ".join(cell.evidence), pages]


def count_rows(told: RolledUp, codes: Sequence[Code]) -> Iterator[list[Any]]:
    """Give how many advertisers have each value, of how many that were coded."""
    yield ["code", "value", "advertisers", "coded"]
    yield from (list(count) for count in value_counts(told.cells, codes))
