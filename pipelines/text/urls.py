"""Canonical URLs, the scope of a site, and what gives an endless path away."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

import ada_url
import tldextract

_NAMES = [
    name
    for line in Path(__file__).with_name("tracking_parameters.txt").read_text(encoding="utf-8").splitlines()
    if (name := line.strip()) and not name.startswith("#")
]
TRACKING = re.compile(
    rf"(?:{'|'.join(re.escape(name).replace(chr(92) + '*', '.*') for name in _NAMES)})$", re.IGNORECASE
)
ESCAPE = re.compile(r"%[0-9a-f][0-9a-fA-F]|%[0-9A-F][a-f]")
ESCAPED_AGAIN = re.compile(r"(?:amp;)+", re.IGNORECASE)  # an address that was escaped twice, or thrice
NO_HOST = re.compile(r"\.\.|^\.")  # an empty label: no name has one
SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid)=[^/?]*", re.IGNORECASE)
SCHEMES = frozenset({"http:", "https:"})

# not pages: what a browser would download or show as a picture
NOT_A_PAGE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|bmp|tiff?|mp[34]|m4[av]|mov|avi|webm|ogg|wav|pdf|docx?|xlsx?|pptx?|zip|gz"
    r"|rar|7z|dmg|exe|apk|css|js|mjs|woff2?|ttf|eot|ics|vcf|epub)$",
    re.IGNORECASE,
)

MAX_URL_LENGTH = 2_000  # the limit of most servers and of Scrapy's UrlLengthMiddleware
MAX_DEPTH = 1_000  # links from the nearest seed or sitemap entry: a site may be one long chain
MAX_REPEATS = 3  # the same path segment again and again: /a/b/a/b/a/b/
MAX_PARAMETERS = 8

_suffixes = tldextract.TLDExtract(suffix_list_urls=(), include_psl_private_domains=True, cache_dir=None)


@lru_cache(maxsize=4_000)
def canonical(url: str) -> str | None:
    r"""Give the one address that a page is stored under, or ``None`` for what is no http or https URL.

    Read as browsers do (https://url.spec.whatwg.org: backslashes, dot segments, IDNA 2008, default ports), without
    trailing dot, user, fragment, tracking and session parameters, escapes in capitals. Order and spelling of the other
    parameters stay: a server may care.

    >>> canonical("HTTPS://Cedar.Example.:443/a/../faq/?utm_source=x&p=2#top"), canonical("http:\\\\cedar.example\\x")
    ('https://cedar.example/faq/?p=2', 'http://cedar.example/x')
    """
    try:
        parts = ada_url.URL(url.strip())
    except (ValueError, UnicodeError):
        return None
    host = parts.hostname.removesuffix(".")
    if parts.protocol not in SCHEMES or not host or NO_HOST.search(parts.hostname) or len(url) > MAX_URL_LENGTH * 4:
        return None
    netloc = f"{host}:{parts.port}" if parts.port else host
    path = SESSION_IN_PATH.sub("", parts.pathname) or "/"
    query = clean_query(parts.search.removeprefix("?"))
    address = f"{parts.protocol}//{netloc}{path}{'?' if query else ''}{query}"
    return ESCAPE.sub(lambda escape: escape[0].upper(), address)


def join(base: str, address: str) -> str | None:
    r"""Resolve an address against a page's as browsers do; ``None`` for what is no http or https URL.

    >>> join("https://cedar.example/a/b", "..\\faq"), join("https://cedar.example/", "mailto:a@cedar.example")
    ('https://cedar.example/faq', None)
    """
    address = address.strip()
    if not address:
        return None
    try:
        joined = ada_url.join_url(base, address) if base else ada_url.URL(address).href
    except ValueError:
        return None
    return joined if joined.startswith(("http://", "https://")) else None


def clean_query(query: str) -> str:
    """Drop tracking and session parameters, and leave the others as they are written.

    >>> clean_query("utm_medium=mail&page=3&flag&amp;gclid=1")
    'page=3&flag'
    """
    parts = (ESCAPED_AGAIN.sub("", part, count=1) if part[:4].lower() == "amp;" else part for part in query.split("&"))
    return "&".join(part for part in parts if part and not TRACKING.match(part.partition("=")[0]))


def is_alias(raw: str, url: str) -> bool:
    """Tell whether a URL lost parameters on the way to its canonical form (a fragment or an escape is no alias)."""
    try:
        return "?" in raw and ada_url.URL(raw).search.removeprefix("?") != urlsplit(url).query
    except ValueError:
        return False


@lru_cache(maxsize=4_000)
def host_of(url: str) -> str:
    """Name the host that a site is known by: without port, trailing dot and ``www.``.

    >>> host_of("https://www.cedar.example:8080/faq")
    'cedar.example'
    """
    return bare_host(urlsplit(url).hostname or "")


def bare_host(host: str) -> str:
    """Drop what does not tell two sites apart: case, a trailing dot, ``www.``."""
    return host.lower().rstrip(".").removeprefix("www.")


def advertiser_of(host: str) -> str:
    """Name the registrable domain, by the public suffix list that tldextract carries; an IP address names itself.

    >>> advertiser_of("blog.cedar.co.uk")
    'cedar.co.uk'
    """
    return _suffixes(host).top_domain_under_public_suffix or host


@lru_cache(maxsize=4_000)
def pattern(url: str) -> str:
    """Write a URL with every run of digits as ``#``: pages of one calendar or listing share it.

    >>> pattern("https://cedar.example/events/2026-12/")
    'https://cedar.example/events/#-#/'
    """
    return re.sub(r"\d+", "#", url)


def next_run(parent_url: str, parent_run: int, url: str) -> int:
    """Count the steps in a row along one pattern; a step to another pattern starts again."""
    return parent_run + 1 if url != parent_url and pattern(url) == pattern(parent_url) else 0


@lru_cache(maxsize=4_000)  # the links of a menu come again on each page of a site
def trap_reason(url: str, depth: int) -> str | None:
    """Say why a URL looks like one of an endless number, or ``None``."""
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.split("/") if segment]
    repeats = max((segments.count(segment) for segment in set(segments)), default=0)
    if len(url) > MAX_URL_LENGTH:
        return f"longer than {MAX_URL_LENGTH} characters"
    if depth > MAX_DEPTH:
        return f"more than {MAX_DEPTH} links from a seed"
    if repeats > MAX_REPEATS:
        return f"a path segment stands more than {MAX_REPEATS} times"
    return f"more than {MAX_PARAMETERS} parameters" if parts.query.count("&") >= MAX_PARAMETERS else None
