"""What a server sends with status 200 in the place of a page: walls, error messages, login pages, parked domains, "not found".

Such a response is never a text of the page. Only short ones are looked at: a page of 300 words on what to do when a
page is not found is a page. Each kind needs a match in the title or first heading and one in the words, or one that
nothing but such a response has. What these patterns do not know is weighed by :mod:`pipelines.classify.stand_ins`.
"""

# ruff: noqa: E501 - the alternatives of a pattern read best side by side

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pipelines.classify.stand_ins import CERTAIN, StandIn, stand_in_of
from pipelines.model.outcomes import Outcome

if TYPE_CHECKING:
    from pipelines.model.records import Reading

__all__ = ["ErrorPage", "judge"]

MAX_WORDS = 150  # visible; walls and parked pages have less
WALL_TITLE = re.compile(
    r"(?i)^\W*(?:just a moment|attention required|access denied|are you (?:a )?(?:human|robot)|security check(?:point)?"
    r"|verify(?:ing)? (?:you are|your) .{0,30}|one moment(?:,)? please|checking your browser|please wait|robot check"
    r"|ddos[- ]guard|sucuri website firewall|bot verification|human verification|request (?:blocked|rejected)|forbidden"
    r"|403 forbidden|blocked|pardon our interruption|vercel security checkpoint)\b"
)
WALL = re.compile(
    r"(?i)checking (?:if the|your) (?:site connection|browser)|enable javascript and cookies to continue|\bray id\b"
    r"|verify (?:that )?you are (?:a )?human|prove you are (?:a )?human|not a (?:ro)?bot|unusual traffic"
    r"|needs to review the security|ddos protection|complete the (?:captcha|security check)|solve the captcha"
    r"|your (?:access|request|ip)(?: address)? (?:to this site )?(?:has been|was|is) (?:limited|blocked|denied)|incapsula"
    r"|you have been blocked|access (?:to this page )?(?:has been|is) denied|press (?:and|&) hold"
)
PARKED = re.compile(
    r"(?i)(?:this|the) domain (?:name )?(?:is|may be|has) (?:for sale|parked|available|expired|been registered)"
    r"|buy this domain|domain (?:is )?parked|parked (?:free|page|domain)|this web ?page is parked|domain for sale"
    r"|make an offer on this domain|related searches.{0,80}privacy policy|interested in this domain|inquire about this domain"
    r"|(?:account|site|website) (?:has been |is )?(?:suspended|disabled|expired)|future home of something|courtesy of godaddy"
    r"|default web page|apache2? (?:ubuntu|debian) default page|welcome to nginx|it works!$"
)
SOON = re.compile(
    r"(?i)(?:web ?site|page) (?:is )?(?:coming soon|under construction)|^\W*(?:coming soon|under construction)\W*$"
)
MAX_SOON_WORDS = 30  # a page that says more than that it is coming soon is a page
LOGIN_TITLE = re.compile(
    r"(?i)^\W*(?:log ?in|sign ?in|member login|(?:please )?log ?in to .{0,40}|.{0,40}\W(?:log ?in|sign ?in)|password protected"
    r"|protected(?::| page)?.{0,40}|private site|client login|authentication required|restricted (?:site|access))\W*$"
)
LOGIN = re.compile(
    r"(?i)(?:lost|forgot(?:ten)?) your password|remember me|enter (?:your |the )?password|username or e-?mail|sign in to continue"
    r"|this (?:content|page|site) is (?:password[- ]protected|private)|log in to (?:view|continue)|e-?mail address password"
)
MISSING_TITLE = re.compile(
    r"(?i)^\W*(?:error\s)?404\b|\bpage not found\b|^\W*(?:\w+\W+)?not found\W*$|^\W*nothing (?:was )?found\W*$"
    r"|\b(?:page|content|file|document|url)\b.{0,30}(?:\bnot|n[’']t|\bcannot) (?:be )?found\b"
    r"|\bpage (?:does not|doesn[’']t) exist\b|^\W*page (?:unavailable|missing)\b|^\W*no such page\b"
)
MISSING = re.compile(
    r"(?i)\b(?:page|content|post|article|link|url|address)\b.{0,60}\b(?:(?:could|can) ?(?:not|n[’']t) be found|can[’']t be found"
    r"|cannot be found|not found|does(?: not|n[’']t) exist|no longer (?:exists?|available)|(?:been|was|were) (?:moved|removed|deleted))"
    r"|\b404\b|couldn[’']t find (?:the|that|this|what)|nothing (?:was )?found (?:at|for|here)|looks like nothing was found"
)
PASSWORD = re.compile(rb"(?i)<input[^>]{0,300}type\s*=\s*[\"']?password")


class ErrorPage(NamedTuple):
    """What stands in the place of a page: the outcome of the visit, and why."""

    outcome: Outcome
    reason: str


class Judged(NamedTuple):
    """What an answer is taken for: a stand-in that is certain, or one that its page's own past has to decide on."""

    certain: ErrorPage | None = None
    doubt: ErrorPage | None = None


def judge(reading: Reading, body: bytes) -> Judged:
    """Say what stands in the place of a page, certainly or perhaps."""
    certain = _by_pattern(reading, body)
    if certain:
        return Judged(certain)
    weighed: StandIn | None = stand_in_of(reading, body)
    if weighed is None:
        return Judged()
    found = ErrorPage(weighed.outcome, weighed.reason)
    return Judged(certain=found) if weighed.points >= CERTAIN else Judged(doubt=found)


def _by_pattern(reading: Reading, body: bytes) -> ErrorPage | None:
    text = " ".join([reading.text, reading.other_text.replace("\n", " ")])
    words = len(text.split())
    if words > MAX_WORDS:
        return None
    heads = [*reading.titles[:1], *([reading.title] if reading.title else []), *reading.headings[:2]]
    first = f"“{next(filter(None, heads), '')[:80]}”"
    whole = f"{text} {reading.boilerplate} {' '.join(reading.headings)}"

    def is_titled(pattern: re.Pattern[str]) -> bool:
        return any(pattern.search(head) for head in heads)

    if (is_titled(WALL_TITLE) and WALL.search(whole)) or len(WALL.findall(whole)) >= 2:
        return ErrorPage(Outcome.BLOCKED, f"a bot wall in the page's place: {first}")
    if PARKED.search(whole) or (words < MAX_SOON_WORDS and SOON.search(whole)):
        return ErrorPage(Outcome.PARKED, f"a parked or suspended site: {first}")
    has_password_field = PASSWORD.search(body) is not None
    is_login = is_titled(LOGIN_TITLE) and (has_password_field or LOGIN.search(whole))
    if is_login or (has_password_field and LOGIN.search(text)):
        return ErrorPage(Outcome.LOGIN, f"a login page in the page's place: {first}")
    if is_titled(MISSING_TITLE) and (MISSING.search(whole) or words < 40):
        return ErrorPage(Outcome.SOFT_404, f"says that it is not found, with status 200: {first}")
    return None
