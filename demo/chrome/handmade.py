"""A site made by hand in 2005: tables in tables, font tags, paragraphs that are two line breaks, a visitor counter."""

# ruff: noqa: E501 - markup reads best in the long lines in which platforms send it

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from demo.chrome import widgets
from demo.chrome.frame import Frame
from demo.chrome.markup import Markup, anchor, inside
from demo.chrome.padding import scripts
from demo.chrome.tables import FONT, bottom_links, buttons, left_boxes, right_boxes
from demo.clock import say_date

if TYPE_CHECKING:
    from demo.view import Scene, View

__all__ = ["dress"]

_MARKUP = Markup(
    p="%s<br><br>\n",
    h2='<b><font size="4" color="#003366">%s</font></b><br><br>\n',
    ul="<ul>%s</ul>\n",
    li=f"<li>{FONT}%s</FONT>\n",
    q="<b>Q: %s</b><br>\n",
    a="A: %s<br><br>\n",
    faq="%s",
    quote='<i>"%s"</i><br><br>\n',
    person="<b><u>%s</u></b><br>\n",
    row="<TR>%s</TR>\n",
    cell=f'<TD BGCOLOR="#EEEEEE">{FONT}%s</FONT></TD>',
    table='<TABLE BORDER="1" CELLPADDING="4">%s</TABLE><br>\n',
)
_MOUSE = "".join(
    f"function MM_swapImage{number}() {{ //v3.0\n  var i,j=0,x,a=MM_swapImage{number}.arguments; document.MM_sr=new Array; for(i=0;i<(a.length-2);i+=3)\n   if ((x=MM_findObj(a[i]))!=null){{document.MM_sr[j++]=x; if(!x.oSrc) x.oSrc=x.src; x.src=a[i+2];}}\n}}\n"
    for number in range(90)
)


def dress(view: View) -> str:
    """Put a page into tables."""
    frame, content = _frame(view.scene), view.content
    by = f"<i>{escape(content.author)}, {say_date(content.published)}</i><br><br>\n" if view.page.is_post() else ""
    return "".join(
        (
            f'{frame.start}<TITLE>{escape(view.scene.site.name)}: {escape(content.title)}</TITLE>\n<META NAME="description" CONTENT="{escape(content.description)}">\n<META NAME="keywords" CONTENT="ketamine, clinic, {escape(view.scene.site.city)}">\n',
            frame.head,
            frame.top,
            f'<h1><font face="Georgia" color="#990000">{escape(content.title)}</font></h1><!-- build {view.build} -->\n{by}{FONT}\n',
            inside(content.blocks, _MARKUP),
            _list(view),
            f"</FONT><p>{FONT}See also {anchor(view.inline)}</FONT></p>\n",
            frame.bottom,
        )
    )


def _list(view: View) -> str:
    items = "".join(
        f"{teaser.day} - {anchor(teaser.link)}<br>{escape(teaser.excerpt, quote=False)}<br><br>\n"
        for teaser in view.teasers
    )
    return items + (f'<a href="{view.older}">older articles</a>' if view.older else "")


@lru_cache(maxsize=40)
def _frame(scene: Scene) -> Frame:
    name = escape(scene.site.name)
    return Frame(
        start='<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">\n<HTML>\n<HEAD>\n<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=windows-1252">\n<META NAME="GENERATOR" CONTENT="Microsoft FrontPage 5.0">\n',
        head=f'<SCRIPT LANGUAGE="JavaScript">\n<!--\n{_MOUSE}{scripts("mm", 9000)}\n//-->\n</SCRIPT>\n</HEAD>\n',
        top='<BODY BGCOLOR="#FFFFFF" TOPMARGIN="0" LEFTMARGIN="0">\n<CENTER><TABLE WIDTH="760" BORDER="0" CELLSPACING="0" CELLPADDING="0"><TR><TD COLSPAN="3" BGCOLOR="#003366"><FONT SIZE="6" COLOR="#FFFFFF">'
        f'{name}</FONT><br><FONT COLOR="#CCCCCC"><MARQUEE>Now accepting new patients in {scene.site.city}!</MARQUEE></FONT></TD></TR>\n<TR VALIGN="TOP"><TD WIDTH="150" BGCOLOR="#EEEEEE">'
        f'{buttons(scene)}<IMG SRC="/images/spacer.gif" WIDTH="1" HEIGHT="40">{left_boxes(scene)}</TD>\n<TD WIDTH="450"><TABLE WIDTH="100%" BORDER="0" CELLSPACING="0" CELLPADDING="8"><TR><TD>\n',
        bottom=f'</TD></TR></TABLE></TD><TD WIDTH="160" BGCOLOR="#F0F0F0">{right_boxes(scene)}{FONT}{widgets.old_links(scene)}</FONT></TD></TR>\n'
        f'<TR><TD COLSPAN="3" ALIGN="CENTER"><HR NOSHADE>{bottom_links(scene)}<BR><BR>{FONT}{widgets.address(scene)}<br>{widgets.copyright_line(scene)}<br>{widgets.counter(scene)} Best viewed in 1024x768. '
        f'<a href="mailto:office@{scene.site.host}">Webmaster</a></FONT></TD></TR></TABLE></CENTER>\n</BODY>\n</HTML>\n',
    )
