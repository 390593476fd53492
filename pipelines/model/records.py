"""The one vocabulary of the project: frozen values that travel from a fetched page to a row.

``Reading`` is what one page says, ``Fetch`` is one HTTP exchange, ``Outcome`` is how a URL ended a run.
Every other room imports these names; nothing here imports another room. Outcomes, states of a page, kinds of change and
page types are tables of their own beside this file, and are given on from here.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from pipelines.model.outcomes import FAILED, FETCHED, SKIPPED, ChangeKind, Outcome, PageState
from pipelines.model.page_types import PageType

__all__ = [
    "DETAIL_REGIONS",
    "FAILED",
    "FETCHED",
    "SKIPPED",
    "TARGET_MARK",
    "Block",
    "ChangeKind",
    "Doubt",
    "FamilyKind",
    "Fetch",
    "Found",
    "Location",
    "Outcome",
    "Page",
    "PageState",
    "PageType",
    "Probe",
    "ProbeKind",
    "Reading",
    "Seed",
    "Timing",
    "Topic",
    "VariableKind",
    "Verdict",
    "Visit",
]

#: what a page shows beside its words, each a region of its own with a low weight: where links lead, what is struck
#: through, which pictures it shows, words in the fields of its forms
DETAIL_REGIONS = ("targets", "struck", "pictures", "form_text")
TARGET_MARK = " → "  # between the words of a link and where it leads


class ProbeKind(StrEnum):
    """Why something was asked for that is no visit to a page: the closed list of ``probes.kind``.

    ``MISSING`` asks a host for an address that nobody can know: what it answers is its way to say "not found".
    ``AGAIN`` asks for a page a second time, moments after its visit: what differs then changes by itself.
    """

    MISSING = "soft-404 probe"
    AGAIN = "repeat fetch"


class Verdict(StrEnum):
    """Is a page about the topic? ``DOUBTFUL`` goes to a person; nothing is deleted."""

    ON_TOPIC = "on topic"
    DOUBTFUL = "doubtful"
    OFF_TOPIC = "off topic"


class FamilyKind(StrEnum):
    """Why the pages of a family say the same: the closed list, each with its evidence beside it.

    A family may be of several kinds; the one that explains most is its main kind.
    """

    EXACT = "exact"
    ALIAS_HOST = "alias host"
    PAGE_VERSION = "page version"
    DOORWAY = "doorway"
    OWN_TEMPLATE = "own template"
    TEMPLATE = "cross-advertiser template"
    SYNDICATION = "syndication"
    SPUN = "spun text"


class VariableKind(StrEnum):
    """What kind of words differ between the pages of a family."""

    CITY = "city"
    STATE = "state"
    BRAND = "brand"
    PHONE = "phone"
    PRICE = "price"
    NUMBER = "number"
    PERSON = "person"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Seed:
    """One line of a seeds file: where a site is entered, and what is known of it."""

    url: str
    name: str = ""
    city: str = ""
    state: str = ""
    source_class: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One line of a page's visible text: ``kind`` is heading, paragraph, item, row, quote, code, caption or button.

    ``region`` is main, other (visible, but not what a person came to read), chrome (the site's frame) or, for a line
    that was taken out of the main text, the name of the rule that did it. A ``linked`` line is mostly link text.
    """

    text: str
    kind: str = "paragraph"
    region: str = "main"
    linked: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    r"""What one page says: a pure function of its bytes, its URL and its content type.

    ``text`` is the main text, one paragraph, list item or heading a line (``\n``), Unicode NFC, without NUL and lone
    surrogates, title excluded. ``words`` counts its words. Dates are ISO 8601 (``2024-03-01`` or with a time), as far
    as they were found; ``published_source`` names where (``json-ld``, ``meta``, ``time``, ``url``, ...). ``links``
    are absolute http/https URLs in page order, without fragments and repeats. ``headings``, ``other_text`` and
    ``structured`` are the other named places of the full text: one line each heading, visible text outside the main
    text and the site's chrome, and text out of JSON-LD; ``alternatives`` are what images say to those who do not see
    them. ``blocks`` are all visible lines in page order, each with its kind and place. ``titles`` and
    ``descriptions`` are all that the head says as such (also for networks), ``data`` the values of its JSON-LD.
    ``boilerplate`` is what the site's chrome says in words of its own, ``menu`` its link texts, ``hidden`` what the
    page has and does not show, a line each. ``prices`` are its sums, as objects
    (:class:`pipelines.metadata.prices.Price`). ``region_hashes`` is a hash a region,
    ``day`` the day of the fetch as the site has it. ``details`` are the lines of each of ``DETAIL_REGIONS``; ``None``
    where nothing looked for them.
    """

    text: str
    title: str | None = None
    author: str | None = None
    published: str | None = None
    published_source: str | None = None
    modified: str | None = None
    language: str | None = None
    canonical_url: str | None = None
    links: tuple[str, ...] = ()
    page_type: str = PageType.OTHER
    words: int = 0
    description: str | None = None
    site_name: str | None = None
    headings: tuple[str, ...] = ()
    other_text: str = ""
    structured: str = ""
    noindex: bool = False
    noarchive: bool = False
    nofollow: bool = False
    tdm_reserved: bool = False
    facts: tuple[tuple[str, str, str, float], ...] = ()
    blocks: tuple[Block, ...] = ()
    alternatives: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    data: str = ""
    boilerplate: str = ""
    menu: str = ""
    hidden: str = ""
    prices: tuple[dict[str, Any], ...] = ()
    region_hashes: tuple[tuple[str, str], ...] = ()
    day: str = ""
    details: tuple[tuple[str, tuple[str, ...]], ...] | None = None


@dataclass(frozen=True, slots=True)
class Fetch:
    """One HTTP exchange as it came over the wire.

    ``body`` is as transferred: still in its Content-Encoding, chunking removed. ``headers`` are name and value pairs
    in the order of arrival, ``protocol`` is ``HTTP/1.1`` or the like, ``sent`` are the headers of our request.
    ``partial``: nothing but the end of the connection said where the body ends, so that it may have been cut short.
    """

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    protocol: str = "HTTP/1.1"
    sent: tuple[tuple[str, str], ...] = ()
    partial: bool = False

    @property
    def body_sha256(self) -> str:
        """Hash the payload as transferred: the hexadecimal SHA-256 that the WARC record carries too."""
        return hashlib.sha256(self.body).hexdigest()

    def header(self, name: str) -> str | None:
        """Give the first value of a header, whatever its case."""
        return next((value for key, value in self.headers if key.lower() == name), None)


@dataclass(frozen=True, slots=True)
class Topic:
    """How much a page is about the topic: a score, the verdict that follows, and the reasons, strongest first.

    ``mentions`` is how often it names the subject, weighted as in the topic file.
    """

    score: float
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    mentions: float = 0.0


class Found(NamedTuple):
    """A URL that something led to: ``how`` is seed, link, sitemap, feed or redirect; ``kind`` is page or sitemap.

    ``raw`` is the URL as it was written where the canonical form dropped more than a fragment (tracking parameters):
    it becomes a row of its own, an alias of the page. ``depth`` counts links from the nearest seed or sitemap entry,
    ``run`` the steps in a row along addresses of one pattern. ``skip`` is an outcome that settles the URL unfetched.
    A named tuple: a page leads to a hundred of them, and they cross between processes (dataclasses cost ten times).
    """

    url: str
    how: str = "link"
    kind: str = "page"
    raw: str | None = None
    lastmod: str | None = None
    depth: int = 0
    run: int = 0
    skip: Outcome | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A row of the frontier: a page that is due, with what a visit needs to know of it."""

    id: int
    url: str
    site: int
    host: str
    kind: str = "page"
    depth: int = 0
    run: int = 0
    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None
    visible_hash: str | None = None
    failures: int = 0
    version: int | None = None
    last_fetched: str | None = None
    last_confirmed: str | None = None
    interval_hours: float | None = None
    changes_seen: float = 0.0
    watched_days: float = 0.0
    recrawl_hint: str = ""
    answered: str | None = None
    page_type: str | None = None
    min_days: float | None = None
    max_days: float | None = None


@dataclass(frozen=True, slots=True)
class Timing:
    """When a page is visited next, and what its visits have taught of its rhythm.

    ``due_at`` is UTC in ISO 8601, empty for never. ``changes_seen`` in ``watched_days`` days, both fading with time,
    gave the ``interval_hours`` between visits.
    """

    due_at: str = ""
    interval_hours: float | None = None
    changes_seen: float = 0.0
    watched_days: float = 0.0


@dataclass(frozen=True, slots=True)
class Location:
    """Where the bytes of a capture lie: the WARC file's name, offset and length of its record in bytes.

    ``sha256`` is the hexadecimal SHA-256 of the payload as transferred, the digest that the record carries too.
    """

    file: str
    offset: int
    length: int
    sha256: str = ""


class Doubt(NamedTuple):
    """What an answer may be instead of its page, where only the page's own past can tell: an outcome, and why."""

    outcome: Outcome
    reason: str


@dataclass(frozen=True, slots=True)
class Visit:
    """What one visit to a page came to: the exchange if there was one, the reading if there is one, and the outcome.

    ``at`` is UTC in ISO 8601 with ``+00:00``. ``robots`` is the decision that allowed or refused the visit.
    ``noindex``, ``noarchive`` and ``tdm_reserved`` are what the headers ask; a page may ask it in meta tags.
    ``outcome`` may be open (``None``) where only the writer can tell new from changed from unchanged; ``doubts`` are
    what it may be then, if nothing of the page's own past is left.
    """

    page: Page
    at: str
    fetch: Fetch | None = None
    location: Location | None = None
    reading: Reading | None = None
    outcome: Outcome | None = None
    reason: str = ""
    found: tuple[Found, ...] = ()
    visible_hash: str | None = None
    moved_to: str | None = None
    robots: str = ""
    crawl_delay: float | None = None
    noindex: bool = False
    noarchive: bool = False
    tdm_reserved: bool = False
    due_at: str = ""
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Probe:
    """A question that is no visit: it makes no page, no version and no outcome of a page, but it is kept as evidence.

    ``page`` is the page that gave cause; ``since`` is when that page was visited, ``at`` when the probe was answered,
    both UTC in ISO 8601. ``outcome`` and ``reason`` say how it ended; a reading is there only where it has words.
    """

    kind: ProbeKind
    site: int
    page: int
    url: str
    since: str
    at: str = ""
    fetch: Fetch | None = None
    location: Location | None = None
    reading: Reading | None = None
    outcome: str = ""
    reason: str = ""
    robots: str = ""
