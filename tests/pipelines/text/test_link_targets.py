"""Which links and pictures are compared, and what of their addresses says nothing."""

from __future__ import annotations

import pytest

from pipelines.text.link_targets import link_target, picture_name

PAGE = "https://cedar.example/faq/"


@pytest.mark.parametrize(
    ("href", "target"),
    [
        ("/forms/consent.PDF", "cedar.example/forms/consent.PDF"),
        ("intake.docx#page=2", "cedar.example/faq/intake.docx"),
        ("tel:+1-555-010-4477;ext=2", "tel:+15550104477"),
        ("sms:555 010 4477?body=hi", "tel:5550104477"),
        ("mailto:Desk@Cedar.example?subject=Hi", "mailto:desk@cedar.example"),
        ("https://www.lender.example/apply/", "lender.example/apply"),
        ("https://lender.example/apply?plan=b&partner=7", "lender.example/apply?partner=7&plan=b"),
        ("https://www.youtube.com/watch?v=abc", "youtube.com/watch?v=abc"),
        ("/book-now", "cedar.example/book-now"),
        ("/consent", "cedar.example/consent"),
    ],
)
def test_a_link_that_matters_has_a_target(href, target):
    """Documents, other hosts, telephone numbers, e-mail addresses, bookings."""
    assert link_target(href, PAGE) == target


@pytest.mark.parametrize(
    "href",
    [
        "/about", "#top", "", "javascript:void(0)", "http://[broken", "https://www.facebook.com/sharer/sharer.php?u=x",
        "https://www.instagram.com/p/Cx1/", "https://x.com/intent/post?url=y", "/handbook", "/facebook",
    ],
)  # fmt: skip
def test_a_link_that_matters_to_no_patient_has_none(href):
    """Pages of the site itself, buttons to share, posts of a feed."""
    assert link_target(href, PAGE) == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/consent.pdf?ver=1", "/consent.pdf?ver=2"),
        ("https://lender.example/apply?sid=a1", "https://lender.example/apply?sid=b2"),
        ("https://lender.example/apply?utm_source=a", "https://lender.example/apply"),
        ("https://lender.example/apply?plan=b&nonce=77", "https://lender.example/apply?nonce=78&plan=b"),
        ("https://lender.example/a;jsessionid=A1?x=1", "https://lender.example/a;jsessionid=B2?x=1"),
        ("https://lender.example/(S(abc12))/a", "https://lender.example/(S(xyz34))/a"),
        ("https://lender.example/session/8f3a/a", "https://lender.example/session/9b1c/a"),
        ("https://lender.example/a?q=0a1b2c3d4e5f6a7b", "https://lender.example/a?q=ffeeddccbbaa9988"),
        ("http://lender.example/a", "https://www.lender.example/a/"),
        ("https://lender.example/a/index.html", "https://lender.example/a"),
        ("/cdn-cgi/l/email-protection#422302206c212d", "/cdn-cgi/l/email-protection#006140622e636f"),
    ],
)
def test_what_differs_at_each_visit_is_the_same_target(one, other):
    """Versions, sessions, nonces, tracking, tokens, scheme and trailing slash."""
    assert link_target(one, PAGE) == link_target(other, PAGE) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/up/2025/team.jpg", "/up/2025/team-300x200.jpg?ssl=1"),
        ("/team.jpg", "https://cdn.example/cdn-cgi/image/width=300/https://cedar.example/team.jpg"),
        ("/team.png", "/team.jpg.webp"),
        ("/team.jpg", "/_next/image?url=%2Fteam.jpg&w=640&q=75"),
        ("/team.3f2a9c1b.jpg", "/team.9d8e7f6a.jpg"),
        ("/team@2x.png", "/team-scaled.png"),
        ("https://static.example/media/Team_Room~mv2.jpg/v1/fill/w_9,h_6/a.jpg",
         "https://static.example/media/Team_Room~mv2.jpg/v1/fill/w_90,h_60/b.jpg"),
        ("https://res.example/image/upload/w_300/v12/team.jpg", "https://res.example/image/upload/w_600/v12/team.jpg"),
    ],
)  # fmt: skip
def test_a_picture_of_another_size_or_format_is_the_same(one, other):
    """What a server makes of a file is no other picture."""
    assert picture_name(one) == picture_name(other) != ""


@pytest.mark.parametrize(
    "src",
    [
        "data:image/gif;base64,R0lGOD", "/img/blank.gif", "https://track.example/tr?id=7", "", "http://[broken/a.jpg",
        "/0a1b2c3d4e5f.jpg", "/x/k3v9q2m7x1.jpg",
        "https://scontent.cdninstagram.com/v/1_2_n.jpg?stp=x", "https://secure.gravatar.com/avatar/ab.jpg",
    ],
)  # fmt: skip
def test_what_is_no_picture_of_the_page_has_no_name(src):
    """Placeholders, counting pixels, feeds of other sites."""
    assert picture_name(src) == ""


def test_another_file_is_another_picture():
    """Also where only a number differs."""
    assert picture_name("/before-1.jpg") != picture_name("/before-2.jpg")
    assert picture_name("/team2024.jpg") != picture_name("/team2025.jpg")
