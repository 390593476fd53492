"""The flow of sites, pages, texts and cells into a table of advertisers, as boxes that add up."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pipelines.coding.findings import Says

if TYPE_CHECKING:
    from db.coding.coded import RolledUp

__all__ = ["FlowBox", "flow_rows"]


class FlowBox(NamedTuple):
    """A box of the flow into the table: what it is, how many, and of what; two blanks a level before ``box``."""

    box: str
    number: int
    unit: str


def flow_rows(table: RolledUp) -> list[FlowBox]:
    """Give the boxes of the flow; a box is the sum of those that are indented below it."""
    flow = table.flow
    coded = flow.by_one + flow.agreed + flow.conflict + flow.adjudicated
    empty = [one for one in table.counts if one.says is Says.EMPTY]
    return [
        FlowBox("sites of the corpus", flow.sites, "sites"),
        *(FlowBox(f"  left out: {reason}", count, "sites") for reason, count in sorted(flow.left_out.items())),
        FlowBox("  in the frame", flow.in_frame, "sites"),
        FlowBox("advertisers in the table", flow.advertisers, "advertisers"),
        FlowBox("  with pages in the frame", flow.advertisers - flow.without_pages, "advertisers"),
        FlowBox("  with no page in the frame", flow.without_pages, "advertisers"),
        FlowBox("pages in the frame, copies among them", flow.documents, "pages"),
        FlowBox("texts in the frame, each counted once", flow.texts, "texts"),
        FlowBox("  not coded in this round", flow.not_coded, "texts"),
        FlowBox("  coded in this round", coded, "texts"),
        FlowBox("    coded by one coder so far", flow.by_one, "texts"),
        FlowBox("    coded by two coders who agree", flow.agreed, "texts"),
        FlowBox("    coded by two coders who differ, not decided yet", flow.conflict, "texts"),
        FlowBox("    differences decided by an adjudicator", flow.adjudicated, "texts"),
        FlowBox("cells of the table, advertisers by codes", sum(one.cells for one in table.counts), "cells"),
        *(FlowBox(f"  {one.says}", one.cells, "cells") for one in table.counts if one.says is not Says.EMPTY),
        FlowBox("  empty", sum(one.cells for one in empty), "cells"),
        *(FlowBox(f"    {one.reason}", one.cells, "cells") for one in empty),
    ]
