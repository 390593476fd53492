"""Whole crawls with the real command: what is followed, what ends, what is requested again, and how politely."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from types import SimpleNamespace

import pytest

from db.corpus.connection import open_corpus
from pipelines.reading.sitemap import USUAL_PLACES
from tests.support.clinic_web import SITES, ClinicWeb
from tests.support.command import ROOT, clinicwatch, crawl, environment, seeds_file, start
from tests.support.kills import wait_for_requests
from tests.support.web import Answer, html, linked_site, prose, serving


def rows(db, sql: str, *values: object) -> list[tuple]:
    """Ask a corpus."""
    with closing(sqlite3.connect(db)) as connection:
        return connection.execute(sql, values).fetchall()


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    """Crawl all sites once; then the steady one again, on its own, with the summary as JSON."""
    folder, sites = tmp_path_factory.mktemp("crawl"), ClinicWeb()
    seeds, db = (
        seeds_file(folder, *(f"http://{name}.example/" for name in SITES), "https://secure.example/"),
        folder / "c.db",
    )
    with serving(sites) as web:
        sites.requests = web.requests
        first = crawl(db, seeds, web.proxy)
        requested, times = list(web.requests), {host: list(result) for host, result in sites.times.items()}
        pages = {
            url: result for url, *result in rows(db, "SELECT url, outcome, reason, state, moved_to FROM all_pages")
        }
        second = crawl(db, seeds, web.proxy, "--site", "www.steady.example", "--all", "--json")
    requested_again = web.requests[len(requested) :]
    return SimpleNamespace(
        db=db,
        sites=sites,
        first=first,
        requested=requested,
        times=times,
        pages=pages,
        second=second,
        requested_again=requested_again,
    )


def paths(crawled, host: str) -> list[str]:
    """Name the paths that a host got requests for in the first crawl."""
    return [path for _, path in crawled.times[host] if path not in {"/robots.txt", *USUAL_PLACES}]


def outcomes(crawled, host: str) -> dict[str, str]:
    """Give the outcome of each page of a host in the first crawl."""
    start = f"http://{host}"
    return {url.removeprefix(start): result[0] for url, result in crawled.pages.items() if url.startswith(start + "/")}


def test_the_funnel_balances(crawled):
    """Every address of every site ends in one box, and nothing is left in the queue."""
    assert "the funnel balances" in crawled.first.stdout
    assert "queued" not in crawled.first.stdout
    assert "Traceback" not in crawled.first.stderr


def test_a_site_that_lives_at_www(crawled):
    """The seed's redirect to www is followed, and the pages are those of www."""
    assert outcomes(crawled, "moved.example") == {"/": "redirected"}
    assert outcomes(crawled, "www.moved.example")["/"] == "new"


@pytest.mark.parametrize("path", ["/new", "/chain/end", "/caf%C3%A9"])
def test_redirects_lead_to_their_page(crawled, path):
    """A move, a chain of moves and a move to an unescaped address end at the page itself."""
    assert outcomes(crawled, "www.moved.example")[path] == "new"


def test_loops_of_redirects_end(crawled):
    """Two addresses that name each other, and one that names itself, are each requested once."""
    requested = paths(crawled, "www.moved.example")
    assert [requested.count(path) for path in ("/loop-a", "/loop-b", "/self")] == [1, 1, 1]
    assert len([path for path in requested if path.startswith("/r/")]) < 30


def test_a_redirect_to_another_site_is_not_followed(crawled):
    """The move is recorded with its target; the other site gets no request."""
    outcome, reason, state, target = crawled.pages["http://www.moved.example/away"]
    assert (outcome, state, target) == ("redirected", "moved", "http://elsewhere.example/")
    assert "another site" in reason
    assert "elsewhere.example" not in crawled.times


@pytest.mark.parametrize("path", ["/plain", "/packed", "/encoded"])
def test_sitemaps_of_an_index_are_read(crawled, path):
    """Plain, gzipped as a file, gzipped in transfer: each sitemap's page is found."""
    assert outcomes(crawled, "listed.example")[path] == "new"


def test_a_sitemap_leads_to_no_other_site(crawled):
    """What a sitemap lists of another site is not requested; without one named, the usual place is."""
    assert "other.example" not in crawled.times
    assert "/sitemap.xml" not in [path for _, path in crawled.times["listed.example"]]
    assert "/sitemap.xml" in [path for _, path in crawled.times["tagged.example"]]


@pytest.mark.parametrize(("like", "pages"), [("/news/%", 60), ("/post-%", 60), ("/story/%", 120)])
def test_long_lists_are_followed_to_their_end(crawled, like, pages):
    """A list of 60 numbered pages with a post each, and a chain of 120 numbered pages, are whole."""
    found = rows(
        crawled.db, "SELECT count(*) FROM all_pages WHERE url LIKE ? AND outcome = 'new'", f"http://lists.example{like}"
    )
    assert found == [(pages,)]


@pytest.mark.parametrize(("host", "most"), [("calendar.example", 20), ("booking.example", 90)])
def test_traps_end(crawled, host, most):
    """A calendar without an end and addresses made up for each visitor are left after some pages, with the reason."""
    assert 2 < len(paths(crawled, host)) <= most
    assert "trap" in outcomes(crawled, host).values()


def test_tagged_links_are_aliases(crawled):
    """A tracking parameter makes a copy of the page on record, never a request; an escaped space makes neither."""
    assert sorted(paths(crawled, "tagged.example")) == ["/", "/faq", "/faq?q=a%20b"]
    aliases = rows(crawled.db, "SELECT url, copy_of FROM copies WHERE url LIKE 'http://tagged.example%'")
    assert sorted(aliases) == [
        (f"http://tagged.example/faq?utm_source={name}", "http://tagged.example/faq") for name in ("foot", "menu")
    ]


def test_a_page_that_no_database_could_store(crawled):
    """Lone surrogates and NULs in a page's JSON-LD: it is stored without them, and the run goes on behind it."""
    assert outcomes(crawled, "odd.example") == {"/": "new", "/odd": "new", "/after": "new"}


def test_retry_after_holds_its_host_only(crawled):
    """The busy host gets its two seconds, and the calm one is crawled meanwhile."""
    requested, again = [when for when, path in crawled.times["busy.example"] if path == "/"]
    assert again - requested > 1.9
    assert any(requested < when < again for when, _ in crawled.times["calm.example"])
    assert outcomes(crawled, "busy.example")["/"] == "new"


def test_crawl_delay_is_kept(crawled):
    """Requests to a host that asks for a second come a second apart."""
    moments = [when for when, _ in crawled.times["slow.example"]]
    assert len(moments) == 7  # with the four usual places of a sitemap
    assert min(later - earlier for earlier, later in pairwise(moments)) > 0.7


def test_https_goes_through_the_proxy(crawled):
    """A page over https is asked of the proxy by CONNECT; that this proxy knows none is an outcome."""
    assert "secure.example:443" in [url for url, _ in crawled.requested]
    assert crawled.pages["https://secure.example/"][0] in {"unreachable", "robots unreachable"}


def test_we_say_who_we_are(crawled):
    """Each request carries our name and the contact, robots.txt included."""
    agents = {headers["User-Agent"] for url, headers in crawled.requested if not url.endswith(":443")}
    assert len(agents) == 1
    assert "mailto:tests@project.example" in agents.pop()


def test_only_the_site_that_was_named_is_crawled(crawled):
    """``--site`` asks nothing of the others, and knows a site with or without www."""
    assert {url.split("/")[2] for url, _ in crawled.requested_again} == {"steady.example"}


def test_the_second_crawl_asks_conditionally(crawled):
    """A page that gave an ETag or a date gets a conditional request; a page that gave none does not."""
    result = {url.removeprefix("http://steady.example"): headers for url, headers in crawled.requested_again}
    assert result["/"]["If-None-Match"] == '"v1"'
    assert result["/dated"]["If-Modified-Since"] == "Sun, 01 Mar 2026 09:00:00 GMT"
    assert not {"If-None-Match", "If-Modified-Since"} & result["/plain"].keys()


def test_nothing_is_read_twice(crawled):
    """304, the same bytes, the same visible text: three ways to be unchanged, no second version."""
    result = dict(
        rows(crawled.db, "SELECT url, outcome || ': ' || reason FROM all_pages WHERE url LIKE '%//steady.example%'")
    )
    assert {url.removeprefix("http://steady.example"): reason for url, reason in result.items()} == {
        "/": "not modified: the site says that nothing changed",
        "/dated": "not modified: the site says that nothing changed",
        "/plain": "unchanged: the same bytes",
        "/nonce": "unchanged: the same visible text and links",
    }
    assert rows(crawled.db, "SELECT count(*) FROM versions GROUP BY page HAVING count(*) > 1") == []


def test_the_summary_as_json(crawled):
    """``--json`` prints one object that a program can read: the second crawl, its funnel, what was left."""
    result = json.loads(crawled.second.stdout)
    assert (result["crawl"], result["left"]) == (2, {})
    assert result["funnel"]["fetched: not modified"] == 2
    assert result["funnel"]["fetched: unchanged"] >= 2


def test_a_stopped_crawl_goes_on(tmp_path):
    """SIGTERM ends a crawl soon, also with a long delay; the same command goes on with it and loses nothing."""
    seeds, db = seeds_file(tmp_path, "http://big.example/"), tmp_path / "c.db"
    command = "crawl", "--seeds", seeds, "--db", db, "-s"
    with serving(linked_site(30)) as web:
        for delay, requests in (("0.1", 6), ("5", 1)):
            process = start(*command, f"DOWNLOAD_DELAY={delay}", proxy=web.proxy)
            wait_for_requests(web, process, requests)
            process.terminate()
            _, error = process.communicate(timeout=10)
            assert process.returncode == 130
            assert "run the same command to go on" in error
        assert rows(db, "SELECT status FROM crawls") == [("interrupted",)]
        done = crawl(db, seeds, web.proxy)
    assert "crawl 1 of" in done.stdout
    assert "went on with one that was cut off" in done.stdout
    assert rows(db, "SELECT count(*), count(DISTINCT page) FROM versions") == [(30, 30)]
    assert rows(db, "SELECT count(*), status FROM crawls") == [(1, "finished")]


def test_a_limit_that_rises_brings_the_pages_that_it_left_out(tmp_path):
    """The next crawl fetches as many of them as there is room for, and then all; every funnel balances."""
    db, seeds = tmp_path / "c.db", seeds_file(tmp_path, "http://big.example/")
    fetched = []
    with serving(linked_site(30)) as web:
        for most in (12, 12, 20, 100):
            done = crawl(db, seeds, web.proxy, "-s", f"SITE_MAX_PAGES={most}")
            assert "the funnel balances" in done.stdout
            fetched.append(rows(db, "SELECT count(*) FROM versions")[0][0])
    assert fetched[0] == fetched[1] < 12
    assert fetched[0] < fetched[2] < 20
    assert fetched[3] == 30
    assert rows(db, "SELECT count(*) FROM pages WHERE outcome = 'page limit'") == [(0,)]


def test_a_page_limit_and_a_page_that_is_refused(tmp_path):
    """A limit leaves the rest with its reason; a page that the database refuses is a failure, and the run goes on."""
    db = tmp_path / "c.db"
    with closing(open_corpus(db)) as corpus:
        corpus.execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON readings WHEN NEW.title = 'Ketamine page 1'"
            " BEGIN SELECT raise(ABORT, 'not this one'); END"
        )
    with serving(linked_site(40)) as web:
        done = crawl(db, seeds_file(tmp_path, "http://big.example/"), web.proxy, "-s", "SITE_MAX_PAGES=12")
    assert "the funnel balances" in done.stdout
    result = dict(rows(db, "SELECT outcome, count(*) FROM all_pages GROUP BY 1"))
    assert result["page limit"] > 0
    assert sum(result.values()) - result["page limit"] <= 12
    assert rows(db, "SELECT outcome, reason LIKE '%not this one%' FROM all_pages WHERE url LIKE '%/p/1'") == [
        ("unreadable", 1)
    ]


def test_a_text_that_vanished_stays_vanished(tmp_path):
    """A page that sends the same nothing again has no text again: the text that it had is not confirmed."""
    page, seeds, db = Answer(html("Ketamine", prose(1))), seeds_file(tmp_path, "http://one.example/"), tmp_path / "c.db"
    with serving(lambda url: page if url.endswith(".example/") else None) as web:
        crawl(db, seeds, web.proxy)
        seen = rows(db, "SELECT last_confirmed FROM versions")
        page.body = b"<html><body></body></html>"
        for _ in range(2):
            crawl(db, seeds, web.proxy, "--all")
    visits = "SELECT visits.outcome FROM visits JOIN pages ON id = page WHERE kind = 'page' ORDER BY visits.crawl"
    assert rows(db, visits) == [("new",), ("no text",), ("no text",)]
    assert rows(db, "SELECT last_confirmed FROM versions") == seen


def test_scrapy_crawl_does_the_same(tmp_path):
    """``scrapy crawl sites`` needs no command line of ours: it crawls, runs the passes and closes the crawl."""
    command = [sys.executable, "-m", "scrapy", "crawl", "sites", "-s", "DOWNLOAD_DELAY=0"]
    command += ["-a", f"seeds={seeds_file(tmp_path, 'http://big.example/')}", "-a", f"db={tmp_path / 'c.db'}"]
    with serving(linked_site(5)) as web:
        done = subprocess.run(
            command, cwd=ROOT, env=environment(web.proxy), text=True, capture_output=True, check=False
        )
    assert done.returncode == 0, done.stderr
    assert rows(tmp_path / "c.db", "SELECT status FROM crawls") == [("finished",)]
    assert rows(tmp_path / "c.db", "SELECT count(*) FROM documents") == [(5,)]


@pytest.mark.parametrize("setting", ["SITE_MAX_PAGES=many", "DOWNLOAD_DELAY=soon"])
def test_a_setting_that_is_no_number(tmp_path, setting):
    """A setting of the wrong kind is one line and a usage error."""
    seeds = seeds_file(tmp_path, "http://a.example/")
    done = clinicwatch("crawl", "--seeds", seeds, "--db", tmp_path / "c.db", "-s", setting)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


@contextmanager
def slow_web(site, seconds: float):
    """Serve a site as a proxy that takes its time for each answer; gives its address and the log of begins and ends."""
    log: dict[str, list[tuple[float, float]]] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            begun = time.monotonic()
            time.sleep(seconds)
            result = site(self.path)
            self.send_response(result.status if result else 404)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            log.setdefault(self.path.split("/")[2], []).append((begun, time.monotonic()))
            self.wfile.write(result.body if result else b"")

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", log
    finally:
        server.shutdown()
        server.server_close()


def test_sites_are_crawled_side_by_side_and_politely(tmp_path):
    """One request at a time to a host, the delay between them, and both hosts in the same seconds."""
    with slow_web(linked_site(5), seconds=0.1) as (proxy, log):
        seeds = seeds_file(tmp_path, "http://one.example/", "http://two.example/")
        crawl(tmp_path / "c.db", seeds, proxy, "-s", "DOWNLOAD_DELAY=0.3")
    for visits in log.values():
        assert len(visits) == 10  # robots.txt, the four usual places of a sitemap, five pages
        assert all(later[0] >= earlier[1] for earlier, later in pairwise(visits))
        assert min(later[0] - earlier[0] for earlier, later in pairwise(visits)) > 0.2
    one, two = log["one.example"], log["two.example"]
    assert max(one[0][0], two[0][0]) < min(one[-1][1], two[-1][1])


def test_with_one_request_at_a_time_pages_are_stored_in_turn(tmp_path):
    """A page that takes long to read is waited for: pages of two sites are stored by turns."""
    pages = linked_site(5)

    def one_is_long(url: str) -> Answer | None:
        told = pages(url)
        if told and "long.example" in url:
            told.body = told.body.replace(b"</main>", b"<p>And a word more.</p>" * 1_500 + b"</main>")
        return told

    with serving(one_is_long) as web:
        seeds = seeds_file(tmp_path, "http://long.example/", "http://short.example/")
        crawl(tmp_path / "c.db", seeds, web.proxy, "-s", "CONCURRENT_REQUESTS=1")
    stored = rows(tmp_path / "c.db", "SELECT url FROM captures ORDER BY id")
    assert [url.split("/")[2] for (url,) in stored] == ["long.example", "short.example"] * 9


def test_a_stop_does_not_wait_for_a_delay_that_begins_after_it(tmp_path):
    """A page that waited for robots.txt while the crawl was stopped is not waited for; it stays queued."""
    requested, go = threading.Event(), threading.Event()

    def robots_takes_its_time(_url: str) -> None:
        requested.set()
        go.wait(30)

    with slow_web(robots_takes_its_time, seconds=0) as (proxy, log):
        seeds = seeds_file(tmp_path, "http://one.example/")
        process = start("crawl", "--seeds", seeds, "--db", tmp_path / "c.db", "-s", "DOWNLOAD_DELAY=40", proxy=proxy)
        assert requested.wait(30)
        process.terminate()
        go.set()
        process.communicate(timeout=20)
    assert process.returncode == 130
    assert len(log["one.example"]) <= 1
    assert rows(tmp_path / "c.db", "SELECT state, outcome FROM pages") == [("queued", None)]
