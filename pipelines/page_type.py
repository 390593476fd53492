"""What kind of page this is, by its address, its structure and its text, with the reasons.

Each sign gives points to one kind; the most points win. The address speaks loudest (a clinic's ``/faqs/`` is one), then what the page
declares in JSON-LD and Open Graph, then title and headings, then the shape of the text. Signs that sites put everywhere count little:
WordPress plug-ins declare ``og:type article`` on every page but the home page, and ``FAQPage`` on any page with an accordion.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from db.records import PageType
from pipelines.metadata import Metadata
from pipelines.terms import fold

__all__ = ["classify"]

_T = PageType
_ENOUGH = 1.5
_TRACKING = re.compile(r"utm_|gclid|fbclid|msclkid|srsltid|_ga|mc_|v$|ver$|ref$|lang$")

# Words of the last part of a path; the first kind whose pattern matches gets the points.
_LAST: tuple[tuple[PageType, float, str], ...] = (
    (_T.FEED, 8, r"feed|rss|atom|feed\.xml|rss\.xml|sitemap.*\.xml|.*\.(?:rss|atom|json)|wp json"),
    (_T.SEARCH, 6, r"search|search results|buscar|results"),
    (
        _T.POLICY,
        5,
        r".*\b(?:privacy|terms|consent|disclaimer|disclaimers|hipaa|policy|policies|accessibility|cookies?|gdpr|legal|refunds?"
        r"|cancellation|nondiscrimination|non discrimination|notice of|patient rights|no surprises|good faith|privacidad|aviso legal|waiver|agreement|patient forms?)\b.*",
    ),
    (
        _T.FAQ,
        5,
        r".*\b(?:faqs?|frequently asked|preguntas|q ?(?:and|n) ?a|common questions|questions answered)\b.*|(?:.* )?questions(?: .*)?|faq.*",
    ),
    (
        _T.PRICE,
        5,
        r"(?:.* )?(?:prices?|pricing|costs?|fees?|rates?|financing|insurance|payments?|payment options|membership|memberships|packages"
        r"|specials|investment|precios|costo|affordability|billing)(?: .*)?",
    ),
    (
        _T.CONTACT,
        5,
        r"(?:.* )?(?:contact|contacts|contacto|directions|parking|appointments?|book|book now|booking|schedule|find us|visit us|hours"
        r"|get in touch|request|locations?|ubicacion|hours and location)(?: us| online| now)?|contact .*|locations? .*|schedule .*|book .*|request .*",
    ),
    (
        _T.TESTIMONIAL,
        5,
        r".*\b(?:testimonials?|testimonios|reviews?|success stor(?:y|ies)|patient stor(?:y|ies)|stories|what (?:our )?(?:patients|clients) say)\b.*",
    ),
    (
        _T.ABOUT,
        5,
        r"(?:about|about us|about .*|our (?:team|staff|story|mission|doctors?|physicians?|providers?|clinic|practice|clinicians|approach|philosophy|values)|(?:the )?team|staff|meet .*|providers"
        r"|leadership|who we are|why us|why choose .*|careers?|jobs|employment|(?:.* )?(?:biography|bio)|dr .*|.* (?:md|np|crna|phd|lcsw|pmhnp|rn|dnp)|sobre .*|nosotros|quienes somos|clinicians|mission.*|doctors?|founders?|media kit)",
    ),
    (_T.NEWS, 3, r"(?:press release|press|in the news|media coverage|newsroom)(?: .*)?"),
    (
        _T.ARCHIVE,
        5,
        r"blog|blogs|articles|posts|news|latest news|archives?|tags?|categories|topics|resources|insights|learn|journal|updates|press",
    ),
    (_T.SERVICE, 2.5, r"(?:our )?(?:services?|treatments?|therap(?:y|ies)|programs?|servicios|tratamientos?)(?: .*)?"),
    (_T.CONDITION, 5, r"(?:.* )?conditions?(?: .*)?|what we treat|who we help|condiciones"),
)
# Names of folders above the last part.
_FOLDER: tuple[tuple[PageType, float, str], ...] = (
    (_T.FEED, 8, r"feed|wp json"),
    (
        _T.ARCHIVE,
        6,
        r"tag|tags|category|categories|author|authors|topic|topics|year|month|page|archive|archives|medalert tag",
    ),
    (_T.SEARCH, 6, r"search"),
    (
        _T.BLOG,
        6,
        r"blog|blogs|post|posts|article|articles|insights|blog post|web stories|journal entries|our blog|education|stories|single post|entry",
    ),
    (_T.NEWS, 6, r"news|press|press releases?|newsroom|news stories|in the news|media|news releases"),
    (_T.FAQ, 5, r"(?:\w+ )?faqs?(?: items?)?|questions|frequently asked questions"),
    (
        _T.ABOUT,
        5,
        r"team|our team|staff|providers?|doctors?|physicians?|clinicians?|people|team members?|about us|about|our staff|bios?|careers?|jobs",
    ),
    (_T.CONDITION, 4, r"conditions?(?: we treat| treated)?|conditions .*|what we treat|condiciones"),
    (
        _T.SERVICE,
        3,
        r"services?|treatments?|therap(?:y|ies)|programs?|servicios|our services|ketamine therapy|infusion therapy",
    ),
    (_T.POLICY, 5.5, r"legal|policies|privacy|patient forms|forms|medical polic(?:y|ies)|policies .*|.* policies"),
    (_T.TESTIMONIAL, 5, r"testimonials?|reviews?|patient stories|success stories"),
    (_T.CONTACT, 2, r"locations?|contact"),
    (
        _T.OTHER,
        6,
        r"shop|store|products?|cart|checkout|listing|listings|clinics|directory|wiki|podcasts?|episodes?|forum|community|events?|jobs?|threads?|video|videos|gallery|glossary|login|account|portal|collections|item|t|r|webinars?|drugs?|drug \w+|drug index|encyclopedia|dictionary|abstract|doi|10\.\d+|clinical trials.*|trial",
    ),
)
_CONDITION = (
    r"depress(?:ion|ive)|depresion|anxiety|ansiedad|ptsd|post ?traumatic|ocd|obsessive|bipolar|postpartum|suicid\w+|chronic ?pain|dolor cronico|crps|rsd|complex regional"
    r"|fibromyalgia|migraines?|neuropath\w+|addiction|alcohol(?:ism)?|substance use|adhd|eating disorders?|lyme|insomnia|trauma|panic|grief"
    r"|mood disorders?|nerve pain|back pain|headaches?|burnout|phantom limb|tinnitus|autism|social phobia|treatment resistant"
)
_SERVICE = (
    r"ketamin[ea]s?|esketamine|spravato|infusions?|infusiones|\biv\b|\bkap\b|psychotherapy|therap(?:y|ies)|treatments?|tratamientos?|lozenges?|troches?|tms|"
    r"what to expect|process|how it works|getting started|preparing|preparation|integration|nad|wellness|injections?|medication management|telehealth|psychedelic|evaluation|retreats?|behandlung|traitement|tratamento|trattamento|what we (?:do|offer)|refer(?:rals?|ring)?"
)
_TITLE: tuple[tuple[PageType, float, str], ...] = (
    (
        _T.ARCHIVE,
        5,
        r"\barchives?\b|^(?:tag|category|author|year|month|topic)s?\s*:|\bposts (?:by|tagged|in)\b|\bblog (?:index|home)$|^(?:our |the )?(?:\w+ ){0,3}(?:blog|news|articles)(?: (?:and|&) \w+)?$|\bpage \d+( of \d+)?$|^all posts",
    ),
    (_T.SEARCH, 6, r"search results|you searched for|results for\b|resultados de"),
    (
        _T.POLICY,
        4,
        r"privacy|terms (?:of|and|&)|informed consent|\bconsent (?:form|to|for)|disclaimer|hipaa|\bpolic(?:y|ies)\b|accessibility statement|notice of|cookies|legal notice|aviso de privacidad|agreement",
    ),
    (
        _T.FAQ,
        4,
        r"\bfaqs?\b|frequently asked|questions (?:and|&) answers|common questions|preguntas frecuentes|your questions|\bq\s?&\s?a\b|questions about|questions patients",
    ),
    (
        _T.PRICE,
        3,
        r"\bpric(?:e|es|ing)\b|\bfees?\b|\bcosts?\b|\brates\b|financing|insurance|membership|payment|precios",
    ),
    (
        _T.CONTACT,
        4,
        r"^contact|\bcontact us|get in touch|directions|find us|our locations?|parking|book (?:an|your|a) |schedule (?:an|your|a) |request an? |hours and location|contacto|visit us|^locations?",
    ),
    (
        _T.TESTIMONIAL,
        4,
        r"testimonial|\breviews?\b|success stor|patient stor|what (?:our )?(?:patients|clients|people) (?:say|are saying)|in their own words|testimonios",
    ),
    (
        _T.ABOUT,
        3.5,
        r"^about|\bour (?:team|story|mission|staff|doctors?|providers?|philosophy)|^meet\b|who we are|why choose|^careers|\bjoin our team|, d\.?o\.?\b|,? (?:m\.?d\.?|crna|pmhnp|lcsw|ph\.?d\.?|r\.?n\.?|np|dnp)\b|^dr\.? \w+|sobre nosotros|quienes somos|the team",
    ),
    (_T.NEWS, 2.5, r"press release|in the news|^news:|announces\b|featured (?:on|in)"),
    (_T.CONDITION, 1.5, rf"{_CONDITION}|conditions (?:we|that)"),
    (_T.SERVICE, 1.2, _SERVICE),
    (
        _T.OTHER,
        3,
        r"^(?:404|page not found|not found)|add to cart|shopping cart|log ?in$|\bpodcast\b|gallery|episode \d+|cart$",
    ),
)
_TYPES: dict[str, tuple[PageType, float]] = {
    "FAQPage": (_T.FAQ, 2.0),
    "NewsArticle": (_T.NEWS, 4.0),
    "ReportageNewsArticle": (_T.NEWS, 4.0),
    "BlogPosting": (_T.BLOG, 4.0),
    "Article": (_T.BLOG, 2.5),
    "CollectionPage": (_T.ARCHIVE, 4.0),
    "Blog": (_T.ARCHIVE, 3.0),
    "SearchResultsPage": (_T.SEARCH, 5.0),
    "ContactPage": (_T.CONTACT, 4.0),
    "AboutPage": (_T.ABOUT, 4.0),
    "ProfilePage": (_T.ABOUT, 3.0),
    "MedicalCondition": (_T.CONDITION, 2.5),
    "Service": (_T.SERVICE, 1.5),
    "MedicalProcedure": (_T.SERVICE, 1.5),
    "MedicalTherapy": (_T.SERVICE, 1.5),
    "ScholarlyArticle": (_T.OTHER, 6.0),
    "MedicalScholarlyArticle": (_T.OTHER, 5.0),
    "DiscussionForumPosting": (_T.OTHER, 6.0),
    "QAPage": (_T.OTHER, 3.0),
    "Product": (_T.OTHER, 4.0),
    "JobPosting": (_T.OTHER, 3.0),
    "PodcastEpisode": (_T.OTHER, 6.0),
    "Event": (_T.OTHER, 2.0),
    "Review": (_T.TESTIMONIAL, 0.7),
}
_QUESTION = re.compile(r"^(?:[QP]\s?[.:)]\s*|\d+[.)]\s*)?[^.!?]{8,180}\?\s*$")
_MONEY = re.compile(r"[$€£]\s?\d[\d,.]*|\b\d[\d,.]*\s?(?:dollars|USD)\b")
_POSTED = re.compile(
    r"^(?:posted (?:on|by)|by .{2,40}\||read more|continue reading|leer más)|\bread more\b|continue reading|\bmin read\b",
    re.IGNORECASE,
)
_CREDENTIAL = re.compile(
    r"\b(?:board[- ]certified|residency|fellowship|medical school|graduated|received (?:his|her|their) (?:degree|doctorate)|years of experience)\b",
    re.I,
)
_LEGAL = re.compile(
    r"\b(?:personal information|third part(?:y|ies)|governing law|i (?:understand|acknowledge|consent|agree)|we may (?:collect|disclose)|cookies|protected health information|shall|liab(?:le|ility)|cancellation|24 hours|48 hours|no[- ]show)\b",
    re.I,
)
_QUOTED = re.compile(r"^[\"“”«].{20,}|^[-–—]\s?[A-Z][\w.]*(?: [A-Z]\.?)?,?(?: .{0,25})?$")
_CARE = re.compile(
    r"\b(?:infusions?|treatments?|therap(?:y|ies)|sessions?|patients|our (?:clinic|nurses?|doctors?|team)|we (?:treat|offer|provide)|your (?:doctor|provider|visit))\b",
    re.IGNORECASE,
)
_PAPER = re.compile(r"\bp\s?[<=]\s?0?\.\d|95\s?% CI|\bdoi\b|et al\.|randomi[sz]ed|\bPubMed\b")
_SAID = re.compile(r"\b(?:said|told|according to|officials|spokes\w+)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Sign:
    """One sign: the kind it speaks for, its points, and what was seen."""

    kind: PageType
    points: float
    reason: str


def _parts(url: str) -> list[str]:
    path = unquote(urlsplit(url).path).lower()
    parts = [re.sub(r"\.(?:html?|php|aspx?|cfm|jsp)$", "", part) for part in path.split("/") if part]
    return [re.sub(r"[-_+%\s]+", " ", fold(part)).strip() for part in parts if part not in ("amp", "embed", "print")]


def _query(url: str) -> list[tuple[str, str]]:
    return [
        (key, value)
        for key, value in parse_qsl(urlsplit(url).query, keep_blank_values=True)
        if not _TRACKING.match(key.lower())
    ]


def _is_root(parts: list[str], query: list[tuple[str, str]]) -> bool:
    language = parts and re.fullmatch(r"(?:[a-z]{2}|[a-z]{2} [a-z]{2})", parts[0])
    rest = parts[1:] if language else parts
    return not query and (not rest or rest in (["index"], ["home"], ["default"], ["inicio"], ["homepage"]))


def _query_signs(query: list[tuple[str, str]]) -> Iterator[_Sign]:
    for key, value in query:
        if key in ("s", "q", "query", "search", "keyword", "k") and value:
            yield _Sign(_T.SEARCH, 7, f"address asks {key}=")
        if key in ("cat", "tag", "author", "m", "paged", "category", "category_name") or (
            key == "page" and value.isdigit()
        ):
            yield _Sign(_T.ARCHIVE, 6, f"address asks {key}=")
        if key in ("feed", "rest_route") or (key == "format" and value in ("rss", "json", "xml", "feed")):
            yield _Sign(_T.FEED, 8, f"address asks {key}=")


def _date_signs(parts: list[str]) -> Iterator[_Sign]:
    numbers = [part for part in parts if re.fullmatch(r"\d{1,4}", part)]
    years = [part for part in numbers if re.fullmatch(r"(?:19|20)\d\d", part)]
    if years and parts[-1] in numbers:
        yield _Sign(_T.ARCHIVE, 7, "address ends in a date")
    elif years and len(numbers) >= 2:
        yield _Sign(_T.BLOG, 4, "address has a date")


def _first_match(table: tuple[tuple[PageType, float, str], ...], part: str) -> _Sign | None:
    return next(
        (
            _Sign(kind, points, f"address says {part[:40]!r}")
            for kind, points, shape in table
            if re.fullmatch(shape, part)
        ),
        None,
    )


def _folder_signs(parts: list[str]) -> Iterator[_Sign]:
    for part in parts[:-1]:
        sign = _first_match(_FOLDER, part)
        if sign:
            yield sign


def _service_folder(parts: list[str]) -> Iterator[_Sign]:
    named = next((part for part in parts[:-1] if re.search(rf"\b(?:{_SERVICE})\b", part)), None)
    if named:
        yield _Sign(_T.SERVICE, 1.2, f"address names a treatment: {named[:40]!r}")


def _last_signs(last: str) -> Iterator[_Sign]:
    sign = _first_match(_LAST, last)
    long = len(last.split()) > 5  # a slug of a sentence is a post's headline, not the name of a section
    if sign:
        yield _Sign(sign.kind, sign.points * (0.4 if long and sign.kind is not _T.POLICY else 1.0), sign.reason)
    if re.search(rf"\b(?:{_CONDITION})\b", last) and not long:
        yield _Sign(_T.CONDITION, 3, f"address names a condition: {last[:40]!r}")
    if re.search(rf"\b(?:{_SERVICE})\b", last):
        yield _Sign(_T.SERVICE, 1 if long else 2, f"address names a treatment: {last[:40]!r}")
    if long:
        yield _Sign(_T.BLOG, 1.5, "address is a sentence")


def _address_signs(url: str) -> Iterator[_Sign]:
    parts, query = _parts(url), _query(url)
    if _is_root(parts, query):
        yield _Sign(_T.HOME, 20, "address is the root of the site")
        return
    yield from _query_signs(query)
    yield from _date_signs(parts)
    if parts:
        yield from _folder_signs(parts)
        yield from _service_folder(parts)
        yield from _last_signs(parts[-1])


def _declared_signs(meta: Metadata) -> Iterator[_Sign]:
    for kind in meta.types:
        if kind in _TYPES:
            yield _Sign(*_TYPES[kind], f"declares {kind}")
    if meta.og_type in ("product", "profile", "video.other", "music.song"):
        yield _Sign(_T.ABOUT if meta.og_type == "profile" else _T.OTHER, 3, f"og:type {meta.og_type}")
    if meta.published and meta.published_source in ("meta", "time", "text"):
        yield _Sign(_T.BLOG, 3.2, f"publication date in {meta.published_source}")
    if meta.og_type == "article":
        yield _Sign(_T.BLOG, 0.5, "og:type article")
    if meta.author and meta.is_article:
        yield _Sign(_T.BLOG, 1, "names an author")


def _title_signs(title: str, where: str, weight: float) -> Iterator[_Sign]:
    folded = fold(title).strip()
    for kind, points, shape in _TITLE:
        if re.search(shape, folded):
            long = len(folded.split()) > 8 and kind not in (_T.ARCHIVE, _T.SEARCH, _T.POLICY)
            yield _Sign(kind, points * weight * (0.5 if long else 1.0), f"{where} says {kind}")


def _line_signs(lines: list[str], headings: tuple[str, ...]) -> Iterator[_Sign]:
    asked = sum(1 for line in dict.fromkeys([*lines, *headings]) if _QUESTION.match(line))
    if asked >= 4 and asked >= 0.15 * len(lines):
        yield _Sign(_T.FAQ, min(3.0, 1 + asked / 4), f"{asked} questions")
    quoted = sum(1 for line in lines if _QUOTED.match(line))
    if quoted >= 3 and quoted >= 0.3 * len(lines):
        yield _Sign(_T.TESTIMONIAL, 3, f"{quoted} quotations")
    teasers = sum(1 for line in lines if _POSTED.search(line))
    if teasers >= 3:
        yield _Sign(_T.ARCHIVE, 3, f"{teasers} teasers")


def _text_signs(text: str) -> Iterator[_Sign]:
    length = max(len(text.split()), 40)
    shapes = (
        (_T.PRICE, _MONEY, 3, 70, 2.0),
        (_T.ABOUT, _CREDENTIAL, 2, 80, 2.0),
        (_T.POLICY, _LEGAL, 3, 60, 2.5),
        (_T.NEWS, _SAID, 3, 150, 2.0),
    )
    for kind, shape, least, spacing, points in shapes:
        hits = len(shape.findall(text))
        if hits >= least and length / hits <= spacing:
            yield _Sign(kind, points, f"{hits} times the words of {kind}")


def _feed_signs(text: str) -> Iterator[_Sign]:
    if re.match(r"\s*(?:<\?xml|<rss|<feed|\{\s*\"|\[\s*\{)", text):
        yield _Sign(_T.FEED, 10, "text is XML or JSON")


def _signs(url: str, meta: Metadata, text: str, headings: tuple[str, ...]) -> Iterator[_Sign]:
    yield from _address_signs(url)
    yield from _declared_signs(meta)
    yield from _title_signs(meta.title or "", "title", 1.0)
    if headings and headings[0] != meta.title:
        yield from _title_signs(headings[0], "headline", 0.7)
    if re.search(
        r"\b(?:abstract|background|methods)\b.*\b(?:results|conclusions?)\b", fold(text[:6000]), re.DOTALL
    ) and _PAPER.search(text):
        yield _Sign(_T.OTHER, 6, "reads like a paper")
    yield from _line_signs([line for line in text.splitlines() if line.strip()], headings)
    yield from _text_signs(text[:40_000])
    yield from _feed_signs(text[:100])


def _total(signs: list[_Sign]) -> dict[PageType, float]:
    points: dict[PageType, float] = {}
    for sign in signs:
        points[sign.kind] = points.get(sign.kind, 0.0) + sign.points
    # news and blog share the signs of an article: the kind that is ahead takes them
    if points.get(_T.NEWS, 0) >= 4:
        points[_T.NEWS] += points.get(_T.BLOG, 0)
    return points


def _fallback(text: str) -> tuple[PageType, tuple[str, ...]]:
    """Give a page without signs: one that speaks of care all along is a service page, as doorways are."""
    hits = len(_CARE.findall(text[:40_000]))
    dense = hits >= 3 and len(text.split()) <= 25 * hits
    return (_T.SERVICE, (f"no other sign, and {hits} times the words of care",)) if dense else (_T.OTHER, ())


def classify(url: str, meta: Metadata, text: str, headings: tuple[str, ...]) -> tuple[PageType, tuple[str, ...]]:
    """Say what kind of page this is, with the reasons for it, strongest first; ``OTHER`` where too little speaks for any.

    >>> classify("https://cedar.example/faqs/", Metadata(title="FAQs"), "", ())[0]
    <PageType.FAQ: 'faq'>
    """
    signs = list(_signs(url, meta, text, headings))
    points = _total(signs)
    kind = max(points, key=lambda each: points[each], default=_T.OTHER)
    if points.get(kind, 0) < _ENOUGH:
        return _fallback(text)
    own = sorted((sign for sign in signs if sign.kind is kind), key=lambda sign: -sign.points)
    return kind, tuple(dict.fromkeys(sign.reason for sign in own))
