"""What depends on other pages: the passes in the order in which they run, each giving the same rows in full.

noise | confirmations | page_states | boilerplate | codebook | regions | claims | topic_scores | site_decisions |
relevance | topic_overrides | exact_duplicates | families | sentences | claim_ledger | claim_list | changes |
rotations | documents
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from db.passes.boilerplate import BOILERPLATE
from db.passes.changes import CHANGES
from db.passes.claim_list import CLAIM_LIST
from db.passes.claims import CLAIM_LEDGER, CLAIMS, CODEBOOK
from db.passes.documents import DOCUMENTS
from db.passes.driver import run_pass
from db.passes.exact_duplicates import EXACT_DUPLICATES
from db.passes.families import FAMILIES
from db.passes.noise import NOISE
from db.passes.page_states import CONFIRMATIONS, PAGE_STATES
from db.passes.passages import SENTENCES_PASS
from db.passes.regions import REGIONS_PASS
from db.passes.relevance import RELEVANCE, TOPIC_SCORES
from db.passes.rotations import ROTATIONS
from db.passes.topic_overrides import SITE_DECISIONS, TOPIC_OVERRIDES

if TYPE_CHECKING:
    import sqlite3

    from db.passes.rules import Rules

__all__ = ["PASSES", "forget_derived", "run_passes"]

PASSES = (
    NOISE, CONFIRMATIONS, PAGE_STATES, BOILERPLATE, CODEBOOK, REGIONS_PASS, CLAIMS, TOPIC_SCORES, SITE_DECISIONS,
    RELEVANCE, TOPIC_OVERRIDES, EXACT_DUPLICATES, FAMILIES, SENTENCES_PASS, CLAIM_LEDGER, CLAIM_LIST, CHANGES,
    ROTATIONS, DOCUMENTS,
)  # fmt: skip


def run_passes(db: sqlite3.Connection, rules: Rules, workers: int | None = None) -> dict[str, int]:
    """Run every pass in its order; gives how many rows each of them changed.

    ``workers`` processes at most share the work of passes whose units are independent; by default as many as there
    are cores. The rows are the same for any number.
    """
    return {one.name: run_pass(db, one, rules, workers or os.cpu_count() or 1) for one in PASSES}


def forget_derived(db: sqlite3.Connection) -> None:
    """Empty every table that passes own, so that :func:`run_passes` works everything out from captures alone.

    What fetches moments apart showed of dynamic content was observed and stays; so do the rows of pages, which a pass
    settles anew. The caller holds the transaction.
    """
    db.execute("PRAGMA defer_foreign_keys = on")
    for table in sorted({table for one in PASSES for table in one.tables} - {"pages", "dynamic_content"}):
        db.execute(f"DELETE FROM {table}")
    db.execute("DELETE FROM dynamic_content WHERE NOT observed AND active")
    db.execute("DELETE FROM pass_units")
