"""Strings that break programs, written for this project: what sites, coders and attackers put where text belongs.

Kinds as in the well-known lists of their sort: words that look like values, numbers, Unicode corners, right-to-left and
invisible characters, injections into SQL, shells, templates and formats, and every way that we know to run a script.
"""

from __future__ import annotations

import itertools
import json
from pathlib import Path

LIST = json.loads((Path(__file__).parent / "naughty.json").read_text(encoding="ascii"))
SCRIPTS = tuple(LIST["scripts"])
RUN = "document.title='owned'"
EVENTS = ("click", "mouseover", "focus", "blur", "load", "error", "copy", "paste", "scroll", "toggle", "wheel", "drag")
TAGS = ("a", "b", "div", "img", "input", "svg", "video")
WRAPPED = tuple(
    f"\"'><{tag} on{event}={RUN} src=x autofocus tabindex=1>" for tag, event in itertools.product(TAGS, EVENTS)
)
AROUND = (("\x00", ""), ("", "\x00"), ("\u200b", "\u200b"), ("\u202e", ""), ("<", ">"), ("&", ";"), ("'", "'"))
SPOILT = tuple(f"{a}{word}{b}" for word, (a, b) in itertools.product(("claim", "ketamine", "FDA"), AROUND))
NUMBERED = tuple(f"{n}{sign}" for n, sign in itertools.product(range(8), (*LIST["signs"][:9], *LIST["injections"][:8])))
LONG = ("a" * 5_000, "🙂" * 2_000, "<" * 3_000, "&" * 3_000, "word " * 1_500, "(" * 2_000, "\u0301" * 1_000)
NAUGHTY = tuple(dict.fromkeys((*itertools.chain(*LIST.values()), *WRAPPED, *SPOILT, *NUMBERED, *LONG)))
