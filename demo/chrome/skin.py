"""The nests in which a platform puts whatever stands around a text.

A template names its slots (``%(inner)s``); ``§`` becomes a number that differs at each place, as the ids of page
builders do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from demo.view import Link

__all__ = ["Entry", "Skin", "numbered"]

_ATTRIBUTES = (
    'loading="lazy" decoding="async" width="300" height="200" src="/media/{0}-300x200.jpg" '
    'srcset="/media/{0}-300x200.jpg 300w, /media/{0}-768x512.jpg 768w, /media/{0}.jpg 1024w" '
    'sizes="(max-width: 300px) 100vw, 300px"'
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a menu and what folds out below it."""

    link: Link
    below: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Skin:
    """The tags of one platform for everything that is not the text."""

    name: str
    section: str = "<section>%s</section>\n"
    row: str = '<div class="row">%s</div>\n'
    column: str = '<div class="col">%s</div>\n'
    module: str = '<div class="%(kind)s">%(inner)s</div>\n'
    title: str = "<h3>%s</h3>\n"
    text: str = "<p>%s</p>\n"
    picture: str = "<img %(attributes)s>"
    button: str = '<a class="button" href="%(href)s">%(label)s</a>\n'
    items: str = "<ul>%s</ul>\n"
    item: str = "<li>%s</li>\n"
    form: str = '<form method="post">%s</form>\n'
    field: str = "<p>%(label)s%(control)s</p>\n"
    week: str = '<table class="opening-hours"><tbody>%s</tbody></table>\n'
    day: str = '<tr><th scope="row">%(day)s</th><td>%(time)s</td></tr>\n'
    menu: str = "<ul>%s</ul>\n"
    entry: str = '<li><a href="%(href)s">%(label)s</a></li>\n'
    folder: str = '<li><a href="%(href)s">%(label)s</a><ul>%(inner)s</ul></li>\n'
    card: str = (
        '<article>%(picture)s<h3><a href="%(href)s">%(label)s</a></h3><p>%(day)s</p><p>%(excerpt)s</p></article>\n'
    )

    def block(self, title: str, columns: Iterable[str]) -> str:
        """Set columns side by side below a heading."""
        inner = self.row % "".join(self.column % column for column in columns)
        head = self.row % (self.column % (self.module % {"kind": "heading", "inner": self.title % title}))
        return self.section % (head + inner)

    def part(self, kind: str, inner: str) -> str:
        """Put one thing into its module."""
        return self.module % {"kind": kind, "inner": inner}

    def listing(self, lines: Iterable[str]) -> str:
        """Write a list."""
        return self.items % "".join(self.item % line for line in lines)

    def image(self, name: str, alt: str = "") -> str:
        """Show a picture in three sizes."""
        return self.picture % {"attributes": f'{_ATTRIBUTES.format(name)} alt="{escape(alt)}"', "name": name}

    def link(self, href: str, label: str) -> str:
        """Write a button."""
        return self.button % {"href": escape(href), "label": escape(label, quote=False)}

    def control(self, label: str, control: str) -> str:
        """Write one field of a form."""
        return self.field % {"label": f'<label for="f-§">{label}</label>', "control": control}

    def tree(self, entries: Iterable[Entry]) -> str:
        """Write a menu."""
        return self.menu % "".join(map(self._entry, entries))

    def _entry(self, entry: Entry) -> str:
        slots = {"href": escape(entry.link.href), "label": escape(entry.link.label, quote=False)}
        if not entry.below:
            return self.entry % slots
        return self.folder % {**slots, "inner": "".join(map(self._entry, entry.below))}


def numbered(markup: str, start: int = 1) -> str:
    """Give each ``§`` a number of its own, and write what is not ASCII as entities: kept frames take half the memory.

    >>> numbered("a§ b§ “")
    'a12fd1 b25fa2 &#8220;'
    """
    numbers = count(start)
    said = re.sub("§", lambda _: f"{next(numbers) * 77777 % 0xFFFFFF:x}", markup)
    return said.encode("ascii", "xmlcharrefreplace").decode("ascii")
