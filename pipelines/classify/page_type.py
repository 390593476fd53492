"""What kind of page this is, by its address, its structure and its text, with the reasons.

Each sign gives points to one kind; the most points win. The address speaks loudest (a clinic's ``/faqs/`` is one),
then what the page declares in JSON-LD and Open Graph, then title and headings, then the shape of the text. Signs that
sites put everywhere count little: WordPress plug-ins declare ``og:type article`` on every page but the home page, and
``FAQPage`` on any page with an accordion.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from pipelines.classify import page_signs as signs
from pipelines.model.page_types import PageType
from pipelines.text.terms import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.metadata.page_metadata import Metadata

__all__ = ["classify"]

_T = PageType
_ENOUGH = 1.5
_MENU_KINDS = frozenset({_T.SERVICE, _T.CONDITION, _T.ABOUT, _T.POLICY, _T.BLOG})
_TRACKING = re.compile(r"utm_|gclid|fbclid|msclkid|srsltid|_ga|mc_|v$|ver$|ref$|lang$")


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


def _first_match(table: signs.Table, part: str) -> _Sign | None:
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
        sign = _first_match(signs.FOLDER, part)
        if sign:
            yield sign


def _service_folder(parts: list[str]) -> Iterator[_Sign]:
    named = next((part for part in parts[:-1] if re.search(rf"\b(?:{signs.SERVICE})\b", part)), None)
    if named:
        yield _Sign(_T.SERVICE, 1.2, f"address names a treatment: {named[:40]!r}")


def _last_signs(last: str) -> Iterator[_Sign]:
    sign = _first_match(signs.LAST, last)
    long = len(last.split()) > 5  # a slug of a sentence is a post's headline, not the name of a section
    if sign:
        yield _Sign(sign.kind, sign.points * (0.4 if long and sign.kind is not _T.POLICY else 1.0), sign.reason)
    if re.search(rf"\b(?:{signs.CONDITION})\b", last) and not long:
        yield _Sign(_T.CONDITION, 3, f"address names a condition: {last[:40]!r}")
    if re.search(rf"\b(?:{signs.SERVICE})\b", last):
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


def _menu_signs(labels: tuple[str, ...]) -> Iterator[_Sign]:
    """Read the nearest entry of the menu that says a kind; a menu of everything ("Quick links") says none."""
    for label in labels:
        words = " ".join(re.findall(r"\w+", fold(label)))
        sign = _first_match(signs.FOLDER, words)
        if sign and sign.kind in _MENU_KINDS:
            yield _Sign(sign.kind, 3, f"stands in the menu under {label!r}")
            return


def _declared_signs(meta: Metadata) -> Iterator[_Sign]:
    for kind in meta.types:
        if kind in signs.DECLARED:
            yield _Sign(*signs.DECLARED[kind], f"declares {kind}")
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
    for kind, points, shape in signs.TITLE:
        if re.search(shape, folded):
            long = len(folded.split()) > 8 and kind not in (_T.ARCHIVE, _T.SEARCH, _T.POLICY)
            yield _Sign(kind, points * weight * (0.5 if long else 1.0), f"{where} says {kind}")


def _head_signs(url: str, title: str, headline: str) -> Iterator[_Sign]:
    """Read title and headline; a title that shares no word with headline and address is its site's on all pages."""
    words = set(fold(title).split())
    last = set(_parts(url)[-1].split()) if _parts(url) else set[str]()
    is_of_site = bool(headline) and not words & (set(fold(headline).split()) | last)
    yield from _title_signs(title, "title", 0.4 if is_of_site else 1.0)
    if headline and headline != title:
        yield from _title_signs(headline, "headline", 1.0 if is_of_site else 0.7)


def _line_signs(lines: list[str], headings: tuple[str, ...]) -> Iterator[_Sign]:
    asked = sum(1 for line in dict.fromkeys([*lines, *headings]) if signs.QUESTION.match(line))
    if asked >= 4 and asked >= 0.15 * len(lines):
        # services and town pages end in some questions; a page of questions has hardly another heading
        others = sum(1 for heading in headings if not signs.QUESTION.match(heading))
        yield _Sign(_T.FAQ, min(3.0, 1 + asked / 4) if others <= asked / 2 else 1.0, f"{asked} questions")
    quoted = sum(1 for line in lines if signs.QUOTED.match(line))
    if quoted >= 3 and quoted >= 0.3 * len(lines):
        yield _Sign(_T.TESTIMONIAL, 3, f"{quoted} quotations")
    teasers = sum(1 for line in lines if signs.POSTED.search(line))
    if teasers >= 3:
        yield _Sign(_T.ARCHIVE, 3, f"{teasers} teasers")


def _text_signs(text: str) -> Iterator[_Sign]:
    length, small = max(len(text.split()), 40), text.lower()
    for kind, sign, pattern in signs.WORDS:
        hits = len(pattern.findall(small if sign.folded else text))
        if hits >= sign.fewest and length / hits <= sign.spacing:
            yield _Sign(kind, sign.points, f"{hits} times the words of {kind}")


def _feed_signs(text: str) -> Iterator[_Sign]:
    if re.match(r"\s*(?:<\?xml|<rss|<feed|\{\s*\"|\[\s*\{)", text):
        yield _Sign(_T.FEED, 10, "text is XML or JSON")


def _signs(url: str, meta: Metadata, text: str, headings: tuple[str, ...]) -> Iterator[_Sign]:
    yield from _address_signs(url)
    yield from _menu_signs(meta.menu_labels)
    yield from _declared_signs(meta)
    yield from _head_signs(url, meta.title or "", headings[0] if headings else "")
    if re.search(
        r"\b(?:abstract|background|methods)\b.*\b(?:results|conclusions?)\b", fold(text[:6000]), re.DOTALL
    ) and signs.PAPER.search(text):
        yield _Sign(_T.OTHER, 6, "reads like a paper")
    yield from _line_signs([line for line in text.splitlines() if line.strip()], headings)
    yield from _text_signs(text[:40_000])
    yield from _feed_signs(text[:100])


def _total(found: list[_Sign]) -> dict[PageType, float]:
    points: dict[PageType, float] = {}
    for sign in found:
        points[sign.kind] = points.get(sign.kind, 0.0) + sign.points
    # news and blog share the signs of an article: the kind that is ahead takes them
    if points.get(_T.NEWS, 0) >= 4:
        points[_T.NEWS] += points.get(_T.BLOG, 0)
    return points


def _fallback(text: str) -> tuple[PageType, tuple[str, ...]]:
    """Give a page without signs: one that speaks of care or an offer all along is a service page, as doorways are."""
    small = text[:40_000].lower()
    hits = len(signs.CARE.findall(small)) + len(signs.OFFER.findall(small))
    dense = hits >= 3 and len(text.split()) <= 25 * hits
    return (
        (_T.SERVICE, (f"no other sign, and {hits} times the words of care or of an offer",))
        if dense
        else (_T.OTHER, ())
    )


def classify(url: str, meta: Metadata, text: str, headings: tuple[str, ...]) -> tuple[PageType, tuple[str, ...]]:
    """Say what kind of page this is, with the reasons, strongest first; ``OTHER`` where too little speaks for any.

    >>> from pipelines.metadata.page_metadata import Metadata
    >>> classify("https://cedar.example/faqs/", Metadata(title="FAQs"), "", ())[0]
    <PageType.FAQ: 'faq'>
    """
    found = list(_signs(url, meta, text, headings))
    points = _total(found)
    kind = max(points, key=lambda each: points[each], default=_T.OTHER)
    if points.get(kind, 0) < _ENOUGH:
        return _fallback(text)
    own = sorted((sign for sign in found if sign.kind is kind), key=lambda sign: -sign.points)
    return kind, tuple(dict.fromkeys(sign.reason for sign in own))
