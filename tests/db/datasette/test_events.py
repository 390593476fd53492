"""The page of events over Datasette's test client: claims before and after, its files, its forms, strangers."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
from contextlib import closing

import pytest

from db.coding.events import Event, add_events
from db.coding.votes_file import open_review
from db.datasette.serve import datasette_of
from tests.db.datasette.test_changes import words_of
from tests.support.claim_corpus import CODED, HIGH, SAFE, claim_corpus, reading
from tests.support.desk import TEAM, Reader, Server
from tests.support.made_corpus import HOST, crawl_texts

AT = "2026-06-01T00:00:00+00:00"
LETTER = Event("2026-03-15", "warning letter", "Letter <7>", HOST, "https://a.example/letter", "our note")
ENQUIRY = Event("2026-03-10", "our enquiry", "We asked them", HOST)
RULE = Event("2026-02-01", "rule", "A rule")


class Desk:
    """A corpus of claims with events, a person who may enter them and a stranger."""

    def __init__(self, path, *events: Event) -> None:
        claim_corpus(path)
        with closing(open_review(path)) as db:
            add_events(db, events, "anna", AT)
        self.path = path
        server = Server(path, TEAM)
        self.anna, self.stranger = Reader(server, "anna"), Reader(server)

    def rows(self, query: str = "", who: Reader | None = None) -> list[dict[str, str]]:
        """Read the file."""
        return list(csv.DictReader(io.StringIO((who or self.anna).get(f"/-/events.csv{query}").text)))

    def send(self, action: str, **fields: str):
        """Send the form of an action as the page has it."""
        page = self.anna.get("/-/events").text
        form = re.search(rf'<form method="post" action="/-/events/{action}".*?</form>', page, re.DOTALL)
        assert form
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form[0]))
        return self.anna.post(f"/-/events/{action}", hidden | fields, script=False)


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Desk:
    """Make the corpus with three events once."""
    return Desk(tmp_path_factory.mktemp("events") / "c.db", LETTER, ENQUIRY, RULE)


def sentence(desk: Desk, event: int, quote: str) -> dict[str, str]:
    """Give the row of a sentence after an event."""
    rows = [row for row in desk.rows(f"?event={event}&by=sentence") if row["sentence"] == quote]
    assert rows
    return rows[0]


def test_a_claim_that_went_has_its_interval(desk):
    """Last seen before the event and not at the visit after it: at most so many days, perhaps gone before it."""
    row = sentence(desk, 1, HIGH)
    assert row["outcome"] == "no longer there, perhaps since before the event"
    assert (row["days"], row["days_at_least"]) == ("17", "0")
    assert (row["last_visit_with"][:10], row["first_visit_without"][:10]) == ("2026-03-01", "2026-04-01")
    assert (row["pages_before"], row["pages_now"]) == ("1", "0")


def test_a_claim_that_stands_says_by_which_visit(desk):
    """Still there at the last visit; before the first crawl nothing was seen."""
    row = sentence(desk, 1, SAFE)
    assert (row["outcome"], row["last_visit_with"][:10], row["days"]) == ("still there", "2026-04-01", "")
    assert {row["outcome"] for row in desk.rows("?event=3")} == {"not seen before the event"}


def test_codes_count_pages_and_sentences(desk):
    """A code stands while any sentence of it does; its counts are of pages and sentences before and now."""
    rows = {row["code"]: row for row in desk.rows("?event=1")}
    by_sentence = desk.rows("?event=1&by=sentence")
    for code, row in rows.items():
        outcomes = {one["outcome"] for one in by_sentence if one["code"] == code}
        assert row["outcome"] in outcomes
        if "still there" in outcomes:
            assert row["outcome"] == "still there", code
        mine = [one for one in by_sentence if one["code"] == code]
        assert int(row["sentences_before"]) == sum(one["sentences_before"] == "1" for one in mine)
        assert int(row["sentences_now"]) == sum(one["sentences_now"] == "1" for one in mine)


def test_the_page_has_each_event_with_its_chart(desk):
    """The latest first, its words escaped, a picture with the event in it, the table, the sentences."""
    page = desk.anna.get("/-/events").text
    text = words_of(page)
    assert text.index("Letter <7>") < text.index("We asked them") < text.index("A rule")
    assert "<7>" not in page
    assert page.count("<svg") == 3
    assert "2026-03-15: the event" in page
    assert "at most 17 days after" in text
    assert "last seen 1 Mar 2026, first visit without it 1 Apr 2026" in text
    assert "Still there at the last visit, 1 Apr 2026" in text
    assert "our note" in text
    only = words_of(desk.anna.get("/-/events?event=3").text)
    assert "A rule" in only
    assert "Letter" not in only


def test_strangers_see_no_enquiry_note_or_name(desk):
    """Page and file of a stranger have events of others only, without notes and names, and no form."""
    page = desk.stranger.get("/-/events").text
    assert "Letter &lt;7&gt;" in page
    for word in ("We asked them", "our note", "anna", "/-/events/add", "/-/events/retract"):
        assert word not in page
    assert {row["title"] for row in desk.rows(who=desk.stranger)} == {"Letter <7>", "A rule"}
    assert desk.rows("?event=2", who=desk.stranger) == []
    assert desk.stranger.post("/-/events/add", {"title": "x"}).status_code == 403
    assert desk.stranger.post("/-/events/retract", {"event": "1"}).status_code == 403


@pytest.mark.parametrize("query", ["event=x", "event=99", "page=9999999", "page=0", "event=-1", "event=" + "9" * 40])
def test_no_query_is_an_error(desk, query):
    """Whatever stands in the address, the answer is a page."""
    assert desk.anna.get(f"/-/events?{query}").status_code == 200
    assert desk.anna.get(f"/-/events.csv?{query}").status_code == 200


def test_events_are_entered_and_retracted_by_form(tmp_path):
    """A form that is sent twice is one event; a mistake is said above the form, which keeps what was typed."""
    desk = Desk(tmp_path / "c.db")
    wrong = desk.send("add", date="2026-02-30", kind="rule", title="Kept words")
    assert wrong.status_code == 400
    assert "is no date" in wrong.text
    assert 'value="Kept words"' in wrong.text
    unknown = desk.send("add", date="2026-03-02", kind="rule", title="x", advertiser="nobody.example")
    assert "is no advertiser of this corpus" in words_of(unknown.text)
    fields = {"date": "2026-03-02", "kind": "other", "title": "By form", "advertiser": f"www.{HOST}"}
    assert desk.send("add", **fields).status_code == 302
    assert desk.send("add", **fields).status_code == 302
    assert desk.send("add", **fields | {"title": "=1+1"}).status_code == 302
    assert {(row["title"], row["advertiser"]) for row in desk.rows()} == {("By form", HOST), ("'=1+1", HOST)}
    assert desk.send("retract", event="1", reason="twice").status_code == 302
    assert desk.send("retract", event="1").status_code == 302
    assert desk.send("retract", event="99").status_code == 400
    assert {row["title"] for row in desk.rows()} == {"'=1+1"}


def test_a_page_that_is_gone_shows_no_claim_any_more(tmp_path):
    """A claim is gone from the first visit that found its page gone, not from the day on which the page came back."""
    desk = Desk(tmp_path / "c.db", Event("2026-04-10", "rule", "A rule"))
    from db.corpus.connection import open_corpus

    with closing(open_corpus(desk.path)) as db:
        kept = {"/a/": reading("a"), "/c/": reading("c")}
        crawl_texts(db, desk.path, kept, now="2026-05-01T09:00:00+00:00", rules=CODED)
        crawl_texts(db, desk.path, kept | {"/b/": reading("b")}, now="2026-06-01T09:00:00+00:00", rules=CODED)
    row = sentence(desk, 1, SAFE)
    assert row["first_visit_without"][:10] == "2026-05-01"
    assert (row["days"], row["outcome"]) == ("21", "no longer there, perhaps since before the event")


def test_nothing_is_made_beside_a_corpus_that_is_only_read(tmp_path):
    """Without a file of votes the page says that no event was entered, and makes none."""
    claim_corpus(tmp_path / "c.db")
    answer = Reader.__new__(Reader)
    answer.datasette, answer.cookies, answer.page = datasette_of(tmp_path / "c.db"), {}, ""
    assert "No event was entered" in words_of(answer.get("/-/events").text)
    assert not (tmp_path / "c.review.db").exists()


def test_a_file_of_votes_of_a_newer_release_takes_no_page_away(tmp_path):
    """Changes are read without marks; the page of events says that it cannot open them, not that there are none."""
    claim_corpus(tmp_path / "c.db")
    with closing(open_review(tmp_path / "c.db")) as db:
        add_events(db, [LETTER], "anna", AT)
    stranger = Reader(Server(tmp_path / "c.db"))
    with closing(sqlite3.connect(tmp_path / "c.review.db")) as db, db:
        db.execute("INSERT INTO _sqlite_migrations SELECT 99, migration_set, 'r999_newer', applied_at"
                   " FROM _sqlite_migrations LIMIT 1")  # fmt: skip
        db.execute("PRAGMA user_version = 0")
    assert stranger.get("/-/changes?since=all").status_code == 200
    page = stranger.get("/-/events")
    assert page.status_code == 200
    assert "cannot be opened here" in page.text
    assert "No event was entered" not in page.text
    assert stranger.get("/-/events.csv").status_code == 503
