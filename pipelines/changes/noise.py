"""Which differing lines of a site's pages are dynamic content, by what is known of the site and its other pages.

    edits of all pages of a site in one crawl -> what several of them do at once -> a reason for each line -> suppressed

=============================  ==============================================================================
Reason                         Rule
=============================  ==============================================================================
KNOWN                          a mask that an earlier crawl or repeat fetch left (``SiteState.known``)
COUNTER, ROTATES, TURNS        several pages at once: :mod:`pipelines.changes.noise_several_pages`
ROTATES                        a picture that the page had, that went, and that is there again
LISTED, WITH_LISTED            shows another page of the site: :mod:`pipelines.changes.noise_listings`
REPEAT_FETCH, PATTERN          two fetches moments apart: :mod:`pipelines.changes.noise_repeat_fetch`
IN_PLACE                       stands where dynamic content stood: the same module
(no row)                       dates, counters, relative times in any line: :mod:`pipelines.text.volatile_text`
=============================  ==============================================================================

A page on its own, or a first edit of one page, gives no evidence, and its change is reported. That a line stands on
several pages, or in the menu, is none either: what sites take up or drop shows there first. A line with a claim, a
price or the like is suppressed only where the very same line stood on the site before, so that the site says nothing
new; and what is suppressed is stored with the version, with its reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.changes.noise_listings import is_beside_listing, is_listing
from pipelines.changes.noise_model import PRICE_SIGN, Reason, Suppressed, is_plain, nameless, zeroed
from pipelines.changes.noise_repeat_fetch import at_dynamic_place, by_repeat_fetch
from pipelines.changes.noise_several_pages import gather_evidence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.changes.noise_model import IsClaim, PageEdit, SiteState
    from pipelines.changes.noise_several_pages import SiteEvidence
    from pipelines.changes.region_diff import Line

__all__ = ["find_dynamic"]


def find_dynamic(
    edits: Sequence[PageEdit], site: SiteState, is_claim: IsClaim, is_candidate: IsClaim | None = None
) -> dict[int, tuple[Suppressed, ...]]:
    """Say for each page of a crawl which of its differing lines are suppressed, and why; all edits are of one site.

    ``is_candidate`` tells the sentences that the codebook proposes, a narrower test than ``is_claim`` (any wording that
    matters): it is enough where a place turned at two crawls running on several pages.
    """
    is_candidate = is_candidate or is_claim
    evidence = gather_evidence(edits, site, is_claim)

    def may_suppress(text: str) -> bool:
        return text not in evidence.shared and not is_claim(text)

    found = {}
    for edit in edits:
        suppressed = {each.text: each for each in by_repeat_fetch(edit, site, is_claim)}
        for line in edit.lines():
            reason = _reason(line, edit, site, evidence, is_claim)
            if reason:
                suppressed[line.text] = Suppressed(*line, reason)
        turned = [line for line in edit.lines() if line.text in evidence.turned_again]
        turns = [line for line in turned if is_plain(line.text, is_candidate)]
        suppressed |= {line.text: Suppressed(*line, Reason.TURNS) for line in turns if line.text not in suppressed}
        # a list: what is found must not count as found while this is looking
        in_place = list(at_dynamic_place(edit, suppressed, site, may_suppress))
        suppressed |= {each.text: each for each in in_place}
        if any(each.reason in {Reason.LISTED, Reason.ROTATES} for each in suppressed.values()):
            beside = [line for line in edit.lines() if line.text not in suppressed and is_beside_listing(line.text)]
            suppressed |= {line.text: Suppressed(*line, Reason.WITH_LISTED) for line in beside}
        found[edit.page] = tuple(suppressed.values())
    return found


def _reason(line: Line, edit: PageEdit, site: SiteState, evidence: SiteEvidence, is_claim: IsClaim) -> Reason | None:
    """Give the first reason that holds for a line, or None where it is a change."""
    text, region = line
    form = zeroed(text)
    may_count = not PRICE_SIGN.search(text) and region != "targets"  # the digits of a telephone number are its name
    if text in site.known or (form in site.known and may_count):
        return Reason.KNOWN
    if may_count and (form in evidence.counters or (nameless(text) in evidence.counters and not is_claim(text))):
        return Reason.COUNTER
    if text in evidence.rotating or (region == "pictures" and _is_picture_of_set(edit, site)):
        return Reason.ROTATES
    if region not in {"menu", "boilerplate"} and is_listing(line, edit, site):
        return Reason.LISTED
    return None


def _is_picture_of_set(edit: PageEdit, site: SiteState) -> bool:
    """Tell whether all pictures that came to a page were there before they went: it shows them in turn."""
    came = {line.text for line in edit.added if line.region == "pictures"}
    return bool(came) and came <= site.shown_earlier.get(edit.page, frozenset())
