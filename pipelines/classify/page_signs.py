"""The signs by which a page's kind is told: tables of patterns and points, read by ``page_type``.

Points were set on the development half of the labelled pages. In each table the first pattern that matches counts,
except in ``TITLE``. Patterns match folded text: lower case, no accents; in addresses, hyphens and underscores are
spaces.
"""

from __future__ import annotations

import re

from pipelines.model.records import PageType as T

Table = tuple[tuple[T, float, str], ...]

# Words of the last part of a path; the first kind whose pattern matches gets the points.
LAST: Table = (
    (T.FEED, 8, r"feed|rss|atom|feed\.xml|rss\.xml|sitemap.*\.xml|.*\.(?:rss|atom|json)|wp json"),
    (T.SEARCH, 6, r"search|search results|buscar|results"),
    (
        T.POLICY,
        5,
        (
            r".*\b(?:privacy|terms|consent|disclaimer|disclaimers|hipaa|policy|policies|accessibility|"
            r"cookies?|gdpr|legal|refunds?"
            r"|cancellation|nondiscrimination|non discrimination|notice of|patient rights|no surprises|"
            r"good faith|privacidad|aviso legal|waiver|agreement|patient forms?)\b.*"
        ),
    ),
    (
        T.FAQ,
        5,
        (
            r".*\b(?:faqs?|frequently asked|preguntas|q ?(?:and|n) ?a|common questions|"
            r"questions answered)\b.*|(?:.* )?questions(?: .*)?|faq.*"
        ),
    ),
    (
        T.PRICE,
        5,
        (
            r"(?:.* )?(?:prices?|pricing|costs?|fees?|rates?|financing|insurance|payments?|payment options|"
            r"membership|memberships|packages"
            r"|specials|investment|precios|costo|affordability|billing)(?: .*)?"
        ),
    ),
    (
        T.CONTACT,
        5,
        (
            r"(?:.* )?(?:contact|contacts|contacto|directions|parking|appointments?|book|book now|booking|"
            r"schedule|find us|visit us|hours"
            r"|get in touch|request|locations?|ubicacion|hours and location)(?: us| online| now)?|contact .*|"
            r"locations? .*|schedule .*|book .*|request .*"
        ),
    ),
    (
        T.TESTIMONIAL,
        5,
        (
            r".*\b(?:testimonials?|testimonios|reviews?|success stor(?:y|ies)|patient stor(?:y|ies)|stories|"
            r"what (?:our )?(?:patients|clients) say)\b.*"
        ),
    ),
    (
        T.ABOUT,
        5,
        (
            r"(?:about|about us|about .*|our (?:team|staff|story|mission|doctors?|physicians?|providers?|"
            r"clinic|practice|clinicians|approach|philosophy|values)|(?:the )?team|staff|meet .*|providers"
            r"|leadership|who we are|why us|why choose .*|careers?|jobs|employment|(?:.* )?(?:biography|bio)|"
            r"dr .*|.* (?:md|np|crna|phd|lcsw|pmhnp|rn|dnp)|sobre .*|nosotros|quienes somos|clinicians|"
            r"mission.*|doctors?|founders?|media kit)"
        ),
    ),
    (T.NEWS, 3, r"(?:press release|press|in the news|media coverage|newsroom)(?: .*)?"),
    (
        T.ARCHIVE,
        5,
        (
            r"blog|blogs|articles|posts|news|latest news|archives?|tags?|categories|topics|resources|insights|"
            r"learn|journal|updates|press"
        ),
    ),
    (T.SERVICE, 2.5, r"(?:our )?(?:services?|treatments?|therap(?:y|ies)|programs?|servicios|tratamientos?)(?: .*)?"),
    (T.CONDITION, 5, r"(?:.* )?conditions?(?: .*)?|what we treat|who we help|condiciones"),
)
# Names of folders above the last part.
FOLDER: Table = (
    (T.FEED, 8, r"feed|wp json"),
    (T.ARCHIVE, 9, r"page"),
    (T.ARCHIVE, 7, r"tags?|category|categories|authors?|year|month|archives?|.* tag"),
    (T.ARCHIVE, 4, r"topics?"),
    (T.SEARCH, 6, r"search"),
    (
        T.BLOG,
        6,
        (
            r"blog|blogs|post|posts|article|articles|insights|blog post|web stories|journal entries|our blog|"
            r"education|stories|single post|entry"
        ),
    ),
    (T.NEWS, 6, r"news|press|press releases?|newsroom|news stories|in the news|media|news releases"),
    (T.FAQ, 5, r"(?:\w+ )?faqs?(?: items?)?|questions|frequently asked questions"),
    (
        T.ABOUT,
        5,
        (
            r"team|our team|staff|providers?|doctors?|physicians?|clinicians?|people|team members?|about us|"
            r"about|our staff|bios?|careers?|jobs"
        ),
    ),
    (T.CONDITION, 4, r"conditions?(?: we treat| treated)?|conditions .*|what we treat|condiciones"),
    (
        T.SERVICE,
        3,
        r"services?|treatments?|therap(?:y|ies)|programs?|servicios|our services|ketamine therapy|infusion therapy",
    ),
    (T.POLICY, 5.5, r"legal|policies|privacy|patient forms|forms|medical polic(?:y|ies)|policies .*|.* policies"),
    (T.TESTIMONIAL, 5, r"testimonials?|reviews?|patient stories|success stories"),
    (T.CONTACT, 2, r"locations?|contact"),
    (
        T.OTHER,
        6,
        (
            r"shop|store|products?|cart|checkout|listing|listings|clinics|directory|wiki|podcasts?|episodes?|"
            r"forum|community|events?|jobs?|threads?|video|videos|gallery|glossary|login|account|portal|"
            r"collections|item|t|r|webinars?|drugs?|drug \w+|drug index|encyclopedia|dictionary|abstract|doi|"
            r"10\.\d+|clinical trials.*|trial"
        ),
    ),
)
CONDITION = (
    r"depress(?:ion|ive)|depresion|anxiety|ansiedad|ptsd|post ?traumatic|ocd|obsessive|bipolar|"
    r"postpartum|suicid\w+|chronic ?pain|dolor cronico|crps|rsd|complex regional"
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
    r"behandlung|traitement|tratamento|trattamento|what we (?:do|offer)|refer(?:rals?|ring)?"
)
TITLE: Table = (
    (
        T.ARCHIVE,
        5,
        (
            r"\barchives?\b|^(?:tag|category|author|year|month|topic)s?\s*:|\bposts (?:by|tagged|in)\b|"
            r"\bblog (?:index|home)$|^(?:our |the )?(?:\w+ ){0,3}(?:blog|news|articles)(?: (?:and|&) \w+)?$|"
            r"\bpage \d+( of \d+)?$|^all posts"
        ),
    ),
    (T.SEARCH, 6, r"search results|you searched for|results for\b|resultados de"),
    (
        T.POLICY,
        4,
        (
            r"privacy|terms (?:of|and|&)|informed consent|\bconsent (?:form|to|for)|disclaimer|hipaa|"
            r"\bpolic(?:y|ies)\b|accessibility statement|notice of|cookies|legal notice|aviso de privacidad|"
            r"agreement"
        ),
    ),
    (
        T.FAQ,
        4,
        (
            r"\bfaqs?\b|frequently asked|questions (?:and|&) answers|common questions|preguntas frecuentes|"
            r"your questions|\bq\s?&\s?a\b|questions about|questions patients"
        ),
    ),
    (
        T.PRICE,
        3,
        r"\bpric(?:e|es|ing)\b|\bfees?\b|\bcosts?\b|\brates\b|financing|insurance|membership|payment|precios",
    ),
    (
        T.CONTACT,
        4,
        (
            r"^contact|\bcontact us|get in touch|directions|find us|our locations?|parking|book (?:an|your|"
            r"a) |schedule (?:an|your|a) |request an? |hours and location|contacto|visit us|^locations?"
        ),
    ),
    (
        T.TESTIMONIAL,
        4,
        (
            r"testimonial|\breviews?\b|success stor|patient stor|what (?:our )?(?:patients|clients|"
            r"people) (?:say|are saying)|in their own words|testimonios"
        ),
    ),
    (
        T.ABOUT,
        3.5,
        (
            r"^about|\bour (?:team|story|mission|staff|doctors?|providers?|philosophy)|^meet\b|who we are|"
            r"why choose|^careers|\bjoin our team|, d\.?o\.?\b|,? (?:m\.?d\.?|crna|pmhnp|lcsw|ph\.?d\.?|"
            r"r\.?n\.?|np|dnp)\b|^dr\.? \w+|sobre nosotros|quienes somos|the team"
        ),
    ),
    (T.NEWS, 2.5, r"press release|in the news|^news:|announces\b|featured (?:on|in)"),
    (T.CONDITION, 1.5, rf"{CONDITION}|conditions (?:we|that)"),
    (T.SERVICE, 1.2, SERVICE),
    (
        T.OTHER,
        3,
        r"^(?:404|page not found|not found)|add to cart|shopping cart|log ?in$|\bpodcast\b|gallery|episode \d+|cart$",
    ),
)
TYPES: dict[str, tuple[T, float]] = {
    "FAQPage": (T.FAQ, 2.0),
    "NewsArticle": (T.NEWS, 4.0),
    "ReportageNewsArticle": (T.NEWS, 4.0),
    "BlogPosting": (T.BLOG, 4.0),
    "Article": (T.BLOG, 2.5),
    "CollectionPage": (T.ARCHIVE, 4.0),
    "Blog": (T.ARCHIVE, 3.0),
    "SearchResultsPage": (T.SEARCH, 5.0),
    "ContactPage": (T.CONTACT, 4.0),
    "AboutPage": (T.ABOUT, 4.0),
    "ProfilePage": (T.ABOUT, 3.0),
    "MedicalCondition": (T.CONDITION, 2.5),
    "Service": (T.SERVICE, 1.5),
    "MedicalProcedure": (T.SERVICE, 1.5),
    "MedicalTherapy": (T.SERVICE, 1.5),
    "ScholarlyArticle": (T.OTHER, 6.0),
    "MedicalScholarlyArticle": (T.OTHER, 5.0),
    "DiscussionForumPosting": (T.OTHER, 6.0),
    "QAPage": (T.OTHER, 3.0),
    "Product": (T.OTHER, 4.0),
    "JobPosting": (T.OTHER, 3.0),
    "PodcastEpisode": (T.OTHER, 6.0),
    "Event": (T.OTHER, 2.0),
    "Review": (T.TESTIMONIAL, 0.7),
}
QUESTION = re.compile(r"^(?:[QP]\s?[.:)]\s*|\d+[.)]\s*)?[^.!?]{8,180}\?\s*$")
MONEY = re.compile(r"[$€£]\s?\d[\d,.]*|\b\d[\d,.]*\s?(?:dollars|USD)\b")
POSTED = re.compile(
    (
        r"^(?:posted (?:on|by)|by .{2,40}\||read more|continue reading|leer más)|\bread more\b|"
        r"continue reading|\bmin read\b"
    ),
    re.IGNORECASE,
)
# CREDENTIAL, LEGAL, CARE and SAID are for texts in small letters: re takes twice as long where case does not count
CREDENTIAL = re.compile(
    (
        r"\b(?:board[- ]certified|residency|fellowship|medical school|graduated|received (?:his|her|"
        r"their) (?:degree|doctorate)|years of experience)\b"
    ),
)
LEGAL = re.compile(
    (
        r"\b(?:personal information|third part(?:y|ies)|governing law|i (?:understand|acknowledge|consent|"
        r"agree)|we may (?:collect|disclose)|cookies|protected health information|shall|liab(?:le|ility)|"
        r"cancellation|24 hours|48 hours|no[- ]show)\b"
    ),
)
QUOTED = re.compile(r"^[\"“”«].{20,}|^[-–—]\s?[A-Z][\w.]*(?: [A-Z]\.?)?,?(?: .{0,25})?$")
CARE = re.compile(
    (
        r"\b(?:infusions?|treatments?|therap(?:y|ies)|sessions?|patients|our (?:clinic|nurses?|doctors?|"
        r"team)|we (?:treat|offer|provide)|your (?:doctor|provider|visit))\b"
    ),
)
PAPER = re.compile(r"\bp\s?[<=]\s?0?\.\d|95\s?% CI|\bdoi\b|et al\.|randomi[sz]ed|\bPubMed\b")
SAID = re.compile(r"\b(?:said|told|according to|officials|spokes\w+)\b")
