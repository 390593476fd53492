"""The methods paragraph of a study: its numbers in, plain English out, to be pasted into a paper and checked."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["CodeFigures", "CueRecall", "Methods", "SampleFacts", "methods_text", "recall_text"]


class SampleFacts(NamedTuple):
    """A sample: units drawn of so many, by which strata, how allocated, their weights, the share coded twice."""

    name: str
    drawn: int
    frame: int
    strata_by: tuple[str, ...]
    strata: int
    allocation: str
    weights: tuple[float, float]  # the smallest and the largest
    double: float
    undrawn: int  # units of the frame in strata without a draw
    seed: int


class CodeFigures(NamedTuple):
    """How far coders agree on a code; ``None`` where a coefficient is not defined."""

    code: str
    percent: float | None
    kappa: float | None
    alpha: float | None
    ac1: float | None


class CueRecall(NamedTuple):
    """Of the sentences that coders accepted in texts that were read whole, how many a cue had proposed."""

    proposed: int
    accepted: int
    texts: int


class Methods(NamedTuple):
    """The numbers of a study."""

    frame: str
    reference_date: str
    sites: int
    left_out: Mapping[str, int]
    advertisers: int
    without_pages: int
    pages: int
    texts: int
    samples: Sequence[SampleFacts]
    round: str
    coders: int
    adjudicators: int
    coded: int
    coded_twice: int
    read_whole: int
    single: bool
    codes: int
    agreement: Sequence[CodeFigures]
    recall: CueRecall
    cells: Mapping[str, int]  # yes, no, unclear, empty
    codebook: str
    codebook_hashes: Sequence[str]  # of the votes
    software: str
    printed_on: str


def methods_text(one: Methods) -> str:
    """Write the paragraph, a line a subject; a number that there is not is said to be missing."""
    sentences = [
        _frame_text(one),
        *(_sample_text(sample) for sample in one.samples),
        "" if one.samples else "No sample is named in the study: the coded texts are not a random sample of the frame.",
        _coding_text(one),
        _agreement_text(one),
        recall_text(one.recall),
        _table_text(one),
        _tools_text(one),
    ]
    return "\n".join(sentence for sentence in sentences if sentence)


def _frame_text(one: Methods) -> str:
    day = f"as they were on {one.reference_date}" if one.reference_date else f"as they were on {one.printed_on}"
    left = "; ".join(f"{count} {reason}" for reason, count in sorted(one.left_out.items()))
    without = f", {one.without_pages} of them without a page on the topic" if one.without_pages else ""
    return (
        f"The frame ({one.frame}) has {_count(one.sites, 'site')} of {_count(one.advertisers, 'advertiser')}{without}"
        f"{f' (left out: {left})' if left else ''}. Their pages on the topic, {day}, are {one.pages} with {one.texts}"
        " different texts."
    )


def _sample_text(sample: SampleFacts) -> str:
    by = f", stratified by {' and '.join(sample.strata_by)} ({sample.strata} strata)" if sample.strata_by else ""
    low, high = sample.weights
    weights = f"{low:.2f}" if low == high else f"{low:.2f} to {high:.2f}"
    undrawn = f" {sample.undrawn} units are in strata without a draw." if sample.undrawn else ""
    return (
        f"A random sample of {sample.drawn} of {sample.frame} units was drawn{by} with {sample.allocation} allocation"
        f" (seed {sample.seed}); each drawn unit has the weight of its stratum's size over its draws, {weights}."
        f" Two coders were asked for {sample.double:.0%} of it.{undrawn}"
    )


def _coding_text(one: Methods) -> str:
    share = f"{one.coded_twice / one.coded:.0%}" if one.coded else "none"
    arbiters = f" and {_count(one.adjudicators, 'adjudicator')}" if one.adjudicators else ""
    settled = "What one coder gave alone counts as settled." if one.single else "A value counts when two coders gave it"
    settled += "" if one.single else " or an adjudicator decided."
    return (
        f"In round {one.round}, {_count(one.coders, 'coder')}{arbiters} coded {one.coded} of these texts by {one.codes}"
        f" codes; {one.coded_twice} texts ({share}) were coded by two or more, blind to each other, and"
        f" {one.read_whole} were read whole. {settled}"
    )


def _agreement_text(one: Methods) -> str:
    if not one.agreement:
        return "Agreement between coders was not measured: no question has the votes of two."
    parts = []
    for name, field in (("agreement", "percent"), ("Cohen's kappa", "kappa"), ("Krippendorff's alpha", "alpha"),
                        ("Gwet's AC1", "ac1")):  # fmt: skip
        found = sorted((value, code.code) for code in one.agreement if (value := getattr(code, field)) is not None)
        if not found:
            parts.append(f"{name} not defined")
            continue
        (low, worst), (high, best) = found[0], found[-1]
        parts.append(f"{name} from {low:.2f} ({worst}) to {high:.2f} ({best})")
    return f"Agreement by code, on original votes, over {_count(len(one.agreement), 'code')}: {'; '.join(parts)}."


def recall_text(recall: CueRecall) -> str:
    """Say how much of what coders accepted the cues had proposed, with the 95 % interval."""
    if not recall.accepted:
        return "The recall of the cues was not estimated: no accepted sentence is in a text that was read whole."
    low, high = wilson(recall.proposed, recall.accepted)
    return (
        f"Of the {_count(recall.accepted, 'sentence')} that coders accepted in {_count(recall.texts, 'text')} read"
        f" whole, cues had proposed {recall.proposed}: recall of the cues {recall.proposed / recall.accepted:.2f}"
        f" (95 % Wilson interval {low:.2f} to {high:.2f})."
    )


def wilson(found: int, of: int) -> tuple[float, float]:
    """Give the 95 % interval of a share (Wilson 1927).

    >>> [round(end, 3) for end in wilson(81, 263)]
    [0.255, 0.366]
    """
    z2 = NormalDist().inv_cdf(0.975) ** 2
    share = found / of
    middle, reach = share + z2 / (2 * of), (z2 * (share * (1 - share) + z2 / (4 * of)) / of) ** 0.5
    return (middle - reach) / (1 + z2 / of), (middle + reach) / (1 + z2 / of)


def _table_text(one: Methods) -> str:
    cells = one.cells
    return (
        f"The table has {_count(one.advertisers, 'advertiser')} by {_count(one.codes, 'code')}: {cells['yes']} cells"
        f" yes or with a value, {cells['no']} no, {cells['unclear']} unclear, {cells['empty']} without an answer. A"
        ' cell is "no" where coders answered so, or read a text whole and rejected every sentence proposed in it.'
    )


def _tools_text(one: Methods) -> str:
    codebook = f"{one.codebook}{_hashes_text(one.codebook_hashes)}"
    return f"Codebook: {codebook}. Software: clinicwatch {one.software}. Numbers as of {one.printed_on}."


def _hashes_text(hashes: Sequence[str]) -> str:
    if not hashes:
        return ""
    of = "hash of its text" if len(hashes) == 1 else "votes rest on several texts of it, hashes"
    return f" ({of} {', '.join(hashes)})"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
