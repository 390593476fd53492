"""How values are shown to people: dates, sizes, names of columns, links. Everything crawled is escaped here."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from db.schema.vocabulary import MEANINGS
from pipelines.model.outcomes import FAILED, OUTCOMES

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LABELS = {"source_class": "Class", "verdict": "Topic", "id": "No.", "url": "URL"}
# what failed, as an outcome, as the state that a page has by it, and as a kind of change
BAD = frozenset(value for outcome in FAILED for value in (outcome, OUTCOMES[outcome].state, OUTCOMES[outcome].change))
# stored values that people read in other words
VALUE_LABELS = {"doubtful": "uncertain", "resting": "not due"}
REGION_NAMES = {
    "text": "Main text",
    "other_text": "Other visible text",
    "structured": "Structured data",
    "alternatives": "Image descriptions",
    "boilerplate": "Header and footer",
    "targets": "Where links lead",
    "struck": "Struck through",
    "pictures": "Pictures",
    "form_text": "Fields of forms",
    "hidden": "Hidden text",
}
MAX_SHOWN = 100  # characters of a URL
HIT_START, HIT_END = "\x02", "\x03"  # around a hit in a snippet: control characters never stand in a stored text


def is_web_address(url: object) -> bool:
    """Tell whether a crawled string may become a link: http or https, a host, nothing that a browser would bend.

    >>> [is_web_address(url) for url in ("https://a.example/", "javascript:alert(1)", "data:text/html,x")]
    [True, False, False]
    """
    if not isinstance(url, str) or UNSAFE.search(url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def weblink(url: object, text: object = None) -> Markup:
    """Link to the live web where that is safe, else show the string as text."""
    if not url:
        return Markup()
    shown = short_url(str(url)) if text is None else str(text)
    if not is_web_address(url):
        return Markup('<span class="no-link">{}</span>').format(shown)
    return Markup('<a class="out" href="{}" rel="noopener noreferrer nofollow">{}</a>').format(url, shown)


def short_url(url: str) -> str:
    """Shorten a URL for reading: without scheme, at most 100 characters."""
    bare = re.sub(r"^https?://", "", url)
    return bare if len(bare) <= MAX_SHOWN else f"{bare[:MAX_SHOWN]}…"


def path_of(url: str) -> str:
    """Show what follows the host, for a list that names the host elsewhere."""
    return re.sub(r"^https?://[^/?#]*", "", url) or "/"


def as_declared(facets: list[dict[str, Any]], names: list[str] | None) -> list[dict[str, Any]]:
    """Put facets in the order in which they were declared, others behind them."""
    order = {name: place for place, name in enumerate(names or [])}
    return sorted(facets, key=lambda facet: order.get(facet["name"], len(order)))


def leading_first(columns: Any, names: tuple[str, ...], key: str) -> list[Any]:
    """Put the columns that a listing leads with before the others; ``key`` is where a column or cell has its name."""

    def place(column: Any) -> int:
        name = column[key]
        return names.index(name) if name in names else len(names)

    return sorted(columns, key=place)


def day(at: object) -> str:
    """Show the day of a time or date, as it is where it is neither.

    >>> day("2026-11-05T14:03:10+00:00"), day("2026-11"), day(None)
    ('5 Nov 2026', '2026-11', '')
    """
    text = str(at or "")
    found = re.match(r"(\d{4})-(\d\d)-(\d\d)", text)
    if not found or not 1 <= int(found[2]) <= len(MONTHS):
        return text
    return f"{int(found[3])} {MONTHS[int(found[2]) - 1]} {found[1]}"


def moment(at: object) -> str:
    """Show a stored time to the minute: our times are UTC."""
    text = str(at or "")
    return f"{day(text)}, {text[11:16]} UTC" if len(text) >= 16 and text[10] == "T" else day(text)


def lasted(start: object, end: object) -> str:
    """Show how long something took.

    >>> lasted("2026-11-05T14:00:00+00:00", "2026-11-05T15:04:10+00:00")
    '1 h 4 min'
    """
    try:
        seconds = int((datetime.fromisoformat(str(end)) - datetime.fromisoformat(str(start))).total_seconds())
    except (ValueError, TypeError):
        return ""
    hours, minutes = divmod(seconds // 60, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {seconds % 60} s" if minutes else f"{seconds} s"


def size(count: object) -> str:
    """Show a number of bytes.

    >>> size(30_500)
    '30.5 kB'
    """
    value = float(str(count or 0))
    for unit in ("B", "kB", "MB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"


def with_thousands(value: object) -> str:
    """Show a number with thousands apart; what is no number as it is."""
    return f"{value:,}" if isinstance(value, int) else str(value if value is not None else "")


def label(column: str) -> str:
    """Name a column for people."""
    return LABELS.get(column) or column.replace("_", " ").capitalize()


def region_name(region: str) -> str:
    """Name a region of a page for people.

    >>> region_name("boilerplate"), region_name("title")
    ('Header and footer', 'Title')
    """
    return REGION_NAMES.get(region) or label(region)


HIGH_SCORE, MEDIUM_SCORE = 0.6, 0.3  # two cues of triage together are over the first, one is over the second


def rank(score: float) -> str:
    """Say in a word how much a change matters, by its score of 0 to 1.

    >>> rank(0.95), rank(0.45), rank(0.04)
    ('high', 'medium', 'low')
    """
    return "high" if score >= HIGH_SCORE else "medium" if score >= MEDIUM_SCORE else "low"


def value_label(value: object) -> str:
    """Give the words for a value of a closed list.

    >>> value_label("doubtful"), value_label("on topic")
    ('uncertain', 'on topic')
    """
    return VALUE_LABELS.get(str(value), str(value))


def badge(value: object, column: str = "") -> Markup:
    """Mark a closed-list value (verdict, state, outcome, page type) as a word of its own look.

    With the name of its column it says what it means where the mouse rests. What failed looks like it, whatever its
    name is.

    >>> print(badge("timed out", "outcome"))
    <span class="badge is-timed-out is-bad" title="No answer came in time.">timed out</span>
    """
    if value in ("", None):
        return Markup()
    kind = re.sub(r"[^a-z]+", "-", str(value).lower()).strip("-")
    look = f"is-{kind} is-bad" if value in BAD else f"is-{kind}"
    meaning = MEANINGS.get(column, {}).get(str(value))
    title = Markup(' title="{}"').format(meaning) if meaning else ""
    return Markup('<span class="badge {}"{}>{}</span>').format(look, title, value_label(value))


def snippet(text: object) -> Markup:
    """Mark the hits of an FTS5 snippet; everything else in it is escaped."""
    safe = str(escape(str(text or "")))
    marked = safe.replace(HIT_START, "<mark>").replace(HIT_END, "</mark>")
    missing = marked.count("<mark>") - marked.count("</mark>")
    return Markup(marked + "</mark>" * max(0, missing))  # noqa: S704 - escaped two lines above


def clean_xml(text: object) -> str:
    r"""Take out what XML 1.0 cannot hold: control characters, and halves of surrogate pairs.

    >>> clean_xml("a\x08b")
    'ab'
    """
    return NO_XML.sub("", str(text))


def parsed(text: object) -> Any:
    """Read stored JSON; ``None`` where there is none or it is broken."""
    try:
        return json.loads(str(text)) if text else None
    except ValueError:
        return None


def parsed_list(text: object) -> list[Any]:
    """Read a stored JSON list; an empty one where there is none or it is broken."""
    found = parsed(text)
    return found if isinstance(found, list) else []


FILTERS = {
    "weblink": weblink,
    "rank": rank,
    "short_url": short_url,
    "path_of": path_of,
    "is_web_address": is_web_address,
    "day": day,
    "moment": moment,
    "size": size,
    "number": with_thousands,
    "label": label,
    "value_label": value_label,
    "region_name": region_name,
    "as_declared": as_declared,
    "badge": badge,
    "leading_first": leading_first,
    "snippet": snippet,
    "parsed": parsed,
}
