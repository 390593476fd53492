"""Bytes to text, as a browser does it: BOM, header, meta, then detection, by w3lib's parts.

Three departures. Bytes that are mostly valid UTF-8 beyond ASCII are UTF-8 whatever the page declares: a wrong
``charset=iso-8859-1`` in a server's header is common, valid UTF-8 by accident is not. A stray byte in such a page (a
footer pasted from elsewhere) is read as Windows-1252 and spoils no other character. And UTF-16 shows in its zero bytes,
never by a declaration. w3lib's whole ``html_to_unicode`` with the same detection has none of them: it garbled 5 of
2,258 pages and every page in UTF-16 without a BOM, and took ten times the CPU, as it detects where UTF-8 only has to
be tried.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

from charset_normalizer import from_bytes
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, to_unicode

__all__ = ["decode"]

DETECTED_BYTES = 20_000
DECLARED_BYTES = 4_096  # that w3lib looks at
# a declaration behind long styles and scripts: browsers take it wherever it stands in the head
LATE_META = re.compile(rb"(?i)<meta\s[^<>]{0,300}charset[^<>]{0,100}>")
BODY = re.compile(rb"(?i)<body[\s>]")
MAX_HEAD = 500_000  # bytes
UTF_8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
HIGH_BYTES = re.compile(rb"[\x80-\xff]+")
WESTERN_ACCENT = re.compile(rb"(?<=[a-zA-Z ])[\x80-\xff](?=[a-zA-Z .,;])")  # in a word, or a lone quote
CONTROLS = bytes(code for code in range(128) if (code < 32 and code not in (9, 10, 13)) or code == 127)
UNWANTED = re.compile(f"[{re.escape(CONTROLS.decode())}\ud800-\udfff]+")  # a tenth of the time of str.translate


@lru_cache(maxsize=2)  # the digest and the reading decode the same body, one after the other
def decode(body: bytes, content_type: str | None = None) -> str:
    r"""Give the text of a body, without control characters and lone surrogates; never raises.

    >>> decode("Zürich".encode("latin-1"), "text/html; charset=iso-8859-1")
    'Zürich'
    >>> decode("Zürich, Genève ".encode() + b"\xa9", "text/html; charset=iso-8859-1")
    'Zürich, Genève ©'
    """
    encoding, bom = read_bom(body)
    if not encoding:
        encoding = http_content_type_encoding(content_type) or _declared_in(body)
        utf_16 = _utf_16_of(body)
        if not utf_16 and encoding != "iso2022_jp":  # whose bytes are all ASCII
            try:
                return body.translate(None, CONTROLS).decode("utf-8")
            except UnicodeDecodeError:
                if encoding == "utf-8" or _is_mostly_utf_8(body):
                    return UNWANTED.sub("", body.decode("utf-8", STRAY_BYTES))
        if utf_16 or not encoding or encoding.startswith("utf-16"):
            encoding = utf_16 or _detect(body)
    try:
        text = to_unicode(body[len(bom or b"") :], encoding)
    except (LookupError, ValueError):  # a codec that is none of text, such as charset=rot13
        text = body.decode("utf-8", "replace")
    return UNWANTED.sub("", text)


def _declared_in(body: bytes) -> str | None:
    """Give the encoding that the head of a page declares."""
    if encoding := html_body_declared_encoding(body[:DECLARED_BYTES]):
        return encoding
    begin = BODY.search(body, 0, MAX_HEAD)
    late = LATE_META.search(body, 0, begin.start() if begin else MAX_HEAD)
    return html_body_declared_encoding(late.group()) if late else None


def _is_mostly_utf_8(body: bytes) -> bool:
    """Tell UTF-8 with stray bytes: more bytes beyond ASCII form its characters than not."""
    characters = sum(map(len, UTF_8.findall(body)))
    return characters > 2 * (sum(map(len, HIGH_BYTES.findall(body))) - characters)


def _stray_byte(error: UnicodeError) -> tuple[str, int]:
    """Read one byte that is no UTF-8 as Windows-1252; a character that the end of the body cuts is unknown."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    if error.reason == "unexpected end of data":
        return "\ufffd", len(error.object)
    return error.object[error.start : error.start + 1].decode("cp1252", "replace"), error.start + 1


STRAY_BYTES = "clinicwatch.stray-byte"
codecs.register_error(STRAY_BYTES, _stray_byte)


def _utf_16_of(body: bytes) -> str | None:
    """Tell UTF-16 without a BOM by a zero byte beside nearly each ASCII letter."""
    head = body[:1000]
    if len(head) < 4 or head.count(0) < len(head) * 0.3:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 4 * even:
        return "utf-16-le"
    return "utf-16-be" if even > 4 * odd else None


def _detect(body: bytes) -> str:
    """Guess from the first bytes beyond ASCII: a page's head is often ASCII alone."""
    start = HIGH_BYTES.search(body)
    offset = max(0, start.start() - DETECTED_BYTES // 2) if start else 0
    sample = body[offset : offset + DETECTED_BYTES]
    if len(WESTERN_ACCENT.findall(sample)) > len(HIGH_BYTES.findall(sample)) * 0.7:
        return "cp1252"
    best = from_bytes(sample, steps=3, chunk_size=2000).best()
    return best.encoding if best else "cp1252"
