"""Lines in, clean lines out: what themes leave behind in a text, told by general signs and named by rule.

Each rule sees one line and where it stands; none knows a site. A dropped line keeps the name of its rule, so that
``explain`` and the document page can show it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Line", "fold", "headlines", "normalise", "rules"]

SPACE = re.compile(r"[\s\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff\ufffc\ue000-\uf8ff]")
NOT_WORDS = re.compile(r"[\W_]+")
PROSE = 120  # a line of this many characters is running text: the headline zone ends there
SEPARATORS = re.compile(r"\s*[|–—•·»:]+\s+|\s+-+\s+|\s*[|»]\s*")

WIDGET = re.compile(
    r"""(?ix) ^\W* (?:
    (?:please\ )?(?:share|tweet|pin|like|follow|print|email)
        (?:\ (?:this|it|now|the|on|us|via|with|to|by|your|me|story|post|article|page|blog|link|love|friends?|others|
            facebook|twitter|x|linkedin|pinterest|whatsapp|email|reddit|tumblr|social|media|instagram|and|or|:|\d+))*
    | share\ (?:this|the|our)\ \w+(?:\ (?:on|with|via)\ .{0,30})?
    | (?:(?:no|\d+|\d+\ thoughts?\ on|leave\ (?:a|your)|post\ a|add\ a|write\ a|view|show|hide|read|all)\ )?
        (?:comments?|repl(?:y|ies)|responses?)(?:\ \(?\d*\)?)?(?:\ (?:are\ closed|off|below|rss|feed))?
    | leave\ (?:a|your)\ (?:comment|reply|response)(?:\ (?:below|cancel\ reply))?
    | (?:click|tap)\ to\ (?:share|print|email|tweet|copy).{0,60}
    | (?:skip|jump)\ to\ (?:main\ )?(?:content|navigation|footer)
    | (?:back|return|scroll)\ to\ (?:the\ )?(?:top|blog|home|news|all\ posts|posts|articles).{0,12}
    | (?:table\ of\ )?contents? | in\ this\ (?:article|post) | toggle(?:\ .{0,30})?
    | advertisement | sponsored(?:\ content)? | (?:loading|please\ wait)\W*
    | (?:reading\ time\W*)?\d+\ ?min(?:ute)?s?(?:\ read)?
    | \d+\ (?:views?|likes?|shares?)
    ) \W*$""",
)
NETWORK = (
    r"(?:share|tweet|pin|facebook|twitter|linkedin|pinterest|whatsapp|e-?mail|reddit|tumblr|print|copy link|instagram"
    r"|youtube|telegram|x|link copied!?)"
)
NETWORKS = re.compile(rf"(?i)^\W*{NETWORK}(?:[\s,/|·•&+]+{NETWORK})*\W*$")
COPYRIGHT = re.compile(r"(?i)^\W*(?:©|\(c\)|copyright\b|all rights reserved)")
MENU = 0.7  # a line of which so much is link text, in four parts and more, leads elsewhere
PARTS = re.compile(r"(?:[|•·»›].*){3}")
RELATED = re.compile(
    r"""(?ix) ^\W* (?:
    (?:related|similar|recent|latest|more|popular|featured|other|recommended|trending|further
        |most\ (?:read|recent|popular))
        (?:\ (?:blog|news|from|our|the|in|on|like|this|recent|related|posts?|articles?|stories|reading|topics?|content|
        entries|reads?|links|blogs|category|author|resources))+
    | you\ (?:may|might)\ (?:also\ )?(?:like|enjoy|be\ interested\ in).{0,30}
    | (?:continue|keep)\ reading.{0,20} | read\ (?:next|also|more.{0,20}) | (?:what\ to\ )?read\ next | up\ next
    ) \W*$""",
)
NEIGHBOUR = re.compile(
    r"""(?ix) ^\W* (?: (?:previous|prev|next|older|newer)
    (?:\ (?:post|article|page|entry|story|blog|posts|articles|entries)\b)?
    (?: \W*$ | \s*[:»«→←] .{0,120}$ ) | (?:post|posts|article)\ (?:navigation|pagination)\W*$
    | (?:previous|next|older|newer)\ (?:posts?|articles?|entr(?:y|ies)|story)\b .{0,120}$ )""",
)
BYLINE = re.compile(
    r"""(?ix) ^\W* (?:
    (?:posted|published|written|updated|last\ (?:updated|modified|reviewed)|reviewed|medically\ reviewed)
        (?:\ (?:by|on|in|at)\b|\s*:) .{0,90}
    | by\W+ (?:dr\.?\ |the\ )? [^\s.]+ (?:\ [^\s.]+\.?){0,4} (?:\s*[|,·•–-]\s*.{0,60})?
    | author\W.{0,40} | about\ the\ author ) $""",
)
DATE_LINE = re.compile(
    r"""(?ix) ^\W* (?:on\ )? (?: (?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\W+ )?
    (?: \d{1,4}[./-]\d{1,2}[./-]\d{1,4}
      | (?:\d{1,2}\W{0,3})? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\W{1,3}
        (?:\d{1,2}(?:st|nd|rd|th)?\W{0,3})? \d{4} )
    (?:\W+ (?:at\ )?\d{1,2}:\d\d(?::\d\d)?\ ?(?:[ap]\.?m\.?)?)? \W*$""",
)
LABELS = re.compile(
    r"(?i)^\W*(?:tags?|tagged(?:\s+(?:with|as|in))?|categor(?:y|ies)|filed under|topics?|posted in)\s*[:|]\s"
    r"|^\W*tagged\s"
)
LABEL_ALONE = re.compile(r"(?i)^\W*(?:tags?|tagged|categor(?:y|ies)|filed under)\W*$")


def normalise(text: str) -> str:
    r"""Put one line in NFC with single spaces and without invisible characters.

    >>> normalise("  Cafe\u0301\u00a0 today\u200b ")
    'Café today'
    """
    if text.isascii():
        return " ".join(text.split())
    text = INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    return SPACE.sub(" ", text).strip()


@lru_cache(maxsize=4_000)  # the lines of a site's frame come again on each of its pages, a few MB
def fold(line: str) -> str:
    """Reduce a line to its words for comparison: case, punctuation and spaces gone.

    >>> fold("Ketamine: What’s new?") == fold("ketamine what s NEW")
    True
    """
    return NOT_WORDS.sub(" ", line).strip().casefold()


def headlines(*titles: str | None) -> frozenset[str]:
    """Give the folded forms in which a headline may return in the body: each title, with and without site name."""
    forms = {fold(form) for title in titles if title for form in (title, *_without_site(title))}
    return frozenset(form for form in forms if form)


def _without_site(title: str) -> tuple[str, ...]:
    """Give the longest part of a title like ``What is KAP? | Cedar Clinic``."""
    parts = [part for part in SEPARATORS.split(title) if part.strip()]
    longest = max(parts, key=len, default="")
    return (longest,) if len(parts) > 1 and len(longest) >= 12 and longest.count(" ") >= 2 else ()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a main text: its kind, and the share of it that is link text."""

    text: str
    kind: str = "paragraph"
    linked: float = 0.0


def rules(lines: Sequence[Line], titles: frozenset[str]) -> list[str | None]:
    """Name, for each line of a main text, the rule that takes it out; None for a line that stays.

    Where the rules would take half of the text, they misread the page (a thread whose one post is its title), and
    nothing goes.
    """
    span = _prose_span(lines)
    named = [_rule(lines, place, titles, span) for place in range(len(lines))]
    gone = sum(len(line.text) for line, rule in zip(lines, named, strict=True) if rule)
    return named if gone * 2 <= sum(len(line.text) for line in lines) else [None] * len(lines)


def _prose_span(lines: Sequence[Line]) -> tuple[int, int]:
    """Find the first and the last line of running text: headlines stand before, widgets after."""
    prose = [place for place, line in enumerate(lines) if len(line.text) >= PROSE and line.linked < MENU]
    return (prose[0], prose[-1]) if prose else (0, len(lines))


def _rule(lines: Sequence[Line], place: int, titles: frozenset[str], span: tuple[int, int]) -> str | None:
    line = lines[place]
    if place and line.text == lines[place - 1].text and line.kind in SAID_ONCE:
        return "said twice"
    if _is_headline(line, titles, head=place <= span[0]):
        return "headline"
    if line.linked >= MENU and PARTS.search(line.text):
        return "menu"
    if len(line.text) > 160:
        return None
    zone = "head" if place < span[0] else "tail" if place > span[1] else "body"
    return next((name for name, zones, holds in RULES if zone in zones and holds(line.text)), None)


def _is_headline(line: Line, titles: frozenset[str], *, head: bool) -> bool:
    folded = fold(line.text)
    if folded in titles:
        return head or line.kind == "heading"
    return head and any(
        len(title) >= 20 and folded.startswith(title) and len(folded) <= len(title) + 50 for title in titles
    )


def _matches(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda line: pattern.match(line) is not None


SAID_ONCE = frozenset({"heading", "paragraph", "quote", "caption"})  # equal cells and items are data
ENDS = frozenset({"head", "tail"})
EVERYWHERE = frozenset({"head", "body", "tail"})
RULES: tuple[tuple[str, frozenset[str], Callable[[str], bool]], ...] = (
    ("widget", EVERYWHERE, _matches(WIDGET)),
    ("widget", ENDS, _matches(NETWORKS)),
    ("previous or next", EVERYWHERE, _matches(NEIGHBOUR)),
    ("related posts", ENDS, _matches(RELATED)),
    ("byline", ENDS, _matches(BYLINE)),
    ("date alone", ENDS, _matches(DATE_LINE)),
    ("labels", ENDS, _matches(LABELS)),
    ("labels", ENDS, _matches(LABEL_ALONE)),
    ("copyright", ENDS, _matches(COPYRIGHT)),
)
