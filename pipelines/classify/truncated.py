"""Whether the body of a page came whole, as far as its bytes tell."""

from __future__ import annotations

import re

__all__ = ["is_broken_off", "is_closed"]

END = 2_000  # bytes: what comes behind the last end tag, such as the comment of a cache
OPENED = re.compile(rb"(?i)<(?:html|body)\b")
CLOSED = re.compile(rb"(?i)</(?:html|body|frameset)\s*>")
LAST_TAG = re.compile(rb"(?i)</[a-z][a-z0-9-]*\s*>\s*$|<(?:br|hr|img|input|meta|link)\b[^<>]*>\s*$|-->\s*$")


def is_closed(body: bytes) -> bool:
    """Tell whether a page that opens ``<html>`` or ``<body>`` closes one of them, or opens none.

    >>> is_closed(b"<html><p>A</p></html>"), is_closed(b"<html><p>A"), is_closed(b"<p>A")
    (True, False, True)
    """
    return not OPENED.search(body[:20_000]) or bool(CLOSED.search(body[-END:]) or CLOSED.search(body))


def is_broken_off(body: bytes) -> bool:
    """Tell whether a page that is not closed ends within a tag or a sentence; many pages leave out the last tags.

    >>> is_broken_off(b"<html><p>A quiet ro"), is_broken_off(b"<html><p>A quiet room</p>")
    (True, False)
    """
    return not is_closed(body) and not LAST_TAG.search(body[-END:])
