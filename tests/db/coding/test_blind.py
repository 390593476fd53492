"""Nobody learns another's vote before the time, on the Datasette of today and on the next one."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from db.corpus.connection import open_corpus
from tests.support.desk import many_pages

ROOT = Path(__file__).resolve().parents[3]
# `make next` sets it up from the package registry; the variable names another interpreter that has one
NEXT = Path(os.environ.get("CLINICWATCH_NEXT_DATASETTE", ROOT / ".venv-next" / "bin" / "python"))


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Make a corpus that two Datasettes will show."""
    path = tmp_path_factory.mktemp("blind") / "corpus.db"
    many_pages(path, 5)
    with contextlib.closing(open_corpus(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.mark.parametrize("interpreter", [Path(sys.executable), NEXT], ids=["today's", "next"])
def test_nothing_leaks(corpus, tmp_path, interpreter):
    """Every route in every format says the same to everybody else, whatever a reader said, with guarding headers."""
    if not interpreter.exists():
        pytest.skip("no interpreter with the next Datasette; `make next` sets one up")
    done = subprocess.run(
        [interpreter, "-m", "tests.support.blind_probe", corpus, tmp_path],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=280, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert [leak for found in told["people"].values() for leak in found["leaks"]] == []
    assert all(found["opened"] > 250 for found in told["people"].values())
    assert told["seen by the reader who voted"] > 15, "the probe sees a vote where one is shown"
