"""When a watch crawls next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawler.watch.next_run import LastCrawl, is_done, next_run, parse_every, retry_after, wait_text

NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def crawled(ago: timedelta, *, ended: bool = True) -> LastCrawl:
    """Make a crawl that began so long ago and took a minute."""
    return LastCrawl(NOW - ago, NOW - ago + timedelta(minutes=1) if ended else None)


@pytest.mark.parametrize(
    ("last", "due"),
    [
        (None, NOW),
        (crawled(20 * HOUR), NOW + 4 * HOUR),
        (crawled(DAY), NOW),
        (crawled(7 * DAY), NOW),
        (crawled(2 * HOUR, ended=False), NOW),
        (crawled(-3 * DAY), NOW + DAY),
    ],
    ids=["never crawled", "not yet", "just due", "a missed week", "cut off", "the clock was set back"],
)
def test_the_corpus_says_when(last, due):
    """The next crawl counts from when the last one began, wherever the watch was meanwhile."""
    assert next_run(last, DAY, NOW) == due


def test_a_missed_week_is_one_crawl():
    """After the crawl that makes up for a missed week the next one is a day away, not at once."""
    assert next_run(crawled(7 * DAY), DAY, NOW) == NOW
    assert next_run(crawled(timedelta(0)), DAY, NOW) == NOW + DAY


@pytest.mark.parametrize(
    ("text", "length"), [("90s", timedelta(seconds=90)), (" 30m", HOUR / 2), ("12h", 12 * HOUR), ("2w", 14 * DAY)]
)
def test_lengths_of_time_are_read(text, length):
    """Seconds to weeks, in one letter."""
    assert parse_every(text) == length


@pytest.mark.parametrize("text", ["", "1", "d", "0d", "-1d", "1.5h", "1d2h", "99999d", "1 day"])
def test_what_is_no_length_of_time_says_what_is(text):
    """The error names an example."""
    with pytest.raises(ValueError, match="such as 12h"):
        parse_every(text)


def test_failures_wait_ever_longer():
    """A run that fails again and again is tried within an hour at the latest, and never more often than asked."""
    pauses = [retry_after(failures, DAY) for failures in range(1, 60)]
    assert pauses[0] == timedelta(minutes=1)
    assert pauses == sorted(pauses)
    assert pauses[-1] == HOUR
    assert retry_after(5, timedelta(seconds=2)) == timedelta(seconds=2)


@pytest.mark.parametrize(
    ("last", "done"),
    [(None, False), (crawled(HOUR, ended=False), False), (crawled(2 * DAY), False), (crawled(timedelta(0)), True)],
)
def test_a_run_is_done_when_the_corpus_says_so(last, done):
    """Not the exit code decides: a crawl that ended is in the corpus."""
    assert is_done(last, NOW) is done


def test_a_crawl_that_was_resumed_is_done_too():
    """It began long before this run, and ended in it."""
    assert is_done(LastCrawl(NOW - DAY, NOW + HOUR), NOW)


@pytest.mark.parametrize(("pause", "words"), [(HOUR * 26, "26 h 0 min"), (timedelta(minutes=5), "in 5 min")])
def test_a_person_is_told_when(pause, words):
    """Day, time and how long that is."""
    assert words in wait_text(NOW + pause, NOW)
