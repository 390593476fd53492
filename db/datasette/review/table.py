"""The table of advertisers on the screen: what was asked for in a URL, its cells, and the evidence of one of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from db.coding.coded import roll_up_round
from db.coding.evidence import evidence_of
from db.coding.flow import flow_rows
from db.coding.frame import read_sites
from db.coding.studies import find_study, list_studies
from pipelines.coding.findings import Reason, Says
from pipelines.coding.frame_spec import FrameSpec
from pipelines.coding.rollup import Cell, value_counts
from pipelines.model.page_types import PageType

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from datasette.utils import MultiParams

    from db.coding.coded import CodingFlow
    from db.coding.evidence import Evidence
    from db.coding.flow import FlowBox
    from db.datasette.review.auth import Coder
    from pipelines.coding.codebook import Code, Codebook
    from pipelines.coding.rollup import ValueCount

LISTS = {"state": "states", "class": "classes", "page_type": "page_types", "without": "without"}
DAYS = {"from": "captured_from", "to": "captured_to", "on": "on"}
SWITCHES = ("publishers", "aliases")


class TableView(NamedTuple):
    """What a URL asks for: a frame, or the one of a study; all codes of the codebook, or those with an answer."""

    frame: FrameSpec
    study: str = ""
    all_codes: bool = False

    def query(self, **more: str) -> str:
        """Write it as the arguments of a URL."""
        pairs = [(name, value) for name, field in LISTS.items() for value in getattr(self.frame, field)]
        pairs += [(name, getattr(self.frame, field)) for name, field in DAYS.items()]
        pairs += [("advertiser", name) for name in self.frame.advertisers]
        pairs += [(name, "1") for name in SWITCHES if getattr(self.frame, name)]
        if self.study:
            pairs = [("study", self.study)]
        pairs += [("codes", "all")] if self.all_codes else []
        return "?" + urlencode([(name, value) for name, value in [*pairs, *more.items()] if value])


class Offered(NamedTuple):
    """What the form offers: the states, classes and page types of the corpus, the studies."""

    states: list[str]
    classes: list[str]
    page_types: list[str]
    studies: list[str]


class AdvertiserTable(NamedTuple):
    """The table: its codes, a cell for each advertiser and code, how many advertisers have a value, the flow."""

    codes: list[Code]
    left_out: int  # codes without an answer, which are not shown
    rows: dict[str, dict[str, Cell]]  # by advertiser, then by code
    counts: dict[str, list[ValueCount]]  # by code
    empty: list[tuple[Reason, int]]
    flow: CodingFlow
    boxes: list[FlowBox]
    round: str
    single: bool
    view: TableView
    offered: Offered


class CellView(NamedTuple):
    """One cell with what it rests on; ``open_texts`` counts texts that have no answer yet, by reason."""

    cell: Cell
    code: Code
    evidence: list[Evidence]
    open_texts: list[tuple[Reason, int]]
    view: TableView


def view_of(args: MultiParams) -> TableView:
    """Read what the arguments of a URL ask for; unknown names are left to :func:`db.coding.frame.build_frame`."""
    asked: dict[str, Any] = {field: _values(args.getlist(name)) for name, field in LISTS.items()}
    asked |= {field: (args.get(name) or "").strip() for name, field in DAYS.items()}
    asked |= {name: args.get(name) == "1" for name in SWITCHES}
    frame = FrameSpec(**asked, advertisers=_values(args.getlist("advertiser")))
    return TableView(frame, (args.get("study") or "").strip(), args.get("codes") == "all")


def _values(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for value in given for part in value.split(",") if part.strip()))


def read_table(db: sqlite3.Connection, coder: Coder, codebook: Codebook, view: TableView) -> AdvertiserTable:
    """Roll the settled values of a round up to the advertisers of a frame; raises ``UsageError`` for one that is none.

    In single-user mode what the one coder answered is settled. A study has its own round.
    """
    study = find_study(db, view.study) if view.study else None
    view = view._replace(frame=study.frame) if study else view
    round_, single = (study.round, study.single or coder.single) if study else (coder.round, coder.single)
    table = roll_up_round(db, codebook.codes, round_, view.frame, single=single)
    rows: dict[str, dict[str, Cell]] = {}
    for cell in table.cells:
        rows.setdefault(cell.advertiser, {})[cell.code] = cell
    touched = {cell.code for cell in table.cells if cell.says or cell.findings}
    codes = [code for code in codebook.codes if view.all_codes or code.id in touched]
    counts: dict[str, list[ValueCount]] = {}
    for count in value_counts(table.cells, codes):
        counts.setdefault(count.code, []).append(count)
    return AdvertiserTable(
        codes=codes,
        left_out=len(codebook.codes) - len(codes),
        rows=rows,
        counts=counts,
        empty=[(one.reason, one.cells) for one in table.counts if one.reason],
        flow=table.flow,
        boxes=flow_rows(table),
        round=round_,
        single=single,
        view=view,
        offered=read_offered(db),
    )


def read_offered(db: sqlite3.Connection) -> Offered:
    """Read what the form offers."""
    sites = read_sites(db)
    return Offered(
        states=sorted({site.state for site in sites if site.state}),
        classes=sorted({site.source_class for site in sites if site.source_class}),
        page_types=[str(one) for one in PageType],
        studies=[study.name for study in list_studies(db)],
    )


def read_cell(
    db: sqlite3.Connection, coder: Coder, codebook: Codebook, view: TableView, key: tuple[str, str], database: str
) -> CellView | None:
    """Read one cell, by advertiser and code, with its evidence; ``None`` where the table has no such cell."""
    code = codebook.code(key[1])
    if code is None:
        return None
    table = read_table(db, coder, replace(codebook, codes=(code,)), view._replace(all_codes=True))
    cell = table.rows.get(key[0], {}).get(code.id)
    if cell is None:
        return None
    open_texts = Counter(one.reason for one in cell.findings if one.reason and not one.is_open_to_all)
    counted = [(reason, open_texts[reason]) for reason in Reason if open_texts[reason]]
    order = [*Says, Reason.CONFLICT]
    evidence = sorted(evidence_of(db, [cell], database), key=lambda one: order.index(one.says))
    return CellView(cell, code, evidence, counted, table.view)
