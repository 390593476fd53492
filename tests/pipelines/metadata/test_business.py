"""Facts of the advertiser."""

from __future__ import annotations

import lxml.html
import pytest

from pipelines.metadata.advertiser_name import NameSign
from pipelines.metadata.business import from_lines, from_text, phone, text_facts
from pipelines.metadata.page_metadata import parse_metadata


def best(found, field):
    """Give the most trusted fact of one field."""
    return max((fact for fact in found if fact.field == field), key=lambda fact: fact.trust, default=None)


def facts(html: str):
    """Read the facts of a page."""
    return parse_metadata(lxml.html.document_fromstring(html), "https://a.example/").facts


CLINIC = """<script type="application/ld+json">{"@type":["MedicalClinic","LocalBusiness"],"name":"Cedar Ketamine",
"telephone":"(214) 555-0142","address":{"@type":"PostalAddress","streetAddress":"400 Elm St, Suite 210",
"addressLocality":"Dallas","addressRegion":"Texas"},
"review":{"@type":"Review","author":{"@type":"Organization","name":"Somebody"}}}</script>"""


def test_json_ld_states_the_clinic():
    """Name, address, city, state and phone are read with their place; reviewers are not the clinic."""
    found = facts(CLINIC)
    fields = ("name", "address", "city", "state", "phone")
    values = [best(found, field).value for field in fields]
    assert values == ["Cedar Ketamine", "400 Elm St, Suite 210", "Dallas", "TX", "+1-214-555-0142"]
    assert {fact.source for fact in found} == {"json-ld"}


@pytest.mark.parametrize(
    ("text", "city", "state"),
    [
        ("Visit us: 12 North Oak Avenue, Unit 4B, Salt Lake City, UT 84101", "Salt Lake City", "UT"),
        ("1200 W. 7th St. #210 Fort Worth, Texas 76102", "Fort Worth", "TX"),
        ("88 Third Avenue North, 2nd Floor\nMinneapolis, MN 55401-1234", "Minneapolis", "MN"),
        ("Open 9 to 5. Founded in 2015 in Dallas.", None, None),
    ],
)
def test_written_addresses(text, city, state):
    """American postal addresses are read out of running text."""
    found = from_text(text, "footer")
    assert tuple(getattr(best(found, field), "value", None) for field in ("city", "state")) == (city, state)


def test_footer_and_tel_links():
    """Where there is no JSON-LD, the footer and the telephone link speak."""
    found = facts('<body><a href="tel:+12145550142">Call</a><footer>12 Oak St, Austin, TX 78701</footer></body>')
    assert [(fact.field, fact.source) for fact in found] == [
        ("phone", "tel link"), ("address", "footer"), ("city", "footer"), ("state", "footer"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("214.555.0142", "+1-214-555-0142"),
        ("1 (214) 555 0142", "+1-214-555-0142"),
        ("NCT05661669", None),
        ("$2,145,550,142", None),
        ("2023-05-14", None),
    ],
)
def test_phone(text, read):
    """Phone numbers come out in one form; other numbers are none."""
    assert phone(text) == read


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["12 Oak St, Suite 4", "Austin, TX 78701"], ["12 Oak St, Suite 4", "Austin", "TX"]),
        (["12 Oak Street, Austin, Texas"], ["12 Oak Street", "Austin", "TX"]),
        (["12 Oak St", "Our team"], []),
        (["Call 512-555-0100", "12 Oak St, Austin, TX"], ["+1-512-555-0100", "12 Oak St", "Austin", "TX"]),
        (["Fax: (512) 555-0101"], []),
        (["Suicide and crisis lifeline: 800-273-8255"], []),
        (["License 512-555-0100"], []),
        (["Tel. 512.555.0100 or +1 (512) 555-0102"], ["+1-512-555-0100", "+1-512-555-0102"]),
    ],
)
def test_visible_lines_state_phones_and_addresses(lines, found):
    """Each within its line, an address over two; a number and a house number beside it are never one."""
    assert [fact.value for fact in from_lines(lines, "text", 0.5)] == found


@pytest.mark.parametrize(
    ("signs", "lines", "host", "name"),
    [
        (
            [("Fees | Cedar Clinic", "title")],
            ["© 2026 Cedar Clinic. All rights reserved."],
            "x.example",
            "Cedar Clinic",
        ),
        ([("Fees | Cedar Clinic", "title")], [], "cedarclinic.example", "Cedar Clinic"),
        ([("Fees | Cedar Clinic", "title"), ("cedarclinic", "handle")], [], "x.example", "Cedar Clinic"),
        ([("Cedar Clinic logo", "logo"), ("Cedar Clinic - Fees", "title")], [], "x.example", "Cedar Clinic"),
        ([("Fees | Best care in town", "title")], [], "x.example", None),
        ([("Fees", "title")], ["© 2026 | Website by Birch Media"], "x.example", None),
        (
            [("Fees | Cedar Clinic", "title")],
            ["© Cedar Clinic 2020 - 2026 | Site by Birch"],
            "x.example",
            "Cedar Clinic",
        ),
    ],
)
def test_the_name_is_what_several_places_agree_on(signs, lines, host, name):
    """A title alone, a slogan or the agency's line name nobody."""
    found = text_facts({"main": lines}, [NameSign(*sign) for sign in signs], host, "Fees")
    assert next((fact.value for fact in found if fact.field == "name"), None) == name
