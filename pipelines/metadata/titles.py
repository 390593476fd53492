"""The title of a page without the name of its site.

Sites put their name before or behind the title with a bar or a dash. What is a site's name is told by what the page
says of itself (``og:site_name``, JSON-LD, the host) and by the headline, not by position: "Ketamine vs Spravato -
Which Is Best?" stays whole.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["choose_title", "names_site", "strip_site"]

_SEPARATOR = re.compile(r"\s+(?:[|–—·•»«~-]|::|//)\s+|\s*\|\s*|\s*»\s*")
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
    own = _key(segment)
    known = [_key(name) for name in names]
    return len(own) >= 3 and (own in known or any(_is_longer_form(own, name) for name in [*known, _host_key(host)]))


def _is_longer_form(own: str, name: str) -> bool:
    """Say whether one begins with the other; "Postman: The World's Leading Platform" adds too much to be a name."""
    known = min(len(own), len(name)) > 4
    return known and (name.startswith(own) or (own.startswith(name) and len(own) <= len(name) + 20))


def _cuts(title: str) -> list[tuple[int, int]]:
    edges = [0, *(at for match in _SEPARATOR.finditer(title) for at in match.span()), len(title)]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _agreed(title: str, headlines: Iterable[str]) -> str | None:
    """Give the part of a title, from one separator to another, that a headline says in the same words."""
    cuts = _cuts(title)
    keys = {_key(headline) for headline in headlines if headline}
    spans = ((first[0], last[1]) for at, first in enumerate(cuts) for last in cuts[at:])
    longest = sorted(spans, key=lambda span: span[0] - span[1])
    return next((title[start:end].strip() for start, end in longest if _key(title[start:end]) in keys), None)


def strip_site(title: str, names: Sequence[str], headlines: Sequence[str] = (), host: str = "") -> str:
    """Take the site's name off a title; a title that is nothing but the name stays.

    >>> strip_site("What to expect | Cedar Clinic", ["Cedar Clinic"])
    'What to expect'
    >>> strip_site("Ketamine vs Spravato - Which Is Best?", ["Cedar Clinic"])
    'Ketamine vs Spravato - Which Is Best?'
    """
    title = " ".join(title.split())[:500]
    agreed = _agreed(title, headlines)
    if agreed and not names_site(agreed, names, host):
        return agreed
    cuts = _cuts(title)
    while len(cuts) > 1 and names_site(title[slice(*cuts[-1])], names, host):
        cuts.pop()
    while len(cuts) > 1 and names_site(title[slice(*cuts[0])], names, host):
        cuts.pop(0)
    return title[cuts[0][0] : cuts[-1][1]].strip() or title


def choose_title(
    titles: Sequence[str | None], headlines: Sequence[str], names: Sequence[str], host: str = ""
) -> str | None:
    """Choose the first title that says more than the site's name, from ``titles`` and then the headlines."""
    stripped = [strip_site(each, names, headlines, host) for each in titles if each and each.strip()]
    telling = (
        each
        for each in [*stripped, *headlines]
        if each and not names_site(each, names, host) and each.casefold() not in _WEAK
    )
    return next(telling, None) or next(iter([*stripped, *headlines]), None)
