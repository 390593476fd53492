"""What themes leave behind in a main text (share widgets, bylines, related posts), found by rules on single lines.

Each rule sees one line and where it stands; none knows a site. A dropped line keeps the name of its rule, so that
``explain`` and the page of a version can show it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pipelines.text.normalise import fold_line

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Line", "headline_forms", "leftover_rules"]

PROSE_CHARACTERS = 120  # a line of so many is running text: the headline zone ends there
RULE_CHARACTERS = 160  # no rule takes out a longer line, but for headlines, menus and repeats
SEPARATORS = re.compile(r"\s*(?<![|–—•·»:])[|–—•·»:]+\s+|\s+-+\s+|\s*[|»]\s*")

WIDGET = re.compile(
    r"""(?ix) ^\W* (?:
    (?:please\ )?(?:share|tweet|pin|like|follow|print|email)
        (?:\ (?:this|it|now|the|on|us|via|with|to|by|your|me|story|post|article|page|blog|link|love|friends?|others|
            facebook|twitter|x|linkedin|pinterest|whatsapp|email|reddit|tumblr|social|media|instagram|and|or|:|\d+)){0,30}
    | share\ (?:this|the|our)\ \w+(?:\ (?:on|with|via)\ .{0,30})?
    | (?:(?:no|\d+|\d+\ thoughts?\ on|leave\ (?:a|your)|post\ a|add\ a|write\ a|view|show|hide|read|all)\ )?
        (?:comments?|repl(?:y|ies)|responses?)(?:\ \(?\d*\)?)?(?:\ (?:are\ closed|off|below|rss|feed))?
    | leave\ (?:a|your)\ (?:comment|reply|response)(?:\ (?:below|cancel\ reply))?
    | (?:click|tap)\ to\ (?:share|print|email|tweet|copy).{0,60}
    | (?:skip|jump)\ to\ (?:main\ )?(?:content|navigation|footer)
    | (?:back|return|scroll)\ to\ (?:the\ )?(?:top|blog|home|news|all\ posts|posts|articles).{0,12}
    | (?:table\ of\ )?contents? | in\ this\ (?:article|post) | toggle(?:\ .{0,30})?
    | advertisement | sponsored(?:\ content)? | loading | please\ wait
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
MENU_LINKED = 0.7  # a line of which so much is link text, in four parts and more, leads elsewhere
FOUR_PARTS = re.compile(r"(?:[|•·»›].*){3}")
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


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a main text: its kind, and the share of it that is link text."""

    text: str
    kind: str = "paragraph"
    linked: float = 0.0


class Rule(NamedTuple):
    """A rule by name: the zones of a text that it holds in, and the pattern of a line that it takes out."""

    name: str
    zones: frozenset[str]
    pattern: re.Pattern[str]


ONCE_KINDS = frozenset({"heading", "paragraph", "quote", "caption"})  # equal cells and items are data
ENDS = frozenset({"head", "tail"})  # before the first line of running text, and after the last
EVERYWHERE = frozenset({"head", "body", "tail"})
RULES = (
    Rule("widget", EVERYWHERE, WIDGET),
    Rule("widget", ENDS, NETWORKS),
    Rule("previous or next", EVERYWHERE, NEIGHBOUR),
    Rule("related posts", ENDS, RELATED),
    Rule("byline", ENDS, BYLINE),
    Rule("date alone", ENDS, DATE_LINE),
    Rule("labels", ENDS, LABELS),
    Rule("labels", ENDS, LABEL_ALONE),
    Rule("copyright", ENDS, COPYRIGHT),
)


def headline_forms(*titles: str | None) -> frozenset[str]:
    """Give the folded forms in which a headline may return in the body: each title, with and without site name.

    >>> sorted(headline_forms("What is KAP good for? | Cedar"))
    ['what is kap good for', 'what is kap good for cedar']
    """
    forms = set()
    for title in filter(None, titles):
        forms.add(fold_line(title))
        parts = [part for part in SEPARATORS.split(title) if part.strip()]
        longest = max(parts, key=len, default="")
        if len(parts) > 1 and len(longest) >= 12 and longest.count(" ") >= 2:
            forms.add(fold_line(longest))
    return frozenset(form for form in forms if form)


def leftover_rules(lines: Sequence[Line], titles: frozenset[str]) -> list[str | None]:
    """Name, for each line of a main text, the rule that takes it out; None for a line that stays.

    ``titles`` are :func:`headline_forms`. Where the rules would take half of the text, they misread the page (a thread
    whose one post is its title), and nothing goes.
    """
    prose = [
        place for place, line in enumerate(lines) if len(line.text) >= PROSE_CHARACTERS and line.linked < MENU_LINKED
    ]
    first, last = (prose[0], prose[-1]) if prose else (0, len(lines))
    named: list[str | None] = []
    for place, line in enumerate(lines):
        zone = "head" if place < first else "tail" if place > last else "body"
        if place and line.text == lines[place - 1].text and line.kind in ONCE_KINDS:
            named.append("said twice")
        elif _is_headline(line, titles, is_head=place <= first):
            named.append("headline")
        elif line.linked >= MENU_LINKED and FOUR_PARTS.search(line.text):
            named.append("menu")
        elif len(line.text) > RULE_CHARACTERS:
            named.append(None)
        else:
            found = (rule.name for rule in RULES if zone in rule.zones and rule.pattern.match(line.text))
            named.append(next(found, None))
    dropped = sum(len(line.text) for line, rule in zip(lines, named, strict=True) if rule)
    return named if dropped * 2 <= sum(len(line.text) for line in lines) else [None] * len(lines)


def _is_headline(line: Line, titles: frozenset[str], *, is_head: bool) -> bool:
    folded = fold_line(line.text)
    if folded in titles:
        return is_head or line.kind == "heading"
    return is_head and any(  # the headline with a few words behind it, such as the site's name
        len(title) >= 20 and folded.startswith(title) and len(folded) <= len(title) + 50 for title in titles
    )
