"""Canonical URLs, the scope of a site, and what gives an endless path away."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit, urlunsplit

import tldextract
from w3lib.url import safe_url_string

# utm and click identifiers of the ad networks, mail tools and WordPress' own share and reply links:
# they name where a visitor came from, never what the page says
TRACKING = re.compile(
    r"^(?:utm_\w+|mtm_\w+|pk_\w+|hsa_\w+|_hs\w+|__hs\w+|gclid|gclsrc|gbraid|wbraid|dclid|fbclid|msclkid|yclid|ttclid"
    r"|twclid|li_fat_id|igshid|igsh|mc_cid|mc_eid|_ga|_gl|srsltid|vero_id|wickedid|trk|replytocom|share|nb"
    r"|phpsessid|jsessionid|aspsessionid\w*)$",
    re.IGNORECASE,
)
# what the URL standard forbids in a host, behind what urlsplit refuses already, and an empty label: no name has one,
# and a letter beyond ASCII beside it is left as it is, so that "http://ä../" would not be its own canonical form
NO_HOST = re.compile(r"[\x00-\x20\x7f\"%<>\\^`{|}]|\.\.|^\.")
SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid)=[^/?]*", re.IGNORECASE)
DEFAULT_PORTS = {"http": ":80", "https": ":443"}

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
    """Give the one address that a page is stored under, or ``None`` for what is no http or https URL.

    Lower-case scheme and host, no trailing dot, no default port, no fragment, no tracking or session parameters, safe
    escapes (https://url.spec.whatwg.org). Order and spelling of the other parameters stay: a server may care.

    >>> canonical("HTTPS://Cedar.Example.:443/faq/?utm_source=x&p=2#top")
    'https://cedar.example/faq/?p=2'
    """
    try:
        parts = urlsplit(safe_url_string(url.strip()))
        name, port = parts.hostname or "", parts.port
    except (ValueError, UnicodeError):
        return None
    host = name.removesuffix(".")
    if parts.scheme not in DEFAULT_PORTS or not host or NO_HOST.search(name) or len(url) > MAX_URL_LENGTH * 4:
        return None
    netloc = f"[{host}]" if ":" in host else host
    if port and f":{port}" != DEFAULT_PORTS[parts.scheme]:
        netloc += f":{port}"
    path = SESSION_IN_PATH.sub("", parts.path) or "/"
    return urlunsplit((parts.scheme, netloc, path, clean_query(parts.query), ""))


def clean_query(query: str) -> str:
    """Drop tracking and session parameters, and leave the others as they are written.

    >>> clean_query("utm_medium=mail&page=3&flag")
    'page=3&flag'
    """
    if not query:
        return ""
    return "&".join(part for part in query.split("&") if part and not TRACKING.match(part.partition("=")[0]))


def is_alias(raw: str, url: str) -> bool:
    """Tell whether a URL lost parameters on the way to its canonical form (a fragment or an escape is no alias)."""
    return "?" in raw and urlsplit(safe_url_string(raw)).query != urlsplit(url).query


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
