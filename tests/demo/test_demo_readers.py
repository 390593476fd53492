"""The demo's readers code a sample, differ now and then, and are settled: enough for a table of advertisers."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from crawler.commands.cli import main
from crawler.engine.rule_files import read_codebook
from db.coding.coded import roll_up_round
from db.coding.votes_file import attach_corpus, voting
from demo.readers import READERS, REFEREE, code_demo, read
from demo.world import make_world
from pipelines.coding.findings import READ_VALUES, Reason, Says
from tests.support.made_corpus import ABOUT, NOW, corpus_of

BOOK = read_codebook()


@pytest.fixture(scope="module")
def coded(tmp_path_factory):
    """Make a corpus out of texts of the demo and have it coded."""
    path = tmp_path_factory.mktemp("demo") / "corpus.db"
    truth = make_world().truth(0)
    pages = [page for page in truth.values() if page.distinct and page.topic == "on topic"][:40]
    with corpus_of(path, {f"/{number}/": "\n".join(page.lines) for number, page in enumerate(pages)}):
        votes = code_demo(path, BOOK, NOW)
    return path, votes


def test_two_readers_and_an_adjudicator_have_voted(coded):
    """Each reader answered every question and marks what is found, the adjudicator decides where they differ."""
    path, votes = coded
    with voting(path) as review:
        counts = dict(map(tuple, review.execute("SELECT coder, count(*) FROM votes GROUP BY 1")))
        asked = dict(
            map(tuple, review.execute("SELECT coder, count(*) FROM votes WHERE unit_type = 'text' GROUP BY 1"))
        )
        open_ = review.execute("SELECT count(*) FROM units WHERE status = 'conflict'").fetchone()[0]
    assert asked[READERS[0]] == asked[READERS[1]]
    assert min(counts[name] for name in READERS) > counts[REFEREE] > 0
    assert (sum(counts.values()), open_) == (votes, 0)


def test_they_agree_well_and_not_wholly(coded):
    """A table of agreement has something to show."""
    told = CliRunner().invoke(main, ["agreement", "--json", "--db", str(coded[0])])
    shares = [row["percent_agreement"] for row in json.loads(told.stdout) if row["units"] >= 20]
    assert 0.8 < sum(shares) / len(shares) < 0.99


def test_what_is_settled_is_what_the_texts_say(coded):
    """Two slips alike are rare: nearly every settled value is the one of the rules."""
    cells = {cell.code: cell for cell in rolled_up(coded[0]).cells}
    assert {"iv", "esketamine"} <= set(cells["S1_route"].value.split("|"))
    assert (cells["S4_price"].value, cells["K2_abuse_risk"].value) == ("yes", "yes")


def test_every_text_was_read_whole_and_what_is_said_is_quoted(coded):
    """A no of the demo is honest, and a yes has its words."""
    cells = rolled_up(coded[0]).cells
    for cell in cells:
        for finding in cell.findings:
            assert finding.says or finding.reason is Reason.NOT_CODED, (cell.code, finding)
            if finding.says is Says.NO and BOOK.code(cell.code).level == "sentence":
                assert {one.coder for one in finding.answers if one.value in READ_VALUES} == set(READERS)
    yes = [finding for cell in cells for finding in cell.findings if finding.says is Says.YES]
    quoted = [one for one in yes if any(claim.quote for claim in one.claims) or any(a.quote for a in one.answers)]
    assert len(quoted) > 0.95 * len(yes)


def rolled_up(path):
    """Roll the demo's round up."""
    with voting(path) as review:
        attach_corpus(review, path)
        return roll_up_round(review, BOOK.codes, "1")


def test_they_read_every_region_of_a_page(tmp_path):
    """A claim in a footer is found, by a cue or without one, and is asked once however many pages show it."""
    path, footer = tmp_path / "corpus.db", "f" * 64
    claim = "Our drip outperforms every tablet."
    with corpus_of(path, {"/": ABOUT, "/more/": f"{ABOUT}\nThere is more."}) as corpus:
        corpus.execute("CREATE TABLE IF NOT EXISTS version_regions (version, region, text_sha256)")
        corpus.execute("INSERT INTO texts (sha256, text, words) VALUES (?, ?, 5)", (footer, claim))
        corpus.execute(
            "INSERT OR REPLACE INTO version_regions (version, region, text_sha256)"
            " SELECT id, 'boilerplate', ? FROM versions",
            (footer,),
        )
    code_demo(path, BOOK, NOW)
    (cell,) = [cell for cell in rolled_up(path).cells if cell.code == "E4_superior"]
    assert (cell.says, {claim.quote for one in cell.findings for claim in one.claims}) == (Says.YES, {claim})
    with voting(path) as review:
        marks = review.execute("SELECT count(*) FROM votes WHERE unit_type = 'claim' AND code = 'E4_superior'")
        assert marks.fetchone()[0] == len(READERS)
        read = {value for (value,) in review.execute("SELECT DISTINCT value FROM votes WHERE code = '_read'")}
    assert read == {"whole page"}


def test_coding_again_adds_nothing(coded):
    """The demo may be run twice."""
    path, _ = coded
    with voting(path) as review:
        before = review.execute("SELECT count(*) FROM votes").fetchone()[0]
    code_demo(path, BOOK, NOW)
    with voting(path) as review:
        assert review.execute("SELECT count(*) FROM votes").fetchone()[0] == before


@pytest.mark.parametrize(
    ("code", "words", "value"),
    [
        ("S1_route", "A single infusion, or lozenges by mail.", "iv|oral_sublingual"),
        ("S1_route", "Parking is free.", "none"),
        ("K1_nonaddictive", "It is completely non-addictive.", "false_flat"),
        ("E4_superior", "We open at nine.", "no"),
        ("S2_setting", "Parking is free.", "unclear"),
    ],
)
def test_the_rules_of_the_demo(code, words, value):
    """The readers find what their rules say, and say so where there is nothing."""
    assert read(BOOK.code(code), words) == value
