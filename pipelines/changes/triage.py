"""How much a change is worth a person's time: a score from 0 to 1 with its reasons, strongest first.

Anchor: the weights of EDGI's web-monitoring-task-sheets (a base, a logarithmic curve over the share of text that
changed, half a point for key terms and more for each, home pages demoted to a quarter). Ours differ where clinics do:
a few words decide ("NY, NJ, and PA" became "43 U.S. states"), so wording counts for more than amount; a cue counts
where its own words came or went, not where they stood all along; case and punctuation alone count for almost nothing;
and home pages are not demoted, because lists of posts on them are no changes here.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Annotated, NamedTuple

from pydantic import BeforeValidator, Field

from pipelines.changes.diff import Diff
from pipelines.text.names import mask_names
from pipelines.text.normalise import fold_line
from pipelines.text.toml_model import Listed, Text, TomlModel, load_toml_model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pipelines.changes.diff import Part

__all__ = ["ChangeScore", "TriageRules", "load_triage", "ranked_regions", "score_edit", "score_event"]

BASE_SCORE = 0.04  # that something says something else at all
MAX_AMOUNT_SCORE = 0.3  # for the share of the page that changed
COSMETIC_SCORE = 0.01
MAX_SCORE = 0.999
DEFAULT_EVENT_WEIGHT = 0.3
NEARBY_FACTOR = 0.6  # of a cue's weight, where it stays and other words of its sentence change
CODEBOOK_CUE = "codebook"
CODEBOOK_WEIGHT = 0.45  # of a sentence that the codebook proposes for a code
MATERIAL_CUES = frozenset({CODEBOOK_CUE, "approval", "claim", "risk", "price", "route", "area served", "condition"})
CHANGED = frozenset({"added", "removed", "replaced"})  # kinds of parts
MAX_QUOTES = 3  # of what came, and of what went, in a reason
CONTRACTIONS = tuple(
    (re.compile(pattern, re.IGNORECASE), full)
    for pattern, full in (
        (r"\bcan't|\bcannot\b", "can not"),
        (r"\bwon't\b", "will not"),
        (r"(?<=\w)n't\b", " not"),
        (r"(?<=\w)'re\b", " are"),
        (r"(?<=\w)'ve\b", " have"),
        (r"(?<=\w)'ll\b", " will"),
        (r"\b(it|that|there|here|what)'s\b", r"\1 is"),
    )
)

Chance = Annotated[float, Field(ge=0, le=1)]
Factor = Annotated[float, Field(ge=0)]


def _compile(pattern: object) -> object:
    """Compile a pattern; what is no text is left to be refused as such."""
    if not isinstance(pattern, str):
        raise ValueError(f"pattern must be text in quotes, not {pattern!r:.40}")  # noqa: TRY004 - pydantic's
    try:
        return re.compile(pattern, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"pattern is no regular expression: {error}; mend {pattern!r:.60}") from error


class Cue(TomlModel):
    """Wording that matters: its name, its weight and the pattern that finds it."""

    name: Text
    weight: Chance
    pattern: Annotated[re.Pattern[str], BeforeValidator(_compile)]


class _TriageFile(TomlModel):
    """``seeds/triage.toml``: weights of kinds of change, factors of regions and page types, cues."""

    kinds: dict[str, Chance] = Field(default_factory=dict)
    places: dict[str, Factor] = Field(default_factory=dict)
    page_types: dict[str, Factor] = Field(default_factory=dict)
    cues: Listed[Cue] = ()


@dataclass(frozen=True, slots=True)
class TriageRules:
    """What changes are weighed by; ``codes_of`` names the codes that the codebook proposes for a sentence.

    ``names`` finds what the advertiser is called, which is masked before cues run.
    """

    kinds: Mapping[str, float] = field(default_factory=dict)
    regions: Mapping[str, float] = field(default_factory=dict)
    page_types: Mapping[str, float] = field(default_factory=dict)
    cues: tuple[Cue, ...] = ()
    names: re.Pattern[str] | None = None
    codes_of: Callable[[str, re.Pattern[str] | None], Iterable[str]] | None = None

    def has_cue(self, text: str) -> bool:
        """Tell whether a line has wording that matters."""
        return any(cue.pattern.search(text) for cue in self.cues)

    def is_candidate(self, text: str) -> bool:
        """Tell whether the codebook proposes a line for a code; without a codebook, whether it has any cue."""
        return bool(self.codes_of(text, self.names)) if self.codes_of else self.has_cue(text)

    def masked(self, names: re.Pattern[str] | None) -> TriageRules:
        """Give the rules for the pages of an advertiser that is called so: a name that holds a cue's word is no cue."""
        return replace(self, names=names) if names else self


@dataclass(frozen=True, slots=True)
class ChangeScore:
    """The score of a change, why, and which cues it touches."""

    score: float
    reasons: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()

    @property
    def is_material(self) -> bool:
        """Tell whether a claim, a price, an approval or the like came, went or was reworded."""
        return not MATERIAL_CUES.isdisjoint(self.cues)


class _Touch(NamedTuple):
    """How an edit touches a cue: the weight that the cue has here, its name, and what came or went."""

    weight: float
    cue: str
    quote: str


def load_triage(text: str, file: str = "triage.toml") -> TriageRules:
    """Read the file ``seeds/triage.toml``; raises :class:`UsageError` with the line of what is wrong."""
    rules = load_toml_model(text, _TriageFile, file)
    return TriageRules(rules.kinds, rules.places, rules.page_types, rules.cues)


def score_event(rules: TriageRules, kind: str, page_type: str, reasons: Iterable[str] = ()) -> ChangeScore:
    """Weigh that a page came, went, moved or answers something else."""
    weight = rules.kinds.get(kind, DEFAULT_EVENT_WEIGHT) * rules.page_types.get(page_type, 1.0)
    return ChangeScore(round(weight, 3), (*reasons, *_page_type_reason(rules, page_type)))


def score_edit(rules: TriageRules, diffs: Mapping[str, Diff], page_type: str, words: int) -> ChangeScore:
    """Weigh an edit (a diff a region) by the cues that it touches, by its amount and regions, and by its page's type.

    ``words`` is the number of words that the page had before.
    """
    if not any(_is_more_than_form(diff) for diff in diffs.values()):
        return ChangeScore(COSMETIC_SCORE, ("only case, punctuation or order changed",))
    tests: list[Callable[[Diff, float], _Touch | None]] = [partial(_touch, cue, rules.names) for cue in rules.cues]
    if rules.codes_of:
        tests.append(partial(_touch_codes, partial(_codes, rules)))
    by_cue: dict[str, _Touch] = {}
    for test in tests:  # a cue counts as in the region where it weighs most
        found = [test(diff, rules.regions.get(region, 1.0)) for region, diff in diffs.items()]
        best = max(filter(None, found), key=lambda touch: touch.weight, default=None)
        if best and best.weight:
            by_cue[best.cue] = best
    touched = sorted(by_cue.values(), key=lambda touch: -touch.weight)
    untouched = 1.0  # weights add up as chances do
    for touch in touched:
        untouched *= 1 - touch.weight
    added = sum(diff.words_added for diff in diffs.values())
    removed = sum(diff.words_removed for diff in diffs.values())
    amount = max(_amount(diff, words) * rules.regions.get(region, 1.0) for region, diff in diffs.items())
    score = (1 - untouched * (1 - BASE_SCORE - MAX_AMOUNT_SCORE * amount)) * rules.page_types.get(page_type, 1.0)
    reasons = [f"{touch.cue}: {touch.quote}" for touch in touched]
    reasons += [f"{added} words added, {removed} removed", *_page_type_reason(rules, page_type)]
    return ChangeScore(round(min(score, MAX_SCORE), 3), tuple(reasons), tuple(touch.cue for touch in touched))


def ranked_regions(rules: TriageRules, diffs: Mapping[str, Diff]) -> dict[str, Diff]:
    """Give the regions of an edit and the parts of each so that what weighs most stands first: wording that matters."""

    def weight(part: Part) -> float:
        units = [mask_names(unit, rules.names) for unit in (*part.before, *part.after)]
        return max((cue.weight for cue in rules.cues if any(map(cue.pattern.search, units))), default=0.0)

    def changed(diff: Diff) -> Diff:
        return Diff(
            tuple(sorted((part for part in diff.parts if part.kind in CHANGED), key=lambda part: -weight(part)))
        )

    ranked = {region: changed(diff) for region, diff in diffs.items()}
    order = {
        region: max((weight(part) for part in diff.parts), default=0.0) * rules.regions.get(region, 1.0)
        for region, diff in ranked.items()
    }
    return dict(sorted(ranked.items(), key=lambda each: -order[each[0]]))


def _page_type_reason(rules: TriageRules, page_type: str) -> list[str]:
    return [f"a page of type {page_type}"] if rules.page_types.get(page_type, 1.0) != 1.0 else []


def _codes(rules: TriageRules, text: str) -> Iterable[str]:
    return rules.codes_of(text, rules.names) if rules.codes_of else ()


def _touch(cue: Cue, names: re.Pattern[str] | None, diff: Diff, factor: float) -> _Touch | None:
    """Weigh a cue whose wording came or went, or stands in a sentence of which other words changed."""
    before, after = (
        Counter(
            " ".join(match[0].lower().split())
            for unit in units
            for match in cue.pattern.finditer(mask_names(unit, names))
        )
        for units in (diff.removed, diff.added)
    )
    lost, won = list(before - after), list(after - before)
    if lost or won:
        quotes = [f"removed “{text}”" for text in lost[:MAX_QUOTES]] + [f"added “{text}”" for text in won[:MAX_QUOTES]]
        return _Touch(cue.weight * factor, cue.name, ", ".join(quotes))
    nearby = next(filter(None, after), None)
    if nearby is None or not _is_more_than_form(diff):
        return None
    return _Touch(cue.weight * factor * NEARBY_FACTOR, cue.name, f"words beside “{nearby}”")


def _touch_codes(codes_of: Callable[[str], Iterable[str]], diff: Diff, factor: float) -> _Touch | None:
    """Weigh the codes of the codebook that sentences came with or went with; those on both sides were reworded."""
    before, after = ({code for unit in units for code in codes_of(unit)} for units in (diff.removed, diff.added))
    if before != after:
        quotes = [f"removed {code}" for code in sorted(before - after)[:MAX_QUOTES]]
        quotes += [f"added {code}" for code in sorted(after - before)[:MAX_QUOTES]]
        return _Touch(CODEBOOK_WEIGHT * factor, CODEBOOK_CUE, ", ".join(quotes))
    if not after or not _is_more_than_form(diff):
        return None
    quote = f"reworded: {', '.join(sorted(after)[:MAX_QUOTES])}"
    return _Touch(CODEBOOK_WEIGHT * factor * NEARBY_FACTOR, CODEBOOK_CUE, quote)


def _is_more_than_form(diff: Diff) -> bool:
    """Tell an edit of words from one of case, punctuation and order."""
    before, after = (
        Counter(word for unit in units for word in fold_line(_without_contractions(unit)).split())
        for units in (diff.removed, diff.added)
    )
    return before != after


def _without_contractions(text: str) -> str:
    """Write contractions out: "don't" became "do not" is no edit of what is said.

    >>> _without_contractions("We don’t rush, and you can't fail")
    'We do not rush, and you can not fail'
    """
    plain = text.replace("’", "'")
    for pattern, full in CONTRACTIONS:
        plain = pattern.sub(full, plain)
    return plain


def _amount(diff: Diff, words: int) -> float:
    """Give the changed share of a page on a logarithmic curve, 0 to 1."""
    share = min(1.0, (diff.words_added + diff.words_removed) / max(words, 1))
    return math.log(1 + (math.e - 1) * share)
