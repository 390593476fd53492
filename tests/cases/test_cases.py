"""Each case of this folder gets its right answer."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.cases.checks import CHECKS, check_crawl, crawl_all

CASES = {path.parent.name: tomllib.loads(path.read_text("utf-8")) for path in Path(__file__).parent.glob("*/case.toml")}
CRAWLED = sorted(name for name, case in CASES.items() if case["check"] == "crawl")
TOGETHER = [name for name in CRAWLED if not CASES[name].get("alone")]


def folder(name):
    """Give the folder of a case."""
    return Path(__file__).with_name(name)


@pytest.mark.parametrize("name", sorted(set(CASES) - set(CRAWLED)))
def test_the_answer_is_right(name):
    """A page, an address, a file that is read."""
    assert CHECKS[CASES[name]["check"]](CASES[name], folder(name)) == []


@pytest.fixture(scope="session")
def crawled(tmp_path_factory):
    """Crawl the hosts of all cases that share a crawl, twice."""
    return crawl_all([(CASES[name], folder(name)) for name in TOGETHER], tmp_path_factory.mktemp("cases"))


@pytest.mark.parametrize("name", TOGETHER)
def test_the_crawl_is_right(name, crawled):
    """What two crawls keep and report."""
    assert check_crawl(CASES[name], crawled) == []


@pytest.mark.parametrize("name", sorted(set(CRAWLED) - set(TOGETHER)))
def test_the_crawl_of_one_case_is_right(name, tmp_path):
    """What could end a whole crawl has a crawl of its own."""
    assert check_crawl(CASES[name], crawl_all([(CASES[name], folder(name))], tmp_path)) == []
