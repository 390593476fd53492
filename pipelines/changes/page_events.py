"""What became of a page, from the outcomes of its visits alone: pages are not addresses.

A page that answers something else than itself keeps what it told last; what happened is told once, when it begins, and
``back`` once, when the page tells something again. One 404 is no proof: a page is gone when two visits in a row say
so. Visits that say nothing of the page (timeouts, a full disk, robots.txt) are passed over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipelines.model.outcomes import CHANGE_KINDS, OUTCOMES, ChangeKind, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Event", "Seen", "events", "is_home", "kind_of"]


@dataclass(frozen=True, slots=True)
class Seen:
    """One visit: its crawl, when, how it ended, its capture, and where it led."""

    crawl: int
    at: str
    outcome: str
    capture: int | None = None
    moved_to: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """A change of a page's fate: its kind, the visit that settled it, and the visit that first showed it."""

    kind: ChangeKind
    seen: Seen
    since: Seen


def kind_of(url: str, seen: Seen) -> ChangeKind | str | None:
    """Say what a visit shows: a kind of change, ``live``, or nothing about the page."""
    row = OUTCOMES[Outcome(seen.outcome)]
    if row.change is ChangeKind.MOVED and leads_home(url, seen.moved_to or ""):
        return ChangeKind.REDIRECTED_HOME
    return "live" if row.confirms else row.change


def leads_home(url: str, target: str) -> bool:
    """Tell whether a page redirects to a home page that it is not itself.

    >>> leads_home("http://a.example/ptsd/", "https://www.a.example/")
    True
    >>> leads_home("http://a.example/", "https://www.a.example/")
    False
    """
    return is_home(target) and not is_home(url)


def is_home(url: str) -> bool:
    """Tell the address of a home page.

    >>> is_home("http://a.example/index.html"), is_home("http://a.example/faq")
    (True, False)
    """
    return urlsplit(url).path.strip("/").lower() in HOMES


HOMES = frozenset({"", "home", "index.html", "index.php", "index.htm", "home.html"})


def events(url: str, visits: Iterable[Seen]) -> Iterator[Event]:
    """Tell what became of a page, from its visits since it first had a text, in their order."""
    told: ChangeKind | str = "live"
    first: Seen | None = None
    showing: ChangeKind | str = "live"
    for seen in visits:
        kind = kind_of(url, seen)
        if kind is None:
            continue
        if kind != showing:
            first, showing = seen, kind
        if kind == told:
            continue
        if kind == "live":
            told = "live"
            yield Event(ChangeKind.BACK, seen, seen)
        elif not CHANGE_KINDS[ChangeKind(kind)].twice or first is not seen:
            told = kind
            yield Event(ChangeKind(kind), seen, first or seen)
