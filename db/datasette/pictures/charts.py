"""The four kinds of picture: lines over time, a heat map, tiles of the states, a small line. Pure functions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

from db.datasette.pictures.svg import ACCENT, LINE, SOFT, STROKES, element, picture, scale, shade, ticks, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup

Point = tuple[str, int]  # time (ISO 8601), count
MARGIN = 108  # units on the right, for names
# the states as tiles, each where it lies on the map: row, column
TILES = {
    "AK": (0, 0), "ME": (0, 10), "VT": (1, 9), "NH": (1, 10),
    "WA": (2, 0), "ID": (2, 1), "MT": (2, 2), "ND": (2, 3), "MN": (2, 4), "IL": (2, 5), "WI": (2, 6), "MI": (2, 7),
    "NY": (2, 8), "RI": (2, 9), "MA": (2, 10),
    "OR": (3, 0), "NV": (3, 1), "WY": (3, 2), "SD": (3, 3), "IA": (3, 4), "IN": (3, 5), "OH": (3, 6), "PA": (3, 7),
    "NJ": (3, 8), "CT": (3, 9),
    "CA": (4, 0), "UT": (4, 1), "CO": (4, 2), "NE": (4, 3), "MO": (4, 4), "KY": (4, 5), "WV": (4, 6), "VA": (4, 7),
    "MD": (4, 8), "DE": (4, 9),
    "AZ": (5, 1), "NM": (5, 2), "KS": (5, 3), "AR": (5, 4), "TN": (5, 5), "NC": (5, 6), "SC": (5, 7), "DC": (5, 8),
    "OK": (6, 3), "LA": (6, 4), "MS": (6, 5), "AL": (6, 6), "GA": (6, 7),
    "HI": (7, 0), "TX": (7, 3), "FL": (7, 8), "PR": (7, 10),
}  # fmt: skip
TILE = 44  # units
ROW, COLUMN, NAMES = 26, 34, 210  # of the heat map: height of a row, width of a column, room for names
LONGEST = 28  # characters of a name in the heat map


@dataclass(frozen=True, slots=True)
class Series:
    """One line: its name, and its points, the earliest first."""

    name: str
    points: tuple[Point, ...]


def _times(points: Sequence[Point]) -> list[float]:
    return [datetime.fromisoformat(at).timestamp() for at, _ in points]


def days(times: Sequence[str]) -> list[str]:
    """Name points in time by their day, or where all lie on one day by their minute.

    >>> days(["2026-01-01T10:00:00+00:00", "2026-01-01T12:30:00+00:00"])
    ['10:00', '12:30']
    """
    shown = slice(11, 16) if len({at[:10] for at in times}) == 1 < len(times) else slice(10)
    return [at[shown] for at in times]


def lines(title: str, series: Sequence[Series], *, width: int = 420, height: int = 240) -> Markup:
    """Draw counts over time, from 0 on; each line is named at its end and has dashes of its own."""
    drawn = [one for one in series if one.points]
    if not drawn:
        return picture(title, width, 60, [words("Nothing to draw yet.", 10, 34, fill=SOFT)])
    every = [point for one in drawn for point in one.points]
    numbers = ticks(max(count for _, count in every))
    across = scale(min(_times(every)), max(_times(every)), 46, width - MARGIN)
    up = scale(0, numbers[-1], height - 30, 14)
    marks = [*_grid(numbers, up, width), *_first_and_last(every, across, height)]
    names = _apart([up(one.points[-1][1]) for one in drawn], height - 30)
    for place, one in enumerate(drawn):
        marks += _line(one, STROKES[place % len(STROKES)], [across(at) for at in _times(one.points)], up)
        marks.append(words(f"{one.name} {one.points[-1][1]:,}", width - MARGIN + 8, names[place] + 4, font_weight=600,
                           fill=STROKES[place % len(STROKES)][0]))  # fmt: skip
    return picture(title, width, height, marks)


def _grid(numbers: Sequence[int], up: object, width: int) -> list[str]:
    assert callable(up)
    return [
        mark
        for number in numbers
        for mark in (
            element("line", x1=46, x2=width - MARGIN, y1=up(number), y2=up(number), stroke=LINE),
            words(f"{number:,}", 40, up(number) + 4, anchor="end", fill=SOFT),
        )
    ]


def _first_and_last(points: Sequence[Point], across: object, height: int) -> list[str]:
    assert callable(across)
    times = sorted({at for at, _ in points})
    named = dict(zip(times, days(times), strict=True))
    ends = [(times[0], "start"), (times[-1], "end")] if len(times) > 1 else [(times[0], "middle")]
    return [
        words(named[at], across(_times([(at, 0)])[0]), height - 10, anchor=anchor, fill=SOFT) for at, anchor in ends
    ]


def _line(one: Series, stroke: tuple[str, str], xs: Sequence[float], up: object) -> list[str]:
    assert callable(up)
    places = [f"{x:.1f},{up(count):.1f}" for x, (_, count) in zip(xs, one.points, strict=True)]
    colour, dashes = stroke
    line = element("polyline", points=" ".join(places), fill="none", stroke=colour, stroke_width=2,
                   stroke_dasharray=dashes)  # fmt: skip
    dots = [
        element(
            "circle", element("title", escape(f"{day}: {count:,} {one.name}")), cx=x, cy=up(count), r=3.5, fill=colour
        )
        for x, (day, count) in zip(xs, one.points, strict=True)
    ]
    return [line, *dots]


def _apart(places: Sequence[float], lowest: float, least: float = 16) -> list[float]:
    """Move names apart so that none covers another, the order kept; the lowest stays above the axis."""
    order = sorted(range(len(places)), key=lambda place: -places[place])
    moved, floor = list(places), lowest
    for place in order:
        moved[place] = min(places[place], floor)
        floor = moved[place] - least
    return moved


def small_line(title: str, points: Sequence[Point]) -> Markup:
    """Draw one count over time, small: where it began, where it is, and what it was at most."""
    if not points:
        return picture(title, 180, 60, [words("none", 4, 34, fill=SOFT)])
    across = scale(min(_times(points)), max(_times(points)), 6, 136)
    up = scale(0, max(1, *(count for _, count in points)), 54, 10)
    xs = [across(at) for at in _times(points)]
    marks = [element("line", x1=4, x2=140, y1=54, y2=54, stroke=LINE)]
    marks += _line(Series(title, tuple(points)), (ACCENT, ""), xs, up)
    marks.append(words(f"{points[-1][1]:,}", 148, up(points[-1][1]) + 5, size=15, font_weight=600))
    return picture(title, 180, 60, marks)


def heat(title: str, rows: Sequence[tuple[str, Mapping[str, int]]], columns: Sequence[tuple[str, str]]) -> Markup:
    """Draw how often each column occurs in each row: darker is more, and each tile bears its number.

    ``columns`` are key and full name. Shades go by the logarithm, since a few rows have most.
    """
    most = max((count for _, counts in rows for count in counts.values()), default=0)
    marks = [
        words(key, NAMES + COLUMN * place + COLUMN / 2, 20, anchor="middle", size=11, font_weight=600)
        for place, (key, _) in enumerate(columns)
    ]
    for row, (name, counts) in enumerate(rows):
        y = 30 + ROW * row
        short = name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
        marks.append(words(short, NAMES - 10, y + ROW / 2 + 4, size=12, anchor="end"))
        marks += [
            _cell(f"{name}: {counts.get(key, 0)} {said}", counts.get(key, 0), most, (NAMES + COLUMN * place, y))
            for place, (key, said) in enumerate(columns)
        ]
    return picture(title, NAMES + COLUMN * len(columns) + 10, 40 + ROW * len(rows), marks, fixed=True)


def _cell(said: str, count: int, most: int, at: tuple[float, float]) -> str:
    ground, ink = shade(math.log1p(count) / math.log1p(most)) if count else ("#ffffff", SOFT)
    x, y = at
    box = element("rect", element("title", escape(said)), x=x + 1, y=y + 1, width=COLUMN - 2, height=ROW - 2,
                  fill=ground, stroke=LINE, rx=3)  # fmt: skip
    number = words(f"{count:,}" if count else "·", x + COLUMN / 2, y + ROW / 2 + 4, anchor="middle", fill=ink, size=11)
    return box + number


def tiles(title: str, counts: Mapping[str, int]) -> Markup:
    """Draw a count for each state of the US, a tile each; states without any stay white."""
    most = max(counts.values(), default=0)
    marks = []
    for state, (row, column) in TILES.items():
        count = counts.get(state, 0)
        ground, ink = shade(math.log1p(count) / math.log1p(most)) if count else ("#ffffff", SOFT)
        x, y = column * TILE, row * TILE
        marks.append(element("rect", element("title", escape(f"{state}: {count:,}")), x=x + 1, y=y + 1,
                             width=TILE - 2, height=TILE - 2, fill=ground, stroke=LINE, rx=4))  # fmt: skip
        marks.append(words(state, x + TILE / 2, y + (18 if count else 27), anchor="middle", fill=ink, size=14))
        if count:
            marks.append(words(f"{count:,}", x + TILE / 2, y + 35, anchor="middle", fill=ink, size=15, font_weight=700))
    return picture(title, 11 * TILE, 8 * TILE, marks)
