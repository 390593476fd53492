# ruff: noqa: E501  # markup stands as sites send it
"""Page chromes: the frames that platforms put around a post, imitated with texts of our own.

``render(platform, title, paragraphs, url, **extras)`` gives one page. A paragraph is a heading where it is short and
has no final stop, a list item where it begins with a number or a dash; ``extras`` are ``site``, ``author``,
``published``, ``canonical`` and ``city``. ``read_seed`` turns one of the shared example documents into that form.
"""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["PLATFORMS", "expected_text", "is_heading", "is_item", "read_seed", "render", "seed_files"]

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seed-documents"
LEFTOVERS = re.compile(r"(?i)^(comments?|share now\W*|share this\W*)$")
ITEM = re.compile(r"^(?:\d{1,2}[.)]|[-•*–])\s+")
MENU = ("Home", "About Us", "Our Team", "Treatments", "Conditions We Treat", "Pricing", "FAQ", "Blog", "Contact Us")
CONDITIONS = ("Depression", "Anxiety", "PTSD", "Chronic Pain", "Migraine", "OCD", "Bipolar Disorder", "Postpartum")
OTHERS = (
    ("Five questions to ask before your first visit", "Our nurses collected what people ask most, and the answers that they give."),
    ("Sleep and mood: what one has to do with the other", "Short nights and low days go together. Here is how we talk about both."),
    ("How we prepare the room", "Light, sound and a blanket: small things that make a long hour shorter."),
    ("Insurance words that are worth knowing", "Deductible, prior authorization, superbill: a small dictionary."),
    ("Bringing a friend along", "Why we ask for a driver, and what that person can do while you rest."),
)  # fmt: skip
COMMENTS = (
    ("Maria T.", "Thank you for writing this down, I will show it to my sister before her appointment next week."),
    ("daniel_77", "Does anyone know whether they take new patients in spring? The form did not answer me."),
)


def seed_files() -> list[Path]:
    """List the shared example documents; empty where they are absent."""
    return sorted(SEEDS.glob("*.txt")) if SEEDS.is_dir() else []


def read_seed(path: Path) -> tuple[str, list[str]]:
    """Give the headline and the paragraphs of an example document, leftovers of its page taken out."""
    lines = [line.strip() for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
    title = lines[0] if is_heading(lines[0]) else "What to know about ketamine for depression"
    body = [line for line in lines if not line.startswith(title) and not LEFTOVERS.match(line)]
    return title, body


def expected_text(paragraphs: Iterable[str]) -> str:
    """Give the text that a reading of the page should have: paragraphs a line each, marks of list items gone."""
    return "\n".join(ITEM.sub("", each) for each in paragraphs)


def is_heading(line: str) -> bool:
    """Take a short line without a final stop for a heading; ``Who is it for?`` is one too."""
    return len(line) < 100 and not line.endswith((".", "!", ":", ",", ";", "”", '"')) and not is_item(line)


def is_item(line: str) -> bool:
    """Take a line that begins with a number or a dash for an item of a list."""
    return ITEM.match(line) is not None


def render(platform: str, title: str, paragraphs: list[str], url: str, **extras: str) -> str:
    """Put a post into the chrome of a platform."""
    return PLATFORMS[platform](Post(title, paragraphs, url, extras))


class Post:
    """What a chrome needs of a post, escaped."""

    def __init__(self, title: str, paragraphs: list[str], url: str, extras: dict[str, str]) -> None:
        self.plain_title = title
        self.title = html.escape(title)
        self.paragraphs = paragraphs
        self.url = html.escape(url)
        host = urlsplit(url).hostname or "clinic.example"
        self.site = html.escape(extras.get("site", host.removeprefix("www.").split(".")[0].replace("-", " ").title()))
        self.author = html.escape(extras.get("author", "Jordan Avery"))
        self.published = extras.get("published", "2024-03-12T09:30:00+00:00")
        self.city = html.escape(extras.get("city", "Springfield"))
        self.canonical = html.escape(extras.get("canonical", url))

    def json_ld(self, kind: str = "BlogPosting") -> str:
        """Say what the page is, as search engine plugins do."""
        said = {
            "@context": "https://schema.org",
            "@type": kind,
            "headline": self.plain_title,
            "datePublished": self.published,
            "author": {"@type": "Person", "name": html.unescape(self.author)},
            "publisher": {"@type": "Organization", "name": html.unescape(self.site)},
        }
        return f'<script type="application/ld+json">{json.dumps(said)}</script>'

    def body(self, wrap: Callable[[str, str], str], list_tag: str = "ul") -> str:
        """Lay the paragraphs out: ``wrap(kind, text)`` gives the markup of one, items are gathered into lists."""
        parts: list[str] = []
        items: list[str] = []
        for line in [*self.paragraphs, ""]:
            if is_item(line):
                items.append(f"<li>{html.escape(ITEM.sub('', line))}</li>")
                continue
            if items:
                parts.append(f"<{list_tag}>{''.join(items)}</{list_tag}>")
                items = []
            if line:
                parts.append(wrap("heading" if is_heading(line) else "paragraph", html.escape(line)))
        return "\n".join(parts)


def _plain(kind: str, text: str) -> str:
    return f"<h2>{text}</h2>" if kind == "heading" else f"<p>{text}</p>"


def anchors(names: Iterable[str], pattern: str = '<li><a href="/{slug}/">{name}</a></li>') -> str:
    return "".join(pattern.format(slug=name.lower().replace(" ", "-"), name=name) for name in names)


def filler_style(prefix: str, rules: int) -> str:
    """Weigh a page down as themes do: real pages are 30 to 150 KB, mostly not text."""
    sheet = "".join(f".{prefix}-{n}{{margin:{n % 7}px;padding:{n % 5}em;color:#{n % 4096:03x}}}" for n in range(rules))
    return f"<style>{sheet}</style>"


def filler_script(prefix: str, entries: int) -> str:
    data = {f"{prefix}_{n}": {"label": f"Module {n}", "on": n % 2 == 0} for n in range(entries)}
    return f"<script>window.{prefix}Settings = {json.dumps(data)};</script>"


def _wordpress(post: Post) -> str:
    menu = anchors(MENU, '<li class="menu-item menu-item-type-post_type"><a href="/{slug}/">{name}</a></li>')
    conditions = anchors(CONDITIONS, '<li class="cat-item"><a href="/category/{slug}/">{name}</a> (4)</li>')
    recent = "".join(
        f'<li><a href="/{n}/">{title}</a><span class="post-date">March {n + 1}, 2024</span></li>'
        for n, (title, _) in enumerate(OTHERS)
    )
    comments = "".join(
        f'<li class="comment even"><article class="comment-body"><footer class="comment-meta"><b class="fn">{name}</b> '
        f'<span class="says">says:</span><time>March 14, 2024 at 8:11 am</time></footer><div class="comment-content">'
        f'<p>{text}</p></div><div class="reply"><a rel="nofollow" href="#r">Reply</a></div></article></li>'
        for name, text in COMMENTS
    )
    return f"""<!DOCTYPE html><html lang="en-US"><head><meta charset="UTF-8"><title>{post.title} - {post.site}</title>
<link rel="canonical" href="{post.canonical}"><meta property="og:type" content="article"><meta property="og:title" content="{post.title} - {post.site}">
<meta property="article:published_time" content="{post.published}">{post.json_ld()}{filler_style("wp-block", 500)}{filler_script("wp", 60)}</head>
<body class="post-template-default single single-post sidebar-right">
<a class="skip-link screen-reader-text" href="#content">Skip to content</a>
<div class="top-bar"><span>Call us today: (555) 010-0199</span> <a href="/book/">Book a consultation</a></div>
<header id="masthead" class="site-header"><p class="site-title"><a href="/">{post.site}</a></p><p class="site-description">Care that listens</p>
<nav id="site-navigation" class="main-navigation"><button class="menu-toggle">Menu</button><ul id="primary-menu">{menu}</ul></nav></header>
<div id="content" class="site-content"><div id="primary" class="content-area"><main id="main" class="site-main">
<article id="post-812" class="post-812 post type-post hentry"><header class="entry-header"><h1 class="entry-title">{post.title}</h1>
<div class="entry-meta"><span class="posted-on">Posted on <a href="{post.url}"><time class="entry-date">March 12, 2024</time></a></span>
<span class="byline"> by <a class="url fn n" href="/author/x/">{post.author}</a></span></div></header>
<figure class="post-thumbnail"><img src="/f.jpg" alt="{post.title}"><figcaption>{post.title}- {post.site.lower()}</figcaption></figure>
<div class="entry-content"><h1>{post.title}</h1>{post.body(_plain)}
<div class="sharedaddy sd-sharing-enabled"><h3 class="sd-title">Share this:</h3><ul><li><a>Twitter</a></li><li><a>Facebook</a></li></ul></div>
<p class="share-now">Share Now :</p></div>
<footer class="entry-footer"><span class="cat-links">Posted in <a href="/category/depression/">Depression</a></span>
<span class="tags-links">Tagged <a href="/tag/a/">mood</a>, <a href="/tag/b/">treatment</a></span></footer></article>
<nav class="navigation post-navigation"><h2 class="screen-reader-text">Post navigation</h2><div class="nav-previous"><a href="/1/">Previous: {OTHERS[0][0]}</a></div>
<div class="nav-next"><a href="/2/">Next: {OTHERS[1][0]}</a></div></nav>
<div id="jp-relatedposts"><h3>Related Posts</h3>{"".join(f'<div class="rp"><h4><a href="/r/">{title}</a></h4><p>{text}</p></div>' for title, text in OTHERS[:3])}</div>
<div id="comments" class="comments-area"><h2 class="comments-title">2 thoughts on &ldquo;{post.title}&rdquo;</h2><ol class="comment-list">{comments}</ol>
<div id="respond" class="comment-respond"><h3 id="reply-title">Leave a Reply <small><a>Cancel reply</a></small></h3>
<form><p class="comment-notes">Your email address will not be published. Required fields are marked *</p><p><label>Comment *</label><textarea></textarea></p>
<p><label>Name *</label><input></p><p><input type="checkbox"><label>Save my name, email, and website in this browser for the next time I comment.</label></p>
<button>Post Comment</button></form></div></div></main></div>
<aside id="secondary" class="widget-area"><section class="widget widget_search"><form><label>Search for:</label><button>Search</button></form></section>
<section class="widget widget_recent_entries"><h2 class="widget-title">Recent Posts</h2><ul>{recent}</ul></section>
<section class="widget widget_categories"><h2 class="widget-title">Categories</h2><ul>{conditions}</ul></section>
<section class="widget widget_text"><h2 class="widget-title">Need help now?</h2><div class="textwidget"><p>If you are in crisis, call or text 988 at any hour.</p></div></section></aside></div>
<footer id="colophon" class="site-footer"><div class="footer-widgets"><h4>{post.site}</h4><p>12 Linden Street, {post.city}</p><p>Monday to Friday, 9 am to 5 pm</p>
<ul>{anchors(MENU)}</ul></div><div class="site-info">Copyright &copy; 2019-2024 {post.site}. All rights reserved. | <a href="/privacy/">Privacy Policy</a></div></footer>
<div id="cookie-notice" class="cookie-notice-hidden"><span>We use cookies to make sure that you get the best experience on our website.</span><a>Ok</a><a>Privacy policy</a></div>
{filler_script("wpFooter", 80)}</body></html>"""


def _wix(post: Post) -> str:
    def wrap(kind: str, text: str) -> str:
        style = "font-size:24px" if kind == "heading" else "font-size:16px"
        tag = "h2" if kind == "heading" else "p"
        return (
            f'<{tag} class="_2PHJq public-DraftStyleDefault-ltr" dir="auto" id="viewer-x"><span class="B2EFF">'
            f'<span style="{style}">{text}</span></span></{tag}>'
        )

    menu = anchors(
        MENU,
        '<li class="_43WCi" data-testid="item"><div><a href="/{slug}" class="linkElement"><div class="JS76Uv"><p class="eLpfg">{name}</p></div></a></div></li>',
    )
    posts = "".join(
        f'<article class="blog-post-homepage-description"><a href="/post/{n}"><div class="post-title">{title}</div></a><div>{text[:60]}...</div>'
        f'<span>{n + 2} views</span><button aria-label="like">Like</button></article>'
        for n, (title, text) in enumerate(OTHERS[:3])
    )
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{post.title}</title><link rel="canonical" href="{post.canonical}">
<meta property="og:site_name" content="{post.site}"><meta property="og:type" content="article">{post.json_ld()}{filler_style("comp", 900)}{filler_script("viewer", 200)}</head>
<body class="responsive"><div id="SITE_CONTAINER"><div id="main_MF"><div id="SCROLL_TO_TOP"></div>
<header id="SITE_HEADER" class="xU8fqS"><div data-testid="columns"><div data-testid="richTextElement"><h6 class="font_6"><a href="/">{post.site}</a></h6></div>
<nav aria-label="Site"><ul>{menu}<li><div>More</div></li></ul></nav><button>Log In</button></div></header>
<main id="PAGES_CONTAINER"><div id="SITE_PAGES"><div class="blog-header"><nav><ul><li><a href="/blog">All Posts</a></li><li><a href="/blog/c/mood">Mood</a></li></ul></nav>
<input placeholder="Search"><a>Log in / Sign up</a></div>
<article class="blog-post-page-font"><div class="post-header"><ul><li><span title="{post.author}">{post.author}</span></li><li><span title="Mar 12, 2024">Mar 12, 2024</span></li>
<li><span>4 min read</span></li></ul><button aria-label="More Actions"></button></div><h1 class="post-title"><span>{post.title}</span></h1><p><span>Updated: Mar 14, 2024</span></p>
<section class="post-content__body"><div class="rich-content-viewer" data-rce-version="9">{post.body(wrap, "ol")}</div></section>
<div class="post-footer"><ul class="tags"><li><a href="/blog/tags/mood">mood</a></li></ul><div class="social"><button aria-label="Facebook"></button><button>Copy link</button></div>
<div><span>18 views</span><span>0 comments</span><button>Post not marked as liked</button></div></div></article>
<div class="recent-posts"><div><h4>Recent Posts</h4><a href="/blog">See All</a></div>{posts}</div>
<div class="comments"><h3>Comments</h3><div>Write a comment...</div></div></div></main>
<footer id="SITE_FOOTER"><div data-testid="richTextElement"><p class="font_8">{post.city} office: (555) 010-0112</p><p class="font_8">&copy;2023 by {post.site}. Proudly created with Wix.com</p></div></footer>
</div></div>{filler_script("wixWarmup", 400)}</body></html>"""


def _squarespace(post: Post) -> str:
    def wrap(kind: str, text: str) -> str:
        return f"<h3>{text}</h3>" if kind == "heading" else f'<p class="" style="white-space:pre-wrap;">{text}</p>'

    menu = anchors(MENU, '<div class="header-nav-item header-nav-item--collection"><a href="/{slug}">{name}</a></div>')
    return f"""<!doctype html><html lang="en-US"><head><meta charset="utf-8"><title>{post.title} &mdash; {post.site}</title><link rel="canonical" href="{post.canonical}">
<meta property="og:title" content="{post.title} &mdash; {post.site}"><meta property="og:type" content="article">{post.json_ld("Article")}{filler_style("sqs", 700)}{filler_script("Static", 150)}</head>
<body id="collection-5f" class="primary-button-style-solid view-item"><div id="siteWrapper" class="clearfix site-wrapper">
<div class="sqs-announcement-bar-dropzone"><div class="sqs-announcement-bar-text">Now welcoming patients in {post.city}!</div></div>
<header class="header theme-col--primary" data-test="header"><a href="#page" class="header-skip-link">Skip to Content</a>
<div class="header-title-text"><a href="/">{post.site}</a></div><div class="header-nav">{menu}</div><a class="btn" href="/book">Book Now</a>
<button class="header-burger-btn"><span>Open Menu</span><span>Close Menu</span></button><div class="header-menu"><nav>{menu}</nav></div></header>
<main id="page" class="container" role="main"><article class="sections" data-page-sections="x"><section class="page-section blog-item-section"><div class="content-wrapper"><div class="content">
<div class="blog-item-wrapper"><div class="blog-item-top-wrapper"><div class="blog-item-title"><h1 class="entry-title" data-content-field="title">{post.title}</h1></div>
<div class="blog-item-meta-wrapper"><div class="blog-meta-item"><a href="/blog/category/Depression">Depression</a></div><time class="dt-published" datetime="{post.published}">Mar 12</time>
<div class="blog-item-author">Written By <span>{post.author}</span></div></div></div>
<div class="blog-item-inner-wrapper"><div class="blog-item-content-wrapper"><div class="blog-item-content e-content"><div class="sqs-layout sqs-grid-12"><div class="row"><div class="col sqs-col-12">
<div class="sqs-block html-block"><div class="sqs-block-content">{post.body(wrap)}</div></div></div></div></div></div></div></div>
<div class="blog-item-share-wrapper"><a>Facebook</a><a>Twitter</a><a>LinkedIn</a><a>Pinterest</a><a>0 Likes</a></div>
<div class="blog-item-tags"><a href="/blog/tag/mood">mood</a></div>
<div class="blog-item-author-profile-wrapper"><div class="author-name">{post.author}</div></div>
<div class="blog-item-comments"><div class="squarespace-comments"><div class="comments-header"><span>Comments (0)</span><span>Newest First</span> <span>Oldest First</span></div>
<a>Preview</a> <a>Post Comment&hellip;</a></div></div></div></div></div></section>
<section class="item-pagination"><a class="item-pagination-link--prev" href="/blog/a"><div>Previous</div><h2 class="item-pagination-title">{OTHERS[0][0]}</h2></a>
<a class="item-pagination-link--next" href="/blog/b"><div>Next</div><h2 class="item-pagination-title">{OTHERS[1][0]}</h2></a></section></article></main>
<footer class="sections" id="footer-sections"><section class="page-section"><div class="sqs-block-content"><h4>{post.site}</h4><p>12 Linden Street<br>{post.city}</p>
<p><a href="mailto:hello@x.example">hello@x.example</a></p><p>&copy; 2024 {post.site}</p></div></section></footer></div>{filler_script("SquarespaceFooter", 200)}</body></html>"""


def _elementor(post: Post) -> str:
    def widget(kind: str, text: str, name: str) -> str:
        return f'<div class="elementor-element elementor-element-7a elementor-widget elementor-widget-{name}" data-widget_type="{name}.default"><div class="elementor-widget-container">{text}</div></div>'

    def wrap(kind: str, text: str) -> str:
        if kind == "heading":
            return widget(kind, f'<h3 class="elementor-heading-title elementor-size-default">{text}</h3>', "heading")
        return widget(kind, f"<p>{text}</p>", "text-editor")

    menu = anchors(MENU, '<li class="menu-item"><a href="/{slug}/" class="elementor-item">{name}</a></li>')
    section = '<section class="elementor-section elementor-top-section elementor-section-boxed"><div class="elementor-container"><div class="elementor-column elementor-col-100"><div class="elementor-widget-wrap elementor-element-populated">'
    end = "</div></div></div></section>"
    related = "".join(
        f'<article class="elementor-post elementor-grid-item"><h3 class="elementor-post__title"><a href="/p{n}/">{title}</a></h3><div class="elementor-post__excerpt"><p>{text}</p></div>'
        f'<a class="elementor-post__read-more" href="/p{n}/">Read More &raquo;</a></article>'
        for n, (title, text) in enumerate(OTHERS[:3])
    )
    return f"""<!DOCTYPE html><html lang="en-US"><head><meta charset="UTF-8"><title>{post.title} | {post.site}</title><link rel="canonical" href="{post.canonical}">
<meta property="og:type" content="article"><meta property="article:published_time" content="{post.published}">{filler_style("elementor", 1200)}{filler_script("elementor", 120)}</head>
<body class="single single-post elementor-default elementor-kit-6 elementor-page-991">
<div data-elementor-type="header" class="elementor elementor-22 elementor-location-header">{section}<div class="elementor-widget elementor-widget-theme-site-logo"><a href="/"><img alt="{post.site} logo"></a></div>
<div class="elementor-widget elementor-widget-nav-menu"><nav class="elementor-nav-menu--main"><ul>{menu}</ul></nav><div class="elementor-menu-toggle"><span>Menu</span></div>
<nav class="elementor-nav-menu--dropdown" aria-hidden="true"><ul>{menu}</ul></nav></div><div class="elementor-widget elementor-widget-button"><a class="elementor-button" href="/book/"><span>Schedule Now</span></a></div>{end}</div>
<div data-elementor-type="single-post" class="elementor elementor-31 elementor-location-single post-991 post type-post">{section}
<div class="elementor-widget elementor-widget-theme-post-title"><h1 class="elementor-heading-title">{post.title}</h1></div>
<div class="elementor-widget elementor-widget-post-info"><ul class="elementor-icon-list-items"><li><span class="elementor-post-info__item--type-author">{post.author}</span></li><li><span>March 12, 2024</span></li><li><span>No Comments</span></li></ul></div>{end}
{section}<div class="elementor-widget elementor-widget-theme-post-content">{post.body(wrap)}</div>
<div class="elementor-widget elementor-widget-heading"><h4 class="elementor-heading-title">Share Now :</h4></div>
<div class="elementor-widget elementor-widget-share-buttons"><div class="elementor-share-btn"><span>Facebook</span></div><div class="elementor-share-btn"><span>Twitter</span></div><div><span>LinkedIn</span></div></div>
<div class="elementor-widget elementor-widget-post-navigation"><a href="/a/"><span>Prev</span><span>{OTHERS[3][0]}</span></a><a href="/b/"><span>Next</span><span>{OTHERS[4][0]}</span></a></div>
<div class="elementor-widget elementor-widget-author-box"><h4>{post.author}</h4><div class="elementor-author-box__bio"><p>{post.author} writes for {post.site} about care, rest and recovery.</p></div></div>{end}
{section}<div class="elementor-widget elementor-widget-heading"><h2 class="elementor-heading-title">More to explore</h2></div><div class="elementor-posts-container elementor-posts elementor-grid">{related}</div>{end}</div>
<div data-elementor-type="footer" class="elementor elementor-54 elementor-location-footer">{section}<h5>Visit us</h5><p>12 Linden Street, {post.city}</p><p>(555) 010-0155</p>
<ul class="elementor-icon-list-items">{anchors(CONDITIONS)}</ul><p>{post.site} &copy; 2024. All Rights Reserved. Website by Bright Pixel Studio</p>{end}</div>
<div data-elementor-type="popup" class="elementor elementor-location-popup" style="display:none"><h2>Get our newsletter</h2><p>News about our clinic, once a month, no more.</p><form><button>Send</button></form></div>
{filler_script("elementorFrontend", 300)}</body></html>"""


def _hand_written(post: Post) -> str:
    def wrap(kind: str, text: str) -> str:
        return f"<b><font size=4>{text}</font></b><br><br>" if kind == "heading" else f"{text}<br><br>"

    menu = anchors(MENU, '<a href="/{slug}.html">{name}</a> | ')
    side = anchors(CONDITIONS, '&raquo; <a href="/{slug}.html">{name}</a><br>')
    return f"""<html><head><title>{post.site} - {post.title}</title><meta name="keywords" content="clinic, ketamine, {post.city}">
<link rel="canonical" href="{post.canonical}"></head><body bgcolor="#ffffff" link="navy"><center><table width="900" border="0" cellpadding="6"><tr><td colspan="2" bgcolor="#ddeeff">
<font size="6">{post.site}</font><br><i>serving {post.city} since 2004</i></td></tr><tr><td colspan="2" align="center">{menu}</td></tr>
<tr valign="top"><td width="180" bgcolor="#f4f4f4"><b>What we treat</b><br>{side}<hr><b>Call today</b><br>(555) 010-0177</td>
<td><h1>{post.title}</h1>{post.body(wrap)}<hr><a href="#top">Back to top</a></td></tr>
<tr><td colspan="2" align="center"><font size="1">Copyright 2008-2021 {post.site}. All rights reserved. Last updated: 03/12/2021. Best viewed at 1024x768.</font></td></tr></table></center>
<script>document.write('<img src="/count.gif">');</script></body></html>"""


PLATFORMS: dict[str, Callable[[Post], str]] = {
    "wordpress": _wordpress,
    "wix": _wix,
    "squarespace": _squarespace,
    "elementor": _elementor,
    "hand-written": _hand_written,
}
