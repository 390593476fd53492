"""Find families with the help of the index file: texts in, nodes; nodes in, families and links.

pages that are new, changed or gone | nodes | candidates that meet in rare hashes | exact verification | families

Everything is kept in steps: what was cut off goes on where it was.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from db import family_index
from db.family_index import NodeRow
from db.store import atomic
from pipelines import candidates, families
from pipelines.families import Groups, Relation

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pipelines.candidates import Set32
    from pipelines.fingerprint import Fingerprint

CHUNK = 500  # texts a transaction
STEP = 50  # nodes a transaction when they are grouped: what they meet is held in memory
WARM = 3  # a hash that so many texts of a chunk have is counted


class Doc(NamedTuple):
    """A page with its text's fingerprint, ready to be found by."""

    page: int
    first_capture: int
    is_list: bool
    print: Fingerprint


class Node(NamedTuple):
    """What a node is compared by; ``sample`` is what it is found by."""

    raw: Set32
    masked: Set32
    common: Set32
    sample: Set32
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
            _add(index, list(read(fresh[start : start + CHUNK])), current)
    return len(gone) + len(fresh)


def _mend(index: sqlite3.Connection, read: Callable[[Sequence[int]], Iterable[Doc]]) -> None:
    """Give the nodes that lost the page that spoke for them to another of their pages, and drop those without any."""
    for node, speaker in family_index.silent_nodes(index):
        family_index.drop_node(index, node, load(index, node).sample.tolist())
        if speaker is not None:
            (doc,) = read([speaker])
            after = family_index.insert_node(index, _row(doc, _sample(doc), Heat(index)))
            family_index.move_pages(index, node, after)


def _add(index: sqlite3.Connection, docs: list[Doc], keys: dict[int, str]) -> None:
    samples = [_sample(doc) for doc in docs]
    heat = Heat(index)
    heat.add(samples)
    for doc, sample in zip(docs, samples, strict=True):
        node = _node(index, doc, sample, heat)
        family_index.hang_page(index, (doc.page, keys[doc.page], _exact(doc), doc.first_capture, node))


def _node(index: sqlite3.Connection, doc: Doc, sample: Set32, heat: Heat) -> int:
    """Find or make the node of a page; of all its pages the one with the lowest digest speaks for it."""
    known = family_index.node_of(index, _class(doc))
    if known and known[1] <= _exact(doc):
        return known[0]
    if known:
        family_index.drop_node(index, known[0], load(index, known[0]).sample.tolist())
    node = family_index.insert_node(index, _row(doc, sample, heat))
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


def _sample(doc: Doc) -> Set32:
    raw, masked = _sets(doc)
    return candidates.sample(candidates.union(raw, masked))


def _sets(doc: Doc) -> tuple[Set32, Set32]:
    raw = candidates.shorten(doc.print.raw)
    return raw, raw if doc.print.masked is doc.print.raw else candidates.shorten(doc.print.masked)


def _row(doc: Doc, sample: Set32, heat: Heat) -> NodeRow:
    raw, masked = _sets(doc)
    common = heat.hottest(sample, candidates.common_part(sample))
    return NodeRow(
        kind=_class(doc),
        exact=_exact(doc),
        is_list=doc.is_list,
        sampled=candidates.told_size(sample),
        raw=raw.tobytes(),
        masked=b"" if masked is raw else masked.tobytes(),
        hottest=common.tobytes(),
        rare=np.setdiff1d(sample, common, assume_unique=True).tolist(),
        common=common.tolist(),
    )


def load(index: sqlite3.Connection, node: int) -> Node:
    """Read what a node is compared by."""
    sets = family_index.sets_of(index, node)
    raw = np.frombuffer(sets.raw, np.uint32)
    masked = np.frombuffer(sets.masked, np.uint32) if sets.masked else raw
    sample = candidates.sample(candidates.union(raw, masked)).copy()
    return Node(raw, masked, np.frombuffer(sets.hottest, np.uint32), sample, bool(sets.is_list))


class Heat:
    """About how many texts have a hash: counted for those that several texts of a chunk have."""

    def __init__(self, index: sqlite3.Connection) -> None:
        self.index = index
        self._read()

    def _read(self) -> None:
        rows = np.array(family_index.heats(self.index), np.int64).reshape(-1, 2)
        self.hashes, self.counts = rows[:, 0].astype(np.uint32), rows[:, 1]

    def add(self, samples: Sequence[Set32]) -> None:
        """Count the hashes that several of these samples have."""
        hashes, counts = np.unique(np.concatenate(samples), return_counts=True)
        warm = counts >= WARM
        if warm.any():
            family_index.add_heats(self.index, list(zip(hashes[warm].tolist(), counts[warm].tolist(), strict=True)))
            self._read()

    def hottest(self, sample: Set32, count: int) -> Set32:
        """Give so many of a sample, those that most texts have; among equals the lowest."""
        if not count or not len(self.hashes):
            return sample[:count]
        at = np.minimum(np.searchsorted(self.hashes, sample), len(self.hashes) - 1)
        heat = np.where(self.hashes[at] == sample, self.counts[at], 0)
        return np.sort(sample[np.argsort(-heat, kind="stable")[:count]])


def group(index: sqlite3.Connection) -> None:
    """Give each node that has no family one: its own, or that of the texts that are near."""
    last = family_index.last_grouped(index)
    sizes = dict(family_index.sample_sizes(index))
    read = lru_cache(maxsize=8 * CHUNK)(lambda node: load(index, node))
    while nodes := family_index.open_nodes(index, STEP):
        with atomic(index):
            _group(index, nodes, _Search(read, sizes, last))


class _Search(NamedTuple):
    """What a search goes by: how to read a node, the sizes of all samples, the last node searched for."""

    read: Callable[[int], Node]
    sizes: dict[int, int]
    last: int


def _group(index: sqlite3.Connection, nodes: list[int], search: _Search) -> None:
    groups = Groups()
    for node, other in family_index.same_words(index, nodes):
        known = family_index.families_of(index, (node, other))
        groups.join(known[node], known[other])
    pairs = list(_candidates(index, nodes, search))
    label = family_index.families_of(index, {*nodes, *(other for _, other in pairs)})
    family_index.put_links(index, _links(pairs, label, groups, search.read))
    _put(index, nodes, label, groups)


def _candidates(index: sqlite3.Connection, nodes: list[int], search: _Search) -> Iterator[tuple[int, int]]:
    """Name the pairs that share enough; a node behind the last one searched for looks at those before it only."""
    probes = [probe for node in nodes for probe in _probes(node, search)]
    for node, other, met in family_index.meetings(index, probes):
        if met < candidates.least_met(search.sizes[node], search.sizes[other]):
            continue
        if candidates.is_candidate(search.read(node).sample, search.read(other).sample):
            yield node, other


def _probes(node: int, search: _Search) -> Iterator[tuple[int, int, int, int]]:
    read = search.read(node)
    below = node if node > search.last else 1 << 62
    sample = read.sample
    rare = ~np.isin(sample, read.common)
    return ((h, node, is_rare, below) for h, is_rare in zip(sample.tolist(), rare.tolist(), strict=True))


def _links(
    pairs: Iterable[tuple[int, int]], label: dict[int, int], groups: Groups, read: Callable[[int], Node]
) -> Iterator[tuple[object, ...]]:
    """Join what is near, and give what is not but shares a good part; what hangs together already is not compared."""
    for node, other in pairs:
        if groups.root(label[node]) == groups.root(label[other]):
            continue
        one, two = read(node), read(other)
        raw, masked = families.figures(one.raw, two.raw), families.figures(one.masked, two.masked)
        told = families.relation(raw, masked)
        if told is Relation.NEAR and one.is_list == two.is_list:
            groups.join(label[node], label[other])
        elif told and not one.is_list and not two.is_list:
            yield (*sorted((node, other)), told, *max(raw, masked, key=lambda each: each.share))


def _put(index: sqlite3.Connection, nodes: list[int], label: dict[int, int], groups: Groups) -> None:
    """Write the families: each is called by the lowest name among those that it was joined from."""
    names: dict[object, int] = {}
    known = sorted({*label.values(), *groups.known()})
    for name in known:
        names.setdefault(groups.root(name), name)
    merged = [(names[groups.root(name)], name) for name in known if names[groups.root(name)] != name]
    family_index.put_families(index, [(names[groups.root(label[node])], node) for node in nodes], merged)
