"""A team at review: samples and whose they are, how far the other is, flags, and queues that count what they offer."""

from __future__ import annotations

import contextlib
import html
import re
import sqlite3

import pytest

from tests.support.claim_corpus import claim_corpus
from tests.support.command import clinicwatch
from tests.support.desk import TEAM, Reader, Server, drain, many_pages

SAMPLE = {"task": "topic", "set": "sample first"}
READ = {"task": "read", "set": "on topic"}
NAMES = ("anna", "ben", "judge")
BESIDE = """
    SELECT count(DISTINCT units.unit || units.code) FROM units JOIN votes USING (round, code, unit_type, unit)
    WHERE units.status = 'conflict' AND text_sha256 NOT IN (SELECT unit FROM sample_units)
"""


@pytest.fixture
def corpus(tmp_path):
    """Make a corpus with six pages on the topic and a sample of all, half of it coded twice."""
    path = tmp_path / "corpus.db"
    many_pages(path, 5)
    done = clinicwatch("sample", "--n", 6, "--double", 0.5, "--name", "first", "--db", path)
    assert done.returncode == 0, done.stderr
    return path


@pytest.fixture
def team(corpus):
    """Give the readers anna and ben, and the judge, of one server."""
    server = Server(corpus, TEAM)
    return [Reader(server, name) for name in NAMES]


def change(reader: Reader, do: str, sample: str = "first", **fields):
    """Send a form of the page of samples, as its buttons do."""
    reader.get("/-/review/samples")
    hidden = dict(re.findall(r'name="(csrftoken|token)" value="([^"]*)"', reader.page))
    named = {name: html.unescape(value) for name, value in hidden.items()} | {"sample": sample, "do": do}
    return reader.post("/-/review/samples", named | fields, script=False)


def left(reader: Reader, **task) -> int:
    """Read how many documents a queue says are left."""
    return int(re.search(r"([\d,]+) left", reader.open(**task))[1].replace(",", ""))


# -- samples


def test_the_queues_of_all_follow_who_a_sample_is_assigned_to(team):
    """To one reader it is whole, to the other it is none; taken back, both share it as before."""
    anna, ben, judge = team
    shared = [left(reader, **SAMPLE) for reader in (anna, ben)]
    assert sum(shared) == 9
    assert change(judge, "assign", value=["ben"]).status_code == 302
    judge.get("/-/review/samples")
    assert "Assigned to ben" in judge.words()
    assert left(ben, **SAMPLE) == 6
    assert "There is nothing in it" in anna.open(**SAMPLE)
    anna.get("/-/review")
    assert "Sample first" not in anna.words()
    change(judge, "undo")
    assert [left(reader, **SAMPLE) for reader in (anna, ben)] == shared
    change(judge, "assign", value=["anna", "ben"])  # is everybody
    judge.get("/-/review/samples")
    assert "all coders of the team" in judge.words()


def test_a_hidden_sample_is_offered_to_nobody_and_a_renamed_one_under_its_name(team):
    """Its queue still opens, its votes stay, and it comes back."""
    anna, _ben, judge = team
    anna.open(**SAMPLE)
    anna.vote("on topic")
    change(judge, "rename", name="pilot")
    anna.get("/-/review")
    assert "Sample pilot: topic" in anna.words()
    change(judge, "hide", "pilot")
    anna.get("/-/review")
    assert "Sample pilot" not in anna.words()
    assert "1 of" in anna.open(**SAMPLE)
    judge.get("/-/review/samples")
    assert "judge hid it" in judge.words()
    change(judge, "show", "pilot")
    change(judge, "undo", "pilot")
    change(judge, "undo", "pilot")
    anna.get("/-/review")
    assert "Sample pilot: topic 1 of" in " ".join(anna.words().replace("drawn and frozen ", "").split())


@pytest.mark.parametrize(
    "fields",
    [{"do": "rename", "name": "a/b"}, {"do": "assign", "value": ["judge"]}, {"do": "assign", "value": ["eve"]},
     {"do": "drop"}, {"do": "hide", "sample": "other"}],
)  # fmt: skip
def test_a_change_that_makes_no_sense_is_one_line(team, fields):
    """It is refused with the reason."""
    answer = change(team[2], **fields)
    assert (answer.status_code, answer.text.startswith("Not stored: "), "\n" in answer.text) == (400, True, False)


def test_only_an_adjudicator_changes_samples_and_nobody_from_elsewhere(team):
    """A reader has no buttons and is refused; so is a form without the token, or of another origin."""
    anna, _ben, judge = team
    anna.open(**SAMPLE)
    own = {name: value for name, value in anna.form("undo").items() if "token" in name}
    anna.get("/-/review/samples")
    assert "<form" not in anna.page.split("<main")[1]
    answer = anna.post("/-/review/samples", own | {"sample": "first", "do": "hide"}, script=False)
    assert (answer.status_code, "an adjudicator hides" in answer.text) == (400, True)
    assert judge.post("/-/review/samples", own | {"sample": "first", "do": "hide"}, script=False).status_code == 403
    judge.get("/-/review/samples")
    assert change(judge, "hide", token="x").status_code == 403


# -- how far the other is


def test_coders_see_that_the_other_is_done_and_not_how(team):
    """On the document, in the overview and on the page of samples: n of m, whatever the values are."""
    anna, ben, judge = team
    anna.open(**SAMPLE)
    mine = left(anna, **SAMPLE)
    ben.open(**SAMPLE)
    title = ben.title()
    before = "anna has not finished this page" in ben.words()
    anna.open(**SAMPLE)
    assert drain(anna, lambda page: "off topic" if page == title else "on topic") == mine
    ben.open(**SAMPLE)
    assert "anna has finished this page" in ben.words() or not before
    ben.get("/-/review")
    assert f"anna: all {mine} done" in ben.words()
    assert "off topic" not in ben.words().lower().split("your last decisions")[0].replace("taken for off topic", "")
    for reader in (ben, judge):
        reader.get("/-/review/samples")
        assert f"anna {mine} of {mine} finished" in reader.words()
    judge.get("/-/review")
    assert f"Sample first: topic anna {mine} of {mine} finished ben 0 of" in judge.words()
    anna.undo()
    ben.get("/-/review")
    assert f"anna: {mine - 1} of {mine} done" in ben.words()


# -- flags


def flag(reader: Reader, note: str) -> str:
    """Flag the document on the screen, with a note; gives its title."""
    reader.post("/-/review/vote", reader.form("vote", "_note") | {"value_text": note})
    reader.post("/-/review/vote", reader.form("vote", "_flag") | {"value": "yes"})
    return reader.title()


def test_flags_are_listed_with_who_when_why_and_where(team):
    """A reader has the own ones; they lead to the document, and are closed where they are listed."""
    anna, ben, _judge = team
    anna.open(**SAMPLE)
    title = flag(anna, "Two prices <b>here")
    anna.get("/-/review/flags")
    assert "1 open, 0 closed" in anna.words()
    assert f"{title} open anna" in anna.words()
    assert "Two prices &lt;b&gt;here" in anna.page
    place = html.unescape(re.search(r'href="(/-/review/desk[^"]*)"', anna.page)[1])
    form = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', anna.page.split("<main")[1]))
    anna.get(place)
    assert anna.title() == title
    assert "Flagged" in anna.words()
    ben.get("/-/review/flags")
    assert "No flag" in ben.words()
    assert anna.post("/-/review/flags", form | {"value": "no"}, script=False).status_code == 302
    anna.get("/-/review/flags")
    assert "0 open, 1 closed" in anna.words()
    assert "closed by anna" in anna.words()


def test_an_adjudicator_has_the_flags_of_pages_that_two_have_answered(team):
    """Without a name while the two differ on something of the page, and can close them."""
    anna, ben, judge = team
    for reader in (anna, ben):
        reader.open(task="topic", set="all")
    title = flag(anna, "Cannot tell")
    judge.get("/-/review/flags")
    assert "No flag" in judge.words()
    anna.vote("on topic")
    assert "No flag" in (judge.get("/-/review/flags") and judge.words())
    ben.vote("off topic")
    judge.get("/-/review/flags")
    assert f"{title} open a coder" in judge.words()
    assert "Cannot tell" in judge.words()
    judge.open()
    judge.vote("on topic")
    judge.get("/-/review/flags")
    assert f"{title} open anna" in judge.words()
    form = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', judge.page.split("<main")[1]))
    assert judge.post("/-/review/flags", form | {"value": "no"}, script=False).status_code == 302
    judge.get("/-/review/flags")
    assert "closed by judge" in judge.words()
    other = judge.post("/-/review/flags", form | {"code": "topic", "value": "on topic"}, script=False)
    assert other.status_code == 400


# -- what a queue counts is what can be opened and decided


@pytest.fixture(scope="module")
def rich(tmp_path_factory):
    """Make a corpus with candidates in every region, pages without one, and samples: one of a text that is gone."""
    path = tmp_path_factory.mktemp("rich") / "corpus.db"
    claim_corpus(path)
    for name, n in (("all", 50), ("gone", 2)):
        assert clinicwatch("sample", "--n", n, "--name", name, "--per", "text", "--db", path).returncode == 0
    with contextlib.closing(sqlite3.connect(path)) as db:
        text = db.execute("SELECT content_sha256 FROM contents ORDER BY version DESC LIMIT 1").fetchone()[0]
        db.execute("DELETE FROM claims WHERE text_sha256 = ?", (text,))  # nothing is proposed in it
        db.execute("UPDATE claims SET code = 'K3_safe' WHERE code = 'R2_offlabel'")  # of sentences, in the footer
        db.commit()
    with contextlib.closing(sqlite3.connect(path.with_suffix(".review.db"))) as db:
        db.execute("DROP TRIGGER sample_units_are_frozen")  # a text that no page has any more, as after a rebuild
        db.execute("UPDATE sample_units SET unit = 'f' || substr(unit, 2) WHERE place = 1 AND sample = 2")
        db.commit()
    return path


def offered(reader: Reader) -> list[str]:
    """Name the addresses of the queues that the overview offers."""
    reader.get("/-/review")
    return list(dict.fromkeys(map(html.unescape, re.findall(r'<h2><a href="(/-/review/desk[^"]*)"', reader.page))))


def opened(reader: Reader, queue: str) -> set[str]:
    """Skip through a queue; gives the texts that it opens."""
    found: set[str] = set()
    reader.get(queue)
    while 'data-document="' in reader.page:
        text = re.search(r'data-document="(\w+)"', reader.page)[1]
        if text in found:
            break
        found.add(text)
        reader.get(html.unescape(re.search(r'href="([^"]*after=[^"]*)"', reader.page)[1]))
    return found


def answer_all(reader: Reader, queue: str) -> None:
    """Answer everything that a queue asks, until it asks nothing."""
    reader.get(queue)
    for _ in range(200):
        if 'class="choices-of"' not in reader.page and 'value="whole page"' not in reader.page:
            return
        if 'action="/-/review/page"' in reader.page:
            reader.post("/-/review/page", reader.form("page") | {"rest": "1"})
        elif 'value="whole page"' in reader.page:
            reader.post("/-/review/vote", reader.form("vote", "_read") | {"value": "whole page"})
        else:
            asked = reader.page.split('class="choices-of"')[1].split("</form>")[0]
            values = re.findall(r'name="value" value="([^"]*)"', asked)
            reader.vote(*([] if 'type="checkbox"' in asked and "whole_host" not in asked else [values[-1]]))
    raise AssertionError("the queue does not end")


def counts(reader: Reader) -> tuple[int, int]:
    """Read how many documents of the queue on the screen are done, of how many."""
    done, total = re.search(r"([\d,]+) of ([\d,]+) done", reader.words()).groups()
    return int(done.replace(",", "")), int(total.replace(",", ""))


def test_every_queue_counts_what_can_be_opened_and_decided(rich):
    """What a queue says is left opens, text by text; answered, nothing is left; also each code by itself."""
    server = Server(rich, TEAM)
    anna, ben = Reader(server, "anna"), Reader(server, "ben")
    kinds = set()
    by_code = [f"/-/review/desk?task={code}" for code in ("E1_rate", "S4_price")]
    for reader, queues in ((anna, offered(anna)), (ben, by_code)):
        for queue in queues:
            texts = opened(reader, queue)
            reader.get(queue)
            done, total = counts(reader)
            assert len(texts) == total - done, queue
            answer_all(reader, queue)
            reader.get(queue)
            assert "This queue is done" in reader.words(), queue
            assert counts(reader) == (total, total), queue
            kinds.add(re.search(r"task=(\w+)", queue)[1])
    assert kinds == {"topic", "claims", "read", "page", "E1_rate", "S4_price"}
    anna.get("/-/review/samples")
    assert "1 text stands on no page any more and is in no queue" in anna.words()


def test_every_conflict_that_is_counted_can_be_opened_and_decided(rich):
    """Also one on a sentence beside the main text, which is shown with its page."""
    server = Server(rich, TEAM)
    anna, ben, judge = (Reader(server, name) for name in NAMES)
    for reader, answer in ((anna, -1), (ben, 0)):
        reader.get("/-/review/desk?task=read&set=sample+all")
        while 'class="choices-of"' in reader.page or 'value="whole page"' in reader.page:
            if 'value="whole page"' in reader.page:
                reader.post("/-/review/vote", reader.form("vote", "_read") | {"value": "whole page"})
                continue
            asked = reader.page.split('class="choices-of"')[1].split("</form>")[0]
            several = 'type="checkbox"' in asked
            values = re.findall(r'name="value" value="([^"]*)"', asked)
            reader.vote(*([values[answer]] if answer == 0 or not several else []))
    judge.get("/-/review")
    waiting = int(re.search(r"([\d,]+) conflicts?", judge.words())[1])
    with contextlib.closing(sqlite3.connect(rich.with_suffix(".review.db"))) as db:
        (beside,) = db.execute(BESIDE).fetchone()
    assert waiting > beside > 0
    judge.open()
    for count in range(waiting):
        assert f"{waiting - count} conflict" in judge.words()
        judge.vote("no" if 'value="no"' in judge.page else "none")
    assert "No conflict is left" in judge.words()
