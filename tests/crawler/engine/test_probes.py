"""Probes: a host's way to say "not found", and repeat fetches; stored as evidence, never as pages."""

from __future__ import annotations

import asyncio
import itertools
import re
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from types import SimpleNamespace

import pytest

from db.datasette.serve import datasette_of
from tests.support.command import clinicwatch, crawl, seeds_file
from tests.support.rows_by_hand import unlocked
from tests.support.web import Answer, html, prose, serving

HOME = "http://yes.example/"
# an answer to unknown addresses that no wording gives away, with the address in it
SHRUG = "Our little shop has many shelves, and what was on {} may have been sold to somebody before you came by today."


class Yes:
    """A site that answers 200 to every address; what it does not have gets a shrug."""

    def __init__(self, pages: tuple[str, ...], robots: str = "", times: int = 1) -> None:
        self.pages = pages
        self.robots = robots
        self.times = times
        self.gone: frozenset[str] = frozenset()

    def __call__(self, url: str) -> Answer | None:
        """Answer one address."""
        path = "/" + url.split("/", 3)[3]
        if path == "/robots.txt":
            return Answer(self.robots.encode(), headers={"Content-Type": "text/plain"}) if self.robots else None
        if path == "/sitemap.xml":
            return None
        if path == "/" or (path in self.pages and path not in self.gone):
            return Answer(html(f"Ketamine {path}", prose(path), self.pages))
        return Answer(html("Come in", [SHRUG.format(path)] * self.times))


def result(db) -> SimpleNamespace:
    """Read what the corpus tells of its last crawl."""
    with closing(sqlite3.connect(db)) as corpus:
        return SimpleNamespace(
            probes=corpus.execute("SELECT kind, url, outcome, status, warc_file FROM probes ORDER BY id").fetchall(),
            changes=corpus.execute(
                "SELECT url, changes.kind, changes.reasons FROM page_changes AS changes JOIN pages ON pages.id = page"
            ).fetchall(),
            pages=dict(corpus.execute("SELECT url, outcome FROM pages").fetchall()),
            collapses=corpus.execute("SELECT url, text FROM collapses JOIN pages ON pages.id = page").fetchall(),
            captured=corpus.execute("SELECT count(*), count(DISTINCT page) FROM captured_versions").fetchone(),
            versions=dict(
                corpus.execute("SELECT url, count(*) FROM versions JOIN pages ON pages.id = page GROUP BY 1").fetchall()
            ),
            visits=corpus.execute(
                "SELECT max(n) FROM (SELECT count(*) AS n FROM visits GROUP BY crawl, page)"
            ).fetchone(),
            masks=corpus.execute("SELECT pattern, why FROM dynamic_content").fetchall(),
        )


@pytest.fixture(scope="module", params=[1, 4], ids=["a short shrug", "a long one"])
def vanished(request, tmp_path_factory):
    """Crawl a site twice; between the crawls one page goes, and its address is answered with a shrug."""
    folder, site = tmp_path_factory.mktemp("yes"), Yes(("/p/1", "/p/2", "/p/3"), times=request.param)
    db, seeds = folder / "c.db", seeds_file(folder, HOME)
    with serving(site) as web:
        crawl(db, seeds, web.proxy)
        first = result(db)
        site.gone = frozenset({"/p/2"})
        web.requests.clear()
        done = crawl(db, seeds, web.proxy, "--all")
    return SimpleNamespace(db=db, first=first, second=result(db), requested=web.requests, output=done.stdout)


def test_a_page_that_says_what_any_address_says_is_a_soft_404(vanished):
    """No wording gives the answer away: the site itself does, requested for an address that nobody can know."""
    ((url, kind, reasons),) = vanished.second.changes
    assert (url, kind) == (f"{HOME}p/2", "soft 404")
    assert "an address that nobody can know" in reasons


def test_the_page_keeps_what_it_told(vanished):
    """The shrug is no version of the page, however long it is; what it said is stored all the same."""
    assert set(vanished.second.versions.values()) == {1}
    versions, pages = vanished.second.captured
    assert pages == 4
    assert versions - pages + len(vanished.second.collapses) == 1


def test_a_probe_is_evidence_and_no_page(vanished):
    """Its bytes are archived and its address is stored; it is no page, no visit, and no part of the funnel."""
    ((kind, url, outcome, status, file),) = vanished.second.probes[:1]
    assert (kind, outcome, status, bool(file)) == ("soft-404 probe", "read", 200, True)
    assert url.startswith(f"{HOME}p/")
    assert url not in vanished.second.pages
    assert "beside the visits: 1 soft-404 probe" in vanished.output


def test_a_probe_is_asked_once_and_without_condition(vanished):
    """One request of a crawl that had cause, and none of the crawl that had none."""
    probes = [headers for url, headers in vanished.requested if url == vanished.second.probes[0][1]]
    assert len(probes) == 1
    assert not {"If-None-Match", "If-Modified-Since"} & probes[0].keys()
    assert vanished.first.probes == []


def test_verify_reads_the_bytes_of_probes(vanished):
    """All is well with them in place; where the row of one says another digest, the probe is named."""
    assert clinicwatch("verify", "--db", vanished.db).returncode == 0
    with closing(sqlite3.connect(vanished.db)) as corpus:
        (digest,) = corpus.execute("SELECT body_sha256 FROM probes WHERE id = 1").fetchone()
        with unlocked(corpus):
            corpus.execute("UPDATE probes SET body_sha256 = 'x' WHERE id = 1")
        corpus.commit()
        broken = clinicwatch("verify", "--db", vanished.db)
        with unlocked(corpus):
            corpus.execute("UPDATE probes SET body_sha256 = ? WHERE id = 1", (digest,))
        corpus.commit()
    assert broken.returncode == 1
    assert "probe 1 (" in broken.stdout + broken.stderr


def test_reading_everything_again_gives_the_same(vanished, tmp_path):
    """What the site answers to any address is compared with all that is read anew: a rebuild changes nothing."""
    shutil.copytree(vanished.db.parent, tmp_path / "copy")
    db = tmp_path / "copy" / "c.db"
    assert clinicwatch("rebuild", "--all", "--db", db).returncode == 0
    assert vars(result(db)) == vars(vanished.second)


def test_dead_links_of_a_first_crawl_are_no_documents(tmp_path):
    """Addresses that all say the same at a first crawl are measured against the site's answer too; home is not."""
    site = Yes(("/p/1", "/p/2", "/p/3", "/p/4"))
    site.gone = frozenset({"/p/2", "/p/3", "/p/4"})
    with serving(site) as web:
        crawl(tmp_path / "c.db", seeds_file(tmp_path, HOME), web.proxy)
    found = result(tmp_path / "c.db")
    assert {url: outcome for url, outcome in found.pages.items() if "/p/" in url or url == HOME} == {
        HOME: "new",
        f"{HOME}p/1": "new",
        **{f"{HOME}p/{number}": "soft 404" for number in (2, 3, 4)},
    }
    assert found.versions.keys() == {HOME, f"{HOME}p/1"}
    assert clinicwatch("verify", "--db", tmp_path / "c.db").returncode == 0


def test_a_probe_that_robots_txt_forbids_is_not_asked(tmp_path):
    """Robots.txt names what may be fetched; the address beside it is not requested, and that is recorded."""
    site = Yes(("/p/1", "/p/2"), "User-agent: *\nAllow: /p/1\nAllow: /p/2\nDisallow: /p/")
    db, seeds = tmp_path / "c.db", seeds_file(tmp_path, HOME)
    with serving(site) as web:
        crawl(db, seeds, web.proxy)
        site.gone = frozenset({"/p/2"})
        crawl(db, seeds, web.proxy, "--all")
        ((kind, url, outcome, status, _),) = result(db).probes[:1]
        assert (kind, outcome, status) == ("soft-404 probe", "robots disallowed", None)
        assert url not in web.hits


def test_a_person_sees_what_was_asked_and_when_a_page_is_visited_again(vanished):
    """The site's page lists the question with its address; a document's page says its next visit and its rhythm."""
    datasette = datasette_of(vanished.db)
    site, document = (asyncio.run(datasette.client.get(f"/c/{path}")).text for path in ("sites/1", "documents/1"))
    assert "soft-404 probe" in site
    assert vanished.second.probes[0][1].removeprefix(HOME) in site
    assert "Next visit" in document
    assert re.search(r"a visit every [\d.]+ days", document)


class Restless:
    """Eight pages with a line that is another at every request, in words that no rule knows."""

    def __init__(self) -> None:
        self.requests = itertools.count()
        self.edited = False

    def __call__(self, url: str) -> Answer | None:
        """Answer one address."""
        path = "/" + url.split("/", 3)[3]
        if path not in {"/", *(f"/p/{number}" for number in range(8))}:
            return None
        number = next(self.requests)
        lamp, room = ("red", "blue", "old", "new", "tall", "round")[number % 6], "abcdefg"[number % 7]
        result = f"The {lamp} lamp of room {room} is lit."
        words = [*prose(path), *(["We moved the bell to the green door."] if self.edited and path == "/p/3" else [])]
        return Answer(
            html(f"Ketamine {path}", [*words, result, "Ask for us at the desk."], [f"/p/{one}" for one in range(8)])
        )


@pytest.fixture(scope="module")
def restless(tmp_path_factory):
    """Crawl the restless site three times; one page is edited before the second crawl."""
    folder, site = tmp_path_factory.mktemp("restless"), Restless()
    db, seeds, crawls = folder / "c.db", seeds_file(folder, "http://restless.example/"), []
    with serving(site) as web:
        for edited in (False, True, True):
            site.edited = edited
            crawl(db, seeds, web.proxy, *(["--all"] if crawls else []))
            crawls.append(result(db))
    return crawls


def test_what_differs_between_two_looks_is_noise(restless):
    """The edit is reported; the line that is another at every request is not, on whichever page."""
    assert {(url, kind) for url, kind, _ in restless[-1].changes} == {("http://restless.example/p/3", "edited")}


def test_what_looks_taught_is_a_mask_with_its_reason(restless):
    """A person sees the form of the line, and that a repeat fetch so many seconds later showed another."""
    reasons = dict(restless[1].masks)
    forms = [pattern for pattern in reasons if "lamp of room ⟨…⟩" in pattern]
    assert forms
    assert "repeat fetch" in reasons[forms[0]]


def test_repeat_fetches_are_few_and_no_visits(restless):
    """Two of nine pages are requested twice in a crawl that had to learn, none where all is known; visits stay one."""
    assert restless[0].probes == []
    assert len(restless[1].probes) == 2
    assert len(restless[2].probes) == 2
    assert {kind for kind, *_ in restless[2].probes} == {"repeat fetch"}
    assert restless[2].visits == (1,)


class Tired(Restless):
    """A restless site that answers a repeat fetch with a status alone."""

    def __init__(self, status: int) -> None:
        super().__init__()
        self.status = status
        self.seen: Counter[str] = Counter()

    def __call__(self, url: str) -> Answer | None:
        """Answer one address: the second time within a crawl, with the status."""
        self.seen[url] += 1
        if self.seen[url] > 1 and not url.endswith(".txt"):
            return Answer(b"Slow down.", self.status, {"Retry-After": "3600"} if self.status == 429 else {})
        return super().__call__(url)


@pytest.mark.parametrize(("status", "outcome"), [(429, "rate limited"), (500, "server error")])
def test_a_site_in_trouble_is_asked_one_question_and_the_site_beside_it_all_of_its_own(tmp_path, status, outcome):
    """After a 429 or an error no repeat fetch follows in that crawl, in no round; other sites get more."""
    tired, well = Tired(status), Restless()
    db, seeds = tmp_path / "c.db", seeds_file(tmp_path, "http://tired.example/", "http://well.example/")
    with serving(lambda url: (tired if "//tired." in url else well)(url)) as web:
        crawl(db, seeds, web.proxy)
        tired.seen.clear()
        crawl(db, seeds, web.proxy, "--all")
    probes = [(url.split("/")[2], kind, outcome) for kind, url, outcome, *_ in result(db).probes]
    assert [probe for probe in probes if probe[0] == "tired.example"] == [("tired.example", "repeat fetch", outcome)]
    assert [probe for probe in probes if probe[0] == "well.example"] == [("well.example", "repeat fetch", "read")] * 2


def test_a_question_that_cannot_be_stored_ends_the_crawl_and_the_next_run_asks_it(tmp_path):
    """The command says what is wrong and ends, where it would wait for the answer for ever; nothing is lost."""
    site = Restless()
    db, seeds = tmp_path / "c.db", seeds_file(tmp_path, "http://restless.example/")
    with serving(site) as web, closing(sqlite3.connect(db, isolation_level=None)) as corpus:
        crawl(db, seeds, web.proxy)
        corpus.execute("CREATE TRIGGER full BEFORE INSERT ON probes BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
        arguments = ("crawl", "--seeds", seeds, "--db", db, "--all", "-s", "DOWNLOAD_DELAY=0")
        failed = clinicwatch(*arguments, proxy=web.proxy, timeout=60)
        corpus.execute("DROP TRIGGER full")
        assert failed.returncode != 0
        assert "disk is full" in failed.stderr
        assert crawl(db, seeds, web.proxy, "--all").returncode == 0
    assert [kind for kind, *_ in result(db).probes] == ["repeat fetch"] * 2
