"""What a person types into the search box becomes an FTS5 query that cannot be a syntax error."""

from __future__ import annotations

import re

TERM = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
LETTER = re.compile(r"[^\W_]")
MAX_LENGTH = 500
MAX_TERMS = 32  # each term is one walk through the index


def match_query(typed: str) -> str:
    """Give the FTS5 query for words, ``"phrases"``, ``begin*``, ``-without`` and ``one OR other``; empty for none.

    Every term is quoted, so that nothing a person types is read as FTS5's own syntax (columns, NEAR, parentheses).

    >>> match_query('rapid "not addictive" infus* -pain')
    '("rapid" "not addictive" "infus"*) NOT ("pain")'
    """
    wanted: list[str] = []
    unwanted: list[str] = []
    for term in list(TERM.finditer(typed.replace("\0", " ")[:MAX_LENGTH]))[:MAX_TERMS]:
        if term["word"] == "OR":
            wanted += ["OR"]
        elif LETTER.search(term["phrase"] or term["word"] or ""):
            (unwanted if term["minus"] else wanted).append(_quoted(term))
    return _joined(_either(wanted), unwanted)


def _quoted(term: re.Match[str]) -> str:
    if term["phrase"] is not None:
        return f'"{term["phrase"]}"'
    word = term["word"]
    return f'"{word.rstrip("*")}"*' if word.endswith("*") else f'"{word}"'


def _either(wanted: list[str]) -> str:
    """Keep an OR only where it stands between two terms."""
    kept = [
        term
        for place, term in enumerate(wanted)
        if term != "OR" or (0 < place < len(wanted) - 1 and wanted[place + 1] != "OR")
    ]
    return " ".join(kept[1:] if kept[:1] == ["OR"] else kept)


def _joined(wanted: str, unwanted: list[str]) -> str:
    if not unwanted or not wanted:
        return wanted
    return f"({wanted}) NOT ({' OR '.join(unwanted)})"
