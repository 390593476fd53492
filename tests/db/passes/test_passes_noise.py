"""Answers that are no change are judged so before anything reads them; what was captured stays, rules may change."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

from db.corpus.connection import open_corpus
from db.corpus.probes import insert_probe
from db.datasette.sites import read_site
from db.passes.driver import run_pass
from db.passes.noise import ANSWERS, NOISE, judge_site
from db.passes.probes import learn_from
from db.passes.registry import PASSES, run_passes
from db.schema.shape import CAPTURED
from pipelines.changes.noise_repeat_fetch import gap_between
from pipelines.model.records import Probe, ProbeKind, Reading
from tests.support.made_corpus import ABOUT, HOST, NOW, RULES, corpus_of, crawl_texts

SORRY = (
    "We are tidying up.\nOur web site is being painted, and the painter has gone for lunch. Call us in the meantime."
)
PAGES = {
    "/": f"Ketamine clinic\n{ABOUT}",
    "/a/": "Opening hours\nOn weekdays we open at nine and close at five, and on Saturdays nobody is here.",
    "/b/": "Parking\nThe yard behind the house has room for six cars, and the gate stands open until the evening.",
    "/c/": "Insurance\nMost plans leave you with the bill; our desk writes letters, and you send them on.",
}
DAYS = [f"2026-03-{day:02}T09:00:00+00:00" for day in (1, 8, 15, 22, 29)]
COUNTED = "The bell at our door has rung {} times."


def captured(db) -> dict[str, list[tuple]]:
    """Read all that was captured, but for how late it was confirmed."""
    return {
        table: db.execute(
            f"SELECT {', '.join(one for one in columns if one != 'last_confirmed')} FROM {table} ORDER BY 1, 2"
        ).fetchall()
        for table, columns in CAPTURED.items()
    }


def counted(*numbers: int) -> dict[str, str]:
    """Give the site's pages, each with its count of bells."""
    return {path: f"{text}\n{COUNTED.format(n)}" for (path, text), n in zip(PAGES.items(), numbers, strict=True)}


def edits(db) -> list[tuple[str, int]]:
    """Read which pages were edited, in which crawl."""
    sql = "SELECT url, own.crawl FROM page_changes AS own JOIN pages ON pages.id = page WHERE own.kind = 'edited'"
    return [(url.removeprefix(f"http://{HOST}"), crawl) for url, crawl in db.execute(f"{sql} ORDER BY 2, 1")]


def test_one_answer_in_the_place_of_many_pages_is_no_text_of_them(tmp_path):
    """Three pages that all say the same at once keep what they told, and the event is recorded; the answers are too."""
    with corpus_of(tmp_path / "c.db", PAGES) as db:
        crawl_texts(db, tmp_path / "c.db", PAGES | dict.fromkeys(("/a/", "/b/", "/c/"), SORRY))
        rows = db.execute(
            "SELECT url, kind FROM (SELECT pages.url, own.kind FROM page_changes AS own JOIN pages ON pages.id = page)"
        )
        told = dict(rows.fetchall())
        titles = db.execute(
            "SELECT title FROM versions JOIN pages ON pages.version = versions.id ORDER BY 1"
        ).fetchall()
        judged = db.execute(
            "SELECT verdict, reason, count(standing), count(*) FROM version_judgements WHERE standing IS NOT version"
            " GROUP BY 1, 2"
        ).fetchall()
        visits = db.execute(
            "SELECT outcome, captured_outcome, count(*) FROM visits WHERE reason LIKE '%answer stands%'"
        )
        assert visits.fetchall() == [("soft 404", "changed", 3)]
        assert db.execute("SELECT count(*) FROM captured_versions").fetchone() == (7,)
        assert db.execute("SELECT count(*), count(DISTINCT page) FROM versions").fetchone() == (4, 4)
        texts = "SELECT count(*) FROM readings JOIN texts ON sha256 = text_sha256 WHERE text = ?"
        assert db.execute(texts, (SORRY,)).fetchone() == (3,)
        assert db.execute("SELECT count(*) FROM pages WHERE state = 'gone' AND outcome = 'soft 404'").fetchone() == (3,)
    assert judged == [("soft 404", "the same answer stands in the place of 3 pages of the site", 3, 3)]
    assert told == {f"http://{HOST}{path}": "soft 404" for path in ("/a/", "/b/", "/c/")}
    assert [title for (title,) in titles] == ["Insurance", "Ketamine clinic", "Opening hours", "Parking"]


def test_two_pages_that_say_the_same_are_edited(tmp_path):
    """Fewer than three are no evidence: what they say now is reported as an edit."""
    with corpus_of(tmp_path / "c.db", PAGES) as db:
        crawl_texts(db, tmp_path / "c.db", PAGES | dict.fromkeys(("/a/", "/b/"), SORRY))
        assert {kind for (kind,) in db.execute("SELECT kind FROM page_changes AS changes")} == {"edited"}


def test_a_collapse_keeps_the_text(tmp_path):
    """A page of which a tenth is left has no new version; the row says how much is left."""
    with corpus_of(tmp_path / "c.db", PAGES) as db:
        crawl_texts(db, tmp_path / "c.db", PAGES | {"/": "Loading"})
        (row,) = db.execute("SELECT kind, reasons FROM page_changes AS changes").fetchall()
        assert row[0] == "collapsed"
        assert "1 words are left" in row[1]
        assert db.execute("SELECT count(*) FROM versions WHERE page = 1").fetchone() == (1,)
        assert db.execute("SELECT count(*) FROM captured_versions WHERE page = 1").fetchone() == (1,)


def test_a_full_run_gives_the_same_rows(tmp_path):
    """The pass over the whole history changes nothing, and keeps the ids."""
    with corpus_of(tmp_path / "c.db", PAGES) as db:
        crawl_texts(db, tmp_path / "c.db", PAGES | {"/a/": PAGES["/a/"].replace("nine", "ten")})
        before = db.execute("SELECT * FROM page_changes AS changes").fetchall()
        assert len(before) == 1
        for _ in range(2):
            run_passes(db, RULES)
            assert db.execute("SELECT * FROM page_changes AS changes").fetchall() == before
            db.execute("DELETE FROM pass_units WHERE pass = 'changes'")


def test_what_a_site_says_of_any_address_is_compared_whenever_it_comes(tmp_path):
    """An answer that comes after the passes judges the visits of its crawl, once; what they were captured as stays."""
    pages = PAGES | {"/a/": f"Rooms\n{ABOUT}"}
    visits = "SELECT visits.outcome, captured_outcome FROM visits JOIN pages ON pages.id = page WHERE url LIKE '%/a/'"
    with corpus_of(tmp_path / "c.db", pages) as db:
        crawl_texts(db, tmp_path / "c.db", pages | {"/a/": "Loading", "/b/": PAGES["/b/"].replace("six", "two")})
        assert db.execute(f"{visits} ORDER BY visits.crawl").fetchall()[-1] == ("collapsed", "collapsed")
        put_answer(db, Reading("Loading", "Loading", words=1))
        db.execute("UPDATE pages SET depth = 1 WHERE url LIKE '%/a/'")
        before = captured(db)
        run_passes(db, RULES)
        assert db.execute(f"{visits} ORDER BY visits.crawl").fetchall()[-1] == ("soft 404", "collapsed")
        assert captured(db) == before
        keys = db.execute("SELECT * FROM pass_units").fetchall()
        assert set(run_passes(db, RULES).values()) == {0}
        assert db.execute("SELECT * FROM pass_units").fetchall() == keys


def put_answer(db, answer: Reading, crawl: int = 2) -> None:
    """Store what the site answers, in a crawl, for an address that nobody can know."""
    url = f"http://{HOST}/xqz/"
    assert insert_probe(db, crawl, Probe(ProbeKind.MISSING, 1, 1, url, NOW, NOW, reading=answer, outcome="read"))


def test_the_answers_of_a_crawl_are_found_without_reading_those_of_others(tmp_path):
    """By crawl and site, over an index: the texts of a long history are not gone through."""
    with corpus_of(tmp_path / "c.db", PAGES) as db:
        plan = [step for *_, step in db.execute(f"EXPLAIN QUERY PLAN {ANSWERS}", (1, 1)).fetchall()]
    assert [step for step in plan if "SEARCH probes" in step]
    assert not [step for step in plan if "SCAN probes" in step]


def test_a_shrug_that_stands_for_a_page_is_judged_and_stays_captured(tmp_path):
    """The version that shows it has no part in views; what confirms it later says nothing of the page either."""
    shrug = "Our shelves are many, and whatever was here may have been sold to somebody before you came by today."
    seen = "SELECT visits.outcome, captured_outcome FROM visits JOIN pages ON pages.id = page WHERE url LIKE '%/a/'"
    with corpus_of(tmp_path / "c.db", PAGES) as db:
        db.execute("UPDATE pages SET depth = 1 WHERE url LIKE '%/a/'")
        for day in DAYS[1:3]:
            crawl_texts(db, tmp_path / "c.db", PAGES | {"/a/": shrug}, now=day)
        put_answer(db, Reading(shrug, shrug, words=len(shrug.split())))
        assert edits(db) == [("/a/", 2)]
        run_passes(db, RULES)
        assert edits(db) == []
        assert db.execute(f"{seen} ORDER BY visits.crawl").fetchall() == [
            ("new", "new"), ("soft 404", "changed"), ("soft 404", "unchanged"),
        ]  # fmt: skip
        ((verdict, standing, reason),) = db.execute(
            "SELECT verdict, standing, reason FROM version_judgements WHERE verdict != 'stands'"
        )
        title = "SELECT title, last_confirmed FROM versions WHERE id = ?"
        assert (verdict, db.execute(title, (standing,)).fetchone()) == ("soft 404", ("Opening hours", NOW))
        assert "(probe 1)" in reason
        assert db.execute("SELECT state, version FROM pages WHERE url LIKE '%/a/'").fetchone() == ("gone", standing)
        assert db.execute("SELECT last_confirmed FROM captured_versions ORDER BY id DESC").fetchone() == (DAYS[2],)
        crawl_texts(db, tmp_path / "c.db", PAGES, now=DAYS[3])
        assert db.execute("SELECT state, version FROM pages WHERE url LIKE '%/a/'").fetchone() == ("live", standing)
        assert db.execute(title, (standing,)).fetchone() == ("Opening hours", DAYS[3])


def test_counters_are_judged_and_their_versions_stay_captured(tmp_path):
    """A number of its own on each page is no edit: the first version stands, and the others confirm it."""
    with closing(open_corpus(tmp_path / "c.db")) as db:
        for day, numbers in zip(DAYS, ((1, 2, 3, 4), (15, 26, 37, 48), (151, 262, 373, 484)), strict=False):
            crawl_texts(db, tmp_path / "c.db", counted(*numbers), now=day)
        assert edits(db) == []
        judged = db.execute(
            "SELECT verdict, reason, count(*) FROM version_judgements GROUP BY 1, 2 ORDER BY min(version)"
        ).fetchall()
        assert [(verdict, count) for verdict, _, count in judged] == [
            ("stands", 4),
            ("dynamic content", 4),
            ("dynamic content", 4),
        ]
        assert all(
            "only what changes by itself: 2 lines" in reason for verdict, reason, _ in judged if verdict != "stands"
        )
        assert db.execute("SELECT count(*) FROM captured_versions").fetchone() == (12,)
        assert db.execute("SELECT count(*), min(last_confirmed) FROM versions").fetchone() == (4, DAYS[2])
        assert db.execute(
            "SELECT visits.outcome, captured_outcome, count(*) FROM visits JOIN pages ON pages.id = page"
            " WHERE pages.kind = 'page' AND visits.crawl = 3 AND visits.outcome != 'trap' GROUP BY 1, 2"
        ).fetchall() == [("unchanged", "changed", 4)]


def hide_every_edit(rules, loaded):
    """Judge a site by a rule that is worse than ours: whatever differs from what stood before is dynamic content."""
    judged = judge_site(rules, loaded)
    before = {version: earlier for version, earlier, *_ in loaded.pages.values()}
    verdicts = (
        one._replace(verdict="dynamic content", standing=before[one.version], reason="hidden by a worse rule")
        if one.verdict == "stands" and one.version in before
        else one
        for one in judged.verdicts
    )
    return replace(judged, verdicts=tuple(verdicts))


WORSE = replace(NOISE, version=NOISE.version + 1, work=hide_every_edit)
SHOWN = {
    "changes": "SELECT * FROM page_changes AS changes ORDER BY page, crawl, kind",
    "versions": "SELECT * FROM versions ORDER BY id",
    "visits": "SELECT * FROM visits ORDER BY crawl, page",
    "documents": "SELECT * FROM documents ORDER BY id",
    "corpus": "SELECT * FROM corpus ORDER BY url",
    "pages": "SELECT id, version, latest, state, outcome, reason FROM pages ORDER BY id",
}


def shown(db) -> dict[str, list[tuple]]:
    """Read what people see, and the ids of changes left out: rows that went and came again have others."""
    found = {name: db.execute(sql).fetchall() for name, sql in SHOWN.items()}
    return found | {"changes": [row[1:] for row in found["changes"]]}


def test_a_better_rule_gives_back_what_a_worse_one_hid(tmp_path):
    """With the rule replaced the version and its change are there as if it had never been; nothing is fetched."""
    with corpus_of(tmp_path / "c.db", PAGES) as db:
        for day, hour in zip(DAYS[1:4], ("ten", "ten", "eleven"), strict=True):
            crawl_texts(db, tmp_path / "c.db", PAGES | {"/a/": PAGES["/a/"].replace("nine", hour)}, now=day)
        right, evidence = shown(db), captured(db)
        assert edits(db) == [("/a/", 2), ("/a/", 4)]
        for one in (WORSE, *PASSES[1:]):
            run_pass(db, one, RULES)
        assert (edits(db), captured(db)) == ([], evidence)
        page = db.execute("SELECT id, version, latest FROM pages WHERE url LIKE '%/a/'").fetchone()
        assert db.execute("SELECT id FROM versions WHERE page = ?", page[:1]).fetchall() == [(page[1],)]
        assert page[1] != page[2]
        files = {path.name: path.stat() for path in (tmp_path / "c.warc").iterdir()}
        run_passes(db, RULES)
        assert (shown(db), captured(db)) == (right, evidence)
        assert {path.name: path.stat() for path in (tmp_path / "c.warc").iterdir()} == files


def test_a_mask_that_a_person_switches_off_gives_back_the_edit_that_it_hid(tmp_path):
    """An edit of a number that counted once is hidden, since it is known as a counter, and told when that is off."""
    with closing(open_corpus(tmp_path / "c.db")) as db:
        for day, numbers in zip(DAYS, ((1, 2, 3, 4), (15, 26, 37, 48), (15, 26, 37, 900)), strict=False):
            crawl_texts(db, tmp_path / "c.db", counted(*numbers), now=day)
        evidence = captured(db)
        assert db.execute("SELECT pattern, crawl, active FROM dynamic_content").fetchall() == [
            (COUNTED.format(0), 2, 1)
        ]
        assert edits(db) == []
        db.execute("UPDATE dynamic_content SET active = 0")
        run_passes(db, RULES)
        assert edits(db) == [("/c/", 3)]
        stands = db.execute("SELECT version FROM pages WHERE url LIKE '%/c/'").fetchone()
        assert db.execute(
            "SELECT version FROM version_judgements WHERE verdict = 'stands' AND version = ?", stands
        ).fetchone()
        assert captured(db) == evidence
        db.execute("UPDATE dynamic_content SET active = 1")
        run_passes(db, RULES)
        assert edits(db) == []


def test_what_a_person_switched_off_is_not_learned_again(tmp_path):
    """The form counts on several pages once more: it is hidden there by that evidence, and the mask stays off."""
    with closing(open_corpus(tmp_path / "c.db")) as db:
        for day, numbers in zip(DAYS, ((1, 2, 3, 4), (15, 26, 37, 48)), strict=False):
            crawl_texts(db, tmp_path / "c.db", counted(*numbers), now=day)
        db.execute("UPDATE dynamic_content SET active = 0")
        crawl_texts(db, tmp_path / "c.db", counted(151, 262, 373, 484), now=DAYS[2])
        crawl_texts(db, tmp_path / "c.db", counted(151, 262, 373, 900), now=DAYS[3])
        masks = "SELECT pattern, crawl, active FROM dynamic_content"
        assert db.execute(masks).fetchall() == [(COUNTED.format(0), 2, 0)]
        assert edits(db) == [("/c/", 4)]
        db.execute("DELETE FROM pass_units")
        run_passes(db, RULES)
        assert db.execute(masks).fetchall() == [(COUNTED.format(0), 2, 0)]
        run_pass(db, replace(NOISE, version=NOISE.version + 1, work=learn_nothing), RULES)
        assert db.execute(masks).fetchall() == [(COUNTED.format(0), 2, 0)]


def learn_nothing(rules, loaded):
    """Judge a site by a rule that takes nothing for dynamic content lastingly."""
    return replace(judge_site(rules, loaded), held={})


def test_another_triage_file_gives_back_what_it_calls_a_claim(tmp_path):
    """Names that are others on each page are hidden until the triage file says that such a line matters."""
    pages = {path: f"{text}\nOn duty now: {{}}." for path, text in PAGES.items()}
    names = (("Dana", "Luis", "Mara", "Ivo"), ("Edna", "Olaf", "Nils", "Greta"))
    matters = replace(RULES, triage='[[cues]]\nname = "staff"\nweight = 0.5\npattern = "on duty"\n')
    with closing(open_corpus(tmp_path / "c.db")) as db:
        for day, given in zip(DAYS, names, strict=False):
            said = {path: text.format(name) for (path, text), name in zip(pages.items(), given, strict=True)}
            crawl_texts(db, tmp_path / "c.db", said, now=day)
        evidence = captured(db)
        assert edits(db) == []
        run_passes(db, matters)
        assert edits(db) == [(path, 2) for path in PAGES]
        assert captured(db) == evidence
        run_passes(db, RULES)
        assert edits(db) == []


def test_a_site_s_page_says_forms_as_they_are_and_lines_by_an_example(tmp_path):
    """Forms and places come first, in one line with their marks; a pattern without a mark is told by what was seen."""
    patterns = ("waiting: 0", gap_between("Above", "Below"))
    with corpus_of(tmp_path / "c.db", PAGES) as db:
        db.row_factory = sqlite3.Row
        db.executemany(
            "INSERT INTO dynamic_content (site, region, pattern, example, why, crawl, pages)"
            " VALUES (1, 'text', ?, 'seen', '', 1, 9)",
            [(pattern,) for pattern in patterns],
        )
        site = read_site(db, 1)
    assert [row["example"] for row in site.dynamic_content] == ["Above ⟨…⟩ Below", "seen"]


def test_a_repeat_fetch_teaches_nothing_that_a_person_switched_off(tmp_path):
    """What two fetches moments apart showed is learned once, and not at all where a person has said no to it."""
    text = f"{ABOUT}\nThe red lamp of room b is lit.\nAsk for us at the desk."
    with corpus_of(tmp_path / "c.db", {"/": text}) as db:
        again = Reading(text.replace("red", "blue").replace("room b", "room d"), "Ketamine", words=len(text.split()))
        probe = Probe(ProbeKind.AGAIN, 1, 1, f"http://{HOST}/", NOW, NOW, reading=again, outcome="read")
        learned = learn_from(db, 1, probe)
        assert learned > 0
        assert learn_from(db, 1, probe) == 0
        db.execute("UPDATE dynamic_content SET active = 0, observed = 0")
        assert learn_from(db, 1, probe) == 0
        assert db.execute("SELECT count(*), sum(active) FROM dynamic_content").fetchone() == (learned, 0)
