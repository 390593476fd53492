"""One address a page: what is dropped, what stays, what belongs to a site, what looks endless."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.text.urls import (
    NOT_A_PAGE,
    advertiser_of,
    canonical,
    clean_query,
    host_of,
    is_alias,
    next_run,
    pattern,
    trap_reason,
)

URLISH = st.one_of(
    st.text(max_size=60),
    st.builds(
        "{}://{}{}?{}#{}".format,
        st.sampled_from(["http", "https", "HTTP", "ftp"]),
        st.text(alphabet="aZ.-:@%[]1é\u2024ß $_", max_size=20),
        st.text(alphabet="/a.;%2é \\\t=jsession;id", max_size=30),
        st.text(alphabet="a&=%;utm_ ?é[]", max_size=30),
        st.text(max_size=5),
    ),
)


@pytest.mark.parametrize(
    ("url", "stored"),
    [
        ("HTTP://Cedar.Example", "http://cedar.example/"),
        ("https://cedar.example.:443/faq/#top", "https://cedar.example/faq/"),
        ("http://cedar.example:8080/", "http://cedar.example:8080/"),
        ("https://cedar.example:80/", "https://cedar.example:80/"),
        ("  http://cedar.example/a b?q=c d \n", "http://cedar.example/a%20b?q=c%20d"),
        ("https://münchen.example/ä?ö=ü", "https://xn--mnchen-3ya.example/%C3%A4?%C3%B6=%C3%BC"),
        ("http://cedar.example/?b=2&a=1&b=3", "http://cedar.example/?b=2&a=1&b=3"),
        ("http://cedar.example/?utm_source=x&GCLID=1&p=2&fbclid=3", "http://cedar.example/?p=2"),
        ("http://cedar.example/?", "http://cedar.example/"),
        ("http://cedar.example/faq;jsessionid=1A?x=1", "http://cedar.example/faq?x=1"),
        ("http://cedar.example/?PHPSESSID=1&page_id=7", "http://cedar.example/?page_id=7"),
        ("http://[2001:DB8::1]:80/", "http://[2001:db8::1]/"),
        ("http://cedar.example/%7Efaq/%E4", "http://cedar.example/%7Efaq/%E4"),
    ],
)
def test_one_address_a_page(url, stored):
    """What never changes what a page says is dropped; the rest stays as the site writes it."""
    assert canonical(url) == stored


@pytest.mark.parametrize(
    "url",
    [
        *("", "/faq", "faq", "ftp://cedar.example/", "mailto:a@cedar.example", "javascript:void(0)", "tel:1"),
        *(
            "http://",
            "http://./",
            "http://[::1",
            "http://cedar.example:port/",
            "http://cedar.example:99999/",
        ),
        *("http://\xa1../", "http://cedar..example/", "http://.cedar.example/", "http://cedar.example../"),
        *("http://ce dar.example/", "http://%zz/", "http://a<b/", "http://cedar.example/" + "x" * 9000),
    ],
)
def test_what_is_no_web_address(url):
    """What no browser would open as a web page has no canonical form."""
    assert canonical(url) is None


@given(URLISH)
@example("http://./")
@example("http://a.example/;jsession;jsessionid=xid=1")
@example("http://a\u2024b.example/")
@example("http://\ud800/")
def test_canonical_is_its_own_canonical(url):
    """Whatever a page links to: nothing raises, and a canonical URL stays as it is."""
    stored = canonical(url)
    assert stored is None or canonical(stored) == stored


@given(st.text(max_size=40))
def test_cleaning_a_query_twice_changes_nothing(query):
    """A query is clean after one cleaning, and no parameter is invented."""
    cleaned = clean_query(query)
    assert clean_query(cleaned) == cleaned
    assert set(cleaned.split("&")) <= {*query.split("&"), ""}


@pytest.mark.parametrize(
    ("raw", "alias"),
    [
        ("http://cedar.example/faq?utm_source=x", True),
        ("http://cedar.example/faq?p=1&gclid=x", True),
        ("http://cedar.example/faq#top", False),
        ("http://cedar.example:80/faq?p=1", False),
        ("http://cedar.example/faq?q=a b", False),
        ("http://cedar.example/faq?q=é", False),
        ("http://cedar.example/#/faq?utm_source=x", False),
    ],
)
def test_only_a_lost_parameter_makes_an_alias(raw, alias):
    """A fragment, a port or an escaped space is another spelling of one address, no second address."""
    assert is_alias(raw, canonical(raw)) is alias


@pytest.mark.parametrize(
    ("url", "host", "advertiser"),
    [
        ("https://www.cedar.example/faq", "cedar.example", "cedar.example"),
        ("http://blog.Cedar.co.uk:8080/", "blog.cedar.co.uk", "cedar.co.uk"),
        ("http://cedar.github.io/", "cedar.github.io", "cedar.github.io"),
        ("http://10.0.0.1/", "10.0.0.1", "10.0.0.1"),
        ("mailto:a@b", "", ""),
    ],
)
def test_host_and_advertiser(url, host, advertiser):
    """A site is known by its host without www, an advertiser by the domain that was registered."""
    assert host_of(url) == host
    assert advertiser_of(host_of(url)) == advertiser


@pytest.mark.parametrize(
    ("parent", "run", "url", "steps"),
    [
        ("http://c.example/list/2", 4, "http://c.example/list/3", 5),
        ("http://c.example/list/", 4, "http://c.example/list/2", 0),
        ("http://c.example/e/2026-12/", 1, "http://c.example/e/2027-1/", 2),
        ("http://c.example/list/2", 4, "http://c.example/list/2", 0),
        ("http://c.example/list/2", 4, "http://c.example/post-2", 0),
    ],
)
def test_steps_along_one_pattern(parent, run, url, steps):
    """The next page of a list or the next month of a calendar counts on; anything else begins anew."""
    assert next_run(parent, run, url) == steps
    assert (pattern(parent) == pattern(url)) is (steps > 0 or parent == url)


@pytest.mark.parametrize(
    ("url", "depth", "word"),
    [
        ("http://c.example/a/b/a/b/a/b/a/", 1, "segment"),
        ("http://c.example/?" + "&".join(f"p{n}=1" for n in range(9)), 1, "parameters"),
        ("http://c.example/" + "x" * 2000, 1, "characters"),
        ("http://c.example/x", 1001, "links"),
    ],
)
def test_signs_of_an_endless_path(url, depth, word):
    """A trap is told by its address, with the reason in words."""
    assert word in trap_reason(url, depth)


@pytest.mark.parametrize("path", ["/", "/a/b/c/d/", "/locations/a/a/a/", "/?" + "&".join(f"p{n}=1" for n in range(8))])
def test_an_ordinary_address_is_no_trap(path):
    """Long menus and a few repeats are what real sites have."""
    assert trap_reason("http://c.example" + path, 100) is None


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/a.PDF", True),
        ("/a.pdf/", False),
        ("/a.html", False),
        ("/mp3", False),
        ("/a.jpeg", True),
        ("/pdf.guide", False),
    ],
)
def test_files_by_their_names(path, file):
    """A download is told by the end of its path; a page that only speaks of PDF is a page."""
    assert bool(NOT_A_PAGE.search(path)) is file
