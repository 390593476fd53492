"""A link to a version may quote words: they are marked where they stand, and nothing else becomes of them."""

from __future__ import annotations

import re
import sqlite3
from urllib.parse import quote

import pytest

from db.corpus.connection import reading
from tests.support.desk import Reader, Server, many_pages
from tests.support.made_corpus import HOST

SENTENCE = "Nine in ten of our patients get better & <b>stay</b> so."


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """Name the corpus."""
    return tmp_path_factory.mktemp("quoted") / "corpus.db"


@pytest.fixture(scope="module")
def visitor(path):
    """Serve a page with a sentence, and a table whose row is one line of text."""
    many_pages(path, 1, claims=f"Ketamine infusions at our clinic.\n{SENTENCE} Then more.\n| Infusion | $450 |")
    with reading(path) as corpus:
        version = corpus.execute(
            "SELECT versions.id FROM versions JOIN pages ON pages.id = page WHERE url = ?", (f"http://{HOST}/claims/",)
        ).fetchone()[0]
    return Reader(Server(path)), f"/corpus/versions/{version}"


def marked(visitor, words):
    """Open the version with words quoted; gives the page."""
    reader, where = visitor
    answer = reader.get(f"{where}?quote={quote(words, safe='')}")
    assert answer.status_code == 200
    return answer.text


def test_the_words_are_marked_where_they_stand(visitor):
    """Once, with the place that the link leads to; the text around them is whole."""
    page = marked(visitor, SENTENCE)
    assert page.count('id="quote"') == 1
    found = re.findall(r'<mark class="quoted"[^>]*>(.*?)</mark>', page)
    assert "Nine in ten of our patients get better &amp; &lt;b&gt;stay&lt;/b&gt; so." in "".join(found)
    assert "Then more." in page


def test_words_that_no_line_has_are_quoted_above_the_text(visitor):
    """A row of a table is shown in cells: the link still leads to its words."""
    page = marked(visitor, "Infusion | $450")
    assert page.count('id="quote"') == 1


def test_words_of_another_region_are_quoted_with_its_name(visitor, path):
    """A footer is not set in the text: the link says where its words stand."""
    with sqlite3.connect(path) as corpus:
        corpus.execute("CREATE TABLE IF NOT EXISTS version_regions (version, region, text_sha256)")
        corpus.execute("INSERT INTO texts (sha256, text, words) VALUES ('f', 'Results last for good.', 4)")
        corpus.execute(
            "INSERT OR REPLACE INTO version_regions (version, region, text_sha256)"
            " SELECT id, 'boilerplate', 'f' FROM versions"
        )
    page = marked(visitor, "Results last for good.")
    assert "region boilerplate" in page
    assert page.count('id="quote"') == 1


def test_words_of_somebody_else_are_not_put_on_the_page(visitor):
    """A link cannot make a clinic say something."""
    page = marked(visitor, "It cures everybody. <script>alert(1)</script>")
    assert "It cures everybody" not in page
    assert "are not on this version of the page" in page
    assert 'id="quote"' not in page
    assert "<mark" not in marked(visitor, " ")
