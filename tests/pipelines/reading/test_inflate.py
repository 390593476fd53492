"""A transferred body is inflated whole, within its limit, or it is an error with a name."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib

import brotli
import pytest

from pipelines.reading.inflate import ACCEPT_ENCODING, BadEncoding, TooLarge, Truncated, inflate, zstd
from tests.support.fault_server import brotli_bomb, gzip_bomb

PAGE = b"".join(b"<p>paragraph %d of the page</p>\n" % number for number in range(2000))
LIMIT = 10 * len(PAGE)


def raw_deflate(body):
    """Compress without the zlib wrapper, as some servers do."""
    return zlib.compress(body, wbits=-15)


ENCODERS = [
    pytest.param("gzip", gzip.compress, id="gzip"),
    pytest.param("x-gzip", gzip.compress, id="x-gzip"),
    pytest.param("deflate", zlib.compress, id="deflate"),
    pytest.param("deflate", raw_deflate, id="raw deflate"),
    pytest.param("br", brotli.compress, id="brotli"),
    pytest.param("zstd", zstd.compress, id="zstd"),
]


@pytest.mark.parametrize(("encoding", "encode"), ENCODERS)
def test_a_whole_body_comes_back(encoding, encode):
    """What was compressed is what is read."""
    assert inflate(encode(PAGE), encoding, LIMIT) == PAGE


@pytest.mark.parametrize(("encoding", "encode"), ENCODERS)
def test_a_body_at_the_limit_passes_and_one_byte_more_does_not(encoding, encode):
    """The limit is on the inflated size, to the byte."""
    assert inflate(encode(PAGE), encoding, len(PAGE)) == PAGE
    with pytest.raises(TooLarge):
        inflate(encode(PAGE), encoding, len(PAGE) - 1)


@pytest.mark.parametrize(("encoding", "encode"), ENCODERS)
def test_a_body_cut_anywhere_is_truncated(encoding, encode):
    """Half a page is never taken for a page, wherever the connection broke."""
    body = encode(PAGE)
    for cut in {1, 5, len(body) // 2, len(body) - 5, len(body) - 1}:
        with pytest.raises(Truncated):
            inflate(body[:cut], encoding, LIMIT)


@pytest.mark.parametrize("encode", [gzip.compress, zlib.compress])
def test_a_wrong_checksum_is_a_truncated_body(encode):
    """Gzip and zlib say at their end what should have come; where it did not, the page is damaged."""
    encoding = "gzip" if encode is gzip.compress else "deflate"
    with pytest.raises(Truncated):
        inflate(encode(PAGE)[:-4] + b"\0\0\0\1", encoding, LIMIT)


@pytest.mark.parametrize(("encoding", "encode"), ENCODERS)
def test_plain_text_is_no_encoding(encoding, encode):
    """A server that promises an encoding and sends plain HTML is found out."""
    with pytest.raises((BadEncoding, Truncated)):
        inflate(b"<!DOCTYPE html><title>plain</title>" * 9, encoding, LIMIT)


def test_gzip_promised_and_not_sent_is_a_bad_encoding():
    """The commonest case of all has its own name, so that it is counted apart from broken connections."""
    with pytest.raises(BadEncoding, match="incorrect header"):
        inflate(PAGE, "gzip", LIMIT)


@pytest.mark.parametrize("encoding", [None, "", "identity", "utf-8", "none", "UTF-8, identity"])
def test_what_is_no_content_coding_is_passed_over(encoding):
    """Sites put charsets and worse into Content-Encoding; browsers show the page, and so do we."""
    assert inflate(PAGE, encoding, LIMIT) == PAGE


def test_a_plain_body_has_the_same_limit():
    """The limit holds for bodies that were not compressed."""
    with pytest.raises(TooLarge):
        inflate(PAGE, None, len(PAGE) - 1)


def test_stacked_encodings_are_undone_from_the_outside():
    """``deflate, gzip`` was deflated first and gzipped last."""
    assert inflate(gzip.compress(zlib.compress(PAGE)), "deflate, GZIP", LIMIT) == PAGE


def test_too_many_layers_are_refused():
    """A body wrapped more often than any honest server does is not unwrapped."""
    with pytest.raises(BadEncoding, match="6 encodings"):
        inflate(PAGE, ", ".join(["gzip"] * 6), LIMIT)


@pytest.mark.parametrize("encoding", ["compress", "dcb"])
def test_an_encoding_that_nobody_asked_for_is_refused(encoding):
    """A real coding that we cannot read must not reach the reader as if it were text."""
    with pytest.raises(BadEncoding, match=encoding):
        inflate(PAGE, encoding, LIMIT)


@pytest.mark.parametrize("encoding", ACCEPT_ENCODING.split(", "))
def test_an_empty_body_is_empty_in_any_encoding(encoding):
    """Redirects often say gzip and send nothing."""
    assert inflate(b"", encoding, LIMIT) == b""


def test_several_gzip_members_are_one_body_and_padding_is_none():
    """Members one after another belong together; zeros and newlines behind the last do not."""
    assert inflate(gzip.compress(PAGE) + gzip.compress(b"end") + b"\0\0\n", "gzip", LIMIT) == PAGE + b"end"


@pytest.mark.parametrize(("encoding", "bomb"), [("gzip", gzip_bomb), ("br", brotli_bomb)])
def test_a_bomb_costs_little_more_than_its_limit(encoding, bomb):
    """2 GiB in gzip or 512 MiB in brotli are stopped at 10 MB with less than 30 MB of memory."""
    body = bomb().partition(b"\r\n\r\n")[2]
    tracemalloc.start()
    with pytest.raises(TooLarge):
        inflate(body, encoding, 10_000_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert 10_000_000 < peak < 30_000_000
