"""Edits of real pages' markup, by dice: what a visitor or a search engine is told, and what nobody sees.

The class of an edit comes from where it is made, never from our reader: ``visible`` edits a text between tags of the
body, ``head`` what only the head or the first heading says, ``unseen`` markup alone.
"""

# ruff: noqa: E501 - a table of edits reads best with an edit a line

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

__all__ = ["EDITS", "Edit", "edit"]

SKIPPED = re.compile(
    r"(?is)<!--.*?-->|<(script|style|noscript|template|svg|textarea|title|iframe|select|object)\b.*?</\1\s*>|<[^>]*>"
)
WORDS = ("gentle", "seven", "weekday", "supervised", "Boulder", "licensed", "quarterly", "doubtful")
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit of a page: its class, what was done, and the markup after it."""

    kind: str
    name: str
    html: str


def edit(html: str, name: str, dice: random.Random) -> Edit | None:
    """Make the edit of that name; None where the page has nothing of the kind."""
    kind, make = EDITS[name]
    after = make(html, dice)
    return Edit(kind, name, after) if after is not None and after != html else None


def texts(html: str) -> list[tuple[int, int]]:
    """Give where the texts between tags of the body stand: those with a word of three letters."""
    body = re.search(r"(?i)<body\b[^>]*>", html)
    after, found = body.end() if body else 0, []
    for match in SKIPPED.finditer(html, after):
        if re.search(r"[A-Za-z]{3}", html[after : match.start()]):
            found.append((after, match.start()))
        after = match.end()
    return found


def _in_text(change: Callable[[str, random.Random], str | None]) -> Callable[[str, random.Random], str | None]:
    def make(html: str, dice: random.Random) -> str | None:
        places = texts(html)
        for start, end in dice.sample(places, min(len(places), 40)):
            if (new := change(html[start:end], dice)) is not None:
                return html[:start] + new + html[end:]
        return None

    return make


def _word(text: str, dice: random.Random) -> str | None:
    words = list(re.finditer(r"(?<![&\w])[A-Za-z]{3,}(?![;\w])", text))
    return _put(text, dice.choice(words), dice.choice(WORDS)) if words else None


def _number(text: str, dice: random.Random) -> str | None:
    numbers = list(re.finditer(r"(?<![&#\w.])\d+(?![;\w])", text))
    counted = re.search(r"(?i)view|comment|ago|read|©|copyright|repl|like|share|review|vote|today", text)
    return _put(text, dice.choice(numbers), str(dice.randrange(1000, 9000))) if numbers and not counted else None


def _put(text: str, match: re.Match[str], new: str) -> str:
    return text[: match.start()] + new + text[match.end() :]


def _added(text: str, dice: random.Random) -> str | None:
    return f"{text} Our {dice.choice(WORDS)} team added this sentence." if len(text) > 40 else None


def _removed(text: str, dice: random.Random) -> str | None:
    cut = re.split(r"(?<=[.!?])\s+", text)
    return " ".join(cut[:-1]) if len(cut) > 1 and re.search(r"[A-Za-z]{3}", cut[-1]) else None


def _of(pattern: str, change: Callable[[str, random.Random], str | None] = _word) -> Callable[..., str | None]:
    """Change the text in the second group of a pattern."""

    def make(html: str, dice: random.Random) -> str | None:
        unread = [match.span() for match in UNREAD.finditer(html)]
        found = [match for match in re.finditer(pattern, html) if _is_read(match, unread)]
        if not found:
            return None
        match = dice.choice(found)
        new = change(match[2], dice)
        return None if new is None else html[: match.start(2)] + new + html[match.end(2) :]

    return make


UNREAD = re.compile(r"(?is)<(script|style|noscript|template|svg)\b.*?</\1\s*>|<!--.*?-->")


def _is_read(match: re.Match[str], unread: list[tuple[int, int]]) -> bool:
    at = match.start(2)
    return bool(re.search(r"[A-Za-z]{3}", match[2])) and not any(start <= at < end for start, end in unread)


def _jsonld(html: str, dice: random.Random) -> str | None:
    blocks = list(re.finditer(r"(?is)<script[^>]*ld\+json[^>]*>(.*?)</script", html))
    for block in dice.sample(blocks, len(blocks)):
        try:
            data = json.loads(block[1], strict=False)
        except ValueError:
            continue
        keys = "name|headline|description|text|telephone|streetAddress|addressLocality|priceRange|articleBody|jobTitle"
        told = list(re.finditer(rf'"(?:{keys})"\s*:\s*"((?:[^"\\]|\\.)*)"', block[1]))
        if data and told:
            value = dice.choice(told)
            new = _word(value[1], dice) or f"{value[1]} {dice.choice(WORDS)}"
            start = block.start(1) + value.start(1)
            return html[:start] + new + html[start + len(value[1]) :]
    return None


def _token(dice: random.Random, size: int = 10) -> str:
    return "".join(dice.choice(LETTERS) for _ in range(size))


def _attribute(
    pattern: str, new: Callable[[re.Match[str], random.Random], str], share: float = 0.5
) -> Callable[..., str | None]:
    """Rewrite a share of what a pattern finds inside the tags of the page."""

    def make(html: str, dice: random.Random) -> str | None:
        return _outside_scripts(
            html,
            lambda part: re.sub(pattern, lambda match: new(match, dice) if dice.random() < share else match[0], part),
        )

    return make


def _outside_scripts(html: str, change: Callable[[str], str]) -> str:
    parts = re.split(
        r"(?is)(<!--.*?-->|<(?:script|style|noscript|template)\b.*?</(?:script|style|noscript|template)>)", html
    )
    return "".join(part if number % 2 else change(part) for number, part in enumerate(parts))


def _swapped(html: str, dice: random.Random) -> str | None:
    """Change the order of a tag's attributes."""
    pair = r"""(<(?:a|img|div|link|span|p|input)\s)([\w-]+="[^"<>]*")\s([\w-]+="[^"<>]*")"""
    return re.sub(pair, lambda match: f"{match[1]}{match[3]} {match[2]}" if dice.random() < 0.5 else match[0], html)


def _spaces(html: str, dice: random.Random) -> str | None:
    return re.sub(r">\s+<", lambda match: f">{match[0][1:-1]}\n  <" if dice.random() < 0.5 else match[0], html)


def _comment(html: str, dice: random.Random) -> str | None:
    note = f"<!-- cached {_token(dice)} in {dice.random():.3f} s -->"
    return _outside_scripts(html, lambda part: re.sub(r"(?i)</body>", f"{note}</body>", part))


def _script(html: str, dice: random.Random) -> str | None:
    tag = f'<script>var cfg={{"nonce":"{_token(dice)}","t":{dice.randrange(10**9)}}};</script><style>.x{{top:1px}}</style>'
    return re.sub(r"(?i)</head>", f"{tag}</head>", html, count=1)


def _hidden(html: str, dice: random.Random) -> str | None:
    field = f'<input type="hidden" name="_wpnonce" value="{_token(dice)}" />'
    return re.sub(r"(?i)</form>", f"{field}</form>", html)


VALUE = r"""content\s*=\s*(["'])(.*?)\1"""
EDITS: dict[str, tuple[str, Callable[[str, random.Random], str | None]]] = {
    "a word": ("visible", _in_text(_word)),
    "a number": ("visible", _in_text(_number)),
    "a sentence added": ("visible", _in_text(_added)),
    "a sentence removed": ("visible", _in_text(_removed)),
    "a button": ("visible", _of(r"(?is)(<button\b[^>]*>(?:<span[^>]*>)?)([^<>]+)(?=<)")),
    "a heading": ("visible", _of(r"(?is)(<h[2-4]\b[^>]*>)([^<>]+)(?=<)")),
    "a list item": ("visible", _of(r"(?is)(<li\b[^>]*>)([^<>]{20,})(?=<)")),
    "an image text": ("visible", _of(r"""(?is)<img\b[^>]*\salt\s*=\s*(["'])([^"'<>]+ [^"'<>]+)\1""")),
    "title": ("head", _of(r"(?is)(<head.*?<title[^>]*>)(.*?)(?=</title)")),
    "description": ("head", _of(rf"""(?is)<meta\s[^>]*name=["']description["'][^>]*{VALUE}""")),
    "og:description": ("head", _of(rf"""(?is)<meta\s[^>]*property=["']og:description["'][^>]*{VALUE}""")),
    "h1": ("head", _of(r"(?is)(<h1\b[^>]*>(?:\s*<span[^>]*>)?)([^<>]+)(?=<)")),
    "json-ld": ("head", _jsonld),
    "class names": ("unseen", _attribute(r'(?<=\sclass=")[^"<>]*', lambda m, d: f"{m[0]} css-{_token(d, 6)}")),
    "classes renamed": ("unseen", _attribute(r'(?<=\sclass=")[^"<>]*', lambda _, d: f"css-{_token(d, 8)}", 0.1)),
    "ids": ("unseen", _attribute(r'(?<=\sid=")[^"<>]*', lambda _, d: f"el-{_token(d, 6)}")),
    "inline styles": ("unseen", _attribute(r"<(div|span|p)(?=[\s>])(?![^>]*style=)", lambda m, d: f'{m[0]} style="top:{d.randrange(9)}px"', 0.3)),
    "data attributes": ("unseen", _attribute(r"<(div|a|img|section)(?=[\s>])", lambda m, d: f'{m[0]} data-k="{_token(d)}"')),
    "asset versions": ("unseen", _attribute(r"""\.(css|js)(\?ver?=[^"'<>\s]*)?(?=["'])""", lambda m, d: f".{m[1]}?ver={d.randrange(99)}.{d.randrange(99)}", 1.0)),
    "image sources": ("unseen", _attribute(r"""(?<=\ssrc=")[^"<>]*\.(jpe?g|png|webp)""", lambda m, d: f"/img/{_token(d, 20)}.{m[1]}")),
    "lazy loading": ("unseen", _attribute(r"<img\s", lambda m, d: f'{m[0]}loading="lazy" data-src="/x/{_token(d)}.jpg" ')),
    "attribute order": ("unseen", _swapped),
    "white space": ("unseen", _spaces),
    "a comment": ("unseen", _comment),
    "scripts and styles": ("unseen", _script),
    "hidden inputs": ("unseen", _hidden),
}  # fmt: skip
VISIBLE, HEAD, UNSEEN = (
    tuple(name for name, (kind, _) in EDITS.items() if kind == wanted) for wanted in ("visible", "head", "unseen")
)
