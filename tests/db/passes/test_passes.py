"""The passes after a crawl: incremental, and a full re-run gives the same rows."""

from __future__ import annotations

from contextlib import closing

import pytest

from db.corpus.connection import open_corpus
from db.passes.registry import PASSES, run_passes
from db.passes.rules import Rules
from tests.support.golden_corpora import decide_topic
from tests.support.made_corpus import ABOUT, RULES, corpus_of, crawl_texts

TEXTS = {"/a/": ABOUT, "/about/": ABOUT + " We are open on weekdays.", "/copy/": ABOUT, "/parking/": "Park behind us."}
TABLES = {
    "versions": "SELECT id, topic_score, verdict, verdict_reasons, duplicate_key, content_sha256, removed, suppressed"
    " FROM versions",
    "version_judgements": "SELECT * FROM version_judgements ORDER BY version",
    "visit_judgements": "SELECT * FROM visit_judgements ORDER BY crawl, page",
    "contents": "SELECT * FROM contents ORDER BY version",
    "topic_scores": "SELECT * FROM topic_scores ORDER BY version",
    "relevance": "SELECT * FROM relevance ORDER BY version",
    "pages": "SELECT id, version, state, outcome, reason FROM pages ORDER BY id",
    "changes": "SELECT page, crawl, kind, before, after, score, reasons, edit, summary FROM page_changes"
    " ORDER BY 1, 2, 3, edit",
    "rotations": "SELECT * FROM rotations ORDER BY crawl, edit",
    "exact_duplicates": "SELECT * FROM exact_duplicates ORDER BY page",
    "families": "SELECT * FROM families ORDER BY id",
    "family_members": "SELECT * FROM family_members ORDER BY page",
    "sentences": "SELECT * FROM sentences ORDER BY id",
    "sentence_pages": "SELECT * FROM sentence_pages ORDER BY sentence, page",
    "paraphrase_candidates": "SELECT * FROM paraphrase_candidates ORDER BY page, other",
    "text_pairs": "SELECT * FROM text_pairs ORDER BY page, other",
    "documents": "SELECT * FROM documents ORDER BY id",
}


DERIVED = (
    "documents", "exact_duplicates", "page_changes", "family_members", "families", "text_pairs",
    "paraphrase_candidates", "sentence_pages", "sentences", "topic_scores", "site_decisions", "relevance", "contents",
    "visit_judgements", "version_judgements", "topic_overrides", "claims", "claim_ledger", "codes", "reference_items",
    "version_regions", "claim_list", "claim_filters", "rotations",
)  # fmt: skip


def rows(db) -> dict[str, list[tuple]]:
    """Read all that the passes write."""
    return {name: db.execute(sql).fetchall() for name, sql in TABLES.items()}


@pytest.fixture
def db(tmp_path):
    """Open a corpus with four pages."""
    with corpus_of(tmp_path / "c.db", TEXTS) as corpus:
        yield corpus


def test_a_second_run_changes_nothing(db):
    """Where nothing is new, no pass writes a row."""
    before = rows(db)
    assert set(run_passes(db, RULES).values()) == {0}
    assert rows(db) == before


def test_the_whole_gives_what_the_parts_gave(db):
    """All that the passes wrote, taken away and worked out again, is the same."""
    before = rows(db)
    assert all(before[name] for name in ("versions", "version_judgements", "contents", "relevance", "documents"))
    forget_all(db)
    run_passes(db, RULES)
    assert rows(db) == before


def forget_all(db) -> None:
    """Take away all that passes write in tables of their own, and that they have written it."""
    for table in (*DERIVED, "pass_units"):
        db.execute(f"DELETE FROM {table}")


def test_the_order_of_arrival_does_not_matter(tmp_path):
    """The same pages in another order: the same documents, the same copies."""
    told = []
    for number, texts in enumerate((TEXTS, dict(reversed(TEXTS.items())))):
        with corpus_of(tmp_path / f"{number}.db", texts) as db:
            told.append(
                [db.execute(f"SELECT url FROM {view} ORDER BY url").fetchall() for view in ("corpus", "copies")]
            )
    assert told[0] == told[1]


def test_a_copy_is_named_and_not_in_the_corpus(db):
    """The shortest address is the document, the other one its copy; the parking page is off topic."""
    assert db.execute("SELECT url, copy_of, reason FROM copies WHERE reason = 'the same text'").fetchall() == [
        ("http://cedar-ketamine.example/copy/", "http://cedar-ketamine.example/a/", "the same text")
    ]
    urls = [url for (url,) in db.execute("SELECT url FROM corpus ORDER BY url")]
    assert urls == ["http://cedar-ketamine.example/a/", "http://cedar-ketamine.example/about/"]


def test_a_copy_that_changes_is_a_copy_no_longer(tmp_path):
    """A later crawl in which the copy says something of its own takes its mark away."""
    with closing(open_corpus(tmp_path / "c.db")) as db:
        crawl_texts(db, tmp_path / "c.db", TEXTS)
        crawl_texts(db, tmp_path / "c.db", TEXTS | {"/copy/": "Ketamine by post: " + ABOUT})
        assert db.execute("SELECT count(*) FROM exact_duplicates").fetchone() == (0,)
        assert db.execute("SELECT count(*) FROM corpus").fetchone() == (3,)


def test_a_line_that_a_site_took_from_all_its_pages_was_frame_before(tmp_path):
    """What a site dropped from its menu is no line that its pages had of their own in the weeks before."""
    said = {
        f"/{number}/": f"{ABOUT} Our room {number} looks at the {number}th tree of the garden." for number in range(6)
    }
    with closing(open_corpus(tmp_path / "c.db")) as db:
        crawl_texts(db, tmp_path / "c.db", {path: f"Whom We See\n{text}" for path, text in said.items()})
        crawl_texts(db, tmp_path / "c.db", {path: f"Our Visits\n{text}" for path, text in said.items()})
        own = {text for (text,) in db.execute("SELECT text FROM texts JOIN versions ON content_sha256 = sha256")}
        assert db.execute("SELECT count(*) FROM versions").fetchone() == (12,)
        assert not [text for text in own if "Whom We See" in text or "Our Visits" in text]


def test_a_page_that_is_gone_is_no_document(tmp_path):
    """Its versions stay; the table of current documents has it no longer."""
    with closing(open_corpus(tmp_path / "c.db")) as db:
        crawl_texts(db, tmp_path / "c.db", TEXTS)
        crawl_texts(db, tmp_path / "c.db", TEXTS | {"/about/": None})
        assert db.execute("SELECT count(*) FROM documents WHERE url LIKE '%/about/'").fetchone() == (0,)
        assert db.execute("SELECT count(*) FROM versions").fetchone() == (4,)


def test_another_topic_scores_anew(db):
    """A changed topic file changes every verdict, and the old file gives the old ones again."""
    other = Rules(topic=RULES.topic.replace("ketamine = 1", "acupuncture = 1"))
    keys = "SELECT unit, key FROM pass_units WHERE pass = 'topic_scores'"
    before = set(db.execute(keys))
    assert run_passes(db, other)["topic_scores"] > 0
    assert len(set(db.execute(keys)) - before) == db.execute("SELECT count(*) FROM versions").fetchone()[0]
    assert db.execute("SELECT count(*) FROM corpus").fetchone() == (0,)
    assert run_passes(db, RULES)["topic_scores"] > 0
    assert db.execute("SELECT count(*) FROM corpus").fetchone() == (2,)


def test_every_pass_is_told_of(db):
    """The summary names each pass in its order."""
    assert list(run_passes(db, RULES)) == [one.name for one in PASSES]


def test_every_table_that_passes_own_is_worked_out_again_in_these_tests():
    """None is left out above but what people write into too, and what no pass may take away."""
    owned = {table for one in PASSES for table in one.tables}
    assert owned - {"dynamic_content", "pages", "family_aliases"} == set(DERIVED)


def test_what_people_decide_for_a_host_holds_for_all_its_pages(tmp_path):
    """One decision on an advertiser settles each page of its sites, with who decided as the reason."""
    with corpus_of(tmp_path / "c.db", TEXTS) as db:
        advertiser = db.execute("SELECT advertiser FROM sites").fetchone()[0]
        decide_topic(tmp_path / "c.db", "advertiser", advertiser, "off topic")
        run_passes(db, RULES)
        verdicts = db.execute("SELECT DISTINCT verdict, verdict_reasons ->> 0 FROM versions").fetchall()
        assert verdicts == [("off topic", "decided for the whole host by one reader")]
        assert db.execute("SELECT count(*) FROM corpus").fetchone() == (0,)
