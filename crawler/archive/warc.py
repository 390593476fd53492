"""WARC files: the bytes that a site sent, stored before anything is derived from them.

ISO 28500 WARC 1.1, each record a gzip member of its own, so that a record can be read at its offset and a cut-off
tail costs nothing but itself. The payload is as transferred; its digest is SHA-256.
"""

from __future__ import annotations

import io
import os
import re
import zlib
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipelines.model.records import Fetch, Location

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

MAX_FILE = 1_000_000_000  # bytes; the size that the WARC guidelines suggest
LEVEL = 1  # zlib: on 100 clinic pages level 9, warcio's own, takes 3.5 times the CPU for 16 % fewer bytes
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_FOLD = re.compile(rb"\r?\n[ \t]+")
STORED = 0  # for a body that came compressed: again took 0.6 ms a page for 0.3 % fewer bytes (120 clinic pages)


class Archive:
    """Appends responses to the WARC files of one crawl; a location that was given out is on the disk."""

    def __init__(self, folder: Path, crawl: int, user_agent: str) -> None:
        self.folder = folder
        self.crawl = crawl
        self.user_agent = user_agent
        self.file: BinaryIO | None = None
        self.offset = 0

    def append(self, captures: Sequence[tuple[Fetch, str]]) -> list[Location]:
        """Write fetches with their times, then fsync once; raises OSError where the disk refuses."""
        locations = []
        for fetch, at in captures:
            digest = fetch.body_sha256
            level = STORED if fetch.header("content-encoding") else LEVEL
            record = gzip_member(response_record(fetch, at, digest), level)
            if self.file is None or self.offset > MAX_FILE:
                self.close()
                self.file = self._open_next()
            name = os.path.basename(self.file.name)  # noqa: PTH119
            locations.append(Location(name, self.offset, len(record), digest))
            self.file.write(record)
            self.offset += len(record)
        if self.file:
            self.file.flush()
            os.fsync(self.file.fileno())
        return locations

    def close(self) -> None:
        """Close the open file; what a full disk refused was never promised, its pages are still queued."""
        if self.file:
            with suppress(OSError):
                self.file.close()

    def _open_next(self) -> BinaryIO:
        """Begin the next file of this crawl with the record that says who made it."""
        used = len(list(self.folder.glob(f"crawl-{self.crawl:05}-*.warc.gz")))
        name = f"crawl-{self.crawl:05}-{used:03}.warc.gz"
        file = (self.folder / name).open("xb")
        sync_folder(self.folder)
        self.offset = file.write(gzip_member(info_record(name, self.user_agent)))
        return file


def sync_folder(folder: Path) -> None:
    """Make a new file's name as lasting as its bytes."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def gzip_member(record: bytes, level: int = LEVEL) -> bytes:
    """Put a record into one gzip member, compressed by this level."""
    packer = zlib.compressobj(level, zlib.DEFLATED, 31)
    return packer.compress(record) + packer.flush()


class _Head(StatusAndHeaders):  # type: ignore[misc]
    """The status line and headers of an answer, written as the bytes that they stand for.

    warcio rewrites a value beyond ASCII (RFC 8187), and cannot write such a name at all; servers send both.
    """

    def to_ascii_bytes(self, filter_func: Callable[[tuple[str, str]], tuple[str, str]] | None = None) -> bytes:
        """Give the head with the blank line at its end; ``Fetch.headers`` have a character for each byte."""
        return bytes(self.to_bytes(filter_func, "latin-1"))


def response_record(fetch: Fetch, at: str, digest: str = "") -> bytes:
    """Write a response as an uncompressed WARC record; ``at`` is UTC in ISO 8601, ``digest`` the payload's SHA-256."""
    head = _Head(f"{fetch.status} {_phrase(fetch.status)}".strip(), list(fetch.headers), fetch.protocol)
    headers = {
        "WARC-Date": at.replace("+00:00", "Z"),
        "WARC-Payload-Digest": f"sha256:{digest or fetch.body_sha256}",
    }
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version="1.1")
    body = io.BytesIO(fetch.body)
    record = writer.create_warc_record(fetch.url, "response", body, len(fetch.body), "", headers, None, head)
    writer.write_record(record)
    return out.getvalue()


def info_record(name: str, user_agent: str) -> bytes:
    """Write the record that says who made a WARC file and how."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version="1.1")
    facts = {"software": "clinicwatch", "format": "WARC File Format 1.1", "http-header-user-agent": user_agent}
    writer.write_record(writer.create_warcinfo_record(name, facts))
    return out.getvalue()


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def read_capture(folder: Path, place: Location) -> Fetch:
    """Read a response back from its WARC file, as it was transferred.

    Raises OSError or ValueError where the file, the record or its digest is not what the row says.
    """
    with (folder / place.file).open("rb") as file:
        file.seek(place.offset)
        stored = io.BytesIO(file.read(place.length))
    try:
        record = next(iter(ArchiveIterator(stored, no_record_parse=True)))
        fetch = parse_answer(record.rec_headers.get_header("WARC-Target-URI"), record.raw_stream.read())
    except (ArchiveLoadFailed, StopIteration, EOFError, ValueError, zlib.error) as error:
        raise ValueError(f"{place.file} at {place.offset}: no record that can be read") from error
    if record.rec_headers.get_header("WARC-Payload-Digest") != f"sha256:{fetch.body_sha256}":
        raise ValueError(f"{place.file} at {place.offset}: the payload does not have its digest")
    return fetch


def parse_answer(url: str, block: bytes) -> Fetch:
    r"""Read the block of a response record: a status line, headers, a blank line, the payload.

    Header bytes become characters one for one (latin-1), as in the crawl: warcio would take some for UTF-8, and strip
    a no-break space. A folded value is joined, a line without a colon is passed over. Raises ValueError where no status
    line or no blank line is there.

    >>> parse_answer("http://a.example/", b"HTTP/1.1 200 OK\r\nX-Name: caf\xe9\r\n\r\nhello").headers
    (('X-Name', 'café'),)
    """
    end = _HEAD_END.search(block)
    if end is None:
        raise ValueError("no head of an answer")
    status_line, *lines = re.split(rb"\r?\n", _FOLD.sub(b" ", block[: end.start()]))
    protocol, status, *_ = status_line.decode("latin-1").split(" ", 2)
    pairs = (line.split(b":", 1) for line in lines if b":" in line)
    headers = tuple((name.strip().decode("latin-1"), value.strip().decode("latin-1")) for name, value in pairs)
    return Fetch(url, int(status), headers, block[end.end() :], protocol)


@dataclass(frozen=True, slots=True)
class Tail:
    """What lies behind the last record that a row points at: whole records, and torn bytes."""

    records: int
    torn: int


def mend_tail(path: Path, known_end: int) -> Tail:
    """Cut a torn record off the end of a WARC file; whole records that no row points at stay.

    ``known_end`` is where the last record of a row ends, in bytes. A crash in the middle of an append leaves such a
    tail; its page is still in the queue, so nothing is lost with it.
    """
    with path.open("rb") as file:
        file.seek(known_end)
        data = file.read()
    good, records = 0, 0
    while good < len(data):
        unpacker = zlib.decompressobj(31)
        try:
            unpacker.decompress(data[good:])
        except zlib.error:
            break
        if not unpacker.eof:
            break
        good, records = len(data) - len(unpacker.unused_data), records + 1
    if good < len(data):
        os.truncate(path, known_end + good)
    return Tail(records, len(data) - good)
