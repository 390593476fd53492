"""The text that several pages share, with the words that differ by page as slots: one reads one page instead of forty.

each page's lines beside the representative's | words that differ on any page | slots | same values, same slot | names
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from pipelines.dedup.align import align_lines, differences, words_of
from pipelines.dedup.variable_kinds import name_slots

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pipelines.dedup.align import Span, Word
    from pipelines.dedup.variable_kinds import Known

__all__ = ["Line", "Slot", "Template", "as_data", "make_template"]

RULES = "slots 2"  # of these modules: a change makes all templates anew
MOST_MEMBERS = 200  # pages that are laid side by side; what differs on forty hardly grows after two hundred
MOST_LINES = 2000
MOSTLY = 0.7  # of a line's words: where more differ, the line is one slot


@dataclass(frozen=True, slots=True)
class Slot:
    """Words that differ by page: a name such as ``city 2``, its kind, how often it stands there, each page's words."""

    name: str
    kind: str
    values: dict[int, str]
    times: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the template: texts and numbers of slots in order, and the pages that lack it.

    ``extra`` marks what some pages say here and the representative does not.
    """

    parts: tuple[str | int, ...]
    lacking: tuple[int, ...] = ()
    extra: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """The shared text with its slots; ``members`` counts the pages that were laid side by side."""

    lines: tuple[Line, ...]
    slots: tuple[Slot, ...]
    members: int

    def core_words(self) -> int:
        """Count the words of the lines that every page has; 0 where a word within one of them differs."""
        core = [line.parts for line in self.lines if not line.lacking and not _is_slot(line)]
        if any(isinstance(part, int) for parts in core for part in parts):
            return 0
        return sum(len(str(part).split()) for parts in core for part in parts)

    def odd_lines(self, page: int) -> list[str] | None:
        """Give the lines that a page has or lacks while others differ; ``None`` where a word within a line differs."""
        odd: list[str] = []
        for line in self.lines:
            numbers = [part for part in line.parts if isinstance(part, int)]
            if numbers and len(line.parts) > 1:
                return None
            said = [self.slots[number].values.get(page, "") for number in numbers] or [*map(str, line.parts)]
            if numbers or page in line.lacking:
                odd += "".join(said).split("\n")
        return odd


def _is_slot(line: Line) -> bool:
    """Tell a line that is one slot as a whole."""
    return len(line.parts) == 1 and isinstance(line.parts[0], int)


class _Hole(NamedTuple):
    """A run of the representative's words of one line, and what stands there on each page."""

    start: int
    end: int
    values: dict[int, str]


@dataclass(slots=True)
class _Laid:
    """One line of the representative, with the same line of each page that has it."""

    text: str
    pages: dict[int, str] = field(default_factory=dict)

    @property
    def words(self) -> Sequence[Word]:
        """Cut the line into words; most lines are the same on all pages, and are never cut."""
        return words_of(self.text)


def make_template(representative: int, texts: Mapping[int, str], known: Mapping[int, Known]) -> Template:
    """Lay texts side by side against the representative's; ``known`` is what each page says of its brand and place.

    Keys are page numbers. At most 200 pages are laid, in the order of their numbers, and 2,000 lines of each.
    """
    chosen = [page for page in sorted(texts) if page != representative][: MOST_MEMBERS - 1]
    own = _lines(texts[representative])
    laid = [_Laid(line, {representative: line}) for line in own]
    extras: dict[int, dict[int, str]] = defaultdict(dict)
    for page in chosen:
        _lay(page, _lines(texts[page]), own, laid, extras)
    rows = [_row(line) for line in laid]
    return _assemble(rows, laid, extras, {page: known[page] for page in (representative, *chosen)})


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()][:MOST_LINES]


def _lay(
    page: int, lines: Sequence[str], own: Sequence[str], laid: Sequence[_Laid], extras: dict[int, dict[int, str]]
) -> None:
    """Put a page's lines beside the representative's; a line without a partner stands after the one before it."""
    partners = {partner: line for line, partner in align_lines(own, lines)}
    after = -1
    for number, text in enumerate(lines):
        if number in partners:
            after = partners[number]
            laid[after].pages[page] = text
        else:
            extras[after][page] = "\n".join(filter(None, (extras[after].get(page), text)))


def _row(line: _Laid) -> list[_Hole]:
    """Find the holes of a line: where any page has other words, widened until every page agrees around them."""
    if all(text == line.text for text in line.pages.values()):
        return []
    by_text: dict[str, tuple[Sequence[Word], list[Span]]] = {}
    for text in line.pages.values():
        if text not in by_text:
            words = words_of(text)
            by_text[text] = words, differences(line.words, words)
    spans = [(span.start, span.end) for _, found in by_text.values() for span in found]
    return [_hole(line, start, end, by_text) for start, end in _joined(spans, len(line.words))]


def _joined(spans: Iterable[tuple[int, int]], words: int) -> list[tuple[int, int]]:
    """Join spans that touch; a line that is mostly holes is one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(set(spans)):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    if joined and sum(end - start for start, end in joined) > MOSTLY * words:
        return [(0, words)]
    return joined


def _hole(line: _Laid, start: int, end: int, by_text: Mapping[str, tuple[Sequence[Word], list[Span]]]) -> _Hole:
    said = {text: _said(text, words, found, start, end) for text, (words, found) in by_text.items()}
    return _Hole(start, end, {page: said[text] for page, text in line.pages.items()})


def _said(text: str, words: Sequence[Word], found: Sequence[Span], start: int, end: int) -> str:
    """Cut out of a page's line what stands where the representative has words ``start`` to ``end``."""
    first = start + sum(_grown(span) for span in found if span.end <= start and span.start < start)
    last = end + sum(_grown(span) for span in found if span.end <= end)
    return text[words[first].start : words[last - 1].end] if first < last else ""


def _grown(span: Span) -> int:
    return (span.to_end - span.to_start) - (span.end - span.start)


@dataclass(slots=True)
class _Draft:
    """Slots in the making: the values of each, how often it stands there, and what is known of the pages."""

    known: Mapping[int, Known]
    vectors: list[dict[int, str]] = field(default_factory=list)
    times: list[int] = field(default_factory=list)

    def lacking(self, pages: Mapping[int, str]) -> tuple[int, ...]:
        """Name the pages that have not a line."""
        return tuple(sorted(self.known.keys() - pages.keys()))

    def slot(self, values: dict[int, str]) -> int:
        """Give the number of the slot that has these values on all pages where both are known, or of a new one."""
        for number, known in enumerate(self.vectors):
            shared = known.keys() & values.keys()
            if shared and all(known[page].casefold() == values[page].casefold() for page in shared):
                self.vectors[number] = values | known
                self.times[number] += 1
                return number
        self.vectors.append(dict(values))
        self.times.append(1)
        return len(self.vectors) - 1


def _assemble(
    rows: Iterable[Sequence[_Hole]],
    laid: Iterable[_Laid],
    extras: Mapping[int, dict[int, str]],
    known: Mapping[int, Known],
) -> Template:
    """Give holes with the same values one slot, and name the slots."""
    draft = _Draft(known)
    lines = list(_extra(-1, extras, draft))
    for number, (holes, line) in enumerate(zip(rows, laid, strict=True)):
        lines.append(Line(tuple(_parts(line, holes, draft)), draft.lacking(line.pages)))
        lines += _extra(number, extras, draft)
    named = zip(name_slots(draft.vectors, known), draft.vectors, draft.times, strict=True)
    slots = tuple(Slot(name, kind, values, count) for (name, kind), values, count in named)
    return Template(tuple(lines), slots, len(known))


def _extra(after: int, extras: Mapping[int, dict[int, str]], draft: _Draft) -> Iterator[Line]:
    if after in extras:
        yield Line((draft.slot(extras[after]),), draft.lacking(extras[after]), extra=True)


def _parts(line: _Laid, holes: Iterable[_Hole], draft: _Draft) -> Iterator[str | int]:
    """Cut a line into the texts between its holes and the numbers of their slots."""
    at = 0
    for hole in holes:
        start, end = _place(line, hole)
        if text := line.text[at:start]:
            yield text
        yield draft.slot(hole.values)
        at = end
    if rest := line.text[at:]:
        yield rest


def _place(line: _Laid, hole: _Hole) -> tuple[int, int]:
    """Say where a hole stands in its line; one without words stands behind the word before it."""
    if hole.start < hole.end:
        return line.words[hole.start].start, line.words[hole.end - 1].end
    at = line.words[hole.start - 1].end if hole.start else 0
    return at, at


def as_data(template: Template) -> dict[str, Any]:
    """Lay out a template as JSON holds it; the values of a slot are by page number."""
    lines = [
        {"parts": list(line.parts)}
        | ({"lacking": list(line.lacking)} if line.lacking else {})
        | ({"extra": True} if line.extra else {})
        for line in template.lines
    ]
    slots = [
        {"name": slot.name, "kind": slot.kind, "times": slot.times, "values": _by_page(slot)} for slot in template.slots
    ]
    return {"members": template.members, "lines": lines, "slots": slots}


def _by_page(slot: Slot) -> dict[str, str]:
    return {str(page): words for page, words in slot.values.items()}
