"""The sentences of a main text, each with its place: what claim cues, coders and passages count.

lines | marks that may end a sentence | marks that do not | sentences

A main text has one paragraph, heading or list item a line, so a line always ends a sentence, with or without a full
stop. Inside a line a mark ends one unless it belongs to an abbreviation, an initial, a number or a list marker.
Every step walks the text once: 10 MB of dots takes as long as 10 MB of prose.
"""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["Line", "Sentence", "split_lines", "split_sentences"]

# A run of marks with the quotes and brackets that close on it, before a space; marks of Chinese and Japanese; a full
# stop that a lost line break glued to the next word ("relief.Many"); a bullet inside a line. The looks behind keep
# each run from being tried from each of its own characters. Each begins with the one set of marks, which Python's re
# looks for without trying the rest at each character: half of the time.
MARK = re.compile(
    r"""[.!?…。！？•▪►●✓✔](?:"""
    r"""(?<=[.!?…])(?<![.!?…][.!?…])[.!?…]*+["'”’»)\]]*+(?=\s)"""
    r"""|(?<=[。！？])(?<![。！？][。！？])[。！？]*+[」』”]*+"""
    r"""|(?<=[a-z][a-z][a-z][.!?])(?=[A-Z][a-z])"""
    r"""|(?<=\s[•▪►●✓✔])(?=\s))"""
)
BULLETS = frozenset("•▪►●✓✔")
LOOK_BACK = 24  # characters: longer than any abbreviation
ITEM = re.compile(r"\(?(?:\d{1,3}|[A-Za-z]|[ivx]{1,4})")  # "3", "(b", "iv": with its mark it opens a list item
INITIAL = re.compile(r"(?:[A-Z]\.)*[A-Z]")  # "J", "U.S", "M.D"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NEVER = _words(  # what follows belongs to it
    "dr mr mrs ms mx prof rev gen gov sen rep hon capt col sgt eq vs cf approx viz e.g i.e eg ie vol pp resp incl excl"
    " ste apt tel"
)
WITH_NUMBER = _words("no nos p ch sec fig figs ext est art")  # the same, where a number follows
MAYBE = _words(  # ends a sentence only where the next word could hardly follow it
    "inc ltd co corp llc jr sr ph.d phd m.d md d.o r.n n.p p.a crna etc u.s u.k e.u d.c a.k.a al ca st mt ft ave blvd"
    " rd dept"
)
CLOCK = _words("a.m p.m am pm")
AFTER_CLOCK = _words(
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun january"
    " february march april may june july august september october november december jan feb mar apr jun jul aug sep"
    " sept oct nov dec est edt et cst cdt ct mst mdt mt pst pdt pt gmt utc eastern central mountain pacific"
)
STARTERS = _words(
    "a about after all also although an and any are as ask at because before both but by call can come contact could"
    " did do does during each even every find first for from get had has have he her here his how however i if in is"
    " it its just learn let many may more most my new no not now of often on once one only or other our over patients"
    " people please rather see she since so some such that the their then there these they this those though through"
    " to today under unlike until up use using was we were what when where whether which while who why will with"
    " within without would yes you your"
)


class Sentence(NamedTuple):
    """One sentence: its number in the text from 1, where it starts and ends (in characters), and what it says."""

    number: int
    start: int
    end: int
    text: str


class Line(NamedTuple):
    """Where a line of a text starts and ends (in characters)."""

    start: int
    end: int


def split_lines(text: str) -> list[Line]:
    """Split a text at its line breaks."""
    lines, start = [], 0
    for line in text.split("\n"):
        lines.append(Line(start, start + len(line)))
        start += len(line) + 1
    return lines


def split_sentences(text: str, lines: list[Line] | None = None) -> list[Sentence]:
    r"""Split a main text into its sentences, in order; ``text[start:end]`` is the sentence, without spaces around it.

    ``lines`` are given where some of the text's lines are to be read as one.

    >>> [one.text for one in split_sentences('Fast relief\nDr. Lee gives 0.5 mg. per kg at 9 a.m. daily. "Why?" Ask.')]
    ['Fast relief', 'Dr. Lee gives 0.5 mg. per kg at 9 a.m. daily.', '"Why?"', 'Ask.']
    """
    sentences: list[Sentence] = []
    for line_start, line_end in split_lines(text) if lines is None else lines:
        start = line_start
        ends = []
        for mark in MARK.finditer(text, line_start, line_end):
            if mark[0] in BULLETS:
                ends.append(mark.start())
                start = mark.start()
            elif _ends(text, start, mark, line_end):
                ends.append(mark.end())
                start = mark.end()
        start = line_start
        for end in (*ends, line_end):
            stripped = text[start:end].strip()
            if stripped:
                start = text.index(stripped, start)
                sentences.append(Sentence(len(sentences) + 1, start, start + len(stripped), stripped))
            start = end
    return sentences


def _ends(text: str, start: int, mark: re.Match[str], end: int) -> bool:
    """Tell whether a mark ends the sentence that began at ``start``; ``end`` is the end of its line."""
    following = _next_word(text, mark.end(), end)
    if mark[0][0] in "。！？" or not following:
        return True
    if following[0].islower() or following[0] in ",;:%)]–—&/":
        return False
    return mark[0] != "." or not _is_abbreviated(text, start, mark.start(), following)


def _next_word(text: str, position: int, end: int) -> str:
    """Give the beginning of what follows a mark, without quotes that open on it."""
    following = text[position : min(end, position + LOOK_BACK)].lstrip(" \t\u00a0\"'“‘«([¿¡").split(maxsplit=1)
    return following[0] if following else ""


def _is_abbreviated(text: str, start: int, dot: int, following: str) -> bool:
    """Tell whether a full stop belongs to the word before it rather than to the sentence."""
    before = text[max(start, dot - LOOK_BACK) : dot].split()
    word = before[-1].lstrip("\"'“‘«([") if before else ""
    if ITEM.fullmatch(word) and _opens_item(text, start, dot - len(word)):
        return True
    key, then = word.casefold(), following.rstrip(".,;:!?)\"'”’").casefold()
    if key in NEVER:
        return True
    if key in WITH_NUMBER:
        return following[0].isdigit()
    if key in CLOCK:
        return then in AFTER_CLOCK
    return (key in MAYBE or INITIAL.fullmatch(word) is not None) and then not in STARTERS


def _opens_item(text: str, start: int, word: int) -> bool:
    """Tell whether nothing but spaces, or a colon, stands between the start of the sentence and this word."""
    before = text[max(start, word - LOOK_BACK) : word].rstrip(" \t(")
    return before.endswith((":", ";")) or (not before and word - start <= LOOK_BACK)
