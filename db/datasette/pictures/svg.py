"""The marks that a picture is made of: elements, scales, and words for days and counts. Pure; text is escaped.

A picture must be readable in black and white: series differ by dashes and are named at their ends, shades run from
light to dark and bear their number.
"""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

INK, SOFT, LINE, ACCENT = "#1d2329", "#59636d", "#d9d4ca", "#0d5c63"
STROKES = ((ACCENT, ""), (INK, "7 4"), ("#8a5300", "2 3"), (SOFT, "10 3 2 3"))  # colour and dashes of each series
DAY = 10  # characters of an ISO date


def element(name: str, content: str = "", **attributes: object) -> str:
    """Write an element; ``_`` in a name of an attribute is ``-``, a trailing one is dropped.

    >>> element("text", escape("a < b"), x=1, text_anchor="end")
    '<text x="1" text-anchor="end">a &lt; b</text>'
    """
    told = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_number(value))}"'
        for key, value in attributes.items()
        if value != ""
    )
    return f"<{name}{told}>{content}</{name}>" if content else f"<{name}{told}/>"


def _number(value: object) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def words(said: str, x: float, y: float, *, size: int = 13, anchor: str = "", **more: object) -> str:
    """Write a line of words."""
    told: dict[str, object] = {"fill": INK, "font_size": size, "text_anchor": anchor} | more
    return element("text", escape(said), x=x, y=y, **told)


def picture(title: str, width: int, height: int, marks: Sequence[str], *, fixed: bool = False) -> Markup:
    """Put marks into a picture with a title that is read aloud; ``fixed`` keeps its size and does not fit the page."""
    size = {"width": width, "height": height} if fixed else {}
    content = element("title", escape(title)) + "".join(marks)
    made = element(
        "svg", content, xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {width} {height}", role="img", **size
    )
    return Markup(made)  # noqa: S704 - every text in it is escaped above


def ticks(most: float, wanted: int = 4) -> list[int]:
    """Choose round numbers from 0 to at least ``most`` for an axis.

    >>> ticks(37), ticks(3), ticks(0)
    ([0, 10, 20, 30, 40], [0, 1, 2, 3], [0, 1])
    """
    step = _round_step(max(most, 1) / wanted)
    return list(range(0, math.ceil(max(most, 1) / step) * step + 1, step))


def _round_step(rough: float) -> int:
    power = 10 ** math.floor(math.log10(max(rough, 1)))
    return int(next(nice * power for nice in (1, 2, 5, 10) if nice * power >= rough))


def scale(least: float, most: float, begin: float, end: float) -> Callable[[float], float]:
    """Make the function that maps ``least``..``most`` to ``begin``..``end``; a span of nothing maps to its middle."""
    span = most - least
    return lambda value: (begin + end) / 2 if span == 0 else begin + (value - least) / span * (end - begin)


def shade(share: float) -> tuple[str, str]:
    """Choose the ground for a share of 0 to 1, and the ink that is read on it: light to dark, also without colour."""
    light, dark = (238, 244, 243), (13, 70, 76)
    ground = "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(light, dark, strict=True))
    return ground, "#ffffff" if share > 0.5 else INK
