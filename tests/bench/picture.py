"""A bar chart as SVG, readable in black and white."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.bench.crawl import NAMES, ratios

if TYPE_CHECKING:
    from tests.bench.measure import Cost

FILLS = {"download": "#c9c4b8", "listed": "#8fb3b5", "follow": "#b9d0d1", "ours": "#0f5c63"}
WIDTH, LEFT, BAR, GAP = 720, 220, 22, 10


def bars(rows: list[tuple[str, int, Cost]]) -> str:
    """Draw pages a second and CPU a page, each as a ratio to the naive crawl that is given all URLs."""
    base = next(row for row in rows if row[0] == "listed")
    speed = [(row[0], ratios(row, base)[0]) for row in rows]
    work = [(row[0], ratios(row, base)[1]) for row in rows]
    parts, top = [], 10
    for title, values in (("pages a second (more is better)", speed), ("CPU a page (less is better)", work)):
        parts.append(f'<text x="{LEFT}" y="{top + 16}" font-weight="bold">{title}</text>')
        top += 28
        for name, value in values:
            parts.append(_bar(name, value, max(value for _, value in values), top))
            top += BAR + GAP
        top += 12
    style = "font: 14px sans-serif; fill: #222"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" role="img" style="{style}">'
        f"<title>clinicwatch beside plain Scrapy and a naive crawl</title>{''.join(parts)}</svg>\n"
    )


def _bar(name: str, value: float, most: float, top: int) -> str:
    length = max(2, round((WIDTH - LEFT - 90) * value / most))
    middle = top + BAR - 6
    return (
        f'<text x="{LEFT - 8}" y="{middle}" text-anchor="end">{NAMES[name]}</text>'
        f'<rect x="{LEFT}" y="{top}" width="{length}" height="{BAR}" fill="{FILLS[name]}" stroke="#222"/>'
        f'<text x="{LEFT + length + 8}" y="{middle}">{value:.2f}×</text>'
    )
