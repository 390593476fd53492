"""One line of text in a fixed form: as it is shown, and as it is compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["TAG", "fold_line", "normalise", "without_tags"]

SPACE = re.compile(r"[\s\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff\ufffc\ue000-\uf8ff]")
TAG = re.compile(r"</?[a-zA-Z!][^>]*>")
NOT_WORDS = re.compile(r"[\W_]+")


def without_tags(markup: str) -> str:
    """Put a space in the place of each tag; a ``<`` whose tag does not end stays.

    >>> without_tags('<b>Ketamine</b>: x <y')
    ' Ketamine : x <y'
    """
    # beyond the last end, each start would be looked at to the end of the text
    tags, end, rest = markup.rpartition(">")
    return TAG.sub(" ", tags + end) + rest


def normalise(text: str) -> str:
    r"""Put one line in NFC with single spaces and without invisible characters.

    >>> normalise("  Cafe\u0301\u00a0 today\u200b ")
    'Café today'
    """
    if text.isascii():
        return " ".join(text.split())
    text = INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    return SPACE.sub(" ", text).strip()


@lru_cache(maxsize=4_000)  # the lines of a site's boilerplate come again on each of its pages, a few MB
def fold_line(line: str) -> str:
    """Reduce a line to its words for comparison: case, punctuation and spaces gone.

    >>> fold_line("Ketamine: What’s new?") == fold_line("ketamine what s NEW")
    True
    """
    return NOT_WORDS.sub(" ", line).strip().casefold()
