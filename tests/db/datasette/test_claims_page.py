"""The page of claims: its rows and their evidence, filters, words, status, the file of the same rows."""

from __future__ import annotations

import csv
import html
import io
import re
import sqlite3
from contextlib import closing

import pytest

from db.coding.tally import conflicts
from db.coding.votes_file import claim_unit, voting
from db.coding.voting import Vote, cast_votes
from db.corpus.connection import open_corpus
from db.datasette.claim_text import matching_sentences, text_rows
from db.datasette.claims import MAX_READ
from db.datasette.search import match_query
from db.passes.claim_list import FREQUENT
from db.passes.registry import run_passes
from pipelines.text.bitmaps import highest_first
from tests.support.claim_corpus import AFTER, BEFORE, CODED, CURED, HIGH, LOW, OFF_LABEL, SAFE, claim_corpus
from tests.support.desk import ALONE, TEAM, Reader, Server
from tests.support.made_corpus import ABOUT, crawl_texts

AT = "2026-05-01T09:00:00.000+00:00"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Make the corpus."""
    path = tmp_path_factory.mktemp("claims") / "corpus.db"
    claim_corpus(path)
    return path


@pytest.fixture(scope="module")
def visitor(corpus):
    """Look at it without coding."""
    return Reader(Server(corpus, TEAM))


def rows(visitor: Reader, query: str = "") -> list[dict[str, str]]:
    """Read the file of what is asked for, and hold that the page has the same rows in the same order."""
    answer = visitor.get(f"/-/claims.csv{query}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    found = list(csv.DictReader(io.StringIO(answer.text)))
    page = visitor.get(f"/-/claims{query}")
    assert page.status_code == 200, page.text
    places = re.findall(r'evidence-links"><a href="([^"]*)"', page.text)
    assert [row["marked_place"].removeprefix("http://localhost") for row in found[:25]] == places
    marked = re.search(r"([\d,]+) marked by coders", visitor.words())
    assert f"{len(found) - (int(marked[1]) if marked else 0):,} claim candidate" in visitor.words()
    return found


def quotes(visitor: Reader, query: str = "", code: str = "E1_rate") -> list[str]:
    """Name the sentences that are candidates for a code, in their order."""
    return [row["quote"] for row in rows(visitor, query) if row["code"] == code]


def test_a_row_has_its_evidence(visitor):
    """Sentence with its neighbours, clinic, state, region, dates, counts, and where its bytes lie."""
    (row,) = rows(visitor, "?code=E1_rate&q=%22eight+of+ten%22")
    assert (row["quote"], row["sentence_before"], row["sentence_after"]) == (CURED, BEFORE, AFTER)
    assert (row["clinic"], row["state"], row["source_class"]) == ('Cedar "K"', "MD", "clinic")
    assert (row["regions"], row["status"], row["gone_since"]) == ("text", "candidate", "")
    assert (row["first_seen"][:10], row["last_seen"][:10]) == ("2026-03-01", "2026-04-01")
    assert (row["pages_of_site_now"], row["pages_now"], row["advertisers_now"]) == ("2", "2", "1")
    assert row["warc_file"].endswith(".warc.gz")
    assert visitor.get(f"/corpus/captures/{row['capture']}/record").status_code == 200


def test_a_row_leads_to_its_marked_sentence(visitor):
    """The link opens the page of the document, which has the sentence marked under that name, in every region."""
    for row in rows(visitor):
        path, anchor = row["marked_place"].removeprefix("http://localhost").split("#")
        page = visitor.get(path)
        assert page.status_code == 200
        assert re.search(rf'<mark class="candidate"[^>]*id="{anchor}"|<span id="{anchor}"></span>', page.text), row


def test_what_is_gone_is_listed_as_gone(visitor):
    """A sentence that no page shows any more says since when, and opens in the version that had it."""
    (row,) = rows(visitor, "?code=E1_rate&seen=gone")
    assert (row["quote"], row["gone_since"][:10], row["pages_of_site_now"]) == (HIGH, "2026-04-01", "0")
    assert "/versions/" in row["marked_place"]
    assert HIGH not in quotes(visitor, "?seen=now")


def test_a_footer_is_one_row_of_three_pages(visitor):
    """What a site repeats is one row, in its region."""
    (row,) = rows(visitor, "?region=boilerplate&code=R2_offlabel")
    assert (row["quote"], row["regions"], row["pages_of_site_now"]) == (OFF_LABEL, "boilerplate", "3")


def test_a_row_names_all_its_regions(visitor):
    """A sentence of the main text that is the title, too, is one row with both regions."""
    (row,) = rows(visitor, "?code=K3_safe")
    assert (row["quote"], row["regions"]) == (SAFE, "text|title")
    assert rows(visitor, "?code=K3_safe&region=title") == [row]
    assert rows(visitor, "?code=K3_safe&region=headings") == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?percent=60", [HIGH, LOW]),
        ("?percent=61", [HIGH]),
        ("?percent=85", [HIGH]),
        ("?percent=86", []),
        ("?percent=x", [HIGH, LOW, CURED]),
        ("?q=patients+-percent", [LOW, CURED]),
        ("?q=%22eight+of+ten%22+OR+85", [HIGH, CURED]),
        ("?q=improv*", [HIGH, LOW]),
        ("?q=improving", [HIGH, LOW]),
        ("?q=%22ten+of+eight%22", []),
        ("?q=%22%22%22+AND+(", []),
        ("?q=%E1%A6%B0+improved", [HIGH, LOW]),  # a letter that full-text search takes for none
        ("?q=%E1%A6%B0*", []),
        ("?q=improved+-%E1%A6%B0", [HIGH, LOW]),
        ("?state=MD", [HIGH, LOW, CURED]),
        ("?state=WY", []),
        ("?clinic=cedar", [HIGH, LOW, CURED]),
        ("?clinic=cedar-ketamine.example", [HIGH, LOW, CURED]),
        ("?clinic=nobody", []),
        ("?site=cedar-ketamine.example", [HIGH, LOW, CURED]),
        ("?site=cedar", []),
        ("?class=clinic&page_type=other&seen=now&q=ketamine&percent=50", [LOW]),
        ("?status=candidate", [HIGH, LOW, CURED]),
        ("?status=confirmed", []),
        ("?before=0", []),
        ("?before=-1", [HIGH, LOW, CURED]),
    ],
)
def test_filters_are_combined(visitor, query, expected):
    """Each filter, alone and with others; what makes no sense in a URL is passed over."""
    if "before=0" in query:  # a file has all rows, a page those that follow
        assert "No matching rows" in visitor.get(f"/-/claims{query}").text
        return
    assert sorted(quotes(visitor, query)) == sorted(expected)


def test_a_value_is_one_of_its_code(visitor):
    """A suggested value filters within its code only."""
    coded = rows(visitor, "?code=S1_route")
    value = next(row["value_suggested"] for row in coded if row["value_suggested"])
    assert rows(visitor, f"?code=S1_route&value={value}") == [row for row in coded if row["value_suggested"] == value]
    assert rows(visitor, "?value=x") == rows(visitor)


# -- what leads here


def test_the_page_of_a_site_lists_its_claims_now_and_then(visitor):
    """Each code with the sentences shown now and those shown no longer, as links to exactly so many rows."""
    page = visitor.get("/corpus/sites/1").text
    section = page[page.index('id="claims"') :].partition("</section>")[0]
    links = re.findall(r'href="(/-/claims\?[^"]*seen=[^"]*)">(\d+)<', section)
    asked = [(html.unescape(path).removeprefix("/-/claims"), int(number)) for path, number in links]
    assert ("?site=cedar-ketamine.example&code=E1_rate&seen=gone", 1) in asked
    assert sum(number for _, number in asked) == len(rows(visitor))
    for query, number in asked:
        assert len(rows(visitor, query)) == number


def test_tiles_of_the_heat_map_lead_to_their_candidates(visitor):
    """A number of the picture, of the table beneath it and a small picture lead to the rows of that code."""
    page = visitor.get("/-/pictures").text
    here = '/-/claims?clinic=cedar-ketamine.example&amp;code=E1_rate&amp;seen=now"'
    assert page.count(f'href="{here}') == 2
    assert 'href="/-/claims?code=E1_rate&amp;seen=now"' in page
    assert f"{here.replace('E1_rate', 'R2_offlabel')}>3</a>" in page  # in a footer alone, on three pages
    assert sorted(quotes(visitor, "?clinic=cedar-ketamine.example&code=E1_rate&seen=now")) == sorted([CURED, LOW])
    assert '<a href="/-/claims">Claims</a>' in visitor.get("/-/pictures").text


# -- status, and who may know it


def say(review: sqlite3.Connection, corpus, coder: str, value: str, quote: str = CURED, role: str = "reader") -> None:
    """Decide a sentence in every text that has it."""
    with closing(open_corpus(corpus)) as db:
        texts = db.execute("SELECT DISTINCT text_sha256, code FROM claims WHERE quote = ?", (quote,)).fetchall()
    for text, code in texts:
        unit = claim_unit(text, quote)
        vote = Vote(AT, coder, "claim", unit, code, value, role, quote=quote, text_sha256=text)
        cast_votes(review, [vote], f"{coder} {unit} {code} {value}")


def mark_and_read(review: sqlite3.Connection, corpus, coder: str, value: str = "") -> None:
    """Read each page that says AFTER whole; with a value, mark that sentence, which no cue proposes."""
    with closing(open_corpus(corpus)) as db:
        found = db.execute(
            "SELECT versions.page, versions.id, texts.sha256, texts.text FROM versions"
            " JOIN texts ON texts.sha256 = coalesce(content_sha256, text_sha256) WHERE instr(text, ?)",
            (AFTER,),
        ).fetchall()
    for page, version, text, words in found:
        start = words.index(AFTER)
        known = {"text_sha256": text, "page": page, "version": version}
        votes = [Vote(AT, coder, "text", text, "_read", "whole page", **known)]
        place = {"quote": AFTER, "start": start, "end": start + len(AFTER), "sentence_no": 9}
        if value:
            votes.append(Vote(AT, coder, "claim", claim_unit(text, AFTER), "E1_rate", value, **known, **place))
        cast_votes(review, votes, f"{coder} {version} marks")


@pytest.fixture
def coded(tmp_path):
    """Make a corpus of its own to code; gives it."""
    claim_corpus(tmp_path / "corpus.db")
    return tmp_path / "corpus.db"


def status(reader: Reader, quote: str) -> set[str]:
    """Name the status of a sentence's rows, as a visitor sees it on the page, in the file and by the filter."""
    found = {row["status"] for row in rows(reader) if row["quote"] == quote}
    for one in ("candidate", "confirmed", "rejected", "conflict"):
        listed = quote in {row["quote"] for row in rows(reader, f"?status={one}")}
        assert listed == (one in found), one
    return found


def test_who_codes_alone_sees_the_own_decisions(coded):
    """What the one coder confirmed or rejected is shown to that coder; "cannot tell" leaves a candidate."""
    with voting(coded) as review:
        for quote, value in ((CURED, "yes"), (SAFE, "no"), (LOW, "unclear")):
            say(review, coded, "reader", value, quote)
    reader = Reader(Server(coded, ALONE))
    assert [status(reader, quote) for quote in (CURED, SAFE, LOW, HIGH)] == [
        {"confirmed"}, {"rejected"}, {"candidate"}, {"candidate"},
    ]  # fmt: skip


def test_nobody_sees_what_others_decided_before_deciding(coded):
    """One vote is shown to nobody; two are shown to those who cast them and to the adjudicator, never to a visitor."""
    server = Server(coded, TEAM)
    anna, ben, judge, nobody = (Reader(server, name) for name in ("anna", "ben", "judge", ""))
    with voting(coded) as review:
        say(review, coded, "anna", "yes")
        assert [status(one, CURED) for one in (anna, ben, judge, nobody)] == [{"candidate"}] * 4
        say(review, coded, "ben", "no")
        assert [status(one, CURED) for one in (anna, ben, judge)] == [{"conflict"}] * 3
        assert status(nobody, CURED) == {"candidate"}
        say(review, coded, "judge", "yes", role="adjudicator")
        assert [status(one, CURED) for one in (anna, ben, judge)] == [{"confirmed"}] * 3
        assert status(nobody, CURED) == {"candidate"}
        say(review, coded, "anna", "no", SAFE)
        say(review, coded, "ben", "no", SAFE)
    assert [status(one, SAFE) for one in (anna, ben, judge)] == [{"rejected"}] * 3


def test_a_reader_who_has_not_answered_learns_nothing(coded):
    """Two worlds in which others said the opposite look the same to a third reader and to a visitor."""
    desk = type(TEAM)(roles={**TEAM.roles, "cara": "reader"}, hashes={**TEAM.hashes, "cara": TEAM.hashes["anna"]})
    seen = []
    with voting(coded) as review:
        for value in ("yes", "no"):
            for coder in ("anna", "ben"):
                say(review, coded, coder, value)
            server = Server(coded, desk)
            for name in ("cara", ""):
                reader = Reader(server, name)
                pages = [
                    reader.get(f"/-/claims{kind}").text for kind in ("", ".csv", "?status=confirmed", "?code=E1_rate")
                ]
                seen.append([re.sub(r'name="csrftoken" value="[^"]*"', "", page) for page in pages])
    assert seen[:2] == seen[2:]


def test_a_status_follows_the_votes(coded):
    """The list shows a decision at once, and takes it back with its vote."""
    reader = Reader(Server(coded, ALONE))
    assert status(reader, CURED) == {"candidate"}
    with voting(coded) as review:
        say(review, coded, "reader", "yes")
        assert status(reader, CURED) == {"confirmed"}
        say(review, coded, "reader", "no")
        assert status(reader, CURED) == {"rejected"}


# -- pages and long lists


@pytest.fixture(scope="module")
def long(tmp_path_factory):
    """Make a list of more rows than a page has, in which some words are as common as words can be."""
    path = tmp_path_factory.mktemp("long") / "corpus.db"
    said = [f"In group {n} some {n % 90 + 10} percent of patients on ketamine improved." for n in range(2_700)]
    said += [f"On ketamine of group {n} patients improved, {n % 90 + 10} percent of them." for n in range(20)]
    with closing(open_corpus(path)) as db:
        texts = {f"/{place}/": "\n".join([ABOUT, *said[place::6]]) for place in range(6)}
        crawl_texts(db, path, texts, rules=CODED)
    return path


def test_pages_follow_each_other_without_a_gap(long):
    """Going on from page to page shows each row of the file once."""
    visitor = Reader(Server(long, TEAM))
    file = [row["marked_place"] for row in csv.DictReader(io.StringIO(visitor.get("/-/claims.csv?code=E1_rate").text))]
    assert len(file) >= FREQUENT
    seen, path = [], "/-/claims?code=E1_rate"
    while path:
        text = visitor.get(path).text
        seen += re.findall(r'evidence-links"><a href="([^"]*)"', text)
        following = re.search(r'rel="next" href="([^"]*)"', text)
        path = following[1].replace("&amp;", "&") if following else ""
    assert ["http://localhost" + place for place in seen] == file


@pytest.mark.parametrize(
    "typed",
    [
        "patients", "ketamine patients", '"patients on ketamine"', '"on ketamine of group"', '"of them"', "imp*",
        "group -them", 'group -"patients on"', '"group 7" OR "group 8"', '"ketamine improved" 33', "improvement",
        '"of patients" -improved', '"improved improved"', '"ketamine of group"',
    ],
)  # fmt: skip
def test_common_words_are_found_as_full_text_search_finds_them(long, typed):
    """Whether by sets of rows, by FTS5 or by reading sentences, exactly the rows that FTS5 finds are listed."""
    with closing(sqlite3.connect(long)) as db:
        assert db.execute("SELECT count(*) FROM claim_list").fetchone()[0] > MAX_READ
        expected = {
            position
            for (position,) in db.execute(
                "SELECT position FROM claim_list JOIN claim_ledger USING (quote_key) WHERE claim_ledger.id IN"
                " (SELECT rowid FROM claim_ledger_fts WHERE claim_ledger_fts MATCH ?)",
                (match_query(typed),),
            )
        }
        common = {word for (word,) in db.execute("SELECT value FROM claim_filters WHERE filter = 'word'")}
        assert {"patient", "ketamin", "group"} <= common
        quotes_of = dict(db.execute("SELECT position, quote FROM claim_list JOIN claim_ledger USING (quote_key)"))
        every = (1 << len(quotes_of)) - 1
        found = text_rows(db, typed, every)
    positions = list(highest_first(found.bits))
    assert expected <= set(positions)
    if found.exact:
        assert set(positions) == expected
    fitting = matching_sentences([quotes_of[position] for position in positions], typed)
    assert {positions[place] for place in fitting} == expected


def test_a_search_that_read_enough_goes_on_with_the_next_page(long):
    """Where many sentences must be read for few hits, a page stops, says so, and its link goes on from there."""
    visitor = Reader(Server(long, TEAM))
    path, seen, stopped = "/-/claims?q=%22on+ketamine+of+group%22", [], 0
    file = list(csv.DictReader(io.StringIO(visitor.get(path.replace("claims?", "claims.csv?")).text)))
    while path:
        text = visitor.get(path).text
        stopped += "the search goes on with the next page" in text
        seen += re.findall(r'evidence-links"><a href="([^"]*)"', text)
        following = re.search(r'rel="next" href="([^"]*)"', text)
        path = following[1].replace("&amp;", "&") if following else ""
    assert stopped
    assert ["http://localhost" + place for place in seen] == [row["marked_place"] for row in file]
    assert seen


def test_an_empty_corpus_says_what_to_do(tmp_path):
    """Before the first crawl the page says where rows come from."""
    open_corpus(tmp_path / "corpus.db").close()
    visitor = Reader(Server(tmp_path / "corpus.db", TEAM))
    assert "No candidate is listed yet" in visitor.get("/-/claims").text
    assert visitor.get("/-/claims.csv?q=x&state=MD&percent=5&clinic=y&status=confirmed").text.count("\n") == 1


# -- the pass


def test_filters_follow_what_people_say_of_a_site(coded):
    """A site that is given another state or class is found by it after the next run, with no candidate changed."""
    with closing(open_corpus(coded)) as db:
        db.execute("UPDATE sites SET state = 'VA', source_class = 'telehealth'")
        changed = run_passes(db, CODED)
        assert changed["claims"] == 0
        assert changed["claim_list"] > 0
        assert run_passes(db, CODED)["claim_list"] == 0
    visitor = Reader(Server(coded, TEAM))
    assert len(rows(visitor, "?state=VA&class=telehealth")) == len(rows(visitor)) > 0
    assert rows(visitor, "?state=MD") == []


def test_the_list_worked_out_anew_is_the_same(coded):
    """All rows and all sets of filters are the same, and full-text search agrees with the sentences."""
    tables = ("claim_list", "claim_filters")
    with closing(open_corpus(coded)) as db:
        before = [db.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3").fetchall() for table in tables]
        for table in ("claims", "claim_ledger", *tables, "version_regions", "pass_units"):
            db.execute(f"DELETE FROM {table}")
        run_passes(db, CODED)
        assert [db.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3").fetchall() for table in tables] == before
        db.execute("INSERT INTO claim_ledger_fts (claim_ledger_fts, rank) VALUES ('integrity-check', 1)")


# -- what coders marked and no cue proposed


def test_a_mark_is_listed_when_it_is_decided_and_only_to_those_who_may_know(coded):
    """Not while one coder alone has made it; then, with its status, to the adjudicator and to who read the page."""
    readers = {name: Reader(Server(coded, TEAM), name) for name in ("anna", "ben", "judge", "")}

    def seen() -> dict[str, list[str]]:
        return {name: [row["status"] for row in rows(one) if row["quote"] == AFTER] for name, one in readers.items()}

    with voting(coded) as review:
        mark_and_read(review, coded, "anna", "yes")
        mark_and_read(review, coded, "ben")
        assert seen() == {"anna": [], "ben": [], "judge": [], "": []}
        for question in conflicts(review, "1"):
            known = {"quote": AFTER, "text_sha256": question.unit[:64], "start": 1, "end": 2}
            vote = Vote(AT, "judge", *question[1:], "yes", "adjudicator", **known)
            cast_votes(review, [vote], f"judge {question.unit}")
    assert seen() == {"anna": ["confirmed"], "ben": ["confirmed"], "judge": ["confirmed"], "": []}


def test_a_mark_has_its_evidence_and_is_filtered_like_a_candidate(coded):
    """Its row leads to the marked words; code, value, clinic, words, status and the rest leave it in or out."""
    with voting(coded) as review:
        for coder in ("anna", "ben"):
            mark_and_read(review, coded, coder, "yes")
    reader = Reader(Server(coded, TEAM), "anna")
    (row,) = [one for one in rows(reader) if one["quote"] == AFTER]
    assert (row["status"], row["regions"], row["state"], row["pages_of_site_now"]) == ("confirmed", "text", "MD", "2")
    assert (row["first_seen"][:10], row["last_seen"][:10]) == ("2026-03-01", "2026-04-01")
    assert reader.get(f"/corpus/captures/{row['capture']}/record").status_code == 200
    page = reader.get(row["marked_place"].removeprefix("http://localhost").split("#")[0])
    assert re.search(rf'<mark[^>]*id="quote"[^>]*>{re.escape(AFTER)}', page.text)
    for query, wanted in {
        "code=E1_rate": 1, "code=K3_safe": 0, "code=E1_rate&value=yes": 1, "code=E1_rate&value=no": 0, "state=MD": 1,
        "state=WY": 0, "clinic=cedar": 1, "clinic=nobody": 0, "status=confirmed": 1, "status=rejected": 0,
        "seen=now": 1, "seen=gone": 0, "region=text": 1, "region=title": 0, "q=noon": 1, "q=midnight": 0,
        "percent=5": 0, "page_type=other": 1, "page_type=blog": 0,
    }.items():  # fmt: skip
        assert len([one for one in rows(reader, f"?{query}") if one["quote"] == AFTER]) == wanted, query
    assert "marked by coders" in reader.get("/-/claims").text
    assert "marked by coders" not in reader.get("/-/claims?before=1").text
