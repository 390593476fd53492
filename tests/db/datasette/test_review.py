"""Review over HTTP: what is asked next, what a decision does, and who may decide at all."""

from __future__ import annotations

import contextlib
import sqlite3

import pytest

from db.corpus.connection import open_corpus
from db.passes.registry import run_passes
from tests.support.command import clinicwatch
from tests.support.desk import ALONE, TEAM, Reader, Server, content_words, drain, many_pages
from tests.support.made_corpus import ABOUT, RULES, crawl_texts
from tests.support.naughty import NAUGHTY

TOPIC = {"task": "topic", "set": "all"}


@pytest.fixture
def corpus(tmp_path):
    """Make a corpus with five pages on the topic."""
    many_pages(tmp_path / "corpus.db")
    return tmp_path / "corpus.db"


@pytest.fixture
def alone(corpus):
    """Code alone."""
    return Reader(Server(corpus))


@pytest.fixture
def team(corpus):
    """Serve a team of two readers and an adjudicator."""
    return Server(corpus, TEAM)


def test_a_decision_leads_to_the_next_document_until_none_is_left(alone):
    """Each vote shows another document; at the end the queue says that it is done."""
    alone.open(**TOPIC)
    seen = set()
    for _ in range(5):
        seen.add(alone.title())
        assert alone.vote("on topic").status_code == 200
    assert len(seen) == 5
    assert "This queue is done" in alone.words()
    assert "All 5 documents have your decision" in alone.words()


def test_what_is_stored_says_what_was_seen(corpus):
    """A vote carries the text, page, version, seconds, round, and that nobody else's was seen."""
    server = Server(corpus)
    reader = Reader(server)
    reader.open(**TOPIC)
    reader.vote("off topic", seconds="2.5")
    (vote,) = server.votes()
    assert (vote["coder"], vote["code"], vote["value"], vote["seconds"]) == ("reader", "topic", "off topic", 2.5)
    assert (vote["unit"], vote["blinded"], vote["round"], vote["page"]) == (vote["text_sha256"], 1, "1", 1)
    assert vote["version"]


def test_a_vote_says_by_which_edition_of_the_truth_it_was_cast(corpus):
    """A judgement on approval rests on the list of approved uses of its day, which changes."""
    server = Server(corpus)
    reader = Reader(server)
    reader.open(task="R1_approved_wrong", set="on topic")
    assert reader.vote("none").status_code == 200
    (vote,) = server.votes()
    assert (vote["code"], bool(vote["reference"])) == ("R1_approved_wrong", True)


def test_undo_leads_back_and_asks_again(alone):
    """Undo shows the document of the last decision, and after it the one before."""
    alone.open(**TOPIC)
    first = alone.title()
    alone.vote("on topic")
    second = alone.title()
    alone.vote("off topic")
    alone.undo()
    assert alone.title() == second
    alone.undo()
    assert alone.title() == first
    assert "0 of 5 done" in alone.words()
    assert alone.undo().status_code == 200


def test_a_form_that_is_sent_twice_is_one_vote(corpus):
    """A request that the browser repeats is answered again and stored once."""
    server = Server(corpus)
    reader = Reader(server)
    reader.open(**TOPIC)
    form = reader.form("vote", "unit_type") | {"value": "on topic"}
    assert reader.post("/-/review/vote", form).status_code == 200
    assert reader.post("/-/review/vote", form).status_code == 200
    assert len(server.votes()) == 1


def test_skip_and_back_store_nothing(corpus):
    """Skipping shows the next document and going back the one before; no vote is made of it."""
    server = Server(corpus)
    reader = Reader(server)
    reader.open(**TOPIC)
    first = reader.title()
    reader.open(**TOPIC, after=1)
    assert reader.title() != first
    assert "at=1" in reader.page
    reader.open(**TOPIC, at=1)
    assert reader.title() == first
    assert server.votes() == []


def test_without_scripts_the_buttons_are_forms(alone):
    """A form that a browser sends by itself leads to the next document by a redirect."""
    alone.open(**TOPIC)
    title = alone.title()
    form = alone.form("vote", "unit_type") | {"value": "on topic"}
    answer = alone.post("/-/review/vote", form, script=False)
    assert answer.status_code == 302
    second = alone.get(answer.headers["location"])
    assert second.status_code == 200
    assert alone.title() != title


def test_notes_and_flags_belong_to_the_text(alone):
    """A note and a flag are stored, shown when the document is opened again, and leave the question open."""
    alone.open(**TOPIC)
    title = alone.title()
    alone.post("/-/review/vote", alone.form("vote", "_note") | {"value_text": "Look at the <b>price</b>"})
    assert alone.title() == title
    assert "Look at the &lt;b&gt;price" in alone.page
    alone.post("/-/review/vote", alone.form("vote", "_flag") | {"value": "yes"})
    assert "Flagged" in alone.words()
    assert "0 of 5 done" in alone.words()


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": "maybe"},
        {"value": ["on topic", "off topic"]},
        {"value": []},
        {"text": "ab" * 32},
        {"page": "9999"},
        {"page": "x"},
        {"code": "nothing"},
        {"decision": ""},
        {"unit_type": "claim", "unit": "x"},
    ],
)
def test_a_form_that_makes_no_sense_is_refused(corpus, wrong):
    """Values, texts, pages and codes that do not exist are refused with a line that says why."""
    server = Server(corpus)
    reader = Reader(server)
    reader.open(**TOPIC)
    answer = reader.post("/-/review/vote", reader.form("vote", "unit_type") | {"value": "on topic"} | wrong)
    assert answer.status_code == 400
    assert answer.text.startswith("Not stored:")
    assert server.votes() == []


@pytest.mark.parametrize("path", ["vote", "undo", "spread"])
def test_nobody_writes_without_being_known(corpus, team, path):
    """Without a signature, with a stranger's, from another site or without the page's token nothing is written."""
    anna = Reader(team, "anna")
    anna.open(**TOPIC)
    form = anna.form("vote", "unit_type") | {"value": "on topic", "vote": "1"}
    address = f"/-/review/{path}"
    for nobody in (Reader(team), Reader(team, "mallory")):
        assert nobody.post(address, form).status_code == 403
    assert anna.post(address, form | {"token": ""}).status_code == 403
    assert anna.post(address, form, sec_fetch_site="cross-site").status_code == 403
    assert anna.post(address, form, origin="http://evil.example").status_code == 403
    ben = Reader(team, "ben")
    ben.open(**TOPIC)
    assert ben.post(address, form).status_code == 403, "anna's token is not ben's"
    assert anna.get(address).status_code == 405
    closed = Reader(Server(corpus, TEAM.__class__()))
    assert closed.post(address, form).status_code == 403
    assert team.votes() == []


@pytest.mark.parametrize(
    "headers", [{"host": "evil.example"}, {"x-forwarded-for": "10.0.0.1"}, {"forwarded": "for=10.0.0.1"}]
)
def test_one_person_alone_must_be_at_this_machine(alone, headers):
    """A host name that was bent, or a proxy in between, is not the person at the machine."""
    assert alone.get("/-/review/desk", **headers).status_code == 403


def test_strangers_are_sent_to_sign_in(team):
    """Review by a team sends whoever is not signed in to the login."""
    answer = Reader(team).get("/-/review")
    assert answer.status_code == 302
    assert answer.headers["location"] == "/-/login?next=%2F-%2Freview"


def test_a_password_signs_in(team):
    """The login of the team takes the right password and no other."""
    visitor = Reader(team)
    visitor.get("/-/login")
    token = {"csrftoken": visitor.page.split('name="csrftoken" value="')[1].split('"')[0], "username": "anna"}
    assert "Invalid" in visitor.post("/-/login", token | {"password": "wrong"}).text
    assert visitor.post("/-/login", token | {"password": "long and dull"}).status_code == 302
    visitor.get("/-/review")
    assert "You code as anna" in visitor.words()


def test_two_readers_and_an_adjudicator(team):
    """Two readers answer, the adjudicator sees where they differ without names, decides, and it is settled."""
    anna, ben, judge = (Reader(team, name) for name in ("anna", "ben", "judge"))
    anna.open(**TOPIC)
    ben.open(**TOPIC)
    assert drain(anna, lambda _: "on topic") == 5
    assert "No conflict is left" in judge.open()
    assert drain(ben, lambda title: "off topic" if "page 2" in title else "on topic") == 5
    shown = judge.open()
    assert judge.title() == "Ketamine page 2"
    assert "Off topic On topic" in shown
    assert "anna" not in judge.page
    assert "ben" not in judge.words().split()
    judge.vote("off topic")
    assert "No conflict is left" in judge.words()
    assert [vote["value"] for vote in team.votes() if vote["role"] == "adjudicator"] == ["off topic"]


def test_an_adjudicator_decides_only_conflicts(team):
    """An adjudicator cannot vote where readers have not differed."""
    anna, judge = Reader(team, "anna"), Reader(team, "judge")
    anna.open(**TOPIC)
    form = anna.form("vote", "unit_type") | {"value": "on topic"}
    judge.open()
    answer = judge.post("/-/review/vote", form | {name: judge.form("undo")[name] for name in ("token", "csrftoken")})
    assert answer.status_code == 400
    assert "where two readers differ" in answer.text


def test_a_changed_page_comes_back_with_its_diff(tmp_path):
    """A page whose text changed after the decision is asked about again, and shows what changed."""
    path = tmp_path / "corpus.db"
    many_pages(path, 1, prices=f"Prices\n{ABOUT} An infusion costs $400.")
    reader = Reader(Server(path))
    reader.open(**TOPIC)
    drain(reader, lambda _: "on topic")
    with contextlib.closing(open_corpus(path)) as db:
        crawl_texts(db, path, {"/prices/": f"Prices\n{ABOUT} An infusion costs $550."})
    shown = reader.open(task="topic", set="changed")
    assert "0 of 1 done" in shown
    assert "This page changed after you coded it “On topic”" in shown
    assert "<del>400</del>" in reader.page
    assert "<ins>550</ins>" in reader.page
    reader.vote("on topic")
    assert "This queue is done" in reader.words()


def test_a_decision_is_spread_over_the_family_and_taken_back(tmp_path):
    """One page represents its copies; its decision is offered to them, each gets a row, one undo takes all back."""
    path = tmp_path / "corpus.db"
    text = f"Twice\n{content_words(9)} We are one clinic."
    many_pages(path, 1, first=text, second=text.replace("clinic", "CLINIC"))
    server = Server(path, ALONE)
    reader = Reader(server)
    reader.open(task="topic", set="on topic")
    while reader.title() != "Twice":
        reader.vote("on topic")
    reader.vote("off topic")
    assert "1 other text of its family" in reader.words()
    reader.post("/-/review/spread", reader.form("spread"))
    rows = [vote for vote in server.votes() if vote["spread_from"]]
    assert [(row["value"], row["spread_from"]) for row in rows] == [("off topic", rows[0]["id"] - 1)]
    reader.undo()
    assert server.votes()[-1]["undoes"] == rows[0]["id"]


def test_page_codes_are_asked_one_after_the_other(alone):
    """Every page-level code of the codebook is asked on one document before the next document shows."""
    first = alone.open(task="page", set="on topic")
    title, count = alone.title(), int(first.split(" codes")[0].split()[-1])
    assert count > 5
    for _ in range(count):
        assert alone.title() == title
        asked = alone.page.split('class="choices-of"')[1].split("</form>")[0]
        several = 'type="checkbox"' in asked
        value = asked.split('name="value" value="')[1].split('"')[0]
        assert alone.vote(*([] if several else [value])).status_code == 200
    assert alone.title() != title


def test_any_string_may_be_noted(corpus):
    """A note comes back as it was written, whatever strange string it is; only what no database holds is left out."""
    server = Server(corpus)
    reader = Reader(server)
    reader.open(**TOPIC)
    form = reader.form("vote", "_note")
    for number, text in enumerate(NAUGHTY):
        answer = reader.post("/-/review/vote", form | {"value_text": text, "decision": f"naughty {number}"})
        assert answer.status_code == 200, text
        assert "<script" not in answer.text.replace("&lt;", "").replace('<script src="/assets', "")
    stored = [vote["value_text"] for vote in server.votes()]
    assert stored == [text.replace("\0", "").strip() for text in NAUGHTY]


def topic_of(path, title: str) -> str:
    """Run the passes, as every crawl does, and give the topic that the list of documents names."""
    with contextlib.closing(open_corpus(path)) as db:
        run_passes(db, RULES)
        return db.execute("SELECT verdict FROM documents WHERE title = ?", (title,)).fetchone()[0]


def test_a_person_overrules_the_program_and_undo_takes_it_back(corpus):
    """What the only coder decides on a page's topic is what the list of documents says; until undone."""
    reader = Reader(Server(corpus))
    reader.open(**TOPIC, at=2)
    title = reader.title()
    reader.vote("off topic")
    assert topic_of(corpus, title) == "off topic"
    assert "decided by one reader" in " ".join(reader.get("/corpus/documents/2").text.split())
    reader.open(**TOPIC)
    reader.undo()
    assert topic_of(corpus, title) == "on topic"


def test_a_team_overrules_only_when_it_is_settled(corpus, team):
    """One reader of two changes nothing that others could see; two who agree do."""
    readers = [Reader(team, name) for name in ("anna", "ben")]
    for reader, expected in zip(readers, ("on topic", "off topic"), strict=True):
        reader.open(**TOPIC, at=2)
        title = reader.title()
        reader.vote("off topic")
        assert topic_of(corpus, title) == expected


def test_progress_is_the_same_counted_once_and_kept_up(corpus):
    """After votes, undos and a spread, the bar of the server that counted along equals that of a new server."""
    reader = Reader(Server(corpus))
    for task in (TOPIC, {"task": "S4_price", "set": "all"}, {"task": "page", "set": "all"}):
        reader.open(**task)
        for step in range(6):
            reader.undo() if step == 3 else reader.vote(
                "on topic" if task is TOPIC else "yes" if "yes" in reader.page else ""
            )
        fresh = Reader(Server(corpus))
        for other in (TOPIC, task):
            counted = [one.open(**other).split(" left")[0].split("Review")[-1] for one in (reader, fresh)]
            assert counted[0] == counted[1]


def test_a_sample_is_followed_and_shared_out(corpus, team):
    """Two readers follow a frozen sample: what is coded twice is both's, the rest is one's, and nothing is nobody's."""
    done = clinicwatch("sample", "--n", 5, "--double", 0.4, "--name", "first", "--db", corpus)
    assert done.returncode == 0, done.stderr
    seen = []
    for name in ("anna", "ben"):
        reader = Reader(team, name)
        reader.open(task="topic", set="sample first")
        texts = set()
        while 'class="choices-of"' in reader.page:
            texts.add(reader.form("vote", "unit_type")["text"])
            reader.vote("on topic")
        seen.append(texts)
    with contextlib.closing(sqlite3.connect(corpus.with_suffix(".review.db"))) as db:
        double = {unit for (unit,) in db.execute("SELECT unit FROM sample_units WHERE double")}
        everything = {unit for (unit,) in db.execute("SELECT unit FROM sample_units")}
    assert seen[0] & seen[1] == double
    assert seen[0] | seen[1] == everything
    assert double


@pytest.mark.parametrize(
    "arguments", ["q=" + "9" * 5000, "q=x", "at=" + "9" * 30, "at=-1", "set=sample+x", "set=%00", "task=_note", "task="]
)
def test_a_url_that_makes_no_sense_opens_review_anyway(alone, arguments):
    """Whatever is in the URL, a document or the end of a queue is shown."""
    assert alone.get(f"/-/review/desk?{arguments}").status_code == 200


def test_a_form_without_end_is_refused(alone):
    """Too many fields or bytes are turned away before anything is read out of them."""
    alone.open(**TOPIC)
    form = alone.form("vote", "unit_type")
    assert alone.post("/-/review/vote", form | {f"f{number}": "" for number in range(300)}).status_code == 403
    assert alone.post("/-/review/vote", form | {"value_text": "x" * 70_000}).status_code == 403
