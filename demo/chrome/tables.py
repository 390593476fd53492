"""The boxes of a site made by hand in 2005: tables in tables, spacer pictures, a font tag around each word."""

# ruff: noqa: E501 - markup reads best in the long lines in which such sites were written

from __future__ import annotations

from calendar import monthcalendar
from html import escape
from typing import TYPE_CHECKING

from demo.bank import load_bank
from demo.chrome.furniture import menu_entries
from demo.chrome.markup import anchor
from demo.chrome.sections import say
from demo.clock import say_date, tick_date
from demo.grammar import expand
from demo.persona import authors, site_slots

if TYPE_CHECKING:
    from collections.abc import Iterable

    from demo.chrome.skin import Entry
    from demo.view import Scene

__all__ = ["FONT", "bottom_links", "buttons", "left_boxes", "right_boxes"]

FONT = '<FONT FACE="Verdana, Arial" SIZE="2">'
_SMALL = '<FONT FACE="Verdana, Arial, Helvetica" SIZE="1" COLOR="#333333">'
_SPACER = '<IMG SRC="/images/spacer.gif" WIDTH="{0}" HEIGHT="{1}" BORDER="0" ALT="">'


def _box(title: str, inner: str) -> str:
    """Draw a box with a coloured head: a table in a table, so that it has a border of one pixel."""
    return (
        f'<TABLE WIDTH="100%" BORDER="0" CELLSPACING="0" CELLPADDING="1" BGCOLOR="#336699"><TR><TD><TABLE WIDTH="100%" BORDER="0" CELLSPACING="0" CELLPADDING="3"><TR><TD BGCOLOR="#336699" ALIGN="CENTER"><FONT FACE="Arial" SIZE="2" COLOR="#FFFFFF"><B>{title}</B></FONT></TD></TR>'
        f'<TR><TD BGCOLOR="#FFFFFF">{inner}</TD></TR></TABLE></TD></TR></TABLE>{_SPACER.format(1, 8)}<BR>\n'
    )


def _grid(cells: Iterable[str], width: int) -> str:
    """Set cells into rows."""
    found = list(cells)
    rows = (found[start : start + width] for start in range(0, len(found), width))
    inner = "".join(f'<TR VALIGN="TOP">{"".join(f"<TD>{cell}</TD>" for cell in row)}</TR>\n' for row in rows)
    return f'<TABLE WIDTH="100%" BORDER="0" CELLSPACING="0" CELLPADDING="2">{inner}</TABLE>\n'


def buttons(scene: Scene) -> str:
    """Draw the menu as rows of buttons with a picture before each and what is below it indented."""
    return f'<TABLE WIDTH="150" BORDER="0" CELLSPACING="1" CELLPADDING="0" BGCOLOR="#CCCCCC">{"".join(_rows(menu_entries(scene), 0))}</TABLE>\n'


def _rows(entries: Iterable[Entry], depth: int) -> Iterable[str]:
    for entry in entries:
        label = escape(entry.link.label, quote=False)
        mouse = " onMouseOver=MM_swapImage1()" if depth < 2 else ""
        said = (
            f"<B>{label}</B>" if entry.link.href == "#" else f'<a href="{escape(entry.link.href)}"{mouse}>{label}</a>'
        )
        colour = ("#336699", "#6699CC", "#DDEEFF")[depth]
        yield (
            f'<TR><TD BGCOLOR="{colour}" WIDTH="{8 + 8 * depth}">{_SPACER.format(8 + 8 * depth, 18)}</TD><TD BGCOLOR="{colour}"><IMG SRC="/images/bullet{depth}.gif" WIDTH="7" HEIGHT="7" ALT="">&nbsp;<FONT FACE="Arial" COLOR="{"#003366" if depth > 1 else "#FFFFFF"}" SIZE="{2 - depth // 2}">{said}</FONT></TD></TR>\n'
        )
        yield from _rows(entry.below, depth + 1)


def left_boxes(scene: Scene) -> str:
    """Put below the menu: a search box, the month, a guest book."""
    return _box("Search", _search(scene)) + _box("Calendar", _month(scene)) + _box("Mailing List", _mailing())


def right_boxes(scene: Scene) -> str:
    """Fill the right column: news, hours, kind words, staff, plans, links."""
    return "".join(
        _box(title, inner)
        for title, inner in (
            ("What's New", _news(scene)),
            ("Office Hours", _hours(scene)),
            ("Kind Words", _words(scene)),
            ("Our Staff", _staff(scene)),
            ("Insurance", _plans(scene)),
            ("Links", _links(scene)),
            ("Photos", _photos()),
        )
    )


def _search(scene: Scene) -> str:
    return f'<FORM ACTION="/cgi-bin/search.pl" METHOD="GET"><INPUT TYPE="hidden" NAME="site" VALUE="{scene.site.host}"><INPUT TYPE="text" NAME="q" SIZE="12"><INPUT TYPE="submit" VALUE="Go"><BR>{_SMALL}<INPUT TYPE="radio" NAME="w" CHECKED>this site <INPUT TYPE="radio" NAME="w">web</FONT></FORM>'


def _month(scene: Scene) -> str:
    day = tick_date(scene.tick)
    names = "".join(f"<TD ALIGN=CENTER>{_SMALL}<B>{name}</B></FONT></TD>" for name in "MTWTFSS")
    weeks = "".join(
        f"<TR>{''.join(f'<TD ALIGN=CENTER>{_SMALL}{number or chr(160)}</FONT></TD>' for number in week)}</TR>\n"
        for week in monthcalendar(day.year, day.month)
    )
    return f'{_SMALL}<B>{day:%B %Y}</B></FONT><TABLE WIDTH="100%" BORDER="0" CELLSPACING="1" CELLPADDING="1"><TR BGCOLOR="#DDDDDD">{names}</TR>\n{weeks}</TABLE>'


def _mailing() -> str:
    return f'<FORM ACTION="/cgi-bin/formmail.pl" METHOD="POST">{_SMALL}Name:<BR><INPUT TYPE="text" NAME="name" SIZE="14"><BR>E-mail:<BR><INPUT TYPE="text" NAME="email" SIZE="14"><BR><INPUT TYPE="submit" VALUE="Join"> <INPUT TYPE="reset" VALUE="Clear"></FONT></FORM>'


def _news(scene: Scene) -> str:
    return "".join(
        f'<IMG SRC="/images/new.gif" WIDTH="28" HEIGHT="11" ALT="new">{_SMALL}<B>{say_date(scene.posted(post))}</B><BR><a href="{escape(scene.href(post))}">{escape(post.label, quote=False)}</a></FONT><BR>{_SPACER.format(1, 4)}<BR>\n'
        for post in scene.posts[:6]
    )


def _hours(scene: Scene) -> str:
    start = scene.site.dice("hours").between(8, 9)
    lines = "".join(
        f'<TR><TD NOWRAP>{_SMALL}<B>{day}</B></FONT></TD><TD ALIGN="RIGHT" NOWRAP>{_SMALL}{f"{start} am - 5 pm" if number < 5 else "closed"}</FONT></TD></TR>\n'
        for number, day in enumerate(load_bank().lines("chrome", "weekday"))
    )
    return f'<TABLE WIDTH="100%" BORDER="0" CELLSPACING="0" CELLPADDING="1">{lines}</TABLE>'


def _words(scene: Scene) -> str:
    bank, dice = load_bank(), scene.site.dice("words", scene.tick if "noise" in scene.site.has else 0)
    return _grid(
        (
            f"{_SMALL}<I>&quot;{expand(text, dice, site_slots(scene.site), bank.phrases)}&quot;</I><BR>- {dice.pick(bank.lines('people', 'first'))}</FONT><HR SIZE=1 NOSHADE>"
            for text in dice.some(bank.lines("people", "testimonial"), 1)
        ),
        1,
    )


def _staff(scene: Scene) -> str:
    dice = scene.site.dice("team")
    return "".join(
        _grid(
            (
                f'<IMG SRC="/images/staff{number}.jpg" WIDTH="40" HEIGHT="50" ALT="">',
                f"{_SMALL}<B>{escape(name)}</B><BR>{say(scene, 'role', dice)}</FONT>",
            ),
            2,
        )
        for number, name in enumerate(authors(scene.site))
    )


def _plans(scene: Scene) -> str:
    names = scene.site.dice("insurers").some(load_bank().lines("chrome", "insurer"), 8)
    return _grid(
        (
            f'<IMG SRC="/images/plan{number}.gif" WIDTH="60" HEIGHT="30" ALT="{escape(name)}" BORDER="1"><BR>{_SPACER.format(60, 4)}'
            for number, name in enumerate(names)
        ),
        2,
    )


def _photos() -> str:
    return _grid(
        (
            f'<a href="/images/office{number}.jpg"><IMG SRC="/images/office{number}_s.jpg" WIDTH="66" HEIGHT="50" BORDER="1" ALT=""></a>{_SPACER.format(4, 1)}'
            for number in range(12)
        ),
        2,
    )


def _links(scene: Scene) -> str:
    links = (*scene.small, *scene.towns, *scene.conditions)
    return "".join(
        f'<IMG SRC="/images/arrow.gif" WIDTH="6" HEIGHT="9" ALT=""> {_SMALL}{anchor(link)}</FONT><BR>\n'
        for link in links
    )


def bottom_links(scene: Scene) -> str:
    """Repeat the menu as text at the foot of the page."""
    links = (*scene.main, *scene.services, *scene.conditions, *scene.small)
    return " | ".join(f"{_SMALL}{anchor(link)}</FONT>" for link in links)
