"""Signing in leads back to where the person was, and never to another server."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from tests.support.desk import PASSWORD, TEAM, Reader, Server, many_pages

PAGES = (
    "/-/review/desk?task=topic&set=all",
    "/-/review/agreement",
    "/-/review/table?codes=all&from=2026-01-01",
    "/-/search?q=ketamine+clinic",
    "/-/claims",
    "/",
)
ELSEWHERE = (
    "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example/", "evil.example",
    "/\t/evil.example", "/%0d%0aSet-Cookie:%20a=b\r\nSet-Cookie: a=b", " //evil.example", "javascript:alert(1)",
    "/-/login", "/-/logout", "/" + "a" * 3_000, "",
)  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Serve a small corpus to a team."""
    path = tmp_path_factory.mktemp("sign-in") / "corpus.db"
    many_pages(path)
    return Server(path, TEAM)


def sign_in(visitor: Reader, link: str, password: str = PASSWORD):
    """Follow a link to the login and send its form as the browser would."""
    visitor.get(link)
    (action,) = re.findall(r'<form class="panel signin" action="([^"]*)"', visitor.page)
    token = visitor.page.split('name="csrftoken" value="')[1].split('"')[0]
    return visitor.post(action, {"csrftoken": token, "username": "anna", "password": password})


@pytest.mark.parametrize("where", PAGES)
def test_signing_in_leads_back(server, where):
    """From a page that sends to the login, and from the link in the menu of any other page."""
    visitor = Reader(server)
    answer = visitor.get(where)
    found = answer.headers.get("location") or re.findall(r'href="(/-/login[^"]*)"', visitor.page)[0]
    assert "Invalid" in sign_in(visitor, found, "wrong").text
    again = re.findall(r'<form class="panel signin" action="([^"]*)"', visitor.page)[0]
    for link in (found, again):  # a wrong password forgets nothing
        answer = sign_in(visitor, link)
        assert (answer.status_code, answer.headers["location"]) == (302, where)
    assert visitor.get(where).status_code == 200
    assert "Log out" in visitor.words()


@pytest.mark.parametrize("where", ELSEWHERE)
def test_no_other_server_is_led_to(server, where):
    """What is no path of this server leads to review, and adds no header."""
    visitor = Reader(server)
    visitor.get("/-/login")
    token = visitor.page.split('name="csrftoken" value="')[1].split('"')[0]
    fields = {"csrftoken": token, "username": "anna", "password": PASSWORD, "next": "https://evil.example/"}
    answer = visitor.post(f"/-/login?next={quote(where, safe='')}", fields)
    assert (answer.status_code, answer.headers.get_list("location")) == (302, ["/-/review"])
    assert [name.split("=")[0] for name in answer.headers.get_list("set-cookie")].count("ds_actor") == 1
    assert not [one for one in answer.headers.get_list("set-cookie") if one.startswith("a=")]
    page = visitor.get(f"/-/login?next={quote(where, safe='')}").text
    assert "evil.example" not in page
