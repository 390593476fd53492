"""``clinicwatch changes``: what changed, in a terminal and for a program."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime

import pytest

from crawler.commands.changes import parse_since
from tests.support.changed import changed
from tests.support.command import clinicwatch

NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Make a corpus that changed."""
    path = tmp_path_factory.mktemp("telling") / "c.db"
    changed(path)
    return path


@pytest.mark.parametrize(
    ("text", "since"),
    [
        ("2026-03-01", "2026-03-01"),
        ("2d", "2026-03-07T12:00:00+00:00"),
        ("2026-03-01T10:00", "2026-03-01T10:00:00+00:00"),
        ("2026-03-01T10:00+02:00", "2026-03-01T08:00:00+00:00"),
    ],
)
def test_since_when_is_read(text, since):
    """A day, a time in any zone, a length of time back from now."""
    assert parse_since(text, NOW) == since


@pytest.mark.parametrize("text", ["", "x", "2026-13-01", "0d", "1.3.2026"])
def test_what_is_no_time_says_what_is(text):
    """The error shows one."""
    with pytest.raises(ValueError, match="such as"):
        parse_since(text, NOW)


def test_changes_are_listed(corpus):
    """Without a time it is the last crawl's changes; with one, all since then; each with its page and when."""
    last = clinicwatch("changes", "--db", corpus).stdout
    assert "http://cedar.example/harm" in last
    assert "http://cedar.example/prices" not in last
    every = clinicwatch("changes", "--since", "2026-01-01", "--db", corpus).stdout
    assert "http://cedar.example/prices" in every
    assert "seen 2026-03-08 09:00 UTC" in every


def test_changes_are_told_to_programs(corpus):
    """JSON has every field by its name, and the number of all beside those that are listed."""
    result = json.loads(
        clinicwatch("changes", "--since", "2026-01-01", "--limit", "1", "--json", "--db", corpus).stdout
    )
    assert result["count"] > len(result["changes"]) == 1
    assert {"url", "kind", "score", "reasons", "places", "regions", "summary", "pages"} <= result["changes"][0].keys()


def test_changes_are_narrowed(corpus):
    """By kind and by site; a corpus without any says so."""
    only = ("changes", "--since", "2026-01-01", "--db", corpus)
    assert "nothing changed" in clinicwatch(*only, "--kind", "parked").stdout
    assert "nothing changed" in clinicwatch(*only, "--site", "other.example").stdout
    assert "/prices" in clinicwatch(*only, "--site", "www.cedar.example", "--kind", "edited").stdout


def test_a_missing_corpus_is_one_line(tmp_path):
    """No traceback where there is nothing."""
    done = clinicwatch("changes", "--db", tmp_path / "no.db")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)


def test_changes_leave_with_the_export(corpus, tmp_path):
    """Each change is a row with its page and its places, each site's crawl a row with its figures."""
    done = clinicwatch("export", tmp_path / "out", "--db", corpus)
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader((tmp_path / "out" / "changes.csv").open(encoding="utf-8")))
    prices = next(row for row in rows if row["url"].endswith("/prices"))
    assert (prices["kind"], prices["crawl"], json.loads(prices["places"])) == ("edited", "2", ["text"])
    assert (tmp_path / "out" / "site_runs.csv").read_text().startswith("crawl,site,visits")
