"""The title of a page without the name of its site.

Sites put their name before or behind the title with a bar or a dash. What is a site's name follows from what the
page states (``og:site_name``, JSON-LD, the host) and from the headline, not from position: "Ketamine vs Spravato -
Which Is Best?" stays whole.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["choose_title", "names_site", "parts_of", "strip_site"]

_SEPARATOR = re.compile(r"\s+(?:[|–—·•»«~-]|//)\s+|\s*(?:\||»|::)\s*")
_WEAK = frozenset(
    {"home", "homepage", "home page", "untitled", "inicio", "index", "welcome", "page", "new page", "blog post"}
)


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _host_key(host: str) -> str:
    labels = [label for label in host.casefold().split(".") if label not in ("www", "")]
    return _key(labels[-2] if len(labels) > 1 else "".join(labels))


def names_site(segment: str, names: Sequence[str], host: str = "") -> bool:
    """Say whether a part of a title is the site's name.

    >>> names_site("Cedar Ketamine", ["Cedar Ketamine Clinic"])
    True
    >>> names_site("Cedar Ketamine", [], "cedarketamine.example")
    True
    """
    key = _key(segment)
    known = [_key(name) for name in names]
    words = re.findall(r"\w{3,}", segment.casefold())
    letters = _key(host.casefold().removeprefix("www."))
    if len(words) > 1 and all(word in letters for word in words):  # "Cedar Blog" of blog.cedar.example
        return True
    return len(key) >= 3 and (key in known or any(_is_other_form(key, name) for name in [*known, _host_key(host)]))


def _is_other_form(key: str, name: str) -> bool:
    """Say whether one begins with the other; "Postman: The World's Leading Platform" adds too much to be a name."""
    long_enough = min(len(key), len(name)) > 4
    return long_enough and (name.startswith(key) or (key.startswith(name) and len(key) <= len(name) + 20))


class _Part(NamedTuple):
    """Where a part of a title starts and ends: what stands between two separators."""

    start: int
    end: int


def _parts(title: str) -> list[_Part]:
    edges = [0, *(at for match in _SEPARATOR.finditer(title) for at in match.span()), len(title)]
    return [_Part(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def parts_of(title: str) -> list[str]:
    """Cut a title at its separators.

    >>> parts_of("Prices of care :: Cedar - Austin")
    ['Prices of care', 'Cedar', 'Austin']
    """
    return [part for start, end in _parts(title) if (part := title[start:end].strip())]


def _part_in_headline(title: str, headlines: Iterable[str]) -> str | None:
    """Give the longest part of a title, from one separator to another, that a headline says in the same words."""
    parts = _parts(title)
    keys = {_key(headline) for headline in headlines if headline}
    runs = [_Part(first.start, last.end) for at, first in enumerate(parts) for last in parts[at:]]
    runs.sort(key=lambda run: run.start - run.end)
    return next((title[start:end].strip() for start, end in runs if _key(title[start:end]) in keys), None)


def strip_site(title: str, names: Sequence[str], headlines: Sequence[str] = (), host: str = "") -> str:
    """Take the site's name off a title; a title that is nothing but the name stays.

    >>> strip_site("What to expect | Cedar Clinic", ["Cedar Clinic"])
    'What to expect'
    >>> strip_site("Ketamine vs Spravato - Which Is Best?", ["Cedar Clinic"])
    'Ketamine vs Spravato - Which Is Best?'
    """
    title = " ".join(title.split())[:500]
    headline = _part_in_headline(title, headlines)
    if headline and not names_site(headline, names, host):
        return headline
    parts = _parts(title)
    while len(parts) > 1 and names_site(title[parts[-1].start : parts[-1].end], names, host):
        parts.pop()
    while len(parts) > 1 and names_site(title[parts[0].start : parts[0].end], names, host):
        parts.pop(0)
    return title[parts[0].start : parts[-1].end].strip() or title


def choose_title(
    titles: Sequence[str | None], headlines: Sequence[str], names: Sequence[str], host: str = ""
) -> str | None:
    """Choose the first title that says more than the site's name, from ``titles`` and then the headlines."""
    stripped = [strip_site(each, names, headlines, host) for each in titles if each and each.strip()]
    candidates = (
        each
        for each in [*stripped, *headlines]
        if each and not names_site(each, names, host) and each.casefold() not in _WEAK
    )
    return next(candidates, None) or next(iter([*stripped, *headlines]), None)
