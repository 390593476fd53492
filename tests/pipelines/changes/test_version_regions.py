"""The lines of a version's regions, and which of them are the boilerplate of its site."""

from __future__ import annotations

from pipelines.changes.version_regions import (
    REGIONS,
    LeftOut,
    SiteLines,
    find_site_boilerplate,
    region_lines,
    split_boilerplate,
)

EMPTY = dict.fromkeys(
    (
        "text", "title", "titles", "description", "descriptions", "headings", "other_text", "structured",
        "alternatives", "boilerplate", "menu", "hidden",
    ),
    "",
)  # fmt: skip


def lines_of(**columns: str) -> dict[str, tuple[str, ...]]:
    """Give the lines of a version with these columns."""
    return region_lines(EMPTY | columns, [], [])


def test_a_region_leaves_out_what_stands_elsewhere():
    """Headings and other text leave out what the main text has, whatever its case and punctuation, and each other's."""
    found = lines_of(
        text="What we ask\nWe ask a lot.",
        headings="WHAT WE ASK?\nWhat it costs",
        other_text="We ask a lot\nWhat it costs\nOpen today\nOpen today!\nHome » Fees",
        boilerplate="Home > fees",
        titles="What we ask\nAsk us",
        title="never read where titles are there",
    )
    assert found["headings"] == ("What it costs",)
    assert found["other_text"] == ("Open today",)
    assert found["boilerplate"] == ("Home > fees",)
    assert found["title"] == ("What we ask", "Ask us")
    assert found.keys() <= set(REGIONS)


def test_lines_that_rules_took_out_go_where_they_belong():
    """A menu's line is boilerplate, any other is other text; a note that reading failed is none; nor is a number."""
    left_out = [LeftOut("Fees", "menu"), LeftOut("Share this", "a short line"), LeftOut("X", "reading failed, so")]
    found = region_lines(EMPTY | {"boilerplate": "Call us\n2024"}, [*left_out, LeftOut("7", "a short line")], ["Home"])
    assert found["boilerplate"] == ("Call us", "Fees", "Home")
    assert found["other_text"] == ("Share this",)


def test_lines_of_the_same_versions_are_one_group():
    """Each line is in one group; a version names the groups that it shows, and the order of versions says nothing."""
    pages = [lines_of(boilerplate="Call us\nOpen today\nNot approved")] * 2 + [lines_of(boilerplate="Call us")]
    versions = list(enumerate(pages, 1))
    groups = []
    for order in (versions, versions[::-1]):
        site = SiteLines()
        for number, regions in order:
            site.add(number, number, regions)
        found = find_site_boilerplate(site)
        groups.append([sorted(split_boilerplate(regions, found)[1].values()) for _, regions in versions])
    assert groups[0] == groups[1]
    assert groups[0] == [[("Call us",), ("Open today", "Not approved")]] * 2 + [[("Call us",)]]


def test_what_five_pages_repeat_is_boilerplate_in_any_region():
    """Other text on five pages is their site's, on four it is each page's own; several versions are one page."""
    site = SiteLines()
    for page in range(1, 6):
        for version in (page * 10, page * 10 + 1):
            rare = "\nAsk Ann" if page < 5 else ""
            site.add(page, version, lines_of(other_text=f"Open today{rare}"))
    found = find_site_boilerplate(site)
    assert found.repeated == {"open today"}
    own, groups = split_boilerplate(lines_of(other_text="Open today\nAsk Ann"), found)
    assert own == {"other_text": ("Ask Ann",)}
    assert list(groups.values()) == [("Open today",)]
