"""What a reader notices of site boilerplate: menus gone, pages whole, families kept."""

from __future__ import annotations

import random

import pytest

from pipelines.changes.boilerplate import find_boilerplate, remove_boilerplate
from pipelines.reading.read import read
from tests.support.chromes import PLATFORMS, render

THINGS = ("sleep", "appetite", "memory", "pain", "worry", "mood", "attention", "breathing", "appointments", "travel")
VERBS = ("changes", "settles", "matters", "returns", "improves", "varies", "helps", "slows", "grows", "rests")
PLACES = ("at home", "in the clinic", "after a visit", "before breakfast", "in the first week", "with a friend near")
CITIES = ("Aurora", "Boise", "Camden", "Dayton", "Eugene", "Fargo", "Galveston", "Helena", "Irving", "Juneau")


def sentence(rng: random.Random) -> str:
    """Say something that no other page says."""
    return (
        f"Case {rng.randrange(10**6)}: {rng.choice(THINGS)} {rng.choice(VERBS)} {rng.choice(PLACES)}, "
        f"and {rng.choice(THINGS)} {rng.choice(VERBS)} {rng.choice(PLACES)} too."
    )


def post(number: int) -> list[str]:
    """Write a page's content."""
    rng = random.Random(number)
    return [" ".join(sentence(rng) for _ in range(3)) for _ in range(6)]


def doorway(number: int) -> list[str]:
    """Write a doorway page: one text, the city swapped, in every third line not even that."""
    city = f"{CITIES[number % len(CITIES)]} {chr(65 + number // len(CITIES))}ark"
    return [
        f"People in {city} ask us how soon they may feel better, and we answer each of them the same way.",
        "What to expect",
        "A nurse stays in the room for the whole visit, which takes about an hour from door to door.",
        f"Our {city} office opens at eight, and parking behind the building is free for all visitors.",
        "Who should not come",
        "Uncontrolled blood pressure and pregnancy are reasons to wait, and we say so on the telephone.",
        f"Call the {city} team today, or write to us, and somebody will answer before the day is over.",
    ]


HEADER = ["Home", "About us", "Home Ketamine", "Call (555) 010-0140"]
FOOTER = [
    "If you are in crisis, call or text 988 at any hour: somebody will answer you, by day and by night.",
    "Copyright 2024 Cedar Clinic",
]


def framed(body: list[str]) -> list[str]:
    """Put a page's content between the header and the footer of the site."""
    return [*HEADER, *body, *FOOTER]


def test_boilerplate_goes_and_nothing_else() -> None:
    """Of forty different pages, every line of boilerplate is found and no line of content."""
    bodies = [post(number) for number in range(40)]
    boilerplate = find_boilerplate(framed(body) for body in bodies)
    assert [remove_boilerplate(framed(body), boilerplate) for body in bodies] == [tuple(body) for body in bodies]


@pytest.mark.parametrize("platform", list(PLATFORMS))
def test_a_site_of_forty_pages_is_read_without_its_boilerplate(platform: str) -> None:
    """All visible lines of forty pages of one theme: the posts come back whole, and nothing of the theme."""
    bodies = [post(number) for number in range(40)]
    pages = []
    for number, body in enumerate(bodies):
        url = f"https://cedar-clinic.example/blog/{number}/"
        reading = read(render(platform, f"Notes on case {number}", body, url).encode(), url)
        pages.append([block.text for block in reading.blocks if "case" not in block.text or block.text in body])
    boilerplate = find_boilerplate(pages)
    assert [remove_boilerplate(page, boilerplate) for page in pages] == [tuple(body) for body in bodies]


@pytest.mark.parametrize("family", [8, 16, 24, 32, 40])
def test_a_doorway_family_keeps_its_bodies(family: int) -> None:
    """Whatever part of the site the family is, its text stays and the boilerplate goes."""
    bodies = [doorway(number) for number in range(family)] + [post(number) for number in range(family, 40)]
    boilerplate = find_boilerplate(framed(body) for body in bodies)
    contents = [remove_boilerplate(framed(body), boilerplate) for body in bodies]
    assert contents[: family - 1] == [tuple(body) for body in bodies[: family - 1]]
    assert contents[family:] == [tuple(body) for body in bodies[family:]]


def test_two_families_are_told_apart() -> None:
    """Two templates on one site both stay."""
    second = [
        [
            f"{CITIES[number % 10]} visitors park in the court.",
            *[f"Line {place} of a page that we wrote once and sent to every town in the valley." for place in range(9)],
        ]
        for number in range(15)
    ]
    bodies = [doorway(number) for number in range(15)] + second + [post(number) for number in range(10)]
    boilerplate = find_boilerplate(framed(body) for body in bodies)
    assert all(remove_boilerplate(framed(body), boilerplate) == tuple(body) for body in bodies)


def test_a_section_sidebar_is_boilerplate() -> None:
    """A box that stands on the blog alone is no body: its pages share nothing else."""
    box = [
        "Read by our nurses",
        "Every text in this blog is read by two nurses before it goes out to you, and again a year later.",
    ]
    bodies = [post(number) for number in range(40)]
    pages = [framed(body + box) if number < 20 else framed(body) for number, body in enumerate(bodies)]
    boilerplate = find_boilerplate(pages)
    assert [remove_boilerplate(page, boilerplate) for page in pages] == [tuple(body) for body in bodies]


def test_the_order_of_pages_does_not_matter() -> None:
    """A crawl in another order finds the same boilerplate."""
    pages = [framed(post(number)) for number in range(30)]
    assert find_boilerplate(pages) == find_boilerplate(reversed(pages))


def test_four_pages_have_no_boilerplate() -> None:
    """Too few pages say nothing."""
    assert find_boilerplate([framed(post(number)) for number in range(4)]) == {}


def test_a_line_of_boilerplate_says_why() -> None:
    """The document page can show on how many pages a dropped line stands."""
    boilerplate = find_boilerplate([framed(post(number)) for number in range(10)])
    assert boilerplate["home ketamine"].reason == "on 10 of 10 pages of the site"
