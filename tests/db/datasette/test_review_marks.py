"""Coders answer a whole page at once, mark sentences that no cue proposed, and say that they have read a page whole."""

from __future__ import annotations

import csv
import html
import re

import pytest

from tests.support.command import clinicwatch
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

    def opened(task):
        ben.open(**task)
        return re.sub(r'value="[^"]{20,}"', "", ben.page)

    before = [opened(task) for task in (READ, PAGE)]
    mark(anna, place)
    assert [opened(task) for task in (READ, PAGE)] == before
    anna.post("/-/review/vote", anna.form("vote", "_read") | {"value": "whole page"})
    # that anna has finished is all that there is to see, and the page of another queue does not say so
    done = "anna has finished this page"
    after = [opened(task).replace(done, "anna has not finished this page") for task in (READ, PAGE)]
    assert done in opened(READ)
    assert done not in opened(PAGE)
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


# -- a sentence that an answer on a whole page rests on


def test_an_answer_on_a_whole_page_carries_the_sentence_that_it_rests_on(corpus):
    """It is in the vote and on the screen, follows what the coder changes, and one undo brings the one before back."""
    server = Server(corpus)
    reader = Reader(server)
    reader.open(**PAGE, q=0)
    (words, place), (_, other) = list(sentences_of_page(reader).items())[:2]
    chosen = {"v:S4_price": "yes", "rests": "S4_price", "rests_on": place}
    assert reader.post("/-/review/page", reader.form("page") | chosen).status_code == 200
    (vote,) = server.votes()
    assert (vote["unit_type"], vote["code"], vote["value"], vote["sentence_no"]) == ("text", "S4_price", "yes", 0)
    assert (f"{vote['start']}-{vote['end']}", vote["quote"][:40]) == (place, words[:40])
    assert re.search(rf'name="s:S4_price" value="{place}" checked', reader.page)
    assert '<mark class="cue' in reader.page
    form = reader.form("page") | {"v:S4_price": "yes", "s:S4_price": place}
    assert reader.post("/-/review/page", form).status_code == 400  # nothing of it is new
    reader.post("/-/review/page", form | {"s:S4_price": other})
    reader.post("/-/review/page", reader.form("page") | {"v:S4_price": "yes", "s:S4_price": ""})
    assert [f"{one['start']}-{one['end']}" for one in server.votes()] == [place, other, "None-None"]
    reader.undo()
    assert f'value="{other}" checked' in reader.page


def sentences_of_page(reader: Reader) -> dict[str, str]:
    """Read the sentences that an answer may rest on, each with its place."""
    options = reader.page.split('name="rests_on"')[1].split("</select>")[0]
    return {html.unescape(words): place for place, words in re.findall(r'value="(\d+-\d+)">(.*?)</option>', options)}


@pytest.mark.parametrize(
    "wrong",
    [{"rests": "S4_price", "rests_on": "0-3", "v:S4_price": "yes"}, {"s:S4_price": "x", "v:S4_price": "yes"},
     {"s:S4_price": "0-3"}],
)  # fmt: skip
def test_an_answer_rests_on_a_sentence_of_the_text_and_a_sentence_needs_an_answer(corpus, wrong):
    """Else nothing is stored, and one line says why."""
    server = Server(corpus)
    reader = Reader(server)
    reader.open(**PAGE, q=0)
    answer = reader.post("/-/review/page", reader.form("page") | {"v:S5_insurance": "yes"} | wrong)
    assert (answer.status_code, answer.text.startswith("Not stored: ")) == (400, True)
    assert server.votes() == []


def test_the_sentence_is_in_the_table_in_the_evidence_and_before_the_adjudicator(corpus, tmp_path):
    """Of two who agree both quotes are evidence; of two who differ the adjudicator sees each beside its value."""
    server = Server(corpus, TEAM)
    title = ""
    for name, number, insurance in (("anna", 0, "covered"), ("ben", 1, "partly")):
        reader = Reader(server, name)
        reader.open(**PAGE, q=0)
        title, words = reader.title(), list(sentences_of_page(reader).items())[number]
        both = {"v:S4_price": "yes", "s:S4_price": words[1], "v:S5_insurance": insurance, "s:S5_insurance": words[1]}
        assert reader.post("/-/review/page", reader.form("page") | both).status_code == 200
    quotes = sorted({vote["quote"] for vote in server.votes()})
    assert len(quotes) == 2
    judge = Reader(server, "judge")
    judge.open()
    assert judge.title() == title
    for quote in quotes:
        assert f"<q>{html.escape(quote[:60], quote=True)}"[:50] in judge.page.replace("&#34;", "&quot;")
    assert not {"anna", "ben"} & set(judge.words().split())
    cell = judge.get("/-/review/table/cell?of=cedar-ketamine.example&code=S4_price")
    assert cell.status_code == 200
    assert all(quote[:60] in judge.words() for quote in quotes)
    done = clinicwatch("rollup", tmp_path / "table", "--db", corpus)
    assert done.returncode == 0, done.stderr
    with (tmp_path / "table" / "evidence.csv").open(encoding="utf-8") as file:
        (row,) = [row for row in csv.DictReader(file) if row["code"] == "S4_price"]
    assert all(quote[:60] in row["quotes"] for quote in quotes)


# -- a sentence that one of two marked


def read_page(reader: Reader, *, marks: bool) -> tuple[str, str]:
    """Read the first page whole, with a mark or without; gives its title and the marked sentence."""
    reader.open(**READ)
    title, (words, place) = reader.title(), next(iter(sentences(reader).items()))
    if marks:
        mark(reader, place)
    reader.post("/-/review/vote", reader.form("vote", "_read") | {"value": "whole page"})
    return title, words


def test_a_mark_of_one_of_two_who_read_the_page_whole_is_for_the_adjudicator(corpus):
    """Only then, without a name, as a question to decide; readers hear nothing of it, and undo brings it back."""
    server = Server(corpus, TEAM)
    anna, ben, judge = (Reader(server, name) for name in ("anna", "ben", "judge"))
    title, words = read_page(anna, marks=True)
    assert "No conflict is left" in judge.open()
    answer = judge.post("/-/review/vote", judge.form("undo") | lone_form(server) | {"value": "yes"})
    assert (answer.status_code, "where two readers differ" in answer.text) == (400, True)
    read_page(ben, marks=False)
    ben.get("/-/review")
    assert "0 conflicts wait" in ben.words()
    judge.get("/-/review")
    assert "1 conflict " in judge.words()
    assert "Only one coder marked this" in judge.open()
    assert (judge.title(), words[:40] in judge.words()) == (title, True)
    assert not {"anna", "ben"} & set(judge.words().split())
    judge.vote("no")
    assert "No conflict is left" in judge.words()
    judge.undo()
    assert "Only one coder marked this" in judge.words()
    judge.vote("yes")
    assert [vote["value"] for vote in server.votes() if vote["role"] == "adjudicator"] == ["no", "", "yes"]
    assert "No conflict is left" in judge.open()


def lone_form(server: Server) -> dict[str, str]:
    """Write the fields that decide the marked sentence."""
    (vote,) = [one for one in server.votes() if one["unit_type"] == "claim"]
    named = {"page": vote["page"], "text": vote["text_sha256"], "code": vote["code"], "unit": vote["unit"]}
    return {name: str(value) for name, value in named.items()} | {"unit_type": "claim"}


def test_a_mark_that_both_made_is_no_conflict(corpus):
    """Two marks of the same sentence agree."""
    server = Server(corpus, TEAM)
    for name in ("anna", "ben"):
        read_page(Reader(server, name), marks=True)
    assert "No conflict is left" in Reader(server, "judge").open()
