"""The words at the end of a run: a funnel that adds up, or says that it does not."""

from __future__ import annotations

import logging
import sqlite3

import pytest

from crawler.commands.status import CorpusStatus, CrawlStatus, status_text
from crawler.engine.log_format import level_of
from crawler.engine.summary import BOXES, balance_text, funnel_text

FUNNEL = {
    "discovered": 10, "fetched": 4, "fetched: new": 3, "fetched: not modified": 1, "skipped": 2, "skipped: trap": 2,
    "failed": 1, "failed: gone": 1, "queued": 1, "resting": 2,
}  # fmt: skip


def test_every_box_and_outcome_is_told_once():
    """Each number of the funnel stands on one line, outcomes under their box."""
    lines = funnel_text(FUNNEL).splitlines()
    assert [line.split("  (")[0].split() for line in lines[1:4]] == [
        ["fetched", "4"],
        ["new", "3"],
        ["not", "modified", "1"],
    ]
    assert lines[-1] == "the funnel balances: 10 = 4 + 2 + 1 + 1 + 2"
    assert len(lines) == len(FUNNEL) + 1


def test_an_empty_box_is_left_out():
    """A run without failures does not speak of them, save in the sum."""
    text = funnel_text({"discovered": 0} | dict.fromkeys(BOXES, 0))
    assert text.splitlines() == ["discovered                 0", "the funnel balances: 0 = 0 + 0 + 0 + 0 + 0"]


@pytest.mark.parametrize("box", BOXES)
def test_a_funnel_that_does_not_balance_says_so(box):
    """One URL too many anywhere is shouted, not hidden."""
    assert "DOES NOT BALANCE" in balance_text(FUNNEL | {box: FUNNEL[box] + 1})


@pytest.mark.parametrize(
    ("crawl", "words"),
    [
        (None, "never crawled"),
        (CrawlStatus(3, "s", "e", "finished", FUNNEL), "finished at e"),
        (CrawlStatus(3, "s", None, "interrupted", {}), "interrupted"),
    ],
)
def test_a_status_names_the_last_crawl(crawl, words):
    """A corpus that was never crawled, one that was, and one whose crawl was cut off can all be printed."""
    text = status_text(CorpusStatus("c.db", {"pages": 7, "due now": 0}, crawl))
    assert words in text
    assert "pages                      7" in text


@pytest.mark.parametrize(
    ("error", "level"),
    [
        (sqlite3.OperationalError("disk is full"), logging.DEBUG),
        (OSError(), logging.DEBUG),
        (KeyError(), logging.ERROR),
    ],
)
def test_what_the_command_tells_is_not_logged_too(error, level):
    """The disk's errors are reported in one line at the end; a mistake of ours is logged."""
    assert level_of(error) == level
