"""One page has one address, read as browsers read it."""

from __future__ import annotations

import pytest

from pipelines.metadata.links import web_url
from pipelines.text.urls import canonical

BASE = "https://cedar.example/a/b"


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("\\\\pain\\", "https://pain/"),
        ("\\pain\\", "https://cedar.example/pain/"),
        ("https:\\\\cedar.example\\mood", "https://cedar.example/mood"),
        ("../../../pain/./x/../y", "https://cedar.example/pain/y"),
        ("/a/%2e%2E/pain", "https://cedar.example/pain"),
        ("//cedar.example//pain", "https://cedar.example//pain"),
        ("HTTP://Cedar.Example:80/Pain", "http://cedar.example/Pain"),
        ("https://ann:secret@cedar.example/", "https://cedar.example/"),
        ("/caf\u00e9", "https://cedar.example/caf%C3%A9"),
        ("/caf%c3%a9", "https://cedar.example/caf%C3%A9"),
        ("https://stra\u00dfe.example/", "https://xn--strae-oqa.example/"),
        ("/pa\n in", "https://cedar.example/pa%20in"),
        ("?p=2", "https://cedar.example/a/b?p=2"),
        ("/x?a=1&amp;b=2&amp;amp;utm_source=x", "https://cedar.example/x?a=1&b=2"),
        ("/x?gad_source=1&gad_campaignid=2&rdt_cid=3&epik=4&srsltid=5&fb_action_ids=6", "https://cedar.example/x"),
        ("/x?id=3&source=clinic", "https://cedar.example/x?id=3&source=clinic"),
        ("/x?", "https://cedar.example/x"),
        ("http://", None),
        ("javascript:alert(1)", None),
        ("https://a..b/", None),
        ("https://exa mple/", None),
    ],
)
def test_a_link_leads_where_browsers_go(href, url):
    """And its address is the one under which the page is known, however often it is read."""
    found = web_url(BASE, href)
    known = canonical(found) if found else None
    assert known == url
    assert url is None or canonical(url) == url
