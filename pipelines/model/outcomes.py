"""How a URL can end a run, as one table: what follows from an outcome is a column of its row in ``OUTCOMES``.

A new outcome is a member of ``Outcome`` with its row, and the code that recognises it. It needs a kind of change only
if none of ``ChangeKind`` says what happened: that is a member with its row too, and a weight in ``seeds/triage.toml``.
No column has a default, so that none is left out by mistake.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = [
    "CHANGE_KINDS",
    "CONFIRMED",
    "FAILED",
    "FETCHED",
    "NOT_FOUND",
    "OUTCOMES",
    "PAGE_STATES",
    "REMEMBERED",
    "SKIPPED",
    "Box",
    "ChangeKind",
    "ChangeKindRow",
    "Outcome",
    "OutcomeRow",
    "PageState",
    "PageStateRow",
    "Trouble",
]


class Outcome(StrEnum):
    """How a URL ended a run; the closed list that the funnel counts.

    A URL has exactly one outcome a run. The free-text reason stored beside it explains, it is never counted.
    """

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    NOT_MODIFIED = "not modified"
    NO_TEXT = "no text"
    REDIRECTED = "redirected"
    ALIAS = "alias"
    ROBOTS_DISALLOWED = "robots disallowed"
    ROBOTS_UNREACHABLE = "robots unreachable"
    UNSAFE_ADDRESS = "unsafe address"
    TRAP = "trap"
    PAGE_LIMIT = "page limit"
    NOT_A_PAGE = "not a page"
    GONE = "gone"
    SOFT_404 = "soft 404"
    BLOCKED = "blocked"
    LOGIN = "login page"
    PARKED = "parked"
    COLLAPSED = "collapsed"
    RATE_LIMITED = "rate limited"
    CLIENT_ERROR = "client error"
    SERVER_ERROR = "server error"
    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed out"
    TOO_LARGE = "too large"
    TRUNCATED = "truncated"
    UNREADABLE = "unreadable"


class Box(StrEnum):
    """The box of the funnel that counts an outcome."""

    FETCHED = "fetched"  # the site answered with something that we store
    SKIPPED = "skipped"  # we chose not to request it, or not to read it
    FAILED = "failed"  # we requested it and got nothing that we can read


class PageState(StrEnum):
    """What a page is to us now."""

    QUEUED = "queued"
    LIVE = "live"
    GONE = "gone"
    MOVED = "moved"
    BLOCKED = "blocked"
    EXCLUDED = "excluded"


class Trouble(StrEnum):
    """Why a visit brought no text, whose trouble it is and how long it is likely to last: classes of back-off."""

    SITE_SILENT = "site silent"  # the site's, temporary: nobody answers
    SITE_BUSY = "site busy"  # the site's, temporary: it wants fewer requests for a while
    RULES_UNKNOWN = "rules unknown"  # the site's, temporary: robots.txt cannot be read
    PAGE_BROKEN = "page broken"  # the page's, temporary
    EMPTY = "empty"  # the page's, temporary: an answer without a text
    REFUSED = "refused"  # ours, lasting until somebody there decides otherwise
    FORBIDDEN = "forbidden"  # ours, lasting: robots.txt says no, which costs no request to find out again
    GONE = "gone"  # the page's, lasting, but requested twice soon: one 404 is no proof
    MOVED = "moved"  # the page's, lasting
    NO_PAGE = "no page"  # the page's, lasting: a file, an address that is not requested, bytes that nobody can read
    NEVER = "never"  # our own choice of addresses, which no waiting changes


class ChangeKind(StrEnum):
    """What happened to a page between two visits; the closed list of ``changes.kind``.

    After ``EDITED`` a page says something else; after the others, but for ``NEW``, ``SECOND_ADDRESS`` and ``BACK``, it
    is not there to say anything, and its last text stays.
    """

    NEW = "new"
    SECOND_ADDRESS = "second address"
    EDITED = "edited"
    MOVED = "moved"
    REDIRECTED_HOME = "redirected home"
    GONE = "gone"
    SOFT_404 = "soft 404"
    COLLAPSED = "collapsed"
    BLOCKED = "blocked"
    LOGIN = "login page"
    PARKED = "parked"
    BACK = "back"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeRow:
    """What follows from an outcome.

    ``box`` of the funnel counts it. ``state`` is what the page is after it; ``None`` leaves it what it was.
    ``confirms``: the page showed its text, the known one or one that is now its text. ``validators``: ETag and
    Last-Modified of the answer are sent with the next request. ``trouble`` is the class of the back-off; with ``None``
    the page is visited at its own rhythm. ``change`` is the event that it is in the history of a page that had a text;
    ``None`` says nothing of the page (``confirms`` ends an event). ``ends_probes``: the site gets no request beside
    the visits any more in this crawl. ``statuses`` are the HTTP statuses that mean it. ``explanation`` is for people.
    """

    box: Box
    state: PageState | None
    confirms: bool
    validators: bool
    trouble: Trouble | None
    change: ChangeKind | None
    ends_probes: bool
    statuses: tuple[int, ...]
    explanation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageStateRow:
    """What follows from a page's state.

    ``is_current``: its last text counts as what its site says now. ``has_ended``: that text is not shown any more.
    """

    is_current: bool
    has_ended: bool
    explanation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeKindRow:
    """What follows from a kind of change.

    ``twice``: two visits in a row have to show it before it is recorded. ``of_site``: it befalls a whole site at once,
    and all pages of a site that have it in a crawl are one edit.
    """

    twice: bool
    of_site: bool
    explanation: str


# a row reads better in four lines than with a column a line
# fmt: off
OUTCOMES: dict[Outcome, OutcomeRow] = {
    Outcome.NEW: OutcomeRow(
        box=Box.FETCHED, state=PageState.LIVE, confirms=True, validators=True, trouble=None, change=None,
        ends_probes=False, statuses=(),
        explanation="The page was read for the first time.",
    ),
    Outcome.CHANGED: OutcomeRow(
        box=Box.FETCHED, state=PageState.LIVE, confirms=True, validators=True, trouble=None, change=None,
        ends_probes=False, statuses=(),
        explanation="The page says something else than at its last visit; a new version is stored.",
    ),
    Outcome.UNCHANGED: OutcomeRow(
        box=Box.FETCHED, state=PageState.LIVE, confirms=True, validators=True, trouble=None, change=None,
        ends_probes=False, statuses=(),
        explanation="The page was fetched and says the same as before.",
    ),
    Outcome.NOT_MODIFIED: OutcomeRow(
        box=Box.FETCHED, state=PageState.LIVE, confirms=True, validators=True, trouble=None, change=None,
        ends_probes=False, statuses=(),  # 304 means it too, but only if the last answer had a text
        explanation="The site answered that nothing changed since the last visit (status 304).",
    ),
    Outcome.NO_TEXT: OutcomeRow(
        box=Box.FETCHED, state=PageState.LIVE, confirms=False, validators=True, trouble=Trouble.EMPTY,
        change=ChangeKind.COLLAPSED, ends_probes=False, statuses=(),
        explanation="The page was fetched, but no text was found in it.",
    ),
    Outcome.REDIRECTED: OutcomeRow(
        box=Box.FETCHED, state=PageState.MOVED, confirms=False, validators=False, trouble=Trouble.MOVED,
        change=ChangeKind.MOVED, ends_probes=False, statuses=(),  # and REDIRECTED_HOME, by its target
        explanation="The site answered with a redirect to another address, which is a page of its own.",
    ),
    Outcome.ALIAS: OutcomeRow(
        box=Box.SKIPPED, state=PageState.EXCLUDED, confirms=False, validators=False, trouble=Trouble.NEVER,
        change=None, ends_probes=False, statuses=(),
        explanation="The same address as another page but for tracking parameters; that page is fetched instead.",
    ),
    Outcome.ROBOTS_DISALLOWED: OutcomeRow(
        box=Box.SKIPPED, state=PageState.EXCLUDED, confirms=False, validators=False, trouble=Trouble.FORBIDDEN,
        change=None, ends_probes=False, statuses=(),
        explanation="The site's robots.txt does not allow us to fetch it.",
    ),
    Outcome.ROBOTS_UNREACHABLE: OutcomeRow(
        box=Box.SKIPPED, state=None, confirms=False, validators=False, trouble=Trouble.RULES_UNKNOWN,
        change=None, ends_probes=False, statuses=(),
        explanation="The site's robots.txt could not be read, which counts as not allowed (RFC 9309).",
    ),
    Outcome.UNSAFE_ADDRESS: OutcomeRow(
        box=Box.SKIPPED, state=PageState.EXCLUDED, confirms=False, validators=False, trouble=Trouble.NO_PAGE,
        change=None, ends_probes=False, statuses=(),
        explanation="The address leads into a private network or to this machine, and is never requested.",
    ),
    Outcome.TRAP: OutcomeRow(
        box=Box.SKIPPED, state=PageState.EXCLUDED, confirms=False, validators=False, trouble=Trouble.NEVER,
        change=None, ends_probes=False, statuses=(),
        explanation="One of an endless number of addresses, such as those of a calendar or a filter.",
    ),
    Outcome.PAGE_LIMIT: OutcomeRow(
        box=Box.SKIPPED, state=PageState.EXCLUDED, confirms=False, validators=False, trouble=Trouble.FORBIDDEN,
        change=None, ends_probes=False, statuses=(),
        explanation="The site already has as many pages in the corpus as the setting SITE_MAX_PAGES allows.",
    ),
    Outcome.NOT_A_PAGE: OutcomeRow(
        box=Box.SKIPPED, state=PageState.EXCLUDED, confirms=False, validators=True, trouble=Trouble.NO_PAGE,
        change=None, ends_probes=False, statuses=(),
        explanation="A file and no page, by its name or its content type: an image, a PDF, a script.",
    ),
    Outcome.GONE: OutcomeRow(
        box=Box.FAILED, state=PageState.GONE, confirms=False, validators=False, trouble=Trouble.GONE,
        change=ChangeKind.GONE, ends_probes=False, statuses=(404, 410),
        explanation="The site answered that there is no such page (status 404 or 410).",
    ),
    Outcome.SOFT_404: OutcomeRow(
        box=Box.FAILED, state=PageState.GONE, confirms=False, validators=False, trouble=Trouble.GONE,
        change=ChangeKind.SOFT_404, ends_probes=False, statuses=(),
        explanation="The answer says that there is no such page, though its status is 200.",
    ),
    Outcome.BLOCKED: OutcomeRow(
        box=Box.FAILED, state=PageState.BLOCKED, confirms=False, validators=False, trouble=Trouble.REFUSED,
        change=ChangeKind.BLOCKED, ends_probes=True, statuses=(401, 403, 405, 406, 451),
        explanation="The site, or a shield in front of it, refused to show us the page.",
    ),
    Outcome.LOGIN: OutcomeRow(
        box=Box.FAILED, state=PageState.BLOCKED, confirms=False, validators=False, trouble=Trouble.REFUSED,
        change=ChangeKind.LOGIN, ends_probes=False, statuses=(),
        explanation="A login page was sent in the page's place.",
    ),
    Outcome.PARKED: OutcomeRow(
        box=Box.FAILED, state=PageState.GONE, confirms=False, validators=False, trouble=Trouble.REFUSED,
        change=ChangeKind.PARKED, ends_probes=False, statuses=(),
        explanation="A parked domain, a suspended account or a page that says “coming soon” was sent in its place.",
    ),
    Outcome.COLLAPSED: OutcomeRow(
        box=Box.FAILED, state=None, confirms=False, validators=False, trouble=Trouble.EMPTY,
        change=ChangeKind.COLLAPSED, ends_probes=False, statuses=(),
        explanation="Most of the page's text is missing, or all that it shared with its past; the last text stays.",
    ),
    Outcome.RATE_LIMITED: OutcomeRow(
        box=Box.FAILED, state=None, confirms=False, validators=False, trouble=Trouble.SITE_BUSY,
        change=None, ends_probes=True, statuses=(429,),
        explanation="The site wants fewer requests (status 429, or a long Retry-After).",
    ),
    Outcome.CLIENT_ERROR: OutcomeRow(
        box=Box.FAILED, state=None, confirms=False, validators=False, trouble=Trouble.REFUSED,
        change=None, ends_probes=False, statuses=(),  # the other statuses below 500
        explanation="The site answered with another status that is no page (such as 400 or 204).",
    ),
    Outcome.SERVER_ERROR: OutcomeRow(
        box=Box.FAILED, state=None, confirms=False, validators=False, trouble=Trouble.PAGE_BROKEN,
        change=None, ends_probes=True, statuses=(),  # the other statuses from 500
        explanation="Something is broken there, or under maintenance: status 500 and above, or a message that says so.",
    ),
    Outcome.UNREACHABLE: OutcomeRow(
        box=Box.FAILED, state=None, confirms=False, validators=False, trouble=Trouble.SITE_SILENT,
        change=None, ends_probes=True, statuses=(),
        explanation="No connection: the host name has no address, or the connection was refused or broke.",
    ),
    Outcome.TIMED_OUT: OutcomeRow(
        box=Box.FAILED, state=None, confirms=False, validators=False, trouble=Trouble.SITE_SILENT,
        change=None, ends_probes=True, statuses=(),
        explanation="No answer came in time.",
    ),
    Outcome.TOO_LARGE: OutcomeRow(
        box=Box.FAILED, state=None, confirms=False, validators=False, trouble=Trouble.NO_PAGE,
        change=None, ends_probes=False, statuses=(),
        explanation="The answer is larger than we read, as it was sent or after decompression.",
    ),
    Outcome.TRUNCATED: OutcomeRow(
        box=Box.FAILED, state=None, confirms=False, validators=False, trouble=Trouble.PAGE_BROKEN,
        change=None, ends_probes=False, statuses=(),
        explanation="The answer ended before it was complete; the last text stays, and the page is fetched again.",
    ),
    Outcome.UNREADABLE: OutcomeRow(
        box=Box.FAILED, state=None, confirms=False, validators=False, trouble=Trouble.NO_PAGE,
        change=None, ends_probes=False, statuses=(),
        explanation="The answer could not be decompressed or read within the limits of time and memory.",
    ),
}
PAGE_STATES: dict[PageState, PageStateRow] = {
    PageState.QUEUED: PageStateRow(
        is_current=False, has_ended=False, explanation="Discovered, and not fetched yet."
    ),
    PageState.LIVE: PageStateRow(
        is_current=True, has_ended=False, explanation="The site shows it."
    ),
    PageState.GONE: PageStateRow(
        is_current=False, has_ended=True, explanation="The site does not have it any more; its versions stay."
    ),
    PageState.MOVED: PageStateRow(
        is_current=False, has_ended=True, explanation="Its address leads to another page."
    ),
    PageState.BLOCKED: PageStateRow(
        is_current=True, has_ended=False,
        explanation="The site does not show it to us; its last text still counts as what it says.",
    ),
    PageState.EXCLUDED: PageStateRow(
        is_current=False, has_ended=False, explanation="An address that we do not fetch; its outcome says why."
    ),
}
CHANGE_KINDS: dict[ChangeKind, ChangeKindRow] = {
    ChangeKind.NEW: ChangeKindRow(
        twice=False, of_site=False, explanation="A page that was not there when the site was crawled before."
    ),
    ChangeKind.SECOND_ADDRESS: ChangeKindRow(
        twice=False, of_site=False, explanation="A new address of the site shows a page that stands at another one too."
    ),
    ChangeKind.EDITED: ChangeKindRow(
        twice=False, of_site=False, explanation="The page says something else."
    ),
    ChangeKind.MOVED: ChangeKindRow(
        twice=False, of_site=False, explanation="The page has another address: a redirect, or the same text there."
    ),
    ChangeKind.REDIRECTED_HOME: ChangeKindRow(
        twice=False, of_site=False, explanation="The page's address leads to the home page, which says something else."
    ),
    ChangeKind.GONE: ChangeKindRow(
        twice=True, of_site=False, explanation="Two visits in a row found no such page: one 404 is no proof."
    ),
    ChangeKind.SOFT_404: ChangeKindRow(
        twice=False, of_site=False, explanation="The page says that it is not found, though its status is 200."
    ),
    ChangeKind.COLLAPSED: ChangeKindRow(
        twice=False, of_site=False, explanation="Hardly a word is left of the page, or none."
    ),
    ChangeKind.BLOCKED: ChangeKindRow(
        twice=False, of_site=True, explanation="The site refuses to show us the page."
    ),
    ChangeKind.LOGIN: ChangeKindRow(
        twice=False, of_site=True, explanation="A login page stands in the page's place."
    ),
    ChangeKind.PARKED: ChangeKindRow(
        twice=False, of_site=True, explanation="A parked or suspended site stands in the page's place."
    ),
    ChangeKind.BACK: ChangeKindRow(
        twice=False, of_site=False, explanation="The page shows a text again after one of the kinds above."
    ),
}
# fmt: on

FETCHED = frozenset(outcome for outcome, row in OUTCOMES.items() if row.box is Box.FETCHED)
SKIPPED = frozenset(outcome for outcome, row in OUTCOMES.items() if row.box is Box.SKIPPED)
FAILED = frozenset(outcome for outcome, row in OUTCOMES.items() if row.box is Box.FAILED)
CONFIRMED = frozenset(outcome for outcome, row in OUTCOMES.items() if row.confirms)
REMEMBERED = frozenset(outcome for outcome, row in OUTCOMES.items() if row.validators)
NOT_FOUND = frozenset(outcome for outcome, row in OUTCOMES.items() if row.trouble is Trouble.GONE)
