"""Dates and authors are this page's own: not of a teaser, an event, another article or the site."""

from __future__ import annotations

import json
from datetime import date

import pytest

from pipelines.metadata.authors import clean_name, names_in_lines
from pipelines.reading.read import read

URL = "https://cedar.example/care/"
DAY = date(2026, 3, 1)
TEXT = "A nurse stays beside you while the ketamine runs, and most visits take about forty minutes in a quiet room. "


def page(*nodes, head="", top="", lang="en"):
    """Read a page with these JSON-LD nodes and this line under its headline."""
    data = f'<script type="application/ld+json">{json.dumps({"@graph": nodes})}</script>' if nodes else ""
    html = (
        f'<html lang="{lang}"><head><title>Care at Cedar</title>{head}{data}</head><body><main><h1>Care at Cedar</h1>'
    )
    return read(f"<!doctype html>{html}{top}<p>{TEXT * 3}</p></main></body></html>".encode(), URL, None, DAY)


def article(**fields):
    """Make a node of an article."""
    return {"@type": "BlogPosting", **fields}


@pytest.mark.parametrize(
    ("nodes", "published"),
    [
        ([article(url=URL, datePublished="2023-05-14")], "2023-05-14"),
        (
            [article(mainEntityOfPage={"@id": "http://www.cedar.example/care#a"}, datePublished="2023-05-14")],
            "2023-05-14",
        ),
        ([article(mainEntityOfPage="/care/", datePublished="2023-05-14")], "2023-05-14"),
        ([article(mainEntityOfPage="https://cedar.example/", datePublished="2023-05-14")], "2023-05-14"),
        (
            [article(url="https://cedar.example/p12/", headline="Care at Cedar", datePublished="2023-05-14")],
            "2023-05-14",
        ),
        ([article(url="https://cedar.example/news/", datePublished="2020-02-02")], None),
        ([article(url="https://other.example/care/", headline="Another story", datePublished="2020-02-02")], None),
        ([article(datePublished="2020-02-02"), article(datePublished="2021-02-02")], None),
        ([article(datePublished="2020-02-02"), article(url=URL, datePublished="2021-02-02")], "2021-02-02"),
        ([article(datePublished="2040-02-02")], None),
    ],
)
def test_a_date_of_another_article_is_none_of_the_page(nodes, published):
    """A node that names another page is of that one, unless its headline is this page's."""
    assert page(*nodes).published == published


@pytest.mark.parametrize(
    ("lang", "written", "published"),
    [
        ("en-GB", "03/10/2023", "2023-10-03"),
        ("en-US", "03/10/2023", "2023-03-10"),
        ("es", "03/10/2023", "2023-10-03"),
        ("en", "03/10/2023", None),
        ("en", "23/10/2023", "2023-10-23"),
        ("en", "10.03.2023", "2023-03-10"),
    ],
)
def test_day_and_month_go_by_the_region_and_in_doubt_are_refused(lang, written, published):
    """One rule for JSON-LD, meta elements and the text."""
    assert page(article(datePublished=written), lang=lang).published == published
    assert page(head=f'<meta property="article:published_time" content="{written}">', lang=lang).published == published
    assert page(top=f"<p>Posted on {written}</p>", lang=lang).published == published


def test_the_other_dates_of_a_page_tell_the_order():
    """Of two dates one has a day beyond twelve."""
    assert page(article(datePublished="03/10/2023", dateModified="25/10/2023")).published == "2023-10-03"


@pytest.mark.parametrize(
    "top",
    [
        "<p>Open house: May 14, 2025 at 5 pm</p>",
        "<p>Join us on May 14, 2025</p>",
        "<p>Taller: 14 de mayo de 2025, 17:00</p>",
        "<p>May 14, 2041</p>",
    ],
)
def test_the_day_of_an_event_is_no_day_of_publication(top):
    """Nor is a day to come."""
    assert page(top=top).published is None


def test_the_days_of_events_in_the_data_are_none_of_the_page():
    """They stand beside the headline as well."""
    event = {"@type": "Event", "startDate": "2025-05-14T17:00"}
    assert page(event, top='<time datetime="2025-05-14">May 14, 2025</time>').published is None


@pytest.mark.parametrize(
    "top",
    [
        "<p>Posted on March 3, 2021 by Ann Bell</p>",
        "<p>Publicado el 3 de marzo de 2021 por Ann Bell</p>",
        "<p>Veröffentlicht am 3. März 2021</p>",
        "<p>Posted on March 3, 2021 at 5:10 pm by Ann Bell</p>",
    ],
)
def test_a_byline_without_markup_is_read(top):
    """In each language of the data."""
    assert page(top=top).published == "2021-03-03"


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("Ann Bell", "Ann Bell"),
        ({"@type": "Person", "name": {"@type": "Person", "name": "Ann Bell"}}, "Ann Bell"),
        ({"@type": "Person", "givenName": "Ann", "familyName": "Bell"}, "Ann Bell"),
        ([{"name": "Ann Bell"}, {"name": ["Joe Roe"]}], "Ann Bell, Joe Roe"),
        ({"@id": "#ann"}, "Ann Bell"),
        ({"name": {"@value": "Ann Bell", "@language": "en"}}, "Ann Bell"),
    ],
)
def test_the_author_of_an_article_in_all_its_forms(author, name):
    """Strings, objects, lists, references, parts of names, names within names."""
    assert page(article(author=author), {"@type": "Person", "@id": "#ann", "name": "Ann Bell"}).author == name


@pytest.mark.parametrize(
    ("top", "name"),
    [
        ('<span class="byline">By <a>Ann Bell, MD</a></span>', "Ann Bell"),
        ("<p>Written by Ann Bell and Joe Roe | March 3, 2021</p>", "Ann Bell, Joe Roe"),
        ("<p>Por Ana María López</p>", "Ana María López"),
        ("<p>By the river the clinic lies</p>", None),
        ('<div class="author-box">Read more</div>', None),
    ],
)
def test_a_visible_byline_names_the_author_of_an_article(top, name):
    """Where neither data nor meta elements do."""
    assert page(article(headline="Care at Cedar"), top=top).author == name


def test_an_organisation_is_no_author_of_a_service_page():
    """Its plugin writes the advertiser's name there."""
    head = '<meta name="author" content="Cedar"><meta property="og:site_name" content="Cedar">'
    assert page(head=head).author is None


def test_names_that_name_nobody():
    """Accounts, addresses, words beside a byline."""
    assert [clean_name(name) for name in ("admin", "www.cedar.example", "a@b.example")] == [None, None, None]
    assert names_in_lines(["Sign In", "By Ann Bell"], labelled=True) == ["Ann Bell"]


@pytest.mark.parametrize(
    ("title", "read_as"),
    [
        ("Prices of care :: Cedar", "Prices of care"),
        ("Cedar - Prices of care", "Prices of care"),
        ("Prices &amp;amp; care | Cedar", "Prices & care"),
    ],
)
def test_titles_lose_the_name_of_the_site(title, read_as):
    """Whatever stands between, and escaped once too often."""
    html = f"<html><head><title>{title}</title></head><body><h1>Your visit</h1><p>{TEXT}</p></body></html>"
    assert read(html.encode(), "https://www.cedar.example/prices/").title == read_as
