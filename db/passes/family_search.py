"""Find families with the help of the index file: texts in, nodes; nodes in, families and links.

pages that are new, changed or gone | nodes | candidates that meet in sampled hashes | exact verification | families

Everything is kept in steps: what was cut off goes on where it was.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from db.corpus.connection import atomic
from db.passes import family_index
from db.passes.family_index import NodeRow
from pipelines.dedup import candidates
from pipelines.dedup import similarity as families
from pipelines.dedup.postings import Postings, Sampled
from pipelines.dedup.similarity import DisjointSets, IndexedSet, Overlap, Relation

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pipelines.dedup.candidates import Ints, Set32
    from pipelines.dedup.fingerprint import Fingerprint

CHUNK = 500  # texts a transaction
STEP = 50  # nodes a transaction when they are grouped: what they meet is held in memory
AT_HAND = 1_000  # nodes that are kept to be compared, some 6 KB each


class Doc(NamedTuple):
    """A page with its text's fingerprint, ready to be found by."""

    page: int
    first_capture: int
    is_list: bool
    print: Fingerprint


class Node(NamedTuple):
    """What a node is compared by."""

    raw: Set32
    masked: Set32
    is_list: bool


def update(index: sqlite3.Connection, current: dict[int, str], read: Callable[[Sequence[int]], Iterable[Doc]]) -> int:
    """Bring the index to the pages of today, given with their keys; ``read`` gives those asked for.

    Gives how many pages were new, changed or gone.
    """
    known = family_index.known_pages(index)
    gone = [page for page in known if current.get(page) != known[page]]
    fresh = sorted(page for page in current if known.get(page) != current[page])
    with atomic(index):
        family_index.forget_pages(index, gone)
        _mend(index, read)
    for start in range(0, len(fresh), CHUNK):
        with atomic(index):
            _add(index, read(fresh[start : start + CHUNK]), current)
    return len(gone) + len(fresh)


def _mend(index: sqlite3.Connection, read: Callable[[Sequence[int]], Iterable[Doc]]) -> None:
    """Give the nodes that lost the page that spoke for them to another of their pages, and drop those without any."""
    for node, speaker in family_index.silent_nodes(index):
        family_index.drop_node(index, node)
        if speaker is not None:
            (doc,) = read([speaker])
            after = family_index.insert_node(index, _row(doc))
            family_index.move_pages(index, node, after)


def _add(index: sqlite3.Connection, docs: Iterable[Doc], keys: dict[int, str]) -> None:
    for doc in docs:
        node = _node(index, doc)
        family_index.hang_page(index, (doc.page, keys[doc.page], _exact(doc), doc.first_capture, node))


def _node(index: sqlite3.Connection, doc: Doc) -> int:
    """Find or make the node of a page; of all its pages the one with the lowest digest speaks for it."""
    known = family_index.node_of(index, _class(doc))
    if known and known[1] <= _exact(doc):
        return known[0]
    if known:
        family_index.drop_node(index, known[0])
    node = family_index.insert_node(index, _row(doc))
    if known:
        family_index.move_pages(index, known[0], node)
    return node


def _exact(doc: Doc) -> bytes:
    """Give the digest of a page's words; a page without any is like no other."""
    return doc.print.exact if len(doc.print.raw) else b"page %d" % doc.page


def _class(doc: Doc) -> bytes:
    """Digest what the pages of a node share: their text with names masked, and whether it lists other pages."""
    if not len(doc.print.raw):
        return _exact(doc)
    return hashlib.blake2b(doc.print.masked.tobytes() + bytes([doc.is_list]), digest_size=16).digest()


def _sets(doc: Doc) -> tuple[Set32, Set32]:
    raw = candidates.shorten(doc.print.raw)
    return raw, raw if doc.print.masked is doc.print.raw else candidates.shorten(doc.print.masked)


def _row(doc: Doc) -> NodeRow:
    raw, masked = _sets(doc)
    sample = candidates.sample(candidates.union(raw, masked))
    return NodeRow(
        kind=_class(doc),
        exact=_exact(doc),
        is_list=doc.is_list,
        sampled=candidates.signed_size(sample),
        sample=sample.tobytes(),
        raw=raw.tobytes(),
        masked=b"" if masked is raw else masked.tobytes(),
    )


def load(index: sqlite3.Connection, node: int) -> Node:
    """Read what a node is compared by."""
    sets = family_index.sets_of(index, node)
    raw = np.frombuffer(sets.raw, np.uint32)
    masked = np.frombuffer(sets.masked, np.uint32) if sets.masked else raw
    return Node(raw, masked, bool(sets.is_list))


def group(index: sqlite3.Connection) -> None:
    """Give each node that has no family one: its own, or that of the texts that are near."""
    last = family_index.last_grouped(index)
    if not family_index.open_nodes(index, 1):
        return
    known = family_index.samples(index)
    postings = Postings(Sampled(node, told, np.frombuffer(sample, np.uint32)) for node, told, sample in known)
    read = lru_cache(maxsize=AT_HAND)(lambda node: load(index, node))
    while nodes := family_index.open_nodes(index, STEP):
        with atomic(index):
            _group(index, nodes, _Search(read, postings, last))


class _Search(NamedTuple):
    """What a search goes by: how to read a node, the samples of all nodes, the last node searched for."""

    read: Callable[[int], Node]
    postings: Postings
    last: int


def _group(index: sqlite3.Connection, nodes: list[int], search: _Search) -> None:
    groups = DisjointSets()
    for node, other in family_index.same_words(index, nodes):
        known = family_index.families_of(index, (node, other))
        groups.union(known[node], known[other])
    ones, others = search.postings.candidates(nodes, search.last)
    met, which = np.unique(others, return_inverse=True)
    label = family_index.families_of(index, {*nodes, *met.tolist()})
    families_met = np.array([label[node] for node in met.tolist()], np.int64)
    family_index.put_links(index, _links(_by_family(ones, others, families_met[which]), label, groups, search.read))
    _put(index, nodes, label, groups)


def _by_family(one: Ints, other: Ints, family: Ints) -> Iterator[tuple[int, int, list[int]]]:
    """Lay candidates together by family: one that is near is enough, and a family may have thousands."""
    order = np.lexsort((other, family, one))
    one, other, family = one[order], other[order], family[order]
    cuts = np.flatnonzero((one[1:] != one[:-1]) | (family[1:] != family[:-1])) + 1
    edges = np.concatenate(([0], cuts, [len(one)])) if len(one) else cuts
    for first in range(0, len(edges) - 1, CHUNK):
        for start, end in pairwise(edges[first : first + CHUNK + 1].tolist()):
            yield int(one[start]), int(family[start]), other[start:end].tolist()


def _links(
    bunches: Iterable[tuple[int, int, list[int]]],
    label: dict[int, int],
    groups: DisjointSets,
    read: Callable[[int], Node],
) -> Iterator[tuple[object, ...]]:
    """Join what is near, and give what is not but shares a good part; what hangs together already is not compared."""
    ask = lru_cache(maxsize=1)(lambda node: _asked(read(node)))  # candidates of a node come one behind the other
    for node, family, others in bunches:
        for other in others:
            if groups.find(label[node]) == groups.find(family):
                break
            one, two = ask(node), read(other)
            raw, masked = one.overlaps(two)
            told = families.relation(raw, masked)
            if told is Relation.NEAR and one.is_list == two.is_list:
                groups.union(label[node], family)
            elif told and not one.is_list and not two.is_list:
                yield (*sorted((node, other)), told, *max(raw, masked, key=lambda each: each.containment))


class _Asked(NamedTuple):
    """A node that others are compared to."""

    raw: IndexedSet
    masked: IndexedSet
    is_list: bool

    def overlaps(self, other: Node) -> tuple[Overlap, Overlap]:
        """Compare two nodes as they stand and with names masked; where no names are, that is the same."""
        raw = self.raw.overlap(other.raw)
        same = self.masked is self.raw and other.masked is other.raw
        return raw, raw if same else self.masked.overlap(other.masked)


def _asked(node: Node) -> _Asked:
    raw = IndexedSet(node.raw)
    return _Asked(raw, raw if node.masked is node.raw else IndexedSet(node.masked), node.is_list)


def _put(index: sqlite3.Connection, nodes: list[int], label: dict[int, int], groups: DisjointSets) -> None:
    """Write the families: each is called by the lowest name among those that it was joined from."""
    names: dict[object, int] = {}
    known = sorted({*label.values(), *groups.members()})
    for name in known:
        names.setdefault(groups.find(name), name)
    merged = [(names[groups.find(name)], name) for name in known if names[groups.find(name)] != name]
    family_index.put_families(index, [(names[groups.find(label[node])], node) for node in nodes], merged)
