"""What advertisers share: which two show the same texts or passages, and which sentences several of them have."""

from __future__ import annotations

import sqlite3  # noqa: TC003
from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

MAX_ADVERTISERS = 40  # in the picture: the ones that share with most; the table below has all
CELL, HEAD, SIDE = 26, 195, 205  # pixels: a cell of the matrix, room for the names above it and beside it
PAGE_SIZE = 30  # sentences
MAX_PAGES = 60  # pages of one sentence
#: Families that two advertisers have in common; an alias host is no second advertiser, and says so in its family.
FAMILIES = """
    SELECT one.advertiser AS one, other.advertiser AS other, group_concat(DISTINCT members.family) AS families
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
    SELECT min(one.advertiser, other.advertiser) AS one, max(one.advertiser, other.advertiser) AS other, count(*) AS n
    FROM text_pairs
    JOIN pages AS page ON page.id = text_pairs.page
    JOIN sites AS one ON one.id = page.site
    JOIN pages AS mate ON mate.id = text_pairs.other
    JOIN sites AS other ON other.id = mate.site
    WHERE one.advertiser != other.advertiser GROUP BY 1, 2
"""
SENTENCES = f"""
    SELECT * FROM shared_sentences WHERE n_advertisers >= :least
    ORDER BY n_advertisers DESC, n_pages DESC, sentence LIMIT {PAGE_SIZE} OFFSET :offset
"""
SENTENCE_PAGES = f"""
    SELECT pages.id AS id, pages.url AS url, sites.advertiser AS advertiser, sites.state AS state,
        (SELECT min(first_seen) FROM versions WHERE versions.page = pages.id) AS first_seen
    FROM sentence_pages JOIN pages ON pages.id = sentence_pages.page JOIN sites ON sites.id = pages.site
    WHERE sentence_pages.sentence = ? ORDER BY first_seen, sites.advertiser, pages.url LIMIT {MAX_PAGES}
"""
PARAPHRASES = """
    SELECT paraphrase_pairs.*, mine.title AS title, theirs.title AS other_title FROM paraphrase_pairs
    JOIN pages AS one ON one.id = paraphrase_pairs.page JOIN versions AS mine ON mine.id = one.version
    JOIN pages AS two ON two.id = paraphrase_pairs.other JOIN versions AS theirs ON theirs.id = two.version
    ORDER BY function_words - paraphrase_pairs.words DESC, paraphrase_pairs.page, paraphrase_pairs.other LIMIT 100
"""


class Pair(NamedTuple):
    """Two advertisers: the families that both have pages in, and how many pairs of their pages share passages."""

    one: str
    other: str
    families: tuple[int, ...] = ()
    passages: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the matrix: where it stands in pixels, the number in it, how dark it is, and what it means."""

    x: int
    y: int
    number: int
    shade: float
    title: str
    anchor: str = ""


class Matrix(NamedTuple):
    """The picture: the advertisers along both sides, the cells with a number, and lengths in pixels."""

    names: list[str]
    cells: list[Cell]
    size: int
    cell: int = CELL
    head: int = HEAD
    side: int = SIDE


class SharingPage(NamedTuple):
    """What the page of sharing shows."""

    pairs: list[Pair]  # those that share most first
    matrix: Matrix


class SharedSentence(NamedTuple):
    """A sentence with the pages that have it, the first to be seen first."""

    sentence: sqlite3.Row
    pages: list[sqlite3.Row]


class SentencesPage(NamedTuple):
    """What the page of shared sentences shows; paraphrase candidates stand on the first."""

    sentences: list[SharedSentence]
    total: int
    page: int
    more: bool
    paraphrases: list[sqlite3.Row]


def read_sharing(db: sqlite3.Connection) -> SharingPage:
    """Read who shares texts with whom, as a list of pairs and as a matrix."""
    pairs: dict[tuple[str, str], Pair] = {}
    for row in db.execute(FAMILIES):
        families = tuple(sorted(map(int, row["families"].split(","))))
        pairs[row["one"], row["other"]] = Pair(row["one"], row["other"], families)
    for row in db.execute(PASSAGES):
        known = pairs.get((row["one"], row["other"])) or Pair(row["one"], row["other"])
        pairs[row["one"], row["other"]] = known._replace(passages=row["n"])
    ranked = sorted(pairs.values(), key=lambda pair: (-len(pair.families), -pair.passages, pair.one, pair.other))
    return SharingPage(ranked, draw_matrix(ranked))


def draw_matrix(pairs: list[Pair]) -> Matrix:
    """Lay pairs out as a matrix: above the diagonal families in common, below it pages that share passages."""
    families = {(pair.one, pair.other): len(pair.families) for pair in pairs if pair.families}
    passages = {(pair.one, pair.other): pair.passages for pair in pairs if pair.passages}
    names = order_advertisers(families or dict.fromkeys(passages, 1))
    cells = []
    for row, one in enumerate(names):
        for column, other in enumerate(names):
            above = column > row
            numbers = families if above else passages
            first, second = sorted((one, other))
            number = numbers.get((first, second), 0)
            if number and row != column:
                what = "families in common" if above else "pairs of pages that share passages"
                cells.append(
                    Cell(
                        x=SIDE + column * CELL,
                        y=HEAD + row * CELL,
                        number=number,
                        shade=round(0.12 + 0.7 * number / max(numbers.values()), 2),
                        title=f"{first} and {second}: {number} {what}",
                        anchor=f"{first}-{second}",
                    )
                )
    return Matrix(names, cells, len(names) * CELL)


def order_advertisers(shared: dict[tuple[str, str], int]) -> list[str]:
    """Put advertisers that share most first, each beside the one that it shares most with.

    >>> order_advertisers({("a", "b"): 1, ("b", "c"): 3, ("a", "d"): 2})
    ['b', 'c', 'a', 'd']
    """
    # greedy, not optimal: a seriation of 40 names reads as well, and an exact one is a travelling salesman
    totals: Counter[str] = Counter()
    for pair, count in shared.items():
        totals.update(dict.fromkeys(pair, count))
    order: list[str] = []
    while left := [name for name in totals if name not in order]:
        last = order[-1] if order else ""
        ranks = [(shared.get((min(last, name), max(last, name)), 0), totals[name], name) for name in left]
        order.append(max(ranks)[-1])
    return order[:MAX_ADVERTISERS]


def read_sentences(db: sqlite3.Connection, page: int, least: int = 2) -> SentencesPage:
    """Read one page of shared sentences, those of most advertisers first, each with the pages that have it."""
    rows = db.execute(SENTENCES, {"least": least, "offset": PAGE_SIZE * (page - 1)}).fetchall()
    total = db.execute("SELECT count(*) FROM sentences WHERE n_advertisers >= ?", (least,)).fetchone()[0]
    return SentencesPage(
        sentences=[SharedSentence(row, db.execute(SENTENCE_PAGES, (row["sentence"],)).fetchall()) for row in rows],
        total=total,
        page=page,
        more=total > PAGE_SIZE * page,
        paraphrases=db.execute(PARAPHRASES).fetchall() if page == 1 else [],
    )
