"""Politeness: the user agent, the delay between two requests, and the opt-outs of a site that are recorded.

All of it is pure; the waiting itself is Scrapy's download slot (see ``crawler.http.robots``) and the frontier's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["NO_CONTACT", "PRODUCT", "OptOut", "opt_out", "parse_contact", "retry_after", "slot_delay", "user_agent"]

PRODUCT = "clinicwatch"  # the name that a robots.txt can address us by
NO_CONTACT = (
    "no contact: say who answers for this crawl with --contact you@example.org or CLINICWATCH_CONTACT"
    " (an e-mail address or a web page); sites see it in the user agent"
)
_DAY = 86_400.0
_EMAIL = re.compile(r"[^\s@()<>,;:\"\\\[\]]+@[\w-]+(\.[\w-]+)+")
# directives of X-Robots-Tag that carry a value after a colon; any other colon ends the name of a crawler
_VALUED = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})
_NAMES = frozenset({"robots", PRODUCT})
_TDM_NAMES = frozenset({"tdm-reservation", "tdm-policy"})


@dataclass(frozen=True, slots=True)
class OptOut:
    """The opt-outs of a page; recorded with the capture, so that a user of the corpus can honour them.

    ``noai`` covers ``noimageai``; ``tdm_reserved`` is a rights reservation after the W3C's TDM Reservation Protocol and
    ``tdm_policy`` the URL of its terms.
    """

    noindex: bool = False
    noarchive: bool = False
    nofollow: bool = False
    noai: bool = False
    tdm_reserved: bool = False
    tdm_policy: str | None = None


def opt_out(headers: Iterable[tuple[str, str]], meta: Iterable[tuple[str, str]] = ()) -> OptOut:
    """Collect the signals of response headers and of ``<meta name content>`` pairs, those meant for other bots aside.

    >>> opt_out([("X-Robots-Tag", "noarchive"), ("X-Robots-Tag", "googlebot: noindex"), ("tdm-reservation", "1")])
    OptOut(noindex=False, noarchive=True, nofollow=False, noai=False, tdm_reserved=True, tdm_policy=None)
    """
    pairs = [(name.lower(), value.strip()) for name, value in (*headers, *meta)]
    directives = frozenset(directive for name, value in pairs for directive in _directives(name, value))
    tdm = {name: value for name, value in pairs if name in _TDM_NAMES}
    return OptOut(
        noindex=bool(directives & {"noindex", "none"}),
        noarchive=bool(directives & {"noarchive", "nocache"}),
        nofollow=bool(directives & {"nofollow", "none"}),
        noai=bool(directives & {"noai", "noimageai"}),
        tdm_reserved=tdm.get("tdm-reservation") == "1",
        tdm_policy=tdm.get("tdm-policy"),
    )


def retry_after(value: str | None, now: datetime) -> float | None:
    """Give the seconds of a Retry-After header, at most a day and never negative; None where it is unclear.

    >>> retry_after("120", datetime(2026, 3, 1, tzinfo=UTC))
    120.0
    >>> retry_after("Sun, 01 Mar 2026 00:00:30 GMT", datetime(2026, 3, 1, tzinfo=UTC))
    30.0
    """
    text = (value or "").strip()
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        return min(float(text), _DAY)
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    aware = date if date.tzinfo else date.replace(tzinfo=UTC)
    return min(max((aware - now).total_seconds(), 0.0), _DAY)


def slot_delay(delay: float, crawl_delay: float | None, longest: float) -> float:
    """Give the seconds between two requests to a host: our delay, or the longer Crawl-delay up to ``longest``.

    >>> slot_delay(delay=1.0, crawl_delay=600.0, longest=60.0)
    60.0
    """
    return max(delay, min(crawl_delay or 0.0, longest))


def user_agent(contact: str, version: str) -> str:
    """Give the name under which we crawl; whoever reads a server's log can find out who we are and complain.

    >>> user_agent("study@clinic.example", "0.1.0")
    'clinicwatch/0.1.0 (+mailto:study@clinic.example)'
    """
    address = contact if "://" in contact else f"mailto:{contact}"
    return f"{PRODUCT}/{version} (+{address})"


def parse_contact(text: str) -> str:
    """Accept an e-mail address or an http(s) URL, or raise ValueError with a line for the operator.

    >>> parse_contact("mailto:study@clinic.example")
    'study@clinic.example'
    """
    contact = text.strip().removeprefix("mailto:")
    if _EMAIL.fullmatch(contact) or _is_public_url(contact):
        return contact
    raise ValueError(f"the contact must be an e-mail address or an http(s) URL, not {text!r}")


def _is_public_url(text: str) -> bool:
    if not re.fullmatch(r"https?://[!-'*-~]+", text):  # printable ASCII without spaces and brackets
        return False
    try:
        return "." in (urlsplit(text).hostname or "")
    except ValueError:
        return False


def _directives(name: str, value: str) -> Iterator[str]:
    """Give the robots directives of one header or meta tag that are meant for everyone or for us."""
    if name not in {"x-robots-tag", *_NAMES}:
        return
    meant_for_us = True
    for token in value.lower().split(","):
        prefix, colon, rest = (part.strip() for part in token.partition(":"))
        if colon and prefix not in _VALUED:
            meant_for_us, prefix = prefix in _NAMES, rest  # names the bot of all directives up to the next name
        if meant_for_us:
            yield from prefix.split()
