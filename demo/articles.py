"""The articles of a site and the lists of them."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING

from demo.bank import load_bank
from demo.clock import tick_date
from demo.grammar import Dice, expand
from demo.page import CONDITIONS, Page, has_sitemap, path_of, slug, standing_page
from pipelines.model.page_types import PageType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from demo.sites import Site

__all__ = ["EVERGREEN", "POSTS_A_PAGE", "REPRINTED", "plan_archives", "plan_post", "plan_posts"]

POSTS_A_PAGE = 8
#: The first posts of a site are never edited: others reprint them.
EVERGREEN = 2
#: Whose posts are reprinted by which kind of site.
REPRINTED = {"guest-post-host": "harborlight-infusions.example", "news": "northpine-clinic.example"}
#: A post a 23 days, back from the first tick, over about five years.
_DAYS_BETWEEN, _DAYS_BACK = 23, 1700


def plan_posts(site: Site, number: int) -> Iterator[Page]:
    """Plan this many posts with different addresses."""
    taken: set[str] = set()
    for index in range(number):
        yield plan_post(site, index, taken)


def plan_post(site: Site, index: int, taken: set[str]) -> Page:
    """Plan one post; ``taken`` holds the names that are in use and gets this one's."""
    dice = site.dice("post", index)
    subject = dice.pick(tuple(CONDITIONS))
    title = _headline(site, dice, subject)
    name = next(name for name in _names(slug(title)) if name not in taken)
    taken.add(name)
    reprinted = index < EVERGREEN and site.host in REPRINTED.values()
    return Page(
        path_of(site, name, post=True),
        PageType.BLOG,
        "blog",
        title,
        subject,
        text_key=f"{site.host}/post/{index}",
        published=tick_date(0) - timedelta(days=3 + index * _DAYS_BETWEEN % _DAYS_BACK + dice.below(20)),
        listed=_where_listed(site, dice) if index >= EVERGREEN else "both",
        flags=frozenset({"evergreen"} if index < EVERGREEN else ()),
        family=f"syndication/{site.host}/{index}" if reprinted else "",
        family_kind="syndication" if reprinted else "",
    )


def _names(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name}-{number}" for number in count(2))


def _headline(site: Site, dice: Dice, subject: str) -> str:
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
    return dice.pick(("both",) * 8 + ("sitemap", "link")) if has_sitemap(site) else "link"


def plan_archives(site: Site, posts: int) -> Iterator[Page]:
    """Plan the lists of posts: all of them page by page, a category, a tag."""
    blog = "blog" if site.source_class in {"clinic", "telehealth"} else "latest"
    for number in range(1, -(-posts // POSTS_A_PAGE) + 1):
        yield _archive(site, blog if number == 1 else f"{blog}/page/{number}", "Blog", str(number))
    if "tags" in site.has:
        yield _archive(site, "category/treatment", "Category: Treatment", "half")
        yield _archive(site, "tag/ketamine", "Tag: ketamine", "third")


def _archive(site: Site, name: str, label: str, subject: str) -> Page:
    return standing_page(
        site, {"name": name, "kind": "archive", "recipe": "archive", "label": label, "subject": subject}
    )
