"""Which advertisers share texts with which: the numbers of a matrix, and where its cells stand in a picture."""

from __future__ import annotations

import sqlite3  # noqa: TC003
from collections import Counter
from dataclasses import dataclass
from typing import Any

MOST = 40  # advertisers in the picture: the ones that share with most; the table below has all
CELL, HEAD, SIDE = 26, 195, 205  # pixels
#: Families that two advertisers have in common; an alias host is no second advertiser, and says so in its family.
FAMILIES = """
    SELECT one.advertiser, other.advertiser, count(DISTINCT members.family) AS families,
        group_concat(DISTINCT members.family) AS numbers
    FROM family_members AS members
    JOIN families ON families.id = members.family AND families.kind != 'alias host' AND families.advertisers > 1
    JOIN pages AS page ON page.id = members.page
    JOIN sites AS one ON one.id = page.site
    JOIN family_members AS others ON others.family = members.family
    JOIN pages AS mate ON mate.id = others.page
    JOIN sites AS other ON other.id = mate.site
    WHERE one.advertiser < other.advertiser GROUP BY 1, 2
"""
PASSAGES = """
    SELECT min(one.advertiser, other.advertiser), max(one.advertiser, other.advertiser), count(*)
    FROM text_pairs
    JOIN pages AS page ON page.id = text_pairs.page
    JOIN sites AS one ON one.id = page.site
    JOIN pages AS mate ON mate.id = text_pairs.other
    JOIN sites AS other ON other.id = mate.site
    WHERE one.advertiser != other.advertiser GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the matrix: where it stands in pixels, the number in it, how dark it is, and what it means."""

    x: int
    y: int
    number: int
    shade: float
    title: str
    anchor: str = ""


def read_sharing(db: sqlite3.Connection) -> dict[str, Any]:
    """Read who shares texts with whom, as a matrix and as a list of pairs, the most first."""
    families = {(a, b): (count, _numbers(listed)) for a, b, count, listed in db.execute(FAMILIES)}
    passages = {(a, b): count for a, b, count in db.execute(PASSAGES)}
    pairs = [
        {"one": a, "other": b, "families": families.get((a, b), (0, []))[1], "passages": passages.get((a, b), 0)}
        for a, b in {*families, *passages}
    ]
    pairs.sort(key=lambda pair: (-len(pair["families"]), -pair["passages"], pair["one"], pair["other"]))
    names = _order(families) or _order(dict.fromkeys(passages, (1, [])))
    return {"pairs": pairs, "matrix": _matrix(names, {key: told[0] for key, told in families.items()}, passages)}


def _numbers(listed: str) -> list[int]:
    return sorted(map(int, listed.split(",")))


def _order(families: dict[tuple[str, str], tuple[int, list[int]]]) -> list[str]:
    """Put advertisers that share most first, each beside the one that it shares most with."""
    totals: Counter[str] = Counter()
    for pair, (count, _) in families.items():
        totals.update(dict.fromkeys(pair, count))
    order: list[str] = []
    while left := [name for name in totals if name not in order]:
        order.append(max(left, key=lambda name: (_shared(families, order, name), totals[name], name)))
    return order[:MOST]


def _shared(families: dict[tuple[str, str], tuple[int, list[int]]], order: list[str], name: str) -> int:
    last = order[-1] if order else ""
    return families.get((min(last, name), max(last, name)), (0, []))[0]


def _matrix(
    names: list[str], families: dict[tuple[str, str], int], passages: dict[tuple[str, str], int]
) -> dict[str, Any]:
    most = max(families.values(), default=1), max(passages.values(), default=1)
    cells = [
        _cell(row, column, names, numbers, most[number])
        for row in range(len(names))
        for column in range(len(names))
        if row != column
        for number, numbers in [(0, families) if column > row else (1, passages)]
        if numbers.get(_pair(names, row, column))
    ]
    size = len(names) * CELL
    return {"names": names, "cells": cells, "cell": CELL, "head": HEAD, "side": SIDE, "size": size}


def _pair(names: list[str], row: int, column: int) -> tuple[str, str]:
    one, other = sorted((names[row], names[column]))
    return one, other


def _cell(row: int, column: int, names: list[str], numbers: dict[tuple[str, str], int], most: int) -> Cell:
    """Place a cell; above the diagonal stand families, below it pages that share passages."""
    pair = _pair(names, row, column)
    count = numbers[pair]
    what = "families in common" if column > row else "pairs of pages that share passages"
    title = f"{pair[0]} and {pair[1]}: {count} {what}"
    return Cell(
        SIDE + column * CELL, HEAD + row * CELL, count, round(0.12 + 0.7 * count / most, 2), title, "-".join(pair)
    )
