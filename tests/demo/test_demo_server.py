"""The demo web over HTTP: a forward proxy with a clock, a log, and no name server."""

from __future__ import annotations

import http.client
import signal
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError

import pytest

from demo.server import running
from demo.world import make_world

HOME = "http://cedar-ketamine.example/"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def server():
    """Run a demo web of 60 pages, shared by the tests."""
    with running(pages=60) as started:
        yield started


def ask(server, url, method="GET", **headers):
    """Make one request through the proxy."""
    host = server.proxy.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=10)
    connection.request(method, url, headers=headers)
    answer = connection.getresponse()
    return answer, answer.read()


def test_pages_come_through_the_proxy(server):
    """An absolute URI is answered with the page of that name."""
    answer, body = ask(server, HOME)
    assert answer.status == 200
    assert body == make_world(1, 60).answer(HOME, 0).body


def test_head_sends_no_body(server):
    """HEAD gives the length and nothing more."""
    answer, body = ask(server, HOME, "HEAD")
    assert int(answer.headers["Content-Length"]) > 30_000
    assert body == b""


def test_a_connection_is_kept(server):
    """Many requests go over one connection."""
    connection = http.client.HTTPConnection(server.proxy.removeprefix("http://"), timeout=10)
    for path in ("", "faq/", "robots.txt"):
        connection.request("GET", HOME + path)
        assert connection.getresponse().read()


def test_an_unknown_name_is_a_bad_gateway(server):
    """A name that does not resolve is 502, as at any proxy."""
    assert ask(server, "http://nowhere.example/")[0].status == 502


def test_only_http_is_served(server):
    """CONNECT is refused."""
    with pytest.raises(OSError, match="405"):
        tunnel(server)


def tunnel(server):
    """Ask for a tunnel, as for https."""
    connection = http.client.HTTPConnection(server.proxy.removeprefix("http://"), timeout=10)
    connection.set_tunnel("cedar-ketamine.example", 443)
    connection.connect()


def test_the_clock_turns(server):
    """The tick is set and told by control requests, and pages follow it."""
    server.set_tick(2)
    assert server.tick() == 2
    server.set_tick(0)
    assert server.tick() == 0


def test_the_log_counts_requests(server):
    """Every URL is counted, also one that is asked again."""
    server.clear_log()
    server.get(HOME)
    server.get(HOME)
    with pytest.raises(HTTPError):
        server.get(HOME + "no-such-page/")
    assert server.log() == {HOME: 2, HOME + "no-such-page/": 1}


def test_noise_counts_on(server):
    """Two requests of a noisy site differ."""
    url = "http://harborlight-infusions.example/"
    assert server.get(url) != server.get(url)


def test_what_was_rendered_before_the_start_stays_as_it_is():
    """A prerendered web costs a benchmark nothing: also its noisy sites send the same bytes again."""
    url, headers = "http://harborlight-infusions.example/", {"Accept-Encoding": "gzip"}
    with running(pages=20, prerender=True) as web:
        assert ask(web, url, **headers)[1] == ask(web, url, **headers)[1]


def test_conditional_requests(server):
    """A validator that still holds gives 304."""
    answer, _ = ask(server, HOME)
    again, body = ask(server, HOME, **{"If-None-Match": answer.headers["ETag"]})
    assert again.status == 304
    assert body == b""


def test_sigterm_ends_it_cleanly():
    """The server says where it listens, and SIGTERM is a clean end."""
    command = [sys.executable, "-m", "demo", "serve", "--pages", "20", "--prerender"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) as child:
        assert child.stdout.readline().startswith("ready http://127.0.0.1:")
        child.send_signal(signal.SIGTERM)
        _, errors = child.communicate(timeout=10)
    assert child.returncode == 0
    assert errors == ""
