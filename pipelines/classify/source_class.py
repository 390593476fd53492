"""Who publishes: a guess at the class of a host, from its name and what its home page says, with reasons.

This is the second axis beside the topic: a guest post may say exactly what a clinic says. A person's value in
``sites.csv`` wins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.text.terms import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.metadata.page_metadata import Metadata

__all__ = ["CLASSES", "guess", "source_class"]

CLASSES = (
    "clinic", "clinic-other", "telehealth", "directory", "news", "journal", "guest-post-host", "content-farm", "vendor",
    "illegal-vendor", "insurer", "government", "drug-info", "professional", "veterinary", "forum", "law", "other",
)  # fmt: skip

_HOST: tuple[tuple[str, float, str], ...] = (
    ("government", 8, r"\.gov(?:\.[a-z]{2})?$|\.mil$|(?:^|\.)nih\."),
    ("journal", 6, (
        r"pubmed|pmc\.ncbi|journal|frontiersin|cambridge\.org|springer|wiley|sciencedirect|elsevier|"
        r"lww\.com|scribd|medrxiv|plos|mdpi|bmj|jama|qxmd"
        r"|scholar|researchgate|litmetric|aminer|publish|asahq|researcher|brieflands|thelancet|"
        r"nature\.com|karger|semanticscholar|dntb|kglmeridian|papers|jstage"
    )),
    ("news", 4, (
        r"news|times|herald|gazette|tribune|(?:^|\.)(?:abc|nbc|cbs|fox|wsb|kc?[a-z]{2,3}|"
        r"w[a-z]{3})\d*\.com|ctv|cnn|bbc|post\.com|magazine|mag\.com|wire\b|wire\.com|daily|today|press|"
        r"chronicle|journalstar|yahoo|substack|medium\.com|radio|\d{2,3}\.com$|eurekalert|guardian|reuters"
    )),
    ("drug-info", 5, (
        r"wiki|erowid|psychonaut|tripsit|drugfree|druginfo|harmreduction|drugs?\.(?:com|org)|recovery|"
        r"rehab|addiction|freedom\.com"
    )),
    ("veterinary", 6, r"\bvet|vets?\.|veterin|animal|pets?(?:hospital|care|\.)|noahcompendium|equine"),
    ("insurer", 5, (
        r"bcbs|bluecross|aetna|cigna|humana|anthem|medicaid|medicare|healthplan|qualchoice|unitedhealth|"
        r"uhc"
    )),
    ("law", 5, r"law|legal|attorney"),
    ("forum", 6, r"reddit|forum|ycombinator|quora|stackexchange|community\."),
    ("illegal-vendor", 6, (
        r"(?:ketamine|keta)[-]?(?:shop|store|buy|online-?shop|sale|vendor)|buy-?ketamine|(?:shop|"
        r"store)\d*\.|^keta-mine"
    )),
    ("directory", 6, (
        r"best\w*clinics|find\w*clinic|clinicfinder|directory|healthgrades|yelp|psychologytoday|zocdoc|"
        r"findhealth|healingmaps|clinics?near|\w+finder|listings?"
    )),
    ("professional", 5, r"askp|osmind|association|society|academy|(?:^|\.)members\."),
    ("vendor", 5, r"startup|billing|marketresearch|market-?report|marketing|advisor|consult|emr|software|supplies|seo"),
    ("telehealth", 4, (
        r"tele(?:health|med|medicine)|athome|at-home|mindbloom|joyous|nue\.life|betterucare|anywhere|"
        r"discreetket|online(?:clinic|ketamine)|intercom\.help/"
    )),
    ("clinic", 5, r"ketamin|infus|ketatherap|ketamc"),
    ("clinic", 3, (
        r"clinics?\b|clinic|wellness|therap|psych|mind|neuro|tms|health|heal|pain|medical|counsel|"
        r"behavioral|care|center|md\.com|spa"
    )),
)  # fmt: skip
_TEXT: tuple[tuple[str, float, str], ...] = (
    ("telehealth", 5, (
        r"at[- ]home ketamine|from home|telehealth|virtual (?:visit|sessions?|care)|shipped to (?:your|"
        r"you)|delivered to your (?:door|home)|licensed in \d+ states"
    )),
    ("clinic", 4, (
        r"our (?:clinic|practice|center|infusion|office|treatment)|schedule (?:a|"
        r"your) (?:free )?(?:consultation|appointment)|book (?:a|an|your) (?:appointment|consultation)|"
        r"new patients|patient portal|we treat|call us"
    )),
    ("directory", 5, (
        r"find (?:a|the best) (?:clinic|provider|ketamine)|claim (?:this|your) listing|listings?|"
        r"directory|add your clinic|browse (?:clinics|by state)|compare clinics|best \w+ clinics"
    )),
    ("news", 4, (
        r"subscribe|newsletter|breaking|staff writer|newsroom|editor|reporter|obituaries|sports|weather|"
        r"opinion|classifieds"
    )),
    ("journal", 5, (
        r"abstract|doi:|doi\.org|peer[- ]review|issn|volume \d+|et al\.?|cited by|open access|"
        r"corresponding author"
    )),
    ("drug-info", 5, (
        r"street names?|recreational|harm reduction|drug (?:test|abuse)|detox|k-hole|rehab|"
        r"addiction treatment"
    )),
    ("guest-post-host", 6, (
        r"guest posts?|write for us|submit (?:a|your) (?:guest )?(?:post|article)|sponsored post|"
        r"contributors? guidelines"
    )),
    ("content-farm", 3, (
        r"related searches|web stories|casino|betting|slot|crypto|celebrity|gadgets|horoscope|loan|"
        r"seo services|backlinks"
    )),
    ("vendor", 5, (
        r"(?:help|helping) (?:clinics|practices|providers)|clinic owners|practice owners|medical billing|"
        r"market size|cagr|emr|start (?:a|your) (?:ketamine )?clinic|masterclass|for your practice"
    )),
    ("illegal-vendor", 7, (
        r"add to cart|buy ketamine|discreet(?:ly)? (?:shipping|shipped|delivery)|"
        r"without (?:a )?prescription|no prescription|bitcoin"
    )),
    ("insurer", 5, (
        r"medical policy|member(?:s)? (?:portal|benefit)|precertification|prior authorization|"
        r"benefit plan|coverage criteria"
    )),
    ("veterinary", 6, r"\bdogs?\b|\bcats?\b|veterinar|\bhorses?\b|xylazine"),
    ("professional", 4, (
        r"for (?:providers|clinicians|professionals)|continuing education|cme credits?|membership for|"
        r"professional society|annual (?:meeting|conference)"
    )),
    ("forum", 5, r"upvotes?|\breplies\b|log in to (?:reply|comment)|thread|subreddit"),
    ("law", 5, r"attorneys?|law firm|case evaluation|litigation|practice areas"),
    ("government", 4, r"official website of|department of health|\.gov\b"),
)  # fmt: skip
_MEDICAL = frozenset(
    ["MedicalClinic", "MedicalBusiness", "Physician", "MedicalOrganization", "Psychiatric", "Hospital"]
)
_OTHER_CARE = re.compile(r"\b(?:tms|transcranial|laser|skin|botox|med(?:ical)? ?spa|vitamin|hydration|dental|hair)\b")


@dataclass(frozen=True, slots=True)
class _Sign:
    kind: str
    points: float
    reason: str


def _host_signs(host: str) -> Iterator[_Sign]:
    for kind, points, shape in _HOST:
        match = re.search(shape, host)
        if match:
            yield _Sign(kind, points, f"host says {match[0]!r}")


def _text_signs(text: str) -> Iterator[_Sign]:
    for kind, points, shape in _TEXT:
        seen = list(dict.fromkeys(match[0] for match in re.finditer(shape, text)))
        if seen:
            yield _Sign(kind, points * min(len(seen), 3) / 3, f"text says {', '.join(seen[:3])}")


def _declared_signs(meta: Metadata) -> Iterator[_Sign]:
    for kind in meta.types:
        if kind in _MEDICAL:
            yield _Sign("clinic", 4, f"declares {kind}")
        if kind in ("NewsMediaOrganization", "NewsArticle"):
            yield _Sign("news", 4, f"declares {kind}")
        if kind in ("ScholarlyArticle", "MedicalScholarlyArticle"):
            yield _Sign("journal", 5, f"declares {kind}")
    if any(fact.field == "address" for fact in meta.facts):
        yield _Sign("clinic", 1.5, "states a postal address")


def guess(host: str, meta: Metadata | None = None, text: str = "") -> tuple[str, tuple[str, ...]]:
    """Guess the class of a host from its name and, where given, its home page; ``other`` where too little is known.

    >>> guess("cedarketamine.example")[0], guess("pmc.ncbi.nlm.nih.gov")[0], guess("oak.example")
    ('clinic', 'government', ('other', ()))
    """
    folded = fold(text[:20_000])
    signs = [*_host_signs(host.lower().strip(".")), *_text_signs(folded), *(_declared_signs(meta) if meta else ())]
    points: dict[str, float] = {}
    for sign in signs:
        points[sign.kind] = points.get(sign.kind, 0.0) + sign.points
    kind = max(points, key=lambda each: points[each], default="other")
    if points.get(kind, 0.0) < 2:
        return "other", ()
    if kind == "clinic" and "ketamin" not in f"{host} {folded}" and _OTHER_CARE.search(f"{host} {folded}"):
        kind, signs = "clinic-other", [*signs, _Sign("clinic-other", 1, "speaks of other care, not of ketamine")]
    own = sorted((sign for sign in signs if sign.kind in (kind, kind.split("-")[0])), key=lambda sign: -sign.points)
    return kind, tuple(sign.reason for sign in own)


def source_class(
    host: str, said: str = "", meta: Metadata | None = None, text: str = ""
) -> tuple[str, tuple[str, ...]]:
    """Give a person's value where there is one, else the guess."""
    return (said, ("a person said so",)) if said else guess(host, meta, text)
