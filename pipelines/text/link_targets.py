"""Where a link leads and which picture is shown, without what differs at each visit: the forms that are compared.

a href, a page's URL | does it matter to a patient? | no session, nonce, tracking, cache buster | target
a src | no query, no size, no format, no fingerprint of a build | name of a picture
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

from pipelines.text.urls import SESSION_IN_PATH, clean_query

__all__ = ["link_target", "picture_name"]

MAX_TARGET = 500
DOCUMENT = re.compile(r"(?i)\.(?:pdf|docx?|xlsx?|pptx?|rtf|odt|ods|odp|pages|csv|epub|zip)$")
# own pages where patients book, pay, consent or borrow
BOOKING = re.compile(
    r"(?i)(?<![a-z])(?:book(?:ing|-?now|-?online)?|appointments?|schedul\w+|financing|payments?|pay|loans?|credit|lend\w+"
    r"|apply|consent|intake|checkout|patient-?portal)(?![a-z])"
)
# buttons to share a page, and posts that feeds put in and take out by themselves
PASSING = re.compile(
    r"(?i)/(?:sharer?|intent|share-offsite|shareArticle)\b|pinterest\.\w+/pin/"
    r"|instagram\.com/(?:p|reel|tv)/|tiktok\.com/[^/]+/video/|(?:twitter|x)\.com/[^/]+/status/"
    r"|facebook\.com/(?:[^/]+/(?:posts|photos|videos)/|photo|story)"
)
SESSION_SEGMENT = re.compile(r"(?i)/\([SFA]\([^)/]*\)\)|(?<=/)(?:sess(?:ion)?(?:[-_]?id)?|sid|token|nonce)[/=][^/]+")
FOLDER_PAGE = re.compile(r"(?i)/(?:index|default)\.(?:html?|php|aspx?)$")
VOLATILE_NAME = re.compile(
    r"(?i)^(?:_|v|ver|version|rev|t|ts|time|timestamp|date|r|rnd|rand\w*|cb|cache\w*|bust\w*|nocache|dc|sid|s?ess\w*"
    r"|\w*session\w*|\w*token|\w*nonce|csrf\w*|state|sig|signature|expires|hash|x-amz-\w.*|x-goog-\w.*"
    r"|ref|referr?er|source|src|redirect\w*|return\w*|cid|visitor\w*|client_?id)$"
)
TOKEN_VALUE = re.compile(r"(?i)[0-9a-f-]{12,}|\d{10,}|(?=\D*\d)(?=[^a-z]*[a-z])[\w.~-]{24,}")
VIDEO = re.compile(r"(?i)(?:^|\.)(?:youtube(?:-nocookie)?\.com|youtu\.be)$")  # `v` is the video here
PROTECTED_ADDRESS = "/cdn-cgi/l/email-protection"  # an e-mail address, masked by another byte at each answer

PICTURE = re.compile(r"(?i)\.(?:jpe?g|png|gif|webp|avif|svg|bmp|tiff?|heic)$")
NO_PICTURE = re.compile(r"(?i)^(?:blank|spacer|pixel|transparent|placeholder|lazy|loading|loader|1x1)$")
# feeds of other sites, and people who wrote a review: another picture at each visit
PASSING_PICTURE = re.compile(r"(?i)cdninstagram|fbcdn|fbsbx|gravatar|googleusercontent|ytimg|twimg|tiktokcdn|yelpcdn")
SIZE = re.compile(r"(?i)(?:[-_]\d{2,5}x\d{0,5}|[-_]scaled|[-_]e\d{10,13}|@\dx|[-_]\d{2,4}w|~mv2(?:_d_[\d_a-z]+)?)$")
FINGERPRINT = re.compile(r"(?i)[-._](?=[a-z]*\d)[0-9a-f]{8,}(?=$|[-._])")
# no name by a person: long, with letters after digits, or letters up to f with a digit
TOKEN_NAME = re.compile(r"(?i)(?=[0-9a-z~]{10,}$)[a-z~]*\d+[a-z~][0-9a-z~]*|(?=.{6,}$)(?=\D*\d)(?=\d*[a-f])[0-9a-f]+")
MEDIA_ID = re.compile(r"/media/([^/]+)/v1/")  # Wix: the file, before how it is cut and what it is called


@lru_cache(maxsize=8_000)  # menus and footers come again on each page
def link_target(href: str, url: str) -> str:
    """Give where a link leads as it is compared; empty for links that matter to no patient, as most of a site's own.

    Telephone numbers, e-mail addresses, documents, other hosts, and own pages for bookings, payment and consent count.

    >>> link_target("/forms/consent-b.pdf?ver=3", "https://cedar.example/faq")
    'cedar.example/forms/consent-b.pdf'
    >>> link_target("tel:+1 (555) 010-4477", ""), link_target("/about", "https://cedar.example/")
    ('tel:+15550104477', '')
    """
    href = "".join(href.split())
    scheme, _, rest = href.partition(":")
    if scheme.lower() in {"tel", "sms", "callto"}:
        return f"tel:{re.sub(r'[^0-9+]', '', unquote(rest).partition(';')[0].partition('?')[0])}"
    if scheme.lower() == "mailto":
        return f"mailto:{unquote(rest.partition('?')[0]).lower()}"
    if PROTECTED_ADDRESS in href:
        return _protected_address(href)
    return _web_target(href, url)


def _web_target(href: str, url: str) -> str:
    try:
        parts, own = urlsplit(urljoin(url, href)), urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
        is_own = host == (own.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https", ""} or PASSING.search(f"{host}{parts.path}"):
        return ""
    path = FOLDER_PAGE.sub("/", SESSION_SEGMENT.sub("", SESSION_IN_PATH.sub("", parts.path))).rstrip("/")
    if is_own and not (DOCUMENT.search(path) or BOOKING.search(path)):
        return ""
    query = "" if DOCUMENT.search(path) else _lasting_query(parts.query, is_video=bool(VIDEO.search(host)))
    return f"{host}{path}{query}"[:MAX_TARGET]


def _lasting_query(query: str, *, is_video: bool) -> str:
    """Leave out parameters that differ at each visit, and sort the others: their order says nothing."""
    pairs = (part.partition("=") for part in clean_query(query).split("&") if part)
    lasting = sorted(
        f"{name}={value}"
        for name, _, value in pairs
        if (is_video and name == "v") or not (VOLATILE_NAME.match(name) or TOKEN_VALUE.fullmatch(value))
    )
    return f"?{'&'.join(lasting)}" if lasting else ""


def _protected_address(href: str) -> str:
    """Read an e-mail address that Cloudflare masked: bytes in hexadecimal, the first is combined with all others.

    >>> _protected_address("/cdn-cgi/l/email-protection#422302206c212d")
    'mailto:a@b.co'
    """
    try:
        key, *masked = bytes.fromhex(href.partition("#")[2].partition("?")[0])
    except ValueError:
        return ""
    return f"mailto:{bytes(one ^ key for one in masked).decode('utf-8', 'replace').lower()}"


@lru_cache(maxsize=8_000)
def picture_name(src: str) -> str:
    """Name the picture of an address: its file, whatever its size, its format, its server and the build of its site.

    Empty for counting pixels, placeholders and feeds of other sites, and for names that servers make up: they may be
    others at each build.

    >>> picture_name("https://i0.wp.com/cedar.example/up/team-300x200.jpg?ssl=1"), picture_name("/up/team-scaled.webp")
    ('team', 'team')
    >>> picture_name("/static/logo.3f2a9c1b.png"), picture_name("data:image/gif;base64,R0lG")
    ('logo', '')
    """
    src = src.strip()
    if src[:5].lower() == "data:" or PASSING_PICTURE.search(src[:200]):
        return ""
    try:
        parts = urlsplit(src)
    except ValueError:
        return ""
    original = parse_qs(parts.query).get("url", [""])[0] if not PICTURE.search(parts.path) else ""
    path = unquote(urlsplit(original).path if original else parts.path)
    media = MEDIA_ID.search(path)
    name = media[1] if media else path.rstrip("/").rpartition("/")[2]
    if not PICTURE.search(name):
        return ""
    while PICTURE.search(name):  # photo.jpg.webp
        name = PICTURE.sub("", name)
    while SIZE.search(name):
        name = SIZE.sub("", name)
    name = FINGERPRINT.sub("", name) or name
    return "" if NO_PICTURE.match(name) or TOKEN_NAME.fullmatch(name) else name[:200]
