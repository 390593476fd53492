"""Every pass that there is runs, and what it owns is there."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import db.passes
from db.corpus.connection import atomic
from db.passes.driver import Pass
from db.passes.registry import PASSES, forget_derived, run_passes
from tests.support.made_corpus import ABOUT, RULES, corpus_of


def defined() -> dict[str, Pass]:
    """Find every pass that a module of the folder defines, by name."""
    modules = [importlib.import_module(f"db.passes.{info.name}") for info in pkgutil.iter_modules(db.passes.__path__)]
    return {one.name: one for module in modules for one in vars(module).values() if isinstance(one, Pass)}


@pytest.mark.parametrize("name", sorted(defined()))
def test_each_pass_runs(name):
    """A pass that no list names would never run: it has its place in ``PASSES`` of db/passes/registry.py."""
    assert name in {one.name for one in PASSES}, f"the pass {name} is missing in PASSES of db/passes/registry.py"


def test_names_are_unique():
    """Stored keys are found by the name of a pass."""
    assert len({one.name for one in PASSES}) == len(PASSES)


def test_what_passes_own_is_there_and_can_be_made_again(tmp_path):
    """Each table of a pass exists; emptied, all of them are filled as they were."""
    with corpus_of(tmp_path / "c.db", {"/": ABOUT, "/about/": ABOUT + " We are open on weekdays."}) as corpus:
        tables = sorted({table for one in PASSES for table in one.tables})
        before = {table: corpus.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}
        with atomic(corpus):
            forget_derived(corpus)
        run_passes(corpus, RULES, workers=1)
        assert {table: corpus.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables} == before
