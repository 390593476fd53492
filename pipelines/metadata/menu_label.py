"""Under which entry of its site's menu a page stands: "Services", "What we treat", "About us".

The menu is the site's own order of its pages, and says of a town page of a treatment what its words do not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pipelines.metadata.links import web_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["menu_labels"]

Element = Any  # lxml ships no types

_FILE = re.compile(r"(?:index|default|home)?(?:\.(?:html?|php|aspx?|cfm|jsp))?/?$")
_GROUPS = frozenset({"ul", "ol", "div", "nav", "section", "menu"})
_MAX_LABEL = 40  # characters: longer is a sentence and no label
_MAX_LEVELS = 8  # elements above a link; menus of page builders wrap each entry in three or four


def menu_labels(anchors: Iterable[Element], url: str) -> tuple[str, ...]:
    """Give the labels of the menu entries above the links of a page to itself, nearest first, each once.

    ``anchors`` are the page's ``a`` elements; a page that no menu links to has none, nor has the root of a site.
    """
    own = _key(url)
    name = own.rpartition("/")[2]
    if not name:
        return ()
    found: dict[str, None] = {}
    for anchor in anchors:
        href = anchor.get("href") or ""
        if name in href.lower() and (target := web_url(url, href)) and _key(target) == own:
            found |= dict.fromkeys(_labels_above(anchor))
    return tuple(found)


def _key(url: str) -> str:
    return _FILE.sub("", urlsplit(url).path.lower()).rstrip("/")


def _labels_above(anchor: Element) -> Iterator[str]:
    """Give what stands before each list that holds an entry: the entry that opens it."""
    element = anchor
    for _ in range(_MAX_LEVELS):
        parent = element.getparent()
        if parent is None or parent.tag in ("body", "main", "article", "html"):
            return
        if element.tag in _GROUPS and parent.tag in ("li", "div", "nav", "details") and len(element):
            before = element.getprevious()
            # an icon or a button that opens the list may stand between the label and the list
            while before is not None and not (isinstance(before.tag, str) and "".join(before.itertext()).strip()):
                before = before.getprevious()
            if before is not None and before.tag in ("a", "span", "button", "p", "summary", "label", "h3", "h4", "h5"):
                label = " ".join("".join(before.itertext()).split())
                if len(label) <= _MAX_LABEL:
                    yield label
        element = parent
