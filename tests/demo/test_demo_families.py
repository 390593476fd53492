"""Families of the demo web against its truth: every planted one with its kind and slots, nothing unrelated joined.

The rules were tuned on seed 1, with a look at seed 4; seed 2 was only ever scored.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from crawler.engine.rule_files import load_rules
from db.passes.registry import run_passes
from demo.score_families import HEADER, score_families
from demo.world import make_world
from pipelines.model.records import FamilyKind
from tests.support.browser import RULES
from tests.support.command import SHARED
from tests.support.demo_corpus import demo_corpus
from tests.support.made_corpus import corpus_of

KINDS = {kind for kind in FamilyKind if kind is not FamilyKind.OWN_TEMPLATE}


@pytest.fixture(scope="module", params=[1, 2], ids=["tuned", "held-out"])
def scored(request, tmp_path_factory):
    """Make a corpus of a demo world, and score its families."""
    world = make_world(request.param)
    path = tmp_path_factory.mktemp("demo") / "corpus.db"
    with demo_corpus(path, world) as db:
        told = score_families(db, world, 0)
        print(f"\nseed {request.param}\n{HEADER}", *(one.line() for one in told), sep="\n")
        yield told, db


def test_every_kind_is_planted(scored):
    """The demo web has a family of every kind that crosses pages, and several of most."""
    assert {one.kind for one in scored[0]} == KINDS
    assert sum(one.true for one in scored[0]) >= 40


def test_every_planted_family_is_found(scored):
    """Each with just its pages, of the right kind, with the right words in its slots; nothing else is joined."""
    assert [one.line() for one in scored[0] if not one.perfect] == []


def test_a_second_run_changes_nothing(scored):
    """Families, sentences and candidates for spun texts stay as they are where nothing is new."""
    changed = run_passes(scored[1], load_rules())
    assert changed["families"] == changed["sentences"] == 0


def test_rebuilt_passages_are_the_same(scored):
    """Made anew without their index, shared sentences and spun pairs are the same rows."""
    db = scored[1]
    rows = [db.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall() for name in TABLES]
    path = next(file for _, name, file in db.execute("PRAGMA database_list") if name == "main")
    with closing(sqlite3.connect(f"{path}.passages")) as index:
        index.execute("DELETE FROM meta")
        index.commit()
    run_passes(db, load_rules())
    assert [db.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall() for name in TABLES] == rows
    assert all(rows)


TABLES = ("sentences", "sentence_pages", "paraphrase_candidates")


def test_the_example_documents_stay_apart(tmp_path):
    """Five independent texts that sell ketamine are five texts: no family, and none is another one spun."""
    folder = SHARED / "seed-documents"
    if not folder.is_dir():
        pytest.skip("../shared/seed-documents is not there")
    texts = {f"/{path.stem}/": path.read_text(encoding="utf-8") for path in folder.glob("*.txt")}
    with corpus_of(tmp_path / "c.db", texts) as db:
        run_passes(db, RULES)
        assert db.execute("SELECT count(*) FROM families").fetchone() == (0,)
        assert db.execute("SELECT count(*) FROM paraphrase_candidates").fetchone() == (0,)
        assert db.execute("SELECT count(*) FROM pages WHERE version IS NOT NULL").fetchone() == (5,)
