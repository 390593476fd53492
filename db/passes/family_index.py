"""The index of the families: a file beside the corpus that says which texts share runs of words; rebuildable.

A page hangs on a node. A node is a text with its names masked (all pages of a city-swapped template are one node), with
the sets of hashes that it is known by, and the sample of them that it is found by: see :mod:`pipelines.dedup.postings`.
What a node is compared by lies in a table of its own, so that its family is read and written without 6 KB of hashes.
A lost, damaged or outdated file is made anew, and is never an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from db.passes.index_file import open_index_file

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator
    from pathlib import Path

TABLES = """
CREATE TABLE meta (rules TEXT NOT NULL);
CREATE TABLE page (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL, exact BLOB NOT NULL, first_capture INTEGER NOT NULL,
    node INTEGER NOT NULL
);
CREATE INDEX page_node ON page(node);
CREATE INDEX page_exact ON page(exact);
CREATE TABLE node (
    id INTEGER PRIMARY KEY AUTOINCREMENT, class BLOB NOT NULL UNIQUE, exact BLOB NOT NULL, list INTEGER NOT NULL,
    sampled INTEGER NOT NULL, family INTEGER, open INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE hashes (id INTEGER PRIMARY KEY, sample BLOB NOT NULL, raw BLOB NOT NULL, masked BLOB NOT NULL);
CREATE INDEX node_family ON node(family);
CREATE INDEX node_open ON node(id) WHERE open;
CREATE TABLE link (
    a INTEGER NOT NULL, b INTEGER NOT NULL, relation TEXT NOT NULL, shared INTEGER NOT NULL, smaller INTEGER NOT NULL,
    larger INTEGER NOT NULL, PRIMARY KEY (a, b)
) WITHOUT ROWID;
CREATE INDEX link_b ON link(b)
"""


RULES = "index 2"  # of the tables: a change makes the index anew


class NodeRow(NamedTuple):
    """A node to be kept: its class, the words and the sets it is known by, and its sampled hashes."""

    kind: bytes
    exact: bytes
    is_list: bool
    sampled: int
    sample: bytes
    raw: bytes
    masked: bytes


class Sets(NamedTuple):
    """The sets of a node as they are stored, whether it is a list of other pages."""

    raw: bytes
    masked: bytes
    is_list: int


class Link(NamedTuple):
    """Two pages of different families that share a part, with the figures, and how long both texts are (in bytes)."""

    page: int
    other: int
    family: int
    other_family: int
    relation: str
    shared: int
    smaller: int
    larger: int
    size: int
    other_size: int


def open_index(path: Path | None, rules: str) -> sqlite3.Connection:
    """Open the index of families; see :func:`db.passes.index_file.open_index_file`."""
    return open_index_file(path, TABLES, rules)


def known_pages(index: sqlite3.Connection) -> dict[int, str]:
    """Give the key of every page that the index knows: what its node was worked out from."""
    return dict(index.execute("SELECT id, key FROM page"))


def forget_pages(index: sqlite3.Connection, pages: Iterable[int]) -> None:
    """Take pages out; what hung together by way of them is to be grouped anew."""
    gone = [(page,) for page in pages]
    index.executemany(
        "UPDATE node SET family = NULL, open = 1 WHERE family = (SELECT held.family FROM node AS held JOIN page"
        " ON page.node = held.id WHERE page.id = ?)",
        gone,
    )
    index.executemany("DELETE FROM page WHERE id = ?", gone)


def silent_nodes(index: sqlite3.Connection) -> list[tuple[int, int | None]]:
    """Name the nodes whose words none of their pages has any more, each with the page that is to speak for it now."""
    return index.execute(
        "SELECT id, (SELECT page.id FROM page WHERE page.node = node.id ORDER BY page.exact, page.id LIMIT 1)"
        " FROM node WHERE open"
        " AND exact IS NOT (SELECT min(page.exact) FROM page WHERE page.node = node.id) ORDER BY id"
    ).fetchall()


def node_of(index: sqlite3.Connection, kind: bytes) -> tuple[int, bytes] | None:
    """Find the node of a class, and the words that speak for it."""
    found: tuple[int, bytes] | None = index.execute("SELECT id, exact FROM node WHERE class = ?", (kind,)).fetchone()
    return found


def insert_node(index: sqlite3.Connection, row: NodeRow) -> int:
    """Insert a node."""
    node = index.execute("INSERT INTO node (class, exact, list, sampled) VALUES (?, ?, ?, ?)", row[:4]).lastrowid
    assert node
    index.execute("INSERT INTO hashes (id, sample, raw, masked) VALUES (?, ?, ?, ?)", (node, *row[4:]))
    return node


def drop_node(index: sqlite3.Connection, node: int) -> None:
    """Take a node out with its links; its pages are left without one, and what it held is grouped anew."""
    index.execute(
        "UPDATE node SET family = NULL, open = 1 WHERE family = (SELECT family FROM node WHERE id = ?)", (node,)
    )
    index.execute("DELETE FROM link WHERE a = ?", (node,))
    index.execute("DELETE FROM link WHERE b = ?", (node,))
    index.execute("DELETE FROM node WHERE id = ?", (node,))
    index.execute("DELETE FROM hashes WHERE id = ?", (node,))


def move_pages(index: sqlite3.Connection, before: int, after: int) -> None:
    """Hang the pages of one node on another."""
    index.execute("UPDATE page SET node = ? WHERE node = ?", (after, before))


def hang_page(index: sqlite3.Connection, page: tuple[int, str, bytes, int, int]) -> None:
    """Hang a page on a node, which is to be looked at again: another node may have a page of the same words."""
    index.execute("INSERT OR REPLACE INTO page VALUES (?, ?, ?, ?, ?)", page)
    index.execute("UPDATE node SET open = 1 WHERE id = ?", (page[-1],))


def open_nodes(index: sqlite3.Connection, limit: int) -> list[int]:
    """Name the next nodes that are to be grouped, by id."""
    rows = index.execute("SELECT id FROM node WHERE open ORDER BY id LIMIT ?", (limit,))
    return [node for (node,) in rows]


def last_grouped(index: sqlite3.Connection) -> int:
    """Name the last node that is grouped: all behind it are to be."""
    return int(index.execute("SELECT coalesce(max(id), 0) FROM node WHERE NOT open").fetchone()[0])


def sets_of(index: sqlite3.Connection, node: int) -> Sets:
    """Read what a node is known by."""
    return Sets(
        *index.execute("SELECT raw, masked, list FROM hashes JOIN node USING (id) WHERE id = ?", (node,)).fetchone()
    )


def samples(index: sqlite3.Connection) -> Iterator[tuple[int, int, bytes]]:
    """List the samples of all nodes, each with what is told of its size."""
    return iter(index.execute("SELECT id, sampled, sample FROM node JOIN hashes USING (id) ORDER BY id"))


def same_words(index: sqlite3.Connection, nodes: list[int]) -> list[tuple[int, int]]:
    """Name the nodes that have a page of the same words as one of these, in pairs, with the lowest node of them."""
    marks = ", ".join("?" * len(nodes))
    return index.execute(
        "SELECT lowest, page.node FROM (SELECT exact AS words, min(node) AS lowest FROM page WHERE exact IN"
        f" (SELECT exact FROM page WHERE node IN ({marks})) GROUP BY exact HAVING min(node) != max(node))"
        " JOIN page ON page.exact = words WHERE page.node != lowest GROUP BY 1, 2",
        nodes,
    ).fetchall()


def families_of(index: sqlite3.Connection, nodes: Iterable[int]) -> dict[int, int]:
    """Give the family that each of these nodes is in so far; those that have none are their own."""
    rows = (
        index.execute("SELECT id, coalesce(family, id) FROM node WHERE id = ?", (node,)).fetchone() for node in nodes
    )
    return dict(rows)


def put_families(
    index: sqlite3.Connection, nodes: Iterable[tuple[int, int]], merged: Iterable[tuple[int, int]]
) -> None:
    """Write the family of nodes, and whole families that are another one now (new, old)."""
    index.executemany("UPDATE node SET family = ? WHERE family = ?", merged)
    index.executemany("UPDATE node SET family = ?, open = 0 WHERE id = ?", nodes)


def put_links(index: sqlite3.Connection, rows: Iterable[tuple[object, ...]]) -> None:
    """Write pairs of nodes that share passages, or of which one contains the other."""
    index.executemany("INSERT OR REPLACE INTO link VALUES (?, ?, ?, ?, ?, ?)", rows)


def grouped_pages(index: sqlite3.Connection) -> Iterator[tuple[int, int, str, int]]:
    """List the pages of families of two and more: family, page, key, first capture; families together."""
    rows = index.execute(
        "SELECT family, page.id, page.key, page.first_capture FROM node JOIN page ON page.node = node.id"
        " WHERE family IN"
        " (SELECT family FROM node JOIN page ON page.node = node.id GROUP BY family HAVING count(*) > 1)"
        " ORDER BY family, page.id"
    )
    return iter(rows)


def linked_pages(index: sqlite3.Connection) -> Iterator[Link]:
    """List the links between pages of different families, those of two families together.

    For a node its first page of the very words stands.
    """
    page = "(SELECT min(page.id) FROM page WHERE page.node = {0}.id AND page.exact = {0}.exact)"
    rows = index.execute(
        f"SELECT {page.format('one')}, {page.format('two')}, one.family, two.family,"
        " relation, shared, smaller, larger, length(first.raw), length(second.raw)"
        " FROM link JOIN node AS one ON one.id = link.a JOIN node AS two ON two.id = link.b"
        " JOIN hashes AS first ON first.id = one.id JOIN hashes AS second ON second.id = two.id"
        " WHERE one.family != two.family"
        " ORDER BY min(one.family, two.family), max(one.family, two.family)"
    )
    return (Link(*row) for row in rows)
