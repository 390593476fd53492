"""The pages that people read: what they say, what they find, and that nothing crawled can act in them."""

from __future__ import annotations

import asyncio
import gzip
import html
import io
import re
import sqlite3
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from warcio.archiveiterator import ArchiveIterator

from db.datasette.archive import NotArchivedError, read_record
from db.datasette.search import Query, search
from db.datasette.serve import address_of, check_corpus, datasette_of, listen
from pipelines.model.errors import CorpusError
from tests.support.browser import JAVASCRIPT, SCRIPT, made
from tests.support.made_corpus import ABOUT, corpus_of

if TYPE_CHECKING:
    from pathlib import Path

    import httpx
    from datasette.app import Datasette


class Site:
    """A Datasette on a corpus, asked as a browser asks."""

    def __init__(self, path: Path, **made_as: bool) -> None:
        self.path = path
        self.rows = made(path, **made_as)
        self.datasette: Datasette = datasette_of(path)

    def get(self, path: str) -> httpx.Response:
        """Ask for a page."""
        return asyncio.run(self.datasette.client.get(path))

    def text(self, path: str) -> str:
        """Give the words of a page that is there, tags left out."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        body = re.sub(r"(?s)<head>.*?</head>|<[^>]*>", " ", answer.text)
        return " ".join(html.unescape(body).split())


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Serve a corpus of another name than the default one."""
    return Site(tmp_path_factory.mktemp("corpus") / "other.db")


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """Serve a corpus that no crawl has filled."""
    return Site(tmp_path_factory.mktemp("empty") / "corpus.db", empty=True)


def every_page(site: Site) -> list[str]:
    """Name a page of each kind."""
    rows = [f"/other/pages/{row}" for row in site.rows.pages.values()]
    tables = [
        "documents",
        "sites",
        "pages",
        "captures",
        "crawls",
        "versions",
        "visits",
        "copies",
        "all_pages",
        "corpus",
    ]
    return [
        "/", "/-/search?q=ketamine", "/-/search", "/other", "/other?sql=select+*+from+pages", "/other/sites/1",
        "/other/crawls/1", "/other/crawls/2", "/other/versions/1", "/other/captures/1", *rows,
        *(f"/other/{table}" for table in tables),
    ]  # fmt: skip


def test_no_page_lets_a_crawled_string_act(site):
    """Scripts, handlers and javascript: links of a site are words on every page of ours."""
    for path in every_page(site):
        answer = site.get(path)
        assert answer.status_code == 200, path
        assert SCRIPT not in answer.text, path
        assert "<img" not in answer.text, path
        assert not re.search(r"""(?:href|src|action)=["']?\s*(?:javascript|data|vbscript):""", answer.text), path
        assert "<script>" not in answer.text, path


def test_every_answer_tells_browsers_to_distrust_it(site):
    """Pages, tables, JSON, files and errors carry the policy that runs no inline script."""
    for path in ("/", "/other/documents", "/other/documents.json", "/assets/clinicwatch.css", "/nothing"):
        headers = site.get(path).headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] in {"same-origin", "no-referrer"}


def test_home_says_what_and_how_fresh(site):
    """The home page counts documents and sites, names the last crawl's end and what changed."""
    text = site.text("/")
    dataset = sqlite3.connect(site.path).execute("SELECT count(*) FROM corpus").fetchone()[0]
    assert f"{dataset} documents on topic, from 1 site" in text
    assert "Last crawl ended 8 Mar 2026, 09:07 UTC" in text
    assert re.search(r"Questions edited .*cedar\.example · 8 Mar 2026", text)


def test_one_number_of_documents_everywhere(tmp_path):
    """A list of other pages counts in the bars alone: headline, citation and the link to the dataset go by `corpus`."""
    site = Site(tmp_path / "other.db")
    with sqlite3.connect(site.path) as db:
        db.execute("UPDATE documents SET page_type = 'archive' WHERE url LIKE '%/faq'")
    dataset = db.execute("SELECT count(*) FROM corpus").fetchone()[0]
    db.close()
    text = site.text("/")
    assert f"{dataset} document{'' if dataset == 1 else 's'} on topic, from 1 site" in text
    assert f"{dataset} documents on topic. Each" in text
    assert f"only the dataset ({dataset})" in site.text("/other/documents")
    asked = re.search(r'href="([^"]*)">only the dataset', site.get("/other/documents").text)
    assert asked
    assert f"{dataset} document" in site.text(html.unescape(asked[1]))


def test_home_counts_pages_that_wait_to_be_judged(tmp_path):
    """While a first crawl runs, or after one that was cut off, home says how many pages were read and what to do."""
    site = Site(tmp_path / "other.db")
    assert "not judged yet" not in site.text("/")
    with sqlite3.connect(site.path) as db:
        read = db.execute("DELETE FROM documents").rowcount
    db.close()
    text = site.text("/")
    assert f"{read} pages read and not judged yet" in text
    assert "clinicwatch rebuild judges what is there" in text
    assert "Nothing is in this corpus" not in text


def test_uncertain_pages_are_called_so_everywhere(tmp_path):
    """Badge, bars, facets, filter and the table of a site say uncertain; links filter by the value that is stored."""
    site = Site(tmp_path / "other.db")
    with sqlite3.connect(site.path) as db:
        db.execute("UPDATE documents SET verdict = 'doubtful' WHERE url LIKE '%/faq'")
    db.close()
    for path in ("/", "/other/documents", "/-/search?q=bladder", "/other/sites/1"):
        assert "uncertain" in site.text(path), path
        assert "doubtful" not in site.text(path).replace("stored as doubtful", ""), path
    assert 'href="/other/documents?verdict=doubtful">uncertain</a>' in site.get("/").text
    assert '<option value="doubtful">uncertain</option>' in site.get("/-/search?q=bladder").text


def test_copies_are_one_number(site):
    """Home counts what the list of copies shows, tracking addresses among them."""
    count = sqlite3.connect(site.path).execute("SELECT count(*) FROM copies").fetchone()[0]
    assert re.search(rf"\b{count} cop(y|ies) ", site.text("/"))


def test_crawls_are_listed_with_time_and_counts(site):
    """The list of crawls tells when to the minute, and how many pages were fetched, new, changed and failed."""
    text = site.text("/other/crawls")
    assert "Fetched New Changed Failed" in text
    assert "8 Mar 2026, 09:07 UTC" in text


def test_all_pages_begin_with_their_titles(site):
    """The list of all pages shows titles first, each leading to its page; an error page has the way to it."""
    answer = site.get("/other/all_pages").text
    assert re.search(r"<thead><tr>\s*<th[^>]*col-title", answer)
    assert f'<a href="/other/pages/{site.rows["/faq"]}">Questions</a>' in answer
    assert 'href="/other/all_pages"' in site.get("/nothing/here").text


def test_home_of_an_empty_corpus_says_what_to_do(empty):
    """Nothing read yet is said, with the command that fills the corpus; no list is broken."""
    assert "Nothing is in this corpus yet 1 site and 1 URL are known" in empty.text("/")
    assert "No current document matches" in empty.text("/-/search?q=ketamine")
    assert "No row is like this" in empty.text("/corpus/documents")


def test_documents_are_a_narrow_table_with_names(site):
    """The list links titles, names sites, offers facets, and holds no long text."""
    answer = site.get("/other/documents")
    assert f'<a href="/other/documents/{site.rows["/faq"]}">Questions</a>' in answer.text
    assert ">cedar.example</a>" in answer.text
    assert all(
        f'id="facet-{name}"' in answer.text for name in ("state", "site", "source_class", "page_type", "verdict")
    )
    assert "stays with the patient" not in answer.text


def test_documents_can_be_taken_whole(site):
    """CSV has all columns and names instead of numbers where asked."""
    lines = site.get("/other/documents.csv?_stream=on&_labels=on").text.splitlines()
    assert len(lines) == 1 + 5
    assert "site_label" in lines[0]


def test_helper_tables_are_hidden(site):
    """The database page lists what a reader can use."""
    text = site.text("/other")
    assert "documents" in text
    assert "versions_fts" not in text
    assert "_sqlite_migrations" not in text


def test_search_ranks_marks_and_folds(site):
    """A hit is marked, a copy stands under its original, a former text is not found."""
    answer = site.get("/-/search?q=bladder+watched")
    assert "The <mark>bladder</mark> is <mark>watched</mark>" in answer.text
    assert site.text("/-/search?q=bladder").count("Questions cedar.example") == 2
    assert "rapid relief" not in site.text('/-/search?q="rapid+joy"')


def test_a_title_weighs_more_than_a_text(site):
    """The page that is named for what was typed comes first."""
    found = re.findall(r"<h2><a[^>]*>(.*?)</a>", site.get("/-/search?q=questions+OR+ketamine").text)
    assert "Questions" in found[0]


def test_a_word_that_every_text_has_is_ranked_in_those_read_last(tmp_path):
    """Of more texts than can be weighed in time the newest are, and the results say how many; else all are."""
    texts = {f"/{number}/": f"Ketamine page {number}\n{ABOUT} Number {number}." for number in range(6)}
    with corpus_of(tmp_path / "c.db", texts) as db:
        db.row_factory = sqlite3.Row
        few, every = (search(db, Query("infusion"), ranked=ranked) for ranked in (4, 100))
        last = {row["id"] for row in db.execute("SELECT id FROM documents ORDER BY version DESC LIMIT 4")}
    assert (few.newest, every.newest) == (4, None)
    assert {row["id"] for row in few.rows} == last
    assert len(every.rows) == 6


def test_the_beginning_of_a_word_finds_what_the_word_finds(site):
    """Marks stand in the words that begin so."""
    assert "<mark>bladder</mark>" in site.get("/-/search?q=bladd*").text


def test_filters_stay_in_the_address(site):
    """A search with filters keeps them in the form, and a filter without a hit says so."""
    assert '<option value="faq" selected>faq</option>' in site.get("/-/search?q=ketamine&page_type=faq").text
    assert "No current document matches ketamine with these filters" in site.text("/-/search?q=ketamine&state=ZZ")


@pytest.mark.parametrize(
    "typed",
    ['"', '""', '"open', "(", "a AND", "NOT", "NEAR(", "title:x", "*", "-", "OR", "OR OR x", "^x", "a*b*", "{x}: y",
     "\0", "'; drop table pages", "+ - *", "ketamine OR", "-ketamine", "x" * 5000, "a " * 500, "%00", "\u0301", "𝕜𝕖𝕥"],
)  # fmt: skip
def test_no_search_is_an_error(site, typed):
    """Whatever is typed, the answer is a page."""
    assert site.get(f"/-/search?q={quote(typed)}").status_code == 200


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999", "²", "1e9"])
def test_no_page_number_is_an_error(site, page):
    """A page of results that does not exist is an answer too."""
    assert site.get(f"/-/search?q=ketamine&page={quote(page)}").status_code == 200


def test_document_is_set_for_reading(site):
    """Headings, lists and tables stand as such; the facts beside them say where each comes from."""
    answer = site.get(f"/other/documents/{site.rows['/faq']}").text
    assert "<h2>What we ask before</h2>" in answer
    assert "<ul><li>Heart disease</li><li>Bladder trouble</li><li>Past psychosis</li></ul>" in answer
    assert "<td>$450</td>" in answer
    text = site.text(f"/other/documents/{site.rows['/harm']}")
    assert "Published 1 Apr 2025 (json-ld)" in text
    assert "Where it was found this page (link) cedar.example/ (seed)" in text


def test_document_names_its_copies_versions_and_evidence(site):
    """Each version and capture is there, with the place of its bytes."""
    text = site.text(f"/other/pages/{site.rows['/faq']}")
    assert "/faq?utm_source=x the same address with tracking parameters" in text
    assert "crawl-00001-000.warc.gz at" in text
    assert text.count("Questions 1 Mar 2026") + text.count("Questions 8 Mar 2026") == 2


def test_an_earlier_text_can_be_read(site):
    """A version that is not current says so."""
    first = sqlite3.connect(site.path).execute(
        "SELECT min(id) FROM versions WHERE page = ?", (site.rows["/faq"],)
    ).fetchone()[0]  # fmt: skip
    text = site.text(f"/other/versions/{first}")
    assert "This is an earlier text of the page" in text
    assert "The bladder is watched." in text


def test_a_page_without_text_says_why(site):
    """A page that is gone, or was never asked for, has a page that tells its outcome."""
    gone = site.rows["/gone"]
    assert site.get(f"/other/documents/{gone}").headers["location"] == f"/other/pages/{gone}"
    assert "Last visit: gone, answered 404" in site.text(f"/other/pages/{gone}")
    assert "Last visit: unsafe address" in site.text(f"/other/pages/{site.rows[JAVASCRIPT]}")


def test_links_to_the_live_web_tell_it_nothing(site):
    """Every link that leaves carries no referrer and no opener."""
    for link in re.findall(r'<a [^>]*href="http[^>]*>', site.get(f"/other/documents/{site.rows['/faq']}").text):
        assert 'rel="noopener noreferrer' in link


def test_archived_source_is_text(site):
    """A captured page comes back inflated as plain text in a sandbox, never as HTML."""
    answer = capture_of(site, "/harm", "source")
    assert SCRIPT in answer.text
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["content-security-policy"].startswith("sandbox")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_archived_record_is_a_warc_file(site):
    """The record that is given out is read by a WARC tool and holds the bytes as transferred."""
    answer = capture_of(site, "/harm", "record")
    assert answer.headers["content-disposition"].startswith("attachment")
    record = next(iter(ArchiveIterator(io.BytesIO(answer.content))))
    assert SCRIPT.encode() in gzip.decompress(record.raw_stream.read())


def capture_of(site: Site, path: str, what: str) -> httpx.Response:
    """Ask for the first capture of a page."""
    row = sqlite3.connect(site.path).execute("SELECT id FROM captures WHERE page = ?", (site.rows[path],)).fetchone()
    return site.get(f"/other/captures/{row[0]}/{what}")


def test_missing_evidence_is_a_clear_answer(tmp_path):
    """A corpus without its WARC files says so, and answers 404."""
    site = Site(tmp_path / "other.db")
    for file in tmp_path.glob("other.warc/*"):
        file.unlink()
    answer = capture_of(site, "/harm", "source")
    assert answer.status_code == 404
    assert "the WARC file is not here" in answer.text


@pytest.mark.parametrize("what", ["source", "record"])
@pytest.mark.parametrize("content", [b"", b"other bytes " * 5000, gzip.compress(b"WARC/1.1\r\nno record") * 500])
def test_a_replaced_archive_is_a_clear_answer(tmp_path, what, content):
    """Where the WARC files were replaced under a running server, the answer is a 404 that says what to do."""
    site = Site(tmp_path / "other.db")
    for file in tmp_path.glob("other.warc/*"):
        file.write_bytes(content)
    answer = capture_of(site, "/harm", what)
    assert answer.status_code == 404
    assert "restart the server" in answer.text


@pytest.mark.parametrize("name", ["../corpus.db", "/etc/passwd", "", "..", "x.warc.gz/../../y", "a\0.warc.gz"])
def test_a_row_cannot_name_another_file(tmp_path, name):
    """Only names of WARC files of this corpus are opened."""
    row = {"id": 1, "warc_file": name, "warc_offset": 0, "warc_length": 10}
    with pytest.raises(NotArchivedError, match="is no WARC file"):
        read_record(tmp_path, row)


def test_site_and_crawl_have_pages(site):
    """A site tells its documents by type and robots.txt, a crawl its funnel."""
    text = site.text("/other/sites/1")
    assert "faq 2 2" in text
    assert "Decision allowed" in text
    text = site.text("/other/crawls/2")
    assert "URLs are known on the sites of this crawl" in text
    assert "Changed 1 Questions cedar.example/faq" in text


@pytest.mark.parametrize("path", ["/other/documents/99", "/other/pages/99", "/other/sites/99", "/other/crawls/99",
                                  "/other/versions/99", "/other/captures/99/source", "/no/documents/1",
                                  "/other/pages/99999999999999999999999"])  # fmt: skip
def test_what_is_not_there_is_a_404(site, path):
    """A wrong number is an answer with a way home."""
    answer = asyncio.run(site.datasette.client.get(path, follow_redirects=True))
    assert answer.status_code == 404


def test_readers_see_what_a_crawl_writes(tmp_path):
    """The file is not opened as immutable: a row that is committed while people read is there at the next look."""
    site = Site(tmp_path / "other.db")
    assert "Late" not in site.text("/other/sites")
    with sqlite3.connect(site.path) as db:
        db.execute("UPDATE sites SET city = 'Late Town'")
    db.close()
    assert "Late Town" in site.text("/other/sites")


def test_nobody_can_write(site):
    """The database is opened for reading alone."""
    answer = site.get("/other?sql=delete+from+pages+where+1")
    assert answer.status_code == 400
    assert site.datasette.get_database("other").is_mutable


def test_serve_refuses_in_one_line(tmp_path):
    """A missing file, another database, a file that is none, and a newer corpus are each one clear line."""
    with pytest.raises(CorpusError, match="there is no corpus here"):
        check_corpus(tmp_path / "no.db")
    other = sqlite3.connect(tmp_path / "b.db")
    other.execute("CREATE TABLE x (y)")
    other.close()
    with pytest.raises(CorpusError, match="not a corpus of ours"):
        check_corpus(tmp_path / "b.db")
    (tmp_path / "c.db").write_bytes(b"no database at all" * 99)
    with pytest.raises(CorpusError, match="not a SQLite database"):
        check_corpus(tmp_path / "c.db")
    (tmp_path / "50%.db").write_bytes(b"")
    with pytest.raises(CorpusError, match="move or rename it"):
        check_corpus(tmp_path / "50%.db")
    made(tmp_path / "d.db", empty=True)
    with sqlite3.connect(tmp_path / "d.db") as db:
        db.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('clinicwatch', 'm999', '')"
        )
    db.close()
    with pytest.raises(CorpusError, match="newer clinicwatch"):
        check_corpus(tmp_path / "d.db")


def test_a_port_in_use_is_one_line():
    """The second server on a port is told so."""
    with listen("127.0.0.1", 0) as first:
        with pytest.raises(CorpusError, match="the port is in use"):
            listen("127.0.0.1", first.getsockname()[1])
        assert address_of(first, "0.0.0.0").startswith("http://localhost:")
    with pytest.raises(CorpusError, match="cannot listen"):
        listen("no-such-host.invalid", 0)
    with pytest.raises(CorpusError, match="cannot listen"):
        listen("127.0.0.1", 99_999)
