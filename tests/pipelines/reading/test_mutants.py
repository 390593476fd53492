"""Damaged pages are read, not rescued."""

from __future__ import annotations

from tests.bench.mutants import failures, saved_bodies


def test_no_damage_makes_the_reader_fail():
    """Cut, doubled, with odd tags, bytes and data: a text comes of it, by the usual way."""
    assert failures(saved_bodies(), 300) == []


def test_a_failure_would_be_seen(monkeypatch):
    """What the last rescue reads is counted."""
    monkeypatch.setattr("pipelines.reading.read.parse_metadata", lambda *_: 1 / 0)
    assert failures(saved_bodies(), 3)[0].startswith("rescued: ZeroDivisionError")
