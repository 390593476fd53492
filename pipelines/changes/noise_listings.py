"""Lines that only show other pages of the site: related and recent posts, teasers, links to the next post."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.changes.noise_model import PageEdit, SiteState
    from pipelines.changes.region_diff import Line

__all__ = ["is_beside_listing", "is_listing"]

MIN_OPENING = 12  # characters by which the beginning of another page is known
MIN_BARE_TITLE = 8  # characters that a title has more of, to be found without what stands beside it: "Next: Blog"
MAX_TITLE = 200  # characters
CUT_SHORT = re.compile(
    r"\s*(?:\[?(?:…|\.\.\.|&hellip;)\]?)\s*(?:(?:read|continue|learn) .{0,30})?$",
    re.IGNORECASE,
)
BESIDE_TITLE = re.compile(
    r"^(?:next|previous|prev|older|newer|related)(?:\s(?:post|article|page))?\W+|^\d{4}-\d\d-\d\d\W+"
    r"|^[«»←→]\s*|\s*[«»←→]$"
    r"|\W{1,40}\w{3,9}\.? \d{1,2},? \d{4}$|\W{1,40}\d{4}-\d\d-\d\d$",
    re.IGNORECASE,
)
LEAD_IN = re.compile(
    r"^\W*(?:keep reading|continue reading|read next|read also|also read|see also|up next|next post|previous post"
    r"|next article|previous article|related(?: (?:posts?|articles?|reading))?(?=\W*:)"
    r"|you (?:may|might) also like)\b.{0,120}$",
    re.IGNORECASE,
)
BESIDE_LISTING = re.compile(
    r"(?i)^\W*(?:read more|continue reading|learn more|more|by .{2,40}|.{0,12}\d{4}.{0,12}"
    r"|\w{3,9}\.? \d{1,2}(?:, \d{4})?|\d+ min(?:ute)?s? read|posted (?:on|in|by).{0,40}|\d{1,2}/\d{1,2}/\d{2,4}"
    r"|next|previous|older posts|newer posts)\W*$"
)


def is_beside_listing(text: str) -> bool:
    """Tell a line as it stands beside a listed title: a date, an author, "read more".

    >>> is_beside_listing("By Dana Moss"), is_beside_listing("March 3, 2026"), is_beside_listing("Infusions cost $450")
    (True, True, False)
    """
    return BESIDE_LISTING.match(text) is not None


def is_listing(line: Line, edit: PageEdit, site: SiteState) -> bool:
    """Tell whether a differing line is the title of another page, its description, or how it begins, as in a teaser."""
    text = line.text
    if LEAD_IN.match(text):
        return True
    named = _titled(text, site)
    if line.region != "text":  # in the main text a page may say of itself what another says in its head
        named |= site.descriptions.get(text, frozenset())
    if named - {edit.page} or _is_row_of_titles(text, site):
        return True
    begun = CUT_SHORT.sub("", text)
    if len(begun) < MIN_OPENING:
        return False
    pages: set[int] = set()
    place = bisect_left(site.openings, (begun, 0))  # sorted: those that begin so are in a row
    while place < len(site.openings) and site.openings[place][0].startswith(begun):
        pages.add(site.openings[place][1])
        place += 1
    pages -= {edit.page}
    if not pages:
        return False
    # a whole sentence is a teaser only beside the title of its page: else it may be new text that two pages open with
    return begun != text or any(pages & _titled(other, site) for other in edit.texts())


def _titled(text: str, site: SiteState) -> frozenset[int]:
    """Name the pages whose title a line is, with a date or a word like "Next:" beside it or not."""
    bare = BESIDE_TITLE.sub("", text).strip()
    pages = site.titles.get(text, frozenset())
    return pages | site.titles.get(bare, frozenset()) if len(bare) > MIN_BARE_TITLE else pages


def _is_row_of_titles(text: str, site: SiteState) -> bool:
    """Tell a line of link texts that stand side by side, with nothing between them but marks.

    >>> from pipelines.changes.noise_model import SiteState
    >>> site = SiteState(titles={"Contact": frozenset({1}), "Prices": frozenset({2})})
    >>> _is_row_of_titles("ContactPrices", site), _is_row_of_titles("Contact us", site)
    (True, False)
    """
    found, rest = 0, text
    while rest:
        size = next((size for size in range(min(len(rest), MAX_TITLE), 3, -1) if rest[:size] in site.titles), 0)
        if not size:
            return False
        found, rest = found + 1, rest[size:].lstrip(" |·•,/–-")
    return found >= 2
