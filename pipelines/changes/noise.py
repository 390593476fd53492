"""Which differences of a site's pages come about by themselves: told by what the pages of the site do at once.

Evidence, for the pages of one site in one crawl: lines that other pages showed before (testimonials that rotate),
titles and beginnings of other pages (related and recent posts), menus that change on several pages at once, and lines
that stand on several pages with another number on each (counters). What was seen to change by itself once is known
from then on. A page on its own, or a first edit of one page, gives no such evidence, and its change is reported.

A line with a claim, a price or the like is held back only where the very same line stood on the site before, so that
the site tells nothing new; and what was held back is kept with the version, with the reason.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from pipelines.changes.noise_repeat_fetch import by_looks, in_place, is_plain
from pipelines.changes.noise_rotation import turned_again
from pipelines.changes.site_edits import PRICED, Held, PageEdit, SiteState, zeroed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

__all__ = ["COUNTS", "common", "components", "hold_back"]

SEVERAL = 3  # pages that must do the same at once
STEM = 12  # characters by which the beginning of another page is known
CUT = re.compile(r"\s*(?:\[?(?:…|\.\.\.|&hellip;)\]?)\s*(?:(?:read|continue|learn) .{0,30})?$", re.IGNORECASE)
BESIDE = re.compile(
    r"^(?:next|previous|prev|older|newer|related)(?:\s(?:post|article|page))?\W+|^\d{4}-\d\d-\d\d\W+"
    r"|^[«»←→]\s*|\s*[«»←→]$"
    r"|\W+\w{3,9}\.? \d{1,2},? \d{4}$|\W+\d{4}-\d\d-\d\d$",
    re.IGNORECASE,
)
LEADS = re.compile(
    r"^\W*(?:keep reading|continue reading|read next|read also|also read|see also|up next|next post|previous post"
    r"|next article|previous article|related(?: (?:posts?|articles?|reading))?(?=\W*:)"
    r"|you (?:may|might) also like)\b.{0,120}$",
    re.IGNORECASE,
)
QUOTE = re.compile(r"^[“\"‘«][^”\"’»]{10,600}[”\"’»]|^[-–—~]?\s?[A-Z][a-z]+ [A-Z]\.?(?:,.{0,30})?$")
ALONGSIDE = re.compile(
    r"(?i)^\W*(?:read more|continue reading|learn more|more|by .{2,40}|.{0,12}\d{4}.{0,12}"
    r"|\w{3,9}\.? \d{1,2}(?:, \d{4})?|\d+ min(?:ute)?s? read|posted (?:on|in|by).{0,40}|\d{1,2}/\d{1,2}/\d{2,4}"
    r"|next|previous|older posts|newer posts)\W*$"
)


def hold_back(
    edits: Sequence[PageEdit], state: SiteState, is_claim: Callable[[str], bool]
) -> dict[int, tuple[Held, ...]]:
    """Say for each page of a crawl which of its differing sentences are held back, and why."""
    rotating = _rotating(edits, state)
    counters = _counters(edits)
    turning, turning_numbers = _turning(edits, is_claim)
    rotating, counters = rotating | turning, counters | turning_numbers
    together, again = common(edits), turned_again(edits, state)
    found = {}
    for edit in edits:
        held = dict(by_looks(edit, state, is_claim))
        held |= dict(_judge(edit, state, is_claim, (rotating, counters, together)))
        turns = ((key, place) for key, place in _sides(edit) if key in again and is_plain(key, is_claim))
        held |= {key: Held(key, place, TURNS, lasting=True) for key, place in turns if key not in held}
        held |= in_place(edit, held, state, lambda key: key not in together and not is_claim(key))
        if any(one.why in LISTS for one in held.values()):
            beside = [(key, place) for key, place in _sides(edit) if key not in held and ALONGSIDE.match(key)]
            held |= {key: Held(key, place, WITH_LIST) for key, place in beside}
        found[edit.page] = tuple(held.values())
    return found


LIST = "title or beginning of another page of the site"
WITH_LIST = "stands with the titles of other pages"
ROTATES = "rotates among pages of the site"
COUNTS = "counter: another number or name on each page"
MENU = "menu of several pages"
SEEN = "seen to change by itself before"
TURNS = "another at each crawl, on several pages"
QUOTES = "quotation beside the text of several pages"
LISTS = frozenset({LIST, ROTATES})
AROUND = frozenset({"frame", "other_text", "menu"})


def _sides(edit: PageEdit) -> Iterator[tuple[str, str]]:
    yield from edit.gone
    yield from edit.come


def _judge(
    edit: PageEdit,
    state: SiteState,
    is_claim: Callable[[str], bool],
    found: tuple[frozenset[str], frozenset[str], frozenset[str]],
) -> Iterator[tuple[str, Held]]:
    rotating, counters, together = found
    for key, place in _sides(edit):
        counts = not PRICED.search(key)
        known = key in state.known or (zeroed(key) in state.known and counts)
        reasons = (
            (known, SEEN, False),
            (counts and (zeroed(key) in counters or (nameless(key) in counters and not is_claim(key))), COUNTS, True),
            (key in rotating, ROTATES, True),
            (bool(LEADS.match(key)) or _is_listed(key, place, edit, state), LIST, False),
            (_is_menu(key, place, together) or (place == "menu" and _stands(key, edit.page, state)), MENU, False),
            (key in together and place in AROUND and bool(QUOTE.match(key)), QUOTES, True),
        )
        why = next(((why, lasting) for holds, why, lasting in reasons if holds), None)
        if why:
            yield key, Held(key, place, *why)


def _stands(key: str, page: int, state: SiteState) -> bool:
    return bool((state.before.get(key, frozenset()) | state.after.get(key, frozenset())) - {page})


def _is_menu(key: str, place: str, together: frozenset[str]) -> bool:
    """Tell the words of a menu that changed on several pages: link texts of the frame, or a row of short labels."""
    if key not in together:
        return False
    parts = key.split(" | ")
    return place == "menu" or (
        len(parts) >= 3 and all(len(part.split()) <= 5 for part in parts) and not PRICED.search(key)
    )


def nameless(key: str) -> str:
    """Write every name (a capital letter within the line) as a mark.

    >>> nameless("On duty now: Dana and Luis")
    'On duty now: ~ and ~'
    """
    return re.sub(r"(?<=\s)[A-Z][\w’'-]*", "~", zeroed(key))


def _is_listed(key: str, place: str, edit: PageEdit, state: SiteState) -> bool:
    """Tell whether a sentence is the title of another page, its description, or how it begins, as in a teaser."""
    if (_titled(key, state) | (state.descriptions.get(key, frozenset()) if place != "text" else frozenset())) - {
        edit.page
    }:
        return True
    if _is_row_of_titles(key, state):
        return True
    begun = CUT.sub("", key)
    pages = {page for opening, page in _beginning(begun, state.openings) if page != edit.page}
    if begun != key:
        return len(begun) >= STEM and bool(pages)
    named = frozenset[int]().union(*(_titled(other, state) for other in edit.units())) - {edit.page}
    return len(key) >= STEM and bool(pages & named)


def _is_row_of_titles(key: str, state: SiteState) -> bool:
    """Tell a line of link texts that stand side by side, with nothing between them but marks.

    >>> state = SiteState(titles={"Contact": frozenset({1}), "Prices": frozenset({2})})
    >>> _is_row_of_titles("ContactPrices", state), _is_row_of_titles("Contact us", state)
    (True, False)
    """
    found, rest = 0, key
    while rest:
        size = next((size for size in range(min(len(rest), 200), 3, -1) if rest[:size] in state.titles), 0)
        found, rest = found + bool(size), rest[size:].lstrip(" |·•,/–-")
        if not size:
            return False
    return found >= 2


def _titled(key: str, state: SiteState) -> frozenset[int]:
    """Name the pages whose title a line is, with a date or a word like "Next:" beside it or not."""
    bare = BESIDE.sub("", key).strip()
    return state.titles.get(key, frozenset()) | (state.titles.get(bare, frozenset()) if len(bare) > 8 else frozenset())


def _beginning(begun: str, openings: Sequence[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    place = bisect_left(openings, (begun, 0))
    while place < len(openings) and openings[place][0].startswith(begun):
        yield openings[place]
        place += 1


def _rotating(edits: Sequence[PageEdit], state: SiteState) -> frozenset[str]:
    """Name lines that pages of a site pass around: they came from other pages, or went to them, on several at once."""
    pages: dict[int, set[str]] = defaultdict(set)
    for edit in edits:
        came = {key for key, _ in edit.come if state.before.get(key, frozenset()) - {edit.page}}
        went = {key for key, _ in edit.gone if state.after.get(key, frozenset()) - {edit.page}}
        if came and went:
            pages[edit.page] = came | went
    if len(pages) < SEVERAL:
        return frozenset()
    return frozenset().union(*pages.values())


def _turning(edits: Sequence[PageEdit], is_claim: Callable[[str], bool]) -> tuple[frozenset[str], frozenset[str]]:
    """Name lines that went from some pages of a site while they came to others: the site tells nothing new by them.

    With numbers as 0, such lines have three values at least: an edit of a footer has one on all pages.
    """
    exact = _sided(edits, str)
    same = {
        key
        for key, (went, came) in exact.items()
        if went != came and len(went | came) >= (SEVERAL if is_claim(key) else 2)
    }
    unclaimed = [_without(edit, is_claim) for edit in edits]
    return frozenset(same), _with_values(edits, zeroed) | _with_values(unclaimed, nameless)


def _with_values(edits: Sequence[PageEdit], form: Callable[[str], str]) -> frozenset[str]:
    """Name the forms of lines that went and came on several pages with several values."""
    values: dict[str, set[str]] = defaultdict(set)
    for edit in edits:
        for key, _ in edit.come:
            values[form(key)].add(key)
    sided = _sided(edits, form).items()
    return frozenset(key for key, (went, came) in sided if len(values[key]) >= SEVERAL and len(went | came) >= SEVERAL)


def _without(edit: PageEdit, is_claim: Callable[[str], bool]) -> PageEdit:
    gone, come = (tuple(each for each in side if not is_claim(each[0])) for side in (edit.gone, edit.come))
    return PageEdit(edit.page, gone, come)


def _sided(edits: Sequence[PageEdit], form: Callable[[str], str]) -> dict[str, tuple[frozenset[int], frozenset[int]]]:
    """Give, for each line in a form that both went and came, the pages of either side."""
    went, came = defaultdict[str, set[int]](set), defaultdict[str, set[int]](set)
    for edit in edits:
        for where, side in ((went, edit.gone), (came, edit.come)):
            for key, _ in side:
                where[form(key)].add(edit.page)
    return {key: (frozenset(went[key]), frozenset(came[key])) for key in went.keys() & came.keys()}


def _counters(edits: Sequence[PageEdit]) -> frozenset[str]:
    """Name lines (numbers zeroed) that changed on several pages to a number of its own on each."""
    values: dict[str, set[str]] = defaultdict(set)
    for edit in edits:
        gone = {zeroed(key): key for key, _ in edit.gone}
        for key, _ in edit.come:
            if zeroed(key) in gone and zeroed(key) != key and not PRICED.search(key):
                values[zeroed(key)].add(key)
    return frozenset(key for key, seen in values.items() if len(seen) >= SEVERAL)


def common(edits: Iterable[PageEdit]) -> frozenset[str]:
    """Name the keys that differ on several pages at once: an edit of the site, told once."""
    counted = Counter(key for edit in edits for key in edit.units())
    return frozenset(key for key, pages in counted.items() if pages >= SEVERAL)


def components(groups: Iterable[frozenset[str]]) -> dict[str, str]:
    """Join sets that share a member; gives for each member the name of its set, which is the smallest of its members.

    >>> components([frozenset("ab"), frozenset("bc"), frozenset("d")])["c"]
    'a'
    """
    root: dict[str, str] = {}
    for group in groups:
        names = sorted({_root(root, member) for member in group})
        for name in names:
            root[name] = names[0]
    return {member: _root(root, member) for member in root}


def _root(root: dict[str, str], member: str) -> str:
    while root.setdefault(member, member) != member:
        member = root[member]
    return member
