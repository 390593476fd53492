"""Which page is a duplicate of which: never by the order of arrival, and never so that an original is lost."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.dedup.exact_duplicates import SAME_CANONICAL, SAME_TEXT, Candidate, ExactDuplicate, find_exact_duplicates

TEXT = "ketamine is given slowly while a nurse watches over you for the whole hour"


def page(number: int, **facts) -> Candidate:
    """Make a page of a site, with a text of its own unless a key is given."""
    usual = {"url": f"http://c.example/{number}", "site": 1, "key": f"k{number}", "words": 9, "first_crawl": 1}
    return Candidate(number, **(usual | facts))


def duplicates(*pages: Candidate, texts: dict[int, str] | None = None) -> dict[int, int]:
    """Name each duplicate with its original."""
    found = find_exact_duplicates(pages, lambda number: (texts or {}).get(number, TEXT))
    return {one.page: one.duplicate_of for one in found}


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"first_crawl": 1}, {"first_crawl": 2}),
        ({"published": "2020-01-01"}, {"published": "2021-01-01"}),
        ({"published": "2020-01-01"}, {}),
        ({"listed": True, "first_crawl": 2}, {}),
        ({"url": "http://c.example/x"}, {"url": "http://c.example/x?print=1"}),
        ({"url": "http://c.example/a"}, {"url": "http://c.example/b"}),
        ({"first_crawl": 2}, {"canonical_page": 1}),
        ({"first_crawl": 2}, {"site": 2, "source_class": "news", "listed": True}),
        ({"first_crawl": 2, "published": "2020-01-01"}, {"site": 2, "published": "2020-01-02", "listed": True}),
        ({"source_class": "news", "published": "2020-01-01"}, {"site": 2, "published": "2021-01-01"}),
        ({}, {"site": 2, "url": "http://staging.c.example/", "listed": True}),
        ({"source_class": "news"}, {"site": 2, "source_class": "news", "url": "http://d.example/longer"}),
    ],
)
def test_the_original_of_the_same_text(better, worse):
    """Canonical, then day and class across sites, then sitemap, seen first, dated first, the plainest address."""
    pair = page(1, key="k", **better), page(2, key="k", **worse)
    assert [duplicates(*order) for order in permutations(pair)] == [{2: 1}, {2: 1}]


@pytest.mark.parametrize(
    ("others", "original"), [(["a/", "b/", "c"], 2), (["a", "b", "c/"], 1), (["a/", "b", "c.html"], 1)]
)
def test_an_address_ends_as_most_of_its_site_do(others, original):
    """Of /blog and /blog/ with the same text, the original is spelled as the site spells; else it is the shorter."""
    rest = [page(number, url=f"http://c.example/{path}") for number, path in enumerate(others, 3)]
    pair = [page(number, key="k", url=f"http://c.example/blog{end}") for number, end in ((1, ""), (2, "/"))]
    assert duplicates(*rest, *pair) == {3 - original: original}


def test_a_print_page_is_a_copy_of_the_page_that_it_names():
    """A page that names another and says nearly the same is its copy, with that reason."""
    texts = {1: TEXT, 2: TEXT + " printed today"}
    found = find_exact_duplicates([page(1), page(2, canonical_page=1)], texts.__getitem__)
    assert found == [ExactDuplicate(2, 1, SAME_CANONICAL)]


def test_a_wrong_canonical_is_not_believed():
    """A theme that names the home page as canonical on every page makes none of them a copy."""
    assert not duplicates(page(1), page(2, canonical_page=1), texts={2: "what an infusion costs and who pays for it"})


def test_another_site_is_not_believed():
    """A page that names a page of another site keeps its place, unless the text is the same word by word."""
    assert not duplicates(page(1), page(2, site=2, canonical_page=1))


def test_a_copy_of_a_copy_leads_to_the_original():
    """A print page of a tagged copy is a copy of the article, not of the copy."""
    pages = page(1, key="k"), page(2, key="k", url="http://c.example/2?tag"), page(3, canonical_page=2)
    assert duplicates(*pages) == {2: 1, 3: 1}


@pytest.mark.parametrize("length", [2, 3, 5])
def test_a_circle_of_canonicals_keeps_one_original(length):
    """Pages that name each other as canonical are copies of one of them, not each of the next."""
    circle = [page(number, canonical_page=number % length + 1) for number in range(1, length + 1)]
    assert duplicates(*circle) == dict.fromkeys(range(2, length + 1), 1)


def test_pages_that_differ_are_no_copies():
    """A page is no copy of a page that says something else."""
    assert find_exact_duplicates([page(1), page(2)], lambda _: TEXT) == []
    assert find_exact_duplicates([page(1, key="k"), page(2, key="k")], lambda _: TEXT) == [
        ExactDuplicate(2, 1, SAME_TEXT)
    ]


PAGES = st.lists(st.tuples(st.integers(1, 3), st.integers(0, 6), st.integers(1, 2)), min_size=1, max_size=6).map(
    lambda rows: [
        page(number, key=f"k{key}", canonical_page=canonical, site=site)
        for number, (key, canonical, site) in enumerate(rows, 1)
    ]
)


@given(PAGES)
def test_every_copy_has_an_original_that_is_none(pages):
    """However pages name each other: a copy's original is a page that is no copy itself, in any order of arrival."""
    found = duplicates(*pages)
    assert not set(found.values()) & set(found)
    assert duplicates(*reversed(pages)) == found
