"""What stands in a page's place is told at the first visit, in many languages; short pages of clinics stay pages."""

# ruff: noqa: E501 - a page reads best in one line

from __future__ import annotations

import pytest

from pipelines.classify.truncated import is_broken_off, is_closed
from pipelines.jobs import ReadJob, run
from pipelines.model.outcomes import Outcome
from tests.bench.walls import kept_kinds, measure, real_pages
from tests.support.walls import KINDS, PARAGRAPHS, simple, site_page

URL = "https://cedar.example/care/"
SHORT_PAGES = {
    "wait": ("Please wait with your decision", "Please wait with your decision", "Talk to your doctor first. We answer on weekdays."),
    "maintenance": ("Maintenance infusions", "Maintenance infusions", "After six infusions we offer maintenance every month. $400 each."),
    "blocked": ("Nerve blocks", "Blocked nerves", "A blocked nerve hurts. Our doctor finds it and numbs it within minutes."),
    "access": ("Access", "Access", "Our rooms have step-free access. Parking is behind the house."),
    "age": ("Who we treat", "Who we treat", "You must be at least 18 years old. Under 18 we send you to a colleague."),
    "error": ("Trial and error", "Trial and error", "Medicine by trial and error takes years. Ask us what else there is."),
    "verification": ("Insurance verification", "Insurance verification", "Send us your card; we call your insurer and tell you the price."),
    "consent": ("Consent forms", "Consent forms", "Please read and sign the consent before your first visit."),
    "contact": ("Contact", "Contact", "Ring us or write a note. 555 0100."),
    "closed": ("Holiday", "We are closed for the holiday", "We will see you again on Monday. Call 911 in an emergency."),
    "redirect": ("Our way", "Redirect your thoughts", "We teach you to notice a thought and let it pass."),
    "human": ("About", "We are human", "We are human, and we listen. Book a talk with Ada."),
    "domain": ("Research", "Research", "Sleep is a domain where ketamine is studied. Read our notes."),
    "slow": ("Slow down", "Slow down", "Slow down and breathe. Our groups meet on Mondays."),
    "waiting room": ("Waiting room", "Our waiting room", "The waiting room has tea. You are never in a queue for long."),
    "holiday": ("Holiday hours", "Holiday hours", "We are closed until Monday. We will be back soon, rested."),
    "video": ("Video visits", "Video visits", "We talk over a secure connection. Use a browser of this year."),
    "javascript": ("Privacy", "Privacy", "We use cookies for the booking form alone. Write to us with questions on your data."),
    "German": ("Kontakt", "Kontakt", "Rufen Sie uns an. Wir nehmen uns einen Moment Zeit."),
}  # fmt: skip


def came_to(body: bytes) -> Outcome | None:
    """Name what a first visit with this body comes to."""
    return run(ReadJob(URL, body, "text/html; charset=utf-8")).outcome


@pytest.mark.parametrize("name", SHORT_PAGES)
def test_short_pages_are_pages(name):
    """Few words, and some that a wall has too, make no wall."""
    assert came_to(simple(*SHORT_PAGES[name])) is None


def test_all_kinds_but_one_in_forty_are_told_at_the_first_visit():
    """What is left needs the page's own past."""
    assert kept_kinds() == [name for name, kind in KINDS.items() if kind.needs_past]
    assert len(KINDS) >= 40 * len(kept_kinds())


def test_real_pages_are_pages():
    """At most three of 1,449 pages of real sites are taken for none (``python -m tests.bench.walls``): here, each 20th."""
    if next(real_pages(), None) is None:
        pytest.skip("no pages of real sites beside this checkout")
    assert measure(step=20).taken == []


def test_a_body_that_breaks_off_is_truncated_only_where_nothing_told_its_length():
    """Many pages leave out their last tags; one that ends in the middle of a word did not come whole."""
    page = site_page("Care", PARAGRAPHS)
    cut = page[: page.index(b"for grief") + 20]
    assert (is_closed(page), is_broken_off(page)) == (True, False)
    assert run(ReadJob(URL, cut, "text/html", partial=True)).outcome is Outcome.TRUNCATED
    for body, partial in ((cut, False), (page, True), (page[: page.index(b"<p>We give ketamine for grief")], True)):
        assert run(ReadJob(URL, body, "text/html", partial=partial)).outcome is None


def test_a_page_that_only_leads_on_gives_its_links():
    """It has no text, and the address that it leads to is found."""
    done = run(ReadJob(URL, KINDS["refresh page"].body, "text/html", hosts=frozenset({"cedar.example"})))
    assert (done.outcome, [one.url for one in done.found]) == (Outcome.NO_TEXT, ["https://cedar.example/new/"])
