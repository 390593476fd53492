"""The table of advertisers by command: honest cells, a flow that adds up, evidence back to the bytes, a frame."""

from __future__ import annotations

import csv
import json
import sqlite3
from dataclasses import dataclass

import pytest
from click.testing import CliRunner

from crawler.commands.cli import main
from crawler.engine.rule_files import read_codebook
from db.coding.votes_file import claim_unit, voting
from db.coding.voting import Vote, cast_votes
from pipelines.text.encode import sha256
from tests.support.made_corpus import ABOUT, NOW, corpus_of

AT = "2026-03-01T09:00:00+00:00"
BOOK = read_codebook()
SENTENCES = ("It works for 70 % of patients.", "Nine in ten get better.")
ONE, OTHER = SENTENCES
PAGES = {"/": ABOUT, "/claims/": f"{ABOUT}\n{' '.join(SENTENCES)}", "/fees/": f"{ABOUT}\nThe fee is $400."}


@dataclass(frozen=True)
class Table:
    """The files that the command wrote, and what it printed."""

    cells: dict[str, dict[str, str]]
    rows: list[dict[str, str]]
    evidence: list[dict[str, str]]
    flow: list[dict[str, str]]
    printed: str


@pytest.fixture
def db(tmp_path):
    """Make a corpus of three texts; in one of them two sentences are proposed for E1_rate."""
    path = tmp_path / "corpus.db"
    with corpus_of(path, PAGES) as corpus:
        corpus.execute("DELETE FROM claims")
        for quote in SENTENCES:
            propose(corpus, text_of(corpus, "/claims/"), quote, "E1_rate")
    return path


def propose(corpus, text, quote, code):
    """Add a candidate."""
    key = sha256(quote)[:16]
    row = {"id": key, "text_sha256": text, "sentence_no": 1, "start": 0, "end": len(quote), "mark_start": 0}
    row |= {"mark_end": 1, "quote": quote, "quote_key": key, "code": code, "value": "yes", "cue": "cue"}
    row |= {"cue_version": key}
    names = ", ".join(f'"{name}"' for name in row)
    corpus.execute(f"INSERT INTO claims ({names}) VALUES ({', '.join('?' * len(row))})", list(row.values()))


def text_of(corpus, path):
    """Name the text at a path by its hash."""
    query = "SELECT content_sha256 FROM versions JOIN pages ON pages.id = versions.page WHERE url LIKE '%' || ?"
    return corpus.execute(query, (f".example{path}",)).fetchone()[0]


def code(db, *answers, coders=("ann", "bo"), role="reader"):
    """Have coders answer: path of the text, code, value, and the sentence where it is of one."""
    with sqlite3.connect(db) as corpus, voting(db) as review:
        for path, name, value, *quote in answers:
            text = text_of(corpus, path)
            page, version = corpus.execute(
                "SELECT page, id FROM versions WHERE content_sha256 = ? ORDER BY id LIMIT 1", (text,)
            ).fetchone()
            unit = ("claim", claim_unit(text, *quote)) if quote else ("text", text)
            for coder in coders:
                vote = Vote(AT, coder, *unit, name, value, role, quote="".join(quote), page=page, version=version)
                cast_votes(review, [vote], f"{coder} {name} {value} {quote} {text}")


def run(db, *options):
    """Run the command."""
    return CliRunner().invoke(main, ["rollup", str(db.parent / "table"), "--db", str(db), "--force", *options])


def table(db, *options):
    """Run the command and read its files."""
    done = run(db, *options)
    assert done.exit_code == 0, done.output
    files = {}
    for name in ("cells", "advertisers", "evidence", "flow"):
        with (db.parent / "table" / f"{name}.csv").open(newline="", encoding="utf-8") as file:
            files[name] = list(csv.DictReader(file))
    cells = {row["code"]: row for row in files["cells"]}
    return Table(cells, files["advertisers"], files["evidence"], files["flow"], done.output)


def test_one_settled_code_of_whole_pages_makes_no_other_code_a_no(db):
    """What two coders settled is one cell; the others are empty, each with its reason, and the flow has them all."""
    code(db, *((path, "S4_price", "no") for path in PAGES))
    found = table(db)
    assert found.cells["S4_price"]["says"] == "no"
    assert {name: row["says"] for name, row in found.cells.items() if row["says"]} == {"S4_price": "no"}
    assert found.cells["E1_rate"]["reason"] == "candidates wait"
    assert found.cells["E4_superior"]["reason"] == "not read whole"
    assert found.cells["K2_abuse_risk"]["reason"] == "nobody coded it"
    assert set(found.rows[0].values()) == {"cedar-ketamine.example", "no", ""}


def level(box):
    """Say how deep a box of the flow stands."""
    return (len(box) - len(box.lstrip())) // 2


def test_the_flow_adds_up(db):
    """Each box is the sum of those below it, and the cells are advertisers by codes."""
    code(db, ("/", "S4_price", "no"), ("/claims/", "E1_rate", "yes", ONE), ("/claims/", "_read", "main text"))
    code(db, ("/fees/", "S4_price", "yes"), coders=("ann",))
    flow = table(db).flow
    for place, one in enumerate(flow):
        below = []
        for later in flow[place + 1 :]:
            if level(later["box"]) <= level(one["box"]):
                break
            below += [int(later["count"])] if level(later["box"]) == level(one["box"]) + 1 else []
        assert not below or sum(below) == int(one["count"]), one
    boxes = {one["box"].strip(): int(one["count"]) for one in flow}
    assert boxes["cells of the table, advertisers by codes"] == len(BOOK.codes)
    sentences = [one for one in BOOK.codes if one.level == "sentence"]
    # E1_rate; the other codes of sentences in the text that was read whole; S4_price waits for the second coder
    assert (boxes["yes"], boxes["no"], boxes["one coder so far"]) == (1, len(sentences) - 1, 1)
    assert (boxes["texts in the frame, each counted once"], boxes["coded by one coder so far"]) == (3, 1)


def test_a_no_needs_every_proposed_sentence_rejected_and_the_text_read(db):
    """While one of two sentences waits, or nobody has read the rest, the text says nothing."""
    reasons = []
    for answer in (("E1_rate", "no", ONE), ("E1_rate", "no", OTHER), ("_read", "whole page")):
        code(db, ("/claims/", *answer))
        reasons.append(table(db).cells["E1_rate"])
    assert [one["reason"] for one in reasons] == ["candidates wait", "not read whole", ""]
    assert (reasons[-1]["says"], reasons[-1]["pages_looked"], reasons[-1]["pages"]) == ("no", "1", "3")


def test_a_no_waits_for_the_second_coder(db):
    """What one coder alone read is not settled, unless nobody else is to code."""
    code(db, ("/", "_read", "whole page"), coders=("ann",))
    assert table(db).cells["E1_rate"]["reason"] == "one coder so far"
    assert table(db, "--single").cells["E1_rate"]["says"] == "no"


def test_one_accepted_sentence_is_a_yes_while_another_waits(db):
    """A claim that is made is made, whatever else the text says."""
    code(db, ("/claims/", "E1_rate", "yes", ONE))
    assert table(db).cells["E1_rate"]["says"] == "yes"


def test_a_sentence_that_no_cue_proposed_is_a_yes(db):
    """A coder's own mark counts as an accepted candidate does, and it is quoted."""
    code(db, ("/fees/", "E4_superior", "yes", "The fee is $400."))
    found = table(db)
    assert found.cells["E4_superior"]["says"] == "yes"
    (row,) = [one for one in found.evidence if one["code"] == "E4_superior"]
    assert json.loads(row["quotes"]) == ["The fee is $400."]
    assert row["permalink"].endswith("?quote=The%20fee%20is%20%24400.#quote")


def test_a_claim_in_another_region_counts_for_its_page(db):
    """A footer is one text that many pages show: it is coded once, and its candidates wait on each page."""
    footer = "f" * 64
    with sqlite3.connect(db) as corpus:
        corpus.execute("CREATE TABLE IF NOT EXISTS version_regions (version, region, text_sha256)")
        corpus.execute("INSERT INTO texts (sha256, text, words) VALUES (?, ?, 5)", (footer, ONE))
        corpus.execute(
            "INSERT OR REPLACE INTO version_regions (version, region, text_sha256)"
            " SELECT id, 'boilerplate', ? FROM versions",
            (footer,),
        )
        propose(corpus, footer, "Everybody improves.", "E4_superior")
    code(db, ("/", "_read", "whole page"))
    assert table(db).cells["E4_superior"]["reason"] == "candidates wait"
    with voting(db) as review:
        for coder in ("ann", "bo"):
            vote = Vote(AT, coder, "claim", claim_unit(footer, "Everybody improves."), "E4_superior", "yes", page=1)
            cast_votes(review, [vote], f"footer {coder}")
    found = table(db)
    assert found.cells["E4_superior"]["says"] == "yes"
    (row,) = [one for one in found.evidence if one["code"] == "E4_superior"]
    assert (row["text_sha256"], row["says"]) == (footer, "yes")


def test_evidence_leads_to_the_bytes_and_says_who_looked(db):
    """A row an advertiser, code and text: URL, capture, WARC record, decisions; of a no also."""
    code(db, ("/claims/", "E1_rate", "yes", ONE), ("/", "_read", "main text"), ("/", "S4_price", "no"))
    code(db, ("/fees/", "S4_price", "yes"), coders=("ann",))
    code(db, ("/fees/", "S4_price", "no"), coders=("bo",))
    code(db, ("/fees/", "S4_price", "no"), coders=("oak",), role="adjudicator")
    found = table(db, "--base-url", "https://corpus.example/")
    rows = {(row["code"], row["url"].removeprefix("http://cedar-ketamine.example")): row for row in found.evidence}
    yes = rows["E1_rate", "/claims/"]
    assert (yes["says"], json.loads(yes["quotes"]), yes["decisions"]) == ("yes", [ONE], "ann=yes; bo=yes")
    assert yes["permalink"].startswith("https://corpus.example/corpus/versions/")
    with sqlite3.connect(db) as corpus:
        capture = corpus.execute(
            "SELECT fetched_at, warc_file, warc_offset, warc_length FROM captures WHERE id = ?", (yes["capture"],)
        ).fetchone()
    assert capture == (NOW, yes["warc_file"], int(yes["warc_offset"]), int(yes["warc_length"]))
    no = rows["E1_rate", "/"]
    assert (no["says"], no["looked_by"], no["looked_at"]) == ("no", "ann; bo", AT)
    assert no["how"] == "main text read by 2 coders"
    assert rows["S4_price", "/fees/"]["decisions"] == "ann=yes; bo=no; oak (adjudicator)=no"
    keys = [(row["advertiser"], row["code"], row["text_sha256"]) for row in found.evidence]
    assert len(keys) == len(set(keys))


def test_evidence_tells_no_vote_before_both_have_voted(db):
    """The second coder may run the command, too."""
    code(db, ("/", "S4_price", "yes"), ("/claims/", "E1_rate", "yes", ONE), coders=("ann",))
    found = table(db)
    assert found.evidence == []
    assert "ann" not in found.printed


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--state", "XX"), "--state XX: the corpus has none"),
        (("--page-type", "blgo"), "it has blog"),
        (("--on", "yesterday"), "a day is written as"),
        (("--advertisers", "none.txt"), "cannot be read"),
        (("--round", "9"), "no vote was cast in it; rounds with votes: 1"),
        (("--study", "none"), "no study is named none"),
    ],
)
def test_a_frame_that_cannot_be_is_one_clear_line(db, options, says):
    """What, where, what to do; never a traceback, never an empty table."""
    code(db, ("/", "S4_price", "yes"))
    done = run(db, *options)
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
    assert says in done.stderr
