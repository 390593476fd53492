"""A link to a version may quote words: they are marked where they stand, and nothing else becomes of them."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from db.corpus.connection import reading
from tests.support.desk import Reader, Server, many_pages
from tests.support.made_corpus import HOST

SENTENCE = "Nine in ten of our patients get better & <b>stay</b> so."


@pytest.fixture(scope="module")
def visitor(tmp_path_factory):
    """Serve a page with a sentence, and a table whose row is one line of text."""
    path = tmp_path_factory.mktemp("quoted") / "corpus.db"
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


def test_words_of_somebody_else_are_not_put_on_the_page(visitor):
    """A link cannot make a clinic say something."""
    page = marked(visitor, "It cures everybody. <script>alert(1)</script>")
    assert "It cures everybody" not in page
    assert "are not on this version of the page" in page
    assert 'id="quote"' not in page
    assert "<mark" not in marked(visitor, " ")
