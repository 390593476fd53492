"""The pass ``noise``: which version of a page stands, and which differs in dynamic content alone or is no page at all.

    versions of a site in a crawl | soft 404 | one answer for many pages | edits | dynamic content | verdicts

Nothing is taken away: each version gets a row of ``version_judgements``, and where a visit came to something else than
it seemed when it was made, it gets one of ``visit_judgements``. Views leave out what does not stand, so another rule
gives other rows without a fetch. Crawls of a site are judged in the order of time, on evidence of that crawl and of
those before. What is dynamic content lastingly becomes a row of ``dynamic_content``.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from db.passes.driver import Pass, Unit, digest
from db.passes.sync import Table, sync
from db.passes.versions import Compared, crawl_order, page_at, standing_before
from db.passes.weights import weights
from pipelines.changes.diff import sentences
from pipelines.changes.noise import find_dynamic
from pipelines.changes.noise_model import PageEdit, Reason, SiteState, zeroed
from pipelines.changes.noise_repeat_fetch import GAP
from pipelines.changes.page_events import is_home
from pipelines.changes.region_diff import Line, details_of_row, diff_regions, find_swaps, visible_changes
from pipelines.classify.soft_404 import Answer, is_same_answer
from pipelines.model.outcomes import Outcome
from pipelines.model.records import DETAIL_REGIONS, ProbeKind
from pipelines.text.encode import dump
from pipelines.text.tokens import agreement

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from db.passes.rules import Rules
    from pipelines.changes.noise_model import Suppressed
    from pipelines.changes.region_diff import PageRegions, Swap
    from pipelines.changes.triage import TriageRules

__all__ = ["NOISE", "SiteCrawl", "chained_units", "is_another_page", "unjudged_versions", "weigh_site"]

Key = TypeVar("Key")
Value = TypeVar("Value")
MIN_PAGES_OF_ONE_ANSWER = 3
MAX_SHARED_WITH_ANOTHER = 0.3  # of the shorter text: below, it is not the page any more
OPENING_SENTENCES = 8  # of a page, that a teaser may quote
MANY_KEYS = 60  # lines that are looked for: more of them cost more than to cut a page into its sentences

# what judgements are worked out from, as rows of site, crawl and values: versions, answers to addresses that nobody can
# know, pages of which hardly a word was left, and what fetches moments apart, or people, have said of dynamic content
INPUTS = (
    """
    SELECT pages.site, captures.crawl, captured_versions.id, readings.text_sha256, readings.region_hashes,
        readings.extractor
    FROM captured_versions JOIN readings ON readings.version = captured_versions.id
    JOIN captures ON captures.id = captured_versions.capture JOIN pages ON pages.id = captured_versions.page
    ORDER BY captured_versions.id
    """,
    f"SELECT site, crawl, id FROM probes WHERE kind = '{ProbeKind.MISSING}' AND text != '' ORDER BY id",
    "SELECT site, collapses.crawl, page FROM collapses JOIN pages ON pages.id = page ORDER BY page",
    """
    SELECT site, crawl, pattern, observed, active FROM dynamic_content
    WHERE observed OR NOT active ORDER BY pattern, observed
    """,
)
ANSWERS = f"""
    SELECT id, url, coalesce(title, ''), text FROM probes
    WHERE crawl = ? AND site = ? AND kind = '{ProbeKind.MISSING}' AND text != '' ORDER BY id
"""
VERSIONS = """
    SELECT captured_versions.page, captured_versions.id, captures.url, pages.depth, coalesce(readings.title, ''),
        texts.text, readings.text_sha256, readings.duplicate_key
    FROM captured_versions JOIN readings ON readings.version = captured_versions.id
    JOIN captures ON captures.id = captured_versions.capture JOIN pages ON pages.id = captured_versions.page
    JOIN texts ON texts.sha256 = readings.text_sha256
    WHERE captures.crawl = ? AND pages.site = ? ORDER BY captured_versions.first_seen, captured_versions.id
"""
UNJUDGED = """
    SELECT captured_versions.page, captured_versions.id FROM captured_versions
    JOIN captures ON captures.id = captured_versions.capture JOIN pages ON pages.id = captured_versions.page
    WHERE captures.crawl = ? AND pages.site = ?
        AND NOT EXISTS (SELECT 1 FROM version_judgements WHERE version = captured_versions.id)
    ORDER BY captured_versions.first_seen, captured_versions.id
"""
COLLAPSED = """
    SELECT pages.id, pages.url, pages.depth, collapses.title, collapses.text
    FROM collapses JOIN captured_visits USING (crawl, page) JOIN pages ON pages.id = collapses.page
    WHERE collapses.crawl = ? AND captured_visits.outcome = 'collapsed' AND pages.site = ? ORDER BY pages.id
"""
# the versions of a site that stood when a crawl began and when it ended
STATE = """
    SELECT captured_versions.page, captured_versions.id, captures.crawl
    FROM captured_versions JOIN captures ON captures.id = captured_versions.capture
    JOIN crawls ON crawls.id = captures.crawl JOIN pages ON pages.id = captured_versions.page
    LEFT JOIN version_judgements ON version_judgements.version = captured_versions.id
    WHERE pages.site = :site AND (captures.crawl = :crawl OR (coalesce(verdict, 'stands') = 'stands'
        AND (crawls.started_at, crawls.id) < (SELECT started_at, id FROM crawls WHERE id = :crawl)))
    ORDER BY captured_versions.page, captured_versions.first_seen, captured_versions.id
"""
SENTENCES = """
    SELECT texts.text, other_text, boilerplate, coalesce(title, ''), titles, headings, menu, descriptions, details
    FROM readings JOIN texts ON texts.sha256 = text_sha256 WHERE readings.version = ?
"""
# of the pages that a crawl captured a version of, what they showed beside their words in crawls before
EARLIER_DETAILS = """
    SELECT captured_versions.page, captured_versions.id, readings.details
    FROM captures AS now JOIN captured_versions AS captured ON captured.capture = now.id
    JOIN captured_versions ON captured_versions.page = captured.page
    JOIN readings ON readings.version = captured_versions.id
    JOIN captures ON captures.id = captured_versions.capture JOIN crawls ON crawls.id = captures.crawl
    JOIN pages ON pages.id = captured.page
    WHERE now.crawl = :crawl AND pages.site = :site AND readings.details IS NOT NULL
        AND (crawls.started_at, crawls.id) < (SELECT started_at, id FROM crawls WHERE id = :crawl)
"""
KNOWN_DYNAMIC = """
    SELECT dynamic_content.pattern, dynamic_content.crawl, dynamic_content.observed FROM dynamic_content JOIN crawls
    ON crawls.id = dynamic_content.crawl
    WHERE dynamic_content.site = :site AND dynamic_content.active
        AND (crawls.started_at, crawls.id) <= (SELECT started_at, id FROM crawls WHERE id = :crawl)
"""
VERSION_JUDGEMENTS = Table("version_judgements", ("version", "verdict", "standing", "reason", "suppressed", "rules"))
VISIT_JUDGEMENTS = Table("visit_judgements", ("crawl", "page", "outcome", "reason", "rules"), key=2)
DYNAMIC_CONTENT = Table(
    "dynamic_content", ("site", "pattern", "crawl", "observed", "region", "example", "why", "pages"), key=4
)


class SiteCrawl(NamedTuple):
    """A site in a crawl, by their numbers."""

    crawl: int
    site: int


class Seen(NamedTuple):
    """A version that a crawl captured, with the version that stands before it."""

    page: int
    version: int
    before: int | None
    url: str
    depth: int
    title: str
    text: str
    text_sha256: str
    duplicate_key: str

    @property
    def answer(self) -> Answer:
        """Give what is compared with the site's answer to an address that nobody can know."""
        return Answer(self.url, self.title, self.text)


class Verdict(NamedTuple):
    """What a version is judged to be: its standing version (itself, an earlier one, none) and why."""

    page: int
    version: int
    verdict: str
    standing: int | None
    reason: str = ""
    suppressed: str = "[]"


@dataclass(frozen=True, slots=True)
class Weighed:
    """A version that is judged: itself and the one before, what both show, and what is suppressed between them."""

    version: int
    earlier: int
    before: PageRegions
    after: PageRegions
    held: tuple[Suppressed, ...]

    @property
    def tells_more(self) -> bool:
        """Tell whether anything differs that is not suppressed."""
        return bool(diff_regions(self.before, self.after, (one.text for one in self.held)))


@dataclass(frozen=True, slots=True)
class Loaded:
    """All that the versions of a site in a crawl are judged by."""

    of: SiteCrawl
    seen: tuple[Seen, ...]
    collapsed: tuple[tuple[int, Answer], ...]
    answers: tuple[tuple[int, Answer], ...]
    settled: tuple[Verdict, ...]
    pages: Mapping[int, tuple[int, int, PageRegions, PageRegions]]
    edits: tuple[PageEdit, ...]
    state: SiteState


@dataclass(frozen=True, slots=True)
class Judged:
    """What the versions and visits of a site in a crawl are judged to be, and what of it is dynamic lastingly."""

    of: SiteCrawl
    verdicts: tuple[Verdict, ...]
    collapsed: tuple[tuple[int, str], ...]
    held: Mapping[int, tuple[Suppressed, ...]]


def noise_units(db: sqlite3.Connection, _rules: Rules) -> Iterator[Unit]:
    """Name each site in each crawl that captured versions of it; a key holds those of the crawls before."""
    found = defaultdict[SiteCrawl, list[object]](list)
    for sql in INPUTS:
        for site, crawl, *row in db.execute(sql):
            found[SiteCrawl(crawl, site)].append(row)
    yield from chained_units(db, found)


def chained_units(db: sqlite3.Connection, inputs: Mapping[SiteCrawl, object]) -> Iterator[Unit]:
    """Name sites in crawls in the order of time; a key stands for the inputs of its site up to there."""
    order = crawl_order(db)
    keys: dict[int, str] = {}
    for of in sorted(inputs, key=lambda of: (order[of.crawl], of.site)):
        keys[of.site] = digest(keys.get(of.site, ""), inputs[of])
        yield Unit(f"{of.site}/{of.crawl}", keys[of.site])


def unit_of(unit: str) -> SiteCrawl:
    """Read the name of a unit: site and crawl."""
    site, crawl = unit.split("/")
    return SiteCrawl(int(crawl), int(site))


def load_site(db: sqlite3.Connection, _rules: Rules, unit: Unit) -> Loaded:
    """Read the versions of a site in a crawl with the evidence on them; those that are no page are settled first."""
    of = unit_of(unit.id)
    rows = db.execute(VERSIONS, of).fetchall()
    seen = tuple(Seen(page, version, standing_before(db, version), *rest) for page, version, *rest in rows)
    answers = tuple((probe, Answer(*answer)) for probe, *answer in db.execute(ANSWERS, of))
    collapsed = tuple(
        (page, Answer(url, title, text)) for page, url, depth, title, text in db.execute(COLLAPSED, of) if depth
    )
    settled = tuple(_soft_404s(seen, answers))
    settled += tuple(_one_answer(seen, {one.version for one in settled}, db))
    taken = {one.version for one in settled}
    rest = [Compared(one.page, one.version, one.before) for one in seen if one.before and one.version not in taken]
    pages = _pages(db, rest)
    edits = tuple(_edit(db, page, *sides[1:]) for page, sides in pages.items())
    state = _state(db, of, frozenset().union(*(edit.texts() for edit in edits)), taken)
    return Loaded(of, seen, collapsed, answers, settled, pages, edits, state)


def judge_site(rules: Rules, loaded: Loaded) -> Judged:
    """Judge the versions of a site in a crawl: pure."""
    triage = weights(rules)
    held = _held(loaded.edits, loaded.state, triage)
    verdicts = list(loaded.settled)
    verdicts += [Verdict(one.page, one.version, "stands", one.version) for one in loaded.seen if not one.before and
                 one.version not in {each.version for each in loaded.settled}]  # fmt: skip
    for page, (version, earlier, before, after) in loaded.pages.items():
        one = Weighed(version, earlier, before, after, held[page])
        if one.tells_more:
            lines = dump([{"line": each.text, "place": each.region, "why": each.reason} for each in one.held])
            verdicts.append(Verdict(page, version, "stands", version, "", lines))
        else:
            verdict = "dynamic content" if one.held else "repeats"
            verdicts.append(Verdict(page, version, verdict, earlier, _reason(one.held, triage)))
    collapsed = {}
    for page, answer in loaded.collapsed:
        for probe, known in loaded.answers:
            if page not in collapsed and not is_home(answer.url) and is_same_answer(answer, known):
                collapsed[page] = _soft_404_reason(probe)
    return Judged(loaded.of, tuple(verdicts), tuple(collapsed.items()), held)


def write_site(db: sqlite3.Connection, _unit: Unit, judged: Judged) -> int:
    """Bring the judgements and masks of a site in a crawl up to date; gives how many rows changed."""
    of, rules = judged.of, str(NOISE.version)
    versions = [(one.version, one.verdict, one.standing, one.reason, one.suppressed, rules) for one in judged.verdicts]
    visits = [
        (of.crawl, one.page, Outcome.SOFT_404 if one.verdict == "soft 404" else Outcome.UNCHANGED, one.reason, rules)
        for one in judged.verdicts
        if one.verdict != "stands"
    ]
    visits += [(of.crawl, page, Outcome.SOFT_404, reason, rules) for page, reason in judged.collapsed]
    here = (
        "version IN (SELECT captured_versions.id FROM captured_versions JOIN captures ON captures.id = capture"
        " JOIN pages ON pages.id = captured_versions.page WHERE captures.crawl = ? AND pages.site = ?)"
    )
    there = (
        "crawl = ? AND rules != 'confirms' AND page IN (SELECT id FROM pages WHERE site = ?)"
        " AND NOT EXISTS (SELECT 1 FROM unread_captures JOIN captures ON captures.id = capture"
        " WHERE captures.crawl = visit_judgements.crawl AND captures.page = visit_judgements.page)"
    )
    changed = sync(db, VERSION_JUDGEMENTS, versions, here, of) + sync(db, VISIT_JUDGEMENTS, visits, there, of)
    return changed + _learn(db, of, judged.held)


def forget_site(db: sqlite3.Connection, unit: str) -> int:
    """Remove the judgements of a site in a crawl of which nothing is captured any more."""
    return write_site(db, Unit(unit, ""), Judged(unit_of(unit), (), (), {}))


def weigh_site(
    db: sqlite3.Connection, triage: TriageRules, of: SiteCrawl, rows: Sequence[Compared]
) -> dict[int, Weighed]:
    """Weigh versions of a site in a crawl against those before, by page, for probes to be chosen; changes nothing."""
    pages = _pages(db, rows)
    edits = [_edit(db, page, *sides[1:]) for page, sides in pages.items()]
    state = _state(db, of, frozenset().union(*(edit.texts() for edit in edits)), set())
    held = _held(edits, state, triage)
    return {page: Weighed(*sides, held[page]) for page, sides in pages.items()}


def unjudged_versions(db: sqlite3.Connection, of: SiteCrawl) -> list[Compared]:
    """Name the versions of a site in a crawl that are not judged, each with the one that stands before it now."""
    rows = db.execute(UNJUDGED, of).fetchall()
    return [Compared(page, version, standing_before(db, version)) for page, version in rows]


def is_another_page(db: sqlite3.Connection, row: Compared) -> bool:
    """Tell whether a page shows something else altogether, in main text and title."""
    sql = "SELECT text, title FROM readings JOIN texts ON sha256 = text_sha256 WHERE version = ?"
    after, before = (db.execute(sql, (version,)).fetchone() for version in row[1:])
    return after[1] != before[1] and agreement(after[0], before[0]) < MAX_SHARED_WITH_ANOTHER


def _soft_404s(seen: Iterable[Seen], answers: Iterable[tuple[int, Answer]]) -> Iterator[Verdict]:
    """Judge versions that show what their site answers for an address that nobody can know; entries are never it."""
    known = list(answers)
    for one in seen:
        if one.depth == 0 or is_home(one.url):
            continue
        for probe, answer in known:
            if is_same_answer(one.answer, answer):
                yield Verdict(one.page, one.version, "soft 404", one.before, _soft_404_reason(probe))
                break


def _soft_404_reason(probe: int) -> str:
    return f"says what the site says of an address that nobody can know (probe {probe})"


def _one_answer(seen: Iterable[Seen], settled: set[int], db: sqlite3.Connection) -> Iterator[Verdict]:
    """Judge pages that all show the very same now and showed other things before: one answer stands for all."""
    texts: dict[str, list[Seen]] = defaultdict(list)
    for one in seen:
        if one.before and one.version not in settled:
            texts[one.text_sha256].append(one)
    for same in texts.values():
        if len(same) < MIN_PAGES_OF_ONE_ANSWER:
            continue
        alike = [one for one in same if is_another_page(db, Compared(one.page, one.version, one.before))]
        sql = "SELECT duplicate_key FROM readings WHERE version = ?"
        before = {db.execute(sql, (one.before,)).fetchone()[0] for one in alike}
        if len(alike) >= MIN_PAGES_OF_ONE_ANSWER and len(before) == len(alike):
            reason = f"the same answer stands in the place of {len(alike)} pages of the site"
            yield from (Verdict(one.page, one.version, "soft 404", one.before, reason) for one in alike)


def _pages(db: sqlite3.Connection, rows: Iterable[Compared]) -> dict[int, tuple[int, int, PageRegions, PageRegions]]:
    return {
        row.page: (row.version, row.before, page_at(db, row.before), page_at(db, row.version))
        for row in rows
        if row.before
    }


def _edit(db: sqlite3.Connection, page: int, earlier: int, before: PageRegions, after: PageRegions) -> PageEdit:
    gone, come, swapped = _compared(before, after)
    oldest = standing_before(db, earlier)
    return PageEdit(page, gone, come, swapped, _compared(page_at(db, oldest), before)[2] if oldest else ())


def _compared(before: PageRegions, after: PageRegions) -> tuple[tuple[Line, ...], tuple[Line, ...], tuple[Swap, ...]]:
    gone, come = visible_changes(before, after)
    differing = {line.text for line in (*gone, *come) if line.region not in DETAIL_REGIONS}
    return gone, come, tuple(find_swaps(before, after, differing))


def _held(edits: Sequence[PageEdit], state: SiteState, triage: TriageRules) -> dict[int, tuple[Suppressed, ...]]:
    return find_dynamic(edits, state, triage.has_cue, triage.is_candidate)


def _state(db: sqlite3.Connection, of: SiteCrawl, keys: frozenset[str], no_pages: Container[int]) -> SiteState:
    """Gather what the pages of a site showed before and show after a crawl, as far as the keys ask for it.

    ``no_pages`` are versions of this crawl that are no text of their page.
    """
    rows = [row for row in db.execute(STATE, of._asdict()) if row[1] not in no_pages]
    before = {page: version for page, version, crawl in rows if crawl != of.crawl}
    after = {page: version for page, version, _ in rows}
    titles, descriptions, stood, stands = (defaultdict[str, set[int]](set) for _ in range(4))
    openings: set[tuple[str, int]] = set()
    for page, version in sorted({*before.items(), *after.items()}):
        shown = _shown(db, version, keys)
        openings.update((unit, page) for unit in shown.openings)
        _note(titles, shown.named, page)
        _note(descriptions, shown.described, page)
        _note(stood, shown.keys if before.get(page) == version else (), page)
        _note(stands, shown.keys if after.get(page) == version else (), page)
    masks = db.execute(KNOWN_DYNAMIC, of._asdict()).fetchall()
    known = frozenset(pattern for pattern, crawl, _ in masks if crawl != of.crawl)
    looked = frozenset(pattern for pattern, crawl, looked in masks if crawl == of.crawl and looked)
    patterns = sorted(known | looked)
    return SiteState(
        before=_frozen(stood),
        after=_frozen(stands),
        titles=_frozen(titles),
        descriptions=_frozen(descriptions),
        openings=tuple(sorted(openings)),
        known=known,
        repeat_fetched=looked,
        shown_earlier=_pictures_shown_earlier(db, of, before),
        patterns=tuple(pattern for pattern in patterns if GAP in pattern and "\n" not in pattern),
        gaps=frozenset(pattern for pattern in patterns if GAP in pattern and "\n" in pattern),
    )


def _pictures_shown_earlier(
    db: sqlite3.Connection, of: SiteCrawl, current: Mapping[int, int]
) -> dict[int, frozenset[str]]:
    """Name the pictures that each page captured anew had in its versions before the ``current`` one."""
    shown = defaultdict[int, set[str]](set)
    for page, version, details in db.execute(EARLIER_DETAILS, of._asdict()):
        if version != current.get(page):
            shown[page].update(line.text for line in details_of_row(details) or () if line.region == "pictures")
    return _frozen(shown)


def _note(where: dict[str, set[int]], keys: Iterable[str], page: int) -> None:
    for key in keys:
        where[key].add(page)


def _frozen(where: Mapping[Key, set[Value]]) -> dict[Key, frozenset[Value]]:
    return {key: frozenset(pages) for key, pages in where.items()}


class _Shown(NamedTuple):
    """What a version is called, how its head describes it, its first sentences, and which of the lines asked for."""

    named: list[str]
    described: list[str]
    openings: list[str]
    keys: frozenset[str]


def _shown(db: sqlite3.Connection, version: int, keys: frozenset[str]) -> _Shown:
    """Read a version's sentences, main text first; ``keys`` are the lines that are looked for among them."""
    row = db.execute(SENTENCES, (version,)).fetchone()
    text, other, frame, title, titles, heads, menu, descriptions, details = row
    named = [line for line in (title, *titles.split("\n"), *heads.split("\n")[:1]) if len(line) > 3]
    parts = (text, other, frame, heads, menu)
    units = (unit for part in parts for unit in sentences(part))
    openings = list(islice(units, OPENING_SENTENCES))
    # most pages of a site have none of the few lines that changed: to see so costs less than to cut them
    whole = "\n".join(parts)
    may_have = len(keys) > MANY_KEYS or any(key in whole for key in keys)
    found = keys.intersection([*openings, *units]) if may_have else frozenset[str]()
    found |= keys.intersection(line.text for line in details_of_row(details) or ())
    return _Shown(named, list(sentences(descriptions)), openings, found)


def _reason(hidden: Sequence[Suppressed], triage: TriageRules) -> str:
    """Say what was suppressed; a claim among it is named as one that the site showed before."""
    if not hidden:
        return "tells the same in another order or other lines"
    whys = ", ".join(sorted({one.reason for one in hidden}))
    claims = sum(triage.has_cue(one.text) for one in hidden)
    known = f"; {claims} with wording that matters, said on the site before" if claims else ""
    return f"only what changes by itself: {len(hidden)} lines ({whys}){known}"


def _learn(db: sqlite3.Connection, of: SiteCrawl, held: Mapping[int, Iterable[Suppressed]]) -> int:
    """Store what is dynamic content lastingly, each line by the crawl that showed it first.

    One that a person switched off stays as it is, and is not learned again.
    """
    lasting: dict[str, list[Suppressed]] = defaultdict(list)
    for page in sorted(held):
        for one in held[page]:
            if one.reason.is_lasting:
                lasting[zeroed(one.text) if one.reason is Reason.COUNTER else one.text].append(one)
    learned = db.execute(KNOWN_DYNAMIC, of._asdict()).fetchall()
    known = {pattern for pattern, crawl, observed in learned if crawl != of.crawl or observed}
    switched_off = "SELECT pattern FROM dynamic_content WHERE site = ? AND NOT active"
    known |= {pattern for (pattern,) in db.execute(switched_off, (of.site,))}
    rows = [
        (of.site, pattern, of.crawl, 0, many[0].region, many[0].text, many[0].reason, len(many))
        for pattern, many in sorted(lasting.items())
        if pattern not in known
    ]
    return sync(db, DYNAMIC_CONTENT, rows, "crawl = ? AND site = ? AND active AND NOT observed", of)


NOISE = Pass(
    name="noise",
    version=2,
    tables=("version_judgements", "visit_judgements", "dynamic_content"),
    rules=lambda rules: rules.triage + rules.codebook,
    units=noise_units,
    load=load_site,
    work=judge_site,
    write=write_site,
    forget=forget_site,
)
