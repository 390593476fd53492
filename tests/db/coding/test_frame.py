"""The frame of a table: which sites are advertisers, which of their pages are asked, as of when."""

from __future__ import annotations

import contextlib

import pytest

from db.coding.frame import build_frame
from db.coding.votes_file import attach_corpus, voting
from db.coding.voting import Vote, cast_votes
from db.corpus.connection import open_corpus
from pipelines.coding.frame_spec import FrameSpec, spec_of
from pipelines.model.errors import UsageError
from tests.support.made_corpus import ABOUT, HOST, corpus_of, crawl_texts

FIRST, SECOND, THIRD = (f"2026-03-{day:02}T09:00:00+00:00" for day in (1, 8, 15))
SITES = {  # host: state, class, pages
    "birch.example": ("VA", "telehealth", ["/birch/"]),
    "ledger.example": ("MD", "news", ["/ledger/"]),
    "cedar.staging.example": ("MD", "clinic", ["/staging/"]),
    "dune.example": ("MD", "clinic", []),
}
PATHS = ["/", "/fees/", "/blog/", "/birch/", "/ledger/"]
TYPES = {"/blog/": "blog"}


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """Make a corpus of a clinic of Maryland and four other sites, one of them a copy of the clinic's."""
    path = tmp_path_factory.mktemp("frame") / "corpus.db"
    texts = {where: f"{ABOUT}\nThis is {where} alone." for where in PATHS} | {"/staging/": f"{ABOUT}\nThis is / alone."}
    with corpus_of(path, texts) as db:
        db.execute("UPDATE sites SET state = 'MD', source_class = 'clinic'")
        for host, (state, source_class, pages) in SITES.items():
            site = db.execute(
                "INSERT INTO sites (host, advertiser, state, source_class, added_at) VALUES (?, ?, ?, ?, '')",
                (host, host, state, source_class),
            ).lastrowid
            db.execute("INSERT INTO hosts VALUES (?, ?)", (host, site))
            for table, key in (("pages", "url"), ("documents", "url")):
                for where in pages:
                    db.execute(f"UPDATE {table} SET site = ? WHERE {key} LIKE '%' || ?", (site, where))
        home = db.execute("SELECT id FROM documents WHERE url LIKE '%.example/'").fetchone()[0]
        db.execute("UPDATE documents SET duplicate_of = CASE WHEN url LIKE '%/staging/' THEN ? END", (home,))
        for where, kind in TYPES.items():
            db.execute("UPDATE documents SET page_type = ? WHERE url LIKE '%' || ?", (kind, where))
    return path


def frame(path, **spec):
    """Lay a frame out; gives it, and the paths of its pages with whether they are in it."""
    with voting(path) as review:
        attach_corpus(review, path)
        found = build_frame(review, FrameSpec(**spec), "1")
        rows = review.execute(
            "SELECT url, in_frame FROM temp.frame_pages JOIN corpus.pages AS p ON p.id = page ORDER BY url"
        )
        return found, {url.removeprefix(f"http://{HOST}"): bool(inside) for url, inside in rows}


@pytest.mark.parametrize(
    ("spec", "advertisers"),
    [
        ({}, {HOST, "birch.example", "dune.example"}),
        ({"states": ("MD",)}, {HOST, "dune.example"}),
        ({"states": ("md",), "classes": ("Clinic", "telehealth")}, {HOST, "dune.example"}),
        ({"classes": ("telehealth",)}, {"birch.example"}),
        ({"classes": ("news",)}, {"ledger.example"}),
        ({"publishers": True}, {HOST, "birch.example", "dune.example", "ledger.example"}),
        ({"aliases": True}, {HOST, "birch.example", "dune.example", "cedar.staging.example"}),
        ({"advertisers": ("birch.example",)}, {"birch.example"}),
    ],
)
def test_advertisers_are_chosen(path, spec, advertisers):
    """By state, class and list; publishers and hosts that only copy another site only where they are asked for."""
    found, _ = frame(path, **spec)
    assert set(found.advertisers) == advertisers
    assert len(found.sites) + sum(found.left_out.values()) == 1 + len(SITES)


def test_who_is_left_out_is_counted_by_reason(path):
    """Nothing is left out in silence."""
    assert frame(path)[0].left_out == {
        "publisher or directory": 1,
        "alias host: all its pages are copies of one other site's": 1,
    }


def test_page_types_are_chosen(path):
    """Pages that are left out are still there for codes of omission."""
    found, pages = frame(path, without=("blog",), states=("MD",))
    assert pages == {"/": True, "/blog/": False, "/fees/": True}
    assert found.advertisers[HOST] == (2, 3)
    assert found.advertisers["dune.example"] == (0, 0)
    assert frame(path, page_types=("blog",), states=("MD",))[1] == {"/": False, "/blog/": True, "/fees/": False}


def test_a_page_off_topic_is_in_the_frame_where_it_was_coded(tmp_path):
    """A price page that the classifier missed counts once coders have read it; a vote on its topic is no coding."""
    path = tmp_path / "corpus.db"
    with corpus_of(path, {"/": ABOUT, "/parking/": "Cars stand behind the house."}) as db:
        db.execute("UPDATE documents SET verdict = 'off topic' WHERE url LIKE '%/parking/'")
        text = db.execute("SELECT content_sha256 FROM versions ORDER BY id DESC LIMIT 1").fetchone()[0]
    for code, inside in (("topic", False), ("_read", True)):
        with voting(path) as review:
            cast_votes(review, [Vote(FIRST, "ann", "text", text, code, "main text")], code)
        assert frame(path)[1]["/parking/"] is inside


@pytest.fixture(scope="module")
def changing(tmp_path_factory):
    """Make a corpus of three crawls: one page changes, one comes, one goes."""
    path = tmp_path_factory.mktemp("dates") / "corpus.db"
    states = [
        (FIRST, {"/": f"{ABOUT} One.", "/old/": f"{ABOUT} Old."}),
        (SECOND, {"/": f"{ABOUT} Two.", "/old/": f"{ABOUT} Old.", "/new/": f"{ABOUT} New."}),
        (THIRD, {"/": f"{ABOUT} Two.", "/new/": f"{ABOUT} New."}),
    ]
    with contextlib.closing(open_corpus(path)) as db:
        for now, texts in states:
            crawl_texts(db, path, texts, now=now)
    return path


@pytest.mark.parametrize(
    ("spec", "texts"),
    [
        ({}, {"/": "Two.", "/new/": "New."}),
        ({"on": "2026-02-28"}, {}),
        ({"on": "2026-03-01"}, {"/": "One.", "/old/": "Old."}),
        ({"on": "2026-03-10"}, {"/": "Two.", "/new/": "New.", "/old/": "Old."}),
        ({"on": "2026-03-20"}, {"/": "Two.", "/new/": "New."}),
        ({"captured_from": "2026-03-02"}, {"/": "Two.", "/new/": "New."}),
        ({"captured_to": "2026-03-01"}, {"/": "One.", "/old/": "Old."}),
        ({"captured_from": "2026-03-01", "captured_to": "2026-03-01"}, {"/": "One.", "/old/": "Old."}),
        ({"captured_from": "2026-03-02", "on": "2026-03-01"}, {}),
    ],
)
def test_each_page_has_the_version_of_the_day(changing, spec, texts):
    """What pages showed at the end of a day, or what was captured within some days."""
    with voting(changing) as review:
        attach_corpus(review, changing)
        build_frame(review, FrameSpec(**spec), "1")
        rows = review.execute(
            "SELECT url, texts.text FROM temp.frame_pages JOIN corpus.pages AS p ON p.id = page"
            " JOIN corpus.texts AS texts ON texts.sha256 = frame_pages.text"
        )
        assert {url.removeprefix(f"http://{HOST}"): text.split()[-1] for url, text in rows} == texts


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ({"states": ("MX",)}, "--state MX: the corpus has none; it has md"),
        ({"classes": ("clinics",)}, "--class clinics: the corpus has none; it has clinic"),
        ({"advertisers": ("birch.exmaple",)}, "it has birch.example"),
        ({"states": ("VA",), "classes": ("news",)}, "no site of the corpus is in this frame"),
        ({"on": "2026-13-01"}, "--on 2026-13-01: a day is written as"),
    ],
)
def test_a_name_that_is_not_there_is_refused_with_the_nearest(path, spec, says):
    """A typo is no empty table."""
    with pytest.raises(UsageError, match=says):
        frame(path, **spec)


def test_a_frame_is_stored_and_read_back():
    """A study says the same later."""
    spec = FrameSpec(states=("MD", "VA"), without=("blog",), on="2026-03-01", publishers=True)
    assert spec_of(spec.as_json()) == spec
    assert spec_of("{}") == FrameSpec()
