"""Bytes first: each answer is read back from its WARC file as it was transferred, and a torn tail costs only itself."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
from contextlib import closing

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from crawler.archive.verify import WarcScan, scan_file
from crawler.archive.warc import Archive, gzip_member, mend_tail, parse_answer, read_capture, response_record
from pipelines.model.records import Fetch, Location

AT = "2026-03-01T09:00:00.123456+00:00"
PAGE = Fetch("http://a.example/?q=%C3%A9", 200, (("Content-Type", "text/html"), ("ETag", '"1"')), b"<p>hello</p>")
FETCHES = [
    PAGE,
    Fetch("http://a.example/", 304, (), b""),
    Fetch("http://a.example/", 200, (("Content-Encoding", "gzip"),), gzip.compress(b"page")),
    Fetch(
        "http://a.example/",
        299,
        (("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("Empty", "")),
        b"\0\xff\r\n\r\n",
        "HTTP/1.0",
    ),
    Fetch("https://a.example/" + "x" * 3000, 404, (), b"HTTP/1.1 200 OK\r\n\r\nnot a header"),
]


def archived(folder, *fetches: Fetch, crawl: int = 1) -> list[Location]:
    """Write fetches to an archive of their own."""
    with closing(Archive(folder, crawl, "clinicwatch/0")) as archive:
        return archive.append([(fetch, AT) for fetch in fetches])


def test_every_answer_is_read_back_as_it_came(tmp_path):
    """Status, headers in their order, body as transferred: each at its own place."""
    places = archived(tmp_path, *FETCHES)
    assert [read_capture(tmp_path, place) for place in places] == FETCHES
    assert [place.sha256 for place in places] == [fetch.body_sha256 for fetch in FETCHES]


def test_warcio_accepts_the_file(tmp_path):
    """Another program finds nothing wrong, and the same records with the time and the digest."""
    (place, *_) = archived(tmp_path, *FETCHES)
    done = subprocess.run([sys.executable, "-m", "warcio.cli", "check", str(tmp_path / place.file)], check=False)
    assert done.returncode == 0
    with (tmp_path / place.file).open("rb") as file:
        kinds = [(one.rec_type, one.rec_headers.get_header("WARC-Date")) for one in ArchiveIterator(file)]
    assert [kind for kind, _ in kinds] == ["warcinfo", *["response"] * len(FETCHES)]
    assert {date for _, date in kinds[1:]} == {"2026-03-01T09:00:00.123456Z"}


def test_each_run_of_a_crawl_has_a_file_of_its_own(tmp_path):
    """A crawl that goes on never writes behind another run's records."""
    files = [archived(tmp_path, PAGE)[0].file for _ in range(2)] + [archived(tmp_path, PAGE, crawl=2)[0].file]
    assert files == ["crawl-00001-000.warc.gz", "crawl-00001-001.warc.gz", "crawl-00002-000.warc.gz"]


def test_no_answer_makes_no_file(tmp_path):
    """A crawl that fetches nothing leaves no empty archive."""
    assert archived(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


@given(st.binary(max_size=200))
def test_any_body_survives(tmp_path_factory, body):
    """Whatever bytes a site sends are what is kept."""
    folder = tmp_path_factory.mktemp("any")
    fetch = Fetch("http://a.example/", 200, (), body)
    assert read_capture(folder, archived(folder, fetch)[0]) == fetch


@given(st.binary(max_size=60), st.binary(min_size=1, max_size=20))
@example("café".encode(), b"Caf\xe9")
@example(b"\xa0\x85 \xff \x85\xa0", b"\xa0")
def test_any_header_survives(tmp_path_factory, value, name):
    """A value keeps its bytes in the record and comes back as one character a byte; warcio accepts the record."""
    value = re.sub(rb"[\r\n]", b"", value).strip()  # what no answer can hold: a line ends there
    name = re.sub(rb"[\s:]", b"", name) or b"X"
    folder = tmp_path_factory.mktemp("any")
    fetch = Fetch("http://a.example/", 200, ((name.decode("latin-1"), value.decode("latin-1")), ("B", "2")), b"body")
    (place,) = archived(folder, fetch)
    assert b"\r\n" + name + b": " + value + b"\r\nB: 2\r\n\r\nbody" in response_record(fetch, AT)
    assert read_capture(folder, place) == fetch
    assert scan_file(folder / place.file) == WarcScan({place.offset}, place.offset + place.length, [])


@pytest.mark.parametrize(
    ("head", "headers"),
    [
        (b"HTTP/1.0 200\nContent-Type: text/html\n\n", (("Content-Type", "text/html"),)),
        (b"HTTP/1.1 200 Tr\xc3\xa8s bien\r\nX-A: one\r\n\ttwo\r\nX-B:3\r\n\r\n", (("X-A", "one two"), ("X-B", "3"))),
        (b"HTTP/1.1 200 OK\r\nno colon here\r\nX-A : 1\r\n\r\n", (("X-A", "1"),)),
        (b"HTTP/1.1 200 OK\r\n\r\n", ()),
    ],
)
def test_the_head_of_an_answer_is_read(head, headers):
    """Line ends without carriage return, folded values, lines without a colon, spaces: as servers send them."""
    fetch = parse_answer("http://a.example/", head + b"a\r\n\r\nb")
    assert (fetch.status, fetch.headers, fetch.body) == (200, headers, b"a\r\n\r\nb")


@pytest.mark.parametrize("spoil", ["payload", "gone", "elsewhere"])
def test_bytes_that_are_not_what_the_row_says(tmp_path, spoil):
    """A changed payload, a missing file, a wrong offset: an error, never another page's text."""
    (place,) = archived(tmp_path, PAGE)
    path = tmp_path / place.file
    if spoil == "payload":
        record = gzip_member(response_record(PAGE, AT).replace(b"hello", b"jello"))
        path.write_bytes(path.read_bytes()[: place.offset] + record)
        place = Location(place.file, place.offset, len(record))
    elif spoil == "gone":
        path.unlink()
    else:
        place = Location(place.file, place.offset + 5, place.length)
    with pytest.raises((OSError, ValueError)):
        read_capture(tmp_path, place)


@pytest.mark.parametrize("cut", [1, 20, 200])
def test_a_torn_tail_is_cut_off(tmp_path, cut):
    """A crash in the middle of an append: the torn record goes, the whole ones stay, warcio is content."""
    *_, known, _last = archived(tmp_path, PAGE, PAGE, PAGE)
    path = tmp_path / known.file
    path.write_bytes(path.read_bytes()[:-cut])
    tail = mend_tail(path, known.offset + known.length)
    assert (tail.records, tail.torn > 0) == (0, True)
    assert path.stat().st_size == known.offset + known.length
    assert read_capture(tmp_path, known) == PAGE


def test_whole_records_without_a_row_stay(tmp_path):
    """Bytes without a row are evidence that can be indexed again; nothing is cut that is whole."""
    first, *_ = archived(tmp_path, PAGE, PAGE, PAGE)
    path = tmp_path / first.file
    size = path.stat().st_size
    tail = mend_tail(path, first.offset + first.length)
    assert (tail.records, tail.torn, path.stat().st_size) == (2, 0, size)
    assert mend_tail(path, size).records == 0
