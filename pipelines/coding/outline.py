"""Where the sentences of a text stand: number tiles joined with their captions, and what opens above each sentence.

lines | tiles joined | sentences | heading, question or list line above each, with the contexts that it opens

A main text is plain lines, so a heading is known by its shape: a short line that does not end as a sentence does. What
it opens ("Side effects", "Who should not have it:") holds for the lines below until the next line of that kind.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pipelines.text.casefold_regex import to_small
from pipelines.text.sentences import Line, Sentence, split_lines, split_sentences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipelines.text.casefold_regex import Caseless

__all__ = ["Contexts", "Statement", "join_tiles", "outline"]

# a line that is a number with its unit and nothing else: "75%", "24hrs", "50+", "$450", "8 out of 10", "< 1 hour"
TILE = re.compile(
    r"\W{0,3}(?:(?:up to|over|about|only|just|under|within|as low as|from|more than|nearly|almost) )?[~<>≈$£€]{0,2}\s?"
    r"\d{1,3}(?:[,.]\d{1,3}){0,2}(?:\s?(?:-|–|—|to|/|out of|in|of)\s?[$£€]?\d{1,3}(?:[,.]\d{1,3}){0,2})?"
    r"\s?(?:%|\+|x|k|m|percent|per cent|hrs?|hours?|h|mins?|minutes?|days?|weeks?|months?|years?|yrs?|million)?"
    r"[+*.]{0,2}\W{0,2}",
    re.IGNORECASE,
)
LONGEST_TILE = 28  # characters
CAPTION_WORDS = 14
HEADING_WORDS = 14
QUESTION_WORDS = 30
LIST_LINES = 40  # that one line opens, where nothing closes it before
LONGEST_HEADING = 200  # characters, from its end
MAX_CACHED_LINES = 20_000
LONG_PARAGRAPH = 45  # words: no list item
SENTENCE_END = re.compile(r"[.!;…][\"'”’)\]]{0,2}$")
LEAD_END = re.compile(
    r":\s?$|\b(?:the following|as follows|(?:listed|named) (?:below|here)|these include|include)\W{0,2}$", re.IGNORECASE
)
LETTER = re.compile(r"[^\W\d_]")
TITLE_WORD = re.compile(r"[A-Z0-9]")
SMALL_WORDS = frozenset({"a", "an", "and", "as", "at", "by", "for", "from", "in", "is", "of", "on", "or", "the", "to"})


@dataclass
class Contexts:
    """The contexts of a codebook by name; the lines that a site repeats on each of its pages are tried once."""

    patterns: Mapping[str, Caseless]
    known: dict[str, frozenset[str]] = field(init=False, default_factory=dict)

    def opened(self, line: str) -> frozenset[str]:
        """Name the contexts that a heading, a question or a line with a colon opens."""
        known = self.known.get(line)
        if known is None:
            if len(self.known) >= MAX_CACHED_LINES:
                self.known.clear()
            small = to_small(line)
            known = frozenset(name for name, pattern in self.patterns.items() if pattern.search(line, small))
            self.known[line] = known
        return known


class Statement(NamedTuple):
    """A sentence, the line that it stands in, and what stands above: the place of that in the list, and its contexts.

    ``above`` is the first statement of the heading, question or line with a colon, or -1; ``follows`` tells whether
    the statement before it stands in the same paragraph.
    """

    sentence: Sentence
    above: int
    contexts: frozenset[str]
    follows: bool


class _Opened(NamedTuple):
    """What the last heading, question or list line opened: its line, the place of its statement, its contexts."""

    line: int = -1
    place: int = -1
    contexts: frozenset[str] = frozenset()


def join_tiles(text: str, lines: list[Line]) -> list[Line]:
    r"""Join each line that is a number alone with the caption after it, or before it where the numbers come last.

    >>> text = "Our results\n75%\nSuccess rate\n24hrs\nTime to relief"
    >>> [text[line.start : line.end] for line in join_tiles(text, split_lines(text))]
    ['Our results', '75%\nSuccess rate', '24hrs\nTime to relief']
    """
    lines = [line for line in lines if not text[line.start : line.end].isspace() and line.end > line.start]
    joined: list[Line] = []
    number = 0
    while number < len(lines):
        if not _is_tile(text, lines[number]):
            joined.append(lines[number])
            number += 1
            continue
        run = number  # tiles and captions that take turns
        while run + 2 < len(lines) and _is_caption(text, lines[run + 1]) and _is_tile(text, lines[run + 2]):
            run += 2
        after = run + 1 < len(lines) and _is_caption(text, lines[run + 1])
        before = bool(joined) and joined[-1] == lines[number - 1] and _is_caption(text, joined[-1])
        if before and (not after or _belongs_before(text, lines[number - 1], lines[run + 1])):
            for tile in range(number, run + 1, 2):
                joined[-1] = Line(joined[-1].start, lines[tile].end)
                if tile < run:
                    joined.append(lines[tile + 1])
            number = run + 1
        elif after:
            joined += (Line(lines[tile].start, lines[tile + 1].end) for tile in range(number, run + 1, 2))
            number = run + 2
        else:
            joined.append(lines[number])
            number += 1
    return joined


def outline(text: str, contexts: Contexts) -> list[Statement]:
    """Split a text into statements, in order, each with what stands above it."""
    lines = join_tiles(text, split_lines(text))
    statements: list[Statement] = []
    opened = _Opened()
    sentences = split_sentences(text, lines)
    place = 0
    for number, line in enumerate(lines):
        first = place
        while place < len(sentences) and sentences[place].start < line.end:
            one = Statement(sentences[place], opened.place, opened.contexts, place > first)
            statements.append(one)
            place += 1
        if place == first:
            continue
        own = text[line.start : line.end].strip()
        following = text[lines[number + 1].start : lines[number + 1].end] if number + 1 < len(lines) else ""
        opened = _next_opened(own, following.strip(), number, place - 1, opened, contexts)
    return statements


def _next_opened(
    own: str,
    following: str,
    number: int,
    place: int,
    opened: _Opened,
    contexts: Contexts,
) -> _Opened:
    """Tell what is open below a line: what the line opens itself, what was open before, or nothing."""
    words = own.split()
    is_lead = bool(LEAD_END.search(own[-40:]))
    is_question = own.endswith("?") and len(words) <= QUESTION_WORDS
    is_short = len(words) <= HEADING_WORDS and not SENTENCE_END.search(own[-4:])
    age, nothing = number - opened.line, frozenset[str]()
    if not (is_lead or is_question or is_short):
        is_over = age > LIST_LINES or (len(words) > LONG_PARAGRAPH and age > 2)
        return _Opened(opened.line, opened.place, nothing) if is_over else opened
    found = contexts.opened(own[-LONGEST_HEADING:])
    if found and (is_lead or is_question or _is_title(words) or not opened.contexts):
        return _Opened(number, place, found)
    if is_lead or is_question:  # a list of its own; what its heading opened holds for it too
        return _Opened(number, place, opened.contexts if is_lead and age <= 2 else nothing)
    is_above_text = bool(SENTENCE_END.search(following[-4:])) and len(following.split()) > len(words)
    is_item = bool(opened.contexts) and (len(words) == 1 or not _is_title(words))
    if (is_above_text and not is_item) or opened.place < 0:
        return _Opened(number, place, nothing)
    return _Opened(opened.line, opened.place, nothing) if age > LIST_LINES else opened


def _is_title(words: list[str]) -> bool:
    """Tell whether a line is written as a title: nearly all of its words that count begin with a capital."""
    counted = [word for word in words if word.lower() not in SMALL_WORDS and LETTER.search(word)]
    capitals = sum(bool(TITLE_WORD.match(word.lstrip("\"'“‘("))) for word in counted)
    return capitals >= 0.75 * len(counted)


def _is_tile(text: str, line: Line) -> bool:
    own = text[line.start : line.end].strip()
    return len(own) <= LONGEST_TILE and bool(own) and TILE.fullmatch(own) is not None


def _is_caption(text: str, line: Line) -> bool:
    own = text[line.start : line.end].strip()
    return (
        len(own) <= 100
        and len(own.split()) <= CAPTION_WORDS
        and LETTER.search(own) is not None
        and TILE.fullmatch(own) is None
        and not own.endswith("?")
    )


def _belongs_before(text: str, before: Line, after: Line) -> bool:
    """Tell whether a number between two captions belongs to the first: it ends with a colon, or the other is long."""
    first, second = text[before.start : before.end].strip(), text[after.start : after.end].strip()
    return first.endswith(":") or (SENTENCE_END.search(second[-4:]) is not None and second[0].isupper())
