"""The table of one state's clinics out of coded demo data; each yes opens its sentence and its bytes in two clicks."""

from __future__ import annotations

import csv
import html
import json
import re
import urllib.request
from urllib.parse import urljoin

import pytest
from click.testing import CliRunner

from crawler.commands.cli import main
from crawler.engine.rule_files import read_codebook
from db.corpus.connection import evidence_folder
from demo.readers import code_demo
from demo.world import make_world
from tests.support.command import start
from tests.support.demo_corpus import demo_corpus

BOOK = read_codebook()


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Make the demo corpus and have it coded."""
    path = tmp_path_factory.mktemp("maryland") / "corpus.db"
    with demo_corpus(path, make_world()):
        pass
    code_demo(path, BOOK, "2026-03-02T10:00:00+00:00")
    return path


@pytest.fixture(scope="module")
def server(corpus):
    """Serve it, as the one person of this machine."""
    process = start("serve", "--db", corpus, "--port", 0)
    try:
        yield next(word for word in process.stdout.readline().split() if word.startswith("http")).rstrip("/")
    finally:
        process.terminate()
        process.communicate(timeout=20)


@pytest.fixture(scope="module")
def tables(corpus, server):
    """Make the table by the one command; gives the rows of its files."""
    folder = corpus.parent / "maryland"
    options = ["--state", "MD", "--class", "clinic,telehealth", "--base-url", server]
    done = CliRunner().invoke(main, ["rollup", str(folder), *options, "--db", str(corpus)])
    assert done.exit_code == 0, done.output
    found = {}
    for name in ("advertisers", "cells", "evidence"):
        with (folder / f"{name}.csv").open(newline="", encoding="utf-8") as file:
            found[name] = list(csv.DictReader(file))
    return found


def get(address):
    """Fetch an address past any proxy; gives the bytes."""
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address, timeout=30) as answer:
        return answer.read()


def test_it_has_the_clinics_of_the_state_and_nobody_else(tables):
    """The business paper of the same town is no advertiser."""
    assert [row["advertiser"] for row in tables["advertisers"]] == ["harborlight-infusions.example"]
    assert {row["says"] for row in tables["cells"]} >= {"yes", "no"}


def test_every_yes_opens_its_marked_sentence_and_its_bytes(corpus, server, tables):
    """The permalink shows the quoted words marked; a link on that page gives the WARC record, byte for byte."""
    yes = [row for row in tables["evidence"] if row["says"] == "yes"]
    assert len(yes) > 50
    for row in yes:
        assert json.loads(row["quotes"]), row
        quote = json.loads(row["quotes"])[0]
        page = get(row["permalink"].partition("#")[0]).decode()  # the first click
        marked = re.findall(r'(?s)<mark class="quoted".*?</mark>(?:</mark>)?', page)
        words = " ".join(html.unescape(re.sub(r'<span class="codes">.*?</span>|<[^>]*>', "", "".join(marked))).split())
        assert 'id="quote"' in page, row
        assert " ".join(quote.split()) in words or words in quote, row
        (link,) = set(re.findall(rf'href="([^"]*/captures/{row["capture"]}/record)"', page))
        with (evidence_folder(corpus) / row["warc_file"]).open("rb") as file:
            file.seek(int(row["warc_offset"]))
            assert get(urljoin(server, link)) == file.read(int(row["warc_length"]))  # the second


def test_every_no_says_who_looked(tables):
    """Two coders, when, and how; a cell says on how many pages of how many."""
    no = [row for row in tables["evidence"] if row["says"] == "no"]
    assert len(no) > 50
    levels = {code.id: code.level for code in BOOK.codes}
    for row in no:
        assert len(row["looked_by"].split("; ")) >= 2, row
        assert row["looked_at"], row
        assert "read by 2 coders" in row["how"] or levels[row["code"]] != "sentence", row
    for cell in tables["cells"]:
        if cell["says"] == "no":
            assert 0 < int(cell["pages_looked"]) <= int(cell["pages"])


def test_the_screen_has_the_same_table(server, tables):
    """Yes leads to the claims of the cell, no and yes to who looked; the cell's page leads to sentence and bytes."""
    page = html.unescape(get(f"{server}/-/review/table?state=MD&class=clinic&class=telehealth&codes=all").decode())
    body = page[page.index("<tbody>") :]
    cells = re.findall(r'(?s)<td class="cell-(\w+)">(.*?)</td>', body)
    says = [cell["says"] or "empty" for cell in tables["cells"]]
    assert [kind for kind, _ in cells] == says
    for (kind, content), cell in zip(cells, tables["cells"], strict=True):
        links = re.findall(r'href="([^"]*)"', content)
        claims = f"/-/claims?code={cell['code']}&clinic={cell['advertiser']}&status=confirmed"
        assert (links[:1] == [claims]) is (kind == "yes")
        if kind == "no":
            assert f"on {cell['pages_looked']} of {cell['pages']} pages looked at" in content
            evidence = get(urljoin(server, links[-1].replace(" ", "+"))).decode()
            rows = [one for one in tables["evidence"] if one["code"] == cell["code"]]
            assert evidence.count("/record") == len(rows)
            assert all(html.escape(row["decisions"]) in evidence for row in rows)
