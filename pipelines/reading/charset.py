"""Bytes to text, as a browser does it: BOM, header, meta, then detection.

One departure from browsers: bytes that are valid UTF-8 beyond ASCII are UTF-8 whatever the page says. A wrong
``charset=iso-8859-1`` in a server's header is common, valid UTF-8 by accident is not.
"""

from __future__ import annotations

import re

from charset_normalizer import from_bytes
from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    resolve_encoding,
    to_unicode,
)

__all__ = ["decode"]

DETECT_BYTES = 20_000
HIGH = re.compile(rb"[\x80-\xff]+")
LETTERED = re.compile(rb"(?<=[a-zA-Z ])[\x80-\xff](?=[a-zA-Z .,;])")  # an accent in a western word, a lone quote
CONTROLS = bytes(code for code in range(128) if (code < 32 and code not in (9, 10, 13)) or code == 127)
UNWANTED = re.compile(f"[{re.escape(CONTROLS.decode())}\ud800-\udfff]+")  # a tenth of the time of str.translate


def decode(body: bytes, content_type: str | None = None) -> str:
    """Give the text of a body, without control characters and lone surrogates; never raises.

    >>> decode("Zürich".encode("latin-1"), "text/html; charset=iso-8859-1")
    'Zürich'
    """
    encoding, mark = read_bom(body)
    if encoding and mark:
        return _clean(to_unicode(body[len(mark) :], encoding))
    return _decode_unmarked(body, content_type)


def _decode_unmarked(body: bytes, content_type: str | None) -> str:
    declared = _declared(body, content_type)
    wide = _wide(body)
    if wide:
        return _clean(body.decode(wide, "replace"))
    if declared != "iso2022_jp":
        try:
            return body.translate(None, CONTROLS).decode("utf-8")
        except UnicodeDecodeError:
            pass
    return _clean(_to_unicode(body, declared or _detect(body)))


def _declared(body: bytes, content_type: str | None) -> str | None:
    named = http_content_type_encoding(content_type) or html_body_declared_encoding(body[:4096])
    encoding = resolve_encoding(named) if named else None
    return None if encoding and encoding.startswith("utf-16") else encoding


def _wide(body: bytes) -> str | None:
    """UTF-16 without a mark shows as a zero byte beside nearly each ASCII letter."""
    head = body[:1000]
    if len(head) < 4 or head.count(0) < len(head) * 0.3:
        return None
    if head[1::2].count(0) > 4 * head[0::2].count(0):
        return "utf-16-le"
    return "utf-16-be" if head[0::2].count(0) > 4 * head[1::2].count(0) else None


def _detect(body: bytes) -> str:
    """Guess from the first bytes beyond ASCII: a page's head is often ASCII alone."""
    start = next(re.finditer(rb"[\x80-\xff]", body), None)
    offset = max(0, start.start() - DETECT_BYTES // 2) if start else 0
    sample = body[offset : offset + DETECT_BYTES]
    try:
        sample.decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        if error.start > 1000 or error.end >= len(sample) - 3:
            return "utf-8"
    if len(LETTERED.findall(sample)) > len(HIGH.findall(sample)) * 0.7:
        return "cp1252"
    best = from_bytes(sample, steps=3, chunk_size=2000).best()
    return best.encoding if best else "cp1252"


def _to_unicode(body: bytes, encoding: str) -> str:
    try:
        return to_unicode(body, encoding)
    except (LookupError, ValueError):
        return body.decode("utf-8", "replace")


def _clean(text: str) -> str:
    return UNWANTED.sub("", text)
