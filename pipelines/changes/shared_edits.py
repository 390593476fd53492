"""The edits of a site in one crawl: what several pages do alike is one edit, the rest of each page is its own.

    differences of pages | lines by the pages that have them | sets of lines of the same pages | an edit a set and page

A menu, a footer, a telephone number, a sentence put on five pages: the same lines come or go on several pages, whatever
else changed on each of them. A replacement inside lines that differ from page to page (the name at the end of each
title) is the same edit as well, known by the words that were put in the place of others.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pipelines.changes.diff import Diff, Part
from pipelines.text.encode import dump

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

__all__ = ["PageDiffs", "SiteEdit", "split_edits"]

SEVERAL_PAGES = 3  # that a line or a replacement of few words needs to be a shared edit
MANY_WORDS = 4  # of a line that two pages share: fewer ("Learn more") come together by chance
SAME_PAGES = 0.8  # of the pages of two lines (Jaccard index), for them to be one edit: a menu leaves its own page out
DIFFERENT = frozenset({"added", "removed", "replaced"})


@dataclass(frozen=True, slots=True)
class PageDiffs:
    """What differs between two versions of a page, by region."""

    page: int
    diffs: Mapping[str, Diff]


@dataclass(frozen=True, slots=True)
class SiteEdit:
    """An edit on one of its pages: ``key`` is the same on all of them, ``diffs`` are its lines there, by region."""

    page: int
    key: str
    diffs: Mapping[str, Diff]


class _Atom(NamedTuple):
    """What an edit is made of: a line that was ``added`` or ``removed``, or a replacement (``replaced``) in a line."""

    side: str
    text: str


def split_edits(pages: Sequence[PageDiffs]) -> list[SiteEdit]:
    """Split the differences of a site's pages into edits: those that pages share, and each page's own."""
    pages_of: dict[_Atom, set[int]] = defaultdict(set)
    for one in pages:
        for _, part in _parts(one.diffs):
            for atom in (*_lines(part), *_replacement(part)):
                pages_of[atom].add(one.page)
    groups = _groups({atom: frozenset(on) for atom, on in pages_of.items() if _is_shared(atom, len(on))})
    edits = []
    for one in pages:
        found: dict[str, dict[str, list[Part]]] = defaultdict(lambda: defaultdict(list))
        for region, part in _parts(one.diffs):
            for key, piece in _pieces(part, groups):
                found[key][region].append(piece)
        for key, regions in found.items():
            diffs = {region: Diff(tuple(parts)) for region, parts in regions.items()}
            of_page = hashlib.sha256(dump(_texts(diffs)).encode()).hexdigest()
            edits.append(SiteEdit(one.page, key or of_page, diffs))
    return edits


def _parts(diffs: Mapping[str, Diff]) -> Iterator[tuple[str, Part]]:
    """Give the parts that differ with their regions, runs of lines cut into lines."""
    for region, diff in diffs.items():
        for part in diff.parts:
            if part.kind == "replaced":
                yield region, part
            elif part.kind in DIFFERENT:
                yield from ((region, Part("removed", (line,))) for line in part.before)
                yield from ((region, Part("added", (), (line,))) for line in part.after)


def _lines(part: Part) -> Iterator[_Atom]:
    yield from (_Atom("removed", line) for line in part.before)
    yield from (_Atom("added", line) for line in part.after)


def _replacement(part: Part) -> Iterator[_Atom]:
    """Give the words that were put in the place of others in a line, where all else in it stayed."""
    if part.kind == "replaced" and any(span.kind == "same" for span in part.spans):
        changed = [(span.kind, span.text.strip()) for span in part.spans if span.kind != "same"]
        if any(text for _, text in changed):
            yield _Atom("replaced", dump(changed))


def _is_shared(atom: _Atom, pages: int) -> bool:
    is_long = atom.side != "replaced" and len(atom.text.split()) >= MANY_WORDS
    return pages >= SEVERAL_PAGES or (is_long and pages > 1)


def _groups(shared: Mapping[_Atom, frozenset[int]]) -> dict[_Atom, str]:
    """Join what stands on nearly the same pages, from the most pages to the fewest; gives the key of each group."""
    groups: list[tuple[frozenset[int], list[_Atom]]] = []
    by_pages: dict[frozenset[int], list[_Atom]] = defaultdict(list)
    for atom, on in shared.items():
        by_pages[on].append(atom)
    for on in sorted(by_pages, key=lambda on: (-len(on), sorted(on))):
        near = next((atoms for first, atoms in groups if len(first & on) >= SAME_PAGES * len(first | on)), None)
        if near is None:
            groups.append((on, list(by_pages[on])))
        else:
            near += by_pages[on]
    return {atom: hashlib.sha256(dump(sorted(atoms)).encode()).hexdigest() for _, atoms in groups for atom in atoms}


def _pieces(part: Part, groups: Mapping[_Atom, str]) -> Iterator[tuple[str, Part]]:
    """Give a part with the key of its edit, empty for the page's own; a replaced line whose sides differ is cut."""
    keys = {groups.get(atom, "") for atom in _lines(part)}
    if len(keys) == 1 and "" not in keys:
        yield keys.pop(), part
        return
    same_words = next((groups[atom] for atom in _replacement(part) if atom in groups), "")
    if keys == {""} or same_words:
        yield same_words, part
        return
    for atom in _lines(part):
        piece = Part("removed", (atom.text,)) if atom.side == "removed" else Part("added", (), (atom.text,))
        yield groups.get(atom, ""), piece


def _texts(diffs: Mapping[str, Diff]) -> list[Iterable[str]]:
    return [[*diff.removed, *diff.added] for diff in diffs.values()]
