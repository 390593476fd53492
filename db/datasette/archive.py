"""A capture's bytes out of the archive: its WARC record as a file of its own, and its page as plain text.

What a site sent is never handed out as HTML: it would run in our origin and could read all that a visitor may read.
"""

from __future__ import annotations

import hashlib
import io
import re
import sys
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import brotli
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd  # comes with Scrapy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

FILE_NAME = re.compile(r"[\w-][\w.-]*\.warc(\.gz)?")
CHARSET = re.compile(r"charset=[\"']?\s*([\w.:-]+)", re.IGNORECASE)
MAX_RECORD = 64_000_000  # bytes; our own records hold at most a 10 MB page
MAX_SHOWN = 10_000_000  # bytes of a page after inflating: a small body can inflate to gigabytes
CHANGED = "the archive changed under this server: restart the server, then `clinicwatch verify` tells what is whole"
# what warcio raises over bytes that are no WARC record; it has no base class for its errors
UNREADABLE = (ArchiveLoadFailed, zlib.error, EOFError, ValueError, KeyError, AttributeError)
HEAD = 4096  # bytes in which a page may declare its charset


class NotArchivedError(Exception):
    """Raised where a capture's bytes cannot be given; its text says why, and the page that shows it answers 404."""


@dataclass(frozen=True, slots=True)
class Source:
    """A page as it was sent, inflated: the bytes, the charset to read them in, whether they were cut at the limit."""

    body: bytes
    charset: str
    cut: bool


class Payload(NamedTuple):
    """What a site sent as it was transferred, and the content encoding that it named."""

    body: bytes
    encoding: str | None


def read_record(folder: Path, capture: Mapping[str, Any]) -> bytes:
    """Read the WARC record of a capture, as compressed as it lies in its file."""
    name, length = str(capture["warc_file"]), int(capture["warc_length"])
    if not FILE_NAME.fullmatch(name) or not 0 < length <= MAX_RECORD:
        raise NotArchivedError(f"capture {capture['id']}: {name!r} is no WARC file of this corpus")
    try:
        with (folder / name).open("rb") as file:
            file.seek(int(capture["warc_offset"]))
            record = file.read(length)
    except OSError as error:
        raise NotArchivedError(f"{name}: the WARC file is not here ({error.strerror})") from error
    if len(record) < length:
        raise NotArchivedError(f"{name}: the file ends inside of this record; {CHANGED}")
    return record


def read_source(folder: Path, capture: Mapping[str, Any]) -> Source:
    """Read the page that a capture holds; raises :class:`NotArchivedError` where its digest is not the recorded one."""
    payload = checked_payload(read_record(folder, capture), capture)
    body = inflated(payload.body, payload.encoding)
    charset = charset_of(str(capture["content_type"] or ""), body[:HEAD])
    return Source(body[:MAX_SHOWN], charset, len(body) > MAX_SHOWN)


def read_checked_record(folder: Path, capture: Mapping[str, Any]) -> bytes:
    """Read the WARC record of a capture, once its page has the recorded digest."""
    record = read_record(folder, capture)
    checked_payload(record, capture)
    return record


def checked_payload(record: bytes, capture: Mapping[str, Any]) -> Payload:
    """Give what a record holds; raises :class:`NotArchivedError` where that is not what the capture's row names.

    Files may be replaced under a running server: then another record lies at the place, or none.
    """
    place = f"{capture['warc_file']}: the bytes at {capture['warc_offset']}"
    try:
        parsed = next(iter(ArchiveIterator(io.BytesIO(record))))
        body = parsed.raw_stream.read()
        encoding = parsed.http_headers.get_header("Content-Encoding")
    except (*UNREADABLE, StopIteration) as error:
        raise NotArchivedError(f"{place} are no record of an answer; {CHANGED}") from error
    if hashlib.sha256(body).hexdigest() != capture["body_sha256"]:
        raise NotArchivedError(f"{place} do not have their digest; {CHANGED}")
    return Payload(body, encoding)


def inflated(payload: bytes, encoding: str | None) -> bytes:
    """Undo the content encoding of a payload, up to about one byte more than is shown; as it is where that fails."""
    # a 3 KB brotli body can inflate to gigabytes: each decoder stops at the limit by itself
    undo = DECODERS.get((encoding or "").strip().lower())
    if undo is None or not payload:
        return payload
    try:
        return undo(payload, MAX_SHOWN + 1)
    except (zlib.error, brotli.error, zstd.ZstdError):
        return payload


def _unzip(payload: bytes, limit: int) -> bytes:
    """Inflate gzip, zlib and the bare deflate that some servers send."""
    try:
        return zlib.decompressobj(wbits=47).decompress(payload, limit)
    except zlib.error:
        return zlib.decompressobj(wbits=-15).decompress(payload, limit)


def _unbrotli(payload: bytes, limit: int) -> bytes:
    return bytes(brotli.Decompressor().process(payload, output_buffer_limit=limit))


def _unzstd(payload: bytes, limit: int) -> bytes:
    return zstd.ZstdDecompressor().decompress(payload, limit)


DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _unzip,
    "x-gzip": _unzip,
    "deflate": _unzip,
    "br": _unbrotli,
    "zstd": _unzstd,
}


def charset_of(content_type: str, head: bytes) -> str:
    """Name the charset that a browser may read plain text in: the header's, the page's own, else UTF-8.

    >>> charset_of("text/html; charset=ISO-8859-1", b"")
    'iso-8859-1'
    """
    # UTF-7 is how markup gets past filters in old browsers, UTF-16 has zero bytes in all ASCII: neither is believed
    found = CHARSET.search(content_type) or CHARSET.search(head.decode("ascii", "replace"))
    name = found[1].lower() if found else "utf-8"
    return "utf-8" if name.startswith(("utf-16", "utf-7")) else name
