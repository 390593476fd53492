"""The weight of real pages: style sheets, scripts, icons and images inside the HTML, made once a platform.

A real clinic page is 30-150 KB of which the text is 3-10; a crawler pays for the rest as well.
"""

# ruff: noqa: E501 - markup reads best in the long lines in which platforms send it

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache

from demo.grammar import Dice

__all__ = ["base64_image", "scripts", "styles", "svg_icon", "warmup_json"]

_PROPERTIES = (
    ("color", ("#1a1a1a", "#fff", "var(--accent)", "inherit", "rgba(12,34,56,.8)")),
    ("padding", ("0", "12px 24px", "1.25rem", "calc(10px + 1vw)")),
    ("margin", ("0 auto", "0 0 1em", "-1px", "var(--gap) 0")),
    ("display", ("flex", "block", "inline-block", "none", "grid")),
    ("font-size", ("14px", "1rem", "clamp(1rem,2vw,1.5rem)", "85%")),
    ("transition", ("all .3s ease-in-out", "opacity .2s", "none")),
    ("background-color", ("transparent", "#f7f5f2", "#0b4f6c", "var(--base-2)")),
    ("max-width", ("1140px", "100%", "min(90vw,640px)")),
    ("line-height", ("1.6", "1", "normal")),
    ("border-radius", ("3px", "50%", "0", "999px")),
)
_WORDS = (
    "init",
    "module",
    "settings",
    "callback",
    "element",
    "breakpoint",
    "carousel",
    "nonce",
    "session",
    "widget",
    "tracker",
    "lazy",
)


@lru_cache(maxsize=64)
def styles(prefix: str, size: int) -> str:
    """Make a style sheet of about this many characters whose classes begin with a platform's prefix."""
    dice, rules, length = Dice("css", prefix), [], 0
    while length < size:
        rule = _rule(dice, prefix)
        rules.append(rule)
        length += len(rule)
    return "".join(rules)


def _rule(dice: Dice, prefix: str) -> str:
    body = ";".join(f"{name}:{dice.pick(values)}" for name, values in dice.some(_PROPERTIES, dice.between(2, 5)))
    name = f".{prefix}-{dice.pick(_WORDS)}-{dice.below(9000)}"
    selector = dice.pick(
        (name, f"{name}:hover", f"{name}>*", f"@media(max-width:{dice.pick((480, 768, 1024))}px){{{name}")
    )
    return f"{selector}{{{body}}}" + ("}" if selector.startswith("@") else "")


@lru_cache(maxsize=64)
def scripts(prefix: str, size: int) -> str:
    """Make inline script of about this many characters that does nothing but look minified."""
    dice, lines, length = Dice("js", prefix), [], 0
    while length < size:
        a, b, c = (dice.pick(_WORDS) for _ in range(3))
        line = f'!function(e,t){{var {a[0]}=e.{b}||{{}};{a[0]}.{c}={dice.below(99999)};t.push(["{a}",{a[0]}.{b}_{dice.below(99)}])}}(window,_q);'
        lines.append(line)
        length += len(line)
    return f"window._q=window._q||[];{''.join(lines)}"


@lru_cache(maxsize=64)
def warmup_json(prefix: str, size: int) -> str:
    """Make a JSON state of about this many characters, as site builders put before their scripts."""
    dice, entries, length = Dice("json", prefix), [], 0
    while length < size:
        entry = f'"comp-{dice.below(16**6):06x}":{{"type":"{dice.pick(_WORDS)}","skin":"s{dice.below(99)}","layout":{{"w":{dice.below(1200)},"h":{dice.below(900)}}},"dataQuery":"#dataItem-{dice.below(16**6):06x}"}}'
        entries.append(entry)
        length += len(entry)
    return "{" + ",".join(entries) + "}"


@lru_cache(maxsize=64)
def svg_icon(name: str) -> str:
    """Draw an icon in line."""
    dice = Dice("svg", name)
    points = " ".join(
        f"{dice.below(24)}.{dice.below(99)} {dice.below(24)}.{dice.below(99)}c{dice.below(9)}-.{dice.below(99)}"
        for _ in range(9)
    )
    return f'<svg class="icon icon-{name}" aria-hidden="true" role="img" viewBox="0 0 24 24" width="24" height="24"><path d="M{points}z"></path></svg>'


@lru_cache(maxsize=64)
def base64_image(name: str, size: int) -> str:
    """Make an image as a data address of about this many characters."""
    dice = Dice("image", name)
    return "data:image/png;base64," + b64encode(bytes(dice.below(256) for _ in range(size * 3 // 4))).decode()
