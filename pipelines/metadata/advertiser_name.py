"""The name of the advertiser: what the places of a page that name its site agree on.

A title names the site in one of its parts, a copyright line behind the year, a logo in its description. Each is often
wrong alone (a slogan, an agency, a town), so a name is taken where several agree, or one agrees with the host or with
an account of the site at a network.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pipelines.metadata.titles import parts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["HANDLE", "NameSign", "advertiser_name", "names_in_copyright"]

#: how far each place is trusted to name the site, and what agreement adds; from the development pages
TRUST = {"json-ld": 0.9, "og:site_name": 0.8, "application-name": 0.7, "copyright line": 0.5, "logo": 0.4, "title": 0.3}
HOST, OFTEN = 0.3, 0.2
MIN_TRUST = 0.6
MIN_TIMES = 3  # so often a name stands in the visible text at least to be said often
MAX_WORDS = 7
MIN_KEY = 3  # letters
COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright|&copy;)[\s©,|:·–-]{0,6}(?:copyright)?[\s©,|:-]{0,4}(?:(?:19|20)\d\d(?:\s?[-–]\s?(?:(?:19|20)?\d\d|present))?)?"
    r"[\s,|:·–.-]{0,4}(?:by\s+)?(?P<name>[^|·•\n]{2,80})",
    re.IGNORECASE,
)
MAY_BE = re.compile(r"©|\([cC]\)|opyright|OPYRIGHT")
# English alone: what follows a name in a copyright line
BEHIND = re.compile(
    r"(?i)[.,|]?\s*(?:(?<!\w)all rights?|rights reserved|(?:19|20)\d\d|privacy|terms|designed|website|site by|powered"
    r"|built|developed|created|licensed|\bis a\b|disclaimer|sitemap|marketing by).*$"
)
LOGO = re.compile(
    r"(?i)\b(?:the\s+)?(?:site|header|footer|main|white|dark|light|company|brand)?[\s_-]*logo\b|\.(?:png|svg|jpe?g|webp)$"
)
NO_NAME = frozenset(
    """
    home homepage welcome site website header footer image icon brand company menu main untitled index copyright logo
    """.split()  # noqa: SIM905 (a list would be a screen long)
)


#: the source of names that are no names as people write them: of accounts, of the host of a mail address
HANDLE = "handle"


class NameSign(NamedTuple):
    """What one place says that the site is called: the name, and which place."""

    name: str
    source: str


class _Candidate(NamedTuple):
    name: str
    trust: float


def names_in_copyright(lines: Iterable[str]) -> list[NameSign]:
    """Read the names in copyright lines.

    >>> names_in_copyright(["© Copyright 2017 - 2022 | Cedar Clinic | All Rights Reserved"])
    [NameSign(name='Cedar Clinic', source='copyright line')]
    """
    found = (COPYRIGHT.search(line[:300]) for line in lines if MAY_BE.search(line))
    names = (BEHIND.sub("", match["name"]).strip(" .,-–:;") for match in found if match)
    return [NameSign(name, "copyright line") for name in names if _key(name)]


def advertiser_name(signs: Sequence[NameSign], text: str, host: str, title: str | None) -> tuple[str, float] | None:
    """Give the name that the signs agree on, with its trust (0 to 1); None where none is sure enough.

    ``text`` is all visible text of the page, ``title`` that of the page itself, which is no name.
    """
    hosts = [host, *(sign.name for sign in signs if sign.source == HANDLE)]
    found = [NameSign(_clean(sign.name), sign.source) for sign in signs if sign.source != HANDLE]
    pieces = [
        NameSign(part, sign.source)
        for sign in found
        for part in _pieces(sign)
        if _is_name(part, title if sign.source == "title" else None)
    ]
    best = max((_judge(one.name, pieces, text, hosts) for one in pieces), key=lambda each: each.trust, default=None)
    return (best.name, min(best.trust, 0.95)) if best and best.trust >= MIN_TRUST else None


def _judge(name: str, signs: Sequence[NameSign], text: str, hosts: Sequence[str]) -> _Candidate:
    key = _key(name)
    agreeing = {sign.source for sign in signs if _agree(key, _key(sign.name))}
    trust = sum(TRUST[source] for source in agreeing)
    trust += HOST if any(_names_host(name, host) for host in hosts) else 0.0
    trust += OFTEN if len(key) > MIN_KEY + 1 and text.count(name) >= MIN_TIMES else 0.0
    exact = sum(_key(sign.name) == key for sign in signs)
    return _Candidate(name, trust + 0.01 * exact)


def _pieces(sign: NameSign) -> list[str]:
    return parts_of(sign.name) if sign.source == "title" else [sign.name]


def _clean(name: str) -> str:
    return " ".join(LOGO.sub(" ", name).split()).strip(" -–—|:·,")


def _is_name(name: str, title: str | None) -> bool:
    key = _key(name)
    is_short = len(name.split()) <= MAX_WORDS and len(name) <= 60
    return is_short and len(key) >= MIN_KEY and name.casefold() not in NO_NAME and key != _key(title or "")


def _agree(one: str, other: str) -> bool:
    """Say whether two names are one: the same letters, or one begins with the other."""
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) > MIN_KEY + 2 and long.startswith(short))


def _names_host(name: str, host: str) -> bool:
    labels = [label for label in host.casefold().split(".") if label not in {"www", ""}]
    label = _key(labels[-2] if len(labels) > 1 else "".join(labels))
    key = _key(name)
    initials = "".join(word[0] for word in re.findall(r"[A-Z][a-z]*", name)).casefold()
    if len(label) > MIN_KEY and (label in key or key in label) and len(key) > MIN_KEY:
        return True
    return len(label) >= MIN_KEY and label in {initials, initials.removesuffix("c")}


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())
