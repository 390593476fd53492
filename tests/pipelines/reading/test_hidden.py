"""Text that a page has and does not show is a region of its own; what a click or a script brings to light is not."""

from __future__ import annotations

import pytest

from pipelines.reading.read import read

URL = "https://cedar.example/ketamine/"
SHOWN = "A nurse stays beside you while the ketamine runs, and most visits take about forty minutes in a quiet room. "
SECRET = "Our treatment cures everyone within a week"


def reading_of(part, head=""):
    """Read a page of some text with this part in it."""
    page = f"<!doctype html><html><head><title>Care</title>{head}</head><body><main><h1>Care</h1><p>{SHOWN * 3}</p>"
    return read(f"{page}{part}<p>{SHOWN}</p></main></body></html>".encode(), URL)


@pytest.mark.parametrize(
    ("part", "style"),
    [
        ('<p style="display:none">{}</p>', ""),
        ('<p style="color: red; VISIBILITY: Hidden">{}</p>', ""),
        ("<div hidden><p>{}</p></div>", ""),
        ('<div style="position:absolute; left:-9999px"><p>{}</p></div>', ""),
        ('<div style="text-indent:-999em">{}</div>', ""),
        ('<p class="note">{}</p>', ".note{display:none}"),
        ('<p class="note">{}</p>', "/* a } b */ p.other, p.note { color: red; display: none !important }"),
        ('<p id="note">{}</p>', "#note{position:absolute;top:-5000px}"),
        ('<div class="part"><p class="note">{}</p></div>', ".part > .note{visibility:hidden}"),
        ('<div class="part"><p>{}</p></div>', ".part p{display:none}"),
        ('<p class="note">{}</p>', ".note{position:absolute;width:1px;height:1px;overflow:hidden}"),
        ('<p class="note">{}</p>', "@media print{.part{display:none}} .note{clip-path:inset(50%);display:none}"),
    ],
)
def test_what_is_not_shown_is_hidden_text(part, style):
    """It is read, in its own region, and stands in no other."""
    reading = reading_of(part.format(SECRET), f"<style>{style}</style>" if style else "")
    assert reading.hidden == SECRET
    assert SECRET not in reading.text + reading.other_text + reading.boilerplate + reading.menu
    assert SHOWN.strip() in reading.text


@pytest.mark.parametrize(
    ("part", "head"),
    [
        ('<p class="note">{}</p>', "<style>@media print{.note{display:none}}</style>"),
        ('<p class="note">{}</p>', "<style>.note{display:none} .note.open{display:block}</style>"),
        ('<p class="note">{}</p>', "<style>.note:hover{display:none}</style>"),
        ('<p id="more" style="display:none">{}</p><a href="#more">Read more</a>', ""),
        ('<p id="more" style="display:none">{}</p>', "<script>$('#more').slideDown()</script>"),
        ('<div class="tab-pane" style="display:none"><p>{}</p></div>', ""),
        ('<div class="swiper-slide" style="visibility:hidden"><p>{}</p></div>', ""),
        ('<p style="visibility:hidden; animation-name:none">{}</p>', ""),
        ('<p hidden="until-found">{}</p>', ""),
        ('<p aria-hidden="true">{}</p>', ""),
        ('<p class="note" style="display:block">{}</p>', "<style>.note{display:none}</style>"),
    ],
)
def test_what_a_visitor_can_bring_to_light_is_not_hidden(part, head):
    """Tabs, slides, targets of controls, names in scripts, rules for print alone."""
    reading = reading_of(part.format(SECRET), head)
    assert reading.hidden == ""
    assert SECRET in reading.text + reading.other_text + reading.boilerplate


def test_a_page_that_is_moved_into_place_is_shown():
    """Streamed pages send their whole text in a hidden element."""
    page = f'<body><div id="app">Loading</div><div hidden id="S:0"><h1>Care</h1><p>{SHOWN * 3}</p></div></body>'
    reading = read(page.encode(), URL)
    assert (reading.hidden, SHOWN.strip() in reading.text) == ("", True)


def test_hidden_text_in_a_menu_stays_its_menu():
    """A folded menu is opened by a click."""
    page = (
        f'<nav><ul style="display:none"><li><a href="/a/">Prices of care</a></li></ul></nav><main><p>{SHOWN}</p></main>'
    )
    assert "Prices of care" in read(page.encode(), URL).menu


@pytest.mark.parametrize(
    "style",
    ["{", "}" * 50_000, "{" * 50_000, "/*" * 200_000, ".a{display:none" * 5_000, "@media{" * 5_000, "a>" * 9_000],
)
def test_odd_styles_hide_nothing_and_break_nothing(style):
    """Whatever a style element holds, the page is read."""
    assert SHOWN.strip() in reading_of("", f"<style>{style}</style>").text
