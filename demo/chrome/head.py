"""What stands in the head of a page: title, description, Open Graph, JSON-LD, robots and rights."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING, Any

from demo.clock import iso_time
from demo.persona import site_slots
from pipelines.model.page_types import PageType

if TYPE_CHECKING:
    from demo.view import View

__all__ = ["full_title", "head_meta", "json_ld", "local_business"]


def full_title(view: View, mark: str) -> str:
    """Give the text of the title element: page and site."""
    return f"{view.content.title}{mark}{view.scene.site.name}"


def head_meta(view: View, mark: str) -> str:
    """Write the tags that a search engine reads."""
    site, content = view.scene.site, view.content
    kind = "article" if view.page.is_post() else "website"
    title, description = escape(full_title(view, mark)), escape(content.description)
    canonical = view.page.source if "credits" in view.page.flags else view.url
    tags = [
        f"<title>{title}</title>",
        f'<meta name="description" content="{description}" />',
        f'<link rel="canonical" href="{escape(canonical)}" />' if "canonical" in site.has else "",
        f'<link rel="alternate" type="application/rss+xml" title="Feed" href="{view.scene.base}/feed/" />'
        if "feed" in site.has
        else "",
        '<meta property="og:locale" content="en_US" />',
        f'<meta property="og:type" content="{kind}" />',
        f'<meta property="og:title" content="{escape(content.title)}" />',
        f'<meta property="og:description" content="{description}" />',
        f'<meta property="og:url" content="{escape(view.url)}" />',
        f'<meta property="og:site_name" content="{escape(site.name)}" />',
        *_article_times(view),
        *_reservations(view),
        '<meta name="twitter:card" content="summary_large_image" />',
    ]
    return "\n".join(filter(None, tags)) + "\n"


def _article_times(view: View) -> list[str]:
    if not view.page.is_post() or view.scene.site.platform == "handmade":
        return []
    content = view.content
    return [
        f'<meta property="article:published_time" content="{iso_time(content.published)}" />',
        f'<meta property="article:modified_time" content="{iso_time(content.modified)}" />',
        f'<meta name="author" content="{escape(content.author)}" />',
    ]


def _reservations(view: View) -> list[str]:
    robots = "noindex, nofollow" if "noindex" in view.page.flags else "index, follow, max-image-preview:large"
    tdm = ['<meta name="tdm-reservation" content="1" />'] if "tdm" in view.scene.site.has else []
    return [f'<meta name="robots" content="{robots}" />', *tdm]


def local_business(view: View) -> dict[str, Any]:
    """Describe the clinic for a search engine."""
    site = view.scene.site
    slots = site_slots(site)
    return {
        "@type": "MedicalClinic" if len(site.name) % 2 else "LocalBusiness",
        "@id": f"{view.scene.base}/#organization",
        "name": site.name,
        "url": f"{view.scene.base}/",
        "telephone": slots["phone"],
        "address": {
            "@type": "PostalAddress",
            "streetAddress": f"{slots['number']} {slots['street']}",
            "addressLocality": site.city,
            "addressRegion": site.state,
            "postalCode": slots["zip"],
            "addressCountry": "US",
        },
        "openingHours": "Mo-Th 08:30-17:00",
        "priceRange": "$$$",
    }


def json_ld(view: View) -> str:
    """Write the page as a JSON-LD graph, in the way of the common plugins for search engines."""
    graph = [_web_page(view), local_business(view), _crumbs(view)]
    if view.page.is_post():
        graph.append(_posting(view))
    questions = [block.text for block in view.content.blocks if block.kind == "q"]
    if view.page.kind is PageType.FAQ and questions:
        answers = [block.text for block in view.content.blocks if block.kind == "a"]
        graph.append(_faq(view, list(zip(questions, answers, strict=True))))
    document = {"@context": "https://schema.org", "@graph": graph}
    return f'<script type="application/ld+json" class="schema-graph">{json.dumps(document)}</script>\n'


def _web_page(view: View) -> dict[str, Any]:
    return {
        "@type": "WebPage",
        "@id": view.url,
        "url": view.url,
        "name": view.content.title,
        "isPartOf": {"@id": f"{view.scene.base}/#website"},
        "datePublished": iso_time(view.content.published),
        "dateModified": iso_time(view.content.modified),
        "description": view.content.description,
        "inLanguage": "en-US",
    }


def _crumbs(view: View) -> dict[str, Any]:
    items = [("Home", f"{view.scene.base}/"), (view.content.title, view.url)]
    return {
        "@type": "BreadcrumbList",
        "@id": f"{view.url}#breadcrumb",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": url}
            for place, (name, url) in enumerate(items, 1)
        ],
    }


def _posting(view: View) -> dict[str, Any]:
    return {
        "@type": "BlogPosting",
        "@id": f"{view.url}#article",
        "headline": view.content.title,
        "author": {"@type": "Person", "name": view.content.author},
        "datePublished": iso_time(view.content.published),
        "dateModified": iso_time(view.content.modified),
        "wordCount": view.content.words(),
        "publisher": {"@id": f"{view.scene.base}/#organization"},
        "mainEntityOfPage": {"@id": view.url},
    }


def _faq(view: View, pairs: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "@type": "FAQPage",
        "@id": f"{view.url}#faq",
        "mainEntity": [
            {"@type": "Question", "name": question, "acceptedAnswer": {"@type": "Answer", "text": answer}}
            for question, answer in pairs
        ],
    }
