"""What was coded in a round, by the texts of a frame: questions, sentences, who read whole; the flow into a table.

frame_pages | coded texts of each advertiser | findings and cells | flow, which adds up

The connection is one of :func:`db.coding.votes_file.open_review` to which the corpus is attached, with a frame laid
out by :func:`db.coding.frame.build_frame`.
"""

from __future__ import annotations

import sqlite3  # noqa: TC003
from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from db.coding.frame import build_frame
from db.coding.tally import ADJUDICATED, ADJUDICATOR, AGREED, CODERS_NEEDED, CONFLICT, ONE
from db.coding.votes_file import claim_unit
from pipelines.coding.findings import READ_CODE, Answer, CodedClaim, CodedText, Question, Says, find
from pipelines.coding.frame_spec import EVERY_SITE
from pipelines.coding.methods import CueRecall
from pipelines.coding.rollup import Cell, CellCount, ShownText, cell_counts, roll_up
from pipelines.model.errors import UsageError
from pipelines.text.encode import dump

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from db.coding.frame import Frame
    from pipelines.coding.codebook import Code
    from pipelines.coding.frame_spec import FrameSpec

__all__ = ["CodingFlow", "RolledUp", "no_votes", "roll_up_round", "rounds"]

# what coders decided, question by question: their current answers, and the last one of an adjudicator; the + keeps
# SQLite off the index of undoes, in which nearly all votes are NULL
ANSWERS = """
    SELECT units.unit_type, units.unit, units.code, units.status, units.value AS settled, votes.coder, votes.role,
        votes.value, votes.at, votes.quote, votes.page, votes.version
    FROM units JOIN standing USING (round, code, unit_type, unit) JOIN votes ON votes.id = standing.vote
    WHERE units.round = :round AND units.unit_type IN ('text', 'claim')
        AND units.code NOT IN ('topic', '_note', '_flag')
    UNION ALL
    SELECT units.unit_type, units.unit, units.code, units.status, units.value, votes.coder, votes.role, votes.value,
        votes.at, votes.quote, votes.page, votes.version
    FROM units JOIN votes ON votes.id = (
        SELECT max(id) FROM votes AS last WHERE last.round = units.round AND last.unit_type = units.unit_type
            AND last.unit = units.unit AND last.code = units.code AND last.role = 'adjudicator' AND +last.undoes IS NULL
            AND NOT EXISTS (SELECT 1 FROM votes AS back WHERE back.undoes = last.id))
    WHERE units.round = :round AND units.status = 'adjudicated' AND units.unit_type IN ('text', 'claim')
        AND units.code NOT IN ('topic', '_note', '_flag')
    ORDER BY 1, 2, 3, 7 DESC, 6
"""
# the texts of the regions of pages that show one of these texts; a corpus that has no regions has main texts only
REGIONS = """
    SELECT frame_pages.page, regions.text_sha256
    FROM temp.frame_pages JOIN corpus.version_regions AS regions ON regions.version = frame_pages.version
    WHERE {where} AND regions.text_sha256 != frame_pages.text
"""
CANDIDATES = """
    SELECT DISTINCT code, text_sha256, quote FROM corpus.claims
    WHERE text_sha256 IN (SELECT value FROM json_each(?)) ORDER BY text_sha256, code, start
"""


class PageOfFrame(NamedTuple):
    """A page of a frame with the text that it shows."""

    page: int
    advertiser: str
    text: str
    in_frame: int


class CodedUnits(NamedTuple):
    """What was decided in a round, by the SHA-256 of the text: questions on texts, sentences, who read whole."""

    questions: dict[str, dict[str, Question]]
    claims: dict[str, list[CodedClaim]]
    reads: dict[str, list[Answer]]


class CodingFlow(NamedTuple):
    """The way of sites, pages and texts into a table; each level adds up.

    ``left_out`` and ``in_frame`` are all sites; ``with_pages`` and ``without_pages`` all advertisers of the frame;
    ``texts`` are those not coded, and those coded by one coder, agreed on, adjudicated or in conflict; ``by_two``
    counts those that two coders or more worked on, whatever came of it.
    """

    sites: int
    left_out: Mapping[str, int]
    in_frame: int
    advertisers: int
    without_pages: int
    documents: int
    texts: int
    not_coded: int
    by_one: int
    agreed: int
    conflict: int
    adjudicated: int
    by_two: int


class RolledUp(NamedTuple):
    """The table of advertisers: its cells, how many are what, and the way of texts and advertisers into it."""

    cells: list[Cell]
    counts: list[CellCount]
    flow: CodingFlow
    frame: Frame
    texts: Mapping[str, Sequence[ShownText]]

    @property
    def advertisers(self) -> int:
        """How many rows the table has."""
        return len(self.frame.advertisers)


def roll_up_round(
    review: sqlite3.Connection,
    codes: Sequence[Code],
    round_: str,
    spec: FrameSpec = EVERY_SITE,
    *,
    single: bool = False,
) -> RolledUp:
    """Roll a round of coding up to the advertisers of a frame.

    ``single`` takes what one coder gave alone as settled: for a round that nobody else is to code.
    """
    frame = build_frame(review, spec, round_)
    units = read_units(review, round_)
    texts = coded_texts(review, units)
    cells = roll_up(frame.advertisers, texts, codes, single=single)
    return RolledUp(cells, cell_counts(cells), coding_flow(review, frame, texts), frame, texts)


def read_units(review: sqlite3.Connection, round_: str) -> CodedUnits:
    """Read what was decided in a round, whatever page it was on."""
    questions: dict[str, dict[str, Question]] = defaultdict(dict)
    claims: dict[str, list[CodedClaim]] = defaultdict(list)
    reads: dict[str, list[Answer]] = defaultdict(list)
    rows: dict[tuple[str, str, str], list[sqlite3.Row]] = defaultdict(list)
    for row in review.execute(ANSWERS, {"round": round_}):
        rows[row["unit_type"], row["unit"], row["code"]].append(row)
    for (unit_type, unit, code), found in rows.items():
        text, first = unit[:64], found[0]
        answers = tuple(Answer(row["coder"], row["role"], row["value"], row["at"], row["quote"]) for row in found)
        if code == READ_CODE:
            reads[text] += answers
        elif code.startswith("_"):
            continue
        elif unit_type == "text":
            questions[text][code] = Question(first["status"], first["settled"], answers)
        else:
            question = Question(first["status"], first["settled"], answers)
            quote = next((row["quote"] for row in found if row["quote"]), "")
            claims[text].append(CodedClaim(code, text, unit, quote, question, first["page"], first["version"]))
    return CodedUnits(questions, claims, reads)


def coded_texts(review: sqlite3.Connection, units: CodedUnits) -> dict[str, list[ShownText]]:
    """Give the texts of the frame that anybody coded, by advertiser, with the candidates that nobody decided on."""
    voted = sorted({*units.questions, *units.claims, *units.reads})
    pages = _coded_pages(review, units, voted)
    regions = _regions_of(review, [page.page for page in pages])
    everything = sorted({page.text for page in pages} | {text for found in regions.values() for text in found})
    candidates = _candidates(review, everything)
    by_text: dict[tuple[str, str], list[PageOfFrame]] = defaultdict(list)
    for page in pages:
        by_text[page.advertiser, page.text].append(page)
    found: dict[str, list[ShownText]] = defaultdict(list)
    for (advertiser, text), shown_on in sorted(by_text.items()):
        hosted = dict.fromkeys([text, *(region for page in shown_on for region in regions.get(page.page, ()))])
        proposals = {one: candidates.get(one, ()) for one in hosted}
        decided = [
            replace(claim, is_proposed=any(_overlap(claim, one) for one in proposals[claim.text_sha256]))
            for one in hosted
            for claim in units.claims.get(one, ())
        ]
        known = {(claim.code, claim.unit) for claim in decided}
        waiting = [
            claim for one in hosted for claim in candidates.get(one, ()) if (claim.code, claim.unit) not in known
        ]
        coded = CodedText(text, units.questions.get(text, {}), (*decided, *waiting), tuple(units.reads.get(text, ())))
        in_frame = tuple(page.page for page in shown_on if page.in_frame)
        found[advertiser].append(ShownText(coded, tuple(page.page for page in shown_on), in_frame))
    return found


def _overlap(claim: CodedClaim, candidate: CodedClaim) -> bool:
    """Tell whether a cue proposes a sentence, or more or less of it, for its code."""
    same = claim.unit == candidate.unit or candidate.quote in claim.quote
    return claim.code == candidate.code and (same or (bool(claim.quote) and claim.quote in candidate.quote))


def _coded_pages(review: sqlite3.Connection, units: CodedUnits, voted: Sequence[str]) -> list[PageOfFrame]:
    """Give the pages of the frame that show a coded text, or of which a region was coded.

    A region that many pages of a site share was coded on one of them: it counts there, or, where that page has changed,
    on the first that shows it.
    """
    columns = ", ".join(PageOfFrame._fields)
    rows = review.execute(
        f"SELECT {columns} FROM temp.frame_pages WHERE text IN (SELECT value FROM json_each(?)) ORDER BY page",
        (dump(voted),),
    )
    found = {row["page"]: PageOfFrame(*row) for row in rows}
    sharing: dict[tuple[str, str], list[PageOfFrame]] = defaultdict(list)
    if voted and has_regions(review):
        where = "regions.text_sha256 IN (SELECT value FROM json_each(:texts))"
        sql = REGIONS.format(where=where).replace(
            "frame_pages.page, regions", f"{', '.join(f'frame_pages.{name}' for name in PageOfFrame._fields)}, regions"
        )
        for *page, region in review.execute(f"{sql} ORDER BY 1", {"texts": dump(voted)}):
            shown = PageOfFrame(*page)
            sharing[shown.advertiser, region].append(shown)
    for (_, region), pages in sharing.items():
        coded_on = {claim.page for claim in units.claims.get(region, ())}
        hosts = [page for page in pages if page.page in coded_on] or pages[:1]
        found |= {page.page: page for page in hosts}
    return sorted(found.values())


def _regions_of(review: sqlite3.Connection, pages: Sequence[int]) -> dict[int, list[str]]:
    """Name the texts of the other regions of these pages."""
    found: dict[int, list[str]] = defaultdict(list)
    if pages and has_regions(review):
        where = "frame_pages.page IN (SELECT value FROM json_each(:pages))"
        for page, region in review.execute(f"{REGIONS.format(where=where)} ORDER BY 1, 2", {"pages": dump(pages)}):
            found[page].append(region)
    return found


def has_regions(review: sqlite3.Connection) -> bool:
    """Tell whether the corpus knows the regions of its versions."""
    return review.execute("SELECT 1 FROM corpus.sqlite_master WHERE name = 'version_regions'").fetchone() is not None


def _candidates(review: sqlite3.Connection, texts: Sequence[str]) -> dict[str, list[CodedClaim]]:
    """Give the sentences of these texts that cues propose."""
    found: dict[str, list[CodedClaim]] = defaultdict(list)
    for code, text, quote in review.execute(CANDIDATES, (dump(list(texts)),)):
        found[text].append(CodedClaim(code, text, claim_unit(text, quote), quote))
    return found


def coding_flow(review: sqlite3.Connection, frame: Frame, coded: Mapping[str, Iterable[ShownText]]) -> CodingFlow:
    """Count the way of sites, pages and texts into the table."""
    pages, texts = review.execute(
        "SELECT count(*), count(DISTINCT text) FROM temp.frame_pages WHERE in_frame"
    ).fetchone()
    in_frame = {one.text.text_sha256: one.text for shown in coded.values() for one in shown if one.in_frame}
    statuses = Counter(text_status(text) for text in in_frame.values())
    return CodingFlow(
        sites=len(frame.sites) + sum(frame.left_out.values()),
        left_out=frame.left_out,
        in_frame=len(frame.sites),
        advertisers=len(frame.advertisers),
        without_pages=sum(not counts.in_frame for counts in frame.advertisers.values()),
        documents=pages,
        texts=texts,
        not_coded=texts - len(in_frame),
        by_one=statuses[ONE],
        agreed=statuses[AGREED],
        conflict=statuses[CONFLICT],
        adjudicated=statuses[ADJUDICATED],
        by_two=sum(len(text.coders) >= CODERS_NEEDED for text in in_frame.values()),
    )


def text_status(text: CodedText) -> str:
    """Give a text the status of its least settled question; one that was only read, by how many have read it.

    >>> text_status(CodedText("ab12", {"S4_price": Question("agreed", "no")}))
    'agreed'
    """
    statuses = {question.status for question in text.questions.values()}
    statuses |= {claim.question.status for claim in text.claims if claim.question}
    if statuses:
        return next(status for status in (CONFLICT, ONE, ADJUDICATED, AGREED) if status in statuses)
    settled = any(one.role == ADJUDICATOR for one in text.reads) or len({one.coder for one in text.reads})
    return AGREED if settled is True or settled >= CODERS_NEEDED else ONE


def rounds(review: sqlite3.Connection) -> list[str]:
    """Name the rounds that have votes."""
    return [name for (name,) in review.execute("SELECT DISTINCT round FROM standing ORDER BY 1")]


def no_votes(review: sqlite3.Connection, round_: str) -> UsageError:
    """Say that a round has no votes, and which rounds have."""
    known = ", ".join(rounds(review)) or "none yet; code with `clinicwatch serve` or `clinicwatch import-labels`"
    return UsageError(f"--round {round_}: no vote was cast in it; rounds with votes: {known}")


def cue_recall(table: RolledUp, codes: Sequence[Code], *, single: bool) -> CueRecall:
    """Count the accepted sentences of texts that were read whole, and those of them that a cue proposed."""
    sentence_codes = [code for code in codes if code.level == "sentence"]
    accepted: dict[tuple[str, str], bool] = {}
    texts = set()
    for shown in (one for found in table.texts.values() for one in found if one.in_frame):
        if not shown.text.is_read(single=single):
            continue
        texts.add(shown.text.text_sha256)
        for code in sentence_codes:
            finding = find(shown.text, code, single=single)
            if finding.says is Says.YES:
                accepted |= {(claim.code, claim.unit): claim.is_proposed for claim in finding.claims}
    return CueRecall(sum(accepted.values()), len(accepted), len(texts))
