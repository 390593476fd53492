"""A body as it was transferred becomes the body that was meant, within a size limit and without mercy for damage.

Scrapy hands on what it could inflate of a truncated gzip body as a good page; a study would read half a page as a
whole one. Here a body that is not complete is an error with a name.
"""

from __future__ import annotations

import re
import sys
import zlib
from typing import TYPE_CHECKING

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd  # comes with Scrapy

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ACCEPT_ENCODING", "BadEncoding", "InflateError", "TooLarge", "Truncated", "inflate"]

ACCEPT_ENCODING = "gzip, deflate, br, zstd"
_MAX_STACKED = 5  # curl's limit
_ZSTD_WINDOW = {int(zstd.DecompressionParameter.window_log_max): 23}  # RFC 9659: no window above 8 MiB on the web
_GZIP = b"\x1f\x8b"
_CHECKSUM = re.compile(r"(data|length) check|checksum")  # how zlib and zstd say that the end does not fit the body


class InflateError(Exception):
    """Base of what ``inflate`` raises; the page that it happens to gets an outcome, the run goes on."""


class TooLarge(InflateError):  # noqa: N818 - named for the outcome it becomes
    """The body would be larger than the limit: a decompression bomb, or a page not worth reading."""


class Truncated(InflateError):  # noqa: N818
    """The body ends early or its checksum is wrong: what could be inflated is not the page."""


class BadEncoding(InflateError):  # noqa: N818
    """The body is not in the encoding that its Content-Encoding names, or in one that nobody here reads."""


def inflate(body: bytes, encoding: str | None, limit: int) -> bytes:
    """Undo a Content-Encoding, codings in reverse order, giving at most ``limit`` bytes; memory stays near the limit.

    Tokens that are no content coding (``utf-8``, ``none``) are passed over, as browsers do. An empty body stays empty.

    >>> inflate(zlib.compress(b"page"), "deflate", limit=4)
    b'page'
    >>> inflate(zlib.compress(b"page"), "deflate", limit=3)
    Traceback (most recent call last):
    pipelines.reading.inflate.TooLarge: more than 3 bytes when inflated
    """
    codings = _codings(encoding)
    if len(codings) > _MAX_STACKED:
        raise BadEncoding(f"{len(codings)} encodings on top of each other")
    for coding in reversed(codings):
        body = _undo(body, coding, limit)
    return _checked(body, limit)


def _codings(encoding: str | None) -> list[str]:
    tokens = (token.strip().lower() for token in (encoding or "").split(","))
    return [token for token in tokens if token in _DECODERS or token in _UNREAD]


def _undo(body: bytes, coding: str, limit: int) -> bytes:
    if not body:
        return body
    if coding not in _DECODERS:
        raise BadEncoding(f"{coding} is not an encoding that we asked for")
    try:
        return _checked(_DECODERS[coding](body, limit + 1), limit)
    except (zlib.error, brotli.error, zstd.ZstdError) as error:
        kind = Truncated if _CHECKSUM.search(str(error)) else BadEncoding
        raise kind(f"not a whole {coding} body: {error}") from error


def _checked(body: bytes, limit: int) -> bytes:
    if len(body) > limit:
        raise TooLarge(f"more than {limit} bytes when inflated")
    return body


def _gunzip(body: bytes, room: int) -> bytes:
    """Inflate all members; what follows the last one (padding, a stray newline) is no part of the page."""
    members: list[bytes] = []
    while room > 0 and (not members or body.startswith(_GZIP)):
        stream = zlib.decompressobj(wbits=31)
        members.append(stream.decompress(body, room))
        room -= len(members[-1])
        _must_end(stream.eof or room <= 0)
        body = stream.unused_data
    return b"".join(members)


def _inflate(body: bytes, room: int) -> bytes:
    """Inflate ``deflate``, with the zlib wrapper that the standard asks for or raw, as some servers send it."""
    wrapped = body[0] & 15 == 8 and int.from_bytes(body[:2]) % 31 == 0
    stream = zlib.decompressobj(wbits=15 if wrapped else -15)
    output = stream.decompress(body, room)
    _must_end(stream.eof or len(output) >= room)
    return output


def _unbrotli(body: bytes, room: int) -> bytes:
    stream = brotli.Decompressor()
    output: bytes = stream.process(body, output_buffer_limit=room)
    _must_end(stream.is_finished() or len(output) >= room)
    return output


def _unzstd(body: bytes, room: int) -> bytes:
    frames: list[bytes] = []
    while body and room > 0:
        stream = zstd.ZstdDecompressor(options=_ZSTD_WINDOW)
        frames.append(stream.decompress(body, room))
        room -= len(frames[-1])
        _must_end(stream.eof or room <= 0)
        body = stream.unused_data
    return b"".join(frames)


def _must_end(ended: bool) -> None:
    if not ended:
        raise Truncated("the body ends before its end is marked")


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
_UNREAD = frozenset({"compress", "x-compress", "dcb", "dcz", "exi", "pack200-gzip"})  # IANA's other content codings
