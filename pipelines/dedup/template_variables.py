"""The text that several pages share, with the words that differ by page as variables: one reads one page, not forty.

each page's lines beside the representative's | words that differ on any page | variables: same values, same variable
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypedDict

from pipelines.dedup.align import align_lines, differing_words, words_of
from pipelines.dedup.variable_kinds import name_variables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pipelines.dedup.align import Span, Word
    from pipelines.dedup.variable_kinds import PageIdentity
    from pipelines.model.records import VariableKind

__all__ = ["Line", "Template", "TemplateData", "Variable", "as_data", "make_template"]

RULES = "slots 2"  # of these modules: a change makes all templates anew
MAX_PAGES = 200  # that are aligned; what differs on forty hardly grows after two hundred
MAX_LINES = 2000
MAX_DIFFERING_SHARE = 0.7  # of a line's words: where more differ, the line is one variable

Values = dict[int, str]  # words by page number


@dataclass(frozen=True, slots=True)
class Variable:
    """Words that differ by page: a name such as ``city 2``, its kind, how often it stands there, each page's words."""

    name: str
    kind: VariableKind
    values: Values
    times: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the template: texts and numbers of variables in order, and the pages that lack it.

    ``extra`` marks what some pages say here and the representative does not.
    """

    parts: tuple[str | int, ...]
    lacking: tuple[int, ...] = ()
    extra: bool = False

    @property
    def variables(self) -> list[int]:
        """Give the numbers of the variables in this line."""
        return [part for part in self.parts if isinstance(part, int)]

    @property
    def is_variable(self) -> bool:
        """Tell a line that is one variable as a whole."""
        return len(self.parts) == 1 and bool(self.variables)


@dataclass(frozen=True, slots=True)
class Template:
    """The shared text with its variables; ``members`` counts the pages that were aligned."""

    lines: tuple[Line, ...]
    variables: tuple[Variable, ...]
    members: int

    def core_words(self) -> int:
        """Count the words of the lines that every page has; 0 where a word within one of them differs."""
        core = [line for line in self.lines if not line.lacking and not line.is_variable]
        if any(line.variables for line in core):
            return 0
        return sum(len(str(part).split()) for line in core for part in line.parts)

    def differing_lines(self, page: int) -> list[str] | None:
        """Give the lines that a page has or lacks while others differ; ``None`` where a word within a line differs."""
        found: list[str] = []
        for line in self.lines:
            if line.is_variable:
                found += self.variables[line.variables[0]].values.get(page, "").split("\n")
            elif line.variables:
                return None
            elif page in line.lacking:
                found += "".join(map(str, line.parts)).split("\n")
        return found


class _Hole(NamedTuple):
    """A run of the representative's words of one line, and what stands there on each page."""

    start: int
    end: int
    values: Values


@dataclass(slots=True)
class _AlignedLine:
    """One line of the representative, with the same line of each page that has it."""

    text: str
    pages: Values = field(default_factory=dict)

    @property
    def words(self) -> Sequence[Word]:
        """Cut the line into words; most lines are the same on all pages, and are never cut."""
        return words_of(self.text)


@dataclass(slots=True)
class _Draft:
    """Variables in the making: the values of each, how often it stands there, and the pages that are aligned."""

    pages: frozenset[int]
    values: list[Values] = field(default_factory=list)
    times: list[int] = field(default_factory=list)

    def lacking(self, pages: Mapping[int, str]) -> tuple[int, ...]:
        """Name the pages that have not a line."""
        return tuple(sorted(self.pages - pages.keys()))

    def variable(self, values: Values) -> int:
        """Give the number of the variable that has these values on all pages where both are known, or of a new one."""
        for number, known in enumerate(self.values):
            shared = known.keys() & values.keys()
            if shared and all(known[page].casefold() == values[page].casefold() for page in shared):
                self.values[number] = values | known
                self.times[number] += 1
                return number
        self.values.append(dict(values))
        self.times.append(1)
        return len(self.values) - 1


def make_template(representative: int, texts: Mapping[int, str], identities: Mapping[int, PageIdentity]) -> Template:
    """Align texts with the representative's; ``identities`` is what each page says of its brand and place.

    Keys are page numbers. At most 200 pages are aligned, in the order of their numbers, and 2,000 lines of each.
    """
    others = [page for page in sorted(texts) if page != representative][: MAX_PAGES - 1]
    model = _lines(texts[representative])
    aligned = [_AlignedLine(line, {representative: line}) for line in model]
    extras: dict[int, Values] = defaultdict(dict)  # lines of other pages alone, by the line that they stand below
    for page in others:
        lines = _lines(texts[page])
        partners = {line: model_line for model_line, line in align_lines(model, lines)}
        below = -1
        for number, text in enumerate(lines):
            if number in partners:
                below = partners[number]
                aligned[below].pages[page] = text
            else:
                extras[below][page] = "\n".join(filter(None, (extras[below].get(page), text)))
    draft = _Draft(frozenset((representative, *others)))
    template: list[Line] = []
    for number in range(-1, len(aligned)):
        if number >= 0:
            line = aligned[number]
            template.append(Line(tuple(_parts(line, _holes(line), draft)), draft.lacking(line.pages)))
        if number in extras:
            template.append(Line((draft.variable(extras[number]),), draft.lacking(extras[number]), extra=True))
    names = name_variables(draft.values, identities)
    variables = tuple(
        Variable(each.name, each.kind, values, times)
        for each, values, times in zip(names, draft.values, draft.times, strict=True)
    )
    return Template(tuple(template), variables, len(draft.pages))


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()][:MAX_LINES]


class _Compared(NamedTuple):
    """The words of a page's line, and the spans in which the representative's line has others."""

    words: Sequence[Word]
    spans: list[Span]


def _holes(line: _AlignedLine) -> list[_Hole]:
    """Find the holes of a line: where any page has other words, widened until every page agrees around them."""
    if all(text == line.text for text in line.pages.values()):
        return []
    compared: dict[str, _Compared] = {}
    for text in line.pages.values():
        if text not in compared:
            words = words_of(text)
            compared[text] = _Compared(words, differing_words(line.words, words))
    holes = []
    for start, end in _joined((span for each in compared.values() for span in each.spans), len(line.words)):
        cut = {text: _cut_out(text, each, start, end) for text, each in compared.items()}
        holes.append(_Hole(start, end, {page: cut[text] for page, text in line.pages.items()}))
    return holes


def _joined(spans: Iterable[Span], words: int) -> list[tuple[int, int]]:
    """Join spans that touch, as (start, end) in the representative's words; a line that is mostly holes is one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted({(span.start, span.end) for span in spans}):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    if joined and sum(end - start for start, end in joined) > MAX_DIFFERING_SHARE * words:
        return [(0, words)]
    return joined


def _cut_out(text: str, compared: _Compared, start: int, end: int) -> str:
    """Cut out of a page's line what stands where the representative has words ``start`` to ``end``.

    Each span before a place moves it by the words that the page has more or fewer there.
    """
    first, last = start, end
    for span in compared.spans:
        more = (span.to_end - span.to_start) - (span.end - span.start)
        first += more if span.end <= start and span.start < start else 0
        last += more if span.end <= end else 0
    return text[compared.words[first].start : compared.words[last - 1].end] if first < last else ""


def _parts(line: _AlignedLine, holes: Iterable[_Hole], draft: _Draft) -> Iterator[str | int]:
    """Cut a line into the texts between its holes and the numbers of their variables."""
    at = 0
    for hole in holes:
        if hole.start < hole.end:
            start, end = line.words[hole.start].start, line.words[hole.end - 1].end
        else:  # a hole without words of the representative stands behind the word before it
            start = end = line.words[hole.start - 1].end if hole.start else 0
        if text := line.text[at:start]:
            yield text
        yield draft.variable(hole.values)
        at = end
    if rest := line.text[at:]:
        yield rest


class _LineData(TypedDict, total=False):
    parts: list[str | int]
    lacking: list[int]
    extra: bool


class _VariableData(TypedDict):
    name: str
    kind: str
    times: int
    values: dict[str, str]


class TemplateData(TypedDict):
    """A template as JSON has it: ``slots`` are the variables, their values by page number."""

    members: int
    lines: list[_LineData]
    slots: list[_VariableData]


def as_data(template: Template) -> TemplateData:
    """Write a template as JSON has it."""
    lines = []
    for line in template.lines:
        data = _LineData(parts=list(line.parts))
        if line.lacking:
            data["lacking"] = list(line.lacking)
        if line.extra:
            data["extra"] = True
        lines.append(data)
    variables = [
        _VariableData(
            name=variable.name,
            kind=variable.kind,
            times=variable.times,
            values={str(page): words for page, words in variable.values.items()},
        )
        for variable in template.variables
    ]
    return TemplateData(members=template.members, lines=lines, slots=variables)
