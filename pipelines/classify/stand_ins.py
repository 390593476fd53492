"""How much speaks for an answer being no page but what stands in its place, by its words, its structure and its source.

Words in many languages are data (``stand_ins.toml``). None of them decides alone: a page has to be short, what it says
has to be mostly that, and title, words, source and bareness are added up. At a first visit that has to be certain; at a
later one, where nothing of the page's own past is left, less will do (:mod:`pipelines.changes.losses`).
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipelines.model.outcomes import Outcome

if TYPE_CHECKING:
    from pipelines.model.records import Reading

__all__ = ["CERTAIN", "StandIn", "stand_in_of"]

DATA = Path(__file__).with_name("stand_ins.toml")
MAX_WORDS = 400  # visible; the default page of a web server and a stack trace have that many
LONG = 150  # words: above, what is said has to be said more often
BARE_WORDS, BARE_LINKS = 120, 6
FEW_WORDS = 16  # under a title and a heading that say it
MAX_LINKS = 40  # a page in the frame of its site
MANY_LINKS = 15  # as only a site's own menus have
MIN_SHARE = 0.35  # of the words, in sentences that say it
LESS_WITH_MARKUP = 0.25  # where the source looks like it, too
CERTAIN = 3  # points
SOURCE = 60_000  # bytes looked at
PART = re.compile(r"\s*(?:[|·•»›…:!]|\.\.\.|\.(?=\s|$)|\s[-\u2013\u2014]\s)\s*")
SENTENCE = re.compile(r"(?<=[.!?\u061f\u3002\uff01])\s+|\n")
TAGS = re.compile(r"(?is)<(script|style|head)\b.*?</\1\s*>|<[^>]*>")
WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")  # scripts without spaces: two characters a word
REFRESH = re.compile(rb"(?i)<meta[^>]{0,40}http-equiv\s*=\s*[\"']?refresh")
RELOAD = re.compile(rb"(?i)location\.(?:reload|replace|href\s*=)|document\.cookie\s*=")


class Kind(NamedTuple):
    """A kind of stand-in: its outcome, how a reason names it, and its signs."""

    outcome: Outcome
    name: str
    title: re.Pattern[str]
    strong: re.Pattern[str]
    weak: re.Pattern[str]
    markup: tuple[bytes, ...]


class StandIn(NamedTuple):
    """What may stand in the place of a page: outcome, points that speak for it, and why."""

    outcome: Outcome
    points: int
    reason: str


class Shown(NamedTuple):
    """What an answer shows, as it is matched: heads, sentences, number of words, of links, and its source."""

    heads: tuple[str, ...]
    sentences: tuple[str, ...]
    words: int
    links: int
    source: bytes


@cache
def kinds() -> tuple[Kind, ...]:
    """Read the kinds of the data file, once a process."""
    tables = tomllib.loads(DATA.read_text(encoding="utf-8"))

    def pattern(alternatives: list[str]) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{each})" for each in alternatives))

    return tuple(
        Kind(
            outcome=Outcome(one["outcome"]),
            name=one["name"],
            title=pattern(one["titles"]),
            strong=pattern(one["strong"]),
            weak=pattern(one["weak"]),
            markup=tuple(each.encode() for each in one["markup"]),
        )
        for one in tables.values()
    )


def stand_in_of(reading: Reading, body: bytes) -> StandIn | None:
    """Name what most speaks for, with its points; None where nothing does, or where the page is too long for it."""
    if len(reading.links) > MAX_LINKS:
        return None
    if (
        reading.words > MAX_WORDS
        or len(reading.other_text) > 16 * MAX_WORDS
        or reading.other_text.count(" ") > MAX_WORDS
    ):
        return None
    shown = _shown(reading, body)
    if shown.words > MAX_WORDS:
        return None
    best = max((_weigh(kind, shown) for kind in kinds()), key=lambda one: one.points)
    return best if best.points > 0 else None


def _shown(reading: Reading, body: bytes) -> Shown:
    heads = [*reading.titles[:1], *([reading.title] if reading.title else []), *reading.headings[:2]]
    text = f"{reading.text}\n{reading.other_text}"
    if not text.strip():  # so bare that nothing was taken for text: what stands between the tags is
        text = "\n".join([reading.boilerplate, TAGS.sub(" ", body[:SOURCE].decode("utf-8", "replace"))])
    sentences = tuple(filter(None, map(_plain, SENTENCE.split(text))))
    sentences += tuple({head for head in map(_plain, reading.headings[:2]) if head not in sentences})
    words = sum(map(_words, sentences))
    source = body[:SOURCE].lower() if words <= MAX_WORDS else b""
    return Shown(tuple(map(_plain, heads)), sentences, words, len(reading.links), source)


def _plain(text: str) -> str:
    return " ".join(text.replace("’", "'").replace("‘", "'").casefold().split())


def _bare(part: str) -> str:
    return part.strip(" .,¡¿?—-")


def _words(text: str) -> int:
    return len(text.split()) + len(WIDE.findall(text)) // 2


def _weigh(kind: Kind, shown: Shown) -> StandIn:
    """Add up what speaks for one kind."""
    titled = [any(map(kind.title.fullmatch, map(_bare, PART.split(head)))) for head in shown.heads]
    is_titled = any(titled)
    in_heads = any(kind.strong.search(head) for head in shown.heads)
    has_markup = any(mark in shown.source for mark in kind.markup)
    if shown.words > LONG and not (is_titled or in_heads):
        return StandIn(kind.outcome, 0, "")
    if not (is_titled or in_heads or has_markup or any(map(kind.strong.search, shown.sentences))):
        return StandIn(kind.outcome, 0, "")  # most pages, and most kinds of the others
    strong, weak, counted = set[str](), set[str](), 0
    for sentence in shown.sentences:
        strongs = {match.group()[:12] for match in kind.strong.finditer(sentence)}
        weaks = {match.group()[:12] for match in kind.weak.finditer(sentence)}
        strong, weak = strong | strongs, weak | weaks
        counted += _words(sentence) if strongs or weaks or kind.title.fullmatch(sentence.strip(" .…!¡¿?")) else 0
    if not (strong or is_titled or in_heads or (has_markup and weak)):
        return StandIn(kind.outcome, 0, "")
    is_bare = shown.words <= BARE_WORDS and shown.links <= BARE_LINKS
    waits = is_bare and bool(REFRESH.search(shown.source) or RELOAD.search(shown.source))
    points = 2 * is_titled + 2 * min(len(strong), 2) + in_heads + min(len(weak), 2) + has_markup + is_bare + waits
    share = LESS_WITH_MARKUP if strong and has_markup else MIN_SHARE
    says_little = shown.words <= FEW_WORDS and len(titled) > 1 and all(titled)
    if counted < share * shown.words and not (says_little or (is_titled and (strong or has_markup))):
        points = min(points, CERTAIN - 1)
    points -= 2 * (shown.links > MANY_LINKS) + 2 * (shown.words > LONG)
    quoted = next(filter(None, (*shown.heads, *shown.sentences)), "")[:80]
    return StandIn(kind.outcome, max(points, 1), f"{kind.name}: “{quoted}”")
