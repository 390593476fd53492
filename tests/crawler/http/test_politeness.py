"""Who we say we are, how long we wait, and what wishes of a site we write down."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.http.politeness import OptOut, opt_out, parse_contact, retry_after, slot_delay, user_agent

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 7 ", 7.0),
        ("1.5", 1.5),
        ("0", 0.0),
        ("999999999", 86_400.0),
        ("Sun, 01 Mar 2026 12:01:00 GMT", 60.0),
        ("Sunday, 01-Mar-26 12:01:00 GMT", 60.0),
        ("Sun, 01 Mar 2026 13:01:00 +0100", 60.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        ("Fri, 01 Jan 2100 00:00:00 GMT", 86_400.0),
        (None, None),
        ("", None),
        ("-5", None),
        ("soon", None),
        ("٣", None),
        ("Sun, 99 Mar 2026 99:00:00 GMT", None),
    ],
)
def test_retry_after_is_seconds_between_nothing_and_a_day(value, seconds):
    """A number and a date are obeyed, the past is now, a year is a day, nonsense is no answer."""
    assert retry_after(value, NOW) == seconds


@pytest.mark.parametrize(
    ("delay", "crawl_delay", "expected"),
    [(1.0, None, 1.0), (1.0, 0.2, 1.0), (1.0, 10.0, 10.0), (1.0, 3600.0, 60.0), (0.0, 2.0, 2.0)],
)
def test_the_longer_delay_counts_up_to_a_limit(delay, crawl_delay, expected):
    """A site may slow us down to one request a minute, never speed us up."""
    assert slot_delay(delay, crawl_delay, longest=60.0) == expected


@pytest.mark.parametrize(
    ("headers", "opt_outs"),
    [
        ([], OptOut()),
        ([("Content-Type", "text/html")], OptOut()),
        ([("X-Robots-Tag", "noindex, nofollow")], OptOut(noindex=True, nofollow=True)),
        ([("x-robots-tag", "NONE")], OptOut(noindex=True, nofollow=True)),
        ([("X-Robots-Tag", "noarchive"), ("X-Robots-Tag", "noai, noimageai")], OptOut(noarchive=True, noai=True)),
        ([("X-Robots-Tag", "googlebot: noindex, noarchive")], OptOut()),
        ([("X-Robots-Tag", "noarchive, googlebot: noindex")], OptOut(noarchive=True)),
        ([("X-Robots-Tag", "clinicwatch: noindex")], OptOut(noindex=True)),
        ([("X-Robots-Tag", "googlebot: nofollow, clinicwatch: noindex")], OptOut(noindex=True)),
        ([("X-Robots-Tag", "unavailable_after: 25 Jun 2026 15:00:00 PST")], OptOut()),
        ([("X-Robots-Tag", "max-snippet: 20, noindex")], OptOut(noindex=True)),
        ([("TDM-Reservation", "1")], OptOut(tdm_reserved=True)),
        ([("tdm-reservation", "0")], OptOut()),
        (
            [("tdm-reservation", "1"), ("tdm-policy", "https://clinic.example/tdm.json")],
            OptOut(tdm_reserved=True, tdm_policy="https://clinic.example/tdm.json"),
        ),
    ],
)
def test_opt_outs_in_headers_are_recorded(headers, opt_outs):
    """What a site asks of everyone or of us is written down; what it asks of another crawler is not."""
    assert opt_out(headers) == opt_outs


def test_opt_outs_in_meta_tags_are_recorded_with_those_in_headers():
    """A page may ask in its HTML what its server does not ask."""
    meta = [("robots", "noarchive"), ("googlebot", "noindex"), ("tdm-reservation", "1"), ("description", "noai")]
    assert opt_out([("X-Robots-Tag", "noai")], meta) == OptOut(noarchive=True, noai=True, tdm_reserved=True)


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("study@clinic.example", "study@clinic.example"),
        (" mailto:first.last+tag@sub.clinic.example ", "first.last+tag@sub.clinic.example"),
        ("https://university.example/study", "https://university.example/study"),
        ("http://university.example", "http://university.example"),
    ],
)
def test_a_contact_is_an_address_that_answers(text, contact):
    """An e-mail address or the URL of a page about the study."""
    assert parse_contact(text) == contact


@pytest.mark.parametrize(
    "text",
    ["", "me", "me@", "me@host", "@clinic.example", "a b@clinic.example", "https://", "https://x", "ftp://clinic.example",
     "https://clinic.example/ x", "a@b.example\r\nX-Evil: 1", "https://clinic.example/)\n", "https://[::1"],
)  # fmt: skip
def test_anything_else_is_no_contact(text):
    """One clear line says what is missing, and nothing can break out of the header."""
    with pytest.raises(ValueError, match=r"^the contact must be an e-mail address or an http\(s\) URL, not .*$"):
        parse_contact(text)


def test_the_user_agent_says_who_and_how_to_reach_us():
    """The name is the one that robots.txt can use; the contact follows it."""
    assert user_agent("study@clinic.example", "0.1.0") == "clinicwatch/0.1.0 (+mailto:study@clinic.example)"
    assert user_agent("https://clinic.example/study", "0.1.0") == "clinicwatch/0.1.0 (+https://clinic.example/study)"
