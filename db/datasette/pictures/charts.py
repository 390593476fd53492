"""The pictures of a corpus, drawn of its figures: lines over time, a heat map, tiles of the states. Pure functions."""

from __future__ import annotations

import math
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from db.datasette.pictures.figures import Point, Series
from db.datasette.pictures.svg import (
    ACCENT,
    INK,
    LINE,
    SOFT,
    STROKES,
    Shade,
    Stroke,
    element,
    picture,
    scale,
    shade,
    ticks,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from markupsafe import Markup

    from db.datasette.pictures.figures import AdvertiserCodes, Figures

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


class Pictures(NamedTuple):
    """The pictures of a corpus as SVG; ``small`` has one for each code of single sentences."""

    growth: Markup
    standing: Markup
    small: dict[str, Markup]
    heat: Markup
    states: Markup


def draw(figures: Figures, link: Callable[[str, str], str] | None = None) -> Pictures:
    """Draw the figures of a corpus; ``link`` gives where a tile of an advertiser and a code leads."""
    later = figures.standing[1:]  # in the first crawl everything appears
    sentences = [
        Series("standing", tuple(Point(one.at, one.standing) for one in figures.standing)),
        Series("appeared", tuple(Point(one.at, one.appeared) for one in later)),
        Series("vanished", tuple(Point(one.at, one.vanished) for one in later)),
    ]
    small = {
        code: small_line(f"{code} {figures.names.get(code, '')}", [Point(one.at, one.standing) for one in standing])
        for code, standing in figures.by_code.items()
    }
    on_map = {row["state"]: row["advertisers"] for row in figures.states if row["state"] in TILES}
    return Pictures(
        growth=lines("Growth of the corpus: URLs found, pages read, texts stored", figures.growth),
        standing=lines("Sentences that are claim candidates, over time", sentences),
        small=small,
        heat=heat("Pages with candidates, by advertiser and code", figures.heat, figures.names, link),
        states=tiles("Advertisers in each state", on_map),
    )


def days(times: Sequence[str]) -> list[str]:
    """Name points in time by their day, or where all lie on one day by their minute.

    >>> days(["2026-01-01T10:00:00+00:00", "2026-01-01T12:30:00+00:00"])
    ['10:00', '12:30']
    """
    shown = slice(11, 16) if len({at[:10] for at in times}) == 1 < len(times) else slice(10)
    return [at[shown] for at in times]


def lines(title: str, series: Sequence[Series], *, width: int = 420, height: int = 240, event: str = "") -> Markup:
    """Draw counts over time, from 0 on; each line is named at its end and has dashes of its own.

    ``event`` is a time that is marked across all of them.
    """
    drawn = [one for one in series if one.points]
    if not drawn:
        return picture(title, width, 60, [words("Nothing to draw yet.", 10, 34, fill=SOFT)])
    every = [point for one in drawn for point in one.points]
    numbers = ticks(max(number for _, number in every))
    times = sorted({at for at, _ in every} | ({event} if event else set()))
    across = scale(seconds(times[0]), seconds(times[-1]), 46, width - MARGIN)
    up = scale(0, numbers[-1], height - 30, 14)
    marks = []
    for number in numbers:
        y = up(number)
        marks.append(element("line", x1=46, x2=width - MARGIN, y1=y, y2=y, stroke=LINE))
        marks.append(words(f"{number:,}", 40, y + 4, anchor="end", fill=SOFT))
    named = dict(zip(times, days(times), strict=True))
    ends = [(times[0], "start"), (times[-1], "end")] if len(times) > 1 else [(times[0], "middle")]
    marks += [words(named[at], across(seconds(at)), height - 10, anchor=anchor, fill=SOFT) for at, anchor in ends]
    if event:
        marks += _event_mark(event, across(seconds(event)), width / 2, height - 30)
    last = [one.points[-1][1] for one in drawn]
    heights = apart([up(number) for number in last], height - 30)
    for place, one in enumerate(drawn):
        stroke = STROKES[place % len(STROKES)]
        marks += line(one, stroke, across, up)
        name = f"{one.name} {last[place]:,}"
        marks.append(words(name, width - MARGIN + 8, heights[place] + 4, font_weight=600, fill=stroke.colour))
    return picture(title, width, height, marks)


def _event_mark(event: str, x: float, middle: float, lowest: float) -> list[str]:
    """Draw a line down at a time, with its name on the side where there is more room."""
    label = element("title", escape(f"{event[:10]}: the event"))
    side, shift = ("end", -4) if x > middle else ("start", 4)
    return [
        element("line", label, x1=x, x2=x, y1=14, y2=lowest, stroke=INK, stroke_dasharray="2 2"),
        words("event", x + shift, 12, anchor=side, size=11),
    ]


def small_line(title: str, points: Sequence[Point]) -> Markup:
    """Draw one count over time, small: where it began, where it is, and what it was at most."""
    if not points:
        return picture(title, 180, 60, [words("none", 4, 34, fill=SOFT)])
    times = [seconds(at) for at, _ in points]
    across = scale(min(times), max(times), 6, 136)
    up = scale(0, max(1, *(number for _, number in points)), 54, 10)
    marks = [element("line", x1=4, x2=140, y1=54, y2=54, stroke=LINE)]
    marks += line(Series(title, tuple(points)), Stroke(ACCENT), across, up)
    last = points[-1][1]
    marks.append(words(f"{last:,}", 148, up(last) + 5, size=15, font_weight=600))
    return picture(title, 180, 60, marks)


def line(series: Series, stroke: Stroke, across: Callable[[float], float], up: Callable[[float], float]) -> list[str]:
    """Draw a line through its points, each with a dot that names its day and count."""
    places = [(across(seconds(at)), up(number)) for at, number in series.points]
    marks = [
        element("polyline", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in places), fill="none", stroke=stroke.colour,
                stroke_width=2, stroke_dasharray=stroke.dashes)
    ]  # fmt: skip
    for (x, y), (at, number) in zip(places, series.points, strict=True):
        label = element("title", escape(f"{at}: {number:,} {series.name}"))
        marks.append(element("circle", label, cx=x, cy=y, r=3.5, fill=stroke.colour))
    return marks


def seconds(at: str) -> float:
    """Give a time as a number that scales."""
    return datetime.fromisoformat(at).timestamp()


def apart(places: Sequence[float], lowest: float, least: float = 16) -> list[float]:
    """Move names apart so that none covers another, the order kept; the lowest stays above the axis.

    >>> apart([100, 98, 40], lowest=100)
    [100, 84, 40]
    """
    moved, floor = list(places), lowest
    for place in sorted(range(len(places)), key=lambda place: -places[place]):
        moved[place] = min(places[place], floor)
        floor = moved[place] - least
    return moved


def heat(
    title: str,
    rows: Sequence[AdvertiserCodes],
    columns: Mapping[str, str],
    link: Callable[[str, str], str] | None = None,
) -> Markup:
    """Draw how often each column occurs in each row: darker is more, and each tile bears its number.

    ``columns`` are full names by what stands above the column. Shades go by the logarithm: a few rows have most.
    ``link`` gives where a tile with a number leads, by its row and column.
    """
    most = max((number for _, numbers in rows for number in numbers.values()), default=0)
    marks = [
        words(key, NAMES + COLUMN * place + COLUMN / 2, 20, anchor="middle", size=11, font_weight=600)
        for place, key in enumerate(columns)
    ]
    for row, (name, numbers) in enumerate(rows):
        y = 30 + ROW * row
        short = name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
        marks.append(words(short, NAMES - 10, y + ROW / 2 + 4, size=12, anchor="end"))
        for place, (key, full) in enumerate(columns.items()):
            number = numbers.get(key, 0)
            tile = _heat_tile(f"{name}: {number} {full}", number, most, (NAMES + COLUMN * place, y))
            marks.append(element("a", tile, href=link(name, key)) if link and number else tile)
    height = 40 + ROW * len(rows)
    return picture(title, NAMES + COLUMN * len(columns) + 10, height, marks, fixed=True, linked=link is not None)


def _heat_tile(title: str, number: int, most: int, place: tuple[int, int]) -> str:
    x, y = place
    ground, ink = log_shade(number, most)
    label = element("title", escape(title))
    tile = element("rect", label, x=x + 1, y=y + 1, width=COLUMN - 2, height=ROW - 2, fill=ground, stroke=LINE, rx=3)
    shown = f"{number:,}" if number else "·"
    return tile + words(shown, x + COLUMN / 2, y + ROW / 2 + 4, anchor="middle", fill=ink, size=11)


def tiles(title: str, numbers: Mapping[str, int]) -> Markup:
    """Draw a number for each state of the US, a tile each; states without any stay white."""
    most = max(numbers.values(), default=0)
    marks = []
    for state, (row, column) in TILES.items():
        number = numbers.get(state, 0)
        ground, ink = log_shade(number, most)
        x, y = column * TILE, row * TILE
        label = element("title", escape(f"{state}: {number:,}"))
        marks.append(
            element("rect", label, x=x + 1, y=y + 1, width=TILE - 2, height=TILE - 2, fill=ground, stroke=LINE, rx=4)
        )
        marks.append(words(state, x + TILE / 2, y + (18 if number else 27), anchor="middle", fill=ink, size=14))
        if number:
            marks.append(
                words(f"{number:,}", x + TILE / 2, y + 35, anchor="middle", fill=ink, size=15, font_weight=700)
            )
    return picture(title, 11 * TILE, 8 * TILE, marks)


def log_shade(number: int, most: int) -> Shade:
    """Choose the shade of a number among others of which the highest is ``most``; white for none."""
    return shade(math.log1p(number) / math.log1p(most)) if number else Shade("#ffffff", SOFT)
