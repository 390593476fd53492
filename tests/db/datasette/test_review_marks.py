"""Coders answer a whole page at once, mark sentences that no cue proposed, and say that they have read a page whole."""

from __future__ import annotations

import html
import re

import pytest

from tests.support.desk import TEAM, Reader, Server, many_pages

PAGE = {"task": "page", "set": "on topic"}
READ = {"task": "read", "set": "on topic"}


@pytest.fixture
def corpus(tmp_path):
    """Make a corpus with ten pages on the topic."""
    many_pages(tmp_path / "corpus.db", pages=9)
    return tmp_path / "corpus.db"


def decisions(server: Server, coder: str) -> set[str]:
    """Name the decisions of a coder."""
    return {vote["decision"] for vote in server.votes() if vote["coder"] == coder}


def sentences(reader: Reader) -> dict[str, str]:
    """Read the sentences that can be marked, each with its place."""
    found = re.findall(r'<option value="(\d+-\d+)">(.*?)</option>', reader.page)
    return {html.unescape(words): place for place, words in found}


def mark(reader: Reader, place: str, code_value: str = "E1_rate=yes"):
    """Mark a sentence of the text on the screen."""
    return reader.post(
        "/-/review/vote", reader.form("vote", "code_value") | {"sentence": place, "code_value": code_value}
    )


def test_two_coders_do_ten_pages_in_at_most_forty_decisions_each(corpus):
    """A page is one form: what holds is chosen, one button answers the rest, and all codes are votes of their own."""
    server = Server(corpus, TEAM)
    for name in ("anna", "ben"):
        reader = Reader(server, name)
        words = reader.open(**PAGE)
        codes = int(words.split(" codes")[0].split()[-1])
        for _ in range(10):
            form = reader.form("page") | {"v:S4_price": "yes", "v:C1_conditions": ["anxiety", "ptsd"], "rest": "1"}
            assert reader.post("/-/review/page", form).status_code == 200
        assert "This queue is done" in reader.words()
        assert len(decisions(server, name)) == 10
        votes = [vote for vote in server.votes() if vote["coder"] == name]
        assert len(votes) == 10 * codes
        assert {vote["value"] for vote in votes if vote["code"] == "S4_price"} == {"yes"}
        assert {vote["value"] for vote in votes if vote["code"] == "C1_conditions"} == {"anxiety|ptsd"}
        assert {vote["value"] for vote in votes if vote["code"] == "K5_contra"} == {"no"}
        assert {vote["value"] for vote in votes if vote["code"] == "S5_insurance"} == {"none"}


def test_the_form_touches_no_answer_that_it_does_not_change_and_undo_takes_it_back_whole(corpus):
    """What was answered before stays, and one undo takes back all that the form brought."""
    server = Server(corpus)
    reader = Reader(server)
    reader.open(**PAGE, q=0)
    title, first = reader.title(), server.votes()
    reader.post("/-/review/page", reader.form("page") | {"v:S4_price": "yes"})
    assert (reader.title(), len(server.votes())) == (title, len(first) + 1)
    before = len(server.votes())
    reader.post("/-/review/page", reader.form("page") | {"v:S4_price": "yes", "rest": "1"})
    assert reader.title() != title
    added = server.votes()[before:]
    assert "S4_price" not in {vote["code"] for vote in added}
    assert len({vote["decision"] for vote in added}) == 1
    reader.undo()
    assert reader.title() == title
    assert {vote["undoes"] for vote in server.votes()[before + len(added) :]} == {vote["id"] for vote in added}


def test_a_form_with_nothing_new_or_nonsense_is_refused_in_one_line(corpus):
    """Nothing is stored of it."""
    server = Server(corpus)
    reader = Reader(server)
    reader.open(**PAGE)
    form = reader.form("page")
    for wrong in ({}, {"v:S4_price": "maybe"}, {"v:S4_price": ["yes", "no"]}, {"text": "0" * 64, "rest": "1"}):
        answer = reader.post("/-/review/page", form | wrong)
        assert (answer.status_code, answer.text.startswith("Not stored: ")) == (400, True)
        assert "\n" not in answer.text
    assert server.votes() == []


def test_a_sentence_that_no_cue_proposed_is_marked_shown_and_taken_back(corpus):
    """The mark is a vote on the sentence, with its quote and place; the text shows it to who made it."""
    server = Server(corpus)
    reader = Reader(server)
    reader.open(**READ)
    title, (words, place) = reader.title(), next(iter(sentences(reader).items()))
    assert mark(reader, place).status_code == 200
    assert reader.title() == title
    (vote,) = server.votes()
    assert (vote["unit_type"], vote["code"], vote["value"]) == ("claim", "E1_rate", "yes")
    assert f"{vote['start']}-{vote['end']}" == place
    assert vote["quote"].startswith(words[:40])
    assert vote["unit"].startswith(vote["text_sha256"])
    assert "marked by you" in reader.words()
    reader.undo()
    assert "marked by you" not in reader.words()


@pytest.mark.parametrize("wrong", ["0-3", "5-", "x", "999-1200"])
def test_only_a_sentence_of_the_text_can_be_marked(corpus, wrong):
    """A place that is none is refused."""
    server = Server(corpus)
    reader = Reader(server)
    reader.open(**READ)
    assert mark(reader, wrong).status_code == 400
    assert mark(reader, next(iter(sentences(reader).values())), "E1_rate=no such value").status_code == 400
    assert server.votes() == []


def test_a_page_that_was_read_whole_leaves_the_queue(corpus):
    """One key says so; the vote is no code's, and the pages before it come back by undo."""
    server = Server(corpus)
    reader = Reader(server)
    reader.open(**READ)
    title = reader.title()
    assert "Header and footer" in reader.words() or "Title" in reader.words()
    assert reader.post("/-/review/vote", reader.form("vote", "_read") | {"value": "whole page"}).status_code == 200
    assert reader.title() != title
    assert "1 of 10 done" in reader.words()
    (vote,) = server.votes()
    assert (vote["unit_type"], vote["code"], vote["value"]) == ("text", "_read", "whole page")
    reader.undo()
    assert (reader.title(), "0 of 10 done" in reader.words()) == (title, True)


def test_nobody_sees_marks_and_readings_of_another_before_two_have_answered(corpus):
    """The other coder's screens, with every task, hold nothing of them."""
    server = Server(corpus, TEAM)
    anna, ben = Reader(server, "anna"), Reader(server, "ben")
    anna.open(**READ)
    title, place = anna.title(), next(iter(sentences(anna).values()))
    before = [ben.open(**task) and re.sub(r'value="[^"]{20,}"', "", ben.page) for task in (READ, PAGE)]
    mark(anna, place)
    anna.post("/-/review/vote", anna.form("vote", "_read") | {"value": "whole page"})
    after = [ben.open(**task) and re.sub(r'value="[^"]{20,}"', "", ben.page) for task in (READ, PAGE)]
    assert ben.get("/-/review/desk?task=read&set=on+topic&at=1").status_code == 200
    assert after == before
    assert title


def test_one_decision_on_the_topic_holds_for_all_pages_of_a_host(corpus):
    """The queue of the topic is done by it, and one undo brings all of its pages back."""
    server = Server(corpus)
    reader = Reader(server)
    reader.open(task="topic", set="all")
    assert "0 of 10 done" in reader.words()
    assert reader.vote("off topic", whole_host="1").status_code == 200
    assert "This queue is done" in reader.words()
    (vote,) = server.votes()
    assert (vote["unit_type"], vote["unit"], vote["value"]) == ("advertiser", "cedar-ketamine.example", "off topic")
    reader.undo()
    reader.open(task="topic", set="all")
    assert "0 of 10 done" in reader.words()


def test_the_page_of_agreement_names_what_is_low_and_is_a_file_too(corpus):
    """A line says how many codes are below the limit; the CSV has a row a code, and no coder's name."""
    server = Server(corpus, TEAM)
    for name, value in (("anna", "yes"), ("ben", "no")):
        reader = Reader(server, name)
        reader.open(**PAGE)
        for number in range(4):
            price = value if number % 2 else "yes"
            reader.post("/-/review/page", reader.form("page") | {"v:S4_price": price, "rest": "1"})
    answer = reader.get("/-/review/agreement")
    assert "1 code below 0.6 (Krippendorff’s alpha): Price stated." in reader.words()
    answer = reader.get("/-/review/agreement.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    head, *rows = answer.text.splitlines()
    assert head.startswith("round,code,coders,units")
    assert any(row.startswith("1,S4_price,2,4,") for row in rows)
    assert "anna" not in answer.text
