"""Which pages a site has: a pure function of the site, made when the host is first asked and kept for a while."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING

from crawler.demo.bank import load_bank
from crawler.demo.clock import tick_date
from crawler.demo.grammar import Dice, expand
from crawler.demo.sites import standard_site
from db.records import PageType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.demo.sites import Site

__all__ = ["CONDITIONS", "SERVICES", "Page", "plan_site", "slug"]

CONDITIONS = {
    "depression": "depression",
    "ptsd": "PTSD",
    "anxiety": "anxiety",
    "chronicpain": "chronic pain",
    "ocd": "OCD",
    "bipolar": "bipolar depression",
    "postpartum": "postpartum depression",
    "addiction": "alcohol dependence",
    "migraine": "migraine",
    "suicidal": "suicidal thoughts",
}
SERVICES = {
    "infusion": "IV Ketamine Infusions",
    "kap": "Ketamine-Assisted Psychotherapy",
    "spravato": "Spravato (Esketamine)",
    "athome": "Ketamine at Home",
    "im": "Intramuscular Ketamine",
    "nad": "IV Vitamin Therapy",
}
_OFF_TOPIC = {
    "parking": ("Parking and Directions", PageType.CONTACT),
    "botox": ("Botox and Skin Care", PageType.SERVICE),
    "job": ("Careers", PageType.OTHER),
    "hours": ("Opening Hours", PageType.CONTACT),
    "forms": ("Patient Forms", PageType.OTHER),
    "tms": ("TMS Therapy", PageType.SERVICE),
}
_REPRINTED = {"guest-post-host": "harborlight-infusions.example", "news": "northpine-clinic.example"}
POSTS_A_PAGE = 8
#: The first posts of a site are never edited: others reprint them.
EVERGREEN = 2


@dataclass(frozen=True, slots=True)
class Page:
    """One page as planned: where it stands, what it is, and which dice write it.

    ``text_key`` is the key of the dice: pages of one family share it. ``listed`` is where a crawler can find it:
    ``both``, ``sitemap`` (no link leads to it), ``link`` (not in the sitemap).
    """

    path: str
    kind: PageType
    recipe: str
    label: str
    subject: str = ""
    text_key: str = ""
    published: date = date(2024, 1, 1)
    listed: str = "both"
    family: str = ""
    family_kind: str = ""
    source: str = ""
    flags: frozenset[str] = field(default=frozenset())

    def is_post(self) -> bool:
        """Tell an article from a standing page."""
        return self.recipe in {"blog", "local"}


def slug(text: str) -> str:
    """Make the end of a path from a title.

    >>> slug("Why we say no, in Portland?")
    'why-we-say-no-in-portland'
    """
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


@lru_cache(maxsize=256)
def plan_site(site: Site) -> tuple[Page, ...]:
    """List the pages of a site, home first."""
    if site.source_class in {"news", "guest-post-host"}:
        return _fit(site, _press(site))
    return _fit(site, _clinic(site))


def _fit(site: Site, pages: list[Page]) -> tuple[Page, ...]:
    archives = [page for page in pages if page.kind is PageType.ARCHIVE]
    others = [page for page in pages if page.kind is not PageType.ARCHIVE]
    return tuple(others[: site.pages - len(archives)] + archives) if site.pages > len(archives) else tuple(others[:1])


def _clinic(site: Site) -> list[Page]:
    room = site.pages - site.doorways
    posts = 0 if room < 6 else max(1, round(room * 0.42), room - 30)
    archives = list(_archives(site, posts)) if posts else []
    core = _core(site)[: room - posts - len(archives)]
    return [*core, *_doorways(site), *_posts(site, room - len(core) - len(archives)), *archives]


def path_of(site: Site, name: str, *, post: bool = False) -> str:
    """Say where a page of this name stands on a site of this kind."""
    if site.platform == "handmade":
        return f"/articles/{name}.html" if post else f"/{name}.html"
    if site.platform in {"wix", "squarespace", "duda"}:
        return f"/{'post' if site.platform == 'wix' else 'blog'}/{name}" if post else f"/{name}"
    return f"/blog/{name}/" if post and site.platform in {"elementor", "divi"} else f"/{name}/"


def _core(site: Site) -> list[Page]:
    dice, kind = site.dice("core"), PageType
    first = [
        _page(site, "", kind.HOME, "home", "Home"),
        _page(site, "faq", kind.FAQ, "faq", "FAQ"),
        _page(site, "ketamine-infusions", kind.SERVICE, "service", SERVICES["infusion"], "infusion"),
        _page(site, "depression", kind.CONDITION, "condition", "Depression", "depression"),
        _page(site, "pricing", kind.PRICE, "price", "Pricing"),
        _page(site, "about-us", kind.ABOUT, "about", "About"),
        _page(site, "contact", kind.CONTACT, "contact", "Contact"),
    ]
    off = [_off_topic(site, name) for name in dice.some(tuple(_OFF_TOPIC), 6)]
    conditions = [_condition(site, name) for name in dice.some(tuple(CONDITIONS)[1:], 9)]
    services = [_service(site, name) for name in dice.some(tuple(SERVICES)[1:], 5)]
    consent = _page(site, "informed-consent", kind.POLICY, "consent", "Informed Consent")
    voices = _page(site, "testimonials", kind.TESTIMONIAL, "testimonial", "Testimonials")
    privacy = _page(site, "privacy-policy", kind.POLICY, "privacy", "Privacy Policy")
    refund = _page(site, "financial-policy", kind.POLICY, "refund", "Financial Policy")
    rest = [
        *_odd(site),
        conditions[0],
        off[0],
        services[0],
        consent,
        conditions[1],
        voices,
        privacy,
        off[1],
        services[1],
    ]
    return [*first, *rest, refund, *off[2:4], *conditions[2:], *services[2:], *off[4:]]


def _odd(site: Site) -> list[Page]:
    """Give the pages that only sites of a certain kind have; they come early, so that every size has them."""
    pages = []
    if "disallow" in site.has:
        named = (("anxiety", "Anxiety"), ("ocd", "OCD"))
        pages += [
            _page(
                site,
                f"patients/{key}-handout",
                PageType.CONDITION,
                "condition",
                f"{label} Handout",
                key,
                flags={"disallowed"},
            )
            for key, label in named
        ]
    if "noindex" in site.has:
        pages.append(
            _page(site, "kat-draft", PageType.SERVICE, "service", "KAP draft", "kap", flags={"noindex"}, listed="link")
        )
    if "borrows" in site.has:
        pages.append(_shared(site, "treating-ptsd", "foxglove"))
    if "lends" in site.has:
        pages.append(_shared(site, "ptsd-program", "foxglove"))
    return pages


def _shared(site: Site, name: str, family: str) -> Page:
    text = f"shared/{family}"
    return _page(
        site,
        name,
        PageType.CONDITION,
        "condition",
        "PTSD Program",
        "ptsd",
        text_key=text,
        family=text,
        family_kind="cross-advertiser template",
    )


def _page(site: Site, name: str, kind: PageType, recipe: str, label: str, subject: str = "", **more: object) -> Page:
    flags = frozenset(more.pop("flags", ()))  # type: ignore[call-overload]
    day = date(2022, 1, 10) + timedelta(days=site.dice("day", name).below(1300))
    fields = {"text_key": f"{site.host}/{name}", "published": day, **more}
    return Page(path_of(site, name) if name else "/", kind, recipe, label, subject, flags=flags, **fields)  # type: ignore[arg-type]


def _condition(site: Site, name: str) -> Page:
    label = CONDITIONS[name][0].upper() + CONDITIONS[name][1:]
    listed = "sitemap" if _has_sitemap(site) and site.dice("listed", name).chance(0.15) else "both"
    return _page(site, slug(f"ketamine for {label}"), PageType.CONDITION, "condition", label, name, listed=listed)


def _service(site: Site, name: str) -> Page:
    return _page(site, slug(SERVICES[name]), PageType.SERVICE, "service", SERVICES[name], name)


def _off_topic(site: Site, name: str) -> Page:
    label, kind = _OFF_TOPIC[name]
    return _page(site, slug(label), kind, name, label, flags={"off-topic"})


def _has_sitemap(site: Site) -> bool:
    return "no-sitemap" not in site.has


def _doorways(site: Site) -> Iterator[Page]:
    towns = site.dice("towns").some(load_bank().lines("places", "town"), site.doorways)
    family = f"doorway/{site.host}"
    for town in towns:
        yield _page(
            site,
            slug(f"ketamine therapy near {town}"),
            PageType.SERVICE,
            "doorway",
            f"Ketamine Therapy near {town}",
            town,
            text_key=family,
            family=family,
            family_kind="doorway",
        )


def _posts(site: Site, number: int) -> Iterator[Page]:
    taken: set[str] = set()
    for index in range(number):
        yield _post(site, index, taken)


def _post(site: Site, index: int, taken: set[str]) -> Page:
    dice = site.dice("post", index)
    subject = dice.pick(tuple(CONDITIONS))
    title = post_title(site, dice, subject)
    name = next(name for name in _names(slug(title)) if name not in taken)
    taken.add(name)
    reprinted = index < EVERGREEN and site.host in _REPRINTED.values()
    return Page(
        path_of(site, name, post=True),
        PageType.BLOG,
        "blog",
        title,
        subject,
        text_key=f"{site.host}/post/{index}",
        published=tick_date(0) - timedelta(days=3 + index * 23 % 1700 + dice.below(20)),
        listed=_where_listed(site, dice) if index >= EVERGREEN else "both",
        flags=frozenset({"evergreen"} if index < EVERGREEN else ()),
        family=f"syndication/{site.host}/{index}" if reprinted else "",
        family_kind="syndication" if reprinted else "",
    )


def _names(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name}-{number}" for number in count(2))


def post_title(site: Site, dice: Dice, subject: str) -> str:
    """Throw a headline for a post."""
    bank, condition = load_bank(), CONDITIONS[subject]
    slots = {
        "condition": condition,
        "Condition": condition[0].upper() + condition[1:],
        "city": site.city,
        "region": site.region,
        "patients": "patients",
        "room": "treatment room",
        "visit": "visit",
    }
    title = expand(dice.pick(bank.lines("titles", "blog")), dice, slots, bank.phrases)
    return title[0].upper() + title[1:]


def _where_listed(site: Site, dice: Dice) -> str:
    if not _has_sitemap(site):
        return "link"
    return dice.pick(("both",) * 8 + ("sitemap", "link"))


def _archives(site: Site, posts: int) -> Iterator[Page]:
    blog = "blog" if site.source_class in {"clinic", "telehealth"} else "latest"
    for number in range(1, -(-posts // POSTS_A_PAGE) + 1):
        yield _archive(site, blog if number == 1 else f"{blog}/page/{number}", "Blog", str(number))
    if "tags" in site.has:
        yield _archive(site, "category/treatment", "Category: Treatment", "half")
        yield _archive(site, "tag/ketamine", "Tag: ketamine", "third")


def _archive(site: Site, name: str, label: str, subject: str) -> Page:
    return _page(site, name, PageType.ARCHIVE, "archive", label, subject)


def _press(site: Site) -> list[Page]:
    archives = list(_archives(site, site.pages - 3))
    home = _page(site, "", PageType.HOME, "archive", "Home", "1")
    standing = [
        _page(site, "contact", PageType.CONTACT, "hours", "Contact", flags={"off-topic"}),
        _page(site, "privacy-policy", PageType.POLICY, "privacy", "Privacy Policy", flags={"off-topic"}),
    ]
    guests = list(_posts(site, 2)) if site.source_class == "guest-post-host" else []
    briefs = [_brief(site, number) for number in range(site.pages)]
    return [home, *standing, *_syndicated(site), *guests, *briefs, *archives]


def _syndicated(site: Site) -> list[Page]:
    """Reprint the first posts of a clinic."""
    host = _REPRINTED[site.source_class]
    taken: set[str] = set()
    originals = [_post(standard_site(site.seed, host), index, taken) for index in range(EVERGREEN)]
    return [
        replace(
            original,
            path=path_of(site, f"partner-content-{index + 1}", post=True),
            kind=PageType.NEWS,
            published=original.published + timedelta(days=1),
            listed="both",
            source=f"http://{host}{original.path}",
            flags=frozenset({"noted"} if index else ()),
        )
        for index, original in enumerate(originals)
    ]


def _brief(site: Site, number: int) -> Page:
    label = f"{site.city} in brief: week {40 - number}"
    return Page(
        path_of(site, slug(label), post=True),
        PageType.NEWS,
        "local",
        label,
        text_key=f"{site.host}/brief/{number}",
        published=tick_date(0) - timedelta(days=2 + 7 * number),
        flags=frozenset({"off-topic"}),
    )
