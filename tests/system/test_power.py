"""A power cut or a disk that fails, at any moment: nothing that was promised is lost, and nothing is damaged."""

from __future__ import annotations

import pytest

from tests.support.power import Harm, cut_power, live, refuse_writes

UNHARMED = 0, 0, 0, 0


@pytest.fixture(scope="module")
def life(tmp_path_factory):
    """Record two crawls of thirty pages with their repeat fetches and passes."""
    return live(tmp_path_factory.mktemp("life"), pages=30)


def counts(harm: Harm) -> tuple[int, int, int, int]:
    """Give what is counted as harm."""
    return harm.corrupt, harm.lost, harm.doubled, harm.without_bytes


def test_the_life_is_a_whole_one(life):
    """Both crawls and their questions ended, checkpoints happened, the archive has each answer before its row."""
    acks = [entry[1:] for entry in life.disk.log if entry[0] == "ack"]
    assert acks[-1] == (60, 60, 3)
    assert any(entry[:2] == ("write", "c.db") for entry in life.disk.log)
    assert any(entry[0] == "sync" and entry[1].endswith(".warc.gz") for entry in life.disk.log)


def test_power_cuts(life, tmp_path):
    """Four hundred cuts at random: no damage, no acknowledged row lost, no row without its bytes."""
    harm = cut_power(life, 400, seed=1, scratch=tmp_path / "image")
    assert (harm.cuts, counts(harm)) == (400, UNHARMED), harm.line()


@pytest.mark.parametrize("forgotten", ["c.db-wal", ".warc.gz"])
def test_the_simulation_sees_a_sync_that_is_missing(life, tmp_path, forgotten):
    """Without the log's syncs acknowledged rows are lost; without the archive's, rows have no bytes."""
    careless = type(life)(life.folder, type(life.disk)(), life.start, life.captures)
    careless.disk.log = [one for one in life.disk.log if not (one[0] == "sync" and one[1].endswith(forgotten))]
    harm = cut_power(careless, 60, seed=1, scratch=tmp_path / "image")
    assert harm.without_bytes if forgotten == ".warc.gz" else harm.lost + harm.corrupt


def test_a_disk_that_fails(tmp_path):
    """The n-th write fails and all after it, for some n: what was acknowledged before is there, whole."""
    harm = refuse_writes(tmp_path, pages=12, numbers=range(1, 120, 9))
    assert counts(harm) == UNHARMED, harm.line()
