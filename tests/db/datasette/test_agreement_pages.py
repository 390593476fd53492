"""The pages of agreement and of advertisers: right figures, and nothing of another's vote before one's own."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

import pytest

from db.coding.votes_file import voting
from db.coding.voting import Vote, cast_votes
from tests.support.desk import ALONE, TEAM, Reader, Server, many_pages

VALUES = {"anna": ("yes", "yes", "no", "no"), "ben": ("yes", "no", "no", None)}
CODE = "S4_price"
CELL = f"/-/review/table/cell?of=cedar-ketamine.example&code={CODE}"


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """Make a corpus of which anna coded four texts and ben three, differing on one."""
    path = tmp_path_factory.mktemp("agree") / "corpus.db"
    many_pages(path, 4)
    with voting(path) as review:
        review.execute("ATTACH ? AS corpus", (str(path),))
        texts = review.execute("SELECT page, id, content_sha256 FROM corpus.versions ORDER BY id LIMIT 4").fetchall()
        for coder, values in VALUES.items():
            for (page, version, text), value in zip(texts, values, strict=True):
                vote = Vote("2026-03-01T09:00:00+00:00", coder, "text", text, CODE, value or "-")
                vote = replace(vote, text_sha256=text, page=page, version=version)
                if value:
                    cast_votes(review, [vote], f"{coder} {text}")
    return path


@pytest.fixture
def server(path):
    """Serve it to a team."""
    return Server(path, TEAM)


def test_figures_are_of_what_two_coded(server):
    """Three texts, two alike: two thirds agree, kappa 0.4."""
    page = Reader(server, "judge").get("/-/review/agreement").text
    assert "67 %" in page
    assert "0.40" in page


def test_the_matrix_leads_to_its_texts(server):
    """The cell on which they differ has one text, and its page is linked."""
    judge = Reader(server, "judge")
    page = judge.get(f"/-/review/agreement/{CODE}").text
    assert "?one=yes&amp;two=no" in page or "?one=no&amp;two=yes" in page
    cell = judge.get(f"/-/review/agreement/{CODE}?one=yes&two=no").text
    assert cell.count("<li>") == 1
    assert "/corpus/pages/" in cell


def test_no_reader_is_named(server):
    """What was said is shown without who said it."""
    page = Reader(server, "judge").get(f"/-/review/agreement/{CODE}").text
    assert "anna" not in page
    assert "ben" not in page


def test_what_only_one_has_said_is_on_no_page(server, path):
    """Anna's fourth text is unknown to ben, to the judge, and in the table."""
    with voting(path) as review:
        page = review.execute("SELECT page FROM votes WHERE coder = 'anna' ORDER BY id DESC LIMIT 1").fetchone()[0]
    for name in ("ben", "judge", "anna"):
        for where in ("/-/review/agreement", f"/-/review/agreement/{CODE}", "/-/review/table", CELL):
            assert f'/corpus/pages/{page}"' not in Reader(server, name).get(where).text


def test_a_third_reader_sees_no_figures_before_voting(path):
    """Who has not answered a question yet gets no count of what others said."""
    third = replace(TEAM, roles={**TEAM.roles, "cleo": "reader"}, hashes={**TEAM.hashes, "cleo": TEAM.hashes["ben"]})
    cleo = Reader(Server(path, third), "cleo")
    assert "67 %" not in cleo.get("/-/review/agreement").text
    assert cleo.get(f"/-/review/agreement/{CODE}").status_code == 404


@pytest.mark.parametrize("where", ["/-/review/agreement", f"/-/review/agreement/{CODE}", "/-/review/table", CELL])
def test_nobody_else_comes_in(server, where):
    """Who is not signed in is led to the login."""
    answer = Reader(server).get(where)
    assert answer.status_code == 302
    assert answer.headers["location"] == f"/-/login?next={quote(where, safe='')}"


def test_the_table_has_what_two_agree_on(server):
    """One yes that both gave is the advertiser's; the difference waits."""
    page = Reader(server, "judge").get("/-/review/table").text
    assert "Price stated" in page
    assert "<b>1</b> with open differences" in page


def test_a_cell_says_who_looked_without_names(server):
    """Evidence of what is settled or open to both, by number of coders; a team reads no name here."""
    page = Reader(server, "judge")
    page.get(CELL)
    assert "Looked at by 2 people" in page.words()
    assert "coders gave different answers" in page.words()
    assert "1 text without an answer: one coder so far." in page.words()
    assert not {"anna", "ben"} & set(page.words().replace("=", " ").replace(";", " ").split())


def test_a_frame_that_cannot_be_is_said_above_the_form(server):
    """A typo in an address is a sentence, not an empty table."""
    answer = Reader(server, "judge").get("/-/review/table?state=Marylnd")
    assert answer.status_code == 400
    assert "--state Marylnd: the corpus has none" in answer.text
    assert "<tbody>" not in answer.text


def test_the_table_says_why_a_cell_is_empty(server):
    """One yes and one open difference: coders differ, and nothing else was coded."""
    judge = Reader(server, "judge")
    judge.get("/-/review/table?codes=all")
    assert "nobody coded it" in judge.words()
    assert "were looked for and not found" not in judge.words()
    judge.get("/-/review/table?advertiser=cedar-ketamine.example&without=blog&codes=all")
    assert "cedar-ketamine.example" in judge.words()


def test_a_cell_that_is_not_in_the_table_is_not_found(server):
    """An advertiser or a code that there is not."""
    for where in ("of=none.example&code=S4_price", "of=cedar-ketamine.example&code=none", ""):
        assert Reader(server, "judge").get(f"/-/review/table/cell?{where}").status_code == 404


def test_one_person_has_a_table_too(tmp_path):
    """Alone, what was said is settled."""
    path = tmp_path / "corpus.db"
    many_pages(path, 2)
    with voting(path) as review:
        review.execute("ATTACH ? AS corpus", (str(path),))
        text = review.execute("SELECT content_sha256 FROM corpus.versions LIMIT 1").fetchone()[0]
        cast_votes(review, [Vote("2026-03-01T09:00:00+00:00", "reader", "text", text, CODE, "yes")], "d1")
    assert "Price stated" in Reader(Server(path, ALONE)).get("/-/review/table").text


def test_a_code_that_nobody_coded_is_not_found(server):
    """A page of no figures is told as such."""
    assert Reader(server, "judge").get("/-/review/agreement/K3_safe").status_code == 404
