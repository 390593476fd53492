"""Find the dates that one page states about itself, each with its source and trust.

Sources, most trusted first: JSON-LD of the page's own article, meta elements, ``time`` beside the headline, written
dates beside the headline, the URL. What stands in footers, side columns, comments, reviews and cards of other posts
is never a date of this page.
"""

from __future__ import annotations

import re
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, cast

from lxml import etree

from pipelines.languages import load_words
from pipelines.metadata.dates import FoundDate, from_url, parse_date, strip_dates, written_dates
from pipelines.metadata.jsonld import Node, types

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

__all__ = ["ARTICLE_TYPES", "bylines", "event_days", "from_jsonld", "from_meta", "from_page", "from_times", "from_url"]

Element = Any  # lxml ships no types

ARTICLE_TYPES = frozenset(
    """
    Article BlogPosting NewsArticle MedicalScholarlyArticle ScholarlyArticle TechArticle Report
    SocialMediaPosting AdvertiserContentArticle OpinionNewsArticle AnalysisNewsArticle ReportageNewsArticle
    ReviewNewsArticle LiveBlogPosting
    """.split()  # noqa: SIM905 (a list would be a screen long)
)
_PAGE_TYPES = frozenset(
    """
    WebPage MedicalWebPage FAQPage AboutPage ContactPage ItemPage ProfilePage QAPage CheckoutPage
    HealthTopicContent
    """.split()  # noqa: SIM905 (a list would be a screen long)
)
_META = {
    "article:published_time": ("published", 0.9),
    "og:published_time": ("published", 0.9),
    "og:article:published_time": ("published", 0.9),
    "datepublished": ("published", 0.9),
    "citation_publication_date": ("published", 0.9),
    "citation_online_date": ("published", 0.85),
    "citation_date": ("published", 0.85),
    "parsely-pub-date": ("published", 0.85),
    "sailthru.date": ("published", 0.85),
    "dc.date.issued": ("published", 0.8),
    "dcterms.issued": ("published", 0.8),
    "dcterms.created": ("published", 0.8),
    "dc.date.created": ("published", 0.8),
    "dc.date": ("published", 0.75),
    "dcterms.date": ("published", 0.75),
    "publish-date": ("published", 0.8),
    "publish_date": ("published", 0.8),
    "publication_date": ("published", 0.8),
    "pubdate": ("published", 0.8),
    "date": ("published", 0.7),
    "article:modified_time": ("modified", 0.9),
    "datemodified": ("modified", 0.9),
    "og:updated_time": ("modified", 0.85),
    "dcterms.modified": ("modified", 0.8),
    "dc.date.modified": ("modified", 0.8),
    "last-modified": ("modified", 0.6),
    "revised": ("modified", 0.6),
}

_FOOT = re.compile(
    (
        r"(?:^|\s)(?:(?:site|page|main|global|blog)[-_]?)?(?:footer|colophon|sidebar|widget|related|"
        r"comment|recent|copyright|cookie"
        r"|menu|nav|popular|testimonial|review|jp-related|more-posts|latest|newsletter|breadcrumb|event|"
        r"tribe)"
    ),
    re.IGNORECASE,
)
_ASIDE_TAGS = frozenset({"aside", "nav", "script", "style", "noscript", "select", "option", "template"})
_WORDS = load_words()
_MODIFIED = re.compile("|".join(_WORDS.modified), re.IGNORECASE)
_PUBLISHED = re.compile("|".join(_WORDS.published), re.IGNORECASE)
_LABELLED = re.compile(
    rf"(?P<label>(?:{_MODIFIED.pattern}|{_PUBLISHED.pattern}))\s*(?:{'|'.join(_WORDS.before_date)}|:|-|–)?[\s:]{{0,3}}$",
    re.IGNORECASE,
)
_NOT_OURS = re.compile(rf"©|\(c\)|{'|'.join(_WORDS.not_published)}", re.IGNORECASE)
_BY = re.compile(rf"\b(?:{'|'.join(_WORDS.by)})\b", re.IGNORECASE)
_CLOCK = re.compile(r"(?i)\b\d{1,2}(?::\d\d)?\s?(?:[ap]\.?m\b|uhr\b|hrs?\b)|\b\d{1,2}:\d\d\b")
# quotes would let in the dateModified of each JSON-LD; a pattern that begins with a choice is searched ten times as
# slowly as one that begins with letters
_UPDATED = tuple(re.compile(rf'{word}[^{{}}=<>"]{{0,40}}(?:19|20)\d\d') for word in ("pdated", "odified", "ctualiz"))
_BYLINE_CHARS = 48
_SENTENCE = re.compile(r"[.!?]\s*\w+\s+\w+\s+\w+|\$|\d{3}-\d{4}")  # a price and a phone are no byline either
_NEAR_CHARS = 500
_NEAR_ELEMENTS = 60


def from_jsonld(nodes_of_page: Sequence[Node], order: bool | None) -> Iterator[FoundDate]:
    """Give the dates of the page's own article, then of the page itself, out of its own nodes (``own_nodes``).

    Of several articles with different dates those count that name the page: a listing has none of its own.
    """
    articles = [node for node in nodes_of_page if ARTICLE_TYPES.intersection(types(node))]
    if len({str(node.data.get("datePublished")) for node in articles}) > 1:
        articles = [node for node in articles if node.data.get("url") or node.data.get("mainEntityOfPage")]
    pages = [node for node in nodes_of_page if _PAGE_TYPES.intersection(types(node))]
    for node, trust in [(node, 0.95) for node in articles] + [(node, 0.8) for node in pages]:
        for key, kind in (("datePublished", "published"), ("dateCreated", "published"), ("dateModified", "modified")):
            value = parse_date(node.data.get(key), day_first=order)
            if value:
                yield FoundDate(value, kind, "json-ld", trust - (0.1 if key == "dateCreated" else 0))


def event_days(found: Sequence[Node], order: bool | None) -> frozenset[str]:
    """Give the days on which events of the JSON-LD start and end: none of them is a day of publication."""
    events = (node.data for node in found if any(kind.endswith("Event") for kind in types(node)))
    days = (
        parse_date(data.get(key), day_first=order) for data in events for key in ("startDate", "endDate", "doorTime")
    )
    return frozenset(day[:10] for day in days if day)


def from_meta(metas: Mapping[str, str], order: bool | None) -> Iterator[FoundDate]:
    """Give the dates of the ``meta`` elements."""
    for name, (kind, trust) in _META.items():
        value = parse_date(metas.get(name), day_first=order)
        if value:
            yield FoundDate(value, kind, "meta", trust)


def _is_outside(element: Element) -> bool:
    """Say whether an element stands in the site's chrome or among other people's things; at most 15 levels up."""
    in_article = False
    for up in islice(chain((element,), element.iterancestors()), 15):
        tag = up.tag if isinstance(up.tag, str) else ""
        if tag in ("body", "html", "main"):
            return False
        in_article = in_article or tag == "article"
        if tag in _ASIDE_TAGS or _FOOT.search(f"{up.get('class', '')} {up.get('id', '')}"):
            return True
        if tag == "footer" and not _has_ancestor(up, "article"):
            return True
    return False


def _has_ancestor(element: Element, tag: str) -> bool:
    return next(element.iterancestors(tag), None) is not None


def _is_card(element: Element, headline: Element) -> bool:
    """Say whether a date belongs to a card (``article`` or ``li``) that does not hold the page's headline."""
    card = next(element.iterancestors("article", "li"), None)
    if card is None or card.tag == "li":
        card = next(element.iterancestors("article"), None)
    return card is not None and headline is not None and card not in list(headline.iterancestors("article"))


def _repeats(element: Element) -> bool:
    """Say whether elements of the same class hold dates three times or more: then they are a list of posts."""
    name = element.get("class")
    if not name:
        return False
    tags = islice(element.getroottree().getroot().iter(element.tag), 3_000)
    same = (each for each in tags if each.get("class") == name and written_dates(_text(each)) and not _is_outside(each))
    return len(list(islice(same, 3))) > 2


def _text(element: Element) -> str:
    return " ".join(" ".join(islice(element.itertext("*"), 60)).split())[:400]


def _kind_of_time(element: Element) -> str:
    """Tell published from modified by the element's class, its text, and what stands just before it."""
    marks = f"{element.get('class', '')} {element.get('itemprop', '')}".lower()
    if "publish" in marks or "datecreated" in marks or "entry-date" in marks:
        return "published"  # themes write "entry-date updated" for the day of publication
    if re.search(r"updated|modified", marks) or _MODIFIED.search(_text(element)):
        return "modified"
    parent, previous = element.getparent(), element.getprevious()
    before = "" if parent is None else parent.text or ""
    if previous is not None:
        text = _text(previous) if isinstance(previous.tag, str) else ""
        before += " " + f"{text} {previous.tail or ''}"[-60:]
    return "modified" if _MODIFIED.search(before) else "published"


def from_times(times: Iterable[Element], headline: Element, order: bool | None) -> Iterator[FoundDate]:
    """Give the ``time`` elements that are the page's own: at most two days of a kind, else the page is a listing."""
    dates: dict[str, list[str]] = {"published": [], "modified": []}
    for element in islice(times, 40):
        if _is_outside(element) or _is_card(element, headline):
            continue
        value = parse_date(element.get("datetime"), day_first=order) or parse_date(_text(element), day_first=order)
        if value:
            dates[_kind_of_time(element)].append(value)
    for kind, values in dates.items():
        if len({value[:10] for value in values}) == 1:
            yield FoundDate(values[0], kind, "time", 0.82)


def _following(element: Element) -> Iterator[Element]:
    """Walk the elements after one in document order, without its own children."""
    at = element
    while at is not None:
        while at.getnext() is None:
            at = at.getparent()
            if at is None or at.tag in ("body", "html"):
                return
        at = at.getnext()
        yield from at.iter()


def _before(element: Element) -> Iterator[Element]:
    """Walk the few elements just before a headline: an eyebrow line often holds the date."""
    at = element
    for _ in range(3):
        for previous in islice(at.itersiblings(preceding=True), 3):
            if isinstance(previous.tag, str) and len(previous) <= 6:
                yield from islice(previous.iter(), 40)
        at = at.getparent()
        if at is None or at.tag in ("body", "main", "html"):
            return


def _near(headline: Element) -> Iterator[Element]:
    """Give the elements beside a headline: a few before it, and those after it up to the next heading or long text."""
    yield from _before(headline)
    length = 0
    for element in islice(_following(headline), _NEAR_ELEMENTS):
        if element.tag in ("h1", "h2", "h3", "article", "form", "footer") or length > _NEAR_CHARS:
            return
        yield element
        length += len(element.text or "") + len(element.tail or "")


def _labelled(text: str, start: int) -> str | None:
    match = _LABELLED.search(text[max(0, start - 40) : start])
    if not match:
        return None
    return "modified" if _MODIFIED.search(match["label"]) else "published"


def _is_appointment(rest: str) -> bool:
    """Tell "Open house, at 5 pm" from a byline: a time of day, with words that name nobody."""
    return (
        bool(_CLOCK.search(rest)) and not _BY.search(rest) and bool(re.search(r"[^\W\d_]{4,}", _CLOCK.sub(" ", rest)))
    )


def _line_dates(text: str, order: bool | None) -> Iterator[FoundDate]:
    """Read one short line beside the headline: labelled dates, and a bare one where the rest is a byline."""
    found = written_dates(text, day_first=order)
    rest = strip_dates(text)
    is_byline = len(rest.strip()) <= _BYLINE_CHARS and not _SENTENCE.search(rest)
    for written in found:
        kind = _labelled(text, written.start)
        if kind:
            yield FoundDate(written.day.isoformat(), kind, "text", 0.75)
        elif len(found) == 1 and is_byline and not _is_appointment(rest):
            yield FoundDate(written.day.isoformat(), "published", "text", 0.7)


def _beside(headline: Element, order: bool | None) -> Iterator[FoundDate]:
    for element in _near(headline):
        if not isinstance(element.tag, str) or element.tag in _ASIDE_TAGS or element.tag == "time":
            continue
        if len(element) > 12 or next(element.iter("time"), None) is not None:
            continue
        text = _text(element)
        if len(text) > 160 or not any(char.isdigit() for char in text) or _NOT_OURS.search(text):
            continue
        dates = list(_line_dates(text, order))
        if dates and not _is_outside(element) and not _is_card(element, headline) and not _repeats(element):
            yield from dates
            return


def _elsewhere(tree: Element, order: bool | None) -> Iterator[FoundDate]:
    """Give "Last updated May 4, 2023" wherever it stands in the page's own part.

    Few pages have it, so one search of the flat text (0.3 ms) goes before the search of the tree (1 ms).
    """
    text_of_page = etree.tostring(tree, method="text", encoding="unicode")
    if not any(word.search(text_of_page) for word in _UPDATED):
        return
    texts = tree.xpath("//body//text()[contains(., 'pdated') or contains(., 'odified') or contains(., 'ctualiz')]")
    for text in texts[:20]:
        element = text.getparent() if text.is_text else text.getparent().getparent()
        if element is None or element.tag in _ASIDE_TAGS or _is_outside(element):
            continue
        if _has_ancestor(element, "footer") and not _has_ancestor(element, "article"):
            continue
        line = _text(element)
        for written in written_dates(line, day_first=order):
            if _labelled(line, written.start) == "modified" and len(line) <= 160 and not _NOT_OURS.search(line):
                yield FoundDate(written.day.isoformat(), "modified", "text", 0.6)


def from_page(tree: Element, headline: Element, order: bool | None) -> Iterator[FoundDate]:
    """Give the dates that a reader sees: beside the headline, and labelled ones elsewhere in the page's own part."""
    if headline is not None:
        yield from _beside(headline, order)
    yield from _elsewhere(tree, order)


_BYLINES = etree.XPath(
    "//*[@itemprop='author' or contains(@class, 'author') or contains(@class, 'byline') or contains(@rel, 'author')]"
)


def bylines(tree: Element, headline: Element) -> tuple[list[str], list[str]]:
    """Give the lines that name who wrote the page: by the name of their element, and those beside the headline."""
    named = [
        _text(element)
        for element in islice(cast("list[Element]", _BYLINES(tree)), 40)
        if element.tag not in _ASIDE_TAGS and not _is_outside(element) and not _is_card(element, headline)
    ]
    beside = [
        _text(element) for element in _near(headline) if isinstance(element.tag, str) and element.tag not in _ASIDE_TAGS
    ]
    return [line for line in named if line and len(line) <= 120], [line for line in beside if line and len(line) <= 160]
