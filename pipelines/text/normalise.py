"""One line of text in a fixed form: as it is shown, and as it is compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["fold_line", "normalise"]

SPACE = re.compile(r"[\s\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff\ufffc\ue000-\uf8ff]")
NOT_WORDS = re.compile(r"[\W_]+")


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
