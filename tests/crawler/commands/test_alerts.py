"""Alerts on silent failure: a site's figures against those of its own past crawls."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from math import comb

import pytest

from db.corpus.alerts import FALL, LEAST, alerts_of
from db.corpus.site_runs import SiteRun
from tests.support.command import clinicwatch, crawl, seeds_file
from tests.support.web import Answer, linked_site, serving


def run(number: int = 9, **figures: int) -> SiteRun:
    """Make a crawl of a healthy site of 40 pages, with other figures where they are named."""
    healthy = {"visits": 40, "fetched": 40, "kept": 40, "lost": 0, "words": 20_000, "words_before": 20_000, "live": 40}
    return SiteRun(number, 1, **(healthy | figures))


PAST = [run(number) for number in range(8, 0, -1)]
FLAKY = [run(number, kept=30, lost=10) for number in range(8, 0, -1)]


@pytest.mark.parametrize(
    ("now", "past", "words"),
    [
        (run(kept=4, lost=36), PAST, "36 of 40 pages that had text gave none"),
        (run(kept=0, lost=1, words=0, words_before=0), PAST, "1 of 1 pages"),
        (run(kept=4, lost=36), [], "36 of 40 pages"),
        (run(kept=20, lost=20), FLAKY, "20 of 40 pages"),
        (run(words=9_000), PAST, "the text of 40 pages fell from 20000 to 9000 words"),
        (run(live=20), PAST, "20 live pages, where there were 40"),
    ],
    ids=["blocked", "all of few", "no past", "worse than usual", "texts cut", "pages gone"],
)
def test_what_falls_is_told(now, past, words):
    """A site that fails says with how many pages, against what it did before."""
    (result,) = alerts_of(now, past)
    assert words in result


@pytest.mark.parametrize(
    ("now", "past"),
    [
        (run(), PAST),
        (run(), []),
        (run(kept=35, lost=5), PAST),
        (run(kept=5, lost=2), PAST),
        (run(kept=29, lost=11), FLAKY),
        (run(visits=3, kept=3, words=90, words_before=90), PAST),
        (run(visits=0, kept=0, words=0, words_before=0), PAST),
        (run(kept=2, words=10, words_before=400), PAST),
        (run(live=38), PAST),
        (run(live=400, new=360), PAST),
        (run(kept=38, words=26_000), PAST),
    ],
    ids=["as ever", "first", "an eighth failed", "two of seven", "flaky as ever", "few were due", "nothing was due",
         "two pages cut", "two gone", "grown", "longer texts"],
)  # fmt: skip
def test_what_is_usual_is_not(now, past):
    """Chance, growth, and a crawl on which little was due raise no alert."""
    assert alerts_of(now, past) == []


def test_one_bad_crawl_in_the_past_hides_nothing():
    """The usual figure is a median: a site that was down once is still expected to answer."""
    past = [run(8, kept=0, lost=40, live=0), *PAST[1:]]
    assert alerts_of(run(kept=4, lost=36), past)
    assert alerts_of(run(live=20), past)


def test_the_thresholds_hold_off_chance():
    """Of ten pages that each fail once in fifty visits, so many fail at once in fewer than one crawl of a thousand."""
    chance = sum(comb(10, lost) * 0.02**lost * 0.98 ** (10 - lost) for lost in range(LEAST, 11) if 1 - lost / 10 < FALL)
    assert chance < 0.001


def test_a_site_that_stops_answering_raises_an_alert(tmp_path):
    """A bot wall before every page: the crawl names it in its summary and, where asked to, exits with 4."""
    seeds, db, wall = seeds_file(tmp_path, "http://big.example/"), tmp_path / "c.db", []
    site = linked_site(12)
    with serving(lambda url: Answer(b"no", 403) if wall and "robots" not in url else site(url)) as web:
        assert "no alert" in crawl(db, seeds, web.proxy, "--fail-on-alert").stdout
        wall.append(1)
        done = clinicwatch("crawl", "--all", "--fail-on-alert", "--db", db, "-s", "DOWNLOAD_DELAY=0", proxy=web.proxy)
    assert done.returncode == 4
    assert "ALERT big.example: 12 of 12 pages that had text gave none" in done.stdout
    assert "1 alert; " in done.stdout
    with closing(sqlite3.connect(db)) as corpus:
        rows = corpus.execute("SELECT crawl, visits, kept, lost, live FROM site_runs ORDER BY crawl").fetchall()
    assert rows[0] == (1, 12, 0, 0, 12)
    assert rows[1][:4] == (2, 12, 0, 12)
