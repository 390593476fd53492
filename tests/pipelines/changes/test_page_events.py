"""What became of a page is reported once, when it is sure, and once more when the page is back."""

from __future__ import annotations

import pytest

from pipelines.changes.page_events import PageVisit, page_events

URL = "http://cedar-ketamine.example/ptsd/"
HOME = "http://cedar-ketamine.example/"


def events(*outcomes: str, to: str = "") -> list[tuple[str, int]]:
    """Name the events of a page whose visits ended so, with the visit that settled each."""
    visits = [
        PageVisit(number, f"2026-03-0{number + 1}", outcome, moved_to=to) for number, outcome in enumerate(outcomes)
    ]
    return [(str(event.kind), event.visit.crawl) for event in page_events(URL, visits)]


def test_one_404_is_no_proof():
    """A page is gone at the second visit that says so; what a single one says is passed over."""
    assert events("new", "gone", "unchanged") == []
    assert events("new", "gone", "gone", "gone") == [("gone", 2)]


def test_a_page_that_went_comes_back():
    """A page that was gone and has its text again is back, once."""
    assert events("new", "gone", "gone", "changed", "unchanged") == [("gone", 2), ("back", 3)]


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [
        ("blocked", "blocked"),
        ("login page", "login page"),
        ("parked", "parked"),
        ("soft 404", "soft 404"),
        ("collapsed", "collapsed"),
        ("no text", "collapsed"),
    ],
)
def test_what_stands_in_a_page_s_place_is_reported_once(outcome, kind):
    """It is reported when it begins, not at each visit that finds it again."""
    assert events("new", outcome, outcome, outcome) == [(kind, 1)]


def test_trouble_of_the_way_says_nothing():
    """A timeout or a server's error between two visits is no event, and does not make a page gone."""
    assert events("new", "timed out", "server error", "unchanged") == []
    assert events("new", "gone", "timed out", "gone") == [("gone", 3)]


def test_a_redirect_to_the_home_page_is_no_move():
    """A page that leads home is lost; one that leads elsewhere moved."""
    assert events("new", "redirected", to=HOME) == [("redirected home", 1)]
    assert events("new", "redirected", to=f"{HOME}trauma/") == [("moved", 1)]


def test_a_home_page_that_redirects_to_its_www_host_moved():
    """A home page cannot be lost to itself."""
    visits = [PageVisit(0, "2026-03-01", "redirected", moved_to="https://www.cedar-ketamine.example/")]
    assert [event.kind for event in page_events(HOME, visits)] == ["moved"]
