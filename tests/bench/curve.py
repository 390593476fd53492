"""A growth curve as SVG: what a page costs, over how many pages there are; readable in black and white."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 720, 360, 70, 50, 40
RIGHT = WIDTH - 40
DASHES = ("", "6 4", "2 4")


def curve(lines: Mapping[str, Sequence[tuple[float, float]]]) -> str:
    """Draw up to three lines: CPU a page, in percent of what reading a page costs, with the tenth that is the limit.

    A line is a name with its points: pages, percent. All have the same sizes.
    """
    most = max(12.0, max(value for line in lines.values() for _, value in line) * 1.2)
    sizes = [pages for pages, _ in next(iter(lines.values()))]
    top = max(line[-1][1] for line in lines.values())
    drawn = "".join(
        _line([(_x(pages, sizes), _y(value, most)) for pages, value in line], dash)
        + _name(f"{name}: {line[-1][1]:.1f} %", _y(line[-1][1], most), line[-1][1] == top)
        for (name, line), dash in zip(lines.items(), DASHES, strict=False)
    )
    title = "CPU a page for families, in percent of what reading the page costs"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' style="font: 14px sans-serif; fill: #222; background: #fff"><title>{title}</title>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
        f'<text x="{LEFT}" y="22" font-weight="bold">{title}</text>{_axis(sizes, most)}{_limit(most)}{drawn}</svg>\n'
    )


def _line(spots: Sequence[tuple[float, float]], dash: str) -> str:
    points = " ".join(f"{x:.0f},{y:.0f}" for x, y in spots)
    return f'<polyline points="{points}" fill="none" stroke="#0f5c63" stroke-width="3" stroke-dasharray="{dash}"/>'


def _name(text: str, y: float, above: bool) -> str:
    """Write a line's name at its end: above the top one, below the others."""
    return f'<text x="{RIGHT}" y="{y - 9 if above else y + 21:.0f}" text-anchor="end">{text}</text>'


def _limit(most: float) -> str:
    y = _y(10, most)
    return (
        f'<line x1="{LEFT}" x2="{RIGHT}" y1="{y:.0f}" y2="{y:.0f}" stroke="#999" stroke-dasharray="2 3"/>'
        f'<text x="{LEFT + 6}" y="{y - 6:.0f}" fill="#555">a tenth of reading the page</text>'
    )


def _x(pages: float, sizes: Sequence[float]) -> float:
    low, high = math.log10(min(sizes)), math.log10(max(sizes))
    return LEFT + (RIGHT - LEFT) * (math.log10(pages) - low) / max(high - low, 1)


def _y(value: float, most: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value / most


def _axis(sizes: Sequence[float], most: float) -> str:
    ground = HEIGHT - BOTTOM
    ticks = [
        f'<text x="{_x(size, sizes):.0f}" y="{ground + 20}" text-anchor="middle">{size:,.0f}</text>' for size in sizes
    ]
    steps = [
        f'<text x="{LEFT - 8}" y="{_y(value, most) + 5:.0f}" text-anchor="end">{value} %</text>'
        for value in range(0, int(most) + 1, 2)
    ]
    return (
        f'<line x1="{LEFT}" x2="{WIDTH - 20}" y1="{ground}" y2="{ground}" stroke="#222"/>'
        f'<line x1="{LEFT}" x2="{LEFT}" y1="{TOP}" y2="{ground}" stroke="#222"/>{"".join(ticks)}{"".join(steps)}'
        f'<text x="{WIDTH / 2}" y="{HEIGHT - 8}" text-anchor="middle">pages in the corpus</text>'
    )
