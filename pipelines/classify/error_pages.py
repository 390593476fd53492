"""What a server sends with status 200 in the place of a page: bot walls, login pages, parked domains, "not found".

Such an answer is never a text of the page. Signs are looked for in short answers only: a page of 300 words on what to
do when a page is not found is a page. Each needs a sign in the title or first heading and one in the words, or one
that nothing but a stand-in has.
"""

# ruff: noqa: E501 - the alternatives of a pattern read best side by side

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipelines.model.outcomes import Outcome

if TYPE_CHECKING:
    from pipelines.model.records import Reading

__all__ = ["stand_in_of"]

FEW = 150  # visible words; walls and parked pages say less
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
VERY_FEW = 30  # words; a page that says more than that it is coming soon is a page
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


def stand_in_of(reading: Reading, body: bytes) -> tuple[Outcome, str] | None:
    """Say what an answer is if it is no page of its own: its outcome and the reason; None for a page."""
    said = " ".join([reading.text, reading.other_text.replace("\n", " ")])
    words = len(said.split())
    if words > FEW:
        return None
    heads = [*reading.titles[:1], *([reading.title] if reading.title else []), *reading.headings[:2]]
    whole = f"{said} {reading.boilerplate} {' '.join(reading.headings)}"
    walls, password = len(WALL.findall(whole)), PASSWORD.search(body) is not None
    is_wall = walls >= 2 or (_titled(WALL_TITLE, heads) and (walls > 0 or words < 20))
    is_parked = PARKED.search(whole) is not None or (words < VERY_FEW and SOON.search(whole) is not None)
    is_login = (password and LOGIN.search(said) is not None) or (
        _titled(LOGIN_TITLE, heads) and (password or LOGIN.search(whole) is not None)
    )
    is_missing = _titled(MISSING_TITLE, heads) and (words < 40 or MISSING.search(whole) is not None)
    signs = (  # the first that holds counts
        (is_wall, Outcome.BLOCKED, "a bot wall in the page's place"),
        (is_parked, Outcome.PARKED, "a parked or suspended site"),
        (is_login, Outcome.LOGIN, "a login page in the page's place"),
        (is_missing, Outcome.SOFT_404, "says that it is not found, with status 200"),
    )
    head = next((head for head in heads if head), "")[:80]
    return next(((outcome, f"{reason}: “{head}”") for holds, outcome, reason in signs if holds), None)


def _titled(pattern: re.Pattern[str], heads: list[str]) -> bool:
    return any(pattern.search(head) for head in heads)
