"""What a page shows beside its words, over several visits: told as an edit, or left out as what changes by itself."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

from crawler.engine.rule_files import load_rules
from db.corpus.connection import open_corpus
from db.passes.probes import learn_from
from pipelines.changes.region_hashes import region_hashes
from pipelines.model.records import Probe, ProbeKind, Reading
from tests.support.made_corpus import ABOUT, HOST, crawl_texts

DAYS = [f"2026-03-{day:02}T09:00:00+00:00" for day in (1, 8, 15, 22)]


def page(path: str, *, looked: bool = True, **details: str) -> Reading:
    """Make a page with a line in each of these regions; ``looked``: whether the reader looked for such regions."""
    text = f"The page {path}\n{ABOUT}"
    lines = tuple((region, (line,)) for region, line in details.items())
    made = Reading(text, path, words=len(text.split()), details=lines if looked else None)
    return replace(made, region_hashes=region_hashes(made))


def edits_of(folder, *visits: dict[str, Reading]) -> list[tuple[str, int, str]]:
    """Crawl a site as often, a week apart; gives the edits: path, crawl, regions."""
    with closing(open_corpus(folder / "c.db")) as db:
        for day, texts in zip(DAYS, visits, strict=False):
            crawl_texts(db, folder / "c.db", texts, now=day, rules=load_rules())
        sql = (
            "SELECT replace(url, 'http://' || ?, ''), changes.crawl, regions FROM page_changes AS changes"
            " JOIN pages ON pages.id = page WHERE changes.kind = 'edited' ORDER BY 2, 1"
        )
        return db.execute(sql, (HOST,)).fetchall()


def test_another_form_behind_the_same_words_is_an_edit_with_a_low_score(tmp_path):
    """And the same telephone number changed on all pages is one edit."""
    first = {f"/{name}": page(name, targets="Consent form → a.example/one.pdf") for name in "abc"}
    second = {f"/{name}": page(name, targets="Consent form → a.example/two.pdf") for name in "abc"}
    assert edits_of(tmp_path, first, second) == [(f"/{name}", 2, '["targets"]') for name in "abc"]
    with closing(open_corpus(tmp_path / "c.db")) as db:
        ((pages, score),) = db.execute("SELECT edit_pages, score FROM changes WHERE kind = 'edited'").fetchall()
    assert pages == 3
    assert 0.01 < score < 0.3


def test_telephone_numbers_of_several_pages_are_no_counter(tmp_path):
    """Another number on each page, as counters have, but a person can dial it."""
    visits = [{f"/{i}": page(str(i), targets=f"Call → tel:+1555010{i}{n}77") for i in range(1, 5)} for n in (3, 4)]
    assert len(edits_of(tmp_path, *visits)) == 4


def test_a_picture_that_comes_back_turns_by_itself(tmp_path):
    """The first other picture may be an edit; one that was there before is not."""
    visits = [{"/": page("home", pictures=name)} for name in ("sunrise", "harbour", "sunrise", "harbour")]
    assert edits_of(tmp_path, *visits) == [("/", 2, '["pictures"]')]


def test_a_reader_that_looks_for_more_makes_no_edit(tmp_path):
    """Neither where it finds such lines first, nor where an older one reads the page again."""
    old, new = ({"/": page("home", looked=looked, targets="A → b.example/c.pdf")} for looked in (False, True))
    assert edits_of(tmp_path, old, new, old, new) == []


def test_a_picture_that_was_another_moments_later_is_no_edit(tmp_path):
    """A repeat fetch of the first crawl showed it; the second crawl meets it, and says nothing."""
    with closing(open_corpus(tmp_path / "c.db")) as db:
        shown, again = (page("home", pictures=name) for name in ("sunrise", "harbour"))
        crawl_texts(db, tmp_path / "c.db", {"/": shown}, now=DAYS[0], rules=load_rules())
        probe = Probe(ProbeKind.AGAIN, 1, 1, f"http://{HOST}/", DAYS[0], DAYS[0], reading=again, outcome="read")
        assert learn_from(db, 1, probe) == 2
        db.commit()
        crawl_texts(db, tmp_path / "c.db", {"/": again}, now=DAYS[1], rules=load_rules())
        assert db.execute("SELECT count(*) FROM page_changes").fetchone() == (0,)
