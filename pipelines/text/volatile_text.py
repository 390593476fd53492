"""Volatile text: what a page says differently by itself, such as today's date, counters, relative times, tokens.

A line is masked before it is compared, so that two visits that differ in volatile text alone read the same. Only the
volatile part goes, never the line: "from $400, 12 people booked today" still shows a change of its price. A number is
a counter only beside a word that counts (views, visitors, booked today): "over 500 patients treated" is a claim.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache

__all__ = ["day_of", "day_of_response", "mask"]

NUMBER = r"\d[\d,.]*[kKmM]?\+?"
COUNTED = (
    r"(?:views?|visits?|visitors?|page\s?views|hits|likes?|shares?|comments?|repl(?:y|ies)|responses?|thoughts?|followers?|subscribers?"
    r"|downloads?|plays?|reads?|upvotes?|votes?|reactions?|(?:google\s|verified\s|customer\s|patient\s|five-star\s|5-star\s)?reviews?"
    r"|ratings?|members?\sonline|users?\sonline|online(?:\snow)?|min(?:ute)?s?\sread"
    r"|(?:people|patients|visitors|users|others|guests|customers|persons|clients|shoppers)(?:\s\w+){0,2}?"
    r"\s(?:booked|viewing|looking|watching|online|reading|waiting|here\snow|signed\sup|called)"
    r"|(?:spots?|slots?|seats?|appointments?|openings?|places?|times?|chairs?)(?:\s\w+){0,2}?\s(?:left|remaining|open|available|booked|taken)"
    r"|(?:appointments?|bookings?|sessions?|calls?)(?:\s\w+){0,2}?\s(?:today|this\s(?:week|hour|month)|so\sfar))"
)
COUNTERS = (
    re.compile(rf"(?i)(?<![\w$€£.,]){NUMBER}(?=(?:\s|\s[a-z]+\s){COUNTED}\b)"),
    re.compile(rf"(?i)\b(?:visitors?|views?|hits|likes|shares|comments|reviews?|online|viewed|read|shared)\W{{1,3}}(?:no\.?\s|number\s|count\W{{0,2}})?{NUMBER}(?:\stimes)?"),
    re.compile(rf"(?i)\bvisitor\s(?:number|no\.?|count)\W{{0,2}}{NUMBER}"),
    re.compile(rf"(?i)(?<=\.)(?:reviewCount|ratingCount|userInteractionCount|commentCount|interactionCount|wordCount|size)\W+{NUMBER}"),
)  # fmt: skip
LABELLED = re.compile(r"^(\D{2,40})\(\d{1,5}\)$")  # the posts of a category in a sidebar
CALENDAR = re.compile(r"^(?:(?:[12]?\d|3[01])(?:\s*\|\s*|\s+|$)){2,}$")  # a row of a month
UNIT = r"(?:sec(?:ond)?s?|min(?:ute)?s?|h(?:ou)?rs?|days?|weeks?|months?|years?)"
AGO = re.compile(
    rf"(?i)\b(?:about\s|over\s|almost\s)?(?:\d+|an?|one|two|three|few|a\sfew|several)\s?{UNIT}\sago\b|\bjust\snow\b"
)
CLOCK = re.compile(
    rf"(?i)\b\d{{1,3}}:\d\d:\d\d\b|\b(?:\d+\s?(?:d|{UNIT})\W{{1,3}}){{2,8}}"
    r"\d{0,9}\s?\w{0,30}\s?(?:left|remaining|to go)"
)
YEARS = re.compile(
    r"(?i)((?:©|\(c\)|copyright|all rights reserved)\D{0,60}?)\b(?:19|20)\d\d(?:\s?[-–—]\s?(?:19|20)?\d\d)?\b"
)
TOKEN = re.compile(
    r"\b(?=\w*\d)(?=\w*[A-Za-z])(?:[0-9a-f]{12,}|[0-9A-F]{12,}|\w{24,})\b"
    r"|(?<![\w$€£.,])\d{12,}\b|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEKDAY = re.compile(rf"(?i)\b(?:{'|'.join(DAYS)})\b")
TODAY = re.compile(r"(?i)\btoday|\btonight")
# cheap first looks: most lines hold nothing of the kind
MAYBE_VOLATILE = re.compile(r"(?i)\d|today|ago|just now|copyright|tonight")
MAYBE_DATED = re.compile(r"(?i)\b(?:\d{1,4}[-./]\d|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))|today|tonight")


def mask(line: str, today: date | None = None) -> str:
    """Put marks in the place of the volatile text of a line; ``today`` is the day where the site is.

    >>> mask("1,204 people booked today from $400") == mask("1,377 people booked today from $400")
    True
    >>> mask("Over 500 patients treated") == mask("Over 900 patients treated")
    False
    """
    if not MAYBE_VOLATILE.search(line):
        return line
    for pattern in COUNTERS:
        line = pattern.sub("#", line)
    line = CALENDAR.sub("#", line)
    line = LABELLED.sub(r"\1(#)", line)
    line = CLOCK.sub("#", AGO.sub("# ago", line))
    line = TOKEN.sub("#", YEARS.sub(r"\1#", line))
    if today and MAYBE_DATED.search(line):
        line = _date_pattern(today).sub("#", line)
        if TODAY.search(line):
            line = WEEKDAY.sub("#", line)
    return line


def day_of(text: str | None) -> date | None:
    """Read the day out of an ISO 8601 time; None where there is none.

    >>> day_of("2026-03-02T10:00:00+00:00")
    datetime.date(2026, 3, 2)
    """
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None


def day_of_response(header: str | None, at: str) -> date | None:
    """Give the day on which a site answered, by its own clock (the header ``Date``), or else by ours.

    >>> day_of_response("Mon, 02 Mar 2026 09:02:00 GMT", "2026-11-21T01:00:00+00:00")
    datetime.date(2026, 3, 2)
    """
    try:
        return parsedate_to_datetime(header or "").date()
    except (ValueError, OverflowError):  # a year of twenty digits is more than a date holds
        return day_of(at)


@lru_cache(maxsize=64)
def _date_pattern(today: date) -> re.Pattern[str]:
    """Match yesterday, today and tomorrow (a server's clock may be in another zone) as pages write them."""
    forms = []
    for day in (today - timedelta(days=1), today, today + timedelta(days=1)):
        month = rf"{MONTHS[day.month - 1]}[a-z]*\.?"
        week = rf"(?:{DAYS[day.weekday()][:3]}[a-z]*,?\s)?"
        number = rf"0?{day.day}(?:st|nd|rd|th)?"
        year = rf"(?:,?\s{day.year})?"
        forms += [
            rf"{week}{month}\s{number}{year}",
            rf"{week}{number}\s(?:of\s)?{month}{year}",
            rf"{day.year}[-./]0?{day.month}[-./]0?{day.day}",
            rf"{month}\s{day.year}",
            rf"{day.year}-{day.month:02d}",
            rf"0?{day.month}[-./]0?{day.day}[-./](?:{day.year}|{day.year % 100:02d})",
            rf"0?{day.day}[-./]0?{day.month}[-./](?:{day.year}|{day.year % 100:02d})",
        ]
    clock = r"(?:\W{0,3}(?:at\s)?\d{1,2}:\d\d(?::\d\d)?\s?(?:[ap]\.?m\.?)?(?:\s?[A-Z]{2,4}\b)?)?"
    return re.compile(
        rf"(?i)(?<![\w$])(?:{'|'.join(forms)})(?!\w|[-./]\d){clock}|(?<![\w$])(?:{'|'.join(forms)})T\d\d:\d\d\S*"
    )
