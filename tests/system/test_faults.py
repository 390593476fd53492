"""Whole crawls of a web where every host is broken in its own way: each page ends in its outcome, none leads astray."""

from __future__ import annotations

import gzip
import sqlite3
import sys
import time
from collections import Counter
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from crawler.spiders.sites import validators
from db.corpus.connection import evidence_folder
from db.datasette.archive import read_record, read_source
from pipelines.model.records import Page
from pipelines.reading.sitemap import USUAL_PLACES
from tests.support.command import clinicwatch, seeds_file, start
from tests.support.fault_server import FAULTS, ODD_HEADERS, PAGE, running

QUICK = ["-s", "DOWNLOAD_DELAY=0", "-s", "DOWNLOAD_TIMEOUT=4", "-s", "ROBOTS_TIMEOUT=2", "-s", "CRAWL_DELAY_MAX=2"]

KEPT_REDIRECTS = {"loop", "site", "nowhere", "bytes"}
OUTCOMES = {
    "robots disallowed": [
        *("robots-disallow", "robots-disallow-us", "robots-bom", "robots-utf16", "robots-long", "robots-redirect"),
        *("robots-redirect-utf8", "robots-disallow-version"),
    ],
    "robots unreachable": [
        "robots-429",
        "robots-500",
        "robots-503",
        "robots-hang",
        "robots-reset",
        "robots-nothing",
        "robots-garbage",
        "robots-redirect-loop",
        "robots-redirect-loopback",
        "robots-redirect-file",
        "robots-truncated",
        "robots-bomb",
    ],
    "redirected": ["redirect-site", "redirect-bytes"],
    "unsafe address": [name for name in FAULTS if name.startswith("redirect-") and name[9:] not in KEPT_REDIRECTS],
    "too large": ["bomb-gzip", "bomb-brotli", "too-large", "endless"],
    "truncated": ["truncated-length", "truncated-chunked", "truncated-gzip", "wrong-checksum"],
    "timed out": ["hang", "slow"],
    "unreachable": ["garbage", "huge-header", "header-name", "reset"],
    "client error": ["redirect-nowhere", "redirect-loop"],
    "server error": ["error-500"],
    "blocked": ["forbidden"],
    "gone": ["gone"],
    "unreadable": ["not-gzip"],
    "no text": ["empty", "empty-site", "pdf"],
    "new": [
        *("robots-404", "robots-401", "robots-403", "robots-html", "robots-503-once", "robots-private"),
        *("robots-delay", "robots-delay-year", "unsafe-links", "deflate", "brotli", "wrong-charset", "bogus-charset"),
        *("nul-bytes", "octet-stream", "no-type", "deep", "attributes", "many-headers", "retry-after"),
        "retry-after-503",
        "says-yes",
        "header-bytes",
    ],
}
PAIRS = [(name, outcome) for outcome, names in OUTCOMES.items() for name in names]
ELSEWHERE = {"retry-after-hour", "no-host"}


class Crawled:
    """A crawl of all faults: what the command said, what the server saw, what the corpus holds."""

    def __init__(self, web, folder):
        self.web = web
        self.seeds = seeds_file(folder, *(web.url(name) for name in FAULTS))
        self.db = folder / "corpus.db"
        self.command = clinicwatch("crawl", "--seeds", self.seeds, "--db", self.db, *QUICK, proxy=web.proxy)

    def rows(self, sql, *values):
        """Ask the corpus."""
        with closing(sqlite3.connect(f"file:{self.db}?mode=ro", uri=True)) as db:
            return db.execute(sql, values).fetchall()

    def page(self, fault, path="/"):
        """Give the outcome, the reason and the state of a page."""
        return self.rows("SELECT outcome, reason, state FROM all_pages WHERE url = ?", self.web.url(fault, path))[0]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    """Crawl all faults once."""
    with running() as web:
        yield Crawled(web, tmp_path_factory.mktemp("faults"))


def test_every_fault_has_its_outcome_here():
    """A fault that is added to the server is given an outcome in this file, once."""
    assert Counter(name for name, _ in PAIRS) == Counter(set(FAULTS) - ELSEWHERE)


def test_the_crawl_ends_by_itself_and_its_funnel_balances(crawled):
    """No broken host stops the run or keeps it from ending."""
    assert crawled.command.returncode == 0, crawled.command.stderr
    assert "the funnel balances" in crawled.command.stdout
    assert "Traceback" not in crawled.command.stderr


@pytest.mark.parametrize(("fault", "outcome"), PAIRS)
def test_each_fault_ends_in_its_outcome(crawled, fault, outcome):
    """A page ends as what happened to it, and never as something better."""
    assert crawled.page(fault)[0] == outcome


@pytest.mark.parametrize("fault", OUTCOMES["robots unreachable"] + OUTCOMES["robots disallowed"])
def test_without_leave_only_robots_txt_is_asked_for(crawled, fault):
    """Robots.txt that answers 5xx, nothing or no: no page and no sitemap of the host is fetched, the reason is told."""
    assert set(crawled.web.hits(fault)) <= {"/robots.txt", "/rules.txt", "/r%C3%A8gles.txt"}
    assert "robots.txt" in crawled.page(fault)[1]


def test_nobody_is_led_inside(crawled):
    """Links and redirects to files, loopback, private and link-local addresses: nothing was asked of them."""
    assert not crawled.web.strays()
    assert not crawled.rows(
        "SELECT 1 FROM texts WHERE text LIKE '%Nobody outside this machine%' OR text LIKE '%root:%'"
    )


def test_header_values_are_archived_as_their_bytes(crawled):
    """Bytes that are no text end no crawl: the record holds them as they were sent, and every reader of it copes."""
    sql = "SELECT * FROM captures WHERE url = ?"
    with closing(sqlite3.connect(f"file:{crawled.db}?mode=ro", uri=True)) as db:
        db.row_factory = sqlite3.Row
        (capture,) = db.execute(sql, (crawled.web.url("header-bytes"),)).fetchall()
    head = gzip.decompress(read_record(evidence_folder(crawled.db), capture)).partition(PAGE)[0]
    assert {value for _, value in ODD_HEADERS if b": " + value + b"\r\n" not in head} == set()
    assert read_source(evidence_folder(crawled.db), capture).body == PAGE
    verified = clinicwatch("verify", "--db", crawled.db)
    assert (verified.returncode, "all is well" in verified.stdout) == (0, True), verified.stdout


def test_validators_go_back_in_the_bytes_in_which_they_came(crawled):
    """An ETag beyond ASCII is sent as it was got; robots.txt with such headers is read like any other."""
    assert crawled.page("header-bytes", "/second")[0] == "robots disallowed"
    page = Page(1, "http://a.example/", 1, "a.example", etag='"caf\xe9"', last_modified="1\xba marzo")
    assert validators(page) == {"If-None-Match": b'"caf\xe9"', "If-Modified-Since": b"1\xba marzo"}


def test_a_redirect_is_followed_to_the_bytes_that_it_names(crawled):
    """An unescaped address is UTF-8 where its bytes are that, and goes out as the same bytes where they are not."""
    assert {"/caf%C3%A9", "/th%E9"} <= set(crawled.web.hits("redirect-bytes"))
    assert crawled.page("redirect-bytes", "/th%E9")[0] == "new"


def test_a_redirect_to_elsewhere_does_not_widen_the_site(crawled):
    """A home page that redirects to another machine does not make that machine a part of the clinic's site."""
    assert not crawled.rows("SELECT host FROM hosts WHERE host NOT LIKE '%.fault.example'")


@pytest.mark.parametrize("fault", OUTCOMES["truncated"] + OUTCOMES["too large"] + OUTCOMES["unreadable"])
def test_a_damaged_body_is_no_page(crawled, fault):
    """What arrived of a truncated or oversized page is never read as if it were the page."""
    url = crawled.web.url(fault)
    assert not crawled.rows("SELECT 1 FROM versions JOIN pages ON pages.id = versions.page WHERE pages.url = ?", url)


@pytest.mark.parametrize("fault", ["retry-after", "retry-after-503"])
def test_retry_after_is_waited_for(crawled, fault):
    """A host that asks for two seconds gets them, and its page is read afterwards."""
    moments = [when for when, host, path in crawled.web.log if host.startswith(f"{fault}.") and path == "/"]
    assert len(moments) == 2
    assert moments[1] - moments[0] > 1.7


def test_a_host_that_asks_for_an_hour_is_left_alone(crawled):
    """Its page stays in the queue, the crawl ends without it and says so."""
    assert crawled.web.hits("retry-after-hour")["/"] == 1
    assert crawled.page("retry-after-hour")[::2] == (None, "queued")
    assert "left for the next crawl: retry-after-hour.fault.example" in crawled.command.stdout


def test_crawl_delay_is_kept_between_all_requests_to_a_host(crawled):
    """Robots.txt, sitemap and pages of a host that asks for two seconds come two seconds apart."""
    moments = crawled.web.times("robots-delay")
    assert min(later - earlier for earlier, later in pairwise(moments)) > 1.7


def test_a_host_that_says_yes_to_everything_is_found_out(crawled):
    """Asked once for an address that nobody can know, it says what its dead links say: these are no pages."""
    shelves = ("/shelf/one", "/shelf/two", "/shelf/three")
    assert {crawled.page("says-yes", path)[0] for path in shelves} == {"soft 404"}
    asked = crawled.web.hits("says-yes")
    assert len(asked.keys() - {"/", "/robots.txt", *USUAL_PLACES, "/second", *shelves}) == 1
    assert max(asked.values()) == 1


def test_no_decompression_bomb_takes_the_memory(crawled):
    """2.5 GiB of zeros stay in the archive as the 2 MB that they were sent as."""
    sizes = crawled.rows("SELECT max(body_bytes) FROM captures WHERE url LIKE '%bomb%'")
    assert 0 < sizes[0][0] < 3_000_000


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc to find listening sockets")
def test_a_running_crawl_listens_on_no_port(tmp_path):
    """Neither Scrapy's telnet console nor its remote control is there for other users of the machine."""
    with running() as web:
        seeds = seeds_file(tmp_path, web.url("hang"))
        crawl = start(
            "crawl", "--seeds", seeds, "--db", tmp_path / "c.db", "-s", "RETRY_TIMES=0", *QUICK, proxy=web.proxy
        )
        try:
            deadline = time.monotonic() + 30
            while not web.hits("hang")["/"] and time.monotonic() < deadline:
                time.sleep(0.05)
            assert web.hits("hang")["/"]
            assert not listening(crawl.pid)
        finally:
            crawl.communicate(timeout=60)


def listening(pid: int) -> set[str]:
    """Give the local addresses on which a process listens."""
    links = (str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink())
    inodes = {link[8:-1] for link in links if link.startswith("socket:[")}
    tables = [Path(f"/proc/{pid}/net/{name}").read_text().splitlines()[1:] for name in ("tcp", "tcp6")]
    entries = [line.split() for table in tables for line in table]
    return {entry[1] for entry in entries if entry[3] == "0A" and entry[9] in inodes}
