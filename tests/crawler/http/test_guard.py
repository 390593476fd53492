"""The guard refuses what a page must not make us fetch, by the URL's text and by what its name resolves to."""

from __future__ import annotations

import pytest

from crawler.http.addresses import address_refusal
from crawler.http.guard import named_netlocs, refusal
from crawler.http.resolver import trusted_hosts
from tests.support.fault_server import UNSAFE_LINKS, running
from tests.support.probe import probe


@pytest.fixture(scope="module")
def web():
    """Serve the faults for all tests of this file."""
    with running() as server:
        yield server


@pytest.mark.parametrize(
    "url",
    [
        "http://cedar-ketamine.example/",
        "https://cedar-ketamine.example:8443/faq?page=2#top",
        "http://8.8.8.8/",
        "http://134744072/",
        "http://[2606:4700:4700::1111]/",
        "http://[64:ff9b::808:808]/",
        "http://CLINIC.EXAMPLE./",
        "http://xn--mller-kva.example/",
        "http://müller.example/",
        "http://my_clinic.example/",
        "http://localhost.example/",
        "http://10.0.0.1.example/",
        "http://1800ketamine.example/",
        "http://clinic.example/?next=http://127.0.0.1/",
    ],
)
def test_public_urls_pass(url):
    """An ordinary URL, whatever its spelling, is not refused."""
    assert refusal(url) is None


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("file:///etc/passwd", "only http and https"),
        ("FILE:///etc/passwd", "only http and https"),
        ("ftp://clinic.example/", "only http and https"),
        ("data:text/html,x", "only http and https"),
        ("javascript:alert(1)", "only http and https"),
        ("//clinic.example/", "without a scheme"),
        ("", "without a scheme"),
        ("http:///etc/passwd", "no host"),
        ("http://", "no host"),
        ("http://user:secret@clinic.example/", "user information"),
        ("http://clinic.example@127.0.0.1/", "user information"),
        ("http://clinic.example\\@127.0.0.1/", "user information"),
        ("http://127.0.0.1/", "loopback"),
        ("  http://127.0.0.1/", "loopback"),
        ("http://127.0.0.1./", "loopback"),
        ("http://127.1/", "loopback"),
        ("http://2130706433/", "loopback"),
        ("http://0x7f.1/", "loopback"),
        ("http://0x7f000001/", "loopback"),
        ("http://0177.0.0.1/", "loopback"),
        ("http://１２７。０。０。１/", "loopback"),
        ("http://[::1]/", "loopback"),
        ("http://[::ffff:127.0.0.1]/", "loopback"),
        ("http://[::ffff:7f00:1]:8080/", "loopback"),
        ("http://[64:ff9b::7f00:1]/", "loopback"),
        ("http://[2002:7f00:1::]/", "loopback"),
        ("http://[::7f00:1]/", "reserved"),
        ("http://0.0.0.0/", "unspecified"),
        ("http://[::]/", "unspecified"),
        ("http://10.1.2.3/", "private"),
        ("http://172.16.0.1/", "private"),
        ("http://192.168.0.1/", "private"),
        ("http://[fd00::1]/", "private"),
        ("http://169.254.169.254/latest/meta-data/", "link-local"),
        ("http://[fe80::1]/", "link-local"),
        ("http://100.64.0.1/", "reserved"),
        ("http://224.0.0.1/", "multicast"),
        ("http://[ff02::1]/", "multicast"),
        ("http://255.255.255.255/", "private"),
        ("http://[4000::1]/", "reserved"),
        ("http://1.2.3.4.5/", "not a host name"),
        ("http://300.1.1.1/", "not a host name"),
        ("http://0x/", "not a host name"),
        ("http://clinic.example%2f@x/", "user information"),
        ("http://clinic%2eexample/", "not a host name"),
        ("http://clinic example/", "not a host name"),
        ("http://.example/", "not a host name"),
        ("http://localhost/", "local network"),
        ("http://LocalHost:80/", "local network"),
        ("http://a.localhost/", "local network"),
        ("http://printer.local/", "local network"),
        ("http://metadata.google.internal/", "local network"),
        ("http://nas.home.arpa/", "local network"),
        ("http://redis:6379/", "local network"),
        ("http://clinic.example:99999/", "cannot be parsed"),
        ("http://clinic.example:x/", "cannot be parsed"),
        ("http://[::1/", "cannot be parsed"),
    ],
)
def test_unsafe_urls_are_refused_with_the_reason(url, why):
    """Every way to spell an address inside, and every scheme but http, is refused in words."""
    assert why in (refusal(url) or "passed")


def test_only_the_named_port_of_a_named_host_is_allowed():
    """A seed on the operator's own machine opens its own port and nothing else."""
    allowed = named_netlocs(["http://127.0.0.1:8000/start", "http://[::1]:8000/", "http://intranet/"])
    assert [refusal(url, allowed) for url in ("http://127.0.0.1:8000/x", "http://[::1]:8000/", "http://intranet/")] == [
        None,
        None,
        None,
    ]
    assert refusal("http://127.0.0.1:8001/", allowed)
    assert refusal("https://127.0.0.1/", allowed)
    assert refusal("file://127.0.0.1:8000/etc/passwd", allowed)


def test_a_public_seed_may_not_resolve_inward():
    """Trust in the resolver goes to the proxy and to local names that were typed, not to names on the web."""
    typed = named_netlocs(["http://127.0.0.1:8000/", "http://clinic.example/"])
    assert trusted_hosts(typed, {"http": "http://user:pw@proxy.example:3128", "no": "localhost"}) == {
        "127.0.0.1",
        "proxy.example",
        "localhost",
    }


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111"])
def test_public_addresses_pass(address):
    """The resolver hands on what the public internet uses, IPv4 and IPv6."""
    assert address_refusal(address) is None


def test_requests_inward_never_leave(web):
    """Nothing that a page can name makes the crawler touch a file, loopback or a private network."""
    urls = [link.format(port=web.port) for link in UNSAFE_LINKS if not link.startswith("javascript:")]
    result = probe(urls, web.proxy)
    assert {facts["error"] for facts in result.values()} == {"UnsafeAddress"}
    assert len(result) == len(urls)
    assert not web.strays()


def test_names_that_resolve_inward_are_refused(web):
    """Without a proxy, a public name that resolves to loopback is refused with the address that it resolves to."""
    hosts = ["inward.example", "inward6.example", "mapped.example"]
    result = probe(
        [f"http://{host}:{web.port}/" for host in hosts], TWISTED_DNS_RESOLVER="tests.support.probe.Resolver"
    )
    assert {facts["error"] for facts in result.values()} == {"UnsafeAddress"}
    assert (
        "inward.example resolves to 127.0.0.1, a loopback address"
        in result[f"http://inward.example:{web.port}/"]["reason"]
    )
    assert not web.strays()


def test_a_named_local_server_can_be_crawled(web):
    """The operator's own test server is fetched once it is named, directly and by IP literal."""
    url = f"http://127.0.0.1:{web.port}/secret"
    result = probe([url], GUARD_ALLOWED=[f"127.0.0.1:{web.port}"])
    assert result[url]["status"] == 200
