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
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipelines.text.normalise import fold_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from pipelines.changes.diff import Diff

__all__ = ["Triage", "Verdict", "load_triage", "score_edit", "score_event", "touched_cues"]

BASE = 0.04  # that something is told otherwise at all
AMOUNT = 0.3  # at most, for the share of the page that changed
COSMETIC = 0.01
BESIDE = 0.6  # of a cue's weight, where it stays and other words of its sentence change
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
CODED = "codebook"
WEIGHT = 0.45  # of a sentence that the codebook proposes for a code
MATERIAL = frozenset({"codebook", "approval", "claim", "risk", "price", "route", "area served", "condition"})


@dataclass(frozen=True, slots=True)
class Cue:
    """Wording that matters: its name, its weight and the pattern that finds it."""

    name: str
    weight: float
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Triage:
    """What changes are weighed by, as ``seeds/triage.toml`` says it; ``scan`` names the codes of a sentence."""

    kinds: Mapping[str, float] = field(default_factory=dict)
    places: Mapping[str, float] = field(default_factory=dict)
    page_types: Mapping[str, float] = field(default_factory=dict)
    cues: tuple[Cue, ...] = ()
    scan: Callable[[str], Iterable[str]] | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The score of a change, why, which cues it touches, and whether it touches any that matter."""

    score: float
    reasons: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()

    @property
    def material(self) -> bool:
        """Tell whether a claim, a price, an approval or the like came, went or was reworded."""
        return bool(MATERIAL.intersection(self.cues))


def load_triage(text: str) -> Triage:
    """Read the file ``seeds/triage.toml``; raises what :mod:`tomllib` and :mod:`re` raise."""
    told = tomllib.loads(text) if text else {}
    cues = tuple(
        Cue(each["name"], each["weight"], re.compile(each["pattern"], re.IGNORECASE)) for each in told.get("cues", ())
    )
    return Triage(told.get("kinds", {}), told.get("places", {}), told.get("page_types", {}), cues)


def score_event(rules: Triage, kind: str, page_type: str, reasons: Iterable[str] = ()) -> Verdict:
    """Weigh that a page came, went, moved or answers something else."""
    factor = rules.page_types.get(page_type, 1.0)
    said = [f"a page of type {page_type}"] if factor != 1.0 else []
    return Verdict(round(rules.kinds.get(kind, 0.3) * factor, 3), (*reasons, *said))


def score_edit(rules: Triage, diffs: Mapping[str, Diff], page_type: str, words: int) -> Verdict:
    """Weigh an edit by what its words touch, by its amount and place, and by the type of its page.

    ``words`` is the number of words that the page had before.
    """
    if not any(_is_more_than_form(diff) for diff in diffs.values()):
        return Verdict(COSMETIC, ("only case, punctuation or order changed",))
    touched = dict(touched_cues(rules, diffs))
    left = 1.0
    for weight, _ in touched.values():
        left *= 1 - weight
    amount = max(_amount(diff, words) * rules.places.get(place, 1.0) for place, diff in diffs.items())
    factor = rules.page_types.get(page_type, 1.0)
    score = (1 - left * (1 - BASE - AMOUNT * amount)) * factor
    ranked = sorted(touched.items(), key=lambda item: -item[1][0])
    reasons = [f"{name}: {said}" for name, (_, said) in ranked]
    reasons.append(f"{_count(diffs, 'words_added')} words added, {_count(diffs, 'words_removed')} removed")
    reasons += [f"a page of type {page_type}"] if factor != 1.0 else []
    return Verdict(round(min(score, 0.999), 3), tuple(reasons), tuple(name for name, _ in ranked))


def touched_cues(rules: Triage, diffs: Mapping[str, Diff]) -> Iterator[tuple[str, tuple[float, str]]]:
    """Name the cues that an edit touches, each with the weight that it has here and with what was said of it."""
    for cue in rules.cues:
        found = [_touch(cue, diff, rules.places.get(place, 1.0)) for place, diff in diffs.items()]
        best = max(found, key=lambda item: item[0], default=(0.0, ""))
        if best[0]:
            yield cue.name, best
    if rules.scan:
        found = [_coded(rules.scan, diff, rules.places.get(place, 1.0)) for place, diff in diffs.items()]
        best = max(found, key=lambda item: item[0], default=(0.0, ""))
        if best[0]:
            yield CODED, best


def _coded(scan: Callable[[str], Iterable[str]], diff: Diff, place: float) -> tuple[float, str]:
    """Weigh the codes of the codebook that sentences came with or went with; those on both sides were reworded."""
    gone, come = ({code for unit in units for code in scan(unit)} for units in (diff.removed, diff.added))
    if gone == come:
        same = sorted(come) if _is_more_than_form(diff) else []
        return (WEIGHT * place * BESIDE, f"reworded: {', '.join(same[:3])}") if same else (0.0, "")
    said = [f"removed {code}" for code in sorted(gone - come)[:3]] + [
        f"added {code}" for code in sorted(come - gone)[:3]
    ]
    return WEIGHT * place, ", ".join(said)


def _touch(cue: Cue, diff: Diff, place: float) -> tuple[float, str]:
    gone, come = _matches(cue, diff.removed), _matches(cue, diff.added)
    lost, won = gone - come, come - gone
    if lost or won:
        parts = [f"removed “{text}”" for text in list(lost)[:3]] + [f"added “{text}”" for text in list(won)[:3]]
        return cue.weight * place, ", ".join(parts)
    beside = [text for text in come if text] if _is_more_than_form(diff) else []
    return (cue.weight * place * BESIDE, f"words beside “{beside[0]}”") if beside else (0.0, "")


def _matches(cue: Cue, units: Iterable[str]) -> Counter[str]:
    return Counter(" ".join(match[0].lower().split()) for unit in units for match in cue.pattern.finditer(unit))


def _is_more_than_form(diff: Diff) -> bool:
    """Tell an edit of words from one of case, punctuation and order."""
    return Counter(_folded(diff.removed)) != Counter(_folded(diff.added))


def _folded(units: Iterable[str]) -> list[str]:
    """Give the words of units in order, whatever their case, and contractions written out."""
    return sorted(word for unit in units for word in fold_line(_written_out(unit)).split())


def _written_out(text: str) -> str:
    """Write contractions out: "don't" became "do not" is no edit of what is said.

    >>> _written_out("We don’t rush, and you can't fail")
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


def _count(diffs: Mapping[str, Diff], name: str) -> int:
    return sum(getattr(diff, name) for diff in diffs.values())
