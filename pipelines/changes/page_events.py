"""Events in the life of a page, from the outcomes of its visits: it went, moved, was blocked, came back.

A page that answers with something else than itself still has its last version. An event is reported once, when it
begins, and ``back`` once, when the page has a text again. One 404 is no proof: a page is gone when two visits in a row
say so. Visits that say nothing of the page (timeouts, a full disk, robots.txt) are passed over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from pipelines.model.outcomes import CHANGE_KINDS, OUTCOMES, ChangeKind, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["PageEvent", "PageVisit", "is_home", "page_events"]

HOME_PATHS = frozenset({"", "home", "index.html", "index.php", "index.htm", "home.html"})


@dataclass(frozen=True, slots=True)
class PageVisit:
    """One visit of a page: its crawl, when, how it ended, its capture, and where it led."""

    crawl: int
    at: str
    outcome: str
    capture: int | None = None
    moved_to: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PageEvent:
    """An event: its kind, the visit that settled it, and the visit that showed it first."""

    kind: ChangeKind
    visit: PageVisit
    since: PageVisit


def page_events(url: str, visits: Iterable[PageVisit]) -> Iterator[PageEvent]:
    """Give the events of a page, from its visits since it first had a text, in their order."""
    reported: ChangeKind | Literal["live"] = "live"
    showing: ChangeKind | Literal["live"] = "live"
    first: PageVisit | None = None  # the visit since which the page shows what it shows
    for visit in visits:
        kind = _shows(url, visit)
        if kind is None:
            continue
        if kind != showing:
            first, showing = visit, kind
        if kind == reported:
            continue
        if kind == "live":
            reported = "live"
            yield PageEvent(ChangeKind.BACK, visit, visit)
        elif not CHANGE_KINDS[kind].twice or first is not visit:
            reported = kind
            yield PageEvent(kind, visit, first or visit)


def _shows(url: str, visit: PageVisit) -> ChangeKind | Literal["live"] | None:
    """Say what a visit shows of its page; nothing where the outcome is that of the way there (a timeout, robots.txt).

    A redirect to the home page is not a move: what the page said is nowhere now.
    """
    row = OUTCOMES[Outcome(visit.outcome)]
    if row.change is ChangeKind.MOVED and is_home(visit.moved_to or "") and not is_home(url):
        return ChangeKind.REDIRECTED_HOME
    return "live" if row.confirms else row.change


def is_home(url: str) -> bool:
    """Tell the address of a home page.

    >>> is_home("http://a.example/index.html"), is_home("http://a.example/faq")
    (True, False)
    """
    return urlsplit(url).path.strip("/").lower() in HOME_PATHS
