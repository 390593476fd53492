"""The types of pages, as one table: what is known of a type is a column of its row in ``PAGE_TYPES``.

A new type is a member of ``PageType`` with its row. The rows stand in order of precedence: where the patterns of two
types match the same part of an address, the upper row counts. No column has a default, so that none is left out by
mistake; an empty one says that there is no such sign.

Points were set on the development half of the labelled pages. Patterns match folded text: lower case, no accents; in
addresses, hyphens and underscores are spaces.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "CONDITION",
    "LISTING_TYPES",
    "PAGE_TYPES",
    "SERVICE",
    "PageType",
    "PageTypeRow",
    "Sign",
    "VisitDays",
    "WordSign",
]


class PageType(StrEnum):
    """What kind of page this is, by URL, structure and text; a column, as the 2023 study excluded blogs."""

    HOME = "home"
    SERVICE = "service"
    CONDITION = "condition"
    FAQ = "faq"
    PRICE = "price"
    ABOUT = "about"
    CONTACT = "contact"
    POLICY = "policy"
    BLOG = "blog"
    NEWS = "news"
    TESTIMONIAL = "testimonial"
    ARCHIVE = "archive"
    SEARCH = "search"
    FEED = "feed"
    OTHER = "other"


class Sign(NamedTuple):
    """A pattern that speaks for a type, and its points."""

    points: float
    pattern: str


class WordSign(NamedTuple):
    """Words of a text that speak for a type where they are dense enough: so many, one in so many words of the text.

    A ``folded`` pattern is for texts in small letters: re takes twice as long where case does not count.
    """

    points: float
    pattern: str
    fewest: int
    spacing: int
    folded: bool


class VisitDays(NamedTuple):
    """Days between two visits: at least, mean days between changes as long as nothing is known, at most."""

    least: float
    usual: float
    most: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTypeRow:
    """What is known of a type of page.

    ``last`` are signs for the words of the last part of an address, ``folder`` for the names of the folders above it:
    in each the first pattern that matches counts, over all types. All that match in a ``title`` count. ``declared``
    are points for schema.org types, ``words`` what its text is full of. What shows in other ways (the root of a site,
    dates in an address, questions) is in ``pipelines/classify/page_type.py``. ``is_listing``: the page repeats what
    stands on other pages, and its text counts nowhere. ``visit_days`` bound how often it is visited.
    """

    last: tuple[Sign, ...]
    folder: tuple[Sign, ...]
    title: tuple[Sign, ...]
    declared: Mapping[str, float]
    words: WordSign | None
    is_listing: bool
    visit_days: VisitDays
    explanation: str


CONDITION = (
    r"depress(?:ion|ive)|depresion|anxiety|ansiedad|ptsd|post ?traumatic|ocd|obsessive|bipolar|"
    r"postpartum|suicid\w+|chronic ?pain|pain$|substance abuse|dolor cronico|crps|rsd|complex regional"
    r"|fibromyalgia|migraines?|neuropath\w+|addiction|alcohol(?:ism)?|substance use|adhd|"
    r"eating disorders?|lyme|insomnia|trauma|panic|grief"
    r"|mood disorders?|nerve pain|back pain|headaches?|burnout|phantom limb|tinnitus|autism|"
    r"social phobia|treatment resistant"
)
SERVICE = (
    r"ketamin[ea]s?|esketamine|spravato|infusions?|infusiones|\biv\b|\bkap\b|psychotherapy|therap(?:y|"
    r"ies)|treatments?|tratamientos?|lozenges?|troches?|tms|"
    r"what to expect|process|how it works|getting started|preparing|preparation|integration|nad|"
    r"wellness|injections?|medication management|telehealth|psychedelic|evaluation|retreats?|"
    r"behandlung|traitement|tratamento|trattamento|terapias?|what we (?:do|offer)|refer(?:rals?|ring)?|"
    # what the same providers offer beside it: a town page of any service is one
    r"botox|dysport|xeomin|fillers?|neurotoxins?|laser|facials?|microneedling|(?:chemical )?peels?|cool ?sculpting|"
    r"body (?:contouring|sculpting)|weight loss|semaglutide|tirzepatide|glp ?1|hormones?|hydration|"
    r"counsel(?:l)?ing|coaching|acupuncture|massage|hypnosis|neurofeedback|biofeedback|stellate|"
    r"(?:pain|medical|medication) management|psychiatry|stimulation|estimulacion|surgery|procedures?|screenings?|"
    r"detox|rehab(?:ilitation)?|ablation|blocks?$"
)
TOWN = (  # ", AZ" at the end of a title or headline; two letters alone are words too
    r",\s?(?:al|ak|az|ar|ca|co|ct|de|dc|fl|ga|hi|id|il|in|ia|ks|ky|la|me|md|ma|mi|mn|ms|mo|mt|ne|nv|nh|nj|nm|ny|nc|nd|oh|"
    r"ok|or|pa|ri|sc|sd|tn|tx|ut|vt|va|wa|wv|wi|wy)\b|\bnear (?:me|you)\b"
)
PAGE_TYPES: dict[PageType, PageTypeRow] = {
    PageType.FEED: PageTypeRow(
        last=(Sign(8, r"feed|rss|atom|feed\.xml|rss\.xml|sitemap.*\.xml|.*\.(?:rss|atom|json)|wp json"),),
        folder=(Sign(8, r"feed|wp json"),),
        title=(),
        declared={},
        words=None,
        is_listing=True,
        visit_days=VisitDays(1, 2, 4),
        explanation="A feed or another list for programs (RSS, Atom, JSON).",
    ),
    PageType.SEARCH: PageTypeRow(
        last=(Sign(6, r"search|search results|buscar|results"),),
        folder=(Sign(6, r"search"),),
        title=(Sign(6, r"search results|you searched for|results for\b|resultados de"),),
        declared={"SearchResultsPage": 5.0},
        words=None,
        is_listing=True,
        visit_days=VisitDays(1, 60, 30),
        explanation="Results of a search on the site.",
    ),
    PageType.POLICY: PageTypeRow(
        last=(
            Sign(
                5,
                r".*\b(?:privacy|terms|consent|disclaimer|disclaimers|hipaa|policy|policies|accessibility|"
                r"cookies?|gdpr|disclosures?|refunds?"
                r"|cancellation|nondiscrimination|non discrimination|notice of|patient rights|no surprises|"
                r"good faith|privacidad|aviso legal|waiver|agreement|patient forms?)\b.*|"
                r"legal(?: .*)?",
            ),
        ),
        folder=(  # policies-tag is an archive, policies-faq a faq, conditions-and-policies a condition
            Sign(
                5.5,
                r"(?!conditions |policies faqs?(?: items?)?$|.* tag$)"
                r"(?:legal|policies|privacy|patient forms|forms|medical polic(?:y|ies)|policies .*|.* policies)",
            ),
        ),
        title=(
            Sign(
                4,
                r"privacy|terms (?:of|and|&)|informed consent|\bconsent (?:form|to|for)|disclaimer|hipaa|"
                r"\bpolic(?:y|ies)\b|accessibility statement|notice of|cookies|legal notice|aviso de privacidad|"
                r"agreement|\bdisclosures?$",
            ),
        ),
        declared={},
        words=WordSign(
            2.5,
            r"\b(?:personal information|third part(?:y|ies)|governing law|i (?:understand|acknowledge|consent|"
            r"agree)|we may (?:collect|disclose)|cookies|protected health information|shall|liab(?:le|ility)|"
            r"cancellation|24 hours|48 hours|no[- ]show)\b",
            fewest=3,
            spacing=60,
            folded=True,
        ),
        is_listing=False,
        visit_days=VisitDays(2, 180, 45),
        explanation="Legal texts and forms: privacy, terms, consent.",
    ),
    PageType.FAQ: PageTypeRow(
        last=(
            Sign(
                5,
                r".*\b(?:faqs?|frequently asked|preguntas|q ?(?:and|n) ?a|common questions|"
                r"questions answered)\b.*|(?:.* )?questions(?: .*)?|faq.*",
            ),
        ),
        folder=(Sign(5, r"(?:\w+ )?faqs?(?: items?)?|questions|frequently asked questions"),),
        title=(
            Sign(
                4,
                r"\bfaqs?\b|frequently asked|questions (?:and|&) answers|common questions|preguntas frecuentes|"
                r"your questions|\bq\s?&\s?a\b|questions about|questions patients",
            ),
        ),
        declared={"FAQPage": 1.0},
        words=None,
        is_listing=False,
        visit_days=VisitDays(1, 60, 30),
        explanation="Questions and answers.",
    ),
    PageType.PRICE: PageTypeRow(
        last=(
            Sign(
                5,
                r"(?:.* )?(?:prices?|pricing|costs?|fees?|rates?|financing|insurance|payments?|payment options|"
                r"membership|memberships|packages"
                r"|specials|investment|precios|costo|affordability|billing)(?: .*)?",
            ),
        ),
        folder=(),
        title=(
            Sign(
                3, r"\bpric(?:e|es|ing)\b|\bfees?\b|\bcosts?\b|\brates\b|financing|insurance|membership|payment|precios"
            ),
        ),
        declared={},
        words=WordSign(
            2.0, r"[$€£]\s?\d[\d,.]*|\b\d[\d,.]{0,30}\s?(?:dollars|USD)\b", fewest=3, spacing=70, folded=False
        ),
        is_listing=False,
        visit_days=VisitDays(1, 45, 21),
        explanation="Prices, insurance, financing.",
    ),
    PageType.CONTACT: PageTypeRow(
        last=(
            Sign(
                5,
                r"(?:.* )?(?:contact|contacts|contacto|directions|parking|appointments?|book|book now|booking|"
                r"reservations?|reserve|citas?|reservas?|schedule|find us|visit us|hours"
                r"|get in touch|request|locations?|ubicacion|hours and location)(?: us| online| now)?|contact .*|"
                r"locations? .*|schedule .*|book (?:an?|your|now|online|appointment|"
                r"consult\w*|visit|session|call)\b.*|request .*",
            ),
        ),
        folder=(Sign(2, r"locations?|contact"),),
        title=(
            Sign(
                4,
                r"^contact|\bcontact us|get in touch|directions|find us|our locations?|parking|book (?:an|your|"
                r"a) |schedule (?:an|your|a) |request an? |hours and location|contacto|visit us|^locations?",
            ),
        ),
        declared={"ContactPage": 4.0},
        words=None,
        is_listing=False,
        visit_days=VisitDays(1, 60, 30),
        explanation="Where and when: addresses, opening hours, appointments.",
    ),
    PageType.TESTIMONIAL: PageTypeRow(
        last=(
            Sign(
                5,
                r".*\b(?:testimonials?|testimonios|reviews?|success stor(?:y|ies)|patient stor(?:y|ies)|stories|"
                r"what (?:our )?(?:patients|clients) say)\b.*",
            ),
        ),
        folder=(Sign(5, r"testimonials?|reviews?|patient stories|success stories"),),
        title=(
            Sign(
                4,
                r"testimonial|\breviews?\b|success stor|patient stor|what (?:our )?(?:patients|clients|"
                r"people) (?:say|are saying)|in their own words|testimonios",
            ),
        ),
        declared={"Review": 0.7},
        words=None,
        is_listing=False,
        visit_days=VisitDays(1, 60, 30),
        explanation="What patients say: reviews and stories.",
    ),
    PageType.ABOUT: PageTypeRow(
        last=(
            Sign(
                5,
                r"(?:about|about us|about .*|our (?:team|staff|story|mission|doctors?|physicians?|providers?|"
                r"clinic|practice|clinicians|approach|philosophy|values)|(?:the )?team|staff|meet .*|providers"
                r"|leadership|who we are|why us|why choose .*|(?:.* )?(?:biography|bio)|"
                r"dr .*|.* (?:md|np|crna|phd|lcsw|pmhnp|rn|dnp)|sobre .*|nosotros|quienes somos|clinicians|"
                r"mission.*|doctors?|founders?|media kit)",
            ),
        ),
        folder=(
            Sign(
                5,
                r"team|our team|staff|providers?|doctors?|physicians?|clinicians?|people|team members?|about us|"
                r"about|our staff|bios?",
            ),
        ),
        title=(
            Sign(
                3.5,
                r"^about|\bour (?:team|story|mission|staff|doctors?|providers?|philosophy)|^meet\b|who we are|"
                r"why choose|, d\.?o\.?\b|,? (?:m\.?d\.?|crna|pmhnp|lcsw|ph\.?d\.?|"
                r"r\.?n\.?|np|dnp)\b|^dr\.? \w+|sobre nosotros|quienes somos|the team",
            ),
        ),
        declared={"AboutPage": 4.0, "ProfilePage": 3.0},
        words=WordSign(
            2.0,
            r"\b(?:board[- ]certified|residency|fellowship|medical school|graduated|received (?:his|her|"
            r"their) (?:degree|doctorate)|years of experience)\b",
            fewest=2,
            spacing=80,
            folded=True,
        ),
        is_listing=False,
        visit_days=VisitDays(1, 60, 30),
        explanation="Who the people are: team, biographies, mission.",
    ),
    PageType.NEWS: PageTypeRow(
        last=(Sign(3, r"(?:press release|press|in the news|media coverage|newsroom)(?: .*)?"),),
        folder=(Sign(6, r"news|press|press releases?|newsroom|news stories|in the news|media|news releases"),),
        title=(Sign(2.5, r"press release|in the news|^news:|announces\b|featured (?:on|in)"),),
        declared={"NewsArticle": 4.0, "ReportageNewsArticle": 4.0},
        words=WordSign(2.0, r"\b(?:said|told|according to|officials|spokes\w+)\b", fewest=3, spacing=150, folded=True),
        is_listing=False,
        visit_days=VisitDays(2, 120, 45),
        explanation="A report or a press release.",
    ),
    PageType.ARCHIVE: PageTypeRow(
        last=(
            Sign(
                5,
                r"blog|blogs|(?:\w+ ){1,2}blog|articles|posts|news|latest news|archives?|tags?|categories|topics|"
                r"resources|insights|learn|journal|updates|press",
            ),
        ),
        folder=(
            Sign(9, r"page"),
            Sign(7, r"tags?|category|categories|authors?|year|month|archives?|.* tag"),
            Sign(4, r"topics?"),
        ),
        title=(
            Sign(
                5,
                r"\barchives?\b|^(?:tag|category|author|year|month|topic)s?\s*:|\bposts (?:by|tagged|in)\b|"
                r"\bblog (?:index|home)$|^(?:our |the )?(?:\w+ ){0,3}(?:blog|news|articles)(?: (?:and|&) \w+)?$|"
                r"\bpage \d+( of \d+)?$|^all posts",
            ),
        ),
        declared={"CollectionPage": 4.0, "Blog": 3.0},
        words=None,
        is_listing=True,
        visit_days=VisitDays(1, 20, 21),
        explanation="A list of posts: by date, tag, category or author, or the front page of a blog.",
    ),
    PageType.SERVICE: PageTypeRow(
        last=(
            Sign(2.5, r"(?:our )?(?:services?|treatments?|therap(?:y|ies)|programs?|servicios|tratamientos?)(?: .*)?"),
        ),
        folder=(
            Sign(
                3,
                r"services?|treatments?|therap(?:y|ies)|programs?|servicios|our services|ketamine therapy|"
                r"infusion therapy",
            ),
        ),
        title=(Sign(1.2, SERVICE), Sign(0.8, TOWN)),
        declared={"Service": 1.5, "MedicalProcedure": 1.5, "MedicalTherapy": 1.5},
        words=None,
        is_listing=False,
        visit_days=VisitDays(1, 60, 30),
        explanation="What is offered: a treatment, how it goes, what to expect.",
    ),
    PageType.CONDITION: PageTypeRow(
        last=(Sign(5, r"(?:.* )?conditions?(?: .*)?|what we treat|who we help|condiciones"),),
        folder=(Sign(4, r"conditions?(?: we treat| treated)?|conditions .*|what we treat|condiciones"),),
        title=(
            Sign(1.5, rf"{CONDITION}|conditions (?:we|that)"),
            # what it is given for is the subject of the page: "Ketamine for PTSD"
            Sign(
                2.5,
                rf"\b(?:ketamine|esketamine|spravato|infusions?|therapy|treatment)\b.{{0,20}}"
                rf"\bfor (?:.{{0,20}}\b)?(?:{CONDITION})",
            ),
        ),
        declared={"MedicalCondition": 2.5},
        words=None,
        is_listing=False,
        visit_days=VisitDays(1, 60, 30),
        explanation="A condition that is treated, such as depression.",
    ),
    PageType.BLOG: PageTypeRow(
        last=(Sign(5, r"blog (?!home|index|posts?$).*"),),
        folder=(
            Sign(
                6,
                r"blog|blogs|post|posts|article|articles|insights|blog post|web stories|journal entries|our blog|"
                r"education|stories|single post|entry",
            ),
        ),
        title=(),
        declared={"BlogPosting": 4.0, "Article": 2.5},
        words=None,
        is_listing=False,
        visit_days=VisitDays(2, 120, 45),
        explanation="A post or an article.",
    ),
    PageType.HOME: PageTypeRow(
        last=(),
        folder=(),
        title=(),
        declared={},
        words=None,
        is_listing=False,
        visit_days=VisitDays(1, 20, 14),
        explanation="The entry page of a site.",
    ),
    PageType.OTHER: PageTypeRow(
        last=(Sign(5, r"careers?|jobs?|employment|vacanc(?:y|ies)|join (?:us|our team)|work with us|thank you.*"),),
        folder=(
            Sign(
                6,
                r"shop|store|products?|cart|checkout|listing|listings|clinics|directory|wiki|podcasts?|episodes?|"
                r"forum|community|events?|jobs?|careers?|threads?|video|videos|gallery|glossary|login|account|portal|"
                r"collections|item|t|r|webinars?|drugs?|drug \w+|drug index|encyclopedia|dictionary|abstract|doi|"
                r"10\.\d+|clinical trials.*|trial",
            ),
        ),
        title=(
            Sign(
                3,
                r"^(?:404|page not found|not found)|add to cart|shopping cart|log ?in$|\bpodcast\b|gallery|"
                r"episode \d+|cart$|^careers|\bjoin our team|\bnow hiring|^thank you",
            ),
        ),
        declared={
            "ScholarlyArticle": 6.0,
            "MedicalScholarlyArticle": 5.0,
            "DiscussionForumPosting": 6.0,
            "QAPage": 3.0,
            "Product": 4.0,
            "JobPosting": 3.0,
            "PodcastEpisode": 6.0,
            "Event": 2.0,
        },
        words=None,
        is_listing=False,
        visit_days=VisitDays(1, 60, 30),
        explanation="None of the others: shops, directories, forums, papers, jobs, and what too little speaks for.",
    ),
}
LISTING_TYPES = frozenset(kind for kind, row in PAGE_TYPES.items() if row.is_listing)
