"""What stands in a page's place is no text of the page; a page that speaks of such things is one."""

from __future__ import annotations

import pytest

from pipelines.classify.error_pages import judge
from pipelines.model.outcomes import Outcome
from pipelines.reading.read import read
from tests.support.made_corpus import ABOUT

SOON = (
    "<main><p>Our sleep page is coming soon. Until then ring us: Dana will tell you how we work with rest, light and"
    " long talks, on weekdays from nine to five and on Saturdays by appointment.</p></main>"
)
FORM = "<form><label>Username or Email</label><input type='password'><p>Lost your password?</p></form>"
URL = "http://cedar-ketamine.example/ptsd/"


def judged(title: str, body: str) -> Outcome | None:
    """Name what a page with this title and body is."""
    html = f"<!doctype html><html><head><title>{title}</title></head><body>{body}</body></html>".encode()
    found = judge(read(html, URL), html).certain
    return found[0] if found else None


@pytest.mark.parametrize(
    ("title", "body", "outcome"),
    [
        ("Just a moment...", "<p>Checking your browser before you go on.</p><p>Ray ID: 7f3a0</p>", Outcome.BLOCKED),
        ("Access Denied", "<h1>Access Denied</h1><p>Your request has been blocked.</p>", Outcome.BLOCKED),
        ("cedar-ketamine.example", "<h1>This domain is for sale</h1><p>Buy this domain today.</p>", Outcome.PARKED),
        ("Account suspended", "<h1>This account has been suspended</h1><p>Contact your host.</p>", Outcome.PARKED),
        ("Log In - Cedar Ketamine", FORM, Outcome.LOGIN),
        ("Page not found | Cedar", "<h1>Oops! That page can’t be found.</h1><p>Try a search.</p>", Outcome.SOFT_404),
        ("404", "<h1>404</h1><p>The page that you asked for does not exist.</p>", Outcome.SOFT_404),
        ("Cedar", "<h1>Page Not Found</h1><p>This link may have been removed.</p>", Outcome.SOFT_404),
    ],
)  # fmt: skip
def test_stand_ins_are_told(title, body, outcome):
    """Walls, parked domains, logins and friendly errors are named, whatever their status said."""
    assert judged(title, body) is outcome


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Ketamine for PTSD", f"<main><p>{ABOUT}</p></main>"),
        ("Patient login and forms", f"<main><h1>Forms</h1><p>{ABOUT}</p></main>"),
        ("Relief not found elsewhere", "<main><h1>Relief not found elsewhere</h1><p>We treat what others gave up.</p>"),
        ("Access to care", "<main><h1>Access to care</h1><p>Nobody is denied an intake call for lack of money.</p>"),
        ("Found: calm", "<main><h1>Found: calm</h1><p>Some of our guests found a calm that lasted. Ask us.</p></main>"),
        ("Sleep", SOON),
        ("Contact", "<main><h1>Contact</h1><p>Ring us or write a note.</p></main>"),
    ],
)  # fmt: skip
def test_pages_are_pages(title, body):
    """Short pages and pages that speak of logins or of what was not found stay pages."""
    assert judged(title, body) is None
