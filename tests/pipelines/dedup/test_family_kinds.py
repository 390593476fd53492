"""What a family is, by its pages, with reasons that a person can check."""

from __future__ import annotations

import json
from itertools import permutations

import pytest

from pipelines.dedup.alias_hosts import staging_sign
from pipelines.dedup.family_evidence import FamilyPage, Member, identity_of
from pipelines.dedup.family_kinds import decide, describe, representative
from pipelines.dedup.template_variables import make_template
from pipelines.model.records import FamilyKind
from pipelines.text.encode import dump

CARE = (
    "Ketamine is given slowly while a nurse stays.\nMost people feel calm within an hour.\n"
    "Bring a friend for the way home."
)


def family_page(page: int, host: str, **facts) -> FamilyPage:
    """Make a page of a host; its advertiser is the host's last two labels."""
    advertiser = ".".join(host.split(".")[-2:])
    usual = {
        "url": f"http://{host}/{page}",
        "host": host,
        "advertiser": advertiser,
        "key": f"k{page}",
    }
    return FamilyPage(page, **(usual | facts))


def family(*pages: tuple[FamilyPage, str]):
    """Decide what pages with these texts are, seen from the first."""
    family_pages = [one for one, _ in pages]
    template = make_template(
        family_pages[0].page,
        {one.page: text for one, text in pages},
        {one.page: identity_of(one) for one in family_pages},
    )
    return decide(family_pages, template)


def named(page: int, host: str, brand: str, **facts) -> FamilyPage:
    """Make a page of a clinic with a name."""
    return family_page(page, host, brands=frozenset({brand}), **facts)


def test_the_same_words_on_two_sites():
    """Two clinics that show a form word for word are an exact family, and a template of two advertisers."""
    decision = family(
        (family_page(1, "cedar.example", key="k"), CARE), (family_page(2, "juniper.example", key="k"), CARE)
    )
    assert [one.kind for one in decision.evidence] == [FamilyKind.EXACT, FamilyKind.TEMPLATE]
    assert (decision.kind, decision.advertisers) == (FamilyKind.EXACT, 2)


FOOT = "\nRead next: how we work\nMonday 9 to 5\nOak Street 4, Reno"


@pytest.mark.parametrize(
    ("more", "kind"), [(FOOT, FamilyKind.EXACT), ("\nNo harm has ever been seen by us.", FamilyKind.PAGE_VERSION)]
)
def test_lines_around_a_text_are_no_other_text(more, kind):
    """Leftovers of a frame make no version of a page; a sentence more does."""
    text = "\n".join([CARE] * 4)
    decision = family(
        (family_page(1, "cedar.example", words=100), text), (family_page(2, "cedar.example", words=112), text + more)
    )
    assert decision.kind is kind


def test_a_form_with_a_frame_around_it():
    """A text that stands whole on another advertiser's page is word for word the same, whatever stands around it."""
    more = "".join(f"\nA patient said that number {number} was kind to her." for number in range(6))
    decision = family(
        (family_page(1, "cedar.example", words=22), CARE), (family_page(2, "juniper.example", words=80), CARE + more)
    )
    assert decision.kind is FamilyKind.EXACT


def test_a_print_page_is_no_version():
    """An address that names the other one as canonical, and agrees with it, is a copy as the copies table says."""
    print_page = family_page(2, "cedar.example", copy_of=1, canonical="http://cedar.example/1")
    decision = family(
        (family_page(1, "cedar.example"), f"{CARE}\nAsk us whatever you like to know."), (print_page, CARE)
    )
    assert decision.kind is FamilyKind.EXACT
    assert "rel=canonical" in decision.evidence[0].reason


def test_a_staging_host_proposes_a_merge():
    """A staging host with the same name is told, its advertisers are named for a person, and counted once."""
    decision = family(
        (named(1, "cedar.example", "cedarketamine"), CARE),
        (
            named(2, "cedar.sitestaging.example", "cedarketaminestaging", advertiser="sitestaging.example"),
            CARE + "\nNew.",
        ),
    )
    assert (decision.kind, decision.advertisers) == (FamilyKind.ALIAS_HOST, 1)
    assert decision.evidence[0].merge == ("cedar.example", "sitestaging.example")
    assert "both are called “cedarketamine”" in decision.evidence[0].reason


@pytest.mark.parametrize("brand", ["junipermind", ""])
def test_a_builder_host_alone_is_no_alias(brand):
    """A clinic whose only site is a builder's shares a text like any other: another name is no alias."""
    decision = family(
        (named(1, "cedar.example", "cedarketamine", key="k"), CARE),
        (named(2, "juniper.squarespace.com", brand, key="k"), CARE),
    )
    assert decision.kind is FamilyKind.EXACT
    assert decision.advertisers == 2


@pytest.mark.parametrize(("phone", "kind"), [("+1-512-555-0100", FamilyKind.ALIAS_HOST), ("", FamilyKind.EXACT)])
def test_a_second_domain_with_one_name_and_phone(phone, kind):
    """Two domains without a sign are one where name and phone are the same; the name alone is not enough."""
    phones = frozenset({phone} - {""})
    pages = [
        (named(number, host, "calmtherapycenter", key="k", phones=phones), CARE)
        for number, host in ((1, "calm.example"), (2, "lovat.example"))
    ]
    assert family(*pages).kind is kind


def doorway(page: int, town: str, host: str = "cedar.example") -> tuple[FamilyPage, str]:
    """Make a page for a town."""
    return family_page(
        page, host, label=f"Ketamine in {town} /ketamine-{town.lower()}"
    ), f"{CARE}\nCome to {town} and ask us."


def test_one_text_for_many_towns():
    """The same advertiser, other places: a doorway, with the places named."""
    decision = family(*(doorway(number, town) for number, town in enumerate(("Reno", "Elko", "Fallon"), 1)))
    assert decision.kind is FamilyKind.DOORWAY
    assert decision.evidence[0].reason == "one text for 3 places: Reno, Elko, Fallon"


def test_one_text_for_many_conditions():
    """The same advertiser, other words that are no places: its own template."""
    pages = [
        (family_page(n, "cedar.example", label=f"Ketamine for {what}"), f"{CARE}\nMany ask us about {what} today.")
        for n, what in enumerate(("anxiety", "OCD", "chronic pain"), 1)
    ]
    assert family(*pages).kind is FamilyKind.OWN_TEMPLATE


def test_a_page_at_a_second_path():
    """The same advertiser, nearly the same text, nothing swapped: versions of a page."""
    decision = family(
        (family_page(1, "cedar.example"), CARE),
        (family_page(2, "cedar.example"), CARE + "\nNo long-term harm is known."),
    )
    assert decision.kind is FamilyKind.PAGE_VERSION
    assert "/1, /2" in decision.evidence[0].reason


def test_names_swapped_between_advertisers():
    """Each with its own name and phone: a template across advertisers."""
    texts = [
        f"{CARE}\nAt {name} we answer ({number}) 555-0100."
        for name, number in (("Cedar Ketamine", 512), ("Juniper Mind", 212))
    ]
    decision = family(
        (named(1, "cedar.example", "cedarketamine"), texts[0]), (named(2, "juniper.example", "junipermind"), texts[1])
    )
    assert decision.kind is FamilyKind.TEMPLATE
    assert decision.evidence[0].reason == "2 advertisers show one text, each with its own brand and phone"


HANDED_ON = [
    ({"canonical": "http://cedar.example/1"}, {}, CARE, "names cedar.example as its canonical page"),
    ({"source_class": "guest-post-host"}, {}, CARE, "publishes texts of others"),
    ({}, {}, CARE + "\nThis article first appeared elsewhere.", "a page says so"),
    (
        {"published": "2025-03-02", "source_class": "news"},
        {"published": "2025-03-01"},
        CARE,
        "2025-03-01, is the earliest",
    ),
    ({}, {}, None, "names cedar.example in the text"),
]


@pytest.mark.parametrize(("reprint", "original", "text", "reason"), HANDED_ON)
def test_a_text_that_was_handed_on(reprint, original, text, reason):
    """Canonical, class, a note, or one party's name wherever the text stands; the likely source is told with why."""
    own = CARE if text else f"{CARE}\nAsk Cedar Ketamine House about it."
    decision = family(
        (named(1, "cedar.example", "cedarketaminehouse", **original), own),
        (named(2, "ledger.example", "theledger", **reprint), text or own),
    )
    assert (decision.kind, decision.source) == (FamilyKind.SYNDICATION, 1)
    assert reason in decision.evidence[0].reason


def test_the_main_kind_explains_what_is_left():
    """Doorways that stand on a staging host too are doorways; the alias is told beside."""
    towns = [(1, "Reno"), (2, "Elko"), (3, "Fallon")]
    pages = [doorway(number, town) for number, town in towns]
    pages += [doorway(number + 10, town, "staging.cedar.example") for number, town in towns]
    decision = family(
        *((family_page(one.page, one.host, label=one.label, phones=frozenset({"+1"})), text) for one, text in pages)
    )
    assert [one.kind for one in decision.evidence] == [FamilyKind.DOORWAY, FamilyKind.ALIAS_HOST]


def page(number: int, **facts) -> Member:
    """Make a page as the pass reads it from the corpus."""
    usual = dict.fromkeys(Member.__slots__, "") | {"site": 1, "first_capture": number, "words": 90, "facts": "[]"}
    usual |= {"copy_of": None}
    usual |= {
        "host": "cedar.example",
        "url": f"http://cedar.example/{number}",
        "first_seen": f"2026-01-01T00:0{number}",
    }
    return Member(**(usual | {"page": number} | facts))


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"first_seen": "2026-02-01"}, {"copy_of": 1}),
        ({"first_seen": "2026-02-01", "verdict": "on topic"}, {"verdict": "off topic"}),
        ({"source_class": "news", "verdict": "on topic"}, {"verdict": "doubtful", "canonical_url": ""}),
        ({"copy_of": 3}, {"copy_of": 3, "verdict": "on topic", "first_seen": "2026-02-01"}),
        ({"first_seen": "2026-02-01"}, {"copy_of": 1, "verdict": "on topic"}),
        ({"first_seen": "2026-02-01"}, {"canonical_url": "http://cedar.example/1"}),
        ({"first_seen": "2026-02-01"}, {"source_class": "news", "words": 900}),
        ({"first_seen": "2026-02-01"}, {"host": "staging.cedar.example"}),
        ({"first_seen": "2026-01-01"}, {"first_seen": "2026-02-01", "words": 900}),
        ({"words": 500, "url": "http://z.example/"}, {"words": 400, "url": "http://a.example/"}),
        ({"url": "http://a.example/"}, {"url": "http://b.example/"}),
    ],
)
def test_the_representative(better, worse):
    """In the dataset, no copy, canonical, no reprint, no staging host, seen first, longest, first by address."""
    pair = page(1, **better), page(2, **worse)
    assert [representative(order).page for order in permutations(pair)] == [1, 1]


def test_a_family_is_described_from_the_corpus():
    """Facts of the page, its title and host tell brand, place and phone; the answer is JSON."""
    facts = '[["phone", "+1-512-555-0100", "footer", 0.6]]'
    text = f"{CARE}\nCedar Ketamine in {{}} is glad to help."
    towns = enumerate(("Reno", "Elko"), 1)
    pages = [
        page(n, name="Cedar Ketamine", title=f"In {town}", text=text.format(town), facts=facts) for n, town in towns
    ]
    description = describe(pages, pages[0])
    assert description.kind == "doorway"
    assert json.loads(dump(description.evidence))["reasons"][0]["reason"] == "one text for 2 places: Reno, Elko"
    assert json.loads(dump(description.template))["slots"][0]["values"] == {"1": "Reno", "2": "Elko"}


@pytest.mark.parametrize(
    ("host", "sign"),
    [
        ("calm-lovat.vercel.app", "vercel.app"),
        ("dev.cedar.example", "dev"),
        ("cedar-staging.host.example", "staging"),
        ("cosmetic1.dudaone.com", "dudaone.com"),
        ("test.corner.example", "test"),
        ("cedar-8741.hs-sites.com", "hs-sites.com"),
        ("cedar.sites.com", ""),
        ("cedar.example", ""),
        ("developmental-clinic.example", ""),
        ("contest.example", ""),
        ("new-hope.example", ""),
    ],
)
def test_signs_of_a_staging_host(host, sign):
    """Labels and builders' domains are signs; words that only begin alike are not."""
    assert staging_sign(host) == sign
