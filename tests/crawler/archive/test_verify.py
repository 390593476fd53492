"""What an archivist would notice about `clinicwatch verify`."""

from __future__ import annotations

import contextlib
import io
import os
import types

import pytest
from warcio.checker import Checker

from crawler.archive.verify import Report, is_member, verify
from crawler.archive.warc import Archive, gzip_member, response_record
from db.corpus.connection import connect, evidence_folder
from pipelines.model.records import Fetch
from tests.support.made_corpus import ABOUT, HOST, NOW, corpus_of, crawl_texts
from tests.support.rows_by_hand import unlocked

TEXTS = {"/": ABOUT, "/a/": "One. " + ABOUT, "/b/": "Two. " + ABOUT}


@pytest.fixture
def made(tmp_path):
    """Make a corpus of a few pages, open for writing."""
    path = tmp_path / "c.db"
    with corpus_of(path, TEXTS) as db:
        yield db, evidence_folder(path)


def warcio_accepts(folder) -> bool:
    """Run `warcio check` on every file."""
    command = types.SimpleNamespace(inputs=sorted(map(str, folder.iterdir())), verbose=False)
    with contextlib.redirect_stdout(io.StringIO()):
        return Checker(command).process_all() == 0


def newest(folder):
    """Name the newest WARC file."""
    return max(folder.glob("*.warc.gz"))


def patch(path, offset: int, change: bytes) -> None:
    """Overwrite bytes of a file."""
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(change)


def test_a_whole_corpus_passes(made):
    """Nothing is wrong after a crawl, here and to warcio, and the line says what was checked."""
    report = verify(*made)
    assert report.ok
    assert report.notes == ()
    assert report.lines() == [
        "checked 4 captures in 1 WARC files (0 records without a row), 6 texts, 1 finished crawls: all is well"
    ]
    assert warcio_accepts(made[1])


def test_several_crawls_are_checked(made, tmp_path):
    """Each crawl has its file and its funnel."""
    crawl_texts(made[0], tmp_path / "c.db", {"/c/": "Three. " + ABOUT})
    report = verify(*made)
    assert (report.ok, report.files, report.crawls) == (True, 2, 2)


def test_nothing_is_changed(made):
    """Verifying writes nothing: not to the rows, not to the files."""
    before = list(made[0].iterdump()), newest(made[1]).read_bytes()
    verify(*made)
    assert (list(made[0].iterdump()), newest(made[1]).read_bytes()) == before


def test_bytes_without_a_row_are_counted_and_allowed(made):
    """A crash between the bytes and the rows leaves records that nothing points at."""
    db, folder = made
    archive = Archive(folder, 1, "clinicwatch/0")
    archive.append([(Fetch("http://a.example/", 200, (), b"late"), NOW)] * 3)
    archive.close()
    report = verify(db, folder)
    assert (report.ok, report.spare_records) == (True, 3)


@pytest.mark.parametrize("torn", [b"\x1f\x8b\x08", b"\0" * 300, "half"])
def test_a_torn_tail_is_noted(made, torn):
    """What a crash in the middle of an append leaves is a note: the next crawl cuts it off."""
    db, folder = made
    record = gzip_member(response_record(Fetch("http://a.example/", 200, (), os.urandom(900)), NOW))
    tail = record[:400] if torn == "half" else torn
    with newest(folder).open("ab") as file:
        file.write(tail)
    report = verify(db, folder)
    assert report.ok
    assert f"{len(tail)} bytes of a torn record" in report.notes[0]


def test_a_missing_file_is_one_line(made):
    """A lost WARC file is named once, with how many captures are lost with it."""
    db, folder = made
    newest(folder).unlink()
    assert verify(db, folder).problems == ("crawl-00001-000.warc.gz: the file is missing; 4 captures point into it",)


def test_a_file_cut_short_is_a_problem(made):
    """Rows whose bytes were lost are named, though warcio itself accepts the file."""
    db, folder = made
    path = newest(folder)
    os.truncate(path, path.stat().st_size - 4)  # the CRC alone is torn: no reader of WARC files looks at it
    assert warcio_accepts(folder)
    report = verify(db, folder)
    assert any(line.startswith("capture ") and "no record of" in line for line in report.problems)


def test_a_flipped_byte_is_a_problem(made):
    """One changed byte in a record is found, and named by its capture."""
    db, folder = made
    offset, length = db.execute("SELECT warc_offset, warc_length FROM captures WHERE id = 2").fetchone()
    place = offset + length // 2
    byte = newest(folder).read_bytes()[place]
    patch(newest(folder), place, bytes([byte ^ 0x55]))
    report = verify(db, folder)
    assert any(line.startswith("capture 2 ") for line in report.problems)


def test_another_body_with_a_valid_checksum_is_a_problem(made):
    """A record that was replaced by a well-formed one of the same length is found by its digest."""
    db, folder = made
    offset, length, url = db.execute("SELECT warc_offset, warc_length, url FROM captures WHERE id = 2").fetchone()
    forged = stored_record(url, length)
    patch(newest(folder), offset, forged)
    assert warcio_accepts(folder)
    assert any("body_sha256 is" in line for line in verify(db, folder).problems)


def stored_record(url: str, length: int) -> bytes:
    """Make a whole record of exactly this many compressed bytes."""
    bodies = (os.urandom(size) for size in list(range(length)) * 20)
    records = (gzip_member(response_record(Fetch(url, 200, (), body), NOW)) for body in bodies)
    return next(record for record in records if len(record) == length)


def test_a_wrong_digest_inside_the_file_is_a_problem(made):
    """What `warcio check` refuses is refused here, with the place."""
    db, folder = made
    record = response_record(Fetch("http://a.example/", 200, (), b"a body"), NOW).replace(b"a body", b"b body")
    with newest(folder).open("ab") as file:
        file.write(gzip_member(record))
    assert not warcio_accepts(folder)
    assert any("payload digest failed" in line for line in verify(db, folder).problems)


def test_an_older_file_that_breaks_off_is_a_problem(made, tmp_path):
    """Only the newest file may end in a torn record; no crawl mends an older one."""
    db, folder = made
    first = newest(folder)
    crawl_texts(db, tmp_path / "c.db", {"/c/": "Three. " + ABOUT})
    with first.open("ab") as file:
        file.write(b"garbage")
    assert "7 bytes of a torn record" in verify(db, folder).problems[0]


@pytest.mark.parametrize(
    ("change", "output"),
    [
        ("UPDATE captures SET warc_offset = warc_offset + 1 WHERE id = 1", "capture 1 "),
        ("UPDATE captures SET warc_length = warc_length + 1 WHERE id = 1", "no record of"),
        ("UPDATE captures SET warc_offset = 0, warc_length = 325 WHERE id = 1", "capture 1 "),
        ("UPDATE captures SET warc_offset = 99999999 WHERE id = 1", "no record of"),
        ("UPDATE captures SET status = 500 WHERE id = 1", "status is 500, the record has 200"),
        (f"UPDATE captures SET url = 'http://{HOST}/x' WHERE id = 1", "url is http"),
        ("UPDATE captures SET body_bytes = 1 WHERE id = 1", "body_bytes is 1"),
        ("UPDATE texts SET text = text || '!' WHERE words = 67", "does not have this SHA-256"),
        ("UPDATE crawls SET funnel = '{}'", "crawl 1: its funnel does not balance"),
        ("UPDATE crawls SET funnel = replace(funnel, '\"discovered\":', '\"discovered\":1')", "does not balance"),
        ("UPDATE crawls SET funnel = replace(funnel, 'fetched: new\":', 'fetched: new\":1')", "do not add up"),
        ("UPDATE crawls SET funnel = 'nonsense'", "funnels: cannot be checked"),
        ("UPDATE readings SET text_sha256 = 'x' WHERE version = 1", "points at a row of texts that is not there"),
        ("DELETE FROM versions_fts WHERE rowid = 1", "search index: does not agree"),
    ],
)
def test_each_kind_of_damage_is_named(made, change, output):
    """A row that lies is one line that names it."""
    db, folder = made
    db.execute("PRAGMA foreign_keys = off")
    with unlocked(db):
        db.execute(change)
    report = verify(db, folder)
    assert not report.ok
    assert any(output in line for line in report.problems), report.problems
    assert all("\n" not in line for line in report.lines())


def test_a_damaged_database_is_reported(made, tmp_path):
    """SQLite's own check runs too: a page of the file that was overwritten is found."""
    db, folder = made
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (root,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'captures_page'").fetchone()
    db.close()
    patch(tmp_path / "c.db", (root - 1) * 4096 + 8, b"\xff" * 64)
    with contextlib.closing(connect(tmp_path / "c.db")) as again:
        assert any("database" in line for line in verify(again, folder).problems)


def test_a_read_only_connection_is_enough(made, tmp_path):
    """All but the search index is checked without the right to write, and the report says so."""
    with contextlib.closing(connect(tmp_path / "c.db", read_only=True)) as reader:
        report = verify(reader, made[1])
    assert report.ok
    assert report.notes[0].startswith("the search index was not checked")


def test_an_empty_corpus_is_well(tmp_path):
    """Where nothing was crawled, nothing is wrong."""
    with corpus_of(tmp_path / "c.db", {}) as db:
        assert verify(db, tmp_path / "no.warc").problems == (
            "crawl-00001-000.warc.gz: the file is missing; 2 captures point into it",
        )
        assert verify(db, evidence_folder(tmp_path / "c.db")).ok


def test_a_member_is_whole_or_not(tmp_path):
    """A gzip member counts only from its first byte to its last."""
    member = gzip_member(b"text")
    path = tmp_path / "x.gz"
    path.write_bytes(member + member)
    assert is_member(path, 0, len(member))
    assert not is_member(path, 0, len(member) - 1)
    assert not is_member(path, 0, len(member) + 1)


def test_a_report_reads_well():
    """Problems come first, each on its line, then notes, then what was checked."""
    lines = Report(1, 1, 0, 1, 1, ("a is wrong",), ("b is odd",)).lines()
    assert lines[:2] == ["a is wrong", "note: b is odd"]
    assert lines[2].endswith("1 finished crawls: problems: 1")
