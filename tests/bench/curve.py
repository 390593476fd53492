"""A growth curve as SVG: what a page costs, over how many pages there are; readable in black and white."""

from __future__ import annotations

import math

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 720, 360, 70, 50, 40


def curve(rows: list[tuple[float, float, float]], read_ms: float) -> str:
    """Draw CPU a page, in hundredths of what reading a page costs, with the tenth that it may cost at most.

    ``rows`` are pages, milliseconds to find and milliseconds to describe, a page.
    """
    found = [(pages, find / read_ms * 100) for pages, find, _ in rows]
    whole = [(pages, (find + describe) / read_ms * 100) for pages, find, describe in rows]
    most = max(12.0, max(value for _, value in whole) * 1.2)
    sizes = [pages for pages, _ in found]
    parts = [_axis(sizes, most)]
    for name, line, dash in (("found", found, ""), ("found and described", whole, "6 4")):
        spots = " ".join(f"{_x(pages, sizes):.0f},{_y(value, most):.0f}" for pages, value in line)
        parts.append(
            f'<polyline points="{spots}" fill="none" stroke="#0f5c63" stroke-width="3" stroke-dasharray="{dash}"/>'
        )
        at = _y(line[-1][1], most) - 8
        parts.append(f'<text x="{WIDTH - 20}" y="{at:.0f}" text-anchor="end">{name}: {line[-1][1]:.1f} %</text>')
    limit = _y(10, most)
    parts.append(
        f'<line x1="{LEFT}" x2="{WIDTH - 20}" y1="{limit:.0f}" y2="{limit:.0f}" stroke="#999" stroke-dasharray="2 3"/>'
    )
    parts.append(f'<text x="{LEFT + 6}" y="{limit - 6:.0f}" fill="#555">a tenth of reading the page</text>')
    title = "CPU a page for families, in percent of what reading the page costs"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' style="font: 14px sans-serif; fill: #222; background: #fff"><title>{title}</title>'
        f'<text x="{LEFT}" y="22" font-weight="bold">{title}</text>{"".join(parts)}</svg>\n'
    )


def _x(pages: float, sizes: list[float]) -> float:
    low, high = math.log10(min(sizes)), math.log10(max(sizes))
    return LEFT + (WIDTH - LEFT - 40) * (math.log10(pages) - low) / max(high - low, 1)


def _y(value: float, most: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value / most


def _axis(sizes: list[float], most: float) -> str:
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
