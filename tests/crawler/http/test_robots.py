"""robots.txt after RFC 9309, from its bytes to the pages that are and are not fetched."""

from __future__ import annotations

import base64
import json
from itertools import pairwise

import pytest

from crawler.http.robots import parse_robots
from tests.support.command import SHARED
from tests.support.fault_server import FAULTS, running
from tests.support.probe import probe

VECTORS = SHARED / "vectors" / "robots.jsonl"
SITE = "http://clinic.example"
DISALLOW = b"User-agent: *\nDisallow: /\n"
UNREACHABLE = [
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
]
DISALLOWED = [
    "robots-disallow",
    "robots-disallow-us",
    "robots-bom",
    "robots-utf16",
    "robots-long",
    "robots-redirect",
    "robots-redirect-utf8",
    "robots-disallow-version",
]
ALLOWED = ["robots-404", "robots-401", "robots-403", "robots-html", "robots-503-once"]
OTHERS = ["robots-private", "robots-delay", "robots-delay-year"]


@pytest.fixture(scope="module")
def web():
    """Serve the faults for all tests of this file."""
    with running() as server:
        yield server


@pytest.fixture(scope="module")
def told(web):
    """One run over a page of every host whose fault is its robots.txt."""
    names = [name for name in FAULTS if name.startswith("robots-")]
    return probe([web.url(name) for name in names], web.proxy)


def test_every_robots_fault_is_tested():
    """A fault that is added to the server is sorted into one of the lists here."""
    assert {name for name in FAULTS if name.startswith("robots-")} == {*UNREACHABLE, *DISALLOWED, *ALLOWED, *OTHERS}


@pytest.mark.parametrize(
    ("status", "body", "allowed", "decision"),
    [
        (200, b"", True, "allowed"),
        (200, DISALLOW, False, "allowed"),
        (200, b"\xef\xbb\xbf" + DISALLOW, False, "allowed"),
        (200, DISALLOW.decode().encode("utf-16"), False, "allowed"),
        (200, DISALLOW.replace(b"\n", b"\r"), False, "allowed"),
        (200, b"User-agent: *\nDisallow:\n", True, "allowed"),
        (200, b"User-agent: clinicwatch\nDisallow: /\n", False, "allowed"),
        (200, b"User-agent: ClinicWatch\nDisallow: /\n\nUser-agent: *\nAllow: /\n", False, "allowed"),
        (200, b"User-agent: clinicwatch\nAllow: /\n\nUser-agent: *\nDisallow: /\n", True, "allowed"),
        (200, b"User-agent: study\nDisallow: /\n", True, "allowed"),
        (200, b"User-agent: *\nDisallow: /\nAllow: /page\n", True, "allowed"),
        (200, b"User-agent: *\nDisallow: /*.php$\n", True, "allowed"),
        (200, b"\x00\xff\xfe garbage \x80", True, "allowed"),
        (200, b"<!DOCTYPE html><p>Disallow: /</p>", True, "allowed: no robots.txt (a page was sent instead)"),
        (200, b"<pre>\n" + DISALLOW + b"</pre>", False, "allowed"),
        (204, b"", True, "allowed"),
        (206, DISALLOW, False, "allowed"),
        (401, DISALLOW, True, "allowed: no robots.txt (401)"),
        (404, b"", True, "allowed: no robots.txt (404)"),
        (410, b"", True, "allowed: no robots.txt (410)"),
        (429, b"", False, "unreachable: robots.txt answered 429"),
        (500, b"", False, "unreachable: robots.txt answered 500"),
        (503, b"User-agent: *\nAllow: /\n", False, "unreachable: robots.txt answered 503"),
        (304, b"", False, "unreachable: robots.txt answered 304"),
        (None, b"", False, "unreachable: robots.txt did not answer"),
    ],
)
def test_an_answer_decides(status, body, allowed, decision):
    """Rules, no rules, and no answer each lead to the decision that RFC 9309 gives them, in words."""
    file = parse_robots(status, body, "clinicwatch/0.1 (+mailto:study@university.example)")
    assert (file.allows(f"{SITE}/page"), file.decision) == (allowed, decision)


@pytest.mark.parametrize(
    "agent",
    [
        "clinicwatch",
        "CLINICWATCH",
        "clinicwatch/0.1.0",
        "ClinicWatch/1.0",
        "clinicwatch/0.1.0 (+mailto:study@university.example)",
        "clinicwatch/0.1.0 (+https://university.example/study#contact)",
        '"clinicwatch/0.1.0 (+https://university.example/study)"',
        "ClinicWatch bot",
        "clinicwatch*",
        "*clinicwatch*",
        "clinicwatch  # the study",
        "clinicwatch2",
    ],
)
@pytest.mark.parametrize("line", ["User-agent: {}", "  USER-AGENT:{}", "user agent : {}", "User-agent {}"])
def test_our_name_is_known_in_every_form(agent, line):
    """Whatever the owner of a site reads in the log can be written down; the group for all is then not ours."""
    body = f"User-agent: *\nAllow: /\n\nUser-agent: other\nAllow: /\n{line.format(agent)}\nDisallow: /private\n"
    file = parse_robots(200, body.encode(), "clinicwatch/0.1.0 (+mailto:study@university.example)")
    assert [file.allows(f"{SITE}/{path}") for path in ("private", "page")] == [False, True]


def test_groups_for_us_are_one_group():
    """Rules under several spellings of our name all hold (RFC 9309, 2.2.1), and so does the delay."""
    names = b"User-agent: clinicwatch/0.1.0\nDisallow: /a\n\nUser-agent: ClinicWatch\nDisallow: /b\nCrawl-delay: 7\n"
    file = parse_robots(200, names + b"\nUser-agent: *\nDisallow: /c\nCrawl-delay: 50\n")
    assert [file.allows(f"{SITE}/{path}") for path in "abc"] == [False, False, True]
    assert file.crawl_delay == 7


@pytest.mark.parametrize(
    "agent",
    [
        *("clinicwatchdog", "clinicwatchdog/0.1.0", "clinicwatch-images", "clinic_watch", "clinic", "clinic*", "c"),
        *("watch", "my clinicwatch", "Mozilla/5.0 (compatible; watchbot; not clinicwatch)", "7clinicwatch", "/"),
    ],
)
def test_a_name_like_ours_is_not_ours(agent):
    """A longer, a shorter or another name is another crawler's: its rules and its delay say nothing to us."""
    body = f"User-agent: {agent}\nDisallow: /\nCrawl-delay: 50\n\nUser-agent: *\nDisallow: /private\n"
    file = parse_robots(200, body.encode())
    assert ([file.allows(f"{SITE}/{path}") for path in ("private", "page")], file.crawl_delay) == ([False, True], None)


def test_a_star_with_a_remark_is_everybody():
    """As Google reads it: what stands behind ``*`` and a blank does not matter."""
    assert not parse_robots(200, b"User-agent: * all of you\nDisallow: /\n").allows(f"{SITE}/page")


@pytest.mark.skipif(not VECTORS.is_file(), reason="the test vectors of google/robotstxt-spec-test are not here")
def test_google_s_vectors():
    """All but three end as Google's matcher ends them: escaped paths, which RFC 9309 compares as we do."""
    rows = [json.loads(line) for line in VECTORS.read_text().splitlines()]
    files = [parse_robots(200, base64.b64decode(row["robots_txt_base64"]), row["user_agent"]) for row in rows]
    ended = ["ALLOWED" if file.allows(row["url"]) else "DISALLOWED" for row, file in zip(rows, files, strict=True)]
    wrong = [row["url"] for row, end in zip(rows, ended, strict=True) if end != row["expected"]]
    assert (len(rows), len(wrong)) == (400, 3)


def test_rules_behind_half_a_megabyte_do_not_count_and_no_rule_is_cut():
    """The limit of the standard holds, and a rule that lies across it is left out, not shortened to ``/``."""
    start = b"User-agent: *\nDisallow: /a\n"
    comment = b"#" * (500 * 1024 - len(start) - len(b"\nDisallow: /")) + b"\n"
    file = parse_robots(200, start + comment + b"Disallow: /private\n" + DISALLOW)
    assert [file.allows(f"{SITE}{path}") for path in ("/a", "/b", "/private")] == [False, True, True]


def test_crawl_delay_and_sitemaps_are_read():
    """The group that is ours gives the delay; sitemaps belong to the whole site, each once."""
    groups = b"User-agent: *\nCrawl-delay: 30\n\nUser-agent: clinicwatch\nCrawl-delay: 2.5\n"
    body = groups + b"Sitemap: /a.xml\nSitemap: /a.xml\n"
    file = parse_robots(200, body, "clinicwatch/0.1")
    assert (file.crawl_delay, file.sitemaps) == (2.5, ("/a.xml",))


@pytest.mark.parametrize(
    ("line", "seconds"),
    [
        (b"Crawl-delay: 20s", 20),
        (b"crawl-delay: 2,5", 2.5),
        (b"Crawl-delay: 1 minute # please", 60),
        (b"Crawl-delay: 500ms", 0.5),
        (b"Crawl delay : 7 sec.", 7),
        (b"Request-rate: 1/10", 10),
        (b"Crawl-delay: 3\nRequest-rate: 1/10s", 10),
    ],
)
def test_a_delay_is_read_with_its_unit(line, seconds):
    """However an owner writes it; the longer of two wishes holds."""
    assert parse_robots(200, b"User-agent: *\n" + line + b"\nDisallow: /x\n").crawl_delay == seconds


@pytest.mark.parametrize("delay", [b"-1", b"nan", b"inf", b"soon", b""])
def test_a_senseless_crawl_delay_is_none(delay):
    """Nothing that a site writes there can stop or hurry the crawl."""
    assert parse_robots(200, b"User-agent: *\nCrawl-delay: " + delay + b"\n").crawl_delay is None


@pytest.mark.parametrize("fault", UNREACHABLE)
def test_no_page_is_fetched_where_robots_txt_is_unknown(web, told, fault):
    """5xx, 429, silence, loops, damage and refused redirects: the page is not asked for, and the reason is kept."""
    facts = told[web.url(fault)]
    assert facts["error"] == "RobotsUnreachable"
    assert facts["reason"].startswith("robots.txt")
    assert web.hits(fault)["/"] == 0


@pytest.mark.parametrize("fault", DISALLOWED)
def test_a_disallowed_page_is_not_fetched(web, told, fault):
    """However the rules are spelled or where they were moved to."""
    assert told[web.url(fault)]["error"] == "RobotsDisallowed"
    assert web.hits(fault)["/"] == 0


@pytest.mark.parametrize("fault", ALLOWED)
def test_a_page_without_rules_is_fetched(web, told, fault):
    """4xx and a page in place of the file mean that there are no rules; the decision is left for the record."""
    facts = told[web.url(fault)]
    assert facts["status"] == 200
    assert facts["robots"].startswith("allowed")
    assert web.hits(fault)["/"] == 1


def test_nothing_outside_was_touched(web, told):
    """A robots.txt that redirects to loopback or to a file leads nowhere."""
    assert told
    assert not web.strays()


def test_a_passing_failure_is_asked_again_once(web, told):
    """A 503 that goes away costs nothing, one that stays costs two requests, a 429 is not pressed."""
    asked = {
        name: web.hits(name)["/robots.txt"] for name in ("robots-503-once", "robots-503", "robots-hang", "robots-429")
    }
    assert asked == {"robots-503-once": 2, "robots-503": 2, "robots-hang": 2, "robots-429": 1}


def test_a_slow_robots_txt_holds_up_its_own_host_only(web, told):
    """While one host leaves us waiting, the others are crawled."""
    assert told[web.url("robots-404")]["at"] < told[web.url("robots-hang")]["at"] - 1


def test_sitemaps_are_handed_to_the_spider(web, told):
    """The file travels with the page, so that nobody asks for it twice."""
    assert told[web.url("robots-private")]["sitemaps"] == ["http://robots-private.fault.example/sitemap.xml"]


def test_crawl_delay_slows_the_host_down_to_the_most_that_we_grant(told, web):
    """Two seconds are two seconds, a year is CRAWL_DELAY_MAX (3 in these tests), no wish is our own delay."""
    delays = [told[web.url(name)]["delay"] for name in ("robots-delay", "robots-delay-year", "robots-404")]
    assert delays == [2.0, 3.0, 0.0]


def test_one_robots_txt_serves_all_pages_of_a_host_and_requests_keep_the_delay():
    """Three pages at once: one fetch of the rules, what they disallow is left out, the rest comes two seconds apart."""
    with running() as web:
        told = probe([web.url("robots-delay", f"/{page}") for page in "abc"], web.proxy)
        private = probe([web.url("robots-private", path) for path in ("/", "/second", "/third")], web.proxy)
        assert web.hits("robots-delay")["/robots.txt"] == 1
        assert {facts["status"] for facts in told.values()} == {200}
        moments = web.times("robots-delay")
        gaps = [later - earlier for earlier, later in pairwise(moments)]
        assert all(gap > 1.7 for gap in gaps), gaps
        assert [facts["error"] for facts in private.values() if "error" in facts] == ["RobotsDisallowed"]
        assert dict(web.hits("robots-private")) == {"/robots.txt": 1, "/": 1, "/third": 1}
