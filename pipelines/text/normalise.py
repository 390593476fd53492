"""One line of text in a fixed form: as it is shown, and as it is compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["TAG", "fold_line", "normalise", "plain_marks", "without_tags"]

SPACE = re.compile(r"[\s\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff\ufffc\ue000-\uf8ff]")
TAG = re.compile(r"</?[a-zA-Z!][^>]*>")
PLAIN_MARKS = str.maketrans(
    dict.fromkeys("‘’‚‛′`´", "'")
    | dict.fromkeys("“”„‟″«»", '"')
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff", "")
    | {"…": "..."}
)
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


def plain_marks(text: str) -> str:
    r"""Write quotes, dashes and dots as a typewriter does, and leave joiners out: an editor's choice says nothing.

    >>> plain_marks("“Safe” \u2013 and long\u2011lasting\u00ad\u2026")
    '"Safe" - and long-lasting...'
    """
    return text if text.isascii() else text.translate(PLAIN_MARKS)


@lru_cache(maxsize=4_000)  # the lines of a site's boilerplate come again on each of its pages, a few MB
def fold_line(line: str) -> str:
    """Reduce a line to its words for comparison: case, punctuation and spaces gone.

    >>> fold_line("Ketamine: What’s new?") == fold_line("ketamine what s NEW")
    True
    """
    return NOT_WORDS.sub(" ", line).strip().casefold()
