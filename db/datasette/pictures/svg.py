"""The marks that a picture is made of: elements, scales, and words for days and counts. Pure; text is escaped.

A picture must be readable in black and white: series differ by dashes and are named at their ends, shades run from
light to dark and bear their number.
"""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

INK, SOFT, LINE, ACCENT = "#1d2329", "#59636d", "#d9d4ca", "#0d5c63"


class Stroke(NamedTuple):
    """How a line is drawn: its colour, and its dashes, by which it is known without colour."""

    colour: str
    dashes: str = ""


class Shade(NamedTuple):
    """The ground of a tile, and the ink that is read on it."""

    ground: str
    ink: str


STROKES = (Stroke(ACCENT), Stroke(INK, "7 4"), Stroke("#8a5300", "2 3"), Stroke(SOFT, "10 3 2 3"))  # of each series


def element(name: str, content: str = "", **attributes: object) -> str:
    """Write an element; ``_`` in a name of an attribute is ``-``, a trailing one is dropped.

    >>> element("text", escape("a < b"), x=1, text_anchor="end")
    '<text x="1" text-anchor="end">a &lt; b</text>'
    """
    written = ""
    for key, value in attributes.items():
        if value != "":
            text = f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)
            written += f' {key.rstrip("_").replace("_", "-")}="{escape(text)}"'
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def words(text: str, x: float, y: float, *, size: int = 13, anchor: str = "", **more: object) -> str:
    """Write a line of words."""
    attributes: dict[str, object] = {"fill": INK, "font_size": size, "text_anchor": anchor} | more
    return element("text", escape(text), x=x, y=y, **attributes)


def picture(
    title: str, width: int, height: int, marks: Sequence[str], *, fixed: bool = False, linked: bool = False
) -> Markup:
    """Put marks into a picture with a title that is read aloud; ``fixed`` keeps its size and does not fit the page.

    What has links in it is no image to a screen reader, but a group of them.
    """
    size = {"width": width, "height": height} if fixed else {}
    content = element("title", escape(title)) + "".join(marks)
    made = element(
        "svg",
        content,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width} {height}",
        role="group" if linked else "img",
        **size,
    )
    return Markup(made)  # noqa: S704 - every text in it is escaped above


def ticks(most: float, wanted: int = 4) -> list[int]:
    """Choose round numbers from 0 to at least ``most`` for an axis.

    >>> ticks(37), ticks(3), ticks(0)
    ([0, 10, 20, 30, 40], [0, 1, 2, 3], [0, 1])
    """
    rough = max(most, 1) / wanted
    power = 10 ** math.floor(math.log10(max(rough, 1)))
    step = int(next(nice * power for nice in (1, 2, 5, 10) if nice * power >= rough))
    return list(range(0, math.ceil(max(most, 1) / step) * step + 1, step))


def scale(least: float, most: float, begin: float, end: float) -> Callable[[float], float]:
    """Make the function that maps ``least``..``most`` to ``begin``..``end``; a span of nothing maps to its middle."""
    span = most - least
    return lambda value: (begin + end) / 2 if span == 0 else begin + (value - least) / span * (end - begin)


def shade(share: float) -> Shade:
    """Choose the ground for a share of 0 to 1, and the ink that is read on it: light to dark, also without colour."""
    light, dark = (238, 244, 243), (13, 70, 76)
    ground = "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(light, dark, strict=True))
    return Shade(ground, "#ffffff" if share > 0.5 else INK)
