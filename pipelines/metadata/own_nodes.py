"""The nodes of a page's JSON-LD that speak of this page: not of a teaser, a review or an article elsewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from pipelines.metadata.jsonld import types, value_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipelines.metadata.jsonld import Node

__all__ = ["own_nodes"]

# under these keys hang other people's things: a review of 2019 is no date of the page that quotes it
OTHERS = frozenset(
    """
    comment review reviews itemListElement hasPart isPartOf citation mentions blogPost blogPosts video
    associatedMedia isBasedOn relatedLink workExample image event suggestedAnswer acceptedAnswer subjectOf
    """.split()  # noqa: SIM905 (a list would be a screen long)
)
MIN_HEADLINE = 8  # letters that one headline has to share with another to be the same


def own_nodes(found: Sequence[Node], addresses: Iterable[str], titles: Iterable[str]) -> tuple[Node, ...]:
    """Give the nodes that may speak of the page with these addresses and titles, in order.

    A node names its page in ``url`` or ``mainEntityOfPage``. One that names another page is of that, unless its
    headline is the page's: plugins write the address of the site's home, of a draft, or of an example.
    """
    listed = list(addresses)
    base = listed[0] if listed else ""
    own = {key for address in listed if (key := _place(base, address))}
    heads = {_letters(title) for title in titles}
    near = [node for node in found if not OTHERS.intersection(node.path)]
    here = {kind for node in near if _places(base, node) & own for kind in types(node)}
    return tuple(
        node
        for node in near
        if not _is_elsewhere(base, node, own, heads)
        # of several articles, one that names this page is the page's own
        and (_places(base, node) & own or "datePublished" not in node.data or here.isdisjoint(types(node)))
    )


def _places(base: str, node: Node) -> set[str]:
    """Give the pages that a node names as its own."""
    values = [node.data.get("url"), node.data.get("mainEntityOfPage")]
    named = [value.get("@id") or value.get("url") if isinstance(value, dict) else value for value in values]
    return {place for each in named if isinstance(each, str) and (place := _place(base, each))}


def _is_elsewhere(base: str, node: Node, own: set[str], heads: set[str]) -> bool:
    places = _places(base, node)
    if not places or places & own:
        return False
    headline = _letters(value_text(node.data.get("headline")) or value_text(node.data.get("name")) or "")
    return not any(_is_same(headline, head) for head in heads)


def _is_same(headline: str, head: str) -> bool:
    """Say whether two headlines are one, the site's name before or behind it."""
    if min(len(headline), len(head)) < MIN_HEADLINE:
        return bool(headline) and headline == head
    return headline in head or head in headline


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _place(base: str, address: str) -> str:
    """Give host and path of a page, without what the same page may have or lack; nothing for a home or for none.

    >>> _place("https://cedar.example/", "http://www.Cedar.example/care/#a"), _place("https://cedar.example/", "/")
    ('cedar.example/care', '')
    """
    try:
        parts = urlsplit(urljoin(base, address.strip()))
    except ValueError:
        return ""
    path = re.sub(r"/(?:index\.\w+)?$", "", parts.path)
    host = (parts.hostname or "").removeprefix("www.")
    return f"{host}{path}" if path else ""
